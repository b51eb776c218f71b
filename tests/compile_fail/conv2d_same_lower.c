/* expect: W of `act` must be (W + padding */
/* numbers: 11 10 */
/* field: conv2d_width */
#ifdef TWIN
#define IT 11
#else
#define IT 10
#endif
static float img[8][32][32][4], filt[3][3][4][16], act[8][11][IT][16], bias[16];
void f(void);
void f(void)
{
    TN_CONV2D_SHAPES(act, img, filt, bias, 3, 3, 1, 1, 1, TN_SAME_LOWER);
}
