/* impl/lstm.h - long short-term memory: checks and shapes. */

enum { TNI_LSTM_KEPT = 6 }; /* floats of the reserve for each unit of each step: see impl/lstm_layer.h */

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
    if (o->t->rank == 2 && (tni_fits_from(&expected, 0, o->t, 0, 2) ||
                            tni_infer(&expected, o->t, number) != TN_CAUSE_WEIGHTS_TRANSPOSED))
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

TNI_NOINLINE static tn_status tni_lstm_state_closely(const tni_call *c, const tni_operand *o, const tni_lstm *plan)
{
    const tn_tensor expected = tni_shape(TNI_AX('N', 0) | TNI_AX('U', 1), 2, (int32_t)plan->N, (int32_t)plan->U, 0, 0);
    tn_status status;
    TNI_TRY(tni_lstm_order(c, o, "NF", "a state is [N,U]"));
    status = tni_expect(c, o, &expected, 0, "a state is [N,U]");
    if (status != TN_OK && c->ctx && c->ctx->diag &&
        (!c->ctx->diag->cause || o->t->rank == 2)) /* rows of units: no table whose columns could be off by one */
        c->ctx->diag->cause = TN_CAUSE_INITIAL_STATE_SHAPE;
    return status;
}

/* A state or its gradient: [N,U] or NULL. */
static tn_status tni_lstm_state(const tni_call *c, const tni_operand *o, const tni_lstm *plan)
{
    const tn_tensor *const t = o->t;
    if (!t || (t->rank == 2 && (!t->axes || t->axes == TN_NF) && t->dim[0] == plan->N && t->dim[1] == plan->U))
        return TN_OK;
    return tni_lstm_state_closely(c, o, plan);
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
    tn_tensor expected;
    if (!o->t) return TN_OK;
    expected = tni_shape(0, 1, 0, 0, 0, 0);
    TNI_TRY(tni_lstm_kept(c, plan, o->arg, &expected.dim[0]));
    return tni_expect(c, o, &expected, 0, "the reserve is what tn_lstm_shape says");
}

/* Whether all is in order and named so or not at all; then the plan. */
static int tni_lstm_plain(tni_lstm *plan, const tn_tensor *ty, const tn_tensor *tx, const tn_tensor *tw,
                          const tn_tensor *tu, const tn_tensor *tb)
{
    const int32_t last = ty->rank - 1, sequences = last == 2;
    int64_t y[3], x[3], w[2], u[2], b[1], steps;
    if (tx->rank != 3 || (last != 1 && last != 2) || tw->rank != 2 || tu->rank != 2 || (tb && tb->rank != 1)) return 0;
    if ((tx->axes && tx->axes != TN_NTF) || (ty->axes && ty->axes != (sequences ? TN_NTF : TN_NF))) return 0;
    if ((tw->axes && tw->axes != TN_IO) || (tu->axes && tu->axes != TN_IO)) return 0;
    x[0] = tx->dim[0]; x[1] = tx->dim[1]; x[2] = tx->dim[2];
    y[0] = ty->dim[0]; y[1] = sequences ? ty->dim[1] : 1; y[2] = ty->dim[last];
    w[0] = tw->dim[0]; w[1] = tw->dim[1];
    u[0] = tu->dim[0]; u[1] = tu->dim[1];
    b[0] = tb ? tb->dim[0] : u[1];
    steps = sequences ? x[1] : 1;
    plan->N = x[0];
    plan->T = x[1];
    plan->F = x[2];
    plan->U = u[0];
    return 1 TNI_LSTM_RULES(TNI_HELD, y, x, w, u, b, steps);
}

TNI_NOINLINE static tn_status tni_lstm_closely(const tni_call *c, tni_lstm *plan, const tni_operand *oy,
                                               const tni_operand *ox, const tni_operand *ow, const tni_operand *ou,
                                               const tni_operand *ob)
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

/* oy, ow, ob: NULL or without a tensor where there is none. */
static tn_status tni_lstm_shapes(const tni_call *c, tni_lstm *plan, const tni_operand *oy, const tni_operand *ox,
                                 const tni_operand *ow, const tni_operand *ou, const tni_operand *ob)
{
    if (oy && oy->t && ow && tni_lstm_plain(plan, oy->t, ox->t, ow->t, ou->t, ob ? ob->t : TNI_NULL)) return TN_OK;
    return tni_lstm_closely(c, plan, oy, ox, ow, ou, ob);
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
