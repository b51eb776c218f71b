/* impl/move.h - views of the same elements (reshape, flatten, expand, rows) and tn_transpose. */

static tn_status tni_view_checks(const tni_call *c, const tn_tensor *y, const tn_tensor *x)
{
    const tni_operand op = { x, "x", 1, TNI_IN | TNI_ANY_TYPE | TNI_NO_DATA | TNI_SOME_EMPTY };
    if (!y) return tni_bad(c, TN_E_NULL, 0, "y", "must not be NULL", 0);
    return tni_operand_ok(c, &op);
}

static tn_status tni_view_done(const tni_call *c, tn_tensor *y, const tn_tensor *view)
{
    *y = *view;
    TNI_TRY(tni_workspace(c, 0, -1));
    return tni_ok(c);
}

/* x cannot become `target` (TN_ANY: the length to be found). */
static tn_status tni_no_reshape(const tni_call *c, const tn_tensor *x, const tn_tensor *target, int32_t status,
                                int32_t cause, const char *rule, int64_t a, int64_t b)
{
    tn_diag d = tni_finding(status, 3, "dim", rule);
    int32_t i;
    d.cause = cause;
    d.received = *x;
    d.expected = *target;
    for (i = 0; cause == TN_CAUSE_RESIZE_INTENDED && i < x->rank; i++)
        d.axes_differ |= (uint32_t)(target->dim[i] != TN_ANY && target->dim[i] != x->dim[i]) << i;
    d.number[0] = a; d.number[1] = b;
    if (cause == TN_CAUSE_RESIZE_INTENDED) {
        const int32_t h = target->dim[3] == x->dim[3] ? 1 : 2;
        d.number[2] = target->dim[h]; d.number[3] = target->dim[h + 1];
    }
    return tni_refuse(c, &d);
}

/* Lengths that are x's own in another order: the axes get new names, and every value stays where it is. Axes of
 * length 1 may move without that. */
static void tni_renamed_axes(const tni_call *c, const tn_tensor *y, const tn_tensor *x)
{
    tn_diag d = tni_finding(TN_W_LAYOUT_SUSPECT, 3, "dim", "a reshape leaves every value where it is");
    int32_t a[TN_MAX_RANK], b[TN_MAX_RANK], n = 0, m = 0, i, k, used = 0;
    for (i = 1; i < x->rank; i++) if (x->dim[i] != 1) a[n++] = x->dim[i];
    for (i = 1; i < y->rank; i++) if (y->dim[i] != 1) b[m++] = y->dim[i];
    if (x->rank < 3 || y->rank != x->rank || y->dim[0] != x->dim[0] || m != n || !memcmp(a, b, (size_t)n * sizeof *a))
        return;
    for (i = 0; i < n; i++) {
        for (k = 0; k < n && (b[k] != a[i] || (used >> k & 1)); k++) {}
        if (k == n) return;
        used |= 1 << k;
    }
    d.severity = TN_WARNING;
    d.cause = TN_CAUSE_TRANSPOSE_BY_RESHAPE;
    d.expected = *y;
    d.received = *x;
    for (i = 0; i < x->rank; i++) d.axes_differ |= (uint32_t)(y->dim[i] != x->dim[i]) << i;
    tni_note(c, &d);
}

TENON_API tn_status tn_reshape(tn_context *ctx, tn_tensor *y, const tn_tensor *x, int32_t rank, const int32_t *dim)
{
    tni_call c = tni_enter(ctx, "tn_reshape");
    size_t all, have, total, want;
    int32_t i, unknown = -1, keep, same;
    tn_tensor t, target;
    TNI_TRY(tni_view_checks(&c, y, x));
    if (rank < 0 || rank > TN_MAX_RANK) return tni_bad(&c, TN_E_RANK, 2, "rank", "a tensor has 0 to 6 axes", rank);
    if (rank && !dim) return tni_bad(&c, TN_E_NULL, 3, "dim", "must not be NULL", 0);
    keep = x->rank > 0 && (x->axes & 31) == TN_N;
    t = *x;
    t.rank = rank;
    t.axes = keep ? TN_N : 0;
    memset(t.dim, 0, sizeof t.dim);
    for (i = 0; i < rank; i++) t.dim[i] = dim[i];
    target = t;
    for (i = 0; i < rank; i++) {
        if (dim[i] >= 0) continue;
        if (dim[i] != -1) return tni_bad(&c, TN_E_ARG, 3, "dim",
            "a length is negative; -1 alone stands for the one to be found", dim[i]);
        if (unknown >= 0)
            return tni_no_reshape(&c, x, &target, TN_E_RESHAPE, TN_CAUSE_RESHAPE_TWO_UNKNOWNS,
                "at most one length may be -1", unknown, i);
        unknown = i;
        t.dim[i] = 1;
    }
    if (keep && (rank == 0 || (dim[0] != -1 && dim[0] != x->dim[0])))
        return tni_no_reshape(&c, x, &target, TN_E_RESHAPE, TN_CAUSE_RESHAPE_CHANGES_N, "the first axis, N, must stay",
                              x->dim[0], rank ? dim[0] : 1);
    if (keep) t.dim[0] = x->dim[0];
    if (!tni_count(&t, &total))
        return tni_no_reshape(&c, x, &target, TN_E_OVERFLOW, 0, "the product of its lengths does not fit memory", 0, 0);
    (void)tni_count(x, &all);
    have = tni_size_from(x, keep, x->rank); /* of one sample where N stays, so that -1 is found in an empty batch too */
    want = tni_size_from(&t, keep, rank);
    if (unknown >= keep) {
        if (!want || have % want)
            return tni_no_reshape(&c, x, &target, TN_E_RESHAPE, TN_CAUSE_RESHAPE_NOT_DIVISIBLE,
                                  "the known lengths must divide the number of elements", (int64_t)have, (int64_t)want);
        if (have / want > INT32_MAX) return tni_no_reshape(&c, x, &target, TN_E_OVERFLOW, 0,
            "a length does not fit int32", (int64_t)have, (int64_t)want);
        t.dim[unknown] = (int32_t)(have / want);
    } else if (have != want) {
        if (unknown == 0 && want && all % want == 0)
            return tni_no_reshape(&c, x, &target, TN_E_RESHAPE,
                                  rank == 2 && x->rank > 2 ? TN_CAUSE_VIEW_CHANGES_N : TN_CAUSE_RESHAPE_CHANGES_N,
                                  "the first axis, N, must stay", x->dim[0], (int64_t)(all / want));
        same = rank == 4 && x->rank == 4 && t.dim[0] == x->dim[0] && (t.dim[3] == x->dim[3] || t.dim[1] == x->dim[1]);
        if (keep && !same)
            return tni_no_reshape(&c, x, &target, TN_E_RESHAPE, TN_CAUSE_RESHAPE_LAYER_COUNT,
                                  "a reshape keeps the number of elements", (int64_t)have, (int64_t)want);
        return tni_no_reshape(&c, x, &target, TN_E_RESHAPE, same ? TN_CAUSE_RESIZE_INTENDED : 0,
                              "a reshape keeps the number of elements", (int64_t)all, (int64_t)total);
    }
    tni_renamed_axes(&c, &t, x);
    return tni_view_done(&c, y, &t);
}

TENON_API tn_status tn_flatten(tn_context *ctx, tn_tensor *y, const tn_tensor *x)
{
    tni_call c = tni_enter(ctx, "tn_flatten");
    size_t features;
    tn_tensor t;
    TNI_TRY(tni_view_checks(&c, y, x));
    if (x->rank == 0) return tni_bad(&c, TN_E_RANK, 1, "x[N,...]", "must have a first axis, N", 0);
    if ((x->axes & 31) && (x->axes & 31) != TN_N) {
        tn_diag d = tni_finding(TN_E_LAYOUT, 1, "x[N,...]", "the first axis must be N");
        d.received = *x;
        return tni_refuse(&c, &d);
    }
    features = tni_size_from(x, 1, x->rank);
    if (features > INT32_MAX) return tni_bad(&c, TN_E_OVERFLOW, 1, "x[N,...]",
        "the elements of a sample do not fit int32", (int64_t)features);
    t = *x;
    memset(t.dim, 0, sizeof t.dim);
    t.rank = 2;
    t.axes = x->axes ? TN_NF : 0;
    t.dim[0] = x->dim[0];
    t.dim[1] = (int32_t)features;
    return tni_view_done(&c, y, &t);
}

TENON_API tn_status tn_expand(tn_context *ctx, tn_tensor *y, const tn_tensor *x, int32_t axis)
{
    tni_call c = tni_enter(ctx, "tn_expand");
    int32_t at, i, below;
    tn_tensor t;
    TNI_TRY(tni_view_checks(&c, y, x));
    if (x->rank == TN_MAX_RANK) return tni_bad(&c, TN_E_RANK, 1, "x", "a tensor has at most 6 axes", x->rank + 1);
    at = tni_axis(axis, x->rank + 1);
    if (at < 0) return tni_bad(&c, TN_E_ARG, 2, "axis", "must be from -rank - 1 to rank", axis);
    t = *x;
    t.rank++;
    for (i = t.rank - 1; i > at; i--) t.dim[i] = t.dim[i - 1];
    t.dim[at] = 1;
    below = (1 << (5 * at)) - 1; /* the names before the new axis, which has none */
    t.axes = (x->axes & below) | (int32_t)((uint32_t)(x->axes & ~below) << 5);
    return tni_view_done(&c, y, &t);
}

TENON_API tn_status tn_rows(tn_context *ctx, tn_tensor *y, const tn_tensor *x, int64_t first, int64_t count)
{
    tni_call c = tni_enter(ctx, "tn_rows");
    tn_tensor t;
    TNI_TRY(tni_view_checks(&c, y, x));
    if (x->rank == 0) return tni_bad(&c, TN_E_RANK, 1, "x", "must have a first axis", 0);
    if (first < 0) return tni_bad(&c, TN_E_ARG, 2, "first", "must not be negative", first);
    if (count < 0) return tni_bad(&c, TN_E_ARG, 3, "count", "must not be negative", count);
    if (first > x->dim[0] || count > x->dim[0] - first) {
        tn_diag d = tni_finding(TN_E_SAMPLES, 3, "count", "first + count must not be above x's first axis");
        d.received = *x;
        d.axes_differ = 1;
        d.number[0] = first; d.number[1] = count; d.number[2] = x->dim[0];
        return tni_refuse(&c, &d);
    }
    t = *x;
    t.dim[0] = (int32_t)count;
    if (t.data) t.data = (char *)t.data + (size_t)first * tni_size_from(x, 1, x->rank) * tni_dtype_size(x->dtype);
    return tni_view_done(&c, y, &t);
}

/* ---- transpose ---- */

/* Axes of length 1 left out and neighbours that stay neighbours joined: length, y's and x's stride in elements, in
 * y's order. tile: the axis, not the last, that is contiguous in x; -1 where the last one is, and rows are copied
 * whole. */
typedef struct tni_moving {
    const tni_table *k; /* NULL: no floats */
    char *y;
    const char *x;
    size_t size, length[TN_MAX_RANK], y_step[TN_MAX_RANK], x_step[TN_MAX_RANK], outer, bands, spans, per_task;
    int32_t rank, tile;
} tni_moving;

enum { TNI_BAND = 64, TNI_SPAN = 1024, TNI_MOVE_TASK = 16384 }; /* columns and rows of a unit, elements of a task */

static void tni_move_plan(tni_moving *m, const tn_tensor *y, const tn_tensor *x, const int32_t *perm)
{
    size_t step[TN_MAX_RANK + 1], at;
    int32_t i, r = 0;
    m->size = tni_dtype_size(x->dtype);
    step[x->rank] = 1;
    for (i = x->rank; i-- > 0;) step[i] = step[i + 1] * (size_t)x->dim[i]; /* of axis i: step[i + 1] */
    for (i = 0; i < y->rank; i++) {
        const size_t length = (size_t)y->dim[i], stride = step[perm[i] + 1];
        if (length == 1) continue;
        if (r && m->x_step[r - 1] == stride * length) {
            m->length[r - 1] *= length;
            m->x_step[r - 1] = stride;
        } else {
            m->length[r] = length;
            m->x_step[r++] = stride;
        }
    }
    if (!r) { m->length[0] = m->x_step[0] = 1; r = 1; }
    m->rank = r;
    m->tile = -1;
    m->outer = 1;
    for (at = 1, i = r; i-- > 0; at *= m->length[i]) m->y_step[i] = at;
    for (i = 0; i < r - 1; i++) if (m->x_step[i] == 1) m->tile = i;
    for (i = 0; i < r - 1; i++) if (i != m->tile) m->outer *= m->length[i];
    m->bands = m->tile < 0 ? 1 : (m->length[m->tile] - 1) / TNI_BAND + 1;
    m->spans = m->tile < 0 ? 1 : (m->length[r - 1] - 1) / TNI_SPAN + 1;
    m->per_task = TNI_MOVE_TASK / (at / (m->outer * m->bands * m->spans) + 1) + 1;
}

static TNI_INLINE void tni_move_tile(char *y, size_t y_step, const char *x, size_t x_step, size_t rows, size_t cols,
    size_t size)
{
    size_t r, c;
    for (c = 0; c < cols; c++)
        for (r = 0; r < rows; r++) memcpy(y + (c * y_step + r) * size, x + (r * x_step + c) * size, size);
}

static void tni_move_unit(const tni_moving *m, size_t unit)
{
    const size_t span = unit % m->spans * TNI_SPAN, band = unit / m->spans % m->bands * TNI_BAND;
    const int32_t last = m->rank - 1;
    size_t rest = unit / m->spans / m->bands, rows, cols, r;
    const char *x = m->x;
    char *y = m->y;
    int32_t i;
    for (i = last; i-- > 0;) {
        if (i == m->tile) continue;
        y += rest % m->length[i] * m->y_step[i] * m->size;
        x += rest % m->length[i] * m->x_step[i] * m->size;
        rest /= m->length[i];
    }
    if (m->tile < 0) { memcpy(y, x, m->length[last] * m->size); return; }
    y += (band * m->y_step[m->tile] + span) * m->size;
    x += (band + span * m->x_step[last]) * m->size;
    rows = tni_least(m->length[last] - span, TNI_SPAN);
    cols = tni_least(m->length[m->tile] - band, TNI_BAND);
    for (r = 0; r < rows; r += TNI_BAND) { /* tiles that stay in the first cache */
        const size_t n = tni_least(rows - r, TNI_BAND), ys = m->y_step[m->tile], xs = m->x_step[last];
        char *const to = y + r * m->size;
        const char *const from = x + r * xs * m->size;
        if (m->k) m->k->transpose((float *)(void *)to, ys, (const float *)(const void *)from, xs, n, cols);
        else if (m->size == 1) tni_move_tile(to, ys, from, xs, n, cols, 1);
        else if (m->size == 4) tni_move_tile(to, ys, from, xs, n, cols, 4);
        else tni_move_tile(to, ys, from, xs, n, cols, 8);
    }
}

static void tni_move_task(void *arg, int32_t index, int32_t worker)
{
    const tni_moving *const m = (const tni_moving *)arg;
    const size_t units = m->outer * m->bands * m->spans, first = (size_t)index * m->per_task;
    size_t unit;
    (void)worker;
    for (unit = first; unit < units && unit - first < m->per_task; unit++) tni_move_unit(m, unit);
}

/* y's dtype must be x's. */
static tn_diag tni_dtype_finding(const tni_operand *o, int32_t dtype, const char *rule)
{
    tn_diag d = tni_operand_finding(o, TN_E_DTYPE, rule);
    d.expected = *o->t;
    d.expected.dtype = dtype;
    return d;
}

static tn_status tni_same_dtype(const tni_call *c, const tni_operand *y, int32_t dtype, const char *rule)
{
    const tn_diag d = tni_dtype_finding(y, dtype, rule);
    return y->t->dtype == dtype ? TN_OK : tni_refuse(c, &d);
}

/* x's names, the native ones where it has none; those of more than four axes are unknown. */
static int32_t tni_names(const tn_tensor *x)
{
    int32_t axes = 0, i;
    for (i = 0; i < x->rank; i++) {
        const char letter = tni_letter(x, i);
        if (letter != '?') axes |= TNI_AX(letter, i);
    }
    return axes;
}

/* order[i]: the axis of x that has the name of y's axis i. */
static tn_status tni_order_by_names(const tni_call *c, const tni_operand *y, const tn_tensor *x, int32_t *order)
{
    int32_t i, j, bad = y->t->rank != x->rank, used = 0;
    tn_diag d;
    for (i = 0; i < x->rank && !bad; i++) {
        const int32_t name = y->t->axes >> (5 * i) & 31;
        for (j = 0; j < x->rank && ((x->axes >> (5 * j) & 31) != name || (used >> j & 1)); j++) {}
        bad = !name || j == x->rank;
        order[i] = j;
        used |= 1 << j;
    }
    if (!bad) return TN_OK;
    d = tni_operand_finding(y, TN_E_LAYOUT, "without perm, y and x must have names, and the same ones");
    d.expected = *x;
    return tni_refuse(c, &d);
}

/* y's axis i is x's axis order[i]; shapes are checked, no axis is empty. */
static void tni_transposed(const tni_call *c, const tn_tensor *y, const tn_tensor *x, const int32_t *order)
{
    tni_moving m;
    memset(&m, 0, sizeof m);
    m.k = x->dtype == TN_F32 ? tni_active() : TNI_NULL;
    m.y = (char *)y->data;
    m.x = (const char *)x->data;
    tni_move_plan(&m, y, x, order);
    tni_parallel(c, (int32_t)((m.outer * m.bands * m.spans - 1) / m.per_task + 1), tni_move_task, &m);
}

TENON_API tn_status tn_transpose(tn_context *ctx, const tn_tensor *y, const tn_tensor *x, const int32_t *perm)
{
    tni_call c = tni_enter(ctx, "tn_transpose");
    const tni_operand op[] = { { y, "y", 0, TNI_OUT | TNI_ANY_TYPE | TNI_SOME_EMPTY },
        { x, "x", 1, TNI_IN | TNI_ANY_TYPE | TNI_SOME_EMPTY } };
    int32_t order[TN_MAX_RANK], i, used = 0, names;
    tn_tensor shape;
    size_t n;
    TNI_TRY(tni_operands(&c, op, 2));
    TNI_TRY(tni_same_dtype(&c, &op[0], x->dtype, "must have the element type of x: see tn_convert"));
    if (!perm) TNI_TRY(tni_order_by_names(&c, &op[0], x, order));
    else
        for (i = 0; i < x->rank; i++) {
            if (perm[i] < 0 || perm[i] >= x->rank || (used >> perm[i] & 1)) {
                tn_diag d = tni_finding(TN_E_ARG, 2, "perm", "must hold every axis of x once");
                d.cause = TN_CAUSE_PERMUTE_DIMS;
                d.number[0] = perm[i];
                return tni_refuse(&c, &d);
            }
            used |= 1 << perm[i];
            order[i] = perm[i];
        }
    shape = *x;
    names = tni_names(x);
    for (shape.axes = 0, i = 0; i < x->rank; i++) {
        shape.dim[i] = x->dim[order[i]];
        shape.axes |= (names >> (5 * order[i]) & 31) << (5 * i);
    }
    TNI_TRY(tni_expect(&c, &op[0], &shape, 0, "y's axis i must be as long as x's axis perm[i]"));
    TNI_TRY(tni_apart(&c, op, 2));
    TNI_TRY(tni_workspace(&c, 0, -1));
    (void)tni_count(x, &n);
    if (c.query || !n) return tni_ok(&c);
    tni_transposed(&c, y, x, order);
    return tni_ok(&c);
}
