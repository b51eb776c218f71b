/* tests/test_model_layers.c - Sequential: layers that differ in training, frozen and stateful ones, weights of the
 * caller's own. */
#include "nets.h"

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
    DO(&n, tn_model_forward, &n.m, &few, &few_x, 1);         /* of the row and the step, not of the batch */
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
        for (k = 0; k < F; k++) mean[k] += (double)values(&x)[i * F + k] / (double)N;
    for (i = 0; i < N; i++)
        for (k = 0; k < F; k++) {
            const double d = (double)values(&x)[i * F + k] - mean[k];
            variance[k] += d * d / (double)N;
        }
    INIT(&n, TN_INPUT_F(F), TN_BATCH_NORM());
    net_ready(&n, &c, N);
    DO(&n, tn_model_predict, &n.m, &y, &x);
    DO(&n, tn_model_evaluate, &n.m, &x, &y, &p);
    for (k = 0; k < F; k++)
        assert_true(values(&n.layers[1].mean)[k] == 0.0f && values(&n.layers[1].variance)[k] == 1.0f);
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
    const tn_tensor x = floats_of(3, N, T, F, 0), early = floats_of(3, N, T / 2, F, 0),
                    late = floats_of(3, N, T / 2, F, 0);
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
    const tn_tensor x = floats_of(4, 21, 6, 5, 2), y = classes_of(21, 3), kernel = floats_of(2, 4, 3, 0, 0),
                    constant = floats_of(1, 4, 0, 0, 0);
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(dropout),       TEST(gaussian_noise), TEST(noise_behind_a_frozen_layer), TEST(batch_normalisation),
        TEST(frozen_layers), TEST(stateful_lstm),  TEST(forward_in_training),         TEST(weights_of_the_caller),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
