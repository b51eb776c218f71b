/* tests/scenarios/part_e_model.h - the catalogue's part E: lists of layers, and calls out of order. */

static tn_layer strided(tn_layer l, int by)
{
    l.window.stride_h = l.window.stride_w = by;
    return l;
}
static tn_layer grouped(tn_layer l, int by)
{
    l.groups = by;
    return l;
}
static tn_layer kept_within(int rank, int a, int b) { return tn_layer_input(__FILE__, -(__LINE__), 0, rank, a, b, 0); }

/* The mended list answers so many samples. */
static void answers(const char *shape, const tn_tensor *x)
{
    ready(NO_LOSS, x->dim[0]);
    gives(shape, x, __LINE__);
}

static void batch_in_input_shape(void)
{
    tn_layer with_n = TN_INPUT_HWC(32, 32, 1);
    const tn_tensor x = floats(4, 2, 32, 32, 1);
    with_n.input = tn_view(NULL, 0, 4, 26721, 32, 32, 1);
    MODEL(with_n, TN_CONV2D(8, 3, 3, TN_RELU), TN_FLATTEN(), TN_DENSE(2, TN_SOFTMAX));
    REFUSED(TN_AT_BUILD, TN_E_RANK, TN_CAUSE_BATCH_IN_INPUT_SHAPE, tn_model_build, &model, NULL, 32);
    RECORD("N H W C", "N 26721 32 32 1", "");
    CHECK(diag.number[0] == 26721);
    MODEL(TN_INPUT_HWC(32, 32, 1), TN_CONV2D(8, 3, 3, TN_RELU), TN_FLATTEN(), TN_DENSE(2, TN_SOFTMAX));
    answers("2 2", &x);
}
static void stacked_lstm(void)
{
    const tn_tensor x = floats(3, 4, 10, 3, 0);
    MODEL(TN_INPUT_TF(10, 3), TN_LSTM(16), TN_LSTM(8), TN_DENSE(1, TN_LINEAR));
    REFUSED(TN_AT_BUILD, TN_E_RANK, TN_CAUSE_STACKED_LSTM, tn_model_build, &model, NULL, 32);
    RECORD("N T 16", "N 16", "");
    LAYER(1);
    MODEL(TN_INPUT_TF(10, 3), sequences(TN_LSTM(16)), TN_LSTM(8), TN_DENSE(1, TN_LINEAR));
    answers("4 1", &x);
}
static void flatten_before_conv(void)
{
    const tn_tensor x = floats(4, 4, 8, 8, 3);
    MODEL(TN_INPUT_HWC(8, 8, 3), TN_FLATTEN(), TN_CONV2D(8, 3, 3, TN_RELU), TN_DENSE(2, TN_SOFTMAX));
    REFUSED(TN_AT_BUILD, TN_E_RANK, TN_CAUSE_FLATTEN_BEFORE_CONV, tn_model_build, &model, NULL, 32);
    RECORD("N H W C", "N 192", "");
    LAYER(1);
    MODEL(TN_INPUT_HWC(8, 8, 3), TN_CONV2D(8, 3, 3, TN_RELU), TN_FLATTEN(), TN_DENSE(2, TN_SOFTMAX));
    answers("4 2", &x);
}
static void flatten_of_unknown_size(void)
{
    const tn_tensor x = floats(4, 2, 9, 7, 3), larger = floats(4, 2, 12, 16, 3);
    const tn_tensor most = tn_view(NULL, 0, 3, 12, 16, 3, 0);
    MODEL(TN_INPUT_HWC(TN_ANY, TN_ANY, 3), TN_CONV2D(4, 3, 3, TN_RELU), TN_FLATTEN(), TN_DENSE(2, TN_SOFTMAX));
    REFUSED(TN_AT_BUILD, TN_E_RESHAPE, TN_CAUSE_FLATTEN_OF_UNKNOWN_SIZE, tn_model_build, &model, NULL, 2);
    RECORD("-", "N H W 4", "");
    LAYER(1);
    MODEL(TN_INPUT_HWC(TN_ANY, TN_ANY, 3), TN_CONV2D(4, 3, 3, TN_RELU), TN_GLOBAL_AVG_POOL2D(), TN_DENSE(2, TN_SOFTMAX));
    RUNS(tn_model_build, &model, &most, 2);
    given_memory(model.need);
    GIVES("2 2", &x);
    GIVES("2 2", &larger);
}
static void unknown_channels(void)
{
    const tn_tensor x = floats(4, 2, 32, 32, 3);
    MODEL(TN_INPUT_HWC(32, 32, TN_ANY), TN_CONV2D(4, 3, 3, TN_RELU), TN_FLATTEN(), TN_DENSE(2, TN_SOFTMAX));
    REFUSED(TN_AT_BUILD, TN_E_CHANNELS, TN_CAUSE_UNKNOWN_CHANNELS, tn_model_build, &model, NULL, 2);
    RECORD("-", "32 32 C", "2");
    MODEL(TN_INPUT_HWC(32, 32, 3), TN_CONV2D(4, 3, 3, TN_RELU), TN_FLATTEN(), TN_DENSE(2, TN_SOFTMAX));
    answers("2 2", &x);
}
static void pool_to_nothing(void)
{
    const tn_layer conv = TN_CONV2D(4, 3, 3, TN_RELU), pool = TN_MAX_POOL2D(2, 2);
    const tn_tensor x = floats(4, 2, 28, 28, 1);
    MODEL(TN_INPUT_HWC(28, 28, 1), conv, pool, conv, pool, conv, pool, conv, pool, TN_FLATTEN(),
          TN_DENSE(10, TN_SOFTMAX));
    REFUSED(TN_AT_BUILD, TN_E_WINDOW, TN_CAUSE_POOL_TO_NOTHING, tn_model_build, &model, NULL, 2);
    RECORD("N H W C", "N 1 1 4", "12");
    LAYER(6);
    CHECK(diag.number[0] == 3 && diag.number[1] == 1);
    MODEL(TN_INPUT_HWC(28, 28, 1), conv, pool, conv, pool, conv, TN_FLATTEN(), TN_DENSE(10, TN_SOFTMAX));
    answers("2 10", &x);
}
static void dilated_window(void)
{
    const tn_tensor x = floats(4, 2, 8, 8, 1);
    MODEL(TN_INPUT_HWC(8, 8, 1), dilated(TN_CONV2D(4, 3, 3, TN_RELU), 4), TN_FLATTEN(), TN_DENSE(2, TN_SOFTMAX));
    REFUSED(TN_AT_BUILD, TN_E_WINDOW, TN_CAUSE_DILATED_WINDOW, tn_model_build, &model, NULL, 2);
    RECORD("N H W C", "N 8 8 1", "12");
    LAYER(0);
    CHECK(diag.number[0] == 4 && diag.number[1] == 9 && diag.number[2] == 8);
    MODEL(TN_INPUT_HWC(8, 8, 1), dilated(TN_CONV2D(4, 3, 3, TN_RELU), 3), TN_FLATTEN(), TN_DENSE(2, TN_SOFTMAX));
    answers("2 2", &x);
}

/* ---- reshape layers ---- */

static void reshape_refused(int cause, int a, int b, const char *expected, int64_t have, int64_t want)
{
    MODEL(TN_INPUT_F(10), kept_within(2, a, b), TN_DENSE(2, TN_LINEAR));
    REFUSED(TN_AT_BUILD, TN_E_RESHAPE, cause, tn_model_build, &model, NULL, 4);
    RECORD(expected, "N 10", "");
    LAYER(0);
    if (have) CHECK(diag.number[0] == have && diag.number[1] == want);
}
static void reshape_mended(int a, int b, const char *shape)
{
    const tn_tensor x = floats(2, 4, 10, 0, 0);
    MODEL(TN_INPUT_F(10), kept_within(2, a, b), TN_DENSE(2, TN_LINEAR));
    answers(shape, &x);
}
static void reshape_layer_count(void)
{
    reshape_refused(TN_CAUSE_RESHAPE_LAYER_COUNT, 3, 4, "N 3 4", 10, 12);
    reshape_mended(2, 5, "4 2 2");
}
static void reshape_two_unknowns(void)
{
    reshape_refused(TN_CAUSE_RESHAPE_TWO_UNKNOWNS, -1, -1, "N A B", 0, 0);
    reshape_mended(-1, 5, "4 2 2");
}
static void reshape_not_divisible(void)
{
    reshape_refused(TN_CAUSE_RESHAPE_NOT_DIVISIBLE, 3, -1, "N 3 A", 10, 3);
    reshape_mended(5, -1, "4 5 2");
}

/* ---- numbers of a layer ---- */

static void groups(void)
{
    const tn_tensor x = floats(4, 2, 8, 8, 3), even = floats(4, 2, 8, 8, 4);
    MODEL(TN_INPUT_HWC(8, 8, 3), grouped(TN_CONV2D(4, 3, 3, TN_RELU), 2));
    REFUSED(TN_AT_BUILD, TN_E_CHANNELS, TN_CAUSE_GROUPS, tn_model_build, &model, NULL, 2);
    LAYER(0);
    CHECK(diag.number[0] == 3 && diag.number[1] == 2);
    MODEL(TN_INPUT_HWC(8, 8, 4), grouped(TN_CONV2D(5, 3, 3, TN_RELU), 2));
    REFUSED(TN_AT_BUILD, TN_E_CHANNELS, TN_CAUSE_GROUPS, tn_model_build, &model, NULL, 2);
    CHECK(diag.number[0] == 5 && diag.number[1] == 2);
    MODEL(TN_INPUT_HWC(8, 8, 4), grouped(TN_CONV2D(6, 3, 3, TN_RELU), 2));
    answers("2 6 6 6", &even);
    MODEL(TN_INPUT_HWC(8, 8, 3), grouped(TN_CONV2D(6, 3, 3, TN_RELU), 3));
    answers("2 6 6 6", &x);
}
static void stride_and_dilation(void) /* nothing speaks against it */
{
    const tn_tensor x = floats(4, 2, 9, 9, 3);
    MODEL(TN_INPUT_HWC(9, 9, 3), strided(dilated(TN_CONV2D(4, 3, 3, TN_RELU), 2), 2), TN_FLATTEN(),
          TN_DENSE(2, TN_SOFTMAX));
    answers("2 2", &x);
    OUTPUT(0, "N 3 3 4");
}
static void bad_units(void)
{
    const tn_tensor x = floats(4, 2, 8, 8, 3);
    MODEL(TN_INPUT_HWC(8, 8, 3), TN_CONV2D(4, 3, 3, TN_RELU), TN_FLATTEN(), TN_DENSE(-1, TN_SOFTMAX));
    REFUSED(TN_AT_BUILD, TN_E_ARG, TN_CAUSE_BAD_UNITS, tn_model_build, &model, NULL, 2);
    RECORD("-", "-", "");
    LAYER(2);
    CHECK(diag.number[0] == -1);
    MODEL(TN_INPUT_HWC(8, 8, 3), TN_CONV2D(0, 3, 3, TN_RELU), TN_FLATTEN(), TN_DENSE(2, TN_SOFTMAX));
    REFUSED(TN_AT_BUILD, TN_E_ARG, TN_CAUSE_BAD_UNITS, tn_model_build, &model, NULL, 2);
    LAYER(0);
    CHECK(diag.number[0] == 0);
    MODEL(TN_INPUT_HWC(8, 8, 3), TN_CONV2D(4, 3, 3, TN_RELU), TN_FLATTEN(), TN_DENSE(2, TN_SOFTMAX));
    answers("2 2", &x);
}
static void shared_layer_widths(void)
{
    const tn_tensor w = floats(2, 3, 4, 0, 0), x = floats(2, 2, 3, 0, 0);
    tn_layer first = TN_DENSE(4, TN_RELU), second = TN_DENSE(4, TN_LINEAR);
    first.kernel = second.kernel = w;
    MODEL(TN_INPUT_F(3), first, second);
    REFUSED(TN_AT_BUILD, TN_E_WEIGHTS, TN_CAUSE_SHARED_LAYER_WIDTHS, tn_model_build, &model, NULL, 2);
    RECORD("4 4", "3 4", "0");
    LAYER(1);
    CHECK(diag.number[0] == 3);
    MODEL(TN_INPUT_F(3), first, TN_DENSE(3, TN_RELU), second);
    answers("2 4", &x);
}
static void softmax_one_unit(void)
{
    const tn_tensor x = floats(2, 4, 5, 0, 0);
    MODEL(TN_INPUT_F(5), TN_DENSE(1, TN_SOFTMAX));
    answers("4 1", &x);
    NOTED(TN_W_SOFTMAX_ONE, TN_CAUSE_SOFTMAX_ONE_UNIT);
    CHECK(now.record[0].severity == TN_WARNING && now.record[0].stage == TN_AT_BUILD && now.record[0].layer == 0);
    MODEL(TN_INPUT_F(5), TN_DENSE(1, TN_SIGMOID));
    answers("4 1", &x);
    MODEL(TN_INPUT_F(5), TN_DENSE(2, TN_SOFTMAX));
    answers("4 2", &x);
}

/* ---- the list itself ---- */

static void input_shape_inside(void)
{
    const tn_tensor x = floats(2, 2, 3, 0, 0);
    tn_layer inside = TN_DENSE(2, TN_LINEAR);
    inside.input = tn_view(NULL, 0, 1, 7, 0, 0, 0);
    MODEL(TN_INPUT_F(3), TN_DENSE(4, TN_RELU), inside);
    REFUSED(TN_AT_BUILD, TN_E_ARG, TN_CAUSE_INPUT_SHAPE_INSIDE, tn_model_build, &model, NULL, 2);
    RECORD("N 7", "N 4", "1");
    LAYER(1);
    inside.input.dim[0] = 4; /* what the layer before gives may be said again */
    MODEL(TN_INPUT_F(3), TN_DENSE(4, TN_RELU), inside);
    answers("2 2", &x);
}
static void input_twice(void)
{
    const tn_tensor x = floats(2, 2, 3, 0, 0);
    MODEL(TN_INPUT_F(3), TN_INPUT_F(4), TN_DENSE(2, TN_LINEAR));
    REFUSED(TN_AT_BUILD, TN_E_ARG, TN_CAUSE_INPUT_TWICE, tn_model_build, &model, NULL, 2);
    MODEL(TN_INPUT_F(3), TN_DENSE(2, TN_LINEAR));
    answers("2 2", &x);
}
static void class_not_instance(void)
{
    const tn_tensor x = floats(2, 2, 3, 0, 0);
    tn_layer none;
    memset(&none, 0, sizeof none);
    MODEL(TN_INPUT_F(3), none, TN_DENSE(2, TN_LINEAR));
    REFUSED(TN_AT_BUILD, TN_E_ARG, TN_CAUSE_CLASS_NOT_INSTANCE, tn_model_build, &model, NULL, 2);
    LAYER(0);
    MODEL(TN_INPUT_F(3), TN_FLATTEN(), TN_DENSE(2, TN_LINEAR));
    answers("2 2", &x);
}
static void empty_model(void)
{
    const tn_tensor x = floats(2, 2, 3, 0, 0);
    MODEL(TN_INPUT_F(3), TN_DENSE(2, TN_LINEAR));
    REFUSED(TN_AT_CALL, TN_E_ARG, TN_CAUSE_EMPTY_MODEL, tn_model_init, &model, NULL, layers, 0);
    CHECK(diag.arg == 3);
    REFUSED(TN_AT_CALL, TN_E_ARG, TN_CAUSE_EMPTY_MODEL, tn_model_init, &model, NULL, layers, 1); /* an input alone */
    answers("2 2", &x);
}

/* ---- the order of calls ---- */

static void fit_before_compile(void)
{
    const tn_tensor x = floats(2, 8, 3, 0, 0), y = floats(2, 8, 2, 0, 0);
    tn_progress *const result = (tn_progress *)block(sizeof *result);
    MODEL(TN_INPUT_F(3), TN_DENSE(2, TN_LINEAR));
    ready(NO_LOSS, 4);
    REFUSED(TN_AT_CALL, TN_E_NOT_COMPILED, TN_CAUSE_FIT_BEFORE_COMPILE, tn_model_fit, &model, &x, &y, NULL, result);
    REFUSED(TN_AT_CALL, TN_E_NOT_COMPILED, TN_CAUSE_FIT_BEFORE_COMPILE, tn_model_evaluate, &model, &x, &y, result);
    MODEL(TN_INPUT_F(3), TN_DENSE(2, TN_LINEAR));
    ready(TN_MEAN_SQUARED_ERROR, 4);
    TRAINS(&x, &y);
    GIVES("8 2", &x);
}
static void layer_added_after_fit(void)
{
    const tn_tensor x = floats(2, 8, 4, 0, 0), y = floats(2, 8, 3, 0, 0), two = floats(2, 8, 2, 0, 0);
    MODEL(TN_INPUT_F(4), TN_DENSE(3, TN_LINEAR));
    ready(TN_MEAN_SQUARED_ERROR, 4);
    TRAINS(&x, &y);
    MODEL(TN_INPUT_F(4), TN_DENSE(3, TN_LINEAR), TN_DENSE(2, TN_LINEAR));
    ready(TN_MEAN_SQUARED_ERROR, 4);
    REFUSED(TN_AT_BIND, TN_E_LABEL_CLASSES, TN_CAUSE_NONE, tn_model_fit, &model, &x, &y, NULL, NULL);
    RECORD("8 2", "8 3", "1");
    TRAINS(&x, &two);
    GIVES("8 2", &x);
}

static const scenario part_e_model[] = {
    { "batch-in-input-shape", "E1", batch_in_input_shape, NULL },
    { "stacked-lstm", "E2", stacked_lstm, NULL },
    { "flatten-before-conv", "E6", flatten_before_conv, NULL },
    { "flatten-of-unknown-size", "E9", flatten_of_unknown_size, NULL },
    { "unknown-channels", "E10", unknown_channels, NULL },
    { "pool-to-nothing", "E11", pool_to_nothing, NULL },
    { "dilated-window", "E12", dilated_window, NULL },
    { "reshape-layer-count", "E21", reshape_layer_count, NULL },
    { "reshape-two-unknowns", "E22", reshape_two_unknowns, NULL },
    { "reshape-not-divisible", "E23", reshape_not_divisible, NULL },
    { "groups", "E37", groups, NULL },
    { "stride-and-dilation", "E38", stride_and_dilation, NULL },
    { "bad-units", "E41", bad_units, NULL },
    { "shared-layer-widths", "E45", shared_layer_widths, NULL },
    { "softmax-one-unit", "E46", softmax_one_unit, NULL },
    { "input-shape-inside", "E65", input_shape_inside, NULL },
    { "input-twice", "E66", input_twice, NULL },
    { "class-not-instance", "E67", class_not_instance, NULL },
    { "fit-before-compile", "E68", fit_before_compile, NULL },
    { "empty-model", "E69", empty_model, NULL },
    { "layer-added-after-fit", "E70", layer_added_after_fit, NULL },
};
