/* kernel/gemm.h - matrix product over the register tile: panels of b, packed beforehand, read where they lie, or
 * packed here block by block on the stack; blocks of sums, finished (scale, bias, activation) while they are in
 * the nearest cache. */

#define TNV_BLOCK_ROWS (TNI_BLOCK_FLOATS / TNV_PANEL / TNV_TILE_ROWS * TNV_TILE_ROWS)

/* K rows of TNV_PANEL floats from b's element (k,o) at b[k k_step + o o_step], zeros behind column cols. */
TNK_FN void TNK(pack_block)(float *p, const float *b, size_t k_step, size_t o_step, size_t K, size_t cols)
{
    size_t k = 0, o, j;
    if (o_step == 1 && cols >= TNV_PANEL) {
        for (; k < K; k++, p += TNV_PANEL, b += k_step)
            TNI_UNROLL for (o = 0; o < TNV_PANEL; o += TNV_LANES) tnv_store(p + o, tnv_load(b + o));
        return;
    }
    if (k_step == 1 && cols >= TNV_PANEL) /* transposed: four k at a time */
        for (; K - k >= 4; k += 4)
            for (o = 0; o < TNV_PANEL; o += TNV_LANES) {
                tnv_f32 v[4];
                tnv_load4(v, b + k + o * o_step, o_step);
                TNI_UNROLL for (j = 0; j < 4; j++) tnv_store(p + (k + j) * TNV_PANEL + o, v[j]);
            }
    for (; k < K; k++)
        for (o = 0; o < TNV_PANEL; o++) p[k * TNV_PANEL + o] = o < cols ? b[k * k_step + o * o_step] : 0.0f;
}

/* All of b[K,O] as panels, one behind the other. */
TNK_FN void TNK(gemm_pack)(float *packed, const float *b, size_t K, size_t O, size_t k_step, size_t o_step)
{
    size_t o;
    for (o = 0; o < O; o += TNV_PANEL) TNK(pack_block)(packed + o * K, b + o * o_step, k_step, o_step, K, O - o);
}

/* f of rows of y, beyond what the tile does. */
TNK_FN void TNK(activate)(const tni_gemm *g, float *y, size_t y_row, size_t rows, size_t cols)
{
    for (; rows; rows--, y += y_row)
        TNK(activation)(y, y, cols, g->activation, g->activation_alpha, g->activation_beta);
}

/* y[n,o] = f(alpha sum + beta c[n,o] + residual[n,o]) for n0 <= n < n0 + rows, o0 <= o < o0 + cols. The
 * sums may stand in y. */
TNK_FN void TNK(finish)(const tni_gemm *g, const float *sum, size_t sum_row, size_t n0, size_t rows, size_t o0,
                        size_t cols)
{
    const tnv_f32 alpha = tnv_set1(g->alpha), beta = tnv_set1(g->beta), zero = tnv_set1(0.0f);
    const int relu = g->activation == TN_RELU;
    size_t n, o;
    for (n = n0; n < n0 + rows; n++, sum += sum_row) {
        float *const y = g->y + n * g->y_row + o0;
        const float *const c = g->c ? g->c + n * g->c_row + o0 * g->c_col : TNI_NULL;
        for (o = 0; o < cols; o += TNV_LANES) {
            const size_t left = cols - o;
            const tnv_tail tail = tnv_first(left < TNV_LANES ? left : TNV_LANES);
            tnv_f32 v = tnv_mul(alpha, tnv_load(sum + o));
            if (c)
                v = tnv_fma(beta,
                            g->c_col ? left < TNV_LANES ? tnv_load_first(c + o, tail) : tnv_load(c + o) : tnv_set1(*c),
                            v);
            if (g->residual) {
                const float *const r = g->residual + n * g->y_row + o0 + o;
                v = tnv_add(v, left < TNV_LANES ? tnv_load_first(r, tail) : tnv_load(r));
            }
            if (relu) v = tnv_max(v, zero);
            if (left < TNV_LANES) tnv_store_first(y + o, v, tail);
            else tnv_store(y + o, v);
        }
    }
    if (g->activation != TN_LINEAR && !relu) TNK(activate)(g, g->y + n0 * g->y_row + o0, g->y_row, rows, cols);
}

/* How many of the columns that are left one tile takes: two panels where it can, one, or the rest. */
TNV_FN size_t TNK(columns)(size_t left, int two)
{
    return TNV_WIDE_ROWS != 0 && two && left >= 2 * TNV_PANEL ? 2 * TNV_PANEL : tni_least(left, TNV_PANEL);
}

/* What the sums of columns o .. o+cols-1 start from, and 0 behind it. */
TNK_FN void TNK(start)(const tni_gemm *g, float *start, size_t o, size_t cols)
{
    memset(start, 0, 2 * TNV_PANEL * sizeof *start);
    if (g->bias) memcpy(start, g->bias + o, cols * sizeof *start);
}

/* Where w is larger than the second-level cache, each panel's first tile waits for it. So tiles of too few rows to make
 * up for that fetch the panel from column `next` on meanwhile (32 rows of 1024 to 4096 features: 1.4 times as fast).
 * Returns the tile's ahead_row. */
TNV_FN size_t TNK(look_ahead)(uintptr_t *ahead, const float *packed, size_t K, size_t O, size_t next, size_t cols,
                              size_t n)
{
    const size_t row = cols * sizeof *packed;
    if (!packed || next >= O || K * O < TNI_NEAR_FLOATS || n <= TNV_TILE_ROWS || n > 2 * row) return 0;
    *ahead = (uintptr_t)(packed + next * K);
    return (row + n - 1) / n;
}

/* Rows n0 .. n1-1, columns o0 .. o1-1; o0 is a multiple of TNI_COLUMNS. */
TNK_FN void TNK(gemm)(const tni_gemm *g, size_t n0, size_t n1, size_t o0, size_t o1)
{
    float panel[TNI_PACK_FLOATS], block[TNI_BLOCK_FLOATS], start[2 * TNV_PANEL];
    const int relu = g->activation == TN_RELU, activated = g->activation != TN_LINEAR && !relu;
    const int plain = !g->c && !(g->alpha < 1.0f || g->alpha > 1.0f || g->alpha != g->alpha);
    size_t o, n, k, rows, cols;
    for (o = o0; o < o1; o += cols) {
        /* packing pays from two tiles on */
        const int in_place = !g->packed && g->b_col == 1 && o1 - o >= TNV_PANEL && n1 - n0 <= TNV_TILE_ROWS;
        const int here = !g->packed && !in_place;
        const size_t k_block = here ? TNI_PACK_FLOATS / TNV_PANEL : g->K;
        /* sums stand in y at once, but for a residual that y holds */
        const int direct = plain && o1 - o >= TNV_PANEL && !(g->residual && g->K > k_block);
        TNK(tile) t;
        cols = TNK(columns)(o1 - o, direct && g->packed && n1 - n0 > TNV_TILE_ROWS);
        TNK(start)(g, start, o, cols);
        memset(&t, 0, sizeof t);
        t.x_row = g->a_row;
        t.x_step = g->a_step;
        t.w_row = in_place ? g->b_row : TNV_PANEL;
        t.w_next = cols > TNV_PANEL ? (ptrdiff_t)(g->K * TNV_PANEL) : 0;
        t.runs = t.lines = 1;
        t.start = start;
        t.ahead_row = TNK(look_ahead)(&t.ahead, g->packed, g->K, g->O, o + cols < o1 ? o + cols : o0 + g->ahead, cols,
                                      n1 - n0);
        for (n = n0; n < n1; n += rows) {
            rows = tni_least(n1 - n, direct && !activated ? n1 - n : TNV_BLOCK_ROWS);
            t.y = direct ? g->y + n * g->y_row + o : block;
            t.y_row = direct ? g->y_row : TNV_PANEL;
            k = 0;
            do { /* once even for K = 0: the sums are what they start from */
                t.K = g->K - k < k_block ? g->K - k : k_block;
                t.w = g->packed ? g->packed + o * g->K : in_place ? g->b + o : panel;
                if (here) TNK(pack_block)(panel, g->b + k * g->b_row + o * g->b_col, g->b_row, g->b_col, t.K, cols);
                t.x = g->a + n * g->a_row + k * g->a_step;
                t.more = k != 0;
                k += t.K;
                if (direct && k == g->K) {
                    t.relu = relu;
                    if (g->residual) t.residual = g->residual + n * g->y_row + o;
                }
                TNK(tiles)(&t, rows);
                t.relu = 0;
            } while (k < g->K);
            t.ahead += rows * g->K * t.ahead_row;
            if (!direct) TNK(finish)(g, block, TNV_PANEL, n, rows, o, cols);
            else if (activated) TNK(activate)(g, t.y, t.y_row, rows, cols);
        }
    }
}

/* sums[o] (+)= sum over n of x[n,o], n ascending from +0. */
TNK_FN void TNK(column_sums)(float *sums, const float *x, size_t N, size_t O, int accumulate)
{
    size_t n, o, v;
    for (o = 0; O - o >= 4 * TNV_LANES; o += 4 * TNV_LANES) {
        tnv_f32 s[4];
        TNI_UNROLL for (v = 0; v < 4; v++) s[v] = tnv_set1(0.0f);
        for (n = 0; n < N; n++)
            TNI_UNROLL for (v = 0; v < 4; v++) s[v] = tnv_add(s[v], tnv_load(x + n * O + o + v * TNV_LANES));
        TNI_UNROLL for (v = 0; v < 4; v++) {
            float *const at = sums + o + v * TNV_LANES;
            tnv_store(at, accumulate ? tnv_add(tnv_load(at), s[v]) : s[v]);
        }
    }
    for (; o < O; o += TNV_LANES) {
        const tnv_tail tail = tnv_first(O - o < TNV_LANES ? O - o : TNV_LANES);
        tnv_f32 s = tnv_set1(0.0f);
        for (n = 0; n < N; n++) s = tnv_add(s, tnv_load_first(x + n * O + o, tail));
        tnv_store_first(sums + o, accumulate ? tnv_add(tnv_load_first(sums + o, tail), s) : s, tail);
    }
}
