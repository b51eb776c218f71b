/* impl/transform.h - padding, joining, arithmetic. */

/* Units of `elements` each that make a task. */
static size_t tni_units_of_task(size_t units, size_t elements) { return 16383 / elements + 1 + units / INT32_MAX; }

/* n values, v[from] and what follows, after v[C-1] again v[0]; step 0: v[from] alone; v NULL: missing. */
static void tni_repeat(float *block, size_t n, const float *v, size_t from, size_t C, size_t step, float missing)
{
    size_t i;
    for (i = 0; i < n; i++) {
        block[i] = v ? v[from] : missing;
        from += step;
        if (from == C) from = 0;
    }
}
enum { TNI_REPEAT = 512 }; /* floats of such a block */

/* Axes up to the last one that is padded, at least one; run: elements below it, which move together. A row is the last
 * of these axes. */
typedef struct tni_padding {
    float *y;
    const float *x;
    int64_t length[TN_MAX_RANK], out[TN_MAX_RANK], before[TN_MAX_RANK];
    size_t run, rows, per_task;
    float value;
    int32_t axes, mode;
} tni_padding;

/* The index in x on an axis; -1: in the padding. */
static int64_t tni_pad_source(const tni_padding *t, int32_t axis, int64_t at)
{
    const int64_t i = at - t->before[axis], n = t->length[axis];
    if (i >= 0 && i < n) return i;
    if (t->mode == TN_PAD_CONSTANT) return -1;
    if (t->mode == TN_PAD_EDGE) return i < 0 ? 0 : n - 1;
    return i < 0 ? -i : 2 * (n - 1) - i;
}

static void tni_pad_row(const tni_padding *t, size_t row)
{
    const int32_t last = t->axes - 1;
    const int64_t out = t->out[last], length = t->length[last];
    float *y = t->y + row * (size_t)out * t->run;
    int64_t k, at;
    size_t rest = row, source = 0, scale = 1, i;
    int32_t axis, inside = 1;
    for (axis = last; axis-- > 0;) {
        at = tni_pad_source(t, axis, (int64_t)(rest % (size_t)t->out[axis]));
        rest /= (size_t)t->out[axis];
        inside &= at >= 0;
        source += at >= 0 ? (size_t)at * scale : 0;
        scale *= (size_t)t->length[axis];
    }
    source *= (size_t)length * t->run;
    for (k = 0; k < out;) {
        const int64_t count = inside && length && k == t->before[last] ? length : 1;
        const size_t n = (size_t)count * t->run;
        at = inside ? tni_pad_source(t, last, k) : -1;
        if (at < 0) for (i = 0; i < n; i++) y[i] = t->value;
        else memcpy(y, t->x + source + (size_t)at * t->run, n * sizeof *y);
        y += n;
        k += count;
    }
}

static void tni_pad_task(void *arg, int32_t index, int32_t worker)
{
    const tni_padding *const t = (const tni_padding *)arg;
    const size_t first = (size_t)index * t->per_task, end = first + tni_least(t->rows - first, t->per_task);
    size_t row;
    (void)worker;
    for (row = first; row < end; row++) tni_pad_row(t, row);
}

static void tni_pad_run(const tni_call *c, const tn_tensor *y, const tn_tensor *x, const tn_pad_params *p)
{
    tni_padding t;
    int32_t i;
    memset(&t, 0, sizeof t);
    t.y = (float *)y->data;
    t.x = (const float *)x->data;
    t.mode = p ? p->mode : TN_PAD_CONSTANT;
    t.value = p ? p->value : 0.0f;
    for (t.axes = x->rank; t.axes > 0 && y->dim[t.axes - 1] == x->dim[t.axes - 1];) t.axes--;
    t.run = tni_size_from(y, t.axes, y->rank);
    t.length[0] = t.out[0] = 1;
    for (i = 0; i < t.axes; i++) {
        t.length[i] = x->dim[i];
        t.out[i] = y->dim[i];
        t.before[i] = p ? p->before[i] : 0;
    }
    if (!t.axes) t.axes = 1;
    t.rows = tni_size_from(y, 0, t.axes - 1);
    t.per_task = tni_units_of_task(t.rows, (size_t)t.out[t.axes - 1] * t.run);
    tni_parallel(c, (int32_t)((t.rows - 1) / t.per_task + 1), tni_pad_task, &t);
}

TENON_API tn_status tn_pad(tn_context *ctx, const tn_tensor *y, const tn_tensor *x, const tn_pad_params *p)
{
    const tni_call c = tni_enter(ctx, "tn_pad");
    const tni_operand op[] = { { y, "y", 0, TNI_OUT | TNI_SOME_EMPTY }, { x, "x", 1, TNI_SOME_EMPTY } };
    tn_tensor expected;
    int32_t i;
    TNI_TRY(tni_operands(&c, op, 2));
    if (p && (p->mode < TN_PAD_CONSTANT || p->mode > TN_PAD_EDGE))
        return tni_bad(&c, TN_E_ARG, 2, "mode", "no such padding", p->mode);
    expected = *x;
    for (i = 0; i < x->rank && p; i++) {
        const int64_t before = p->before[i], after = p->after[i], most = before > after ? before : after;
        if (before < 0 || after < 0)
            return tni_bad(&c, TN_E_ARG, 2, before < 0 ? "before" : "after", "must not be negative",
                           before < 0 ? before : after);
        if (p->mode == TN_PAD_REFLECT && most && most >= x->dim[i])
            return tni_bad(&c, TN_E_ARG, 2, before > after ? "before" : "after",
                           "a reflection must be shorter than its axis", most);
        if (p->mode == TN_PAD_EDGE && most && !x->dim[i])
            return tni_bad(&c, TN_E_ARG, 2, before > after ? "before" : "after", "an axis of length 0 has no edge",
                           most);
        if (before + after + x->dim[i] > INT32_MAX)
            return tni_bad(&c, TN_E_OVERFLOW, 2, "before", "the padded length does not fit int32", before);
        expected.dim[i] = (int32_t)(before + after + x->dim[i]);
    }
    TNI_TRY(tni_expect(&c, &op[0], &expected, 0, "y has x's lengths and their padding"));
    TNI_TRY(tni_apart(&c, op, 2));
    TNI_TRY(tni_workspace(&c, 0, -1));
    if (!c.query && tni_size(y)) tni_pad_run(&c, y, x, p);
    return tni_ok(&c);
}

typedef struct tni_joining {
    float *y;
    const tn_tensor *const *x;
    size_t inner, row, rows, per_task; /* elements below the axis; elements of a row of y */
    int32_t count, axis;
} tni_joining;

static void tni_concat_task(void *arg, int32_t index, int32_t worker)
{
    const tni_joining *const t = (const tni_joining *)arg;
    const size_t first = (size_t)index * t->per_task, end = first + tni_least(t->rows - first, t->per_task);
    float *y = t->y + first * t->row;
    size_t row;
    int32_t k;
    (void)worker;
    for (row = first; row < end; row++)
        for (k = 0; k < t->count; k++) {
            const size_t n = (size_t)t->x[k]->dim[t->axis] * t->inner;
            if (n) memcpy(y, (const float *)t->x[k]->data + row * n, n * sizeof *y);
            y += n;
        }
}

static void tni_concat_run(const tni_call *c, const tn_tensor *y, const tn_tensor *const *x, int32_t count,
                           int32_t axis)
{
    tni_joining t;
    t.y = (float *)y->data;
    t.x = x;
    t.count = count;
    t.axis = axis;
    t.inner = tni_size_from(y, axis + 1, y->rank);
    t.row = (size_t)y->dim[axis] * t.inner;
    t.rows = tni_size_from(y, 0, axis);
    t.per_task = tni_units_of_task(t.rows, t.row);
    tni_parallel(c, (int32_t)((t.rows - 1) / t.per_task + 1), tni_concat_task, &t);
}

/* Why x[i] cannot be joined. A skip connection's other half went through a pool and back: of an odd length one is lost.
 * number[0], [1]: the odd length and what came back. */
static int32_t tni_infer_concat(const tn_tensor *e, const tn_tensor *x, int32_t axis, int64_t number[4])
{
    int32_t i, odd = 0;
    for (i = 1; e->rank == 4 && i < 4; i++) {
        const int32_t p = e->dim[i], q = x->dim[i], a = p > q ? p : q, b = p > q ? q : p;
        if (i == axis || a == b) continue;
        if (!(a & 1) || a != b + 1 || !tni_among(tni_letter(e, i), "HW")) return TN_CAUSE_CONCAT_AXIS;
        if (!odd++) { number[0] = a; number[1] = b; }
    }
    return odd && tni_letter(e, axis) == 'C' && e->dim[0] == x->dim[0] ? TN_CAUSE_UNET_ODD_SIZE : TN_CAUSE_CONCAT_AXIS;
}

TENON_API tn_status tn_concat(tn_context *ctx, const tn_tensor *y, const tn_tensor *const *x, int32_t count,
                              int32_t axis)
{
    const tni_call c = tni_enter(ctx, "tn_concat");
    tni_operand op[] = { { y, "y", 0, TNI_OUT | TNI_SOME_EMPTY }, { TNI_NULL, "x", 1, TNI_SOME_EMPTY } };
    tn_tensor expected;
    int64_t joined = 0;
    int32_t i, k, at;
    tn_status status;
    TNI_TRY(tni_operand_ok(&c, &op[0]));
    if (count < 1) return tni_bad(&c, TN_E_ARG, 2, "count", "must be at least 1", count);
    if (!x) return tni_bad(&c, TN_E_NULL, 1, "x", "must not be NULL", 0);
    at = tni_axis(axis, y->rank);
    if (at < 0) return tni_bad(&c, TN_E_ARG, 3, "axis", "must be from -rank to rank - 1", axis);
    for (i = 0; i < count; i++) {
        op[1].t = x[i];
        TNI_TRY(tni_operand_ok(&c, &op[1]));
        if (i == 0) expected = *x[0];
        if (x[i]->rank == y->rank) {
            joined += x[i]->dim[at];
            expected.dim[at] = x[i]->dim[at];
        }
        if (tni_expect(&c, &op[1], &expected, TN_E_MERGE, "operands differ on the joined axis alone") != TN_OK) {
            if (ctx && ctx->diag && x[i]->rank == expected.rank)
                ctx->diag->cause = tni_infer_concat(&expected, x[i], at, ctx->diag->number);
            return TN_E_MERGE;
        }
        if (joined > INT32_MAX)
            return tni_bad(&c, TN_E_OVERFLOW, 1, "x", "the joined length does not fit int32", joined);
    }
    if (expected.rank == y->rank) expected.dim[at] = (int32_t)joined;
    status = tni_expect(&c, &op[0], &expected, 0, "y has x's lengths, added up on the joined axis");
    if (status != TN_OK) {
        tn_diag *const d = ctx ? ctx->diag : TNI_NULL;
        if (d && y->rank == x[0]->rank + 1 && y->dim[0] == count && tni_fits_from(x[0], 0, y, 1, x[0]->rank)) {
            d->cause = TN_CAUSE_LIST_OF_IMAGES;
            d->number[0] = count;
        }
        return status;
    }
    for (k = 0; k < count; k++) {
        op[1].t = x[k];
        TNI_TRY(tni_apart(&c, op, 2));
    }
    TNI_TRY(tni_workspace(&c, 0, -1));
    if (!c.query && tni_size(y)) tni_concat_run(&c, y, x, count, at);
    return tni_ok(&c);
}

/* b of n elements (K 0), or of each row of K of them. */
typedef struct tni_combining {
    const tni_table *k;
    float *y;
    const float *a, *b;
    size_t n, K, per_task;
    int op;
} tni_combining;

static void tni_arithmetic_task(void *arg, int32_t index, int32_t worker)
{
    const tni_combining *const t = (const tni_combining *)arg;
    const size_t first = (size_t)index * t->per_task, end = first + tni_least(t->n - first, t->per_task);
    const int repeated = t->K && t->K <= TNI_REPEAT;
    const size_t most = repeated ? TNI_REPEAT / t->K * t->K : t->K ? t->K : t->per_task;
    float block[TNI_REPEAT];
    size_t at, n;
    (void)worker;
    if (repeated) tni_repeat(block, most, t->b, 0, t->K, 1, 0.0f);
    for (at = first; at < end; at += n) {
        n = tni_least(end - at, most);
        t->k->arithmetic(t->y + at, t->a + at, repeated ? block : t->K ? t->b : t->b + at, n, t->op);
    }
}

static void tni_arithmetic_run(const tni_call *c, const tn_tensor *y, const tn_tensor *a, const tn_tensor *b, int op)
{
    tni_combining t;
    t.k = tni_active();
    t.y = (float *)y->data;
    t.a = (const float *)a->data;
    t.b = (const float *)b->data;
    t.n = tni_size(a);
    t.K = b->rank == a->rank ? 0 : (size_t)b->dim[0];
    t.per_task = t.K ? t.K * tni_units_of_task(t.n / t.K, t.K) : tni_units_of_task(t.n, 1);
    t.op = op;
    tni_parallel(c, (int32_t)((t.n - 1) / t.per_task + 1), tni_arithmetic_task, &t);
}

/* y = a op b */
static tn_status tni_elementwise(tn_context *ctx, const char *name, const tn_tensor *y, const tn_tensor *a,
                                 const tn_tensor *b, int what)
{
    const tni_call c = tni_enter(ctx, name);
    const tni_operand op[] = { { y, "y", 0, TNI_OUT | TNI_BATCHED },
                               { a, "a", 1, TNI_INPLACE | TNI_BATCHED },
                               { b, "b", 2, TNI_INPLACE | TNI_BATCHED } };
    TNI_TRY(tni_operands(&c, op, 3));
    if (!(b->rank == 1 && a->rank > 1 && b->dim[0] == a->dim[a->rank - 1]))
        TNI_TRY(tni_merge_expect(&c, &op[2], a, "b has a's shape and order of axes, or the shape of its last axis"));
    TNI_TRY(tni_expect(&c, &op[0], a, 0, "y has a's shape"));
    TNI_TRY(tni_apart(&c, op, 3));
    TNI_TRY(tni_workspace(&c, 0, -1));
    if (!c.query && tni_size(y)) tni_arithmetic_run(&c, y, a, b, what);
    return tni_ok(&c);
}

TENON_API tn_status tn_add(tn_context *ctx, const tn_tensor *y, const tn_tensor *a, const tn_tensor *b)
{
    return tni_elementwise(ctx, "tn_add", y, a, b, TNI_ADD);
}

TENON_API tn_status tn_subtract(tn_context *ctx, const tn_tensor *y, const tn_tensor *a, const tn_tensor *b)
{
    return tni_elementwise(ctx, "tn_subtract", y, a, b, TNI_SUBTRACT);
}

TENON_API tn_status tn_multiply(tn_context *ctx, const tn_tensor *y, const tn_tensor *a, const tn_tensor *b)
{
    return tni_elementwise(ctx, "tn_multiply", y, a, b, TNI_MULTIPLY);
}
