/* expect: `d`: every size must be at least 1 */
/* field: chain_sizes */
#ifdef TWIN
#define IT 1
#else
#define IT 0
#endif
TN_CHAIN_INPUT_F(in, 784);
TN_CHAIN_DENSE(d, in, IT);
void f(void);
void f(void) {}
