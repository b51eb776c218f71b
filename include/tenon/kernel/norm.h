/* kernel/norm.h - batch normalisation and its gradient. A lane is a channel in every sum; where channels are planes,
 * a block of positions is turned on the stack first, so that both orders of axes add up alike. */

#define TNK_LOAD(p) (whole ? tnv_load(p) : tnv_load_first(p, tail))
#define TNK_STORE(p, v) do { if (whole) tnv_store(p, v); else tnv_store_first(p, v, tail); } while (0)

/* ---- sums ---- */

/* total[lane] += sum over rows of x; with mean of (x - mean)^2; with dy too of dy (x - mean). */
TNV_FN void TNK(norm_columns)(double *total, const float *x, const float *dy, const float *mean, size_t step,
                              size_t rows, size_t vecs, tnv_tail tail)
{
    const int whole = vecs > 1;
    float sum[TNI_NORM_CHANNELS];
    tnv_f32 s[4], m[4];
    size_t r, b;
    TNV_UNROLL for (b = 0; b < vecs; b++) {
        s[b] = tnv_set1(0.0f);
        m[b] = mean ? tnv_load(mean + b * TNV_LANES) : s[b];
    }
    for (r = 0; r < rows; r++)
        TNV_UNROLL for (b = 0; b < vecs; b++) {
            const size_t at = r * step + b * TNV_LANES;
            const tnv_f32 v = TNK_LOAD(x + at), d = tnv_sub(v, m[b]);
            s[b] = mean ? tnv_fma(dy ? TNK_LOAD(dy + at) : d, d, s[b]) : tnv_add(s[b], v);
        }
    TNV_UNROLL for (b = 0; b < vecs; b++) tnv_store(sum + b * TNV_LANES, s[b]);
    for (b = 0; b < vecs * TNV_LANES; b++) total[b] += (double)sum[b];
}

TNV_FN void TNK(norm_block_of)(double *total, const float *x, const float *dy, const float *mean, size_t step,
                               size_t rows, size_t cols)
{
    enum { VECS = TNV_LANES > 8 ? TNI_NORM_CHANNELS / TNV_LANES : 4 };
    size_t o = 0;
    for (; cols - o >= VECS * TNV_LANES; o += VECS * TNV_LANES)
        TNK(norm_columns)(total + o, x + o, dy ? dy + o : dy, mean ? mean + o : mean, step, rows, VECS, tnv_first(0));
    for (; o < cols; o += TNV_LANES)
        TNK(norm_columns)(total + o, x + o, dy ? dy + o : dy, mean ? mean + o : mean, step, rows, 1,
                          tnv_first(cols - o < TNV_LANES ? cols - o : TNV_LANES));
}

TNI_NOINLINE TNK_FN void TNK(norm_block)(double *total, const float *x, const float *dy, const float *mean,
                                         size_t step, size_t rows, size_t cols)
{
    if (!mean) TNK(norm_block_of)(total, x, TNI_NULL, TNI_NULL, step, rows, cols);
    else if (!dy) TNK(norm_block_of)(total, x, TNI_NULL, mean, step, rows, cols);
    else TNK(norm_block_of)(total, x, dy, mean, step, rows, cols);
}

/* Positions p .. p+rows-1 of the channels, a row each, *step apart: where they lie, or turned. */
TNK_FN const float *TNK(norm_rows)(const tni_batch_norm *g, float *turned, const float *x, size_t p, size_t rows,
                                   size_t c0, size_t cols, size_t *step)
{
    size_t r, n;
    *step = g->C;
    if (g->plane == 1) return x + p * g->C + c0;
    *step = TNI_NORM_CHANNELS;
    for (r = 0; r < rows; r += n, p += n) {
        const size_t left = g->plane - p % g->plane;
        n = rows - r < left ? rows - r : left;
        TNK(transpose)(turned + r * TNI_NORM_CHANNELS, TNI_NORM_CHANNELS,
                       x + (p / g->plane * g->C + c0) * g->plane + p % g->plane, g->plane, cols, n);
    }
    return turned;
}

/* Over all positions: sum of x, or of (x - mean)^2 where there is a mean. */
TNK_FN void TNK(norm_moment)(const tni_batch_norm *g, double *total, const float *mean, size_t c0, size_t cols)
{
    float turned[TNI_NORM_ROWS * TNI_NORM_CHANNELS];
    size_t p, rows, step;
    for (p = 0; p < g->positions; p += rows) {
        const float *x;
        rows = g->positions - p < TNI_NORM_ROWS ? g->positions - p : TNI_NORM_ROWS;
        x = TNK(norm_rows)(g, turned, g->x, p, rows, c0, cols, &step);
        TNK(norm_block)(total, x, TNI_NULL, mean, step, rows, cols);
    }
}

/* Over all positions: sum of dy and of dy (x - mean). */
TNK_FN void TNK(norm_dots)(const tni_batch_norm *g, double *sum, double *dot, const float *mean, size_t c0, size_t cols)
{
    float turned[TNI_NORM_ROWS * TNI_NORM_CHANNELS], turned_dy[TNI_NORM_ROWS * TNI_NORM_CHANNELS];
    size_t p, rows, step;
    for (p = 0; p < g->positions; p += rows) {
        const float *x, *dy;
        rows = g->positions - p < TNI_NORM_ROWS ? g->positions - p : TNI_NORM_ROWS;
        dy = TNK(norm_rows)(g, turned_dy, g->dy, p, rows, c0, cols, &step);
        x = TNK(norm_rows)(g, turned, g->x, p, rows, c0, cols, &step);
        TNK(norm_block)(sum, dy, TNI_NULL, TNI_NULL, step, rows, cols);
        TNK(norm_block)(dot, x, dy, mean, step, rows, cols);
    }
}

/* ---- elements ---- */

TNV_FN tnv_f32 TNK(norm_dx)(tnv_f32 dy, tnv_f32 x, tnv_f32 mean, tnv_f32 rstd, tnv_f32 scale, tnv_f32 shift,
                            tnv_f32 slope)
{
    return tnv_mul(scale, tnv_fnma(tnv_mul(tnv_sub(x, mean), rstd), slope, tnv_sub(dy, shift)));
}

/* n elements step apart, TNV_LANES floats, or the first of them, each. at, of l: the lane, or first lane, of them. */
TNV_FN void TNK(norm_run)(const tni_norm_lanes *l, size_t at, int spread, float *y, const float *x, const float *dy,
                          size_t step, size_t n, int whole, tnv_tail tail)
{
    const tnv_f32 mean = spread ? tnv_set1(l->mean[at]) : tnv_load(l->mean + at);
    const tnv_f32 scale = spread ? tnv_set1(l->scale[at]) : tnv_load(l->scale + at);
    const tnv_f32 shift = spread ? tnv_set1(l->shift[at]) : tnv_load(l->shift + at);
    const tnv_f32 rstd = spread ? tnv_set1(l->rstd[at]) : tnv_load(l->rstd + at);
    const tnv_f32 slope = spread ? tnv_set1(l->slope[at]) : tnv_load(l->slope + at);
    size_t i;
    for (i = 0; i < n; i++) {
        const tnv_f32 v = TNK_LOAD(x + i * step);
        TNK_STORE(y + i * step, dy ? TNK(norm_dx)(TNK_LOAD(dy + i * step), v, mean, rstd, scale, shift, slope)
                                   : tnv_fma(tnv_sub(v, mean), scale, shift));
    }
}

/* Positions p0 .. p1-1 of the group's channels: y from x, or dx (in y) from dy and x. */
TNV_FN void TNK(norm_elements_of)(const tni_batch_norm *g, const tni_norm_lanes *l, float *y, const float *x,
                                  const float *dy, size_t c0, size_t cols, size_t p0, size_t p1)
{
    size_t p, i, n;
    if (g->plane == 1) {
        for (p = p0; p < p1; p += n) { /* a block of positions stays in the nearest cache */
            n = p1 - p < TNI_NORM_ROWS ? p1 - p : TNI_NORM_ROWS;
            for (i = 0; i < cols; i += TNV_LANES) {
                const size_t at = p * g->C + c0 + i;
                if (cols - i >= TNV_LANES)
                    TNK(norm_run)(l, i, 0, y + at, x + at, dy ? dy + at : dy, g->C, n, 1, tnv_first(0));
                else TNK(norm_run)(l, i, 0, y + at, x + at, dy ? dy + at : dy, g->C, n, 0, tnv_first(cols - i));
            }
        }
        return;
    }
    for (i = 0; i < cols; i++)
        for (p = p0; p < p1; p += n) {
            const size_t in = p % g->plane, at = (p / g->plane * g->C + c0 + i) * g->plane + in;
            size_t vecs;
            n = g->plane - in < p1 - p ? g->plane - in : p1 - p;
            vecs = n / TNV_LANES;
            TNK(norm_run)(l, i, 1, y + at, x + at, dy ? dy + at : dy, TNV_LANES, vecs, 1, tnv_first(0));
            if (n % TNV_LANES) {
                const size_t end = at + vecs * TNV_LANES;
                TNK(norm_run)(l, i, 1, y + end, x + end, dy ? dy + end : dy, TNV_LANES, 1, 0, tnv_first(n % TNV_LANES));
            }
        }
}
#undef TNK_LOAD
#undef TNK_STORE

TNI_NOINLINE TNK_FN void TNK(norm_elements)(const tni_batch_norm *g, const tni_norm_lanes *l, float *y, const float *x,
                                            const float *dy, size_t c0, size_t cols, size_t p0, size_t p1)
{
    if (dy) TNK(norm_elements_of)(g, l, y, x, dy, c0, cols, p0, p1);
    else TNK(norm_elements_of)(g, l, y, x, TNI_NULL, c0, cols, p0, p1);
}

/* ---- groups of channels ---- */

/* l->rstd, l->scale, l->shift of the variances of the group. */
TNK_FN void TNK(norm_factors)(const tni_batch_norm *g, tni_norm_lanes *l, const float *variance, size_t c0, size_t cols)
{
    size_t i;
    for (i = 0; i < TNI_NORM_CHANNELS; i += TNV_LANES) {
        const tnv_f32 v = tnv_add(tnv_load(variance + i), tnv_set1(g->epsilon));
        tnv_store(l->rstd + i, tnv_div(tnv_set1(1.0f), tnv_sqrt(v)));
    }
    for (i = 0; i < cols; i++) {
        l->scale[i] = g->gamma ? l->rstd[i] * g->gamma[c0 + i] : l->rstd[i];
        if (g->beta) l->shift[i] = g->beta[c0 + i];
    }
}

/* Inference: positions p0 .. p1-1. y may be x. */
TNK_FN void TNK(batch_norm)(const tni_batch_norm *g, size_t p0, size_t p1)
{
    const size_t chunk = g->plane == 1 ? TNI_NORM_ROWS : p1 - p0;
    size_t p, c, cols;
    for (p = p0; p < p1; p += chunk)
        for (c = 0; c < g->C; c += cols) {
            float variance[TNI_NORM_CHANNELS] = { 0 };
            tni_norm_lanes l;
            memset(&l, 0, sizeof l);
            cols = g->C - c < TNI_NORM_CHANNELS ? g->C - c : TNI_NORM_CHANNELS;
            memcpy(l.mean, g->mean + c, cols * sizeof *l.mean);
            memcpy(variance, g->variance + c, cols * sizeof *variance);
            TNK(norm_factors)(g, &l, variance, c, cols);
            TNK(norm_elements)(g, &l, g->y, g->x, TNI_NULL, c, cols, p, p1 - p < chunk ? p1 : p + chunk);
        }
}

/* Training: channels c0 .. c0+cols-1. Of no positions the mean and the variance are 0, and nothing runs on. One value
 * has no unbiased variance: its own, 0, stands in. */
TNK_FN void TNK(batch_norm_train)(const tni_batch_norm *g, size_t c0, size_t cols)
{
    const double count = g->positions ? (double)g->positions : 1.0;
    const double others = g->unbiased && g->positions > 1 ? count - 1.0 : count;
    const float fresh = 1.0f - g->momentum;
    double total[TNI_NORM_CHANNELS] = { 0 }, squares[TNI_NORM_CHANNELS] = { 0 };
    float variance[TNI_NORM_CHANNELS];
    tni_norm_lanes l;
    size_t i;
    memset(&l, 0, sizeof l);
    TNK(norm_moment)(g, total, TNI_NULL, c0, cols);
    for (i = 0; i < TNI_NORM_CHANNELS; i++) l.mean[i] = (float)(total[i] / count);
    TNK(norm_moment)(g, squares, l.mean, c0, cols);
    for (i = 0; i < TNI_NORM_CHANNELS; i++) variance[i] = (float)(squares[i] / count);
    TNK(norm_factors)(g, &l, variance, c0, cols);
    TNK(norm_elements)(g, &l, g->y, g->x, TNI_NULL, c0, cols, 0, g->positions);
    if (g->saved_mean) memcpy(g->saved_mean + c0, l.mean, cols * sizeof *l.mean);
    if (g->saved_rstd) memcpy(g->saved_rstd + c0, l.rstd, cols * sizeof *l.rstd);
    for (i = 0; i < cols && g->positions; i++) {
        float *const mean = g->running_mean, *const running = g->running_variance;
        if (mean) mean[c0 + i] = tni_fma(g->momentum, mean[c0 + i], fresh * l.mean[i]);
        if (running) running[c0 + i] = tni_fma(g->momentum, running[c0 + i], fresh * (float)(squares[i] / others));
    }
}

/* Channels c0 .. c0+cols-1. */
TNK_FN void TNK(batch_norm_backward)(const tni_batch_norm *g, size_t c0, size_t cols)
{
    const double count = g->positions ? (double)g->positions : 1.0;
    double sum[TNI_NORM_CHANNELS] = { 0 }, dot[TNI_NORM_CHANNELS] = { 0 };
    tni_norm_lanes l;
    size_t i;
    memset(&l, 0, sizeof l);
    memcpy(l.mean, g->mean + c0, cols * sizeof *l.mean);
    memcpy(l.rstd, g->rstd + c0, cols * sizeof *l.rstd);
    if (g->dgamma || g->dbeta || !g->constant) TNK(norm_dots)(g, sum, dot, l.mean, c0, cols);
    for (i = 0; i < cols; i++) {
        const double slope = dot[i] * (double)l.rstd[i];
        l.scale[i] = g->gamma ? l.rstd[i] * g->gamma[c0 + i] : l.rstd[i];
        l.shift[i] = (float)(sum[i] / count);
        l.slope[i] = (float)(slope / count);
        if (g->dbeta) g->dbeta[c0 + i] = g->accumulate ? g->dbeta[c0 + i] + (float)sum[i] : (float)sum[i];
        if (g->dgamma) g->dgamma[c0 + i] = g->accumulate ? g->dgamma[c0 + i] + (float)slope : (float)slope;
        if (g->constant) { l.mean[i] = 0.0f; l.shift[i] = -0.0f; } /* (dy - 0) scale + -0 is the product itself */
    }
    if (!g->dx) return;
    TNK(norm_elements)(g, &l, g->dx, g->constant ? g->dy : g->x, g->constant ? TNI_NULL : g->dy, c0, cols, 0,
                       g->positions);
}
