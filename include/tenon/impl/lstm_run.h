/* impl/lstm_run.h - tn_lstm and its packed weights. */

/* ---- packed weights: for every panel's worth of units one panel for each gate; one for all where they fit in ---- */

static size_t tni_lstm_columns(const tni_table *kernels, size_t U)
{
    const size_t panel = kernels->panel;
    return 4 * U <= panel ? panel : 4 * ((U + panel - 1) / panel * panel);
}

/* Bytes of a pack of [K,4U]; 0 where they do not fit. */
static size_t tni_lstm_packed_bytes(const tni_table *kernels, size_t K, size_t U)
{
    const tni_packed h = tni_packed_header(kernels, TNI_PACK_LSTM_W, K, tni_lstm_columns(kernels, U));
    return tni_packed_bytes(&h);
}

/* weights as packed, over memory that is checked, or NULL in a query. */
static void tni_lstm_pack(const tni_table *kernels, tn_tensor *packed, char *memory, uint32_t kind,
                          const tn_tensor *weights)
{
    const size_t K = (size_t)weights->dim[0], U = (size_t)weights->dim[1] / 4, panel = kernels->panel;
    const tni_packed header = tni_packed_header(kernels, kind, K, 4 * U);
    const float *const from = (const float *)weights->data;
    float *to;
    size_t u, gate;
    tni_pack_begin(packed, memory, weights, &header);
    if (!memory) return;
    to = (float *)(void *)(memory + TNI_PACK_HEADER);
    if (4 * U <= panel) {
        kernels->gemm_pack(to, from, K, 4 * U, 4 * U, 1);
        return;
    }
    for (u = 0; u < U; u += panel)
        for (gate = 0; gate < 4; gate++, to += K * panel)
            kernels->gemm_pack(to, from + gate * U + u, K, tni_least(U - u, panel), 4 * U, 1);
}

/* weights as the kernels want them, after a look at the header where they are packed. */
static tn_status tni_lstm_matrix_of(const tni_call *c, const tni_operand *o, const tni_table *kernels, uint32_t kind,
                                    int64_t K, int64_t U, tni_lstm_matrix *m)
{
    tni_packed want;
    m->K = (size_t)K;
    m->matrix = (const float *)o->t->data;
    m->packed = TNI_NULL;
    if (!(o->t->flags & TN_PACKED)) return TN_OK;
    want = tni_packed_header(kernels, kind, (size_t)K, 4 * (size_t)U);
    return tni_panels(c, o, &want, &m->packed);
}

/* ---- the calls ---- */

typedef struct tni_lstm_run {
    const tni_lstm_layer *layer;
    const tni_table *kernels;
    size_t N;
} tni_lstm_run;

static void tni_lstm_task(void *arg, int32_t index, int32_t worker)
{
    const tni_lstm_run *const run = (const tni_lstm_run *)arg;
    const size_t n = (size_t)index * TNI_LSTM_ROWS;
    (void)worker;
    run->kernels->lstm(run->layer, n, n + tni_least(run->N - n, TNI_LSTM_ROWS));
}

TENON_API tn_status tn_lstm(tn_context *ctx, const tn_tensor *y, const tn_tensor *hn, const tn_tensor *cn,
                            const tn_tensor *reserve, const tn_tensor *x, const tn_tensor *w, const tn_tensor *u,
                            const tn_tensor *b, const tn_tensor *h0, const tn_tensor *c0, const tn_lstm_params *p)
{
    const tni_call c = tni_enter(ctx, "tn_lstm");
    const int32_t state = TNI_OPTIONAL | TNI_BATCHED;
    tni_operand op[] = { { y, "y[N,T,U]", 0, TNI_OUT | TNI_BATCHED },
                         { hn, "hn[N,U]", 1, TNI_OUT | state },
                         { cn, "cn[N,U]", 2, TNI_OUT | state },
                         { reserve, "reserve", 3, TNI_OUT | state },
                         { x, "x[N,T,F]", 4, TNI_BATCHED },
                         { w, "w[F,4U]", 5, TNI_PACKABLE },
                         { u, "u[U,4U]", 6, TNI_PACKABLE },
                         { b, "b[4U]", 7, TNI_OPTIONAL },
                         { h0, "h0[N,U]", 8, state },
                         { c0, "c0[N,U]", 9, state } };
    const tni_table *const kernels = tni_active();
    tni_lstm plan;
    tni_lstm_matrix of_w, of_u;
    tni_lstm_layer l;
    tni_lstm_run run;
    size_t room;
    int32_t i;
    TNI_TRY(tni_operands(&c, op, 10));
    TNI_TRY(tni_lstm_shapes(&c, &plan, &op[0], &op[4], &op[5], &op[6], &op[7]));
    for (i = 1; i < 10; i++)
        if (i < 3 || i > 7) TNI_TRY(tni_lstm_state(&c, &op[i], &plan));
    TNI_TRY(tni_lstm_reserve(&c, &op[3], &plan));
    TNI_TRY(tni_lstm_matrix_of(&c, &op[5], kernels, TNI_PACK_LSTM_W, plan.F, plan.U, &of_w));
    TNI_TRY(tni_lstm_matrix_of(&c, &op[6], kernels, TNI_PACK_LSTM_U, plan.U, plan.U, &of_u));
    for (i = 1; i < 3; i++) /* the next state may replace this one: then it speaks for both */
        if (op[i].t && op[i + 7].t && op[i].t->data == op[i + 7].t->data) op[i + 7].t = TNI_NULL;
    TNI_TRY(tni_apart(&c, op, 10));
    if (w->flags & TN_PACKED)
        TNI_TRY(tni_packed_apart(&c, op, 4, &op[5], tni_lstm_packed_bytes(kernels, of_w.K, (size_t)plan.U)));
    if (u->flags & TN_PACKED)
        TNI_TRY(tni_packed_apart(&c, op, 4, &op[6], tni_lstm_packed_bytes(kernels, of_u.K, (size_t)plan.U)));
    room = y->rank == 3 || plan.T == 1 ? 0 : tni_size(y); /* of h, and of c */
    TNI_TRY(tni_scratch(&c, op, 10, 2 * room * sizeof(float)));
    if (c.query || plan.N == 0) return tni_ok(&c);
    memset(&l, 0, sizeof l);
    l.sequences = y->rank == 3;
    l.w = of_w;
    l.u = of_u;
    l.T = (size_t)plan.T;
    l.U = (size_t)plan.U;
    if (p) {
        l.reverse = p->reverse != 0;
        l.hard = p->hard_sigmoid != 0;
    }
    l.x = tni_floats(x);
    l.b = tni_floats(b);
    l.h0 = tni_floats(h0);
    l.c0 = tni_floats(c0);
    l.y = tni_floats(y);
    l.hn = tni_floats(hn);
    l.cn = tni_floats(cn);
    l.kept = tni_floats(reserve);
    if (room) {
        l.h = (float *)ctx->workspace;
        l.c = l.h + room;
    }
    run.layer = &l;
    run.kernels = kernels;
    run.N = (size_t)plan.N;
    tni_parallel(&c, (int32_t)((run.N - 1) / TNI_LSTM_ROWS + 1), tni_lstm_task, &run);
    return tni_ok(&c);
}

TENON_API tn_status tn_lstm_pack(tn_context *ctx, tn_tensor *packed_w, tn_tensor *packed_u, void *memory, size_t size,
                                 const tn_tensor *w, const tn_tensor *u, const tn_lstm_params *p)
{
    const tni_call c = tni_enter(ctx, "tn_lstm_pack");
    const tni_operand op[] = { { w, "w[F,4U]", 4, TNI_IN }, { u, "u[U,4U]", 5, TNI_IN } };
    const tni_table *const kernels = tni_active();
    size_t of_w, of_u, need;
    (void)p;
    if (!packed_w) return tni_bad(&c, TN_E_NULL, 0, "packed_w", "must not be NULL", 0);
    if (!packed_u) return tni_bad(&c, TN_E_NULL, 1, "packed_u", "must not be NULL", 0);
    TNI_TRY(tni_operands(&c, op, 2));
    TNI_TRY(tni_lstm_both_weights(&c, &op[0], &op[1], TN_ANY));
    {
        const tn_tensor x = tni_shape(TN_NTF, 3, 1, 1, w->rank ? w->dim[0] : 1, 0); /* any x that goes with w */
        const tni_operand any = { &x, "x[N,T,F]", -1, TNI_NO_DATA };
        tni_lstm plan;
        TNI_TRY(tni_lstm_shapes(&c, &plan, TNI_NULL, &any, &op[0], &op[1], TNI_NULL));
        of_w = tni_lstm_packed_bytes(kernels, (size_t)plan.F, (size_t)plan.U);
        of_u = tni_lstm_packed_bytes(kernels, (size_t)plan.U, (size_t)plan.U);
    }
    if (!of_w || !of_u || of_w > (size_t)PTRDIFF_MAX - of_u)
        return tni_bad(&c, TN_E_OVERFLOW, of_w ? 5 : 4, op[of_w != 0].role, "the packed size does not fit memory", 0);
    need = of_w + of_u;
    TNI_TRY(tni_pack_memory(&c, 2, memory, size, need));
    if (!c.query && (tni_overlap(memory, need, w->data, tn_bytes(w)) || tni_overlap(memory, need, u->data, tn_bytes(u))))
        return tni_bad(&c, TN_E_ALIAS, 2, "memory", "must not overlap w or u", 0);
    tni_lstm_pack(kernels, packed_w, c.query ? TNI_NULL : (char *)memory, TNI_PACK_LSTM_W, w);
    tni_lstm_pack(kernels, packed_u, c.query ? TNI_NULL : (char *)memory + of_w, TNI_PACK_LSTM_U, u);
    return tni_ok(&c);
}
