/* expect: C of `img` must be a multiple of groups (axis 3 of `img`) */
/* numbers: 4 5 */
/* field: conv2d_groups_in */
#ifdef TWIN
#define IT 4
#else
#define IT 5
#endif
static float img[8][32][32][IT], filt[3][3][2][16], act[8][30][30][16], bias[16];
void f(void);
void f(void)
{
    TN_CONV2D_SHAPES(act, img, filt, bias, 1, 1, 1, 1, 2, TN_VALID);
}
