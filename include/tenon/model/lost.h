/* model/lost.h - where in a list the image lost the size that a later layer needs: heights and widths alone, from layer
 * to layer, as they are and as they would be. */

enum { TNI_AS_IT_IS = -1, TNI_ALL_PADDED = -2 };

static int tni_has_window(const tn_layer *l) { return l->kind >= TN_LAYER_CONV2D && l->kind <= TN_LAYER_AVG_POOL2D; }

/* What the layer's window makes of a height, or of a width; 0: nothing. */
static int64_t tni_windowed(const tn_layer *l, int64_t in, int wide, int32_t padding)
{
    const tn_window *const w = &l->window;
    const int pool = l->kind == TN_LAYER_MAX_POOL2D || l->kind == TN_LAYER_AVG_POOL2D;
    const int32_t size = wide ? w->size_w : w->size_h, step = wide ? w->stride_w : w->stride_h;
    const int64_t length = pool && !size ? 2 : size, stride = step ? step : pool ? length : 1;
    const int64_t dilation = (wide ? w->dilation_w : w->dilation_h) > 0 ? (wide ? w->dilation_w : w->dilation_h) : 1;
    const int64_t before = wide ? w->left : w->top, after = wide ? w->right : w->bottom;
    if (in <= 0 || length <= 0 || stride <= 0) return 0;
    if (padding != TN_VALID && padding != TN_EXPLICIT) return TN_OUT_SAME(in, stride);
    if (in + before + after < TN_WINDOW_SPAN(length, dilation)) return 0;
    return w->ceil_mode ? TN_OUT_CEIL(in, length, stride, dilation, before, after)
                        : TN_OUT_VALID(in, length, stride, dilation, before, after);
}

/* The entry behind which the image begins that reaches entry `to`; -1: there is none. */
static int32_t tni_image_begins(const tn_model *m, int32_t to)
{
    int32_t i;
    for (i = to - 1; i >= 0; i--) {
        const int32_t kind = m->layers[i].kind;
        if (m->layers[i].output.rank != 4) return -1;
        if (i == 0 || kind == TN_LAYER_INPUT || kind == TN_LAYER_RESHAPE) return i;
    }
    return -1;
}

static int64_t tni_extent(const tn_tensor *x, int wide)
{
    const int32_t axis = tni_find_axis(x->rank, x->axes, wide ? 'W' : 'H');
    return axis < 0 ? 0 : x->dim[axis];
}

/* The height or width before entry `to` of an image that is `in` long behind entry `from`; `padded`: the one entry whose
 * padding is TN_SAME. */
static int64_t tni_through(const tn_model *m, int32_t from, int32_t to, int64_t in, int wide, int32_t padded)
{
    int32_t i;
    for (i = from + 1; i < to; i++) {
        const tn_layer *const l = &m->layers[i];
        const int32_t same = padded == i || padded == TNI_ALL_PADDED;
        if (tni_has_window(l)) in = tni_windowed(l, in, wide, same ? TN_SAME : l->window.padding);
    }
    return in;
}

/* The entry that took what is missing before entry `to` from height x width, or from so many pixels (height 0): with its
 * window padded, alone or with all others, the size is right. -1: no such. */
static int32_t tni_lost_in(const tn_model *m, int32_t to, int64_t height, int64_t width, int64_t pixels)
{
    const int32_t from = tni_image_begins(m, to);
    int32_t i, round, first = -1;
    if (from < 0) return -1;
    for (round = 0; round < 2; round++)
        for (i = from + 1; i < to; i++) {
            const tn_layer *const l = &m->layers[i];
            const tn_tensor *const x = &m->layers[from].output;
            int64_t h, w;
            if (!tni_has_window(l) || l->window.padding != TN_VALID) continue;
            if (first < 0 && tni_extent(&l->output, 0) < tni_extent(&m->layers[i - 1].output, 0)) first = i;
            h = tni_through(m, from, to, tni_extent(x, 0), 0, round ? TNI_ALL_PADDED : i);
            w = tni_through(m, from, to, tni_extent(x, 1), 1, round ? TNI_ALL_PADDED : i);
            if (h > 0 && w > 0 && (height ? h == height && w == width : h * w == pixels)) return round ? first : i;
        }
    return -1;
}

/* d's sentence: which layer made the image smaller. */
static void tni_says_lost(tn_diag *d, const tn_model *m, int32_t i)
{
    const int wide = tni_extent(&m->layers[i].output, 0) == tni_extent(&m->layers[i - 1].output, 0);
    d->cause = TN_CAUSE_PADDING_SHRINK;
    d->number[0] = tni_extent(&m->layers[i - 1].output, wide);
    d->number[1] = tni_extent(&m->layers[i].output, wide);
    d->number[2] = tni_layer_number(m, i);
}

/* The flatten that gives entry i its rows; -1: none does. */
static int32_t tni_flatten_of(const tn_model *m, int32_t i)
{
    while (--i >= 0)
        if (m->layers[i].kind == TN_LAYER_FLATTEN) return i;
        else if (m->layers[i].kind < TN_LAYER_BATCH_NORM) return -1;
    return -1;
}

/* A dense entry whose weights take so many values where flatten gives others. number[0]: 0, or of which square input,
 * number[1] x number[2], they would come. */
static int32_t tni_infer_flattened_size(const tn_model *m, int32_t i, int64_t values, tn_diag *d)
{
    const int32_t flatten = tni_flatten_of(m, i), from = flatten < 0 ? -1 : tni_image_begins(m, flatten);
    const tn_tensor *const map = flatten > 0 ? &m->layers[flatten - 1].output : TNI_NULL;
    const int32_t axis = map ? tni_find_axis(map->rank, map->axes, 'C') : -1;
    int64_t side;
    int32_t lost;
    memset(d->number, 0, sizeof d->number);
    if (from < 0 || axis < 0 || values <= 0 || map->dim[axis] <= 0 || values % map->dim[axis]) return 0;
    values /= map->dim[axis];
    lost = tni_lost_in(m, flatten, 0, 0, values);
    if (lost >= 0) {
        tni_says_lost(d, m, lost);
        d->number[3] = values * map->dim[axis];
        return d->cause;
    }
    for (side = 1; side <= 4096; side++) {
        const int64_t h = tni_through(m, from, flatten, side, 0, TNI_AS_IT_IS);
        if (h > 0 && h * tni_through(m, from, flatten, side, 1, TNI_AS_IT_IS) == values) {
            d->number[0] = values * map->dim[axis];
            d->number[1] = d->number[2] = side;
            return d->cause = TN_CAUSE_OTHER_INPUT_SIZE;
        }
    }
    return 0;
}
