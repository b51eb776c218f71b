/* expect: sizes must be at least 1, strides and dilations not negative */
/* field: chain_arguments */
#ifdef TWIN
#define IT 1
#else
#define IT -1
#endif
void f(void);
void f(void)
{
    TN_CHAIN_INPUT(in, 32, 32, 3);
    TN_CHAIN_CONV2D(c1, in, 8, 3, 3, IT, TN_VALID);
    (void)c1_H;
}
