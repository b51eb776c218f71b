/* model/run.h - the whole model on one batch: forward, loss, backward, update. */

/* Layer i at work on so many rows of the input. */
static tni_node tni_node_of(const tn_model *m, int32_t i, const tn_tensor *input)
{
    tni_node n = tni_block_of(m)->node[i];
    const int32_t rows = input->dim[0], batch = n.y.dim[0];
    int32_t k;
    if (!n.x.data) { n.x.data = input->data; n.x.dtype = input->dtype; }
    if (!n.y.data) { n.y.data = input->data; n.y.dtype = input->dtype; }
    n.x.dim[0] = n.y.dim[0] = n.z.dim[0] = rows;
    for (k = 0; k < 2; k++) /* per sample, but the statistics of a batch */
        if (m->layers[i].kind != TN_LAYER_BATCH_NORM) n.kept[k].dim[0] = n.kept[k].dim[0] / batch * rows;
    return n;
}

static tn_context tni_running(const tni_call *c, const tn_model *m, tn_diag *said)
{
    const tni_block *const b = tni_block_of(m);
    tn_context inner = tni_inner(c, said);
    inner.workspace = b->shared[TNI_SCRATCH];
    inner.workspace_size = b->scratch;
    return inner;
}

/* mode: with TNI_HEADLESS a last activation that the loss takes in is left out. */
static tn_status tni_forward(const tni_call *c, tn_model *m, const tn_tensor *input, int32_t mode)
{
    tni_block *const b = tni_block_of(m);
    tn_diag said;
    tn_context inner = tni_running(c, m, &said);
    int32_t i;
    b->input.rank = 0;
    for (i = 0; i < m->count; i++) {
        const tni_node n = tni_node_of(m, i, input);
        const int32_t head = tni_joined(m, i) ? TNI_HEADLESS : 0;
        if (tni_layer_forward(&inner, m, &m->layers[i], i, &n, mode & (TNI_TRAINING | head)) != TN_OK)
            return tni_blame(c, &said);
    }
    if (mode & TNI_TRAINING) b->input = *input;
    return TN_OK;
}

/* What the loss is taken of. */
static tn_tensor tni_scores(const tn_model *m, const tn_tensor *input)
{
    const int32_t last = m->count - 1;
    const tni_node n = tni_node_of(m, last, input);
    if (!tni_joined(m, last)) return n.y;
    return n.z.rank ? n.z : n.x;
}

/* The weights of a batch's samples as Keras counts them: over the number of positions, so that a sum is the mean. */
static tn_tensor tni_shares(const tn_model *m, const tn_tensor *sample_weight, size_t positions, int32_t rows)
{
    tn_tensor share = sample_weight ? *sample_weight : tni_shape(TN_N, 1, rows, 0, 0, 0);
    float *const out = (float *)tni_block_of(m)->shared[TNI_ROWS_WEIGHT];
    const size_t n = tni_size(&share);
    size_t i;
    for (i = 0; i < n; i++)
        out[i] = (float)((sample_weight ? (double)((const float *)sample_weight->data)[i] : 1.0) / (double)positions);
    share.data = out;
    return share;
}

/* The mean loss of a batch that went forward headless; dx: NULL, or where its gradient goes. */
static tn_status tni_mean_loss(const tni_call *c, const tn_model *m, const tn_tensor *input, const tn_tensor *target,
                               const tn_tensor *sample_weight, float *gradient, double *loss)
{
    const tn_tensor x = tni_scores(m, input);
    const int32_t joined = tni_joined(m, m->count - 1), classes = tni_over_classes(m->compile.loss);
    const size_t positions = tni_size(&x) / (classes ? (size_t)x.dim[x.rank - 1] : 1);
    float mean;
    const tn_tensor result = tn_view(&mean, 0, 0, 0, 0, 0, 0);
    tn_tensor dx = x, share;
    tn_loss_params p;
    tn_diag said;
    tn_context inner = tni_running(c, m, &said);
    dx.data = gradient;
    memset(&p, 0, sizeof p);
    p.from = joined ? TN_LOGITS : m->compile.from;
    p.clip = p.from == TN_PROBABILITIES && (classes || m->compile.loss == TN_BINARY_CROSSENTROPY) ? 1e-7f : 0.0f;
    p.label_smoothing = m->compile.label_smoothing;
    p.class_weight = m->compile.class_weight;
    if (sample_weight || p.class_weight) {
        share = tni_shares(m, sample_weight, positions, x.dim[0]);
        p.sample_weight = &share;
        p.reduction = TN_SUM;
    }
    if (tn_loss(&inner, m->compile.loss, &result, gradient ? &dx : TNI_NULL, &x, target, &p) != TN_OK)
        return tni_blame(c, &said);
    *loss = (double)mean;
    return TN_OK;
}

/* From the gradient of the scores, in the first of the two gradient buffers, to those of everything that learns. */
static tn_status tni_backward(const tni_call *c, tn_model *m)
{
    tni_block *const b = tni_block_of(m);
    const tn_tensor input = b->input;
    tn_diag said;
    tn_context inner = tni_running(c, m, &said);
    int32_t i, at = 0;
    b->input.rank = 0;
    for (i = m->count - 1; i >= b->lowest; i--) {
        const tni_node n = tni_node_of(m, i, &input);
        tn_tensor dy = n.y, dx = n.x;
        dy.data = b->shared[TNI_GRADIENT + at];
        if (tni_moves(m->layers[i].kind)) at = !at;
        dx.data = b->shared[TNI_GRADIENT + at];
        if (tni_layer_backward(&inner, m, &m->layers[i], i, &n, tni_if(i > b->lowest, &dx), &dy,
                               tni_joined(m, i) ? TNI_HEADLESS : 0) != TN_OK)
            return tni_blame(c, &said);
    }
    return TN_OK;
}

static tn_status tni_update_all(const tni_call *c, tn_model *m)
{
    tni_block *const b = tni_block_of(m);
    tn_diag said;
    tn_context inner = tni_running(c, m, &said);
    int32_t i;
    for (i = b->lowest; i < m->count; i++)
        if (tni_layer_update(&inner, m, i, &b->node[i], m->step + 1) != TN_OK) return tni_blame(c, &said);
    memset(m->gradients, 0, b->trained * sizeof(float));
    m->step++;
    return TN_OK;
}

/* ---- the hand-written step ---- */

/* y of a call: f32, writable, as many rows as x, and apart from it. */
static tn_status tni_bind_y(const tni_call *c, const tn_model *m, const tn_tensor *y, const tn_tensor *x)
{
    const tni_operand op[] = { { y, "y", 1, TNI_OUT | TNI_BATCHED }, { x, "x", 2, TNI_IN | TNI_BATCHED } };
    const tn_tensor expected = tni_output_of(m, x->dim[0]);
    const int32_t K = expected.dim[expected.rank - 1];
    tn_diag *const d = c->ctx ? c->ctx->diag : TNI_NULL;
    tn_status status;
    TNI_TRY(tni_operand_ok(c, &op[0]));
    status = tni_expect(c, &op[0], &expected, 0, "y has the model's output shape, and as many rows as x");
    if (status == TN_OK) return tni_apart(c, op, 2);
    if (d && K > 1 && tni_size(y) == (size_t)x->dim[0]) { d->cause = TN_CAUSE_SCORES_NOT_CLASSES; d->number[0] = K; }
    return status;
}

TENON_API tn_status tn_model_forward(tn_context *ctx, tn_model *m, const tn_tensor *y, const tn_tensor *x,
                                     int32_t training)
{
    tni_call c = tni_enter(ctx, "tn_model_forward");
    const tni_operand o = { x, "x", 2, 0 };
    TNI_TRY(tni_model_enter(&c, m));
    if (!training) TNI_TRY(tni_needed(&c, y, 1, "y"));
    if (training) TNI_TRY(tni_needs_compile(&c, m));
    TNI_TRY(tni_bind(&c, m, &o, 0));
    if (m->built && x->dim[0] > m->batch)
        return tni_bad(&c, TN_E_BATCH, 2, "x", "one batch has no more rows than the model was built for", x->dim[0]);
    if (tni_is_placed(m, x)) {
        TNI_TRY(tni_whole_batches(&c, m, x->dim[0], x->dim[0], &o));
        if (y) TNI_TRY(tni_bind_y(&c, m, y, x));
    }
    if (c.query) return tni_ok(&c);
    c.stage = TN_AT_RUN;
    TNI_TRY(tni_forward(&c, m, x, (training ? TNI_TRAINING : 0) | (y ? 0 : TNI_HEADLESS)));
    if (y) {
        const tni_node last = tni_node_of(m, m->count - 1, x);
        memcpy(y->data, last.y.data, tn_bytes(&last.y));
    }
    return tni_ok(&c);
}

TENON_API tn_status tn_model_backward(tn_context *ctx, tn_model *m, const tn_tensor *y_true, double *loss)
{
    tni_call c = tni_enter(ctx, "tn_model_backward");
    const tni_operand target = { y_true, "y_true", 1, 0 }, none = { TNI_NULL, "sample_weight", -1, 0 };
    tni_block *b;
    double mean;
    TNI_TRY(tni_model_enter(&c, m));
    TNI_TRY(tni_needed(&c, y_true, 1, "y_true"));
    TNI_TRY(tni_needs_compile(&c, m));
    b = m->weights ? tni_block_of(m) : TNI_NULL;
    if (!b || !b->input.rank)
        return tni_bad(&c, TN_E_ARG, 0, "m", "a gradient is taken once after each training forward", 0);
    c.stage = TN_AT_BIND;
    TNI_TRY(tni_bind_labels(&c, m, b->input.dim[0], &target, &none));
    if (c.query) return tni_ok(&c);
    c.stage = TN_AT_RUN;
    TNI_TRY(tni_mean_loss(&c, m, &b->input, y_true, TNI_NULL, (float *)b->shared[TNI_GRADIENT], &mean));
    TNI_TRY(tni_backward(&c, m));
    if (loss) *loss = mean;
    return tni_ok(&c);
}

TENON_API tn_status tn_model_update(tn_context *ctx, tn_model *m)
{
    tni_call c = tni_enter(ctx, "tn_model_update");
    TNI_TRY(tni_model_enter(&c, m));
    TNI_TRY(tni_needs_compile(&c, m));
    if (!m->weights)
        return tni_bad(&c, TN_E_NOT_BUILT, 0, "m", "the model has no weights yet: a forward or fit makes them", 0);
    if (!c.query) TNI_TRY(tni_update_all(&c, m));
    return tni_ok(&c);
}
