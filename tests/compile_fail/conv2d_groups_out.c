/* expect: O of `filt` must be a multiple of groups (axis 3 of `filt`) */
/* numbers: 14 15 */
/* field: conv2d_groups_out */
#ifdef TWIN
#define IT 16
#else
#define IT 15
#endif
static float img[8][32][32][4], filt[3][3][2][IT], act[8][30][30][16];
void f(void);
void f(void)
{
    TN_CONV2D_SHAPES(act, img, filt, TN_NO_BIAS, 1, 1, 1, 1, 2, TN_VALID);
}
