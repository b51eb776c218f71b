/* impl/conv2d.h - two-dimensional convolution: check and plan. */

typedef struct tni_conv2d {
    tni_window v;
    const char *image, *weights; /* where the canonical axes stand: N, H, W, C; KH, KW, I, O */
    int64_t N, H, W, C, OH, OW, O, G;
    int32_t depthwise; /* w is HWCM */
} tni_conv2d;

/* [KH,KW,I,O], or [O,I,KH,KW] or [KH,KW,C,M] by name. */
static tn_status tni_conv2d_weights(const tni_call *c, const tni_operand *o, tni_conv2d *plan)
{
    const tn_tensor expected = tni_shape(0, 4, TN_ANY, TN_ANY, TN_ANY, TN_ANY);
    const tn_status status = tni_expect(c, o, &expected, 0,
                                        "weights are [KH,KW,I,O], or [O,I,KH,KW] or [KH,KW,C,M] by name");
    if (status == TN_E_RANK && c->ctx && c->ctx->diag && !c->ctx->diag->cause && (o->t->rank == 3 || o->t->rank == 5))
        c->ctx->diag->cause = TN_CAUSE_KERNEL_RANK; /* one size, or three */
    TNI_TRY(status);
    plan->weights = TNI_AT_NHWC;
    plan->depthwise = 0;
    if (tni_ordered(o->t, "HWIO")) return TN_OK;
    if (tni_ordered(o->t, "OIHW")) {
        plan->weights = "2310";
        return TN_OK;
    }
    plan->depthwise = tni_ordered(o->t, "HWCM") && (o->t->axes >> 15 & 31) == 'M' - 'A' + 1;
    return plan->depthwise
               ? TN_OK
               : tni_order_refuse(c, o, 0,
                                  "the axes must stand in the order KH, KW, I, O; O, I, KH, KW or KH, KW, C, M");
}

/* The image x against the weights, whose numbers are what they are: x is to blame, unless w stands the other way round.
 * With groups a wrong I is more likely the weights' own, and left to the rules. */
static tn_status tni_conv2d_channels(const tni_call *c, const tni_conv2d *plan, const tni_operand *oy,
                                     const tni_operand *ox, const tni_operand *ow, const tni_side *w)
{
    const tn_tensor *const x = ox->t, *const y = oy ? oy->t : TNI_NULL;
    const int64_t C = plan->depthwise ? w->dim[2] : w->dim[2] * plan->G;
    const tn_tensor expected = tni_image_before(plan->image, &plan->v, x, y, C);
    int64_t number[4];
    if (x->rank == 4 && !plan->depthwise && tni_at(x, plan->image, 3) % plan->G == 0) {
        tn_tensor turned = *ow->t;
        const int32_t in = plan->weights[2] - '0', out = plan->weights[3] - '0';
        turned.axes = in == 2 ? TN_HWIO : TN_OIHW;
        turned.dim[0] = turned.dim[1] = turned.dim[2] = turned.dim[3] = TN_ANY;
        turned.dim[in] = (int32_t)(tni_at(x, plan->image, 3) / plan->G);
        if (y && y->rank == 4) turned.dim[out] = tni_at(y, plan->image, 3);
        if (tni_infer(&turned, ow->t, number) == TN_CAUSE_WEIGHTS_TRANSPOSED)
            return tni_mismatch(c, ow, &turned, TN_E_CHANNELS, "I of w must equal C of x divided by groups");
    }
    if (x->rank != 4) {
        const tn_status status = tni_expect_order(c, ox, &expected, 0, "an image is [N,H,W,C], or [N,C,H,W] by name");
        if (c->ctx && c->ctx->diag && w->dim[0] == 1 && w->dim[1] > 1 && (x->rank == 2 || x->rank == 3))
            c->ctx->diag->cause = TN_CAUSE_CONV1D_NEEDS_3D;
        return status;
    }
    if (tni_at(x, plan->image, 3) == C || (plan->G > 1 && !plan->depthwise)) return TN_OK;
    return tni_expect_order(c, ox, &expected, 0,
                            plan->depthwise ? "C of x must equal C of w" : "C of x must equal I of w");
}

/* After the rules: why. */
static tn_status tni_conv2d_because(const tni_call *c, tn_status status, const tni_conv2d *plan, const tni_side *x,
                                    const tni_side *w)
{
    tn_diag *const d = c->ctx ? c->ctx->diag : TNI_NULL;
    const int64_t uneven = x->dim[3] % plan->G ? x->dim[3] : w->dim[3] % plan->G ? w->dim[3] : 0;
    if (status == TN_E_CHANNELS && d && !d->cause && uneven && !plan->depthwise) {
        d->cause = TN_CAUSE_GROUPS;
        d->number[0] = uneven;
        d->number[1] = plan->G;
    }
    return status;
}

/* Whether all is in order, plan->v and G being known; then the plan but for its padding. */
static int tni_conv2d_plain(tni_conv2d *plan, const tn_tensor *ty, const tn_tensor *tx, const tn_tensor *tw,
                            const tn_tensor *tb)
{
    const char *const at = tni_plain_images(tx, ty), *const weights = tw->axes == TN_OIHW ? "2310" : TNI_AT_NHWC;
    const int64_t G = plan->G;
    int64_t y[4], x[4], w[4], b[1];
    plan->depthwise = tw->axes == TN_HWCM;
    if (!at || tw->rank != 4 || (tb && tb->rank != 1)) return 0;
    if (tw->axes && tw->axes != TN_HWIO && tw->axes != TN_OIHW && !plan->depthwise) return 0;
    tni_lengths(y, ty, at);
    tni_lengths(x, tx, at);
    tni_lengths(w, tw, weights);
    b[0] = tb ? tb->dim[0] : y[3];
    plan->image = at;
    plan->weights = weights;
    plan->v.size_h = w[0];
    plan->v.size_w = w[1];
    plan->N = x[0]; plan->H = x[1]; plan->W = x[2]; plan->C = x[3];
    plan->OH = y[1]; plan->OW = y[2]; plan->O = y[3];
    if (plan->depthwise) return G == w[2] TNI_DEPTHWISE_RULES(TNI_HELD, y, x, w, b, plan->v);
    if (G > 1) return 1 TNI_CONV2D_RULES(TNI_HELD, y, x, w, b, plan->v, G);
    return G == 1 TNI_CONV2D_RULES(TNI_HELD, y, x, w, b, plan->v, 1); /* without divisions */
}

TNI_NOINLINE static tn_status tni_conv2d_closely(const tni_call *c, tni_conv2d *plan, const tni_operand *oy,
                                                 const tni_operand *ox, const tni_operand *ow, const tni_operand *ob,
                                                 const tn_conv2d_params *p, int32_t arg)
{
    const int whole_y = oy && oy->t && oy->t->rank == 4, whole_b = ob && ob->t && ob->t->rank == 1;
    tni_ruling ruling;
    tni_side y, x, w, b;
    int64_t G = p && p->groups ? p->groups : 1;
    tn_tensor expected;
    if (G < 0) return tni_bad(c, TN_E_ARG, arg, "groups", "must not be negative (0: one group)", G);
    plan->G = G;
    TNI_TRY(tni_conv2d_weights(c, ow, plan));
    TNI_TRY(tni_image_pair(c, ox, oy, &plan->image));
    w = tni_side_of(ow, 4, plan->weights);
    if (plan->depthwise && G != w.dim[2])
        return tni_bad(c, TN_E_ARG, arg, "groups", "with weights [KH,KW,C,M] groups must be C", G);
    TNI_TRY(tni_window_of(c, arg, p ? &p->window : TNI_NULL, &plan->v));
    plan->v.size_h = w.dim[0];
    plan->v.size_w = w.dim[1];
    TNI_TRY(tni_conv2d_channels(c, plan, oy, ox, ow, &w));
    x = tni_side_of(ox, 4, plan->image);
    plan->N = x.dim[0];
    plan->H = x.dim[1];
    plan->W = x.dim[2];
    plan->C = x.dim[3];
    plan->OH = TNI_OUT_H(TNI_RT, plan->v, x.dim[1], w.dim[0]);
    plan->OW = TNI_OUT_W(TNI_RT, plan->v, x.dim[2], w.dim[1]);
    plan->O = plan->depthwise ? w.dim[2] * w.dim[3] : w.dim[3];
    y = tni_side_of(whole_y ? oy : TNI_NULL, 4, plan->image);
    if (!whole_y) {
        y.dim[0] = plan->N;
        y.dim[1] = plan->OH;
        y.dim[2] = plan->OW;
        y.dim[3] = plan->O;
    }
    b = tni_side_of(whole_b ? ob : TNI_NULL, 1, "");
    if (!w.expected.axes) w.expected.axes = TN_HWIO;
    b.expected.axes = TN_O;
    TNI_TRY(tni_window_rules(c, &plan->v, x));
    memset(&ruling, 0, sizeof ruling);
    if (plan->depthwise) {
        TNI_DEPTHWISE_RULES(TNI_RT, y, x, w, b, plan->v)
    } else {
        TNI_CONV2D_RULES(TNI_RT, y, x, w, b, plan->v, G)
    }
    TNI_TRY(tni_conv2d_because(c, tni_ruled(c, &ruling), plan, &x, &w));
    if (oy && oy->t && !whole_y) {
        expected = tni_image_shape(plan->image, plan->N, plan->OH, plan->OW, plan->O);
        return tni_mismatch(c, oy, &expected, TN_E_RANK, "y has the axes of x");
    }
    if (ob && ob->t && !whole_b) {
        expected = tni_shape(TN_O, 1, plan->O > INT32_MAX ? TN_ANY : (int32_t)plan->O, 0, 0, 0);
        return tni_mismatch(c, ob, &expected, TN_E_RANK, "a bias is [O]");
    }
    TNI_TRY(tni_window_range(c, arg, &plan->v, plan->OH, plan->OW));
    tni_window_pads(&plan->v, plan->H, plan->W, plan->OH, plan->OW);
    return plan->O > INT32_MAX ? tni_bad(c, TN_E_OVERFLOW, ow->arg, ow->role, "C M does not fit int32", plan->O)
                               : TN_OK;
}

/* oy, ob: NULL or without a tensor where there is none. arg: p's number. */
static tn_status tni_conv2d_shapes(const tni_call *c, tni_conv2d *plan, const tni_operand *oy, const tni_operand *ox,
                                   const tni_operand *ow, const tni_operand *ob, const tn_conv2d_params *p, int32_t arg)
{
    plan->G = p && p->groups ? p->groups : 1;
    if (!oy || !oy->t || !tni_window_fill(p ? &p->window : TNI_NULL, &plan->v) ||
        !tni_conv2d_plain(plan, oy->t, ox->t, ow->t, ob ? ob->t : TNI_NULL))
        return tni_conv2d_closely(c, plan, oy, ox, ow, ob, p, arg);
    TNI_TRY(tni_window_range(c, arg, &plan->v, plan->OH, plan->OW));
    tni_window_pads(&plan->v, plan->H, plan->W, plan->OH, plan->OW);
    return TN_OK;
}

TENON_API tn_status tn_conv2d_shape(tn_context *ctx, tn_tensor *y, const tn_tensor *x, const tn_tensor *w,
                                    const tn_conv2d_params *p)
{
    const tni_call c = tni_enter(ctx, "tn_conv2d_shape");
    const tni_operand op[] = { { x, "x[N,H,W,C]", 1, TNI_BATCHED | TNI_NO_DATA },
                               { w, "w[KH,KW,I,O]", 2, TNI_PACKABLE | TNI_NO_DATA } };
    tni_conv2d plan;
    tn_tensor shape;
    size_t count;
    if (!y) return tni_bad(&c, TN_E_NULL, 0, "y[N,H,W,C]", "must not be NULL", 0);
    TNI_TRY(tni_operands(&c, op, 2));
    TNI_TRY(tni_conv2d_shapes(&c, &plan, TNI_NULL, &op[0], &op[1], TNI_NULL, p, 3));
    shape = tni_image_shape(plan.image, plan.N, plan.OH, plan.OW, plan.O);
    if (!tni_count(&shape, &count))
        return tni_bad(&c, TN_E_OVERFLOW, 0, "y[N,H,W,C]", "the product of its lengths does not fit memory", 0);
    y->dtype = TN_F32;
    y->axes = x->axes;
    y->rank = 4;
    memcpy(y->dim, shape.dim, sizeof y->dim);
    TNI_TRY(tni_workspace(&c, 0, -1));
    return tni_ok(&c);
}
