/* impl/dense_backward.h - gradients of the dense layer, and tn_gemm. */

TENON_API tn_status tn_dense_backward(tn_context *ctx, const tn_tensor *dx, const tn_tensor *dw, const tn_tensor *db,
                                      const tn_tensor *dy, const tn_tensor *x, const tn_tensor *w,
                                      const tn_dense_params *p)
{
    const tni_call c = tni_enter(ctx, "tn_dense_backward");
    const int32_t flags = p ? p->flags : 0, w_use = dx ? TNI_IN : TNI_OPTIONAL | TNI_NO_DATA;
    const tni_operand op[] = { { dx, "dx[N,I]", 0, TNI_OUT | TNI_OPTIONAL | TNI_BATCHED },
                               { dw, "dw[I,O]", 1, TNI_OUT | TNI_OPTIONAL }, { db, "db[O]", 2, TNI_OUT | TNI_OPTIONAL },
                               { dy, "dy[N,O]", 3, TNI_BATCHED },
                               { x, "x[N,I]", 4, dw ? TNI_BATCHED : TNI_BATCHED | TNI_OPTIONAL | TNI_NO_DATA },
                               { w, "w[I,O]", 5, w_use } };
    /* what is NULL is known from its gradient */
    const tni_operand *const as_x = x ? &op[4] : &op[0], *const as_w = w ? &op[5] : &op[1];
    const tni_table *const kernels = tni_active();
    tni_dense plan;
    tni_gemm g;
    memset(&plan, 0, sizeof plan);
    TNI_TRY(tni_operands(&c, op, 6));
    if (p && p->activation != TN_LINEAR)
        return tni_bad(&c, TN_E_ARG, -1, "activation",
                       "dy is the gradient before the activation: call tn_activation_backward first", p->activation);
    if (as_x->t && as_w->t) {
        TNI_TRY(tni_dense_shapes(&c, &plan, &op[3], as_x, as_w, &op[2], flags));
        if (dx && dx != as_x->t) {
            TNI_TRY(tni_dense_layout(&c, &op[0], flags));
            TNI_TRY(tni_expect(&c, &op[0], as_x->t, 0, "dx has x's shape"));
        }
        if (dw && dw != as_w->t) {
            tn_tensor expected = *as_w->t;
            int transposed;
            expected.axes = plan.transposed ? TN_OI : TN_IO;
            TNI_TRY(tni_expect(&c, &op[1], &expected, 0, "dw has w's shape"));
            TNI_TRY(tni_dense_weights(&c, &op[1], &transposed));
            if (transposed != plan.transposed) {
                tn_diag d = tni_operand_finding(&op[1], TN_E_LAYOUT, "dw has w's order of axes");
                return tni_refuse(&c, &d);
            }
        }
    } else { /* db alone, or nothing: dy says all */
        TNI_TRY(tni_dense_layout(&c, &op[3], flags));
        plan.N = tni_size_from(dy, 0, dy->rank - 1);
        plan.O = (size_t)dy->dim[dy->rank - 1];
        if (db) {
            const tn_tensor expected = tni_shape(TN_O, 1, (int32_t)plan.O, 0, 0, 0);
            TNI_TRY(tni_expect(&c, &op[2], &expected, 0, "O of db must equal O of dy"));
        }
    }
    TNI_TRY(tni_apart(&c, op, 6));
    TNI_TRY(tni_workspace(&c, 0, -1));
    if (c.query) return tni_ok(&c);
    if (dx) {
        g = tni_gemm_of(plan.N, plan.O, plan.I);
        g.a = (const float *)dy->data; g.a_row = plan.O; g.a_step = 1;
        g.b = (const float *)w->data; g.b_row = plan.transposed ? plan.I : 1; g.b_col = plan.transposed ? 1 : plan.O;
        g.y = (float *)dx->data; g.y_row = plan.I;
        tni_gemm_go(&c, kernels, &g);
    }
    if (dw)
        tni_weight_gradient_go(&c, kernels, (float *)dw->data, (const float *)x->data, (const float *)dy->data, plan.N,
                               plan.I, plan.O, plan.transposed, (flags & TN_ACCUMULATE) != 0);
    if (db)
        kernels->column_sums((float *)db->data, (const float *)dy->data, plan.N, plan.O, (flags & TN_ACCUMULATE) != 0);
    return tni_ok(&c);
}

TENON_API tn_status tn_gemm(tn_context *ctx, const tn_tensor *y, const tn_tensor *a, const tn_tensor *b,
                            const tn_tensor *addend, const tn_gemm_params *p)
{
    const tni_call c = tni_enter(ctx, "tn_gemm");
    const int ta = p && p->trans_a, tb = p && p->trans_b;
    const float alpha = p && p->set ? p->alpha : 1.0f, beta = p && p->set ? p->beta : 1.0f;
    const tni_operand op[] = { { y, "y[N,O]", 0, TNI_OUT | TNI_BATCHED },
                               { a, ta ? "a[K,N]" : "a[N,K]", 1, TNI_SOME_EMPTY },
                               { b, tb ? "b[O,K]" : "b[K,O]", 2, TNI_SOME_EMPTY },
                               { addend, "c[N,O]", 3, TNI_OPTIONAL | TNI_INPLACE | TNI_BATCHED } };
    tn_tensor expected = tni_shape(0, 2, TN_ANY, TN_ANY, 0, 0);
    tni_gemm g;
    TNI_TRY(tni_operands(&c, op, 4));
    TNI_TRY(tni_expect(&c, &op[1], &expected, 0, "a matrix has two axes"));
    TNI_TRY(tni_expect(&c, &op[2], &expected, 0, "a matrix has two axes"));
    expected.dim[tb] = a->dim[!ta];
    TNI_TRY(tni_expect(&c, &op[2], &expected, TN_E_FEATURES, "K of b must equal K of a"));
    expected = tni_shape(0, 2, a->dim[ta], b->dim[!tb], 0, 0);
    TNI_TRY(tni_expect(&c, &op[0], &expected, 0, "y is [N,O]"));
    g = tni_gemm_of((size_t)y->dim[0], (size_t)a->dim[!ta], (size_t)y->dim[1]);
    if (addend) {
        const int32_t rows = addend->rank == 2 ? addend->dim[0] : 1,
            cols = addend->rank ? addend->dim[addend->rank - 1] : 1;
        if (addend->rank > 2 || (rows != 1 && rows != y->dim[0]) || (cols != 1 && cols != y->dim[1]))
            return tni_mismatch(&c, &op[3], &expected, TN_E_MERGE, "c is [O], [1,O], [N,1], [1], one number or [N,O]");
        g.c_row = rows == 1 ? 0 : (size_t)cols;
        g.c_col = cols != 1 || y->dim[1] == 1;
    }
    TNI_TRY(tni_apart(&c, op, 4));
    TNI_TRY(tni_workspace(&c, 0, -1));
    if (c.query) return tni_ok(&c);
    g.a = (const float *)a->data; g.a_row = ta ? 1 : g.K; g.a_step = ta ? g.N : 1;
    g.b = (const float *)b->data; g.b_row = tb ? 1 : g.O; g.b_col = tb ? g.K : 1;
    if (addend && (beta < 0.0f || beta > 0.0f || beta != beta)) g.c = (const float *)addend->data;
    g.y = (float *)y->data; g.y_row = g.O;
    g.alpha = alpha; g.beta = beta;
    tni_gemm_go(&c, tni_active(), &g);
    return tni_ok(&c);
}
