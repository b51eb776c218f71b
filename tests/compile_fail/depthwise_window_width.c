/* expect: the width of the window, (KW - 1) dilation + 1, must not exceed W of `img` plus its padding */
/* numbers: 3 4 */
/* field: depthwise_window_width */
#ifdef TWIN
#define IT 3
#else
#define IT 4
#endif
static float act[1][1][1][3], img[1][3][3][3], filt[3][IT][3][1];
void f(void);
void f(void)
{
    TN_DEPTHWISE_SHAPES(act, img, filt, TN_NO_BIAS, 1, 1, 1, 1, TN_VALID);
}
