/* tests/test_values.c - warnings about values: each comes when it should, once, with its figures, and sane data raise
 * none. */
#include "nets.h"

/* ---- what was heard ---- */

enum { HEARD = 16 };
static tn_diag heard[HEARD];
static int hears;

static void hear(void *user, const tn_diag *d)
{
    (void)user;
    if (d->severity != TN_WARNING) return; /* TN_W_INFERRED is a note */
    if (hears < HEARD) heard[hears] = *d;
    hears++;
}
static void listen(net *n)
{
    n->ctx.note = hear;
    hears = 0;
}
static void all_heard(int count, int line)
{
    char text[2000] = "";
    if (hears == count) return;
    if (hears) tn_diag_format(&heard[hears > count ? count : 0], TN_FULL, text, sizeof text);
    fail_msg("line %d: %d warnings, must be %d\n%s", line, hears, count, text);
}
/* Nothing more than `count` warnings since the last time. */
#define HEARD_ALL(count)            \
    do {                            \
        all_heard(count, __LINE__); \
        hears = 0;                  \
    } while (0)

static const tn_diag *hears_of(int32_t status, int32_t cause, int32_t stage, const char *role, int line)
{
    char text[2000], json[4000];
    int i, found = -1;
    for (i = 0; i < hears && i < HEARD; i++)
        if (heard[i].status == status && heard[i].cause == cause && heard[i].stage == stage) {
            if (found >= 0) fail_msg("line %d: %s (%s) twice", line, tn_status_name(status), tn_cause_name(cause));
            found = i;
        }
    if (found < 0) {
        if (hears) tn_diag_format(&heard[0], TN_FULL, text, sizeof text);
        fail_msg("line %d: no %s (%s) among %d\n%s", line, tn_status_name(status), tn_cause_name(cause), hears,
                 hears ? text : "");
    }
    if (role && (!heard[found].role || strcmp(role, heard[found].role)))
        fail_msg("line %d: about %s, must be %s", line, heard[found].role ? heard[found].role : "nothing", role);
    assert_true(heard[found].severity == TN_WARNING && heard[found].rule);
    assert_true(tn_diag_format(&heard[found], TN_FULL, text, sizeof text) < sizeof text);
    assert_true(tn_diag_format(&heard[found], TN_JSON, json, sizeof json) < sizeof json);
    if (cause && !strstr(text, "\n  cause     ")) fail_msg("line %d: no sentence in\n%s", line, text);
    return &heard[found];
}
#define HEARS(status, cause, stage, role) hears_of(status, cause, stage, role, __LINE__)

static void numbers(const tn_diag *d, int64_t a, int64_t b, int64_t c, int64_t e)
{
    const int64_t want[4] = { a, b, c, e };
    int i;
    for (i = 0; i < 4; i++)
        if (d->number[i] != want[i])
            fail_msg("%s: number %d is %lld, must be %lld", tn_cause_name(d->cause), i, (long long)d->number[i],
                     (long long)want[i]);
}

/* ---- data ---- */

static tn_tensor whole_of(int n, int f, int low, int high)
{
    tn_tensor t = tn_view(block((size_t)n * (size_t)f), 0, 2, n, f, 0, 0);
    fill_ints((float *)t.data, (size_t)n * (size_t)f, low, high);
    return t;
}
static tn_tensor filled(int n, int f, float a, float b) /* a and b in turn */
{
    tn_tensor t = tn_view(block((size_t)n * (size_t)f), 0, 2, n, f, 0, 0);
    size_t i;
    for (i = 0; i < (size_t)n * (size_t)f; i++) ((float *)t.data)[i] = i % 2 ? b : a;
    return t;
}
/* a * t + b */
static tn_tensor scaled(const tn_tensor *t, float a, float b)
{
    tn_tensor s = *t;
    size_t i, n = tn_bytes(t) / sizeof(float);
    s.data = block(n);
    for (i = 0; i < n; i++) ((float *)s.data)[i] = a * values(t)[i] + b;
    return s;
}
static tn_tensor rows_that_sum_to(int n, int k, float sum)
{
    tn_tensor t = tn_view(block((size_t)n * (size_t)k), 0, 2, n, k, 0, 0);
    int i, j;
    for (i = 0; i < n; i++)
        for (j = 0; j < k; j++) ((float *)t.data)[i * k + j] = sum / (float)k;
    return t;
}

enum { SIDE = 16, PICTURE = SIDE * SIDE * 3 };
enum { BY_PIXELS, BY_PLANES, GRAY, NOISE, FLAT, GRAY_NOISE };
/* Pictures of slopes whose colours differ, or of what is no picture. */
static tn_tensor pictures(int n, int kind)
{
    tn_tensor t = tn_view(block((size_t)n * PICTURE), TN_NHWC, 4, n, SIDE, SIDE, 3);
    float *const p = (float *)t.data;
    int s, y, x, c;
    for (s = 0; s < n; s++)
        for (y = 0; y < SIDE; y++)
            for (x = 0; x < SIDE; x++) {
                const float noise = random_float(-0.5f, 0.5f);
                for (c = 0; c < 3; c++) {
                    const int slope = (x * 3 + y * 5 + (kind == GRAY ? 0 : 23 * c) + 29 * s) % 64 - 32;
                    const int pixel = s * PICTURE + (y * SIDE + x) * 3 + c,
                              plane = s * PICTURE + (c * SIDE + y) * SIDE + x;
                    p[kind == BY_PLANES ? plane : pixel] = kind == FLAT ? 0.25f
                                                           : kind == GRAY_NOISE ? noise
                                                           : kind == NOISE ? random_float(-0.5f, 0.5f)
                                                                           : (float)abs(slope) / 32.0f - 0.5f;
                }
            }
    return t;
}

static void dense_net(net *n, int features, int classes)
{
    const tn_compile c = sparse(tn_adam(1e-3f));
    INIT(n, TN_INPUT_F(features), TN_DENSE(4, TN_TANH), TN_DENSE(classes, TN_SOFTMAX));
    net_ready(n, &c, 16);
    listen(n);
}
static void color_net(net *n, int planes)
{
    const tn_compile c = sparse(tn_adam(1e-3f));
    const tn_layer input = planes ? TN_INPUT_CHW(3, SIDE, SIDE) : TN_INPUT_HWC(SIDE, SIDE, 3);
    INIT(n, input, TN_CONV2D(2, 3, 3, TN_RELU), TN_GLOBAL_AVG_POOL2D(), TN_DENSE(3, TN_SOFTMAX));
    net_ready(n, &c, 16);
    listen(n);
}
#define FIT(n, x, y, f) DO(n, tn_model_fit, &(n)->m, x, y, f, NULL)

/* ---- scale ---- */

static void unscaled(void **state)
{
    const tn_tensor y = classes_of(12, 3), bytes = whole_of(12, 70, 0, 255), ages = whole_of(12, 5, 18, 90),
                    broken = floats_of(2, 12, 70, 0, 0);
    tn_fit f = TN_ZERO;
    double sum = 0, squares = 0;
    const tn_diag *d;
    tn_progress p;
    size_t i;
    net n;
    (void)state;
    f.epochs = 3;
    ((float *)bytes.data)[5] = 0.0f;
    ((float *)bytes.data)[77] = 255.0f;
    for (i = 0; i < 12 * 70; i++) {
        sum += (double)values(&bytes)[i] / 840;
        squares += (double)values(&bytes)[i] * (double)values(&bytes)[i] / 840;
    }
    dense_net(&n, 70, 3);
    FIT(&n, &bytes, &y, &f); /* once in three epochs */
    d = HEARS(TN_W_RANGE, TN_CAUSE_UNSCALED_BYTES, TN_AT_BIND, "x");
    numbers(d, 0, 255, (int64_t)floor(sum + 0.5), (int64_t)floor(sqrt(squares - sum * sum) + 0.5));
    assert_true(d->arg == 1 && d->received.rank == 2 && d->received.dim[1] == 70 && !d->received.data);
    assert_true(d->model == &n.m && d->layer == -1);
    HEARD_ALL(1);
    ((float *)broken.data)[100] = 255.5f;
    net_memory(&n, 7);
    FIT(&n, &broken, &y, NULL);
    numbers(HEARS(TN_W_RANGE, TN_CAUSE_UNSCALED_VALUES, TN_AT_BIND, "x"), -1, 256, 0, 9);
    HEARD_ALL(1);
    net_memory(&n, 7); /* without training to compare with, evaluate and predict look for themselves */
    DO(&n, tn_model_evaluate, &n.m, &bytes, &y, &p);
    (void)HEARS(TN_W_RANGE, TN_CAUSE_UNSCALED_BYTES, TN_AT_BIND, "x");
    HEARD_ALL(1);
    {
        const tn_tensor out = room_of(12, 3);
        DO(&n, tn_model_predict, &n.m, &out, &bytes);
    }
    assert_int_equal(HEARS(TN_W_RANGE, TN_CAUSE_UNSCALED_BYTES, TN_AT_BIND, "x")->arg, 2);
    HEARD_ALL(1);
    n.ctx.note = NULL;
    FIT(&n, &bytes, &y, NULL);
    net_free(&n);
    dense_net(&n, 5, 3); /* whole numbers, but of a table */
    FIT(&n, &ages, &y, NULL);
    (void)HEARS(TN_W_RANGE, TN_CAUSE_UNSCALED_VALUES, TN_AT_BIND, "x");
    HEARD_ALL(1);
    net_free(&n);
}

static void bounds_of_scale(void **state)
{
    static const struct { float a, b; int warns; } rows[] = {
        { 16.0f, -4.0f, 1 }, { 16.0f, 3.0f, 0 },   { 16.01f, 3.0f, 1 }, { -16.0f, -1.0f, 0 }, { -16.01f, -1.0f, 1 },
        { 8.0f, -8.0f, 0 },  { 8.01f, -8.01f, 1 }, { 3.0f, 3.0f, 0 },   { 0.0f, 0.0f, 0 },
    };
    const tn_tensor y = classes_of(6, 3);
    size_t i;
    (void)state;
    for (i = 0; i < COUNT(rows); i++) {
        const tn_tensor x = filled(6, 4, rows[i].a, rows[i].b);
        tn_progress p;
        net n;
        dense_net(&n, 4, 3);
        DO(&n, tn_model_evaluate, &n.m, &x, &y, &p);
        if (hears != rows[i].warns) fail_msg("row %d: %d warnings", (int)i, hears);
        net_free(&n);
    }
}

/* Of a large set some of each sample is looked at, and every column of some. */
static void large_sets(void **state)
{
    enum { N = 300, F = 900 };
    const tn_tensor x = floats_of(2, N, F, 0, 0), y = classes_of(N, 3);
    tn_progress p;
    net n;
    int i;
    (void)state;
    dense_net(&n, F, 3);
    DO(&n, tn_model_evaluate, &n.m, &x, &y, &p);
    HEARD_ALL(0);
    for (i = 0; i < N; i++) ((float *)x.data)[i * F + 700] = 1000.0f;
    DO(&n, tn_model_evaluate, &n.m, &x, &y, &p);
    assert_int_equal(HEARS(TN_W_RANGE, TN_CAUSE_UNSCALED_VALUES, TN_AT_BIND, "x")->number[1], 1000);
    HEARD_ALL(1);
    net_free(&n);
}

/* What scales for itself. */
static void first_layers(void **state)
{
    const tn_tensor y = classes_of(12, 3), x = whole_of(12, 70, 0, 255);
    const tn_tensor picture = tn_view(x.data, 0, 4, 12, 7, 5, 2);
    tn_tensor bytes = bytes_of(4, 12, 7, 5, 2);
    const tn_compile c = sparse(tn_adam(1e-3f));
    net n;
    (void)state;
    INIT(&n, TN_INPUT_F(70), TN_BATCH_NORM(), TN_DENSE(3, TN_SOFTMAX));
    net_ready(&n, &c, 16); listen(&n);
    FIT(&n, &x, &y, NULL);
    HEARD_ALL(0);
    net_free(&n);
    INIT(&n, TN_INPUT_HWC(7, 5, 2), TN_FLATTEN(), TN_DROPOUT(0.1f), TN_LAYER_NORM(), TN_DENSE(3, TN_SOFTMAX));
    net_ready(&n, &c, 16); listen(&n);
    FIT(&n, &picture, &y, NULL);
    HEARD_ALL(0);
    net_free(&n);
    INIT(&n, TN_INPUT_HWC(7, 5, 2), TN_RESCALING(1.0f / 64.0f, -2.0f), TN_FLATTEN(), TN_DENSE(3, TN_SOFTMAX));
    net_ready(&n, &c, 16); listen(&n);
    FIT(&n, &picture, &y, NULL);
    HEARD_ALL(0);
    FIT(&n, &bytes, &y, NULL);
    HEARD_ALL(0);
    net_free(&n);
    ((unsigned char *)bytes.data)[0] = 0;
    ((unsigned char *)bytes.data)[1] = 255;
    INIT(&n, TN_INPUT_HWC(7, 5, 2), TN_RESCALING(-2.0f, 1.0f), TN_FLATTEN(), TN_DENSE(3, TN_SOFTMAX));
    net_ready(&n, &c, 16); listen(&n);
    FIT(&n, &bytes, &y, NULL); /* a scale that leaves them large: the figures behind it */
    assert_int_equal(HEARS(TN_W_RANGE, TN_CAUSE_UNSCALED_VALUES, TN_AT_BIND, "x")->number[0], -509);
    assert_int_equal(heard[0].number[1], 1);
    assert_true(heard[0].number[2] < -200 && heard[0].number[3] > 100);
    net_free(&n);
}

/* A new model whose weights are too large says so by its first loss. */
static void first_loss(void **state)
{
    const tn_tensor x = floats_of(2, 20, 6, 0, 0), y = classes_of(20, 3);
    const tn_tensor few = rows_of(&x, 0, 7), of_few = rows_of(&y, 0, 7);
    const tn_tensor weight = filled(20, 1, 1.0f, 1.0f);
    tn_fit f = TN_ZERO;
    const tn_diag *d;
    net n;
    int i;
    (void)state;
    dense_net(&n, 6, 3);
    for (i = 0; i < 12; i++) ((float *)n.layers[2].kernel.data)[i] = i % 3 ? 40.0f : -40.0f;
    net_keep(&n);
    f.epochs = 2;
    FIT(&n, &x, &y, &f);
    d = HEARS(TN_W_RANGE, TN_CAUSE_HIGH_FIRST_LOSS, TN_AT_RUN, "x");
    assert_true(d->number[0] >= 4 && d->number[0] < 1000 && d->number[1] == 3);
    HEARD_ALL(1);
    memcpy(n.memory, n.kept, n.m.memory_size);
    n.m.step = 5; /* trained before: other data, not a scale */
    FIT(&n, &x, &y, NULL);
    HEARD_ALL(0);
    memcpy(n.memory, n.kept, n.m.memory_size);
    n.m.step = 0;
    FIT(&n, &few, &of_few, NULL); /* seven may all be off */
    HEARD_ALL(0);
    memcpy(n.memory, n.kept, n.m.memory_size);
    n.m.step = 0;
    f.sample_weight = &weight;
    FIT(&n, &x, &y, &f);
    HEARD_ALL(0);
    net_free(&n);
}

/* ---- another scale than in training ---- */

static void shifted(void **state)
{
    const tn_tensor x = floats_of(2, 16, 10, 0, 0), y = classes_of(16, 3), raw = scaled(&x, 100.0f, 100.0f),
                    moved = scaled(&x, 1.0f, 10.0f), tiny = scaled(&x, 0.01f, 0.0f), zeros = scaled(&x, 0.0f, 0.0f),
                    double_of = scaled(&x, 4.0f, 0.5f), out = room_of(16, 3);
    const tn_tensor one = rows_of(&raw, 3, 1), out_one = rows_of(&out, 0, 1), some = rows_of(&tiny, 0, 7),
                    y_some = rows_of(&y, 0, 7);
    const tn_compile again = sparse(tn_sgd(1e-3f, 0.0f));
    unsigned char saved[8000];
    size_t size = 0;
    tn_fit f = TN_ZERO;
    tn_progress p;
    const tn_diag *d;
    net n;
    (void)state;
    dense_net(&n, 10, 3);
    FIT(&n, &x, &y, NULL);
    DO(&n, tn_model_evaluate, &n.m, &x, &y, &p);
    DO(&n, tn_model_evaluate, &n.m, &double_of, &y, &p);
    DO(&n, tn_model_evaluate, &n.m, &zeros, &y, &p); /* nothing is no scale */
    DO(&n, tn_model_evaluate, &n.m, &some, &y_some, &p); /* seven may be small by chance */
    DO(&n, tn_model_predict, &n.m, &out, &x);
    HEARD_ALL(0);
    DO(&n, tn_model_evaluate, &n.m, &raw, &y, &p);
    d = HEARS(TN_W_SCALE_SHIFT, TN_CAUSE_TEST_SET_LEFT_RAW, TN_AT_BIND, "x");
    assert_true(d->number[0] == -1 && d->number[1] == 1 && d->number[2] >= 0 && d->number[3] <= 200);
    assert_non_null(strstr(d->rule, "8 times"));
    HEARD_ALL(1);
    DO(&n, tn_model_evaluate, &n.m, &moved, &y, &p);
    numbers(HEARS(TN_W_SCALE_SHIFT, TN_CAUSE_TEST_SET_LEFT_RAW, TN_AT_BIND, "x"), -1, 1, 9, 11);
    assert_non_null(strstr(heard[0].rule, "4 deviations"));
    HEARD_ALL(1);
    DO(&n, tn_model_evaluate, &n.m, &tiny, &y, &p);
    assert_non_null(strstr(HEARS(TN_W_SCALE_SHIFT, TN_CAUSE_TEST_SET_LEFT_RAW, TN_AT_BIND, "x")->rule, "1/8"));
    HEARD_ALL(1);
    DO(&n, tn_model_predict, &n.m, &out_one, &one); /* one row of ten: too few values */
    HEARD_ALL(0);
    DO(&n, tn_model_predict, &n.m, &out, &raw);
    assert_int_equal(HEARS(TN_W_SCALE_SHIFT, TN_CAUSE_TEST_SET_LEFT_RAW, TN_AT_BIND, "x")->arg, 2);
    HEARD_ALL(1);
    f.val_x = &raw;
    f.val_y = &y;
    f.epochs = 2;
    FIT(&n, &x, &y, &f);
    (void)HEARS(TN_W_SCALE_SHIFT, TN_CAUSE_TEST_SET_LEFT_RAW, TN_AT_BIND, "val_x");
    HEARD_ALL(1);
    DO(&n, tn_model_compile, &n.m, &again); /* the weights stay, and what they have seen */
    DO(&n, tn_model_evaluate, &n.m, &raw, &y, &p);
    HEARD_ALL(1);
    DO(&n, tn_model_save, &n.m, saved, sizeof saved, &size);
    DO(&n, tn_model_load, &n.m, saved, size); /* a file does not carry it */
    DO(&n, tn_model_evaluate, &n.m, &tiny, &y, &p);
    HEARD_ALL(0);
    FIT(&n, &x, &y, NULL);
    net_memory(&n, 7); /* new weights have seen nothing */
    DO(&n, tn_model_evaluate, &n.m, &tiny, &y, &p);
    HEARD_ALL(0);
    net_free(&n);
}

/* Free axes place the model anew: what was seen stays. */
static void shifted_lengths(void **state)
{
    const tn_tensor x = floats_of(3, 8, 5, 3, 0), longer = floats_of(3, 8, 9, 3, 0), y = classes_of(8, 3),
                    raw = scaled(&longer, 50.0f, 0.0f), long_input = tn_view(NULL, 0, 2, 9, 3, 0, 0);
    const tn_compile c = sparse(tn_adam(1e-3f));
    tn_progress p;
    net n;
    (void)state;
    INIT(&n, TN_INPUT_TF(TN_ANY, 3), TN_LSTM(4), TN_DENSE(3, TN_SOFTMAX));
    DO(&n, tn_model_compile, &n.m, &c);
    DO(&n, tn_model_build, &n.m, &long_input, 8);
    net_memory(&n, 7);
    listen(&n);
    FIT(&n, &x, &y, NULL);
    DO(&n, tn_model_evaluate, &n.m, &longer, &y, &p);
    HEARD_ALL(0);
    DO(&n, tn_model_evaluate, &n.m, &raw, &y, &p);
    (void)HEARS(TN_W_SCALE_SHIFT, TN_CAUSE_TEST_SET_LEFT_RAW, TN_AT_BIND, "x");
    HEARD_ALL(1);
    net_free(&n);
}

/* ---- order of axes ---- */

static void order_of_pixels(void **state)
{
    static const int sane[] = { BY_PIXELS, GRAY, NOISE, FLAT, GRAY_NOISE };
    const tn_tensor y = classes_of(20, 3), bad = pictures(20, BY_PLANES), good = pictures(20, BY_PIXELS),
                    y_few = rows_of(&y, 0, 7), few = rows_of(&bad, 0, 7);
    tn_tensor x, bytes;
    const tn_compile c = sparse(tn_adam(1e-3f));
    tn_fit f = TN_ZERO;
    tn_progress p;
    const tn_diag *d;
    tn_convert_params to_bytes = TN_ZERO;
    size_t i;
    net n;
    (void)state;
    color_net(&n, 0);
    for (i = 0; i < COUNT(sane); i++) {
        x = pictures(20, sane[i]);
        FIT(&n, &x, &y, NULL);
        if (hears) fail_msg("pictures of kind %d: %d warnings", sane[i], hears);
    }
    FIT(&n, &few, &y_few, NULL);
    HEARD_ALL(0);
    f.epochs = 2;
    f.val_x = &bad;
    f.val_y = &y;
    FIT(&n, &bad, &y, &f); /* once, not for validation again */
    d = HEARS(TN_W_LAYOUT_SUSPECT, TN_CAUSE_PLANAR_PIXELS, TN_AT_BIND, "x");
    assert_true(d->arg == 1 && d->also_cause == TN_CAUSE_TRANSPOSE_BY_RESHAPE && d->received.dim[3] == 3);
    HEARD_ALL(1);
    x = bad;
    x.axes = 0; /* unnamed: N, H, W, C */
    DO(&n, tn_model_evaluate, &n.m, &x, &y, &p);
    (void)HEARS(TN_W_LAYOUT_SUSPECT, TN_CAUSE_PLANAR_PIXELS, TN_AT_BIND, "x");
    HEARD_ALL(1);
    FIT(&n, &good, &y, &f);
    (void)HEARS(TN_W_LAYOUT_SUSPECT, TN_CAUSE_PLANAR_PIXELS, TN_AT_BIND, "val_x");
    HEARD_ALL(1);
    net_free(&n);
    color_net(&n, 1); /* N, C, H, W: the other way about */
    x = good;
    x.axes = TN_NCHW;
    x.dim[1] = 3; x.dim[3] = SIDE;
    FIT(&n, &x, &y, NULL);
    (void)HEARS(TN_W_LAYOUT_SUSPECT, TN_CAUSE_TRANSPOSE_BY_RESHAPE, TN_AT_BIND, "x");
    HEARD_ALL(1);
    x.data = bad.data;
    FIT(&n, &x, &y, NULL);
    HEARD_ALL(0);
    net_free(&n);
    INIT(&n, TN_INPUT_HWC(SIDE, SIDE, 3), TN_RESCALING(1.0f / 64.0f, -2.0f), TN_FLATTEN(), TN_DENSE(3, TN_SOFTMAX));
    net_ready(&n, &c, 16); listen(&n);
    bytes = tn_as(bad, TN_U8);
    bytes.data = block(20 * PICTURE / 4);
    to_bytes.scale = 200.0f;
    to_bytes.offset = 128.0f;
    MUST(tn_convert(NULL, &bytes, &bad, &to_bytes));
    FIT(&n, &bytes, &y, NULL);
    (void)HEARS(TN_W_LAYOUT_SUSPECT, TN_CAUSE_PLANAR_PIXELS, TN_AT_BIND, "x");
    HEARD_ALL(1);
    net_free(&n);
}

/* The refusal of flattened pictures knows which reshape is right, where the values show it. */
static void flattened_pictures(void **state)
{
    static const struct { int kind, cause; } rows[] = {
        { BY_PLANES, TN_CAUSE_PLANAR_ROWS },
        { BY_PIXELS, TN_CAUSE_INTERLEAVED_ROWS },
        { GRAY, TN_CAUSE_INTERLEAVED_ROWS },
        { NOISE, 0 },
        { FLAT, 0 },
        { GRAY_NOISE, 0 },
    };
    const tn_tensor y = classes_of(20, 3);
    char text[2000];
    size_t i;
    net n;
    (void)state;
    color_net(&n, 0);
    for (i = 0; i < COUNT(rows); i++) {
        const tn_tensor whole = pictures(20, rows[i].kind), flat = tn_view(whole.data, 0, 2, 20, PICTURE, 0, 0),
                        row = tn_view(whole.data, 0, 1, 20 * PICTURE, 0, 0, 0);
        REFUSED(&n, TN_E_RANK, TN_CAUSE_FLATTENED_IMAGE, TN_AT_BIND, tn_model_fit, &n.m, &flat, &y, NULL, NULL);
        assert_true(n.diag.also_cause == rows[i].cause && n.diag.also_status == 0 && n.diag.number[0] == PICTURE);
        tn_diag_format(&n.diag, TN_FULL, text, sizeof text);
        assert_true((strstr(text, "the values look planar") != NULL) == (rows[i].cause == TN_CAUSE_PLANAR_ROWS));
        assert_true((strstr(text, "interleaved") != NULL) == (rows[i].cause == TN_CAUSE_INTERLEAVED_ROWS));
        REFUSED(&n, TN_E_RANK, TN_CAUSE_FLAT_ARRAY, TN_AT_BIND, tn_model_fit, &n.m, &row, &y, NULL, NULL);
        assert_int_equal(n.diag.also_cause, rows[i].cause);
    }
    {
        const tn_tensor nothing = tn_view(NULL, 0, 2, 20, PICTURE, 0, 0);
        n.ctx.query = 1; /* shapes alone */
        REFUSED(&n, TN_E_RANK, TN_CAUSE_FLATTENED_IMAGE, TN_AT_BIND, tn_model_fit, &n.m, &nothing, &y, NULL, NULL);
        assert_int_equal(n.diag.also_cause, 0);
        n.ctx.query = 0;
    }
    HEARD_ALL(0);
    net_free(&n);
}

/* ---- labels, weights of classes, the head ---- */

static void targets(void **state)
{
    const tn_compile c = compiled(TN_CATEGORICAL_CROSSENTROPY, TN_PROBABILITIES, tn_adam(1e-3f));
    const tn_tensor x = floats_of(2, 12, 5, 0, 0), good = rows_that_sum_to(12, 4, 1.0f),
                    twice = rows_that_sum_to(12, 4, 2.5f);
    tn_progress p;
    net n;
    int i;
    (void)state;
    INIT(&n, TN_INPUT_F(5), TN_DENSE(4, TN_SOFTMAX));
    net_ready(&n, &c, 4); listen(&n);
    for (i = 0; i < 16; i++) ((float *)good.data)[i] = i % 5 == 0; /* one-hot rows among smooth ones */
    FIT(&n, &x, &good, NULL);
    ((float *)good.data)[40] += 0.005f; /* rounding is no mistake */
    FIT(&n, &x, &good, NULL);
    HEARD_ALL(0);
    ((float *)good.data)[41] += 0.5f;
    FIT(&n, &x, &good, NULL);
    assert_true(HEARS(TN_W_RANGE, TN_CAUSE_TARGETS_NOT_PROBABILITIES, TN_AT_BIND, "y")->number[0] == 10);
    assert_true(heard[0].number[1] >= 150 && heard[0].number[1] <= 151 && heard[0].arg == 2);
    HEARD_ALL(1);
    DO(&n, tn_model_evaluate, &n.m, &x, &twice, &p);
    numbers(HEARS(TN_W_RANGE, TN_CAUSE_TARGETS_NOT_PROBABILITIES, TN_AT_BIND, "y"), 0, 250, 0, 0);
    HEARD_ALL(1);
    net_free(&n);
}

static void class_weights(void **state)
{
    const tn_tensor x = floats_of(2, 12, 5, 0, 0), y = classes_of(12, 4), w = filled(4, 1, 1.0f, 0.5f);
    const tn_tensor weight = tn_view(w.data, 0, 1, 4, 0, 0, 0), short_weight = tn_view(w.data, 0, 1, 3, 0, 0, 0);
    tn_compile c = sparse(tn_adam(1e-3f));
    net n;
    (void)state;
    INIT(&n, TN_INPUT_F(5), TN_DENSE(4, TN_SOFTMAX));
    c.class_weight = &weight;
    net_ready(&n, &c, 4); listen(&n);
    FIT(&n, &x, &y, NULL);
    HEARD_ALL(0);
    ((float *)w.data)[2] = 0.0f;
    FIT(&n, &x, &y, NULL);
    numbers(HEARS(TN_W_RANGE, TN_CAUSE_CLASS_WEIGHT_ZERO, TN_AT_BIND, "compile->class_weight"), 2, 0, 0, 0);
    HEARD_ALL(1);
    ((float *)w.data)[1] = 0.0f;
    FIT(&n, &x, &y, NULL);
    numbers(HEARS(TN_W_RANGE, TN_CAUSE_CLASS_WEIGHT_ZERO, TN_AT_BIND, "compile->class_weight"), 1, 1, 0, 0);
    HEARD_ALL(1);
    c.class_weight = &short_weight; /* a class without one */
    REFUSED(&n, TN_E_LABEL_CLASSES, TN_CAUSE_CLASS_WEIGHT_MISSING, -1, tn_model_compile, &n.m, &c);
    assert_true(n.diag.number[0] == 3 && n.diag.number[1] == 4);
    net_free(&n);
}

static void heads(void **state)
{
    static const struct { int line, loss, from, last, behind, cause, layer; } rows[] = {
#define HEAD(...) { __LINE__, __VA_ARGS__ }
        HEAD(TN_SPARSE_CATEGORICAL_CROSSENTROPY, TN_PROBABILITIES, TN_SOFTMAX, -1, 0, 0),
        HEAD(TN_SPARSE_CATEGORICAL_CROSSENTROPY, TN_LOGITS, TN_LINEAR, -1, 0, 0),
        HEAD(TN_SPARSE_CATEGORICAL_CROSSENTROPY, TN_LOGITS, TN_SOFTMAX, -1, TN_CAUSE_SOFTMAX_TWICE, 1),
        HEAD(TN_SPARSE_CATEGORICAL_CROSSENTROPY, TN_PROBABILITIES, TN_LINEAR, -1, TN_CAUSE_LOGITS_AS_PROBABILITIES, 1),
        HEAD(TN_SPARSE_CATEGORICAL_CROSSENTROPY, TN_PROBABILITIES, TN_LINEAR, TN_SOFTMAX, 0, 0),
        HEAD(TN_SPARSE_CATEGORICAL_CROSSENTROPY, TN_PROBABILITIES, TN_SOFTMAX, TN_LINEAR, 0, 0),
        HEAD(TN_SPARSE_CATEGORICAL_CROSSENTROPY, TN_PROBABILITIES, TN_SOFTMAX, TN_SOFTMAX, TN_CAUSE_SOFTMAX_TWICE, 1),
        HEAD(TN_SPARSE_CATEGORICAL_CROSSENTROPY, TN_LOGITS, TN_LINEAR, TN_SOFTMAX, TN_CAUSE_SOFTMAX_TWICE, 3),
        HEAD(TN_BINARY_CROSSENTROPY, TN_PROBABILITIES, TN_SIGMOID, -1, 0, 0),
        HEAD(TN_BINARY_CROSSENTROPY, TN_LOGITS, TN_SIGMOID, -1, TN_CAUSE_SOFTMAX_TWICE, 1),
        HEAD(TN_BINARY_CROSSENTROPY, TN_PROBABILITIES, TN_LINEAR, -1, TN_CAUSE_LOGITS_AS_PROBABILITIES, 1),
        HEAD(TN_BINARY_CROSSENTROPY, TN_PROBABILITIES, TN_HARD_SIGMOID, -1, 0, 0),
        HEAD(TN_MEAN_SQUARED_ERROR, TN_PROBABILITIES, TN_LINEAR, -1, 0, 0),
        HEAD(TN_MEAN_SQUARED_ERROR, TN_PROBABILITIES, TN_SOFTMAX, -1, 0, 0),
    };
    const tn_tensor x = floats_of(2, 6, 5, 0, 0), classes = classes_of(6, 4), row = filled(6, 4, 0.0f, 1.0f);
    size_t i;
    (void)state;
    for (i = 0; i < COUNT(rows); i++) {
        const tn_compile c = compiled(rows[i].loss, rows[i].from, tn_adam(1e-3f));
        const tn_layer list[] = { TN_INPUT_F(5), TN_DENSE(3, TN_TANH), TN_DENSE(4, rows[i].last), TN_DROPOUT(0.1f),
                                  TN_ACTIVATION(rows[i].behind) };
        tn_fit f = TN_ZERO;
        net n;
        f.epochs = 2;
        net_init(&n, list, rows[i].behind < 0 ? 3 : 5);
        net_ready(&n, &c, 4); listen(&n);
        FIT(&n, &x, rows[i].loss == TN_SPARSE_CATEGORICAL_CROSSENTROPY ? &classes : &row, &f);
        all_heard(rows[i].cause != 0, rows[i].line);
        if (rows[i].cause) {
            const tn_diag *const d = hears_of(TN_W_SOFTMAX_ONE, rows[i].cause, TN_AT_BIND, NULL, rows[i].line);
            if (d->layer != rows[i].layer) fail_msg("line %d: layer %d", rows[i].line, (int)d->layer);
        }
        net_free(&n);
    }
}

/* Labels that are refused say which one is wrong. */
static void labels_refused(void **state)
{
    const tn_tensor x = floats_of(2, 20, 5, 0, 0), rows = rows_that_sum_to(20, 3, 1.0f);
    tn_tensor y = tn_view(block(20), TN_N, 1, 20, 0, 0, 0);
    float *const v = (float *)y.data;
    net n;
    int i;
    (void)state;
    dense_net(&n, 5, 3);
#define LABELS(at, value, code, cause, a, b, c, d)                                                      \
    do {                                                                                                \
        for (i = 0; i < 20; i++) v[i] = (float)(i % 3);                                                 \
        v[at] = value;                                                                                  \
        REFUSED(&n, code, cause, TN_AT_BIND, tn_model_fit, &n.m, &x, &y, NULL, NULL);                   \
        numbers(&n.diag, a, b, c, d);                                                                   \
    } while (0)
    LABELS(17, NAN, TN_E_LABEL_FORM, TN_CAUSE_LABELS_WITH_NOTHING, 17, 0, 0, 0);
    LABELS(3, 1.7f, TN_E_LABEL_FORM, TN_CAUSE_LABELS_FRACTIONAL, 3, 0, 0, 0);
    LABELS(11, 3.0f, TN_E_LABEL_RANGE, TN_CAUSE_LABEL_BEYOND_OUTPUT, 11, 3, 3, 1);
    LABELS(12, -1.0f, TN_E_LABEL_RANGE, TN_CAUSE_LABEL_NEGATIVE, 12, -1, 3, 1);
    for (i = 0; i < 20; i++) v[i] = (float)(i % 3 + 1);
    REFUSED(&n, TN_E_LABEL_RANGE, TN_CAUSE_LABEL_ONE_BASED, TN_AT_BIND, tn_model_fit, &n.m, &x, &y, NULL, NULL);
    assert_true(n.diag.number[0] == 1 && n.diag.number[1] == 3);
    REFUSED(&n, TN_E_LABEL_FORM, TN_CAUSE_ONEHOT_WITH_SPARSE, TN_AT_BIND, tn_model_fit, &n.m, &x, &rows, NULL, NULL);
    HEARD_ALL(0);
    net_free(&n);
}

/* ---- losses that are not finite ---- */

static void row_net(net *n, float lr)
{
    const tn_compile c = squares(tn_sgd(lr, 0.0f));
    INIT(n, TN_INPUT_F(5), TN_DENSE(4, TN_LINEAR), TN_DENSE(2, TN_LINEAR));
    net_ready(n, &c, 8);
    listen(n);
}

static void not_finite_data(void **state)
{
    static const float bad[] = { NAN, INFINITY, -INFINITY };
    const tn_tensor x = floats_of(2, 40, 5, 0, 0), y = floats_of(2, 40, 2, 0, 0), w = filled(40, 1, 1.0f, 2.0f);
    tn_fit f = TN_ZERO;
    size_t i;
    net n;
    (void)state;
    f.epochs = 3;
    f.seed = 5;
    for (i = 0; i < 6; i++) {
        float *const at = (float *)x.data + 17 * 5 + 3, was = *at;
        row_net(&n, 1e-3f);
        f.no_shuffle = i >= 3;
        *at = bad[i % 3];
        FIT(&n, &x, &y, &f); /* a sample's index in x, in whatever order they came */
        numbers(HEARS(TN_W_RANGE, TN_CAUSE_NAN_IN_X, TN_AT_RUN, "x"), 17, 3, 0, 0);
        HEARD_ALL(1);
        *at = was;
        net_free(&n);
    }
    row_net(&n, 1e-3f);
    f.no_shuffle = 0;
    ((float *)y.data)[23 * 2 + 1] = NAN;
    FIT(&n, &x, &y, &f);
    numbers(HEARS(TN_W_RANGE, TN_CAUSE_LABELS_WITH_NOTHING, TN_AT_RUN, "y"), 23, 1, 0, 0);
    HEARD_ALL(1);
    net_free(&n);
    row_net(&n, 1e-3f);
    ((float *)y.data)[23 * 2 + 1] = 0.5f;
    ((float *)w.data)[31] = NAN;
    f.sample_weight = &w;
    FIT(&n, &x, &y, &f);
    numbers(HEARS(TN_W_RANGE, TN_CAUSE_NAN_IN_X, TN_AT_RUN, "sample_weight"), 31, 0, 0, 0);
    HEARD_ALL(1);
    n.ctx.note = NULL;
    FIT(&n, &x, &y, &f); /* nobody listens */
    net_free(&n);
}

static void diverged(void **state)
{
    static const struct { float lr; int64_t part, whole; } rows[] = { { 100.0f, 0, 100 }, { 0.5f, 2, 0 } };
    const tn_tensor x = floats_of(2, 40, 5, 0, 0), y = floats_of(2, 40, 2, 0, 0), large = scaled(&x, 1e30f, 0.0f),
                    large_y = scaled(&y, 1e30f, 0.0f), wide = scaled(&x, 15.0f, 0.0f);
    tn_fit f = TN_ZERO;
    const tn_diag *d;
    char text[2000];
    size_t i;
    net n;
    (void)state;
    f.epochs = 20;
    for (i = 0; i < COUNT(rows); i++) {
        row_net(&n, rows[i].lr);
        FIT(&n, &wide, &y, &f);
        d = HEARS(TN_W_RANGE, TN_CAUSE_DIVERGED, TN_AT_RUN, "x");
        assert_true(d->number[0] > 0 && d->number[0] < 100 && d->number[1] == rows[i].part);
        assert_int_equal(d->number[2], rows[i].whole);
        tn_diag_format(d, TN_FULL, text, sizeof text);
        assert_non_null(strstr(text, rows[i].part ? "lr is about 1/2:" : "lr is about 100:"));
        net_free(&n);
        hears = 0;
    }
    row_net(&n, 1e-3f);
    FIT(&n, &large, &y, NULL); /* the very first loss: no step is to blame */
    (void)HEARS(TN_W_RANGE, TN_CAUSE_UNSCALED_VALUES, TN_AT_RUN, "x");
    (void)HEARS(TN_W_RANGE, TN_CAUSE_UNSCALED_VALUES, TN_AT_BIND, "x");
    HEARD_ALL(2);
    net_free(&n);
    row_net(&n, 1e-3f);
    FIT(&n, &x, &large_y, NULL);
    (void)HEARS(TN_W_RANGE, TN_CAUSE_UNSCALED_VALUES, TN_AT_RUN, "y");
    HEARD_ALL(1);
    net_free(&n);
    row_net(&n, 1e-3f);
    ((float *)n.layers[2].kernel.data)[6] = NAN;
    FIT(&n, &x, &y, NULL);
    d = HEARS(TN_W_RANGE, TN_CAUSE_NAN_IN_WEIGHTS, TN_AT_RUN, "kernel");
    assert_true(d->layer == 1 && d->line == n.layers[2].line);
    numbers(d, 6, 0, 0, 0);
    HEARD_ALL(1);
    net_free(&n);
}

/* ---- sources ---- */

typedef struct { const tn_tensor *x, *y; int at, rows; } feed;
static int next_batch(void *user, tn_tensor *x, tn_tensor *y)
{
    feed *const s = (feed *)user;
    const int left = s->x->dim[0] - s->at, rows = left < s->rows ? left : s->rows;
    tn_tensor from_x, from_y;
    if (!rows) { s->at = 0; return 0; }
    from_x = rows_of(s->x, s->at, rows);
    from_y = rows_of(s->y, s->at, rows);
    memcpy(x->data, from_x.data, tn_bytes(&from_x));
    memcpy(y->data, from_y.data, tn_bytes(&from_y));
    s->at += rows;
    return rows;
}

/* A source is looked at with its first batch. */
static void sources(void **state)
{
    const tn_tensor x = floats_of(2, 40, 5, 0, 0), y = floats_of(2, 40, 2, 0, 0), raw = scaled(&x, 100.0f, 0.0f);
    feed s = { NULL, NULL, 0, 8 };
    tn_source source = TN_ZERO;
    tn_fit f = TN_ZERO;
    net n;
    (void)state;
    s.x = &x; s.y = &y;
    source.x = tn_view(NULL, 0, 2, 8, 5, 0, 0);
    source.y = tn_view(NULL, 0, 2, 8, 2, 0, 0);
    source.next = next_batch;
    source.user = &s;
    f.source = &source;
    f.epochs = 2;
    f.val_x = &raw;
    f.val_y = &y;
    row_net(&n, 1e-6f);
    FIT(&n, NULL, NULL, &f);
    (void)HEARS(TN_W_SCALE_SHIFT, TN_CAUSE_TEST_SET_LEFT_RAW, TN_AT_BATCH, "val_x");
    HEARD_ALL(1);
    s.x = &raw;
    FIT(&n, NULL, NULL, &f);
    assert_int_equal(HEARS(TN_W_RANGE, TN_CAUSE_UNSCALED_VALUES, TN_AT_BATCH, "source x")->arg, 3);
    HEARD_ALL(1);
    s.x = &x;
    f.val_x = f.val_y = NULL;
    ((float *)x.data)[27 * 5 + 4] = NAN;
    FIT(&n, NULL, NULL, &f);
    numbers(HEARS(TN_W_RANGE, TN_CAUSE_NAN_IN_X, TN_AT_RUN, "source x"), 27, 4, 0, 0); /* as the source counts them */
    HEARD_ALL(1);
    net_free(&n);
}

/* ---- nothing to say ---- */

static void sane(void **state)
{
    static const int counts[] = { 1, 2, 3, 7, 8, 40, 200 };
    const tn_compile classes = sparse(tn_adam(1e-3f)), rows = squares(tn_adam(1e-3f));
    size_t i;
    int k;
    (void)state;
    for (i = 0; i < COUNT(counts); i++)
        for (k = 0; k < 5; k++) { /* 0 to 1, standardised, binary columns, one column alone, a constant column */
            const int N = counts[i], F = k == 3 ? 1 : 10;
            const tn_tensor x = tn_view(block((size_t)(N * F)), 0, 2, N, F, 0, 0), y = classes_of(N, 3);
            const tn_tensor out = room_of(N, 3);
            tn_fit f = TN_ZERO;
            tn_progress p;
            net n;
            int j;
            for (j = 0; j < N * F; j++) {
                float v = random_float(0.0f, 1.0f);
                if (k == 1) v = random_float(-1, 1) + random_float(-1, 1) + random_float(-1, 1) + random_float(-1, 1);
                if (k == 2) v = v < 0.1f;
                if (k == 4 && j % F == 2) v = 5.0f;
                ((float *)x.data)[j] = v;
            }
            dense_net(&n, F, 3);
            f.epochs = 2;
            f.val_x = &x;
            f.val_y = &y;
            FIT(&n, &x, &y, &f);
            DO(&n, tn_model_evaluate, &n.m, &x, &y, &p);
            DO(&n, tn_model_predict, &n.m, &out, &x);
            if (hears) fail_msg("%d samples, kind %d: %s", N, k, tn_cause_name(heard[0].cause));
            net_free(&n);
        }
    {
        const tn_tensor series = floats_of(3, 30, 7, 3, 0), two = floats_of(2, 30, 2, 0, 0);
        const tn_tensor images = bytes_of(4, 9, 13, 11, 3), four = classes_of(9, 4);
        net n;
        series_net(&n);
        net_ready(&n, &rows, 8); listen(&n);
        FIT(&n, &series, &two, NULL);
        HEARD_ALL(0);
        net_free(&n);
        picture_net(&n);
        net_ready(&n, &classes, 8); listen(&n);
        FIT(&n, &images, &four, NULL);
        HEARD_ALL(0);
        net_free(&n);
    }
}

/* Warnings change nothing: the same weights whether anyone listens or not. */
static void the_same_weights(void **state)
{
    const tn_tensor x = whole_of(20, 70, 0, 255), y = classes_of(20, 3);
    net a, b;
    (void)state;
    dense_net(&a, 70, 3);
    dense_net(&b, 70, 3);
    b.ctx.note = NULL;
    FIT(&a, &x, &y, NULL);
    FIT(&b, &x, &y, NULL);
    assert_true(hears > 0 && net_same(&a, &b));
    net_free(&a);
    net_free(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(unscaled), TEST(bounds_of_scale), TEST(large_sets), TEST(first_layers), TEST(first_loss), TEST(shifted),
        TEST(shifted_lengths), TEST(order_of_pixels), TEST(flattened_pictures), TEST(targets), TEST(class_weights),
        TEST(heads), TEST(labels_refused), TEST(not_finite_data), TEST(diverged), TEST(sources), TEST(sane),
        TEST(the_same_weights),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
