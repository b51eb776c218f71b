/* tests/random_model.h - whole models of random layers against the same layers called one by one, each in memory of its
 * own: what the model plans, shares and does in place changes no bit of outputs, losses, gradients and weights. */

enum {
    NODES = 12,
    PARTS = 7,
    LEARNING = 5
}; /* parts: the tensors of a layer; those before the moving statistics learn */

typedef struct node {
    tn_layer *l;
    int number; /* of the layer, which numbers its random streams */
    tn_tensor x, y, z, kept, kept_too, h, c;
    tn_tensor w[PARTS], g[PARTS], state[PARTS];
} node;

static tn_layer model_list[NODES + 1];
static node nodes[NODES];
static int node_count, model_batch, model_stateful;
static tn_model whole_model;
static tn_compile model_compile;
static tn_context alone; /* of the calls one by one: serial, with room */
static float alone_scratch[1 << 20];

static tn_tensor *part_of(tn_layer *l, int i)
{
    tn_tensor *const all[PARTS] = { &l->kernel, &l->recurrent, &l->bias, &l->gamma, &l->beta, &l->mean, &l->variance };
    return all[i];
}

static tn_tensor own(const tn_tensor *like)
{
    tn_tensor t = *like;
    t.flags = 0;
    t.data = zeros(count_of(&t), 4);
    return t;
}

#define ALONE(fn, ...)                            \
    do {                                          \
        if (fn(&alone, __VA_ARGS__) != TN_OK) {   \
            fail("%s of one layer refuses", #fn); \
            return;                               \
        }                                         \
    } while (0)

/* ---- a list that can be built ---- */

static int an_activation(void)
{
    static const int kinds[] = { TN_LINEAR, TN_RELU, TN_TANH,       TN_SIGMOID, TN_GELU,
                                 TN_ELU,    TN_SILU, TN_LEAKY_RELU, TN_MISH };
    return chance(3) ? TN_LINEAR : kinds[draw(0, 8)];
}

static tn_layer window_layer(int kind, int h, int w, int units)
{
    const int same = chance(2);
    const int kh = draw(1, same || h > 3 ? 3 : h), kw = draw(1, same || w > 3 ? 3 : w);
    tn_layer l = tn_layer_window(__FILE__, __LINE__, kind, units, kh, kw, TN_LINEAR);
    l.window.padding = same ? TN_SAME : TN_VALID;
    l.window.stride_h = draw(0, 2);
    l.window.stride_w = draw(0, 2);
    return l;
}

/* One layer that takes x. */
static tn_layer a_layer(const tn_tensor *x)
{
    const int planes = x->axes == TN_NCHW, image = x->rank == 4;
    const int h = image ? x->dim[planes ? 2 : 1] : 0, w = image ? x->dim[planes ? 3 : 2] : 0,
              c = image ? x->dim[planes ? 1 : 3] : 0;
    tn_layer l;
    if (chance(3)) {
        switch (draw(0, 5)) {
        case 0: return TN_BATCH_NORM();
        case 1: return TN_LAYER_NORM();
        case 2: return TN_ACTIVATION(an_activation());
        case 3: return TN_DROPOUT(chance(4) ? 0.0f : 0.25f);
        case 4: return TN_GAUSSIAN_NOISE(chance(4) ? 0.0f : 0.5f);
        default: return TN_RESCALING(0.5f, 0.25f);
        }
    }
    if (x->rank == 3) {
        if (chance(3)) return chance(2) ? TN_DENSE(draw(1, 9), an_activation()) : TN_FLATTEN();
        l = TN_LSTM(draw(1, 9));
        l.return_sequences = chance(2);
        l.reverse = chance(2);
        l.stateful = chance(4);
        l.recurrent_activation = chance(3) ? TN_HARD_SIGMOID : 0;
        return l;
    }
    if (!image) {
        if (x->dim[1] % 4 == 0 && chance(4)) return TN_RESHAPE_HWC(2, x->dim[1] / 4, 2);
        return TN_DENSE(draw(1, 20), an_activation());
    }
    switch (draw(0, 8)) {
    case 0:
    case 1:
    case 2:
        l = window_layer(TN_LAYER_CONV2D, h, w, draw(1, 9));
        l.activation = an_activation();
        if (c % 2 == 0 && l.units % 2 == 0 && chance(3)) l.groups = 2;
        return l;
    case 3:
        l = window_layer(TN_LAYER_DEPTHWISE, h, w, 0);
        l.activation = an_activation();
        l.multiplier = draw(0, 2);
        return l;
    case 4: return window_layer(TN_LAYER_MAX_POOL2D, h, w, 0);
    case 5: return window_layer(TN_LAYER_AVG_POOL2D, h, w, 0);
    case 6: return chance(2) ? TN_GLOBAL_MAX_POOL2D() : TN_GLOBAL_AVG_POOL2D();
    case 7:
        if (planes) return TN_FLATTEN();
        l = TN_DENSE(draw(1, 7), an_activation());
        l.per_position = 1;
        return l;
    default: return TN_FLATTEN();
    }
}

/* The shape that l makes of x, by the calls that say so. */
static void shape_of(const tn_layer *l, const tn_tensor *x, tn_tensor *y)
{
    const int planes = x->axes == TN_NCHW, c = x->dim[x->rank == 4 && planes ? 1 : x->rank - 1];
    tn_conv2d_params p = TN_ZERO;
    tn_tensor w =
        tn_view(NULL, TN_HWIO, 4, l->window.size_h, l->window.size_w, l->groups ? c / l->groups : c, l->units);
    p.window = l->window;
    p.groups = l->groups;
    *y = *x;
    switch (l->kind) {
    case TN_LAYER_DEPTHWISE:
        w = tn_view(NULL, TN_HWCM, 4, l->window.size_h, l->window.size_w, c, l->multiplier ? l->multiplier : 1);
        p.groups = c; /* fall through */
    case TN_LAYER_CONV2D: ALONE(tn_conv2d_shape, y, x, &w, &p); break;
    case TN_LAYER_MAX_POOL2D: ALONE(tn_max_pool2d_shape, y, x, &l->window); break;
    case TN_LAYER_AVG_POOL2D: ALONE(tn_avg_pool2d_shape, y, x, &l->window); break;
    case TN_LAYER_GLOBAL_MAX_POOL2D:
    case TN_LAYER_GLOBAL_AVG_POOL2D: *y = tn_view(NULL, TN_NF, 2, x->dim[0], c, 0, 0); break;
    case TN_LAYER_FLATTEN: ALONE(tn_flatten, y, x); break;
    case TN_LAYER_RESHAPE:
        *y = tn_view(NULL, TN_NHWC, 4, x->dim[0], l->input.dim[0], l->input.dim[1], l->input.dim[2]);
        break;
    case TN_LAYER_DENSE: y->dim[y->rank - 1] = l->units; break;
    case TN_LAYER_LSTM:
        *y = l->return_sequences ? tn_view(NULL, TN_NTF, 3, x->dim[0], x->dim[1], l->units, 0)
                                 : tn_view(NULL, TN_NF, 2, x->dim[0], l->units, 0, 0);
        break;
    default: break;
    }
    y->data = NULL;
}

/* ---- one layer by itself ---- */

static tn_random stream_of(int purpose, const node *n)
{
    tn_random r = TN_ZERO;
    r.seed = whole_model.seed;
    r.purpose = purpose; /* what the model calls dropout and noise; saved models depend on it */
    r.layer = n->number;
    r.epoch = whole_model.step;
    return r;
}
static int is_joined(const node *n)
{
    return n == &nodes[node_count - 1] && (n->l->activation == TN_SOFTMAX || n->l->activation == TN_SIGMOID) &&
           model_compile.loss <= TN_BINARY_CROSSENTROPY;
}
static const tn_tensor *given(const tn_tensor *t) { return t->data ? t : NULL; }
static int has_activation(const tn_layer *l)
{
    return l->kind == TN_LAYER_CONV2D || l->kind == TN_LAYER_DEPTHWISE || l->kind == TN_LAYER_DENSE ||
           l->kind == TN_LAYER_ACTIVATION;
}
static tn_conv2d_params conv_alone(const node *n)
{
    tn_conv2d_params p = TN_ZERO;
    p.window = n->l->window;
    p.groups = n->l->kind == TN_LAYER_DEPTHWISE ? n->w[0].dim[2] : n->l->groups;
    return p;
}

static void forward_alone(node *n, int training)
{
    const tn_layer *const l = n->l;
    const tn_random dropout = stream_of(-3, n), noise = stream_of(-4, n);
    const tn_conv2d_params convolution = conv_alone(n);
    tn_activation_params activation = TN_ZERO;
    tn_dense_params dense = TN_ZERO;
    tn_lstm_params gates = TN_ZERO;
    tn_convert_params scale;
    tn_tensor flat = n->x;
    scale.scale = l->scale;
    scale.offset = l->offset;
    activation.kind = l->activation;
    activation.alpha = l->alpha;
    dense.flags = l->per_position ? TN_PER_POSITION : 0;
    gates.reverse = l->reverse;
    gates.hard_sigmoid = l->recurrent_activation == TN_HARD_SIGMOID;
    n->y = own(&n->y);
    n->z = n->y;
    if (has_activation(l) && l->kind != TN_LAYER_ACTIVATION) n->z = own(&n->y);
    switch (l->kind) {
    case TN_LAYER_CONV2D:
    case TN_LAYER_DEPTHWISE: ALONE(tn_conv2d, &n->z, &n->x, &n->w[0], given(&n->w[2]), &convolution); break;
    case TN_LAYER_DENSE: ALONE(tn_dense, &n->z, &n->x, &n->w[0], given(&n->w[2]), &dense); break;
    case TN_LAYER_ACTIVATION: n->z = n->x; break;
    case TN_LAYER_MAX_POOL2D:
        n->kept = own(&n->y);
        n->kept.dtype = TN_I32;
        ALONE(tn_max_pool2d, &n->y, &n->kept, &n->x, &l->window);
        break;
    case TN_LAYER_GLOBAL_MAX_POOL2D:
        n->kept = own(&n->y);
        n->kept.dtype = TN_I32;
        ALONE(tn_global_max_pool2d, &n->y, &n->kept, &n->x);
        break;
    case TN_LAYER_AVG_POOL2D: ALONE(tn_avg_pool2d, &n->y, &n->x, &l->window); break;
    case TN_LAYER_GLOBAL_AVG_POOL2D: ALONE(tn_global_avg_pool2d, &n->y, &n->x); break;
    case TN_LAYER_LSTM: {
        tn_tensor ignored = n->y;
        const tn_tensor h0 = n->h, c0 = n->c;
        memset(&n->kept, 0, sizeof n->kept);
        ALONE(tn_lstm_shape, &ignored, &n->kept, &n->x, &n->w[1], l->return_sequences, &gates);
        n->kept = own(&n->kept);
        n->h = tn_view(NULL, 0, 2, n->x.dim[0], l->units, 0, 0);
        n->h = own(&n->h);
        n->c = own(&n->h);
        ALONE(tn_lstm, &n->y, &n->h, &n->c, &n->kept, &n->x, &n->w[0], &n->w[1], given(&n->w[2]),
              l->stateful ? given(&h0) : NULL, l->stateful ? given(&c0) : NULL, &gates);
        break;
    }
    case TN_LAYER_BATCH_NORM:
        n->kept = own(&n->w[5]);
        n->kept_too = own(&n->w[5]);
        if (training && !l->frozen) {
            ALONE(tn_batch_norm_train, &n->y, &n->kept, &n->kept_too, &n->w[5], &n->w[6], &n->x, &n->w[3], &n->w[4],
                  NULL);
        } else {
            int i;
            for (i = 0; i < n->w[6].dim[0]; i++) {
                ((float *)n->kept.data)[i] = ((const float *)n->w[5].data)[i];
                ((float *)n->kept_too.data)[i] = 1.0f / sqrtf(((const float *)n->w[6].data)[i] + 1e-3f);
            }
            ALONE(tn_batch_norm, &n->y, &n->x, &n->w[3], &n->w[4], &n->w[5], &n->w[6], NULL);
        }
        break;
    case TN_LAYER_LAYER_NORM:
        n->kept = n->x;
        n->kept.rank--;
        n->kept.axes = 0;
        n->kept = own(&n->kept);
        n->kept_too = own(&n->kept);
        ALONE(tn_layer_norm, &n->y, &n->kept, &n->kept_too, &n->x, &n->w[3], &n->w[4], NULL);
        break;
    case TN_LAYER_DROPOUT:
        if (training) ALONE(tn_dropout, &n->y, &n->x, &dropout, l->rate);
        else ALONE(tn_convert, &n->y, &n->x, NULL);
        break;
    case TN_LAYER_GAUSSIAN_NOISE:
        if (training && l->rate > 0) {
            ALONE(tn_random_normal, &n->y, &noise, 0.0f, l->rate);
            ALONE(tn_add, &n->y, &n->y, &n->x);
        } else {
            ALONE(tn_convert, &n->y, &n->x, NULL);
        }
        break;
    case TN_LAYER_RESCALING: ALONE(tn_convert, &n->y, &n->x, &scale); break;
    default: /* views */
        flat.rank = n->y.rank;
        flat.axes = n->y.axes;
        memcpy(flat.dim, n->y.dim, sizeof flat.dim);
        ALONE(tn_convert, &n->y, &flat, NULL);
        break;
    }
    if (!has_activation(l)) return;
    if (l->activation == TN_SOFTMAX) ALONE(tn_softmax, &n->y, &n->z, -1);
    else ALONE(tn_activation, &n->y, &n->z, &activation);
}

/* dy is that of y, or where the loss took the activation in of z; dx in memory of its own. */
static void backward_alone(node *n, tn_tensor dy, tn_tensor *dx)
{
    const tn_layer *const l = n->l;
    const tn_random dropout = stream_of(-3, n);
    const tn_conv2d_params convolution = conv_alone(n);
    const tn_tensor *const dw = given(&n->g[0]), *const db = given(&n->g[2]), *const du = given(&n->g[1]);
    tn_activation_params activation = TN_ZERO;
    tn_dense_params dense = TN_ZERO;
    tn_lstm_params gates = TN_ZERO;
    tn_batch_norm_params norm = TN_ZERO;
    tn_convert_params scale;
    tn_tensor dz = own(&dy);
    scale.scale = l->scale;
    scale.offset = 0.0f;
    activation.kind = l->activation;
    activation.alpha = l->alpha;
    dense.flags = l->per_position ? TN_PER_POSITION : 0;
    gates.reverse = l->reverse;
    gates.hard_sigmoid = l->recurrent_activation == TN_HARD_SIGMOID;
    norm.inference = l->frozen;
    *dx = own(&n->x);
    if (has_activation(l)) {
        if (is_joined(n)) ALONE(tn_convert, &dz, &dy, NULL);
        else if (l->activation == TN_SOFTMAX) ALONE(tn_softmax_backward, &dz, &dy, &n->y, -1);
        else ALONE(tn_activation_backward, &dz, &dy, &n->z, &n->y, &activation);
    }
    switch (l->kind) {
    case TN_LAYER_CONV2D:
    case TN_LAYER_DEPTHWISE: ALONE(tn_conv2d_backward, dx, dw, db, &dz, &n->x, &n->w[0], &convolution); break;
    case TN_LAYER_DENSE: ALONE(tn_dense_backward, dx, dw, db, &dz, &n->x, &n->w[0], &dense); break;
    case TN_LAYER_ACTIVATION: *dx = dz; break;
    case TN_LAYER_MAX_POOL2D: ALONE(tn_max_pool2d_backward, dx, &dy, &n->kept, &l->window); break;
    case TN_LAYER_GLOBAL_MAX_POOL2D: ALONE(tn_global_max_pool2d_backward, dx, &dy, &n->kept); break;
    case TN_LAYER_AVG_POOL2D: ALONE(tn_avg_pool2d_backward, dx, &dy, &l->window); break;
    case TN_LAYER_GLOBAL_AVG_POOL2D: ALONE(tn_global_avg_pool2d_backward, dx, &dy); break;
    case TN_LAYER_LSTM:
        ALONE(tn_lstm_backward, dx, dw, du, db, NULL, NULL, &dy, NULL, NULL, &n->kept, &n->x, &n->w[0], &n->w[1], NULL,
              NULL, &gates);
        break;
    case TN_LAYER_BATCH_NORM:
        ALONE(tn_batch_norm_backward, dx, given(&n->g[3]), given(&n->g[4]), &dy, &n->x, &n->w[3], &n->kept,
              &n->kept_too, &norm);
        break;
    case TN_LAYER_LAYER_NORM:
        ALONE(tn_layer_norm_backward, dx, given(&n->g[3]), given(&n->g[4]), &dy, &n->x, &n->w[3], &n->kept,
              &n->kept_too, NULL);
        break;
    case TN_LAYER_DROPOUT: ALONE(tn_dropout, dx, &dy, &dropout, l->rate); break;
    case TN_LAYER_RESCALING: ALONE(tn_convert, dx, &dy, &scale); break;
    default: memcpy(dx->data, dy.data, count_of(dx) * 4); break;
    }
}

static void all_forward(const tn_tensor *x, int training)
{
    int i;
    for (i = 0; i < node_count; i++) {
        node *const n = &nodes[i];
        n->x = i ? nodes[i - 1].y : *x;
        n->y.dim[0] = x->dim[0];
        n->y.data = NULL;
        forward_alone(n, training);
    }
}

/* ---- the case ---- */

#define RUN(fn, ...)                                   \
    do {                                               \
        ctx.need = 0;                                  \
        prepare();                                     \
        if (!fine(#fn, fn(&ctx, __VA_ARGS__))) return; \
    } while (0)

static void same_floats(const char *what, int i, const float *got, const tn_tensor *want, int zeros_are_one)
{
    const float *const w = (const float *)want->data;
    size_t k;
    for (k = 0; k < count_of(want); k++)
        if (memcmp(&got[k], &w[k], 4) && !(got[k] != got[k] && w[k] != w[k]) && !(zeros_are_one && got[k] == w[k])) {
            fail("%s of layer %d: [%zu] is %a, must be %a", what, i, k, (double)got[k], (double)w[k]);
            return;
        }
}

static void make_list(const tn_tensor *sample)
{
    static const char *const names[] = { "?",    "input", "conv",    "depthwise", "max",     "avg",
                                         "gmax", "gavg",  "flatten", "reshape",   "dense",   "lstm",
                                         "bn",   "ln",    "act",     "dropout",   "rescale", "noise" };
    const int wanted = draw(1, NODES - 2);
    tn_tensor x = *sample, y;
    int i;
    node_count = model_stateful = 0;
    memset(nodes, 0, sizeof nodes);
    for (i = 0; i < wanted; i++) {
        tn_layer l = a_layer(&x);
        if (i + 1 == wanted && chance(2) && x.rank <= 3) l = TN_DENSE(draw(2, 5), chance(2) ? TN_SOFTMAX : TN_SIGMOID);
        l.frozen = chance(6);
        l.no_bias = chance(5);
        l.lr_scale = chance(5) ? 0.5f : 0.0f;
        shape_of(&l, &x, &y);
        if (now.outcome != PASSED || count_of(&y) > 3000) break;
        model_stateful |= l.kind == TN_LAYER_LSTM && l.stateful;
        model_list[1 + i] = l;
        nodes[i].l = &model_list[1 + i];
        nodes[i].number = i;
        nodes[i].y = y;
        node_count++;
        say("%s%s%s ", names[l.kind], l.frozen ? "*" : "", l.kind == TN_LAYER_LSTM && l.stateful ? "!" : "");
        x = y;
    }
}

static void choose_training(void)
{
    const tn_layer *const last = nodes[node_count - 1].l;
    const int activation = last->kind == TN_LAYER_DENSE ? last->activation : TN_LINEAR;
    memset(&model_compile, 0, sizeof model_compile);
    model_compile.loss = activation == TN_SOFTMAX
                             ? draw(TN_SPARSE_CATEGORICAL_CROSSENTROPY, TN_CATEGORICAL_CROSSENTROPY)
                         : activation == TN_SIGMOID ? TN_BINARY_CROSSENTROPY
                                                    : draw(TN_MEAN_SQUARED_ERROR, TN_HUBER);
    if (chance(6)) model_compile.loss = TN_MEAN_SQUARED_ERROR;
    model_compile.optimizer = chance(3)   ? tn_sgd(0.01f, chance(2) ? 0.9f : 0.0f)
                              : chance(2) ? tn_adam(0.01f)
                              : chance(2) ? tn_adamw(0.01f, 0.1f)
                                          : tn_rmsprop(0.01f);
    say("loss %d optimizer %d ", (int)model_compile.loss, (int)model_compile.optimizer.kind);
}

static tn_tensor targets_of(int rows)
{
    tn_tensor t = nodes[node_count - 1].y;
    size_t i, k, K;
    float *p;
    t.dim[0] = rows;
    t.data = NULL;
    if (model_compile.loss == TN_SPARSE_CATEGORICAL_CROSSENTROPY) {
        K = (size_t)t.dim[--t.rank];
        t.axes = 0;
        t = out(tn_as(t, TN_I32));
        for (i = 0; i < count_of(&t); i++) ((int32_t *)t.data)[i] = draw(0, (int)K - 1);
    } else {
        t = out(t);
        fill(&t);
        p = (float *)t.data;
        K = (size_t)t.dim[t.rank - 1];
        for (i = 0; i < count_of(&t) && model_compile.loss == TN_BINARY_CROSSENTROPY; i++) p[i] = (float)draw(0, 1);
        for (i = 0; i < count_of(&t) && model_compile.loss == TN_CATEGORICAL_CROSSENTROPY; i += K)
            for (k = 0; k < K; k++) p[i + k] = (float)(k == i % K);
    }
    seal(&t);
    return t;
}

/* A step of each, compared. */
static void one_step(int rows, const tn_tensor *sample)
{
    const node *const last = &nodes[node_count - 1];
    const float *at_gradient;
    tn_tensor x, y, target, dy, dx, value;
    tn_loss_params p = TN_ZERO;
    float mean = 0;
    double mean_loss = 0;
    int i, k, wants_y = chance(2);
    x = *sample;
    x.dim[0] = rows;
    x = in(x);
    target = targets_of(rows);
    y = last->y;
    y.dim[0] = rows;
    y = out(y);
    all_forward(&x, 1);
    if (now.outcome != PASSED) return;
    RUN(tn_model_forward, &whole_model, wants_y ? &y : NULL, &x, 1);
    if (wants_y) same_floats("output", node_count - 1, (const float *)y.data, &last->y, 0);
    RUN(tn_model_backward, &whole_model, &target, &mean_loss);
    p.from = is_joined(last) ? TN_LOGITS : TN_PROBABILITIES;
    value = tn_view(&mean, 0, 0, 0, 0, 0, 0);
    dy = own(&last->y);
    ALONE(tn_loss, model_compile.loss, &value, &dy, is_joined(last) ? &last->z : &last->y, &target, &p);
    if (mean != (float)mean_loss && !(mean != mean && mean_loss != mean_loss))
        fail("the loss is %a, must be %a", mean_loss, (double)mean);
    for (i = node_count; i-- > 0;) {
        node *const n = &nodes[i];
        for (k = 0; k < LEARNING; k++) {
            memset(&n->g[k], 0, sizeof n->g[k]);
            if (n->w[k].data && !n->l->frozen) n->g[k] = own(&n->w[k]);
        }
        backward_alone(n, dy, &dx);
        if (now.outcome != PASSED) return;
        dy = dx;
        if (i) { /* as the layer before names its axes */
            dy.rank = nodes[i - 1].y.rank;
            dy.axes = nodes[i - 1].y.axes;
            memcpy(dy.dim, nodes[i - 1].y.dim, sizeof dy.dim);
        }
    }
    at_gradient = whole_model.gradients;
    for (i = 0; i < node_count; i++)
        for (k = 0; k < LEARNING; k++)
            if (nodes[i].g[k].data) {
                same_floats("gradient", i, at_gradient, &nodes[i].g[k], 1);
                at_gradient += count_of(&nodes[i].g[k]);
            }
    RUN(tn_model_update, &whole_model);
    for (i = 0; i < node_count; i++)
        for (k = 0; k < PARTS; k++) {
            node *const n = &nodes[i];
            tn_optimizer o = model_compile.optimizer;
            if (n->l->lr_scale > 0) o.lr *= n->l->lr_scale;
            if (!n->w[k].data) continue;
            if (k < LEARNING && n->g[k].data)
                ALONE(tn_optimizer_step, &n->w[k], given(&n->state[k]), &n->g[k], &o, whole_model.step);
            same_floats("weight", i, (const float *)part_of(n->l, k)->data, &n->w[k], 1);
        }
}

static void case_model(void)
{
    const int form = draw(0, 3), a = draw(2, 9), b = draw(2, 9), c = draw(1, 6), rows = draw(1, 5);
    tn_tensor sample, x, y;
    int declared, i, k, steps = draw(0, 2), first;
    model_batch = draw(1, 5);
    memset(&alone, 0, sizeof alone);
    alone.workspace = alone_scratch;
    alone.workspace_size = sizeof alone_scratch;
    model_list[0] = form == 0   ? TN_INPUT_HWC(a, b, c)
                    : form == 1 ? TN_INPUT_CHW(c, a, b)
                    : form == 2 ? TN_INPUT_TF(a, c)
                                : TN_INPUT_F(a * c);
    sample = form == 0   ? tn_view(NULL, TN_NHWC, 4, model_batch, a, b, c)
             : form == 1 ? tn_view(NULL, TN_NCHW, 4, model_batch, c, a, b)
             : form == 2 ? tn_view(NULL, TN_NTF, 3, model_batch, a, c, 0)
                         : tn_view(NULL, TN_NF, 2, model_batch, a * c, 0, 0);
    say("%d,%d,%d form %d batch %d: ", a, b, c, form, model_batch);
    make_list(&sample);
    if (!node_count) return;
    choose_training();
    declared = nodes[0].l->kind == TN_LAYER_RESHAPE || chance(2);
    memset(&whole_model, 0, sizeof whole_model);
    RUN(tn_model_init, &whole_model, "random", model_list + !declared, node_count + declared);
    if (steps) RUN(tn_model_compile, &whole_model, &model_compile);
    {
        tn_tensor without_n = sample;
        without_n.rank--;
        without_n.axes = model_list[0].input.axes;
        memmove(without_n.dim, sample.dim + 1, sizeof sample.dim - sizeof sample.dim[0]);
        RUN(tn_model_build, &whole_model, declared ? NULL : &without_n, model_batch);
    }
    if (whole_model.need > SLOT / 2) return;
    {
        void *const block = memory(whole_model.need, 4, 1);
        RUN(tn_model_memory, &whole_model, block, whole_model.need, (uint64_t)now.number + 1);
    }
    for (i = 0; i < node_count; i++) {
        node *const n = &nodes[i];
        const tn_tensor *const output = &n->l->output;
        if (output->rank != n->y.rank || memcmp(output->dim + 1, n->y.dim + 1, sizeof n->y.dim - sizeof n->y.dim[0]))
            fail("layer %d has another output shape", i);
        for (k = 0; k < PARTS; k++) {
            const tn_tensor *const w = part_of(n->l, k);
            if (!w->data) continue;
            if (k == 6)
                for (first = 0; first < w->dim[0]; first++) ((float *)w->data)[first] = 0.5f + 0.1f * (float)draw(0, 9);
            else if (k > 1 && !chance(3)) fill(w);
            n->w[k] = own(w);
            memcpy(n->w[k].data, w->data, count_of(w) * 4);
            if (steps && k < LEARNING && tn_optimizer_slots(&model_compile.optimizer)) {
                tn_tensor state =
                    tn_view(NULL, 0, 1, (int64_t)count_of(w) * tn_optimizer_slots(&model_compile.optimizer), 0, 0, 0);
                n->state[k] = own(&state);
            }
        }
    }
    for (k = 0; k < steps && now.outcome == PASSED; k++) {
        const int before = used;
        one_step(model_stateful ? model_batch : draw(1, model_batch), &sample);
        if (now.outcome != PASSED) return;
        used = before;
    }
    x = sample;
    x.dim[0] = model_stateful ? model_batch * 2 : rows;
    x = in(x);
    y = nodes[node_count - 1].y;
    y.dim[0] = x.dim[0];
    y = out(y);
    RUN(tn_model_predict, &whole_model, &y, &x);
    for (first = 0; first < x.dim[0] && now.outcome == PASSED; first += model_stateful ? model_batch : x.dim[0]) {
        tn_tensor part = x;
        const size_t each = count_of(&y) / (size_t)y.dim[0];
        if (model_stateful) ALONE(tn_rows, &part, &x, first, model_batch);
        all_forward(&part, 0);
        if (now.outcome != PASSED) return;
        same_floats("prediction", node_count - 1, (const float *)y.data + (size_t)first * each,
                    &nodes[node_count - 1].y, 0);
    }
}

#define RANDOM_MODEL(X) X(model)
