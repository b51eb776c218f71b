/* impl/table.h - the list of kernels: the one place that names them all. Fields, initialisers and
 * tests come from it. */

#define TNI_SOFTMAX_SHORT 32   /* kernel/softmax.h: columns of a short row; a block of inner positions */
#define TNI_SOFTMAX_COLUMNS 64

enum { TNI_ADD, TNI_SUBTRACT, TNI_MULTIPLY };
typedef struct tni_tap { /* where a resize reads: at, and by the weight, from 0 to below 1, at + 1 */
    int32_t at;
    float weight;
} tni_tap;

/* gemm: rows n0 .. n1-1 and columns o0 .. o1-1 of what impl/gemm.h describes. */
#define TNI_KERNELS(X) \
    X(loss_elements, double, (const tni_loss *g, size_t first, size_t last)) \
    X(loss_rows, double, (const tni_loss *g, size_t first, size_t last)) \
    X(update, void, (const tni_update *u, size_t first, size_t last)) \
    X(activation, void, (float *y, const float *x, size_t n, int32_t kind, float alpha, float beta)) \
    X(activation_backward, void, \
      (float *dx, const float *dy, const float *from, size_t n, int32_t kind, float alpha, float beta)) \
    X(softmax, void, \
      (float *out, const float *in, const float *y, size_t K, size_t inner, size_t u0, size_t u1, int log)) \
    X(random, void, (float *y, size_t n, const tni_draw *d, uint64_t first)) \
    X(dropout, void, (float *y, const float *x, size_t n, const tni_draw *d, uint64_t first, float rate)) \
    X(transpose, void, (float *y, size_t y_step, const float *x, size_t x_step, size_t rows, size_t cols)) \
    X(scale, void, (float *y, const float *x, size_t n, float scale, float offset)) \
    X(scale_u8, void, (float *y, const uint8_t *x, size_t n, float scale, float offset)) \
    X(pool_max, void, (float *y, int32_t *index, const float *x, const tni_taps *t)) \
    X(pool_sum, void, (float *y, const float *x, const tni_taps *t)) \
    X(pool_spread, void, (float *dx, const float *dy, const tni_taps *t)) \
    X(argmax_row, size_t, (const float *x, size_t n)) \
    X(gemm, void, (const tni_gemm *g, size_t n0, size_t n1, size_t o0, size_t o1)) \
    X(gemm_pack, void, (float *packed, const float *b, size_t K, size_t O, size_t k_step, size_t o_step)) \
    X(column_sums, void, (float *sums, const float *x, size_t N, size_t O, int accumulate)) \
    X(correlate, void, (const tni_correlation *c, size_t line0, size_t line1, size_t column0, size_t column1)) \
    X(correlate_pack, void, \
      (float *packed, const float *w, const tni_correlation *c, size_t panel0, size_t panel1)) \
    X(correlate_weights, void, \
      (const tni_correlation *c, size_t tap, size_t column0, size_t column1, int accumulate)) \
    X(arithmetic, void, (float *y, const float *a, const float *b, size_t n, int op)) \
    X(normalize, void, (float *y, const float *x, const float *mean, const float *deviation, size_t n, float scale)) \
    X(gray, void, (float *y, const float *r, const float *g, const float *b, size_t n)) \
    X(resize, void, (float *y, const float *upper, const float *lower, float weight, const tni_tap *tap, \
                     size_t columns, size_t C)) \
    X(lstm, void, (const tni_lstm_layer *l, size_t n0, size_t n1)) \
    X(lstm_backward, void, (const tni_lstm_gradients *d, size_t n0, size_t n1)) \
    X(batch_norm, void, (const tni_batch_norm *g, size_t p0, size_t p1)) \
    X(batch_norm_train, void, (const tni_batch_norm *g, size_t c0, size_t cols)) \
    X(batch_norm_backward, void, (const tni_batch_norm *g, size_t c0, size_t cols)) \
    X(layer_norm, void, (const tni_layer_norm *g, size_t r0, size_t r1)) \
    X(layer_norm_rows, void, (const tni_layer_norm *g, size_t r0, size_t r1)) \
    X(layer_norm_columns, void, (const tni_layer_norm *g, size_t k0, size_t k1))

typedef struct tni_table {
    int32_t isa;
    uint32_t panel; /* columns of a packed panel */
#define TNI_FIELD(name, ret, args) ret (*name) args;
    TNI_KERNELS(TNI_FIELD)
#undef TNI_FIELD
} tni_table;
