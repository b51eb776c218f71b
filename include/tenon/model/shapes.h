/* model/shapes.h - what a layer makes of its input's shape, and every reason why it cannot. */

/* What a call that a model made said, as a finding about the model. The batch is the model's own affair. */
static tn_status tni_blame(const tni_call *c, const tn_diag *inner)
{
    tn_diag d = *inner;
    d.arg = -1;
    if (d.expected.rank > 0 && d.received.rank > 0 && (d.received.axes & 31) == TN_N) {
        d.expected.dim[0] = d.received.dim[0] = TN_ANY;
        d.axes_differ &= ~1u;
    }
    return tni_refuse(c, &d);
}

/* A context for the calls that a model makes itself: the user's threads, a record of its own. */
static tn_context tni_inner(const tni_call *c, tn_diag *diag)
{
    tn_context inner;
    memset(&inner, 0, sizeof inner);
    memset(diag, 0, sizeof *diag);
    if (c->ctx) {
        inner.workers = c->ctx->workers;
        inner.parallel_for = c->ctx->parallel_for;
        inner.pool = c->ctx->pool;
    }
    inner.diag = diag;
    return inner;
}

/* A sample's shape behind n samples; names where it has none. */
static tn_tensor tni_batch_of(const tn_tensor *sample, int32_t n)
{
    static const int32_t native[4] = { TN_N, TN_NF, TN_NTF, TN_NHWC };
    tn_tensor x = tni_shape(0, 0, 0, 0, 0, 0);
    x.rank = sample->rank + 1;
    x.axes = sample->axes ? TN_N | (int32_t)((uint32_t)sample->axes << 5) : sample->rank < 4 ? native[sample->rank] : TN_N;
    x.dim[0] = n;
    memcpy(x.dim + 1, sample->dim, (TN_MAX_RANK - 1) * sizeof x.dim[0]);
    return x;
}

/* A shape that a layer cannot take; expected: what it takes. */
static tn_status tni_layer_refuse(const tni_call *c, const tn_tensor *x, const tn_tensor *expected, int32_t status,
                                  int32_t cause, const char *rule)
{
    tn_diag d = tni_finding(status, -1, "x", rule);
    int32_t i;
    d.received = *x;
    d.received.dim[0] = TN_ANY;
    d.expected = *expected;
    d.expected.dim[0] = TN_ANY;
    for (i = 1; i < x->rank && x->rank == expected->rank; i++)
        d.axes_differ |= (uint32_t)!tni_fits(expected->dim[i], x->dim[i]) << i;
    d.cause = cause;
    if (cause == TN_CAUSE_NONE) d.cause = tni_infer(expected, &d.received, d.number);
    return tni_refuse(c, &d);
}

static tn_status tni_layer_bad(const tni_call *c, const char *role, const char *rule, int64_t got, int32_t cause)
{
    tn_diag d = tni_finding(TN_E_ARG, -1, role, rule);
    d.number[0] = got;
    d.cause = cause;
    return tni_refuse(c, &d);
}

/* The layer's own numbers. */
static tn_status tni_layer_numbers(const tni_call *c, const tn_layer *l)
{
    const int32_t window = l->kind == TN_LAYER_CONV2D || l->kind == TN_LAYER_DEPTHWISE;
    if (l->kind < TN_LAYER_INPUT || l->kind > TN_LAYER_GAUSSIAN_NOISE)
        return tni_layer_bad(c, "kind", "no such layer", l->kind, TN_CAUSE_CLASS_NOT_INSTANCE);
    if ((l->kind == TN_LAYER_CONV2D || l->kind == TN_LAYER_DENSE || l->kind == TN_LAYER_LSTM) && l->units < 1)
        return tni_layer_bad(c, "units", "must be positive", l->units, TN_CAUSE_BAD_UNITS);
    if (l->kind == TN_LAYER_LSTM && l->units > INT32_MAX / 4)
        return tni_bad(c, TN_E_OVERFLOW, -1, "units", "4 units do not fit int32", l->units);
    if (window && (l->window.size_h < 1 || l->window.size_w < 1))
        return tni_layer_bad(c, "window", "a kernel has positive lengths",
                             l->window.size_h < 1 ? l->window.size_h : l->window.size_w, 0);
    if (l->groups < 0 || l->multiplier < 0)
        return tni_layer_bad(c, l->groups < 0 ? "groups" : "multiplier", "must not be negative (0: 1)",
                             l->groups < 0 ? l->groups : l->multiplier, 0);
    if (l->activation < TN_LINEAR || l->activation > TN_SOFTMAX)
        return tni_layer_bad(c, "activation", "no such activation", l->activation, 0);
    if (l->kind == TN_LAYER_LSTM && l->activation != TN_TANH)
        return tni_layer_bad(c, "activation", "the cell of an LSTM has TN_TANH", l->activation, 0);
    if (l->kind == TN_LAYER_LSTM && l->recurrent_activation != TN_LINEAR && l->recurrent_activation != TN_SIGMOID &&
        l->recurrent_activation != TN_HARD_SIGMOID)
        return tni_layer_bad(c, "recurrent_activation", "the gates have TN_SIGMOID (also 0) or TN_HARD_SIGMOID",
                             l->recurrent_activation, 0);
    if (l->initializer < TN_GLOROT_UNIFORM || l->initializer > TN_ONES ||
        (l->initializer == TN_ORTHOGONAL && window))
        return tni_layer_bad(c, "initializer", "no initializer of such a kernel", l->initializer, 0);
    if (l->kind == TN_LAYER_DROPOUT && !(l->rate >= 0.0f && l->rate < 1.0f))
        return tni_layer_bad(c, "rate", "must be 0 or more and below 1", 0, 0);
    if (!tni_weight_ok(l->rate) || !tni_weight_ok(l->lr_scale))
        return tni_layer_bad(c, !tni_weight_ok(l->rate) ? "rate" : "lr_scale", "must be finite and not negative", 0, 0);
    return TN_OK;
}

/* Whether a flatten stands before entry i of the list, with nothing between that gives axes back. */
static int tni_flattened_before(const tn_model *m, int32_t i)
{
    while (i-- > 0)
        if (m->layers[i].kind == TN_LAYER_FLATTEN) return 1;
        else if (m->layers[i].kind == TN_LAYER_RESHAPE || m->layers[i].kind == TN_LAYER_INPUT) return 0;
    return 0;
}

/* The number of axes, where a wrong one has its cause in the layers before. */
static tn_status tni_layer_axes(const tni_call *c, const tn_model *m, int32_t i, const tn_tensor *x)
{
    const tn_layer *const l = &m->layers[i];
    const int32_t convolution = l->kind == TN_LAYER_CONV2D || l->kind == TN_LAYER_DEPTHWISE;
    tn_tensor expected = tni_shape(TN_NHWC, 4, TN_ANY, TN_ANY, TN_ANY, TN_ANY);
    if (l->kind >= TN_LAYER_CONV2D && l->kind <= TN_LAYER_GLOBAL_AVG_POOL2D && x->rank == 2 &&
        tni_layer_number(m, i) == 0) {
        tn_diag d = tni_finding(TN_E_RANK, -1, "x", "an image is [N,H,W,C], or [N,C,H,W] by name");
        d.cause = TN_CAUSE_DECLARED_FLAT;
        d.number[0] = x->dim[1];
        d.expected = expected;
        d.received = *x;
        d.received.dim[0] = TN_ANY;
        return tni_refuse(c, &d);
    }
    if (l->kind >= TN_LAYER_CONV2D && l->kind <= TN_LAYER_GLOBAL_AVG_POOL2D && x->rank != 4)
        return tni_layer_refuse(c, x, &expected, TN_E_RANK, !tni_flattened_before(m, i) ? TN_CAUSE_NONE
                                : convolution ? TN_CAUSE_FLATTEN_BEFORE_CONV : TN_CAUSE_FLATTEN_TOO_EARLY,
                                "an image is [N,H,W,C], or [N,C,H,W] by name");
    expected = tni_shape(TN_NTF, 3, TN_ANY, TN_ANY, x->dim[x->rank - 1], 0);
    if (l->kind == TN_LAYER_LSTM && x->rank != 3)
        return tni_layer_refuse(c, x, &expected, TN_E_RANK,
                                i > 0 && m->layers[i - 1].kind == TN_LAYER_LSTM ? TN_CAUSE_STACKED_LSTM : TN_CAUSE_NONE,
                                "an LSTM takes [N,T,F]");
    return TN_OK;
}

/* A free axis among those behind N; letters: the free ones. */
static int tni_has_free_axis(const tn_tensor *x, const char *letters)
{
    int32_t i, any = 0;
    for (i = 1; i < x->rank; i++) any |= tni_among(tni_letter(x, i), letters);
    return any;
}

/* Weights that do not fit: another entry of the list has the same. */
static void tni_infer_sharing(const tni_call *c, const tn_model *m, const tn_tensor *w, int32_t k)
{
    tn_diag *const d = c->ctx ? c->ctx->diag : TNI_NULL;
    int32_t i, uses = 0;
    for (i = 0; i < m->count; i++) uses += tni_weight(&m->layers[i], k)->data == w->data;
    if (!d || d->cause || uses < 2 || k != TNI_KERNEL || w->rank != 2) return;
    d->cause = TN_CAUSE_SHARED_LAYER_WIDTHS;
    d->number[0] = w->dim[w->axes == TN_OI];
}

/* Given weights behind a flatten: where its rows have another length because windows were not padded, the layers are to
 * be mended, not the weights. */
static tn_status tni_weights_refused(const tni_call *c, const tn_model *m, const tn_layer *l, const tn_tensor *w,
                                     const tn_tensor *expected, int32_t k)
{
    const int32_t i = w->axes == TN_OI ? 1 : 0;
    tn_diag *const d = c->ctx ? c->ctx->diag : TNI_NULL;
    tn_diag found;
    if (k != TNI_KERNEL || l->kind != TN_LAYER_DENSE || w->rank != 2 || w->dtype != TN_F32 ||
        w->dim[!i] != expected->dim[!i] || w->dim[i] == expected->dim[i])
        return w->dtype == TN_F32 ? TN_E_WEIGHTS : TN_E_DTYPE;
    memset(&found, 0, sizeof found);
    (void)tni_infer_flattened_size(m, c->entry - 1, w->dim[i], &found);
    if (d && found.cause) {
        d->cause = found.cause;
        memcpy(d->number, found.number, sizeof d->number);
    }
    if (found.cause != TN_CAUSE_PADDING_SHRINK) return TN_E_WEIGHTS;
    if (d) { d->status = TN_E_FEATURES; d->also_status = 0; }
    return TN_E_FEATURES;
}

/* The weights of entry i against what it needs. The caller's lie in one of the orders that the kernels take. */
static tn_status tni_layer_weights(const tni_call *c, const tn_model *m, tn_layer *l, const tn_tensor *x)
{
    int32_t k;
    for (k = 0; k < TNI_WEIGHTS; k++) {
        tn_tensor *const w = tni_weight(l, k);
        tn_tensor expected = tni_weight_shape(l, x, k);
        tn_status status;
        tni_operand o;
        tn_diag d;
        if (!expected.rank || !w->data || tni_owns(m, w)) {
            *w = expected;
            continue;
        }
        o.t = w; o.role = tni_weight_name(k); o.arg = -1; o.use = TNI_IN;
        TNI_TRY(tni_operand_ok(c, &o));
        if (k == TNI_KERNEL && w->rank == 2 && w->axes == TN_OI && l->kind == TN_LAYER_DENSE)
            expected = tni_shape(TN_OI, 2, expected.dim[1], expected.dim[0], 0, 0);
        if (k == TNI_KERNEL && w->rank == 4 && w->axes == TN_OIHW && l->kind == TN_LAYER_CONV2D)
            expected = tni_shape(TN_OIHW, 4, expected.dim[3], expected.dim[2], expected.dim[0], expected.dim[1]);
        status = tni_expect(c, &o, &expected, TN_E_WEIGHTS, "given weights have the shape that the layer needs");
        if (status == TN_E_WEIGHTS) {
            status = tni_weights_refused(c, m, l, w, &expected, k);
            tni_infer_sharing(c, m, w, k);
        }
        TNI_TRY(status);
        if (!w->axes) w->axes = expected.axes;
        if (m->training && !l->frozen && (w->flags & TN_READONLY)) {
            d = tni_operand_finding(&o, TN_E_ARG, "read-only weights cannot learn: freeze the layer, or give writable "
                                                  "ones");
            return tni_refuse(c, &d);
        }
    }
    return TN_OK;
}

/* An image of one or three rows and as many channels as columns: C, H, W were declared as H, W, C. */
static int tni_declared_channels_first(const tn_model *m, int32_t i, const tn_tensor *x, tn_diag *d)
{
    if (tni_layer_number(m, i) || x->rank != 4 || x->axes != TN_NHWC || (x->dim[1] != 1 && x->dim[1] != 3) ||
        x->dim[2] != x->dim[3] || x->dim[3] <= 4)
        return 0;
    d->cause = TN_CAUSE_DECLARED_CHANNELS_FIRST;
    d->number[0] = x->dim[1];
    d->number[1] = x->dim[3];
    return 1;
}

/* A window that the image would have taken before the layers made it smaller. */
static void tni_infer_shrunk(const tn_model *m, int32_t i, const tn_tensor *x, tn_diag *said)
{
    const int32_t from = tni_image_begins(m, i), wide = tni_letter(x, 0) != 0 && said->axes_differ != 0 &&
                         (said->axes_differ >> tni_find_axis(4, x->axes, 'H') & 1) == 0;
    if (tni_declared_channels_first(m, i, x, said) || from < 0 || said->cause != TN_CAUSE_KERNEL_TOO_LARGE) return;
    if (tni_extent(&m->layers[from].output, wide) >= said->number[0]) said->cause = TN_CAUSE_POOL_TO_NOTHING;
}

/* The target is what the image would be, had the windows been padded. */
static void tni_infer_reshaped(const tn_model *m, int32_t i, const tn_tensor *x, const tn_tensor *target, tn_diag *said)
{
    const tn_tensor wanted = tni_batch_of(target, TN_ANY);
    const int32_t c = tni_find_axis(4, wanted.axes, 'C'), lost = c < 1 || wanted.dim[c] != x->dim[tni_feature_axis(x)]
                      ? -1 : tni_lost_in(m, i, tni_extent(&wanted, 0), tni_extent(&wanted, 1), 0);
    if (lost >= 0) tni_says_lost(said, m, lost);
}

/* Entry i of the list on x, a full batch: l becomes a copy of it with its weights' shapes, y its output. */
static tn_status tni_layer_shapes(const tni_call *c, const tn_model *m, int32_t i, const char *free_axes,
                                  const tn_tensor *x, tn_layer *l, tn_tensor *y)
{
    tn_conv2d_params conv2d;
    tn_dense_params dense;
    tn_diag said;
    tn_context inner = tni_inner(c, &said);
    tn_status status = TN_OK;
    int32_t k;
    inner.query = 1;
    *l = m->layers[i];
    *y = *x;
    TNI_TRY(tni_layer_numbers(c, l));
    TNI_TRY(tni_layer_axes(c, m, i, x));
    if (i > 0 && l->input.rank > 0 && l->kind != TN_LAYER_RESHAPE) {
        const tn_tensor said_here = tni_batch_of(&l->input, x->dim[0]);
        int32_t same = said_here.rank == x->rank;
        for (k = 1; same && k < x->rank; k++) same = said_here.dim[k] == TN_ANY || said_here.dim[k] == x->dim[k];
        if (!same) return tni_layer_refuse(c, x, &said_here, TN_E_ARG, TN_CAUSE_INPUT_SHAPE_INSIDE,
                                           "an input declared inside the list is what the layers before give");
    }
    if ((l->kind == TN_LAYER_FLATTEN || l->kind == TN_LAYER_RESHAPE) && tni_has_free_axis(x, free_axes)) {
        tn_diag d = tni_finding(TN_E_RESHAPE, -1, "x", "every length but N must be known");
        d.cause = TN_CAUSE_FLATTEN_OF_UNKNOWN_SIZE;
        d.received = *x;
        for (k = 0; k < x->rank; k++) if (!k || tni_among(tni_letter(x, k), free_axes)) d.received.dim[k] = TN_ANY;
        return tni_refuse(c, &d);
    }
    TNI_TRY(tni_layer_weights(c, m, l, x));
    conv2d = tni_conv2d_params(l, x, TN_LINEAR, 0);
    dense = tni_dense_params(l, TN_LINEAR, 0);
    switch (l->kind) {
    case TN_LAYER_CONV2D: case TN_LAYER_DEPTHWISE:
        status = tn_conv2d_shape(&inner, y, x, &l->kernel, &conv2d);
        break;
    case TN_LAYER_MAX_POOL2D: status = tn_max_pool2d_shape(&inner, y, x, &l->window); break;
    case TN_LAYER_AVG_POOL2D: status = tn_avg_pool2d_shape(&inner, y, x, &l->window); break;
    case TN_LAYER_GLOBAL_MAX_POOL2D: case TN_LAYER_GLOBAL_AVG_POOL2D:
        *y = tni_shape(TN_NF, 2, x->dim[0], x->dim[tni_feature_axis(x)], 0, 0);
        break;
    case TN_LAYER_FLATTEN: status = tn_flatten(&inner, y, x); break;
    case TN_LAYER_RESHAPE: {
        int32_t dim[TN_MAX_RANK] = { TN_ANY, 0, 0, 0, 0, 0 };
        if (l->input.rank < 1 || l->input.rank >= TN_MAX_RANK)
            return tni_bad(c, TN_E_RANK, -1, "input", "a reshape has 1 to 5 axes behind N", l->input.rank);
        dim[0] = x->dim[0];
        for (k = 0; k < l->input.rank; k++) dim[k + 1] = l->input.dim[k];
        status = tn_reshape(&inner, y, x, l->input.rank + 1, dim);
        y->axes = TN_N | (int32_t)((uint32_t)l->input.axes << 5);
        break;
    }
    case TN_LAYER_DENSE: status = tn_dense_shape(&inner, y, x, &l->kernel, &dense); break;
    case TN_LAYER_LSTM:
        status = tn_lstm_shape(&inner, y, TNI_NULL, x, &l->recurrent, l->return_sequences, TNI_NULL);
        break;
    default: break;
    }
    y->data = TNI_NULL;
    y->dtype = TN_F32;
    y->flags = 0;
    if (status == TN_OK) return TN_OK;
    if (status == TN_E_WINDOW) tni_infer_shrunk(m, i, x, &said);
    if (l->kind == TN_LAYER_RESHAPE) { said.expected.axes = tni_batch_of(&l->input, TN_ANY).axes; said.role = "target"; }
    if (status == TN_E_RESHAPE && x->rank == 4 && l->input.rank == 3) tni_infer_reshaped(m, i, x, &l->input, &said);
    return tni_blame(c, &said);
}
