/* kernel/conv2d.h - convolution and its gradients over the register tile, straight on the image: a row of a tile is
 * an output pixel, and the next row's pixel stands a stride further in the image. Nothing is copied.
 *
 * Taps outside the image are left out, never multiplied by zeros. Two ways keep them out of the inner loop:
 *
 *   passes  a pass over a line of outputs for each column b of the window, over just those outputs whose tap is inside;
 *           k runs over the window's rows inside, and over the channels. Between the passes the sums wait in y. No code
 *           for borders; but a pass must be long enough to pay for itself, so it takes many channels.
 *   runs    the taps and channels of a row of the window are one run, side by side in the image: k is the whole
 *           window. Outputs with a tap outside stand in columns at the border; each column is worked down in tiles
 *           whose rows are a line apart, with the part of the window that it has.
 *
 * Which one serves depends on the shape alone (impl/correlate.h), and so do the bits. */

/* w as panels: for each group and TNV_PANEL of its columns the rows a, b, k. */
TNK_FN void TNK(correlate_pack)(float *packed, const float *w, const tni_correlation *c, size_t panel0, size_t panel1)
{
    const size_t taps = (size_t)(c->h.taps * c->w.taps), panels = (c->O + TNV_PANEL - 1) / TNV_PANEL;
    size_t tap;
    for (; panel0 < panel1; panel0++) {
        const size_t o = panel0 % panels * TNV_PANEL;
        const float *const from = w + panel0 / panels * c->group_step + o * c->o_step;
        float *to = packed + panel0 * taps * c->K * TNV_PANEL;
        for (tap = 0; tap < taps; tap++, to += c->K * TNV_PANEL)
            TNK(pack_block)(to, from + (ptrdiff_t)tap * c->tap_step, c->k_step, c->o_step, c->K, c->O - o);
    }
}

/* As tiles, but each column takes an element of x of its own: x[r x_row + k x_step + o x_mul / x_div] for column o. w
 * need not have more than the cols there are. */
TNK_FN void TNK(lanes)(const TNK(tile) *t, const tni_correlation *c, size_t rows, size_t o0, size_t cols)
{
    float room[TNV_LANES];
    size_t r, o, run, k, i;
    for (r = 0; r < rows; r++)
        for (o = 0; o < cols; o += TNV_LANES) {
            const size_t left = cols - o < TNV_LANES ? cols - o : TNV_LANES;
            const tnv_tail tail = tnv_first(left);
            const float *x = t->x + r * t->x_row, *w = t->w + o;
            float *const y = t->y + r * t->y_row + o;
            tnv_f32 sum = t->more ? tnv_load(y) : tnv_load(t->start + o);
            if (c->x_mul == c->x_div) x += o0 + o;
            for (run = t->runs; run; run--, x += t->x_run, w += t->w_run)
                for (k = 0; k < t->K; k++) {
                    const float *from = x + k * t->x_step, *const by = w + k * t->w_row;
                    if (c->x_mul != c->x_div) {
                        for (i = 0; i < left; i++) room[i] = from[(o0 + o + i) * c->x_mul / c->x_div];
                        from = room;
                    }
                    sum = left < TNV_LANES ? tnv_fma(tnv_load_first(from, tail), tnv_load_first(by, tail), sum)
                                           : tnv_fma(tnv_load(from), tnv_load(by), sum);
                }
            tnv_store(y, sum);
        }
}

/* One or two panels of columns of some lines of outputs, of which every fall-th output is taken: their sums, and what w
 * is. */
typedef struct TNK(block) {
    const tni_correlation *c;
    const float *w, *w_end;      /* the panel's first column; where w ends, or NULL */
    size_t w_row;                /* floats from k to k, and from tap to tap */
    ptrdiff_t w_tap, w_next;     /* from panel to panel, where there are two */
    const float *start;
    float *sums;                 /* output (l,j)'s at l sums_line + j sums_row */
    size_t sums_line, sums_row;
    const float *residual;       /* as sums, where the tile adds it; else NULL */
    int relu;                    /* likewise */
    uintptr_t ahead;             /* as the tile's, of panels */
    size_t ahead_row;
    int cold;                    /* x comes from beyond the second-level cache: the first columns of a large one */
    size_t group, o, cols;       /* o within the group */
    size_t line0, lines;         /* lines of outputs, n h.out + u */
    int64_t phase, j0, j1;       /* outputs phase + j w.fall of each */
} TNK(block);

/* Taps b .. b+span-1 of each row of the window over the outputs j0 .. j1-1, which meet all of them, the first at input
 * column `at`. Rows of a tile are the outputs of a line, or where `down`, for one j, lines. span 0: what the sums start
 * from, no tap. */
TNK_FN void TNK(correlate_taps)(TNK(block) *b, int64_t j0, int64_t j1, int64_t at, int64_t tap, int64_t span,
                                int more, int down)
{
    const tni_correlation *const c = b->c;
    const size_t line = (size_t)c->w.in * c->channels, image = (size_t)c->h.in * line;
    const size_t h_out = (size_t)c->h.out;
    size_t n = b->line0 / h_out, u = b->line0 % h_out, l, rows, work;
    int64_t h0 = 0, h1 = c->h.out, unused; /* lines that all rows of the window meet */
    TNK(tile) t;
    if (c->h.fall > 1 || !tni_meets(&c->h, 0, 0, &h0, &h1, &unused) ||
        !tni_meets(&c->h, 0, c->h.taps - 1, &h0, &h1, &unused))
        h1 = 0;
    memset(&t, 0, sizeof t);
    t.x_row = down ? (size_t)c->h.rise * line : (size_t)c->w.rise * c->channels;
    t.x_step = 1;
    t.x_line = (size_t)c->h.rise * line;
    t.y_line = b->sums_line;
    t.w_row = b->w_row;
    t.w_next = b->w_next;
    t.K = (size_t)span * c->K;
    t.start = b->start;
    t.y_row = down ? b->sums_line : b->sums_row;
    t.more = more;
    t.relu = b->relu;
    for (l = 0; l < b->lines; l += rows) {
        const tni_met met = tni_taps_met(&c->h, (int64_t)u);
        const size_t from = l * b->sums_line + (size_t)(j0 - b->j0) * b->sums_row;
        rows = (int64_t)u >= h0 && (int64_t)u < h1 ? tni_least(b->lines - l, (size_t)h1 - u) : 1;
        if (met.count || !more) {
            t.runs = (size_t)met.count;
            t.x = c->x + n * image + (size_t)met.at * line + (size_t)at * c->channels + b->group * c->K;
            t.x_run = (ptrdiff_t)((size_t)met.move * line);
            t.lines = down ? 1 : rows;
            t.w = b->w + (met.first * c->w.taps + tap) * b->w_tap;
            t.w_run = met.step * c->w.taps * b->w_tap;
            t.y = b->sums + from;
            t.residual = b->residual ? b->residual + from : TNI_NULL;
            work = (size_t)(j1 - j0) * t.runs * t.K;
            t.ahead = b->ahead;
            t.ahead_row = b->ahead_row;
            b->ahead += rows * work * b->ahead_row;
            if (b->cold && !more && !down && work) { /* rather the next line */
                t.ahead = (uintptr_t)(t.x + t.x_line);
                t.ahead_row = (t.x_line * sizeof *t.x + work / 2) / work;
            }
            if (b->w_end) TNK(tiles_within)(&t, down ? rows : (size_t)(j1 - j0), b->w_end);
            else TNK(tiles)(&t, down ? rows : (size_t)(j1 - j0));
        }
        u += rows;
        if (u == h_out) {
            u = 0;
            n++;
        }
    }
}

/* Depthwise: one output at a time. */
TNK_FN void TNK(correlate_lanes)(const TNK(block) *b)
{
    const tni_correlation *const c = b->c;
    TNK(tile) t;
    size_t l, k;
    int64_t j;
    memset(&t, 0, sizeof t);
    t.start = b->start;
    for (l = 0; l < b->lines; l++) {
        const size_t n = (b->line0 + l) / (size_t)c->h.out, u = (b->line0 + l) % (size_t)c->h.out;
        const tni_met down = tni_taps_met(&c->h, (int64_t)u);
        t.runs = (size_t)down.count;
        t.x_run = (ptrdiff_t)((size_t)(down.move * c->w.in) * c->channels);
        t.w_run = down.step * c->w.taps * b->w_tap;
        for (j = b->j0; j < b->j1; j++) {
            const tni_met across = tni_taps_met(&c->w, b->phase + j * c->w.fall);
            t.K = (size_t)across.count;
            t.x_step = (size_t)across.move * c->channels;
            t.w_row = (size_t)(across.step * b->w_tap);
            t.y = b->sums + l * b->sums_line + (size_t)(j - b->j0) * b->sums_row;
            for (k = 0; k < c->K; k++) {
                t.more = k != 0;
                t.x = c->x + ((n * (size_t)c->h.in + (size_t)down.at) * (size_t)c->w.in + (size_t)across.at) *
                                 c->channels + k;
                t.w = b->w + (down.first * c->w.taps + across.first) * b->w_tap + (ptrdiff_t)(k * b->w_row);
                TNK(lanes)(&t, c, 1, b->o, b->cols);
            }
        }
    }
}

/* The outputs j0 .. j1-1 that all taps of a row meet; 0: not side by side, or too many channels for their borders. */
TNK_FN int TNK(correlate_runs)(const tni_correlation *c, int64_t *j0, int64_t *j1, int64_t *at)
{
    int64_t unused;
    *j0 = 0;
    *j1 = c->w.out;
    if (c->groups > 1 || c->depthwise || c->w.walk > 1 || c->w.fall > 1) return 0;
    if (!tni_meets(&c->w, 0, 0, j0, j1, at) || !tni_meets(&c->w, 0, c->w.taps - 1, j0, j1, &unused)) *j1 = *j0;
    return c->K < TNI_FEW_CHANNELS || (*j0 == 0 && *j1 == c->w.out);
}

/* All taps of a block, by runs or by passes. */
TNK_FN void TNK(correlate_block)(TNK(block) *b)
{
    const tni_correlation *const c = b->c;
    int64_t first, end, at, j, tap;
    if (c->depthwise) {
        TNK(correlate_lanes)(b);
        return;
    }
    if (TNK(correlate_runs)(c, &first, &end, &at)) {
        int64_t from = first > b->j0 ? first : b->j0, to = end < b->j1 ? end : b->j1;
        if (from < to) TNK(correlate_taps)(b, from, to, from * c->w.rise + c->w.base, 0, c->w.taps, 0, 0);
        else to = from = b->j1;
        for (j = b->j0; j < b->j1; j++) {
            const tni_met met = tni_taps_met(&c->w, j);
            if (j == from) j = to - 1;
            else TNK(correlate_taps)(b, j, j + 1, met.at, met.first, met.count, 0, 1);
        }
        return;
    }
    for (tap = 0; tap < c->w.taps; tap++) {
        int64_t from = b->j0, to = b->j1;
        tni_meets(&c->w, b->phase, tap, &from, &to, &at);
        if (tap == 0 && from > b->j0) TNK(correlate_taps)(b, b->j0, from < b->j1 ? from : b->j1, 0, 0, 0, 0, 0);
        if (tap == 0 && to < b->j1 && to >= b->j0) TNK(correlate_taps)(b, to, b->j1, 0, 0, 0, 0, 0);
        if (from < to) TNK(correlate_taps)(b, from, to, at, tap, 1, tap != 0, 0);
    }
}

/* The block's columns, of which `column` is the first of y's, over lines line0 .. line1-1 of outputs: block by block,
 * and what the tiles leave of the epilogue. direct: sums stand in y at once; else there is room for TNI_BLOCK_FLOATS.
 * once: each output is finished by one tile. */
TNK_FN void TNK(correlate_panel)(TNK(block) *b, float *room, size_t column, size_t line0, size_t line1, int direct,
                                 int once)
{
    const tni_correlation *const c = b->c;
    const int relu = c->g.activation == TN_RELU, activated = c->g.activation != TN_LINEAR && !relu;
    const int rest = !direct || activated || (!once && (relu || c->g.residual));
    const size_t y_line = (size_t)c->w.out * c->g.y_row;
    const int64_t fit = (int64_t)TNV_BLOCK_ROWS;
    tni_gemm g = c->g;
    size_t l;
    g.y_row = (size_t)c->w.fall * c->g.y_row;
    b->relu = direct && once && relu;
    for (b->phase = 0; b->phase < c->w.fall && b->phase < c->w.out; b->phase++) {
        const int64_t count = (c->w.out - b->phase - 1) / c->w.fall + 1;
        const size_t most = !direct ? count < fit ? (size_t)(fit / count) : 1
                            : once ? line1 - line0 : TNI_SUMS_FLOATS / ((size_t)count * b->cols) + 1;
        for (b->line0 = line0; b->line0 < line1; b->line0 += b->lines) {
            b->lines = tni_least(line1 - b->line0, most);
            for (b->j0 = 0; b->j0 < count; b->j0 = b->j1) {
                const size_t from = b->line0 * y_line + (size_t)(b->phase + b->j0 * c->w.fall) * c->g.y_row;
                b->j1 = direct || count - b->j0 < fit ? count : b->j0 + fit;
                b->sums = direct ? c->g.y + from + column : room;
                b->sums_row = direct ? g.y_row : TNV_PANEL;
                b->sums_line = direct ? y_line : (size_t)(b->j1 - b->j0) * TNV_PANEL;
                b->residual = direct && c->g.residual ? c->g.residual + from + column : TNI_NULL;
                TNK(correlate_block)(b);
                for (l = 0; rest && l < b->lines; l++) {
                    g.y = c->g.y + from + l * y_line;
                    g.residual = c->g.residual && !direct ? c->g.residual + from + l * y_line : TNI_NULL;
                    TNK(finish)(&g, b->sums + l * b->sums_line, b->sums_row, 0, (size_t)(b->j1 - b->j0), column,
                                b->cols);
                }
            }
        }
    }
}

/* Lines line0 .. line1-1 of outputs; of each group's columns the blocks of TNI_COLUMNS in column0 .. column1-1, counted
 * over the groups. */
TNK_FN void TNK(correlate)(const tni_correlation *c, size_t line0, size_t line1, size_t column0, size_t column1)
{
    float room[TNI_BLOCK_FLOATS], start[2 * TNV_PANEL];
    const size_t across = (c->O + TNI_COLUMNS - 1) / TNI_COLUMNS, panels = (c->O + TNV_PANEL - 1) / TNV_PANEL;
    const size_t taps = (size_t)(c->h.taps * c->w.taps), panel = taps * c->K * TNV_PANEL; /* floats of a packed one */
    int64_t j0, j1, at;
    const int once = TNK(correlate_runs)(c, &j0, &j1, &at);
    const size_t o0 = column0 * TNI_COLUMNS, o1 = column1 * TNI_COLUMNS, outputs = (line1 - line0) * (size_t)c->w.out;
    TNK(block) b;
    memset(&b, 0, sizeof b);
    b.c = c;
    b.start = start;
    b.w_row = c->g.packed ? TNV_PANEL : c->k_step;
    b.w_tap = c->g.packed ? (ptrdiff_t)(c->K * TNV_PANEL) : c->tap_step;
    for (; column0 < column1; column0++) {
        const size_t begin = column0 % across * TNI_COLUMNS, end = tni_least(c->O, begin + TNI_COLUMNS);
        b.group = column0 / across;
        for (b.o = begin; b.o < end; b.o += b.cols) {
            const size_t column = b.group * c->O + b.o;
            const int direct = end - b.o >= TNV_PANEL && (once || !c->g.residual); /* y may hold the residual */
            b.cols = TNK(columns)(end - b.o, direct && c->g.packed && !c->depthwise && c->w.out > TNV_TILE_ROWS);
            b.w_next = b.cols > TNV_PANEL ? (ptrdiff_t)panel : 0;
            b.w = c->g.packed ? c->g.packed + (b.group * panels + b.o / TNV_PANEL) * panel
                              : c->g.b + b.group * c->group_step + b.o;
            b.w_end = c->g.packed || b.cols >= TNV_PANEL ? TNI_NULL : c->g.b + taps * c->K * c->O * c->groups;
            TNK(start)(&c->g, start, column, b.cols);
            if (c->groups == 1)
                b.ahead_row = TNK(look_ahead)(&b.ahead, c->g.packed, taps * c->K, c->O,
                                              b.o + b.cols < o1 ? b.o + b.cols : o0 + c->g.ahead, b.cols, outputs);
            b.cold = column == o0 && c->N * (size_t)(c->h.in * c->w.in) * c->channels > TNI_NEAR_FLOATS;
            TNK(correlate_panel)(&b, room, column, line0, line1, direct, once);
        }
    }
}

/* w (+)= sums, rows of k by columns of o. */
TNK_FN void TNK(store_weights)(const tni_correlation *c, float *w, const float *sums, size_t rows, size_t cols,
                               int accumulate)
{
    size_t k, o;
    if (c->o_step == 1) {
        tni_gemm g;
        memset(&g, 0, sizeof g);
        g.alpha = g.beta = 1.0f;
        g.y = w;
        g.y_row = g.c_row = c->k_step;
        g.c = accumulate ? w : TNI_NULL;
        g.c_col = 1;
        TNK(finish)(&g, sums, TNV_PANEL, 0, rows, 0, cols);
        return;
    }
    for (k = 0; k < rows; k++)
        for (o = 0; o < cols; o++) {
            float *const at = w + k * c->k_step + o * c->o_step;
            *at = accumulate ? *at + sums[k * TNV_PANEL + o] : sums[k * TNV_PANEL + o];
        }
}

/* The weight gradient of the columns column0 .. column1-1, counted as above, of one tap: w (+)= sum over n, u, v of
 * x[n,u(a),v(b),k] y[n,u,v,o]; c->g.b is y, c->g.y is w. */
TNK_FN void TNK(correlate_weights)(const tni_correlation *c, size_t tap, size_t column0, size_t column1, int accumulate)
{
    float sums[TNI_BLOCK_FLOATS];
    const size_t across = (c->O + TNI_COLUMNS - 1) / TNI_COLUMNS, outs = c->g.b_row;
    const size_t x_line = (size_t)c->w.in * c->channels, y_line = (size_t)c->w.out * outs;
    int64_t j0 = 0, j1 = c->w.out, at, u0 = 0, u1 = c->h.out, y0;
    const int met = tni_meets(&c->w, 0, (int64_t)tap % c->w.taps, &j0, &j1, &at) &
                    tni_meets(&c->h, 0, (int64_t)tap / c->w.taps, &u0, &u1, &y0);
    const size_t lines = TNI_NEAR_FLOATS / (x_line * (size_t)c->h.rise + y_line) + 1;
    size_t o, k, n, l, first, group;
    for (; column0 < column1; column0++)
        for (o = first = column0 % across * TNI_COLUMNS; o < c->O && o < first + TNI_COLUMNS; o += TNV_PANEL) {
            const size_t cols = c->O - o < TNV_PANEL ? c->O - o : TNV_PANEL;
            group = column0 / across;
            for (k = 0; k < c->K; k += TNV_BLOCK_ROWS) {
                const size_t rows = c->K - k < TNV_BLOCK_ROWS ? c->K - k : TNV_BLOCK_ROWS;
                TNK(tile) t;
                memset(sums, 0, rows * TNV_PANEL * sizeof(float));
                memset(&t, 0, sizeof t);
                t.lines = 1;
                t.x_row = 1;
                t.x_step = (size_t)c->w.rise * c->channels;
                t.K = (size_t)(j1 - j0);
                t.x_run = (ptrdiff_t)((size_t)c->h.rise * x_line);
                t.w_row = outs;
                t.w_run = (ptrdiff_t)y_line;
                t.y = sums;
                t.y_row = TNV_PANEL;
                t.more = 1;
                for (n = 0; met && n < c->N; n++)
                    for (l = (size_t)u0; l < (size_t)u1; l += lines) {
                        const size_t y = (size_t)y0 + (l - (size_t)u0) * (size_t)c->h.rise;
                        t.x = c->x + (n * (size_t)c->h.in + y) * x_line + (size_t)at * c->channels + group * c->K + k;
                        t.w = c->g.b + (n * (size_t)c->h.out + l) * y_line + (size_t)j0 * outs + group * c->O + o;
                        t.runs = tni_least(lines, (size_t)u1 - l);
                        if (c->depthwise) TNK(lanes)(&t, c, rows, o, cols);
                        else TNK(tiles_within)(&t, rows, c->g.b + c->N * (size_t)c->h.out * y_line);
                    }
                TNK(store_weights)(c, c->g.y + group * c->group_step + (ptrdiff_t)tap * c->tap_step + k * c->k_step +
                                          o * c->o_step,
                                   sums, rows, cols, accumulate);
            }
        }
}
#undef TNV_BLOCK_ROWS
