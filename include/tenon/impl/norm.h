/* impl/norm.h - batch and layer normalisation: checks. */

static tn_status tni_fraction(const tni_call *c, int32_t arg, const char *role, float v, float most, const char *rule)
{
    return v >= 0.0f && v <= most ? TN_OK : tni_bad(c, TN_E_ARG, arg, role, rule, 0);
}

/* x's axis of channels: the last, or C of NCHW. */
static tn_status tni_channel_axis(const tni_call *c, const tni_operand *ox, int32_t *axis)
{
    static const char *const order[] = { "", "C", "NC", "NTC", "NHWC" };
    const tn_tensor *const x = ox->t;
    const char *at;
    *axis = x->rank - 1;
    if (x->rank < 1) return tni_bad(c, TN_E_RANK, ox->arg, ox->role, "must have an axis of channels", x->rank);
    if (x->rank > 4) return TN_OK;
    if (x->rank < 4)
        return tni_ordered(x, order[x->rank]) ? TN_OK
                                              : tni_order_refuse(c, ox, 0, "the channels must be the last axis");
    TNI_TRY(tni_image_order(c, ox, &at));
    *axis = at[3] - '0';
    return TN_OK;
}

/* The operands of channels: each [C] or NULL. */
static tn_status tni_of_channels(const tni_call *c, const tni_operand *list, int32_t n, int32_t C)
{
    const tn_tensor expected = tni_shape(TNI_AX('C', 0), 1, C, 0, 0, 0);
    int32_t i;
    for (i = 0; i < n; i++)
        if (list[i].t) TNI_TRY(tni_expect(c, &list[i], &expected, 0, "must be [C], C that of x"));
    return TN_OK;
}

/* y has the shape and order of x, the n operands of the list are of channels. */
static tn_status tni_batch_norm_shapes(const tni_call *c, const tni_operand *oy, const tni_operand *ox,
                                       const tni_operand *list, int32_t n, const tn_batch_norm_params *p, int32_t arg)
{
    int32_t axis, other;
    if (p) {
        TNI_TRY(tni_fraction(c, arg, "epsilon", p->epsilon, 3.402823466e38f,
                             "must be finite and not negative (0: 1e-3)"));
        TNI_TRY(tni_fraction(c, arg, "momentum", p->momentum, 1.0f, "must be 0 to 1 (0: 0.99)"));
    }
    TNI_TRY(tni_channel_axis(c, ox, &axis));
    TNI_TRY(tni_of_channels(c, list, n, ox->t->dim[axis]));
    if (!oy->t) return TN_OK;
    TNI_TRY(tni_expect(c, oy, ox->t, 0, "must have x's shape"));
    TNI_TRY(tni_channel_axis(c, oy, &other));
    return other == axis ? TN_OK : tni_order_refuse(c, oy, 0, "must have x's order of axes");
}

TENON_API tn_status tn_batch_norm(tn_context *ctx, const tn_tensor *y, const tn_tensor *x, const tn_tensor *gamma,
                                  const tn_tensor *beta, const tn_tensor *mean, const tn_tensor *variance,
                                  const tn_batch_norm_params *p)
{
    const tni_call c = tni_enter(ctx, "tn_batch_norm");
    const tni_operand op[] = { { y, "y", 0, TNI_OUT | TNI_BATCHED },   { x, "x", 1, TNI_INPLACE | TNI_BATCHED },
                               { gamma, "gamma[C]", 2, TNI_OPTIONAL }, { beta, "beta[C]", 3, TNI_OPTIONAL },
                               { mean, "mean[C]", 4, TNI_IN },         { variance, "variance[C]", 5, TNI_IN } };
    TNI_TRY(tni_operands(&c, op, 6));
    TNI_TRY(tni_batch_norm_shapes(&c, &op[0], &op[1], &op[2], 4, p, 6));
    TNI_TRY(tni_apart(&c, op, 6));
    return tni_unsupported(&c);
}

TENON_API tn_status tn_batch_norm_train(tn_context *ctx, const tn_tensor *y, const tn_tensor *saved_mean,
                                        const tn_tensor *saved_rstd, const tn_tensor *running_mean,
                                        const tn_tensor *running_variance, const tn_tensor *x, const tn_tensor *gamma,
                                        const tn_tensor *beta, const tn_batch_norm_params *p)
{
    const tni_call c = tni_enter(ctx, "tn_batch_norm_train");
    const int32_t out = TNI_OUT | TNI_OPTIONAL;
    const tni_operand op[] = { { y, "y", 0, TNI_OUT | TNI_BATCHED },
                               { saved_mean, "saved_mean[C]", 1, out },
                               { saved_rstd, "saved_rstd[C]", 2, out },
                               { running_mean, "running_mean[C]", 3, out },
                               { running_variance, "running_variance[C]", 4, out },
                               { gamma, "gamma[C]", 6, TNI_OPTIONAL },
                               { beta, "beta[C]", 7, TNI_OPTIONAL },
                               { x, "x", 5, TNI_BATCHED } };
    TNI_TRY(tni_operands(&c, op, 8));
    TNI_TRY(tni_batch_norm_shapes(&c, &op[0], &op[7], &op[1], 6, p, 8));
    TNI_TRY(tni_apart(&c, op, 8));
    return tni_unsupported(&c);
}

TENON_API tn_status tn_batch_norm_backward(tn_context *ctx, const tn_tensor *dx, const tn_tensor *dgamma,
                                           const tn_tensor *dbeta, const tn_tensor *dy, const tn_tensor *x,
                                           const tn_tensor *gamma, const tn_tensor *saved_mean,
                                           const tn_tensor *saved_rstd, const tn_batch_norm_params *p)
{
    const tni_call c = tni_enter(ctx, "tn_batch_norm_backward");
    const int32_t out = TNI_OUT | TNI_OPTIONAL;
    const tni_operand op[] = { { dx, "dx", 0, out | TNI_BATCHED },
                               { dgamma, "dgamma[C]", 1, out },
                               { dbeta, "dbeta[C]", 2, out },
                               { gamma, "gamma[C]", 5, TNI_OPTIONAL },
                               { saved_mean, "saved_mean[C]", 6, TNI_IN },
                               { saved_rstd, "saved_rstd[C]", 7, TNI_IN },
                               { dy, "dy", 3, TNI_BATCHED },
                               { x, "x", 4, TNI_BATCHED } };
    TNI_TRY(tni_operands(&c, op, 8));
    TNI_TRY(tni_batch_norm_shapes(&c, &op[6], &op[7], &op[1], 5, p, 8));
    TNI_TRY(tni_batch_norm_shapes(&c, &op[0], &op[7], TNI_NULL, 0, TNI_NULL, 8));
    TNI_TRY(tni_apart(&c, op, 8));
    return tni_unsupported(&c);
}

/* list[0 .. rows-1] have the leading axes of x, the rest up to n its last p->axes. */
static tn_status tni_layer_norm_shapes(const tni_call *c, const tni_operand *ox, const tni_operand *list, int32_t rows,
                                       int32_t n, const tn_layer_norm_params *p, int32_t arg)
{
    const tn_tensor *const x = ox->t;
    const int32_t axes = p && p->axes ? p->axes : 1, lead = x->rank - axes;
    int32_t i, k;
    if (p)
        TNI_TRY(tni_fraction(c, arg, "epsilon", p->epsilon, 3.402823466e38f,
                         "must be finite and not negative (0: 1e-3)"));
    if (axes < 0 || (axes > x->rank && axes > 1))
        return tni_bad(c, TN_E_ARG, arg, "axes", "must be from 1 to the rank of x (0: 1)", axes);
    if (lead < 0) return tni_bad(c, TN_E_RANK, ox->arg, ox->role, "must have an axis to normalise", x->rank);
    for (i = 0; i < n; i++) {
        const int32_t first = i < rows ? 0 : lead;
        tn_tensor expected = tni_shape(0, i < rows ? lead : axes, 0, 0, 0, 0);
        if (!list[i].t) continue;
        for (k = 0; k < expected.rank; k++) {
            expected.dim[k] = x->dim[first + k];
            if (i < rows && tni_letter(x, k) != '?') expected.axes |= TNI_AX(tni_letter(x, k), k);
        }
        TNI_TRY(tni_expect(c, &list[i], &expected, i < rows || list[i].t->rank != axes ? 0 : TN_E_FEATURES,
                           i < rows ? "must have the leading axes of x" : "must have the last axes of x"));
    }
    return TN_OK;
}

TENON_API tn_status tn_layer_norm(tn_context *ctx, const tn_tensor *y, const tn_tensor *mean, const tn_tensor *rstd,
                                  const tn_tensor *x, const tn_tensor *gamma, const tn_tensor *beta,
                                  const tn_layer_norm_params *p)
{
    const tni_call c = tni_enter(ctx, "tn_layer_norm");
    const int32_t row = TNI_OUT | TNI_OPTIONAL | TNI_BATCHED;
    const tni_operand op[] = { { mean, "mean", 1, row },
                               { rstd, "rstd", 2, row },
                               { gamma, "gamma", 4, TNI_OPTIONAL },
                               { beta, "beta", 5, TNI_OPTIONAL },
                               { y, "y", 0, TNI_OUT | TNI_BATCHED },
                               { x, "x", 3, TNI_INPLACE | TNI_BATCHED } };
    TNI_TRY(tni_operands(&c, op, 6));
    TNI_TRY(tni_layer_norm_shapes(&c, &op[5], op, 2, 4, p, 6));
    TNI_TRY(tni_expect(&c, &op[4], x, 0, "y has x's shape"));
    TNI_TRY(tni_apart(&c, op, 6));
    return tni_unsupported(&c);
}

TENON_API tn_status tn_layer_norm_backward(tn_context *ctx, const tn_tensor *dx, const tn_tensor *dgamma,
                                           const tn_tensor *dbeta, const tn_tensor *dy, const tn_tensor *x,
                                           const tn_tensor *gamma, const tn_tensor *mean, const tn_tensor *rstd,
                                           const tn_layer_norm_params *p)
{
    const tni_call c = tni_enter(ctx, "tn_layer_norm_backward");
    const int32_t out = TNI_OUT | TNI_OPTIONAL;
    const tni_operand op[] = { { mean, "mean", 6, TNI_BATCHED },    { rstd, "rstd", 7, TNI_BATCHED },
                               { gamma, "gamma", 5, TNI_OPTIONAL }, { dgamma, "dgamma", 1, out },
                               { dbeta, "dbeta", 2, out },          { dx, "dx", 0, out | TNI_BATCHED },
                               { dy, "dy", 3, TNI_BATCHED },        { x, "x", 4, TNI_BATCHED } };
    TNI_TRY(tni_operands(&c, op, 8));
    TNI_TRY(tni_layer_norm_shapes(&c, &op[7], op, 2, 5, p, 8));
    TNI_TRY(tni_expect(&c, &op[6], x, 0, "dy has x's shape"));
    if (dx) TNI_TRY(tni_expect(&c, &op[5], x, 0, "dx has x's shape"));
    TNI_TRY(tni_apart(&c, op, 8));
    return tni_unsupported(&c);
}
