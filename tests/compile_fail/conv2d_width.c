/* expect: W of `act` must be (W + padding - (KW - 1) dilation - 1) / stride + 1, with TN_SAME ceil(W / stride), of `img` (axis 2 of `act`) */
/* numbers: 30 29 */
/* field: conv2d_width */
#ifdef TWIN
#define IT 30
#else
#define IT 29
#endif
static float img[8][32][32][4], filt[3][3][4][16], act[8][30][IT][16], bias[16];
void f(void);
void f(void)
{
    TN_CONV2D_SHAPES(act, img, filt, bias, 1, 1, 1, 1, 1, TN_VALID);
}
