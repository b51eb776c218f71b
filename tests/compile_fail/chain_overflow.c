/* expect: `in`: every size must be at least 1, and their product below 2^31 */
/* field: chain_sizes */
#ifdef TWIN
#define IT 2
#else
#define IT 3
#endif
TN_CHAIN_INPUT(in, 32768, 32767, IT);
void f(void);
void f(void) {}
