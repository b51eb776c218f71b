/* impl/pick.h - classes: the greatest value, the k greatest, indices to rows of 0 and 1. */

enum { TNI_PICK_TASK = 16384 }; /* elements */

typedef struct tni_picking {
    const tni_table *k;
    const tn_tensor *values, *indices, *x;
    size_t outer, inner, K, k_top, per_task;
} tni_picking;

static void tni_put_index(const tn_tensor *indices, size_t at, size_t index)
{
    if (indices->dtype == TN_I32) ((int32_t *)indices->data)[at] = (int32_t)index;
    else ((int64_t *)indices->data)[at] = (int64_t)index;
}

static int tni_above(float a, float b) { return a > b || (!(a <= a) && b <= b); } /* NaN is greatest */

static void tni_pick_tasks(const tni_call *c, tni_picking *p, size_t each, tn_task run)
{
    p->k = tni_active();
    p->per_task = TNI_PICK_TASK / (each + 1) + 1;
    if (p->outer) tni_parallel(c, (int32_t)((p->outer - 1) / p->per_task + 1), run, p);
}

static void tni_argmax_task(void *arg, int32_t index, int32_t worker)
{
    const tni_picking *const p = (const tni_picking *)arg;
    const size_t first = (size_t)index * p->per_task, end = first + tni_least(p->outer - first, p->per_task);
    size_t o, i, j, k, at[64];
    (void)worker;
    for (o = first; o < end; o++) {
        const float *const x = (const float *)p->x->data + o * p->K * p->inner;
        if (p->inner == 1) { tni_put_index(p->indices, o, p->k->argmax_row(x, p->K)); continue; }
        for (i = 0; i < p->inner; i += 64) {
            const size_t n = tni_least(p->inner - i, 64);
            for (j = 0; j < n; j++) at[j] = 0;
            for (k = 1; k < p->K; k++)
                for (j = 0; j < n; j++) if (tni_above(x[k * p->inner + i + j], x[at[j] * p->inner + i + j])) at[j] = k;
            for (j = 0; j < n; j++) tni_put_index(p->indices, o * p->inner + i + j, at[j]);
        }
    }
}

TENON_API tn_status tn_argmax(tn_context *ctx, const tn_tensor *y, const tn_tensor *x, int32_t axis)
{
    tni_call c = tni_enter(ctx, "tn_argmax");
    const tni_operand op[] = { { y, "y", 0, TNI_OUT | TNI_INDICES | TNI_BATCHED },
        { x, "x", 1, TNI_IN | TNI_BATCHED } };
    tn_tensor shape;
    tni_picking p;
    int32_t a, i;
    TNI_TRY(tni_operands(&c, op, 2));
    a = tni_axis(axis, x->rank);
    if (a < 0) return tni_bad(&c, TN_E_ARG, 2, "axis", "must be from -rank to rank - 1 of x", axis);
    if (!x->dim[a]) {
        tn_diag d = tni_operand_finding(&op[1], TN_E_EMPTY, "nothing is greatest of nothing");
        d.axes_differ = 1u << a;
        return tni_refuse(&c, &d);
    }
    shape = *x;
    shape.dtype = y->dtype;
    shape.rank--;
    for (i = a; i < shape.rank; i++) shape.dim[i] = x->dim[i + 1];
    shape.axes = tni_names(x);
    shape.axes = (shape.axes & ((1 << (5 * a)) - 1)) | (a < 5 ? shape.axes >> (5 * a + 5) << (5 * a) : 0);
    TNI_TRY(tni_expect(&c, &op[0], &shape, 0, "y must have the shape of x without the axis"));
    TNI_TRY(tni_apart(&c, op, 2));
    TNI_TRY(tni_workspace(&c, 0, -1));
    if (c.query) return tni_ok(&c);
    memset(&p, 0, sizeof p);
    p.indices = y; p.x = x;
    p.outer = tni_size_from(x, 0, a);
    p.K = (size_t)x->dim[a];
    p.inner = tni_size_from(x, a + 1, x->rank);
    tni_pick_tasks(&c, &p, p.K * p.inner, tni_argmax_task);
    return tni_ok(&c);
}

/* What stands at place j of a row's list so far. */
static float tni_listed(const tni_picking *p, size_t row, const float *x, size_t j)
{
    if (p->values) return ((const float *)p->values->data)[row * p->k_top + j];
    return x[p->indices->dtype == TN_I32 ? (size_t)((const int32_t *)p->indices->data)[row * p->k_top + j]
                                         : (size_t)((const int64_t *)p->indices->data)[row * p->k_top + j]];
}

static void tni_make_room(const tn_tensor *t, size_t row, size_t k, size_t j, size_t length)
{
    const size_t size = tni_dtype_size(t->dtype);
    char *const p = (char *)t->data + (row * k + j) * size;
    memmove(p + size, p, (length - j) * size);
}

/* Insertion into the sorted list: most elements fail the first comparison. An element goes behind those it equals. */
static void tni_top_k_task(void *arg, int32_t index, int32_t worker)
{
    const tni_picking *const p = (const tni_picking *)arg;
    const size_t first = (size_t)index * p->per_task, end = first + tni_least(p->outer - first, p->per_task),
        k = p->k_top;
    size_t row, i;
    (void)worker;
    for (row = first; row < end; row++) {
        const float *const x = (const float *)p->x->data + row * p->K;
        for (i = 0; i < p->K; i++) {
            size_t low = 0, high = i < k ? i : k; /* its place is in low .. high */
            const size_t length = i < k ? i : k - 1;
            if (i >= k && !tni_above(x[i], tni_listed(p, row, x, k - 1))) continue;
            while (low < high) {
                const size_t middle = (low + high) / 2;
                if (tni_above(x[i], tni_listed(p, row, x, middle))) high = middle;
                else low = middle + 1;
            }
            if (p->values) {
                tni_make_room(p->values, row, k, low, length);
                ((float *)p->values->data)[row * k + low] = x[i];
            }
            if (p->indices) {
                tni_make_room(p->indices, row, k, low, length);
                tni_put_index(p->indices, row * k + low, i);
            }
        }
    }
}

TENON_API tn_status tn_top_k(tn_context *ctx, const tn_tensor *values, const tn_tensor *indices, const tn_tensor *x)
{
    tni_call c = tni_enter(ctx, "tn_top_k");
    const tni_operand op[] = { { values, "values[...,k]", 0, TNI_OUT | TNI_OPTIONAL | TNI_BATCHED },
                               { indices, "indices[...,k]", 1, TNI_OUT | TNI_OPTIONAL | TNI_INDICES | TNI_BATCHED },
                               { x, "x[...,K]", 2, TNI_IN | TNI_BATCHED } };
    tn_tensor shape;
    tni_picking p;
    int32_t i, last, k = TN_ANY;
    TNI_TRY(tni_operands(&c, op, 3));
    if (!values && !indices) return tni_bad(&c, TN_E_NULL, 0, "values[...,k]", "values or indices must be given", 0);
    last = x->rank - 1;
    if (last < 0) return tni_bad(&c, TN_E_RANK, 2, "x[...,K]", "must have a last axis", 0);
    shape = *x;
    shape.axes = tni_names(x);
    for (i = 0; i < 2; i++) {
        if (!op[i].t) continue;
        shape.dtype = op[i].t->dtype;
        shape.dim[last] = k;
        TNI_TRY(tni_expect(&c, &op[i], &shape, 0,
            "values and indices must have the shape of x but for the last axis, k"));
        k = op[i].t->dim[last];
        if (k < 1 || k > x->dim[last]) {
            tn_diag d = tni_operand_finding(&op[i], TN_E_ARG, "k must be from 1 to K");
            d.axes_differ = 1u << last;
            d.number[0] = k; d.number[1] = x->dim[last];
            return tni_refuse(&c, &d);
        }
    }
    TNI_TRY(tni_apart(&c, op, 3));
    TNI_TRY(tni_workspace(&c, 0, -1));
    if (c.query) return tni_ok(&c);
    memset(&p, 0, sizeof p);
    p.values = values; p.indices = indices; p.x = x;
    p.outer = tni_size_from(x, 0, last);
    p.K = (size_t)x->dim[last];
    p.k_top = (size_t)k;
    tni_pick_tasks(&c, &p, p.K, tni_top_k_task);
    return tni_ok(&c);
}

static void tni_one_hot_task(void *arg, int32_t index, int32_t worker)
{
    const tni_picking *const p = (const tni_picking *)arg;
    const size_t first = (size_t)index * p->per_task, end = first + tni_least(p->outer - first, p->per_task);
    size_t row, j;
    (void)worker;
    for (row = first; row < end; row++) {
        float *const y = (float *)p->values->data + row * p->K;
        for (j = 0; j < p->K; j++) y[j] = 0.0f;
        y[tni_label(p->x->data, p->x->dtype, row)] = 1.0f;
    }
}

TENON_API tn_status tn_one_hot(tn_context *ctx, const tn_tensor *y, const tn_tensor *labels)
{
    tni_call c = tni_enter(ctx, "tn_one_hot");
    const tni_operand op[] = { { y, "y[...,K]", 0, TNI_OUT | TNI_BATCHED },
        { labels, "labels[...]", 1, TNI_IN | TNI_LABELS | TNI_BATCHED } };
    tni_loss_call asked; /* labels are read and verified as those of a loss */
    tn_tensor shape;
    tni_picking p;
    int32_t last;
    TNI_TRY(tni_operands(&c, op, 2));
    last = y->rank - 1;
    if (last < 0) return tni_bad(&c, TN_E_RANK, 0, "y[...,K]", "must have a last axis, K", 0);
    if (!y->dim[last]) return tni_bad(&c, TN_E_EMPTY, 0, "y[...,K]", "K must not be 0", 0);
    shape = *y;
    shape.dtype = labels->dtype;
    shape.axes = tni_names(y);
    if (labels->rank == y->rank) shape.dim[last] = 1;
    else shape.rank = last;
    if (labels->rank == y->rank && y->dim[last] > 1 && labels->dim[last] == y->dim[last]) {
        tn_diag d = tni_operand_finding(&op[1], TN_E_LABEL_FORM,
            "labels are class indices, these have one row for each already");
        d.cause = TN_CAUSE_ONEHOT_TWICE;
        d.expected = shape;
        return tni_refuse(&c, &d);
    }
    if (labels->rank != shape.rank) return tni_mismatch(&c, &op[1], &shape, TN_E_LABEL_RANK,
        "labels have y's axes without the last");
    TNI_TRY(tni_expect(&c, &op[1], &shape, TN_E_SAMPLES, "labels must be as many as the rows of y"));
    TNI_TRY(tni_apart(&c, op, 2));
    memset(&p, 0, sizeof p);
    p.values = y; p.x = labels;
    p.outer = tni_size_from(y, 0, last);
    p.K = (size_t)y->dim[last];
    if (!c.query) {
        memset(&asked, 0, sizeof asked);
        asked.x = op[0];
        asked.target = op[1];
        asked.kind = TN_SPARSE_CATEGORICAL_CROSSENTROPY;
        asked.rows = 1;
        asked.positions = p.outer;
        TNI_TRY(tni_label_values(&c, &asked));
    }
    TNI_TRY(tni_workspace(&c, 0, -1));
    if (!c.query) tni_pick_tasks(&c, &p, p.K, tni_one_hot_task);
    return tni_ok(&c);
}
