/* expect: C of `filt` must equal C of `img` (axis 2 of `filt`) */
/* numbers: 15 16 */
/* field: depthwise_channels */
#ifdef TWIN
#define IT 16
#else
#define IT 15
#endif
static float act[8][30][30][32], img[8][32][32][IT], filt[3][3][16][2], bias[32];
void f(void);
void f(void)
{
    TN_DEPTHWISE_SHAPES(act, img, filt, bias, 1, 1, 1, 1, TN_VALID);
}
