/* model/bind.h - data against the model, before the first kernel: x, labels, weights of samples; and the model made ready
 * for it, from the first batch if need be. */

/* A part of the first axis. */
static tn_tensor tni_rows(const tn_tensor *t, int64_t first, int64_t rows)
{
    tn_tensor part = *t;
    const size_t each = t->dim[0] ? tn_bytes(t) / (size_t)t->dim[0] : 0;
    part.dim[0] = (int32_t)rows;
    if (t->data) part.data = (char *)t->data + (size_t)first * each;
    return part;
}

/* A first layer that scales bytes. */
static int tni_takes_bytes(const tn_model *m)
{
    int32_t i = 0;
    while (i < m->count - 1 && tni_is_view(&m->layers[i], 0) && m->layers[i].kind != TN_LAYER_DROPOUT) i++;
    return m->layers[i].kind == TN_LAYER_RESCALING;
}

/* x has the model's shape and type; without one yet, its own is taken. */
static tn_status tni_x_fits(const tni_call *c, const tn_model *m, const tni_operand *o)
{
    const tn_tensor *const x = o->t, *const declared = tni_declared(m);
    const tn_tensor *const input = declared ? declared : m->built ? &m->layers->input : TNI_NULL;
    tni_operand shape = *o;
    tn_tensor expected;
    tn_diag d;
    shape.use |= TNI_ANY_TYPE | TNI_BATCHED;
    TNI_TRY(tni_operand_ok(c, &shape));
    expected = input ? tni_batch_of(input, TN_ANY) : *x;
    if (input) TNI_TRY(tni_look_flattened(c, x, &expected, tni_expect_order(c, o, &expected, 0,
                                                                            "x has the model's input shape behind N")));
    if (x->rank < 2) {
        expected = tni_shape(TN_NF, 2, TN_ANY, TN_ANY, 0, 0);
        return tni_mismatch(c, o, &expected, TN_E_RANK, "x has a batch axis, then those of a sample");
    }
    if (x->dtype == TN_F32 || (tni_takes_bytes(m) && (x->dtype == TN_U8 || x->dtype == TN_I8))) return TN_OK;
    expected.dtype = TN_F32;
    d = tni_operand_finding(o, TN_E_DTYPE, "x is float32, or uint8 and int8 where the first layer is a rescaling");
    d.expected = expected;
    d.cause = tni_infer(&expected, x, d.number);
    return tni_refuse(c, &d);
}

/* Whether the model lies in its memory, for samples of x's shape. */
static int tni_is_placed(const tn_model *m, const tn_tensor *x)
{
    return m->built && m->weights &&
           !memcmp(tni_block_of(m)->x.dim + 1, x->dim + 1, (TN_MAX_RANK - 1) * sizeof x->dim[0]);
}

/* x against the model, and the model ready for it: built, its weights made, placed for x's free axes. batch: of a model
 * that is not built. */
static tn_status tni_bind(tni_call *c, tn_model *m, const tni_operand *o, int32_t batch)
{
    const tn_tensor *const x = o->t;
    const tn_model before = *m;
    tn_status status;
    tn_tensor sample;
    size_t need = m->need;
    tni_plan p;
    c->stage = TN_AT_BIND;
    TNI_TRY(tni_x_fits(c, m, o));
    if (!tni_is_placed(m, x)) {
        const tn_tensor input = m->layers->input;
        sample = *x;
        sample.rank--;
        sample.axes = (int32_t)((uint32_t)x->axes >> 5);
        memset(sample.dim, 0, sizeof sample.dim);
        memcpy(sample.dim, x->dim + 1, (size_t)sample.rank * sizeof sample.dim[0]);
        if (!m->built) m->batch = batch ? batch : 32;
        if (!m->built && !tni_declared(m)) {
            m->layers->input = sample;
            m->layers->input.data = TNI_NULL;
            m->layers->input.flags = TNI_TAKEN;
            if (sample.rank == 2 && m->layers->kind == TN_LAYER_LSTM) m->layers->input.dim[0] = TN_ANY; /* any T will do */
        }
        status = tni_plan_input(c, m, &sample, o->arg, &p);
        if (status == TN_OK) status = tni_measure(c, m, &p, &need);
        if (status == TN_OK && !c->query && (!m->memory || m->memory_size < need))
            status = tni_too_small(c, m, m->memory_size, need, 0);
        if (status != TN_OK || c->query) { *m = before; m->layers->input = input; }
        TNI_TRY(status);
    }
    if (c->query) { c->ctx->need = need; return TN_OK; }
    if (tni_is_placed(m, x)) return TN_OK;
    if (!before.built && !tni_declared(m)) {
        tn_diag d = tni_finding(TN_W_INFERRED, o->arg, "x", "the model had no input shape: taken from x, and held from now");
        d.severity = TN_NOTE;
        d.received = tni_batch_of(&m->layers->input, TN_ANY);
        tni_note(c, &d);
    }
    TNI_TRY(tni_place(c, m, &p));
    if (!before.built) tni_built(m, &p, need);
    return before.weights ? TN_OK : tni_begin(c, m);
}

/* ---- labels ---- */

static tn_tensor tni_output_of(const tn_model *m, int64_t rows)
{
    tn_tensor y = tni_block_of(m)->node[m->count - 1].y;
    y.data = TNI_NULL;
    y.dim[0] = (int32_t)rows;
    return y;
}

/* What the list says beyond the two shapes. A dense layer that works at every position is a head; what it lacks is a
 * flatten before it. Where no recurrent layer gives its steps, none was left on, and without one none is missing. */
static void tni_infer_head(const tni_call *c, const tn_model *m)
{
    tn_diag *const d = c->ctx ? c->ctx->diag : TNI_NULL;
    int32_t i = m->count - 1, k, recurrent = 0, steps = 0;
    while (i > 0 && m->layers[i].kind > TN_LAYER_LSTM) i--;
    for (k = 0; k < m->count; k++) {
        recurrent |= m->layers[k].kind == TN_LAYER_LSTM;
        steps |= m->layers[k].kind == TN_LAYER_LSTM && m->layers[k].return_sequences;
    }
    if (!d) return;
    if (d->cause == TN_CAUSE_RETURN_SEQUENCES && d->received.rank > d->expected.rank) { /* labels of steps */
        if (!recurrent) d->cause = TN_CAUSE_NONE;
        return;
    }
    if (m->layers[i].kind != TN_LAYER_DENSE ||
        (d->cause != TN_CAUSE_NO_HEAD && (d->cause != TN_CAUSE_RETURN_SEQUENCES || steps)))
        return;
    d->cause = TN_CAUSE_NO_FLATTEN;
    d->number[0] = 0;
    d->number[2] = 1;
}

/* Labels of as many samples as x has, every one looked at; sample_weight: without a tensor where there is none. */
static tn_status tni_bind_labels(const tni_call *c, const tn_model *m, int64_t samples, const tni_operand *target,
                                 const tni_operand *sample_weight)
{
    const tn_tensor y = tni_output_of(m, samples);
    tni_loss_call l;
    tn_status status;
    memset(&l, 0, sizeof l);
    l.kind = m->compile.loss;
    l.rows = tni_over_classes(l.kind);
    l.x.t = &y; l.x.role = "output"; l.x.arg = -1;
    l.target = *target;
    l.sample_weight = *sample_weight;
    l.class_weight.t = m->compile.class_weight; l.class_weight.role = "compile->class_weight"; l.class_weight.arg = -1;
    l.class_weight.use = l.sample_weight.use = TNI_OPTIONAL;
    l.target.use |= TNI_LABELS;
    TNI_TRY(tni_operand_ok(c, &l.target));
    TNI_TRY(tni_operand_ok(c, &l.class_weight));
    TNI_TRY(tni_operand_ok(c, &l.sample_weight));
    status = tni_loss_shapes(c, &l);
    if (status == TN_E_LABEL_RANK) tni_infer_head(c, m);
    TNI_TRY(status);
    return c->query || (l.target.use & TNI_NO_DATA) ? TN_OK : tni_label_values(c, &l);
}

/* A stateful LSTM keeps one state for each row of the batch. */
static tn_status tni_whole_batches(const tni_call *c, const tn_model *m, int64_t samples, int64_t batch,
                                   const tni_operand *x)
{
    const int64_t left = samples % m->batch ? samples % m->batch : batch != m->batch ? batch : 0;
    tn_diag d;
    if (!tni_block_of(m)->kept || !left) return TN_OK;
    d = tni_finding(TN_E_BATCH, x->arg, x->role, "each batch of a stateful model has its number of rows");
    d.expected = d.received = tni_block_of(m)->x;
    d.expected.dim[0] = m->batch;
    d.received.dim[0] = samples > INT32_MAX ? INT32_MAX : (int32_t)samples;
    d.axes_differ = samples != m->batch;
    d.cause = samples > m->batch ? TN_CAUSE_STATEFUL_LAST_BATCH : TN_CAUSE_STATEFUL;
    d.number[0] = samples; d.number[1] = m->batch; d.number[2] = left;
    return tni_refuse(c, &d);
}

static tn_status tni_needs_compile(const tni_call *c, const tn_model *m)
{
    tn_diag d = tni_finding(TN_E_NOT_COMPILED, 0, "m", "tn_model_compile gives the model its loss and optimiser");
    d.cause = TN_CAUSE_FIT_BEFORE_COMPILE;
    return m->compiled ? TN_OK : tni_refuse(c, &d);
}
