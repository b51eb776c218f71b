/* impl/optimizer.h - optimisers: their defaults, their state, one step. */

static tn_optimizer tni_optimizer(int32_t kind, float lr)
{
    tn_optimizer o;
    memset(&o, 0, sizeof o);
    o.kind = kind; o.lr = lr;
    o.beta1 = 0.9f; o.beta2 = kind == TN_RMSPROP ? 0.9f : 0.999f;
    o.epsilon = 1e-7f;
    return o;
}

TENON_API tn_optimizer tn_sgd(float lr, float momentum)
{
    tn_optimizer o = tni_optimizer(TN_SGD, lr);
    o.momentum = momentum;
    return o;
}

TENON_API tn_optimizer tn_adam(float lr) { return tni_optimizer(TN_ADAM, lr); }

TENON_API tn_optimizer tn_adamw(float lr, float decay)
{
    tn_optimizer o = tni_optimizer(TN_ADAMW, lr);
    o.decay = decay;
    return o;
}

TENON_API tn_optimizer tn_rmsprop(float lr) { return tni_optimizer(TN_RMSPROP, lr); }

/* The rows of the state, in this order: which of the kernel's slots each is; -1 ends. */
static int32_t tni_optimizer_rows(const tn_optimizer *o, int32_t slot[3])
{
    int32_t n = 0;
    switch (o ? o->kind : -1) {
    case TN_SGD: if (o->momentum > 0.0f) slot[n++] = 0; break;
    case TN_ADAM: case TN_ADAMW: slot[n++] = 0; slot[n++] = 1; if (o->amsgrad) slot[n++] = 2; break;
    case TN_RMSPROP: slot[n++] = 0; if (o->centered) slot[n++] = 1; if (o->momentum > 0.0f) slot[n++] = 2; break;
    default: break;
    }
    return n;
}

TENON_API int32_t tn_optimizer_slots(const tn_optimizer *o)
{
    int32_t slot[3];
    return tni_optimizer_rows(o, slot);
}

/* b^t in double, by squaring: no libm, the same bits everywhere. */
static double tni_power(double b, int64_t t)
{
    double y = 1.0;
    for (; t; t /= 2, b *= b) if (t % 2) y *= b;
    return y;
}

static tn_status tni_optimizer_check(const tni_call *c, const tn_optimizer *o)
{
    const int32_t adam = o->kind == TN_ADAM || o->kind == TN_ADAMW;
    if (o->kind < TN_SGD || o->kind > TN_RMSPROP)
        return tni_bad(c, TN_E_ARG, 3, "o->kind", "no such optimiser", o->kind);
    if (o->form < TN_AS_KERAS || o->form > TN_AS_PYTORCH)
        return tni_bad(c, TN_E_ARG, 3, "o->form", "no such form", o->form);
    if (!tni_weight_ok(o->lr)) return tni_bad(c, TN_E_ARG, 3, "o->lr", "must be finite and not negative", 0);
    if (!tni_weight_ok(o->momentum))
        return tni_bad(c, TN_E_ARG, 3, "o->momentum", "must be finite and not negative", 0);
    if (!tni_weight_ok(o->epsilon)) return tni_bad(c, TN_E_ARG, 3, "o->epsilon", "must be finite and not negative", 0);
    if (!tni_weight_ok(o->decay)) return tni_bad(c, TN_E_ARG, 3, "o->decay", "must be finite and not negative", 0);
    if (!(o->dampening >= 0.0f && o->dampening <= 1.0f) ||
        (o->dampening > 0.0f && (o->form == TN_AS_KERAS || o->nesterov)))
        return tni_bad(c, TN_E_ARG, 3, "o->dampening", "must be 0 to 1, and 0 but in PyTorch's form without Nesterov",
                       0);
    if (adam && !(o->beta1 >= 0.0f && o->beta1 < 1.0f))
        return tni_bad(c, TN_E_ARG, 3, "o->beta1", "must be 0 or more and below 1", 0);
    if (o->kind != TN_SGD && !(o->beta2 >= 0.0f && o->beta2 < 1.0f))
        return tni_bad(c, TN_E_ARG, 3, "o->beta2", "must be 0 or more and below 1", 0);
    return TN_OK;
}

static tni_update tni_update_of(const tn_optimizer *o, int64_t step)
{
    const double lr = (double)o->lr, first = 1.0 - tni_power((double)o->beta1, step);
    const double root = o->kind == TN_SGD ? 1.0 : sqrt(1.0 - tni_power((double)o->beta2, step));
    const int32_t adam = o->kind == TN_ADAM || o->kind == TN_ADAMW, keras = o->form == TN_AS_KERAS;
    tni_update u;
    memset(&u, 0, sizeof u);
    u.o = *o;
    u.rate = !adam ? o->lr : (float)(keras ? lr * root / first : lr / first);
    u.inverse = keras ? 1.0f : (float)(1.0 / root);
    u.shrink = o->kind == TN_ADAMW ? (float)(1.0 - lr * (double)o->decay) : 1.0f;
    u.added = o->kind == TN_ADAMW ? 0.0f : o->decay;
    u.fresh = step == 1 ? 1.0f : 1.0f - o->dampening;
    return u;
}

typedef struct tni_update_run {
    tni_update u;
    const tni_table *kernels;
    size_t count, block;
} tni_update_run;

static void tni_update_task(void *arg, int32_t index, int32_t worker)
{
    const tni_update_run *const run = (const tni_update_run *)arg;
    const size_t first = (size_t)index * run->block;
    (void)worker;
    run->kernels->update(&run->u, first, run->count - first < run->block ? run->count : first + run->block);
}

TENON_API tn_status tn_optimizer_step(tn_context *ctx, const tn_tensor *w, const tn_tensor *state, const tn_tensor *g,
                                      const tn_optimizer *o, int64_t step)
{
    tni_call c = tni_enter(ctx, "tn_optimizer_step");
    const tni_operand op[] = {
        { w, "w", 0, TNI_OUT }, { state, "state[slots * count of w]", 1, TNI_OUT | TNI_OPTIONAL | TNI_SOME_EMPTY },
        { g, "g", 2, TNI_IN }
    };
    int32_t i, rows, slot[3];
    tni_update_run run;
    tn_diag d;
    TNI_TRY(tni_operands(&c, op, 3));
    if (!o) return tni_bad(&c, TN_E_NULL, 3, "o", "must not be NULL", 0);
    TNI_TRY(tni_optimizer_check(&c, o));
    if (step < 1) return tni_bad(&c, TN_E_ARG, 4, "step", "steps count from 1", step);
    TNI_TRY(tni_expect(&c, &op[2], w, TN_E_WEIGHTS, "g has w's shape"));
    memset(&run, 0, sizeof run);
    run.count = tni_size(w);
    rows = tni_optimizer_rows(o, slot);
    if (rows && !state) return tni_bad(&c, TN_E_NULL, 1, op[1].role, "this optimiser has state: must not be NULL", 0);
    if (rows && run.count > (size_t)(INT32_MAX / rows))
        return tni_bad(&c, TN_E_OVERFLOW, 1, op[1].role, "the state does not fit one axis", rows);
    if (state && (state->rank != 1 || (size_t)state->dim[0] != (size_t)rows * run.count)) {
        d = tni_operand_finding(&op[1], TN_E_WEIGHTS, "state has tn_optimizer_slots(o) times as many floats as w");
        d.expected = tni_shape(0, 1, (int32_t)((size_t)rows * run.count), 0, 0, 0);
        d.axes_differ = state->rank == 1;
        d.cause = TN_CAUSE_OPTIMISER_OF_ANOTHER_MODEL;
        return tni_refuse(&c, &d);
    }
    TNI_TRY(tni_apart(&c, op, 3));
    TNI_TRY(tni_workspace(&c, 0, -1));
    if (c.query) return tni_ok(&c);
    run.u = tni_update_of(o, step);
    run.u.w = (float *)w->data;
    run.u.g = (const float *)g->data;
    for (i = 0; i < rows; i++) run.u.slot[slot[i]] = (float *)state->data + (size_t)i * run.count;
    run.kernels = tni_active();
    run.block = 16384;
    tni_parallel(&c, (int32_t)((run.count + run.block - 1) / run.block), tni_update_task, &run);
    return tni_ok(&c);
}
