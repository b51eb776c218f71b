/* impl/dense.h - dense layers and matrix products: check, plan, run. */

/* A product cut into tasks by its shape alone: blocks of rows whose part of a stays in the second-level cache, and of
 * columns. */
typedef struct tni_gemm_run {
    const tni_gemm *g;
    const tni_table *kernels;
    size_t rows, columns, across; /* of a task; tasks side by side */
} tni_gemm_run;

static void tni_gemm_task(void *arg, int32_t index, int32_t worker)
{
    const tni_gemm_run *const run = (const tni_gemm_run *)arg;
    const tni_gemm *const g = run->g;
    const size_t n0 = (size_t)index / run->across * run->rows, o0 = (size_t)index % run->across * run->columns;
    (void)worker;
    run->kernels->gemm(g, n0, g->N - n0 < run->rows ? g->N : n0 + run->rows, o0,
                       g->O - o0 < run->columns ? g->O : o0 + run->columns);
}

static void tni_gemm_go(const tni_call *c, const tni_table *kernels, tni_gemm *g)
{
    const size_t worth = 1 << 20; /* multiply-adds of a task */
    tni_gemm_run run;
    size_t down, work;
    int whole;
    if (!g->N || !g->O) return;
    run.g = g;
    run.kernels = kernels;
    /* small weights stay near beside rows of a and of y, where there is enough of those for all workers */
    whole = g->K * g->O <= TNI_NEAR_FLOATS / 4 && g->N >= 4 * TNI_NEAR_FLOATS / (g->K + g->O);
    run.rows = TNI_NEAR_FLOATS / (whole ? g->K + g->O : g->K + 1) + 1;
    down = (g->N + run.rows - 1) / run.rows;
    run.rows = (g->N + down - 1) / down;
    work = run.rows * (g->K + 1) * TNI_COLUMNS;
    run.columns = whole ? g->O : work >= worth ? TNI_COLUMNS : worth / work * TNI_COLUMNS;
    run.across = (g->O + run.columns - 1) / run.columns;
    g->ahead = run.columns * tni_workers(c);
    if (down > (size_t)INT32_MAX / run.across) { run.rows = g->N; down = 1; } /* terabytes: never mind the cache */
    tni_parallel(c, (int32_t)(down * run.across), tni_gemm_task, &run);
}

static tni_gemm tni_gemm_of(size_t N, size_t K, size_t O)
{
    tni_gemm g;
    memset(&g, 0, sizeof g);
    g.N = N; g.K = K; g.O = O;
    g.alpha = g.beta = 1.0f;
    return g;
}

/* dw[I,O] (+)= sum over n of x[n,:] dy[n,:], or transposed dw[O,I] by the same products in the same order. */
static void tni_weight_gradient_go(const tni_call *c, const tni_table *kernels, float *dw, const float *x,
                                   const float *dy, size_t N, size_t I, size_t O, int transposed, int accumulate)
{
    tni_gemm g = tni_gemm_of(transposed ? O : I, N, transposed ? I : O);
    g.a = transposed ? dy : x; g.a_row = 1; g.a_step = g.N;
    g.b = transposed ? x : dy; g.b_row = g.O; g.b_col = 1;
    g.y = dw; g.y_row = g.O;
    if (accumulate) { g.c = g.y; g.c_row = g.O; g.c_col = 1; }
    tni_gemm_go(c, kernels, &g);
}

/* ---- checks ---- */

typedef struct tni_dense {
    size_t N, I, O; /* N: rows, the product of all axes but the last */
    int transposed; /* w is [O,I] */
} tni_dense;

/* The order of x's (y's, dy's) axes. */
static tn_status tni_dense_layout(const tni_call *c, const tni_operand *o, int32_t flags)
{
    const tn_tensor *const t = o->t;
    int32_t i, spatial = t->rank > 3, wrong = 0;
    tn_diag d;
    if (t->rank < 2) {
        const tn_tensor expected = tni_shape(TN_NF, 2, TN_ANY, t->rank ? t->dim[0] : TN_ANY, 0, 0);
        return tni_mismatch(c, o, &expected, 0, "a batch axis N, then the features");
    }
    for (i = 0; i < t->rank && t->axes; i++) {
        const char letter = tni_letter(t, i);
        spatial |= t->rank > 2 && (letter == 'H' || letter == 'W');
        wrong |= letter != '?' && ((letter == 'N') != (i == 0) || tni_among(letter, "FUKCOI") != (i == t->rank - 1));
    }
    if (spatial && !(flags & TN_PER_POSITION)) {
        d = tni_operand_finding(o, TN_E_DENSE_SPATIAL,
                                "dense takes [N,F] or [N,T,F]; over more axes with TN_PER_POSITION");
        d.cause = TN_CAUSE_NO_FLATTEN;
        d.expected = tni_shape(TN_NF, 2, t->dim[0], TN_ANY, 0, 0);
        for (i = 1, d.number[0] = 1; i < t->rank; i++)
            d.number[0] *= d.number[0] > INT64_MAX / INT32_MAX / INT32_MAX ? 1 : t->dim[i];
        d.number[1] = t->dim[t->rank - 1];
        return tni_refuse(c, &d);
    }
    if (wrong) {
        d = tni_operand_finding(o, TN_E_LAYOUT, "the axes must stand in the order N, (T,) F");
        return tni_refuse(c, &d);
    }
    return TN_OK;
}

static tn_status tni_dense_weights(const tni_call *c, const tni_operand *o, int *transposed)
{
    const tn_tensor *const t = o->t;
    const tn_tensor expected = tni_shape(0, 2, TN_ANY, TN_ANY, 0, 0);
    char first, last;
    tn_diag d;
    TNI_TRY(tni_expect(c, o, &expected, 0, "weights are [I,O], or [O,I] by name"));
    *transposed = 0;
    if (!t->axes) return TN_OK;
    first = tni_letter(t, 0); last = tni_letter(t, 1);
    *transposed = last == 'I';
    if ((first == 'O') == *transposed && !tni_among(first, "NHWT") && !tni_among(last, "NHWT")) return TN_OK;
    d = tni_operand_finding(o, TN_E_LAYOUT, "the axes must stand in the order I, O, or O, I");
    return tni_refuse(c, &d);
}

/* Whether all is in order and in native order, and then the plan; else look closer. */
static int tni_dense_plain(tni_dense *plan, const tn_tensor *ty, const tn_tensor *tx, const tn_tensor *tw,
                           const tn_tensor *tb)
{
    const int32_t last = tx->rank - 1, native = last == 1 ? TN_NF : TN_NTF;
    int64_t y[3], x[3], w[2], b[1];
    if ((last != 1 && last != 2) || ty->rank != tx->rank || tw->rank != 2 || (tb && tb->rank != 1)) return 0;
    if ((tx->axes && tx->axes != native) || (ty->axes && ty->axes != native) || (tw->axes && tw->axes != TN_IO))
        return 0;
    y[0] = ty->dim[0]; y[1] = last > 1 ? ty->dim[1] : 1; y[2] = ty->dim[last];
    x[0] = tx->dim[0]; x[1] = last > 1 ? tx->dim[1] : 1; x[2] = tx->dim[last];
    w[0] = tw->dim[0]; w[1] = tw->dim[1];
    b[0] = tb ? tb->dim[0] : w[1];
    plan->transposed = 0;
    plan->N = (size_t)x[0] * (size_t)x[1];
    plan->I = (size_t)w[0];
    plan->O = (size_t)w[1];
    return 1 TNI_DENSE_RULES(TNI_HELD, y, x, w, b);
}

TNI_NOINLINE static tn_status tni_dense_closely(const tni_call *c, tni_dense *plan, const tni_operand *oy,
                                                const tni_operand *ox, const tni_operand *ow, const tni_operand *ob,
                                                int32_t flags)
{
    const tn_tensor *const tx = ox->t;
    const int32_t last = tx->rank - 1;
    tni_ruling ruling;
    tni_side y, x, w, b;
    int32_t i;
    TNI_TRY(tni_dense_layout(c, ox, flags));
    TNI_TRY(tni_dense_weights(c, ow, &plan->transposed));
    w = tni_side_of(ow, 2, plan->transposed ? "10" : "");
    /* the weights are what they are: x is to blame, unless they stand the other way round */
    if (tx->dim[last] != w.dim[0]) {
        tn_tensor expected = *ow->t;
        int64_t number[4];
        expected.dim[0] = expected.dim[1] = TN_ANY;
        expected.dim[plan->transposed] = tx->dim[last];
        if (oy && oy->t && oy->t->rank) expected.dim[!plan->transposed] = oy->t->dim[oy->t->rank - 1];
        expected.axes = plan->transposed ? TN_OI : TN_IO;
        if (tni_infer(&expected, ow->t, number) == TN_CAUSE_WEIGHTS_TRANSPOSED)
            return tni_mismatch(c, ow, &expected, TN_E_FEATURES, "I of w must equal I of x");
        expected = *tx;
        for (i = 0; i < last; i++) expected.dim[i] = TN_ANY;
        expected.dim[last] = (int32_t)w.dim[0];
        return tni_mismatch(c, ox, &expected, TN_E_FEATURES, "I of x must equal I of w");
    }
    if (oy && oy->t) {
        tn_tensor expected = *tx;
        expected.dim[last] = (int32_t)w.dim[1];
        TNI_TRY(tni_dense_layout(c, oy, flags));
        if (oy->t->rank != tx->rank)
            return tni_mismatch(c, oy, &expected, TN_E_RANK, "y has the axes of x, with O for I");
        for (i = 2; i < last; i++)
            if (oy->t->dim[i] != tx->dim[i])
                return tni_mismatch(c, oy, &expected, 0, "y has the axes of x, with O for I");
    }
    memset(&ruling, 0, sizeof ruling);
    x = tni_side_of(ox, 1, "");
    y = tni_side_of(oy, 1, "");
    x.dim[1] = y.dim[1] = 1;
    if (last > 1) { x.dim[1] = tx->dim[1]; x.at[1] = 1; }
    x.dim[2] = tx->dim[last]; x.at[2] = (int8_t)last;
    if (oy && oy->t) {
        if (last > 1) { y.dim[1] = oy->t->dim[1]; y.at[1] = 1; }
        y.dim[2] = oy->t->dim[last]; y.at[2] = (int8_t)last;
    } else {
        y.dim[0] = x.dim[0]; y.dim[1] = x.dim[1]; y.dim[2] = w.dim[1];
    }
    b = tni_side_of(ob, ob && ob->t && ob->t->rank == 1, "");
    if (ob && ob->t && ob->t->rank != 1) {
        const tn_tensor expected = tni_shape(TN_O, 1, (int32_t)w.dim[1], 0, 0, 0);
        return tni_mismatch(c, ob, &expected, TN_E_RANK, "a bias is [O]");
    }
    TNI_DENSE_RULES(TNI_RT, y, x, w, b)
    TNI_TRY(tni_ruled(c, &ruling));
    plan->N = tni_size_from(tx, 0, last);
    plan->I = (size_t)w.dim[0];
    plan->O = (size_t)w.dim[1];
    return TN_OK;
}

/* y may be absent (a shape, a pack). */
static tn_status tni_dense_shapes(const tni_call *c, tni_dense *plan, const tni_operand *oy, const tni_operand *ox,
                                  const tni_operand *ow, const tni_operand *ob, int32_t flags)
{
    if (oy && oy->t && tni_dense_plain(plan, oy->t, ox->t, ow->t, ob ? ob->t : TNI_NULL)) return TN_OK;
    return tni_dense_closely(c, plan, oy, ox, ow, ob, flags);
}

/* ---- the calls ---- */

TENON_API tn_status tn_dense(tn_context *ctx, const tn_tensor *y, const tn_tensor *x, const tn_tensor *w,
                             const tn_tensor *b, const tn_dense_params *p)
{
    const tni_call c = tni_enter(ctx, "tn_dense");
    const tni_operand op[] = { { y, "y[N,O]", 0, TNI_OUT | TNI_BATCHED }, { x, "x[N,I]", 1, TNI_BATCHED },
                               { w, "w[I,O]", 2, TNI_PACKABLE }, { b, "b[O]", 3, TNI_OPTIONAL } };
    const tni_table *const kernels = tni_active();
    const float *panels = TNI_NULL;
    tni_packed header;
    tni_dense plan;
    tni_gemm g;
    TNI_TRY(tni_operands(&c, op, 4));
    if (p) TNI_TRY(tni_activation_kind(&c, 4, p->activation));
    TNI_TRY(tni_dense_shapes(&c, &plan, &op[0], &op[1], &op[2], &op[3], p ? p->flags : 0));
    TNI_TRY(tni_apart(&c, op, 4));
    if (w->flags & TN_PACKED) {
        header = tni_packed_header(kernels, TNI_PACK_DENSE, plan.I, plan.O);
        TNI_TRY(tni_panels(&c, &op[2], &header, &panels));
        TNI_TRY(tni_packed_apart(&c, op, 1, &op[2], tni_packed_bytes(&header)));
    }
    TNI_TRY(tni_workspace(&c, 0, -1));
    if (c.query) return tni_ok(&c);
    g = tni_gemm_of(plan.N, plan.I, plan.O);
    g.packed = panels;
    g.a = (const float *)x->data; g.a_row = plan.I; g.a_step = 1;
    g.b = (const float *)w->data; g.b_row = plan.transposed ? 1 : plan.O; g.b_col = plan.transposed ? plan.I : 1;
    if (b) g.bias = (const float *)b->data;
    g.y = (float *)y->data; g.y_row = plan.O;
    if (p) { g.activation = p->activation; g.activation_alpha = p->alpha; }
    tni_gemm_go(&c, kernels, &g);
    return tni_ok(&c);
}

TENON_API tn_status tn_dense_shape(tn_context *ctx, tn_tensor *y, const tn_tensor *x, const tn_tensor *w,
                                   const tn_dense_params *p)
{
    const tni_call c = tni_enter(ctx, "tn_dense_shape");
    const tni_operand op[] = { { x, "x[N,I]", 1, TNI_BATCHED | TNI_NO_DATA },
                               { w, "w[I,O]", 2, TNI_PACKABLE | TNI_NO_DATA } };
    tni_dense plan;
    tn_tensor shape;
    size_t count;
    if (!y) return tni_bad(&c, TN_E_NULL, 0, "y[N,O]", "must not be NULL", 0);
    TNI_TRY(tni_operands(&c, op, 2));
    TNI_TRY(tni_dense_shapes(&c, &plan, TNI_NULL, &op[0], &op[1], TNI_NULL, p ? p->flags : 0));
    shape = *x;
    shape.dim[shape.rank - 1] = (int32_t)plan.O;
    if (!tni_count(&shape, &count))
        return tni_bad(&c, TN_E_OVERFLOW, 0, "y[N,O]", "the product of its lengths does not fit memory", 0);
    TNI_TRY(tni_workspace(&c, 0, -1));
    y->dtype = TN_F32;
    y->axes = shape.axes;
    y->rank = shape.rank;
    memcpy(y->dim, shape.dim, sizeof y->dim);
    return tni_ok(&c);
}

TENON_API tn_status tn_dense_pack(tn_context *ctx, tn_tensor *packed, void *memory, size_t size, const tn_tensor *w,
                                  const tn_tensor *x_shape, const tn_dense_params *p)
{
    const tni_call c = tni_enter(ctx, "tn_dense_pack");
    const tni_operand op[] = { { w, "w[I,O]", 3, TNI_IN },
                               { x_shape, "x[N,I]", 4, TNI_BATCHED | TNI_NO_DATA | TNI_OPTIONAL } };
    const tni_table *const kernels = tni_active();
    tni_dense plan;
    tni_packed header;
    if (!packed) return tni_bad(&c, TN_E_NULL, 0, "packed", "must not be NULL", 0);
    TNI_TRY(tni_operands(&c, op, 2));
    if (x_shape) {
        TNI_TRY(tni_dense_shapes(&c, &plan, TNI_NULL, &op[1], &op[0], TNI_NULL, p ? p->flags : 0));
    } else {
        TNI_TRY(tni_dense_weights(&c, &op[0], &plan.transposed));
        plan.I = (size_t)w->dim[plan.transposed];
        plan.O = (size_t)w->dim[!plan.transposed];
    }
    header = tni_packed_header(kernels, TNI_PACK_DENSE, plan.I, plan.O);
    TNI_TRY(tni_pack_one(&c, packed, memory, size, &op[0], &header));
    if (!c.query)
        kernels->gemm_pack((float *)memory + TNI_PACK_HEADER / sizeof(float), (const float *)w->data, plan.I, plan.O,
                           plan.transposed ? 1 : plan.O, plan.transposed ? plan.I : 1);
    return tni_ok(&c);
}
