/* impl/window.h - images and windows: the orders of axes that calls take, a window's numbers with their defaults, what
 * fits. */

/* Whether the axes that bear a name stand as in `order`. */
static int tni_ordered(const tn_tensor *t, const char *order)
{
    int32_t i;
    for (i = 0; i < t->rank && t->axes; i++) {
        const int32_t name = t->axes >> (5 * i) & 31;
        const char letter = (char)('A' + name - 1);
        if (!name || letter == order[i] || !tni_among(letter, "NHWCTIO")) continue;
        if (i != t->rank - 1 || !tni_among(letter, "FUKCO") || !tni_among(order[i], "FUKCO")) return 0;
    }
    return 1;
}

static tn_status tni_order_refuse(const tni_call *c, const tni_operand *o, int32_t cause, const char *rule)
{
    tn_diag d = tni_operand_finding(o, TN_E_LAYOUT, rule);
    d.cause = cause;
    return tni_refuse(c, &d);
}

/* As tni_expect. Lengths that are right but for their order are a matter of layout alone, whichever axis differs
 * first; so are names that put time before the samples, whatever the lengths. */
static tn_status tni_expect_order(const tni_call *c, const tni_operand *o, const tn_tensor *expected, int32_t status,
                                  const char *rule)
{
    const int fits = o->t->rank == expected->rank && tni_fits_from(expected, 0, o->t, 0, expected->rank);
    int64_t number[4];
    const int32_t cause = fits ? 0 : tni_infer(expected, o->t, number);
    if (o->t->rank == 3 && expected->rank == 3 && tni_letter(o->t, 0) == 'T' && tni_letter(expected, 0) == 'N') {
        tn_diag d = tni_operand_finding(o, TN_E_LAYOUT, rule);
        d.expected = *expected;
        d.cause = TN_CAUSE_LSTM_BATCH_FIRST;
        return tni_refuse(c, &d);
    }
    if (cause < TN_CAUSE_CHANNELS_FIRST || cause > TN_CAUSE_AXES_PERMUTED)
        return tni_expect(c, o, expected, status, rule);
    (void)tni_mismatch(c, o, expected, TN_E_LAYOUT, rule);
    if (c->ctx && c->ctx->diag) c->ctx->diag->also_status = 0;
    return TN_E_LAYOUT;
}

/* ---- images: [N,H,W,C], or [N,C,H,W] by name. `at` says which axis is the i-th of N, H, W, C, as tni_side_of
 * takes it ---- */

#define TNI_AT_NHWC "0123"
#define TNI_AT_NCHW "0231"

/* Any other rank is left to whoever knows the lengths to expect. */
static tn_status tni_image_order(const tni_call *c, const tni_operand *o, const char **at)
{
    *at = TNI_AT_NHWC;
    if (o->t->rank != 4 || tni_ordered(o->t, "NHWC")) return TN_OK;
    *at = TNI_AT_NCHW;
    return tni_ordered(o->t, "NCHW")
               ? TN_OK
               : tni_order_refuse(c, o, 0, "the axes of an image must stand in the order N, H, W, C or N, C, H, W");
}

/* Lengths outside int32 are free. */
static tn_tensor tni_image_shape(const char *at, int64_t N, int64_t H, int64_t W, int64_t C)
{
    const int64_t length[4] = { N, H, W, C };
    tn_tensor t = tni_shape(at[1] == '1' ? TN_NHWC : TN_NCHW, 4, TN_ANY, TN_ANY, TN_ANY, TN_ANY);
    int32_t i;
    for (i = 0; i < 4; i++)
        if (length[i] >= 0 && length[i] <= INT32_MAX) t.dim[at[i] - '0'] = (int32_t)length[i];
    return t;
}

/* The order of x and y where both are plainly images in one order; else NULL: look closer. */
static const char *tni_plain_images(const tn_tensor *x, const tn_tensor *y)
{
    if (x->rank != 4 || y->rank != 4) return TNI_NULL;
    if (x->axes == TN_NCHW && y->axes == TN_NCHW) return TNI_AT_NCHW;
    return (!x->axes || x->axes == TN_NHWC) && (!y->axes || y->axes == TN_NHWC) ? TNI_AT_NHWC : TNI_NULL;
}

/* Four lengths in canonical order. */
static void tni_lengths(int64_t *dim, const tn_tensor *t, const char *at)
{
    dim[0] = t->dim[at[0] - '0']; dim[1] = t->dim[at[1] - '0']; dim[2] = t->dim[at[2] - '0']; dim[3] = t->dim[at[3] - '0'];
}

static int32_t tni_at(const tn_tensor *t, const char *at, int32_t i) { return t->dim[at[i] - '0']; }

/* Another image stands in the order of x. */
static tn_status tni_image_like(const tni_call *c, const tni_operand *other, const char *at, const char *rule)
{
    const char *order;
    TNI_TRY(tni_image_order(c, other, &order));
    return other->t->rank != 4 || order[1] == at[1] ? TN_OK : tni_order_refuse(c, other, 0, rule);
}

/* The order of x, and of y where there is one; y alone tells it where x is no image. */
static tn_status tni_image_pair(const tni_call *c, const tni_operand *ox, const tni_operand *oy, const char **at)
{
    const int whole_y = oy && oy->t && oy->t->rank == 4;
    TNI_TRY(tni_image_order(c, whole_y && ox->t->rank != 4 ? oy : ox, at));
    return whole_y ? tni_image_like(c, oy, *at, "the axes of y must stand in the order of x") : TN_OK;
}

/* ---- windows ---- */

typedef struct tni_window {
    int64_t size_h, size_w, stride_h, stride_w, dilation_h, dilation_w, padding, top, bottom, left, right, ceil_mode;
} tni_window;
#define TNI_RT_V(v, field) ((v).field)

/* p, or NULL: all zero. Numbers are within int32 and not negative afterwards, strides and dilations at least 1. 0: p
 * has a number that is wrong. */
static int tni_window_fill(const tn_window *p, tni_window *v)
{
    int32_t pads;
    v->size_h = v->size_w = v->padding = v->top = v->bottom = v->left = v->right = v->ceil_mode = 0;
    v->stride_h = v->stride_w = v->dilation_h = v->dilation_w = 1;
    if (!p) return 1;
    pads = p->top | p->bottom | p->left | p->right;
    if (p->padding < TN_VALID || p->padding > TN_CAUSAL || (pads && p->padding != TN_EXPLICIT)) return 0;
    if ((p->size_h | p->size_w | p->stride_h | p->stride_w | p->dilation_h | p->dilation_w | pads) < 0) return 0;
    if (p->stride_h) v->stride_h = p->stride_h;
    if (p->stride_w) v->stride_w = p->stride_w;
    if (p->dilation_h) v->dilation_h = p->dilation_h;
    if (p->dilation_w) v->dilation_w = p->dilation_w;
    v->padding = p->padding;
    v->top = p->top;
    v->bottom = p->bottom;
    v->left = p->left;
    v->right = p->right;
    return 1;
}

/* The same, with a refusal. arg: p's number. */
static tn_status tni_window_of(const tni_call *c, int32_t arg, const tn_window *p, tni_window *v)
{
    static const char *const role[] = { "size_h",     "size_w", "stride_h", "stride_w", "dilation_h",
                                        "dilation_w", "top",    "bottom",   "left",     "right" };
    int32_t i, given[10];
    if (tni_window_fill(p, v)) return TN_OK;
    if (p->padding < TN_VALID || p->padding > TN_CAUSAL)
        return tni_bad(c, TN_E_ARG, arg, "padding",
                       "must be TN_VALID, TN_SAME, TN_SAME_LOWER, TN_EXPLICIT or TN_CAUSAL", p->padding);
    given[0] = p->size_h;
    given[1] = p->size_w;
    given[2] = p->stride_h;
    given[3] = p->stride_w;
    given[4] = p->dilation_h;
    given[5] = p->dilation_w;
    given[6] = p->top;
    given[7] = p->bottom;
    given[8] = p->left;
    given[9] = p->right;
    for (i = 0; i < 9 && given[i] >= 0 && (i < 6 || !given[i] || p->padding == TN_EXPLICIT);) i++;
    return tni_bad(c, TN_E_ARG, arg, role[i],
                   given[i] < 0 ? "must not be negative (0: the default)" : "goes with the padding TN_EXPLICIT alone",
                   given[i]);
}

/* The length that a window with this padding makes `out` of; with a stride above 1 the least of several. */
static int64_t tni_length_before(int64_t out, int64_t size, int64_t stride, int64_t dilation, int64_t padding,
                                 int64_t around)
{
    return padding != TN_VALID && padding != TN_EXPLICIT ? out * stride
                                                         : (out - 1) * stride + TN_WINDOW_SPAN(size, dilation) - around;
}

/* What x should have been, as far as the channels and y (NULL or of any rank) tell. */
static tn_tensor tni_image_before(const char *at, const tni_window *v, const tn_tensor *x, const tn_tensor *y,
                                  int64_t C)
{
    int64_t h, w;
    if (!y || y->rank != 4 || tni_at(y, at, 1) < 1 || tni_at(y, at, 2) < 1)
        return tni_image_shape(at, TN_ANY, TN_ANY, TN_ANY, C);
    h = tni_length_before(tni_at(y, at, 1), v->size_h, v->stride_h, v->dilation_h, v->padding, v->top + v->bottom);
    w = tni_length_before(tni_at(y, at, 2), v->size_w, v->stride_w, v->dilation_w, v->padding, v->left + v->right);
    if (h < 1 || w < 1 || h > INT32_MAX || w > INT32_MAX) return tni_image_shape(at, TN_ANY, TN_ANY, TN_ANY, C);
    if ((v->stride_h > 1 || v->stride_w > 1) && (x->rank != 2 || C < 1 || x->dim[1] % C || x->dim[1] / C != h * w))
        h = w = TN_ANY;
    return tni_image_shape(at, TN_ANY, h, w, C);
}

/* The window on x by itself, before the rules of the other operands, and why it does not fit. */
static tn_status tni_window_rules(const tni_call *c, const tni_window *v, tni_side x)
{
    tn_diag *const d = c->ctx ? c->ctx->diag : TNI_NULL;
    tni_ruling ruling;
    tn_status status;
    memset(&ruling, 0, sizeof ruling);
    TNI_WINDOW_RULES(TNI_RT, window, x, (*v), v->size_h, v->size_w)
    status = tni_ruled(c, &ruling);
    if (status == TN_E_WINDOW && d) {
        const int wide = d->axes_differ == 1u << x.at[2];
        const int64_t size = wide ? v->size_w : v->size_h, dilation = wide ? v->dilation_w : v->dilation_h;
        const int64_t span = TN_WINDOW_SPAN(size, dilation),
                      room = wide ? x.dim[2] + v->left + v->right : x.dim[1] + v->top + v->bottom;
        const int dilated = dilation > 1 && size <= room;
        d->cause = dilated ? TN_CAUSE_DILATED_WINDOW : TN_CAUSE_KERNEL_TOO_LARGE;
        d->number[0] = dilated ? dilation : span;
        d->number[1] = dilated ? span : room;
        d->number[2] = dilated ? room : 0;
        if (!wide && TN_WINDOW_SPAN(v->size_w, v->dilation_w) > x.dim[2] + v->left + v->right)
            d->axes_differ |= 1u << x.at[2]; /* the padding follows from neither */
    }
    return status;
}

/* Where TN_SAME lets any window fit: its span, and what it makes, are lengths too. */
static tn_status tni_window_range(const tni_call *c, int32_t arg, const tni_window *v, int64_t out_h, int64_t out_w)
{
    const int64_t h = TN_WINDOW_SPAN(v->size_h, v->dilation_h), w = TN_WINDOW_SPAN(v->size_w, v->dilation_w);
    if (h > INT32_MAX || w > INT32_MAX)
        return tni_bad(c, TN_E_OVERFLOW, arg, "window", "(KH - 1) dilation + 1 does not fit int32", h > w ? h : w);
    if (out_h > INT32_MAX || out_w > INT32_MAX)
        return tni_bad(c, TN_E_OVERFLOW, arg, "window", "the output's height or width does not fit int32",
                       out_h > out_w ? out_h : out_w);
    return TN_OK;
}

/* The padding that the output's lengths ask for, before and after each axis: top, bottom, left, right as numbers, for
 * every kind of padding. After the checks. */
static void tni_window_pads(tni_window *v, int64_t H, int64_t W, int64_t OH, int64_t OW)
{
    int64_t h = (OH - 1) * v->stride_h + TN_WINDOW_SPAN(v->size_h, v->dilation_h) - H;
    int64_t w = (OW - 1) * v->stride_w + TN_WINDOW_SPAN(v->size_w, v->dilation_w) - W;
    if (v->padding == TN_VALID || v->padding == TN_EXPLICIT) return;
    if (h < 0) h = 0;
    if (w < 0) w = 0;
    v->top = v->padding == TN_SAME_LOWER ? h - h / 2 : h / 2;
    v->bottom = h - v->top;
    v->left = v->padding == TN_CAUSAL ? TN_WINDOW_SPAN(v->size_w, v->dilation_w) - 1
            : v->padding == TN_SAME_LOWER ? w - w / 2 : w / 2;
    v->right = v->padding == TN_CAUSAL ? 0 : w - v->left;
}

/* ---- element by element: o against the other operand ---- */

static int32_t tni_infer_merge(const tn_tensor *e, const tn_tensor *x, int64_t number[4])
{
    int32_t i, stretched = x->rank != e->rank;
    if (e->rank == 4 && x->rank == 4 && e->dim[0] == x->dim[0]) { /* two branches of a network: unnamed ones are NHWC */
        const int first = (e->axes >> 5 & 31) == ('C' - 'A' + 1);
        const int32_t h = first ? 2 : 1, w = h + 1, k = first ? 1 : 3, C = e->dim[k], D = x->dim[k];
        const int64_t lost_h = (int64_t)e->dim[h] - x->dim[h], lost_w = (int64_t)e->dim[w] - x->dim[w];
        if (lost_h == 0 && lost_w == 0 && C != D) {
            number[0] = C == 1 ? D : C;
            number[1] = C == 1 || D == 1 ? 0 : D;
            return C == 1 || D == 1 ? TN_CAUSE_RESIDUAL_BROADCAST_ONE : TN_CAUSE_RESIDUAL_CHANNELS;
        }
        if (C == D && (lost_h == x->dim[h] || -lost_h == e->dim[h]) && (lost_w == x->dim[w] || -lost_w == e->dim[w])) {
            number[0] = e->dim[h];
            number[1] = x->dim[h];
            return TN_CAUSE_RESIDUAL_STRIDE;
        }
        if (C == D && lost_h == lost_w && lost_h % 2 == 0) {
            number[0] = lost_h < 0 ? -lost_h : lost_h;
            number[1] = number[0] + 1;
            return TN_CAUSE_RESIDUAL_VALID_CONV;
        }
    }
    for (i = 1; i <= e->rank && i <= x->rank; i++) { /* what other libraries would stretch */
        const int32_t a = e->dim[e->rank - i], b = x->dim[x->rank - i];
        if (a != b && a != 1 && b != 1) return 0;
        stretched |= a != b;
    }
    return stretched ? TN_CAUSE_BROADCAST : 0;
}

static tn_status tni_merge_expect(const tni_call *c, const tni_operand *o, const tn_tensor *expected, const char *rule)
{
    tn_diag d = tni_operand_finding(o, TN_E_MERGE, rule);
    int32_t i;
    d.expected = *expected;
    d.expected.flags = 0;
    for (i = 0; i < expected->rank && o->t->rank == expected->rank; i++)
        d.axes_differ |= (uint32_t)(expected->dim[i] != o->t->dim[i]) << i;
    if (!d.axes_differ && o->t->rank == expected->rank)
        return tni_names_agree(expected, o->t) ? TN_OK : tni_order_refuse(c, o, 0, rule);
    d.cause = tni_infer_merge(expected, o->t, d.number);
    return tni_refuse(c, &d);
}
