/* api/loss.h - losses with their gradients, and the optimisers. */

/* kind                              x                          target
 *   TN_SPARSE_CATEGORICAL_CROSSENTROPY  [N,...,K] by p->from   class indices [N,...] or [N,...,1]: u8, i32, i64 or
 *                                                              whole f32
 *   TN_CATEGORICAL_CROSSENTROPY         [N,...,K] by p->from   f32 rows [N,...,K], each a distribution
 *   TN_BINARY_CROSSENTROPY              any, by p->from        f32 (or u8, i32, i64: 0 and 1) of x's shape
 *   TN_MEAN_SQUARED_ERROR               any                    f32 of x's shape: (x - t)^2
 *   TN_MEAN_ABSOLUTE_ERROR              any                    |x - t|, gradient 0 where equal
 *   TN_HUBER                            any                    |x - t| <= delta ? (x - t)^2 / 2
 *                                                              : delta (|x - t| - delta / 2)
 * Losses never broadcast; only (N,) and (N,1) are the same. */
enum {
    TN_SPARSE_CATEGORICAL_CROSSENTROPY, TN_CATEGORICAL_CROSSENTROPY, TN_BINARY_CROSSENTROPY, TN_MEAN_SQUARED_ERROR,
    TN_MEAN_ABSOLUTE_ERROR, TN_HUBER
};
enum { TN_MEAN, TN_SUM, TN_NONE }; /* a mean with weights divides by their sum, and is NaN where that is 0 */
enum { TN_PROBABILITIES, TN_LOGITS, TN_LOG_PROBABILITIES };

typedef struct tn_loss_params {
    int32_t from; /* cross-entropies: what x holds; TN_LOG_PROBABILITIES not with binary */
    int32_t reduction, use_ignore_index;
    int64_t ignore_index;  /* sparse: positions with this label count for nothing, neither in the sum nor in the mean */
    float label_smoothing; /* s: the target becomes (1 - s) t + s / K, binary (1 - s) t + s / 2 */
    float delta;           /* huber; 0: 1 */
    float clip;            /* probabilities: clipped to [clip, 1 - clip], Keras' way with 1e-7, no gradient outside; 0:
                              PyTorch's way, logarithms from -100 up, and no division by less than 1e-12 in the
                              gradient */
    /* [K], cross-entropies but binary; PyTorch's meaning: the loss of class k counts class_weight[k] times */
    const tn_tensor *class_weight;
    const tn_tensor *sample_weight; /* the positions' shape, or [N] */
} tn_loss_params;

/* loss: rank 0, or for TN_NONE the positions' shape ([N,...] of the cross-entropies over classes, else
 * x's); NULL: not wanted.
 * dx: x's shape, the gradient of the reduced loss (TN_NONE: of the sum); NULL: not wanted; dx may be x,
 * nothing else may overlap.
 * With q[k] = class_weight[k] ((1 - s) t[k] + s / K) a position's loss is -sum over k of q[k] log p[k], and its
 * gradient by logits p[k] sum(q) - q[k]: rows of a target need not sum to 1. 0 log 0 is 0, so a class masked by -inf is
 * no NaN. A mean divides by the number of positions, or the sum of the sample weights; for class indices each times
 * class_weight of its label, the ignored left out.
 *
 * All labels are looked at before anything is written. TN_E_LABEL_RANGE: outside 0 to K-1 and not ignored (integers of
 * a binary loss: not 0 or 1); number[3] of the record counts them. TN_E_LABEL_FORM: an f32 label that is no whole
 * number. Smoothing,
 * class weights or ignore_index given to a loss that has no use for them are TN_E_ARG. Sums over positions
 * run in double, in blocks that depend on x's shape alone. No workspace.
 * Formulas: Keras losses, PyTorch cross_entropy, ONNX SoftmaxCrossEntropyLoss and NegativeLogLikelihoodLoss. */
TENON_API tn_status tn_loss(tn_context *ctx, int32_t kind, const tn_tensor *loss, const tn_tensor *dx,
                            const tn_tensor *x, const tn_tensor *target, const tn_loss_params *p);

enum { TN_SGD, TN_ADAM, TN_ADAMW, TN_RMSPROP };
enum { TN_AS_KERAS, TN_AS_PYTORCH }; /* where epsilon stands, and what the velocity holds */

/* Made by a constructor below, then changed field by field. decay is L2: decay * w is added to the gradient; decoupled
 * in TN_ADAMW alone. */
typedef struct tn_optimizer {
    int32_t kind, form, nesterov, amsgrad, centered;
    float lr, momentum, dampening, beta1, beta2, epsilon, decay; /* beta2 is RMSprop's rho */
} tn_optimizer;

TENON_API tn_optimizer tn_sgd(float lr, float momentum);
TENON_API tn_optimizer tn_adam(float lr);                /* beta 0.9, 0.999, epsilon 1e-7 */
TENON_API tn_optimizer tn_adamw(float lr, float decay);
TENON_API tn_optimizer tn_rmsprop(float lr);             /* rho 0.9, epsilon 1e-7 */

/* How many times w's count of floats the state takes: velocity; first and second moments; ... */
TENON_API int32_t tn_optimizer_slots(const tn_optimizer *o);

/* One step on w with gradient g, both of one shape; step counts from 1. state: f32, rank 1, slots times w's count,
 * zeroed by the caller first, NULL or empty with 0 slots; in the order SGD: v (with momentum); Adam: m, v, largest v
 * (amsgrad); RMSprop: v, mean gradient (centered), u (with momentum). w, state and g may not overlap; g is not changed.
 * A NaN, infinite or negative number in o, a beta that is not below 1, dampening in Keras' form or with Nesterov is
 * TN_E_ARG, a state of another length TN_E_WEIGHTS.
 * With m, v the moments and t the step:
 *   SGD      Keras: v = momentum v - lr g; w += v, Nesterov: w += momentum v - lr g
 *            PyTorch: v = g at first, then momentum v + (1 - dampening) g; w -= lr v,
 *            Nesterov: w -= lr (g + momentum v)
 *   Adam     m = beta1 m + (1 - beta1) g; v = beta2 v + (1 - beta2) g^2; amsgrad: v = the largest so far
 *            Keras: w -= lr sqrt(1 - beta2^t) / (1 - beta1^t) m / (sqrt v + epsilon)
 *            PyTorch: w -= lr / (1 - beta1^t) m / (sqrt(v / (1 - beta2^t)) + epsilon)
 *   AdamW    w -= lr decay w first, then Adam
 *   RMSprop  v = rho v + (1 - rho) g^2; centered: less the square of the mean gradient, but not below 0
 *            Keras: d = g / sqrt(v + epsilon), u = momentum u + lr d, w -= u;
 *            PyTorch: d = g / (sqrt v + epsilon), u = momentum u + d, w -= lr u */
TENON_API tn_status tn_optimizer_step(tn_context *ctx, const tn_tensor *w, const tn_tensor *state, const tn_tensor *g,
                                      const tn_optimizer *o, int64_t step);
