/* expect: `in`: every size must be at least 1, and their product below 2^31 */
/* field: chain_sizes */
#ifdef TWIN
#define IT 32
#else
#define IT 0
#endif
TN_CHAIN_INPUT(in, 32, IT, 3);
void f(void);
void f(void) {}
