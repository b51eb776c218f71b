/* expect: I of `filt` must equal C of `img` divided by groups */
/* numbers: 2 4 */
/* field: conv2d_channels */
#ifdef TWIN
#define IT 1
#else
#define IT 2
#endif
static float img[8][32][32][4], filt[3][3][4][16], act[8][30][30][16], bias[16];
void f(void);
void f(void)
{
    TN_CONV2D_SHAPES(act, img, filt, bias, 1, 1, 1, 1, IT, TN_VALID);
}
