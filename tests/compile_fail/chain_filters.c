/* expect: `c1`: every size must be at least 1 */
/* field: chain_sizes */
#ifdef TWIN
#define IT 8
#else
#define IT -8
#endif
TN_CHAIN_INPUT(in, 32, 32, 3);
TN_CHAIN_CONV2D(c1, in, IT, 3, 3, 1, TN_SAME);
void f(void);
void f(void) {}
