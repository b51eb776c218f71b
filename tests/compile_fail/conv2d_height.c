/* expect: H of `act` must be (H + padding - (KH - 1) dilation - 1) / stride + 1, with TN_SAME ceil(H / stride), of `img` (axis 1 of `act`) */
/* numbers: 30 32 */
/* field: conv2d_height */
#ifdef TWIN
#define IT 30
#else
#define IT 32
#endif
static float img[8][32][32][4], filt[3][3][4][16], act[8][IT][30][16], bias[16];
void f(void);
void f(void)
{
    TN_CONV2D_SHAPES(act, img, filt, bias, 1, 1, 1, 1, 1, TN_VALID);
}
