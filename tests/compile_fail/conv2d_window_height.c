/* expect: the height of the window, (KH - 1) dilation + 1, must not exceed H of `img` plus its padding */
/* numbers: 4 5 */
/* field: conv2d_window_height */
#ifdef TWIN
#define IT 4
#else
#define IT 5
#endif
static float img[1][4][9][3], filt[IT][5][3][2], act[1][1][3][2];
void f(void);
void f(void)
{
    TN_CONV2D_SHAPES(act, img, filt, TN_NO_BIAS, 2, 2, 1, 1, 1, TN_VALID);
}
