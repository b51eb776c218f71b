/* expect: O of `bias` must equal O of `filt` (axis 0 of `bias`) */
/* numbers: 16 4 */
/* field: conv2d_bias */
#ifdef TWIN
#define IT 16
#else
#define IT 4
#endif
static float img[8][32][32][4], filt[3][3][4][16], act[8][30][30][16], bias[IT];
void f(void);
void f(void)
{
    TN_CONV2D_SHAPES(act, img, filt, bias, 1, 1, 1, 1, 1, TN_VALID);
}
