/* tests/test_loss.c - tn_loss: against the formulas in double, bits, memory, aliasing, refusals. */
#include "test.h"

/* ---- one problem, and its oracle ---- */

typedef struct problem {
    int kind, from, reduction, dtype, N, P, K; /* P positions in a sample; K 0: a loss element by element */
    int weights;                               /* sample weights: 0 none, 1 one a sample, 2 one a position */
    int class_weights, ignores;
    float smoothing, delta, clip;
} problem;

typedef struct operands {
    float *x, *rows, *dx, *loss, *class_weight, *sample_weight;
    void *labels;
    tn_tensor tx, tt, tdx, tloss, tcw, tsw;
    tn_loss_params p;
} operands;

static int is_sparse(const problem *q) { return q->kind == TN_SPARSE_CATEGORICAL_CROSSENTROPY; }
static size_t positions(const problem *q) { return (size_t)q->N * (size_t)q->P; }
static size_t elements(const problem *q) { return positions(q) * (size_t)(q->K ? q->K : 1); }
static int width(const problem *q) { return q->K ? q->K : 2; }
enum { IGNORED = 201 };

static int64_t label_of(const problem *q, const operands *o, size_t i)
{
    switch (q->dtype) {
    case TN_U8: return ((const uint8_t *)o->labels)[i];
    case TN_I32: return ((const int32_t *)o->labels)[i];
    case TN_I64: return ((const int64_t *)o->labels)[i];
    default: return (int64_t)((const float *)o->labels)[i];
    }
}

static void set_label(const problem *q, const operands *o, size_t i, int64_t v)
{
    switch (q->dtype) {
    case TN_U8: ((uint8_t *)o->labels)[i] = (uint8_t)v; break;
    case TN_I32: ((int32_t *)o->labels)[i] = (int32_t)v; break;
    case TN_I64: ((int64_t *)o->labels)[i] = v; break;
    default: ((float *)o->labels)[i] = (float)v;
    }
}

/* x [N,P,K], or [N,P]; the target by kind and dtype. Values lie away from every kink: x on a grid of 1/64, targets half
 * a step beside it. */
static operands operands_of(const problem *q, int at_end)
{
    const size_t n = positions(q), all = elements(q);
    const int by_label = is_sparse(q) || q->dtype != TN_F32,
              probable = q->from == TN_PROBABILITIES && q->kind <= TN_BINARY_CROSSENTROPY;
    operands o;
    size_t i, k;
    memset(&o, 0, sizeof o);
    o.x = fence_floats(all, at_end);
    o.dx = fence_floats(all, at_end);
    o.loss = fence_floats(q->reduction == TN_NONE ? n : 1, at_end);
    o.class_weight = fence_floats((size_t)width(q), at_end); o.sample_weight = fence_floats(n, at_end);
    o.labels = fence_bytes((by_label ? n : all) * tni_dtype_size(q->dtype), at_end);
    o.rows = by_label ? NULL : (float *)o.labels;
    for (i = 0; i < all; i++)
        o.x[i] = (float)(probable ? random_int(4, 60) : random_int(-250, 250)) / 64.0f -
                 (q->from == TN_LOG_PROBABILITIES && q->K ? 4.0f : 0.0f);
    for (i = 0; by_label && i < n; i++)
        set_label(q, &o, i, q->ignores && random_bits() % 4 == 0 ? IGNORED : random_int(0, width(q) - 1));
    for (i = 0; !by_label && i < all; i++)
        o.rows[i] = q->K || q->kind == TN_BINARY_CROSSENTROPY ? random_float(0.0f, 1.0f)
                                                              : (float)random_int(-250, 250) / 64.0f + 1.0f / 128.0f;
    for (i = 0; q->K && !by_label && i < n; i += 3) /* some are one-hot */
        for (k = 0; k < (size_t)q->K; k++)
            o.rows[i * (size_t)q->K + k] = k == i % (size_t)q->K ? 1.0f : 0.0f;
    fill_floats(o.class_weight, (size_t)width(q), 0.25f, 2.0f);
    fill_floats(o.sample_weight, n, 0.25f, 2.0f);
    o.tx = tn_cview(o.x, 0, q->K ? 3 : 2, q->N, q->P, q->K, 0);
    o.tdx = tn_view(o.dx, 0, q->K ? 3 : 2, q->N, q->P, q->K, 0);
    o.tt = tn_as(tn_cview(o.labels, 0, q->K && !by_label ? 3 : 2, q->N, q->P, q->K, 0), q->dtype);
    o.tloss = tn_view(o.loss, 0, q->reduction == TN_NONE ? 2 : 0, q->N, q->P, 0, 0);
    o.tcw = tn_cview(o.class_weight, 0, 1, q->K, 0, 0, 0);
    o.tsw = tn_cview(o.sample_weight, 0, q->weights, q->N, q->P, 0, 0);
    o.p.from = q->from;
    o.p.reduction = q->reduction;
    o.p.label_smoothing = q->smoothing;
    o.p.delta = q->delta;
    o.p.clip = q->clip;
    o.p.use_ignore_index = q->ignores; o.p.ignore_index = IGNORED;
    return o;
}

/* Not in operands_of: they would point into its own copy. */
static tn_loss_params *params(const problem *q, operands *o)
{
    o->p.class_weight = q->class_weights ? &o->tcw : NULL;
    o->p.sample_weight = q->weights ? &o->tsw : NULL;
    return &o->p;
}

static double log_or_floor(double p, double clip)
{
    return clip > 0.0 ? log(p) : p > 0.0 ? fmax(log(p), -100.0) : -100.0;
}
static double clipped(double p, double clip) { return clip > 0.0 ? fmin(fmax(p, clip), 1.0 - clip) : p; }

static double sample_weight(const problem *q, const operands *o, size_t i)
{
    return q->weights == 0 ? 1.0 : (double)o->sample_weight[q->weights == 1 ? i / (size_t)q->P : i];
}

/* The loss of position i where x's element j of it is moved by h; *size: of what is rounded on the way. */
static double one_loss(const problem *q, const operands *o, size_t i, size_t j, double h, double *size)
{
    const double s = (double)q->smoothing, delta = q->delta > 0.0f ? (double)q->delta : 1.0, clip = (double)q->clip;
    const size_t K = (size_t)(q->K ? q->K : 1);
    const float *const x = o->x + i * K;
    const int by_label = o->rows == NULL;
    double sum = 0.0, norm = 0.0;
    size_t k;
    if (!q->K) {
        const double v = (double)x[0] + h, e = v - (by_label ? (double)label_of(q, o, i) : (double)o->rows[i]);
        const double t = (1.0 - s) * (by_label ? (double)label_of(q, o, i) : (double)o->rows[i]) + s / 2.0,
                     p = clipped(v, clip);
        switch (q->kind) {
        case TN_MEAN_SQUARED_ERROR: *size = e * e; return e * e;
        case TN_MEAN_ABSOLUTE_ERROR: *size = fabs(e); return fabs(e);
        case TN_HUBER:
            *size = fabs(e) <= delta ? e * e / 2.0 : delta * (fabs(e) + delta);
            return fabs(e) <= delta ? e * e / 2.0 : delta * (fabs(e) - delta / 2.0);
        default: break;
        }
        if (q->from == TN_LOGITS) { *size = 1.0 + fabs(v); return t * log1p(exp(-v)) + (1.0 - t) * log1p(exp(v)); }
        *size = fabs(log_or_floor(p, clip)) + fabs(log_or_floor(1.0 - p, clip));
        return -t * log_or_floor(p, clip) - (1.0 - t) * log_or_floor(1.0 - p, clip);
    }
    *size = 0.0;
    if (is_sparse(q) && q->ignores && label_of(q, o, i) == IGNORED) return 0.0;
    for (k = 0; k < K; k++) norm += exp((double)x[k] + (k == j ? h : 0.0));
    for (k = 0; k < K; k++) {
        const double v = (double)x[k] + (k == j ? h : 0.0),
                     t = by_label ? (double)(label_of(q, o, i) == (int64_t)k) : (double)o->rows[i * K + k];
        const double share = ((1.0 - s) * t + s / (double)K) * (q->class_weights ? (double)o->class_weight[k] : 1.0);
        const double l = q->from == TN_LOGITS          ? v - log(norm)
                         : q->from == TN_PROBABILITIES ? log_or_floor(clipped(v, clip), clip)
                                                       : v;
        sum -= share * l;
        *size += fabs(share) * (1.0 + fabs(l) + (q->from == TN_LOGITS ? 8.0 : 0.0));
    }
    return sum;
}

static double divisor(const problem *q, const operands *o)
{
    double sum = 0.0;
    size_t i;
    if (q->reduction != TN_MEAN) return 1.0;
    for (i = 0; i < positions(q); i++) {
        const int64_t t = is_sparse(q) ? label_of(q, o, i) : 0;
        if (is_sparse(q) && q->ignores && t == IGNORED) continue;
        sum += sample_weight(q, o, i) * (is_sparse(q) && q->class_weights ? (double)o->class_weight[t] : 1.0);
    }
    return sum;
}

/* Loss and gradient against the oracle. A position's loss is a sum of K terms over 16 lanes and some 16 roundings more;
 * a float sum of positions adds 32; central differences of the double oracle are good to 1e-8. */
static void check_problem(const problem *q)
{
    operands o = operands_of(q, 1);
    const size_t n = positions(q), K = (size_t)(q->K ? q->K : 1);
    const double by = divisor(q, &o), unit = 0x1p-24 * ((double)q->K / 16.0 + 16.0);
    double total = 0.0, sizes = 0.0, size, one, bound;
    size_t i, j;
    assert_int_equal(tn_loss(NULL, q->kind, &o.tloss, &o.tdx, &o.tx, &o.tt, params(q, &o)), TN_OK);
    for (i = 0; i < n; i++) {
        const double w = sample_weight(q, &o, i), l = one_loss(q, &o, i, 0, 0.0, &one) * w;
        bound = unit * one * w;
        if (q->reduction == TN_NONE) ASSERT_WITHIN(&o.loss[i], &l, &bound, 1);
        total += l; sizes += one * w;
        for (j = 0; j < K; j++) {
            const double h = 1e-5, up = one_loss(q, &o, i, j, h, &size),
                         d = (up - one_loss(q, &o, i, j, -h, &size)) / (2.0 * h) * w / by;
            bound = (unit * (4.0 + 2.0 * fabs(d) * by / w) + 1e-8 * (1.0 + one + fabs(d) * by / w)) * w / by;
            ASSERT_WITHIN(&o.dx[i * K + j], &d, &bound, 1);
        }
    }
    total /= by; bound = unit * 3.0 * sizes / by;
    if (q->reduction != TN_NONE) ASSERT_WITHIN(o.loss, &total, &bound, 1);
    fence_clear();
}

/* ---- values and gradients ---- */

static void exact_on_integers(void **state)
{
    static const int kinds[] = { TN_MEAN_SQUARED_ERROR, TN_MEAN_ABSOLUTE_ERROR, TN_HUBER };
    size_t length, kind;
    int at_end, reduction;
    (void)state;
    FOR_EACH_ISA(isa)
        for (length = 0; length < COUNT(tails); length++) for (kind = 0; kind < COUNT(kinds); kind++)
            for (at_end = 0; at_end < 2; at_end++) for (reduction = TN_SUM; reduction <= TN_NONE; reduction++) {
                const problem q = { kinds[kind], 0, reduction, TN_F32, 1, tails[length], 0, 0, 0, 0, 0.0f, 2.0f, 0.0f };
                operands o = operands_of(&q, at_end);
                const size_t n = positions(&q);
                double sum = 0.0;
                size_t i;
                fill_ints(o.x, n, -8, 8);
                fill_ints(o.rows, n, -8, 8);
                assert_int_equal(tn_loss(NULL, q.kind, &o.tloss, &o.tdx, &o.tx, &o.tt, params(&q, &o)), TN_OK);
                for (i = 0; i < n; i++) {
                    double none, l = one_loss(&q, &o, i, 0, 0.0, &none), e = (double)o.x[i] - (double)o.rows[i];
                    const double d = q.kind == TN_MEAN_SQUARED_ERROR ? 2.0 * e
                                     : q.kind == TN_HUBER            ? fmin(fmax(e, -2.0), 2.0)
                                                                     : (e > 0.0) - (e < 0.0);
                    sum += l;
                    if ((double)o.dx[i] != d || (reduction == TN_NONE && (double)o.loss[i] != l))
                        fail_msg("element %zu of %zu, kind %d", i, n, q.kind);
                }
                if (reduction == TN_SUM && (double)o.loss[0] != sum)
                    fail_msg("sum of %zu, kind %d: %g, must be %g", n, q.kind, (double)o.loss[0], sum);
                fence_clear();
            }
}

static void elements_follow_the_formulas(void **state)
{
    static const int dtypes[] = { TN_F32, TN_U8, TN_I32, TN_I64 };
    int kind, from, reduction, weights, smooth, clip;
    size_t t;
    (void)state;
    FOR_EACH_ISA(isa)
    for (kind = TN_BINARY_CROSSENTROPY; kind <= TN_HUBER; kind++)
        for (from = TN_PROBABILITIES; from <= TN_LOGITS; from++)
            for (reduction = TN_MEAN; reduction <= TN_NONE; reduction++) for (weights = 0; weights < 3; weights++)
                for (t = 0; t < (kind == TN_BINARY_CROSSENTROPY ? COUNT(dtypes) : 1); t++)
                    for (smooth = 0; smooth <= (kind == TN_BINARY_CROSSENTROPY); smooth++)
                        for (clip = 0; clip < 2 - from; clip++) {
                            const problem q = { kind,
                                                from,
                                                reduction,
                                                dtypes[t],
                                                11,
                                                27,
                                                0,
                                                weights,
                                                0,
                                                0,
                                                0.25f * (float)smooth,
                                                1.5f,
                                                0.1f * (float)clip };
                            check_problem(&q);
                        }
}

static void rows_follow_the_formulas(void **state)
{
    static const int dtypes[] = { TN_F32, TN_U8, TN_I32, TN_I64 };
    int kind, from, reduction, weights, cw, smooth, ignores;
    (void)state;
    FOR_EACH_ISA(isa)
    for (kind = 0; kind <= TN_CATEGORICAL_CROSSENTROPY; kind++)
        for (from = TN_PROBABILITIES; from <= TN_LOG_PROBABILITIES; from++)
            for (reduction = TN_MEAN; reduction <= TN_NONE; reduction++) for (weights = 0; weights < 3; weights++)
                for (cw = 0; cw < 2; cw++) for (smooth = 0; smooth < 2; smooth++)
                    for (ignores = 0; ignores <= (kind == TN_SPARSE_CATEGORICAL_CROSSENTROPY); ignores++) {
                        const problem q = { kind,
                                            from,
                                            reduction,
                                            kind ? TN_F32 : dtypes[(weights + cw + smooth) % 4],
                                            3,
                                            7,
                                            5 + 8 * cw,
                                            weights,
                                            cw,
                                            ignores,
                                            0.2f * (float)smooth,
                                            0.0f,
                                            0.0f };
                        check_problem(&q);
                    }
}

static void every_number_of_classes(void **state)
{
    size_t length;
    int kind, from;
    (void)state;
    FOR_EACH_ISA(isa)
    for (length = 0; length < COUNT(tails); length++)
        for (kind = 0; kind < 2; kind++)
            for (from = 0; from < 3; from++) {
                const problem q = { kind, from, TN_MEAN, TN_F32, 2, 9, tails[length], 0, kind, 0, 0.1f * (float)kind,
                                    0.0f, 0.0f };
                check_problem(&q);
            }
}

/* More positions than a block has, and than blocks can be small. */
static void many_blocks(void **state)
{
    static const problem list[] = {
        { TN_HUBER, 0, TN_MEAN, TN_F32, 300, 149, 0, 1, 0, 0, 0.0f, 1.5f, 0.0f },
        { TN_MEAN_SQUARED_ERROR, 0, TN_SUM, TN_F32, 1, 1050001, 0, 0, 0, 0, 0.0f, 0.0f, 0.0f },
        { TN_CATEGORICAL_CROSSENTROPY, TN_LOGITS, TN_MEAN, TN_F32, 50, 41, 10, 0, 0, 0, 0.0f, 0.0f, 0.0f },
        { TN_SPARSE_CATEGORICAL_CROSSENTROPY, TN_LOGITS, TN_SUM, TN_I64, 50, 41, 10, 0, 0, 1, 0.0f, 0.0f, 0.0f },
    };
    size_t i;
    (void)state;
    for (i = 0; i < COUNT(list); i++) check_problem(&list[i]);
}

/* ---- values at the ends ---- */

static float binary(int from, float x, float t, float clip, float *dx)
{
    const tn_tensor tx = tn_cview(&x, 0, 1, 1, 0, 0, 0), tt = tn_cview(&t, 0, 1, 1, 0, 0, 0),
                    td = tn_view(dx, 0, 1, 1, 0, 0, 0);
    float l = -1.0f;
    const tn_tensor tl = tn_view(&l, 0, 0, 0, 0, 0, 0);
    tn_loss_params p = TN_ZERO;
    p.from = from; p.clip = clip;
    assert_int_equal(tn_loss(NULL, TN_BINARY_CROSSENTROPY, &tl, &td, &tx, &tt, &p), TN_OK);
    return l;
}

static void binary_at_the_ends(void **state)
{
    float d;
    (void)state;
    FOR_EACH_ISA(isa) {
        assert_true(bits_of(binary(TN_LOGITS, INFINITY, 1.0f, 0.0f, &d)) == 0 && d == 0.0f); /* the limits */
        assert_true(binary(TN_LOGITS, -INFINITY, 0.0f, 0.0f, &d) == 0.0f && d == 0.0f);
        assert_true(binary(TN_LOGITS, INFINITY, 0.0f, 0.0f, &d) == INFINITY && d == 1.0f);
        assert_true(binary(TN_LOGITS, 1000.0f, 0.0f, 0.0f, &d) == 1000.0f && d == 1.0f);
        assert_true(binary(TN_LOGITS, -1000.0f, 1.0f, 0.0f, &d) == 1000.0f && d == -1.0f);
        assert_true(fabs((double)binary(TN_LOGITS, 40.0f, 1.0f, 0.0f, &d) / exp(-40.0) - 1.0) <
                    1e-6); /* nothing cancels */
        assert_true(fabs((double)d / -exp(-40.0) - 1.0) < 1e-6);
        assert_true(binary(TN_PROBABILITIES, 0.0f, 1.0f, 0.0f, &d) == 100.0f && d == -1e12f); /* PyTorch's floor */
        assert_true(binary(TN_PROBABILITIES, 1.0f, 0.0f, 0.0f, &d) == 100.0f && d == 1e12f);
        assert_true(bits_of(binary(TN_PROBABILITIES, 1.0f, 1.0f, 0.0f, &d)) == 0 && d == 0.0f);
        assert_true(fabs((double)binary(TN_PROBABILITIES, 0.0f, 1.0f, 1e-7f, &d) - -log(1e-7)) < 1e-5 &&
                    d == 0.0f); /* Keras' clip */
        assert_true(isnan(binary(TN_PROBABILITIES, NAN, 1.0f, 1e-7f, &d)) && isnan(d));
        assert_true(isnan(binary(TN_LOGITS, NAN, 0.0f, 0.0f, &d)) && isnan(d));
        assert_true(isnan(binary(TN_LOGITS, 1.0f, NAN, 0.0f, &d)) && isnan(d));
    }
}

/* NaN anywhere in a row of logits reaches its loss, its gradient and the mean, and no other row; a masked class is no
 * NaN. */
static void nan_and_masks(void **state)
{
    (void)state;
    FOR_EACH_ISA(isa)
        for (int kind = 0; kind < 2; kind++) for (int at = 0; at < 21; at++) {
            const problem q = { kind, TN_LOGITS, TN_NONE, TN_F32, 3, 1, 21, 0, 0, 0, 0.0f, 0.0f, 0.0f };
            operands o = operands_of(&q, 1);
            int k;
            o.x[21 + at] = NAN;
            if (kind) for (k = 0; k < 21; k++) o.rows[42 + k] = k == at ? 0.0f : 0.05f;
            else set_label(&q, &o, 2, (at + 1) % 21);
            o.x[42 + at] = -INFINITY;
            assert_int_equal(tn_loss(NULL, kind, &o.tloss, &o.tdx, &o.tx, &o.tt, &o.p), TN_OK);
            assert_true(!isnan(o.loss[0]) && isnan(o.loss[1]) && isfinite(o.loss[2]) && o.loss[2] > 0.0f);
            for (k = 0; k < 21; k++) assert_true(!isnan(o.dx[k]) && isnan(o.dx[21 + k]) && isfinite(o.dx[42 + k]));
            assert_true(o.dx[42 + at] == 0.0f);
            fence_clear();
        }
}

static void nothing_to_count(void **state)
{
    float x[6] = { 1, 2, 3, 4, 5, 6 }, d[6], l;
    uint8_t t[2] = { 255, 255 };
    const tn_tensor tx = tn_cview(x, 0, 2, 2, 3, 0, 0), td = tn_view(d, 0, 2, 2, 3, 0, 0),
                    tt = tn_as(tn_cview(t, 0, 1, 2, 0, 0, 0), TN_U8);
    const tn_tensor tl = tn_view(&l, 0, 0, 0, 0, 0, 0), none = tn_cview(NULL, 0, 2, 0, 3, 0, 0);
    tn_loss_params p = TN_ZERO;
    int i;
    (void)state;
    p.from = TN_LOGITS; p.use_ignore_index = 1; p.ignore_index = 255;
    assert_int_equal(tn_loss(NULL, TN_SPARSE_CATEGORICAL_CROSSENTROPY, &tl, &td, &tx, &tt, &p), TN_OK);
    assert_true(isnan(l)); /* 0 / 0, as PyTorch */
    for (i = 0; i < 6; i++) assert_true(bits_of(d[i]) == 0);
    p.reduction = TN_SUM;
    assert_int_equal(tn_loss(NULL, TN_SPARSE_CATEGORICAL_CROSSENTROPY, &tl, NULL, &tx, &tt, &p), TN_OK);
    assert_true(bits_of(l) == 0);
    assert_int_equal(tn_loss(NULL, TN_MEAN_SQUARED_ERROR, &tl, NULL, &none, &none, NULL), TN_OK);
    assert_true(isnan(l));
}

/* ---- the same bits ---- */

static void serial_backwards(void *pool, int32_t tasks, tn_task run, void *arg)
{
    *(int32_t *)pool = tasks;
    while (tasks--) run(arg, tasks, 0);
}

/* Runs every kind on difficult numbers: on any instruction set, alignment, thread order, and in place the results are
 * these. */
static void same_bits_everywhere(void **state)
{
    static const problem list[] = {
        { TN_MEAN_SQUARED_ERROR, 0, TN_MEAN, TN_F32, 300, 149, 0, 1, 0, 0, 0.0f, 0.0f, 0.0f },
        { TN_MEAN_ABSOLUTE_ERROR, 0, TN_NONE, TN_F32, 13, 17, 0, 0, 0, 0, 0.0f, 0.0f, 0.0f },
        { TN_HUBER, 0, TN_SUM, TN_F32, 13, 17, 0, 2, 0, 0, 0.0f, 0.7f, 0.0f },
        { TN_BINARY_CROSSENTROPY, TN_LOGITS, TN_MEAN, TN_F32, 300, 149, 0, 0, 0, 0, 0.1f, 0.0f, 0.0f },
        { TN_BINARY_CROSSENTROPY, TN_PROBABILITIES, TN_NONE, TN_U8, 13, 17, 0, 2, 0, 0, 0.0f, 0.0f, 0.0f },
        { TN_BINARY_CROSSENTROPY, TN_PROBABILITIES, TN_NONE, TN_F32, 13, 17, 0, 0, 0, 0, 0.0f, 0.0f, 1e-7f },
        { TN_SPARSE_CATEGORICAL_CROSSENTROPY, TN_LOGITS, TN_MEAN, TN_I32, 200, 40, 10, 1, 0, 0, 0.0f, 0.0f, 0.0f },
        { TN_SPARSE_CATEGORICAL_CROSSENTROPY, TN_LOGITS, TN_NONE, TN_U8, 5, 7, 37, 2, 1, 1, 0.1f, 0.0f, 0.0f },
        { TN_SPARSE_CATEGORICAL_CROSSENTROPY, TN_PROBABILITIES, TN_NONE, TN_I64, 5, 7, 5, 0, 1, 0, 0.0f, 0.0f, 1e-7f },
        { TN_SPARSE_CATEGORICAL_CROSSENTROPY, TN_LOG_PROBABILITIES, TN_NONE, TN_F32, 5, 7, 18, 0, 0, 1, 0.0f, 0.0f,
          0.0f },
        { TN_CATEGORICAL_CROSSENTROPY, TN_LOGITS, TN_NONE, TN_F32, 5, 7, 37, 1, 1, 0, 0.1f, 0.0f, 0.0f },
        { TN_CATEGORICAL_CROSSENTROPY, TN_PROBABILITIES, TN_NONE, TN_F32, 5, 7, 19, 0, 0, 0, 0.0f, 0.0f, 0.0f },
        { TN_CATEGORICAL_CROSSENTROPY, TN_LOG_PROBABILITIES, TN_SUM, TN_F32, 5, 7, 64, 2, 0, 0, 0.3f, 0.0f, 0.0f },
    };
    size_t i, j;
    int hard;
    (void)state;
    for (i = 0; i < COUNT(list); i++) for (hard = 0; hard < 2; hard++) {
        const problem *const q = &list[i];
        operands o = operands_of(q, 1);
        const size_t all = elements(q), n = q->reduction == TN_NONE ? positions(q) : 1;
        float *const dx = malloc(all * sizeof *dx), *const loss = malloc(n * sizeof *loss),
                     *const x = malloc((all + 1) * sizeof *x);
        int32_t tasks = 0;
        tn_context ctx = TN_ZERO;
        if (hard) fill_specials(o.x, all);
        tn_isa_use(TN_ISA_SCALAR);
        assert_int_equal(tn_loss(NULL, q->kind, &o.tloss, &o.tdx, &o.tx, &o.tt, params(q, &o)), TN_OK);
        memcpy(dx, o.dx, all * sizeof *dx); memcpy(loss, o.loss, n * sizeof *loss);
        ctx.parallel_for = serial_backwards; ctx.pool = &tasks;
        FOR_EACH_ISA(isa) {
            tn_tensor moved = o.tdx;
            moved.data = x + 1;
            memcpy(x + 1, o.x, all * sizeof *x);
            assert_int_equal(tn_loss(&ctx, q->kind, &o.tloss, &moved, &moved, &o.tt, &o.p), TN_OK); /* in place */
            ASSERT_SAME_BITS(o.loss, loss, n);
            ASSERT_SAME_BITS(x + 1, dx, all);
            assert_int_equal(tn_loss(NULL, q->kind, &o.tloss, NULL, &o.tx, &o.tt, &o.p), TN_OK); /* without gradient */
            ASSERT_SAME_BITS(o.loss, loss, n);
        }
        assert_true(all < 40000 || tasks > 1);
        for (j = 0; q->K && q->reduction == TN_NONE && q->weights != 1 && j < n;
             j += 11) { /* a row has the same loss alone */
            tn_tensor x1 = o.tx, t1 = o.tt, l1 = o.tloss, w1 = o.tsw;
            const size_t row = (size_t)q->K * (q->kind == TN_CATEGORICAL_CROSSENTROPY);
            tn_loss_params p = o.p;
            x1.data = o.x + j * (size_t)q->K;
            t1.data = (char *)o.labels + j * (row ? row : 1) * tni_dtype_size(q->dtype);
            w1.data = o.sample_weight + j; l1.data = x;
            x1.dim[0] = x1.dim[1] = t1.dim[0] = t1.dim[1] = l1.dim[0] = l1.dim[1] = w1.dim[0] = w1.dim[1] = 1;
            if (q->weights) p.sample_weight = &w1;
            assert_int_equal(tn_loss(NULL, q->kind, &l1, NULL, &x1, &t1, &p), TN_OK);
            ASSERT_SAME_BITS(x, loss + j, 1);
        }
        free(dx); free(loss); free(x); fence_clear();
    }
}

/* ---- shapes ---- */

static void column_and_vector_are_one(void **state)
{
    static const int32_t shape[2][3] = { { 1, 5, 0 }, { 2, 5, 1 } };
    float x[5] = { 1, -2, 3, 0.5f, 4 }, t[5] = { 0, 1, 1, 0, 1 }, w[5] = { 1, 2, 3, 4, 5 }, l[4];
    int i, j;
    (void)state;
    for (i = 0; i < 2; i++) for (j = 0; j < 2; j++) {
        const tn_tensor tx = tn_cview(x, 0, shape[i][0], 5, 1, 0, 0), tt = tn_cview(t, 0, shape[j][0], 5, 1, 0, 0);
        const tn_tensor tw = tn_cview(w, 0, shape[j][0], 5, 1, 0, 0), tl = tn_view(&l[i * 2 + j], 0, 0, 0, 0, 0, 0);
        tn_loss_params p = TN_ZERO;
        p.from = TN_LOGITS; p.sample_weight = &tw;
        assert_int_equal(tn_loss(NULL, TN_BINARY_CROSSENTROPY, &tl, NULL, &tx, &tt, &p), TN_OK);
        assert_true(bits_of(l[i * 2 + j]) == bits_of(l[0]));
    }
}

static tn_tensor shaped(void *data, const char *dims, int32_t dtype) /* "253": [2,5,3] */
{
    tn_tensor t = tn_as(tn_view(data, 0, 0, 0, 0, 0, 0), dtype);
    for (; *dims; dims++) t.dim[t.rank++] = *dims - '0';
    return t;
}

static void refusals(void **state)
{
    enum {
        SCCE = TN_SPARSE_CATEGORICAL_CROSSENTROPY,
        CCE = TN_CATEGORICAL_CROSSENTROPY,
        BCE = TN_BINARY_CROSSENTROPY,
        MSE = TN_MEAN_SQUARED_ERROR
    };
    static const struct { const char *x, *t, *loss, *dx; int kind, dtype, status, cause; } row[] = {
        { "52", "5", "", "52", SCCE, TN_U8, TN_OK, 0 }, { "52", "51", "", "52", SCCE, TN_I64, TN_OK, 0 },
        { "432", "43", "", "432", SCCE, TN_I32, TN_OK, 0 }, { "432", "431", "", "432", SCCE, TN_F32, TN_OK, 0 },
        { "5", "51", "", "5", MSE, TN_F32, TN_OK, 0 },
        { "5", "5", "", "5", SCCE, TN_U8, TN_E_RANK, 0 },
        { "522", "5", "", "522", SCCE, TN_U8, TN_E_LABEL_RANK, TN_CAUSE_RETURN_SEQUENCES },
        { "52", "522", "", "52", CCE, TN_F32, TN_E_LABEL_RANK, TN_CAUSE_ONEHOT_TWICE },
        { "52", "4", "", "52", SCCE, TN_U8, TN_E_SAMPLES, 0 },
        { "32", "6", "", "32", SCCE, TN_U8, TN_E_SAMPLES, TN_CAUSE_ONEHOT_FLATTENED },
        { "52", "15", "", "52", SCCE, TN_U8, TN_E_SAMPLES, TN_CAUSE_LABELS_TRANSPOSED },
        { "52", "42", "", "52", CCE, TN_F32, TN_E_SAMPLES, 0 },
        { "52", "52", "", "52", SCCE, TN_F32, TN_E_LABEL_FORM, TN_CAUSE_ONEHOT_WITH_SPARSE },
        { "52", "5", "", "52", CCE, TN_I64, TN_E_LABEL_FORM, TN_CAUSE_SPARSE_WITH_CATEGORICAL },
        { "52", "51", "", "52", CCE, TN_F32, TN_E_LABEL_FORM, TN_CAUSE_SPARSE_WITH_CATEGORICAL },
        { "52", "53", "", "52", CCE, TN_F32, TN_E_LABEL_CLASSES, 0 },
        { "51", "53", "", "51", MSE, TN_F32, TN_E_LABEL_CLASSES, TN_CAUSE_MSE_AGAINST_ONEHOT },
        { "51", "53", "", "51", BCE, TN_F32, TN_E_LABEL_CLASSES, TN_CAUSE_MSE_AGAINST_ONEHOT },
        { "14", "41", "", "14", MSE, TN_F32, TN_E_LABEL_CLASSES, TN_CAUSE_MSE_ROW_AGAINST_COLUMN },
        { "41", "14", "", "41", MSE, TN_F32, TN_E_SAMPLES, TN_CAUSE_LABELS_TRANSPOSED },
        { "432", "42", "", "432", SCCE, TN_U8, TN_E_TIMESTEPS, 0 },
        { "52", "52", "", "52", CCE, TN_U8, TN_E_DTYPE, 0 }, { "52", "52", "", "52", MSE, TN_U8, TN_E_DTYPE, 0 },
        { "52", "5", "", "52", SCCE, TN_I8, TN_E_DTYPE, 0 },
        { "52", "5", "1", "52", SCCE, TN_U8, TN_E_RANK, TN_CAUSE_GRADS_OF_VECTOR }, { "52", "5", "", "57", SCCE, TN_U8, TN_E_FEATURES, 0 },
        { "50", "5", "", "50", SCCE, TN_U8, TN_E_EMPTY, 0 }, { "52", "5", "", "52", 6, TN_U8, TN_E_ARG, 0 },
    };
    float x[32] = { 0 }, t[32] = { 0 }, l[4], d[35];
    size_t i, j;
    (void)state;
    for (i = 0; i < COUNT(row); i++) {
        const tn_tensor tx = shaped(x, row[i].x, TN_F32), tt = shaped(t, row[i].t, row[i].dtype),
                        tl = shaped(l, row[i].loss, TN_F32);
        const tn_tensor td = shaped(d, row[i].dx, TN_F32);
        tn_context ctx = TN_ZERO;
        tn_diag diag = TN_ZERO;
        int status;
        ctx.diag = &diag;
        l[0] = 7.0f;
        for (j = 0; j < 32; j++) d[j] = 7.0f;
        status = (int)tn_loss(&ctx, row[i].kind, &tl, &td, &tx, &tt, NULL);
        if (status != row[i].status || (status && diag.cause != row[i].cause))
            fail_msg("x %s, target %s: %s, cause %s", row[i].x, row[i].t, tn_status_name(status),
                     tn_cause_name(diag.cause));
        for (j = 0; status && j < 32; j++) assert_true(d[j] == 7.0f && l[0] == 7.0f);
        ctx.query = 1; /* a query judges shapes alike, without data */
        {
            tn_tensor qx = tx, qt = tt, ql = tl, qd = td;
            qx.data = qt.data = ql.data = qd.data = NULL;
            assert_int_equal(tn_loss(&ctx, row[i].kind, &ql, &qd, &qx, &qt, NULL), row[i].status);
        }
    }
}

static void bad_labels(void **state)
{
    static const struct { float label[4]; int status, cause, bad;
    } row[] = {
        { { 1, 2, 3, 1 }, TN_E_LABEL_RANGE, TN_CAUSE_LABEL_ONE_BASED, 1 },
        { { 0, -1, 2, -2 }, TN_E_LABEL_RANGE, TN_CAUSE_LABEL_NEGATIVE, 2 },
        { { 0, 1, 7, 5 }, TN_E_LABEL_RANGE, TN_CAUSE_LABEL_BEYOND_OUTPUT, 2 },
        { { 0, 1, 0.5f, 1 }, TN_E_LABEL_FORM, TN_CAUSE_LABELS_FRACTIONAL, 0 },
        { { 0, 1, NAN, 1 }, TN_E_LABEL_FORM, TN_CAUSE_LABELS_WITH_NOTHING, 0 },
        { { 0, 1, INFINITY, 1 }, TN_E_LABEL_RANGE, TN_CAUSE_LABEL_BEYOND_OUTPUT, 1 },
        { { 0, 1, -1e30f, 1 }, TN_E_LABEL_RANGE, TN_CAUSE_LABEL_NEGATIVE, 1 },
    };
    static const int dtypes[] = { TN_F32, TN_U8, TN_I32, TN_I64 };
    float x[12] = { 0 }, d[12] = { 0 }, l = 7.0f;
    int64_t space[4];
    size_t i, t;
    (void)state;
    for (i = 0; i < COUNT(row); i++) for (t = 0; t < COUNT(dtypes); t++) {
        const problem q = { 0, 0, 0, dtypes[t], 0, 0, 0, 0, 0, 0, 0.0f, 0.0f, 0.0f };
        const tn_tensor tx = tn_cview(x, 0, 2, 4, 3, 0, 0), td = tn_view(d, 0, 2, 4, 3, 0, 0),
                        tl = tn_view(&l, 0, 0, 0, 0, 0, 0);
        const tn_tensor tt = tn_as(tn_cview(space, 0, 1, 4, 0, 0, 0), dtypes[t]);
        tn_context ctx = TN_ZERO;
        tn_diag diag = TN_ZERO;
        tn_loss_params p = TN_ZERO;
        operands o;
        int j, whole = 1;
        o.labels = space;
        for (j = 0; j < 4; j++) {
            whole &= row[i].label[j] >= (dtypes[t] == TN_U8 ? 0.0f : -100.0f) && row[i].label[j] < 100.0f &&
                     row[i].label[j] == rintf(row[i].label[j]);
            if (dtypes[t] == TN_F32) memcpy((float *)space + j, &row[i].label[j], sizeof(float));
            else if (whole) set_label(&q, &o, (size_t)j, (int64_t)row[i].label[j]);
        }
        if (dtypes[t] != TN_F32 && !whole) continue;
        ctx.diag = &diag;
        assert_int_equal(tn_loss(&ctx, TN_SPARSE_CATEGORICAL_CROSSENTROPY, &tl, &td, &tx, &tt, NULL), row[i].status);
        assert_int_equal(diag.cause, row[i].cause);
        if (row[i].status == TN_E_LABEL_RANGE) assert_int_equal(diag.number[3], row[i].bad);
        else assert_int_equal(diag.number[0], 2);
        for (j = 0; j < 12; j++) assert_true(d[j] == 0.0f && l == 7.0f);
        if (row[i].bad != 1) continue;
        for (j = 0; j < 4; j++)
            if (!(row[i].label[j] >= 0.0f && row[i].label[j] < 3.0f) &&
                fabsf(row[i].label[j]) < 100.0f) { /* ignored, it is no error */
                p.use_ignore_index = 1;
                p.ignore_index = (int64_t)row[i].label[j];
                assert_int_equal(tn_loss(&ctx, TN_SPARSE_CATEGORICAL_CROSSENTROPY, NULL, NULL, &tx, &tt, &p), TN_OK);
            }
    }
    {
        const uint8_t two[2] = { 0, 2 };
        const tn_tensor tx = tn_cview(x, 0, 1, 2, 0, 0, 0), tt = tn_as(tn_cview(two, 0, 1, 2, 0, 0, 0), TN_U8);
        assert_int_equal(tn_loss(NULL, TN_BINARY_CROSSENTROPY, NULL, NULL, &tx, &tt, NULL), TN_E_LABEL_RANGE);
    }
}

static void bad_options(void **state)
{
    static const int32_t labels[2];
    float x[6] = { 0 }, w[3] = { 1, 1, 1 }, l = 7.0f;
    const tn_tensor tx = tn_view(x, 0, 2, 2, 3, 0, 0), tt = tn_as(tn_cview(labels, 0, 1, 2, 0, 0, 0), TN_I32),
                    tl = tn_view(&l, 0, 0, 0, 0, 0, 0);
    const tn_tensor soft = tn_cview(x, 0, 2, 2, 3, 0, 0), tw2 = tn_cview(w, 0, 1, 2, 0, 0, 0),
                    tw3 = tn_cview(w, 0, 1, 3, 0, 0, 0);
    const tn_tensor read_only = tn_cview(&l, 0, 0, 0, 0, 0, 0), *none = NULL;
    const struct { int kind; tn_loss_params p; int status;
    } row[] = {
        { 0, { 3, 0, 0, 0, 0, 0, 0, none, none }, TN_E_ARG },
        { 0, { 0, -1, 0, 0, 0, 0, 0, none, none }, TN_E_ARG },
        { 2, { 2, 0, 0, 0, 0, 0, 0, none, none }, TN_E_ARG },
        { 1, { 0, 0, 1, 0, 0, 0, 0, none, none }, TN_E_ARG },
        { 0, { 0, 0, 0, 0, 1.5f, 0, 0, none, none }, TN_E_ARG },
        { 0, { 0, 0, 0, 0, NAN, 0, 0, none, none }, TN_E_ARG },
        { 3, { 0, 0, 0, 0, 0.1f, 0, 0, none, none }, TN_E_ARG },
        { 5, { 0, 0, 0, 0, 0, -1, 0, none, none }, TN_E_ARG },
        { 5, { 0, 0, 0, 0, 0, INFINITY, 0, none, none }, TN_E_ARG },
        { 0, { 0, 0, 0, 0, 0, 0, 0.5f, none, none }, TN_E_ARG },
        { 2, { 0, 0, 0, 0, 0, 0, 0, &tw3, none }, TN_E_ARG },
        { 0, { 0, 0, 0, 0, 0, 0, 0, &tw2, none }, TN_E_LABEL_CLASSES },
        { 0, { 0, 0, 0, 0, 0, 0, 0, none, &tw3 }, TN_E_SAMPLES },
        { 3, { 0, 0, 0, 0, 0, 0, 0, none, &tw3 }, TN_E_SAMPLES },
        { 0, { 0, 0, 0, 0, 0, 0, 0, none, &tt }, TN_E_DTYPE },
    };
    size_t i;
    (void)state;
    for (i = 0; i < COUNT(row); i++)
        if (tn_loss(NULL, row[i].kind, &tl, &tx, &tx, row[i].kind ? &soft : &tt, &row[i].p) != (tn_status)row[i].status)
            fail_msg("row %zu", i);
    assert_int_equal(tn_loss(NULL, 0, &tl, NULL, NULL, &tt, NULL), TN_E_NULL);
    assert_int_equal(tn_loss(NULL, 0, &tl, NULL, &tx, NULL, NULL), TN_E_NULL);
    assert_int_equal(tn_loss(NULL, 0, &read_only, NULL, &tx, &tt, NULL), TN_E_ARG);
    assert_true(l == 7.0f);
}

static void overlap(void **state)
{
    float m[64] = { 0 };
    const tn_tensor x = tn_view(m, 0, 2, 4, 4, 0, 0), t = tn_view(m + 16, 0, 2, 4, 4, 0, 0),
                    shifted = tn_view(m + 4, 0, 2, 4, 4, 0, 0);
    const tn_tensor in_x = tn_view(m, 0, 0, 0, 0, 0, 0), in_t = tn_view(m + 20, 0, 0, 0, 0, 0, 0),
                    l = tn_view(m + 40, 0, 0, 0, 0, 0, 0);
    const tn_tensor w = tn_view(m + 44, 0, 1, 4, 0, 0, 0), d = tn_view(m + 34, 0, 2, 4, 4, 0, 0);
    tn_loss_params p = TN_ZERO;
    (void)state;
    p.reduction = TN_NONE;
    assert_int_equal(tn_loss(NULL, TN_MEAN_SQUARED_ERROR, NULL, &x, &x, &t, NULL), TN_OK);
    assert_int_equal(tn_loss(NULL, TN_MEAN_SQUARED_ERROR, NULL, &shifted, &x, &t, NULL), TN_E_ALIAS);
    assert_int_equal(tn_loss(NULL, TN_MEAN_SQUARED_ERROR, NULL, &t, &x, &t, NULL), TN_E_ALIAS);
    assert_int_equal(tn_loss(NULL, TN_MEAN_SQUARED_ERROR, &x, NULL, &x, &t, &p), TN_E_ALIAS); /* dx alone may be x */
    assert_int_equal(tn_loss(NULL, TN_MEAN_SQUARED_ERROR, &in_x, NULL, &x, &t, NULL), TN_E_ALIAS);
    assert_int_equal(tn_loss(NULL, TN_MEAN_SQUARED_ERROR, &in_t, NULL, &x, &t, NULL), TN_E_ALIAS);
    assert_int_equal(tn_loss(NULL, TN_MEAN_SQUARED_ERROR, &l, &d, &x, &t, NULL), TN_E_ALIAS);
    p.reduction = TN_MEAN; p.sample_weight = &w;
    assert_int_equal(tn_loss(NULL, TN_MEAN_SQUARED_ERROR, NULL, &d, &x, &t, &p), TN_E_ALIAS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(exact_on_integers),
        cmocka_unit_test(elements_follow_the_formulas),
        cmocka_unit_test(rows_follow_the_formulas),
        cmocka_unit_test(every_number_of_classes),
        cmocka_unit_test(many_blocks),
        cmocka_unit_test(binary_at_the_ends),
        cmocka_unit_test(nan_and_masks),
        cmocka_unit_test(nothing_to_count),
        cmocka_unit_test(same_bits_everywhere),
        cmocka_unit_test(column_and_vector_are_one),
        cmocka_unit_test(refusals),
        cmocka_unit_test(bad_labels),
        cmocka_unit_test(bad_options),
        cmocka_unit_test(overlap),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
