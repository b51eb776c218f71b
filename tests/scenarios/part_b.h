/* tests/scenarios/part_b.h - the catalogue's part B, first half: ranks and lengths, loading and preparing data, batches
 * and sources, channels and layout, element types. */

/* Data of these shapes is refused by predict and, with labels, by fit; in the same words. */
#define REFUSED_DATA(code, cause, x, y)                                                          \
    do {                                                                                         \
        const tn_tensor refused_out = room(2, (x)->dim[0], 10, 0, 0);                            \
        REFUSED(TN_AT_BIND, code, cause, tn_model_predict, &model, &refused_out, x);             \
        REFUSED(TN_AT_BIND, code, cause, tn_model_fit, &model, x, y, NULL, NULL);                \
    } while (0)

static void input_rank_wrong(void)
{
    const tn_tensor y = classes(10, 10), fixed = floats(4, 10, 32, 32, 3);
    const tn_tensor one = floats(1, 3072, 0, 0, 0), two = floats(2, 10, 3072, 0, 0), three = floats(3, 32, 32, 3, 0);
    tn_tensor five = fixed;
    five.rank = 5;
    five.dim[4] = 1;
    cifar_net(TN_SPARSE_CATEGORICAL_CROSSENTROPY);
    REFUSED_DATA(TN_E_RANK, TN_CAUSE_FLATTENED_SAMPLE, &one, &y);
    RECORD("N 32 32 3", "3072", "");
    REFUSED_DATA(TN_E_RANK, TN_CAUSE_FLATTENED_IMAGE, &two, &y);
    RECORD("N 32 32 3", "10 3072", "");
    REFUSED_DATA(TN_E_RANK, TN_CAUSE_MISSING_BATCH_AXIS, &three, &y);
    RECORD("N 32 32 3", "32 32 3", "");
    REFUSED_DATA(TN_E_RANK, TN_CAUSE_EXTRA_AXIS, &five, &y);
    RECORD("N 32 32 3", "10 32 32 3 1", "");
    TRAINS(&fixed, &y);
    GIVES("10 10", &fixed);
}

static void wide_net(int32_t h, int32_t w, int32_t c)
{
    MODEL(TN_INPUT_HWC(h, w, c), TN_CONV2D(4, 3, 3, TN_RELU), TN_FLATTEN(), TN_DENSE(10, TN_SOFTMAX));
    ready(TN_SPARSE_CATEGORICAL_CROSSENTROPY, 32);
}

static void input_dims_wrong_values(void)
{
    const tn_tensor y = classes(4, 10), small = floats(4, 4, 28, 28, 3), narrow = floats(4, 4, 32, 30, 3);
    const tn_tensor turned = floats(4, 4, 48, 32, 3), fixed = room(4, 4, 32, 48, 3), square = room(4, 4, 32, 32, 3);
    static const int32_t perm[] = { 0, 2, 1, 3 };
    wide_net(32, 32, 3);
    REFUSED_DATA(TN_E_SPATIAL, TN_CAUSE_RESIZE_NEEDED, &small, &y);
    RECORD("N 32 32 3", "4 28 28 3", "12");
    REFUSED_DATA(TN_E_SPATIAL, TN_CAUSE_RESIZE_NEEDED, &narrow, &y);
    RECORD("N 32 32 3", "4 32 30 3", "2");
    RUNS(tn_resize, &square, &small, NULL);
    TRAINS(&square, &y);
    GIVES("4 10", &square);
    wide_net(32, 48, 3);
    REFUSED_DATA(TN_E_LAYOUT, TN_CAUSE_HW_SWAPPED, &turned, &y);
    RECORD("N 32 48 3", "4 48 32 3", "12");
    RUNS(tn_transpose, &fixed, &turned, perm);
    GIVES("4 10", &fixed);
}

/* The fault of an input is told at the input; by single calls, or with weights given by hand, at the layer that stops. */
static void error_surfaces_deeper(void)
{
    const tn_tensor small = floats(4, 10, 28, 28, 3), fixed = room(4, 10, 32, 32, 3), y = classes(10, 10);
    const tn_tensor kernel = floats(4, 3, 3, 3, 32), map = room(4, 10, 26, 26, 32), w = floats(2, 28800, 10, 0, 0);
    const tn_tensor out = room(2, 10, 10, 0, 0);
    tn_tensor flat = TN_ZERO;
    MODEL(TN_INPUT_HWC(32, 32, 3), TN_CONV2D(32, 3, 3, TN_RELU), TN_FLATTEN(), TN_DENSE(10, TN_SOFTMAX));
    ready(TN_SPARSE_CATEGORICAL_CROSSENTROPY, 32);
    REFUSED_DATA(TN_E_SPATIAL, TN_CAUSE_RESIZE_NEEDED, &small, &y);
    RECORD("N 32 32 3", "10 28 28 3", "12");
    LAYER(-1);
    RUNS(tn_resize, &fixed, &small, NULL);
    GIVES("10 10", &fixed);
    RUNS(tn_conv2d, &map, &small, &kernel, NULL, NULL);
    RUNS(tn_flatten, &flat, &map);
    REFUSED(TN_AT_CALL, TN_E_FEATURES, 0, tn_dense, &out, &flat, &w, NULL, NULL);
    MODEL(TN_INPUT_HWC(28, 28, 3), TN_CONV2D(32, 3, 3, TN_RELU), TN_FLATTEN(), TN_DENSE(10, TN_SOFTMAX));
    layers[3].kernel = w;
    REFUSED(TN_AT_BUILD, TN_E_WEIGHTS, TN_CAUSE_OTHER_INPUT_SIZE, tn_model_build, &model, NULL, 32);
    RECORD("21632 10", "28800 10", "0");
    LAYER(2);
    CHECK(diag.number[0] == 28800 && diag.number[1] == 32 && diag.number[2] == 32);
    layers[0].input.dim[0] = layers[0].input.dim[1] = 32;
    ready(NO_LOSS, 32);
    GIVES("10 10", &fixed);
}

static void model_name_in_message(void)
{
    const tn_tensor x = floats(4, 4, 28, 28, 1), y = room(2, 4, 10, 0, 0);
    char text[TEXT];
    MODEL(TN_INPUT_HWC(32, 32, 1), called(TN_CONV2D(8, 3, 3, TN_RELU), "edges"), TN_FLATTEN(), TN_DENSE(10, TN_SOFTMAX));
    ready(NO_LOSS, 4);
    REFUSED(TN_AT_BIND, TN_E_SPATIAL, TN_CAUSE_RESIZE_NEEDED, tn_model_predict, &model, &y, &x);
    CHECK(!strcmp(diag.model_name, "sequential") && diag.layer == -1 && !diag.layer_name);
    MODEL(TN_INPUT_HWC(2, 2, 1), called(TN_CONV2D(8, 3, 3, TN_RELU), "edges"));
    REFUSED(TN_AT_BUILD, TN_E_WINDOW, TN_CAUSE_KERNEL_TOO_LARGE, tn_model_build, &model, NULL, 4);
    LAYER(0);
    CHECK(!strcmp(diag.model_name, "sequential") && !strcmp(diag.layer_name, "edges"));
    tn_diag_format(&diag, TN_FULL, text, sizeof text);
    CHECK(strstr(text, "model \"sequential\", layer 0 conv2d(8, 3x3, valid, relu) \"edges\""));
}

/* ---- loading and preparing ---- */

static void npy_flat_array(void)
{
    const tn_tensor x = floats(1, 40 * 3072, 0, 0, 0), records = floats(1, 40 * 3073, 0, 0, 0), y = classes(40, 10);
    const tn_tensor odd = floats(1, 40 * 3072 + 5, 0, 0, 0), fixed = as_shape(x, 4, 40, 32, 32, 3);
    cifar_net(TN_SPARSE_CATEGORICAL_CROSSENTROPY);
    REFUSED(TN_AT_BIND, TN_E_RANK, TN_CAUSE_FLAT_ARRAY, tn_model_fit, &model, &x, &y, NULL, NULL);
    RECORD("N 32 32 3", "122880", "");
    CHECK(diag.number[0] == 122880 && diag.number[1] == 40 && diag.number[2] == 3072);
    REFUSED(TN_AT_BIND, TN_E_RANK, TN_CAUSE_LABEL_IN_ROWS, tn_model_fit, &model, &records, &y, NULL, NULL);
    CHECK(diag.number[0] == 3073 && diag.number[1] == 3072);
    REFUSED(TN_AT_BIND, TN_E_RANK, 0, tn_model_fit, &model, &odd, &y, NULL, NULL);
    TRAINS(&fixed, &y);
    GIVES("40 10", &fixed);
}

static void missing_reshape_after_load(void)
{
    const tn_tensor rows = floats(2, 100, 3072, 0, 0), y = classes(100, 10), fixed = as_shape(rows, 4, 100, 32, 32, 3);
    const tn_tensor planes = as_shape(rows, 4, 300, 32, 32, 1);
    wide_net(32, 32, 3);
    REFUSED_DATA(TN_E_RANK, TN_CAUSE_FLATTENED_IMAGE, &rows, &y);
    RECORD("N 32 32 3", "100 3072", "");
    TRAINS(&fixed, &y);
    GIVES("100 10", &fixed);
    wide_net(32, 32, 1);
    REFUSED(TN_AT_BIND, TN_E_SAMPLES, TN_CAUSE_PLANES_AS_SAMPLES, tn_model_fit, &model, &planes, &y, NULL, NULL);
    RECORD("300", "100", "0");
    CHECK(diag.number[0] == 300 && diag.number[1] == 100);
}

static void transform_drops_axis(void)
{
    const tn_tensor y = floats(1, 100, 0, 0, 0), gray = floats(3, 100, 32, 32, 0), out = room(2, 100, 1, 0, 0);
    const tn_tensor one = floats(3, 32, 32, 3, 0), mean = floats(3, 100, 32, 32, 0), labels = classes(1, 10);
    const tn_tensor all = classes(100, 10), color = room(4, 100, 32, 32, 3);
    tn_tensor fixed;
    gray_net();
    REFUSED(TN_AT_BIND, TN_E_RANK, TN_CAUSE_MISSING_CHANNEL_AXIS, tn_model_fit, &model, &gray, &y, NULL, NULL);
    RECORD("N 32 32 1", "100 32 32", "");
    REFUSED(TN_AT_BIND, TN_E_RANK, TN_CAUSE_MISSING_CHANNEL_AXIS, tn_model_predict, &model, &out, &gray);
    RUNS(tn_expand, &fixed, &gray, -1);
    TRAINS(&fixed, &y);
    GIVES("100 1", &fixed);
    wide_net(32, 32, 3);
    REFUSED_DATA(TN_E_RANK, TN_CAUSE_MISSING_BATCH_AXIS, &one, &labels);
    RECORD("N 32 32 3", "32 32 3", "");
    REFUSED_DATA(TN_E_RANK, TN_CAUSE_MISSING_CHANNEL_AXIS, &mean, &all);
    RECORD("N 32 32 3", "100 32 32", "");
    RUNS(tn_expand, &fixed, &mean, -1);
    RUNS(tn_gray_to_rgb, &color, &fixed);
    GIVES("100 10", &color);
}

static void normalisation_broadcast(void)
{
    const tn_tensor x = floats(4, 100, 32, 32, 3), lucky = floats(4, 32, 32, 32, 3), y = room(4, 100, 32, 32, 3);
    const tn_tensor wrong = floats(2, 100, 3, 0, 0), laid = floats(2, 32, 3, 0, 0), mean = floats(1, 3, 0, 0, 0);
    const tn_tensor deviation = floats(1, 3, 0, 0, 0), y_lucky = room(4, 32, 32, 32, 3);
    REFUSED(TN_AT_CALL, TN_E_MERGE, 0, tn_subtract, &y, &x, &wrong);
    RECORD("100 32 32 3", "100 3", "");
    REFUSED(TN_AT_CALL, TN_E_MERGE, TN_CAUSE_BROADCAST, tn_subtract, &y_lucky, &lucky, &laid); /* along W elsewhere */
    RECORD("32 32 32 3", "32 3", "");
    RUNS(tn_subtract, &y, &x, &mean);
    RUNS(tn_normalize, &y, &x, &mean, &deviation, 0.0f);
}

static void variable_size_images(void)
{
    const tn_tensor y = classes(2, 10), odd = floats(4, 2, 40, 50, 3), fixed = room(4, 2, 32, 32, 3);
    const tn_tensor turned = floats(4, 2, 20, 32, 3);
    wide_net(32, 32, 3);
    REFUSED_DATA(TN_E_SPATIAL, TN_CAUSE_RESIZE_NEEDED, &odd, &y);
    RECORD("N 32 32 3", "2 40 50 3", "12");
    RUNS(tn_resize, &fixed, &odd, NULL);
    GIVES("2 10", &fixed);
    wide_net(32, 20, 3); /* target_size=(32,20) is height, width; image libraries say 20x32 */
    REFUSED_DATA(TN_E_LAYOUT, TN_CAUSE_HW_SWAPPED, &turned, &y);
    RECORD("N 32 20 3", "2 20 32 3", "12");
}

/* ---- sources ---- */

/* What a source says and does: it gives `rows[i]` rows as batch i, of the shapes it declares unless told otherwise. */
static struct {
    tn_source source;
    int batch, rows[6];
    int odd_batch, odd_height, odd_labels; /* -1: none; what it then is */
} feed;

static int feed_next(void *user, tn_tensor *x, tn_tensor *y)
{
    const int rows = feed.rows[feed.batch];
    size_t i;
    (void)user;
    if (!rows) { feed.batch = 0; return 0; }
    for (i = 0; i < tn_bytes(x) / sizeof(float); i++) ((float *)x->data)[i] = 0.5f;
    memset(y->data, 0, tn_bytes(y));
    if (feed.batch == feed.odd_batch && feed.odd_height) x->dim[1] = x->dim[2] = feed.odd_height;
    if (feed.batch == feed.odd_batch && feed.odd_labels) { x->dim[0] = rows; y->dim[0] = feed.odd_labels; }
    feed.batch = feed.batch == feed.odd_batch ? 0 : feed.batch + 1; /* refused, the epoch is over */
    return rows;
}
/* x without data, its first axis the longest batch; labels that are class indices, or rows of k. */
static tn_fit feeds(tn_tensor x, int k)
{
    tn_fit f = TN_ZERO;
    memset(&feed, 0, sizeof feed);
    feed.odd_batch = -1;
    feed.source.x = x;
    feed.source.y = k ? tn_view(NULL, 0, 2, x.dim[0], k, 0, 0) : tn_as(tn_view(NULL, 0, 1, x.dim[0], 0, 0, 0), TN_I32);
    feed.source.next = feed_next;
    feed.rows[0] = feed.rows[1] = 5;
    feed.rows[2] = 2;
    f.source = &feed.source;
    return f;
}
static void two_class_net(int32_t loss)
{
    MODEL(TN_INPUT_HWC(32, 32, 3), TN_CONV2D(4, 3, 3, TN_RELU), TN_FLATTEN(), TN_DENSE(2, TN_SOFTMAX));
    ready(loss, 8);
}

static void augmentation_changes_shape(void)
{
    const tn_tensor x = floats(4, 10, 28, 28, 3), y = classes(10, 2), out = room(2, 10, 2, 0, 0);
    const tn_tensor table = floats(2, 10, 7, 0, 0), padded = room(4, 10, 32, 32, 3);
    tn_pad_params around = TN_ZERO;
    tn_fit f;
    around.before[1] = around.before[2] = around.after[1] = around.after[2] = 2;
    two_class_net(TN_SPARSE_CATEGORICAL_CROSSENTROPY);
    REFUSED(TN_AT_BIND, TN_E_SPATIAL, TN_CAUSE_RESIZE_NEEDED, tn_model_fit, &model, &x, &y, NULL, NULL);
    RECORD("N 32 32 3", "10 28 28 3", "12");
    f = feeds(tn_view(NULL, 0, 4, 5, 32, 32, 3), 0);
    feed.odd_batch = 0;
    feed.odd_height = 28;
    REFUSED(TN_AT_BATCH, TN_E_SPATIAL, TN_CAUSE_SOURCE_TARGET_SIZE, tn_model_fit, &model, NULL, NULL, &f, NULL);
    RECORD("N 32 32 3", "5 28 28 3", "12");
    f = feeds(tn_view(NULL, 0, 4, 5, 32, 32, 3), 0);
    feed.odd_batch = 2; /* in the middle of an epoch */
    feed.odd_height = 28;
    FAILS(TN_AT_BATCH, TN_E_SPATIAL, TN_CAUSE_SOURCE_TARGET_SIZE, tn_model_fit, &model, NULL, NULL, &f, NULL);
    CHECK(model.step == 2 && model.epoch == 0);
    RUNS(tn_pad, &padded, &x, &around);
    TRAINS(&padded, &y);
    GIVES("10 2", &padded);
    MODEL(TN_INPUT_F(5), TN_DENSE(2, TN_SOFTMAX));
    ready(TN_SPARSE_CATEGORICAL_CROSSENTROPY, 8);
    REFUSED(TN_AT_BIND, TN_E_FEATURES, 0, tn_model_predict, &model, &out, &table);
    RECORD("N 5", "10 7", "1");
    MODEL(TN_INPUT_F(7), TN_DENSE(2, TN_SOFTMAX));
    ready(TN_SPARSE_CATEGORICAL_CROSSENTROPY, 8);
    GIVES("10 2", &table);
}

static void missing_batch_axis(void)
{
    const tn_tensor series = floats(2, 10, 50, 0, 0), row = floats(1, 5, 0, 0, 0), seven = floats(1, 7, 0, 0, 0);
    const tn_tensor y = classes(1, 10), many = classes(10, 10);
    tn_tensor fixed;
    MODEL(TN_INPUT_TF(10, 50), TN_LSTM(16), TN_DENSE(10, TN_SOFTMAX));
    ready(TN_SPARSE_CATEGORICAL_CROSSENTROPY, 8);
    REFUSED_DATA(TN_E_RANK, TN_CAUSE_MISSING_BATCH_AXIS, &series, &y);
    RECORD("N 10 50", "10 50", "");
    REFUSED(TN_AT_BIND, TN_E_RANK, TN_CAUSE_MISSING_BATCH_AXIS, tn_model_fit, &model, &series, &many, NULL, NULL);
    RUNS(tn_expand, &fixed, &series, 0);
    GIVES("1 10", &fixed);
    MODEL(TN_INPUT_F(5), TN_DENSE(10, TN_SOFTMAX));
    ready(TN_SPARSE_CATEGORICAL_CROSSENTROPY, 8);
    REFUSED_DATA(TN_E_RANK, TN_CAUSE_MISSING_BATCH_AXIS, &row, &y);
    RECORD("N 5", "5", "");
    RUNS(tn_expand, &fixed, &row, 0);
    GIVES("1 10", &fixed);
    MODEL(TN_INPUT_F(1), TN_DENSE(10, TN_SOFTMAX));
    ready(TN_SPARSE_CATEGORICAL_CROSSENTROPY, 8);
    REFUSED_DATA(TN_E_RANK, TN_CAUSE_MISSING_FEATURE_AXIS, &seven, &many);
    RECORD("N 1", "7", "");
    RUNS(tn_expand, &fixed, &seven, -1);
    GIVES("7 10", &fixed);
}

static void batch_size_differs_ok(void)
{
    const tn_tensor x = floats(4, 100, 32, 32, 3), all = room(2, 100, 10, 0, 0), part = room(2, 7, 10, 0, 0);
    tn_tensor seven, one;
    wide_net(32, 32, 3);
    GIVES("100 10", &x);
    RUNS(tn_model_predict, &model, &all, &x);
    RUNS(tn_rows, &seven, &x, 50, 7);
    RUNS(tn_rows, &one, &x, 50, 1);
    GIVES("7 10", &seven);
    GIVES("1 10", &one);
    RUNS(tn_model_predict, &model, &part, &seven);
    CHECK(!memcmp((float *)all.data + 500, part.data, 280)); /* the same bits whatever the batch */
}

static void last_batch_smaller_ok(void)
{
    const tn_tensor x = floats(4, 100, 16, 16, 1), y = classes(100, 10);
    tn_fit f = TN_ZERO;
    tn_progress p, whole;
    wide_net(16, 16, 1);
    model.compile.optimizer.lr = 0.0f;
    f.no_shuffle = 1;
    RUNS(tn_model_fit, &model, &x, &y, &f, &p);
    CHECK(model.step == 4 && p.samples == 100 && p.batches == 4);
    RUNS(tn_model_evaluate, &model, &x, &y, &whole);
    CHECK(fabs(p.loss - whole.loss) < 1e-6); /* each sample counts once */
    f.drop_last = 1;
    RUNS(tn_model_fit, &model, &x, &y, &f, &p);
    CHECK(model.step == 7 && p.samples == 96);
    GIVES("100 10", &x);
}

static void loader_inconsistent_batches_ok(void)
{
    tn_progress p = TN_ZERO;
    tn_fit f;
    two_class_net(TN_SPARSE_CATEGORICAL_CROSSENTROPY);
    f = feeds(tn_view(NULL, 0, 4, 8, 32, 32, 3), 0);
    feed.rows[0] = feed.rows[2] = 8;
    feed.rows[1] = 5;
    feed.rows[3] = 3;
    RUNS(tn_model_fit, &model, NULL, NULL, &f, &p);
    CHECK(p.samples == 24 && p.batch == 4 && model.step == 4 && isfinite(p.loss));
}

static void fixed_batch_violated(void)
{
    const tn_tensor x = floats(3, 10, 5, 2, 0), y = floats(2, 10, 1, 0, 0), out = room(2, 10, 1, 0, 0);
    tn_tensor three, labels, eight;
    RUNS(tn_rows, &three, &x, 0, 3);
    RUNS(tn_rows, &labels, &y, 0, 3);
    RUNS(tn_rows, &eight, &x, 0, 8);
    MODEL(TN_INPUT_TF(5, 2), stateful(TN_LSTM(4)), TN_DENSE(1, TN_LINEAR));
    ready(TN_MEAN_SQUARED_ERROR, 4);
    REFUSED(TN_AT_BIND, TN_E_BATCH, TN_CAUSE_STATEFUL, tn_model_fit, &model, &three, &labels, NULL, NULL);
    RECORD("4 5 2", "3 5 2", "0");
    REFUSED(TN_AT_BIND, TN_E_BATCH, TN_CAUSE_STATEFUL_LAST_BATCH, tn_model_fit, &model, &x, &y, NULL, NULL);
    RECORD("4 5 2", "10 5 2", "0");
    CHECK(diag.number[0] == 10 && diag.number[1] == 4 && diag.number[2] == 2);
    REFUSED(TN_AT_BIND, TN_E_BATCH, TN_CAUSE_STATEFUL_LAST_BATCH, tn_model_predict, &model, &out, &x);
    RUNS(tn_rows, &labels, &y, 0, 8);
    TRAINS(&eight, &labels);
    GIVES("8 1", &eight);
}

static void generator_target_size(void)
{
    tn_fit f;
    two_class_net(TN_SPARSE_CATEGORICAL_CROSSENTROPY);
    f = feeds(tn_view(NULL, 0, 4, 5, 256, 256, 3), 0);
    REFUSED(TN_AT_BIND, TN_E_SPATIAL, TN_CAUSE_SOURCE_TARGET_SIZE, tn_model_fit, &model, NULL, NULL, &f, NULL);
    RECORD("N 32 32 3", "5 256 256 3", "12");
    f = feeds(tn_view(NULL, 0, 4, 5, 32, 32, 3), 0);
    RUNS(tn_model_fit, &model, NULL, NULL, &f, NULL);
    CHECK(model.step == 3);
    OUTPUT(2, "N 2");
}

static void generator_color_mode(void)
{
    static const int channels[] = { 1, 4, 2 };
    static const char *const shapes[] = { "5 32 32 1", "5 32 32 4", "5 32 32 2" };
    tn_fit f;
    int i;
    two_class_net(TN_SPARSE_CATEGORICAL_CROSSENTROPY);
    for (i = 0; i < 3; i++) {
        f = feeds(tn_view(NULL, 0, 4, 5, 32, 32, channels[i]), 0);
        REFUSED(TN_AT_BIND, TN_E_CHANNELS, TN_CAUSE_SOURCE_COLOR_MODE, tn_model_fit, &model, NULL, NULL, &f, NULL);
        RECORD("N 32 32 3", shapes[i], "3");
    }
    f = feeds(tn_view(NULL, 0, 4, 5, 32, 32, 3), 0);
    RUNS(tn_model_fit, &model, NULL, NULL, &f, NULL);
    OUTPUT(2, "N 2");
}

static void generator_class_mode(void)
{
    tn_fit f;
    two_class_net(TN_SPARSE_CATEGORICAL_CROSSENTROPY);
    f = feeds(tn_view(NULL, 0, 4, 5, 32, 32, 3), 2);
    REFUSED(TN_AT_BIND, TN_E_LABEL_FORM, TN_CAUSE_SOURCE_CLASS_MODE, tn_model_fit, &model, NULL, NULL, &f, NULL);
    RECORD("5", "5 2", "");
    f = feeds(tn_view(NULL, 0, 4, 5, 32, 32, 3), 0);
    memset(&feed.source.y, 0, sizeof feed.source.y);
    REFUSED(TN_AT_BIND, TN_E_SOURCE, 0, tn_model_fit, &model, NULL, NULL, &f, NULL);
    f = feeds(tn_view(NULL, 0, 4, 5, 32, 32, 3), 0);
    RUNS(tn_model_fit, &model, NULL, NULL, &f, NULL);
    two_class_net(TN_CATEGORICAL_CROSSENTROPY);
    REFUSED(TN_AT_BIND, TN_E_LABEL_FORM, TN_CAUSE_SOURCE_CLASS_MODE, tn_model_fit, &model, NULL, NULL, &f, NULL);
    RECORD("5 2", "5", "");
    OUTPUT(2, "N 2");
}

static void generator_sample_count(void)
{
    tn_fit f;
    int one;
    two_class_net(TN_SPARSE_CATEGORICAL_CROSSENTROPY);
    for (one = 0; one < 2; one++) {
        f = feeds(tn_view(NULL, 0, 4, 8, 32, 32, 3), 0);
        feed.rows[0] = 8;
        feed.odd_batch = 0;
        feed.odd_labels = one ? 1 : 7; /* one label is not stretched over eight samples */
        REFUSED(TN_AT_BATCH, TN_E_SAMPLES, 0, tn_model_fit, &model, NULL, NULL, &f, NULL);
        RECORD("8", one ? "1" : "7", "0");
    }
    f = feeds(tn_view(NULL, 0, 4, 8, 32, 32, 3), 0);
    feed.source.samples = 20;
    FAILS(TN_AT_BATCH, TN_E_SOURCE, 0, tn_model_fit, &model, NULL, NULL, &f, NULL); /* it ends after 12 */
    CHECK(diag.number[0] == 12);
    feed.source.samples = 12;
    feed.batch = 0;
    RUNS(tn_model_fit, &model, NULL, NULL, &f, NULL);
}

static void sample_counts_differ(void)
{
    const tn_tensor x = floats(2, 10, 4, 0, 0), nine = classes(9, 3), flat = floats(1, 30, 0, 0, 0), y = classes(10, 3);
    const tn_tensor split_x = floats(2, 60000, 4, 0, 0), split_y = classes(10000, 3), row = as_shape(y, 2, 1, 10, 0, 0);
    const tn_tensor planes = floats(2, 30, 4, 0, 0), rows = onehot(10, 3);
    MODEL(TN_INPUT_F(4), TN_DENSE(3, TN_SOFTMAX));
    ready(TN_SPARSE_CATEGORICAL_CROSSENTROPY, 8);
    REFUSED(TN_AT_BIND, TN_E_SAMPLES, 0, tn_model_fit, &model, &x, &nine, NULL, NULL);
    RECORD("10", "9", "0");
    REFUSED(TN_AT_BIND, TN_E_SAMPLES, TN_CAUSE_OTHER_SPLIT_LABELS, tn_model_fit, &model, &split_x, &split_y, NULL, NULL);
    RECORD("60000", "10000", "0");
    REFUSED(TN_AT_BIND, TN_E_SAMPLES, TN_CAUSE_LABELS_TRANSPOSED, tn_model_fit, &model, &x, &row, NULL, NULL);
    REFUSED(TN_AT_BIND, TN_E_SAMPLES, TN_CAUSE_PLANES_AS_SAMPLES, tn_model_fit, &model, &planes, &y, NULL, NULL);
    RECORD("30", "10", "0");
    TRAINS(&x, &y);
    GIVES("10 3", &x);
    MODEL(TN_INPUT_F(4), TN_DENSE(3, TN_SOFTMAX));
    ready(TN_CATEGORICAL_CROSSENTROPY, 8);
    REFUSED(TN_AT_BIND, TN_E_SAMPLES, TN_CAUSE_ONEHOT_FLATTENED, tn_model_fit, &model, &x, &flat, NULL, NULL);
    CHECK(diag.number[0] == 10 && diag.number[1] == 30 && diag.number[2] == 3);
    TRAINS(&x, &rows);
}

/* ---- channels and layout ---- */

static void gray_into_rgb(void)
{
    const tn_tensor x = floats(4, 8, 32, 32, 1), y = classes(8, 10), fixed = room(4, 8, 32, 32, 3);
    wide_net(32, 32, 3);
    REFUSED_DATA(TN_E_CHANNELS, TN_CAUSE_GRAY_INTO_RGB, &x, &y);
    RECORD("N 32 32 3", "8 32 32 1", "3");
    RUNS(tn_gray_to_rgb, &fixed, &x);
    TRAINS(&fixed, &y);
    GIVES("8 10", &fixed);
}

static void rgb_into_gray(void)
{
    const tn_tensor x = floats(4, 8, 32, 32, 3), y = classes(8, 10), fixed = room(4, 8, 32, 32, 1);
    wide_net(32, 32, 1);
    REFUSED_DATA(TN_E_CHANNELS, TN_CAUSE_RGB_INTO_GRAY, &x, &y);
    RECORD("N 32 32 1", "8 32 32 3", "3");
    RUNS(tn_rgb_to_gray, &fixed, &x);
    TRAINS(&fixed, &y);
    GIVES("8 10", &fixed);
}

static void alpha_channel(void)
{
    const tn_tensor x = floats(4, 8, 32, 32, 4), y = classes(8, 10), fixed = floats(4, 8, 32, 32, 3);
    size_t i;
    wide_net(32, 32, 3);
    REFUSED_DATA(TN_E_CHANNELS, TN_CAUSE_ALPHA_CHANNEL, &x, &y);
    RECORD("N 32 32 3", "8 32 32 4", "3");
    for (i = 0; i < 8 * 32 * 32 * 3; i++) ((float *)fixed.data)[i] = ((const float *)x.data)[i / 3 * 4 + i % 3];
    TRAINS(&fixed, &y);
    GIVES("8 10", &fixed);
}

static void channels_first_into_last(void)
{
    const tn_tensor x = floats(4, 8, 3, 32, 32), y = classes(8, 10), fixed = named(room(4, 8, 32, 32, 3), TN_NHWC);
    const tn_tensor says = named(x, TN_NCHW), small = floats(4, 8, 3, 30, 30), small_y = room(4, 8, 15, 15, 30);
    wide_net(32, 32, 3);
    REFUSED_DATA(TN_E_LAYOUT, TN_CAUSE_CHANNELS_FIRST, &x, &y);
    RECORD("N 32 32 3", "8 3 32 32", "13");
    REFUSED_DATA(TN_E_LAYOUT, TN_CAUSE_CHANNELS_FIRST, &says, &y);
    RUNS(tn_transpose, &fixed, &says, NULL);
    TRAINS(&fixed, &y);
    GIVES("8 10", &fixed);
    { /* a channels-first image into a channels-last pool */
        const tn_tensor planes = named(small, TN_NCHW), last = named(small_y, TN_NHWC);
        REFUSED(TN_AT_CALL, TN_E_LAYOUT, 0, tn_max_pool2d, &last, NULL, &planes, NULL);
    }
}

static void channels_last_into_first(void)
{
    const tn_tensor x = floats(4, 4, 32, 32, 3), out = room(4, 4, 16, 30, 30), says = named(x, TN_NHWC);
    const tn_tensor fixed = named(room(4, 4, 3, 32, 32), TN_NCHW);
    MODEL(TN_INPUT_CHW(3, 32, 32), TN_CONV2D(16, 3, 3, TN_LINEAR));
    ready(NO_LOSS, 4);
    REFUSED(TN_AT_BIND, TN_E_LAYOUT, TN_CAUSE_CHANNELS_LAST, tn_model_predict, &model, &out, &x);
    RECORD("N 3 32 32", "4 32 32 3", "13");
    RUNS(tn_transpose, &fixed, &says, NULL);
    GIVES("4 16 30 30", &fixed);
}

static void gray_missing_channel_axis(void)
{
    const tn_tensor x = floats(3, 100, 32, 32, 0), y = floats(1, 100, 0, 0, 0), out = room(2, 100, 1, 0, 0);
    tn_tensor fixed;
    gray_net();
    REFUSED(TN_AT_BIND, TN_E_RANK, TN_CAUSE_MISSING_CHANNEL_AXIS, tn_model_predict, &model, &out, &x);
    RECORD("N 32 32 1", "100 32 32", "");
    RUNS(tn_expand, &fixed, &x, -1);
    CHECK(fixed.data == x.data);
    TRAINS(&fixed, &y);
    GIVES("100 1", &fixed);
}

static void dtype_mismatch(void)
{
    static const int32_t types[] = { TN_F64, TN_I32, TN_I64, TN_I8, TN_U8 };
    static const int32_t label_types[] = { TN_U8, TN_I32, TN_I64, TN_F32 };
    const tn_tensor labels = classes(12, 3), bad = floats(1, 12, 0, 0, 0);
    tn_tensor x, y = labels, fixed = room(2, 12, 4, 0, 0);
    int i;
    MODEL(TN_INPUT_F(4), TN_DENSE(3, TN_SOFTMAX));
    ready(TN_SPARSE_CATEGORICAL_CROSSENTROPY, 8);
    for (i = 0; i < 5; i++) {
        x = of_type(types[i], 2, 12, 4, 0, 0);
        memset(x.data, 0, tn_bytes(&x));
        REFUSED(TN_AT_BIND, TN_E_DTYPE, types[i] == TN_U8 ? TN_CAUSE_RAW_BYTES : 0, tn_model_fit, &model, &x, &y, NULL,
                NULL);
        RECORD("N 4", "12 4", "");
        CHECK(diag.received.dtype == types[i] && diag.expected.dtype == TN_F32);
        RUNS(tn_convert, &fixed, &x, NULL);
        TRAINS(&fixed, &y);
    }
    for (i = 0; i < 4; i++) { /* whole numbers of any of these types are labels */
        y = of_type(label_types[i], 1, 12, 0, 0, 0);
        RUNS(tn_convert, &y, &labels, NULL);
        TRAINS(&fixed, &y);
    }
    ((float *)bad.data)[0] = 1.0f;
    ((float *)bad.data)[1] = 1.75f;
    now.redrawn = 0;
    REFUSED(TN_AT_BIND, TN_E_LABEL_FORM, TN_CAUSE_LABELS_FRACTIONAL, tn_model_fit, &model, &fixed, &bad, NULL, NULL);
    CHECK(diag.number[0] == 1);
    GIVES("12 3", &fixed);
}

static const scenario part_b[] = {
    { "input-rank-wrong", "B1", input_rank_wrong, NULL },
    { "input-dims-wrong-values", "B2", input_dims_wrong_values, NULL },
    { "error-surfaces-deeper", "B3", error_surfaces_deeper, NULL },
    { "model-name-in-message", "B4", model_name_in_message, NULL },
    { "npy-flat-array", "B5", npy_flat_array, NULL },
    { "missing-reshape-after-load", "B8", missing_reshape_after_load, NULL },
    { "transform-drops-axis", "B10", transform_drops_axis, NULL },
    { "normalisation-broadcast", "B11", normalisation_broadcast, NULL },
    { "variable-size-images", "B13", variable_size_images, NULL },
    { "augmentation-changes-shape", "B15", augmentation_changes_shape, NULL },
    { "missing-batch-axis", "B16", missing_batch_axis, NULL },
    { "batch-size-differs-ok", "B17", batch_size_differs_ok, NULL },
    { "last-batch-smaller-ok", "B18", last_batch_smaller_ok, NULL },
    { "loader-inconsistent-batches-ok", "B19", loader_inconsistent_batches_ok, NULL },
    { "fixed-batch-violated", "B20", fixed_batch_violated, NULL },
    { "generator-target-size", "B21", generator_target_size, NULL },
    { "generator-color-mode", "B22", generator_color_mode, NULL },
    { "generator-class-mode", "B23", generator_class_mode, NULL },
    { "generator-sample-count", "B24", generator_sample_count, NULL },
    { "sample-counts-differ", "B25", sample_counts_differ, NULL },
    { "gray-into-rgb", "B26", gray_into_rgb, NULL },
    { "rgb-into-gray", "B27", rgb_into_gray, NULL },
    { "alpha-channel", "B28", alpha_channel, NULL },
    { "channels-first-into-last", "B29", channels_first_into_last, NULL },
    { "channels-last-into-first", "B30", channels_last_into_first, NULL },
    { "gray-missing-channel-axis", "B31", gray_missing_channel_axis, NULL },
    { "dtype-mismatch", "B32", dtype_mismatch, NULL },
};
