/* kernel/tile.h - the register tile: R rows by TNV_TILE_VECS vectors, y[r,:] += sum over k of x[r,k] w[k,:], k
 * ascending, one accumulator per output: the same bits on every instruction set and in every tile height. Dense,
 * convolution and LSTM stand on it; they differ in where a row starts, how far its next element is, and what happens to
 * the finished block. Tile sizes: vec/<isa>.h. */

typedef struct TNK(tile) {
    const float *x; /* element (r,k) at x[r x_row + k x_step]; one of the two is 1 */
    size_t x_row, x_step;
    const float *w; /* TNV_PANEL floats at w[k w_row] */
    size_t w_row;
    float *y; /* rows of TNV_PANEL floats, one behind the other */
    size_t K;
    int more; /* go on from what y holds; else from +0 */
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
    const size_t x_step = adjacent ? t->x_step * sizeof(float) : sizeof(float), w_row = t->w_row;
    size_t s1 = t->x_row * sizeof(float), s3 = 3 * s1, s5 = 5 * s1, r, v, k;
    uintptr_t x0 = (uintptr_t)t->x, x1 = x0 + 7 * s1;
    const float *w = t->w;
    float *const y = t->y;
    if (!adjacent) { TNI_OPAQUE(s1); TNI_OPAQUE(s3); TNI_OPAQUE(s5); TNI_OPAQUE(x1); }
    if (t->more) {
        TNI_UNROLL for (r = 0; r < R; r++)
            TNI_UNROLL for (v = 0; v < TNV_TILE_VECS; v++) acc[r][v] = tnv_load(y + r * TNV_PANEL + v * TNV_LANES);
    } else {
        TNI_UNROLL for (r = 0; r < R; r++)
            TNI_UNROLL for (v = 0; v < TNV_TILE_VECS; v++) acc[r][v] = tnv_set1(0.0f);
    }
    TNV_TILE_UNROLL for (k = t->K; k; k--) {
        TNI_UNROLL for (v = 0; v < TNV_TILE_VECS; v++) wk[v] = tnv_load(w + v * TNV_LANES);
        TNI_UNROLL for (r = 0; r < R; r++) {
            const tnv_f32 xr = tnv_set1(*TNI_ROW(r));
            TNI_UNROLL for (v = 0; v < TNV_TILE_VECS; v++) acc[r][v] = tnv_fma(xr, wk[v], acc[r][v]);
        }
        w += w_row; x0 += x_step; x1 += x_step;
    }
    TNI_UNROLL for (r = 0; r < R; r++)
        TNI_UNROLL for (v = 0; v < TNV_TILE_VECS; v++) tnv_store(y + r * TNV_PANEL + v * TNV_LANES, acc[r][v]);
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
        t.y += R * TNV_PANEL;
        n -= R;
    }
}
