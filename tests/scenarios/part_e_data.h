/* tests/scenarios/part_e_data.h - the catalogue's part E: data and labels against a model. */

static void return_sequences_left_on(void)
{
    const tn_tensor x = floats(3, 10, 8, 2, 0), y = floats(2, 10, 1, 0, 0), steps = floats(3, 10, 8, 1, 0);
    MODEL(TN_INPUT_TF(8, 2), sequences(TN_LSTM(4)), TN_DENSE(1, TN_LINEAR));
    ready(TN_MEAN_SQUARED_ERROR, 4);
    REFUSED(TN_AT_BIND, TN_E_LABEL_RANK, TN_CAUSE_RETURN_SEQUENCES, tn_model_fit, &model, &x, &y, NULL, NULL);
    RECORD("10 8 1", "10 1", "");
    CHECK(diag.number[0] == 8);
    TRAINS(&x, &steps);
    MODEL(TN_INPUT_TF(8, 2), TN_LSTM(4), TN_DENSE(1, TN_LINEAR));
    ready(TN_MEAN_SQUARED_ERROR, 4);
    TRAINS(&x, &y);
    GIVES("10 1", &x);
}
static void autoencoder_size(void)
{
    const tn_tensor x = floats(4, 4, 28, 28, 1);
    MODEL(TN_INPUT_HWC(28, 28, 1), TN_CONV2D(4, 3, 3, TN_RELU), TN_CONV2D(1, 3, 3, TN_SIGMOID));
    ready(TN_MEAN_SQUARED_ERROR, 4);
    REFUSED(TN_AT_BIND, TN_E_SPATIAL, TN_CAUSE_AUTOENCODER_SIZE, tn_model_fit, &model, &x, &x, NULL, NULL);
    RECORD("4 24 24 1", "4 28 28 1", "12");
    CHECK(diag.number[0] == 28 && diag.number[1] == 24);
    MODEL(TN_INPUT_HWC(28, 28, 1), same(TN_CONV2D(4, 3, 3, TN_RELU)), same(TN_CONV2D(1, 3, 3, TN_SIGMOID)));
    ready(TN_MEAN_SQUARED_ERROR, 4);
    TRAINS(&x, &x);
    GIVES("4 28 28 1", &x);
}

/* ---- images ---- */

/* Height and width exchanged in an image of h x w where w x h is wanted. */
static void exchanged(int n, int h, int w)
{
    static const int32_t perm[] = { 0, 2, 1, 3 };
    const tn_tensor x = floats(4, n, h, w, 3), right = room(4, n, w, h, 3), y = room(2, n, 2, 0, 0);
    MODEL(TN_INPUT_HWC(w, h, 3), TN_CONV2D(4, 3, 3, TN_RELU), TN_FLATTEN(), TN_DENSE(2, TN_SOFTMAX));
    ready(NO_LOSS, n);
    REFUSED(TN_AT_BIND, TN_E_LAYOUT, TN_CAUSE_HW_SWAPPED, tn_model_predict, &model, &y, &x);
    CHECK(diag.axes_differ == 6 && diag.number[0] == w && diag.number[1] == h);
    RUNS(tn_transpose, &right, &x, perm);
    GIVES(n == 4 ? "4 2" : "1 2", &right);
}
static void hw_swapped(void)
{
    exchanged(4, 48, 32);
    RECORD("N 32 48 3", "4 48 32 3", "12");
}
static void exif_rotated(void) { exchanged(1, 45, 60); }
static void digit_slip(void)
{
    const tn_tensor x = floats(4, 1, 224, 244, 3), right = floats(4, 1, 224, 224, 3), y = room(2, 1, 2, 0, 0);
    const tn_tensor table = floats(2, 4, 1876, 0, 0), column = floats(2, 4, 1867, 0, 0), out = room(2, 4, 1, 0, 0);
    MODEL(TN_INPUT_HWC(224, 224, 3), TN_GLOBAL_AVG_POOL2D(), TN_DENSE(2, TN_SOFTMAX));
    ready(NO_LOSS, 1);
    REFUSED(TN_AT_BIND, TN_E_SPATIAL, TN_CAUSE_DIGIT_SLIP, tn_model_predict, &model, &y, &x);
    RECORD("N 224 224 3", "1 224 244 3", "2");
    CHECK(diag.number[0] == 224 && diag.number[1] == 244);
    GIVES("1 2", &right);
    MODEL(TN_INPUT_F(1867), TN_DENSE(1, TN_LINEAR));
    ready(NO_LOSS, 4);
    REFUSED(TN_AT_BIND, TN_E_FEATURES, TN_CAUSE_DIGIT_SLIP, tn_model_predict, &model, &out, &table);
    RECORD("N 1867", "4 1876", "1");
    GIVES("4 1", &column);
}

/* ---- series ---- */

static void stateful_last_batch(void)
{
    const tn_tensor x = floats(3, 10, 5, 2, 0), y = floats(2, 10, 1, 0, 0);
    tn_tensor x8 = TN_ZERO, y8 = TN_ZERO;
    tn_fit f = TN_ZERO;
    MODEL(TN_INPUT_TF(5, 2), stateful(TN_LSTM(3)), TN_DENSE(1, TN_LINEAR));
    ready(TN_MEAN_SQUARED_ERROR, 4);
    REFUSED(TN_AT_BIND, TN_E_BATCH, TN_CAUSE_STATEFUL_LAST_BATCH, tn_model_fit, &model, &x, &y, NULL, NULL);
    RECORD("4 5 2", "10 5 2", "0");
    CHECK(diag.number[0] == 10 && diag.number[1] == 4 && diag.number[2] == 2);
    RUNS(tn_rows, &x8, &x, 0, 8);
    RUNS(tn_rows, &y8, &y, 0, 8);
    f.val_x = &x;
    f.val_y = &y;
    REFUSED(TN_AT_BIND, TN_E_BATCH, TN_CAUSE_STATEFUL_LAST_BATCH, tn_model_fit, &model, &x8, &y8, &f, NULL);
    CHECK(!strcmp(diag.role, "val_x"));
    TRAINS(&x8, &y8);
    f.val_x = f.val_y = NULL;
    f.drop_last = 1;
    RUNS(tn_model_fit, &model, &x, &y, &f, NULL);
    GIVES("8 1", &x8);
}
static void windowing(void)
{
    const tn_tensor series = floats(1, 1000, 0, 0, 0), windows = floats(3, 991, 10, 1, 0), y = room(2, 1000, 1, 0, 0);
    int i;
    for (i = 0; i < 991; i++) memcpy((float *)windows.data + 10 * i, (float *)series.data + i, 10 * sizeof(float));
    MODEL(TN_INPUT_TF(10, 1), TN_LSTM(4), TN_DENSE(1, TN_LINEAR));
    ready(NO_LOSS, 32);
    REFUSED(TN_AT_BIND, TN_E_RANK, TN_CAUSE_WINDOWING, tn_model_predict, &model, &y, &series);
    RECORD("N 10 1", "1000", "");
    CHECK(diag.number[0] == 1000 && diag.number[1] == 10 && diag.number[2] == 991);
    GIVES("991 1", &windows);
}

/* ---- labels ---- */

static void row_net(int32_t outputs, int32_t activation, int32_t loss)
{
    MODEL(TN_INPUT_F(5), TN_DENSE(4, TN_RELU), TN_DENSE(outputs, activation));
    ready(loss, 8);
}
static void mse_against_onehot(void)
{
    const tn_tensor x = floats(2, 8, 5, 0, 0), y = onehot(8, 3), one = floats(2, 8, 1, 0, 0);
    row_net(1, TN_LINEAR, TN_MEAN_SQUARED_ERROR);
    REFUSED(TN_AT_BIND, TN_E_LABEL_CLASSES, TN_CAUSE_MSE_AGAINST_ONEHOT, tn_model_fit, &model, &x, &y, NULL, NULL);
    RECORD("8 1", "8 3", "1");
    CHECK(diag.number[0] == 1 && diag.number[1] == 3);
    TRAINS(&x, &one);
    GIVES("8 1", &x);
}
/* Class indices as floats, of which number 17 is no class. */
static void one_bad_label(float bad, int cause)
{
    const tn_tensor x = floats(2, 32, 5, 0, 0), y = of_type(TN_F32, 1, 32, 0, 0, 0);
    int i;
    for (i = 0; i < 32; i++) ((float *)y.data)[i] = i == 17 ? bad : (float)(i % 3);
    row_net(3, TN_SOFTMAX, TN_SPARSE_CATEGORICAL_CROSSENTROPY);
    REFUSED(TN_AT_BIND, TN_E_LABEL_FORM, cause, tn_model_fit, &model, &x, &y, NULL, NULL);
    CHECK(diag.number[0] == 17);
    ((float *)y.data)[17] = 2.0f;
    TRAINS(&x, &y);
    GIVES("32 3", &x);
}
static void labels_with_nothing(void) { one_bad_label(NAN, TN_CAUSE_LABELS_WITH_NOTHING); }
static void labels_fractional(void) { one_bad_label(1.7f, TN_CAUSE_LABELS_FRACTIONAL); }
static void nan_in_x(void)
{
    const tn_tensor x = floats(2, 32, 5, 0, 0), y = classes(32, 3);
    float *const bad = (float *)x.data + 17 * 5 + 3;
    row_net(3, TN_SOFTMAX, TN_SPARSE_CATEGORICAL_CROSSENTROPY);
    *bad = NAN;
    RUNS(tn_model_fit, &model, &x, &y, NULL, NULL);
    NOTED(TN_W_RANGE, TN_CAUSE_NAN_IN_X);
    CHECK(now.record[0].severity == TN_WARNING && now.record[0].stage == TN_AT_RUN);
    CHECK(now.record[0].number[0] == 17 && now.record[0].number[1] == 3);
    *bad = 0.5f;
    row_net(3, TN_SOFTMAX, TN_SPARSE_CATEGORICAL_CROSSENTROPY); /* what trained on it is lost */
    TRAINS(&x, &y);
    GIVES("32 3", &x);
}
static void class_weight_missing(void)
{
    const tn_tensor x = floats(2, 8, 5, 0, 0), y = classes(8, 2), one = of_type(TN_F32, 1, 1, 0, 0, 0),
                    both = of_type(TN_F32, 1, 2, 0, 0, 0);
    tn_compile c = TN_ZERO;
    ((float *)one.data)[0] = ((float *)both.data)[0] = 1.0f;
    ((float *)both.data)[1] = 3.0f;
    c.loss = TN_SPARSE_CATEGORICAL_CROSSENTROPY;
    c.optimizer = tn_adam(1e-3f);
    c.class_weight = &one;
    MODEL(TN_INPUT_F(5), TN_DENSE(2, TN_SOFTMAX));
    RUNS(tn_model_compile, &model, &c);
    REFUSED(TN_AT_BUILD, TN_E_LABEL_CLASSES, TN_CAUSE_CLASS_WEIGHT_MISSING, tn_model_build, &model, NULL, 8);
    RECORD("2", "1", "0");
    CHECK(diag.number[0] == 1 && diag.number[1] == 2);
    c.class_weight = &both;
    RUNS(tn_model_compile, &model, &c);
    ready(NO_LOSS, 8);
    TRAINS(&x, &y);
    GIVES("8 2", &x);
    ((float *)both.data)[1] = 0.0f;
    TRAINS(&x, &y);
    NOTED(TN_W_RANGE, TN_CAUSE_CLASS_WEIGHT_ZERO);
}
static void other_split_labels(void)
{
    const tn_tensor x = floats(2, 60000, 5, 0, 0), y = classes(10000, 3), right = classes(60000, 3);
    row_net(3, TN_SOFTMAX, TN_SPARSE_CATEGORICAL_CROSSENTROPY);
    REFUSED(TN_AT_BIND, TN_E_SAMPLES, TN_CAUSE_OTHER_SPLIT_LABELS, tn_model_fit, &model, &x, &y, NULL, NULL);
    RECORD("60000", "10000", "0");
    TRAINS(&x, &right);
}

/* ---- sets and sources ---- */

static void empty_data(void)
{
    const tn_tensor x = floats(2, 8, 5, 0, 0), y = classes(8, 3);
    tn_tensor none = TN_ZERO, no_labels = TN_ZERO;
    row_net(3, TN_SOFTMAX, TN_SPARSE_CATEGORICAL_CROSSENTROPY);
    RUNS(tn_rows, &none, &x, 0, 0);
    RUNS(tn_rows, &no_labels, &y, 0, 0);
    REFUSED(TN_AT_BIND, TN_E_EMPTY, TN_CAUSE_EMPTY_DATA, tn_model_fit, &model, &none, &no_labels, NULL, NULL);
    RECORD("-", "0 5", "");
    TRAINS(&x, &y);
}

static void unbatched_data_set(void)
{
    const tn_tensor x = floats(4, 8, 32, 32, 3);
    tn_fit f;
    two_class_net(TN_SPARSE_CATEGORICAL_CROSSENTROPY);
    f = feeds(tn_view(NULL, 0, 3, 32, 32, 3, 0), 0);
    REFUSED(TN_AT_BIND, TN_E_RANK, TN_CAUSE_UNBATCHED_DATA_SET, tn_model_fit, &model, NULL, NULL, &f, NULL);
    RECORD("N 32 32 3", "32 32 3", "");
    CHECK(feed.batch == 0);
    f = feeds(tn_view(NULL, 0, 4, 5, 32, 32, 3), 0);
    RUNS(tn_model_fit, &model, NULL, NULL, &f, NULL);
    GIVES("8 2", &x);
}

static const scenario part_e_data[] = {
    { "return-sequences-left-on", "E3", return_sequences_left_on, NULL },
    { "autoencoder-size", "E20", autoencoder_size, NULL },
    { "hw-swapped", "E28", hw_swapped, NULL },
    { "stateful-last-batch", "E31", stateful_last_batch, NULL },
    { "mse-against-onehot", "E51", mse_against_onehot, NULL },
    { "labels-with-nothing", "E55", labels_with_nothing, NULL },
    { "labels-fractional", "E56", labels_fractional, NULL },
    { "class-weight-missing", "E58", class_weight_missing, NULL },
    { "empty-data", "E60", empty_data, NULL },
    { "unbatched-data-set", "E62", unbatched_data_set, NULL },
    { "nan-in-x", "E81", nan_in_x, NULL },
    { "digit-slip", "E82", digit_slip, NULL },
    { "other-split-labels", "E83", other_split_labels, NULL },
    { "exif-rotated", "E86", exif_rotated, NULL },
    { "windowing", "E88", windowing, NULL },
    { "transpose-conv-size", "E19", NULL, "no transposed convolution" },
    { "non-contiguous-view", "E27", NULL, "no strides: a tensor is dense, a view of moved axes cannot be made" },
    { "embedding-index", "E32", NULL, "no embedding" },
    { "embedding-floats", "E33", NULL, "no embedding" },
    { "embedding-then-dense", "E34", NULL, "no embedding" },
    { "embedding-length", "E35", NULL, "no embedding" },
    { "batchnorm-axis", "E42", NULL, "no axis to give: the channels are C by name, or last" },
    { "labels-as-text", "E54", NULL, "no element type for text" },
    { "two-arrays-for-one-input", "E63", NULL, "the prototype takes one x" },
    { "flatten-order-on-import", "E73", NULL, "no importer for dense layers, and no number tells the order of rows" },
    { "crop-too-much", "E76", NULL, "no cropping" },
    { "repeat-vector", "E78", NULL, "no such layer" },
    { "time-distributed", "E79", NULL, "no such layer: dense has per_position" },
    { "attention-lengths", "E80", NULL, "no attention" },
};
