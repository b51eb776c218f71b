/* impl/conv2d_backward.h - gradients of the convolution. */

/* dx from dy: the taps backwards, w's channels turned round. */
static tni_correlation tni_conv2d_turned(const tni_correlation *c)
{
    tni_correlation d = *c;
    const size_t M = c->x_div;
    d.g.y_row = c->channels;
    d.h.in = c->h.out; d.h.out = c->h.in;
    d.h.rise = 1; d.h.fall = c->h.rise; d.h.base = -c->h.base - (c->h.taps - 1) * c->h.walk;
    d.w.in = c->w.out; d.w.out = c->w.in;
    d.w.rise = 1; d.w.fall = c->w.rise; d.w.base = -c->w.base - (c->w.taps - 1) * c->w.walk;
    d.g.b = c->g.b + (ptrdiff_t)(c->h.taps * c->w.taps - 1) * c->tap_step;
    d.tap_step = -c->tap_step;
    d.channels = c->g.y_row;
    d.k_step = c->o_step;
    if (c->depthwise) { /* a column takes its M channels of dy */
        d.K = M;
        d.O = c->channels;
        d.o_step = M * c->o_step;
        d.x_mul = M;
        d.x_div = 1;
    } else {
        d.K = c->O;
        d.O = c->K;
        d.o_step = c->k_step;
    }
    return d;
}

static void tni_conv2d_weights_task(void *arg, int32_t index, int32_t worker)
{
    const tni_correlate_run *const run = (const tni_correlate_run *)arg;
    const size_t columns = tni_correlate_columns(run->c);
    const size_t units = (size_t)(run->c->h.taps * run->c->w.taps) * columns;
    size_t unit = (size_t)index * run->columns, left = run->columns;
    (void)worker;
    for (; left && unit < units; left--, unit++)
        run->kernels->correlate_weights(run->c, unit / columns, unit % columns, unit % columns + 1, run->accumulate);
}

/* A task: a tap and a block of columns; more of them where there would be too many tasks. */
static void tni_conv2d_weights_go(const tni_call *call, const tni_table *kernels, const tni_correlation *c,
                                  int accumulate)
{
    const size_t units = (size_t)(c->h.taps * c->w.taps) * tni_correlate_columns(c);
    tni_correlate_run run;
    if (tni_correlate_is_gemm(c)) {
        tni_weight_gradient_go(call, kernels, c->g.y, c->x, c->g.b, c->N * (size_t)(c->h.in * c->w.in), c->K, c->O,
                               c->o_step != 1, accumulate);
        return;
    }
    memset(&run, 0, sizeof run);
    run.c = c;
    run.kernels = kernels;
    run.accumulate = accumulate;
    run.columns = units / (1 << 20) + 1;
    tni_parallel(call, (int32_t)((units - 1) / run.columns + 1), tni_conv2d_weights_task, &run);
}

TENON_API tn_status tn_conv2d_backward(tn_context *ctx, const tn_tensor *dx, const tn_tensor *dw, const tn_tensor *db,
                                       const tn_tensor *dy, const tn_tensor *x, const tn_tensor *w,
                                       const tn_conv2d_params *p)
{
    const tni_call c = tni_enter(ctx, "tn_conv2d_backward");
    const tni_operand op[] = { { dx, "dx[N,H,W,C]", 0, TNI_OUT | TNI_OPTIONAL | TNI_BATCHED },
                               { dw, "dw[KH,KW,I,O]", 1, TNI_OUT | TNI_OPTIONAL },
                               { db, "db[O]", 2, TNI_OUT | TNI_OPTIONAL },
                               { dy, "dy[N,H,W,C]", 3, TNI_BATCHED },
                               { x, "x[N,H,W,C]", 4, dw ? TNI_BATCHED : TNI_BATCHED | TNI_OPTIONAL | TNI_NO_DATA },
                               { w, "w[KH,KW,I,O]", 5, dx ? TNI_IN : TNI_OPTIONAL | TNI_NO_DATA } };
    const tni_operand *const as_x = x ? &op[4] : &op[0]; /* what is NULL is known from its gradient */
    const tni_operand *const as_w = w ? &op[5] : &op[1];
    const tni_table *const kernels = tni_active();
    const int accumulate = p && (p->flags & TN_ACCUMULATE);
    const tn_tensor *copies[3] = { TNI_NULL, TNI_NULL, TNI_NULL };
    tn_tensor expected, from, gradient, to;
    tni_correlation sums, turned;
    tni_conv2d plan;
    float *copy;
    size_t need, panels = 0;
    memset(&plan, 0, sizeof plan);
    TNI_TRY(tni_operands(&c, op, 6));
    if (p && p->activation != TN_LINEAR)
        return tni_bad(&c, TN_E_ARG, -1, "activation",
                       "dy is the gradient before the activation: call tn_activation_backward first", p->activation);
    if (p && p->residual)
        return tni_bad(&c, TN_E_ARG, 6, "residual", "the gradient of the residual is dy itself: none here", 0);
    if (as_x->t && as_w->t) {
        TNI_TRY(tni_conv2d_shapes(&c, &plan, &op[3], as_x, as_w, &op[2], p, 6));
        if (dx && dx != as_x->t) {
            TNI_TRY(tni_image_like(&c, &op[0], plan.image, "the axes of dx must stand in the order of x"));
            TNI_TRY(tni_expect(&c, &op[0], as_x->t, 0, "dx has x's shape"));
        }
        if (dw && dw != as_w->t) {
            tni_conv2d other;
            TNI_TRY(tni_conv2d_weights(&c, &op[1], &other));
            if (other.weights[0] != plan.weights[0] || other.depthwise != plan.depthwise)
                return tni_order_refuse(&c, &op[1], 0, "dw has w's order of axes");
            expected = *as_w->t;
            if (!expected.axes) expected.axes = TN_HWIO;
            TNI_TRY(tni_expect(&c, &op[1], &expected, 0, "dw has w's shape"));
        }
    } else { /* db alone, or nothing: dy says all */
        TNI_TRY(tni_image_order(&c, &op[3], &plan.image));
        expected = tni_image_shape(plan.image, TN_ANY, TN_ANY, TN_ANY, TN_ANY);
        TNI_TRY(tni_expect(&c, &op[3], &expected, 0, "an image is [N,H,W,C], or [N,C,H,W] by name"));
        if (db) {
            expected = tni_shape(TN_O, 1, tni_at(dy, plan.image, 3), 0, 0, 0);
            TNI_TRY(tni_expect(&c, &op[2], &expected, db->rank == 1 ? TN_E_CHANNELS : 0, "O of db must equal C of dy"));
        }
    }
    TNI_TRY(tni_apart(&c, op, 6));
    if (plan.image[1] == '2') {
        copies[0] = dx || dw || db ? dy : TNI_NULL;
        copies[1] = dw ? x : TNI_NULL;
        copies[2] = dx;
    }
    memset(&turned, 0, sizeof turned);
    if (dx || dw) sums = tni_conv2d_sums(&plan);
    if (dx) {
        sums.g.b = (const float *)w->data;
        turned = tni_conv2d_turned(&sums);
        panels = tni_correlate_panels(&turned);
    }
    if (!tni_copies(&need, copies, 3, panels))
        return tni_bad(&c, TN_E_OVERFLOW, -1, "workspace", "copies of dy, x, dx and w do not fit memory", 0);
    TNI_TRY(tni_scratch(&c, op, 6, need));
    if (c.query) return tni_ok(&c);
    gradient = *dy;
    copy = need ? (float *)ctx->workspace : TNI_NULL;
    if (copies[0]) {
        gradient = tni_conv2d_image(copy, dy->dim[0], tni_at(dy, plan.image, 1), tni_at(dy, plan.image, 2),
                                    tni_at(dy, plan.image, 3));
        tni_to_nhwc(&c, &gradient, dy);
        copy += tni_size(dy);
    }
    if (dx) {
        to = *dx;
        if (copies[2]) {
            to = tni_conv2d_image(copy, plan.N, plan.H, plan.W, plan.C);
            copy += tni_size(dx);
        }
        turned.x = (const float *)gradient.data;
        turned.g.y = (float *)to.data;
        tni_correlate_go(&c, kernels, &turned, copy);
        if (copies[2]) tni_to_nchw(&c, dx, &to);
        copy += panels / sizeof(float);
    }
    if (dw) {
        from = *x;
        if (copies[1]) {
            from = tni_conv2d_image(copy, plan.N, plan.H, plan.W, plan.C);
            tni_to_nhwc(&c, &from, x);
        }
        sums.x = (const float *)from.data;
        sums.g.b = (const float *)gradient.data;
        sums.g.b_row = (size_t)plan.O;
        sums.g.y = (float *)dw->data;
        tni_conv2d_weights_go(&c, kernels, &sums, accumulate);
    }
    if (db)
        kernels->column_sums((float *)db->data, (const float *)gradient.data,
                             tni_size_from(&gradient, 0, 3), (size_t)gradient.dim[3], accumulate);
    return tni_ok(&c);
}
