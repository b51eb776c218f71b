/* impl/softmax.h - softmax and its logarithm along an axis: check and run. */

typedef struct tni_softmax_run {
    const tni_table *kernels;
    float *out;
    const float *in, *y; /* y NULL: forward */
    size_t K, inner, units, each;
    int log;
} tni_softmax_run;

static void tni_softmax_task(void *arg, int32_t index, int32_t worker)
{
    const tni_softmax_run *const run = (const tni_softmax_run *)arg;
    const size_t u = (size_t)index * run->each, end = run->units - u < run->each ? run->units : u + run->each;
    (void)worker;
    run->kernels->softmax(run->out, run->in, run->y, run->K, run->inner, u, end, run->log);
}

/* op: the output, then x, or dy and the forward result y. */
static tn_status tni_softmax(const tni_call *c, const tni_operand *op, int32_t operands, int32_t axis, int log)
{
    const tn_tensor *const in = op[1].t;
    tni_softmax_run run;
    int32_t i;
    TNI_TRY(tni_operands(c, op, operands));
    if (in->rank == 0) {
        const tn_diag d = tni_operand_finding(&op[1], TN_E_RANK, "softmax wants at least one axis");
        return tni_refuse(c, &d);
    }
    i = tni_axis(axis, in->rank);
    if (i < 0) return tni_bad(c, TN_E_ARG, operands, "axis", "axis must be from -rank to rank-1", axis);
    run.K = (size_t)in->dim[i];
    run.inner = tni_size_from(in, i + 1, in->rank);
    run.units = tni_size_from(in, 0, i);
    for (i = operands - 1; i >= 0; i--)
        TNI_TRY(tni_expect(c, &op[i], in, 0, operands > 2 ? "dx, dy and y have one shape" : "y has the shape of x"));
    TNI_TRY(tni_apart(c, op, operands));
    TNI_TRY(tni_workspace(c, 0, -1));
    if (c->query || tni_size(in) == 0) return tni_ok(c);
    run.kernels = tni_active();
    run.out = (float *)op[0].t->data;
    run.in = (const float *)in->data;
    run.y = operands > 2 ? (const float *)op[2].t->data : TNI_NULL;
    run.log = log;
    if (run.inner > 1) run.units *= (run.inner + TNI_SOFTMAX_COLUMNS - 1) / TNI_SOFTMAX_COLUMNS;
    run.each = 16384 / run.K / (run.inner < TNI_SOFTMAX_COLUMNS ? run.inner : TNI_SOFTMAX_COLUMNS) + 1
             + run.units / INT32_MAX;
    tni_parallel(c, (int32_t)((run.units + run.each - 1) / run.each), tni_softmax_task, &run);
    return tni_ok(c);
}

static tn_status tni_softmax_forward(tn_context *ctx, const char *name, const tn_tensor *y, const tn_tensor *x,
                                     int32_t axis, int log)
{
    const tni_call c = tni_enter(ctx, name);
    const tni_operand op[] = { { y, "y", 0, TNI_OUT | TNI_BATCHED }, { x, "x", 1, TNI_INPLACE | TNI_BATCHED } };
    return tni_softmax(&c, op, 2, axis, log);
}

static tn_status tni_softmax_backward(tn_context *ctx, const char *name, const tn_tensor *dx, const tn_tensor *dy,
                                      const tn_tensor *y, int32_t axis, int log)
{
    const tni_call c = tni_enter(ctx, name);
    const tni_operand op[] = { { dx, "dx", 0, TNI_OUT | TNI_BATCHED }, { dy, "dy", 1, TNI_INPLACE | TNI_BATCHED },
                               { y, "y", 2, TNI_BATCHED } };
    return tni_softmax(&c, op, 3, axis, log);
}

TENON_API tn_status tn_softmax(tn_context *ctx, const tn_tensor *y, const tn_tensor *x, int32_t axis)
{
    return tni_softmax_forward(ctx, "tn_softmax", y, x, axis, 0);
}

TENON_API tn_status tn_log_softmax(tn_context *ctx, const tn_tensor *y, const tn_tensor *x, int32_t axis)
{
    return tni_softmax_forward(ctx, "tn_log_softmax", y, x, axis, 1);
}

TENON_API tn_status tn_softmax_backward(tn_context *ctx, const tn_tensor *dx, const tn_tensor *dy, const tn_tensor *y,
                                        int32_t axis)
{
    return tni_softmax_backward(ctx, "tn_softmax_backward", dx, dy, y, axis, 0);
}

TENON_API tn_status tn_log_softmax_backward(tn_context *ctx, const tn_tensor *dx, const tn_tensor *dy,
                                            const tn_tensor *y, int32_t axis)
{
    return tni_softmax_backward(ctx, "tn_log_softmax_backward", dx, dy, y, axis, 1);
}
