/* impl/lstm.h - long short-term memory: check and plan. */

enum { TNI_LSTM_KEPT = 6 }; /* floats of the reserve for each unit of each step: gates i, f, c, o, then c and h */

typedef struct tni_lstm {
    int64_t N, T, F, U;
} tni_lstm;

/* x[N,T,F] w[F,4U]; y[N,T,U], y[N,U]: the names must not say otherwise. */
static tn_status tni_lstm_order(const tni_call *c, const tni_operand *o, const char *order, const char *rule)
{
    if (!o || !o->t || o->t->rank != (int32_t)strlen(order) || tni_ordered(o->t, order)) return TN_OK;
    return tni_order_refuse(c, o, o->t->rank == 3 && tni_ordered(o->t, "TNF") ? TN_CAUSE_LSTM_BATCH_FIRST : 0, rule);
}

/* Weights a[rows,4U], rows TN_ANY where free. The other way round is told from the lengths. */
static tn_status tni_lstm_weights(const tni_call *c, const tni_operand *o, int32_t rows, int32_t units)
{
    const tn_tensor expected = tni_shape(TN_IO, 2, rows, units > INT32_MAX / 4 ? TN_ANY : 4 * units, 0, 0);
    int64_t number[4];
    TNI_TRY(tni_lstm_order(c, o, "IO", "weights are [F,4U] and [U,4U], in this order"));
    if (o->t->rank == 2 && tni_infer(&expected, o->t, number) != TN_CAUSE_WEIGHTS_TRANSPOSED)
        return TN_OK; /* to the rules */
    return tni_mismatch(c, o, &expected, o->t->rank == 2 ? TN_E_FEATURES : TN_E_RANK, "weights are [F,4U] and [U,4U]");
}

static tn_status tni_lstm_both_weights(const tni_call *c, const tni_operand *ow, const tni_operand *ou, int32_t F)
{
    const tn_tensor *const u = ou->t;
    const int32_t units = u->dim[u->rank == 2 && u->dim[0] == 4 * (int64_t)u->dim[1]];
    TNI_TRY(tni_lstm_weights(c, ou, units, units));
    return ow ? tni_lstm_weights(c, ow, F, units) : TN_OK;
}

/* A state or its gradient: [N,U] or NULL. */
static tn_status tni_lstm_state(const tni_call *c, const tni_operand *o, const tni_lstm *plan)
{
    const tn_tensor expected = tni_shape(TNI_AX('N', 0) | TNI_AX('U', 1), 2, (int32_t)plan->N, (int32_t)plan->U, 0, 0);
    tn_status status;
    if (!o->t) return TN_OK;
    TNI_TRY(tni_lstm_order(c, o, "NF", "a state is [N,U]"));
    status = tni_expect(c, o, &expected, 0, "a state is [N,U]");
    if (status != TN_OK && c->ctx && c->ctx->diag && !c->ctx->diag->cause)
        c->ctx->diag->cause = TN_CAUSE_INITIAL_STATE_SHAPE;
    return status;
}

/* What the reserve holds, in floats. */
static tn_status tni_lstm_kept(const tni_call *c, const tni_lstm *plan, int32_t arg, int32_t *kept)
{
    size_t n;
    if (!tni_mul((size_t)plan->N, (size_t)plan->T, &n) || !tni_mul(n, (size_t)plan->U, &n) ||
        !tni_mul(n, TNI_LSTM_KEPT, &n) || n > INT32_MAX)
        return tni_bad(c, TN_E_OVERFLOW, arg, "reserve", "6 N T U does not fit int32", plan->N);
    *kept = (int32_t)n;
    return TN_OK;
}

static tn_status tni_lstm_reserve(const tni_call *c, const tni_operand *o, const tni_lstm *plan)
{
    tn_tensor expected = tni_shape(0, 1, 0, 0, 0, 0);
    if (!o->t) return TN_OK;
    TNI_TRY(tni_lstm_kept(c, plan, o->arg, &expected.dim[0]));
    return tni_expect(c, o, &expected, 0, "the reserve is what tn_lstm_shape says");
}

/* oy, ow, ob: NULL or without a tensor where there is none. */
static tn_status tni_lstm_shapes(const tni_call *c, tni_lstm *plan, const tni_operand *oy, const tni_operand *ox,
                                 const tni_operand *ow, const tni_operand *ou, const tni_operand *ob)
{
    const tn_tensor *const ty = oy ? oy->t : TNI_NULL, *const tx = ox->t;
    const int whole_y = ty && (ty->rank == 2 || ty->rank == 3), whole_b = ob && ob->t && ob->t->rank == 1;
    tni_ruling ruling;
    tni_side y, x, w, u, b;
    tn_tensor expected = tni_shape(TN_NTF, 3, TN_ANY, ty && ty->rank == 3 ? ty->dim[1] : TN_ANY, TN_ANY, 0);
    int64_t steps, number[4];
    TNI_TRY(tni_lstm_order(c, ox, "NTF", "the axes must stand in the order N, T, F"));
    TNI_TRY(tni_lstm_order(c, oy, "NTF", "the axes must stand in the order N, T, U"));
    TNI_TRY(tni_lstm_order(c, oy, "NF", "the axes must stand in the order N, U"));
    TNI_TRY(tni_lstm_both_weights(c, ow, ou, tx->rank == 3 ? tx->dim[2] : TN_ANY));
    if (ow) expected.dim[2] = ow->t->dim[0]; /* the weights are what they are: x is to blame */
    if (tx->rank != 3) return tni_expect_order(c, ox, &expected, 0, "a sequence is [N,T,F]");
    if (ow && tx->dim[2] != ow->t->dim[0]) {
        if (tni_infer(&expected, tx, number) != TN_CAUSE_TIME_FEATURES_SWAPPED)
            expected.dim[1] = tx->dim[1]; /* then y's T is no witness */
        return tni_expect_order(c, ox, &expected, 0, "F of x must equal F of w");
    }
    x = tni_side_of(ox, 3, "");
    u = tni_side_of(ou, 2, "");
    w = tni_side_of(ow, ow ? 2 : 0, "");
    w.expected.axes = u.expected.axes = TN_IO;
    if (!ow) {
        w.dim[0] = x.dim[2];
        w.dim[1] = 4 * u.dim[0];
    }
    y = tni_side_of(whole_y ? oy : TNI_NULL, whole_y ? ty->rank : 0, "");
    steps = whole_y && ty->rank == 3 ? x.dim[1] : 1;
    if (whole_y && ty->rank == 2) {
        y.dim[2] = y.dim[1];
        y.at[2] = y.at[1];
        y.dim[1] = 1;
        y.at[1] = -1;
    }
    if (!whole_y) {
        y.dim[0] = x.dim[0];
        y.dim[1] = 1;
        y.dim[2] = u.dim[0];
    }
    b = tni_side_of(whole_b ? ob : TNI_NULL, 1, "");
    b.expected.axes = TN_O;
    memset(&ruling, 0, sizeof ruling);
    TNI_LSTM_RULES(TNI_RT, y, x, w, u, b, steps)
    TNI_TRY(tni_ruled(c, &ruling));
    plan->N = x.dim[0];
    plan->T = x.dim[1];
    plan->F = x.dim[2];
    plan->U = u.dim[0];
    if (ty && !whole_y) {
        expected = tni_shape(TNI_AX('N', 0) | TNI_AX('T', 1) | TNI_AX('U', 2), 3, (int32_t)plan->N, (int32_t)plan->T,
                             (int32_t)plan->U, 0);
        return tni_mismatch(c, oy, &expected, TN_E_RANK, "y is [N,T,U], or [N,U] for the last step");
    }
    if (ob && ob->t && !whole_b) {
        expected = tni_shape(TN_O, 1, (int32_t)(4 * plan->U), 0, 0, 0);
        return tni_mismatch(c, ob, &expected, TN_E_RANK, "a bias is [4U]");
    }
    return TN_OK;
}

TENON_API tn_status tn_lstm_shape(tn_context *ctx, tn_tensor *y, tn_tensor *reserve, const tn_tensor *x,
                                  const tn_tensor *u, int32_t sequences, const tn_lstm_params *p)
{
    const tni_call c = tni_enter(ctx, "tn_lstm_shape");
    const tni_operand op[] = { { x, "x[N,T,F]", 2, TNI_BATCHED | TNI_NO_DATA },
                               { u, "u[U,4U]", 3, TNI_PACKABLE | TNI_NO_DATA } };
    tni_lstm plan;
    tn_tensor shape;
    size_t count;
    int32_t kept = 0;
    (void)p;
    if (!y) return tni_bad(&c, TN_E_NULL, 0, "y[N,T,U]", "must not be NULL", 0);
    TNI_TRY(tni_operands(&c, op, 2));
    TNI_TRY(tni_lstm_shapes(&c, &plan, TNI_NULL, &op[0], TNI_NULL, &op[1], TNI_NULL));
    if (reserve) TNI_TRY(tni_lstm_kept(&c, &plan, 1, &kept));
    shape = sequences ? tni_shape(TN_NTF, 3, (int32_t)plan.N, (int32_t)plan.T, (int32_t)plan.U, 0)
                      : tni_shape(TN_NF, 2, (int32_t)plan.N, (int32_t)plan.U, 0, 0);
    if (!tni_count(&shape, &count))
        return tni_bad(&c, TN_E_OVERFLOW, 0, "y[N,T,U]", "the product of its lengths does not fit memory", 0);
    y->dtype = TN_F32;
    y->axes = x->axes ? shape.axes : 0;
    y->rank = shape.rank;
    memcpy(y->dim, shape.dim, sizeof y->dim);
    if (reserve) {
        reserve->dtype = TN_F32;
        reserve->axes = 0;
        reserve->rank = 1;
        memset(reserve->dim, 0, sizeof reserve->dim);
        reserve->dim[0] = kept;
    }
    TNI_TRY(tni_workspace(&c, 0, -1));
    return tni_ok(&c);
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
    tni_lstm plan;
    int32_t i;
    (void)p;
    TNI_TRY(tni_operands(&c, op, 10));
    TNI_TRY(tni_lstm_shapes(&c, &plan, &op[0], &op[4], &op[5], &op[6], &op[7]));
    for (i = 1; i < 10; i++)
        if (i < 3 || i > 7) TNI_TRY(tni_lstm_state(&c, &op[i], &plan));
    TNI_TRY(tni_lstm_reserve(&c, &op[3], &plan));
    for (i = 1; i < 3; i++) /* the next state may replace this one: then it speaks for both */
        if (op[i].t && op[i + 7].t && op[i].t->data == op[i + 7].t->data) op[i + 7].t = TNI_NULL;
    TNI_TRY(tni_apart(&c, op, 10));
    return tni_unsupported(&c);
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
    } like[] = { { 0, 10, "NTF", "dx has x's shape" },
                 { 1, 11, "IO", "dw has w's shape" },
                 { 2, 12, "IO", "du has u's shape" } };
    tni_lstm plan;
    int32_t i;
    (void)p;
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
    return tni_unsupported(&c);
}

TENON_API tn_status tn_lstm_pack(tn_context *ctx, tn_tensor *packed_w, tn_tensor *packed_u, void *memory, size_t size,
                                 const tn_tensor *w, const tn_tensor *u, const tn_lstm_params *p)
{
    const tni_call c = tni_enter(ctx, "tn_lstm_pack");
    const tni_operand op[] = { { w, "w[F,4U]", 4, TNI_IN }, { u, "u[U,4U]", 5, TNI_IN } };
    (void)size;
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
    }
    if (!c.query && !memory) return tni_bad(&c, TN_E_NULL, 2, "memory", "must not be NULL", 0);
    if (!c.query && (uintptr_t)memory % sizeof(float))
        return tni_bad(&c, TN_E_ALIGN, 2, "memory", "must be aligned to float", 0);
    return tni_unsupported(&c);
}

/* Other libraries' weights, gates first: from[2] [4U,F] and [4U,U], biases of `per` times 4U; to w, u, b. */
static tn_status tni_lstm_import(const tni_call *c, const tni_operand *op, int32_t n, int32_t per)
{
    const tn_tensor *const from = op[3].t, *const recurrent = op[4].t;
    tn_tensor expected = tni_shape(TN_OI, 2, TN_ANY, TN_ANY, 0, 0);
    int64_t U;
    int32_t i;
    TNI_TRY(tni_operands(c, op, n));
    TNI_TRY(tni_expect(c, &op[4], &expected, 0, "recurrent weights are [4U,U]"));
    U = recurrent->dim[1];
    if (U > INT32_MAX / (4 * per)) return tni_bad(c, TN_E_OVERFLOW, op[4].arg, op[4].role, "4U does not fit int32", U);
    expected.dim[0] = (int32_t)(4 * U);
    TNI_TRY(tni_expect(c, &op[4], &expected, 0, "recurrent weights are [4U,U]"));
    TNI_TRY(tni_expect(c, &op[3], &expected, 0, "input weights are [4U,F]"));
    expected = tni_shape(TN_IO, 2, from->dim[1], (int32_t)(4 * U), 0, 0);
    TNI_TRY(tni_expect(c, &op[0], &expected, 0, "w is [F,4U]"));
    expected.dim[0] = (int32_t)U;
    TNI_TRY(tni_expect(c, &op[1], &expected, 0, "u is [U,4U]"));
    for (i = 2; i < n; i++) {
        if (i == 3 || i == 4 || !op[i].t) continue;
        expected = tni_shape(TN_O, 1, (int32_t)(4 * U) * (i == 2 ? 1 : per), 0, 0, 0);
        TNI_TRY(tni_expect(c, &op[i], &expected, 0, i == 2 || per == 1 ? "a bias is [4U]" : "B is [8U]"));
    }
    TNI_TRY(tni_apart(c, op, n));
    return tni_unsupported(c);
}

TENON_API tn_status tn_lstm_from_torch(tn_context *ctx, const tn_tensor *w, const tn_tensor *u, const tn_tensor *b,
                                       const tn_tensor *w_ih, const tn_tensor *w_hh, const tn_tensor *b_ih,
                                       const tn_tensor *b_hh)
{
    const tni_call c = tni_enter(ctx, "tn_lstm_from_torch");
    const tni_operand op[] = { { w, "w[F,4U]", 0, TNI_OUT },
                               { u, "u[U,4U]", 1, TNI_OUT },
                               { b, "b[4U]", 2, b_ih || b_hh ? TNI_OUT : TNI_OUT | TNI_OPTIONAL },
                               { w_ih, "w_ih[4U,F]", 3, TNI_IN },
                               { w_hh, "w_hh[4U,U]", 4, TNI_IN },
                               { b_ih, "b_ih[4U]", 5, TNI_OPTIONAL },
                               { b_hh, "b_hh[4U]", 6, TNI_OPTIONAL } };
    return tni_lstm_import(&c, op, 7, 1);
}

TENON_API tn_status tn_lstm_from_onnx(tn_context *ctx, const tn_tensor *w, const tn_tensor *u, const tn_tensor *b,
                                      const tn_tensor *W, const tn_tensor *R, const tn_tensor *B)
{
    const tni_call c = tni_enter(ctx, "tn_lstm_from_onnx");
    const tni_operand op[] = { { w, "w[F,4U]", 0, TNI_OUT },
                               { u, "u[U,4U]", 1, TNI_OUT },
                               { b, "b[4U]", 2, B ? TNI_OUT : TNI_OUT | TNI_OPTIONAL },
                               { W, "W[4U,F]", 3, TNI_IN },
                               { R, "R[4U,U]", 4, TNI_IN },
                               { B, "B[8U]", 5, TNI_OPTIONAL } };
    return tni_lstm_import(&c, op, 6, 2);
}
