/* model/values.h - warnings about values: not scaled, in another order or on another scale than those of training, no
 * probabilities, not finite. They go to ctx->note, each at most once a call, and change nothing. */

static int tni_is_heard(const tni_call *c) { return c->ctx && c->ctx->note && !c->query; }

static tn_diag tni_warning(const tni_operand *o, int32_t status, int32_t cause, const char *rule)
{
    tn_diag d = tni_operand_finding(o, status, rule);
    d.cause = cause;
    d.severity = TN_WARNING;
    return d;
}

/* The whole number below, above. */
static int64_t tni_floored(double v) { return v >= 9.2e18 ? INT64_MAX : v <= -9.2e18 ? INT64_MIN : (int64_t)floor(v); }
static int64_t tni_ceiling(double v) { return v <= -9.2e18 ? INT64_MIN : v >= 9.2e18 ? INT64_MAX : -tni_floored(-v); }

/* ---- x ---- */

/* What the first layer with weights will be given; a normalisation there takes any scale. */
static void tni_warn_range(const tni_call *c, const tn_model *m, const tni_operand *o, const tni_seen *seen)
{
    tn_diag d = tni_warning(o, TN_W_RANGE, TN_CAUSE_UNSCALED_VALUES, "inputs lie near 0, with deviations near 1");
    const tn_layer *l = m->layers;
    tni_seen s = *seen;
    while (l < m->layers + m->count - 1 && tni_is_view(l, 0)) l++;
    if (!s.values || l->kind == TN_LAYER_BATCH_NORM || l->kind == TN_LAYER_LAYER_NORM) return;
    if (l->kind == TN_LAYER_RESCALING) {
        const double scale = (double)l->scale, offset = (double)l->offset;
        s.low = (scale < 0.0 ? seen->high : seen->low) * scale + offset;
        s.high = (scale < 0.0 ? seen->low : seen->high) * scale + offset;
        s.mean = s.mean * scale + offset;
        s.deviation *= fabs(scale);
    } else if (s.whole && s.low >= 0.0 && s.high <= 255.0 && tni_values(o->t, 1) >= 64) {
        d.cause = TN_CAUSE_UNSCALED_BYTES;
    }
    if (s.high <= 16.0 && s.low >= -16.0 && s.deviation <= 8.0) return;
    d.number[0] = tni_floored(s.low); d.number[1] = tni_ceiling(s.high);
    d.number[2] = tni_floored(s.mean + 0.5); d.number[3] = tni_floored(s.deviation + 0.5);
    tni_note(c, &d);
}

/* Only gross differences, and none that a few samples may have by chance. */
static void tni_warn_shift(const tni_call *c, const tn_model *m, const tni_operand *o, const tni_seen *s)
{
    const tni_seen *const t = &tni_block_of(m)->seen;
    const char *rule = TNI_NULL;
    tn_diag d;
    if (!(t->deviation > 0.0) || s->values < 16) return;
    if (s->deviation > 8.0 * t->deviation) rule = "the deviation is more than 8 times that in training";
    else if (s->samples >= 8 && s->deviation > 0.0 && 8.0 * s->deviation < t->deviation)
        rule = "the deviation is less than 1/8 of that in training";
    else if (fabs(s->mean - t->mean) > 4.0 * t->deviation)
        rule = "the mean lies more than 4 deviations from that in training";
    if (!rule) return;
    d = tni_warning(o, TN_W_SCALE_SHIFT, TN_CAUSE_TEST_SET_LEFT_RAW, rule);
    d.number[0] = tni_floored(t->low); d.number[1] = tni_ceiling(t->high);
    d.number[2] = tni_floored(s->low); d.number[3] = tni_ceiling(s->high);
    tni_note(c, &d);
}

static int tni_warn_order(const tni_call *c, const tn_model *m, const tni_operand *o)
{
    const tn_tensor *const x = o->t;
    const int32_t C = tni_find_axis(x->rank, tni_block_of(m)->x.axes, 'C'), first = C == 1; /* x may be unnamed */
    int32_t order;
    tn_diag d;
    if (x->rank != 4 || (C != 1 && C != 3) || x->dim[C] != 3 || x->dim[0] < 8) return 0;
    order = tni_look_order(x, x->dim[0], x->dim[first + 1], x->dim[first + 2]);
    if (order != (first ? TNI_BY_PIXELS : TNI_BY_PLANES)) return 0;
    d = tni_warning(o, TN_W_LAYOUT_SUSPECT, first ? TN_CAUSE_TRANSPOSE_BY_RESHAPE : TN_CAUSE_PLANAR_PIXELS,
                    first ? "by their values the pixels lie N, H, W, C" : "by their values the pixels lie N, C, H, W");
    if (!first) d.also_cause = TN_CAUSE_TRANSPOSE_BY_RESHAPE;
    tni_note(c, &d);
    return 1;
}

/* x of evaluate and predict: against the data of training where this memory has seen it, else by itself. */
static void tni_warn_given(const tni_call *c, const tn_model *m, const tni_operand *o)
{
    tni_seen s;
    if (!tni_is_heard(c) || o->t->dim[0] == 0) return;
    s = tni_look(o->t);
    if (tni_block_of(m)->seen.values) tni_warn_shift(c, m, o, &s);
    else tni_warn_range(c, m, o, &s);
    (void)tni_warn_order(c, m, o);
}

/* ---- labels, and what the loss takes ---- */

/* Rows of class probabilities sum to 1. */
static void tni_warn_targets(const tni_call *c, const tn_model *m, const tni_operand *o)
{
    const tn_tensor *const y = o->t;
    const size_t K = (size_t)y->dim[y->rank - 1], positions = tni_size(y) / K, each = positions / (size_t)y->dim[0];
    const size_t rows = tni_at_most(positions, TNI_LOOK_VALUES / K + 8);
    size_t r, k;
    if (m->compile.loss != TN_CATEGORICAL_CROSSENTROPY) return;
    for (r = 0; r < rows; r++) {
        const size_t at = r * positions / rows;
        double sum = 0.0;
        tn_diag d;
        for (k = 0; k < K; k++) sum += tni_value_of(y, at * K + k);
        if (!tni_is_finite(sum) || fabs(sum - 1.0) <= 0.01) continue;
        d = tni_warning(o, TN_W_RANGE, TN_CAUSE_TARGETS_NOT_PROBABILITIES, "a row of class probabilities sums to 1");
        d.number[0] = (int64_t)(at / each);
        d.number[1] = tni_floored(100.0 * sum + 0.5);
        tni_note(c, &d);
        return;
    }
}

static void tni_warn_class_weights(const tni_call *c, const tn_model *m)
{
    const tni_operand o = { m->compile.class_weight, "compile->class_weight", -1, 0 };
    tn_diag d = tni_warning(&o, TN_W_RANGE, TN_CAUSE_CLASS_WEIGHT_ZERO, "every class has a positive weight");
    const float *const w = tni_floats(o.t);
    const size_t K = w ? tni_size(o.t) : 0;
    size_t k, zeros = 0;
    for (k = 0; k < K; k++) if (!(w[k] > 0.0f) && !zeros++) d.number[0] = (int64_t)k;
    d.number[1] = (int64_t)zeros - 1;
    if (zeros) tni_note(c, &d);
}

/* A softmax of a softmax, logits where probabilities are wanted: the model trains, badly. */
static void tni_warn_head(const tni_call *from, const tn_model *m)
{
    const tni_operand none = { TNI_NULL, TNI_NULL, -1, 0 };
    const int32_t classes = tni_over_classes(m->compile.loss);
    const int32_t wanted = classes ? TN_SOFTMAX : m->compile.loss == TN_BINARY_CROSSENTROPY ? TN_SIGMOID : TN_LINEAR;
    tni_call c = *from;
    tn_diag d = tni_warning(&none, TN_W_SOFTMAX_ONE, TN_CAUSE_SOFTMAX_TWICE, "one softmax, between logits and loss");
    int32_t i, before = -1;
    for (i = 0; i < m->count; i++) {
        const tn_layer *const l = &m->layers[i], *const b = before < 0 ? TNI_NULL : &m->layers[before];
        if (tni_is_view(l, 0)) continue;
        if (b && tni_has_activation(b) && b->activation == TN_SOFTMAX && l->kind == TN_LAYER_ACTIVATION &&
            l->activation == TN_SOFTMAX) {
            c.entry = before + 1;
            tni_note(&c, &d);
            return;
        }
        before = i;
    }
    if (before < 0 || wanted == TN_LINEAR || !tni_has_activation(&m->layers[before])) return;
    c.entry = before + 1;
    if (m->layers[before].activation == wanted && m->compile.from == TN_LOGITS) tni_note(&c, &d);
    d.cause = TN_CAUSE_LOGITS_AS_PROBABILITIES;
    d.rule = "compile.from says what the last layer gives";
    if (m->layers[before].activation == TN_LINEAR && m->compile.from == TN_PROBABILITIES) tni_note(&c, &d);
}

/* ---- fit ---- */

/* A fit at work. */
typedef struct tni_training {
    const tn_fit *f;
    tni_operand x, y; /* of a source: as it declares them */
    int64_t samples;        /* 0: not known */
    int32_t batch;
    int32_t looked, bad;    /* at the data; a loss was not finite */
    tn_random order;
    tn_progress progress;
} tni_training;

/* Before the first step: the set, or of a source its first batch. What was seen stays with the weights. */
static void tni_warn_training(const tni_call *from, const tn_model *m, const tni_training *run, const tn_tensor *x,
                              const tn_tensor *y)
{
    const tni_operand val_x = { run->f->val_x, "val_x", 3, 0 };
    tni_seen *const seen = &tni_block_of(m)->seen;
    tni_operand ox = run->x, oy = run->y;
    tni_call c = *from;
    tni_seen s;
    int order;
    c.stage = run->f->source ? TN_AT_BATCH : TN_AT_BIND;
    ox.t = x; oy.t = y;
    *seen = tni_look(x);
    if (!tni_is_heard(&c)) return;
    tni_warn_range(&c, m, &ox, seen);
    order = tni_warn_order(&c, m, &ox);
    tni_warn_targets(&c, m, &oy);
    tni_warn_class_weights(&c, m);
    tni_warn_head(&c, m);
    if (!val_x.t) return;
    s = tni_look(val_x.t);
    tni_warn_shift(&c, m, &val_x, &s);
    if (!order) (void)tni_warn_order(&c, m, &val_x);
}

/* New weights guess at first. Weights of classes and samples count in the loss; a few samples may be off by chance. */
static void tni_warn_first_loss(const tni_call *c, const tn_model *m, const tni_training *run, const tn_tensor *x,
                                double loss)
{
    const tn_tensor scores = tni_scores(m, x);
    const int32_t K = tni_over_classes(m->compile.loss)              ? scores.dim[scores.rank - 1]
                      : m->compile.loss == TN_BINARY_CROSSENTROPY ? 2 : 0;
    double ln = -0.57721566490153286 - 0.5 / (K ? K : 1); /* the harmonic series, for want of log */
    tni_operand o = run->x;
    int32_t k;
    tn_diag d;
    if (m->step || K < 2 || x->dim[0] < 8 || m->compile.class_weight || run->f->sample_weight) return;
    for (k = 1; k <= K; k++) ln += 1.0 / k;
    if (!(loss > 4.0 * ln)) return;
    o.t = x;
    d = tni_warning(&o, TN_W_RANGE, TN_CAUSE_HIGH_FIRST_LOSS, "a new model guesses: its first loss is near ln K");
    d.number[0] = tni_floored(loss); d.number[1] = K;
    tni_note(c, &d);
}

/* Index of the first value that is not finite; the count where there is none. */
static size_t tni_first_bad(const tn_tensor *t)
{
    const size_t n = tni_size(t);
    size_t i = 0;
    if (t->dtype != TN_F32) return n;
    while (i < n && tni_is_finite((double)((const float *)t->data)[i])) i++;
    return i;
}

/* Names the first value of a batch that is not finite; its samples are the epoch's from `first` on. */
static int tni_warn_bad(const tni_call *c, const tni_training *run, const tni_operand *o, int32_t cause, int64_t first)
{
    const size_t at = tni_first_bad(o->t), each = tni_size(o->t) / (size_t)o->t->dim[0];
    const int64_t sample = first + (int64_t)(at / each);
    tn_diag d = tni_warning(o, TN_W_RANGE, cause, "every value is finite");
    if (at == tni_size(o->t)) return 0;
    d.number[0] = run->f->source || run->f->no_shuffle ? sample : tn_random_order(&run->order, run->samples, sample);
    d.number[1] = (int64_t)(at % each);
    tni_note(c, &d);
    return 1;
}

/* Where a loss that is not finite comes from: the batch, or the weights. sample_weight: NULL, or the batch's. */
static void tni_warn_loss(const tni_call *from, const tn_model *m, const tni_training *run, const tn_tensor *x,
                          const tn_tensor *y, const tn_tensor *sample_weight, int64_t first)
{
    const double lr = (double)m->compile.optimizer.lr;
    tni_operand ox = run->x, oy = run->y, weight = { sample_weight, "sample_weight", 3, 0 };
    tni_call c = *from;
    int32_t i, k;
    tni_seen s;
    tn_diag d;
    if (!tni_is_heard(&c)) return;
    ox.t = x; oy.t = y;
    if (tni_warn_bad(&c, run, &ox, TN_CAUSE_NAN_IN_X, first)) return;
    if (tni_warn_bad(&c, run, &oy, TN_CAUSE_LABELS_WITH_NOTHING, first)) return;
    if (sample_weight && tni_warn_bad(&c, run, &weight, TN_CAUSE_NAN_IN_X, first)) return;
    d = tni_warning(&ox, TN_W_RANGE, TN_CAUSE_DIVERGED, "the loss is finite");
    d.number[0] = m->step;
    if (lr > 0.0 && lr < 0.7) d.number[1] = tni_floored(1.0 / lr + 0.5);
    else if (lr >= 0.7) d.number[2] = tni_floored(lr + 0.5);
    for (i = 0; m->step == 0 && i < m->count; i++)
        for (k = 0; k < TNI_WEIGHTS; k++) {
            const tni_operand w = { tni_weight(&m->layers[i], k), tni_weight_name(k), -1, 0 };
            const size_t at = w.t->rank && w.t->data ? tni_first_bad(w.t) : 0;
            if (!w.t->rank || !w.t->data || at == tni_size(w.t)) continue;
            d = tni_warning(&w, TN_W_RANGE, TN_CAUSE_NAN_IN_WEIGHTS, "every value is finite");
            d.number[0] = (int64_t)at;
            c.entry = i + 1;
            tni_note(&c, &d);
            return;
        }
    if (m->step == 0) { /* no step can be blamed: large values overflowed */
        s = tni_look(x);
        if (s.high <= 16.0 && s.low >= -16.0) { s = tni_look(y); d = tni_warning(&oy, TN_W_RANGE, 0, d.rule); }
        d.cause = s.high <= 16.0 && s.low >= -16.0 ? TN_CAUSE_NONE : TN_CAUSE_UNSCALED_VALUES;
        d.number[0] = tni_floored(s.low); d.number[1] = tni_ceiling(s.high);
        d.number[2] = tni_floored(s.mean + 0.5); d.number[3] = tni_floored(s.deviation + 0.5);
    }
    tni_note(&c, &d);
}
