/* tests/conformance_sequential.h - mapping of whole models. One is trained by tn_model_fit, another by the hand-written
 * step: both must come to the same bits. The first declares its input in the list, the second at build. */

enum { NET_LAYERS = 12 };
typedef struct net {
    tn_model m;
    tn_layer layers[1 + NET_LAYERS], *layer; /* layer: behind the input entry, where there is one */
} net;

/* One call on a model, which takes no workspace. */
#define STEP(r, fn, ...)                                                   \
    do {                                                                   \
        (r)->ctx.query = 0;                                                \
        (r)->ctx.diag = &(r)->diag;                                        \
        if (!(r)->over) (r)->status = TN_CALL(fn, &(r)->ctx, __VA_ARGS__); \
        call_end(r, #fn);                                                  \
    } while (0)

/* ---- "conv2d filters=8 kernel=3 activation=relu": a word, then KEY=VALUE ---- */

/* What stands behind " KEY=", or "". */
static const char *behind(const char *text, const char *key)
{
    const char *at = strstr(text, key);
    return at ? at + strlen(key) : "";
}
static int32_t count_in(const char *text, const char *key, int32_t otherwise)
{
    const char *s = behind(text, key);
    return *s ? (int32_t)strtol(s, NULL, 10) : otherwise;
}
static float number_in(const char *text, const char *key, float otherwise)
{
    const char *s = behind(text, key);
    return *s ? (float)strtod(s, NULL) : otherwise;
}
/* The first word of text, NULL-terminated list: which one, or -1. */
static int32_t which(const char *text, const char *const *words)
{
    const size_t length = strcspn(text, " ");
    int32_t i;
    for (i = 0; words[i]; i++)
        if (strlen(words[i]) == length && !strncmp(words[i], text, length)) return i;
    return -1;
}

static int32_t activation_in(run *r, const char *text)
{
    static const char *const names[] = {
        "", "linear", "relu", "elu", "silu", "tanh", "gelu", "sigmoid", "softmax", NULL
    };
    static const int32_t kinds[] = { TN_LINEAR, TN_LINEAR, TN_RELU,    TN_ELU,    TN_SILU,
                                     TN_TANH,   TN_GELU,   TN_SIGMOID, TN_SOFTMAX };
    const int32_t i = which(behind(text, " activation="), names);
    if (i < 0) run_fail(r, "an activation without mapping in: %s", text);
    return i < 0 ? TN_LINEAR : kinds[i];
}

static tn_layer layer_in(run *r, const char *text)
{
    static const char *const names[] = { "conv2d",        "depthwise",  "maxpool", "avgpool",
                                         "globalavgpool", "flatten",    "dense",   "lstm",
                                         "batchnorm",     "activation", NULL };
    const int32_t activation = activation_in(r, text), kernel = count_in(text, " kernel=", 0),
                  size = count_in(text, " size=", 0), units = count_in(text, " units=", 0);
    tn_layer l;
    switch (which(text, names)) {
    case 0: l = TN_CONV2D(count_in(text, " filters=", 0), kernel, kernel, activation); break;
    case 1: l = TN_DEPTHWISE_CONV2D(kernel, kernel, activation); break;
    case 2: l = TN_MAX_POOL2D(size, size); break;
    case 3: l = TN_AVG_POOL2D(size, size); break;
    case 4: l = TN_GLOBAL_AVG_POOL2D(); break;
    case 5: l = TN_FLATTEN(); break;
    case 6: l = TN_DENSE(units, activation); break;
    case 7: l = TN_LSTM(units); break;
    case 8: l = TN_BATCH_NORM(); break;
    case 9: l = TN_ACTIVATION(activation); break;
    default: run_fail(r, "a layer without mapping: %s", text); return TN_FLATTEN();
    }
    l.window.stride_h = l.window.stride_w = count_in(text, " stride=", 0);
    l.window.padding = strstr(text, " padding=same") ? TN_SAME : TN_VALID;
    l.return_sequences = count_in(text, " sequences=", 0);
    return l;
}

static tn_optimizer optimizer_in(run *r, const char *text)
{
    static const char *const names[] = { "sgd", "adam", "adamw", "rmsprop", NULL };
    const int32_t kind = which(text, names);
    const float lr = number_in(text, " lr=", kind == 0 ? 1e-2f : 1e-3f);
    tn_optimizer o = tn_sgd(lr, number_in(text, " momentum=", 0.0f));
    o.nesterov = count_in(text, " nesterov=", 0);
    if (kind < 0) run_fail(r, "an optimizer without mapping: %s", text);
    return kind == 1   ? tn_adam(lr)
           : kind == 2 ? tn_adamw(lr, number_in(text, " weight_decay=", 0.0f))
           : kind == 3 ? tn_rmsprop(lr)
                       : o;
}

static tn_compile compile_of(run *r)
{
    static const char *const names[] = { "sparse_categorical_crossentropy",
                                         "sparse_from_logits",
                                         "categorical_crossentropy",
                                         "binary_crossentropy",
                                         "mse",
                                         NULL };
    static const int32_t kinds[] = { TN_SPARSE_CATEGORICAL_CROSSENTROPY, TN_SPARSE_CATEGORICAL_CROSSENTROPY,
                                     TN_CATEGORICAL_CROSSENTROPY, TN_BINARY_CROSSENTROPY, TN_MEAN_SQUARED_ERROR };
    const char *loss = case_text(&r->file, "loss"), *optimizer = case_text(&r->file, "optimizer");
    const int32_t i = loss ? which(loss, names) : -1;
    tn_compile c = TN_ZERO;
    if (i < 0 || !optimizer) run_fail(r, "a loss without mapping");
    c.loss = kinds[i < 0 ? 0 : i];
    c.from = i == 1 ? TN_LOGITS : TN_PROBABILITIES;
    c.optimizer = optimizer_in(r, optimizer ? optimizer : "sgd");
    return c;
}

/* ---- models ---- */

/* The tensors that layer k of a case may have, in the library's struct. */
static tn_tensor *tensor_of(tn_layer *l, int32_t i)
{
    return i == 0   ? &l->kernel
           : i == 1 ? &l->recurrent
           : i == 2 ? &l->bias
           : i == 3 ? &l->gamma
           : i == 4 ? &l->beta
           : i == 5 ? &l->mean
                    : &l->variance;
}
enum { LAYER_TENSORS = 7 };
static const char *const tensor_names[LAYER_TENSORS] = { "kernel", "recurrent",   "bias",           "gamma",
                                                         "beta",   "moving_mean", "moving_variance" };

static void net_make(run *r, net *n, const tn_tensor *x, int declared)
{
    const int32_t count = integer(r, "layers", 0, 0), batch = integer(r, "batch", 0, 0);
    const int32_t a = x->dim[1], b = x->dim[2], c = x->dim[3];
    const tn_compile compile = compile_of(r);
    tn_tensor sample = *x;
    int32_t k, i;
    memset(n, 0, sizeof *n);
    if (count < 1 || count > NET_LAYERS || x->rank < 2 || x->rank > 4) run_fail(r, "a model of %d layers", (int)count);
    if (r->over) return;
    n->layers[0] = x->rank == 4 ? TN_INPUT_HWC(a, b, c) : x->rank == 3 ? TN_INPUT_TF(a, b) : TN_INPUT_F(a);
    n->layer = n->layers + declared;
    for (k = 0; k < count; k++) {
        char key[24];
        const char *text;
        snprintf(key, sizeof key, "layer.%d", (int)k);
        text = case_text(&r->file, key);
        n->layer[k] = layer_in(r, text ? text : "");
    }
    sample.data = NULL;
    sample.axes = 0;
    sample.rank = x->rank - 1;
    for (i = 0; i < sample.rank; i++) sample.dim[i] = x->dim[i + 1];
    STEP(r, tn_model_init, &n->m, r->file.name, n->layers, count + declared);
    STEP(r, tn_model_compile, &n->m, &compile);
    STEP(r, tn_model_build, &n->m, declared ? NULL : &sample, batch);
    if (r->over) return;
    if (n->m.parameters != integer(r, "parameters", 0, -1)) run_fail(r, "%d parameters", (int)n->m.parameters);
    STEP(r, tn_model_memory, &n->m, take(r, n->m.need), n->m.need, 1);
    for (k = 0; k < count && !r->over; k++)
        for (i = 0; i < LAYER_TENSORS; i++) {
            const tn_tensor *const t = tensor_of(&n->layer[k], i);
            const case_tensor *given;
            char name[40];
            snprintf(name, sizeof name, "l%d.%s", (int)k, tensor_names[i]);
            given = case_find(&r->file, "in", name);
            if ((given != NULL) != (t->data != NULL) || (given && given->bytes != tn_bytes(t)))
                run_fail(r, "%s is of another size", name);
            else if (given) memcpy(t->data, given->data, given->bytes);
        }
}

/* The hand-written loop: forward, backward, update. The loss of each step; of the last epoch the mean over samples. */
static double net_train(run *r, net *n, const tn_tensor *x, const tn_tensor *y, const tn_tensor *losses)
{
    const int32_t batch = integer(r, "batch", 0, 1), epochs = integer(r, "epochs", 0, 1), samples = x->dim[0];
    float *next = (float *)losses->data, *const end = next + losses->dim[0];
    double sum = 0;
    int32_t epoch, first;
    for (epoch = 0; epoch < epochs; epoch++)
        for (first = 0, sum = 0; first < samples && !r->over; first += batch) {
            const int32_t rows = samples - first < batch ? samples - first : batch;
            tn_tensor x_rows, y_rows;
            double loss = 0;
            STEP(r, tn_rows, &x_rows, x, first, rows);
            STEP(r, tn_rows, &y_rows, y, first, rows);
            STEP(r, tn_model_forward, &n->m, NULL, &x_rows, 1);
            STEP(r, tn_model_backward, &n->m, &y_rows, &loss);
            STEP(r, tn_model_update, &n->m);
            if (next == end) run_fail(r, "more steps than the case has");
            else *next++ = (float)loss;
            sum += loss * rows;
        }
    if (next != end) run_fail(r, "fewer steps than the case has");
    return sum / samples;
}

static void same_weights(run *r, net *a, net *b, int32_t count)
{
    int32_t k, i;
    for (k = 0; k < count && !r->over; k++)
        for (i = 0; i < LAYER_TENSORS; i++) {
            const tn_tensor *const s = tensor_of(&a->layer[k], i), *const t = tensor_of(&b->layer[k], i);
            if (s->data && memcmp(s->data, t->data, tn_bytes(s)))
                run_fail(r, "fit and the hand-written step give layer %d another %s", (int)k, tensor_names[i]);
        }
}

static void run_sequential(run *r)
{
    static net fitted, stepped;
    const int32_t count = integer(r, "layers", 0, 0), sample_rank = rank_of(r, "in", "x");
    const int32_t axes = sample_rank == 4 ? TN_NHWC : sample_rank == 3 ? TN_NTF : TN_NF;
    const tn_tensor *x = in(r, "x", axes), *y = in(r, "y", 0), *x_new = in(r, "x_new", axes);
    const tn_tensor *before = out(r, "predict_before", 0), *after = out(r, "predict_after", 0),
                    *losses = out(r, "step_losses", 0), *again = out(r, "predict_after", 0);
    tn_fit fit = TN_ZERO;
    tn_progress last = TN_ZERO;
    double loss;
    int32_t k, i;
    if (!x || !y || !x_new || !before || !after || !losses) {
        run_fail(r, "no such model case");
        return;
    }
    net_make(r, &fitted, x, 1);
    net_make(r, &stepped, x, 0);
    STEP(r, tn_model_predict, &fitted.m, before, x_new);
    check(r, "predict_before", before);
    fit.epochs = integer(r, "epochs", 0, 1);
    fit.batch = integer(r, "batch", 0, 1);
    fit.no_shuffle = 1;
    STEP(r, tn_model_fit, &fitted.m, x, y, &fit, &last);
    STEP(r, tn_model_predict, &fitted.m, after, x_new);
    check(r, "predict_after", after);
    if (r->over) return;
    loss = net_train(r, &stepped, x, y, losses);
    check(r, "step_losses", losses);
    STEP(r, tn_model_predict, &stepped.m, again, x_new);
    if (r->over) return;
    if (memcmp(again->data, after->data, tn_bytes(after))) run_fail(r, "the hand-written step gives other predictions");
    if (!(fabs(last.loss - loss) <= 1e-12 * fabs(loss)))
        run_fail(r, "fit says %.17g, the mean of the last epoch's losses is %.17g", last.loss, loss);
    same_weights(r, &fitted, &stepped, count);
    for (k = 0; k < count; k++)
        for (i = 0; i < LAYER_TENSORS; i++) {
            const tn_tensor *const t = tensor_of(&fitted.layer[k], i);
            char name[40];
            snprintf(name, sizeof name, "after.l%d.%s", (int)k, tensor_names[i]);
            check(r, name, t->data ? t : NULL);
        }
}
