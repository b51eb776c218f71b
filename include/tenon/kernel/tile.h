/* kernel/tile.h - the register tile: R rows by V vectors of outputs,
 *
 *     y[r,:] = relu(start[:] + sum over k of x[r,k] w[k,:] + residual[r,:])
 *
 * with k ascending and one accumulator per output: the same bits on every instruction set and in every tile height, and
 * also where a sum waits in y between two tiles (more). gemm, convolution and LSTM stand on it. They differ in where
 * a row starts and in how k is cut into runs: a dense layer has one; a convolution has one for each row of its window,
 * whose taps and channels lie side by side in the image. Tile sizes: vec/<isa>.h. */

typedef struct TNK(tile) {
    const float *x; /* element (r,k) of a run at x[r x_row + k x_step] */
    size_t x_row, x_step;
    const float *w; /* TNV_PANEL floats at w[k w_row] */
    size_t w_row;
    ptrdiff_t w_next;       /* floats to the panel beside it, where a tile takes two, w_row a panel; else 0 */
    size_t K, runs;         /* elements of a run; how many runs, 0: the sum is what it starts from */
    ptrdiff_t x_run, w_run; /* floats from a run's first element to the next one's */
    const float *start;     /* a panel's floats, or NULL: +0 */
    float *y;               /* likewise, at y[r y_row] */
    size_t y_row;
    size_t lines, x_line, y_line; /* the rows again and again, each time x_line and y_line floats on */
    const float *residual; /* as y, which it may be, or NULL */
    int more, relu;        /* more: start from y */
    uintptr_t ahead;       /* what is fetched meanwhile, to be read later: ahead_row bytes for each element of x */
    size_t ahead_row;
} TNK(tile);

#if TNV_TILE_PACKED
#define TNI_TILE_UNROLL TNI_UNROLL4
#else
#define TNI_TILE_UNROLL
#endif

/* R, V and whether x_step is 1 and w_row a panel, which pays where k is unrolled, are constants of each function
 * below. `tiles` of them, one under the other, in each line; x_at and y_at: t's or a later row. */
TNV_FN void TNK(tile_of)(const TNK(tile) *t, const float *x_at, float *y_at, uintptr_t ahead, size_t tiles,
                         const size_t R, const size_t V, const int packed)
{
    const size_t x_step = (packed ? 1 : t->x_step) * sizeof(float);
    const size_t w_row = packed ? TNV_PANEL : t->w_row;
    const size_t x_skip = (size_t)t->x_run * sizeof(float) - t->K * x_step;
    const ptrdiff_t w_skip = t->w_run - (ptrdiff_t)(t->K * w_row), w_next = t->w_next - (ptrdiff_t)TNV_PANEL;
    const size_t ahead_step = R * t->ahead_row;
    tni_ladder first = tni_ladder_of(x_at, t->x_row);
    size_t left = tiles, all = tiles * t->lines;
    for (; all; all--) {
        tnv_f32 acc[TNV_TILE_ROWS][2 * TNV_TILE_VECS], wk[2 * TNV_TILE_VECS];
        tni_ladder x = first, y;
        const float *w = t->w;
        size_t r, v, k, run;
        if (t->more) {
            y = tni_ladder_of(y_at, t->y_row);
            TNI_UNROLL for (r = 0; r < R; r++)
                TNI_UNROLL for (v = 0; v < V; v++) acc[r][v] = tnv_load(TNI_ROW(y, r) + v * TNV_LANES);
        } else {
            TNI_UNROLL for (v = 0; v < V; v++) {
                wk[v] = t->start ? tnv_load(t->start + v * TNV_LANES) : tnv_set1(0.0f);
                TNI_UNROLL for (r = 0; r < R; r++) acc[r][v] = wk[v];
            }
        }
        for (run = t->runs; run; run--) {
            TNI_TILE_UNROLL for (k = t->K; k; k--) {
                TNI_UNROLL for (v = 0; v < V; v++)
                    wk[v] = tnv_load(w + v * TNV_LANES + (v < TNV_TILE_VECS ? 0 : w_next));
                TNI_UNROLL for (r = 0; r < R; r++) {
                    const tnv_f32 xr = tnv_set1_at(TNI_ROW(x, r));
                    TNI_UNROLL for (v = 0; v < V; v++) acc[r][v] = tnv_fma(xr, wk[v], acc[r][v]);
                }
                w += w_row; x.first += x_step; x.eighth += x_step;
                if (packed) continue;
                TNI_FETCH(ahead);
                ahead += ahead_step;
                TNI_OPAQUE(x.first); /* else clang keeps multiples of x_step in memory */
            }
            w += w_skip; x.first += x_skip; x.eighth += x_skip;
        }
        if (t->residual) {
            y = tni_ladder_of(t->residual + (y_at - t->y), t->y_row);
            TNI_UNROLL for (r = 0; r < R; r++)
                TNI_UNROLL for (v = 0; v < V; v++)
                    acc[r][v] = tnv_add(acc[r][v], tnv_load(TNI_ROW(y, r) + v * TNV_LANES));
        }
        if (t->relu) {
            TNI_UNROLL for (r = 0; r < R; r++)
                TNI_UNROLL for (v = 0; v < V; v++) acc[r][v] = tnv_max(acc[r][v], tnv_set1(0.0f));
        }
        y = tni_ladder_of(y_at, t->y_row);
        TNI_UNROLL for (r = 0; r < R; r++)
            TNI_UNROLL for (v = 0; v < V; v++) tnv_store(TNI_ROW(y, r) + v * TNV_LANES, acc[r][v]);
        y_at += R * t->y_row;
        first.first += R * t->x_row * sizeof(float);
        first.eighth += R * t->x_row * sizeof(float);
        if (!--left) {
            left = tiles;
            y_at += t->y_line - tiles * R * t->y_row;
            first.first += (t->x_line - tiles * R * t->x_row) * sizeof(float);
            first.eighth += (t->x_line - tiles * R * t->x_row) * sizeof(float);
        }
    }
}

/* A function for every height, none inlined: in one big function the tiles spoil each other's registers. */
#define TNI_TILE(name, R, V, packed) \
    TNI_NOINLINE TNK_FN void TNK(name)(const TNK(tile) *t, const float *x, float *y, uintptr_t ahead, size_t tiles) \
    { \
        TNK(tile_of)(t, x, y, ahead, tiles, R, V, packed); \
    }
#if TNV_TILE_PACKED
#define TNI_TILES(n) TNI_TILE(tile_##n, n, TNV_TILE_VECS, 0) TNI_TILE(tile_packed_##n, n, TNV_TILE_VECS, 1)
#define TNI_TILE_OF(n) (t->x_step == 1 && t->w_row == TNV_PANEL && !t->ahead_row ? TNK(tile_packed_##n) : TNK(tile_##n))
#else
#define TNI_TILES(n) TNI_TILE(tile_##n, n, TNV_TILE_VECS, 0)
#define TNI_TILE_OF(n) TNK(tile_##n)
#endif
#define TNI_WIDE_TILES(n) TNI_TILE(tile_wide_##n, n, 2 * TNV_TILE_VECS, 0)
TNV_EACH_HEIGHT(TNI_TILES)
TNV_EACH_WIDE_HEIGHT(TNI_WIDE_TILES)
#undef TNI_TILE
#undef TNI_TILES
#undef TNI_WIDE_TILES

/* n rows of one panel, or of two by wide tiles, cut into tiles of nearly equal height: 32 rows are 11 + 11 + 10, not
 * 14 + 14 + 4. */
TNI_NOINLINE TNK_FN void TNK(tiles_of)(const TNK(tile) *t, size_t n, int wide)
{
    const size_t most = wide ? TNV_WIDE_ROWS : TNV_TILE_ROWS;
    const size_t parts = (n + most - 1) / most, taller = n % parts;
    const float *x = t->x;
    float *y = t->y;
    uintptr_t ahead = t->ahead_row ? t->ahead : (uintptr_t)t; /* a fetch from nowhere is slow */
    size_t R = n / parts + 1, tiles = taller, round;
    for (round = 0; round < 2; round++, R--, tiles = parts - taller) {
        if (!tiles) continue;
        switch (R + (wide ? TNV_TILE_ROWS : 0)) {
#define TNI_WIDE_TILES(r) case TNV_TILE_ROWS + r: TNK(tile_wide_##r)(t, x, y, ahead, tiles); break;
        TNV_EACH_WIDE_HEIGHT(TNI_WIDE_TILES)
#undef TNI_WIDE_TILES
#define TNI_TILES(r) case r: TNI_TILE_OF(r)(t, x, y, ahead, tiles); break;
        TNV_EACH_HEIGHT(TNI_TILES)
#undef TNI_TILES
        default: break;
        }
        ahead += t->lines * tiles * R * t->runs * t->K * t->ahead_row;
        x += tiles * R * t->x_row;
        y += tiles * R * t->y_row;
    }
}
#undef TNI_TILE_OF
#undef TNI_TILE_UNROLL

/* n rows of one panel, or of two. */
TNK_FN void TNK(tiles)(const TNK(tile) *t, size_t n)
{
    TNK(tile) next;
    if (!n) return;
#if TNV_WIDE_ROWS
    if (t->w_next && n >= 2 * TNV_WIDE_ROWS - 2) { /* so none is lower than TNV_EACH_WIDE_HEIGHT has */
        TNK(tiles_of)(t, n, 1);
        return;
    }
#endif
    TNK(tiles_of)(t, n, 0);
    if (!t->w_next) return;
    next = *t;
    next.w += t->w_next;
    next.y += TNV_PANEL;
    if (t->start) next.start += TNV_PANEL;
    if (t->residual) next.residual += TNV_PANEL;
    TNK(tiles_of)(&next, n, 0);
}

/* As tiles of one panel, where w's rows may be shorter: what follows a row is read with it, and nobody looks at those
 * columns. But nothing from w_end on is read: rows that would are copied. */
TNK_FN void TNK(tiles_within)(const TNK(tile) *t, size_t n, const float *w_end)
{
    float rest[TNV_PANEL * TNV_PANEL];
    const size_t K = t->K, runs = t->runs, span = K ? (K - 1) * t->w_row + TNV_PANEL : 0;
    const ptrdiff_t room = w_end - t->w;
    size_t run = 0, k, inside;
    TNK(tile) part;
    while (run < runs && room - (ptrdiff_t)run * t->w_run >= (ptrdiff_t)span) run++;
    if (run == runs) {
        TNK(tiles)(t, n);
        return;
    }
    part = *t;
    part.residual = TNI_NULL;
    part.relu = 0;
    part.runs = run;
    if (run || !t->more) TNK(tiles)(&part, n);
    part.runs = 1;
    part.more = 1;
    for (; run < runs; run++) {
        const float *const w = t->w + (ptrdiff_t)run * t->w_run;
        const size_t left = (size_t)(w_end - w);
        inside = left < TNV_PANEL ? 0 : tni_least(K, (left - TNV_PANEL) / t->w_row + 1);
        part.x = t->x + (ptrdiff_t)run * t->x_run;
        part.w = w;
        part.w_row = t->w_row;
        part.K = inside;
        if (inside) TNK(tiles)(&part, n);
        memset(rest, 0, sizeof rest);
        for (k = inside; k < K; k++)
            memcpy(rest + (k - inside) * TNV_PANEL, w + k * t->w_row,
                   tni_least(TNV_PANEL, left - k * t->w_row) * sizeof *rest);
        part.x += inside * t->x_step;
        part.w = rest;
        part.w_row = TNV_PANEL;
        part.K = K - inside;
        if (run + 1 == runs) {
            part.residual = t->residual;
            part.relu = t->relu;
        }
        TNK(tiles)(&part, n);
    }
}
