/* expect: the width of the window, (KW - 1) dilation + 1, must not exceed W of `img` plus its padding */
/* numbers: 9 13 */
/* field: conv2d_window_width */
#ifdef TWIN
#define IT 1
#else
#define IT 3
#endif
static float img[1][4][9][3], filt[4][5][3][2], act[1][1][3][2];
void f(void);
void f(void)
{
    TN_CONV2D_SHAPES(act, img, filt, TN_NO_BIAS, 2, 2, 1, IT, 1, TN_VALID);
}
