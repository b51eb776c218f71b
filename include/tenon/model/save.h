/* model/save.h - a model's weights and the state of its training as bytes, and back.
 *
 * 32-bit words, lowest byte first: "TENO", format, tensors; 1 + kind of the optimiser (0: never compiled), its slots;
 * low and high words of how many floats learn, of seed, step and epoch; for each tensor the number of its layer, which
 * weight it is and 256 if it learns, axes, rank, lengths; the floats of all tensors, then of the optimiser's state; FNV-1a of 64 bits over all
 * of this, low and high word. */

enum { TNI_MAGIC = 0x4f4e4554, TNI_FORMAT = 1, TNI_HASH_BYTES = 8 };

typedef struct tni_blob {
    unsigned char *out;      /* saving: NULL counts alone */
    const unsigned char *in; /* loading */
    size_t at;
} tni_blob;

static uint64_t tni_hash(const unsigned char *bytes, size_t n)
{
    uint64_t hash = 0xcbf29ce484222325u;
    while (n--) hash = (hash ^ *bytes++) * 0x100000001b3u;
    return hash;
}

static void tni_word_out(tni_blob *b, uint32_t word)
{
    int32_t i;
    for (i = 0; b->out && i < 4; i++) b->out[b->at + (size_t)i] = (unsigned char)(word >> (8 * i));
    b->at += 4;
}

static uint32_t tni_word_in(tni_blob *b)
{
    const unsigned char *const p = b->in + b->at;
    b->at += 4;
    return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

static void tni_long_out(tni_blob *b, uint64_t v)
{
    tni_word_out(b, (uint32_t)v);
    tni_word_out(b, (uint32_t)(v >> 32));
}

static uint64_t tni_long_in(tni_blob *b)
{
    const uint64_t low = tni_word_in(b);
    return low | (uint64_t)tni_word_in(b) << 32;
}

static void tni_floats_out(tni_blob *b, const float *v, size_t n)
{
    size_t i;
    if (!b->out) { b->at += 4 * n; return; }
    for (i = 0; i < n; i++) {
        uint32_t word;
        memcpy(&word, &v[i], sizeof word);
        tni_word_out(b, word);
    }
}

static void tni_floats_in(tni_blob *b, float *v, size_t n)
{
    size_t i;
    for (i = 0; i < n; i++) {
        const uint32_t word = tni_word_in(b);
        memcpy(&v[i], &word, sizeof word);
    }
}

/* ---- what a model has to tell beside its tensors ---- */

typedef struct tni_saved {
    uint32_t tensors, optimizer, slots;
    uint64_t trained, seed, step, epoch;
    int32_t fits, misfits; /* loading: the same tensors learn; how many have other shapes */
} tni_saved;

static tni_saved tni_saved_of(const tn_model *m)
{
    tni_saved s;
    int32_t i, k;
    memset(&s, 0, sizeof s);
    for (i = 0; i < m->count; i++)
        for (k = 0; k < TNI_WEIGHTS; k++) s.tensors += tni_weight(&m->layers[i], k)->rank > 0;
    if (m->training) {
        s.optimizer = 1 + (uint32_t)m->compile.optimizer.kind;
        s.slots = (uint32_t)tn_optimizer_slots(&m->compile.optimizer);
        s.trained = tni_block_of(m)->trained;
    }
    s.seed = m->seed;
    s.step = (uint64_t)m->step;
    s.epoch = (uint64_t)m->epoch;
    return s;
}

static void tni_save(const tn_model *m, tni_blob *b)
{
    const tni_saved s = tni_saved_of(m);
    int32_t i, k, axis, values;
    tni_word_out(b, TNI_MAGIC);
    tni_word_out(b, TNI_FORMAT);
    tni_word_out(b, s.tensors);
    tni_word_out(b, s.optimizer);
    tni_word_out(b, s.slots);
    tni_long_out(b, s.trained);
    tni_long_out(b, s.seed);
    tni_long_out(b, s.step);
    tni_long_out(b, s.epoch);
    for (values = 0; values < 2; values++)
        for (i = 0; i < m->count; i++)
            for (k = 0; k < TNI_WEIGHTS; k++) {
                const tn_tensor *const w = tni_weight(&m->layers[i], k);
                if (!w->rank) continue;
                if (values) { tni_floats_out(b, (const float *)w->data, tni_size(w)); continue; }
                tni_word_out(b, (uint32_t)tni_layer_number(m, i));
                tni_word_out(b, (uint32_t)(k | tni_learns(&m->layers[i], k) << 8));
                tni_word_out(b, (uint32_t)w->axes);
                tni_word_out(b, (uint32_t)w->rank);
                for (axis = 0; axis < w->rank; axis++) tni_word_out(b, (uint32_t)w->dim[axis]);
            }
    if (s.slots) tni_floats_out(b, m->gradients + s.trained, s.slots * (size_t)s.trained);
    tni_long_out(b, b->out ? tni_hash(b->out, b->at) : 0);
}

static tn_status tni_has_weights(const tni_call *c, const tn_model *m)
{
    if (!m->built)
        return tni_bad(c, TN_E_NOT_BUILT, 0, "m", "tn_model_build, or the first batch, gives the model its shapes", 0);
    return m->weights ? TN_OK : tni_too_small(c, m, m->memory_size, m->need, 0);
}

TENON_API tn_status tn_model_save(tn_context *ctx, const tn_model *m, void *out, size_t size, size_t *written)
{
    tni_call c = tni_enter(ctx, "tn_model_save");
    tni_blob b = { TNI_NULL, TNI_NULL, 0 };
    TNI_TRY(tni_model_enter(&c, m));
    TNI_TRY(tni_has_weights(&c, m));
    tni_save(m, &b);
    if (ctx) ctx->need = b.at;
    if (c.query) return tni_ok(&c);
    TNI_TRY(tni_needed(&c, out, 1, "out"));
    if (size < b.at)
        return tni_bad(&c, TN_E_MEMORY, 2, "size", "the saved model takes ctx->need bytes", (int64_t)size);
    b.out = (unsigned char *)out;
    b.at = 0;
    tni_save(m, &b);
    if (written) *written = b.at;
    return tni_ok(&c);
}

/* ---- load ---- */

static tn_status tni_no_blob(const tni_call *c, const char *rule, int32_t cause)
{
    tn_diag d = tni_finding(TN_E_FILE, 1, "in", rule);
    d.cause = cause;
    return tni_refuse(c, &d);
}

static int tni_is_last_layer(const tn_model *m, int32_t i)
{
    while (++i < m->count && m->layers[i].kind > TN_LAYER_LSTM && m->layers[i].kind != TN_LAYER_BATCH_NORM &&
           m->layers[i].kind != TN_LAYER_LAYER_NORM) {}
    return i >= m->count;
}

/* The next tensor of the blob against weight k of entry i. The first that does not fit is the refusal, the others are
 * findings behind it. */
static tn_status tni_load_shape(tni_call *c, const tn_model *m, tni_blob *b, size_t size, int32_t i, int32_t k,
                                tni_saved *s)
{
    const tn_tensor *const w = tni_weight(&m->layers[i], k);
    tn_tensor got = tni_shape(0, 0, 0, 0, 0, 0);
    tn_diag d;
    int32_t axis, same;
    uint32_t number, which, rank;
    if (size - b->at < 16) return tni_no_blob(c, "its table of tensors is cut short", 0);
    number = tni_word_in(b);
    which = tni_word_in(b);
    s->fits &= which >> 8 == (uint32_t)tni_learns(&m->layers[i], k);
    which &= 255;
    got.axes = (int32_t)tni_word_in(b);
    rank = tni_word_in(b);
    if (rank > TN_MAX_RANK || size - b->at < 4 * (size_t)rank) return tni_no_blob(c, "its table of tensors is wrong", 0);
    got.rank = (int32_t)rank;
    for (axis = 0; axis < got.rank; axis++) got.dim[axis] = (int32_t)(tni_word_in(b) & INT32_MAX);
    same = number == (uint32_t)tni_layer_number(m, i) && which == (uint32_t)k && got.rank == w->rank &&
           got.axes == w->axes && !memcmp(got.dim, w->dim, sizeof got.dim);
    d = tni_finding(TN_E_WEIGHTS, 1, tni_weight_name(k), same ? "read-only weights cannot be loaded into"
                                                              : "saved weights have the shapes of the model's");
    if (same && !(w->flags & TN_READONLY)) return TN_OK;
    c->entry = i + 1;
    d.expected = *w;
    d.received = got;
    for (axis = 0; axis < w->rank && got.rank == w->rank; axis++)
        d.axes_differ |= (uint32_t)(got.dim[axis] != w->dim[axis]) << axis;
    if (tni_is_last_layer(m, i) && d.axes_differ == 1u << (w->rank - 1) && which == (uint32_t)k) {
        d.cause = TN_CAUSE_OTHER_CLASS_COUNT;
        d.number[0] = w->dim[w->rank - 1]; d.number[1] = got.dim[w->rank - 1];
    } else if (m->layers[i].kind == TN_LAYER_DENSE && k == TNI_KERNEL && d.axes_differ == 1 && which == (uint32_t)k) {
        if (tni_infer_flattened_size(m, i, got.dim[0], &d) != TN_CAUSE_OTHER_INPUT_SIZE)
            memset(d.number, 0, sizeof d.number);
        d.cause = TN_CAUSE_OTHER_INPUT_SIZE;
    }
    if (s->misfits++) tni_note(c, &d);
    else (void)tni_refuse(c, &d);
    c->entry = 0;
    return TN_OK;
}

/* Everything is compared here; nothing is written. */
static tn_status tni_load_checks(tni_call *c, const tn_model *m, tni_blob *b, size_t size, tni_saved *s)
{
    const tni_saved own = tni_saved_of(m);
    tni_blob tail = *b;
    size_t floats = 0, state;
    int32_t i, k;
    s->fits = 1;
    if (size < 13 * 4 + TNI_HASH_BYTES || tni_word_in(b) != TNI_MAGIC)
        return tni_no_blob(c, "it does not begin as a saved model does", 0);
    tail.at = size -= TNI_HASH_BYTES;
    if (tni_long_in(&tail) != tni_hash(b->in, size))
        return tni_no_blob(c, "its checksum is wrong: cut short, or changed", 0);
    if (tni_word_in(b) != TNI_FORMAT) return tni_no_blob(c, "it was saved in another format", 0);
    s->tensors = tni_word_in(b);
    s->optimizer = tni_word_in(b);
    s->slots = tni_word_in(b);
    s->trained = tni_long_in(b);
    s->seed = tni_long_in(b);
    s->step = tni_long_in(b);
    s->epoch = tni_long_in(b);
    if ((s->step | s->epoch) >> 62) return tni_no_blob(c, "its counts of steps and epochs are wrong", 0);
    if (s->tensors != own.tensors)
        return tni_bad(c, TN_E_WEIGHTS, 1, "in", "the saved model has as many tensors as this one", s->tensors);
    for (i = 0; i < m->count; i++)
        for (k = 0; k < TNI_WEIGHTS; k++) {
            const tn_tensor *const w = tni_weight(&m->layers[i], k);
            if (!w->rank) continue;
            TNI_TRY(tni_load_shape(c, m, b, size, i, k, s));
            floats += tni_size(w);
        }
    if (s->misfits) return TN_E_WEIGHTS;
    if ((size - b->at) / 4 < floats) return tni_no_blob(c, "its weights are cut short", 0);
    state = (size - b->at) / 4 - floats;
    if (size % 4 || (s->slots ? state / s->slots != s->trained || state % s->slots : state != 0))
        return tni_no_blob(c, "its optimiser's state has another length", 0);
    return TN_OK;
}

TENON_API tn_status tn_model_load(tn_context *ctx, tn_model *m, const void *in, size_t size)
{
    tni_call c = tni_enter(ctx, "tn_model_load");
    tni_blob b = { TNI_NULL, (const unsigned char *)in, 0 };
    tni_saved s, own;
    int32_t i, k;
    TNI_TRY(tni_model_enter(&c, m));
    TNI_TRY(tni_needed(&c, in, 1, "in"));
    TNI_TRY(tni_has_weights(&c, m));
    c.stage = TN_AT_LOAD;
    memset(&s, 0, sizeof s);
    TNI_TRY(tni_load_checks(&c, m, &b, size, &s));
    if (c.query) return tni_ok(&c);
    own = tni_saved_of(m);
    tni_start_anew(m);
    memset(&tni_block_of(m)->seen, 0, sizeof(tni_seen));
    for (i = 0; i < m->count; i++)
        for (k = 0; k < TNI_WEIGHTS; k++) {
            const tn_tensor *const w = tni_weight(&m->layers[i], k);
            if (w->rank) tni_floats_in(&b, (float *)w->data, tni_size(w));
        }
    m->seed = s.seed;
    m->epoch = (int64_t)s.epoch;
    if (m->training && (s.optimizer != own.optimizer || s.slots != own.slots || !s.fits))
        return tni_ok(&c); /* another optimiser's state: ours starts anew */
    m->step = (int64_t)s.step;
    if (own.slots) tni_floats_in(&b, m->gradients + own.trained, own.slots * (size_t)own.trained);
    return tni_ok(&c);
}
