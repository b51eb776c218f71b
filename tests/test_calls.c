/* tests/test_calls.c - every declared call, once, as it is meant to be called: it works, a query needs no data and writes nothing, a
 * context is needed for a workspace alone. calls.py compares the two lists below with the declarations. */
#include "test.h"

/* ---- operands: views of one arena, without data where a query is tried ---- */

static float arena[4096];
static size_t arena_used;
static tn_tensor views[32];
static int view_count, without_data;

static tn_tensor view(int32_t dtype, int32_t axes, int32_t rank, int a, int b, int c, int d)
{
    tn_tensor t = tn_as(tn_view(without_data ? NULL : &arena[arena_used], axes, rank, a, b, c, d), dtype);
    arena_used += (tn_bytes(&t) + 7) / 8 * 2;
    if (arena_used > COUNT(arena)) abort();
    return t;
}

static const tn_tensor *typed(int32_t dtype, int32_t axes, int32_t rank, int a, int b, int c, int d)
{
    views[view_count] = view(dtype, axes, rank, a, b, c, d);
    return &views[view_count++];
}

static const tn_tensor *image(int n, int h, int w, int c) { return typed(TN_F32, TN_NHWC, 4, n, h, w, c); }
static const tn_tensor *weights(int kh, int kw, int i, int o) { return typed(TN_F32, TN_HWIO, 4, kh, kw, i, o); }
static const tn_tensor *three(int a, int b, int c) { return typed(TN_F32, 0, 3, a, b, c, 0); }
static const tn_tensor *two(int a, int b) { return typed(TN_F32, 0, 2, a, b, 0, 0); }
static const tn_tensor *one(int a) { return typed(TN_F32, 0, 1, a, 0, 0, 0); }
static void *memory(void) { return without_data ? NULL : &arena[2048]; }

/* ---- the calls; what fills a struct fills `filled` ---- */

static tn_tensor filled, filled_too;
static const tn_window pool = { 2, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 };
static const tn_random stream = { 1, 0, 0, 0, 0 };

#define CALL(name, ...) static tn_status do_##name(tn_context *ctx) { return name(ctx, __VA_ARGS__); }

CALL(tn_dense, two(2, 4), two(2, 3), two(3, 4), one(4), NULL)
CALL(tn_dense_shape, &filled, two(2, 3), two(3, 4), NULL)
CALL(tn_dense_backward, two(2, 3), two(3, 4), one(4), two(2, 4), two(2, 3), two(3, 4), NULL)
CALL(tn_dense_pack, &filled, memory(), 8192, two(3, 4), two(2, 3), NULL)
CALL(tn_gemm, two(2, 4), two(2, 3), two(3, 4), one(4), NULL)
CALL(tn_conv2d, image(2, 3, 3, 4), image(2, 5, 5, 3), weights(3, 3, 3, 4), one(4), NULL)
CALL(tn_conv2d_shape, &filled, image(2, 5, 5, 3), weights(3, 3, 3, 4), NULL)
CALL(tn_conv2d_backward, image(2, 5, 5, 3), weights(3, 3, 3, 4), one(4), image(2, 3, 3, 4), image(2, 5, 5, 3), weights(3, 3, 3, 4), NULL)
CALL(tn_conv2d_pack, &filled, memory(), 8192, weights(3, 3, 3, 4), image(2, 5, 5, 3), NULL)
CALL(tn_max_pool2d, image(2, 2, 2, 3), typed(TN_I32, TN_NHWC, 4, 2, 2, 2, 3), image(2, 4, 4, 3), &pool)
CALL(tn_max_pool2d_backward, image(2, 4, 4, 3), image(2, 2, 2, 3), typed(TN_I32, TN_NHWC, 4, 2, 2, 2, 3), &pool)
CALL(tn_avg_pool2d, image(2, 2, 2, 3), image(2, 4, 4, 3), &pool)
CALL(tn_avg_pool2d_backward, image(2, 4, 4, 3), image(2, 2, 2, 3), &pool)
CALL(tn_max_pool2d_shape, &filled, image(2, 4, 4, 3), &pool)
CALL(tn_avg_pool2d_shape, &filled, image(2, 4, 4, 3), &pool)
CALL(tn_global_max_pool2d, two(2, 3), typed(TN_I32, 0, 2, 2, 3, 0, 0), image(2, 4, 4, 3))
CALL(tn_global_max_pool2d_backward, image(2, 4, 4, 3), two(2, 3), typed(TN_I32, 0, 2, 2, 3, 0, 0))
CALL(tn_global_avg_pool2d, image(2, 1, 1, 3), image(2, 4, 4, 3))
CALL(tn_global_avg_pool2d_backward, image(2, 4, 4, 3), two(2, 3))
CALL(tn_lstm, three(2, 5, 4), two(2, 4), two(2, 4), one(240), three(2, 5, 3), two(3, 16), two(4, 16), one(16), two(2, 4), two(2, 4), NULL)
CALL(tn_lstm_shape, &filled, &filled_too, three(2, 5, 3), two(4, 16), 1, NULL)
CALL(tn_lstm_backward, three(2, 5, 3), two(3, 16), two(4, 16), one(16), two(2, 4), two(2, 4), three(2, 5, 4), two(2, 4), two(2, 4), one(240),
     three(2, 5, 3), two(3, 16), two(4, 16), two(2, 4), two(2, 4), NULL)
CALL(tn_lstm_pack, &filled, &filled_too, memory(), 8192, two(3, 16), two(4, 16), NULL)
CALL(tn_lstm_from_torch, two(3, 16), two(4, 16), one(16), two(16, 3), two(16, 4), one(16), one(16))
CALL(tn_lstm_from_onnx, two(3, 16), two(4, 16), one(16), two(16, 3), two(16, 4), one(32))
CALL(tn_batch_norm, image(2, 3, 3, 4), image(2, 3, 3, 4), one(4), one(4), one(4), one(4), NULL)
CALL(tn_batch_norm_train, image(2, 3, 3, 4), one(4), one(4), one(4), one(4), image(2, 3, 3, 4), one(4), one(4), NULL)
CALL(tn_batch_norm_backward, image(2, 3, 3, 4), one(4), one(4), image(2, 3, 3, 4), image(2, 3, 3, 4), one(4), one(4), one(4), NULL)
CALL(tn_layer_norm, three(2, 3, 4), two(2, 3), two(2, 3), three(2, 3, 4), one(4), one(4), NULL)
CALL(tn_layer_norm_backward, three(2, 3, 4), one(4), one(4), three(2, 3, 4), three(2, 3, 4), one(4), two(2, 3), two(2, 3), NULL)
CALL(tn_activation, two(2, 3), two(2, 3), NULL)
CALL(tn_activation_backward, two(2, 3), two(2, 3), two(2, 3), two(2, 3), NULL)
CALL(tn_softmax, two(2, 3), two(2, 3), -1)
CALL(tn_log_softmax, two(2, 3), two(2, 3), -1)
CALL(tn_softmax_backward, two(2, 3), two(2, 3), two(2, 3), -1)
CALL(tn_log_softmax_backward, two(2, 3), two(2, 3), two(2, 3), -1)
CALL(tn_loss, TN_SPARSE_CATEGORICAL_CROSSENTROPY, typed(TN_F32, 0, 0, 0, 0, 0, 0), two(2, 3), two(2, 3), typed(TN_U8, 0, 1, 2, 0, 0, 0), NULL)
CALL(tn_random_uniform, two(2, 3), &stream, 0.0f, 1.0f)
CALL(tn_random_normal, two(2, 3), &stream, 0.0f, 1.0f)
CALL(tn_initialize, two(2, 3), &stream, TN_GLOROT_UNIFORM)
CALL(tn_dropout, two(2, 3), two(2, 3), &stream, 0.5f)
CALL(tn_flatten, &filled, three(2, 3, 4))
CALL(tn_expand, &filled, two(2, 3), 1)
CALL(tn_rows, &filled, two(2, 3), 1, 1)
CALL(tn_convert, two(2, 3), typed(TN_U8, 0, 2, 2, 3, 0, 0), NULL)
CALL(tn_pad, two(2, 3), two(2, 3), NULL)
CALL(tn_add, two(2, 3), two(2, 3), one(3))
CALL(tn_subtract, two(2, 3), two(2, 3), two(2, 3))
CALL(tn_multiply, two(2, 3), two(2, 3), two(2, 3))
CALL(tn_normalize, image(2, 3, 3, 4), typed(TN_U8, TN_NHWC, 4, 2, 3, 3, 4), one(4), one(4), 0.0f)
CALL(tn_gray_to_rgb, image(2, 4, 4, 3), image(2, 4, 4, 1))
CALL(tn_rgb_to_gray, image(2, 4, 4, 1), image(2, 4, 4, 3))
CALL(tn_resize, image(2, 2, 3, 3), image(2, 4, 4, 3), NULL)
CALL(tn_argmax, typed(TN_I32, 0, 1, 2, 0, 0, 0), two(2, 3), -1)
CALL(tn_top_k, two(2, 1), typed(TN_I64, 0, 2, 2, 1, 0, 0), two(2, 3))
CALL(tn_one_hot, two(2, 3), typed(TN_I32, 0, 1, 2, 0, 0, 0))

static tn_status do_tn_optimizer_step(tn_context *ctx)
{
    const tn_optimizer o = tn_sgd(0.1f, 0.0f);
    return tn_optimizer_step(ctx, two(2, 3), NULL, two(2, 3), &o, 1);
}

static tn_status do_tn_reshape(tn_context *ctx)
{
    const int32_t dim[2] = { 3, 2 };
    return tn_reshape(ctx, &filled, two(2, 3), 2, dim);
}

static tn_status do_tn_transpose(tn_context *ctx)
{
    const int32_t perm[2] = { 1, 0 };
    return tn_transpose(ctx, two(3, 2), two(2, 3), perm);
}

static tn_status do_tn_concat(tn_context *ctx)
{
    const tn_tensor *x[2];
    x[0] = two(2, 3);
    x[1] = two(1, 3);
    return tn_concat(ctx, two(3, 3), x, 2, 0);
}

static tn_status do_tn_pad_sequences(tn_context *ctx) /* two sequences of no steps: the arena is zero */
{
    return tn_pad_sequences(ctx, three(2, 5, 3), typed(TN_U8, 0, 2, 2, 5, 0, 0), typed(TN_F32, 0, 2, 0, 3, 0, 0), typed(TN_I32, 0, 1, 2, 0, 0, 0), NULL);
}

static char npy[71]; /* a file of six zeros */

static tn_status do_tn_npy_read(tn_context *ctx) { return tn_npy_read(ctx, &filled, npy, sizeof npy); }

static tn_status do_tn_npy_copy(tn_context *ctx) /* a query fills y */
{
    tn_tensor y = *typed(TN_U8, 0, 1, 6, 0, 0, 0);
    return tn_npy_copy(ctx, &y, npy, sizeof npy);
}

static tn_status do_tn_stack(tn_context *ctx)
{
    const tn_tensor *x[2];
    tn_tensor y = *three(2, 2, 3);
    x[0] = two(2, 3);
    x[1] = two(2, 3);
    return tn_stack(ctx, &y, x, 2, NULL);
}

/* A small model, compiled, with weights, and a training forward behind it. */
static tn_layer layers[2];
static tn_model model, fresh;
static tn_compile compiled;
static tn_progress progress;
static double loss;
static float block[2048], blob[64], model_x[6];
static size_t written, blob_size;

static void start_model(void)
{
    const tn_layer net[2] = { TN_INPUT_F(3), TN_DENSE(1, TN_LINEAR) };
    const tn_tensor x = tn_view(model_x, TN_NF, 2, 2, 3, 0, 0);
    memcpy(layers, net, sizeof layers);
    memset(&compiled, 0, sizeof compiled);
    compiled.loss = TN_MEAN_SQUARED_ERROR;
    compiled.optimizer = tn_sgd(0.1f, 0.9f);
    assert_int_equal(tn_model_init(NULL, &model, "net", layers, 2), TN_OK);
    assert_int_equal(tn_model_compile(NULL, &model, &compiled), TN_OK);
    assert_int_equal(tn_model_build(NULL, &model, NULL, 2), TN_OK);
    assert_int_equal(tn_model_memory(NULL, &model, block, sizeof block, 1), TN_OK);
    assert_int_equal(tn_model_save(NULL, &model, blob, sizeof blob, &blob_size), TN_OK);
    assert_int_equal(tn_model_forward(NULL, &model, NULL, &x, 1), TN_OK);
}

CALL(tn_model_init, &fresh, "net", layers, 2)
CALL(tn_model_compile, &model, &compiled)
CALL(tn_model_build, &model, NULL, 0)
CALL(tn_model_memory, &model, block, sizeof block, 1)
CALL(tn_model_fit, &model, two(2, 3), two(2, 1), NULL, NULL)
CALL(tn_model_evaluate, &model, two(2, 3), two(2, 1), &progress)
CALL(tn_model_predict, &model, two(2, 1), two(2, 3))
CALL(tn_model_forward, &model, two(2, 1), two(2, 3), 0)
CALL(tn_model_backward, &model, two(2, 1), &loss)
static tn_status do_tn_model_update(tn_context *ctx) { return tn_model_update(ctx, &model); }
static tn_status do_tn_model_reset(tn_context *ctx) { return tn_model_reset(ctx, &model); }
CALL(tn_model_save, &model, memory(), 8192, &written)
CALL(tn_model_load, &model, blob, blob_size)

#define WITH_CONTEXT(X)                                                                                                            \
    X(tn_dense) X(tn_dense_shape) X(tn_dense_backward) X(tn_dense_pack) X(tn_gemm) X(tn_conv2d) X(tn_conv2d_shape)                 \
    X(tn_conv2d_backward) X(tn_conv2d_pack) X(tn_max_pool2d) X(tn_max_pool2d_backward) X(tn_avg_pool2d) X(tn_avg_pool2d_backward) \
    X(tn_max_pool2d_shape) X(tn_avg_pool2d_shape) X(tn_global_max_pool2d) X(tn_global_max_pool2d_backward)                         \
    X(tn_global_avg_pool2d) X(tn_global_avg_pool2d_backward) X(tn_lstm) X(tn_lstm_shape) X(tn_lstm_backward) X(tn_lstm_pack)       \
    X(tn_lstm_from_torch) X(tn_lstm_from_onnx) X(tn_batch_norm) X(tn_batch_norm_train) X(tn_batch_norm_backward) X(tn_layer_norm)  \
    X(tn_layer_norm_backward) X(tn_activation) X(tn_activation_backward) X(tn_softmax) X(tn_log_softmax) X(tn_softmax_backward)    \
    X(tn_log_softmax_backward) X(tn_loss) X(tn_optimizer_step) X(tn_random_uniform) X(tn_random_normal) X(tn_initialize)           \
    X(tn_dropout) X(tn_reshape) X(tn_flatten) X(tn_expand) X(tn_rows) X(tn_convert) X(tn_transpose) X(tn_pad) X(tn_concat)         \
    X(tn_add) X(tn_subtract) X(tn_multiply) X(tn_normalize) X(tn_gray_to_rgb) X(tn_rgb_to_gray) X(tn_resize) X(tn_pad_sequences)   \
    X(tn_argmax) X(tn_top_k) X(tn_one_hot) X(tn_npy_read) X(tn_npy_copy) X(tn_stack) X(tn_model_init) X(tn_model_compile)          \
    X(tn_model_build) X(tn_model_memory) X(tn_model_fit) X(tn_model_evaluate) X(tn_model_predict) X(tn_model_forward) X(tn_model_backward) X(tn_model_update)           \
    X(tn_model_reset) X(tn_model_save) X(tn_model_load)

/* Each has its own lines in calls_without_context. */
#define WITHOUT_CONTEXT(X)                                                                                                         \
    X(tn_version) X(tn_at) X(tn_isa_use) X(tn_isa) X(tn_isa_name) X(tn_sgd) X(tn_adam) X(tn_adamw) X(tn_rmsprop)                   \
    X(tn_optimizer_slots) X(tn_random_order) X(tn_diag_format) X(tn_explain) X(tn_status_name) X(tn_cause_name) X(tn_view)         \
    X(tn_cview) X(tn_as) X(tn_bytes) X(tn_layer_at) X(tn_layer_input) X(tn_layer_window) X(tn_layer_number) X(tn_model_summary)

#define ENTRY(name) { #name, do_##name },
static const struct { const char *name; tn_status (*call)(tn_context *); } calls[] = { WITH_CONTEXT(ENTRY) };
#define NAME(name) #name,

static void start(int no_data)
{
    arena_used = 0;
    view_count = 0;
    without_data = no_data;
    memset(arena, 0, sizeof arena);
    memset(&filled, 0, sizeof filled);
    memset(&filled_too, 0, sizeof filled_too);
    memcpy(npy, "\x93NUMPY\1\0" "7\0{'shape': (6,), 'fortran_order': False, 'descr': '|u1'}", 65);
    start_model();
}

static int arena_is_zero(void)
{
    for (size_t i = 0; i < COUNT(arena); i++) if (bits_of(arena[i])) return 0;
    return 1;
}

static float workspace[4096];

static size_t need_of(tn_status (*call)(tn_context *))
{
    tn_context ctx = TN_ZERO;
    start(1);
    ctx.query = 1;
    (void)call(&ctx);
    return ctx.need;
}

static void calls_work(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(calls); i++) {
        tn_context ctx = TN_ZERO;
        tn_diag d;
        const size_t need = need_of(calls[i].call);
        int32_t got;
        start(0);
        got = (int32_t)calls[i].call(NULL);
        if (got == TN_E_WORKSPACE && need && arena_is_zero()) got = TN_OK;
        if (got != TN_OK) fail_msg("%s without a context: %s", calls[i].name, tn_status_name(got));
        start(0);
        memset(&d, 0, sizeof d);
        d.status = -1;
        ctx.diag = &d;
        ctx.workspace = workspace;
        ctx.workspace_size = sizeof workspace;
        got = (int32_t)calls[i].call(&ctx);
        if (got != TN_OK) fail_msg("%s with a context: %s", calls[i].name, tn_status_name(got));
        if (d.status != TN_OK) fail_msg("%s left the record's status at %d", calls[i].name, (int)d.status);
    }
}

static void queries_need_no_data_and_write_nothing(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(calls); i++)
        for (int no_data = 0; no_data < 2; no_data++) {
            tn_context ctx = TN_ZERO;
            int32_t got;
            start(no_data);
            ctx.query = 1;
            ctx.need = 12345;
            got = (int32_t)calls[i].call(&ctx);
            if (got != TN_OK) fail_msg("a query of %s: %s", calls[i].name, tn_status_name(got));
            if (ctx.need == 12345) fail_msg("a query of %s did not set need", calls[i].name);
            if (!arena_is_zero()) fail_msg("a query of %s wrote something", calls[i].name);
        }
}

/* TN_CALL works for every call: the site is used up, and stands in the record of a refusal. */
static void calls_use_up_their_site(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(calls); i++) {
        tn_context ctx = TN_ZERO;
        tn_diag d = TN_ZERO;
        start(0);
        ctx.diag = &d;
        (void)calls[i].call(tn_at(&ctx, "here.c", 7, "&y, &x"));
        if (ctx.file || ctx.args || ctx.line) fail_msg("%s did not use up its site", calls[i].name);
        if (d.status && (d.line != 7 || strcmp(d.file, "here.c"))) fail_msg("%s lost its site", calls[i].name);
    }
}

static void calls_without_context(void **state)
{
    tn_context ctx = TN_ZERO;
    tn_diag d = TN_ZERO;
    tn_tensor t;
    tn_layer l;
    tn_optimizer o = tn_adam(0.1f);
    char text[200];
    (void)state;
    assert_int_equal(tn_version(), TENON_VERSION);
    assert_ptr_equal(tn_at(&ctx, "f.c", 3, "a"), &ctx);
    assert_int_equal(tn_isa_use(TN_ISA_BEST), TN_OK);
    assert_true(tn_isa() != TN_ISA_BEST && *tn_isa_name());
    assert_true(tn_sgd(0.5f, 0.9f).momentum > 0.8f && tn_adamw(0.1f, 0.2f).decay > 0.1f && tn_rmsprop(0.1f).kind == TN_RMSPROP);
    assert_int_equal(tn_optimizer_slots(&o), 2);
    assert_in_range(tn_random_order(&stream, 5, 2), 0, 4);
    assert_true(tn_diag_format(&d, TN_LINE, text, sizeof text) > 0 && tn_explain(TN_E_RANK, 0, text, sizeof text) > 0);
    assert_string_equal(tn_status_name(TN_E_RANK), "TN_E_RANK");
    assert_string_equal(tn_cause_name(TN_CAUSE_FLATTENED_IMAGE), "flattened-image");
    t = tn_as(tn_cview(arena, TN_NF, 2, 2, 3, 0, 0), TN_U8);
    assert_true(t.flags == TN_READONLY && tn_bytes(&t) == 6 && tn_view(arena, 0, 1, (int64_t)1 << 40, 0, 0, 0).dim[0] == -1);
    l = tn_layer_at("f.c", 1, TN_LAYER_DENSE, 10, TN_RELU);
    assert_true(l.units == 10 && l.activation == TN_RELU && l.line == 1 && l.kind == TN_LAYER_DENSE && !l.name);
    l = tn_layer_input("f.c", 4, TNI_AX('T', 0) | TNI_AX('F', 1), 2, 5, 6, 0);
    assert_true(l.kind == TN_LAYER_INPUT && l.input.rank == 2 && l.input.dim[1] == 6 && !l.input.data);
    l = tn_layer_window("f.c", 1, TN_LAYER_CONV2D, 8, 3, 5, TN_RELU);
    assert_true(l.units == 8 && l.window.size_h == 3 && l.window.size_w == 5 && l.window.stride_h == 0 && l.window.padding == TN_VALID);
    l = tn_layer_number("f.c", 1, TN_LAYER_RESCALING, 0.5f, 2.0f);
    assert_true(l.scale > 0.4f && l.offset > 1.9f && !(l.rate > 0.0f));
    l = tn_layer_number("f.c", 1, TN_LAYER_DROPOUT, 0.5f, 0.0f);
    assert_true(l.rate > 0.4f && !(l.scale > 0.0f));
    assert_true(tn_model_summary(NULL, NULL, 0) > 9);
    start(0);
    assert_true(tn_model_summary(&model, text, 7) > 100);
    assert_string_equal(text, "model");
}

/* The macros of a list: what they say, and where they stand. */
static void layer_macros(void **state)
{
    tn_layer net[] = { TN_INPUT_HWC(32, 16, 3), TN_CONV2D(8, 3, 2, TN_RELU), TN_DEPTHWISE_CONV2D(3, 3, TN_LINEAR), TN_MAX_POOL2D(2, 3),
                       TN_AVG_POOL2D(2, 2), TN_GLOBAL_MAX_POOL2D(), TN_GLOBAL_AVG_POOL2D(), TN_FLATTEN(), TN_RESHAPE_HWC(4, 5, 6),
                       TN_DENSE(10, TN_SOFTMAX), TN_LSTM(7), TN_BATCH_NORM(), TN_LAYER_NORM(), TN_ACTIVATION(TN_GELU), TN_DROPOUT(0.25f),
                       TN_RESCALING(2.0f, -1.0f), TN_GAUSSIAN_NOISE(0.125f), TN_INPUT_CHW(3, 4, 5), TN_INPUT_TF(6, 7), TN_INPUT_F(9) };
    static const int32_t kinds[] = { TN_LAYER_INPUT, TN_LAYER_CONV2D, TN_LAYER_DEPTHWISE, TN_LAYER_MAX_POOL2D, TN_LAYER_AVG_POOL2D,
                                     TN_LAYER_GLOBAL_MAX_POOL2D, TN_LAYER_GLOBAL_AVG_POOL2D, TN_LAYER_FLATTEN, TN_LAYER_RESHAPE, TN_LAYER_DENSE,
                                     TN_LAYER_LSTM, TN_LAYER_BATCH_NORM, TN_LAYER_LAYER_NORM, TN_LAYER_ACTIVATION, TN_LAYER_DROPOUT,
                                     TN_LAYER_RESCALING, TN_LAYER_GAUSSIAN_NOISE, TN_LAYER_INPUT, TN_LAYER_INPUT, TN_LAYER_INPUT };
    size_t i;
    (void)state;
    for (i = 0; i < COUNT(net); i++) {
        assert_int_equal(net[i].kind, kinds[i]);
        assert_true(net[i].line >= __LINE__ - 20 && net[i].line < __LINE__);
        assert_string_equal(net[i].file, __FILE__);
    }
    assert_true(net[0].input.rank == 3 && net[0].input.dim[0] == 32 && net[0].input.dim[1] == 16 && net[0].input.dim[2] == 3);
    assert_true(net[1].window.size_h == 3 && net[1].window.size_w == 2 && net[3].window.size_w == 3 && net[9].units == 10 && net[10].units == 7);
    assert_true(net[8].input.dim[2] == 6 && net[10].activation == TN_TANH && net[13].activation == TN_GELU && net[16].rate > 0.124f);
    assert_true(net[18].input.rank == 2 && net[18].input.dim[1] == 7 && net[19].input.rank == 1 && net[19].input.dim[0] == 9);
}

static void lists_are_sets(void **state)
{
    static const char *const all[] = { WITH_CONTEXT(NAME) WITHOUT_CONTEXT(NAME) };
    (void)state;
    for (size_t i = 0; i < COUNT(all); i++)
        for (size_t k = 0; k < i; k++) if (strcmp(all[i], all[k]) == 0) fail_msg("%s stands twice", all[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(calls_work), cmocka_unit_test(queries_need_no_data_and_write_nothing),
        cmocka_unit_test(calls_use_up_their_site), cmocka_unit_test(calls_without_context), cmocka_unit_test(layer_macros),
        cmocka_unit_test(lists_are_sets),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
