/* tests/test_model_train.c - Sequential in training: progress, gradients, order, weights of samples and classes, sources, callbacks,
 * validation, dropout, batch normalisation, stateful LSTMs. */
#include "nets.h"

/* One batch of the hand-written loop; the loss. */
static double step(net *n, const tn_tensor *x, const tn_tensor *y)
{
    double loss = -1;
    DO(n, tn_model_forward, &n->m, NULL, x, 1);
    DO(n, tn_model_backward, &n->m, y, &loss);
    DO(n, tn_model_update, &n->m);
    return loss;
}

/* ---- progress ---- */

enum { SEEN = 64 };
typedef struct watch {
    tn_progress batch[SEEN], epoch[SEEN];
    int batches, epochs, stop_batch, stop_epoch; /* which call returns nonzero, from 1 */
} watch;
static int on_batch(void *user, const tn_progress *p)
{
    watch *const w = (watch *)user;
    if (w->batches < SEEN) w->batch[w->batches] = *p;
    return ++w->batches == w->stop_batch;
}
static int on_epoch(void *user, const tn_progress *p)
{
    watch *const w = (watch *)user;
    if (w->epochs < SEEN) w->epoch[w->epochs] = *p;
    return ++w->epochs == w->stop_epoch;
}
static tn_fit watched(watch *w, int epochs, int batch)
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

static int close_to(double got, double want, double bound) { return fabs(got - want) <= bound; }

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
    const tn_tensor classes = classes_of(21, 4), targets = floats_of(2, 21, 2, 0, 0), large = floats_of(4, 21, 20, 20, 8);
    const tn_compile adam = sparse(tn_adam(1e-2f)), momentum = squares(tn_sgd(1e-2f, 0.9f));
    (void)state;
    check_fit(picture_net, &adam, &pictures, &classes, 0);
    check_fit(series_net, &momentum, &series, &targets, 1);
    check_fit(large_net, &adam, &large, &classes, 1);
}

/* ---- gradients against a chain of the public calls ---- */

static void gradients_of(net *n, const tn_tensor *x, const tn_tensor *y, double *loss)
{
    DO(n, tn_model_forward, &n->m, NULL, x, 1);
    DO(n, tn_model_backward, &n->m, y, loss);
}
static tn_tensor like(const tn_tensor *t)
{
    tn_tensor z = *t;
    z.flags = 0;
    z.data = block(tn_bytes(t) / 4);
    memset(z.data, 0, tn_bytes(t));
    return z;
}
#define MUST(call) assert_int_equal(call, TN_OK)

/* Of each layer's gradients in turn: what the model has there, then the next. -0 is 0 here: both were added to 0. */
static void check_gradient(const float **at, const tn_tensor *want)
{
    size_t i;
    for (i = 0; i < count_of(want); i++)
        if ((*at)[i] != values(want)[i])
            fail_msg("gradient[%zu] is %a, must be %a (%s)", i, (double)(*at)[i], (double)values(want)[i], tn_isa_name());
    *at += count_of(want);
}

static void gradients_of_a_convolution(void **state)
{
    const tn_tensor x = floats_of(4, 9, 7, 6, 2), y = classes_of(9, 5);
    const tn_compile c = sparse(tn_sgd(0.1f, 0.0f));
    (void)state;
    FOR_EACH_ISA(isa) {
        tn_conv2d_params conv = TN_ZERO, linear = TN_ZERO;
        tn_activation_params relu = TN_ZERO;
        tn_window pool2 = TN_ZERO;
        tn_loss_params lp = TN_ZERO;
        tn_tensor a, p, index, flat = TN_ZERO, z, dz, dp, da, dflat = TN_ZERO, dw, db, dk, dkb, loss;
        const float *at;
        float mean = 0;
        double got;
        net n;
        INIT(&n, TN_INPUT_HWC(7, 6, 2), TN_CONV2D(3, 3, 3, TN_RELU), TN_MAX_POOL2D(2, 2), TN_FLATTEN(),
             TN_DENSE(5, TN_SOFTMAX));
        net_ready(&n, &c, 9);
        gradients_of(&n, &x, &y, &got);
        a = floats_of(4, 9, 5, 4, 3), p = floats_of(4, 9, 2, 2, 3), da = like(&a), dp = like(&p);
        index = tn_as(like(&p), TN_I32);
        z = floats_of(2, 9, 5, 0, 0), dz = like(&z);
        dw = like(&n.layers[4].kernel), db = like(&n.layers[4].bias);
        dk = like(&n.layers[1].kernel), dkb = like(&n.layers[1].bias);
        conv.activation = relu.kind = TN_RELU;
        pool2.size_h = pool2.size_w = 2;
        lp.from = TN_LOGITS;
        loss = tn_view(&mean, 0, 0, 0, 0, 0, 0);
        MUST(tn_conv2d(NULL, &a, &x, &n.layers[1].kernel, &n.layers[1].bias, &conv));
        MUST(tn_max_pool2d(NULL, &p, &index, &a, &pool2));
        MUST(tn_flatten(NULL, &flat, &p));
        MUST(tn_flatten(NULL, &dflat, &dp));
        MUST(tn_dense(NULL, &z, &flat, &n.layers[4].kernel, &n.layers[4].bias, NULL));
        MUST(tn_loss(NULL, TN_SPARSE_CATEGORICAL_CROSSENTROPY, &loss, &dz, &z, &y, &lp));
        MUST(tn_dense_backward(NULL, &dflat, &dw, &db, &dz, &flat, &n.layers[4].kernel, NULL));
        MUST(tn_max_pool2d_backward(NULL, &da, &dp, &index, &pool2));
        MUST(tn_activation_backward(NULL, &da, &da, NULL, &a, &relu));
        MUST(tn_conv2d_backward(NULL, NULL, &dk, &dkb, &da, &x, &n.layers[1].kernel, &linear));
        at = n.m.gradients;
        check_gradient(&at, &dk);
        check_gradient(&at, &dkb);
        check_gradient(&at, &dw);
        check_gradient(&at, &db);
        assert_true((float)got == mean);
        net_free(&n);
        pool_used = 9 * 84 + 9;
    }
}

static void gradients_of_a_sequence(void **state)
{
    const tn_tensor x = floats_of(3, 6, 5, 3, 0), y = floats_of(2, 6, 2, 0, 0);
    const tn_compile c = squares(tn_sgd(0.1f, 0.0f));
    const size_t used = pool_used;
    (void)state;
    FOR_EACH_ISA(isa) {
        tn_activation_params tanh_ = TN_ZERO;
        tn_tensor h, reserve = TN_ZERO, shape = TN_ZERO, z, v, dv, dz, dh, dw, db, dk, du, dkb, dg, dbeta, mean, rstd, ln,
                  dln, loss;
        const float *at;
        float value = 0;
        double got;
        tn_context scratch = TN_ZERO;
        net n;
        scratch.workspace_size = 40000;
        scratch.workspace = block(10000);
        INIT(&n, TN_INPUT_TF(5, 3), TN_LSTM(4), TN_LAYER_NORM(), TN_DENSE(2, TN_TANH));
        net_ready(&n, &c, 6);
        gradients_of(&n, &x, &y, &got);
        MUST(tn_lstm_shape(NULL, &shape, &reserve, &x, &n.layers[1].recurrent, 0, NULL));
        reserve.data = block(tn_bytes(&reserve) / 4);
        h = floats_of(2, 6, 4, 0, 0), ln = like(&h), dln = like(&h), dh = like(&h);
        mean = floats_of(1, 6, 0, 0, 0), rstd = like(&mean);
        z = floats_of(2, 6, 2, 0, 0), v = like(&z), dv = like(&z), dz = like(&z);
        dw = like(&n.layers[3].kernel), db = like(&n.layers[3].bias);
        dg = like(&n.layers[2].gamma), dbeta = like(&n.layers[2].beta);
        dk = like(&n.layers[1].kernel), du = like(&n.layers[1].recurrent), dkb = like(&n.layers[1].bias);
        tanh_.kind = TN_TANH;
        loss = tn_view(&value, 0, 0, 0, 0, 0, 0);
        MUST(tn_lstm(&scratch, &h, NULL, NULL, &reserve, &x, &n.layers[1].kernel, &n.layers[1].recurrent, &n.layers[1].bias,
                     NULL, NULL, NULL));
        MUST(tn_layer_norm(NULL, &ln, &mean, &rstd, &h, &n.layers[2].gamma, &n.layers[2].beta, NULL));
        MUST(tn_dense(NULL, &z, &ln, &n.layers[3].kernel, &n.layers[3].bias, NULL));
        MUST(tn_activation(NULL, &v, &z, &tanh_));
        MUST(tn_loss(NULL, TN_MEAN_SQUARED_ERROR, &loss, &dv, &v, &y, NULL));
        MUST(tn_activation_backward(NULL, &dz, &dv, NULL, &v, &tanh_));
        MUST(tn_dense_backward(NULL, &dln, &dw, &db, &dz, &ln, &n.layers[3].kernel, NULL));
        MUST(tn_layer_norm_backward(NULL, &dh, &dg, &dbeta, &dln, &h, &n.layers[2].gamma, &mean, &rstd, NULL));
        MUST(tn_lstm_backward(&scratch, NULL, &dk, &du, &dkb, NULL, NULL, &dh, NULL, NULL, &reserve, &x, &n.layers[1].kernel,
                              &n.layers[1].recurrent, NULL, NULL, NULL));
        at = n.m.gradients;
        check_gradient(&at, &dk);
        check_gradient(&at, &du);
        check_gradient(&at, &dkb);
        check_gradient(&at, &dg);
        check_gradient(&at, &dbeta);
        check_gradient(&at, &dw);
        check_gradient(&at, &db);
        assert_true((float)got == value);
        net_free(&n);
        pool_used = used;
    }
}

/* Depthwise with a gelu, whose gradient asks for x; batch normalisation; average; a linear head on logits. */
static void gradients_of_statistics(void **state)
{
    const tn_tensor x = floats_of(4, 6, 5, 5, 2), y = classes_of(6, 3);
    const tn_compile c = compiled(TN_SPARSE_CATEGORICAL_CROSSENTROPY, TN_LOGITS, tn_sgd(0.1f, 0.0f));
    tn_conv2d_params conv = TN_ZERO;
    tn_activation_params gelu = TN_ZERO;
    tn_loss_params lp = TN_ZERO;
    tn_tensor z, a, bn, mean, rstd, g, logits, dlogits, dg, dbn, da, dw, db, dgamma, dbeta, dk, dkb, loss;
    const float *at;
    float value = 0;
    double got;
    net n;
    (void)state;
    INIT(&n, TN_INPUT_HWC(5, 5, 2), multiplied(TN_DEPTHWISE_CONV2D(3, 3, TN_GELU), 2), TN_BATCH_NORM(),
         TN_GLOBAL_AVG_POOL2D(), TN_DENSE(3, TN_LINEAR));
    net_ready(&n, &c, 6);
    gradients_of(&n, &x, &y, &got);
    z = floats_of(4, 6, 3, 3, 4), a = like(&z), bn = like(&z), dbn = like(&z), da = like(&z);
    mean = floats_of(1, 4, 0, 0, 0), rstd = like(&mean), dgamma = like(&mean), dbeta = like(&mean);
    g = floats_of(2, 6, 4, 0, 0), dg = like(&g);
    logits = floats_of(2, 6, 3, 0, 0), dlogits = like(&logits);
    dw = like(&n.layers[4].kernel), db = like(&n.layers[4].bias);
    dk = like(&n.layers[1].kernel), dkb = like(&n.layers[1].bias);
    conv.groups = 2;
    gelu.kind = TN_GELU;
    lp.from = TN_LOGITS;
    loss = tn_view(&value, 0, 0, 0, 0, 0, 0);
    MUST(tn_conv2d(NULL, &z, &x, &n.layers[1].kernel, &n.layers[1].bias, &conv));
    MUST(tn_activation(NULL, &a, &z, &gelu));
    MUST(tn_batch_norm_train(NULL, &bn, &mean, &rstd, NULL, NULL, &a, &n.layers[2].gamma, &n.layers[2].beta, NULL));
    MUST(tn_global_avg_pool2d(NULL, &g, &bn));
    MUST(tn_dense(NULL, &logits, &g, &n.layers[4].kernel, &n.layers[4].bias, NULL));
    MUST(tn_loss(NULL, TN_SPARSE_CATEGORICAL_CROSSENTROPY, &loss, &dlogits, &logits, &y, &lp));
    MUST(tn_dense_backward(NULL, &dg, &dw, &db, &dlogits, &g, &n.layers[4].kernel, NULL));
    MUST(tn_global_avg_pool2d_backward(NULL, &dbn, &dg));
    MUST(tn_batch_norm_backward(NULL, &da, &dgamma, &dbeta, &dbn, &a, &n.layers[2].gamma, &mean, &rstd, NULL));
    MUST(tn_activation_backward(NULL, &da, &da, &z, NULL, &gelu));
    MUST(tn_conv2d_backward(NULL, NULL, &dk, &dkb, &da, &x, &n.layers[1].kernel, &conv));
    at = n.m.gradients;
    check_gradient(&at, &dk);
    check_gradient(&at, &dkb);
    check_gradient(&at, &dgamma);
    check_gradient(&at, &dbeta);
    check_gradient(&at, &dw);
    check_gradient(&at, &db);
    assert_true((float)got == value);
    net_free(&n);
}

/* Two batches before an update add up, once each; an update and new memory zero. */
static void gradients_add_up(void **state)
{
    const tn_tensor x = floats_of(4, 8, 6, 5, 2), y = classes_of(8, 3);
    const tn_compile c = sparse(tn_sgd(0.1f, 0.0f));
    const tn_tensor xa = rows_of(&x, 0, 5), xb = rows_of(&x, 5, 3), ya = rows_of(&y, 0, 5), yb = rows_of(&y, 5, 3);
    float ga[200], gb[200], want;
    double loss;
    int count = 4 * 18 + 4 + 12 + 3, i;
    net n;
    (void)state;
    small_net(&n);
    net_ready(&n, &c, 8);
    for (i = 0; i < count; i++) assert_true(n.m.gradients[i] == 0.0f);
    gradients_of(&n, &xb, &yb, &loss);
    memcpy(gb, n.m.gradients, sizeof(float) * (size_t)count);
    net_memory(&n, 7);
    for (i = 0; i < count; i++) assert_true(n.m.gradients[i] == 0.0f);
    gradients_of(&n, &xa, &ya, &loss);
    memcpy(ga, n.m.gradients, sizeof(float) * (size_t)count);
    gradients_of(&n, &xb, &yb, &loss);
    for (i = 0; i < count; i++) {
        want = ga[i] + gb[i];
        assert_true(n.m.gradients[i] == want);
        ga[i] = i < 72 ? values(&n.layers[1].kernel)[i] - 0.1f * want : 0.0f;
    }
    DO(&n, tn_model_update, &n.m);
    for (i = 0; i < count; i++) assert_true(n.m.gradients[i] == 0.0f);
    for (i = 0; i < 72; i++) assert_true(close_to((double)values(&n.layers[1].kernel)[i], (double)ga[i], 1e-7));
    assert_int_equal(n.m.step, 1);
    net_free(&n);
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
        loss += (double)given[i] * d * d / N;
        for (k = 0; k <= F; k++) want[k] -= 0.25 * 2 / N * (double)given[i] * d * (k < F ? (double)values(&x)[i * F + k] : 1);
    }
    DO(&n, tn_model_fit, &n.m, &x, &y, &f, &last);
    for (k = 0; k <= F; k++)
        assert_true(close_to((double)(k < F ? values(&n.layers[1].kernel)[k] : values(&n.layers[1].bias)[0]), want[k], 1e-6));
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
            assert_true(close_to((double)values(&n.layers[k].kernel)[i], (double)values(&other.layers[k].kernel)[i], 1e-5));
    net_free(&n);
    net_free(&other);
    c.class_weight = &wrong;
    small_net(&n);
    DO(&n, tn_model_compile, &n.m, &c);
    REFUSED(&n, TN_E_LABEL_CLASSES, TN_CAUSE_CLASS_WEIGHT_MISSING, TN_AT_BUILD, tn_model_build, &n.m, NULL, 16);
    net_free(&n);
}

/* ---- what data may be made of ---- */

static void *converted(const tn_tensor *t, int32_t dtype, tn_tensor *out)
{
    *out = tn_as(*t, dtype);
    out->data = block(tn_bytes(out) / sizeof(float) + 2);
    MUST(tn_convert(NULL, out, t, NULL));
    return out->data;
}

/* Labels of every type and shape, bytes and the same numbers: the same weights, shuffled too. */
static void element_types(void **state)
{
    static const int32_t labels[] = { TN_F32, TN_U8, TN_I32, TN_I64 }, data[] = { TN_F32, TN_I8 };
    const tn_tensor whole = classes_of(21, 4), bytes = bytes_of(4, 21, 13, 11, 3);
    const tn_compile c = sparse(tn_adam(1e-2f));
    tn_tensor numbers, x, y, column;
    uint64_t known = 0;
    size_t i, k;
    (void)state;
    for (i = 0; i < tn_bytes(&bytes); i++) ((unsigned char *)bytes.data)[i] &= 127u; /* in i8 too */
    converted(&bytes, TN_F32, &numbers);
    for (i = 0; i < COUNT(data) + 1; i++)
        for (k = 0; k < COUNT(labels); k++) {
            net n;
            if (i < COUNT(data)) converted(&numbers, data[i], &x);
            else x = bytes;
            converted(&whole, labels[k], &y);
            column = y;
            column.rank = 2;
            column.axes = 0;
            column.dim[1] = 1;
            picture_net(&n);
            net_ready(&n, &c, 8);
            DO(&n, tn_model_fit, &n.m, &x, k % 2 ? &column : &y, NULL, NULL);
            if (!known) known = net_hash(&n);
            if (net_hash(&n) != known) fail_msg("x of type %d, labels of type %d: other weights", (int)x.dtype, (int)labels[k]);
            net_free(&n);
        }
}

/* One class for each step: the mean runs over all positions; a weight of a sample is that of each of its steps. */
static void labels_of_steps(void **state)
{
    enum { N = 10, T = 4, K = 3 };
    const tn_tensor x = floats_of(3, N, T, 3, 0), y = tn_as(tn_view(block(N * T), 0, 2, N, T, 0, 0), TN_I32);
    const tn_tensor of_sample = tn_view(floats(N, 0.0f, 2.0f), TN_N, 1, N, 0, 0, 0), of_step = tn_view(block(N * T), 0, 2, N, T, 0, 0);
    const tn_tensor out = tn_view(block(N * T * K), 0, 3, N, T, K, 0);
    const tn_compile c = sparse(tn_adam(1e-2f));
    tn_fit f = TN_ZERO;
    tn_progress p, weighted, again;
    double sum = 0, with_weight = 0;
    uint64_t hash = 0;
    int i, way;
    (void)state;
    for (i = 0; i < N * T; i++) {
        ((int32_t *)y.data)[i] = random_int(0, K - 1);
        ((float *)of_step.data)[i] = values(&of_sample)[i / T];
    }
    for (way = 0; way < 2; way++) {
        net n;
        INIT(&n, TN_INPUT_TF(T, 3), sequences(TN_LSTM(5)), TN_DENSE(K, TN_SOFTMAX));
        net_ready(&n, &c, N);
        DO(&n, tn_model_predict, &n.m, &out, &x);
        DO(&n, tn_model_evaluate, &n.m, &x, &y, &p);
        for (i = 0, sum = with_weight = 0; i < N * T; i++) {
            const double l = -log((double)values(&out)[i * K + ((const int32_t *)y.data)[i]]);
            sum += l;
            with_weight += l * (double)values(&of_step)[i];
        }
        assert_true(close_to(p.loss, sum / (N * T), 1e-5));
        f.sample_weight = way ? &of_step : &of_sample;
        f.epochs = 1;
        DO(&n, tn_model_fit, &n.m, &x, &y, &f, way ? &again : &weighted);
        assert_true(close_to(way ? again.loss : weighted.loss, with_weight / (N * T), 1e-5));
        f.epochs = 3;
        DO(&n, tn_model_fit, &n.m, &x, &y, &f, NULL);
        if (!way) hash = net_hash(&n);
        else assert_true(net_hash(&n) == hash);
        net_free(&n);
    }
}

/* A training forward's y is the output, with its activation, where nothing differs in training. */
static void forward_in_training(void **state)
{
    const tn_tensor x = floats_of(4, 8, 6, 5, 2), y = room_of(8, 3), want = room_of(8, 3);
    const tn_compile c = sparse(tn_sgd(0.1f, 0.0f));
    net n;
    (void)state;
    small_net(&n);
    net_ready(&n, &c, 8);
    DO(&n, tn_model_predict, &n.m, &want, &x);
    DO(&n, tn_model_forward, &n.m, &y, &x, 1);
    ASSERT_SAME_BITS(values(&y), values(&want), 24);
    net_free(&n);
}

/* Weights of the caller's own are trained where they lie, as the model's would be; constant ones stay. */
static void weights_of_the_caller(void **state)
{
    const tn_tensor x = floats_of(4, 21, 6, 5, 2), y = classes_of(21, 3), kernel = floats_of(2, 4, 3, 0, 0), constant = floats_of(1, 4, 0, 0, 0);
    const tn_compile c = sparse(tn_adam(1e-2f));
    net n, own;
    (void)state;
    small_net(&own);
    own.layers[1].frozen = 1;
    net_ready(&own, &c, 8);
    memcpy(own.layers[3].kernel.data, kernel.data, tn_bytes(&kernel));
    memcpy(own.layers[1].bias.data, constant.data, tn_bytes(&constant));
    small_net(&n);
    n.layers[1].frozen = 1;
    n.layers[1].bias = tn_cview(constant.data, 0, 1, 4, 0, 0, 0);
    n.layers[3].kernel = kernel;
    net_ready(&n, &c, 8);
    DO(&n, tn_model_fit, &n.m, &x, &y, NULL, NULL);
    DO(&own, tn_model_fit, &own.m, &x, &y, NULL, NULL);
    assert_ptr_equal(n.layers[3].kernel.data, kernel.data);
    ASSERT_SAME_BITS(values(&kernel), values(&own.layers[3].kernel), 12);
    assert_true(net_same(&n, &own));
    net_free(&n);
    net_free(&own);
}

/* ---- a source in place of arrays ---- */

typedef struct feed {
    const tn_tensor *x, *y;
    int at, rows, calls, fail_at, too_many_at, cut_at; /* rows a call; which call fails, claims too many, ends early */
} feed;
static int next_rows(void *user, tn_tensor *x, tn_tensor *y)
{
    feed *const f = (feed *)user;
    const int left = f->x->dim[0] - f->at;
    int rows = left < f->rows ? left : f->rows;
    f->calls++;
    if (f->calls == f->fail_at) return -3;
    if (f->calls == f->too_many_at) return x->dim[0] + 1;
    if (f->calls == f->cut_at) rows = 0;
    if (!rows) {
        f->at = 0;
        return 0;
    }
    {
        const tn_tensor xs = rows_of(f->x, f->at, rows), ys = rows_of(f->y, f->at, rows);
        memcpy(x->data, xs.data, tn_bytes(&xs));
        memcpy(y->data, ys.data, tn_bytes(&ys));
    }
    f->at += rows;
    return rows;
}
static tn_source source_of(feed *f, const tn_tensor *x, const tn_tensor *y, int most, int rows)
{
    tn_source s = TN_ZERO;
    memset(f, 0, sizeof *f);
    f->x = x;
    f->y = y;
    f->rows = rows;
    s.x = *x;
    s.y = *y;
    s.x.dim[0] = s.y.dim[0] = most;
    s.x.data = s.y.data = NULL;
    s.samples = x->dim[0];
    s.next = next_rows;
    s.user = f;
    return s;
}

static void sources(void **state)
{
    const tn_tensor x = floats_of(4, 21, 6, 5, 2), y = classes_of(21, 3);
    const tn_compile c = sparse(tn_adam(1e-2f));
    feed fed;
    tn_source source = source_of(&fed, &x, &y, 8, 8);
    watch w;
    tn_fit f = watched(&w, 2, 8);
    tn_progress last, last_array;
    net n, array;
    (void)state;
    small_net(&array);
    net_ready(&array, &c, 8);
    DO(&array, tn_model_fit, &array.m, &x, &y, &f, &last_array);
    f = watched(&w, 2, 8);
    f.source = &source;
    small_net(&n);
    net_ready(&n, &c, 8);
    DO(&n, tn_model_fit, &n.m, NULL, NULL, &f, &last);
    assert_true(net_same(&n, &array));
    assert_true(last.loss == last_array.loss && last.samples == 21 && w.batches == 6 && w.batch[5].batches == 3);
    net_free(&n);
    net_free(&array);

    source = source_of(&fed, &x, &y, 8, 8); /* the count not known: the end is where 0 comes */
    source.samples = 0;
    f = watched(&w, 1, 8);
    f.source = &source;
    small_net(&n);
    net_ready(&n, &c, 8);
    DO(&n, tn_model_fit, &n.m, NULL, NULL, &f, &last);
    assert_true(last.samples == 21 && w.batches == 3 && last.batches <= 3);

    source = source_of(&fed, &x, &y, 8, 8); /* an error behind the second batch */
    fed.fail_at = 3;
    f = watched(&w, 1, 8);
    f.source = &source;
    assert_int_equal(tn_model_fit(&n.ctx, &n.m, NULL, NULL, &f, &last), TN_E_SOURCE);
    assert_true(n.diag.status == TN_E_SOURCE && n.diag.stage == TN_AT_BATCH && w.batches == 2);
    assert_true(n.m.epoch == 1 && n.m.step == 5);
    source = source_of(&fed, &x, &y, 8, 8); /* more rows than there was room for */
    fed.too_many_at = 2;
    assert_int_equal(tn_model_fit(&n.ctx, &n.m, NULL, NULL, &f, &last), TN_E_SOURCE);
    assert_true(n.m.epoch == 1 && n.m.step == 6);
    source = source_of(&fed, &x, &y, 8, 8); /* fewer than promised */
    fed.cut_at = 2;
    assert_int_equal(tn_model_fit(&n.ctx, &n.m, NULL, NULL, &f, &last), TN_E_SOURCE);
    assert_true(n.m.epoch == 1 && n.m.step == 7);
    source = source_of(&fed, &x, &y, 8, 8); /* none at all */
    fed.cut_at = 1;
    source.samples = 0;
    assert_int_equal(tn_model_fit(&n.ctx, &n.m, NULL, NULL, &f, &last), TN_E_SOURCE);
    assert_true(n.m.epoch == 1 && n.m.step == 7);

    source = source_of(&fed, &x, &y, 8, 8); /* labels are looked at batch by batch, before the step */
    ((int32_t *)y.data)[12] = 3;
    assert_int_equal(tn_model_fit(&n.ctx, &n.m, NULL, NULL, &f, &last), TN_E_LABEL_RANGE);
    assert_true(n.diag.stage == TN_AT_BATCH && n.m.step == 8);
    ((int32_t *)y.data)[12] = 1;

    source = source_of(&fed, &x, &y, 8, 8); /* declared shapes are checked before the first call */
    source.x.dim[1] = 7;
    REFUSED(&n, TN_E_SPATIAL, TN_CAUSE_SOURCE_TARGET_SIZE, TN_AT_BIND, tn_model_fit, &n.m, NULL, NULL, &f, &last);
    source = source_of(&fed, &x, &y, 8, 8);
    source.x.dim[3] = 1;
    REFUSED(&n, TN_E_CHANNELS, TN_CAUSE_SOURCE_COLOR_MODE, TN_AT_BIND, tn_model_fit, &n.m, NULL, NULL, &f, &last);
    source = source_of(&fed, &x, &y, 8, 8);
    source.y.rank = 2;
    source.y.dim[1] = 3;
    source.y.dtype = TN_F32;
    REFUSED(&n, TN_E_LABEL_FORM, TN_CAUSE_SOURCE_CLASS_MODE, TN_AT_BIND, tn_model_fit, &n.m, NULL, NULL, &f, &last);
    assert_int_equal(fed.calls, 0);
    source = source_of(&fed, &x, &y, 8, 8);
    source.next = NULL;
    REFUSED(&n, TN_E_NULL, 0, -1, tn_model_fit, &n.m, NULL, NULL, &f, &last);
    net_free(&n);
}

/* ---- callbacks stop ---- */

static void callbacks_stop(void **state)
{
    const tn_tensor x = floats_of(4, 21, 6, 5, 2), y = classes_of(21, 3);
    const tn_compile c = sparse(tn_adam(1e-2f));
    tn_progress last;
    watch w;
    tn_fit f = watched(&w, 4, 8);
    net n;
    (void)state;
    small_net(&n);
    net_ready(&n, &c, 8);
    w.stop_batch = 5; /* the second batch of the second epoch */
    assert_int_equal(tn_model_fit(&n.ctx, &n.m, &x, &y, &f, &last), TN_E_STOPPED);
    assert_true(n.diag.status == TN_E_STOPPED && w.batches == 5 && w.epochs == 1);
    assert_true(n.m.epoch == 1 && n.m.step == 5);
    assert_true(last.epoch == 2 && last.batch == 2 && last.samples == 16 && last.loss == w.batch[4].loss);
    f = watched(&w, 4, 8);
    w.stop_epoch = 2; /* epochs are numbered on from those that were whole */
    assert_int_equal(tn_model_fit(&n.ctx, &n.m, &x, &y, &f, &last), TN_E_STOPPED);
    assert_true(w.epochs == 2 && n.m.epoch == 3 && n.m.step == 11);
    assert_true(last.epoch == w.epoch[1].epoch && last.loss == w.epoch[1].loss && last.samples == 21);
    DO(&n, tn_model_fit, &n.m, &x, &y, NULL, NULL);
    net_free(&n);
}

/* ---- validation data ---- */

static void validation(void **state)
{
    const tn_tensor x = floats_of(4, 21, 6, 5, 2), y = classes_of(21, 3), val_x = floats_of(4, 11, 6, 5, 2);
    const tn_tensor val_y = classes_of(11, 3), small = floats_of(4, 11, 5, 5, 2), hot = floats_of(2, 11, 3, 0, 0);
    const tn_compile c = sparse(tn_adam(1e-2f));
    const tn_tensor beyond = classes_of(11, 3), few = rows_of(&val_y, 0, 10);
    tn_progress last, after;
    watch w;
    tn_fit f = watched(&w, 2, 8);
    net n;
    (void)state;
    ((int32_t *)beyond.data)[10] = 9;
    small_net(&n);
    net_ready(&n, &c, 8);
    f.val_x = &small;
    f.val_y = &val_y;
    REFUSED(&n, TN_E_SPATIAL, TN_CAUSE_RESIZE_NEEDED, TN_AT_BIND, tn_model_fit, &n.m, &x, &y, &f, &last);
    f.val_x = &val_x;
    f.val_y = &hot;
    REFUSED(&n, TN_E_LABEL_FORM, TN_CAUSE_ONEHOT_WITH_SPARSE, TN_AT_BIND, tn_model_fit, &n.m, &x, &y, &f, &last);
    f.val_y = &beyond;
    REFUSED(&n, TN_E_LABEL_RANGE, TN_CAUSE_LABEL_BEYOND_OUTPUT, TN_AT_BIND, tn_model_fit, &n.m, &x, &y, &f, &last);
    f.val_y = &few;
    REFUSED(&n, TN_E_SAMPLES, 0, TN_AT_BIND, tn_model_fit, &n.m, &x, &y, &f, &last);
    f.val_y = NULL;
    REFUSED(&n, TN_E_NULL, 0, -1, tn_model_fit, &n.m, &x, &y, &f, &last);
    f.val_y = &val_y;
    assert_int_equal(w.batches, 0);
    DO(&n, tn_model_fit, &n.m, &x, &y, &f, &last);
    DO(&n, tn_model_evaluate, &n.m, &val_x, &val_y, &after);
    assert_true(last.val_loss == after.loss && last.val_accuracy == after.accuracy);
    assert_true(w.epoch[1].val_loss == after.loss && w.epoch[0].val_loss == w.epoch[0].val_loss);
    assert_true(isnan(w.batch[0].val_loss));
    net_free(&n);
}

/* ---- layers that differ in training ---- */

/* DROPOUT, then a dense layer that gives its input on: y is the mask times x / (1 - rate). */
static void dropout(void **state)
{
    enum { F = 64, N = 32 };
    const tn_tensor x = floats_of(2, N, F, 0, 0), y = room_of(N, F), again = room_of(N, F), plain = room_of(N, F);
    const tn_compile c = squares(tn_sgd(0.0f, 0.0f));
    const tn_tensor few_x = rows_of(&x, 0, 5), few = room_of(5, F), copy = room_of(N, F);
    int i, kept = 0, same_mask = 0, alike = 0;
    net n;
    (void)state;
    INIT(&n, TN_INPUT_F(F), TN_DROPOUT(0.5f), TN_DENSE(F, TN_LINEAR), TN_DROPOUT(0.5f));
    net_ready(&n, &c, N);
    for (i = 0; i < F * F; i++) ((float *)n.layers[2].kernel.data)[i] = (float)(i / F == i % F);
    for (i = 0; i < N * F; i++) ((float *)x.data)[i] += 2.0f; /* nothing is 0 by itself */
    DO(&n, tn_model_predict, &n.m, &plain, &x);
    ASSERT_SAME_BITS(values(&plain), values(&x), N * F);
    memcpy(copy.data, x.data, tn_bytes(&x));
    DO(&n, tn_model_forward, &n.m, &y, &x, 1);
    ASSERT_SAME_BITS(values(&x), values(&copy), N * F); /* the data is the caller's */
    for (i = 0; i < N * F; i++) {
        const float v = values(&y)[i];
        assert_true(v == 0.0f || v == 4.0f * values(&x)[i]);
        kept += v != 0.0f;
    }
    assert_in_range(kept, N * F / 4 - 160, N * F / 4 + 160); /* eight deviations around a quarter */
    DO(&n, tn_model_forward, &n.m, &few, &few_x, 1); /* of the row and the step, not of the batch */
    ASSERT_SAME_BITS(values(&few), values(&y), 5 * F);
    step(&n, &x, &x);
    DO(&n, tn_model_forward, &n.m, &again, &x, 1);
    for (i = 0; i < N * F; i++) same_mask += (values(&again)[i] != 0.0f) == (values(&y)[i] != 0.0f);
    assert_true(same_mask < N * F * 3 / 4);
    for (i = 0; i < N * F / 2; i++) alike += (values(&y)[i] != 0.0f) == (values(&y)[i + N * F / 2] != 0.0f);
    assert_true(alike < N * F / 2 * 3 / 4); /* rows differ */
    DO(&n, tn_model_predict, &n.m, &plain, &x);
    ASSERT_SAME_BITS(values(&plain), values(&x), N * F);
    net_free(&n);
}

static void gaussian_noise(void **state)
{
    enum { F = 64, N = 32 };
    const tn_tensor x = floats_of(2, N, F, 0, 0), y = room_of(N, F), other = room_of(N, F), copy = room_of(N, F);
    const tn_compile c = squares(tn_sgd(0.0f, 0.0f));
    double sum = 0, squared = 0;
    int i, seed, equal = 0;
    net n;
    (void)state;
    for (seed = 1; seed <= 2; seed++) {
        const tn_tensor *const out = seed == 1 ? &y : &other;
        INIT(&n, TN_INPUT_F(F), TN_GAUSSIAN_NOISE(0.5f), TN_DENSE(F, TN_LINEAR));
        DO(&n, tn_model_compile, &n.m, &c);
        DO(&n, tn_model_build, &n.m, NULL, N);
        net_memory(&n, (uint64_t)seed);
        for (i = 0; i < F * F; i++) ((float *)n.layers[2].kernel.data)[i] = (float)(i / F == i % F);
        DO(&n, tn_model_predict, &n.m, out, &x);
        ASSERT_SAME_BITS(values(out), values(&x), N * F);
        memcpy(copy.data, x.data, tn_bytes(&x));
        DO(&n, tn_model_forward, &n.m, out, &x, 1);
        ASSERT_SAME_BITS(values(&x), values(&copy), N * F);
        net_free(&n);
    }
    for (i = 0; i < N * F; i++) {
        const double d = (double)values(&y)[i] - (double)values(&x)[i];
        sum += d;
        squared += d * d;
        equal += values(&y)[i] == values(&other)[i];
    }
    assert_true(close_to(sum / (N * F), 0, 8 * 0.5 / sqrt(N * F)));
    assert_true(close_to(squared / (N * F), 0.25, 8 * 0.25 * sqrt(2.0 / (N * F))));
    assert_true(equal < N * F / 10);
}

/* Behind a frozen layer, where no gradient goes, they work all the same. */
static void noise_behind_a_frozen_layer(void **state)
{
    enum { F = 32, N = 32 };
    const tn_tensor x = floats_of(2, N, F, 0, 0), y = room_of(N, F);
    const tn_compile c = squares(tn_sgd(0.0f, 0.0f));
    int way, i, zeros = 0;
    double squared = 0;
    (void)state;
    for (way = 0; way < 2; way++) {
        net n;
        INIT(&n, TN_INPUT_F(F), frozen(TN_DENSE(F, TN_LINEAR)), way ? TN_DROPOUT(0.5f) : TN_GAUSSIAN_NOISE(0.5f),
             TN_DENSE(F, TN_LINEAR));
        net_ready(&n, &c, N);
        for (i = 0; i < F * F; i++)
            ((float *)n.layers[1].kernel.data)[i] = ((float *)n.layers[3].kernel.data)[i] = (float)(i / F == i % F);
        DO(&n, tn_model_forward, &n.m, &y, &x, 1);
        for (i = 0; i < N * F; i++) {
            const double d = (double)values(&y)[i] - (double)values(&x)[i];
            if (way) assert_true(values(&y)[i] == 0.0f || values(&y)[i] == 2.0f * values(&x)[i]);
            if (way) zeros += values(&y)[i] == 0.0f;
            else squared += d * d;
        }
        net_free(&n);
    }
    assert_in_range(zeros, N * F / 2 - 128, N * F / 2 + 128);
    assert_true(close_to(squared / (N * F), 0.25, 8 * 0.25 * sqrt(2.0 / (N * F))));
}

/* Moving statistics move in training alone; a frozen layer stands still and counts as in inference. */
static void batch_normalisation(void **state)
{
    enum { N = 16, F = 3 };
    const tn_tensor x = floats_of(2, N, F, 0, 0), y = room_of(N, F), trained = room_of(N, F);
    const tn_compile c = squares(tn_sgd(0.1f, 0.0f));
    double mean[F] = { 0 }, variance[F] = { 0 };
    tn_progress p;
    int i, k;
    net n;
    (void)state;
    for (i = 0; i < N; i++)
        for (k = 0; k < F; k++) mean[k] += (double)values(&x)[i * F + k] / N;
    for (i = 0; i < N; i++)
        for (k = 0; k < F; k++) {
            const double d = (double)values(&x)[i * F + k] - mean[k];
            variance[k] += d * d / N;
        }
    INIT(&n, TN_INPUT_F(F), TN_BATCH_NORM());
    net_ready(&n, &c, N);
    DO(&n, tn_model_predict, &n.m, &y, &x);
    DO(&n, tn_model_evaluate, &n.m, &x, &y, &p);
    for (k = 0; k < F; k++) assert_true(values(&n.layers[1].mean)[k] == 0.0f && values(&n.layers[1].variance)[k] == 1.0f);
    step(&n, &x, &y);
    for (k = 0; k < F; k++) {
        assert_true(close_to((double)values(&n.layers[1].mean)[k], 0.01 * mean[k], 1e-7));
        assert_true(close_to((double)values(&n.layers[1].variance)[k], 0.99 + 0.01 * variance[k], 3e-7));
    }
    net_free(&n);

    INIT(&n, TN_INPUT_F(F), frozen(TN_BATCH_NORM()), TN_DENSE(F, TN_LINEAR));
    net_ready(&n, &c, N);
    for (k = 0; k < F; k++) ((float *)n.layers[1].mean.data)[k] = 0.25f * (float)k;
    DO(&n, tn_model_predict, &n.m, &y, &x);
    DO(&n, tn_model_forward, &n.m, &trained, &x, 1);
    ASSERT_SAME_BITS(values(&trained), values(&y), N * F);
    net_keep(&n);
    DO(&n, tn_model_fit, &n.m, &x, &x, NULL, NULL);
    for (i = 3; i < LAYER_TENSORS; i++) {
        const tn_tensor *const t = tensor_of(&n.layers[1], i);
        assert_memory_equal(t->data, n.kept + ((unsigned char *)t->data - n.memory), F * sizeof(float));
    }
    assert_memory_not_equal(n.layers[2].kernel.data, n.kept + ((unsigned char *)n.layers[2].kernel.data - n.memory),
                            F * F * sizeof(float));
    net_free(&n);
}

/* Frozen layers hand gradients on and keep their weights; lr_scale scales a layer's steps. */
static void frozen_layers(void **state)
{
    const tn_tensor x = floats_of(2, 8, 3, 0, 0), y = floats_of(2, 8, 2, 0, 0);
    const tn_compile c = squares(tn_sgd(0.125f, 0.0f));
    const size_t first = 0, middle = 1;
    float start_weights[2][12], moved[2];
    int way, i;
    (void)state;
    for (way = 0; way < 2; way++) {
        net n;
        INIT(&n, TN_INPUT_F(3), TN_DENSE(4, TN_TANH), frozen(TN_DENSE(3, TN_TANH)), TN_DENSE(2, TN_LINEAR));
        if (way) n.layers[1].lr_scale = 0.25f;
        net_ready(&n, &c, 8);
        memcpy(start_weights[first], n.layers[1].kernel.data, 12 * sizeof(float));
        memcpy(start_weights[middle], n.layers[2].kernel.data, 12 * sizeof(float));
        step(&n, &x, &y);
        assert_memory_equal(n.layers[2].kernel.data, start_weights[middle], 12 * sizeof(float));
        assert_memory_not_equal(n.layers[1].kernel.data, start_weights[first], 12 * sizeof(float));
        for (i = 0, moved[way] = 0.0f; i < 12; i++) {
            const float d = values(&n.layers[1].kernel)[i] - start_weights[first][i];
            moved[way] += d < 0 ? -d : d;
        }
        net_free(&n);
    }
    assert_true(close_to((double)moved[1], 0.25 * (double)moved[0], 1e-5));
}

/* ---- stateful LSTMs: row i goes on where row i ended ---- */

static void stateful_lstm(void **state)
{
    enum { N = 4, T = 6, F = 2, U = 3 };
    const tn_tensor x = floats_of(3, N, T, F, 0), early = floats_of(3, N, T / 2, F, 0), late = floats_of(3, N, T / 2, F, 0);
    const tn_tensor y = room_of(N, U), want = room_of(N, U), half = room_of(N, U), two = room_of(2 * N, U);
    const tn_tensor both = floats_of(3, 2 * N, T / 2, F, 0), few = rows_of(&early, 0, 3), out = room_of(3, U);
    const tn_compile c = squares(tn_sgd(0.1f, 0.0f));
    const tn_tensor ragged = floats_of(3, 6, T / 2, F, 0), targets = floats_of(2, 6, U, 0, 0);
    net n, whole;
    int i;
    (void)state;
    for (i = 0; i < N; i++) {
        const size_t bytes = T / 2 * F * sizeof(float);
        memcpy((float *)early.data + i * T / 2 * F, values(&x) + i * T * F, bytes);
        memcpy((float *)late.data + i * T / 2 * F, values(&x) + i * T * F + T / 2 * F, bytes);
    }
    memcpy(both.data, early.data, tn_bytes(&early));
    memcpy((float *)both.data + N * T / 2 * F, late.data, tn_bytes(&late));
    INIT(&whole, TN_INPUT_TF(T, F), TN_LSTM(U));
    net_ready(&whole, NULL, N);
    DO(&whole, tn_model_predict, &whole.m, &want, &x);
    INIT(&n, TN_INPUT_TF(T / 2, F), stateful(TN_LSTM(U)));
    net_ready(&n, &c, N);
    DO(&n, tn_model_predict, &n.m, &half, &early);
    DO(&n, tn_model_predict, &n.m, &y, &late);
    ASSERT_SAME_BITS(values(&y), values(&want), N * U);
    DO(&n, tn_model_reset, &n.m);
    DO(&n, tn_model_predict, &n.m, &two, &both); /* chunks of one call go on from each other too */
    ASSERT_SAME_BITS(values(&two), values(&half), N * U);
    ASSERT_SAME_BITS(values(&two) + N * U, values(&want), N * U);
    DO(&n, tn_model_reset, &n.m);
    REFUSED(&n, TN_E_BATCH, 0, TN_AT_BIND, tn_model_predict, &n.m, &out, &few);
    REFUSED(&n, TN_E_BATCH, 0, TN_AT_BIND, tn_model_fit, &n.m, &ragged, &targets, NULL, NULL);
    DO(&n, tn_model_predict, &n.m, &y, &early);
    ASSERT_SAME_BITS(values(&y), values(&half), N * U);
    { /* fit begins each epoch with zeros: whatever the state was, the same weights */
        const tn_tensor goal = floats_of(2, N, U, 0, 0);
        uint64_t hash;
        DO(&n, tn_model_fit, &n.m, &late, &goal, NULL, NULL);
        hash = net_hash(&n);
        net_free(&n);
        INIT(&n, TN_INPUT_TF(T / 2, F), stateful(TN_LSTM(U)));
        net_ready(&n, &c, N);
        DO(&n, tn_model_fit, &n.m, &late, &goal, NULL, NULL);
        assert_true(net_hash(&n) == hash);
    }
    net_free(&n);
    net_free(&whole);
}

/* The gradient of a batch that goes on from a state sees that state, as a constant. */
static void stateful_gradients(void **state)
{
    enum { N = 4, T = 3, F = 2, U = 3 };
    const tn_tensor first = floats_of(3, N, T, F, 0), x = floats_of(3, N, T, F, 0), y = floats_of(2, N, U, 0, 0);
    const tn_compile c = squares(tn_sgd(0.1f, 0.0f));
    const tn_tensor h = room_of(N, U), h0 = room_of(N, U), c0 = room_of(N, U), dh = room_of(N, U);
    tn_tensor reserve = TN_ZERO, shape = TN_ZERO, dk, du, db;
    tn_context scratch = TN_ZERO;
    const float *at;
    double loss;
    net n;
    (void)state;
    scratch.workspace_size = 40000;
    scratch.workspace = block(10000);
    INIT(&n, TN_INPUT_TF(T, F), stateful(TN_LSTM(U)));
    net_ready(&n, &c, N);
    DO(&n, tn_model_forward, &n.m, NULL, &first, 1);
    gradients_of(&n, &x, &y, &loss);
    dk = like(&n.layers[1].kernel), du = like(&n.layers[1].recurrent), db = like(&n.layers[1].bias);
    MUST(tn_lstm_shape(NULL, &shape, &reserve, &x, &n.layers[1].recurrent, 0, NULL));
    reserve.data = block(tn_bytes(&reserve) / 4);
    MUST(tn_lstm(&scratch, &h, &h0, &c0, NULL, &first, &n.layers[1].kernel, &n.layers[1].recurrent, &n.layers[1].bias,
                 NULL, NULL, NULL));
    MUST(tn_lstm(&scratch, &h, NULL, NULL, &reserve, &x, &n.layers[1].kernel, &n.layers[1].recurrent, &n.layers[1].bias,
                 &h0, &c0, NULL));
    MUST(tn_loss(NULL, TN_MEAN_SQUARED_ERROR, NULL, &dh, &h, &y, NULL));
    MUST(tn_lstm_backward(&scratch, NULL, &dk, &du, &db, NULL, NULL, &dh, NULL, NULL, &reserve, &x, &n.layers[1].kernel,
                          &n.layers[1].recurrent, &h0, &c0, NULL));
    at = n.m.gradients;
    check_gradient(&at, &dk);
    check_gradient(&at, &du);
    check_gradient(&at, &db);
    net_free(&n);
}

/* ---- the optimiser ---- */

/* compile.optimizer.lr is read at each step; compiled again, the weights stay and the optimiser begins anew. */
static void learning_rate_and_recompile(void **state)
{
    const tn_tensor x = floats_of(4, 16, 6, 5, 2), y = classes_of(16, 3), xs = rows_of(&x, 0, 8), ys = rows_of(&y, 0, 8);
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

/* Fed with no shape at all, fit takes it from x, notes it once and holds it. */
static void shape_of_the_first_batch(void **state)
{
    const tn_tensor x = floats_of(2, 100, 5, 0, 0), wide = floats_of(2, 10, 6, 0, 0), y = room_of(100, 1), out = room_of(100, 1);
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(progress_counts_and_means), TEST(evaluation),              TEST(fit_is_the_loop_by_hand),
        TEST(gradients_of_a_convolution), TEST(gradients_of_a_sequence), TEST(gradients_of_statistics),
        TEST(gradients_add_up),          TEST(every_sample_once_per_epoch), TEST(sample_weights),
        TEST(class_weights),             TEST(sources),                 TEST(callbacks_stop),
        TEST(validation),                TEST(dropout),                 TEST(gaussian_noise),
        TEST(batch_normalisation),       TEST(frozen_layers),           TEST(stateful_lstm),
        TEST(element_types),             TEST(labels_of_steps),         TEST(forward_in_training),
        TEST(weights_of_the_caller),
        TEST(noise_behind_a_frozen_layer), TEST(stateful_gradients),
        TEST(learning_rate_and_recompile), TEST(shape_of_the_first_batch),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
