/* tests/conformance_loss.h - mappings of losses and optimisers. */

static tn_loss_params loss_params(const run *r)
{
    tn_loss_params p = TN_ZERO;
    const char *prefix = case_text(&r->file, "opset") ? "attr." : "";
    char key[40];
    snprintf(key, sizeof key, "%sreduction", prefix);
    p.reduction = is(r, key, "sum") ? TN_SUM : is(r, key, "none") ? TN_NONE : TN_MEAN;
    snprintf(key, sizeof key, "%signore_index", prefix);
    p.use_ignore_index = case_text(&r->file, key) != NULL;
    p.ignore_index = integer(r, key, 0, 0);
    p.label_smoothing = number(r, "label_smoothing", 0);
    p.delta = number(r, "delta", 0);
    p.clip = number(r, "clip", 0);
    return p;
}

/* The gradients that arrive at unreduced losses become weights of the samples: dx is then that of the weighted sum. */
static void loss_and_gradient(run *r, int32_t kind, const char *x_name, const char *gx_name, tn_loss_params *p)
{
    tn_tensor *x = in(r, x_name, 0), *target = in(r, "target", 0), *gloss = in(r, "gloss", 0);
    tn_tensor *loss = out(r, "loss", 0), *gx = out(r, gx_name, 0);
    p->class_weight = in(r, "class_weight", 0);
    p->sample_weight = in(r, "sample_weight", 0);
    if (gloss) {
        CALL(r, tn_loss, kind, loss, NULL, x, target, p);
        p->sample_weight = gloss;
        CALL(r, tn_loss, kind, NULL, gx, x, target, p);
    } else {
        CALL(r, tn_loss, kind, loss, gx, x, target, p);
    }
    check(r, "loss", loss);
    check(r, gx_name, gx);
}

static void run_elementwise_loss(run *r)
{
    const char *op = r->file.op;
    tn_loss_params p = loss_params(r);
    p.from = strstr(op, "logits") ? TN_LOGITS : TN_PROBABILITIES;
    loss_and_gradient(r,
                      op[0] == 'b'   ? TN_BINARY_CROSSENTROPY
                      : op[0] == 'm' ? TN_MEAN_SQUARED_ERROR
                      : op[0] == 'l' ? TN_MEAN_ABSOLUTE_ERROR
                                     : TN_HUBER,
                      "x", "gx", &p);
}

/* softmax_cross_entropy takes logits; cross_entropy says in `from` what x holds */
static void run_cross_entropy(run *r)
{
    const int logits = !strcmp(r->file.op, "softmax_cross_entropy");
    tn_tensor *x = in(r, logits ? "logits" : "x", 0), *prob = out(r, "prob", 0);
    tn_loss_params p = loss_params(r);
    p.from = logits || is(r, "from", "logits")    ? TN_LOGITS
             : is(r, "from", "log_probabilities") ? TN_LOG_PROBABILITIES
                                                  : TN_PROBABILITIES;
    loss_and_gradient(r, is(r, "target", "soft") ? TN_CATEGORICAL_CROSSENTROPY : TN_SPARSE_CATEGORICAL_CROSSENTROPY,
                      logits ? "logits" : "x", logits ? "glogits" : "gx", &p);
    if (!prob) return;
    CALL(r, tn_softmax, prob, x, -1);
    check(r, "prob", prob);
}

/* NegativeLogLikelihoodLoss and SoftmaxCrossEntropyLoss: (N,C,d1..) seen as (N,C,D), its classes then moved last. */
static void run_onnx_loss(run *r)
{
    const int nll = r->file.op[0] == 'N';
    const char *x_name = nll ? "input" : "scores", *t_name = nll ? "target" : "labels",
               *loss_name = nll ? "loss" : "output";
    const int32_t rank = rank_of(r, "in", x_name);
    const int32_t n = span_of(r, "in", x_name, 0, 1), c = span_of(r, "in", x_name, 1, 2),
                  d = span_of(r, "in", x_name, 2, rank);
    tn_tensor *x = transposed(r, shaped(r, in(r, x_name, 0), 0, 3, n, c, d, 0), 0, 0, 2, 1, 0),
              *target = shaped(r, in(r, t_name, 0), 0, 2, n, d, 0, 0);
    tn_tensor *whole = out(r, loss_name, 0), *loss = whole, *log_prob;
    tn_loss_params p = loss_params(r);
    p.from = nll ? TN_LOG_PROBABILITIES : TN_LOGITS;
    p.class_weight = in(r, nll ? "weight" : "weights", 0);
    if (p.reduction == TN_NONE) loss = shaped(r, whole, 0, 2, n, d, 0, 0);
    CALL(r, tn_loss, TN_SPARSE_CATEGORICAL_CROSSENTROPY, loss, NULL, x, target, &p);
    check(r, loss_name, whole);
    if (!has(r, "out", "log_prob")) return;
    log_prob = fresh(r, TN_F32, 0, 3, n, d, c, 0);
    CALL(r, tn_log_softmax, log_prob, x, -1);
    check(r, "log_prob", transposed(r, log_prob, 0, 0, 2, 1, 0));
}

/* Ten steps on p'Ap/2 - b'p. form = keras: Keras' formulas and slots, else PyTorch's. */
static void run_optimizer(run *r)
{
    const char *op = r->file.op;
    const tn_tensor *a = in(r, "A", 0), *b = needed(r, "b"), *p0 = needed(r, "p0"), *g = out(r, "g", 0),
                    *p = out(r, "p", 0), *state = NULL;
    const int32_t n = p0->dim[0], steps = integer(r, "steps", 0, 10);
    const tn_tensor *c = shaped(r, b, 0, 2, n, 1, 0, 0);
    tn_tensor gi, pi, next;
    tn_optimizer o;
    tn_gemm_params less = TN_ZERO;
    int32_t i, slots;
    less.set = 1, less.alpha = 1, less.beta = -1;
    o = !strcmp(op, "sgd")     ? tn_sgd(0, 0)
        : !strcmp(op, "adam")  ? tn_adam(0)
        : !strcmp(op, "adamw") ? tn_adamw(0, 0)
                               : tn_rmsprop(0);
    o.form = is(r, "form", "keras") ? TN_AS_KERAS : TN_AS_PYTORCH;
    o.lr = number(r, "lr", 0);
    o.momentum = number(r, "momentum", 0);
    o.dampening = number(r, "dampening", 0);
    o.nesterov = integer(r, "nesterov", 0, 0);
    o.decay = number(r, "weight_decay", 0);
    o.beta1 = number(r, "beta1", (double)o.beta1);
    o.beta2 = number(r, "beta2", (double)number(r, "alpha", (double)o.beta2));
    o.epsilon = number(r, "eps", (double)o.epsilon);
    o.amsgrad = integer(r, "amsgrad", 0, 0);
    o.centered = integer(r, "centered", 0, 0);
    slots = tn_optimizer_slots(&o);
    if (!g || !p || g->rank != 2 || g->dim[0] != steps || g->dim[1] != n || tn_bytes(p) != tn_bytes(g) + tn_bytes(p0))
        run_fail(r, "g and p are not as many points");
    if (r->over) return;
    if (slots) {
        state = fresh(r, TN_F32, 0, 1, (int64_t)slots * n, 0, 0, 0);
        memset(state->data, 0, tn_bytes(state));
    }
    memcpy(p->data, p0->data, tn_bytes(p0));
    for (i = 0; i < steps; i++) {
        pi = column(p, i), next = column(p, i + 1), gi = column(g, i);
        CALL(r, tn_gemm, &gi, a, &pi, c, &less);
        memcpy(next.data, pi.data, tn_bytes(&pi));
        CALL(r, tn_optimizer_step, &next, state, &gi, &o, i + 1);
    }
    check(r, "g", g);
    check(r, "p", p);
}
