/* kernel/lstm.h - long short-term memory over the register tile: a few samples through all steps, forward and back. */

TNV_FN tnv_f32 TNK(lstm_load)(const float *p, size_t left)
{
    return left < TNV_LANES ? tnv_load_first(p, tnv_first(left)) : tnv_load(p);
}
TNV_FN void TNK(lstm_store)(float *p, tnv_f32 v, size_t left)
{
    if (left < TNV_LANES) tnv_store_first(p, v, tnv_first(left));
    else tnv_store(p, v);
}

/* sums[rows][TNV_PANEL] (+)= x m for the columns of one gate from unit u0 on. */
TNK_FN void TNK(lstm_sums)(float *sums, const float *x, size_t x_row, size_t x_step, size_t rows,
                           const tni_lstm_matrix *m, size_t U, size_t gate, size_t u0, int more)
{
    TNK(tile) t;
    memset(&t, 0, sizeof t);
    t.x = x; t.x_row = x_row; t.x_step = x_step;
    t.K = m->K;
    t.runs = t.lines = 1;
    t.y = sums; t.y_row = TNV_PANEL;
    t.more = more;
    if (m->packed) {
        t.w = m->packed + (4 * u0 + gate * TNV_PANEL) * m->K;
        t.w_row = TNV_PANEL;
        TNK(tiles)(&t, rows);
    } else {
        t.w = m->matrix + gate * U + u0;
        t.w_row = 4 * U;
        TNK(tiles_within)(&t, rows, m->matrix + m->K * 4 * U);
    }
}

/* TN_HARD_SIGMOID or TN_SIGMOID, and the derivative as a function of the result. */
TNV_FN tnv_f32 TNK(lstm_gate)(tnv_f32 z, int hard)
{
    return hard ? TNK(hard_sigmoid)(z, tnv_set1(0.166666667f), tnv_set1(0.5f)) : tnv_sigmoid(z);
}
TNV_FN tnv_f32 TNK(lstm_gate_slope)(tnv_f32 s, int hard)
{
    const tnv_f32 zero = tnv_set1(0.0f), one = tnv_set1(1.0f);
    const tnv_bool within = tnv_and(tnv_gt(s, zero), tnv_gt(one, s));
    if (!hard) return tnv_fnma(s, s, s);
    return tnv_select(tnv_nan(s), s, tnv_select(within, tnv_set1(0.166666667f), zero));
}

/* Units u .. u + left - 1, a vector at most, of one sample; the gates' sums lie `apart` floats from each other. h_next
 * may be c. */
TNV_FN void TNK(lstm_cell)(const tni_lstm_layer *l, const float *sums, size_t apart, size_t u, size_t left,
                           const float *c, float *h_next, float *c_next, float *kept)
{
    const tnv_f32 before = c ? TNK(lstm_load)(c + u, left) : tnv_set1(0.0f);
    tnv_f32 gate[4], after;
    size_t k;
    TNV_UNROLL for (k = 0; k < 4; k++) {
        gate[k] = tnv_load(sums + k * apart);
        if (l->b) gate[k] = tnv_add(gate[k], TNK(lstm_load)(l->b + k * l->U + u, left));
        gate[k] = k == 2 ? tnv_tanh(gate[k]) : TNK(lstm_gate)(gate[k], l->hard);
        if (kept) TNK(lstm_store)(kept + k * l->U + u, gate[k], left);
    }
    after = tnv_fma(gate[1], before, tnv_mul(gate[0], gate[2]));
    if (kept) TNK(lstm_store)(kept + 4 * l->U + u, before, left);
    TNK(lstm_store)(h_next + u, tnv_mul(gate[3], tnv_tanh(after)), left);
    if (c_next) TNK(lstm_store)(c_next + u, after, left);
}

/* Samples n0 .. n1-1, at most TNI_LSTM_ROWS. Where y is [N,T,U], h is read back from y, and c stands in y where the
 * next h will: a state needs no other room. */
TNK_FN void TNK(lstm)(const tni_lstm_layer *l, size_t n0, size_t n1)
{
    float sums[4 * TNI_LSTM_ROWS * TNV_PANEL], zeros[TNV_TILE_ROWS];
    const size_t T = l->T, F = l->w.K, U = l->U, rows = n1 - n0, y_row = l->sequences ? T * U : U;
    const size_t panels = 4 * U <= TNV_PANEL ? 1 : 4; /* one holds all gates, or each has its own */
    const size_t apart = panels == 1 ? U : rows * TNV_PANEL;
    const float *h = l->h0, *c = l->c0;
    size_t h_row = U, c_row = U, s, n, u, gate;
    memset(sums, 0, sizeof sums);
    memset(zeros, 0, sizeof zeros);
    for (s = 0; s < T; s++) {
        const size_t t = l->reverse ? T - 1 - s : s, last = s + 1 == T, next = l->reverse ? t - 1 : t + 1;
        float *const h_next = l->sequences ? l->y + t * U : (T - 1 - s) % 2 ? l->h : l->y;
        float *const c_next = last ? l->cn : l->sequences ? l->y + next * U : l->c;
        const size_t c_next_row = last ? U : y_row;
        for (n = n0; n < n1 && l->kept; n++) {
            float *const kept = l->kept + ((n * T + t) * 6 + 5) * U;
            if (h) memcpy(kept, h + n * h_row, U * sizeof *kept);
            else memset(kept, 0, U * sizeof *kept);
        }
        for (u = 0; u < U; u += TNV_PANEL) {
            const size_t units = U - u < TNV_PANEL ? U - u : TNV_PANEL;
            size_t j;
            for (gate = 0; gate < panels; gate++) {
                float *const to = sums + gate * apart;
                TNK(lstm_sums)(to, l->x + (n0 * T + t) * F, T * F, 1, rows, &l->w, U, gate, u, 0);
                if (h) TNK(lstm_sums)(to, h + n0 * h_row, h_row, 1, rows, &l->u, U, gate, u, 1);
                else TNK(lstm_sums)(to, zeros, 0, 0, rows, &l->u, U, gate, u, 1); /* 0 NaN is NaN */
            }
            for (n = n0; n < n1; n++)
                for (j = 0; j < units; j += TNV_LANES)
                    TNK(lstm_cell)(l, sums + (n - n0) * TNV_PANEL + j, apart, u + j,
                                   units - j < TNV_LANES ? units - j : TNV_LANES, c ? c + n * c_row : TNI_NULL,
                                   h_next + n * y_row, c_next ? c_next + n * c_next_row : TNI_NULL,
                                   l->kept ? l->kept + (n * T + t) * 6 * U : TNI_NULL);
        }
        h = h_next;
        c = c_next;
        h_row = y_row;
        c_row = c_next_row;
    }
    for (n = n0; n < n1 && l->hn; n++) memcpy(l->hn + n * U, h + n * h_row, U * sizeof *h);
}

/* Units u .. u + left - 1, a vector at most, of one sample. dc_next may be dc. */
TNV_FN void TNK(lstm_cell_backward)(const tni_lstm_gradients *d, const float *kept, const float *dy, const float *dh,
                                    const float *dc, float *dz, float *dc_next, size_t u, size_t left)
{
    const size_t U = d->U;
    const tnv_f32 zero = tnv_set1(0.0f), one = tnv_set1(1.0f);
    tnv_f32 v[5], z[4], tc, to_h, to_c; /* v: gates i, f, c, o, then c before the step */
    size_t k;
    for (k = 0; k < 5; k++) v[k] = TNK(lstm_load)(kept + k * U + u, left);
    tc = tnv_tanh(tnv_fma(v[1], v[4], tnv_mul(v[0], v[2])));
    to_h = tnv_add(dh ? TNK(lstm_load)(dh + u, left) : zero, dy ? TNK(lstm_load)(dy + u, left) : zero);
    to_c = tnv_fma(tnv_mul(to_h, v[3]), tnv_fnma(tc, tc, one), dc ? TNK(lstm_load)(dc + u, left) : zero);
    z[0] = tnv_mul(to_c, v[2]);
    z[1] = tnv_mul(to_c, v[4]);
    z[2] = tnv_mul(to_c, v[0]);
    z[3] = tnv_mul(to_h, tc);
    for (k = 0; k < 4; k++) {
        const tnv_f32 slope = k == 2 ? tnv_fnma(v[k], v[k], one) : TNK(lstm_gate_slope)(v[k], d->hard);
        TNK(lstm_store)(dz + k * U + u, tnv_mul(z[k], slope), left);
    }
    if (dc_next) TNK(lstm_store)(dc_next + u, tnv_mul(to_c, v[1]), left);
}

/* dz of samples n0 .. n1-1 at every step, and the gradients of the first state. */
TNK_FN void TNK(lstm_backward)(const tni_lstm_gradients *d, size_t n0, size_t n1)
{
    const size_t T = d->T, U = d->U;
    size_t s, n, u;
    for (s = T; s-- > 0;) {
        const size_t t = d->reverse ? T - 1 - s : s, last = s + 1 == T;
        const float *const dh = last ? d->dhn : d->dh, *const dc = last ? d->dcn : d->dc;
        float *const dc_next = s ? d->dc : d->dc0;
        for (n = n0; n < n1; n++) {
            const size_t step = n * T + t;
            const float *const dy = !d->dy || !(d->sequences || last) ? TNI_NULL
                                    : d->dy + (d->sequences ? step : n) * U;
            for (u = 0; u < U; u += TNV_LANES)
                TNK(lstm_cell_backward)(d, d->kept + step * 6 * U, dy, dh ? dh + n * U : TNI_NULL,
                                        dc ? dc + n * U : TNI_NULL, d->dz + step * 4 * U,
                                        dc_next ? dc_next + n * U : TNI_NULL, u,
                                        U - u < TNV_LANES ? U - u : TNV_LANES);
        }
        if (s || d->dh0) {
            tni_gemm g = d->to_h;
            g.a = d->dz + t * 4 * U;
            g.y = s ? d->dh : d->dh0;
            TNK(gemm)(&g, n0, n1, 0, U);
        }
    }
}
