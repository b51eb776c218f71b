/* impl/loss.h - tn_loss: check, cut, run. */

typedef struct tni_loss_run {
    tni_loss g;
    const tni_table *kernels;
    size_t positions, block;
    double sum[TNI_LOSS_BLOCKS];
} tni_loss_run;

static void tni_loss_task(void *arg, int32_t index, int32_t worker)
{
    tni_loss_run *const run = (tni_loss_run *)arg;
    const size_t first = (size_t)index * run->block;
    const size_t last = run->positions - first < run->block ? run->positions : first + run->block;
    (void)worker;
    run->sum[index] =
        run->g.K ? run->kernels->loss_rows(&run->g, first, last) : run->kernels->loss_elements(&run->g, first, last);
}

/* Blocks of 16K elements, or as many more as there are blocks; whole runs. From positions and K alone. */
static size_t tni_loss_block(size_t positions, size_t K)
{
    const size_t unit = K ? 16 : TNI_LOSS_RUN, worth = 16384 / (K ? K : 1);
    const size_t even = (positions + TNI_LOSS_BLOCKS - 1) / TNI_LOSS_BLOCKS;
    const size_t block = even > worth ? even : worth;
    return block / unit * unit + (block % unit || !block ? unit : 0);
}

static void tni_loss_go(const tni_call *c, const tni_loss_call *l)
{
    const int32_t sparse = l->kind == TN_SPARSE_CATEGORICAL_CROSSENTROPY;
    const tn_tensor *const loss = l->loss.t, *const dx = l->dx.t, *const sample = l->sample_weight.t;
    const float s = l->p.label_smoothing;
    tni_loss_run run;
    tni_loss *const g = &run.g;
    double sum = 0.0;
    size_t i, blocks;
    memset(&run, 0, sizeof run);
    g->kind = l->kind; g->from = l->p.from; g->dtype = l->target.t->dtype;
    g->soft = l->rows && !sparse;
    g->spread = g->soft || s > 0.0f;
    g->ignores = l->p.use_ignore_index; g->ignore = l->p.ignore_index;
    g->K = l->rows ? (size_t)l->x.t->dim[l->x.t->rank - 1] : 0;
    g->x = (const float *)l->x.t->data;
    g->target = l->target.t->data;
    g->class_weight = l->class_weight.t ? (const float *)l->class_weight.t->data : TNI_NULL;
    g->sample_weight = sample ? (const float *)sample->data : TNI_NULL;
    g->per_weight = sample && l->positions ? l->positions / tni_size(sample) : 1;
    g->loss = loss && l->p.reduction == TN_NONE ? (float *)loss->data : TNI_NULL;
    g->dx = dx ? (float *)dx->data : TNI_NULL;
    g->keep = 1.0f - s;
    g->even = s / (g->K ? (float)g->K : 2.0f);
    g->delta = l->p.delta > 0.0f ? l->p.delta : 1.0f;
    g->clip = l->p.clip;
    g->scale = l->p.reduction == TN_MEAN ? (float)(1.0 / l->divisor) : 1.0f;
    run.kernels = tni_active();
    run.positions = l->positions;
    run.block = tni_loss_block(l->positions, g->K);
    blocks = (l->positions + run.block - 1) / run.block;
    tni_parallel(c, (int32_t)blocks, tni_loss_task, &run);
    if (!loss || l->p.reduction == TN_NONE) return;
    for (i = 0; i < blocks; i++) sum += run.sum[i];
    *(float *)loss->data = (float)(l->p.reduction == TN_MEAN ? sum / l->divisor : sum);
}

TENON_API tn_status tn_loss(tn_context *ctx, int32_t kind, const tn_tensor *loss, const tn_tensor *dx,
                            const tn_tensor *x, const tn_tensor *target, const tn_loss_params *p)
{
    tni_call c = tni_enter(ctx, "tn_loss");
    const int32_t rows = kind == TN_SPARSE_CATEGORICAL_CROSSENTROPY || kind == TN_CATEGORICAL_CROSSENTROPY;
    const tn_tensor *const class_weight = p ? p->class_weight : TNI_NULL;
    const tn_tensor *const sample_weight = p ? p->sample_weight : TNI_NULL;
    const tni_operand op[] = { { loss, "loss", 1, TNI_OUT | TNI_OPTIONAL | TNI_BATCHED },
                               { dx, "dx", 2, TNI_OUT | TNI_OPTIONAL | TNI_BATCHED },
                               { x, rows ? "x[N,...,K]" : "x[N,...]", 3, TNI_IN | TNI_BATCHED | TNI_INPLACE },
                               { target, "target", 4, TNI_LABELS | TNI_BATCHED },
                               { class_weight, "p->class_weight[K]", 5, TNI_IN | TNI_OPTIONAL },
                               { sample_weight, "p->sample_weight[N]", 5, TNI_IN | TNI_OPTIONAL | TNI_BATCHED } };
    const tni_operand apart[] = { op[0], { x, op[2].role, 3, TNI_IN } }; /* dx alone may be x */
    tn_tensor expected;
    tni_loss_call l;
    if (kind < TN_SPARSE_CATEGORICAL_CROSSENTROPY || kind > TN_HUBER)
        return tni_bad(&c, TN_E_ARG, 0, "kind", "no such loss", kind);
    memset(&l, 0, sizeof l);
    l.loss = op[0]; l.dx = op[1]; l.x = op[2]; l.target = op[3]; l.class_weight = op[4]; l.sample_weight = op[5];
    l.kind = kind; l.rows = rows;
    if (p) l.p = *p;
    TNI_TRY(tni_operands(&c, op, 6));
    TNI_TRY(tni_loss_options(&c, &l));
    TNI_TRY(tni_loss_shapes(&c, &l));
    expected = *x;
    if (dx) TNI_TRY(tni_expect(&c, &op[1], &expected, 0, "dx has x's shape"));
    if (rows) expected.rank--;
    if (l.p.reduction != TN_NONE) { expected.rank = 0; expected.axes = 0; }
    if (loss) {
        const tn_status status = tni_expect(&c, &op[0], &expected, 0,
                                            "loss has no axes, or with TN_NONE those of the positions");
        if (status == TN_E_RANK && dx && ctx && ctx->diag && expected.rank == 0)
            ctx->diag->cause = TN_CAUSE_GRADS_OF_VECTOR;
        TNI_TRY(status);
    }
    TNI_TRY(tni_apart(&c, op, 6));
    TNI_TRY(tni_apart(&c, apart, 2));
    TNI_TRY(tni_workspace(&c, 0, -1));
    if (c.query) return tni_ok(&c);
    TNI_TRY(tni_label_values(&c, &l));
    l.divisor = tni_loss_divisor(&l);
    tni_loss_go(&c, &l);
    return tni_ok(&c);
}
