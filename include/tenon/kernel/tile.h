/* kernel/tile.h - the register tile: R rows by TNV_TILE_VECS vectors of outputs,
 *
 *     y[r,:] = relu(start[:] + sum over k of x[r,k] w[k,:] + residual[r,:])
 *
 * with k ascending and one accumulator per output: the same bits on every instruction set and in every tile height, and
 * also where a sum waits in y between two tiles (more). gemm, convolution and LSTM stand on it. They differ in where
 * a row starts and in how k is cut into runs: a dense layer has one; a convolution has one for each row of its window,
 * whose taps and channels lie side by side in the image. Tile sizes: vec/<isa>.h. */

typedef struct TNK(tile) {
    const float *x; /* element (r,k) of a run at x[r x_row + k x_step]; one of the two is 1 */
    size_t x_row, x_step;
    const float *w; /* TNV_PANEL floats at w[k w_row] */
    size_t w_row;
    size_t K, runs;         /* elements of a run; how many runs, 0: the sum is what it starts from */
    ptrdiff_t x_run, w_run; /* floats from a run's first element to the next one's */
    const float *start;     /* TNV_PANEL floats, or NULL: +0 */
    float *y;               /* TNV_PANEL floats at y[r y_row] */
    size_t y_row;
    const float *residual; /* as y, which it may be, or NULL */
    int more, relu;        /* more: start from y */
} TNK(tile);

/* Seven rows to a base, because base + {0, 1, 2, 4} s, s3, 2 s3 and s5 are single x86 addresses. Without TNI_OPAQUE the
 * compilers rebuild the multiples in their own way; with plain x[r * s + k] clang 19 spills accumulators (convolution
 * 28x28x128: 145 GFLOP/s instead of 182). Integers, since a base may lie behind the array when R is below 8. */
#define TNI_ROW(r) \
    ((const float *)(adjacent ? x0 + (r) * sizeof(float) \
                     : ((r) < 7 ? x0 : x1) + ((r) % 7 == 0 ? 0 : (r) % 7 == 1 ? s1 : (r) % 7 == 2 ? 2 * s1 \
                                              : (r) % 7 == 3 ? s3 : (r) % 7 == 4 ? 4 * s1 : (r) % 7 == 5 ? s5 \
                                              : 2 * s3)))

/* R and adjacent (rows one element apart, as in a transposed matrix; else x_step is 1) are constants of each
 * function below: one register less for a run-time step keeps clang's accumulators in registers (AVX2: 40 stack
 * references in 48 fmas with it). */
TNV_FN void TNK(tile_of)(const TNK(tile) *t, const size_t R, const int adjacent)
{
    tnv_f32 acc[TNV_TILE_ROWS][TNV_TILE_VECS], wk[TNV_TILE_VECS];
    const size_t x_step = adjacent ? t->x_step * sizeof(float) : sizeof(float), w_row = t->w_row, y_row = t->y_row;
    const size_t x_skip = (size_t)t->x_run * sizeof(float) - t->K * x_step;
    const ptrdiff_t w_skip = t->w_run - (ptrdiff_t)(t->K * w_row);
    size_t s1 = t->x_row * sizeof(float), s3 = 3 * s1, s5 = 5 * s1, r, v, k, run;
    uintptr_t x0 = (uintptr_t)t->x, x1 = x0 + 7 * s1;
    const float *w = t->w;
    float *y = t->y;
    if (!adjacent) { TNI_OPAQUE(s1); TNI_OPAQUE(s3); TNI_OPAQUE(s5); TNI_OPAQUE(x1); }
    if (t->more) {
        TNI_UNROLL for (r = 0; r < R; r++)
            TNI_UNROLL for (v = 0; v < TNV_TILE_VECS; v++) acc[r][v] = tnv_load(y + r * y_row + v * TNV_LANES);
    } else {
        TNI_UNROLL for (v = 0; v < TNV_TILE_VECS; v++) {
            wk[v] = t->start ? tnv_load(t->start + v * TNV_LANES) : tnv_set1(0.0f);
            TNI_UNROLL for (r = 0; r < R; r++) acc[r][v] = wk[v];
        }
    }
    for (run = t->runs; run; run--) {
        TNV_TILE_UNROLL for (k = t->K; k; k--) {
            TNI_UNROLL for (v = 0; v < TNV_TILE_VECS; v++) wk[v] = tnv_load(w + v * TNV_LANES);
            TNI_UNROLL for (r = 0; r < R; r++) {
                const tnv_f32 xr = tnv_set1_at(TNI_ROW(r));
                TNI_UNROLL for (v = 0; v < TNV_TILE_VECS; v++) acc[r][v] = tnv_fma(xr, wk[v], acc[r][v]);
            }
            w += w_row; x0 += x_step; x1 += x_step;
        }
        w += w_skip; x0 += x_skip; x1 += x_skip;
    }
    if (t->residual) {
        TNI_UNROLL for (r = 0; r < R; r++)
            TNI_UNROLL for (v = 0; v < TNV_TILE_VECS; v++)
                acc[r][v] = tnv_add(acc[r][v], tnv_load(t->residual + r * y_row + v * TNV_LANES));
    }
    if (t->relu) {
        TNI_UNROLL for (r = 0; r < R; r++)
            TNI_UNROLL for (v = 0; v < TNV_TILE_VECS; v++) acc[r][v] = tnv_max(acc[r][v], tnv_set1(0.0f));
    }
    TNI_UNROLL for (r = 0; r < R; r++)
        TNI_UNROLL for (v = 0; v < TNV_TILE_VECS; v++) tnv_store(y + r * y_row + v * TNV_LANES, acc[r][v]);
}
#undef TNI_ROW

/* Two functions for every height, none inlined: in one big function the tiles spoil each other's registers. */
#define TNI_TILE(n)                                                                                \
    TNI_NOINLINE TNK_FN void TNK(tile_##n)(const TNK(tile) *t) { TNK(tile_of)(t, n, 0); }          \
    TNI_NOINLINE TNK_FN void TNK(tile_adjacent_##n)(const TNK(tile) *t) { TNK(tile_of)(t, n, 1); }
TNV_EACH_HEIGHT(TNI_TILE)
#undef TNI_TILE

/* n rows, cut into tiles of nearly equal height: 32 rows are 11 + 11 + 10, not 14 + 14 + 4. */
TNK_FN void TNK(tiles)(TNK(tile) t, size_t n)
{
    size_t parts;
    for (parts = (n + TNV_TILE_ROWS - 1) / TNV_TILE_ROWS; parts; parts--) {
        const size_t R = (n + parts - 1) / parts;
        switch (R) {
#define TNI_TILE(r) case r: if (t.x_step == 1) TNK(tile_##r)(&t); else TNK(tile_adjacent_##r)(&t); break;
        TNV_EACH_HEIGHT(TNI_TILE)
#undef TNI_TILE
        default: break;
        }
        t.x += R * t.x_row;
        t.y += R * t.y_row;
        if (t.residual) t.residual += R * t.y_row;
        n -= R;
    }
}

/* As tiles, where w's rows may be shorter than a panel: what follows a row is read with it, and nobody looks at those
 * columns. But nothing from w_end on is read: rows that would are copied. */
TNK_FN void TNK(tiles_within)(TNK(tile) t, size_t n, const float *w_end)
{
    float rest[TNV_PANEL * TNV_PANEL];
    const size_t K = t.K, runs = t.runs, span = K ? (K - 1) * t.w_row + TNV_PANEL : 0;
    const ptrdiff_t room = w_end - t.w;
    size_t run = 0, k, inside;
    TNK(tile) part = t;
    while (run < runs && room - (ptrdiff_t)run * t.w_run >= (ptrdiff_t)span) run++;
    if (run == runs) {
        TNK(tiles)(t, n);
        return;
    }
    part.residual = TNI_NULL;
    part.relu = 0;
    part.runs = run;
    if (run || !t.more) TNK(tiles)(part, n);
    part.runs = part.more = 1;
    for (; run < runs; run++) {
        const float *const w = t.w + (ptrdiff_t)run * t.w_run;
        const size_t left = (size_t)(w_end - w);
        inside = left < TNV_PANEL ? 0 : tni_least(K, (left - TNV_PANEL) / t.w_row + 1);
        part.x = t.x + (ptrdiff_t)run * t.x_run;
        part.w = w;
        part.w_row = t.w_row;
        part.K = inside;
        if (inside) TNK(tiles)(part, n);
        memset(rest, 0, sizeof rest);
        for (k = inside; k < K; k++)
            memcpy(rest + (k - inside) * TNV_PANEL, w + k * t.w_row,
                   tni_least(TNV_PANEL, left - k * t.w_row) * sizeof *rest);
        part.x += inside * t.x_step;
        part.w = rest;
        part.w_row = TNV_PANEL;
        part.K = K - inside;
        if (run + 1 == runs) {
            part.residual = t.residual;
            part.relu = t.relu;
        }
        TNK(tiles)(part, n);
    }
}
