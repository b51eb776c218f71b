/* expect: a window must not lie wholly in the padding behind `act` */
/* numbers: 30 31 */
/* field: pool2d_padding_after_width */
#ifdef TWIN
#define IT 1
#else
#define IT 2
#endif
static float y[8][15][15][16], act[8][30][30][16];
void f(void);
void f(void)
{
    TN_POOL2D_SHAPES(y, act, 2, 2, 2, 2, TN_PAD(0, 0, 0, IT));
}
