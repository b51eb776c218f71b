/* tests/test_model_gradients.c - Sequential: gradients against a chain of the public calls. */
#include "nets.h"

static tn_tensor like(const tn_tensor *t)
{
    tn_tensor z = *t;
    z.flags = 0;
    z.data = block(tn_bytes(t) / 4);
    memset(z.data, 0, tn_bytes(t));
    return z;
}

/* Of each layer's gradients in turn: what the model has there, then the next. -0 is 0 here: both were added to 0. */
static void check_gradient(const float **at, const tn_tensor *want)
{
    size_t i;
    for (i = 0; i < count_of(want); i++)
        if ((*at)[i] != values(want)[i])
            fail_msg("gradient[%zu] is %a, must be %a (%s)", i, (double)(*at)[i], (double)values(want)[i],
                     tn_isa_name());
    *at += count_of(want);
}

static void gradients_of_a_convolution(void **state)
{
    const tn_tensor x = floats_of(4, 9, 7, 6, 2), y = classes_of(9, 5);
    const tn_compile c = sparse(tn_sgd(0.1f, 0.0f));
    (void)state;
    FOR_EACH_ISA(isa)
    {
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
    FOR_EACH_ISA(isa)
    {
        tn_activation_params tanh_ = TN_ZERO;
        tn_tensor h, reserve = TN_ZERO, shape = TN_ZERO, z, v, dv, dz, dh, dw, db, dk, du, dkb, dg, dbeta, mean, rstd,
                     ln, dln, loss;
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
        MUST(tn_lstm(&scratch, &h, NULL, NULL, &reserve, &x, &n.layers[1].kernel, &n.layers[1].recurrent,
                     &n.layers[1].bias, NULL, NULL, NULL));
        MUST(tn_layer_norm(NULL, &ln, &mean, &rstd, &h, &n.layers[2].gamma, &n.layers[2].beta, NULL));
        MUST(tn_dense(NULL, &z, &ln, &n.layers[3].kernel, &n.layers[3].bias, NULL));
        MUST(tn_activation(NULL, &v, &z, &tanh_));
        MUST(tn_loss(NULL, TN_MEAN_SQUARED_ERROR, &loss, &dv, &v, &y, NULL));
        MUST(tn_activation_backward(NULL, &dz, &dv, NULL, &v, &tanh_));
        MUST(tn_dense_backward(NULL, &dln, &dw, &db, &dz, &ln, &n.layers[3].kernel, NULL));
        MUST(tn_layer_norm_backward(NULL, &dh, &dg, &dbeta, &dln, &h, &n.layers[2].gamma, &mean, &rstd, NULL));
        MUST(tn_lstm_backward(&scratch, NULL, &dk, &du, &dkb, NULL, NULL, &dh, NULL, NULL, &reserve, &x,
                              &n.layers[1].kernel, &n.layers[1].recurrent, NULL, NULL, NULL));
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(gradients_of_a_convolution), TEST(gradients_of_a_sequence), TEST(gradients_of_statistics),
        TEST(gradients_add_up),           TEST(stateful_gradients),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
