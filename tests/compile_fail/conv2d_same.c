/* expect: H of `act` must be (H + padding */
/* numbers: 16 15 */
/* field: conv2d_height */
#ifdef TWIN
#define IT 16
#else
#define IT 15
#endif
static float img[8][32][32][4], filt[3][3][4][16], act[8][IT][16][16], bias[16];
void f(void);
void f(void)
{
    TN_CONV2D_SHAPES(act, img, filt, bias, 2, 2, 1, 1, 1, TN_SAME);
}
