/* kernel/loss.h - losses and their gradients in one pass, element by element and over rows of classes; the sum of
 * losses is returned. What a vector, or a row, takes from x is read before its gradient is written: dx may be x. */

/* p inside [clip, 1 - clip]; without clip p itself. *inside: where p has a gradient. */
TNV_FN tnv_f32 TNK(loss_clipped)(tnv_f32 p, float clip, tnv_bool *inside)
{
    const tnv_f32 low = tnv_set1(clip), high = tnv_set1(1.0f - clip);
    const tnv_bool outside = tnv_or(tnv_gt(low, p), tnv_gt(p, high));
    if (!(clip > 0.0f)) {
        *inside = tnv_eq(low, low);
        return p;
    }
    *inside = tnv_not(outside);
    return tnv_max(tnv_min(p, high), low);
}

/* A logarithm is at least -100 where there is no clip. */
TNV_FN tnv_f32 TNK(loss_floor)(tnv_f32 l, float clip) { return clip > 0.0f ? l : tnv_max(l, tnv_set1(-100.0f)); }

/* ---- element by element ---- */

/* Loss and derivative of one vector. kind is constant at each call. */
TNV_FN tnv_f32 TNK(loss_element)(const tni_loss *g, int kind, tnv_f32 x, tnv_f32 t, tnv_f32 *d)
{
    const tnv_f32 zero = tnv_set1(0.0f), one = tnv_set1(1.0f), e = tnv_sub(x, t), a = tnv_abs(e);
    if (kind == TN_MEAN_SQUARED_ERROR) {
        *d = tnv_add(e, e);
        return tnv_mul(e, e);
    }
    if (kind == TN_MEAN_ABSOLUTE_ERROR) {
        *d = tnv_select(tnv_gt(a, zero), tnv_with_sign(one, e), e); /* 0 stays 0, NaN NaN */
        return a;
    }
    if (kind == TN_HUBER) {
        const tnv_f32 delta = tnv_set1(g->delta), half = tnv_set1(0.5f);
        *d = tnv_max(tnv_min(e, delta), tnv_neg(delta));
        return tnv_select(tnv_ge(delta, a), tnv_mul(tnv_mul(e, e), half), tnv_mul(delta, tnv_fnma(delta, half, a)));
    }
    t = tnv_fma(t, tnv_set1(g->keep), tnv_set1(g->even));
    if (g->from == TN_LOGITS) {
        /* |x| (1 - t or t) + log(1 + exp(-|x|)): no difference of near equals, nor in the derivative; 0 |inf| is 0 */
        const tnv_bool positive = tnv_ge(x, zero);
        const tnv_f32 size = tnv_abs(x), s = tnv_sigmoid(tnv_neg(size));
        const tnv_f32 other = tnv_select(positive, tnv_sub(one, t), t);
        *d = tnv_select(positive, tnv_sub(other, s), tnv_sub(s, other));
        return tnv_add(tnv_select(tnv_eq(other, zero), zero, tnv_mul(size, other)), tnv_softplus(tnv_neg(size)));
    } else {
        tnv_bool inside;
        const tnv_f32 p = TNK(loss_clipped)(x, g->clip, &inside);
        const tnv_f32 yes = TNK(loss_floor)(tnv_log(p), g->clip), no = TNK(loss_floor)(tnv_log1p(tnv_neg(p)), g->clip);
        const tnv_f32 variance = tnv_max(tnv_mul(p, tnv_sub(one, p)), tnv_set1(1e-12f)); /* as PyTorch's */
        *d = tnv_select(inside, tnv_div(tnv_sub(p, t), variance), zero);
        return tnv_sub(zero, tnv_fma(t, yes, tnv_mul(tnv_sub(one, t), no)));
    }
}

/* Whole vectors of elements, the first the at-th of its run; each adds its losses to the next of the virtual sums. */
TNV_FN void TNK(loss_vectors)(const tni_loss *g, int kind, tnv_f32 *total, const tni_loss_part *p, size_t n, size_t at)
{
    tnv_f32 s[TNV_VIRTUAL]; /* a copy, which waits for no store of floats */
    size_t i;
    for (i = 0; i < TNV_VIRTUAL; i++) s[i] = total[(at + i) % TNV_VIRTUAL];
    for (i = 0; i < n; i += TNV_LANES) {
        tnv_f32 *const sum = s + i / TNV_LANES % TNV_VIRTUAL;
        const tnv_f32 weight = tnv_load(p->w + i);
        tnv_f32 d, l = TNK(loss_element)(g, kind, tnv_load(p->x + i), tnv_load(p->t + i), &d);
        l = tnv_mul(l, weight);
        d = tnv_mul(d, tnv_mul(weight, tnv_set1(g->scale)));
        if (p->dx) tnv_store(p->dx + i, d);
        if (p->loss) tnv_store(p->loss + i, l);
        *sum = tnv_add(*sum, l);
    }
    for (i = 0; i < TNV_VIRTUAL; i++) total[(at + i) % TNV_VIRTUAL] = s[i];
}

TNI_NOINLINE TNK_FN void TNK(loss_part)(const tni_loss *shared, tnv_f32 *s, const tni_loss_part *part, size_t n,
                                          size_t at)
{
    const tni_loss g = *shared; /* copies, which no store of floats can change */
    const tni_loss_part p = *part;
    switch (g.kind) {
    case TN_BINARY_CROSSENTROPY: TNK(loss_vectors)(&g, TN_BINARY_CROSSENTROPY, s, &p, n, at); break;
    case TN_MEAN_SQUARED_ERROR: TNK(loss_vectors)(&g, TN_MEAN_SQUARED_ERROR, s, &p, n, at); break;
    case TN_MEAN_ABSOLUTE_ERROR: TNK(loss_vectors)(&g, TN_MEAN_ABSOLUTE_ERROR, s, &p, n, at); break;
    default: TNK(loss_vectors)(&g, TN_HUBER, s, &p, n, at);
    }
}

/* Less than a vector goes through a whole one, so that each formula is compiled once; past the end the weight is 0. */
TNK_FN double TNK(loss_elements)(const tni_loss *g, size_t first, size_t last)
{
    float targets[TNI_LOSS_RUN], weights[TNI_LOSS_RUN], rest[5][TNV_LANES];
    double total = 0.0;
    size_t i, j;
    for (j = 0; j < TNI_LOSS_RUN; j++) weights[j] = 1.0f;
    for (i = first; i < last; i += TNI_LOSS_RUN) {
        const size_t n = tni_least(last - i, TNI_LOSS_RUN), whole = n - n % TNV_LANES;
        tni_loss_part p;
        tnv_f32 s[TNV_VIRTUAL];
        p.x = g->x + i; p.t = targets; p.w = weights;
        p.dx = g->dx ? g->dx + i : TNI_NULL;
        p.loss = g->loss ? g->loss + i : TNI_NULL;
        if (g->dtype == TN_F32) p.t = (const float *)g->target + i;
        else for (j = 0; j < n; j++) targets[j] = (float)tni_label(g->target, g->dtype, i + j);
        if (g->sample_weight && g->per_weight == 1) p.w = g->sample_weight + i;
        else if (g->sample_weight)
            for (j = 0; j < n; j++) weights[j] = g->sample_weight[(i + j) / g->per_weight];
        for (j = 0; j < TNV_VIRTUAL; j++) s[j] = tnv_set1(0.0f);
        if (whole) TNK(loss_part)(g, s, &p, whole, 0);
        if (whole < n) {
            const tnv_tail tail = tnv_first(n - whole);
            tni_loss_part r;
            r.x = rest[0]; r.t = rest[1]; r.w = rest[2]; r.dx = rest[3]; r.loss = rest[4];
            tnv_store(rest[0], tnv_load_first(p.x + whole, tail));
            tnv_store(rest[1], tnv_load_first(p.t + whole, tail));
            tnv_store(rest[2], tnv_load_first(p.w + whole, tail));
            TNK(loss_part)(g, s, &r, TNV_LANES, whole / TNV_LANES);
            if (p.dx) tnv_store_first(p.dx + whole, tnv_load(r.dx), tail);
            if (p.loss) tnv_store_first(p.loss + whole, tnv_load(r.loss), tail);
        }
        total += (double)tnv_sum16(s);
    }
    return total;
}

/* ---- rows of classes ---- */

/* Sixteen rows, one lane each. The share q of a class is its target times its weight: loss = sum of q (log S - v).
 * For logits v = x - m, m the row's largest, and S = sum of exp v; else v = log x, or x itself, and S = 1. */
typedef struct TNK(loss_rows_state) {
    float S[16], mass[16], dot[16]; /* sums of exp v, q, q v over the row, without the peak of the labelled class */
    float m[16], value[16], peak[16];      /* x and q of the labelled class */
    float factor[16], slope[16], jump[16]; /* of the gradient: row; exp v's; the labelled class's */
} TNK(loss_rows_state);

/* q v, where 0 of -inf is 0: a masked class may have no probability. */
TNV_FN tnv_f32 TNK(loss_share)(tnv_f32 q, tnv_f32 v)
{
    const tnv_f32 zero = tnv_set1(0.0f);
    return tnv_select(tnv_and(tnv_eq(q, zero), tnv_not(tnv_nan(v))), zero, tnv_mul(q, v));
}

/* v of a probability */
TNV_FN tnv_f32 TNK(loss_log)(const tni_loss *g, tnv_f32 x)
{
    tnv_bool inside;
    return TNK(loss_floor)(tnv_log(TNK(loss_clipped)(x, g->clip, &inside)), g->clip);
}

/* What -q is multiplied by in the gradient: d v / d x. */
TNV_FN tnv_f32 TNK(loss_log_slope)(const tni_loss *g, tnv_f32 x)
{
    tnv_bool inside;
    const tnv_f32 one = tnv_set1(1.0f), p = TNK(loss_clipped)(x, g->clip, &inside);
    if (g->from != TN_PROBABILITIES) return one;
    return tnv_select(inside, tnv_div(one, tnv_max(p, tnv_set1(1e-12f))), tnv_set1(0.0f));
}

/* q of classes k to k + n - 1, 0 past them; the labelled class of a sparse target has its peak besides. */
TNV_FN tnv_f32 TNK(loss_q)(const tni_loss *g, const float *t, size_t k, size_t n, int whole)
{
    const tnv_tail tail = tnv_first(n);
    const tnv_f32 even = tnv_set1(g->even);
    tnv_f32 q = even;
    if (g->soft) q = tnv_fma(whole ? tnv_load(t + k) : tnv_load_first(t + k, tail), tnv_set1(g->keep), even);
    if (g->class_weight)
        return tnv_mul(q, whole ? tnv_load(g->class_weight + k) : tnv_load_first(g->class_weight + k, tail));
    if (!whole) {
        static const float ones[16] = { 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1 };
        q = tnv_mul(q, tnv_load_first(ones, tail));
    }
    return q;
}

TNV_FN float TNK(loss_row_max)(const float *x, size_t K)
{
    const tnv_f32 low = tnv_set1(-HUGE_VALF);
    tnv_f32 s[TNV_VIRTUAL];
    size_t k, v;
    TNV_UNROLL for (v = 0; v < TNV_VIRTUAL; v++) s[v] = low;
    for (k = 0; K - k >= 16; k += 16)
        TNV_UNROLL for (v = 0; v < TNV_VIRTUAL; v++) s[v] = tnv_max(s[v], tnv_load(x + k + v * TNV_LANES));
    for (v = 0; K - k >= TNV_LANES; k += TNV_LANES, v++) s[v] = tnv_max(s[v], tnv_load(x + k));
    if (k < K) s[v] = tnv_max(s[v], tnv_load_first_or(x + k, tnv_first(K - k), low));
    return tnv_max16(s);
}

/* One vector of a row's sums s[0] (exp v), s[VIRTUAL] (q), s[2 VIRTUAL] (q v); exp v is left in dx for the gradient. */
TNV_FN void TNK(loss_row_vector)(const tni_loss *g, int logits, tnv_f32 *s, const float *x, float *dx, const float *t,
                                 tnv_f32 m, size_t k, size_t n, int whole)
{
    const tnv_tail tail = tnv_first(n);
    tnv_f32 v = whole ? tnv_load(x + k) : tnv_load_first_or(x + k, tail, tnv_set1(logits ? -HUGE_VALF : 1.0f));
    if (logits) {
        tnv_f32 e;
        v = tnv_sub(v, m);
        e = tnv_exp_neg(v);
        s[0] = tnv_add(s[0], e);
        if (dx) {
            if (whole) tnv_store(dx + k, e);
            else tnv_store_first(dx + k, e, tail);
        }
    } else if (g->from == TN_PROBABILITIES) {
        v = TNK(loss_log)(g, v);
    }
    if (g->spread) {
        const tnv_f32 q = TNK(loss_q)(g, t, k, n, whole);
        s[TNV_VIRTUAL] = tnv_add(s[TNV_VIRTUAL], q);
        s[2 * TNV_VIRTUAL] = tnv_add(s[2 * TNV_VIRTUAL], TNK(loss_share)(q, v));
    }
}

TNV_FN void TNK(loss_row_sums)(const tni_loss *g, int logits, TNK(loss_rows_state) *r, size_t row, const float *x,
                               float *dx, const float *t)
{
    const float m = logits ? TNK(loss_row_max)(x, g->K) : 0.0f;
    tnv_f32 s[3 * TNV_VIRTUAL];
    size_t k;
    r->m[row] = m;
    for (k = 0; k < 3 * TNV_VIRTUAL; k++) s[k] = tnv_set1(0.0f);
    if (logits || g->spread) {
        for (k = 0; g->K - k >= TNV_LANES; k += TNV_LANES)
            TNK(loss_row_vector)(g, logits, s + k / TNV_LANES % TNV_VIRTUAL, x, dx, t, tnv_set1(m), k, TNV_LANES, 1);
        if (k < g->K)
            TNK(loss_row_vector)(g, logits, s + k / TNV_LANES % TNV_VIRTUAL, x, dx, t, tnv_set1(m), k, g->K - k, 0);
    }
    r->S[row] = logits ? tnv_sum16(s) : 1.0f;
    r->mass[row] = tnv_sum16(s + TNV_VIRTUAL);
    r->dot[row] = tnv_sum16(s + 2 * TNV_VIRTUAL);
}

/* dx = slope exp v - q factor d v / d x, exp v being what lies in dx. */
TNV_FN tnv_f32 TNK(loss_row_gradient)(const tni_loss *g, int logits, tnv_f32 x, tnv_f32 q, tnv_f32 slope,
                                      tnv_f32 factor)
{
    if (logits) return g->spread ? tnv_fnma(q, factor, tnv_mul(x, slope)) : tnv_mul(x, slope);
    return tnv_sub(tnv_set1(0.0f), tnv_mul(tnv_mul(q, factor), TNK(loss_log_slope)(g, x)));
}

TNV_FN void TNK(loss_row_dx)(const tni_loss *g, int logits, const float *x, float *dx, const float *t, float slope,
                             float factor)
{
    const tnv_f32 vs = tnv_set1(slope), vf = tnv_set1(factor);
    size_t k = 0;
    if (!logits && !g->spread) {
        memset(dx, 0, g->K * sizeof *dx);
        return;
    }
    if (logits) x = dx;
    for (; g->K - k >= TNV_LANES; k += TNV_LANES) {
        const tnv_f32 q = TNK(loss_q)(g, t, k, TNV_LANES, 1);
        tnv_store(dx + k, TNK(loss_row_gradient)(g, logits, tnv_load(x + k), q, vs, vf));
    }
    if (k < g->K) {
        const size_t n = g->K - k;
        const tnv_tail tail = tnv_first(n);
        const tnv_f32 q = TNK(loss_q)(g, t, k, n, 0);
        tnv_store_first(dx + k, TNK(loss_row_gradient)(g, logits, tnv_load_first(x + k, tail), q, vs, vf), tail);
    }
}

/* From the sums of sixteen rows to their losses, in S, and the factors of their gradients. */
TNI_NOINLINE TNK_FN void TNK(loss_rows_finish)(const tni_loss *g, TNK(loss_rows_state) *r)
{
    const int logits = g->from == TN_LOGITS;
    const tnv_f32 scale = tnv_set1(g->scale);
    size_t i;
    for (i = 0; i < 16; i += TNV_LANES) {
        const tnv_f32 S = tnv_load(r->S + i), peak = tnv_load(r->peak + i);
        const tnv_f32 x = tnv_load(r->value + i), weight = tnv_load(r->factor + i);
        const tnv_f32 mass = tnv_add(tnv_load(r->mass + i), peak), factor = tnv_mul(weight, scale);
        tnv_bool inside;
        const tnv_f32 ln = tnv_log(logits ? S : TNK(loss_clipped)(x, g->clip, &inside));
        const tnv_f32 v = logits ? tnv_sub(x, tnv_load(r->m + i))
                          : g->from == TN_PROBABILITIES ? TNK(loss_floor)(ln, g->clip) : x;
        const tnv_f32 dot = tnv_add(tnv_load(r->dot + i), TNK(loss_share)(peak, v));
        tnv_store(r->S + i, tnv_mul(tnv_sub(logits ? tnv_mul(mass, ln) : tnv_set1(0.0f), dot), weight));
        tnv_store(r->factor + i, factor);
        tnv_store(r->slope + i, tnv_div(tnv_mul(mass, factor), S));
        tnv_store(r->jump + i, tnv_mul(tnv_mul(peak, factor), TNK(loss_log_slope)(g, x)));
    }
}

TNK_FN double TNK(loss_rows)(const tni_loss *shared, size_t first, size_t last)
{
    const tni_loss copy = *shared, *const g = &copy; /* which no store of floats can change */
    double total = 0.0;
    size_t i, r;
    for (i = first; i < last; i += 16) {
        const size_t n = last - i < 16 ? last - i : 16;
        TNK(loss_rows_state) s;
        size_t label[16];
        int32_t counts[16];
        for (r = 0; r < 16; r++) {
            const size_t row = r < n ? i + r : i; /* lanes past the last row repeat the first, and are not used */
            const float *const x = g->x + row * g->K;
            const float *const q = g->soft ? (const float *)g->target + row * g->K : TNI_NULL;
            float *const dx = g->dx ? g->dx + row * g->K : TNI_NULL;
            const int64_t t = g->soft ? 0 : tni_label(g->target, g->dtype, row);
            counts[r] = r < n && (g->soft || !g->ignores || t != g->ignore);
            label[r] = counts[r] && !g->soft ? (size_t)t : 0;
            s.S[r] = 1.0f; /* of rows that count for nothing */
            s.mass[r] = s.dot[r] = s.m[r] = s.peak[r] = s.factor[r] = 0.0f;
            s.value[r] = 1.0f;
            if (!counts[r]) continue;
            s.factor[r] = g->sample_weight ? g->sample_weight[row / g->per_weight] : 1.0f;
            if (!g->soft) {
                s.value[r] = x[label[r]];
                s.peak[r] = g->class_weight ? g->keep * g->class_weight[label[r]] : g->keep;
            }
            if (g->from == TN_LOGITS) TNK(loss_row_sums)(g, 1, &s, r, x, dx, q);
            else TNK(loss_row_sums)(g, 0, &s, r, x, dx, q);
        }
        TNK(loss_rows_finish)(shared, &s);
        for (r = 0; r < n; r++) {
            const float *const x = g->x + (i + r) * g->K;
            const float *const q = g->soft ? (const float *)g->target + (i + r) * g->K : TNI_NULL;
            float *const dx = g->dx ? g->dx + (i + r) * g->K : TNI_NULL;
            const float l = counts[r] ? s.S[r] : 0.0f;
            total += (double)l;
            if (g->loss) g->loss[i + r] = l;
            if (dx && !counts[r]) memset(dx, 0, g->K * sizeof *dx);
            if (!dx || !counts[r]) continue;
            if (g->from == TN_LOGITS) TNK(loss_row_dx)(g, 1, x, dx, q, s.slope[r], s.factor[r]);
            else TNK(loss_row_dx)(g, 0, x, dx, q, s.slope[r], s.factor[r]);
            if (!g->soft) dx[label[r]] = dx[label[r]] - s.jump[r];
        }
    }
    return total;
}
