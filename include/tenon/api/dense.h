/* api/dense.h - dense layers and matrix products. A sum starts from the bias, or +0, and runs over the inputs in order,
 * one fused multiply-add each; then activation. */

/* Flags of dense, convolution and LSTM calls. */
enum {
    TN_CONV_EXACT = 1,  /* no Winograd: NaN and infinity reach only the outputs that depend on them */
    TN_ACCUMULATE = 2,  /* the finished gradient sums are added to dw, db (du), once, at the end */
    TN_PER_POSITION = 4 /* dense over rank 4 and more; rank 3 [N,T,F] needs no flag */
};

typedef struct tn_dense_params {
    int32_t activation, flags;
    float alpha; /* 0: the activation's default */
} tn_dense_params;

/* y[n,o] = f(b[o] + sum over i of x[n,i] w[i,o])
 *
 * x[N,I] or x[N,T,I], more axes with TN_PER_POSITION, y the same with O last; w[I,O], or w[O,I] named TN_OI
 * (PyTorch's), or packed; b[O] or NULL. y must not overlap an input. No workspace. N = 0 does nothing.
 * p->activation is fused (not TN_SOFTMAX). TN_E_DENSE_SPATIAL: x has more than three axes, or is named
 * NHWC / NCHW, without the flag. */
TENON_API tn_status tn_dense(tn_context *ctx, const tn_tensor *y, const tn_tensor *x, const tn_tensor *w,
                             const tn_tensor *b, const tn_dense_params *p);

/* Fills y's rank, dims and axes (and dtype; data is left alone) from x and w. */
TENON_API tn_status tn_dense_shape(tn_context *ctx, tn_tensor *y, const tn_tensor *x, const tn_tensor *w,
                                   const tn_dense_params *p);

/* dx[n,i] = sum over o of dy[n,o] w[i,o]     dw[i,o] = sum over n of x[n,i] dy[n,o]     db[o] = sum over n of dy[n,o]
 *
 * Any of dx, dw, db may be NULL: not wanted; x may be NULL without dw, w without dx (w is then not read; without dw and
 * dx pass either to say the shape). dw has w's shape and order of axes. w must not be packed. dy is the gradient before
 * the activation: an activation in p is TN_E_ARG, call tn_activation_backward first. Outputs must not overlap anything.
 * N = 0 writes zeros to dw, db unless TN_ACCUMULATE. */
TENON_API tn_status tn_dense_backward(tn_context *ctx, const tn_tensor *dx, const tn_tensor *dw, const tn_tensor *db,
                                      const tn_tensor *dy, const tn_tensor *x, const tn_tensor *w,
                                      const tn_dense_params *p);

/* Rearranges w once for many calls: packed becomes a view of memory with w's dims and TN_PACKED, to be passed as w. A
 * query sets need to the bytes; fewer are TN_E_MEMORY. The format is this library's and the running instruction set's
 * own, with a small header; not for storing. x_shape's N is ignored; it may be NULL. A call whose plan or instruction
 * set differs is TN_E_WEIGHTS (packed-for-another-plan). Same bits either way. */
TENON_API tn_status tn_dense_pack(tn_context *ctx, tn_tensor *packed, void *memory, size_t size, const tn_tensor *w,
                                  const tn_tensor *x_shape, const tn_dense_params *p);

typedef struct tn_gemm_params {
    int32_t trans_a, trans_b, set; /* set 0: alpha and beta are 1 */
    float alpha, beta;
} tn_gemm_params;

/* y = alpha op(a) op(b) + beta c, op being the transpose where asked for.   (BLAS gemm, ONNX Gemm)
 *
 * y[N,O], op(a)[N,K], op(b)[K,O]; c NULL, [O], [1,O], [N,1], [1], rank 0 or [N,O]. All rank 2, names are not looked at.
 * y must not overlap a or b; y may be c when c is [N,O]. No workspace. */
TENON_API tn_status tn_gemm(tn_context *ctx, const tn_tensor *y, const tn_tensor *a, const tn_tensor *b,
                            const tn_tensor *c, const tn_gemm_params *p);
