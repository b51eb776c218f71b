/* impl/loss_check.h - what tn_loss asks of its operands: labels against the output, then the labels themselves. */

typedef struct tni_loss_call {
    tni_operand loss, dx, x, target, class_weight, sample_weight;
    int32_t kind, rows;         /* rows: a loss over classes, the last axis */
    size_t positions, elements; /* each position has a loss; elements of x */
    tn_loss_params p;
    double divisor; /* of a mean: the sum of the weights of what counts */
} tni_loss_call;

/* (N,) read as (N,1). */
static tn_tensor tni_column(const tn_tensor *t)
{
    tn_tensor column = *t;
    if (t->rank == 1) { column.rank = 2; column.dim[1] = 1; }
    return column;
}

static tn_status tni_labels_refuse(const tni_call *c, const tni_loss_call *l, int32_t status, const tn_tensor *expected,
                                   const char *rule)
{
    tn_diag d = tni_operand_finding(&l->target, status, rule);
    int32_t i;
    d.expected = *expected;
    d.expected.dtype = l->target.t->dtype;
    if (d.expected.rank == d.received.rank)
        for (i = 0; i < d.expected.rank; i++) d.axes_differ |= (uint32_t)(d.expected.dim[i] != d.received.dim[i]) << i;
    d.cause = tni_infer_labels(status, l->x.t, l->target.t, -1, 0, 0, d.number);
    return tni_refuse(c, &d);
}

/* Rank first, then the count of samples, the form, the width, the other axes. */
static tn_status tni_label_shape(const tni_call *c, const tni_loss_call *l)
{
    const tn_tensor x = l->rows ? *l->x.t : tni_column(l->x.t), t = l->rows ? *l->target.t : tni_column(l->target.t);
    const int32_t sparse = l->kind == TN_SPARSE_CATEGORICAL_CROSSENTROPY, last = x.rank - 1;
    const int32_t indices = t.rank == last || (t.rank == x.rank && t.dim[last] == 1); /* one label a position */
    tn_tensor expected = *l->x.t;
    int32_t i, status;
    if (sparse) { expected.rank = last; expected.axes &= (1 << (5 * last)) - 1; }
    if (t.rank != x.rank && !(l->rows && t.rank == last))
        return tni_labels_refuse(c, l, TN_E_LABEL_RANK, &expected,
                                 sparse ? "class indices have the output's axes without its last"
                                        : "labels have the output's axes");
    if (!l->rows && x.rank == 2 && x.dim[0] == 1 && t.dim[1] == 1 && t.dim[0] == x.dim[1] && t.dim[0] > 1)
        return tni_labels_refuse(c, l, TN_E_LABEL_CLASSES, &expected, "a row and a column: losses never broadcast");
    if (t.dim[0] != x.dim[0]) return tni_labels_refuse(c, l, TN_E_SAMPLES, &expected, "N of target must equal N of x");
    if (sparse && !indices)
        return tni_labels_refuse(c, l, TN_E_LABEL_FORM, &expected,
                                 "this loss takes class indices, one for each position: [N], [N,1]");
    if (!sparse && l->rows && indices && (t.rank != x.rank || x.dim[last] != 1))
        return tni_labels_refuse(c, l, TN_E_LABEL_FORM, &expected, "this loss takes one row of K for each position");
    if (!sparse && t.dim[last] != x.dim[last])
        return tni_labels_refuse(c, l, TN_E_LABEL_CLASSES, &expected,
                                 "the last axis of target must equal that of x: losses never broadcast");
    for (i = 1; i < last; i++) {
        if (t.dim[i] == x.dim[i]) continue;
        status = tni_axis_status(tni_letter(l->x.t, i));
        return tni_labels_refuse(c, l, status, &expected,
                                 "target must have the positions of x: losses never broadcast");
    }
    if (!sparse && l->kind != TN_BINARY_CROSSENTROPY && l->target.t->dtype != TN_F32)
        return tni_labels_refuse(c, l, TN_E_DTYPE, &expected, "target must be float32: see tn_convert");
    return TN_OK;
}

/* [N], [N,1] or the positions. */
static tn_status tni_sample_weight_shape(const tni_call *c, const tni_loss_call *l)
{
    const tn_tensor *const x = l->x.t, *const w = l->sample_weight.t;
    tn_tensor expected = *x;
    int32_t i, same, rank = l->rows ? x->rank - 1 : x->rank;
    if (!w) return TN_OK;
    same = w->rank == rank || (w->rank == rank + 1 && l->rows && w->dim[rank] == 1);
    for (i = 0; same && i < rank; i++) same = w->dim[i] == x->dim[i];
    if (same || ((w->rank == 1 || (w->rank == 2 && w->dim[1] == 1)) && w->dim[0] == x->dim[0])) return TN_OK;
    expected.rank = 1; expected.axes &= 31;
    return tni_mismatch(c, &l->sample_weight, &expected, TN_E_SAMPLES,
                        "one weight for each sample, or for each position");
}

static tn_status tni_class_weight_shape(const tni_call *c, const tni_loss_call *l)
{
    const tn_tensor *const w = l->class_weight.t;
    const int32_t K = l->x.t->dim[l->x.t->rank - 1];
    tn_diag d;
    if (!w || (w->rank == 1 && w->dim[0] == K)) return TN_OK;
    d = tni_operand_finding(&l->class_weight, TN_E_LABEL_CLASSES, "one weight for each class");
    d.expected = tni_shape(TNI_AX('K', 0), 1, K, 0, 0, 0);
    if (w->rank == 1) {
        d.axes_differ = 1;
        d.cause = TN_CAUSE_CLASS_WEIGHT_MISSING;
        d.number[0] = w->dim[0]; d.number[1] = K;
    }
    return tni_refuse(c, &d);
}

static int tni_weight_ok(float v) { return v >= 0.0f && v <= 3.402823466e38f; }

static tn_status tni_loss_options(const tni_call *c, const tni_loss_call *l)
{
    const tn_loss_params *const p = &l->p;
    const int32_t binary = l->kind == TN_BINARY_CROSSENTROPY, sparse = l->kind == TN_SPARSE_CATEGORICAL_CROSSENTROPY;
    if (p->reduction < TN_MEAN || p->reduction > TN_NONE)
        return tni_bad(c, TN_E_ARG, 5, "p->reduction", "no such reduction", p->reduction);
    if (p->from < TN_PROBABILITIES || p->from > TN_LOG_PROBABILITIES || (binary && p->from == TN_LOG_PROBABILITIES))
        return tni_bad(c, TN_E_ARG, 5, "p->from",
                       "cross-entropies take probabilities, logits or, but binary, log-probabilities", p->from);
    if (!(p->label_smoothing >= 0.0f && p->label_smoothing <= 1.0f) ||
        (p->label_smoothing > 0.0f && !l->rows && !binary))
        return tni_bad(c, TN_E_ARG, 5, "p->label_smoothing", "must be 0 to 1, and 0 where the loss is no cross-entropy",
                       0);
    if (!tni_weight_ok(p->delta)) return tni_bad(c, TN_E_ARG, 5, "p->delta", "must be finite and not negative", 0);
    if (!(p->clip >= 0.0f && p->clip < 0.5f))
        return tni_bad(c, TN_E_ARG, 5, "p->clip", "must be 0 or more and below 0.5", 0);
    if (p->use_ignore_index && !sparse)
        return tni_bad(c, TN_E_ARG, 5, "p->use_ignore_index", "only class indices can be ignored", 0);
    if (p->class_weight && !l->rows)
        return tni_bad(c, TN_E_ARG, 5, "p->class_weight", "only losses over classes have class weights", 0);
    return TN_OK;
}

/* x, target and the weights against each other; counts positions and elements. */
static tn_status tni_loss_shapes(const tni_call *c, tni_loss_call *l)
{
    const tn_tensor *const x = l->x.t;
    if (x->rank < (l->rows ? 2 : 1)) {
        const tn_tensor expected = tni_shape(TNI_AX('N', 0) | TNI_AX('K', 1), 2, TN_ANY, TN_ANY, 0, 0);
        return tni_mismatch(c, &l->x, &expected, 0,
                            l->rows ? "a batch axis N, then the classes last" : "a batch axis N");
    }
    TNI_TRY(tni_label_shape(c, l));
    TNI_TRY(tni_class_weight_shape(c, l));
    TNI_TRY(tni_sample_weight_shape(c, l));
    l->elements = tni_size(x);
    l->positions = l->rows ? tni_size_from(x, 0, x->rank - 1) : l->elements;
    return TN_OK;
}

/* One pass over labels that are indices, or 0 and 1 of integer type: every one is in its range, or ignored. */
static tn_status tni_label_values(const tni_call *c, const tni_loss_call *l)
{
    const tn_tensor *const t = l->target.t;
    const int64_t K = l->rows ? l->x.t->dim[l->x.t->rank - 1] : 2;
    const size_t n = l->positions;
    int64_t first = 0, bad = 0, value = 0, low = INT64_MAX, high = INT64_MIN;
    size_t i;
    tn_diag d;
    if (l->kind != TN_SPARSE_CATEGORICAL_CROSSENTROPY && (l->kind != TN_BINARY_CROSSENTROPY || t->dtype == TN_F32))
        return TN_OK;
    for (i = 0; i < n; i++) {
        int64_t v;
        if (t->dtype == TN_F32) {
            const float f = ((const float *)t->data)[i];
            if (!(f <= f) || (f < 9.2e18f && f > -9.2e18f && ((float)(int64_t)f < f || (float)(int64_t)f > f))) {
                d = tni_operand_finding(&l->target, TN_E_LABEL_FORM, "a class index is a whole number");
                d.cause = f <= f ? TN_CAUSE_LABELS_FRACTIONAL : TN_CAUSE_LABELS_WITH_NOTHING;
                d.number[0] = (int64_t)i;
                return tni_refuse(c, &d);
            }
            v = f >= 9.2e18f ? INT64_MAX : f <= -9.2e18f ? INT64_MIN : (int64_t)f; /* infinities among them */
        } else {
            v = tni_label(t->data, t->dtype, i);
        }
        if (l->p.use_ignore_index && v == l->p.ignore_index) continue;
        if (v < low) low = v;
        if (v > high) high = v;
        if (v >= 0 && v < K) continue;
        if (!bad++) { first = (int64_t)i; value = v; }
    }
    if (!bad) return TN_OK;
    d = tni_operand_finding(&l->target, TN_E_LABEL_RANGE,
                            l->rows ? "a class index is 0 to K-1" : "a binary label is 0 or 1");
    d.cause = l->rows ? tni_infer_labels(TN_E_LABEL_RANGE, l->x.t, t, first, low, high, d.number) : 0;
    if (!d.cause) { d.number[0] = first; d.number[1] = value; d.number[2] = K; } /* else the figures of its sentence */
    d.number[3] = bad;
    return tni_refuse(c, &d);
}

/* What a mean divides by. A sum of counts is exact; one of weights runs in the order of positions. */
static double tni_loss_divisor(const tni_loss_call *l)
{
    const int32_t sparse = l->kind == TN_SPARSE_CATEGORICAL_CROSSENTROPY;
    const float *const sample = l->sample_weight.t ? (const float *)l->sample_weight.t->data : TNI_NULL;
    const float *const weight = sparse && l->class_weight.t ? (const float *)l->class_weight.t->data : TNI_NULL;
    const size_t per = sample && l->positions ? l->positions / tni_size(l->sample_weight.t) : 1;
    double sum = 0.0;
    size_t i;
    if (!sample && !weight && !l->p.use_ignore_index) return (double)l->positions;
    for (i = 0; i < l->positions; i++) {
        const int64_t label = sparse ? tni_label(l->target.t->data, l->target.t->dtype, i) : 0;
        if (l->p.use_ignore_index && label == l->p.ignore_index) continue;
        sum += (sample ? (double)sample[i / per] : 1.0) * (weight ? (double)weight[label] : 1.0);
    }
    return sum;
}
