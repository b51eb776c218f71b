/* expect: the height of the window, (KH - 1) dilation + 1, must not exceed H of `p1` plus its padding */
/* numbers: 2 3 */
/* field: chain_window_height */
#ifdef TWIN
#define IT 2
#else
#define IT 3
#endif
TN_CHAIN_INPUT(in, 4, 9, 1);
TN_CHAIN_POOL2D(p1, in, 2, 2);
TN_CHAIN_CONV2D(c1, p1, 8, IT, 3, 2, TN_VALID);
void f(void);
void f(void) {}
