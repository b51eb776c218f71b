/* tests/test_model_train.c - Sequential: fit and the loop by hand, progress, the order of samples, weights of samples
 * and classes, the optimiser, shapes found in data. */
#include "nets.h"

/* ---- progress ---- */

static void progress_counts_and_means(void **state)
{
    static const int seen[] = { 32, 64, 96, 100 };
    const tn_tensor x = floats_of(4, 100, 6, 5, 2), y = classes_of(100, 3), out = room_of(100, 3);
    const tn_compile c = sparse(tn_adam(1e-2f));
    tn_progress last;
    watch w;
    tn_fit f = watched(&w, 2, 32);
    net n, hand;
    int epoch, i, r;
    (void)state;
    small_net(&n);
    small_net(&hand);
    net_ready(&n, &c, 32);
    net_ready(&hand, &c, 32);
    DO(&n, tn_model_fit, &n.m, &x, &y, &f, &last);
    assert_int_equal(w.batches, 8);
    assert_int_equal(w.epochs, 2);
    for (epoch = 0; epoch < 2; epoch++) {
        double sum = 0, right = 0;
        for (i = 0; i < 4; i++) {
            const tn_progress *p = &w.batch[4 * epoch + i];
            const int rows = seen[i] - 32 * i;
            const tn_tensor xs = rows_of(&x, 32 * i, rows), ys = rows_of(&y, 32 * i, rows), os = rows_of(&out, 0, rows);
            double loss;
            DO(&hand, tn_model_forward, &hand.m, &os, &xs, 1);
            for (r = 0; r < rows; r++) {
                const float *v = values(&os) + 3 * r;
                const int best = v[1] > v[0] ? (v[2] > v[1] ? 2 : 1) : v[2] > v[0] ? 2 : 0;
                right += best == ((const int32_t *)ys.data)[r];
            }
            loss = step(&hand, &xs, &ys);
            sum += loss * rows;
            assert_int_equal(p->epoch, epoch + 1);
            assert_int_equal(p->epochs, 2);
            assert_int_equal(p->batch, i + 1);
            assert_int_equal(p->batches, 4);
            assert_int_equal(p->samples, seen[i]);
            assert_true(close_to(p->loss, sum / seen[i], 1e-12 * fabs(sum)));
            assert_true(close_to(p->accuracy, right / seen[i], 1e-12));
            assert_true(isnan(p->val_loss) && isnan(p->val_accuracy));
        }
        assert_true(w.epoch[epoch].samples == 100 && w.epoch[epoch].epoch == epoch + 1);
        assert_true(w.epoch[epoch].loss == w.batch[4 * epoch + 3].loss);
    }
    assert_true(last.loss == w.epoch[1].loss && last.accuracy == w.epoch[1].accuracy && last.samples == 100);
    assert_true(net_same(&n, &hand)); /* fit is the loop written by hand */
    assert_true(n.m.epoch == 2 && n.m.step == 8 && hand.m.step == 8);

    f = watched(&w, 1, 32); /* the last, smaller batch left out; epochs go on */
    f.drop_last = 1;
    DO(&n, tn_model_fit, &n.m, &x, &y, &f, &last);
    assert_int_equal(w.batches, 3);
    assert_true(last.samples == 96 && last.batches == 3 && n.m.epoch == 3 && n.m.step == 11);
    f.batch = 33; /* more than the memory is for */
    REFUSED(&n, TN_E_MEMORY, 0, -1, tn_model_fit, &n.m, &x, &y, &f, &last);
    assert_true(n.ctx.need > n.m.need);
    f = watched(&w, 0, 0); /* 0: one epoch, the model's batch */
    DO(&n, tn_model_fit, &n.m, &x, &y, &f, &last);
    assert_true(w.batches == 4 && last.epoch == 4 && last.epochs == 4);
    DO(&n, tn_model_fit, &n.m, &x, &y, NULL, NULL);
    assert_true(n.m.epoch == 5 && n.m.step == 19);
    net_free(&n);
    net_free(&hand);
}

/* An evaluation: the mean over all rows, whatever the batch; accuracy of a binary loss and of none. */
static void evaluation(void **state)
{
    const tn_tensor x = floats_of(2, 37, 4, 0, 0), y = room_of(37, 1), out = room_of(37, 1);
    tn_compile c = compiled(TN_BINARY_CROSSENTROPY, TN_PROBABILITIES, tn_sgd(0.1f, 0.0f));
    tn_progress p;
    double sum = 0, right = 0;
    net n;
    int i;
    (void)state;
    for (i = 0; i < 37; i++) ((float *)y.data)[i] = (float)(i % 3 == 0);
    INIT(&n, TN_INPUT_F(4), TN_DENSE(3, TN_TANH), TN_DENSE(1, TN_SIGMOID));
    net_ready(&n, &c, 8);
    DO(&n, tn_model_predict, &n.m, &out, &x);
    for (i = 0; i < 37; i++) {
        const double q = (double)values(&out)[i], t = (double)values(&y)[i];
        sum -= t * log(q) + (1 - t) * log(1 - q);
        right += (q > 0.5) == (t > 0.5);
    }
    net_keep(&n);
    DO(&n, tn_model_evaluate, &n.m, &x, &y, &p);
    assert_true(close_to(p.loss, sum / 37, 1e-5) && close_to(p.accuracy, right / 37, 1e-12) && p.samples == 37);
    assert_true(net_same(&n, &n) && n.m.step == 0 && n.m.epoch == 0);
    net_free(&n);
    c = squares(tn_sgd(0.1f, 0.0f));
    INIT(&n, TN_INPUT_F(4), TN_DENSE(1, TN_LINEAR));
    net_ready(&n, &c, 8);
    DO(&n, tn_model_predict, &n.m, &out, &x);
    DO(&n, tn_model_evaluate, &n.m, &x, &y, &p);
    for (i = 0, sum = 0; i < 37; i++) {
        const double d = (double)values(&out)[i] - (double)values(&y)[i];
        sum += d * d;
    }
    assert_true(close_to(p.loss, sum / 37, 1e-6 * sum) && isnan(p.accuracy));
    net_free(&n);
}

/* ---- fit against the hand-written loop, on every kind of layer and instruction set, with threads ---- */

static void check_fit(void (*make)(net *), const tn_compile *c, const tn_tensor *x, const tn_tensor *y, int threaded)
{
    const int rows = x->dim[0];
    uint64_t known = 0;
    int way, epoch, first, calls = 0;
    FOR_EACH_ISA(isa)
    for (way = 0; way < 3; way++) { /* fit, by hand, fit on threads */
        net n;
        tn_fit f = TN_ZERO;
        make(&n);
        if (way == 2) {
            n.ctx.workers = 3;
            n.ctx.parallel_for = backwards;
            n.ctx.pool = &calls;
        }
        net_ready(&n, c, 16);
        f.epochs = 2;
        f.no_shuffle = 1;
        if (way != 1) DO(&n, tn_model_fit, &n.m, x, y, &f, NULL);
        for (epoch = 0; way == 1 && epoch < 2; epoch++)
            for (first = 0; first < rows; first += 16) {
                const int count = rows - first < 16 ? rows - first : 16;
                const tn_tensor xs = rows_of(x, first, count), ys = rows_of(y, first, count);
                step(&n, &xs, &ys);
            }
        if (!known) known = net_hash(&n);
        if (net_hash(&n) != known)
            fail_msg("%s on %s: other weights", way == 1 ? "the hand-written loop" : "fit", tn_isa_name());
        net_free(&n);
    }
    assert_true(calls > 0 || !threaded);
}

static void fit_is_the_loop_by_hand(void **state)
{
    const tn_tensor pictures = bytes_of(4, 21, 13, 11, 3), series = floats_of(3, 21, 7, 3, 0);
    const tn_tensor classes = classes_of(21, 4), targets = floats_of(2, 21, 2, 0, 0),
                    large = floats_of(4, 21, 20, 20, 8);
    const tn_compile adam = sparse(tn_adam(1e-2f)), momentum = squares(tn_sgd(1e-2f, 0.9f));
    (void)state;
    check_fit(picture_net, &adam, &pictures, &classes, 0);
    check_fit(series_net, &momentum, &series, &targets, 1);
    check_fit(large_net, &adam, &large, &classes, 1);
}

/* ---- order: one-hot rows into a linear model without bias; each step moves the weight of the row it saw ---- */

enum { ROWS = 13 };
typedef struct order {
    const float *w;
    float before[ROWS];
    int seen[4 * ROWS], count;
} order;
static int watch_order(void *user, const tn_progress *p)
{
    order *const o = (order *)user;
    int i, moved = 0;
    (void)p;
    for (i = 0; i < ROWS; i++)
        if (o->w[i] != o->before[i]) {
            o->seen[o->count++] = i;
            moved++;
        }
    memcpy(o->before, o->w, sizeof o->before);
    return moved == 0;
}

static void run_order(order *o, uint64_t model_seed, uint64_t seed, int epochs, int pieces, int batch)
{
    const tn_compile c = squares(tn_sgd(0.01f, 0.0f));
    const tn_tensor x = floats_of(2, ROWS, ROWS, 0, 0), y = floats_of(2, ROWS, 1, 0, 0);
    tn_fit f = TN_ZERO;
    net n;
    int i;
    for (i = 0; i < ROWS * ROWS; i++) ((float *)x.data)[i] = (float)(i / ROWS == i % ROWS);
    for (i = 0; i < ROWS; i++) ((float *)y.data)[i] = 1.0f;
    INIT(&n, TN_INPUT_F(ROWS), no_bias(TN_DENSE(1, TN_LINEAR)));
    n.layers[1].initializer = TN_ZEROS;
    DO(&n, tn_model_compile, &n.m, &c);
    DO(&n, tn_model_build, &n.m, NULL, batch);
    net_memory(&n, model_seed);
    memset(o, 0, sizeof *o);
    o->w = values(&n.layers[1].kernel);
    f.epochs = epochs / pieces;
    f.seed = seed;
    f.on_batch = watch_order;
    f.user = o;
    for (i = 0; i < pieces; i++) DO(&n, tn_model_fit, &n.m, &x, &y, &f, NULL);
    for (i = 0; epochs == 1 && batch == 1 && i < ROWS; i++) assert_true(close_to((double)o->w[i], 0.02, 1e-7));
    net_free(&n);
    pool_used = 0;
}

static void every_sample_once_per_epoch(void **state)
{
    order o, other;
    int epoch, i, k, batch;
    (void)state;
    for (batch = 1; batch <= 4; batch += 3) {
        run_order(&o, 7, 5, 3, 1, batch);
        assert_int_equal(o.count, 3 * ROWS);
        for (epoch = 0; epoch < 3; epoch++)
            for (i = 0; i < ROWS; i++) {
                int times = 0;
                for (k = 0; k < ROWS; k++) times += o.seen[epoch * ROWS + k] == i;
                assert_int_equal(times, 1);
            }
    }
    run_order(&o, 7, 5, 3, 1, 1);
    assert_memory_not_equal(o.seen, o.seen + ROWS, ROWS * sizeof(int)); /* epochs differ */
    assert_memory_not_equal(o.seen + ROWS, o.seen + 2 * ROWS, ROWS * sizeof(int));
    run_order(&other, 7, 5, 3, 3, 1); /* in three calls: of the epoch, not of the call */
    assert_memory_equal(o.seen, other.seen, 3 * ROWS * sizeof(int));
    run_order(&other, 8, 5, 1, 1, 1); /* of fit's seed */
    assert_memory_equal(o.seen, other.seen, ROWS * sizeof(int));
    run_order(&other, 7, 6, 1, 1, 1);
    assert_memory_not_equal(o.seen, other.seen, ROWS * sizeof(int));
    run_order(&o, 7, 0, 1, 1, 1); /* 0: the model's */
    run_order(&other, 8, 0, 1, 1, 1);
    assert_memory_not_equal(o.seen, other.seen, ROWS * sizeof(int));
}

/* ---- weights of samples and classes ---- */

/* A linear model's first step, in double: w - lr 2/N sum s (x w + b - y) x. */
static void sample_weights(void **state)
{
    enum { N = 6, F = 3 };
    const tn_tensor x = floats_of(2, N, F, 0, 0), y = floats_of(2, N, 1, 0, 0);
    const tn_compile c = squares(tn_sgd(0.25f, 0.0f));
    float given[N] = { 2, 1, 0, 0.5f, 3, 1 };
    tn_tensor weights = tn_view(given, TN_N, 1, N, 0, 0, 0);
    tn_fit f = TN_ZERO;
    tn_progress last;
    double want[F + 1], loss = 0;
    net n;
    int i, k;
    (void)state;
    f.sample_weight = &weights;
    INIT(&n, TN_INPUT_F(F), TN_DENSE(1, TN_LINEAR));
    net_ready(&n, &c, N);
    for (k = 0; k <= F; k++) want[k] = k < F ? (double)values(&n.layers[1].kernel)[k] : 0.0;
    for (i = 0; i < N; i++) {
        double d = -(double)values(&y)[i];
        for (k = 0; k < F; k++) d += (double)values(&x)[i * F + k] * (double)values(&n.layers[1].kernel)[k];
        loss += (double)given[i] * d * d / (double)N;
        for (k = 0; k <= F; k++)
            want[k] -= 0.5 / (double)N * (double)given[i] * d * (k < F ? (double)values(&x)[i * F + k] : 1);
    }
    DO(&n, tn_model_fit, &n.m, &x, &y, &f, &last);
    for (k = 0; k <= F; k++)
        assert_true(
            close_to((double)(k < F ? values(&n.layers[1].kernel)[k] : values(&n.layers[1].bias)[0]), want[k], 1e-6));
    assert_true(close_to(last.loss, loss, 1e-6));
    net_keep(&n); /* nothing but zeros: no step, no NaN */
    memset(given, 0, sizeof given);
    DO(&n, tn_model_fit, &n.m, &x, &y, &f, &last);
    assert_true(last.loss == 0.0);
    assert_memory_equal(n.layers[1].kernel.data, n.kept + ((unsigned char *)n.layers[1].kernel.data - n.memory),
                        F * sizeof(float));
    weights.dim[0] = 5; /* as many as samples, f32, not negative in number */
    REFUSED(&n, TN_E_SAMPLES, 0, TN_AT_BIND, tn_model_fit, &n.m, &x, &y, &f, &last);
    weights.dim[0] = N;
    weights.dtype = TN_I32;
    REFUSED(&n, TN_E_DTYPE, 0, TN_AT_BIND, tn_model_fit, &n.m, &x, &y, &f, &last);
    net_free(&n);
}

/* A class' weight is that of its samples: the same steps, within rounding. */
static void class_weights(void **state)
{
    enum { N = 40, K = 3 };
    static const float weight[K] = { 0.5f, 2.0f, 0.0f };
    const tn_tensor x = floats_of(4, N, 6, 5, 2), y = classes_of(N, K), weights = room_of(N, 1);
    const tn_tensor of_class = tn_cview(weight, 0, 1, K, 0, 0, 0), wrong = tn_cview(weight, 0, 1, K - 1, 0, 0, 0);
    tn_compile c = sparse(tn_sgd(0.1f, 0.0f));
    tn_tensor sample = weights;
    tn_fit f = TN_ZERO;
    tn_progress by_class, by_sample;
    net n, other;
    size_t i, k;
    (void)state;
    sample.rank = 1;
    sample.axes = TN_N;
    for (i = 0; i < N; i++) ((float *)weights.data)[i] = weight[((const int32_t *)y.data)[i]];
    f.no_shuffle = 1;
    small_net(&other);
    net_ready(&other, &c, 16);
    f.sample_weight = &sample;
    DO(&other, tn_model_fit, &other.m, &x, &y, &f, &by_sample);
    f.sample_weight = NULL;
    c.class_weight = &of_class;
    small_net(&n);
    net_ready(&n, &c, 16);
    DO(&n, tn_model_fit, &n.m, &x, &y, &f, &by_class);
    assert_true(close_to(by_class.loss, by_sample.loss, 1e-5));
    for (k = 1; k < 4; k += 2)
        for (i = 0; i < count_of(&n.layers[k].kernel); i++)
            assert_true(
                close_to((double)values(&n.layers[k].kernel)[i], (double)values(&other.layers[k].kernel)[i], 1e-5));
    net_free(&n);
    net_free(&other);
    c.class_weight = &wrong;
    small_net(&n);
    DO(&n, tn_model_compile, &n.m, &c);
    REFUSED(&n, TN_E_LABEL_CLASSES, TN_CAUSE_CLASS_WEIGHT_MISSING, TN_AT_BUILD, tn_model_build, &n.m, NULL, 16);
    net_free(&n);
}

/* ---- the optimiser ---- */

/* compile.optimizer.lr is read at each step; compiled again, the weights stay and the optimiser begins anew. */
static void learning_rate_and_recompile(void **state)
{
    const tn_tensor x = floats_of(4, 16, 6, 5, 2), y = classes_of(16, 3), xs = rows_of(&x, 0, 8),
                    ys = rows_of(&y, 0, 8);
    const tn_compile c = sparse(tn_adam(1e-2f));
    tn_fit f = TN_ZERO;
    uint64_t before;
    net n, fresh;
    int k, i;
    (void)state;
    f.no_shuffle = 1;
    small_net(&n);
    net_ready(&n, &c, 8);
    DO(&n, tn_model_fit, &n.m, &x, &y, &f, NULL);
    before = net_hash(&n);
    n.m.compile.optimizer.lr = 0.0f;
    step(&n, &xs, &ys);
    assert_true(net_hash(&n) == before);
    DO(&n, tn_model_compile, &n.m, &c);
    assert_true(net_hash(&n) == before && n.m.compile.optimizer.lr == 1e-2f);
    small_net(&fresh);
    net_ready(&fresh, &c, 8);
    for (k = 0; k < n.m.count; k++)
        for (i = 0; i < LAYER_TENSORS; i++) {
            const tn_tensor *const t = tensor_of(&n.layers[k], i);
            if (t->data) memcpy(tensor_of(&fresh.layers[k], i)->data, t->data, tn_bytes(t));
        }
    DO(&n, tn_model_fit, &n.m, &x, &y, &f, NULL);
    DO(&fresh, tn_model_fit, &fresh.m, &x, &y, &f, NULL);
    assert_true(net_same(&n, &fresh));
    net_free(&n);
    net_free(&fresh);
}

/* Each call may have its own H and W: the steps of models that declare them. Adam's state goes on through them. */
static void free_axes_in_training(void **state)
{
    const tn_tensor x[3] = { floats_of(4, 9, 8, 7, 2), floats_of(4, 9, 5, 9, 2), floats_of(4, 9, 8, 7, 2) };
    const tn_tensor val_x = floats_of(4, 5, 6, 6, 2), val_y = classes_of(5, 3), y = classes_of(9, 3);
    const tn_tensor most = tn_view(NULL, 0, 3, 8, 9, 2, 0), out = room_of(9, 3), want = room_of(9, 3);
    const tn_compile c = sparse(tn_adam(1e-2f));
    tn_fit f = TN_ZERO;
    tn_progress last, after;
    unsigned char blob[4000];
    size_t written = 0;
    net n, exact;
    int i;
    (void)state;
    INIT(&n, TN_INPUT_HWC(TN_ANY, TN_ANY, 2), TN_CONV2D(4, 3, 3, TN_GELU), TN_BATCH_NORM(), TN_GLOBAL_MAX_POOL2D(),
         TN_DROPOUT(0.25f), TN_DENSE(3, TN_SOFTMAX));
    DO(&n, tn_model_compile, &n.m, &c);
    DO(&n, tn_model_build, &n.m, &most, 4);
    net_memory(&n, 7);
    f.val_x = &val_x;
    f.val_y = &val_y;
    for (i = 0; i < 3; i++) {
        DO(&n, tn_model_fit, &n.m, &x[i], &y, &f, &last);
        DO(&n, tn_model_evaluate, &n.m, &val_x, &val_y, &after);
        assert_true(last.val_loss == after.loss);
        INIT(&exact, TN_INPUT_HWC(x[i].dim[1], x[i].dim[2], 2), TN_CONV2D(4, 3, 3, TN_GELU), TN_BATCH_NORM(),
             TN_GLOBAL_MAX_POOL2D(), TN_DROPOUT(0.25f), TN_DENSE(3, TN_SOFTMAX));
        net_ready(&exact, &c, 4);
        if (i) DO(&exact, tn_model_load, &exact.m, blob, written);
        DO(&exact, tn_model_fit, &exact.m, &x[i], &y, NULL, NULL);
        if (!net_same(&n, &exact)) fail_msg("fit %d: other weights", i);
        DO(&n, tn_model_predict, &n.m, &out, &x[i]);
        DO(&exact, tn_model_predict, &exact.m, &want, &x[i]);
        ASSERT_SAME_BITS(values(&out), values(&want), 27);
        DO(&exact, tn_model_save, &exact.m, blob, sizeof blob, &written);
        net_free(&exact);
    }
    net_free(&n);
}

/* Compiled behind its memory: what is too small is said, and the model predicts as before. */
static void compile_needs_more_memory(void **state)
{
    const tn_tensor x = floats_of(4, 9, 6, 5, 2), y = classes_of(9, 3), out = room_of(9, 3), want = room_of(9, 3);
    const tn_compile c = sparse(tn_adam(1e-2f));
    size_t need;
    net n;
    (void)state;
    small_net(&n);
    net_ready(&n, NULL, 4);
    DO(&n, tn_model_predict, &n.m, &want, &x);
    REFUSED(&n, TN_E_MEMORY, 0, -1, tn_model_compile, &n.m, &c);
    need = n.ctx.need;
    assert_true(need > n.m.need && !n.m.compiled);
    DO(&n, tn_model_predict, &n.m, &out, &x);
    ASSERT_SAME_BITS(values(&out), values(&want), 27);
    free(n.memory);
    n.memory = (unsigned char *)malloc(need);
    DO(&n, tn_model_memory, &n.m, n.memory, need, 7);
    DO(&n, tn_model_compile, &n.m, &c); /* room for it now, and the weights stay */
    DO(&n, tn_model_predict, &n.m, &out, &x);
    ASSERT_SAME_BITS(values(&out), values(&want), 27);
    DO(&n, tn_model_fit, &n.m, &x, &y, NULL, NULL);
    net_free(&n);
}

/* Fed with no shape at all, fit takes it from x, notes it once and holds it. */
static void shape_of_the_first_batch(void **state)
{
    const tn_tensor x = floats_of(2, 100, 5, 0, 0), wide = floats_of(2, 10, 6, 0, 0), y = room_of(100, 1),
                    out = room_of(100, 1);
    const tn_tensor out_wide = room_of(10, 1);
    const tn_compile c = compiled(TN_BINARY_CROSSENTROPY, TN_PROBABILITIES, tn_adam(1e-2f));
    tn_fit f = TN_ZERO;
    net n, declared;
    int i;
    (void)state;
    for (i = 0; i < 100; i++) ((float *)y.data)[i] = (float)(i % 2);
    f.epochs = 2;
    f.batch = 32;
    INIT(&n, TN_DENSE(10, TN_RELU), TN_DENSE(1, TN_SIGMOID));
    DO(&n, tn_model_compile, &n.m, &c);
    REFUSED(&n, TN_E_MEMORY, 0, -1, tn_model_fit, &n.m, &x, &y, &f, NULL);
    n.memory = (unsigned char *)malloc(n.ctx.need);
    DO(&n, tn_model_memory, &n.m, n.memory, n.ctx.need, 7);
    n.notes = 0;
    DO(&n, tn_model_fit, &n.m, &x, &y, &f, NULL);
    assert_true(noted(&n, TN_W_INFERRED) == 1 && n.m.built && n.m.parameters == 71);
    DO(&n, tn_model_fit, &n.m, &x, &y, &f, NULL);
    DO(&n, tn_model_predict, &n.m, &out, &x);
    assert_int_equal(noted(&n, TN_W_INFERRED), 1);
    REFUSED(&n, TN_E_FEATURES, TN_CAUSE_OFF_BY_ONE_FEATURE, TN_AT_BIND, tn_model_predict, &n.m, &out_wide, &wide);
    INIT(&declared, TN_INPUT_F(5), TN_DENSE(10, TN_RELU), TN_DENSE(1, TN_SIGMOID));
    net_ready(&declared, &c, 32);
    f.epochs = 4;
    DO(&declared, tn_model_fit, &declared.m, &x, &y, &f, NULL);
    ASSERT_SAME_BITS(values(&n.layers[0].kernel), values(&declared.layers[1].kernel), 50);
    net_free(&n);
    net_free(&declared);
}

/* Built again for smaller batches, in the memory that it has, a model goes on with what it learnt; with another width
 * it begins anew, from its seed. */
static void built_again(void **state)
{
    const tn_compile c = sparse(tn_adam(1e-2f));
    const tn_tensor x = floats_of(4, 32, 6, 5, 2), y = classes_of(32, 3), before = room_of(32, 3), after = room_of(32, 3);
    tn_fit f = TN_ZERO;
    net n, going_on;
    (void)state;
    f.no_shuffle = 1;
    f.batch = 4;
    small_net(&going_on);
    net_ready(&going_on, &c, 16);
    small_net(&n);
    net_ready(&n, &c, 16);
    DO(&n, tn_model_fit, &n.m, &x, &y, &f, NULL);
    DO(&going_on, tn_model_fit, &going_on.m, &x, &y, &f, NULL);
    DO(&n, tn_model_predict, &n.m, &before, &x);
    DO(&n, tn_model_build, &n.m, NULL, 4);
    assert_int_equal(n.m.batch, 4);
    DO(&n, tn_model_predict, &n.m, &after, &x);
    ASSERT_SAME_BITS(values(&after), values(&before), 96);
    DO(&n, tn_model_fit, &n.m, &x, &y, &f, NULL); /* the optimiser's state is there too */
    DO(&going_on, tn_model_fit, &going_on.m, &x, &y, &f, NULL);
    assert_true(n.m.step == 16 && n.m.epoch == 2);
    ASSERT_SAME_BITS(values(&n.layers[1].kernel), values(&going_on.layers[1].kernel), count_of(&n.layers[1].kernel));

    n.layers[1].units = 3;
    DO(&n, tn_model_build, &n.m, NULL, 4);
    assert_true(n.m.step == 0 && n.m.epoch == 0 && n.layers[3].kernel.dim[0] == 3);
    DO(&n, tn_model_predict, &n.m, &after, &x);
    net_free(&n);
    net_free(&going_on);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(built_again),
        TEST(progress_counts_and_means),
        TEST(evaluation),
        TEST(fit_is_the_loop_by_hand),
        TEST(every_sample_once_per_epoch),
        TEST(sample_weights),
        TEST(class_weights),
        TEST(learning_rate_and_recompile),
        TEST(free_axes_in_training),
        TEST(compile_needs_more_memory),
        TEST(shape_of_the_first_batch),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
