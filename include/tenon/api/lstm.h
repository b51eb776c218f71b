/* api/lstm.h - long short-term memory, one layer, one direction. Gates stand in Keras' order i, f, c, o. */

typedef struct tn_lstm_params {
    int32_t reverse;      /* from the last step to the first; y keeps the order of x */
    int32_t hard_sigmoid; /* gates by TN_HARD_SIGMOID instead of TN_SIGMOID */
    int32_t flags;        /* TN_ACCUMULATE in the backward call */
} tn_lstm_params;

/* z = x_t w + h u + b;  i, f, o = sigmoid(z_i), sigmoid(z_f), sigmoid(z_o);  c = f c + i tanh(z_c);
 * h = o tanh(c)   (Hochreiter, Gers)
 *
 * x[N,T,F] w[F,4U] u[U,4U] b[4U] or NULL; y[N,T,U] every step, or y[N,U] the last one; h0, c0, hn, cn [N,U] or NULL
 * (zeros, not wanted). hn, cn may be h0, c0 (streaming with T = 1); nothing else may overlap. reserve: NULL, or what
 * tn_lstm_shape says, kept for tn_lstm_backward. */
TENON_API tn_status tn_lstm(tn_context *ctx, const tn_tensor *y, const tn_tensor *hn, const tn_tensor *cn,
                            const tn_tensor *reserve, const tn_tensor *x, const tn_tensor *w, const tn_tensor *u,
                            const tn_tensor *b, const tn_tensor *h0, const tn_tensor *c0, const tn_lstm_params *p);

/* Fills y's shape ([N,T,U] with sequences, else [N,U]) and, where reserve is not NULL, its length: f32, rank 1. */
TENON_API tn_status tn_lstm_shape(tn_context *ctx, tn_tensor *y, tn_tensor *reserve, const tn_tensor *x,
                                  const tn_tensor *u, int32_t sequences, const tn_lstm_params *p);

/* Through time. dy[N,T,U] or [N,U] or NULL; dhn, dcn: gradients of hn, cn, NULL: zeros. Outputs NULL: not wanted. */
TENON_API tn_status tn_lstm_backward(tn_context *ctx, const tn_tensor *dx, const tn_tensor *dw, const tn_tensor *du,
                                     const tn_tensor *db, const tn_tensor *dh0, const tn_tensor *dc0,
                                     const tn_tensor *dy, const tn_tensor *dhn, const tn_tensor *dcn,
                                     const tn_tensor *reserve, const tn_tensor *x, const tn_tensor *w,
                                     const tn_tensor *u, const tn_tensor *h0, const tn_tensor *c0,
                                     const tn_lstm_params *p);

/* packed_w and packed_u after the pattern of tn_dense_pack, both in one memory. */
TENON_API tn_status tn_lstm_pack(tn_context *ctx, tn_tensor *packed_w, tn_tensor *packed_u, void *memory, size_t size,
                                 const tn_tensor *w, const tn_tensor *u, const tn_lstm_params *p);

/* PyTorch's weights (w_ih[4U,F], w_hh[4U,U], two biases that add, each or both NULL; gates i, f, g, o) and ONNX's of
 * one direction (W[4U,F], R[4U,U], B[8U] or NULL; gates i, o, f, c) as w, u, b. */
TENON_API tn_status tn_lstm_from_torch(tn_context *ctx, const tn_tensor *w, const tn_tensor *u, const tn_tensor *b,
                                       const tn_tensor *w_ih, const tn_tensor *w_hh, const tn_tensor *b_ih,
                                       const tn_tensor *b_hh);
TENON_API tn_status tn_lstm_from_onnx(tn_context *ctx, const tn_tensor *w, const tn_tensor *u, const tn_tensor *b,
                                      const tn_tensor *W, const tn_tensor *R, const tn_tensor *B);
