/* impl/pool.h - pooling: check and plan. */

typedef struct tni_pool {
    tni_window v;
    const char *image;
    int64_t N, H, W, C, OH, OW;
    int32_t count_padding;
} tni_pool;

/* The first window along an axis that has every tap in the padding, -1: none has. Only taps that are further apart than
 * the image is long can step over it; those that start at or behind its beginning do not, by the rules. */
static int64_t tni_pool_beside(int64_t length, int64_t out, int64_t stride, int64_t dilation, int64_t before)
{
    int64_t i;
    if (dilation <= length) return -1;
    for (i = 0; i < out && i < dilation && i * stride < before; i++) { /* after `dilation` of them it begins again */
        const int64_t missing = (before - i * stride) % dilation;
        if (missing && dilation - missing >= length) return i;
    }
    return -1;
}

/* The padding as numbers, and that no window is without a tap. */
static tn_status tni_pool_pads(const tni_call *c, tni_pool *plan, const tni_operand *ox)
{
    tni_window *const v = &plan->v;
    int64_t beside;
    int32_t axis = 1;
    tn_diag d;
    tni_window_pads(v, plan->H, plan->W, plan->OH, plan->OW);
    beside = tni_pool_beside(plan->H, plan->OH, v->stride_h, v->dilation_h, v->top);
    if (beside < 0) {
        beside = tni_pool_beside(plan->W, plan->OW, v->stride_w, v->dilation_w, v->left);
        axis = 2;
    }
    if (beside < 0) return TN_OK;
    d = tni_operand_finding(ox, TN_E_WINDOW, "a window must not have all its taps in the padding");
    d.axes_differ = 1u << (plan->image[axis] - '0');
    d.number[0] = beside;
    return tni_refuse(c, &d);
}

/* Whether the rules hold, plan->image and the window being known; then the rest of the plan. */
static int tni_pool_plain(tni_pool *plan, const tn_tensor *ty, const tn_tensor *tx)
{
    int64_t y[4], x[4];
    tni_lengths(y, ty, plan->image);
    tni_lengths(x, tx, plan->image);
    plan->N = x[0]; plan->H = x[1]; plan->W = x[2]; plan->C = x[3];
    plan->OH = y[1]; plan->OW = y[2];
    return 1 TNI_POOL2D_RULES(TNI_HELD, y, x, plan->v);
}

/* What is left to the close look once the window is known. */
TNI_NOINLINE static tn_status tni_pool_closely(const tni_call *c, tni_pool *plan, const tni_operand *oy,
                                               const tni_operand *ox)
{
    const tn_tensor *const ty = oy ? oy->t : TNI_NULL;
    const int whole_y = ty && ty->rank == 4;
    tni_ruling ruling;
    tni_side y, x;
    tn_tensor expected;
    if (ox->t->rank != 4) {
        expected = tni_image_before(plan->image, &plan->v, ox->t, ty, whole_y ? tni_at(ty, plan->image, 3) : TN_ANY);
        return tni_expect_order(c, ox, &expected, 0, "an image is [N,H,W,C], or [N,C,H,W] by name");
    }
    x = tni_side_of(ox, 4, plan->image);
    plan->N = x.dim[0];
    plan->H = x.dim[1];
    plan->W = x.dim[2];
    plan->C = x.dim[3];
    plan->OH = TNI_OUT_H(TNI_RT, plan->v, x.dim[1], plan->v.size_h);
    plan->OW = TNI_OUT_W(TNI_RT, plan->v, x.dim[2], plan->v.size_w);
    y = tni_side_of(whole_y ? oy : TNI_NULL, 4, plan->image);
    if (!whole_y) {
        y.dim[0] = plan->N;
        y.dim[1] = plan->OH;
        y.dim[2] = plan->OW;
        y.dim[3] = plan->C;
    }
    TNI_TRY(tni_window_rules(c, &plan->v, x));
    memset(&ruling, 0, sizeof ruling);
    TNI_POOL2D_RULES(TNI_RT, y, x, plan->v)
    TNI_TRY(tni_ruled(c, &ruling));
    if (ty && !whole_y) {
        expected = tni_image_shape(plan->image, plan->N, plan->OH, plan->OW, plan->C);
        return tni_mismatch(c, oy, &expected, TN_E_RANK, "y has the axes of x");
    }
    return TN_OK;
}

/* oy: NULL where there is none. arg: p's number. */
static tn_status tni_pool_shapes(const tni_call *c, tni_pool *plan, const tni_operand *oy, const tni_operand *ox,
                                 const tn_window *p, int32_t arg)
{
    const tn_tensor *const ty = oy ? oy->t : TNI_NULL;
    const char *const plain = ty ? tni_plain_images(ox->t, ty) : TNI_NULL;
    if (plain) plan->image = plain;
    else TNI_TRY(tni_image_pair(c, ox, oy, &plan->image));
    TNI_TRY(tni_window_of(c, arg, p, &plan->v));
    plan->v.size_h = p && p->size_h ? p->size_h : 2; /* Keras' pool_size */
    plan->v.size_w = p && p->size_w ? p->size_w : 2;
    if (!p || !p->stride_h) plan->v.stride_h = plan->v.size_h;
    if (!p || !p->stride_w) plan->v.stride_w = plan->v.size_w;
    plan->v.ceil_mode = p && p->ceil_mode;
    plan->count_padding = p && p->count_padding;
    if (!plain || !tni_pool_plain(plan, ty, ox->t)) TNI_TRY(tni_pool_closely(c, plan, oy, ox));
    TNI_TRY(tni_window_range(c, arg, &plan->v, plan->OH, plan->OW));
    return tni_pool_pads(c, plan, ox);
}

/* y[N,C] or [N,1,1,C] of a whole plane, which is one row of taps. */
static tn_status tni_plane_shapes(const tni_call *c, tni_pool *plan, const tni_operand *oy, const tni_operand *ox)
{
    const tn_tensor *const y = oy->t, *const x = ox->t;
    tni_ruling ruling;
    tni_side yy, xx;
    tn_tensor expected;
    memset(plan, 0, sizeof *plan);
    TNI_TRY(tni_image_pair(c, ox, oy, &plan->image));
    if (x->rank != 4) {
        expected = tni_image_shape(plan->image, TN_ANY, TN_ANY, TN_ANY,
                                   y->rank == 2   ? y->dim[1]
                                   : y->rank == 4 ? tni_at(y, plan->image, 3)
                                                  : TN_ANY);
        return tni_expect_order(c, ox, &expected, 0, "an image is [N,H,W,C], or [N,C,H,W] by name");
    }
    if (y->rank == 2 && !tni_ordered(y, "NC"))
        return tni_order_refuse(c, oy, 0, "the axes must stand in the order N, C");
    xx = tni_side_of(ox, 4, plan->image);
    plan->N = xx.dim[0];
    plan->H = plan->OH = plan->OW = 1;
    plan->W = xx.dim[1] * xx.dim[2];
    plan->C = xx.dim[3];
    plan->v.size_h = plan->v.stride_h = plan->v.stride_w = plan->v.dilation_h = plan->v.dilation_w = 1;
    plan->v.size_w = plan->W;
    if (y->rank == 2 || y->rank == 4) {
        yy = tni_side_of(oy, 2, y->rank == 2 ? "" : plan->image[1] == '1' ? "03" : "01");
        memset(&ruling, 0, sizeof ruling);
        TNI_GLOBAL_POOL2D_RULES(TNI_RT, yy, xx)
        TNI_TRY(tni_ruled(c, &ruling));
    }
    expected = y->rank == 4 ? tni_image_shape(plan->image, tni_at(x, plan->image, 0), 1, 1, tni_at(x, plan->image, 3))
                            : tni_shape(TNI_AX('N', 0) | TNI_AX('C', 1), 2, tni_at(x, plan->image, 0),
                                        tni_at(x, plan->image, 3), 0, 0);
    return tni_expect(c, oy, &expected, 0, "y is [N,C], or x's axes with H and W of 1");
}

/* int32, y's shape. */
static tn_status tni_pool_indices(const tni_call *c, const tni_operand *o, const tni_operand *oy, const tni_pool *plan)
{
    const char *const rule = "indices have y's shape and order of axes";
    if (!o->t) return TN_OK;
    if (o->t->dtype != TN_I32) {
        tn_diag d = tni_operand_finding(o, TN_E_DTYPE, "indices of a pool are int32");
        d.expected = *o->t;
        d.expected.dtype = TN_I32;
        return tni_refuse(c, &d);
    }
    TNI_TRY(tni_expect(c, o, oy->t, 0, rule));
    if (o->t->rank == 4) TNI_TRY(tni_image_like(c, o, plan->image, rule));
    if (plan->H * plan->W - 1 > INT32_MAX)
        return tni_bad(c, TN_E_OVERFLOW, o->arg, o->role, "h W + w does not fit int32", plan->H * plan->W - 1);
    return TN_OK;
}

static tn_status tni_pool_shape(tn_context *ctx, const char *name, tn_tensor *y, const tn_tensor *x, const tn_window *p)
{
    const tni_call c = tni_enter(ctx, name);
    const tni_operand op = { x, "x[N,H,W,C]", 1, TNI_BATCHED | TNI_NO_DATA };
    tni_pool plan;
    tn_tensor shape;
    size_t count;
    if (!y) return tni_bad(&c, TN_E_NULL, 0, "y[N,H,W,C]", "must not be NULL", 0);
    TNI_TRY(tni_operand_ok(&c, &op));
    TNI_TRY(tni_pool_shapes(&c, &plan, TNI_NULL, &op, p, 2));
    shape = tni_image_shape(plan.image, plan.N, plan.OH, plan.OW, plan.C);
    if (!tni_count(&shape, &count))
        return tni_bad(&c, TN_E_OVERFLOW, 0, "y[N,H,W,C]", "the product of its lengths does not fit memory", 0);
    y->dtype = TN_F32;
    y->axes = x->axes;
    y->rank = 4;
    memcpy(y->dim, shape.dim, sizeof y->dim);
    TNI_TRY(tni_workspace(&c, 0, -1));
    return tni_ok(&c);
}

TENON_API tn_status tn_max_pool2d_shape(tn_context *ctx, tn_tensor *y, const tn_tensor *x, const tn_window *p)
{
    return tni_pool_shape(ctx, "tn_max_pool2d_shape", y, x, p);
}

TENON_API tn_status tn_avg_pool2d_shape(tn_context *ctx, tn_tensor *y, const tn_tensor *x, const tn_window *p)
{
    return tni_pool_shape(ctx, "tn_avg_pool2d_shape", y, x, p);
}
