/* impl/math_list.h - the functions of one variable in vec/math.h that are kernels too: fields of the table,
 * kernel/math.h, tests/ulp.c. */
#define TNI_MATH(X)                                          \
    X(exp, void, (float *y, const float *x, size_t n))       \
    X(exp_neg, void, (float *y, const float *x, size_t n))   \
    X(expm1, void, (float *y, const float *x, size_t n))     \
    X(log, void, (float *y, const float *x, size_t n))       \
    X(log1p, void, (float *y, const float *x, size_t n))     \
    X(tanh, void, (float *y, const float *x, size_t n))      \
    X(sigmoid, void, (float *y, const float *x, size_t n))   \
    X(softplus, void, (float *y, const float *x, size_t n))  \
    X(erf, void, (float *y, const float *x, size_t n))
