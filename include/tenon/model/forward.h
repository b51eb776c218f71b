/* model/forward.h - one layer of a model, forward. */

enum { TNI_TRAINING = 1, TNI_HEADLESS = 2 }; /* with dropout and batch statistics; up to the activation, not through */
enum { TNI_OF_WEIGHTS = -1, TNI_OF_ORDER = -2, TNI_OF_DROPOUT = -3, TNI_OF_NOISE = -4 }; /* tn_random.purpose */

/* A layer at work on a full batch, or on so many rows of one. x without data is the model's input. */
typedef struct tni_node {
    tn_tensor x, y, z;        /* z: before the activation where that is a step of its own, else rank 0 */
    tn_tensor kept[2];        /* for the gradient: indices of a maximum; reserve; mean and 1 / deviation. Rank 0: not */
    float *state;             /* of a stateful LSTM: h, then c */
    float *gradients, *slots; /* of what learns here, one tensor after the other; the optimiser's state of it */
} tni_node;

static tn_random tni_model_stream(const tn_model *m, int32_t purpose, int32_t layer, int64_t epoch)
{
    tn_random r;
    memset(&r, 0, sizeof r);
    r.seed = m->seed; r.purpose = purpose; r.layer = layer; r.epoch = epoch;
    return r;
}

static const tn_tensor *tni_if(int32_t wanted, const tn_tensor *t) { return wanted ? t : TNI_NULL; }
static const tn_tensor *tni_bias(const tn_layer *l) { return tni_if(l->bias.rank > 0, &l->bias); }

/* Softmax runs over the classes. */
static int32_t tni_softmax_axis(const tn_tensor *y) { return tni_feature_axis(y); }

static tn_activation_params tni_activation_params(const tn_layer *l)
{
    tn_activation_params p;
    memset(&p, 0, sizeof p);
    p.kind = l->activation; p.alpha = l->alpha;
    return p;
}

static tn_dense_params tni_dense_params(const tn_layer *l, int32_t activation, int32_t flags)
{
    tn_dense_params p;
    p.activation = activation; p.alpha = l->alpha;
    p.flags = flags | (l->per_position ? TN_PER_POSITION : 0);
    return p;
}

static tn_conv2d_params tni_conv2d_params(const tn_layer *l, const tn_tensor *x, int32_t activation, int32_t flags)
{
    tn_conv2d_params p;
    memset(&p, 0, sizeof p);
    p.window = l->window; p.activation = activation; p.alpha = l->alpha; p.flags = flags;
    p.groups = l->kind == TN_LAYER_DEPTHWISE ? x->dim[tni_feature_axis(x)] : l->groups;
    return p;
}

static tn_lstm_params tni_lstm_params(const tn_layer *l, int32_t flags)
{
    tn_lstm_params p;
    p.reverse = l->reverse; p.flags = flags;
    p.hard_sigmoid = l->recurrent_activation == TN_HARD_SIGMOID;
    return p;
}

static tn_batch_norm_params tni_batch_norm_params(const tn_layer *l, int32_t flags)
{
    tn_batch_norm_params p;
    memset(&p, 0, sizeof p);
    p.epsilon = l->epsilon; p.momentum = l->momentum; p.flags = flags; p.inference = l->frozen;
    return p;
}

static tn_layer_norm_params tni_layer_norm_params(const tn_layer *l, int32_t flags)
{
    tn_layer_norm_params p;
    memset(&p, 0, sizeof p);
    p.epsilon = l->epsilon; p.flags = flags;
    return p;
}

static tn_status tni_activate(tn_context *ctx, const tn_layer *l, const tn_tensor *y, const tn_tensor *x)
{
    const tn_activation_params p = tni_activation_params(l);
    return l->activation == TN_SOFTMAX ? tn_softmax(ctx, y, x, tni_softmax_axis(y)) : tn_activation(ctx, y, x, &p);
}

/* A layer that only passes its input on. */
static tn_status tni_pass_on(const tn_context *ctx, const tni_node *n)
{
    if (!ctx->query && n->y.data != n->x.data) memcpy(n->y.data, n->x.data, tn_bytes(&n->x));
    return TN_OK;
}

static tn_status tni_lstm_forward(tn_context *ctx, const tn_layer *l, const tni_node *n, int32_t mode)
{
    const tn_lstm_params p = tni_lstm_params(l, 0);
    const size_t rows = (size_t)n->x.dim[0] * (size_t)l->units;
    const tn_tensor h = tni_shape(TN_NF, 2, n->x.dim[0], l->units, 0, 0);
    tn_tensor state[2];
    state[0] = state[1] = h;
    if (n->state) { state[0].data = n->state; state[1].data = n->state + rows; }
    return tn_lstm(ctx, &n->y, tni_if(l->stateful, &state[0]), tni_if(l->stateful, &state[1]),
                   tni_if((mode & TNI_TRAINING) && n->kept[0].rank, &n->kept[0]), &n->x, &l->kernel, &l->recurrent,
                   tni_bias(l), tni_if(l->stateful, &state[0]), tni_if(l->stateful, &state[1]), &p);
}

/* With batch statistics in training. A frozen one keeps its statistics, and 1 / deviation for the gradient. */
static tn_status tni_batch_norm_forward(tn_context *ctx, const tn_layer *l, const tni_node *n, int32_t mode)
{
    const tn_batch_norm_params p = tni_batch_norm_params(l, 0);
    const float epsilon = p.epsilon > 0.0f ? p.epsilon : 1e-3f;
    const float *const variance = (const float *)l->variance.data;
    float *const rstd = (float *)n->kept[1].data;
    int32_t i;
    if ((mode & TNI_TRAINING) && !l->frozen)
        return tn_batch_norm_train(ctx, &n->y, tni_if(n->kept[0].rank, &n->kept[0]),
                                   tni_if(n->kept[1].rank, &n->kept[1]), &l->mean, &l->variance, &n->x, &l->gamma,
                                   &l->beta, &p);
    if ((mode & TNI_TRAINING) && rstd && !ctx->query)
        for (i = 0; i < l->variance.dim[0]; i++) rstd[i] = 1.0f / sqrtf(variance[i] + epsilon);
    return tn_batch_norm(ctx, &n->y, &n->x, &l->gamma, &l->beta, &l->mean, &l->variance, &p);
}

static tn_status tni_noise_forward(tn_context *ctx, const tn_model *m, const tn_layer *l, int32_t i, const tni_node *n)
{
    const tn_random r = tni_model_stream(m, TNI_OF_NOISE, tni_layer_number(m, i), m->step);
    TNI_TRY(tn_random_normal(ctx, &n->y, &r, 0.0f, l->rate));
    return tn_add(ctx, &n->y, &n->y, &n->x);
}

/* In a query: what workspace the layer wants. */
static tn_status tni_layer_forward(tn_context *ctx, const tn_model *m, const tn_layer *l, int32_t i,
                                   const tni_node *n, int32_t mode)
{
    const int32_t training = mode & TNI_TRAINING, apart = n->z.rank > 0;
    const tn_tensor *const out = apart ? &n->z : &n->y, *const kept = tni_if(training && n->kept[0].rank, &n->kept[0]);
    const int32_t fused = apart ? TN_LINEAR : l->activation;
    const tn_random r = tni_model_stream(m, TNI_OF_DROPOUT, tni_layer_number(m, i), m->step);
    const tn_dense_params dense = tni_dense_params(l, fused, 0);
    const tn_conv2d_params conv2d = tni_conv2d_params(l, &n->x, fused, 0);
    const tn_layer_norm_params norm = tni_layer_norm_params(l, 0);
    tn_convert_params convert;
    convert.scale = l->scale; convert.offset = l->offset;
    switch (l->kind) {
    case TN_LAYER_CONV2D: case TN_LAYER_DEPTHWISE:
        TNI_TRY(tn_conv2d(ctx, out, &n->x, &l->kernel, tni_bias(l), &conv2d));
        break;
    case TN_LAYER_DENSE:
        TNI_TRY(tn_dense(ctx, out, &n->x, &l->kernel, tni_bias(l), &dense));
        break;
    case TN_LAYER_MAX_POOL2D: return tn_max_pool2d(ctx, &n->y, kept, &n->x, &l->window);
    case TN_LAYER_AVG_POOL2D: return tn_avg_pool2d(ctx, &n->y, &n->x, &l->window);
    case TN_LAYER_GLOBAL_MAX_POOL2D: return tn_global_max_pool2d(ctx, &n->y, kept, &n->x);
    case TN_LAYER_GLOBAL_AVG_POOL2D: return tn_global_avg_pool2d(ctx, &n->y, &n->x);
    case TN_LAYER_LSTM: return tni_lstm_forward(ctx, l, n, mode);
    case TN_LAYER_BATCH_NORM: return tni_batch_norm_forward(ctx, l, n, mode);
    case TN_LAYER_LAYER_NORM:
        return tn_layer_norm(ctx, &n->y, kept, kept ? &n->kept[1] : TNI_NULL, &n->x, &l->gamma, &l->beta, &norm);
    case TN_LAYER_ACTIVATION: return mode & TNI_HEADLESS ? TN_OK : tni_activate(ctx, l, &n->y, &n->x);
    case TN_LAYER_DROPOUT:
        return training && l->rate > 0.0f ? tn_dropout(ctx, &n->y, &n->x, &r, l->rate) : tni_pass_on(ctx, n);
    case TN_LAYER_GAUSSIAN_NOISE:
        return training && l->rate > 0.0f ? tni_noise_forward(ctx, m, l, i, n) : tni_pass_on(ctx, n);
    case TN_LAYER_RESCALING: return tn_convert(ctx, &n->y, &n->x, &convert);
    default: return tni_pass_on(ctx, n);
    }
    return apart && !(mode & TNI_HEADLESS) ? tni_activate(ctx, l, &n->y, &n->z) : TN_OK;
}
