/* expect: strides and dilations not negative */
/* field: conv2d_arguments */
#ifdef TWIN
#define IT 1
#else
#define IT -1
#endif
static float img[8][32][32][4], filt[3][3][4][16], act[8][30][30][16], bias[16];
void f(void);
void f(void)
{
    TN_CONV2D_SHAPES(act, img, filt, bias, IT, 1, 1, 1, 1, TN_VALID);
}
