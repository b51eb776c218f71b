/* tests/test_model_bad.c - Sequential refuses: the code, the cause, the stage, the layer, and the model is as it was.
 */
#include "nets.h"

/* ---- lists that cannot be built ---- */

enum { ANY_CAUSE = 0 };
typedef struct bad_list {
    int line, status, cause, layer; /* layer -1: not asked */
    tn_layer list[14];
} bad_list;

static tn_layer kind_of(int kind)
{
    tn_layer l = TN_FLATTEN();
    l.kind = kind;
    return l;
}
static tn_layer padded(tn_layer l, int padding)
{
    l.window.padding = padding;
    return l;
}
static tn_layer with_rate(tn_layer l, float rate)
{
    l.rate = rate;
    return l;
}
static tn_layer with_epsilon(tn_layer l, float epsilon)
{
    l.epsilon = epsilon;
    return l;
}

static void lists(void **state)
{
    const tn_layer in = TN_INPUT_HWC(28, 28, 1), series = TN_INPUT_TF(8, 3), row = TN_INPUT_F(6);
    const tn_layer conv = TN_CONV2D(4, 3, 3, TN_RELU), pool2 = TN_MAX_POOL2D(2, 2), flat = TN_FLATTEN(),
                   out = TN_DENSE(3, TN_LINEAR);
    const bad_list rows[] = {
#define ROW(status, cause, layer, ...)                  \
    {                                                   \
        __LINE__, status, cause, layer, { __VA_ARGS__ } \
    }
        /* lists */
        ROW(TN_E_ARG, TN_CAUSE_INPUT_TWICE, -1, in, in, flat, out),
        ROW(TN_E_ARG, TN_CAUSE_INPUT_TWICE, -1, row, out, row, out),
        ROW(TN_E_ARG, TN_CAUSE_INPUT_NOT_FIRST, -1, out, row),
        ROW(TN_E_ARG, TN_CAUSE_CLASS_NOT_INSTANCE, 1, row, out, kind_of(99)),
        ROW(TN_E_ARG, TN_CAUSE_CLASS_NOT_INSTANCE, 0, row, kind_of(-1), out),
        /* layers that do not follow each other */
        ROW(TN_E_DENSE_SPATIAL, TN_CAUSE_NO_FLATTEN, 4, in, conv, pool2, conv, pool2, out),
        ROW(TN_E_DENSE_SPATIAL, TN_CAUSE_NO_FLATTEN, 0, in, out),
        ROW(TN_E_RANK, TN_CAUSE_STACKED_LSTM, 1, series, TN_LSTM(4), TN_LSTM(4)),
        ROW(TN_E_RANK, ANY_CAUSE, 1, in, conv, TN_LSTM(4)),
        ROW(TN_E_RANK, ANY_CAUSE, 0, row, TN_LSTM(4)),
        ROW(TN_E_RANK, TN_CAUSE_FLATTEN_BEFORE_CONV, 1, in, flat, conv),
        ROW(TN_E_RANK, TN_CAUSE_FLATTEN_TOO_EARLY, 2, in, conv, flat, pool2),
        ROW(TN_E_RANK, TN_CAUSE_FLATTEN_TOO_EARLY, 2, in, flat, TN_DENSE(4, TN_RELU), TN_GLOBAL_AVG_POOL2D()),
        ROW(TN_E_RANK, ANY_CAUSE, 0, series, conv),
        ROW(TN_E_RANK, TN_CAUSE_DECLARED_FLAT, 0, row, conv, flat, out),
        ROW(TN_E_RANK, ANY_CAUSE, 1, in, TN_GLOBAL_AVG_POOL2D(), TN_GLOBAL_MAX_POOL2D()),
        ROW(TN_E_RESHAPE, ANY_CAUSE, 0, row, TN_RESHAPE_HWC(2, 2, 2)),
        ROW(TN_E_RESHAPE, ANY_CAUSE, 1, in, conv, TN_RESHAPE_HWC(28, 28, 4)),
        ROW(TN_E_RESHAPE, TN_CAUSE_FLATTEN_OF_UNKNOWN_SIZE, 1, TN_INPUT_HWC(TN_ANY, 28, 1), conv, flat, out),
        /* windows */
        ROW(TN_E_WINDOW, TN_CAUSE_KERNEL_TOO_LARGE, 0, TN_INPUT_HWC(4, 8, 1), TN_CONV2D(32, 5, 5, TN_RELU)),
        ROW(TN_E_WINDOW, TN_CAUSE_DECLARED_CHANNELS_FIRST, 0, TN_INPUT_HWC(1, 28, 28), conv, flat, out),
        ROW(TN_E_WINDOW, ANY_CAUSE, 6, in, conv, pool2, conv, pool2, conv, pool2, conv, pool2),
        ROW(TN_E_WINDOW, ANY_CAUSE, 0, TN_INPUT_HWC(2, 2, 1), TN_MAX_POOL2D(4, 4)),
        ROW(TN_E_WINDOW, ANY_CAUSE, 0, TN_INPUT_HWC(2, 9, 1), TN_AVG_POOL2D(4, 4)),
        ROW(TN_E_ARG, ANY_CAUSE, 0, in, TN_CONV2D(4, 0, 3, TN_RELU)),
        ROW(TN_E_ARG, ANY_CAUSE, 0, in, TN_CONV2D(4, 3, -3, TN_RELU)),
        ROW(TN_E_ARG, ANY_CAUSE, 0, in, strided(TN_CONV2D(4, 3, 3, TN_RELU), -1)),
        ROW(TN_E_ARG, ANY_CAUSE, 0, in, padded(TN_CONV2D(4, 3, 3, TN_RELU), 9)),
        ROW(TN_E_ARG, ANY_CAUSE, 0, in, TN_MAX_POOL2D(-2, 2)),
        ROW(TN_E_CHANNELS, ANY_CAUSE, 1, in, conv, grouped(TN_CONV2D(6, 3, 3, TN_RELU), 3)),
        ROW(TN_E_ARG, ANY_CAUSE, 0, in, grouped(TN_CONV2D(6, 3, 3, TN_RELU), -1)),
        ROW(TN_E_ARG, ANY_CAUSE, 0, in, multiplied(TN_DEPTHWISE_CONV2D(3, 3, TN_RELU), -2)),
        /* numbers of a layer */
        ROW(TN_E_ARG, TN_CAUSE_BAD_UNITS, 1, row, out, TN_DENSE(0, TN_RELU)),
        ROW(TN_E_ARG, TN_CAUSE_BAD_UNITS, 0, row, TN_DENSE(-4, TN_RELU)),
        ROW(TN_E_ARG, TN_CAUSE_BAD_UNITS, 0, in, TN_CONV2D(0, 3, 3, TN_RELU)),
        ROW(TN_E_ARG, TN_CAUSE_BAD_UNITS, 0, series, TN_LSTM(-1)),
        ROW(TN_E_OVERFLOW, ANY_CAUSE, 0, series, TN_LSTM(INT32_MAX)),
        ROW(TN_E_OVERFLOW, ANY_CAUSE, -1, row, TN_DENSE(INT32_MAX, TN_RELU), TN_DENSE(INT32_MAX, TN_RELU),
            TN_DENSE(INT32_MAX, TN_RELU)),
        ROW(TN_E_ARG, ANY_CAUSE, 0, row, TN_DENSE(4, 77)),
        ROW(TN_E_ARG, ANY_CAUSE, 0, row, TN_ACTIVATION(-1)),
        ROW(TN_E_ARG, ANY_CAUSE, 0, row, TN_DROPOUT(1.0f)),
        ROW(TN_E_ARG, ANY_CAUSE, 0, row, TN_DROPOUT(-0.5f)),
        ROW(TN_E_ARG, ANY_CAUSE, 0, row, TN_DROPOUT(NAN)),
        ROW(TN_E_ARG, ANY_CAUSE, 0, row, with_rate(TN_GAUSSIAN_NOISE(0.0f), INFINITY)),
        ROW(TN_E_ARG, ANY_CAUSE, 0, row, with_epsilon(TN_BATCH_NORM(), -1.0f)),
        ROW(TN_E_ARG, ANY_CAUSE, 0, row, with_epsilon(TN_LAYER_NORM(), NAN)),
        ROW(TN_E_ARG, ANY_CAUSE, 0, row, TN_RESCALING(NAN, 0.0f)),
        /* declared shapes */
        ROW(TN_E_EMPTY, ANY_CAUSE, -1, TN_INPUT_F(0), out),
        ROW(TN_E_EMPTY, ANY_CAUSE, -1, TN_INPUT_HWC(28, 0, 1), conv),
        ROW(TN_E_FEATURES, TN_CAUSE_UNKNOWN_CHANNELS, -1, TN_INPUT_F(TN_ANY), out),
        ROW(TN_E_CHANNELS, TN_CAUSE_UNKNOWN_CHANNELS, -1, TN_INPUT_HWC(28, 28, TN_ANY), conv),
    };
    size_t i;
    (void)state;
    for (i = 0; i < COUNT(rows); i++) {
        int32_t count = 0;
        tn_status got;
        net n;
        while (count < 14 && (rows[i].list[count].file || rows[i].list[count].kind)) count++;
        net_init(&n, rows[i].list, (size_t)count);
        net_keep(&n);
        got = tn_model_build(&n.ctx, &n.m, NULL, 4);
        net_refused(&n, got, rows[i].status, rows[i].cause, TN_AT_BUILD, "tn_model_build", rows[i].line);
        if (rows[i].layer >= 0 && n.diag.layer != rows[i].layer)
            fail_msg("line %d: layer %d, must be %d", rows[i].line, (int)n.diag.layer, rows[i].layer);
        if (rows[i].layer >= 0 && n.diag.line != n.layers[rows[i].layer + 1].line)
            fail_msg("line %d: the record tells line %d", rows[i].line, (int)n.diag.line);
        assert_true(!n.m.built);
        net_free(&n);
    }
}

static void lists_without_layers(void **state)
{
    tn_layer only = TN_INPUT_F(4);
    net n;
    (void)state;
    INIT(&n, TN_INPUT_F(4), TN_FLATTEN());
    REFUSED(&n, TN_E_ARG, TN_CAUSE_EMPTY_MODEL, -1, tn_model_init, &n.m, "net", &only, 1);
    REFUSED(&n, TN_E_ARG, TN_CAUSE_EMPTY_MODEL, -1, tn_model_init, &n.m, "net", &only, 0);
    REFUSED(&n, TN_E_ARG, TN_CAUSE_EMPTY_MODEL, -1, tn_model_init, &n.m, "net", &only, -3);
    REFUSED(&n, TN_E_NULL, 0, -1, tn_model_init, &n.m, "net", NULL, 2);
    REFUSED(&n, TN_E_NULL, 0, -1, tn_model_init, NULL, "net", &only, 1);
    net_free(&n);
}

static void what_else_build_is_given(void **state)
{
    const tn_tensor four = tn_view(NULL, 0, 4, 100, 28, 28, 1), sample = tn_view(NULL, 0, 3, 28, 28, 1, 0),
                    other = tn_view(NULL, 0, 3, 28, 28, 3, 0);
    net n;
    (void)state;
    INIT(&n, TN_CONV2D(4, 3, 3, TN_RELU), TN_GLOBAL_AVG_POOL2D());
    REFUSED(&n, TN_E_RANK, TN_CAUSE_BATCH_IN_INPUT_SHAPE, TN_AT_BUILD, tn_model_build, &n.m, &four, 4);
    REFUSED(&n, TN_E_ARG, 0, -1, tn_model_build, &n.m, &sample, -1);
    REFUSED(&n, TN_E_NOT_BUILT, 0, -1, tn_model_build, &n.m, NULL, 4); /* no shape anywhere */
    DO(&n, tn_model_build, &n.m, &sample, 4);
    net_free(&n);
    INIT(&n, TN_INPUT_HWC(28, 28, 1), TN_CONV2D(4, 3, 3, TN_RELU));
    REFUSED(&n, TN_E_CHANNELS, 0, TN_AT_BUILD, tn_model_build, &n.m, &other, 4); /* against the declared one */
    DO(&n, tn_model_build, &n.m, &sample, 4);
    net_free(&n);
}

/* ---- the order of calls ---- */

static void order_of_calls(void **state)
{
    const tn_tensor x = floats_of(4, 4, 6, 5, 2), y = classes_of(4, 3), out = room_of(4, 3);
    const tn_compile c = sparse(tn_sgd(0.1f, 0.0f));
    static unsigned char blob[8000];
    size_t written;
    tn_progress p;
    double loss;
    net n;
    (void)state;
    small_net(&n);
    REFUSED(&n, TN_E_NOT_COMPILED, TN_CAUSE_FIT_BEFORE_COMPILE, -1, tn_model_fit, &n.m, &x, &y, NULL, &p);
    REFUSED(&n, TN_E_NOT_BUILT, 0, -1, tn_model_save, &n.m, blob, sizeof blob, &written);
    REFUSED(&n, TN_E_NOT_BUILT, 0, -1, tn_model_load, &n.m, blob, sizeof blob);
    REFUSED(&n, TN_E_MEMORY, 0, -1, tn_model_predict, &n.m, &out, &x);
    assert_true(n.ctx.need > 0);
    net_ready(&n, NULL, 4);
    REFUSED(&n, TN_E_NOT_COMPILED, TN_CAUSE_FIT_BEFORE_COMPILE, -1, tn_model_fit, &n.m, &x, &y, NULL, &p);
    REFUSED(&n, TN_E_NOT_COMPILED, 0, -1, tn_model_evaluate, &n.m, &x, &y, &p);
    REFUSED(&n, TN_E_NOT_COMPILED, 0, -1, tn_model_forward, &n.m, &out, &x, 1);
    REFUSED(&n, TN_E_NOT_COMPILED, 0, -1, tn_model_backward, &n.m, &y, &loss);
    REFUSED(&n, TN_E_NOT_COMPILED, 0, -1, tn_model_update, &n.m);
    DO(&n, tn_model_predict, &n.m, &out, &x);
    net_free(&n);
    small_net(&n);
    DO(&n, tn_model_compile, &n.m, &c);
    DO(&n, tn_model_build, &n.m, NULL, 4);
    REFUSED(&n, TN_E_MEMORY, 0, -1, tn_model_fit, &n.m, &x, &y, NULL, &p);
    assert_int_equal(n.ctx.need, n.m.need);
    net_memory(&n, 7);
    net_keep(&n);
    assert_int_not_equal(tn_model_backward(&n.ctx, &n.m, &y, &loss), TN_OK); /* of no forward */
    net_unchanged(&n, "backward", __LINE__);
    DO(&n, tn_model_forward, &n.m, &out, &x, 0);
    net_keep(&n);
    assert_int_not_equal(tn_model_backward(&n.ctx, &n.m, &y, &loss), TN_OK); /* of an inference */
    DO(&n, tn_model_forward, &n.m, &out, &x, 1);
    REFUSED(&n, TN_E_NULL, 0, -1, tn_model_backward, &n.m, NULL, &loss);
    DO(&n, tn_model_backward, &n.m, &y, &loss);
    net_keep(&n);
    assert_int_not_equal(tn_model_backward(&n.ctx, &n.m, &y, &loss), TN_OK); /* twice of one forward */
    net_unchanged(&n, "backward", __LINE__);
    DO(&n, tn_model_update, &n.m);
    net_free(&n);
}

static void compile_arguments(void **state)
{
    tn_compile c = sparse(tn_adam(1e-2f));
    net n;
    (void)state;
    small_net(&n);
    c.loss = 99;
    REFUSED(&n, TN_E_ARG, 0, -1, tn_model_compile, &n.m, &c);
    c.loss = -1;
    REFUSED(&n, TN_E_ARG, 0, -1, tn_model_compile, &n.m, &c);
    c = sparse(tn_adam(1e-2f));
    c.from = 3;
    REFUSED(&n, TN_E_ARG, 0, -1, tn_model_compile, &n.m, &c);
    c = sparse(tn_adam(NAN));
    REFUSED(&n, TN_E_ARG, 0, -1, tn_model_compile, &n.m, &c);
    c = sparse(tn_adam(1e-2f));
    c.optimizer.kind = 9;
    REFUSED(&n, TN_E_ARG, 0, -1, tn_model_compile, &n.m, &c);
    c = sparse(tn_adam(1e-2f));
    c.label_smoothing = 1.5f;
    REFUSED(&n, TN_E_ARG, 0, -1, tn_model_compile, &n.m, &c);
    c = squares(tn_adam(1e-2f));
    c.label_smoothing = 0.1f; /* this loss has no use for it */
    REFUSED(&n, TN_E_ARG, 0, -1, tn_model_compile, &n.m, &c);
    assert_true(!n.m.compiled);
    net_free(&n);
}

/* ---- data that does not fit: refused by predict and by fit alike, before the first kernel ---- */

typedef struct bad_data {
    int line;
    void (*make)(net *);
    int n, rank, d[4]; /* x: n, then rank axes */
    int dtype, status, cause;
    unsigned differ; /* bits of axes; 0: not asked */
} bad_data;

static void gray_net(net *n)
{
    INIT(n, TN_INPUT_HWC(8, 6, 1), TN_CONV2D(2, 3, 3, TN_RELU), TN_FLATTEN(), TN_DENSE(3, TN_SOFTMAX));
}
static void color_net(net *n)
{
    INIT(n, TN_INPUT_HWC(8, 8, 3), TN_CONV2D(2, 3, 3, TN_RELU), TN_FLATTEN(), TN_DENSE(3, TN_SOFTMAX));
}
static void plane_net(net *n)
{
    INIT(n, TN_INPUT_CHW(3, 8, 8), TN_CONV2D(2, 3, 3, TN_RELU), TN_FLATTEN(), TN_DENSE(3, TN_SOFTMAX));
}
static void steps_net(net *n) { INIT(n, TN_INPUT_TF(7, 4), TN_LSTM(2), TN_DENSE(3, TN_SOFTMAX)); }
static void any_steps_net(net *n) { INIT(n, TN_INPUT_TF(TN_ANY, 1), TN_LSTM(2), TN_DENSE(3, TN_SOFTMAX)); }
static void row_net(net *n) { INIT(n, TN_INPUT_F(5), TN_DENSE(4, TN_RELU), TN_DENSE(3, TN_SOFTMAX)); }
static void byte_net(net *n)
{
    INIT(n, TN_INPUT_HWC(8, 8, 3), TN_RESCALING(1.0f, 0.0f), TN_CONV2D(2, 3, 3, TN_RELU), TN_FLATTEN(),
         TN_DENSE(3, TN_SOFTMAX));
}

static void data_for_the_input(void **state)
{
    static const bad_data rows[] = {
#define X(...) __VA_ARGS__
#define DATA(make, n, rank, shape, dtype, status, cause, differ) \
    { __LINE__, make, n, rank, { shape }, dtype, status, cause, differ }
        DATA(color_net, 8, 2, X(8, 3), TN_F32, TN_E_RANK, TN_CAUSE_MISSING_BATCH_AXIS, 0),
        DATA(color_net, 5, 1, X(192), TN_F32, TN_E_RANK, TN_CAUSE_FLATTENED_IMAGE, 0),
        DATA(color_net, 192, 0, X(0), TN_F32, TN_E_RANK, TN_CAUSE_FLATTENED_SAMPLE, 0),
        DATA(color_net, 960, 0, X(0), TN_F32, TN_E_RANK, TN_CAUSE_FLAT_ARRAY, 0),
        DATA(color_net, 5, 1, X(64), TN_F32, TN_E_RANK, TN_CAUSE_FLATTENED_OTHER_COLOR_MODE, 0),
        DATA(color_net, 5, 4, X(1, 8, 8, 3), TN_F32, TN_E_RANK, TN_CAUSE_EXTRA_AXIS, 0),
        DATA(color_net, 5, 3, X(3, 8, 8), TN_F32, TN_E_LAYOUT, TN_CAUSE_CHANNELS_FIRST, 0),
        DATA(color_net, 5, 3, X(8, 8, 1), TN_F32, TN_E_CHANNELS, TN_CAUSE_GRAY_INTO_RGB, 8),
        DATA(color_net, 5, 3, X(8, 8, 4), TN_F32, TN_E_CHANNELS, TN_CAUSE_ALPHA_CHANNEL, 8),
        DATA(color_net, 5, 3, X(7, 9, 3), TN_F32, TN_E_SPATIAL, TN_CAUSE_RESIZE_NEEDED, 6),
        DATA(color_net, 5, 3, X(7, 7, 1), TN_F32, TN_E_CHANNELS, TN_CAUSE_GRAY_INTO_RGB, 14),
        DATA(color_net, 5, 3, X(8, 8, 3), TN_U8, TN_E_DTYPE, TN_CAUSE_RAW_BYTES, 0),
        DATA(color_net, 5, 3, X(8, 8, 3), TN_F64, TN_E_DTYPE, 0, 0),
        DATA(color_net, 5, 3, X(8, 8, 3), TN_I32, TN_E_DTYPE, 0, 0),
        DATA(byte_net, 5, 3, X(8, 8, 3), TN_I32, TN_E_DTYPE, 0, 0),
        DATA(color_net, 5, 3, X(0, 8, 3), TN_F32, TN_E_EMPTY, 0, 0),
        DATA(gray_net, 5, 2, X(8, 6), TN_F32, TN_E_RANK, TN_CAUSE_MISSING_CHANNEL_AXIS, 0),
        DATA(gray_net, 5, 3, X(8, 6, 3), TN_F32, TN_E_CHANNELS, TN_CAUSE_RGB_INTO_GRAY, 8),
        DATA(gray_net, 5, 3, X(6, 8, 1), TN_F32, TN_E_LAYOUT, TN_CAUSE_HW_SWAPPED, 0),
        DATA(gray_net, 5, 1, X(48), TN_F32, TN_E_RANK, TN_CAUSE_FLATTENED_IMAGE, 0),
        DATA(plane_net, 5, 3, X(8, 8, 3), TN_F32, TN_E_LAYOUT, TN_CAUSE_CHANNELS_LAST, 0),
        DATA(steps_net, 5, 2, X(7, 5), TN_F32, TN_E_FEATURES, TN_CAUSE_OFF_BY_ONE_FEATURE, 4),
        DATA(steps_net, 5, 2, X(9, 4), TN_F32, TN_E_TIMESTEPS, 0, 2),
        DATA(steps_net, 5, 2, X(4, 7), TN_F32, TN_E_LAYOUT, TN_CAUSE_TIME_FEATURES_SWAPPED, 0),
        DATA(steps_net, 5, 1, X(28), TN_F32, TN_E_RANK, TN_CAUSE_FLATTENED_SEQUENCES, 0),
        DATA(steps_net, 7, 1, X(4), TN_F32, TN_E_RANK, TN_CAUSE_MISSING_BATCH_AXIS, 0),
        DATA(any_steps_net, 100, 1, X(1), TN_F32, TN_E_RANK, TN_CAUSE_MISSING_TIME_AXIS, 0),
        DATA(row_net, 5, 1, X(6), TN_F32, TN_E_FEATURES, TN_CAUSE_OFF_BY_ONE_FEATURE, 2),
        DATA(row_net, 5, 0, X(0), TN_F32, TN_E_RANK, TN_CAUSE_MISSING_BATCH_AXIS, 0),
        DATA(row_net, 5, 2, X(1, 5), TN_F32, TN_E_RANK, TN_CAUSE_EXTRA_AXIS, 0),
        DATA(row_net, 5, 1, X(9), TN_F32, TN_E_LAYOUT, TN_CAUSE_AXES_PERMUTED, 2),
        DATA(row_net, 6, 1, X(9), TN_F32, TN_E_FEATURES, 0, 2),
    };
    const tn_compile c = sparse(tn_sgd(0.1f, 0.0f));
    size_t i;
    (void)state;
    for (i = 0; i < COUNT(rows); i++) {
        const bad_data *const r = &rows[i];
        const int samples = r->n;
        const tn_tensor y = classes_of(samples, 3), out = room_of(samples, 3);
        tn_tensor x = tn_as(tn_view(block(0), 0, r->rank + 1, samples, r->d[0], r->d[1], r->d[2]), r->dtype);
        net n;
        if (r->rank == 4) {
            x.rank = 5;
            x.dim[4] = r->d[3];
        }
        r->make(&n);
        net_ready(&n, &c, 4);
        REFUSED(&n, r->status, r->cause, TN_AT_BIND, tn_model_predict, &n.m, &out, &x);
        if (r->differ && n.diag.axes_differ != r->differ)
            fail_msg("line %d: axes %x, must be %x", r->line, (unsigned)n.diag.axes_differ, r->differ);
        if (r->differ == 14) assert_int_equal(n.diag.also_status, TN_E_SPATIAL);
        assert_string_equal(n.diag.model_name, "net");
        net_keep(&n);
        net_refused(&n, tn_model_fit(&n.ctx, &n.m, &x, &y, NULL, NULL), r->status, r->cause, TN_AT_BIND, "tn_model_fit",
                    r->line);
        net_free(&n);
        pool_used = 0;
    }
}

/* ---- labels ---- */

typedef struct bad_labels {
    int line, loss, rank, d[3], dtype; /* y's shape with N */
    float put;                         /* NAN: nothing; else what y's last element becomes */
    int status, cause;
} bad_labels;

static void labels(void **state)
{
    static const bad_labels rows[] = {
#define LABELS(loss, rank, shape, dtype, put, status, cause) \
    { __LINE__, loss, rank, { shape }, dtype, put, status, cause }
        LABELS(TN_SPARSE_CATEGORICAL_CROSSENTROPY, 1, X(9), TN_I32, NAN, TN_E_SAMPLES, 0),
        LABELS(TN_SPARSE_CATEGORICAL_CROSSENTROPY, 2, X(10, 3), TN_F32, NAN, TN_E_LABEL_FORM,
               TN_CAUSE_ONEHOT_WITH_SPARSE),
        LABELS(TN_SPARSE_CATEGORICAL_CROSSENTROPY, 1, X(10), TN_I32, 3, TN_E_LABEL_RANGE, TN_CAUSE_LABEL_BEYOND_OUTPUT),
        LABELS(TN_SPARSE_CATEGORICAL_CROSSENTROPY, 1, X(10), TN_I32, -1, TN_E_LABEL_RANGE, TN_CAUSE_LABEL_NEGATIVE),
        LABELS(TN_SPARSE_CATEGORICAL_CROSSENTROPY, 1, X(10), TN_U8, 200, TN_E_LABEL_RANGE,
               TN_CAUSE_LABEL_BEYOND_OUTPUT),
        LABELS(TN_SPARSE_CATEGORICAL_CROSSENTROPY, 1, X(10), TN_F32, 1.5f, TN_E_LABEL_FORM, TN_CAUSE_LABELS_FRACTIONAL),
        LABELS(TN_SPARSE_CATEGORICAL_CROSSENTROPY, 1, X(10), TN_F64, NAN, TN_E_DTYPE, 0),
        LABELS(TN_SPARSE_CATEGORICAL_CROSSENTROPY, 3, X(10, 3, 2), TN_I32, NAN, TN_E_LABEL_RANK, 0),
        LABELS(TN_CATEGORICAL_CROSSENTROPY, 1, X(10), TN_F32, NAN, TN_E_LABEL_FORM, TN_CAUSE_SPARSE_WITH_CATEGORICAL),
        LABELS(TN_CATEGORICAL_CROSSENTROPY, 2, X(10, 4), TN_F32, NAN, TN_E_LABEL_CLASSES, 0),
        LABELS(TN_CATEGORICAL_CROSSENTROPY, 2, X(9, 3), TN_F32, NAN, TN_E_SAMPLES, 0),
        LABELS(TN_CATEGORICAL_CROSSENTROPY, 2, X(3, 10), TN_F32, NAN, TN_E_SAMPLES, TN_CAUSE_LABELS_TRANSPOSED),
        LABELS(TN_MEAN_SQUARED_ERROR, 2, X(10, 2), TN_F32, NAN, TN_E_LABEL_CLASSES, 0),
    };
    const tn_tensor x = floats_of(4, 10, 6, 5, 2), good = classes_of(10, 3);
    const size_t used = pool_used;
    size_t i, k;
    (void)state;
    for (i = 0; i < COUNT(rows); i++) {
        const bad_labels *const r = &rows[i];
        const tn_compile c = compiled(r->loss, TN_PROBABILITIES, tn_sgd(0.1f, 0.0f));
        tn_tensor y = tn_as(tn_view(block(100), 0, r->rank, r->d[0], r->d[1], r->d[2], 0), r->dtype);
        const size_t last = (size_t)r->d[0] - 1;
        tn_progress p;
        net n;
        memset(y.data, 0, 100 * sizeof(float));
        if (!isnan(r->put)) {
            if (r->dtype == TN_I32) ((int32_t *)y.data)[last] = (int32_t)r->put;
            else if (r->dtype == TN_U8) ((uint8_t *)y.data)[last] = (uint8_t)r->put;
            else ((float *)y.data)[last] = r->put;
        }
        small_net(&n);
        net_ready(&n, &c, 4);
        net_keep(&n);
        net_refused(&n, tn_model_fit(&n.ctx, &n.m, &x, &y, NULL, &p), r->status, r->cause, TN_AT_BIND, "tn_model_fit",
                    r->line);
        net_keep(&n);
        net_refused(&n, tn_model_evaluate(&n.ctx, &n.m, &x, &y, &p), r->status, r->cause, TN_AT_BIND,
                    "tn_model_evaluate", r->line);
        net_free(&n);
        pool_used = used;
    }
    for (k = 0; k < 2; k++) { /* indices from 1; then the right labels, as (N,) and as (N,1) */
        const tn_compile c = sparse(tn_sgd(0.1f, 0.0f));
        tn_tensor y = good;
        net n;
        small_net(&n);
        net_ready(&n, &c, 4);
        for (i = 0; i < 10; i++) ((int32_t *)good.data)[i] = (int32_t)(1 + i % 3);
        REFUSED(&n, TN_E_LABEL_RANGE, TN_CAUSE_LABEL_ONE_BASED, TN_AT_BIND, tn_model_fit, &n.m, &x, &y, NULL, NULL);
        for (i = 0; i < 10; i++) ((int32_t *)good.data)[i] -= 1;
        if (k) {
            y.rank = 2;
            y.dim[1] = 1;
            y.axes = 0;
        }
        DO(&n, tn_model_fit, &n.m, &x, &y, NULL, NULL);
        net_free(&n);
    }
}

/* The output has axes that the labels have not. */
static void labels_against_the_output(void **state)
{
    const tn_tensor x = floats_of(4, 10, 8, 8, 3), targets = floats_of(2, 10, 10, 0, 0);
    const tn_tensor series = floats_of(3, 10, 8, 2, 0), one = floats_of(2, 10, 1, 0, 0),
                    row = floats_of(2, 1, 10, 0, 0);
    const tn_tensor steps = floats_of(3, 10, 8, 1, 0), binary = classes_of(10, 2);
    const tn_tensor pixels = tn_as(tn_view(block(640), 0, 3, 10, 8, 8, 0), TN_I32);
    const tn_compile c = squares(tn_sgd(0.1f, 0.0f)), classes = sparse(tn_sgd(0.1f, 0.0f));
    net n;
    (void)state;
    ((int32_t *)binary.data)[3] = 1;
    INIT(&n, TN_INPUT_HWC(8, 8, 3), TN_CONV2D(32, 3, 3, TN_RELU)); /* A6 */
    net_ready(&n, &c, 4);
    REFUSED(&n, TN_E_LABEL_RANK, TN_CAUSE_NO_HEAD, TN_AT_BIND, tn_model_fit, &n.m, &x, &targets, NULL, NULL);
    net_free(&n);
    INIT(&n, TN_INPUT_TF(8, 2), sequences(TN_LSTM(3)), TN_DENSE(1, TN_LINEAR));
    net_ready(&n, &c, 4);
    REFUSED(&n, TN_E_LABEL_RANK, TN_CAUSE_RETURN_SEQUENCES, TN_AT_BIND, tn_model_fit, &n.m, &series, &one, NULL, NULL);
    net_free(&n);
    INIT(&n, TN_INPUT_TF(8, 2), TN_LSTM(3), TN_DENSE(1, TN_LINEAR));
    net_ready(&n, &c, 4);
    REFUSED(&n, TN_E_SAMPLES, TN_CAUSE_LABELS_TRANSPOSED, TN_AT_BIND, tn_model_fit, &n.m, &series, &row, NULL, NULL);
    REFUSED(&n, TN_E_LABEL_RANK, TN_CAUSE_RETURN_SEQUENCES, TN_AT_BIND, tn_model_fit, &n.m, &series, &steps, NULL, NULL);
    DO(&n, tn_model_fit, &n.m, &series, &one, NULL, NULL);
    net_free(&n);
    INIT(&n, TN_INPUT_HWC(8, 8, 3), TN_FLATTEN(), TN_DENSE(192, TN_LINEAR)); /* an autoencoder that ends in rows */
    net_ready(&n, &c, 4);
    REFUSED(&n, TN_E_LABEL_RANK, TN_CAUSE_LABELS_IN_OTHER_AXES, TN_AT_BIND, tn_model_fit, &n.m, &x, &x, NULL, NULL);
    net_free(&n);
    INIT(&n, TN_INPUT_HWC(8, 8, 3), TN_CONV2D(4, 3, 3, TN_SOFTMAX)); /* a class for each pixel, of windows not padded */
    net_ready(&n, &classes, 4);
    REFUSED(&n, TN_E_SPATIAL, TN_CAUSE_AUTOENCODER_SIZE, TN_AT_BIND, tn_model_fit, &n.m, &x, &pixels, NULL, NULL);
    net_free(&n);
    INIT(&n, TN_INPUT_HWC(8, 8, 3), TN_FLATTEN(), TN_DENSE(1, TN_SIGMOID));
    net_ready(&n, &classes, 4);
    REFUSED(&n, TN_E_LABEL_RANGE, TN_CAUSE_SPARSE_WITH_ONE_UNIT, TN_AT_BIND, tn_model_fit, &n.m, &x, &binary, NULL, NULL);
    net_free(&n);
}

/* Same padding lets channels, height, width be taken for height, width, channels: that is noted, once. */
static void an_image_declared_channels_first(void **state)
{
    net n;
    (void)state;
    INIT(&n, TN_INPUT_HWC(3, 32, 32), same(TN_CONV2D(4, 3, 3, TN_RELU)), TN_FLATTEN(), TN_DENSE(3, TN_SOFTMAX));
    net_ready(&n, NULL, 4);
    assert_true(noted(&n, TN_W_LAYOUT_SUSPECT) == 1 && n.notes == 1);
    net_free(&n);
    INIT(&n, TN_INPUT_HWC(32, 32, 3), same(TN_CONV2D(4, 3, 3, TN_RELU)), TN_FLATTEN(), TN_DENSE(3, TN_SOFTMAX));
    net_ready(&n, NULL, 4);
    assert_int_equal(n.notes, 0);
    net_free(&n);
}

/* ---- the other operands ---- */

static void outputs_and_pointers(void **state)
{
    const tn_tensor x = floats_of(4, 5, 6, 5, 2), y = classes_of(5, 3), out = room_of(5, 3), wide = room_of(5, 4), column = room_of(5, 1),
                    few = room_of(4, 3);
    const tn_compile c = sparse(tn_sgd(0.1f, 0.0f));
    tn_tensor t = out, none = x, over = x, no_rows = rows_of(&x, 0, 0), no_labels = rows_of(&y, 0, 0);
    tn_fit f = TN_ZERO;
    net n;
    (void)state;
    small_net(&n);
    net_ready(&n, &c, 4);
    REFUSED(&n, TN_E_FEATURES, 0, -1, tn_model_predict, &n.m, &wide, &x);
    REFUSED(&n, TN_E_FEATURES, TN_CAUSE_SCORES_NOT_CLASSES, TN_AT_BIND, tn_model_predict, &n.m, &column, &x);
    net_keep(&n);
    assert_int_not_equal(tn_model_predict(&n.ctx, &n.m, &few, &x), TN_OK);
    net_unchanged(&n, "predict", __LINE__);
    t.flags = TN_READONLY;
    REFUSED(&n, TN_E_ARG, 0, -1, tn_model_predict, &n.m, &t, &x);
    t = out;
    t.dtype = TN_I32;
    REFUSED(&n, TN_E_DTYPE, 0, -1, tn_model_predict, &n.m, &t, &x);
    t = out;
    t.data = x.data;
    REFUSED(&n, TN_E_ALIAS, 0, -1, tn_model_predict, &n.m, &t, &x);
    none.data = NULL;
    REFUSED(&n, TN_E_NULL, 0, -1, tn_model_predict, &n.m, &out, &none);
    REFUSED(&n, TN_E_NULL, 0, -1, tn_model_fit, &n.m, &none, &y, NULL, NULL);
    over.data = (unsigned char *)x.data + 1;
    REFUSED(&n, TN_E_ALIGN, 0, -1, tn_model_predict, &n.m, &out, &over);
    REFUSED(&n, TN_E_EMPTY, TN_CAUSE_EMPTY_DATA, TN_AT_BIND, tn_model_fit, &n.m, &no_rows, &no_labels, NULL, NULL);
    REFUSED(&n, TN_E_NULL, 0, -1, tn_model_fit, &n.m, NULL, &y, NULL, NULL);
    REFUSED(&n, TN_E_NULL, 0, -1, tn_model_fit, &n.m, &x, NULL, NULL, NULL);
    f.epochs = -1;
    REFUSED(&n, TN_E_ARG, 0, -1, tn_model_fit, &n.m, &x, &y, &f, NULL);
    f.epochs = 1;
    f.batch = -1;
    REFUSED(&n, TN_E_ARG, 0, -1, tn_model_fit, &n.m, &x, &y, &f, NULL);
    REFUSED(&n, TN_E_NULL, 0, -1, tn_model_evaluate, &n.m, &x, &y, NULL);
    REFUSED(&n, TN_E_NULL, 0, -1, tn_model_forward, &n.m, NULL, &x, 0);
    REFUSED(&n, TN_E_NULL, 0, -1, tn_model_memory, &n.m, NULL, 99999, 7);
    REFUSED(&n, TN_E_ALIGN, 0, -1, tn_model_memory, &n.m, n.memory + 1, n.m.need, 7);
    t = rows_of(&out, 0, 5);
    REFUSED(&n, TN_E_BATCH, 0, TN_AT_BIND, tn_model_forward, &n.m, &t, &x, 1); /* five rows, a batch of four */
    DO(&n, tn_model_fit, &n.m, &x, &y, NULL, NULL);
    net_free(&n);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(lists),          TEST(lists_without_layers),      TEST(what_else_build_is_given),
        TEST(order_of_calls), TEST(compile_arguments),         TEST(data_for_the_input),
        TEST(labels),         TEST(labels_against_the_output), TEST(outputs_and_pointers),
        TEST(an_image_declared_channels_first),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
