/* model/weights.h - the weights of a layer: which it has, their shapes, how they begin, which of them learn. */

enum { TNI_KERNEL, TNI_RECURRENT, TNI_BIAS, TNI_GAMMA, TNI_BETA, TNI_MEAN, TNI_VARIANCE, TNI_WEIGHTS };

static tn_tensor *tni_weight(tn_layer *l, int32_t k)
{
    switch (k) {
    case TNI_KERNEL: return &l->kernel;
    case TNI_RECURRENT: return &l->recurrent;
    case TNI_BIAS: return &l->bias;
    case TNI_GAMMA: return &l->gamma;
    case TNI_BETA: return &l->beta;
    case TNI_MEAN: return &l->mean;
    default: return &l->variance;
    }
}

/* Made by the model, in its memory. */
static int tni_owns(const tn_model *m, const tn_tensor *w)
{
    return w->data && m->memory && (uintptr_t)w->data - (uintptr_t)m->memory < m->memory_size;
}

static const char *tni_weight_name(int32_t k)
{
    static const char *const name[TNI_WEIGHTS] = { "kernel", "recurrent", "bias", "gamma", "beta", "mean", "variance" };
    return name[k];
}

/* Of built layers: a weight that the layer has not is a tensor of rank 0. Moving statistics are no part of the
 * gradient. */
static int tni_learns(tn_layer *l, int32_t k) { return !l->frozen && k < TNI_MEAN && tni_weight(l, k)->rank > 0; }

static int tni_layer_learns(tn_layer *l)
{
    int32_t k, learns = 0;
    for (k = 0; k < TNI_MEAN; k++) learns |= tni_learns(l, k);
    return learns;
}

/* Where an image's channels stand, or the features. */
static int32_t tni_feature_axis(const tn_tensor *x)
{
    const int32_t c = tni_find_axis(x->rank, x->axes, 'C');
    return x->rank == 4 && c > 0 ? c : x->rank - 1;
}

/* The shape of weight k of a layer that gets x; rank 0: there is none. The layer's own numbers are checked. */
static tn_tensor tni_weight_shape(const tn_layer *l, const tn_tensor *x, int32_t k)
{
    const int32_t C = x->dim[tni_feature_axis(x)], channel = TNI_AX('C', 0), affine = k == TNI_GAMMA || k == TNI_BETA;
    const int32_t M = l->multiplier ? l->multiplier : 1, kh = l->window.size_h, kw = l->window.size_w;
    const tn_tensor none = tni_shape(0, 0, 0, 0, 0, 0);
    if (k == TNI_BIAS && l->no_bias) return none;
    switch (l->kind) {
    case TN_LAYER_CONV2D:
        if (k == TNI_KERNEL) return tni_shape(TN_HWIO, 4, kh, kw, C / (l->groups ? l->groups : 1), l->units);
        return k == TNI_BIAS ? tni_shape(TN_O, 1, l->units, 0, 0, 0) : none;
    case TN_LAYER_DEPTHWISE:
        if (k == TNI_KERNEL) return tni_shape(TN_HWCM, 4, kh, kw, C, M);
        return k == TNI_BIAS ? tni_shape(TN_O, 1, C > INT32_MAX / M ? -1 : C * M, 0, 0, 0) : none;
    case TN_LAYER_DENSE:
        if (k == TNI_KERNEL) return tni_shape(TN_IO, 2, C, l->units, 0, 0);
        return k == TNI_BIAS ? tni_shape(TN_O, 1, l->units, 0, 0, 0) : none;
    case TN_LAYER_LSTM:
        if (k == TNI_KERNEL) return tni_shape(TN_IO, 2, C, 4 * l->units, 0, 0);
        if (k == TNI_RECURRENT) return tni_shape(TN_IO, 2, l->units, 4 * l->units, 0, 0);
        return k == TNI_BIAS ? tni_shape(TN_O, 1, 4 * l->units, 0, 0, 0) : none;
    case TN_LAYER_BATCH_NORM: return k >= TNI_GAMMA ? tni_shape(channel, 1, C, 0, 0, 0) : none;
    case TN_LAYER_LAYER_NORM: return affine ? tni_shape(channel, 1, x->dim[x->rank - 1], 0, 0, 0) : none;
    default: return none;
    }
}

/* Keras' defaults; TN_LAYER's initializer is the kernel's. */
static int32_t tni_weight_initializer(const tn_layer *l, int32_t k)
{
    switch (k) {
    case TNI_KERNEL: return l->initializer;
    case TNI_RECURRENT: return TN_ORTHOGONAL;
    case TNI_BIAS: return l->kind == TN_LAYER_LSTM ? TN_LSTM_BIAS : TN_ZEROS;
    case TNI_GAMMA: case TNI_VARIANCE: return TN_ONES;
    default: return TN_ZEROS;
    }
}
