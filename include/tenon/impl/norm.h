/* impl/norm.h - batch normalisation: check and run. */

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
    for (i = 0; i < n; i++) {
        tn_diag *const d = c->ctx ? c->ctx->diag : TNI_NULL;
        const tn_status status = list[i].t ? tni_expect(c, &list[i], &expected, 0, "must be [C], C that of x") : TN_OK;
        if (status == TN_E_CHANNELS && d && !(list[i].use & TNI_OUT)) {
            d->cause = TN_CAUSE_BATCHNORM_OTHER_CHANNELS;
            d->number[0] = list[i].t->dim[0];
            d->number[1] = C;
        }
        TNI_TRY(status);
    }
    return TN_OK;
}

/* y has the shape and order of x, the n operands of the list are of channels. */
static tn_status tni_batch_norm_shapes(const tni_call *c, const tni_operand *oy, const tni_operand *ox,
                                       const tni_operand *list, int32_t n, const tn_batch_norm_params *p, int32_t arg,
                                       int32_t *channels)
{
    int32_t axis, other;
    if (p) {
        TNI_TRY(tni_fraction(c, arg, "epsilon", p->epsilon, 3.402823466e38f,
                             "must be finite and not negative (0: 1e-3)"));
        TNI_TRY(tni_fraction(c, arg, "momentum", p->momentum, 1.0f, "must be 0 to 1 (0: 0.99)"));
    }
    TNI_TRY(tni_channel_axis(c, ox, &axis));
    TNI_TRY(tni_of_channels(c, list, n, ox->t->dim[axis]));
    *channels = axis;
    if (!oy->t) return TN_OK;
    TNI_TRY(tni_expect(c, oy, ox->t, 0, "must have x's shape"));
    TNI_TRY(tni_channel_axis(c, oy, &other));
    return other == axis ? TN_OK : tni_order_refuse(c, oy, 0, "must have x's order of axes");
}

static tni_batch_norm tni_batch_norm_of(const tn_tensor *x, int32_t axis, const tn_tensor *gamma,
                                        const tn_batch_norm_params *p)
{
    tni_batch_norm g;
    memset(&g, 0, sizeof g);
    g.C = (size_t)x->dim[axis];
    g.plane = tni_size_from(x, axis + 1, x->rank);
    g.positions = tni_size_from(x, 0, axis) * g.plane;
    g.x = (const float *)x->data;
    if (gamma) g.gamma = (const float *)gamma->data;
    g.epsilon = p && p->epsilon > 0.0f ? p->epsilon : 1e-3f;
    g.momentum = p && p->momentum > 0.0f ? p->momentum : 0.99f;
    g.unbiased = p && p->unbiased;
    g.constant = p && p->inference;
    g.accumulate = p && (p->flags & TN_ACCUMULATE);
    return g;
}

typedef struct tni_batch_norm_run {
    const tni_table *kernels;
    tni_batch_norm g;
    size_t each; /* inference: positions of a task */
    void (*group)(const tni_batch_norm *g, size_t c0, size_t cols);
} tni_batch_norm_run;

static void tni_batch_norm_positions(void *arg, int32_t index, int32_t worker)
{
    const tni_batch_norm_run *const run = (const tni_batch_norm_run *)arg;
    const size_t p0 = (size_t)index * run->each, left = run->g.positions - p0;
    (void)worker;
    run->kernels->batch_norm(&run->g, p0, left < run->each ? run->g.positions : p0 + run->each);
}

static void tni_batch_norm_group(void *arg, int32_t index, int32_t worker)
{
    const tni_batch_norm_run *const run = (const tni_batch_norm_run *)arg;
    const size_t c0 = (size_t)index * TNI_NORM_CHANNELS, left = run->g.C - c0;
    (void)worker;
    run->group(&run->g, c0, left < TNI_NORM_CHANNELS ? left : TNI_NORM_CHANNELS);
}

static void tni_batch_norm_groups(const tni_call *c, tni_batch_norm_run *run)
{
    tni_parallel(c, (int32_t)((run->g.C + TNI_NORM_CHANNELS - 1) / TNI_NORM_CHANNELS), tni_batch_norm_group, run);
}

TENON_API tn_status tn_batch_norm(tn_context *ctx, const tn_tensor *y, const tn_tensor *x, const tn_tensor *gamma,
                                  const tn_tensor *beta, const tn_tensor *mean, const tn_tensor *variance,
                                  const tn_batch_norm_params *p)
{
    const tni_call c = tni_enter(ctx, "tn_batch_norm");
    const tni_operand op[] = { { y, "y", 0, TNI_OUT | TNI_BATCHED },   { x, "x", 1, TNI_INPLACE | TNI_BATCHED },
                               { gamma, "gamma[C]", 2, TNI_OPTIONAL }, { beta, "beta[C]", 3, TNI_OPTIONAL },
                               { mean, "mean[C]", 4, TNI_IN },         { variance, "variance[C]", 5, TNI_IN } };
    tni_batch_norm_run run;
    int32_t axis;
    TNI_TRY(tni_operands(&c, op, 6));
    TNI_TRY(tni_batch_norm_shapes(&c, &op[0], &op[1], &op[2], 4, p, 6, &axis));
    TNI_TRY(tni_apart(&c, op, 6));
    TNI_TRY(tni_workspace(&c, 0, -1));
    if (c.query || x->dim[0] == 0) return tni_ok(&c);
    run.g = tni_batch_norm_of(x, axis, gamma, p);
    run.g.beta = tni_floats(beta);
    run.g.mean = tni_floats(mean);
    run.g.variance = tni_floats(variance);
    run.g.y = tni_floats(y);
    run.kernels = tni_active();
    run.each = 16384 / run.g.C / TNI_NORM_ROWS * TNI_NORM_ROWS + TNI_NORM_ROWS + run.g.positions / INT32_MAX;
    tni_parallel(&c, (int32_t)((run.g.positions - 1) / run.each + 1), tni_batch_norm_positions, &run);
    return tni_ok(&c);
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
    tni_batch_norm_run run;
    int32_t axis;
    TNI_TRY(tni_operands(&c, op, 8));
    TNI_TRY(tni_batch_norm_shapes(&c, &op[0], &op[7], &op[1], 6, p, 8, &axis));
    TNI_TRY(tni_apart(&c, op, 8));
    TNI_TRY(tni_workspace(&c, 0, -1));
    if (c.query) return tni_ok(&c);
    run.g = tni_batch_norm_of(x, axis, gamma, p);
    run.g.beta = tni_floats(beta);
    run.g.y = tni_floats(y);
    run.g.saved_mean = tni_floats(saved_mean);
    run.g.saved_rstd = tni_floats(saved_rstd);
    run.g.running_mean = tni_floats(running_mean);
    run.g.running_variance = tni_floats(running_variance);
    run.group = tni_active()->batch_norm_train;
    tni_batch_norm_groups(&c, &run);
    return tni_ok(&c);
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
    tni_batch_norm_run run;
    int32_t axis;
    TNI_TRY(tni_operands(&c, op, 8));
    TNI_TRY(tni_batch_norm_shapes(&c, &op[6], &op[7], &op[1], 5, p, 8, &axis));
    TNI_TRY(tni_batch_norm_shapes(&c, &op[0], &op[7], TNI_NULL, 0, TNI_NULL, 8, &axis));
    TNI_TRY(tni_apart(&c, op, 8));
    TNI_TRY(tni_workspace(&c, 0, -1));
    if (c.query) return tni_ok(&c);
    run.g = tni_batch_norm_of(x, axis, gamma, p);
    run.g.dy = tni_floats(dy);
    run.g.mean = tni_floats(saved_mean);
    run.g.rstd = tni_floats(saved_rstd);
    run.g.dx = tni_floats(dx);
    run.g.dgamma = tni_floats(dgamma);
    run.g.dbeta = tni_floats(dbeta);
    run.group = tni_active()->batch_norm_backward;
    tni_batch_norm_groups(&c, &run);
    return tni_ok(&c);
}
