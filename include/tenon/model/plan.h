/* model/plan.h - the model's one block of memory: how much, and what lies where. A walk over the layers measures; with a
 * block it also places. What does not depend on free axes comes first, so that weights stay where they are. */

enum { TNI_PROBE = 1024, TNI_ALIGN = 64 }; /* a free axis that no call has told yet; bytes */

/* Memory that layers share, each as long as the longest use. */
enum { TNI_OUTPUT, TNI_GRADIENT = 2, TNI_ROWS_X = 4, TNI_ROWS_Y, TNI_ROWS_WEIGHT, TNI_SCRATCH, TNI_SHARED };

/* The head of the block. */
typedef struct tni_block {
    tn_tensor x;                  /* the full batch that the nodes are for */
    tn_tensor input;              /* of the last training forward, so many rows; rank 0: no gradient can be taken */
    int32_t lowest;               /* the first entry that learns */
    float *states;                /* of stateful layers, `kept` floats */
    size_t trained, kept;
    void *shared[TNI_SHARED];
    size_t scratch;
    tni_node *node;
    tni_seen seen;                /* of the x of the last fit; no values: none */
} tni_block;

typedef struct tni_plan {
    tn_tensor x;           /* a full batch of the input */
    char free_axes[4];     /* letters of the axes declared free */
    int32_t open;          /* one of them is not known: shapes alone */
    int32_t lowest;
    int32_t other;         /* weights have other shapes than the list says */
    size_t made, trained, kept; /* floats of weights that the model makes, of what learns, of LSTM states */
    size_t shared[TNI_SHARED];  /* bytes */
    int64_t parameters;
    uintptr_t base;             /* 0: measure */
    size_t used;
    int32_t overflow;
} tni_plan;

static size_t tni_sum(tni_plan *p, size_t a, size_t b)
{
    if (a > (size_t)PTRDIFF_MAX / 2 || b > (size_t)PTRDIFF_MAX / 2 - a) { p->overflow = 1; return 0; }
    return a + b;
}

/* NULL while measuring. */
static void *tni_take(tni_plan *p, size_t bytes)
{
    void *const place = (void *)(p->base + p->used);
    p->used = tni_sum(p, p->used, tni_sum(p, bytes, TNI_ALIGN - 1)) / TNI_ALIGN * TNI_ALIGN;
    return p->base ? place : TNI_NULL;
}

static void *tni_take_floats(tni_plan *p, size_t n)
{
    if (n > SIZE_MAX / sizeof(float)) p->overflow = 1;
    return tni_take(p, n * sizeof(float));
}

static void tni_at_least(size_t *size, size_t wanted) { if (*size < wanted) *size = wanted; }

/* ---- the head: a softmax or sigmoid that its cross-entropy takes in ---- */

static int tni_has_activation(const tn_layer *l)
{
    return l->kind == TN_LAYER_CONV2D || l->kind == TN_LAYER_DEPTHWISE || l->kind == TN_LAYER_DENSE ||
           l->kind == TN_LAYER_ACTIVATION;
}

static int tni_over_classes(int32_t loss)
{
    return loss == TN_SPARSE_CATEGORICAL_CROSSENTROPY || loss == TN_CATEGORICAL_CROSSENTROPY;
}

static int tni_joined(const tn_model *m, int32_t i)
{
    const tn_layer *const l = &m->layers[i];
    const int32_t loss = m->compile.loss;
    if (!m->compiled || i != m->count - 1 || !tni_has_activation(l) || m->compile.from != TN_PROBABILITIES) return 0;
    return (l->activation == TN_SOFTMAX && tni_over_classes(loss)) ||
           (l->activation == TN_SIGMOID && loss == TN_BINARY_CROSSENTROPY);
}

/* Whether the derivative is a function of x alone. */
static int tni_by_input(int32_t activation)
{
    return activation != TN_LINEAR && activation != TN_RELU && activation != TN_RELU6 && activation != TN_SIGMOID &&
           activation != TN_TANH && activation != TN_EXP;
}

/* ---- a layer ---- */

/* Layers that hand on their input's memory. */
static int tni_is_view(const tn_layer *l, int32_t training)
{
    switch (l->kind) {
    case TN_LAYER_INPUT: case TN_LAYER_FLATTEN: case TN_LAYER_RESHAPE: return 1;
    case TN_LAYER_DROPOUT: case TN_LAYER_GAUSSIAN_NOISE: return !training || !(l->rate > 0.0f);
    case TN_LAYER_ACTIVATION: return l->activation == TN_LINEAR;
    default: return 0;
    }
}

/* Layers whose y may be x where nobody asks for x again. */
static int tni_in_place(int32_t kind)
{
    return kind == TN_LAYER_ACTIVATION || kind == TN_LAYER_BATCH_NORM || kind == TN_LAYER_LAYER_NORM;
}

/* What the layer keeps for its gradient. */
static tn_status tni_node_kept(const tni_call *c, const tn_layer *l, tni_plan *p, tni_node *n)
{
    tn_tensor ignored;
    tn_diag said;
    tn_context inner = tni_inner(c, &said);
    int32_t k;
    inner.query = 1;
    ignored = n->y;
    switch (l->kind) {
    case TN_LAYER_MAX_POOL2D: case TN_LAYER_GLOBAL_MAX_POOL2D:
        n->kept[0] = tn_as(n->y, TN_I32);
        break;
    case TN_LAYER_LSTM:
        if (tn_lstm_shape(&inner, &ignored, &n->kept[0], &n->x, &l->recurrent, l->return_sequences, TNI_NULL) != TN_OK)
            return tni_blame(c, &said);
        break;
    case TN_LAYER_BATCH_NORM: n->kept[0] = n->kept[1] = l->mean; break;
    case TN_LAYER_LAYER_NORM:
        n->kept[0] = n->x;
        n->kept[0].rank--;
        n->kept[0].axes &= (1 << (5 * n->kept[0].rank)) - 1;
        n->kept[1] = n->kept[0];
        break;
    default: break;
    }
    for (k = 0; k < 2; k++) {
        n->kept[k].flags = 0;
        n->kept[k].data = n->kept[k].rank ? tni_take(p, tn_bytes(&n->kept[k])) : TNI_NULL;
    }
    return TN_OK;
}

/* Where y, z and what is kept lie. slot: which of the two shared outputs holds x; -1: none does. */
static tn_status tni_plan_node(const tni_call *c, const tn_model *m, int32_t i, const tn_layer *l, tni_plan *p,
                               const tni_block *b, tni_node *n, int32_t *slot)
{
    const int32_t learning = m->training && p->lowest <= i, joined = tni_joined(m, i);
    const int32_t apart = tni_has_activation(l) && l->kind != TN_LAYER_ACTIVATION &&
                          (l->activation == TN_SOFTMAX || joined || (learning && tni_by_input(l->activation)));
    const size_t bytes = tn_bytes(&n->y);
    if (apart) n->z = n->y;
    if (tni_is_view(l, m->training)) {
        n->y.data = n->x.data;
    } else if (learning) {
        n->y.data = tni_take(p, bytes);
        TNI_TRY(tni_node_kept(c, l, p, n));
    } else {
        if (!tni_in_place(l->kind) || joined || *slot < 0) *slot = *slot == 0;
        tni_at_least(&p->shared[TNI_OUTPUT + *slot], bytes);
        n->y.data = n->z.data = b ? b->shared[TNI_OUTPUT + *slot] : TNI_NULL;
    }
    if (apart && (learning || joined)) n->z.data = tni_take(p, bytes);
    if (learning) {
        tni_at_least(&p->shared[TNI_GRADIENT], bytes);
        tni_at_least(&p->shared[TNI_GRADIENT + 1], bytes);
    }
    return TN_OK;
}

/* The workspace of the layer's calls. */
static tn_status tni_plan_scratch(const tni_call *c, const tn_model *m, int32_t i, tn_layer *l, tni_plan *p,
                                  const tni_node *n)
{
    tn_diag said;
    tn_context inner = tni_inner(c, &said);
    int32_t mode;
    inner.query = 1;
    for (mode = 0; mode <= (m->training ? TNI_TRAINING : 0); mode++) {
        if (tni_layer_forward(&inner, m, l, i, n, mode) != TN_OK) return tni_blame(c, &said);
        tni_at_least(&p->shared[TNI_SCRATCH], inner.need);
    }
    if (!m->training || i < p->lowest) return TN_OK;
    if (tni_layer_backward(&inner, m, l, i, n, tni_if(i > p->lowest, &n->x), &n->y, 0) != TN_OK)
        return tni_blame(c, &said);
    tni_at_least(&p->shared[TNI_SCRATCH], inner.need);
    return TN_OK;
}

/* Counts the layer's weights; with a block also says where the model's own lie. */
static void tni_plan_weights(tn_model *m, int32_t i, tn_layer *l, tni_plan *p, const tni_block *b, tni_node *n)
{
    const size_t slots = m->training ? (size_t)tn_optimizer_slots(&m->compile.optimizer) : 0;
    int32_t k;
    if (b && m->training) {
        n->gradients = m->gradients + p->trained;
        n->slots = slots ? m->gradients + b->trained + slots * p->trained : TNI_NULL;
    }
    for (k = 0; k < TNI_WEIGHTS; k++) {
        tn_tensor *const w = tni_weight(l, k), *const old = tni_weight(&m->layers[i], k);
        const size_t count = tni_size(w);
        size_t floats;
        p->other |= old->rank != w->rank || memcmp(old->dim, w->dim, sizeof w->dim) != 0;
        if (!w->rank) continue;
        if (!tni_mul(count, slots + 1, &floats) || floats > INT32_MAX) p->overflow |= m->training;
        p->parameters += (int64_t)count;
        if (m->training && tni_learns(l, k)) p->trained = tni_sum(p, p->trained, count);
        if (w->data) continue;
        if (b) w->data = m->weights + p->made;
        p->made = tni_sum(p, p->made, count);
    }
    if (l->kind == TN_LAYER_LSTM && l->stateful) {
        if (b) n->state = b->states + p->kept;
        p->kept = tni_sum(p, p->kept, 2 * (size_t)m->batch * (size_t)l->units);
    }
}

static void tni_layer_notes(const tni_call *c, const tn_model *m, int32_t i, const tn_tensor *x)
{
    const tn_layer *const l = &m->layers[i];
    tn_diag d = tni_finding(TN_W_SINGLE_STEP, -1, "x", "an LSTM over one step never feeds its state back");
    d.severity = TN_WARNING;
    d.received = *x;
    d.received.dim[0] = TN_ANY;
    if (l->kind == TN_LAYER_LSTM && !l->stateful && x->rank == 3 && x->dim[1] == 1) tni_note(c, &d);
    d.status = TN_W_SOFTMAX_ONE;
    d.cause = TN_CAUSE_SOFTMAX_ONE_UNIT;
    d.rule = TNI_WORDS("softmax over one class is always 1");
    if (l->kind == TN_LAYER_DENSE && l->activation == TN_SOFTMAX && l->units == 1) tni_note(c, &d);
    d.status = TN_W_LAYOUT_SUSPECT;
    d.rule = TNI_WORDS("an image has more rows than channels");
    if (tni_declared_channels_first(m, i, x, &d)) tni_note(c, &d);
}

/* Rows of x, y and weights that fit puts together, of whatever loss and type: compiled anew, the memory still suffices. */
static void tni_plan_rows(tni_plan *p, const tn_tensor *y)
{
    const size_t outputs = tni_size(y);
    if (outputs > SIZE_MAX / 8) p->overflow = 1;
    p->shared[TNI_ROWS_X] = tn_bytes(&p->x);
    p->shared[TNI_ROWS_Y] = outputs * 8; /* the longest type of a label */
    p->shared[TNI_ROWS_WEIGHT] = outputs * sizeof(float);
}

/* One walk from the input to the output. b: the block to place things in, its shared parts and counts known; NULL:
 * measure. Only a last walk, on a plan that was measured, changes the list. */
static tn_status tni_walk(const tni_call *from, tn_model *m, tni_plan *p, tni_block *b, int32_t last)
{
    tni_call at = *from, *const c = &at;
    tn_tensor x = p->x;
    int32_t i, k, slot = -1;
    tni_loss_call loss;
    p->lowest = m->count;
    p->parameters = p->other = 0;
    p->made = p->trained = p->kept = 0;
    at.stage = TN_AT_BUILD;
    for (i = 0; i < m->count; i++) {
        tni_node n;
        tn_layer l;
        tn_tensor y;
        at.entry = i + 1;
        TNI_TRY(tni_layer_shapes(c, m, i, p->free_axes, &x, &l, &y));
        l.output = y;
        for (k = 0; k < y.rank; k++) if (k == 0 || tni_among(tni_letter(&y, k), p->free_axes)) l.output.dim[k] = TN_ANY;
        m->layers[i].output = l.output; /* the trace of a refused build shows how far it came */
        if (p->lowest == m->count && m->training && tni_layer_learns(&l)) p->lowest = i;
        memset(&n, 0, sizeof n);
        n.x = x; n.y = y;
        tni_plan_weights(m, i, &l, p, b, &n);
        if (!p->open) {
            TNI_TRY(tni_plan_node(c, m, i, &l, p, b, &n, &slot));
            if (!b) TNI_TRY(tni_plan_scratch(c, m, i, &l, p, &n));
        }
        if (b) b->node[i] = n;
        if (last) m->layers[i] = l;
        if (last && !m->built) tni_layer_notes(c, m, i, &n.x);
        x = n.y;
    }
    if (!m->compiled) return TN_OK;
    if (!p->open) tni_plan_rows(p, &x);
    memset(&loss, 0, sizeof loss);
    loss.x.t = &x;
    loss.class_weight.t = m->compile.class_weight; loss.class_weight.role = "compile->class_weight";
    loss.class_weight.arg = -1;
    at.entry = 0;
    return tni_class_weight_shape(c, &loss);
}

/* The parts that do not depend on free axes, in their order; b and m->weights are set where there is a base. */
static tni_block *tni_take_lasting(tni_plan *p, tn_model *m)
{
    const size_t slots = m->training ? (size_t)tn_optimizer_slots(&m->compile.optimizer) : 0;
    tni_block *const b = (tni_block *)tni_take(p, sizeof(tni_block));
    tni_node *const node = (tni_node *)tni_take(p, (size_t)m->count * sizeof(tni_node));
    float *const weights = (float *)tni_take_floats(p, p->made);
    float *const gradients = (float *)tni_take_floats(p, tni_sum(p, p->trained, slots * p->trained));
    float *const states = (float *)tni_take_floats(p, p->kept);
    tni_seen seen;
    if (!b) return TNI_NULL;
    memset(&seen, 0, sizeof seen);
    if (m->weights) seen = b->seen; /* the same block, placed anew */
    m->weights = weights;
    m->gradients = m->training ? gradients : TNI_NULL;
    memset(b, 0, sizeof *b);
    b->seen = seen;
    b->node = node;
    b->states = states;
    b->trained = p->trained;
    b->kept = p->kept;
    b->lowest = p->lowest;
    b->scratch = p->shared[TNI_SCRATCH];
    return b;
}

/* Measures: the bytes that the model needs, at any float-aligned address. */
static tn_status tni_measure(const tni_call *c, tn_model *m, tni_plan *p, size_t *need)
{
    int32_t k;
    p->base = 0;
    p->used = 0;
    TNI_TRY(tni_walk(c, m, p, TNI_NULL, 0));
    (void)tni_take_lasting(p, m);
    for (k = 0; k < TNI_SHARED; k++) (void)tni_take(p, p->shared[k]);
    if (p->overflow) return tni_bad(c, TN_E_OVERFLOW, -1, "memory", "the model does not fit memory", 0);
    *need = p->used + TNI_ALIGN - sizeof(float);
    return TN_OK;
}

/* Places what was measured with this plan in m->memory. Weights that lie there stay. */
static tn_status tni_place(const tni_call *c, tn_model *m, tni_plan *p)
{
    tni_block *b;
    int32_t k;
    p->base = ((uintptr_t)m->memory + TNI_ALIGN - 1) / TNI_ALIGN * TNI_ALIGN;
    p->used = 0;
    b = tni_take_lasting(p, m);
    for (k = 0; k < TNI_SHARED; k++) b->shared[k] = tni_take(p, p->shared[k]);
    if (!p->open) b->x = p->x; /* else no batch fits yet, not even one of the probe's lengths */
    return tni_walk(c, m, p, b, 1);
}

static tni_block *tni_block_of(const tn_model *m)
{
    return (tni_block *)(((uintptr_t)m->memory + TNI_ALIGN - 1) / TNI_ALIGN * TNI_ALIGN);
}
