/* tests/scenarios/part_a.h - the catalogue's part A: code that people show. */

/* The picture classifier of most tutorials. */
static void cifar_net(int32_t loss)
{
    MODEL(TN_INPUT_HWC(32, 32, 3), TN_CONV2D(32, 3, 3, TN_RELU), TN_MAX_POOL2D(2, 2), TN_FLATTEN(),
          TN_DENSE(10, TN_SOFTMAX));
    ready(loss, 32);
}

static void cifar_flattened_rows(void)
{
    const tn_tensor x = floats(2, 40, 3072, 0, 0), y = classes(40, 10), fixed = as_shape(x, 4, 40, 32, 32, 3);
    cifar_net(TN_SPARSE_CATEGORICAL_CROSSENTROPY);
    REFUSED(TN_AT_BIND, TN_E_RANK, TN_CAUSE_FLATTENED_IMAGE, tn_model_fit, &model, &x, &y, NULL, NULL);
    RECORD("N 32 32 3", "40 3072", "");
    PARAMETERS(72906);
    OUTPUT(0, "N 30 30 32");
    OUTPUT(1, "N 15 15 32");
    OUTPUT(2, "N 7200");
    TRAINS(&fixed, &y);
    GIVES("40 10", &fixed);
}

static void cifar_unnormalised(void)
{
    const tn_convert_params scale = { 1.0f / 255.0f, 0.0f };
    const tn_tensor raw = bytes(4, 40, 32, 32, 3), x = room(4, 40, 32, 32, 3), fixed = room(4, 40, 32, 32, 3);
    const tn_tensor y = onehot(40, 10);
    cifar_net(TN_CATEGORICAL_CROSSENTROPY);
    RUNS(tn_convert, &x, &raw, NULL);
    RUNS(tn_convert, &fixed, &raw, &scale);
    TRAINS(&x, &y);
    NOTED(TN_W_RANGE, TN_CAUSE_UNSCALED_BYTES);
    NOTED(TN_W_RANGE, TN_CAUSE_HIGH_FIRST_LOSS); /* at RUN again */
    cifar_net(TN_CATEGORICAL_CROSSENTROPY);
    TRAINS(&fixed, &y);
    GIVES("40 10", &fixed);
}

static void cifar_single_image(void)
{
    const tn_tensor x = floats(3, 32, 32, 3, 0), y = classes(1, 10), many = classes(32, 10);
    tn_tensor fixed;
    cifar_net(TN_SPARSE_CATEGORICAL_CROSSENTROPY);
    REFUSED(TN_AT_BIND, TN_E_RANK, TN_CAUSE_MISSING_BATCH_AXIS, tn_model_fit, &model, &x, &y, NULL, NULL);
    RECORD("N 32 32 3", "32 32 3", "");
    REFUSED(TN_AT_BIND, TN_E_RANK, TN_CAUSE_MISSING_BATCH_AXIS, tn_model_fit, &model, &x, &many, NULL, NULL);
    RUNS(tn_expand, &fixed, &x, 0);
    TRAINS(&fixed, &y);
    GIVES("1 10", &fixed);
}

static void conv_wrong_resize(void)
{
    const tn_tensor x = floats(4, 1, 25, 25, 3), fixed = floats(4, 1, 28, 28, 1), w = floats(4, 3, 3, 1, 32);
    const tn_tensor y = room(4, 1, 26, 26, 32);
    REFUSED(TN_AT_CALL, TN_E_CHANNELS, TN_CAUSE_RGB_INTO_GRAY, tn_conv2d, &y, &x, &w, NULL, NULL); /* a lone layer */
    RECORD("N 28 28 1", "1 25 25 3", "123");
    ALSO(TN_E_SPATIAL, TN_CAUSE_RESIZE_NEEDED);
    RUNS(tn_conv2d, &y, &fixed, &w, NULL, NULL);
    MODEL(TN_INPUT_HWC(28, 28, 1), TN_CONV2D(32, 3, 3, TN_RELU));
    ready(NO_LOSS, 1);
    REFUSED(TN_AT_BIND, TN_E_CHANNELS, TN_CAUSE_RGB_INTO_GRAY, tn_model_predict, &model, &y, &x);
    RECORD("N 28 28 1", "1 25 25 3", "123");
    ALSO(TN_E_SPATIAL, TN_CAUSE_RESIZE_NEEDED);
    PARAMETERS(320);
    GIVES("1 26 26 32", &fixed);
}

static void conv_valid_shrink(void)
{
    const tn_tensor x = floats(4, 1, 28, 28, 1);
    MODEL(TN_INPUT_HWC(28, 28, 1), TN_CONV2D(32, 5, 5, TN_RELU));
    ready(NO_LOSS, 1);
    PARAMETERS(832);
    GIVES("1 24 24 32", &x);
    MODEL(TN_INPUT_HWC(28, 28, 1), same(TN_CONV2D(32, 5, 5, TN_RELU)));
    ready(NO_LOSS, 1);
    PARAMETERS(832);
    GIVES("1 28 28 32", &x);
}

static void train32_test28_fit(void)
{
    const tn_tensor x = floats(4, 100, 32, 32, 3), y = floats(2, 100, 10, 0, 0);
    MODEL(TN_INPUT_HWC(32, 32, 3), TN_CONV2D(32, 3, 3, TN_RELU));
    ready(TN_MEAN_SQUARED_ERROR, 32);
    REFUSED(TN_AT_BIND, TN_E_LABEL_RANK, TN_CAUSE_NO_HEAD, tn_model_fit, &model, &x, &y, NULL, NULL);
    RECORD("100 30 30 32", "100 10", "");
    MODEL(TN_INPUT_HWC(32, 32, 3), TN_CONV2D(32, 3, 3, TN_RELU), TN_FLATTEN(), TN_DENSE(10, TN_LINEAR));
    ready(TN_MEAN_SQUARED_ERROR, 32);
    PARAMETERS(288906);
    OUTPUT(1, "N 28800");
    TRAINS(&x, &y);
    CHECK(model.step == 4);
    GIVES("100 10", &x);
}

static void train32_test28_evaluate(void)
{
    const tn_tensor x = floats(4, 20, 32, 32, 3), y = floats(2, 20, 10, 0, 0), small = floats(4, 10, 28, 28, 3);
    const tn_tensor y_test = floats(2, 10, 10, 0, 0), x_test = room(4, 10, 32, 32, 3);
    tn_fit f = TN_ZERO;
    tn_progress p;
    MODEL(TN_INPUT_HWC(32, 32, 3), TN_CONV2D(32, 3, 3, TN_RELU), TN_FLATTEN(), TN_DENSE(10, TN_LINEAR));
    ready(TN_MEAN_SQUARED_ERROR, 32);
    TRAINS(&x, &y);
    REFUSED(TN_AT_BIND, TN_E_SPATIAL, TN_CAUSE_RESIZE_NEEDED, tn_model_evaluate, &model, &small, &y_test, &p);
    RECORD("N 32 32 3", "10 28 28 3", "12");
    f.val_x = &small;
    f.val_y = &y_test;
    REFUSED(TN_AT_BIND, TN_E_SPATIAL, TN_CAUSE_RESIZE_NEEDED, tn_model_fit, &model, &x, &y, &f, NULL);
    RECORD("N 32 32 3", "10 28 28 3", "12"); /* before the first epoch */
    RUNS(tn_resize, &x_test, &small, NULL);
    RUNS(tn_model_evaluate, &model, &x_test, &y_test, &p);
    MODEL(TN_INPUT_HWC(TN_ANY, TN_ANY, 3), TN_CONV2D(32, 3, 3, TN_RELU), TN_GLOBAL_AVG_POOL2D(),
          TN_DENSE(10, TN_LINEAR));
    compiled(TN_MEAN_SQUARED_ERROR);
    MEMORY_FOR(tn_model_fit, &model, &x, &y, NULL, NULL);
    TRAINS(&x, &y);
    PARAMETERS(1226);
    RUNS(tn_model_evaluate, &model, &small, &y_test, &p);
    GIVES("10 10", &small);
}

static void reshape_is_not_resize(void)
{
    static const int32_t dim[] = { 100, 28, 28, 1 };
    const tn_tensor x = floats(4, 100, 32, 32, 1), fixed = room(4, 100, 28, 28, 1), y = classes(100, 10);
    tn_tensor t = TN_ZERO;
    REFUSED(TN_AT_CALL, TN_E_RESHAPE, TN_CAUSE_RESIZE_INTENDED, tn_reshape, &t, &x, 4, dim);
    RECORD("100 28 28 1", "100 32 32 1", "12");
    CHECK(diag.number[0] == 102400 && diag.number[1] == 78400 && diag.number[2] == 28 && diag.number[3] == 28);
    RUNS(tn_resize, &fixed, &x, NULL);
    MODEL(TN_INPUT_HWC(28, 28, 1), TN_CONV2D(32, 3, 3, TN_RELU), TN_MAX_POOL2D(2, 2), TN_FLATTEN(),
          TN_DENSE(10, TN_SOFTMAX));
    ready(TN_SPARSE_CATEGORICAL_CROSSENTROPY, 32);
    PARAMETERS(54410);
    TRAINS(&fixed, &y);
    GIVES("100 10", &fixed);
}

static void torch_gray_into_rgb(void)
{
    const tn_tensor gray = named(floats(4, 100, 1, 32, 32), TN_NCHW), w = named(floats(4, 16, 3, 3, 3), TN_OIHW);
    const tn_tensor y = named(room(4, 100, 16, 30, 30), TN_NCHW), rgb = named(room(4, 100, 3, 32, 32), TN_NCHW);
    const tn_tensor out = room(2, 100, 10, 0, 0), labels = classes(100, 10);
    double loss = 0.0;
    REFUSED(TN_AT_CALL, TN_E_CHANNELS, TN_CAUSE_GRAY_INTO_RGB, tn_conv2d, &y, &gray, &w, NULL, NULL);
    RECORD("N 3 32 32", "100 1 32 32", "1");
    RUNS(tn_gray_to_rgb, &rgb, &gray);
    WORKSPACE_FOR(tn_conv2d, &y, &rgb, &w, NULL, NULL);
    RUNS(tn_conv2d, &y, &rgb, &w, NULL, NULL);
    MODEL(TN_INPUT_CHW(3, 32, 32), TN_CONV2D(16, 3, 3, TN_RELU), TN_MAX_POOL2D(2, 2), TN_FLATTEN(),
          TN_DENSE(10, TN_SOFTMAX));
    ready(TN_SPARSE_CATEGORICAL_CROSSENTROPY, 100);
    OUTPUT(1, "N 16 15 15");
    OUTPUT(2, "N 3600");
    RUNS(tn_model_forward, &model, &out, &rgb, 1); /* the step by hand */
    RUNS(tn_model_backward, &model, &labels, &loss);
    RUNS(tn_model_update, &model);
    CHECK(loss > 1.5 && loss < 4.0 && model.step == 1);
    GIVES("100 10", &rgb);
}

static void uint8_input(void)
{
    const tn_convert_params scale = { 1.0f / 255.0f, 0.0f };
    const tn_tensor x = bytes(4, 100, 32, 32, 3), fixed = room(4, 100, 32, 32, 3), y = classes(100, 10);
    MODEL(TN_INPUT_HWC(32, 32, 3), TN_CONV2D(32, 3, 3, TN_RELU), TN_FLATTEN(), TN_DENSE(10, TN_SOFTMAX));
    ready(TN_SPARSE_CATEGORICAL_CROSSENTROPY, 32);
    REFUSED(TN_AT_BIND, TN_E_DTYPE, TN_CAUSE_RAW_BYTES, tn_model_fit, &model, &x, &y, NULL, NULL);
    RECORD("N 32 32 3", "100 32 32 3", "");
    CHECK(diag.expected.dtype == TN_F32 && diag.received.dtype == TN_U8);
    RUNS(tn_convert, &fixed, &x, &scale);
    PARAMETERS(288906);
    TRAINS(&fixed, &y);
    GIVES("100 10", &fixed);
    MODEL(TN_INPUT_HWC(32, 32, 3), TN_RESCALING(1.0f / 255.0f, 0.0f), TN_CONV2D(32, 3, 3, TN_RELU), TN_FLATTEN(),
          TN_DENSE(10, TN_SOFTMAX));
    ready(TN_SPARSE_CATEGORICAL_CROSSENTROPY, 32);
    TRAINS(&x, &y);
    GIVES("100 10", &x);
}

static void dense_no_input_dim(void)
{
    const tn_tensor x = floats(2, 100, 5, 0, 0), y = floats(1, 100, 0, 0, 0), wide = floats(2, 10, 6, 0, 0);
    const tn_tensor out = room(2, 10, 1, 0, 0);
    size_t written = 0;
    tn_fit f = TN_ZERO;
    f.epochs = 5;
    MODEL(TN_DENSE(10, TN_RELU), TN_DENSE(1, TN_SIGMOID));
    compiled(TN_BINARY_CROSSENTROPY);
    REFUSED(TN_AT_CALL, TN_E_NOT_BUILT, 0, tn_model_save, &model, out.data, 40, &written);
    REFUSED(TN_AT_BIND, TN_E_MEMORY, 0, tn_model_fit, &model, &x, &y, &f, NULL);
    given_memory(ctx.need);
    RUNS(tn_model_fit, &model, &x, &y, &f, NULL);
    NOTED(TN_W_INFERRED, 0);
    CHECK(now.record[now.records - 1].stage == TN_AT_BIND);
    CHECK(is_shape(&now.record[now.records - 1].received, "N 5"));
    PARAMETERS(71);
    CHECK(model.step == 20);
    REFUSED(TN_AT_BIND, TN_E_FEATURES, TN_CAUSE_OFF_BY_ONE_FEATURE, tn_model_predict, &model, &out, &wide);
    RECORD("N 5", "10 6", "1");
    GIVES("100 1", &x);
}

static void dense_input_dim_ok(void)
{
    const tn_tensor x = floats(2, 100, 5, 0, 0), y = floats(1, 100, 0, 0, 0);
    tn_fit f = TN_ZERO;
    f.epochs = 5;
    MODEL(TN_INPUT_F(x.dim[1]), TN_DENSE(10, TN_RELU), TN_DENSE(1, TN_SIGMOID));
    ready(TN_BINARY_CROSSENTROPY, 32);
    RUNS(tn_model_fit, &model, &x, &y, &f, NULL);
    PARAMETERS(71);
    CHECK(model.epoch == 5 && model.step == 20);
    GIVES("100 1", &x);
}

static void gray_net(void)
{
    MODEL(TN_INPUT_HWC(32, 32, 1), TN_CONV2D(32, 3, 3, TN_RELU), TN_FLATTEN(), TN_DENSE(1, TN_SIGMOID));
    ready(TN_BINARY_CROSSENTROPY, 32);
    PARAMETERS(29121);
}

static void conv_flattened_gray(void)
{
    const tn_tensor x = floats(2, 100, 1024, 0, 0), y = floats(1, 100, 0, 0, 0), fixed = as_shape(x, 4, 100, 32, 32, 1);
    gray_net();
    REFUSED(TN_AT_BIND, TN_E_RANK, TN_CAUSE_FLATTENED_IMAGE, tn_model_fit, &model, &x, &y, NULL, NULL);
    RECORD("N 32 32 1", "100 1024", "");
    TRAINS(&fixed, &y);
    GIVES("100 1", &fixed);
}

static void conv_gray_ok(void)
{
    const tn_tensor x = floats(4, 100, 32, 32, 1), y = floats(1, 100, 0, 0, 0);
    gray_net();
    OUTPUT(0, "N 30 30 32");
    OUTPUT(1, "N 28800");
    TRAINS(&x, &y);
    GIVES("100 1", &x);
}

static void lstm_missing_time_axis(void)
{
    const tn_tensor x = floats(2, 100, 1, 0, 0), wide = floats(2, 100, 3, 0, 0), y = floats(2, 100, 1, 0, 0);
    const tn_tensor fixed = as_shape(x, 3, 100, 1, 1, 0), out = room(2, 100, 1, 0, 0);
    MODEL(TN_INPUT_TF(TN_ANY, 1), TN_LSTM(32), TN_DENSE(1, TN_LINEAR));
    compiled(TN_MEAN_SQUARED_ERROR);
    MEMORY_FOR(tn_model_fit, &model, &fixed, &y, NULL, NULL);
    REFUSED(TN_AT_BIND, TN_E_RANK, TN_CAUSE_MISSING_TIME_AXIS, tn_model_fit, &model, &x, &y, NULL, NULL);
    RECORD("N T 1", "100 1", "");
    TRAINS(&fixed, &y);
    NOTED(TN_W_SINGLE_STEP, 0);
    GIVES("100 1", &fixed);
    MODEL(TN_INPUT_TF(TN_ANY, 3), TN_LSTM(32), TN_DENSE(1, TN_LINEAR));
    REFUSED(TN_AT_BIND, TN_E_RANK, TN_CAUSE_MISSING_TIME_AXIS, tn_model_predict, &model, &out, &wide);
    RECORD("N T 3", "100 3", "");
}

static void lstm_3d_ok(void)
{
    const tn_tensor x = floats(3, 100, 1, 1, 0), y = floats(2, 100, 1, 0, 0);
    tn_fit f = TN_ZERO;
    f.epochs = 3;
    MODEL(TN_INPUT_TF(1, 1), TN_LSTM(32), TN_DENSE(1, TN_LINEAR));
    ready(TN_MEAN_SQUARED_ERROR, 32);
    PARAMETERS(4385);
    RUNS(tn_model_fit, &model, &x, &y, &f, NULL);
    NOTED(TN_W_SINGLE_STEP, 0);
    CHECK(now.record[now.records - 1].stage == TN_AT_BUILD); /* the declared T already says so */
    OUTPUT(0, "N 32");
    GIVES("100 1", &x);
}

#define FEATURE_MAPS \
    TN_INPUT_HWC(28, 28, 1), TN_CONV2D(32, 3, 3, TN_RELU), TN_MAX_POOL2D(2, 2), TN_CONV2D(64, 3, 3, TN_RELU), \
        TN_MAX_POOL2D(2, 2)

static void dense_on_feature_maps(void)
{
    const tn_tensor x = floats(4, 1, 28, 28, 1), y = classes(1, 10);
    MODEL(FEATURE_MAPS, TN_DENSE(10, TN_SOFTMAX));
    REFUSED(TN_AT_BUILD, TN_E_DENSE_SPATIAL, TN_CAUSE_NO_FLATTEN, tn_model_build, &model, NULL, 1);
    RECORD("N F", "N 5 5 64", "");
    LAYER(4);
    layers[5].per_position = 1; /* 25 answers for each picture */
    ready(TN_SPARSE_CATEGORICAL_CROSSENTROPY, 1);
    PARAMETERS(19466);
    REFUSED(TN_AT_BIND, TN_E_LABEL_RANK, TN_CAUSE_NO_FLATTEN, tn_model_fit, &model, &x, &y, NULL, NULL);
    RECORD("1 5 5", "1", "");
    GIVES("1 5 5 10", &x);
    MODEL(FEATURE_MAPS, TN_FLATTEN(), TN_DENSE(10, TN_SOFTMAX));
    ready(TN_SPARSE_CATEGORICAL_CROSSENTROPY, 1);
    TRAINS(&x, &y);
    GIVES("1 10", &x);
    MODEL(FEATURE_MAPS, TN_GLOBAL_AVG_POOL2D(), TN_DENSE(10, TN_SOFTMAX));
    ready(NO_LOSS, 1);
    OUTPUT(4, "N 64");
    GIVES("1 10", &x);
}

static void flatten_before_dense_ok(void)
{
    static const char *const shapes[] = { "N 26 26 32", "N 13 13 32", "N 11 11 64", "N 5 5 64", "N 1600", "N 10" };
    const tn_tensor x = floats(4, 1, 28, 28, 1);
    int i;
    MODEL(FEATURE_MAPS, TN_FLATTEN(), TN_DENSE(10, TN_SOFTMAX));
    ready(NO_LOSS, 1);
    PARAMETERS(34826);
    for (i = 0; i < 6; i++) OUTPUT(i, shapes[i]);
    GIVES("1 10", &x);
}

#define SMALL_CONV \
    TN_CONV2D(32, 3, 3, TN_RELU), TN_MAX_POOL2D(2, 2), TN_FLATTEN(), TN_DENSE(10, TN_SOFTMAX)

/* A model without an input gives its answer to a first x, says so, and holds on to that shape. */
static void inferred_from(const tn_tensor *x, const char *shape)
{
    const tn_tensor y = room(2, x->dim[0], 10, 0, 0);
    MEMORY_FOR(tn_model_predict, &model, &y, x);
    RUNS(tn_model_predict, &model, &y, x);
    NOTED(TN_W_INFERRED, 0);
    CHECK(now.record[now.records - 1].stage == TN_AT_BIND);
    CHECK(is_shape(&now.record[now.records - 1].received, shape));
    GIVES("1 10", x);
}

static void conv_no_input_shape(void)
{
    const tn_tensor x = floats(4, 1, 28, 28, 1), other = floats(4, 1, 32, 32, 1), y = room(2, 1, 10, 0, 0);
    MODEL(SMALL_CONV);
    REFUSED(TN_AT_BUILD, TN_E_NOT_BUILT, 0, tn_model_build, &model, NULL, 1);
    inferred_from(&x, "N 28 28 1");
    PARAMETERS(54410);
    REFUSED(TN_AT_BIND, TN_E_SPATIAL, TN_CAUSE_RESIZE_NEEDED, tn_model_predict, &model, &y, &other);
    RECORD("N 28 28 1", "1 32 32 1", "12");
    GIVES("1 10", &x);
}

static void conv_input_shape_ok(void)
{
    static const char *const shapes[] = { "N 26 26 32", "N 13 13 32", "N 5408", "N 10" };
    const tn_tensor x = floats(4, 1, 28, 28, 1);
    int i;
    MODEL(TN_INPUT_HWC(28, 28, 1), SMALL_CONV);
    ready(NO_LOSS, 1);
    PARAMETERS(54410);
    for (i = 0; i < 4; i++) OUTPUT(i, shapes[i]);
    GIVES("1 10", &x);
}

static void lstm_no_input_shape(void)
{
    const tn_tensor x = floats(3, 1, 10, 50, 0), wide = floats(3, 1, 10, 40, 0), y = room(2, 1, 10, 0, 0);
    const tn_tensor shorter = floats(3, 1, 8, 50, 0);
    MODEL(TN_LSTM(128), TN_DENSE(10, TN_SOFTMAX));
    inferred_from(&x, "N T 50");
    PARAMETERS(92938);
    REFUSED(TN_AT_BIND, TN_E_FEATURES, 0, tn_model_predict, &model, &y, &wide);
    RECORD("N T 50", "1 10 40", "2");
    GIVES("1 10", &shorter); /* the number of steps stays open */
}

static void lstm_input_shape_ok(void)
{
    const tn_tensor x = floats(3, 1, 10, 50, 0);
    MODEL(TN_INPUT_TF(10, 50), TN_LSTM(128), TN_DENSE(10, TN_SOFTMAX));
    ready(NO_LOSS, 1);
    PARAMETERS(92938);
    OUTPUT(0, "N 128");
    GIVES("1 10", &x);
}

static const scenario part_a[] = {
    { "cifar-flattened-rows", "A1", cifar_flattened_rows, NULL },
    { "cifar-unnormalised", "A2", cifar_unnormalised, NULL },
    { "cifar-single-image", "A3", cifar_single_image, NULL },
    { "conv-wrong-resize", "A4", conv_wrong_resize, NULL },
    { "conv-valid-shrink", "A5", conv_valid_shrink, NULL },
    { "train32-test28-fit", "A6", train32_test28_fit, NULL },
    { "train32-test28-evaluate", "A6", train32_test28_evaluate, NULL },
    { "reshape-is-not-resize", "A7", reshape_is_not_resize, NULL },
    { "torch-gray-into-rgb", "A8", torch_gray_into_rgb, NULL },
    { "uint8-input", "A9", uint8_input, NULL },
    { "dense-no-input-dim", "A10", dense_no_input_dim, NULL },
    { "dense-input-dim-ok", "A11", dense_input_dim_ok, NULL },
    { "conv-flattened-gray", "A12", conv_flattened_gray, NULL },
    { "conv-gray-ok", "A13", conv_gray_ok, NULL },
    { "lstm-missing-time-axis", "A14", lstm_missing_time_axis, NULL },
    { "lstm-3d-ok", "A15", lstm_3d_ok, NULL },
    { "dense-on-feature-maps", "A16", dense_on_feature_maps, NULL },
    { "flatten-before-dense-ok", "A17", flatten_before_dense_ok, NULL },
    { "conv-no-input-shape", "A18", conv_no_input_shape, NULL },
    { "conv-input-shape-ok", "A19", conv_input_shape_ok, NULL },
    { "lstm-no-input-shape", "A20", lstm_no_input_shape, NULL },
    { "lstm-input-shape-ok", "A21", lstm_input_shape_ok, NULL },
};
