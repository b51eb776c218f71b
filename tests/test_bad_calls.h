/* tests/test_bad_calls.h - the calls of test_bad.c, given the operands and numbers of the moment. */

static tn_window window_now(void)
{
    tn_window w = TN_ZERO;
    w.size_h = size_h; w.size_w = size_w; w.stride_h = stride_h; w.stride_w = stride_w; w.dilation_h = dilation_h; w.dilation_w = dilation_w;
    w.padding = padding; w.top = top; w.bottom = bottom; w.left = left; w.right = right; w.ceil_mode = ceil_mode;
    return w;
}

static tn_conv2d_params conv_now(void)
{
    tn_conv2d_params p = TN_ZERO;
    p.window = window_now();
    p.groups = groups; p.activation = activation; p.flags = flags; p.alpha = alpha;
    return p;
}

static tn_dense_params dense_now(void)
{
    tn_dense_params p = TN_ZERO;
    p.activation = activation; p.flags = flags; p.alpha = alpha;
    return p;
}

#define CALL(name, params, ...) static tn_status call_##name(tn_context *ctx) { params return name(ctx, __VA_ARGS__); }
#define WITH_DENSE const tn_dense_params p = dense_now();
#define WITH_CONV tn_conv2d_params p = conv_now();
#define WITH_WINDOW const tn_window p = window_now();

CALL(tn_dense, WITH_DENSE, at(0), at(1), at(2), at(3), &p)
CALL(tn_dense_shape, WITH_DENSE, fill[0], at(1), at(2), &p)
CALL(tn_dense_backward, WITH_DENSE, at(0), at(1), at(2), at(3), at(4), at(5), &p)
CALL(tn_dense_pack, WITH_DENSE, fill[0], memory, (size_t)size, at(3), at(4), &p)
CALL(tn_gemm, , at(0), at(1), at(2), at(3), NULL)
CALL(tn_conv2d, WITH_CONV p.residual = at(4);, at(0), at(1), at(2), at(3), &p)
CALL(tn_conv2d_shape, WITH_CONV, fill[0], at(1), at(2), &p)
CALL(tn_conv2d_backward, WITH_CONV p.residual = at(6);, at(0), at(1), at(2), at(3), at(4), at(5), &p)
CALL(tn_conv2d_pack, WITH_CONV, fill[0], memory, (size_t)size, at(3), at(4), &p)
CALL(tn_max_pool2d, WITH_WINDOW, at(0), at(1), at(2), no_pointer ? NULL : &p)
CALL(tn_max_pool2d_backward, WITH_WINDOW, at(0), at(1), at(2), &p)
CALL(tn_avg_pool2d, WITH_WINDOW, at(0), at(1), &p)
CALL(tn_avg_pool2d_backward, WITH_WINDOW, at(0), at(1), &p)
CALL(tn_max_pool2d_shape, WITH_WINDOW, fill[0], at(1), &p)
CALL(tn_avg_pool2d_shape, WITH_WINDOW, fill[0], at(1), &p)
CALL(tn_global_max_pool2d, , at(0), at(1), at(2))
CALL(tn_global_max_pool2d_backward, , at(0), at(1), at(2))
CALL(tn_global_avg_pool2d, , at(0), at(1))
CALL(tn_global_avg_pool2d_backward, , at(0), at(1))
CALL(tn_lstm, , at(0), at(1), at(2), at(3), at(4), at(5), at(6), at(7), at(8), at(9), NULL)
CALL(tn_lstm_shape, , fill[0], fill[1], at(2), at(3), sequences, NULL)
CALL(tn_lstm_backward, , at(0), at(1), at(2), at(3), at(4), at(5), at(6), at(7), at(8), at(9), at(10), at(11), at(12), at(13), at(14), NULL)
CALL(tn_lstm_pack, , fill[0], fill[1], memory, (size_t)size, at(4), at(5), NULL)
CALL(tn_lstm_from_torch, , at(0), at(1), at(2), at(3), at(4), at(5), at(6))
CALL(tn_lstm_from_onnx, , at(0), at(1), at(2), at(3), at(4), at(5))
#define WITH_NORM tn_batch_norm_params p = TN_ZERO; p.epsilon = epsilon; p.momentum = momentum;
CALL(tn_batch_norm, WITH_NORM, at(0), at(1), at(2), at(3), at(4), at(5), &p)
CALL(tn_batch_norm_train, WITH_NORM, at(0), at(1), at(2), at(3), at(4), at(5), at(6), at(7), &p)
CALL(tn_batch_norm_backward, WITH_NORM, at(0), at(1), at(2), at(3), at(4), at(5), at(6), at(7), &p)
#define WITH_ROWS tn_layer_norm_params p = TN_ZERO; p.epsilon = epsilon; p.axes = axes;
CALL(tn_layer_norm, WITH_ROWS, at(0), at(1), at(2), at(3), at(4), at(5), &p)
CALL(tn_layer_norm_backward, WITH_ROWS, at(0), at(1), at(2), at(3), at(4), at(5), at(6), at(7), &p)
#define WITH_KIND tn_activation_params p = TN_ZERO; p.kind = kind; p.alpha = alpha;
CALL(tn_activation, WITH_KIND, at(0), at(1), &p)
CALL(tn_activation_backward, WITH_KIND, at(0), at(1), at(2), at(3), &p)
CALL(tn_softmax, , at(0), at(1), axis)
CALL(tn_log_softmax_backward, , at(0), at(1), at(2), axis)
#define WITH_LOSS tn_loss_params p = TN_ZERO; p.reduction = reduction; p.from = from; p.use_ignore_index = use_ignore_index; p.label_smoothing = smoothing; \
    p.delta = delta; p.clip = clip; p.class_weight = at(5); p.sample_weight = at(6);
CALL(tn_loss, WITH_LOSS, kind, at(1), at(2), at(3), at(4), &p)
#define WITH_STEP tn_optimizer o = tn_adam(lr); o.kind = kind; o.beta1 = beta1; o.beta2 = beta2; o.epsilon = epsilon; o.decay = decay; o.momentum = momentum; o.form = mode;
CALL(tn_optimizer_step, WITH_STEP, at(0), at(1), at(2), no_pointer ? NULL : &o, step)
CALL(tn_random_uniform, , at(0), no_pointer ? NULL : &stream, low, high)
CALL(tn_random_normal, , at(0), no_pointer ? NULL : &stream, low, high)
CALL(tn_dropout, , at(0), at(1), no_pointer ? NULL : &stream, rate)
CALL(tn_initialize, , at(0), no_pointer ? NULL : &stream, kind)
CALL(tn_reshape, int32_t d[TN_MAX_RANK] = TN_ZERO; d[0] = dim0; d[1] = dim1;, fill[0], at(1), rank, no_pointer ? NULL : d)
CALL(tn_flatten, , fill[0], at(1))
CALL(tn_expand, , fill[0], at(1), axis)
CALL(tn_rows, , fill[0], at(1), first, count)
CALL(tn_convert, tn_convert_params p = TN_ZERO; p.scale = scale;, at(0), at(1), &p)
CALL(tn_transpose, int32_t d[TN_MAX_RANK] = TN_ZERO; d[0] = dim0; d[1] = dim1;, at(0), at(1), no_pointer ? NULL : d)
CALL(tn_pad, tn_pad_params p = TN_ZERO; p.mode = mode; p.before[1] = pad_before; p.after[1] = pad_after;, at(0), at(1), &p)
CALL(tn_concat, const tn_tensor *x[2]; x[0] = at(1); x[1] = at(2);, at(0), no_pointer ? NULL : x, count < 2 ? count : 2, axis)
CALL(tn_stack, const tn_tensor *x[2]; tn_tensor y = slots[0].t; x[0] = at(1); x[1] = at(2);, at(0) ? &y : NULL, no_pointer ? NULL : x,
     count < 2 ? count : 2, NULL)
CALL(tn_add, , at(0), at(1), at(2))
CALL(tn_subtract, , at(0), at(1), at(2))
CALL(tn_multiply, , at(0), at(1), at(2))
CALL(tn_normalize, , at(0), at(1), at(2), at(3), scale)
CALL(tn_gray_to_rgb, , at(0), at(1))
CALL(tn_rgb_to_gray, , at(0), at(1))
CALL(tn_resize, tn_resize_params p = TN_ZERO; p.method = method; p.pixel = pixel;, at(0), at(1), &p)
CALL(tn_pad_sequences, , at(0), at(1), at(2), at(3), NULL)
CALL(tn_argmax, , at(0), at(1), axis)
CALL(tn_top_k, , at(0), at(1), at(2))
CALL(tn_one_hot, , at(0), at(1))

/* A small model, x[N,3] to y[N,1], brought so far: initialised, built, with memory and compiled, gone forward in training. */
enum { STARTED, BUILT, READY, FORWARD };
static tn_layer layers[2];
static tn_model model;
static float model_block[4096];
static tn_model *model_at(int how_far)
{
    static const float sample[2][3] = { { 1, 2, 3 }, { 4, 5, 6 } };
    const tn_tensor x = tn_cview(sample, 0, 2, 2, 3, 0, 0);
    tn_compile c = TN_ZERO;
    int32_t bad = 0;
    c.loss = TN_MEAN_SQUARED_ERROR;
    c.optimizer = tn_sgd(0.125f, 0.5f);
    memset(layers, 0, sizeof layers);
    layers[0] = TN_INPUT_F(3);
    layers[1] = TN_DENSE(1, TN_LINEAR);
    if (no_pointer == 1) return NULL;
    bad |= (int32_t)tn_model_init(NULL, &model, "net", layers, 2);
    if (how_far >= READY) bad |= (int32_t)tn_model_compile(NULL, &model, &c);
    if (how_far >= BUILT) bad |= (int32_t)tn_model_build(NULL, &model, NULL, 2);
    if (how_far >= READY) bad |= (int32_t)tn_model_memory(NULL, &model, model_block, sizeof model_block, 1);
    if (how_far >= FORWARD) bad |= (int32_t)tn_model_forward(NULL, &model, NULL, &x, 1);
    if (bad) { print_error("a model cannot be made\n"); abort(); }
    return &model;
}
CALL(tn_model_init, , no_pointer == 1 ? NULL : &model, "net", no_pointer == 2 ? NULL : layers, count)
CALL(tn_model_compile, tn_compile c = TN_ZERO; c.loss = kind; c.from = from; c.label_smoothing = smoothing; c.optimizer = tn_adam(lr); c.optimizer.kind = mode; c.optimizer.beta1 = beta1;,
     model_at(STARTED), no_pointer == 2 ? NULL : &c)
CALL(tn_model_build, , model_at(STARTED), at(1), batch)
CALL(tn_model_memory, , model_at(BUILT), memory, (size_t)size, 1)
CALL(tn_model_fit, tn_fit f = TN_ZERO; f.epochs = epochs; f.batch = batch; f.sample_weight = at(3);, model_at(READY), at(1), at(2), &f, NULL)
CALL(tn_model_evaluate, tn_progress p = TN_ZERO;, model_at(READY), at(1), at(2), no_pointer == 2 ? NULL : &p)
CALL(tn_model_predict, , model_at(READY), at(1), at(2))
CALL(tn_model_forward, , model_at(READY), at(1), at(2), mode)
CALL(tn_model_backward, double loss = 0;, model_at(first ? READY : FORWARD), at(1), &loss)
static tn_status call_tn_model_update(tn_context *ctx) { return tn_model_update(ctx, model_at(first)); }
CALL(tn_model_save, , model_at(first), memory, (size_t)size, NULL)
static tn_status call_tn_model_load(tn_context *ctx)
{
    static unsigned char blob[1024];
    size_t length = 0;
    if (no_pointer != 1 && tn_model_save(NULL, model_at(READY), blob, sizeof blob, &length) != TN_OK) abort();
    return tn_model_load(ctx, model_at(first), no_pointer == 2 ? NULL : blob, count >= 0 && (size_t)count <= length ? length - (size_t)count : length);
}
