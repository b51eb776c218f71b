/* model/build.h - from a list of entries to a model with weights: init, compile, build, memory; x against the model. */

enum { TNI_TAKEN = 1 << 16 }; /* flag of a first entry's input that no user declared: a build or a batch told it */

/* A pointer, and whether the call needs it. */
static tn_status tni_needed(const tni_call *c, const void *pointer, int32_t arg, const char *role)
{
    return pointer ? TN_OK : tni_bad(c, TN_E_NULL, arg, role, "must not be NULL", 0);
}

/* Every call on a model but init begins here. */
static tn_status tni_model_enter(tni_call *c, const tn_model *m)
{
    TNI_TRY(tni_needed(c, m, 0, "m"));
    if (!m->layers || m->count < 1)
        return tni_bad(c, TN_E_NOT_BUILT, 0, "m", "tn_model_init gives the model its list of layers", 0);
    c->model = m;
    return TN_OK;
}

TENON_API tn_status tn_model_init(tn_context *ctx, tn_model *m, const char *name, tn_layer *layers, int32_t count)
{
    const tni_call c = tni_enter(ctx, "tn_model_init");
    TNI_TRY(tni_needed(&c, m, 0, "m"));
    TNI_TRY(tni_needed(&c, layers, 2, "layers"));
    if (count < 1 || (count == 1 && layers->kind == TN_LAYER_INPUT)) {
        tn_diag d = tni_finding(TN_E_ARG, 3, "count", "a model has at least one layer");
        d.cause = TN_CAUSE_EMPTY_MODEL;
        d.number[0] = count;
        return tni_refuse(&c, &d);
    }
    if (c.query) return tni_ok(&c);
    memset(m, 0, sizeof *m);
    m->name = name ? name : "sequential";
    m->layers = layers;
    m->count = count;
    return tni_ok(&c);
}

/* ---- the input ---- */

static const tn_tensor *tni_declared(const tn_model *m)
{
    const tn_tensor *const input = &m->layers->input;
    return input->rank > 0 && !(input->flags & TNI_TAKEN) ? input : TNI_NULL;
}

/* A declared or given shape by itself. Free axes are those whose length needs no weights. */
static tn_status tni_sample_ok(const tni_call *c, const tni_operand *o)
{
    const tn_tensor *const t = o->t;
    int32_t i;
    tn_diag d;
    if (t->rank < 1 || t->rank >= TN_MAX_RANK)
        return tni_bad(c, TN_E_RANK, o->arg, o->role, "a sample has 1 to 5 axes", t->rank);
    for (i = 0; i < t->rank; i++) {
        const tn_tensor x = tni_batch_of(t, TN_ANY);
        const char letter = tni_letter(&x, i + 1);
        if (t->dim[i] > 0 || (t->dim[i] == TN_ANY && tni_among(letter, "HWT"))) continue;
        d = tni_operand_finding(o, t->dim[i] == 0 ? TN_E_EMPTY : TN_E_ARG, "lengths are positive, of H, W and T also TN_ANY");
        d.axes_differ = 1u << i;
        if (t->dim[i] == TN_ANY) {
            d.status = tni_axis_status(letter);
            d.cause = TN_CAUSE_UNKNOWN_CHANNELS;
        }
        return tni_refuse(c, &d);
    }
    return TN_OK;
}

/* The plan's input: what is declared, or what an earlier batch told, its free axes as `given` has them; else what is
 * given. given: NULL, or without N. */
static tn_status tni_plan_input(const tni_call *from, const tn_model *m, const tn_tensor *given, int32_t arg,
                                tni_plan *p)
{
    const tn_tensor *const declared = tni_declared(m);
    const tni_operand o = { given, "input", arg, 0 }, entry = { declared, "input", -1, 0 };
    const tn_tensor *held = declared; /* what a call has to keep to */
    tni_call at = *from, *const c = &at;
    int32_t i, n = 0;
    memset(p, 0, sizeof *p);
    if (given) TNI_TRY(tni_sample_ok(c, &o));
    at.stage = TN_AT_BUILD;
    at.entry = 1;
    if (declared) TNI_TRY(tni_sample_ok(c, &entry));
    if (m->layers->kind == TN_LAYER_RESHAPE)
        return tni_layer_bad(c, "kind", "before a reshape the input must be declared", m->layers->kind, 0);
    for (i = 1; i < m->count; i++) {
        if (m->layers[i].kind != TN_LAYER_INPUT) continue;
        at.entry = i + 1;
        return tni_layer_bad(c, "kind", "the input is the first entry of the list", i,
                             m->layers->kind == TN_LAYER_INPUT ? TN_CAUSE_INPUT_TWICE : TN_CAUSE_INPUT_NOT_FIRST);
    }
    at.entry = 0;
    if (m->layers->input.flags & TNI_TAKEN && (from->stage == TN_AT_BIND || !given)) held = &m->layers->input;
    if (declared && given) {
        const tn_tensor wanted = tni_batch_of(declared, TN_ANY), got = tni_batch_of(given, TN_ANY);
        const tni_operand whole = { &got, "input", arg, 0 };
        TNI_TRY(tni_expect_order(c, &whole, &wanted, 0, "the first entry declares another input"));
    }
    if (!declared && !given && !m->built)
        return tni_bad(c, TN_E_NOT_BUILT, arg, "input", "no entry declares the input: give its shape", 0);
    p->x = tni_batch_of(held ? held : given ? given : &m->layers->input, m->batch);
    for (i = 1; i < p->x.rank; i++) {
        if (p->x.dim[i] != TN_ANY) continue;
        p->free_axes[n++] = tni_letter(&p->x, i);
        p->x.dim[i] = given ? given->dim[i - 1] : TN_ANY;
        if (p->x.dim[i] == TN_ANY) { p->x.dim[i] = TNI_PROBE; p->open = 1; }
    }
    if (p->open) p->x.dim[0] = 1; /* the probe is for shapes: it must not overflow */
    return TN_OK;
}

static tn_status tni_too_small(const tni_call *c, const tn_model *m, size_t size, size_t need, int32_t arg)
{
    if (c->ctx) c->ctx->need = need;
    return tni_bad(c, TN_E_MEMORY, arg, arg ? "memory" : "m",
                   m->memory || arg ? "the model needs memory of ctx->need bytes"
                                    : "the model has no memory: give tn_model_memory ctx->need bytes", (int64_t)size);
}

/* Of a built model: what it is for any call, apart from free axes. */
static void tni_built(tn_model *m, const tni_plan *p, size_t need)
{
    m->built = 1;
    m->need = need;
    m->parameters = p->parameters;
}

/* ---- memory ---- */

/* The layers forget what lies in the model's memory. */
static void tni_release(tn_model *m)
{
    int32_t i, k;
    for (i = 0; i < m->count; i++)
        for (k = 0; k < TNI_WEIGHTS; k++) {
            tn_tensor *const w = tni_weight(&m->layers[i], k);
            if (tni_owns(m, w)) w->data = TNI_NULL;
        }
    m->weights = m->gradients = TNI_NULL;
    m->step = m->epoch = 0;
}

static void tni_forget_states(tn_model *m)
{
    const tni_block *const b = tni_block_of(m);
    memset(b->states, 0, b->kept * sizeof(float));
}

/* Everything learnt so far is forgotten, but not the weights. */
static void tni_start_anew(tn_model *m)
{
    const size_t slots = m->training ? (size_t)tn_optimizer_slots(&m->compile.optimizer) : 0;
    const tni_block *const b = tni_block_of(m);
    if (m->training) memset(m->gradients, 0, (slots + 1) * b->trained * sizeof(float));
    tni_forget_states(m);
    m->step = 0;
}

/* Weights from m->seed, in memory that is placed. */
static tn_status tni_begin(const tni_call *c, tn_model *m)
{
    tn_diag said;
    tn_context inner = tni_inner(c, &said);
    int32_t i, k;
    memset(&tni_block_of(m)->seen, 0, sizeof(tni_seen));
    for (i = 0; i < m->count; i++)
        for (k = 0; k < TNI_WEIGHTS; k++) {
            const tn_tensor *const w = tni_weight(&m->layers[i], k);
            const tn_random r = tni_model_stream(m, TNI_OF_WEIGHTS, tni_layer_number(m, i) * TNI_WEIGHTS + k, 0);
            if (w->rank && tni_owns(m, w) &&
                tn_initialize(&inner, w, &r, tni_weight_initializer(&m->layers[i], k)) != TN_OK)
                return tni_blame(c, &said);
        }
    tni_start_anew(m);
    return TN_OK;
}

/* A built model into its memory, which is large enough; with new weights, or those that lie there. */
static tn_status tni_fill(const tni_call *c, tn_model *m, int32_t anew)
{
    size_t need;
    tni_plan p;
    TNI_TRY(tni_plan_input(c, m, TNI_NULL, -1, &p));
    TNI_TRY(tni_measure(c, m, &p, &need));
    TNI_TRY(tni_place(c, m, &p));
    tni_forget_states(m);
    return anew ? tni_begin(c, m) : TN_OK;
}

/* ---- the calls ---- */

static tn_status tni_compile_ok(const tni_call *c, const tn_compile *compile)
{
    tn_tensor one = tni_shape(0, 1, 1, 0, 0, 0), state = one;
    tn_diag said;
    tn_context inner = tni_inner(c, &said);
    tni_call quiet = *c;
    tni_loss_call l;
    if (compile->loss < TN_SPARSE_CATEGORICAL_CROSSENTROPY || compile->loss > TN_HUBER)
        return tni_bad(c, TN_E_ARG, 1, "compile->loss", "no such loss", compile->loss);
    quiet.ctx = &inner;
    inner.query = 1;
    memset(&l, 0, sizeof l);
    l.kind = compile->loss;
    l.rows = tni_over_classes(compile->loss);
    l.p.from = compile->from;
    l.p.label_smoothing = compile->label_smoothing;
    l.p.class_weight = compile->class_weight;
    state.dim[0] = tn_optimizer_slots(&compile->optimizer);
    if (tni_loss_options(&quiet, &l) == TN_OK &&
        tn_optimizer_step(&inner, &one, &state, &one, &compile->optimizer, 1) == TN_OK) return TN_OK;
    said.arg = 1;
    return tni_refuse(c, &said);
}

TENON_API tn_status tn_model_compile(tn_context *ctx, tn_model *m, const tn_compile *compile)
{
    tni_call c = tni_enter(ctx, "tn_model_compile");
    tn_status status = TN_OK;
    tn_model before;
    size_t need = 0;
    tni_plan p;
    TNI_TRY(tni_model_enter(&c, m));
    TNI_TRY(tni_needed(&c, compile, 1, "compile"));
    TNI_TRY(tni_compile_ok(&c, compile));
    before = *m;
    m->compile = *compile;
    m->compiled = m->training = 1;
    if (m->built) {
        status = tni_plan_input(&c, m, TNI_NULL, -1, &p);
        if (status == TN_OK) status = tni_measure(&c, m, &p, &need);
        if (status == TN_OK && m->weights && m->memory_size < need)
            status = tni_too_small(&c, m, m->memory_size, need, 0);
    }
    if (status != TN_OK || c.query) { *m = before; return status == TN_OK ? tni_ok(&c) : status; }
    if (m->built) tni_built(m, &p, need);
    if (m->weights) {
        TNI_TRY(tni_place(&c, m, &p));
        tni_start_anew(m);
    }
    return tni_ok(&c);
}

TENON_API tn_status tn_model_build(tn_context *ctx, tn_model *m, const tn_tensor *input, int32_t batch)
{
    tni_call c = tni_enter(ctx, "tn_model_build");
    tn_status status;
    int32_t keep, state; /* the weights that lie in memory; the optimiser's state too */
    tn_model before;
    size_t need = 0;
    tni_plan p;
    TNI_TRY(tni_model_enter(&c, m));
    if (batch < 0) return tni_bad(&c, TN_E_ARG, 2, "batch", "must not be negative (0: 32)", batch);
    before = *m;
    m->batch = batch ? batch : 32;
    status = tni_plan_input(&c, m, input, 1, &p);
    if (status == TN_OK) status = tni_measure(&c, m, &p, &need);
    if (status != TN_OK || c.query) {
        *m = before;
        if (status == TN_OK) ctx->need = need;
        return status == TN_OK ? tni_ok(&c) : status;
    }
    keep = m->weights && !p.other && m->memory_size >= need;
    state = keep && tni_block_of(m)->trained == p.trained;
    if (!keep) tni_release(m);
    m->built = 0;
    TNI_TRY(tni_walk(&c, m, &p, TNI_NULL, 1));
    if (input && !tni_declared(m)) {
        m->layers->input = *input;
        m->layers->input.data = TNI_NULL;
        m->layers->input.flags = TNI_TAKEN;
    }
    tni_built(m, &p, need);
    if (m->memory_size < need) return tni_ok(&c);
    TNI_TRY(tni_fill(&c, m, !keep));
    if (!state) tni_start_anew(m);
    return tni_ok(&c);
}

TENON_API tn_status tn_model_memory(tn_context *ctx, tn_model *m, void *memory, size_t size, uint64_t seed)
{
    tni_call c = tni_enter(ctx, "tn_model_memory");
    TNI_TRY(tni_model_enter(&c, m));
    if (c.query) { ctx->need = m->built ? m->need : 0; return tni_ok(&c); }
    TNI_TRY(tni_needed(&c, memory, 1, "memory"));
    if ((uintptr_t)memory % sizeof(float))
        return tni_bad(&c, TN_E_ALIGN, 1, "memory", "must be aligned to float", 0);
    if (m->built && size < m->need) return tni_too_small(&c, m, size, m->need, 1);
    tni_release(m);
    m->memory = memory;
    m->memory_size = size;
    m->seed = seed;
    if (m->built) TNI_TRY(tni_fill(&c, m, 1));
    return tni_ok(&c);
}

TENON_API tn_status tn_model_reset(tn_context *ctx, tn_model *m)
{
    tni_call c = tni_enter(ctx, "tn_model_reset");
    TNI_TRY(tni_model_enter(&c, m));
    if (m->weights && !c.query) tni_forget_states(m);
    return tni_ok(&c);
}
