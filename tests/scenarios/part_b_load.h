/* tests/scenarios/part_b_load.h - the catalogue's part B: files, samples put together, and what only values tell. */

/* An .npy file of format `major` in the arena: this dict, these bytes. */
static unsigned char *npy(int major, const char *dict, const void *data, size_t bytes_of_data, size_t *size)
{
    const size_t start = major > 1 ? 12 : 10, header = (start + strlen(dict) + 1 + 63) / 64 * 64 - start;
    unsigned char *const file = (unsigned char *)block(start + header + bytes_of_data);
    memcpy(file, "\x93NUMPY", 6);
    file[6] = (unsigned char)major;
    file[7] = 0;
    memset(file + 8, 0, start - 8);
    file[8] = (unsigned char)header;
    file[9] = (unsigned char)(header >> 8);
    memset(file + start, ' ', header - 1);
    memcpy(file + start, dict, strlen(dict));
    file[start + header - 1] = '\n';
    memcpy(file + start + header, data, bytes_of_data);
    *size = start + header + bytes_of_data;
    return file;
}

static void npy_object_or_dict(void)
{
    static const char *const objects[] = { "{'descr': '|O', 'fortran_order': False, 'shape': (2,), }",
                                           "{'descr': '|O', 'fortran_order': False, 'shape': (), }" };
    const tn_tensor images = floats(4, 4, 32, 32, 3);
    unsigned char *file, zip[64] = "PK\003\004";
    tn_tensor t = TN_ZERO, before = t;
    size_t size;
    int i;
    for (i = 0; i < 2; i++) { /* a list of images of several sizes; a dict */
        file = npy(1, objects[i], "\x80\x04pickled", 9, &size);
        REFUSED(TN_AT_LOAD, TN_E_FILE, TN_CAUSE_NPY_OBJECT, tn_npy_read, &t, file, size);
    }
    REFUSED(TN_AT_LOAD, TN_E_FILE, TN_CAUSE_NPZ_ARCHIVE, tn_npy_read, &t, zip, sizeof zip);
    REFUSED(TN_AT_LOAD, TN_E_FILE, TN_CAUSE_NOT_NPY, tn_npy_read, &t, "\x80\x04\x95 a pickle", 12);
    CHECK(!memcmp(&t, &before, sizeof t));
    file = npy(1, "{'descr': '<f4', 'fortran_order': False, 'shape': (4, 32, 32, 3), }", images.data, tn_bytes(&images),
               &size);
    RUNS(tn_npy_read, &t, file, size);
    CHECK(is_shape(&t, "4 32 32 3") && t.dtype == TN_F32 && (t.flags & TN_READONLY));
    CHECK(!memcmp(t.data, images.data, tn_bytes(&images)));
    cifar_net(NO_LOSS);
    GIVES("4 10", &t);
}

static void npy_header_traps(void)
{
    static const float column_major[6] = { 0.0f, 3.0f, 1.0f, 4.0f, 2.0f, 5.0f }; /* [[0,1,2],[3,4,5]] */
    static const unsigned char big[8] = { 0x3f, 0x80, 0, 0, 0x40, 0, 0, 0 };      /* 1, 2 */
    static const double doubles[2] = { 1.0, 2.0 };
    const tn_tensor x = floats(4, 10, 32, 32, 3), y = room(2, 2, 3, 0, 0), two = room(1, 2, 0, 0, 0);
    tn_tensor t = TN_ZERO, to = y;
    unsigned char *file;
    size_t size, i;
    file = npy(1, "{'descr': '<f4', 'fortran_order': True, 'shape': (2, 3), }", column_major, sizeof column_major, &size);
    REFUSED(TN_AT_LOAD, TN_E_UNSUPPORTED, 0, tn_npy_read, &t, file, size); /* no view shows it */
    RUNS(tn_npy_copy, &to, file, size);
    for (i = 0; i < 6; i++) CHECK(((const float *)y.data)[i] > (float)i - 0.5f && ((const float *)y.data)[i] < (float)i + 0.5f);
    file = npy(1, "{'descr': '>f4', 'fortran_order': False, 'shape': (2,), }", big, sizeof big, &size);
    REFUSED(TN_AT_LOAD, TN_E_UNSUPPORTED, 0, tn_npy_read, &t, file, size);
    to = two;
    RUNS(tn_npy_copy, &to, file, size);
    CHECK(fabsf(((const float *)two.data)[0] - 1.0f) < 1e-6f && fabsf(((const float *)two.data)[1] - 2.0f) < 1e-6f);
    file = npy(2, "{'descr': '<f8', 'fortran_order': False, 'shape': (2,), }", doubles, sizeof doubles, &size);
    RUNS(tn_npy_read, &t, file, size);
    CHECK(t.dtype == TN_F64 && is_shape(&t, "2") && !memcmp(t.data, doubles, sizeof doubles));
    file = npy(1, "{'descr': '<f4', 'fortran_order': False, 'shape': (10, 32, 32, 3), }", x.data, 122780, &size);
    REFUSED(TN_AT_LOAD, TN_E_FILE, TN_CAUSE_TRUNCATED, tn_npy_read, &t, file, size);
    CHECK(diag.number[0] == 122880 && diag.number[1] == 122780 && is_shape(&diag.received, "10 32 32 3"));
}

/* Smooth pictures, each colour with waves of its own, lying plane by plane. */
static tn_tensor pictures(int n, int h, int w)
{
    const tn_tensor t = of_type(TN_F32, 4, n, 3, h, w);
    float *p = (float *)t.data;
    int i, c, y, x;
    for (i = 0; i < n; i++)
        for (c = 0; c < 3; c++)
            for (y = 0; y < h; y++)
                for (x = 0; x < w; x++)
                    *p++ = 0.5f + 0.2f * sinf(0.17f * (float)x + (float)(i + 5 * c)) + 0.2f * cosf(0.13f * (float)y - (float)(3 * i - c));
    return named(t, TN_NCHW);
}

static void planar_pixels_reshaped(void)
{
    const tn_tensor planes = pictures(16, 32, 32), scrambled = as_shape(planes, 4, 16, 32, 32, 3);
    const tn_tensor rows = as_shape(planes, 2, 16, 3072, 0, 0), y = classes(16, 10);
    const tn_tensor fixed = named(room(4, 16, 32, 32, 3), TN_NHWC);
    cifar_net(TN_SPARSE_CATEGORICAL_CROSSENTROPY);
    REFUSED(TN_AT_BIND, TN_E_RANK, TN_CAUSE_FLATTENED_IMAGE, tn_model_fit, &model, &rows, &y, NULL, NULL);
    ALSO(0, TN_CAUSE_PLANAR_ROWS); /* which of the two reshapes is right */
    TRAINS(&scrambled, &y);
    NOTED(TN_W_LAYOUT_SUSPECT, TN_CAUSE_PLANAR_PIXELS);
    CHECK(now.record[now.records - 1].stage == TN_AT_BIND);
    RUNS(tn_transpose, &fixed, &planes, NULL);
    TRAINS(&fixed, &y);
    GIVES("16 10", &fixed);
}

static void test_set_left_raw(void)
{
    const tn_convert_params scale = { 1.0f / 255.0f, 0.0f };
    const tn_tensor x = floats(4, 32, 32, 32, 3), y = onehot(32, 10), bytes_of = bytes(4, 32, 32, 32, 3);
    const tn_tensor raw = room(4, 32, 32, 32, 3), fixed = room(4, 32, 32, 32, 3), indices = classes(32, 10);
    const tn_tensor column = as_shape(indices, 2, 32, 1, 0, 0), rows = room(2, 32, 10, 0, 0);
    tn_progress p;
    RUNS(tn_convert, &raw, &bytes_of, NULL);
    RUNS(tn_convert, &fixed, &bytes_of, &scale);
    cifar_net(TN_CATEGORICAL_CROSSENTROPY);
    TRAINS(&x, &y);
    REFUSED(TN_AT_BIND, TN_E_DTYPE, TN_CAUSE_RAW_BYTES, tn_model_evaluate, &model, &bytes_of, &y, &p);
    RUNS(tn_model_evaluate, &model, &raw, &y, &p);
    NOTED(TN_W_SCALE_SHIFT, TN_CAUSE_TEST_SET_LEFT_RAW);
    CHECK(now.record[now.records - 1].stage == TN_AT_BIND);
    REFUSED(TN_AT_BIND, TN_E_LABEL_FORM, TN_CAUSE_SPARSE_WITH_CATEGORICAL, tn_model_evaluate, &model, &fixed, &column, &p);
    RECORD("32 10", "32 1", "1");
    RUNS(tn_one_hot, &rows, &indices);
    RUNS(tn_model_evaluate, &model, &fixed, &rows, &p);
    CHECK(isfinite(p.loss) && p.accuracy >= 0.0 && p.accuracy <= 1.0);
}

static void ragged_image_dataset(void)
{
    static const char *const names[] = { "cat/0006.png", "cat/0007.png", "cat/0008.png" };
    const tn_tensor a = floats(3, 32, 32, 3, 0), b = floats(3, 30, 32, 3, 0), c = floats(3, 32, 32, 3, 0);
    const tn_tensor gray = floats(2, 32, 32, 0, 0), resized = room(3, 32, 32, 3, 0);
    const tn_tensor *odd[] = { &a, &b, &c }, *mixed[] = { &a, &gray, &c }, *even[] = { &a, &resized, &c };
    tn_tensor y = room(4, 3, 32, 32, 3), from, to;
    REFUSED(TN_AT_LOAD, TN_E_RAGGED, TN_CAUSE_IMAGES, tn_stack, &y, odd, 3, names);
    RECORD("32 32 3", "30 32 3", "0");
    CHECK(!strcmp(diag.role, names[1]));
    CHECK(diag.number[0] == 1 && diag.number[1] == 2 && diag.number[2] == 3); /* sample 1; 2 of 3 are like the first */
    REFUSED(TN_AT_LOAD, TN_E_RAGGED, TN_CAUSE_GRAY_AMONG_RGB, tn_stack, &y, mixed, 3, names);
    RECORD("32 32 3", "32 32", "");
    RUNS(tn_expand, &from, &b, 0);
    RUNS(tn_expand, &to, &resized, 0);
    RUNS(tn_resize, &to, &from, NULL);
    RUNS(tn_stack, &y, even, 3, names);
    cifar_net(NO_LOSS);
    GIVES("3 10", &y);
}

static void sequences_need_padding(void)
{
    enum { MANY = 100, LONGEST = 8 };
    const tn_pad_sequences_params post = { 1, 1, 0.0f };
    const tn_tensor lengths = of_type(TN_I32, 1, MANY, 0, 0, 0), y = floats(2, MANY, 1, 0, 0);
    const tn_tensor padded = room(3, MANY, LONGEST, 1, 0), mask = of_type(TN_U8, 2, MANY, LONGEST, 0, 0);
    const tn_tensor cut = room(3, MANY, 4, 1, 0), steps = room(3, MANY, LONGEST, 5, 0), alone = room(3, 1, LONGEST, 5, 0);
    const tn_tensor *list[MANY];
    tn_tensor *const series = (tn_tensor *)block(MANY * sizeof *series), all, stacked = padded;
    int i, total = 0, first = 0;
    for (i = 0; i < MANY; i++) total += ((int32_t *)lengths.data)[i] = 2 + i % 7;
    all = floats(2, total, 1, 0, 0);
    for (i = 0; i < MANY; first += ((int32_t *)lengths.data)[i++]) {
        series[i] = tn_view((float *)all.data + first, 0, 2, ((int32_t *)lengths.data)[i], 1, 0, 0);
        list[i] = &series[i];
    }
    REFUSED(TN_AT_LOAD, TN_E_RAGGED, TN_CAUSE_SEQUENCES, tn_stack, &stacked, list, MANY, NULL);
    RECORD("2 1", "3 1", "0");
    CHECK(diag.number[0] == MANY && diag.number[1] == 2 && diag.number[2] == LONGEST);
    RUNS(tn_pad_sequences, &cut, NULL, &all, &lengths, NULL);
    NOTED(TN_W_TRUNCATED, 0);
    CHECK(now.record[now.records - 1].number[0] == 56 && now.record[now.records - 1].number[1] == MANY);
    RUNS(tn_pad_sequences, &padded, &mask, &all, &lengths, NULL);
    MODEL(TN_INPUT_TF(LONGEST, 1), TN_LSTM(16), TN_DENSE(1, TN_LINEAR));
    ready(TN_MEAN_SQUARED_ERROR, 32);
    TRAINS(&padded, &y);
    GIVES("100 1", &padded);
    RUNS(tn_pad_sequences, &padded, &mask, &all, &lengths, &post); /* the last step that the mask keeps, as if alone */
    MODEL(TN_INPUT_TF(TN_ANY, 1), sequences(TN_LSTM(5)));
    MEMORY_FOR(tn_model_predict, &model, &steps, &padded);
    RUNS(tn_model_predict, &model, &steps, &padded);
    for (i = 0; i < MANY; i++) {
        const int T = ((int32_t *)lengths.data)[i];
        const tn_tensor x = as_shape(series[i], 3, 1, T, 1, 0), out = tn_view(alone.data, 0, 3, 1, T, 5, 0);
        RUNS(tn_model_predict, &model, &out, &x);
        CHECK(!memcmp((float *)steps.data + (i * LONGEST + T - 1) * 5, (float *)alone.data + (T - 1) * 5, 5 * sizeof(float)));
        CHECK(((unsigned char *)mask.data)[i * LONGEST + T - 1] == 1);
        CHECK(T == LONGEST || ((unsigned char *)mask.data)[i * LONGEST + T] == 0);
    }
}

static const scenario part_b_load[] = {
    { "npy-object-or-dict", "B6", npy_object_or_dict, NULL },
    { "npy-header-traps", "B7", npy_header_traps, NULL },
    { "planar-pixels-reshaped", "B9", planar_pixels_reshaped, NULL },
    { "test-set-left-raw", "B12", test_set_left_raw, NULL },
    { "ragged-image-dataset", "B14", ragged_image_dataset, NULL },
    { "sequences-need-padding", "B48", sequences_need_padding, NULL },
};
