/* impl/table.h - the list of kernels: the one place that names them all. Fields, initialisers and tests come from it. */

/* gemm: rows n0 .. n1-1 and columns o0 .. o1-1 of what impl/gemm.h describes. map: y[i] = function f of x[i]. */
#define TNI_KERNELS(X)                                                                                \
    X(gemm, void, (const tni_gemm *g, size_t n0, size_t n1, size_t o0, size_t o1))                    \
    X(gemm_pack, void, (float *packed, const float *b, size_t K, size_t O, size_t k_step, size_t o_step)) \
    X(column_sums, void, (float *sums, const float *x, size_t N, size_t O, int accumulate))

typedef struct tni_table {
    int32_t isa;
    uint32_t panel; /* columns of a packed panel */
#define TNI_FIELD(name, ret, args) ret (*name) args;
    TNI_KERNELS(TNI_FIELD)
#undef TNI_FIELD
} tni_table;
