/* tests/scenarios/part_f.h - the catalogue's part F: mismatches that other libraries take in silence. */

static void other_height_and_width(void)
{
    const tn_tensor x = floats(4, 1, 25, 25, 1), y = room(4, 1, 23, 23, 32), right = floats(4, 1, 28, 28, 1);
    MODEL(TN_INPUT_HWC(28, 28, 1), TN_CONV2D(32, 3, 3, TN_RELU)); /* no dense layer that would stop it */
    ready(NO_LOSS, 1);
    REFUSED(TN_AT_BIND, TN_E_SPATIAL, TN_CAUSE_RESIZE_NEEDED, tn_model_predict, &model, &y, &x);
    RECORD("N 28 28 1", "1 25 25 1", "12");
    GIVES("1 26 26 32", &right);
}
static void other_steps(void)
{
    const tn_tensor x = floats(3, 2, 12, 50, 0), y = room(2, 2, 8, 0, 0), right = floats(3, 2, 10, 50, 0);
    MODEL(TN_INPUT_TF(10, 50), TN_LSTM(8));
    ready(NO_LOSS, 2);
    REFUSED(TN_AT_BIND, TN_E_TIMESTEPS, TN_CAUSE_NONE, tn_model_predict, &model, &y, &x);
    RECORD("N 10 50", "2 12 50", "1");
    GIVES("2 8", &right);
}
static void axis_of_1(void)
{
    const tn_tensor x = floats(4, 100, 32, 32, 1), missing = as_shape(x, 3, 100, 32, 32, 0), y = room(2, 100, 2, 0, 0);
    const tn_tensor rows = floats(2, 100, 7, 0, 0), series = as_shape(rows, 3, 100, 7, 1, 0), one = room(2, 100, 1, 0, 0);
    tn_tensor extra = x;
    extra.rank = 5;
    extra.dim[4] = 1;
    MODEL(TN_INPUT_HWC(32, 32, 1), TN_CONV2D(4, 3, 3, TN_RELU), TN_FLATTEN(), TN_DENSE(2, TN_SOFTMAX));
    ready(NO_LOSS, 32);
    REFUSED(TN_AT_BIND, TN_E_RANK, TN_CAUSE_MISSING_CHANNEL_AXIS, tn_model_predict, &model, &y, &missing);
    RECORD("N 32 32 1", "100 32 32", "");
    REFUSED(TN_AT_BIND, TN_E_RANK, TN_CAUSE_EXTRA_AXIS, tn_model_predict, &model, &y, &extra);
    RECORD("N 32 32 1", "100 32 32 1 1", "");
    GIVES("100 2", &x);
    MODEL(TN_INPUT_TF(7, 1), TN_LSTM(4), TN_DENSE(1, TN_LINEAR));
    ready(NO_LOSS, 32);
    REFUSED(TN_AT_BIND, TN_E_RANK, TN_CAUSE_MISSING_FEATURE_AXIS, tn_model_predict, &model, &one, &rows);
    RECORD("N 7 1", "100 7", "");
    GIVES("100 1", &series);
}
static void dense_on_images(void)
{
    const tn_tensor x = floats(4, 5, 5, 5, 3), y = floats(2, 5, 10, 0, 0), maps = floats(4, 5, 5, 5, 10);
    MODEL(TN_INPUT_HWC(5, 5, 3), TN_DENSE(10, TN_LINEAR));
    compiled(TN_MEAN_SQUARED_ERROR);
    REFUSED(TN_AT_BUILD, TN_E_DENSE_SPATIAL, TN_CAUSE_NO_FLATTEN, tn_model_build, &model, NULL, 5);
    RECORD("N F", "N 5 5 3", "");
    LAYER(0);
    MODEL(TN_INPUT_HWC(5, 5, 3), per_position(TN_DENSE(10, TN_LINEAR))); /* asked for: then labels have positions too */
    ready(TN_MEAN_SQUARED_ERROR, 5);
    REFUSED(TN_AT_BIND, TN_E_LABEL_RANK, TN_CAUSE_NO_FLATTEN, tn_model_fit, &model, &x, &y, NULL, NULL);
    RECORD("5 5 5 10", "5 10", "");
    TRAINS(&x, &maps);
    MODEL(TN_INPUT_HWC(5, 5, 3), TN_FLATTEN(), TN_DENSE(10, TN_LINEAR));
    ready(TN_MEAN_SQUARED_ERROR, 5);
    TRAINS(&x, &y);
    GIVES("5 10", &x);
}
static void losses_never_broadcast(void)
{
    const tn_tensor column = floats(2, 8, 1, 0, 0), three = floats(2, 8, 3, 0, 0), vector = as_shape(column, 1, 8, 0, 0, 0);
    const tn_tensor four = floats(2, 4, 1, 0, 0), row = floats(2, 1, 4, 0, 0), rows = floats(2, 30, 10, 0, 0),
                    maps = floats(4, 30, 30, 30, 10), other = floats(2, 8, 1, 0, 0);
    const tn_tensor loss = room(0, 0, 0, 0, 0), same_loss = room(0, 0, 0, 0, 0);
    REFUSED(TN_AT_CALL, TN_E_LABEL_CLASSES, TN_CAUSE_MSE_AGAINST_ONEHOT, tn_loss, TN_MEAN_SQUARED_ERROR, &loss, NULL,
            &column, &three, NULL);
    RECORD("8 1", "8 3", "1");
    REFUSED(TN_AT_CALL, TN_E_SAMPLES, TN_CAUSE_LABELS_TRANSPOSED, tn_loss, TN_MEAN_SQUARED_ERROR, &loss, NULL, &four,
            &row, NULL);
    RECORD("4 1", "1 4", "01");
    REFUSED(TN_AT_CALL, TN_E_LABEL_CLASSES, TN_CAUSE_MSE_ROW_AGAINST_COLUMN, tn_loss, TN_MEAN_SQUARED_ERROR, &loss, NULL,
            &row, &four, NULL);
    RECORD("1 4", "4 1", "01");
    REFUSED(TN_AT_CALL, TN_E_LABEL_RANK, TN_CAUSE_NO_FLATTEN, tn_loss, TN_MEAN_SQUARED_ERROR, &loss, NULL, &maps, &rows,
            NULL);
    RECORD("30 30 30 10", "30 10", "");
    RUNS(tn_loss, TN_MEAN_SQUARED_ERROR, &loss, NULL, &other, &column, NULL); /* (N,) is (N,1) */
    RUNS(tn_loss, TN_MEAN_SQUARED_ERROR, &same_loss, NULL, &other, &vector, NULL);
    CHECK(!memcmp(loss.data, same_loss.data, sizeof(float)));
}
static void one_target_row(void)
{
    tn_fit f;
    row_net(1, TN_LINEAR, TN_MEAN_SQUARED_ERROR);
    f = feeds(tn_view(NULL, 0, 2, 8, 5, 0, 0), 1);
    feed.source.y.dim[0] = 1;
    REFUSED(TN_AT_BIND, TN_E_SAMPLES, TN_CAUSE_NONE, tn_model_fit, &model, NULL, NULL, &f, NULL);
    RECORD("8 1", "1 1", "0");
    CHECK(feed.batch == 0);
    f = feeds(tn_view(NULL, 0, 2, 8, 5, 0, 0), 1);
    RUNS(tn_model_fit, &model, NULL, NULL, &f, NULL);
}
static void mixed_orders(void)
{
    const tn_tensor first = named(floats(4, 2, 3, 8, 8), TN_NCHW), last = named(room(4, 2, 8, 8, 3), TN_NHWC);
    const tn_tensor w = floats(4, 3, 3, 3, 4), pooled = named(room(4, 2, 4, 4, 3), TN_NHWC),
                    y_last = named(room(4, 2, 6, 6, 4), TN_NHWC), y_first = named(room(4, 2, 4, 6, 6), TN_NCHW),
                    out = room(2, 2, 2, 0, 0);
    tn_window two = TN_ZERO;
    two.size_h = two.size_w = two.stride_h = two.stride_w = 2;
    REFUSED(TN_AT_CALL, TN_E_LAYOUT, TN_CAUSE_NONE, tn_conv2d, &y_last, &first, &w, NULL, NULL);
    REFUSED(TN_AT_CALL, TN_E_LAYOUT, TN_CAUSE_NONE, tn_max_pool2d, &pooled, NULL, &first, &two);
    WORKS(tn_conv2d, &y_first, &first, &w, NULL, NULL);
    RUNS(tn_transpose, &last, &first, NULL);
    RUNS(tn_max_pool2d, &pooled, NULL, &last, &two);
    MODEL(TN_INPUT_CHW(3, 8, 8), TN_CONV2D(4, 3, 3, TN_RELU), TN_FLATTEN(), TN_DENSE(2, TN_SOFTMAX));
    ready(NO_LOSS, 2);
    REFUSED(TN_AT_BIND, TN_E_LAYOUT, TN_CAUSE_CHANNELS_LAST, tn_model_predict, &model, &out, &last);
    RECORD("N 3 8 8", "2 8 8 3", "13");
    GIVES("2 2", &first);
}
/* Waves, as smooth as photographs are; plane by plane. */
static void planar_pixels(void)
{
    const tn_tensor rows = of_type(TN_F32, 2, 16, 3072, 0, 0), planes = named(as_shape(rows, 4, 16, 3, 32, 32), TN_NCHW),
                    x = as_shape(rows, 4, 16, 32, 32, 3), right = named(room(4, 16, 32, 32, 3), TN_NHWC),
                    y = classes(16, 10);
    int i;
    for (i = 0; i < 16 * 3072; i++) {
        const int n = i / 3072, c = i / 1024 % 3, h = i / 32 % 32, w = i % 32;
        ((float *)rows.data)[i] = 0.5f + 0.25f * sinf(0.2f * (float)(h + n) + (float)c) + 0.25f * cosf(0.15f * (float)w);
    }
    MODEL(TN_INPUT_HWC(32, 32, 3), TN_CONV2D(4, 3, 3, TN_RELU), TN_FLATTEN(), TN_DENSE(10, TN_SOFTMAX));
    ready(TN_SPARSE_CATEGORICAL_CROSSENTROPY, 16);
    TRAINS(&x, &y);
    NOTED(TN_W_LAYOUT_SUSPECT, TN_CAUSE_PLANAR_PIXELS);
    CHECK(now.record[0].severity == TN_WARNING && now.record[0].stage == TN_AT_BIND);
    RUNS(tn_transpose, &right, &planes, NULL);
    TRAINS(&right, &y);
    GIVES("16 10", &right);
}
static void raw_bytes(void)
{
    const tn_tensor x = bytes(4, 8, 32, 32, 3), y = classes(8, 10), scaled = room(4, 8, 32, 32, 3);
    const tn_convert_params p = { 1.0f / 255.0f, 0.0f };
    MODEL(TN_INPUT_HWC(32, 32, 3), TN_CONV2D(4, 3, 3, TN_RELU), TN_FLATTEN(), TN_DENSE(10, TN_SOFTMAX));
    ready(TN_SPARSE_CATEGORICAL_CROSSENTROPY, 8);
    REFUSED(TN_AT_BIND, TN_E_DTYPE, TN_CAUSE_RAW_BYTES, tn_model_fit, &model, &x, &y, NULL, NULL);
    RECORD("N 32 32 3", "8 32 32 3", "");
    CHECK(diag.expected.dtype == TN_F32 && diag.received.dtype == TN_U8);
    RUNS(tn_convert, &scaled, &x, &p);
    TRAINS(&scaled, &y);
    MODEL(TN_INPUT_HWC(32, 32, 3), TN_RESCALING(1.0f / 255.0f, 0.0f), TN_CONV2D(4, 3, 3, TN_RELU), TN_FLATTEN(),
          TN_DENSE(10, TN_SOFTMAX));
    ready(TN_SPARSE_CATEGORICAL_CROSSENTROPY, 8);
    TRAINS(&x, &y);
}
static void output_of_size_zero(void)
{
    const tn_tensor x = floats(4, 2, 4, 4, 1);
    MODEL(TN_INPUT_HWC(4, 4, 1), TN_CONV2D(8, 5, 5, TN_RELU), TN_FLATTEN(), TN_DENSE(2, TN_SOFTMAX));
    REFUSED(TN_AT_BUILD, TN_E_WINDOW, TN_CAUSE_KERNEL_TOO_LARGE, tn_model_build, &model, NULL, 2);
    RECORD("N H W C", "N 4 4 1", "12");
    LAYER(0);
    CHECK(diag.number[0] == 5 && diag.number[1] == 4);
    MODEL(TN_INPUT_HWC(4, 4, 1), strided(TN_CONV2D(8, 5, 5, TN_RELU), 2), TN_FLATTEN(), TN_DENSE(2, TN_SOFTMAX));
    REFUSED(TN_AT_BUILD, TN_E_WINDOW, TN_CAUSE_KERNEL_TOO_LARGE, tn_model_build, &model, NULL, 2); /* -1 / 2 is no 0 */
    MODEL(TN_INPUT_HWC(4, 4, 1), same(TN_CONV2D(8, 5, 5, TN_RELU)), TN_FLATTEN(), TN_DENSE(2, TN_SOFTMAX));
    answers("2 2", &x);
}
static void ragged_lists(void)
{
    const tn_tensor three = floats(1, 3, 0, 0, 0), two = floats(1, 2, 0, 0, 0);
    tn_tensor y = room(2, 2, 3, 0, 0);
    const tn_tensor rows = floats(2, 5, 1, 0, 0), padded = room(3, 2, 3, 1, 0), lengths = of_type(TN_I32, 1, 2, 0, 0, 0);
    const tn_tensor *const list[] = { &three, &two };
    ((int32_t *)lengths.data)[0] = ((int32_t *)lengths.data)[1] = 3;
    REFUSED(TN_AT_LOAD, TN_E_RAGGED, TN_CAUSE_SEQUENCES, tn_stack, &y, list, 2, NULL);
    RECORD("3", "2", "0");
    CHECK(diag.number[0] == 2 && diag.number[1] == 2 && diag.number[2] == 3);
    REFUSED(TN_AT_CALL, TN_E_SAMPLES, TN_CAUSE_NONE, tn_pad_sequences, &padded, NULL, &rows, &lengths, NULL);
    CHECK(diag.number[0] == 6);
    ((int32_t *)lengths.data)[1] = 2;
    RUNS(tn_pad_sequences, &padded, NULL, &rows, &lengths, NULL);
}
static void labels_out_of_range(void)
{
    const tn_tensor y = room(2, 4, 3, 0, 0), labels = classes(4, 3), part = of_type(TN_F32, 1, 4, 0, 0, 0);
    int32_t *const label = (int32_t *)labels.data;
    float *const fraction = (float *)part.data;
    label[2] = -1;
    REFUSED(TN_AT_CALL, TN_E_LABEL_RANGE, TN_CAUSE_LABEL_NEGATIVE, tn_one_hot, &y, &labels);
    CHECK(diag.number[0] == 2 && diag.number[1] == -1);
    label[2] = 3;
    REFUSED(TN_AT_CALL, TN_E_LABEL_RANGE, TN_CAUSE_LABEL_BEYOND_OUTPUT, tn_one_hot, &y, &labels);
    CHECK(diag.number[0] == 2 && diag.number[1] == 3 && diag.number[2] == 3);
    label[2] = 2;
    RUNS(tn_one_hot, &y, &labels);
    memset(fraction, 0, tn_bytes(&part));
    fraction[1] = 1.9f;
    REFUSED(TN_AT_CALL, TN_E_LABEL_FORM, TN_CAUSE_LABELS_FRACTIONAL, tn_one_hot, &y, &part);
    CHECK(diag.number[0] == 1);
    fraction[1] = 1.0f;
    RUNS(tn_one_hot, &y, &part);
    one_bad_label(1.7f, TN_CAUSE_LABELS_FRACTIONAL); /* at BIND */
}
static void ignored_arguments(void)
{
    const tn_tensor x = floats(2, 8, 5, 0, 0), y = floats(2, 8, 1, 0, 0);
    tn_fit f = TN_ZERO;
    input_shape_inside();
    class_weight_missing();
    row_net(1, TN_LINEAR, TN_MEAN_SQUARED_ERROR);
    f.batch = -1;
    REFUSED(TN_AT_CALL, TN_E_ARG, TN_CAUSE_NONE, tn_model_fit, &model, &x, &y, &f, NULL);
    CHECK(diag.number[0] == -1);
    f.batch = 0; /* the model's, as documented */
    RUNS(tn_model_fit, &model, &x, &y, &f, NULL);
}
static void n_changes(void)
{
    reshape_changes_n();
    view_changes_n();
}
static void unbatched_calls(void)
{
    const cell c = cell_of();
    const tn_tensor one = floats(2, 10, 3, 0, 0), image = floats(3, 32, 32, 3, 0), w = floats(4, 3, 3, 3, 4),
                    y = room(4, 1, 30, 30, 4), batched = as_shape(image, 4, 1, 32, 32, 3);
    REFUSED(TN_AT_CALL, TN_E_RANK, TN_CAUSE_MISSING_TIME_AXIS, tn_lstm, &c.y, NULL, NULL, NULL, &one, &c.w, &c.u, &c.b,
            NULL, NULL, NULL);
    RECORD("N T 3", "10 3", "");
    REFUSED(TN_AT_CALL, TN_E_RANK, TN_CAUSE_MISSING_BATCH_AXIS, tn_conv2d, &y, &image, &w, NULL, NULL);
    RECORD("N 32 32 3", "32 32 3", "");
    WORKS(tn_lstm, &c.y, NULL, NULL, NULL, &c.x, &c.w, &c.u, &c.b, NULL, NULL, NULL);
    WORKS(tn_conv2d, &y, &batched, &w, NULL, NULL);
    lstm_batch_first();
}

static const scenario part_f[] = {
    { "f1-other-height-and-width", "F1", other_height_and_width, NULL },
    { "f2-other-steps", "F2", other_steps, NULL },
    { "f3-hw-exchanged", "F3", hw_swapped, NULL },
    { "f4-axis-of-1", "F4", axis_of_1, NULL },
    { "f5-dense-on-images", "F5", dense_on_images, NULL },
    { "f6-return-sequences", "F6", return_sequences_left_on, NULL },
    { "f7-losses-never-broadcast", "F7", losses_never_broadcast, NULL },
    { "f8-one-target-row", "F8", one_target_row, NULL },
    { "f9-mixed-orders", "F9", mixed_orders, NULL },
    { "f10-planar-pixels", "F10", planar_pixels, NULL },
    { "f11-raw-bytes", "F11", raw_bytes, NULL },
    { "f12-output-of-size-zero", "F12", output_of_size_zero, NULL },
    { "f13-ragged-lists", "F13", ragged_lists, NULL },
    { "f14-labels-out-of-range", "F14", labels_out_of_range, NULL },
    { "f15-ignored-arguments", "F15", ignored_arguments, NULL },
    { "f16-n-changes", "F16", n_changes, NULL },
    { "f17-unbatched-calls", "F17", unbatched_calls, NULL },
    { "f18-residual-of-1", "F18", residual_broadcast_one, NULL },
};
