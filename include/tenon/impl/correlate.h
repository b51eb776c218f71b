/* impl/correlate.h - a convolution, its data gradient and its weight gradient as the kernels see them: sums over the
 * taps of a window. */

/* One axis: output u and tap a meet at input position (u rise + base + a walk) / fall, if that is whole and inside. The
 * convolution has rise = stride, fall = 1, base = -padding; its data gradient, where dy is the input and the taps are
 * counted from the last, rise = 1, fall = stride, base = padding - (taps - 1) dilation. walk: the dilation. */
typedef struct tni_reach {
    int64_t in, out, taps, rise, fall, base, walk;
} tni_reach;

/* y[n,u,v,o] = f(bias[o] + sum over a, b, k of x[n,u(a),v(b),k] w[a,b,k,o] + residual[n,u,v,o]), for each of the
 * groups: K channels of x make O channels of y. g: the epilogue, y's whole row of channels, and w packed (for each
 * group and panel of columns: a, b, k) or as it lies, where columns lie side by side.
 *
 * The order of a sum depends on the shape alone: a, b, k where the taps of a row of the window and their channels lie
 * side by side in x and either channels are few or nothing is padded, else b, a, k.
 *
 * One column at a time (depthwise): one group of all columns; column o takes the channels o x_mul / x_div + k. Order:
 * k, a, b.
 *
 * The weight gradient is y's sum turned round: w[a,b,k,o] = sum over n, u, v of x[n,u(a),v(b),k] y[n,u,v,o]. */
typedef struct tni_correlation {
    tni_gemm g;
    tni_reach h, w;
    const float *x;
    size_t N, channels; /* of x */
    size_t groups, K, O;
    size_t group_step, k_step, o_step; /* of w: floats from one to the next */
    ptrdiff_t tap_step;                /* below 0 where the taps are counted from the last, which w then points to */
    size_t x_mul, x_div;
    int depthwise;
} tni_correlation;

#define TNI_FEW_CHANNELS 64 /* below: a row of taps is one run, and borders go by columns */

/* a / b. Strides are mostly 1, and a small convolution spends a tenth of its time on divisions. */
static TNI_UNUSED int64_t tni_quotient(int64_t a, int64_t b) { return b == 1 ? a : a / b; }

/* Where output u and tap a meet; -1: nowhere. */
static TNI_UNUSED int64_t tni_meet(const tni_reach *r, int64_t u, int64_t a)
{
    const int64_t at = u * r->rise + r->base + a * r->walk, i = tni_quotient(at, r->fall);
    return at >= 0 && i * r->fall == at && i < r->in ? i : -1;
}

/* The taps that output u meets: count of them from *first on, every step-th; the first at *at, each next one `move`
 * further. */
typedef struct tni_met {
    int64_t first, count, step, at, move;
} tni_met;
static TNI_UNUSED tni_met tni_taps_met(const tni_reach *r, int64_t u)
{
    const int64_t at = u * r->rise + r->base;
    tni_met m;
    m.first = 0; m.count = r->taps; m.step = 1; m.at = at; m.move = r->walk;
    if (r->fall == 1 && at >= 0 && at + (r->taps - 1) * r->walk < r->in) return m;
    if (r->fall > 1) {
        while (m.step < r->taps && m.step * r->walk % r->fall) m.step++;
        m.move = m.step * r->walk / r->fall;
    }
    while (m.first < r->taps && tni_meet(r, u, m.first) < 0) m.first++;
    for (m.count = 0; m.first + m.count * m.step < r->taps; m.count++)
        if (tni_meet(r, u, m.first + m.count * m.step) < 0) break;
    if (!m.count) m.first = 0;
    m.at = m.count ? tni_meet(r, u, m.first) : 0;
    return m;
}

/* The outputs u = phase + j fall, *j0 <= j < *j1 within the given bounds, that tap b meets; *at is where j = *j0 does.
 * From there on the input's position grows by rise. 0: there is none, and *j1 = *j0. */
static TNI_UNUSED int tni_meets(const tni_reach *r, int64_t phase, int64_t b, int64_t *j0, int64_t *j1, int64_t *at)
{
    const int64_t met = phase * r->rise + r->base + b * r->walk, first = tni_quotient(met, r->fall);
    int64_t end;
    *at = 0;
    if (first * r->fall != met) {
        *j1 = *j0;
        return 0;
    }
    if (first + *j0 * r->rise < 0) *j0 = tni_quotient(-first + r->rise - 1, r->rise);
    end = r->in - first <= 0 ? 0 : tni_quotient(r->in - first - 1, r->rise) + 1;
    if (*j1 > end) *j1 = end;
    if (*j1 < *j0) *j1 = *j0;
    *at = first + *j0 * r->rise;
    return *j0 < *j1;
}
