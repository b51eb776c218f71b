/* expect: C of `act` must equal O of `filt` (axis 3 of `act`) */
/* numbers: 16 17 */
/* field: conv2d_filters */
#ifdef TWIN
#define IT 16
#else
#define IT 17
#endif
static float img[8][32][32][4], filt[3][3][4][16], act[8][30][30][IT], bias[16];
void f(void);
void f(void)
{
    TN_CONV2D_SHAPES(act, img, filt, bias, 1, 1, 1, 1, 1, TN_VALID);
}
