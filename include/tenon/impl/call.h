/* impl/call.h - one public call: its context, its call site, how it refuses, its scratch memory and its tasks. */

typedef struct tni_call {
    tn_context *ctx; /* may be NULL */
    const char *name, *file, *args;
    int32_t line, query;
    int32_t stage, entry; /* in models: when; which entry of its list, from 1, 0: none */
    const struct tn_model *model;
} tni_call;

/* Every public call begins here; the call site is used up. */
static tni_call tni_enter(tn_context *ctx, const char *name)
{
    tni_call c;
    memset(&c, 0, sizeof c);
    c.ctx = ctx;
    c.name = name;
    if (ctx) {
        c.file = ctx->file; c.args = ctx->args; c.line = ctx->line; c.query = ctx->query;
        ctx->file = ctx->args = TNI_NULL; ctx->line = 0;
        if (c.query) ctx->need = 0;
    }
    return c;
}

static tn_status tni_ok(const tni_call *c)
{
    if (c->ctx && c->ctx->diag) c->ctx->diag->status = TN_OK;
    return TN_OK;
}

/* A finding with nothing but its code, its argument (-1: none) and the rule in words; the caller adds what it
 * knows, then tni_refuse. */
static tn_diag tni_finding(int32_t status, int32_t arg, const char *role, const char *rule)
{
    tn_diag d;
    memset(&d, 0, sizeof d);
    d.status = status; d.arg = arg; d.role = role; d.rule = TNI_WORDS(rule);
    d.layer = -1;
    d.expected.rank = d.received.rank = -1;
    return d;
}

/* Of entry i of a model's list; the input, which is the first, is not counted: -1. */
static int32_t tni_layer_number(const struct tn_model *m, int32_t i) { return i - (m->layers->kind == TN_LAYER_INPUT); }

/* What the call knows of itself, into the finding. A model's layer stands where its list entry does. */
static tn_diag tni_completed(const tni_call *c, const tn_diag *finding)
{
    tn_diag d = *finding;
    d.call = c->name; d.file = c->file; d.args = c->args; d.line = c->line;
    d.stage = c->stage; d.model = c->model;
    d.expected.data = d.received.data = TNI_NULL;
    if (c->model) d.model_name = c->model->name;
    if (c->model && c->entry) {
        const tn_layer *const l = &c->model->layers[c->entry - 1];
        d.layer = tni_layer_number(c->model, c->entry - 1);
        d.layer_name = l->name; d.file = l->file; d.line = l->line;
    }
    return d;
}

static tn_status tni_refuse(const tni_call *c, const tn_diag *finding)
{
    if (c->ctx && c->ctx->diag) *c->ctx->diag = tni_completed(c, finding);
    return (tn_status)finding->status;
}

/* A warning or a note: the call goes on. */
static TNI_UNUSED void tni_note(const tni_call *c, const tn_diag *finding)
{
    if (c->ctx && c->ctx->note && !c->query) {
        const tn_diag d = tni_completed(c, finding);
        c->ctx->note(c->ctx->user, &d);
    }
}

/* A bad argument that is no tensor's shape; number[0] holds what was given. */
static tn_status tni_bad(const tni_call *c, int32_t status, int32_t arg, const char *role, const char *rule,
                         int64_t got)
{
    tn_diag d = tni_finding(status, arg, role, rule);
    d.number[0] = got;
    return tni_refuse(c, &d);
}

/* At the end of every check. need: bytes of workspace; with tn_context.workers, per worker where the plan says so. In
 * a query sets need. */
static TNI_UNUSED tn_status tni_workspace(const tni_call *c, size_t need, int32_t role_arg)
{
    if (c->query) { c->ctx->need = need; return TN_OK; }
    if (need && (!c->ctx || !c->ctx->workspace || c->ctx->workspace_size < need)) {
        tn_diag d = tni_finding(TN_E_WORKSPACE, role_arg, "workspace",
                                "ctx->workspace_size must be at least ctx->need");
        d.number[0] = c->ctx ? (int64_t)c->ctx->workspace_size : 0; d.number[1] = (int64_t)need;
        if (c->ctx) c->ctx->need = need;
        return tni_refuse(c, &d);
    }
    if (need && (uintptr_t)c->ctx->workspace % sizeof(float))
        return tni_bad(c, TN_E_ALIGN, role_arg, "workspace", "must be aligned to float", 0);
    return TN_OK;
}

/* Runs tasks 0 .. tasks-1: on the caller's threads where there are some. */
static TNI_UNUSED void tni_parallel(const tni_call *c, int32_t tasks, tn_task run, void *arg)
{
    int32_t i;
    if (tasks > 1 && c->ctx && c->ctx->parallel_for) c->ctx->parallel_for(c->ctx->pool, tasks, run, arg);
    else for (i = 0; i < tasks; i++) run(arg, i, 0);
}

/* Of those that tni_parallel starts together. */
static TNI_UNUSED size_t tni_workers(const tni_call *c)
{
    return c->ctx && c->ctx->parallel_for && c->ctx->workers > 1 ? (size_t)c->ctx->workers : 1;
}

TENON_API int32_t tn_version(void) { return TENON_VERSION; }

TENON_API tn_tensor tn_view(void *data, int32_t axes, int32_t rank, int64_t a, int64_t b, int64_t c, int64_t d)
{
    const int64_t length[4] = { a, b, c, d };
    tn_tensor t;
    int32_t i;
    memset(&t, 0, sizeof t);
    t.data = data; t.axes = axes; t.rank = rank;
    for (i = 0; i < 4 && i < rank; i++) t.dim[i] = length[i] < 0 || length[i] > INT32_MAX ? -1 : (int32_t)length[i];
    return t;
}

TENON_API tn_tensor tn_cview(const void *data, int32_t axes, int32_t rank, int64_t a, int64_t b, int64_t c, int64_t d)
{
    tn_tensor t = tn_view(TNI_NULL, axes, rank, a, b, c, d);
    memcpy(&t.data, &data, sizeof data); /* const is kept by the flag */
    t.flags = TN_READONLY;
    return t;
}

TENON_API tn_tensor tn_as(tn_tensor t, int32_t dtype) { t.dtype = dtype; return t; }
