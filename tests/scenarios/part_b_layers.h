/* tests/scenarios/part_b_layers.h - the catalogue's part B, second half: windows, layers against each other, output
 * against labels, recurrent inputs, models not built, weights. */

/* The list cannot be built; the record speaks of layer `at`. */
#define REFUSED_LIST(code, cause, at)                                                     \
    do {                                                                                  \
        REFUSED(TN_AT_BUILD, code, cause, tn_model_build, &model, NULL, 4);               \
        LAYER(at);                                                                        \
    } while (0)

static void kernel_larger_than_input(void)
{
    const tn_tensor x = floats(4, 1, 4, 4, 1), whole = floats(4, 1, 5, 5, 1);
    MODEL(TN_INPUT_HWC(4, 4, 1), TN_CONV2D(32, 5, 5, TN_RELU));
    REFUSED_LIST(TN_E_WINDOW, TN_CAUSE_KERNEL_TOO_LARGE, 0);
    CHECK(is_shape(&diag.received, "N 4 4 1") && diag.axes_differ == 6);
    layers[1].window.padding = TN_SAME;
    ready(NO_LOSS, 4);
    GIVES("1 4 4 32", &x);
    MODEL(TN_INPUT_HWC(4, 8, 1), TN_CONV2D(32, 5, 5, TN_RELU));
    REFUSED_LIST(TN_E_WINDOW, TN_CAUSE_KERNEL_TOO_LARGE, 0);
    CHECK(is_shape(&diag.received, "N 4 8 1") && diag.axes_differ == 2 && diag.number[0] == 5 && diag.number[1] == 4);
    MODEL(TN_INPUT_HWC(4, 4, 1), TN_CONV2D(32, 7, 7, TN_RELU));
    REFUSED_LIST(TN_E_WINDOW, TN_CAUSE_KERNEL_TOO_LARGE, 0);
    MODEL(TN_INPUT_HWC(8, 8, 1), dilated(TN_CONV2D(4, 3, 3, TN_RELU), 4));
    REFUSED_LIST(TN_E_WINDOW, TN_CAUSE_DILATED_WINDOW, 0);
    CHECK(diag.number[0] == 4 && diag.number[1] == 9 && diag.number[2] == 8);
    MODEL(TN_INPUT_HWC(2, 2, 1), TN_MAX_POOL2D(4, 4));
    REFUSED_LIST(TN_E_WINDOW, TN_CAUSE_KERNEL_TOO_LARGE, 0);
    MODEL(TN_INPUT_HWC(28, 28, 1), TN_CONV2D(4, 3, 3, TN_RELU), TN_MAX_POOL2D(2, 2), TN_CONV2D(4, 3, 3, TN_RELU),
          TN_MAX_POOL2D(2, 2), TN_CONV2D(4, 3, 3, TN_RELU), TN_MAX_POOL2D(2, 2), TN_CONV2D(4, 3, 3, TN_RELU),
          TN_MAX_POOL2D(2, 2), TN_CONV2D(4, 3, 3, TN_RELU), TN_MAX_POOL2D(2, 2));
    REFUSED_LIST(TN_E_WINDOW, TN_CAUSE_POOL_TO_NOTHING, 6);
    CHECK(is_shape(&diag.received, "N 1 1 4") && diag.number[0] == 3 && diag.number[1] == 1);
    OUTPUT(3, "N 5 5 4"); /* the trace: 28, 26, 13, 11, 5, 3, 1 */
    OUTPUT(5, "N 1 1 4");
    MODEL(TN_INPUT_HWC(5, 5, 1), TN_CONV2D(32, 5, 5, TN_RELU));
    ready(NO_LOSS, 4);
    GIVES("1 1 1 32", &whole);
}

static void padding_conflict_downstream(void)
{
    const tn_tensor x = floats(4, 2, 28, 28, 1), wide = floats(4, 2, 28, 28, 32), thin = floats(4, 2, 24, 24, 32);
    const tn_tensor sum = room(4, 2, 28, 28, 32);
    MODEL(TN_INPUT_HWC(28, 28, 1), TN_CONV2D(32, 5, 5, TN_RELU), TN_RESHAPE_HWC(28, 28, 32));
    REFUSED_LIST(TN_E_RESHAPE, TN_CAUSE_PADDING_SHRINK, 1);
    RECORD("N 28 28 32", "N 24 24 32", "12");
    CHECK(diag.number[0] == 28 && diag.number[1] == 24 && diag.number[2] == 0); /* layer 0 is guilty */
    layers[1].window.padding = TN_SAME;
    ready(NO_LOSS, 2);
    GIVES("2 28 28 32", &x);
    MODEL(TN_INPUT_HWC(28, 28, 1), same(TN_CONV2D(8, 3, 3, TN_RELU)), TN_CONV2D(8, 3, 3, TN_RELU), TN_BATCH_NORM(),
          TN_CONV2D(32, 5, 5, TN_RELU), TN_RESHAPE_HWC(28, 28, 32));
    REFUSED_LIST(TN_E_RESHAPE, TN_CAUSE_PADDING_SHRINK, 4);
    CHECK(diag.number[0] == 28 && diag.number[1] == 26 && diag.number[2] == 1); /* the first of two */
    REFUSED(TN_AT_CALL, TN_E_MERGE, TN_CAUSE_RESIDUAL_VALID_CONV, tn_add, &sum, &wide, &thin);
    RECORD("2 28 28 32", "2 24 24 32", "12");
    RUNS(tn_add, &sum, &wide, &wide);
}

static void architecture_internal_mismatch(void)
{
    const tn_tensor x = floats(3, 4, 6, 3, 0);
    MODEL(TN_INPUT_HWC(8, 8, 3), TN_FLATTEN(), TN_CONV2D(4, 3, 3, TN_RELU));
    REFUSED_LIST(TN_E_RANK, TN_CAUSE_FLATTEN_BEFORE_CONV, 1);
    RECORD("N H W C", "N 192", "");
    MODEL(TN_INPUT_HWC(8, 8, 3), TN_FLATTEN(), TN_DENSE(16, TN_RELU), TN_MAX_POOL2D(2, 2));
    REFUSED_LIST(TN_E_RANK, TN_CAUSE_FLATTEN_TOO_EARLY, 2);
    RECORD("N H W C", "N 16", "");
    MODEL(TN_INPUT_HWC(8, 8, 3), TN_CONV2D(4, 3, 3, TN_RELU), TN_LSTM(8));
    REFUSED_LIST(TN_E_RANK, 0, 1);
    RECORD("N T 4", "N 6 6 4", "");
    MODEL(TN_INPUT_HWC(8, 8, 3), TN_GLOBAL_AVG_POOL2D(), TN_GLOBAL_AVG_POOL2D());
    REFUSED_LIST(TN_E_RANK, 0, 1);
    RECORD("N H W C", "N 3", "");
    MODEL(TN_INPUT_TF(6, 3), TN_LSTM(16), TN_LSTM(8), TN_DENSE(1, TN_LINEAR));
    REFUSED_LIST(TN_E_RANK, TN_CAUSE_STACKED_LSTM, 1);
    RECORD("N T 16", "N 16", "");
    layers[1].return_sequences = 1;
    ready(NO_LOSS, 4);
    GIVES("4 1", &x);
}

static void train_validation_shape_differs(void)
{
    const tn_tensor x = floats(4, 8, 32, 32, 3), y = classes(8, 10), val_y = classes(4, 10), fixed = floats(4, 4, 32, 32, 3);
    const tn_tensor gray = floats(4, 4, 32, 32, 1), small = floats(4, 4, 28, 28, 3);
    tn_fit f = TN_ZERO;
    tn_progress p;
    f.val_y = &val_y;
    wide_net(32, 32, 3);
    f.val_x = &gray;
    REFUSED(TN_AT_BIND, TN_E_CHANNELS, TN_CAUSE_GRAY_INTO_RGB, tn_model_fit, &model, &x, &y, &f, NULL);
    RECORD("N 32 32 3", "4 32 32 1", "3");
    CHECK(!strcmp(diag.role, "val_x") && model.epoch == 0);
    f.val_x = &small;
    REFUSED(TN_AT_BIND, TN_E_SPATIAL, TN_CAUSE_RESIZE_NEEDED, tn_model_fit, &model, &x, &y, &f, NULL);
    RECORD("N 32 32 3", "4 28 28 3", "12");
    f.val_x = &fixed;
    RUNS(tn_model_fit, &model, &x, &y, &f, &p);
    CHECK(isfinite(p.val_loss) && model.epoch == 1);
}

static void output_rank_vs_target(void)
{
    const tn_tensor x = floats(4, 5, 8, 8, 3), rows = onehot(5, 10), y = classes(5, 5), targets = floats(2, 5, 10, 0, 0);
    const tn_tensor series = floats(3, 10, 8, 2, 0), one = floats(2, 10, 1, 0, 0), column = floats(1, 10, 0, 0, 0);
    MODEL(TN_INPUT_HWC(8, 8, 3), TN_CONV2D(32, 3, 3, TN_RELU));
    ready(TN_MEAN_SQUARED_ERROR, 4);
    REFUSED(TN_AT_BIND, TN_E_LABEL_RANK, TN_CAUSE_NO_HEAD, tn_model_fit, &model, &x, &targets, NULL, NULL);
    RECORD("5 6 6 32", "5 10", "");
    MODEL(TN_INPUT_HWC(8, 8, 3), TN_CONV2D(4, 4, 4, TN_RELU), per_position(TN_DENSE(10, TN_SOFTMAX)));
    ready(TN_MEAN_SQUARED_ERROR, 5);
    REFUSED(TN_AT_BIND, TN_E_LABEL_RANK, TN_CAUSE_NO_FLATTEN, tn_model_fit, &model, &x, &rows, NULL, NULL);
    RECORD("5 5 5 10", "5 10", ""); /* five samples, five columns: elsewhere it trains, stretched */
    ready(TN_SPARSE_CATEGORICAL_CROSSENTROPY, 5);
    REFUSED(TN_AT_BIND, TN_E_LABEL_RANK, TN_CAUSE_NO_FLATTEN, tn_model_fit, &model, &x, &y, NULL, NULL);
    RECORD("5 5 5", "5", "");
    MODEL(TN_INPUT_HWC(8, 8, 3), TN_CONV2D(4, 4, 4, TN_RELU), TN_FLATTEN(), TN_DENSE(10, TN_SOFTMAX));
    ready(TN_SPARSE_CATEGORICAL_CROSSENTROPY, 5);
    TRAINS(&x, &y);
    GIVES("5 10", &x);
    MODEL(TN_INPUT_TF(8, 2), sequences(TN_LSTM(3)), TN_DENSE(1, TN_LINEAR));
    ready(TN_MEAN_SQUARED_ERROR, 4);
    REFUSED(TN_AT_BIND, TN_E_LABEL_RANK, TN_CAUSE_RETURN_SEQUENCES, tn_model_fit, &model, &series, &one, NULL, NULL);
    RECORD("10 8 1", "10 1", "");
    REFUSED(TN_AT_BIND, TN_E_LABEL_RANK, TN_CAUSE_RETURN_SEQUENCES, tn_model_fit, &model, &series, &column, NULL, NULL);
    RECORD("10 8 1", "10", "");
    MODEL(TN_INPUT_TF(8, 2), TN_DENSE(1, TN_LINEAR)); /* no recurrent layer to blame */
    ready(TN_MEAN_SQUARED_ERROR, 4);
    REFUSED(TN_AT_BIND, TN_E_LABEL_RANK, TN_CAUSE_NO_FLATTEN, tn_model_fit, &model, &series, &one, NULL, NULL);
    RECORD("10 8 1", "10 1", "");
    MODEL(TN_INPUT_TF(8, 2), TN_LSTM(3), TN_DENSE(1, TN_LINEAR));
    ready(TN_MEAN_SQUARED_ERROR, 4);
    TRAINS(&series, &one);
    GIVES("10 1", &series);
}

static void labels_column_vs_vector_ok(void)
{
    static const int32_t losses[] = { TN_MEAN_SQUARED_ERROR, TN_BINARY_CROSSENTROPY, TN_SPARSE_CATEGORICAL_CROSSENTROPY };
    const tn_tensor x = floats(2, 12, 5, 0, 0), target = floats(1, 12, 0, 0, 0), label = classes(12, 3);
    tn_progress a, b;
    int i;
    for (i = 0; i < 3; i++) {
        const tn_tensor vector = i == 2 ? label : target, column = as_shape(vector, 2, 12, 1, 0, 0);
        MODEL(TN_INPUT_F(5), TN_DENSE(i == 2 ? 3 : 1, i == 2 ? TN_SOFTMAX : TN_SIGMOID));
        ready(losses[i], 8);
        RUNS(tn_model_evaluate, &model, &x, &vector, &a);
        RUNS(tn_model_evaluate, &model, &x, &column, &b);
        CHECK(!memcmp(&a.loss, &b.loss, sizeof a.loss) && !memcmp(&a.accuracy, &b.accuracy, sizeof a.accuracy));
        TRAINS(&x, &vector);
        TRAINS(&x, &column);
    }
}

static void class_net(int32_t loss, int32_t k)
{
    MODEL(TN_INPUT_F(4), TN_DENSE(8, TN_RELU), TN_DENSE(k, TN_SOFTMAX));
    ready(loss, 8);
}

static void labels_sparse_with_categorical(void)
{
    const tn_tensor x = floats(2, 20, 4, 0, 0), y = classes(20, 10), column = as_shape(y, 2, 20, 1, 0, 0);
    const tn_tensor rows = room(2, 20, 10, 0, 0);
    class_net(TN_CATEGORICAL_CROSSENTROPY, 10);
    REFUSED(TN_AT_BIND, TN_E_LABEL_FORM, TN_CAUSE_SPARSE_WITH_CATEGORICAL, tn_model_fit, &model, &x, &y, NULL, NULL);
    RECORD("20 10", "20", "");
    REFUSED(TN_AT_BIND, TN_E_LABEL_FORM, TN_CAUSE_SPARSE_WITH_CATEGORICAL, tn_model_fit, &model, &x, &column, NULL, NULL);
    RECORD("20 10", "20 1", "1");
    RUNS(tn_one_hot, &rows, &y);
    TRAINS(&x, &rows);
    compiled(TN_SPARSE_CATEGORICAL_CROSSENTROPY); /* or the other loss */
    TRAINS(&x, &y);
    GIVES("20 10", &x);
}

static void labels_onehot_with_sparse(void)
{
    const tn_tensor x = floats(2, 20, 4, 0, 0), rows = onehot(20, 10), y = of_type(TN_I32, 1, 20, 0, 0, 0);
    class_net(TN_SPARSE_CATEGORICAL_CROSSENTROPY, 10);
    REFUSED(TN_AT_BIND, TN_E_LABEL_FORM, TN_CAUSE_ONEHOT_WITH_SPARSE, tn_model_fit, &model, &x, &rows, NULL, NULL);
    RECORD("20", "20 10", "");
    RUNS(tn_argmax, &y, &rows, -1);
    TRAINS(&x, &y);
    class_net(TN_CATEGORICAL_CROSSENTROPY, 10);
    TRAINS(&x, &rows);
    GIVES("20 10", &x);
}

static void labels_class_count(void)
{
    const tn_tensor x = floats(2, 20, 4, 0, 0), two = onehot(20, 2), hundred = onehot(20, 100), three = onehot(20, 3);
    const tn_tensor negative = of_type(TN_I32, 1, 3, 0, 0, 0), fraction = room(1, 3, 0, 0, 0), to = room(2, 3, 3, 0, 0);
    class_net(TN_CATEGORICAL_CROSSENTROPY, 3);
    REFUSED(TN_AT_BIND, TN_E_LABEL_CLASSES, 0, tn_model_fit, &model, &x, &two, NULL, NULL);
    RECORD("20 3", "20 2", "1");
    TRAINS(&x, &three);
    GIVES("20 3", &x);
    class_net(TN_CATEGORICAL_CROSSENTROPY, 10);
    REFUSED(TN_AT_BIND, TN_E_LABEL_CLASSES, 0, tn_model_fit, &model, &x, &hundred, NULL, NULL);
    RECORD("20 10", "20 100", "1");
    ((int32_t *)negative.data)[0] = 0;
    ((int32_t *)negative.data)[1] = 2;
    ((int32_t *)negative.data)[2] = -1;
    REFUSED(TN_AT_CALL, TN_E_LABEL_RANGE, TN_CAUSE_LABEL_NEGATIVE, tn_one_hot, &to, &negative); /* it wraps elsewhere */
    ((int32_t *)negative.data)[2] = 3;
    REFUSED(TN_AT_CALL, TN_E_LABEL_RANGE, TN_CAUSE_LABEL_BEYOND_OUTPUT, tn_one_hot, &to, &negative);
    ((float *)fraction.data)[0] = 0.0f;
    ((float *)fraction.data)[1] = 1.75f;
    ((float *)fraction.data)[2] = 2.0f;
    REFUSED(TN_AT_CALL, TN_E_LABEL_FORM, TN_CAUSE_LABELS_FRACTIONAL, tn_one_hot, &to, &fraction);
    ((float *)fraction.data)[1] = 1.0f;
    RUNS(tn_one_hot, &to, &fraction);
    ((int32_t *)negative.data)[2] = 1;
    RUNS(tn_one_hot, &to, &negative);
}

static void label_out_of_range(void)
{
    const tn_tensor x = floats(2, 20, 4, 0, 0), y = classes(20, 10);
    int32_t *const label = (int32_t *)y.data;
    int i;
    class_net(TN_SPARSE_CATEGORICAL_CROSSENTROPY, 10);
    label[7] = 10;
    REFUSED(TN_AT_BIND, TN_E_LABEL_RANGE, TN_CAUSE_LABEL_BEYOND_OUTPUT, tn_model_fit, &model, &x, &y, NULL, NULL);
    CHECK(diag.number[0] == 7 && diag.number[1] == 10 && diag.number[2] == 10 && diag.number[3] == 1);
    label[7] = -1;
    REFUSED(TN_AT_BIND, TN_E_LABEL_RANGE, TN_CAUSE_LABEL_NEGATIVE, tn_model_fit, &model, &x, &y, NULL, NULL);
    CHECK(diag.number[0] == 7 && diag.number[1] == -1 && diag.number[3] == 1);
    for (i = 0; i < 20; i++) label[i] = 1 + i % 10;
    REFUSED(TN_AT_BIND, TN_E_LABEL_RANGE, TN_CAUSE_LABEL_ONE_BASED, tn_model_fit, &model, &x, &y, NULL, NULL);
    CHECK(diag.number[0] == 1 && diag.number[1] == 10);
    for (i = 0; i < 20; i++) label[i]--;
    TRAINS(&x, &y);
    GIVES("20 10", &x);
}

/* ---- dense and recurrent inputs ---- */

static void dense_feature_count(void)
{
    const tn_tensor x = floats(2, 100, 5, 0, 0), y = floats(1, 100, 0, 0, 0), out = room(2, 100, 1, 0, 0);
    MODEL(TN_INPUT_F(4), TN_DENSE(10, TN_RELU), TN_DENSE(1, TN_SIGMOID));
    ready(TN_BINARY_CROSSENTROPY, 32);
    REFUSED(TN_AT_BIND, TN_E_FEATURES, TN_CAUSE_OFF_BY_ONE_FEATURE, tn_model_fit, &model, &x, &y, NULL, NULL);
    RECORD("N 4", "100 5", "1");
    REFUSED(TN_AT_BIND, TN_E_FEATURES, TN_CAUSE_OFF_BY_ONE_FEATURE, tn_model_predict, &model, &out, &x);
    MODEL(TN_INPUT_F(5), TN_DENSE(10, TN_RELU), TN_DENSE(1, TN_SIGMOID));
    ready(TN_BINARY_CROSSENTROPY, 32);
    TRAINS(&x, &y);
    GIVES("100 1", &x);
}

static void flatten_size_vs_dense(void)
{
    const tn_tensor w = floats(2, 6272, 10, 0, 0), x = floats(4, 4, 28, 28, 1), row = floats(2, 1, 5408, 0, 0);
    const tn_tensor out = room(2, 1, 10, 0, 0);
    MODEL(TN_INPUT_HWC(28, 28, 1), SMALL_CONV);
    layers[4].kernel = w;
    REFUSED_LIST(TN_E_FEATURES, TN_CAUSE_PADDING_SHRINK, 3);
    RECORD("5408 10", "6272 10", "0");
    CHECK(diag.number[0] == 28 && diag.number[1] == 26 && diag.number[2] == 0 && diag.number[3] == 6272);
    layers[1].window.padding = TN_SAME;
    ready(NO_LOSS, 4);
    OUTPUT(2, "N 6272");
    GIVES("4 10", &x);
    MODEL(TN_INPUT_HWC(28, 28, 1), SMALL_CONV); /* left to inference */
    ready(NO_LOSS, 4);
    OUTPUT(2, "N 5408");
    GIVES("4 10", &x);
    REFUSED(TN_AT_CALL, TN_E_FEATURES, 0, tn_dense, &out, &row, &w, NULL, NULL);
}

static void lstm_wrong_features(void)
{
    const tn_tensor x = floats(3, 1, 10, 40, 0), fixed = floats(3, 1, 10, 50, 0), y = room(2, 1, 10, 0, 0);
    const tn_tensor two = floats(3, 100, 10, 2, 0), many = room(2, 100, 10, 0, 0);
    MODEL(TN_INPUT_TF(10, 50), TN_LSTM(16), TN_DENSE(10, TN_SOFTMAX));
    ready(NO_LOSS, 8);
    REFUSED(TN_AT_BIND, TN_E_FEATURES, 0, tn_model_predict, &model, &y, &x);
    RECORD("N 10 50", "1 10 40", "2");
    GIVES("1 10", &fixed);
    MODEL(TN_INPUT_TF(10, 3), TN_LSTM(16), TN_DENSE(10, TN_SOFTMAX));
    ready(NO_LOSS, 8);
    REFUSED(TN_AT_BIND, TN_E_FEATURES, TN_CAUSE_OFF_BY_ONE_FEATURE, tn_model_predict, &model, &many, &two);
    RECORD("N 10 3", "100 10 2", "2");
}

static void lstm_wrong_timesteps(void)
{
    const tn_tensor x = floats(3, 4, 12, 50, 0), fixed = floats(3, 4, 10, 50, 0), y = room(2, 4, 10, 0, 0);
    MODEL(TN_INPUT_TF(10, 50), TN_LSTM(16), TN_DENSE(10, TN_SOFTMAX));
    ready(NO_LOSS, 8);
    REFUSED(TN_AT_BIND, TN_E_TIMESTEPS, 0, tn_model_predict, &model, &y, &x);
    RECORD("N 10 50", "4 12 50", "1");
    GIVES("4 10", &fixed);
    MODEL(TN_INPUT_TF(TN_ANY, 50), TN_LSTM(16), TN_DENSE(10, TN_SOFTMAX));
    RUNS(tn_model_build, &model, NULL, 8);
    MEMORY_FOR(tn_model_predict, &model, &y, &x);
    GIVES("4 10", &x);
    GIVES("4 10", &fixed);
}

static void lstm_time_features_swapped(void)
{
    static const int32_t perm[] = { 0, 2, 1 };
    const tn_tensor x = floats(3, 100, 3, 10, 0), y = floats(2, 100, 1, 0, 0), fixed = room(3, 100, 10, 3, 0);
    MODEL(TN_INPUT_TF(10, 3), TN_LSTM(16), TN_DENSE(1, TN_LINEAR));
    ready(TN_MEAN_SQUARED_ERROR, 32);
    REFUSED(TN_AT_BIND, TN_E_LAYOUT, TN_CAUSE_TIME_FEATURES_SWAPPED, tn_model_fit, &model, &x, &y, NULL, NULL);
    RECORD("N 10 3", "100 3 10", "12");
    RUNS(tn_transpose, &fixed, &x, perm);
    TRAINS(&fixed, &y);
    GIVES("100 1", &fixed);
}

/* ---- models not built, weights ---- */

static void unbuilt_model_queried(void)
{
    const tn_tensor sample = tn_view(NULL, 0, 3, 28, 28, 1, 0), x = floats(4, 1, 28, 28, 1);
    char text[TEXT], blob[64];
    size_t written = 0;
    memset(blob, 0, sizeof blob);
    MODEL(SMALL_CONV);
    REFUSED(TN_AT_BUILD, TN_E_NOT_BUILT, 0, tn_model_build, &model, NULL, 1);
    REFUSED(TN_AT_CALL, TN_E_NOT_BUILT, 0, tn_model_save, &model, blob, sizeof blob, &written);
    REFUSED(TN_AT_CALL, TN_E_NOT_BUILT, 0, tn_model_load, &model, blob, sizeof blob);
    CHECK(tn_model_summary(&model, text, sizeof text) < sizeof text && strstr(text, "?"));
    RUNS(tn_model_build, &model, &sample, 1);
    given_memory(model.need);
    CHECK(tn_model_summary(&model, text, sizeof text) < sizeof text && !strstr(text, "?"));
    CHECK(strstr(text, "5408") && strstr(text, "54410"));
    OUTPUT(0, "N 26 26 32");
    OUTPUT(1, "N 13 13 32");
    OUTPUT(2, "N 5408");
    GIVES("1 10", &x);
}

static void small_classifier(int32_t side, int32_t k)
{
    MODEL(TN_INPUT_HWC(side, side, 1), TN_CONV2D(4, 3, 3, TN_RELU), TN_MAX_POOL2D(2, 2), TN_FLATTEN(),
          TN_DENSE(k, TN_LINEAR), TN_ACTIVATION(TN_SOFTMAX));
    ready(NO_LOSS, 4);
}

static void pretrained_weights_mismatch(void)
{
    enum { SIZE = 1 << 19 };
    static const struct { int side, classes; } from[] = { { 28, 10 }, { 32, 10 }, { 28, 100 }, { 32, 100 } };
    const tn_tensor x = floats(4, 4, 28, 28, 1);
    unsigned char *blob[4];
    size_t size[4];
    int i;
    for (i = 0; i < 4; i++) {
        blob[i] = (unsigned char *)block(SIZE);
        small_classifier(from[i].side, from[i].classes);
        RUNS(tn_model_save, &model, blob[i], SIZE, &size[i]);
    }
    small_classifier(28, 10);
    REFUSED(TN_AT_LOAD, TN_E_WEIGHTS, TN_CAUSE_OTHER_INPUT_SIZE, tn_model_load, &model, blob[1], size[1]);
    RECORD("676 10", "900 10", "0");
    LAYER(3);
    CHECK(diag.number[0] == 900 && diag.number[1] == 32 && diag.number[2] == 32);
    REFUSED(TN_AT_LOAD, TN_E_WEIGHTS, TN_CAUSE_OTHER_CLASS_COUNT, tn_model_load, &model, blob[2], size[2]);
    RECORD("676 10", "676 100", "1");
    NOTED(TN_E_WEIGHTS, TN_CAUSE_OTHER_CLASS_COUNT); /* the bias too: every mismatch is told */
    REFUSED(TN_AT_LOAD, TN_E_WEIGHTS, 0, tn_model_load, &model, blob[3], size[3]);
    RECORD("676 10", "900 100", "01");
    NOTED(TN_E_WEIGHTS, TN_CAUSE_OTHER_CLASS_COUNT);
    RUNS(tn_model_load, &model, blob[0], size[0]);
    GIVES("4 10", &x);
}

static void first_layer_without_shape(void)
{
    tn_tensor inside = tn_view(NULL, 0, 1, 7, 0, 0, 0), whole = tn_view(NULL, 0, 4, 26721, 32, 32, 1);
    const tn_tensor x = floats(2, 4, 6, 0, 0), y = room(2, 4, 2, 0, 0), image = tn_view(NULL, 0, 3, 32, 32, 1, 0);
    MODEL(TN_DENSE(4, TN_RELU), TN_DENSE(2, TN_LINEAR));
    MEMORY_FOR(tn_model_predict, &model, &y, &x);
    GIVES("4 2", &x);
    NOTED(TN_W_INFERRED, 0);
    MODEL(TN_INPUT_F(6), TN_DENSE(4, TN_RELU), TN_DENSE(2, TN_LINEAR));
    layers[2].input = inside;
    REFUSED_LIST(TN_E_ARG, TN_CAUSE_INPUT_SHAPE_INSIDE, 1);
    RECORD("N 7", "N 4", "1");
    layers[2].input.dim[0] = 4; /* what the layer before gives may be said */
    ready(NO_LOSS, 4);
    GIVES("4 2", &x);
    MODEL(TN_CONV2D(4, 3, 3, TN_RELU));
    REFUSED(TN_AT_BUILD, TN_E_RANK, TN_CAUSE_BATCH_IN_INPUT_SHAPE, tn_model_build, &model, &whole, 4);
    CHECK(is_shape(&diag.received, "N 26721 32 32 1") && diag.number[0] == 26721);
    RUNS(tn_model_build, &model, &image, 4);
    OUTPUT(0, "N 30 30 4");
}

static const scenario part_b_layers[] = {
    { "kernel-larger-than-input", "B33", kernel_larger_than_input, NULL },
    { "padding-conflict-downstream", "B34", padding_conflict_downstream, NULL },
    { "architecture-internal-mismatch", "B35", architecture_internal_mismatch, NULL },
    { "train-validation-shape-differs", "B36", train_validation_shape_differs, NULL },
    { "output-rank-vs-target", "B37", output_rank_vs_target, NULL },
    { "labels-column-vs-vector-ok", "B38", labels_column_vs_vector_ok, NULL },
    { "labels-sparse-with-categorical", "B39", labels_sparse_with_categorical, NULL },
    { "labels-onehot-with-sparse", "B40", labels_onehot_with_sparse, NULL },
    { "labels-class-count", "B41", labels_class_count, NULL },
    { "label-out-of-range", "B42", label_out_of_range, NULL },
    { "dense-feature-count", "B43", dense_feature_count, NULL },
    { "flatten-size-vs-dense", "B44", flatten_size_vs_dense, NULL },
    { "lstm-wrong-features", "B45", lstm_wrong_features, NULL },
    { "lstm-wrong-timesteps", "B46", lstm_wrong_timesteps, NULL },
    { "lstm-time-features-swapped", "B47", lstm_time_features_swapped, NULL },
    { "unbuilt-model-queried", "B49", unbuilt_model_queried, NULL },
    { "pretrained-weights-mismatch", "B50", pretrained_weights_mismatch, NULL },
    { "conv-or-dense-first-layer-without-shape", "B51", first_layer_without_shape, NULL },
};
