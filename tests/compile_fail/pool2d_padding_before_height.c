/* expect: a window must not lie wholly in the padding before `act` */
/* numbers: 2 3 */
/* field: pool2d_padding_before_height */
#ifdef TWIN
#define IT 1
#else
#define IT 2
#endif
static float y[8][16][15][16], act[8][30][30][16];
void f(void);
void f(void)
{
    TN_POOL2D_SHAPES(y, act, 2, 2, 2, 2, TN_PAD(IT, 1, 0, 0));
}
