/* expect: the width of the window, (KW - 1) dilation + 1, must not exceed W of `in` plus its padding */
/* numbers: 9 10 */
/* field: chain_window_width */
#ifdef TWIN
#define IT 9
#else
#define IT 10
#endif
TN_CHAIN_INPUT(in, 4, 9, 1);
TN_CHAIN_POOL2D(p1, in, 2, IT);
void f(void);
void f(void) {}
