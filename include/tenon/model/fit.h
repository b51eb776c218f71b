/* model/fit.h - over a whole set of samples: fit, evaluate, predict. */

/* Sums of an epoch so far. */
typedef struct tni_tally {
    double loss, right; /* times rows; of positions, per row */
    double last;        /* loss of the last batch */
    int64_t samples, batches;
} tni_tally;

/* Index of the greatest, the first of equals. */
static size_t tni_greatest(const float *v, size_t n)
{
    size_t i, best = 0;
    for (i = 1; i < n; i++) if (v[i] > v[best]) best = i;
    return best;
}

/* Share of a batch's positions that are right, in samples; NaN where a loss has no right and wrong. */
static double tni_right(const tn_model *m, const tn_tensor *scores, const tn_tensor *target)
{
    const int32_t loss = m->compile.loss, classes = tni_over_classes(loss);
    const int32_t logits = tni_joined(m, m->count - 1) || m->compile.from == TN_LOGITS;
    const size_t K = classes ? (size_t)scores->dim[scores->rank - 1] : 1, positions = tni_size(scores) / K;
    const float *const x = (const float *)scores->data, *const t = (const float *)target->data;
    const float half = logits ? 0.0f : 0.5f;
    size_t i, right = 0;
    if (!classes && loss != TN_BINARY_CROSSENTROPY) return (double)NAN;
    for (i = 0; i < positions; i++) {
        if (loss == TN_SPARSE_CATEGORICAL_CROSSENTROPY)
            right += (size_t)tni_label(target->data, target->dtype, i) == tni_greatest(x + i * K, K);
        else if (classes) right += tni_greatest(t + i * K, K) == tni_greatest(x + i * K, K);
        else right += (x[i] > half) == (target->dtype == TN_F32 ? t[i] > 0.5f : tni_label(t, target->dtype, i) > 0);
    }
    return positions ? (double)right * (double)scores->dim[0] / (double)positions : 0.0;
}

static tn_status tni_count_batch(const tni_call *c, const tn_model *m, const tn_tensor *x, const tn_tensor *y,
                                 const tn_tensor *weight, float *gradient, tni_tally *tally)
{
    const tn_tensor scores = tni_scores(m, x);
    double loss;
    TNI_TRY(tni_mean_loss(c, m, x, y, weight, gradient, &loss));
    tally->last = loss;
    tally->loss += loss * (double)x->dim[0];
    tally->right += tni_right(m, &scores, y);
    tally->samples += x->dim[0];
    tally->batches++;
    return TN_OK;
}

static tn_status tni_evaluate(const tni_call *c, tn_model *m, const tn_tensor *x, const tn_tensor *y, tni_tally *tally)
{
    int64_t first;
    memset(tally, 0, sizeof *tally);
    tni_forget_states(m);
    for (first = 0; first < x->dim[0]; first += m->batch) {
        const int64_t left = x->dim[0] - first, rows = left < m->batch ? left : m->batch;
        const tn_tensor part = tni_rows(x, first, rows), labels = tni_rows(y, first, rows);
        TNI_TRY(tni_forward(c, m, &part, TNI_HEADLESS));
        TNI_TRY(tni_count_batch(c, m, &part, &labels, TNI_NULL, TNI_NULL, tally));
    }
    return TN_OK;
}

/* Targets as large as the input, of an output that windows have made smaller. */
static tn_status tni_by_windows(const tni_call *c, tn_status status, const tn_tensor *x)
{
    tn_diag *const d = c->ctx ? c->ctx->diag : TNI_NULL;
    int32_t i, first = 0;
    if (status != TN_E_SPATIAL || !d || d->cause || d->received.rank < 3 || x->rank != 4) return status;
    for (i = d->received.rank - 1; i > 0; i--) {
        if (!(d->axes_differ >> i & 1)) continue;
        if (d->received.dim[i] != x->dim[i] || d->expected.dim[i] >= x->dim[i]) return status;
        first = i;
    }
    d->cause = TN_CAUSE_AUTOENCODER_SIZE;
    d->number[0] = x->dim[first];
    d->number[1] = d->expected.dim[first];
    return status;
}

/* x and y of as many samples, at least one. */
static tn_status tni_bind_set(tni_call *c, tn_model *m, const tni_operand *x, const tni_operand *y,
                              const tni_operand *weight, int32_t batch)
{
    tn_diag d;
    TNI_TRY(tni_bind(c, m, x, batch));
    d = tni_operand_finding(x, TN_E_EMPTY, "there are no samples");
    d.cause = TN_CAUSE_EMPTY_DATA;
    if (x->t->dim[0] == 0) return tni_refuse(c, &d);
    if (!m->weights) return TN_OK; /* a query has nothing more to go by */
    return tni_by_windows(c, tni_bind_labels(c, m, x->t->dim[0], y, weight), x->t);
}

/* ---- fit ---- */

/* Rows of t in the epoch's order, from `first`, put together in `out`; in their own order where they lie. */
static tn_tensor tni_gather(const tni_training *run, const tn_tensor *t, int64_t first, int32_t rows, void *out)
{
    const size_t each = tn_bytes(t) / (size_t)t->dim[0];
    tn_tensor part = tni_rows(t, first, rows);
    int32_t i;
    if (run->f->no_shuffle) return part;
    for (i = 0; i < rows; i++)
        memcpy((char *)out + (size_t)i * each,
               (const char *)t->data + (size_t)tn_random_order(&run->order, run->samples, first + i) * each, each);
    part.data = out;
    part.flags = 0;
    return part;
}

/* Data that a source makes is mended at the source. */
static tn_status tni_by_source(const tni_call *c, tn_status status)
{
    tn_diag *const d = c->ctx ? c->ctx->diag : TNI_NULL;
    if (status == TN_OK || !d) return status;
    switch (d->cause) {
    case TN_CAUSE_RESIZE_NEEDED: d->cause = TN_CAUSE_SOURCE_TARGET_SIZE; break;
    case TN_CAUSE_GRAY_INTO_RGB: case TN_CAUSE_RGB_INTO_GRAY: case TN_CAUSE_ALPHA_CHANNEL:
        d->cause = TN_CAUSE_SOURCE_COLOR_MODE;
        break;
    case TN_CAUSE_ONEHOT_WITH_SPARSE: case TN_CAUSE_SPARSE_WITH_CATEGORICAL:
        d->cause = TN_CAUSE_SOURCE_CLASS_MODE;
        break;
    case TN_CAUSE_MISSING_BATCH_AXIS: d->cause = TN_CAUSE_UNBATCHED_DATA_SET; break;
    default: if (d->status == TN_E_CHANNELS) d->cause = TN_CAUSE_SOURCE_COLOR_MODE;
    }
    return status;
}

/* The source's next batch, which must be what it declared; rows 0: the epoch is over. */
static tn_status tni_next(tni_call *c, const tn_model *m, const tni_training *run, tn_tensor *x, tn_tensor *y,
                          int32_t *rows)
{
    const tni_block *const b = tni_block_of(m);
    const tn_source *const source = run->f->source;
    const tni_operand ox = { x, "source x", 3, 0 }, oy = { y, "source y", 3, 0 };
    const tni_operand none = { TNI_NULL, "sample_weight", 3, 0 };
    tn_tensor declared = source->x;
    tn_status status;
    declared.dim[0] = TN_ANY;
    *x = source->x;
    *y = source->y;
    x->data = b->shared[TNI_ROWS_X];
    y->data = b->shared[TNI_ROWS_Y];
    x->flags = y->flags = 0;
    c->stage = TN_AT_BATCH;
    *rows = source->next(source->user, x, y);
    if (*rows == 0) return TN_OK;
    if (*rows > 0 && x->dim[0] != y->dim[0] && (x->dim[0] != source->x.dim[0] || y->dim[0] != source->y.dim[0])) {
        tn_diag d = tni_operand_finding(&oy, TN_E_SAMPLES, "each batch has as many labels as samples");
        d.expected = *y;
        d.expected.dim[0] = x->dim[0];
        d.axes_differ = 1;
        d.number[3] = run->progress.batch + 1;
        return tni_refuse(c, &d);
    }
    if (*rows < 0 || *rows > x->dim[0] || *rows > y->dim[0] || *rows > run->batch)
        return tni_bad(c, TN_E_SOURCE, 3, "source", *rows < 0 ? "its next reported an error"
                       : "its next wrote more rows than a batch has", *rows);
    x->dim[0] = y->dim[0] = *rows;
    status = tni_expect_order(c, &ox, &declared, 0, "each batch has the shape that the source declares");
    if (status == TN_OK) status = tni_x_fits(c, m, &ox);
    if (status == TN_OK) status = tni_bind_labels(c, m, *rows, &oy, &none);
    if (status == TN_OK) status = tni_whole_batches(c, m, *rows, *rows, &ox);
    status = tni_by_source(c, status);
    if (status != TN_OK && status != TN_E_LABEL_RANGE && c->ctx && c->ctx->diag)
        c->ctx->diag->number[3] = run->progress.batch + 1;
    c->stage = TN_AT_RUN;
    return status;
}

static void tni_report(tn_progress *p, const tni_tally *t)
{
    p->batch = t->batches;
    p->samples = t->samples;
    p->loss = t->loss / (double)t->samples;
    p->accuracy = t->right / (double)t->samples;
}

static tn_status tni_stopped(const tni_call *c)
{
    return tni_bad(c, TN_E_STOPPED, 3, "f", "a callback asked to stop", 0);
}

/* One epoch; the source or the arrays run out. */
static tn_status tni_epoch(tni_call *c, tn_model *m, tni_training *run)
{
    const tn_fit *const f = run->f;
    tni_block *const b = tni_block_of(m);
    tn_progress *const p = &run->progress;
    tni_tally tally;
    memset(&tally, 0, sizeof tally);
    tni_forget_states(m);
    run->order.epoch = m->epoch;
    p->epoch = m->epoch + 1;
    p->batch = 0;
    for (;;) {
        tn_tensor x, y, weight;
        int32_t rows = run->batch;
        TNI_TRY(tni_bind(c, m, &run->x, 0)); /* validation, or a callback, may have had other lengths of free axes */
        c->stage = TN_AT_RUN;
        if (f->source) {
            TNI_TRY(tni_next(c, m, run, &x, &y, &rows));
            if (!rows) break;
        } else {
            const int64_t left = run->samples - tally.samples;
            if (left < rows) rows = f->drop_last ? 0 : (int32_t)left;
            if (!rows) break;
            x = tni_gather(run, run->x.t, tally.samples, rows, b->shared[TNI_ROWS_X]);
            y = tni_gather(run, run->y.t, tally.samples, rows, b->shared[TNI_ROWS_Y]);
            if (f->sample_weight)
                weight = tni_gather(run, f->sample_weight, tally.samples, rows, b->shared[TNI_ROWS_WEIGHT]);
        }
        if (!run->looked) tni_warn_training(c, m, run, f->source ? &x : run->x.t, f->source ? &y : run->y.t);
        TNI_TRY(tni_forward(c, m, &x, TNI_TRAINING | TNI_HEADLESS));
        TNI_TRY(tni_count_batch(c, m, &x, &y, f->sample_weight ? &weight : TNI_NULL,
                                (float *)b->shared[TNI_GRADIENT], &tally));
        if (!run->looked) tni_warn_first_loss(c, m, run, &x, tally.last);
        run->looked = 1;
        if (!run->bad && !tni_is_finite(tally.last)) {
            tni_warn_loss(c, m, run, &x, &y, f->sample_weight ? &weight : TNI_NULL, tally.samples - rows);
            run->bad = 1;
        }
        TNI_TRY(tni_backward(c, m));
        TNI_TRY(tni_update_all(c, m));
        tni_report(p, &tally);
        if (f->on_batch && f->on_batch(f->user, p)) return tni_stopped(c);
    }
    if (tally.samples == 0 || (run->samples && f->source && tally.samples != run->samples)) {
        c->stage = TN_AT_BATCH;
        return tni_bad(c, TN_E_SOURCE, 3, "source", "an epoch has at least one batch, and as many samples as promised",
                       tally.samples);
    }
    m->epoch++;
    if (f->val_x) {
        const tni_operand val_x = { f->val_x, "val_x", 3, 0 };
        TNI_TRY(tni_bind(c, m, &val_x, 0));
        c->stage = TN_AT_RUN;
        TNI_TRY(tni_evaluate(c, m, f->val_x, f->val_y, &tally));
        p->val_loss = tally.loss / (double)tally.samples;
        p->val_accuracy = tally.right / (double)tally.samples;
    }
    return f->on_epoch && f->on_epoch(f->user, p) ? tni_stopped(c) : TN_OK;
}

static tn_status tni_fit_numbers(const tni_call *c, const tn_fit *f)
{
    const tn_source *const source = f->source;
    if (f->epochs < 0) return tni_bad(c, TN_E_ARG, 3, "epochs", "must not be negative (0: 1)", f->epochs);
    if (f->batch < 0) return tni_bad(c, TN_E_ARG, 3, "batch", "must not be negative (0: the model's)", f->batch);
    if (!f->val_x != !f->val_y) return tni_bad(c, TN_E_NULL, 3, f->val_x ? "val_y" : "val_x", "must not be NULL", 0);
    if (source && !source->next) return tni_bad(c, TN_E_NULL, 3, "source", "its next must not be NULL", 0);
    return source && f->sample_weight
               ? tni_bad(c, TN_E_ARG, 3, "sample_weight", "weights belong to samples in arrays, not to a source", 0)
               : TN_OK;
}

/* A batch above the model's: what memory it would take. */
static tn_status tni_batch_fits(const tni_call *c, tn_model *m, int32_t batch)
{
    const tn_model before = *m;
    size_t need = 0;
    tni_plan p;
    tn_status status;
    if (!m->built || batch <= m->batch) return TN_OK;
    m->batch = batch;
    status = tni_plan_input(c, m, TNI_NULL, -1, &p);
    if (status == TN_OK) status = tni_measure(c, m, &p, &need);
    *m = before;
    if (status != TN_OK) return status;
    if (c->ctx) c->ctx->need = need;
    return tni_bad(c, TN_E_MEMORY, 3, "batch", "above the model's: build it for this batch", batch);
}

/* All of the data against the model, before the first step. */
static tn_status tni_bind_fit(tni_call *c, tn_model *m, const tni_training *run)
{
    const tn_fit *const f = run->f;
    const tni_operand weight = { f->sample_weight, "sample_weight", 3, 0 }, none = { TNI_NULL, "sample_weight", 3, 0 };
    const tni_operand val_x = { f->val_x, "val_x", 3, 0 }, val_y = { f->val_y, "val_y", 3, 0 };
    const int64_t samples = f->source || f->drop_last ? run->batch : run->samples;
    tn_status status;
    c->stage = TN_AT_BIND;
    status = tni_x_fits(c, m, &run->x); /* first: of single samples the first length is no batch */
    TNI_TRY(f->source ? tni_by_source(c, status) : status);
    if (f->source && f->source->y.rank < 1)
        return tni_bad(c, TN_E_SOURCE, 3, "source y", "fit needs labels, and the source declares none", 0);
    if (run->batch) TNI_TRY(tni_batch_fits(c, m, run->batch));
    status = tni_bind_set(c, m, &run->x, &run->y, &weight, run->batch);
    if (f->source) status = tni_by_source(c, status);
    TNI_TRY(status);
    if (!m->weights) return TN_OK;
    TNI_TRY(tni_whole_batches(c, m, samples ? samples : m->batch, run->batch ? run->batch : m->batch, &run->x));
    if (!f->source && f->drop_last && run->samples < (run->batch ? run->batch : m->batch))
        return tni_bad(c, TN_E_EMPTY, 3, "drop_last", "there are fewer samples than one batch has", run->samples);
    if (!f->val_x) return TN_OK;
    TNI_TRY(tni_bind_set(c, m, &val_x, &val_y, &none, 0));
    return tni_whole_batches(c, m, f->val_x->dim[0], m->batch, &val_x);
}

TENON_API tn_status tn_model_fit(tn_context *ctx, tn_model *m, const tn_tensor *x, const tn_tensor *y, const tn_fit *f,
                                 tn_progress *last)
{
    tni_call c = tni_enter(ctx, "tn_model_fit");
    tn_status status = TN_OK;
    const tn_source *source;
    tni_training run;
    tn_fit plain;
    TNI_TRY(tni_model_enter(&c, m));
    TNI_TRY(tni_needs_compile(&c, m));
    memset(&plain, 0, sizeof plain);
    memset(&run, 0, sizeof run);
    run.f = f ? f : &plain;
    TNI_TRY(tni_fit_numbers(&c, run.f));
    source = run.f->source;
    run.x.t = source ? &source->x : x; run.x.role = source ? "source x" : "x"; run.x.arg = source ? 3 : 1;
    run.y.t = source ? &source->y : y; run.y.role = source ? "source y" : "y"; run.y.arg = source ? 3 : 2;
    if (source) run.x.use = run.y.use = TNI_NO_DATA;
    TNI_TRY(tni_needed(&c, run.x.t, 1, "x"));
    TNI_TRY(tni_needed(&c, run.y.t, 2, "y"));
    run.batch = source && source->x.rank > 0 ? source->x.dim[0] : run.f->batch;
    run.samples = source ? source->samples : x->dim[0];
    TNI_TRY(tni_bind_fit(&c, m, &run));
    if (c.query) return tni_ok(&c);
    if (!run.batch) run.batch = m->batch;
    run.order = tni_model_stream(m, TNI_OF_ORDER, 0, 0);
    if (run.f->seed) run.order.seed = run.f->seed;
    run.progress.epochs = m->epoch + (run.f->epochs ? run.f->epochs : 1);
    run.progress.batches = (run.samples + (run.f->drop_last ? 0 : run.batch - 1)) / run.batch;
    run.progress.val_loss = run.progress.val_accuracy = (double)NAN;
    memset(m->gradients, 0, tni_block_of(m)->trained * sizeof(float));
    while (status == TN_OK && m->epoch < run.progress.epochs) status = tni_epoch(&c, m, &run);
    if (last && (status == TN_OK || status == TN_E_STOPPED)) *last = run.progress;
    return status == TN_OK ? tni_ok(&c) : status;
}

/* ---- evaluate, predict ---- */

TENON_API tn_status tn_model_evaluate(tn_context *ctx, tn_model *m, const tn_tensor *x, const tn_tensor *y,
                                      tn_progress *result)
{
    tni_call c = tni_enter(ctx, "tn_model_evaluate");
    const tni_operand ox = { x, "x", 1, 0 }, oy = { y, "y", 2, 0 }, none = { TNI_NULL, "sample_weight", -1, 0 };
    tni_tally tally;
    TNI_TRY(tni_model_enter(&c, m));
    TNI_TRY(tni_needed(&c, result, 3, "result"));
    TNI_TRY(tni_needs_compile(&c, m));
    TNI_TRY(tni_bind_set(&c, m, &ox, &oy, &none, 0));
    if (c.query) return tni_ok(&c);
    TNI_TRY(tni_whole_batches(&c, m, x->dim[0], m->batch, &ox));
    tni_warn_given(&c, m, &ox);
    if (tni_is_heard(&c)) tni_warn_targets(&c, m, &oy);
    c.stage = TN_AT_RUN;
    TNI_TRY(tni_evaluate(&c, m, x, y, &tally));
    memset(result, 0, sizeof *result);
    result->epoch = result->epochs = m->epoch;
    result->batches = tally.batches;
    tni_report(result, &tally);
    result->val_loss = result->val_accuracy = (double)NAN;
    return tni_ok(&c);
}

TENON_API tn_status tn_model_predict(tn_context *ctx, tn_model *m, const tn_tensor *y, const tn_tensor *x)
{
    tni_call c = tni_enter(ctx, "tn_model_predict");
    const tni_operand o = { x, "x", 2, 0 };
    int64_t first;
    TNI_TRY(tni_model_enter(&c, m));
    TNI_TRY(tni_needed(&c, y, 1, "y"));
    TNI_TRY(tni_bind(&c, m, &o, 0));
    if (tni_is_placed(m, x)) {
        TNI_TRY(tni_bind_y(&c, m, y, x));
        TNI_TRY(tni_whole_batches(&c, m, x->dim[0], m->batch, &o));
    }
    if (c.query) return tni_ok(&c);
    tni_warn_given(&c, m, &o);
    c.stage = TN_AT_RUN;
    for (first = 0; first < x->dim[0]; first += m->batch) {
        const int64_t left = x->dim[0] - first, rows = left < m->batch ? left : m->batch;
        const tn_tensor part = tni_rows(x, first, rows), out = tni_rows(y, first, rows);
        tni_node last;
        TNI_TRY(tni_forward(&c, m, &part, 0));
        last = tni_node_of(m, m->count - 1, &part);
        memcpy(out.data, last.y.data, tn_bytes(&out));
    }
    return tni_ok(&c);
}
