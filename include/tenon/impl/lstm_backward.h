/* impl/lstm_backward.h - gradients through time: dz of all steps, then the products over them. dw, du and db sum over
 * the samples and within a sample over its steps, both ascending. h0 and c0 are not read: the reserve has them. */

typedef struct tni_lstm_back_run {
    const tni_lstm_gradients *gradients;
    const tni_table *kernels;
    size_t N;
} tni_lstm_back_run;

static void tni_lstm_back_task(void *arg, int32_t index, int32_t worker)
{
    const tni_lstm_back_run *const run = (const tni_lstm_back_run *)arg;
    const size_t n = (size_t)index * TNI_LSTM_ROWS;
    (void)worker;
    run->kernels->lstm_backward(run->gradients, n, n + tni_least(run->N - n, TNI_LSTM_ROWS));
}

/* a dz of [rows,4U] weights: element (k,i) of a, k < steps, at a[k a_step + i]. */
static void tni_lstm_weight_gradient(const tni_call *c, const tni_table *kernels, const tn_tensor *to, const float *a,
                                     size_t a_step, const float *dz, size_t steps, int accumulate)
{
    tni_gemm g = tni_gemm_of((size_t)to->dim[0], steps, (size_t)to->dim[1]);
    g.a = a;
    g.a_row = 1;
    g.a_step = a_step;
    g.b = dz;
    g.b_row = g.y_row = g.O;
    g.b_col = 1;
    g.y = (float *)to->data;
    if (accumulate) {
        g.c = g.y;
        g.c_row = g.O;
        g.c_col = 1;
    }
    tni_gemm_go(c, kernels, &g);
}

TENON_API tn_status tn_lstm_backward(tn_context *ctx, const tn_tensor *dx, const tn_tensor *dw, const tn_tensor *du,
                                     const tn_tensor *db, const tn_tensor *dh0, const tn_tensor *dc0,
                                     const tn_tensor *dy, const tn_tensor *dhn, const tn_tensor *dcn,
                                     const tn_tensor *reserve, const tn_tensor *x, const tn_tensor *w,
                                     const tn_tensor *u, const tn_tensor *h0, const tn_tensor *c0,
                                     const tn_lstm_params *p)
{
    const tni_call c = tni_enter(ctx, "tn_lstm_backward");
    const int32_t state = TNI_OPTIONAL | TNI_BATCHED, out = TNI_OUT | TNI_OPTIONAL;
    const tni_operand op[] = { { dx, "dx[N,T,F]", 0, out | TNI_BATCHED },
                               { dw, "dw[F,4U]", 1, out },
                               { du, "du[U,4U]", 2, out },
                               { db, "db[4U]", 3, out },
                               { dh0, "dh0[N,U]", 4, TNI_OUT | state },
                               { dc0, "dc0[N,U]", 5, TNI_OUT | state },
                               { dy, "dy[N,T,U]", 6, state },
                               { dhn, "dhn[N,U]", 7, state },
                               { dcn, "dcn[N,U]", 8, state },
                               { reserve, "reserve", 9, TNI_BATCHED },
                               { x, "x[N,T,F]", 10, TNI_BATCHED },
                               { w, "w[F,4U]", 11, TNI_IN },
                               { u, "u[U,4U]", 12, TNI_IN },
                               { h0, "h0[N,U]", 13, state },
                               { c0, "c0[N,U]", 14, state } };
    static const struct {
        int8_t gradient, of;
        const char *order, *rule;
    } like[] = { { 0, 10, "NTF", TNI_WORDS("dx has x's shape") },
                 { 1, 11, "IO", TNI_WORDS("dw has w's shape") },
                 { 2, 12, "IO", TNI_WORDS("du has u's shape") } };
    const tni_table *const kernels = tni_active();
    const int accumulate = p && (p->flags & TN_ACCUMULATE);
    tni_lstm plan;
    tni_lstm_gradients d;
    tni_lstm_back_run run;
    size_t steps, U, panels, need;
    int32_t i;
    TNI_TRY(tni_operands(&c, op, 15));
    TNI_TRY(tni_lstm_shapes(&c, &plan, &op[6], &op[10], &op[11], &op[12], &op[3]));
    for (i = 0; i < 3; i++) {
        const tni_operand *const o = &op[like[i].gradient];
        tn_tensor expected = *op[like[i].of].t;
        if (!o->t) continue;
        if (i > 0) expected.axes = TN_IO;
        TNI_TRY(tni_lstm_order(&c, o, like[i].order, like[i].rule));
        TNI_TRY(tni_expect(&c, o, &expected, 0, like[i].rule));
    }
    for (i = 4; i < 15; i++)
        if (i != 6 && (i < 9 || i > 12)) TNI_TRY(tni_lstm_state(&c, &op[i], &plan));
    TNI_TRY(tni_lstm_reserve(&c, &op[9], &plan));
    TNI_TRY(tni_apart(&c, op, 15));
    U = (size_t)plan.U;
    steps = (size_t)plan.N * (size_t)plan.T;
    panels = (U + TNI_WIDEST - 1) / TNI_WIDEST * TNI_WIDEST; /* of u transposed, on any instruction set */
    if (!tni_mul(panels, 4 * U, &panels) || panels > SIZE_MAX / sizeof(float) / 2)
        return tni_bad(&c, TN_E_OVERFLOW, 12, op[12].role, "the workspace does not fit memory", 0);
    need = 2 * (size_t)plan.N * U + steps * 4 * U; /* floats, no more than the reserve has */
    if (need) need += panels;
    if (need > SIZE_MAX / sizeof(float))
        return tni_bad(&c, TN_E_OVERFLOW, 10, op[10].role, "the workspace does not fit memory", 0);
    TNI_TRY(tni_scratch(&c, op, 15, need * sizeof(float)));
    if (c.query) return tni_ok(&c);
    if (!need) { /* no samples: sums of nothing */
        for (i = 1; i < 4 && !accumulate; i++) if (op[i].t) memset(op[i].t->data, 0, tn_bytes(op[i].t));
        return tni_ok(&c);
    }
    memset(&d, 0, sizeof d);
    d.T = (size_t)plan.T;
    d.U = U;
    d.reverse = p && p->reverse;
    d.hard = p && p->hard_sigmoid;
    d.sequences = dy && dy->rank == 3;
    d.dy = tni_floats(dy);
    d.dhn = tni_floats(dhn);
    d.dcn = tni_floats(dcn);
    d.kept = tni_floats(reserve);
    d.dz = (float *)ctx->workspace;
    d.dh = d.dz + steps * 4 * U;
    d.dc = d.dh + (size_t)plan.N * U;
    d.dh0 = tni_floats(dh0);
    d.dc0 = tni_floats(dc0);
    d.to_h = tni_gemm_of((size_t)plan.N, 4 * U, U);
    d.to_h.a_row = d.T * 4 * U;
    d.to_h.a_step = 1;
    d.to_h.packed = d.dc + (size_t)plan.N * U;
    d.to_h.y_row = U;
    kernels->gemm_pack(d.dc + (size_t)plan.N * U, (const float *)u->data, 4 * U, U, 1, 4 * U);
    run.gradients = &d;
    run.kernels = kernels;
    run.N = (size_t)plan.N;
    tni_parallel(&c, (int32_t)((run.N - 1) / TNI_LSTM_ROWS + 1), tni_lstm_back_task, &run);
    if (dx) {
        tni_gemm g = tni_gemm_of(steps, 4 * U, (size_t)plan.F);
        g.a = d.dz;
        g.a_row = 4 * U;
        g.a_step = 1;
        g.b = (const float *)w->data;
        g.b_row = 1;
        g.b_col = 4 * U;
        g.y = (float *)dx->data;
        g.y_row = g.O;
        tni_gemm_go(&c, kernels, &g);
    }
    if (dw)
        tni_lstm_weight_gradient(&c, kernels, dw, (const float *)x->data, (size_t)plan.F, d.dz, steps, accumulate);
    if (du) tni_lstm_weight_gradient(&c, kernels, du, d.kept + 5 * U, 6 * U, d.dz, steps, accumulate);
    if (db) kernels->column_sums((float *)db->data, d.dz, steps, 4 * U, accumulate);
    return tni_ok(&c);
}
