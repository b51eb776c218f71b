/* impl/activation.h - elementwise activations: check and run. */

typedef struct tni_activation_run {
    const tni_table *kernels;
    float *out;
    const float *in, *from; /* from NULL: forward */
    size_t n, each;
    tn_activation_params p;
} tni_activation_run;

static void tni_activation_task(void *arg, int32_t index, int32_t worker)
{
    const tni_activation_run *const run = (const tni_activation_run *)arg;
    const tn_activation_params *const p = &run->p;
    const tni_table *const k = run->kernels;
    const size_t i = (size_t)index * run->each, n = run->n - i < run->each ? run->n - i : run->each;
    (void)worker;
    if (run->from) k->activation_backward(run->out + i, run->in + i, run->from + i, n, p->kind, p->alpha, p->beta);
    else k->activation(run->out + i, run->in + i, n, p->kind, p->alpha, p->beta);
}

/* from: x or y, whichever the derivative is a function of; NULL forward. */
static void tni_activation_go(const tni_call *c, const tn_tensor *out, const tn_tensor *in, const tn_tensor *from,
                              const tn_activation_params *p)
{
    tni_activation_run run;
    memset(&run, 0, sizeof run);
    run.kernels = tni_active();
    run.out = (float *)out->data;
    run.in = (const float *)in->data;
    if (from) run.from = (const float *)from->data;
    run.n = tni_size(in);
    run.each = 16384 + run.n / INT32_MAX;
    if (p) run.p = *p;
    tni_parallel(c, (int32_t)((run.n + run.each - 1) / run.each), tni_activation_task, &run);
}

static tn_status tni_activation_kind(const tni_call *c, int32_t arg, int32_t kind)
{
    if (kind >= TN_LINEAR && kind < TN_SOFTMAX) return TN_OK;
    return tni_bad(c, TN_E_ARG, arg, "activation",
                   kind == TN_SOFTMAX ? "softmax is not elementwise: call tn_softmax" : "no such activation", kind);
}

TENON_API tn_status tn_activation(tn_context *ctx, const tn_tensor *y, const tn_tensor *x,
                                  const tn_activation_params *p)
{
    const tni_call c = tni_enter(ctx, "tn_activation");
    const tni_operand op[] = { { y, "y", 0, TNI_OUT | TNI_BATCHED }, { x, "x", 1, TNI_INPLACE | TNI_BATCHED } };
    TNI_TRY(tni_operands(&c, op, 2));
    if (p) TNI_TRY(tni_activation_kind(&c, 2, p->kind));
    TNI_TRY(tni_expect(&c, &op[0], x, 0, "y has the shape of x"));
    TNI_TRY(tni_apart(&c, op, 2));
    TNI_TRY(tni_workspace(&c, 0, -1));
    if (!c.query) tni_activation_go(&c, y, x, TNI_NULL, p);
    return tni_ok(&c);
}

TENON_API tn_status tn_activation_backward(tn_context *ctx, const tn_tensor *dx, const tn_tensor *dy,
                                           const tn_tensor *x, const tn_tensor *y, const tn_activation_params *p)
{
    const tni_call c = tni_enter(ctx, "tn_activation_backward");
    const int32_t kind = p ? p->kind : TN_LINEAR;
    const int either = kind == TN_RELU || kind == TN_RELU6;
    const int by_y = kind == TN_SIGMOID || kind == TN_TANH || kind == TN_EXP || (either && !x);
    const int by_x = kind != TN_LINEAR && (!by_y || (!x && !y));
    const tni_operand op[] = { { dx, "dx", 0, TNI_OUT | TNI_BATCHED }, { dy, "dy", 1, TNI_INPLACE | TNI_BATCHED },
                               { x, "x", 2, (by_x ? TNI_IN : TNI_OPTIONAL) | TNI_BATCHED },
                               { y, "y", 3, (by_y ? TNI_IN : TNI_OPTIONAL) | TNI_BATCHED } };
    int32_t i;
    TNI_TRY(tni_activation_kind(&c, 4, kind));
    TNI_TRY(tni_operands(&c, op, 4));
    for (i = 2; i < 4; i++) if (op[i].t) TNI_TRY(tni_expect(&c, &op[i], dy, 0, "x and y have the shape of dy"));
    TNI_TRY(tni_expect(&c, &op[0], dy, 0, "dx has the shape of dy"));
    TNI_TRY(tni_apart(&c, op, 4));
    TNI_TRY(tni_workspace(&c, 0, -1));
    if (!c.query) tni_activation_go(&c, dx, dy, by_x ? x : by_y ? y : dy, p);
    return tni_ok(&c);
}
