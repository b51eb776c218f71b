/* expect: padding must be TN_VALID, TN_SAME, TN_SAME_LOWER, TN_CAUSAL or four lengths of 0 to 32767 */
/* field: conv2d_padding */
#ifdef TWIN
#define IT 0
#else
#define IT -1
#endif
static float img[8][32][32][4], filt[3][3][4][16], act[8][30][30][16], bias[16];
void f(void);
void f(void)
{
    TN_CONV2D_SHAPES(act, img, filt, bias, 1, 1, 1, 1, 1, TN_PAD(IT, 0, 0, 0));
}
