/* expect: W of `act` must be */
/* numbers: 33 32 */
/* field: conv2d_width */
#ifdef TWIN
#define IT 0
#else
#define IT 1
#endif
static float img[8][32][32][4], filt[3][3][4][16], act[8][31][32][16], bias[16];
void f(void);
void f(void)
{
    TN_CONV2D_SHAPES(act, img, filt, bias, 1, 1, 1, 1, 1, TN_PAD(1, 0, 2, IT));
}
