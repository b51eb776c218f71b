/* kernel/softmax.h - softmax, its logarithm and their gradients, in three forms chosen by the shape alone:
 *   rows of up to TNI_SOFTMAX_SHORT   a lane is a row: four columns at a time are turned in registers, sums in order
 *   longer rows                       one at a time, sums in 16 virtual lanes
 *   an axis that is not the last      a lane is an inner position, sums in order
 * So no row's bits depend on its place or on how many there are. A row of -inf alone, or with +inf or NaN, becomes
 * NaN by itself: in inf - inf, in the sum, in its reciprocal. */

TNV_FN tnv_f32 TNK(softmax_gradient)(tnv_f32 dy, tnv_f32 y, tnv_f32 sum, int log)
{
    return log ? tnv_fnma(tnv_exp(y), sum, dy) : tnv_mul(y, tnv_sub(dy, sum));
}
/* one more term of sum dy, or of sum dy y */
TNV_FN tnv_f32 TNK(softmax_sum)(tnv_f32 sum, tnv_f32 dy, tnv_f32 y, int log)
{
    return log ? tnv_add(sum, dy) : tnv_fma(dy, y, sum);
}

/* ---- one long row ---- */

TNK_FN void TNK(softmax_row)(float *y, const float *x, size_t K, int log)
{
    enum { TOPS = TNV_VIRTUAL > 4 ? TNV_VIRTUAL : 4 }; /* any order gives the same: enough to hide the latency */
    tnv_f32 top[TOPS], s[TNV_VIRTUAL], m, scale;
    float rest[16];
    size_t k, b;
    TNV_UNROLL for (b = 0; b < TOPS; b++) top[b] = tnv_set1(x[0]);
    for (k = 0; K - k >= TOPS * TNV_LANES; k += TOPS * TNV_LANES)
        TNV_UNROLL for (b = 0; b < TOPS; b++) top[b] = tnv_max(tnv_load(x + k + b * TNV_LANES), top[b]);
    for (; k < K; k += TNV_LANES)
        top[0] = tnv_max(tnv_load_first_or(x + k, tnv_first(K - k < TNV_LANES ? K - k : TNV_LANES), top[0]), top[0]);
    TNV_UNROLL for (b = TNV_VIRTUAL; b < TOPS; b++) top[b % TNV_VIRTUAL] = tnv_max(top[b], top[b % TNV_VIRTUAL]);
    m = tnv_set1(tnv_max16(top));
    TNV_UNROLL for (b = 0; b < TNV_VIRTUAL; b++) s[b] = tnv_set1(0.0f);
    for (k = 0; k < K; k += 16) { /* the last K % 16 sit in their own lanes, beside exp(-inf) */
        const size_t n = K - k < 16 ? K - k : 16;
        const float *from = x + k;
        float *to = log ? rest : y + k;
        if (n < 16) {
            for (b = n; b < 16; b++) rest[b] = -INFINITY;
            memcpy(rest, from, n * sizeof *rest);
            from = to = rest;
        }
        TNV_UNROLL for (b = 0; b < TNV_VIRTUAL; b++) {
            const tnv_f32 e = tnv_exp_neg(tnv_sub(tnv_load(from + b * TNV_LANES), m));
            tnv_store(to + b * TNV_LANES, e);
            s[b] = tnv_add(s[b], e);
        }
        if (n < 16 && !log) memcpy(y + k, rest, n * sizeof *rest);
    }
    scale = tnv_set1(tnv_sum16(s));
    scale = log ? tnv_log(scale) : tnv_div(tnv_set1(1.0f), scale);
    for (k = 0; K - k >= TNV_LANES; k += TNV_LANES)
        tnv_store(y + k, log ? tnv_sub(tnv_sub(tnv_load(x + k), m), scale) : tnv_mul(tnv_load(y + k), scale));
    if (k < K) {
        const tnv_tail tail = tnv_first(K - k);
        const tnv_f32 v = tnv_load_first(log ? x + k : y + k, tail);
        tnv_store_first(y + k, log ? tnv_sub(tnv_sub(v, m), scale) : tnv_mul(v, scale), tail);
    }
}

TNK_FN void TNK(softmax_backward_row)(float *dx, const float *dy, const float *y, size_t K, int log)
{
    tnv_f32 s[TNV_VIRTUAL], sum;
    size_t k, b;
    TNV_UNROLL for (b = 0; b < TNV_VIRTUAL; b++) s[b] = tnv_set1(0.0f);
    for (k = 0; K - k >= 16; k += 16)
        TNV_UNROLL for (b = 0; b < TNV_VIRTUAL; b++)
            s[b] = TNK(softmax_sum)(s[b], tnv_load(dy + k + b * TNV_LANES), tnv_load(y + k + b * TNV_LANES), log);
    TNV_UNROLL for (b = 0; b < TNV_VIRTUAL; b++)
        if (K - k > b * TNV_LANES) {
            const size_t at = k + b * TNV_LANES;
            const tnv_tail tail = tnv_first(K - at < TNV_LANES ? K - at : TNV_LANES);
            s[b] = TNK(softmax_sum)(s[b], tnv_load_first(dy + at, tail), tnv_load_first(y + at, tail), log);
        }
    sum = tnv_set1(tnv_sum16(s));
    for (k = 0; K - k >= TNV_LANES; k += TNV_LANES)
        tnv_store(dx + k, TNK(softmax_gradient)(tnv_load(dy + k), tnv_load(y + k), sum, log));
    if (k < K) {
        const tnv_tail tail = tnv_first(K - k);
        const tnv_f32 d = tnv_load_first(dy + k, tail), p = tnv_load_first(y + k, tail);
        tnv_store_first(dx + k, TNK(softmax_gradient)(d, p, sum, log), tail);
    }
}

/* ---- a lane is an inner position: four whole vectors of them, or the first lanes of one ---- */

#define TNK_LOAD(p) (vecs == 4 ? tnv_load(p) : tnv_load_first(p, tail))
#define TNK_STORE(p, v) do { if (vecs == 4) tnv_store(p, v); else tnv_store_first(p, v, tail); } while (0)

TNV_FN void TNK(softmax_columns)(float *y, const float *x, size_t K, size_t step, size_t vecs, tnv_tail tail, int log)
{
    tnv_f32 top[4], s[4];
    size_t k, b;
    TNV_UNROLL for (b = 0; b < vecs; b++) { top[b] = TNK_LOAD(x + b * TNV_LANES); s[b] = tnv_set1(0.0f); }
    for (k = 1; k < K; k++)
        TNV_UNROLL for (b = 0; b < vecs; b++) top[b] = tnv_max(TNK_LOAD(x + k * step + b * TNV_LANES), top[b]);
    for (k = 0; k < K; k++)
        TNV_UNROLL for (b = 0; b < vecs; b++) {
            const tnv_f32 e = tnv_exp_neg(tnv_sub(TNK_LOAD(x + k * step + b * TNV_LANES), top[b]));
            if (!log) TNK_STORE(y + k * step + b * TNV_LANES, e);
            s[b] = tnv_add(s[b], e);
        }
    for (b = 0; b < vecs; b++) s[b] = log ? tnv_log(s[b]) : tnv_div(tnv_set1(1.0f), s[b]);
    for (k = 0; k < K; k++)
        TNV_UNROLL for (b = 0; b < vecs; b++) {
            const size_t at = k * step + b * TNV_LANES;
            TNK_STORE(y + at, log ? tnv_sub(tnv_sub(TNK_LOAD(x + at), top[b]), s[b]) : tnv_mul(TNK_LOAD(y + at), s[b]));
        }
}

TNV_FN void TNK(softmax_backward_columns)(float *dx, const float *dy, const float *y, size_t K, size_t step,
                                          size_t vecs, tnv_tail tail, int log)
{
    tnv_f32 s[4];
    size_t k, b;
    TNV_UNROLL for (b = 0; b < vecs; b++) s[b] = tnv_set1(0.0f);
    for (k = 0; k < K; k++)
        TNV_UNROLL for (b = 0; b < vecs; b++) {
            const size_t at = k * step + b * TNV_LANES;
            s[b] = TNK(softmax_sum)(s[b], TNK_LOAD(dy + at), TNK_LOAD(y + at), log);
        }
    for (k = 0; k < K; k++)
        TNV_UNROLL for (b = 0; b < vecs; b++) {
            const size_t at = k * step + b * TNV_LANES;
            TNK_STORE(dx + at, TNK(softmax_gradient)(TNK_LOAD(dy + at), TNK_LOAD(y + at), s[b], log));
        }
}
#undef TNK_LOAD
#undef TNK_STORE

/* width inner positions, step apart along the axis; y NULL: forward */
TNK_FN void TNK(softmax_strip)(float *out, const float *in, const float *y, size_t K, size_t step, size_t width,
                               int log)
{
    tnv_tail tail = tnv_first(TNV_LANES);
    size_t i = 0, n;
    for (; width - i >= 4 * TNV_LANES; i += 4 * TNV_LANES)
        if (y) TNK(softmax_backward_columns)(out + i, in + i, y + i, K, step, 4, tail, log);
        else TNK(softmax_columns)(out + i, in + i, K, step, 4, tail, log);
    for (; i < width; i += n) {
        n = width - i < TNV_LANES ? width - i : TNV_LANES;
        tail = tnv_first(n);
        if (y) TNK(softmax_backward_columns)(out + i, in + i, y + i, K, step, 1, tail, log);
        else TNK(softmax_columns)(out + i, in + i, K, step, 1, tail, log);
    }
}

/* ---- a lane is a row ---- */

/* TNV_LANES rows of a constant K >= 4, which stay in registers. The last four columns overlap those before, so no byte
 * behind a row is touched. */
TNV_FN void TNK(softmax_lanes)(float *y, const float *x, size_t K)
{
    tnv_f32 v[TNI_SOFTMAX_SHORT], top, sum = tnv_set1(0.0f);
    size_t k;
    TNV_UNROLL for (k = 0; k + 4 < K; k += 4) tnv_load4(v + k, x + k, K);
    tnv_load4(v + K - 4, x + K - 4, K);
    top = v[0];
    TNV_UNROLL for (k = 1; k < K; k++) top = tnv_max(v[k], top);
    TNV_UNROLL for (k = 0; k < K; k++) { v[k] = tnv_exp_neg(tnv_sub(v[k], top)); sum = tnv_add(sum, v[k]); }
    sum = tnv_div(tnv_set1(1.0f), sum);
    TNV_UNROLL for (k = 0; k < K; k++) v[k] = tnv_mul(v[k], sum);
    TNV_UNROLL for (k = 0; k + 4 < K; k += 4) tnv_store4(y + k, K, v + k);
    tnv_store4(y + K - 4, K, v + K - 4);
}

/* Up to TNV_LANES rows of K to K vectors in memory, and back. Lanes without a row hold 0. */
TNK_FN void TNK(rows_turn)(float *turned, const float *x, size_t K, size_t rows)
{
    tnv_f32 v[4];
    size_t r, k, j;
    if (rows < TNV_LANES || K < 4) {
        memset(turned, 0, K * TNV_LANES * sizeof *turned);
        for (r = 0; r < rows; r++) for (k = 0; k < K; k++) turned[k * TNV_LANES + r] = x[r * K + k];
    } else {
        for (k = 0; k < K; k = K - k < 8 && k + 4 < K ? K - 4 : k + 4) {
            tnv_load4(v, x + k, K);
            TNV_UNROLL for (j = 0; j < 4; j++) tnv_store(turned + (k + j) * TNV_LANES, v[j]);
        }
    }
}
TNK_FN void TNK(rows_return)(float *y, const float *turned, size_t K, size_t rows)
{
    tnv_f32 v[4];
    size_t r, k, j;
    if (rows < TNV_LANES || K < 4) {
        for (r = 0; r < rows; r++) for (k = 0; k < K; k++) y[r * K + k] = turned[k * TNV_LANES + r];
    } else {
        for (k = 0; k < K; k = K - k < 8 && k + 4 < K ? K - 4 : k + 4) {
            TNV_UNROLL for (j = 0; j < 4; j++) v[j] = tnv_load(turned + (k + j) * TNV_LANES);
            tnv_store4(y + k, K, v);
        }
    }
}

/* ---- all of it ---- */

/* Units u0 .. u1-1: rows where inner is 1, else blocks of TNI_SOFTMAX_COLUMNS inner positions. y NULL: out = softmax of
 * in. Else out = its gradient, in = dy, y the forward result. log: of log_softmax. out may be in. */
TNK_FN void TNK(softmax)(float *out, const float *in, const float *y, size_t K, size_t inner, size_t u0, size_t u1,
                         int log)
{
    const size_t across = (inner + TNI_SOFTMAX_COLUMNS - 1) / TNI_SOFTMAX_COLUMNS;
    float a[TNV_LANES * TNI_SOFTMAX_SHORT], b[TNV_LANES * TNI_SOFTMAX_SHORT];
    size_t u, n, at;
    for (u = u0; u < u1; u += n) {
        n = 1;
        at = u * K;
        if (inner > 1) {
            const size_t first = u % across * TNI_SOFTMAX_COLUMNS;
            at = u / across * K * inner + first;
            TNK(softmax_strip)(out + at, in + at, y ? y + at : y, K, inner,
                               inner - first < TNI_SOFTMAX_COLUMNS ? inner - first : TNI_SOFTMAX_COLUMNS, log);
        } else if (K > TNI_SOFTMAX_SHORT) {
            if (y) TNK(softmax_backward_row)(out + at, in + at, y + at, K, log);
            else TNK(softmax_row)(out + at, in + at, K, log);
        } else {
            n = u1 - u < TNV_LANES ? u1 - u : TNV_LANES;
            if (K == 10 && n == TNV_LANES && !y && !log) {
                TNK(softmax_lanes)(out + at, in + at, 10);
                continue;
            }
            TNK(rows_turn)(a, in + at, K, n);
            if (y) TNK(rows_turn)(b, y + at, K, n);
            TNK(softmax_strip)(a, a, y ? b : y, K, TNV_LANES, TNV_LANES, log);
            TNK(rows_return)(out + at, a, K, n);
        }
    }
}
