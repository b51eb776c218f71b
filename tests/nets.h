/* tests/nets.h - models under test: made from a list, given exactly their memory, called, compared. */
#include "test.h"

enum { NET_LAYERS = 20, NET_NOTES = 8, POOL = 1 << 19 };

typedef struct net {
    tn_model m;
    tn_layer layers[NET_LAYERS];
    tn_context ctx;
    tn_diag diag;
    unsigned char *memory;
    int notes, noted[NET_NOTES]; /* how many came, and their codes */
    tn_model kept_model;         /* what a refused call must leave alone */
    tn_layer kept_layers[NET_LAYERS];
    unsigned char *kept;
} net;

/* ---- data ---- */

static float pool[POOL] __attribute__((aligned(8)));
static size_t pool_used;

static TEST_UNUSED float *block(size_t n)
{
    float *p;
    pool_used += pool_used % 2; /* for i64 */
    p = pool + pool_used;
    pool_used += n;
    if (pool_used > POOL) abort();
    return p;
}
static TEST_UNUSED float *floats(size_t n, float low, float high)
{
    float *p = block(n);
    fill_floats(p, n, low, high);
    return p;
}
static TEST_UNUSED tn_tensor floats_of(int32_t rank, int a, int b, int c, int d)
{
    tn_tensor t = tn_view(NULL, 0, rank, a, b, c, d);
    t.data = floats(tn_bytes(&t) / sizeof(float), -1.0f, 1.0f);
    return t;
}
static TEST_UNUSED tn_tensor bytes_of(int32_t rank, int a, int b, int c, int d)
{
    tn_tensor t = tn_as(tn_view(NULL, 0, rank, a, b, c, d), TN_U8);
    const size_t n = tn_bytes(&t);
    unsigned char *p = (unsigned char *)block(n / 4 + 1);
    size_t i;
    for (i = 0; i < n; i++) p[i] = (unsigned char)(random_bits() & 255u);
    t.data = p;
    return t;
}
static TEST_UNUSED tn_tensor classes_of(int n, int k)
{
    tn_tensor t = tn_as(tn_view(block((size_t)n), TN_N, 1, n, 0, 0, 0), TN_I32);
    int i;
    for (i = 0; i < n; i++) ((int32_t *)t.data)[i] = random_int(0, k - 1);
    return t;
}
static TEST_UNUSED tn_tensor room_of(int a, int b)
{
    tn_tensor t = tn_view(block((size_t)a * (size_t)b), TN_NF, 2, a, b, 0, 0);
    size_t i;
    for (i = 0; i < (size_t)a * (size_t)b; i++) ((float *)t.data)[i] = -77.0f;
    return t;
}
static TEST_UNUSED tn_tensor rows_of(const tn_tensor *t, int first, int count)
{
    tn_tensor part = TN_ZERO;
    assert_int_equal(tn_rows(NULL, &part, t, first, count), TN_OK);
    return part;
}
static TEST_UNUSED const float *values(const tn_tensor *t) { return (const float *)t->data; }
static TEST_UNUSED size_t count_of(const tn_tensor *t) { return t->data ? tn_bytes(t) / sizeof(float) : 0; }

/* ---- list entries with a field set ---- */
static TEST_UNUSED tn_layer same(tn_layer l)
{
    l.window.padding = TN_SAME;
    return l;
}
static TEST_UNUSED tn_layer strided(tn_layer l, int s)
{
    l.window.stride_h = l.window.stride_w = s;
    return l;
}
static TEST_UNUSED tn_layer frozen(tn_layer l)
{
    l.frozen = 1;
    return l;
}
static TEST_UNUSED tn_layer no_bias(tn_layer l)
{
    l.no_bias = 1;
    return l;
}
static TEST_UNUSED tn_layer sequences(tn_layer l)
{
    l.return_sequences = 1;
    return l;
}
static TEST_UNUSED tn_layer reversed(tn_layer l)
{
    l.reverse = 1;
    return l;
}
static TEST_UNUSED tn_layer stateful(tn_layer l)
{
    l.stateful = 1;
    return l;
}
static TEST_UNUSED tn_layer multiplied(tn_layer l, int by)
{
    l.multiplier = by;
    return l;
}
static TEST_UNUSED tn_layer grouped(tn_layer l, int by)
{
    l.groups = by;
    return l;
}

static TEST_UNUSED tn_compile compiled(int32_t loss, int32_t from, tn_optimizer optimizer)
{
    tn_compile c = TN_ZERO;
    c.loss = loss;
    c.from = from;
    c.optimizer = optimizer;
    return c;
}
static TEST_UNUSED tn_compile sparse(tn_optimizer o)
{
    return compiled(TN_SPARSE_CATEGORICAL_CROSSENTROPY, TN_PROBABILITIES, o);
}
static TEST_UNUSED tn_compile squares(tn_optimizer o) { return compiled(TN_MEAN_SQUARED_ERROR, 0, o); }

/* ---- calls ---- */

static void net_failed(const net *n, const char *call, int line)
{
    char text[2000];
    tn_diag_format(&n->diag, TN_FULL, text, sizeof text);
    fail_msg("line %d: %s refused:\n%s", line, call, text);
}
#define DO(n, fn, ...)                                                         \
    do {                                                                       \
        if (fn(&(n)->ctx, __VA_ARGS__) != TN_OK) net_failed(n, #fn, __LINE__); \
    } while (0)

static void net_note(void *user, const tn_diag *d)
{
    net *const n = (net *)user;
    if (n->notes < NET_NOTES) n->noted[n->notes] = d->status;
    n->notes++;
}
static TEST_UNUSED int noted(const net *n, int32_t status)
{
    int i, found = 0;
    for (i = 0; i < n->notes && i < NET_NOTES; i++) found += n->noted[i] == status;
    return found;
}

static void net_init(net *n, const tn_layer *list, size_t count)
{
    memset(n, 0, sizeof *n);
    if (count > NET_LAYERS) abort();
    memcpy(n->layers, list, count * sizeof *list);
    n->ctx.diag = &n->diag;
    n->ctx.note = net_note;
    n->ctx.user = n;
    DO(n, tn_model_init, &n->m, "net", n->layers, (int32_t)count);
}
#define INIT(n, ...)                                 \
    do {                                             \
        const tn_layer net_list[] = { __VA_ARGS__ }; \
        net_init(n, net_list, COUNT(net_list));      \
    } while (0)

static TEST_UNUSED void net_memory(net *n, uint64_t seed)
{
    free(n->memory);
    n->memory = (unsigned char *)malloc(n->m.need ? n->m.need : 1);
    memset(n->memory, 0xa5, n->m.need);
    DO(n, tn_model_memory, &n->m, n->memory, n->m.need, seed);
}
/* Behind INIT: compiled where c is not NULL, built for the batch, with memory. */
static TEST_UNUSED void net_ready(net *n, const tn_compile *c, int32_t batch)
{
    if (c) DO(n, tn_model_compile, &n->m, c);
    DO(n, tn_model_build, &n->m, NULL, batch);
    net_memory(n, 7);
}
static TEST_UNUSED void net_free(net *n)
{
    free(n->memory);
    free(n->kept);
    n->memory = n->kept = NULL;
}

/* ---- refusals: the code, the cause (0: not asked), the stage (-1: not asked), and nothing written ---- */
static TEST_UNUSED void net_keep(net *n)
{
    memcpy(&n->kept_model, &n->m, sizeof n->m);
    memcpy(n->kept_layers, n->layers, sizeof n->layers);
    free(n->kept);
    n->kept = n->memory ? (unsigned char *)malloc(n->m.memory_size + 1) : NULL;
    if (n->memory) memcpy(n->kept, n->memory, n->m.memory_size);
    memset(&n->diag, 0, sizeof n->diag);
}
static TEST_UNUSED void net_unchanged(const net *n, const char *call, int line)
{
    int i;
    if (memcmp(&n->kept_model, &n->m, sizeof n->m)) fail_msg("line %d: %s changed the model", line, call);
    for (i = 0; i < NET_LAYERS; i++) {
        tn_layer was = n->kept_layers[i];
        was.output = n->layers[i].output; /* the trace of a refused build shows how far it came */
        if (memcmp(&was, &n->layers[i], sizeof was)) fail_msg("line %d: %s changed entry %d", line, call, i);
    }
    if (n->kept && memcmp(n->kept, n->memory, n->m.memory_size)) fail_msg("line %d: %s changed the memory", line, call);
}
static TEST_UNUSED void net_refused(const net *n, tn_status got, int32_t status, int32_t cause, int32_t stage,
                                    const char *call, int line)
{
    char text[2000];
    if (got == TN_OK) fail_msg("line %d: %s took it, %s expected", line, call, tn_status_name(status));
    if (tn_diag_format(&n->diag, TN_FULL, text, sizeof text) >= sizeof text) fail_msg("line %d: a long text", line);
    if ((int32_t)got != status || n->diag.status != status || (cause && n->diag.cause != cause) ||
        (stage >= 0 && n->diag.stage != stage))
        fail_msg("line %d: %s returned %s (record: %s, %s, stage %d), must be %s, %s, stage %d\n%s", line, call,
                 tn_status_name((int32_t)got), tn_status_name(n->diag.status), tn_cause_name(n->diag.cause),
                 (int)n->diag.stage, tn_status_name(status), tn_cause_name(cause), (int)stage, text);
    net_unchanged(n, call, line);
}
#define REFUSED(n, status, cause, stage, fn, ...)                                        \
    do {                                                                                 \
        net_keep(n);                                                                     \
        net_refused(n, fn(&(n)->ctx, __VA_ARGS__), status, cause, stage, #fn, __LINE__); \
    } while (0)

/* ---- tensors of a layer ---- */
enum { LAYER_TENSORS = 7 };
static TEST_UNUSED tn_tensor *tensor_of(tn_layer *l, int i)
{
    tn_tensor *const all[LAYER_TENSORS] = { &l->kernel, &l->recurrent, &l->bias,    &l->gamma,
                                            &l->beta,   &l->mean,      &l->variance };
    return all[i];
}

/* Every weight of two models of one list. */
static TEST_UNUSED int net_same(net *a, net *b)
{
    int k, i;
    for (k = 0; k < a->m.count; k++)
        for (i = 0; i < LAYER_TENSORS; i++) {
            const tn_tensor *const s = tensor_of(&a->layers[k], i), *const t = tensor_of(&b->layers[k], i);
            if ((s->data != NULL) != (t->data != NULL) || tn_bytes(s) != tn_bytes(t)) return 0;
            if (s->data && memcmp(s->data, t->data, tn_bytes(s))) return 0;
        }
    return 1;
}
static TEST_UNUSED uint64_t net_hash(net *n)
{
    uint64_t h = 0xcbf29ce484222325u;
    int k, i;
    for (k = 0; k < n->m.count; k++)
        for (i = 0; i < LAYER_TENSORS; i++) {
            const tn_tensor *const t = tensor_of(&n->layers[k], i);
            if (t->data) h = hash_floats(h, values(t), count_of(t));
        }
    return h;
}

/* ---- training ---- */

#define MUST(call) assert_int_equal(call, TN_OK)
/* One batch of the hand-written loop; the loss. */
static TEST_UNUSED double step(net *n, const tn_tensor *x, const tn_tensor *y)
{
    double loss = -1;
    DO(n, tn_model_forward, &n->m, NULL, x, 1);
    DO(n, tn_model_backward, &n->m, y, &loss);
    DO(n, tn_model_update, &n->m);
    return loss;
}
static TEST_UNUSED int close_to(double got, double want, double bound) { return fabs(got - want) <= bound; }
static TEST_UNUSED void gradients_of(net *n, const tn_tensor *x, const tn_tensor *y, double *loss)
{
    DO(n, tn_model_forward, &n->m, NULL, x, 1);
    DO(n, tn_model_backward, &n->m, y, loss);
}

/* What the callbacks of fit were told. */
enum { SEEN = 64 };
typedef struct watch {
    tn_progress batch[SEEN], epoch[SEEN];
    int batches, epochs, stop_batch, stop_epoch; /* which call returns nonzero, from 1 */
} watch;
static TEST_UNUSED int on_batch(void *user, const tn_progress *p)
{
    watch *const w = (watch *)user;
    if (w->batches < SEEN) w->batch[w->batches] = *p;
    return ++w->batches == w->stop_batch;
}
static TEST_UNUSED int on_epoch(void *user, const tn_progress *p)
{
    watch *const w = (watch *)user;
    if (w->epochs < SEEN) w->epoch[w->epochs] = *p;
    return ++w->epochs == w->stop_epoch;
}
static TEST_UNUSED tn_fit watched(watch *w, int epochs, int batch)
{
    tn_fit f = TN_ZERO;
    memset(w, 0, sizeof *w);
    f.epochs = epochs;
    f.batch = batch;
    f.no_shuffle = 1;
    f.on_batch = on_batch;
    f.on_epoch = on_epoch;
    f.user = w;
    return f;
}

/* ---- two models that hold every kind of layer ---- */
static TEST_UNUSED void picture_net(net *n) /* x u8[N,13,11,3], 4 classes */
{
    INIT(n, TN_INPUT_HWC(13, 11, 3), TN_RESCALING(1.0f / 64.0f, -2.0f), same(TN_CONV2D(5, 3, 3, TN_RELU)),
         TN_BATCH_NORM(), strided(multiplied(TN_DEPTHWISE_CONV2D(3, 3, TN_ELU), 2), 2), TN_MAX_POOL2D(2, 2),
         grouped(TN_CONV2D(6, 1, 1, TN_SILU), 2), same(TN_AVG_POOL2D(2, 2)), TN_GAUSSIAN_NOISE(0.1f), TN_FLATTEN(),
         TN_LAYER_NORM(), no_bias(TN_DENSE(9, TN_GELU)), TN_DROPOUT(0.25f), TN_DENSE(4, TN_SOFTMAX));
}
static TEST_UNUSED void series_net(net *n) /* x f32[N,7,3], y f32[N,2] */
{
    INIT(n, TN_INPUT_TF(7, 3), sequences(TN_LSTM(6)), reversed(sequences(TN_LSTM(5))), TN_DENSE(4, TN_TANH),
         TN_RESHAPE_HWC(7, 2, 2), frozen(TN_CONV2D(3, 2, 2, TN_LINEAR)), TN_GLOBAL_MAX_POOL2D(),
         TN_ACTIVATION(TN_LEAKY_RELU), TN_DENSE(2, TN_LINEAR));
}
static TEST_UNUSED void small_net(net *n) /* x f32[N,6,5,2], 3 classes */
{
    INIT(n, TN_INPUT_HWC(6, 5, 2), TN_CONV2D(4, 3, 3, TN_RELU), TN_GLOBAL_AVG_POOL2D(), TN_DENSE(3, TN_SOFTMAX));
}

static TEST_UNUSED void large_net(net *n) /* x f32[N,20,20,8], 4 classes: its calls cut their work into several tasks */
{
    INIT(n, TN_INPUT_HWC(20, 20, 8), TN_CONV2D(40, 3, 3, TN_RELU), TN_BATCH_NORM(), TN_MAX_POOL2D(2, 2), TN_FLATTEN(),
         TN_LAYER_NORM(), TN_DROPOUT(0.25f), TN_DENSE(70, TN_GELU), TN_DENSE(4, TN_SOFTMAX));
}

/* A parallel_for that runs its tasks backwards, on three workers in turn, and counts its calls. */
static TEST_UNUSED void backwards(void *user, int32_t tasks, tn_task run, void *arg)
{
    int32_t i;
    ++*(int *)user;
    for (i = tasks; i-- > 0;) run(arg, i, i % 3);
}

static TEST_UNUSED int start(void **state)
{
    (void)state;
    pool_used = 0;
    test_seed = 1;
    return 0;
}
static TEST_UNUSED int finish(void **state)
{
    (void)state;
    fence_clear();
    return tn_isa_use(TN_ISA_BEST) != TN_OK;
}
#define TEST(name) cmocka_unit_test_setup_teardown(name, start, finish)
