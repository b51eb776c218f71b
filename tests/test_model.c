/* tests/test_model.c - Sequential: shapes, parameters, memory, initial weights, weights of the caller's own,
 * prediction. */
#include "nets.h"

/* ---- the models of the catalogue of scenarios: shape of every layer (H,W,C whatever the order), parameters ---- */

/* The axes behind N; images as H,W,C. */
static void put_shape(char *out, const tn_tensor *t)
{
    const int planes = t->rank == 4 && t->axes == TN_NCHW;
    int i;
    *out = 0;
    for (i = 1; i < t->rank; i++)
        sprintf(out + strlen(out), "%s%d", i > 1 ? "," : "", (int)t->dim[planes ? (i == 3 ? 1 : i + 1) : i]);
}

typedef struct variant {
    const char *id, *shapes;
    int parameters, rows;
    tn_layer list[8];
} variant;

static tn_tensor input_of(const tn_layer *l, int rows)
{
    const int32_t *d = l->input.dim;
    const tn_tensor x = l->input.rank == 3   ? floats_of(4, rows, d[0], d[1], d[2])
                        : l->input.rank == 2 ? floats_of(3, rows, d[0], d[1], 0)
                                             : floats_of(2, rows, d[0], 0, 0);
    return x;
}

static void check_variant(const variant *v)
{
    const int32_t count = (int32_t)COUNT(v->list);
    char shapes[200] = "", shape[60];
    int32_t layers = 0, i;
    tn_tensor x = input_of(&v->list[0], v->rows), sample = v->list[0].input, y, from_declared;
    net n;
    while (layers < count && v->list[layers].kind) layers++;
    net_init(&n, v->list, (size_t)layers);
    DO(&n, tn_model_build, &n.m, NULL, 4);
    for (i = 1; i < layers; i++) {
        put_shape(shape, &n.layers[i].output);
        sprintf(shapes + strlen(shapes), "%s%s", i > 1 ? " " : "", shape);
        assert_int_equal(n.layers[i].output.dim[0], TN_ANY);
    }
    if (strcmp(shapes, v->shapes)) fail_msg("%s: shapes %s, must be %s", v->id, shapes, v->shapes);
    if (n.m.parameters != v->parameters) fail_msg("%s: %d parameters", v->id, (int)n.m.parameters);
    assert_true(n.m.built && !n.m.training && n.m.need);
    net_memory(&n, 3);
    x.axes = v->list[0].input.axes == (TNI_AX('C', 0) | TNI_AX('H', 1) | TNI_AX('W', 2)) ? TN_NCHW : 0;
    y = n.layers[layers - 1].output;
    y.dim[0] = v->rows;
    y.data = block(tn_bytes(&y) / 4);
    DO(&n, tn_model_predict, &n.m, &y, &x);
    from_declared = y;
    assert_int_equal(n.notes, 0);
    net_free(&n);

    /* the same without the first entry: the shape is an argument of build */
    net_init(&n, v->list + 1, (size_t)layers - 1);
    DO(&n, tn_model_build, &n.m, &sample, 4);
    assert_int_equal(n.m.parameters, v->parameters);
    net_memory(&n, 3);
    y.data = block(tn_bytes(&y) / 4);
    DO(&n, tn_model_predict, &n.m, &y, &x);
    ASSERT_SAME_BITS(values(&y), values(&from_declared), count_of(&y));
    net_free(&n);

    /* and found in the first batch */
    net_init(&n, v->list + 1, (size_t)layers - 1);
    REFUSED(&n, TN_E_MEMORY, 0, -1, tn_model_predict, &n.m, &y, &x);
    assert_true(n.ctx.need > 0);
    n.memory = (unsigned char *)malloc(n.ctx.need);
    DO(&n, tn_model_memory, &n.m, n.memory, n.ctx.need, 3);
    n.notes = 0;
    DO(&n, tn_model_predict, &n.m, &y, &x);
    assert_int_equal(noted(&n, TN_W_INFERRED), 1);
    DO(&n, tn_model_predict, &n.m, &y, &x);
    assert_int_equal(noted(&n, TN_W_INFERRED), 1);
    ASSERT_SAME_BITS(values(&y), values(&from_declared), count_of(&y));
    net_free(&n);
    pool_used = 0;
}

static void models_of_the_catalogue(void **state)
{
    const variant variants[] = {
        { "A1",
          "30,30,32 15,15,32 7200 10",
          72906,
          6,
          { TN_INPUT_HWC(32, 32, 3), TN_CONV2D(32, 3, 3, TN_RELU), TN_MAX_POOL2D(2, 2), TN_FLATTEN(),
            TN_DENSE(10, TN_SOFTMAX) } },
        { "A4", "26,26,32", 320, 1, { TN_INPUT_HWC(28, 28, 1), TN_CONV2D(32, 3, 3, TN_RELU) } },
        { "A5 valid", "24,24,32", 832, 1, { TN_INPUT_HWC(28, 28, 1), TN_CONV2D(32, 5, 5, TN_RELU) } },
        { "A5 same", "28,28,32", 832, 1, { TN_INPUT_HWC(28, 28, 1), same(TN_CONV2D(32, 5, 5, TN_RELU)) } },
        { "A5 same, strided",
          "14,14,32",
          832,
          1,
          { TN_INPUT_HWC(28, 28, 1), strided(same(TN_CONV2D(32, 5, 5, TN_RELU)), 2) } },
        { "A6",
          "30,30,32 28800 10",
          288906,
          5,
          { TN_INPUT_HWC(32, 32, 3), TN_CONV2D(32, 3, 3, TN_RELU), TN_FLATTEN(), TN_DENSE(10, TN_LINEAR) } },
        { "A6 pooled",
          "30,30,32 32 10",
          1226,
          5,
          { TN_INPUT_HWC(32, 32, 3), TN_CONV2D(32, 3, 3, TN_RELU), TN_GLOBAL_AVG_POOL2D(), TN_DENSE(10, TN_LINEAR) } },
        { "A7 28",
          "26,26,32 13,13,32 5408 10",
          54410,
          5,
          { TN_INPUT_HWC(28, 28, 1), TN_CONV2D(32, 3, 3, TN_RELU), TN_MAX_POOL2D(2, 2), TN_FLATTEN(),
            TN_DENSE(10, TN_SOFTMAX) } },
        { "A7 32",
          "30,30,32 15,15,32 7200 10",
          72330,
          5,
          { TN_INPUT_HWC(32, 32, 1), TN_CONV2D(32, 3, 3, TN_RELU), TN_MAX_POOL2D(2, 2), TN_FLATTEN(),
            TN_DENSE(10, TN_SOFTMAX) } },
        { "A8 planes",
          "30,30,16 30,30,16 15,15,16 3600 10",
          36458,
          5,
          { TN_INPUT_CHW(3, 32, 32), TN_CONV2D(16, 3, 3, TN_LINEAR), TN_ACTIVATION(TN_RELU), TN_MAX_POOL2D(2, 2),
            TN_FLATTEN(), TN_DENSE(10, TN_LINEAR) } },
        { "A8 one channel",
          "30,30,16 15,15,16 3600 10",
          36170,
          5,
          { TN_INPUT_CHW(1, 32, 32), TN_CONV2D(16, 3, 3, TN_RELU), TN_MAX_POOL2D(2, 2), TN_FLATTEN(),
            TN_DENSE(10, TN_LINEAR) } },
        { "A10", "10 1", 71, 100, { TN_INPUT_F(5), TN_DENSE(10, TN_RELU), TN_DENSE(1, TN_SIGMOID) } },
        { "A13",
          "30,30,32 28800 1",
          29121,
          5,
          { TN_INPUT_HWC(32, 32, 1), TN_CONV2D(32, 3, 3, TN_RELU), TN_FLATTEN(), TN_DENSE(1, TN_SIGMOID) } },
        { "A15", "32 1", 4385, 100, { TN_INPUT_TF(2, 1), TN_LSTM(32), TN_DENSE(1, TN_LINEAR) } },
        { "A17",
          "26,26,32 13,13,32 11,11,64 5,5,64 1600 10",
          34826,
          1,
          { TN_INPUT_HWC(28, 28, 1), TN_CONV2D(32, 3, 3, TN_RELU), TN_MAX_POOL2D(2, 2), TN_CONV2D(64, 3, 3, TN_RELU),
            TN_MAX_POOL2D(2, 2), TN_FLATTEN(), TN_DENSE(10, TN_SOFTMAX) } },
        { "A21", "128 10", 92938, 1, { TN_INPUT_TF(10, 50), TN_LSTM(128), TN_DENSE(10, TN_SOFTMAX) } },
    };
    size_t i;
    (void)state;
    for (i = 0; i < COUNT(variants); i++) check_variant(&variants[i]);
}

/* A softmax gives distributions; one step of time is noted, once. */
static void what_a_prediction_is(void **state)
{
    const tn_tensor x = floats_of(4, 9, 6, 5, 2), series = floats_of(3, 5, 1, 1, 0);
    const tn_tensor y = room_of(9, 3), one = room_of(5, 1);
    net n;
    int i;
    (void)state;
    small_net(&n);
    net_ready(&n, NULL, 4);
    DO(&n, tn_model_predict, &n.m, &y, &x);
    for (i = 0; i < 9; i++) {
        const float *p = values(&y) + 3 * i;
        assert_true(fabs((double)p[0] + (double)p[1] + (double)p[2] - 1.0) < 4e-7 && p[0] > 0 && p[1] > 0 && p[2] > 0);
    }
    net_free(&n);
    INIT(&n, TN_INPUT_TF(1, 1), TN_LSTM(4), TN_DENSE(1, TN_LINEAR)); /* A14, A15 */
    net_ready(&n, NULL, 4);
    DO(&n, tn_model_predict, &n.m, &one, &series);
    DO(&n, tn_model_predict, &n.m, &one, &series);
    assert_int_equal(noted(&n, TN_W_SINGLE_STEP), 1);
    net_free(&n);
}

/* Any H and W where nothing fixes them; what the memory is too small for is said, and the model stays as it is. */
static void free_axes(void **state)
{
    const tn_tensor small = floats_of(4, 3, 28, 28, 3), large = floats_of(4, 3, 33, 40, 3), y = room_of(3, 10);
    const tn_tensor declared = tn_view(NULL, 0, 3, 32, 32, 3, 0), six = tn_view(NULL, 0, 2, 6, 4, 0, 0);
    const tn_tensor exact_y = room_of(3, 10), text = floats_of(3, 3, 5, 4, 0);
    const tn_tensor states = room_of(3, 3), exact_states = room_of(3, 3), long_text = floats_of(3, 3, 1024, 1, 0);
    const tn_tensor long_one = tn_view(NULL, 0, 2, 1024, 1, 0, 0);
    size_t need;
    net n, exact;
    (void)state;
    INIT(&n, TN_INPUT_HWC(TN_ANY, TN_ANY, 3), TN_CONV2D(8, 3, 3, TN_RELU), TN_GLOBAL_AVG_POOL2D(),
         TN_DENSE(10, TN_LINEAR));
    DO(&n, tn_model_build, &n.m, &declared, 2);
    assert_int_equal(n.layers[1].output.dim[1], TN_ANY);
    assert_int_equal(n.layers[3].output.dim[1], 10);
    net_memory(&n, 7);
    DO(&n, tn_model_predict, &n.m, &y, &small);
    INIT(&exact, TN_INPUT_HWC(28, 28, 3), TN_CONV2D(8, 3, 3, TN_RELU), TN_GLOBAL_AVG_POOL2D(), TN_DENSE(10, TN_LINEAR));
    net_ready(&exact, NULL, 2);
    DO(&exact, tn_model_predict, &exact.m, &exact_y, &small);
    ASSERT_SAME_BITS(values(&y), values(&exact_y), 30);
    net_free(&exact);
    REFUSED(&n, TN_E_MEMORY, 0, -1, tn_model_predict, &n.m, &y, &large);
    need = n.ctx.need;
    assert_true(need > n.m.need);
    free(n.memory);
    n.memory = (unsigned char *)malloc(need);
    DO(&n, tn_model_memory, &n.m, n.memory, need, 7);
    DO(&n, tn_model_predict, &n.m, &y, &large);
    DO(&n, tn_model_predict, &n.m, &y, &small);
    ASSERT_SAME_BITS(values(&y), values(&exact_y), 30);
    net_free(&n);

    INIT(&n, TN_INPUT_TF(TN_ANY, 4), sequences(TN_LSTM(3)), TN_LSTM(3)); /* steps */
    DO(&n, tn_model_build, &n.m, &six, 2);
    net_memory(&n, 7);
    INIT(&exact, TN_INPUT_TF(5, 4), sequences(TN_LSTM(3)), TN_LSTM(3));
    net_ready(&exact, NULL, 2);
    DO(&n, tn_model_predict, &n.m, &states, &text);
    DO(&exact, tn_model_predict, &exact.m, &exact_states, &text);
    ASSERT_SAME_BITS(values(&states), values(&exact_states), 9);
    net_free(&n);
    net_free(&exact);

    INIT(&n, TN_INPUT_TF(TN_ANY, 1), TN_LSTM(3)); /* the length that stands for one not known yet */
    DO(&n, tn_model_build, &n.m, &long_one, 2);
    net_memory(&n, 7);
    INIT(&exact, TN_INPUT_TF(1024, 1), TN_LSTM(3));
    net_ready(&exact, NULL, 2);
    DO(&n, tn_model_predict, &n.m, &states, &long_text);
    DO(&exact, tn_model_predict, &exact.m, &exact_states, &long_text);
    ASSERT_SAME_BITS(values(&states), values(&exact_states), 9);
    net_free(&n);
    net_free(&exact);
}

/* ---- memory ---- */

static void train_once(net *n, const tn_tensor *x, const tn_tensor *y, const tn_tensor *out)
{
    tn_fit f = TN_ZERO;
    f.epochs = 2;
    if (n->m.compiled) DO(n, tn_model_fit, &n->m, x, y, &f, NULL);
    DO(n, tn_model_predict, &n->m, out, x);
}

/* need is enough, between unmapped pages and at any float's address; one byte less is refused. */
static void check_memory(void (*make)(net *), const tn_compile *c, const tn_tensor *x, const tn_tensor *y, int classes)
{
    const tn_tensor want = room_of(x->dim[0], classes), got = room_of(x->dim[0], classes);
    int place;
    net n;
    for (place = 0; place < 4; place++) {
        size_t size;
        void *memory;
        make(&n);
        if (c) DO(&n, tn_model_compile, &n.m, c);
        DO(&n, tn_model_build, &n.m, NULL, 5);
        size = n.m.need;
        assert_int_equal(size % sizeof(float), 0);
        memory = place == 3 ? (void *)((unsigned char *)fence_bytes(size + 4, 0) + 4)
                            : fence_bytes(size - (size_t)(place == 0), place < 2);
        if (place == 0) {
            void *const aligned = (void *)((uintptr_t)memory & ~(uintptr_t)63); /* a page holds more than size - 1 */
            REFUSED(&n, TN_E_MEMORY, 0, -1, tn_model_memory, &n.m, aligned, size - 1, 7);
            assert_int_equal(n.ctx.need, size);
        } else {
            DO(&n, tn_model_memory, &n.m, memory, size, 7);
            train_once(&n, x, y, place == 1 ? &want : &got);
            if (place > 1) ASSERT_SAME_BITS(values(&got), values(&want), count_of(&got));
        }
        net_free(&n);
    }
    fence_clear();
}

static void memory_is_exact(void **state)
{
    const tn_tensor pictures = bytes_of(4, 13, 13, 11, 3), series = floats_of(3, 13, 7, 3, 0);
    const tn_tensor classes = classes_of(13, 4), targets = floats_of(2, 13, 2, 0, 0);
    const tn_compile adam = sparse(tn_adam(1e-2f)), momentum = squares(tn_sgd(1e-2f, 0.9f)),
                     plain = squares(tn_sgd(1e-2f, 0.0f));
    (void)state;
    check_memory(picture_net, NULL, &pictures, &classes, 4);
    check_memory(picture_net, &adam, &pictures, &classes, 4);
    check_memory(series_net, NULL, &series, &targets, 2);
    check_memory(series_net, &momentum, &series, &targets, 2);
    check_memory(series_net, &plain, &series, &targets, 2);
}

static void a_query_says_the_need(void **state)
{
    const tn_tensor x = floats_of(4, 3, 6, 5, 2), y = room_of(3, 3), wide = floats_of(4, 3, 6, 5, 3);
    net n;
    (void)state;
    small_net(&n);
    net_ready(&n, NULL, 4);
    net_keep(&n);
    n.ctx.query = 1;
    DO(&n, tn_model_memory, &n.m, NULL, 0, 7);
    assert_int_equal(n.ctx.need, n.m.need);
    n.ctx.need = 0;
    DO(&n, tn_model_predict, &n.m, &y, &x);
    assert_int_equal(n.ctx.need, n.m.need);
    assert_true(values(&y)[0] == -77.0f);
    assert_int_equal(tn_model_predict(&n.ctx, &n.m, &y, &wide), TN_E_CHANNELS);
    net_unchanged(&n, "a query", __LINE__);
    net_free(&n);
}

/* ---- the same bits: any N, row by row, any batch, any instruction set, with threads ---- */

static void check_rows(void (*make)(net *), const tn_tensor *x, int classes)
{
    static const int counts[] = { 1, 7, 32, 33, 100 };
    const int rows = x->dim[0];
    const tn_tensor want = room_of(rows, classes), got = room_of(rows, classes);
    int i, batch, known = 0;
    size_t k;
    net n;
    FOR_EACH_ISA(isa)
    for (batch = 5; batch <= 32; batch += 27) {
        make(&n);
        net_ready(&n, NULL, batch);
        if (!known) DO(&n, tn_model_predict, &n.m, &want, x);
        known = 1;
        for (k = 0; k < COUNT(counts) && counts[k] <= rows; k++) {
            const tn_tensor part = rows_of(x, rows - counts[k], counts[k]), y = rows_of(&got, 0, counts[k]);
            memset(y.data, 0xff, tn_bytes(&y));
            DO(&n, tn_model_predict, &n.m, &y, &part);
            ASSERT_SAME_BITS(values(&y), values(&want) + (rows - counts[k]) * classes, count_of(&y));
        }
        for (i = 0; i < rows; i++) {
            const tn_tensor row = rows_of(x, i, 1), y = rows_of(&got, i, 1);
            DO(&n, tn_model_predict, &n.m, &y, &row);
        }
        ASSERT_SAME_BITS(values(&got), values(&want), count_of(&want));
        net_free(&n);
    }
}

/* On the caller's threads the same bits. */
static void check_threads(void (*make)(net *), const tn_tensor *x, int classes)
{
    const tn_tensor want = room_of(x->dim[0], classes), got = room_of(x->dim[0], classes);
    int calls = 0;
    net n;
    make(&n);
    net_ready(&n, NULL, 32);
    DO(&n, tn_model_predict, &n.m, &want, x);
    net_free(&n);
    make(&n);
    n.ctx.workers = 3;
    n.ctx.parallel_for = backwards;
    n.ctx.pool = &calls;
    net_ready(&n, NULL, 32);
    DO(&n, tn_model_predict, &n.m, &got, x);
    ASSERT_SAME_BITS(values(&got), values(&want), count_of(&want));
    assert_true(calls > 0);
    net_free(&n);
}

static void any_number_of_rows(void **state)
{
    const tn_tensor pictures = bytes_of(4, 100, 13, 11, 3), series = floats_of(3, 100, 7, 3, 0);
    const tn_tensor large = floats_of(4, 33, 20, 20, 8);
    tn_tensor none = rows_of(&series, 0, 0), y = room_of(1, 2);
    net n;
    (void)state;
    check_rows(picture_net, &pictures, 4);
    check_rows(series_net, &series, 2);
    check_rows(large_net, &large, 4);
    check_threads(large_net, &large, 4);
    check_threads(series_net, &series, 2);
    series_net(&n);
    net_ready(&n, NULL, 5);
    y.dim[0] = 0;
    DO(&n, tn_model_predict, &n.m, &y, &none); /* no rows: nothing happens */
    assert_true(values(&y)[0] == -77.0f);
    net_free(&n);
}

/* A forward in inference is a prediction; u8 and the same numbers in f32 are the same data. */
static void forward_predicts(void **state)
{
    const tn_tensor x = bytes_of(4, 5, 13, 11, 3), y = room_of(5, 4), again = room_of(5, 4);
    const tn_tensor numbers = floats_of(4, 5, 13, 11, 3);
    net n;
    (void)state;
    picture_net(&n);
    net_ready(&n, NULL, 5);
    DO(&n, tn_model_predict, &n.m, &y, &x);
    DO(&n, tn_model_forward, &n.m, &again, &x, 0);
    ASSERT_SAME_BITS(values(&again), values(&y), 20);
    assert_int_equal(tn_convert(NULL, &numbers, &x, NULL), TN_OK);
    DO(&n, tn_model_predict, &n.m, &again, &numbers);
    ASSERT_SAME_BITS(values(&again), values(&y), 20);
    net_free(&n);
}

/* ---- weights ---- */

static int all_are(const tn_tensor *t, float value)
{
    size_t i;
    for (i = 0; i < count_of(t); i++)
        if (values(t)[i] != value) return 0;
    return t->data != NULL;
}

/* Glorot uniform kernels that differ from layer to layer, an orthogonal recurrent one, zeros, ones. */
static void initial_weights(void **state)
{
    net n, again, other;
    size_t i, k, l;
    (void)state;
    INIT(&n, TN_INPUT_HWC(8, 8, 3), TN_CONV2D(6, 3, 3, TN_RELU), TN_BATCH_NORM(), TN_GLOBAL_AVG_POOL2D(),
         TN_DENSE(6, TN_RELU), TN_DENSE(6, TN_RELU));
    net_ready(&n, NULL, 2);
    for (i = 0; i < 162; i++) assert_true(fabs((double)values(&n.layers[1].kernel)[i]) <= sqrt(6.0 / (27 + 54)) + 1e-7);
    for (i = 0, k = 0, l = 0; i < 36; i++) {
        k += values(&n.layers[4].kernel)[i] != values(&n.layers[5].kernel)[i];
        l += fabs((double)values(&n.layers[4].kernel)[i]) > 0.5 * sqrt(6.0 / 12);
    }
    assert_true(k > 30 && l > 5 && l < 31);
    assert_true(all_are(&n.layers[1].bias, 0.0f) && all_are(&n.layers[4].bias, 0.0f));
    assert_true(all_are(&n.layers[2].gamma, 1.0f) && all_are(&n.layers[2].beta, 0.0f));
    assert_true(all_are(&n.layers[2].mean, 0.0f) && all_are(&n.layers[2].variance, 1.0f));
    net_free(&n);
    for (k = 0; k < 3; k++) {
        net *const each = k == 0 ? &n : k == 1 ? &again : &other;
        series_net(each);
        DO(each, tn_model_build, &each->m, NULL, 2);
        net_memory(each, k < 2 ? 5 : 6);
    }
    assert_true(net_same(&n, &again) && !net_same(&n, &other));
    for (i = 0; i < 24; i++) assert_true(values(&n.layers[1].bias)[i] == (i / 6 == 1 ? 1.0f : 0.0f));
    for (k = 0; k < 6; k++) /* the rows of U[6,24] are orthonormal */
        for (l = 0; l < 6; l++) {
            double sum = 0;
            for (i = 0; i < 24; i++)
                sum += (double)values(&n.layers[1].recurrent)[k * 24 + i] *
                       (double)values(&n.layers[1].recurrent)[l * 24 + i];
            assert_true(fabs(sum - (k == l)) < 1e-5);
        }
    net_free(&n);
    net_free(&again);
    net_free(&other);
    INIT(&n, TN_INPUT_F(3), TN_DENSE(4, TN_RELU), TN_DENSE(2, TN_LINEAR));
    n.layers[1].initializer = TN_ONES;
    net_ready(&n, NULL, 2);
    assert_true(all_are(&n.layers[1].kernel, 1.0f) && !all_are(&n.layers[2].kernel, 1.0f));
    net_free(&n);
}

/* Constant weights are used where they lie, in PyTorch's order by name too. */
static void weights_of_the_caller(void **state)
{
    static const float kernel[3 * 3 * 2 * 4] = { 0.5f, -0.25f, 1.0f, 2.0f, -1.0f, 0.125f }, bias[4] = { 1, 2, 3, 4 };
    const tn_tensor x = floats_of(4, 7, 6, 5, 2), y = room_of(7, 3), want = room_of(7, 3);
    const tn_tensor turned = floats_of(4, 4, 2, 3, 3), dense = floats_of(2, 4, 3, 0, 0),
                    across = floats_of(2, 3, 4, 0, 0);
    tn_tensor oihw = turned, given = tn_cview(kernel, TN_HWIO, 4, 3, 3, 2, 4);
    static const int32_t to_oihw[] = { 3, 2, 0, 1 }, to_oi[] = { 1, 0 };
    net n;
    (void)state;
    assert_int_equal(tn_transpose(NULL, &turned, &given, to_oihw), TN_OK);
    assert_int_equal(tn_transpose(NULL, &across, &dense, to_oi), TN_OK);

    small_net(&n); /* copied in */
    net_ready(&n, NULL, 4);
    memcpy(n.layers[1].kernel.data, kernel, sizeof kernel);
    memcpy(n.layers[1].bias.data, bias, sizeof bias);
    memcpy(n.layers[3].kernel.data, dense.data, tn_bytes(&dense));
    DO(&n, tn_model_predict, &n.m, &want, &x);
    net_free(&n);

    small_net(&n); /* where they lie */
    n.layers[1].kernel = given;
    n.layers[1].bias = tn_cview(bias, TN_O, 1, 4, 0, 0, 0);
    n.layers[3].kernel = tn_cview(dense.data, TN_IO, 2, 4, 3, 0, 0);
    net_ready(&n, NULL, 4);
    assert_ptr_equal(n.layers[1].kernel.data, kernel);
    assert_ptr_equal(n.layers[1].bias.data, bias);
    DO(&n, tn_model_predict, &n.m, &y, &x);
    ASSERT_SAME_BITS(values(&y), values(&want), 21);
    net_free(&n);

    small_net(&n); /* OIHW and OI */
    oihw.axes = TN_OIHW;
    n.layers[1].kernel = oihw;
    n.layers[1].bias = tn_cview(bias, TN_O, 1, 4, 0, 0, 0);
    n.layers[3].kernel = across;
    n.layers[3].kernel.axes = TN_OI;
    net_ready(&n, NULL, 4);
    assert_ptr_equal(n.layers[3].kernel.data, across.data);
    DO(&n, tn_model_predict, &n.m, &y, &x);
    ASSERT_SAME_BITS(values(&y), values(&want), 21);
    net_free(&n);
}

static void weights_that_do_not_fit(void **state)
{
    const tn_tensor wide = floats_of(2, 5, 3, 0, 0), fits = floats_of(2, 4, 3, 0, 0), bias = floats_of(1, 2, 0, 0, 0);
    const tn_compile c = sparse(tn_sgd(0.1f, 0.0f));
    net n;
    (void)state;
    small_net(&n);
    n.layers[3].kernel = wide;
    REFUSED(&n, TN_E_WEIGHTS, 0, TN_AT_BUILD, tn_model_build, &n.m, NULL, 4);
    assert_int_equal(n.diag.layer, 2);
    n.layers[3].kernel = fits;
    n.layers[3].kernel.dtype = TN_U8;
    REFUSED(&n, TN_E_DTYPE, 0, TN_AT_BUILD, tn_model_build, &n.m, NULL, 4);
    n.layers[3].kernel = fits;
    n.layers[1].bias = bias;
    REFUSED(&n, TN_E_WEIGHTS, 0, TN_AT_BUILD, tn_model_build, &n.m, NULL, 4);
    assert_int_equal(n.diag.layer, 0);
    memset(&n.layers[1].bias, 0, sizeof bias);
    net_ready(&n, NULL, 4);
    net_free(&n);

    small_net(&n); /* constant weights cannot be trained, whichever call comes last */
    n.layers[3].kernel = fits;
    n.layers[3].kernel.flags = TN_READONLY;
    DO(&n, tn_model_compile, &n.m, &c);
    REFUSED(&n, TN_E_ARG, 0, -1, tn_model_build, &n.m, NULL, 4);
    n.layers[3].frozen = 1;
    DO(&n, tn_model_build, &n.m, NULL, 4);
    net_free(&n);
    small_net(&n);
    n.layers[3].kernel = fits;
    n.layers[3].kernel.flags = TN_READONLY;
    DO(&n, tn_model_build, &n.m, NULL, 4);
    REFUSED(&n, TN_E_ARG, 0, -1, tn_model_compile, &n.m, &c);
    net_free(&n);
}

/* ---- the table of layers ---- */
static void the_summary(void **state)
{
    char text[4000], part[50];
    size_t length, size;
    net n;
    (void)state;
    INIT(&n, TN_INPUT_F(5), TN_DENSE(10, TN_RELU), TN_DENSE(1, TN_SIGMOID));
    n.layers[2].name = "head";
    assert_true(tn_model_summary(&n.m, text, sizeof text) == strlen(text));
    assert_non_null(strstr(text, "not built"));
    net_ready(&n, NULL, 4);
    length = tn_model_summary(&n.m, text, sizeof text);
    assert_int_equal(length, strlen(text));
    assert_int_equal(tn_model_summary(&n.m, NULL, 0), length);
    assert_non_null(strstr(text, "dense_0"));
    assert_non_null(strstr(text, "head"));
    assert_non_null(strstr(text, "60"));
    assert_non_null(strstr(text, "11"));
    assert_non_null(strstr(text, "71"));
    for (size = 1; size < sizeof part; size++) {
        memset(part, 'x', sizeof part);
        assert_int_equal(tn_model_summary(&n.m, part, size), length);
        assert_true(strlen(part) < size); /* cut at a word or a line */
        assert_memory_equal(part, text, strlen(part));
    }
    net_free(&n);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(models_of_the_catalogue), TEST(what_a_prediction_is),    TEST(free_axes),        TEST(memory_is_exact),
        TEST(a_query_says_the_need),   TEST(any_number_of_rows),      TEST(forward_predicts), TEST(initial_weights),
        TEST(weights_of_the_caller),   TEST(weights_that_do_not_fit), TEST(the_summary),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
