/* api/activation.h - element by element functions, softmax. */

/* kind: formula (default alpha, beta)                                    the gradient needs
 *   TN_LINEAR            x                                               neither
 *   TN_RELU              max(x, 0)                                       x or y
 *   TN_RELU6             min(max(x, 0), 6)                               x or y
 *   TN_LEAKY_RELU        x > 0 ? x : alpha x (0.2)                       x
 *   TN_ELU               x > 0 ? x : alpha (exp x - 1) (1)               x
 *   TN_SELU              beta (x > 0 ? x : alpha (exp x - 1)) (1.67326324, 1.05070099; ONNX calls beta gamma)     x
 *   TN_CELU              x > 0 ? x : alpha (exp(x / alpha) - 1) (1)      x
 *   TN_SIGMOID           1 / (1 + exp -x)                                y
 *   TN_HARD_SIGMOID      min(max(alpha x + beta, 0), 1) (1/6, 1/2)       x       Keras 3, PyTorch
 *   TN_HARD_SIGMOID_ONNX the same (0.2, 1/2)                             x       ONNX, Keras 1 and 2
 *   TN_TANH              tanh x                                          y
 *   TN_SOFTPLUS          log(1 + exp x)                                  x
 *   TN_SOFTSIGN          x / (1 + |x|)                                   x
 *   TN_SILU              x / (1 + exp -x)                                x       also called swish
 *   TN_HARD_SWISH        x min(max(x / 6 + 1/2, 0), 1)                   x
 *   TN_GELU              x/2 (1 + erf(x / sqrt 2))                       x
 *   TN_GELU_TANH         x/2 (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3))) x
 *   TN_MISH              x tanh(log(1 + exp x))                          x
 *   TN_EXP               exp x                                           y
 * TN_SOFTMAX is a layer's activation only; as a fused or elementwise one it is TN_E_ARG: call tn_softmax.
 * At a kink the gradient is PyTorch's: 0 for relu at 0, relu6 at 6 and hard_sigmoid at both ends, 1 for hard_swish at
 * 3, else that of the left side. NaN stays NaN everywhere. */
enum {
    TN_LINEAR, TN_RELU, TN_RELU6, TN_LEAKY_RELU, TN_ELU, TN_SELU, TN_CELU, TN_SIGMOID, TN_HARD_SIGMOID,
    TN_HARD_SIGMOID_ONNX, TN_TANH, TN_SOFTPLUS, TN_SOFTSIGN, TN_SILU, TN_HARD_SWISH, TN_GELU, TN_GELU_TANH, TN_MISH,
    TN_EXP, TN_SOFTMAX
};

typedef struct tn_activation_params {
    int32_t kind;
    float alpha, beta; /* 0: the kind's default */
} tn_activation_params;

/* y = f(x), any rank, shapes equal; y may be x, else they must not overlap. */
TENON_API tn_status tn_activation(tn_context *ctx, const tn_tensor *y, const tn_tensor *x,
                                  const tn_activation_params *p);

/* dx = dy f'(x). x and y are those of tn_activation; the one the table does not ask for may be NULL. dx may be dy. */
TENON_API tn_status tn_activation_backward(tn_context *ctx, const tn_tensor *dx, const tn_tensor *dy,
                                           const tn_tensor *x, const tn_tensor *y, const tn_activation_params *p);

/* Along one axis (negative: counted from the last, -1): y = exp(x - max) / sum exp(x - max); log_softmax:
 * y = x - max - log sum exp(x - max). y may be x. A row of -inf alone is NaN, as is a row with +inf or NaN in it. */
TENON_API tn_status tn_softmax(tn_context *ctx, const tn_tensor *y, const tn_tensor *x, int32_t axis);
TENON_API tn_status tn_log_softmax(tn_context *ctx, const tn_tensor *y, const tn_tensor *x, int32_t axis);

/* y is the forward result. softmax: dx = y (dy - sum dy y); log_softmax: dx = dy - exp(y) sum dy. dx may be dy. */
TENON_API tn_status tn_softmax_backward(tn_context *ctx, const tn_tensor *dx, const tn_tensor *dy, const tn_tensor *y,
                                        int32_t axis);
TENON_API tn_status tn_log_softmax_backward(tn_context *ctx, const tn_tensor *dx, const tn_tensor *dy,
                                            const tn_tensor *y, int32_t axis);
