/* expect: I of `filt` must equal C of `img` divided by groups (axis 2 of `filt`) */
/* numbers: 4 3 */
/* field: conv2d_channels */
#ifdef TWIN
#define IT 4
#else
#define IT 3
#endif
static float img[8][32][32][4], filt[3][3][IT][16], act[8][30][30][16], bias[16];
void f(void);
void f(void)
{
    TN_CONV2D_SHAPES(act, img, filt, bias, 1, 1, 1, 1, 1, TN_VALID);
}
