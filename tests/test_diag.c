/* tests/test_diag.c - the diagnostic record: its texts, its JSON, what is inferred from two shapes, the names of
 * codes and causes. */
#include "test.h"

static tn_tensor shape_of(int32_t axes, int32_t rank, int64_t a, int64_t b, int64_t c, int64_t d)
{
    return tn_view(NULL, axes, rank, a, b, c, d);
}

static tn_diag record(int32_t status, int32_t arg, const char *role, const char *rule)
{
    tn_diag d;
    memset(&d, 0, sizeof d);
    d.status = status; d.arg = arg; d.role = role; d.rule = rule;
    d.layer = -1;
    d.expected.rank = d.received.rank = -1;
    return d;
}

/* tn_dense on x[N,100] with a w of 96 rows */
static tn_diag wrong_weights(void)
{
    tn_diag d = record(TN_E_FEATURES, 2, "w[I,O]", "I of w must equal I of x");
    d.call = "tn_dense"; d.file = "net.c"; d.line = 42; d.args = "&y, &x, &layer[1].w, NULL, NULL";
    d.expected = shape_of(0, 2, 100, TN_ANY, 0, 0);
    d.received = shape_of(0, 2, 96, 10, 0, 0);
    d.axes_differ = 1;
    return d;
}

static tn_diag flattened_images(void)
{
    tn_diag d = record(TN_E_RANK, 1, "x", NULL);
    d.stage = TN_AT_BIND;
    d.call = "tn_model_fit";
    d.model_name = "sequential";
    d.layer = 0;
    d.layer_name = "conv2d_0";
    d.args = "&m, &images, &labels, &f, NULL";
    d.expected = shape_of(TN_NHWC, 4, TN_ANY, 32, 32, 3);
    d.received = tn_as(shape_of(0, 2, 50000, 3072, 0, 0), TN_U8);
    d.cause = tni_infer(&d.expected, &d.received, d.number);
    return d;
}

/* Two findings at once: colour and size. */
static tn_diag wrong_image(void)
{
    tn_diag d = record(TN_E_CHANNELS, 2, "x[N,H,W,C]", "C of x must equal C of w");
    int64_t unused[4];
    d.call = "tn_conv2d";
    d.expected = shape_of(TN_NHWC, 4, TN_ANY, 28, 28, 1);
    d.received = shape_of(0, 4, 1, 25, 25, 3);
    d.axes_differ = 2 | 4 | 8;
    d.cause = tni_infer_axes(&d.expected, &d.received, 8, d.number);
    d.also_status = TN_E_SPATIAL;
    d.also_cause = tni_infer_axes(&d.expected, &d.received, 2 | 4, unused);
    return d;
}

static tn_layer net[3];
static tn_model small_model;

static tn_diag dense_on_maps(void)
{
    tn_diag d = record(TN_E_DENSE_SPATIAL, -1, NULL, NULL);
    memset(net, 0, sizeof net);
    memset(&small_model, 0, sizeof small_model);
    net[0].kind = TN_LAYER_INPUT;
    net[0].output = shape_of(TN_NHWC, 4, TN_ANY, 32, 32, 3);
    net[1].kind = TN_LAYER_CONV2D;
    net[1].units = 32;
    net[1].window.size_h = net[1].window.size_w = 3;
    net[1].activation = TN_RELU;
    net[1].output = shape_of(TN_NHWC, 4, TN_ANY, 30, 30, 32);
    net[2].kind = TN_LAYER_DENSE; net[2].units = 10; net[2].activation = TN_SOFTMAX;
    small_model.name = "digits"; small_model.layers = net; small_model.count = 3;
    d.stage = TN_AT_BUILD; d.model = &small_model; d.layer = 1;
    d.expected = shape_of(TN_NF, 2, TN_ANY, TN_ANY, 0, 0);
    d.received = net[1].output;
    d.cause = tni_infer(&d.expected, &d.received, d.number);
    return d;
}

/* Strings that break a careless writer. */
static tn_diag hostile(void)
{
    tn_diag d = wrong_weights();
    d.file = "C:\\new \"dir\"\\\t\n\x01.c";
    d.call = "\xc3\xa9t\xc3\xa9 \xff\xc0\xaf\xed\xa0\x80\xf4\x90\x80\x80 \xf0\x9f\x99\x82";
    d.args = "&y, f(\"a, b\\\"\", ',', '\\''), \"x\" \"y\\\\\", q";
    d.model_name = "m\nn"; d.layer_name = "\xe2\x82"; d.layer = 1;
    return d;
}

static tn_diag garbage(void)
{
    tn_diag d;
    memset(&d, 0x5a, sizeof d);
    d.call = d.role = d.file = d.args = d.rule = d.model_name = d.layer_name = NULL;
    d.model = NULL;
    return d;
}

static tn_diag zeroed(void) { tn_diag d; memset(&d, 0, sizeof d); return d; }

static tn_diag (*const records[])(void) = { wrong_weights, flattened_images, wrong_image, dense_on_maps,
                                            hostile,       garbage,          zeroed };

static void expect_text(const tn_diag *d, int32_t form, const char *want)
{
    char text[8192];
    assert_int_equal(tn_diag_format(d, form, text, sizeof text), strlen(want));
    assert_string_equal(text, want);
}

static void expect_line(tn_diag d, const char *args, int32_t arg, const char *words) /* one argument, as spelled */
{
    char text[1024];
    d.args = args; d.arg = arg;
    tn_diag_format(&d, TN_LINE, text, sizeof text);
    if (!strstr(text, words)) fail_msg("\"%s\" has no \"%s\"", text, words);
}

/* ---- texts ---- */

static void a_kernel_call_in_full(void **state)
{
    tn_diag d = wrong_weights();
    (void)state;
    expect_text(&d, TN_FULL,
                "tenon: TN_E_FEATURES at CALL\n"
                "  where     net.c:42: tn_dense, argument 3 `&layer[1].w`, w[I,O]\n"
                "  expected  (I=100, O)    rank 2  float32\n"
                "  received  (I=96, O=10)  rank 2  float32\n"
                "  differs   I: wanted 100, got 96\n"
                "  rule      I of w must equal I of x\n"
                "  fix       make the two lengths equal: the data's columns, or the layer's inputs or units");
}

static void a_kernel_call_in_one_line(void **state)
{
    tn_diag d = wrong_weights();
    (void)state;
    expect_text(&d, TN_LINE, "net.c:42: tn_dense: argument 3 `&layer[1].w`, w[I,O]: I (axis 0) is 96, must be 100: "
                             "I of w must equal I of x [TN_E_FEATURES]");
    d.file = d.args = NULL;
    expect_text(
        &d, TN_LINE,
        "tn_dense: argument 3, w[I,O]: I (axis 0) is 96, must be 100: I of w must equal I of x [TN_E_FEATURES]");
    d.role = "w";
    expect_text(&d, TN_LINE,
                "tn_dense: argument 3, w: axis 0 is 96, must be 100: I of w must equal I of x [TN_E_FEATURES]");
    d.received.rank = 3;
    d.axes_differ = 0;
    expect_text(&d, TN_LINE, "tn_dense: argument 3, w: rank is 3, must be 2: I of w must equal I of x [TN_E_FEATURES]");
    d = record(TN_E_NULL, 0, "y[N,O]", "must not be NULL");
    d.call = "tn_dense";
    expect_text(&d, TN_LINE, "tn_dense: argument 1, y[N,O]: must not be NULL [TN_E_NULL]");
    d = record(TN_E_ARG, 5, "p->groups", "groups must divide C");
    d.call = "tn_conv2d"; d.number[0] = 7;
    expect_text(&d, TN_LINE, "tn_conv2d: argument 6, p->groups: is 7: groups must divide C [TN_E_ARG]");
}

static void flattened_images_in_full(void **state)
{
    tn_diag d = flattened_images();
    (void)state;
    expect_text(
        &d, TN_FULL,
        "tenon: TN_E_RANK (flattened-image) at BIND\n"
        "  where     tn_model_fit, argument 2 `&images`, x -> model \"sequential\", layer 0 \"conv2d_0\"\n"
        "  expected  (N, H=32, W=32, C=3)  rank 4  float32\n"
        "  received  (50000, 3072)         rank 2  uint8\n"
        "  cause     each row has 3072 values and 32*32*3 = 3072: `&images` holds flattened images\n"
        "  fix       if the planes stand one after the other (RRR GGG BBB, as in the CIFAR-10 files):\n"
        "              int32_t dim[] = {50000, 3, 32, 32}; tn_reshape(&ctx, &t, &images, 4, dim); t.axes = TN_NCHW;\n"
        "              tn_transpose(&ctx, &nhwc, &t, NULL) -> (N=50000, H=32, W=32, C=3)\n"
        "            if each pixel's channels stand together:\n"
        "              int32_t dim[] = {50000, 32, 32, 3}; tn_reshape(&ctx, &t, &images, 4, dim) -> (N=50000, H=32, "
        "W=32, C=3)");
    d.expected = shape_of(TN_NHWC, 4, TN_ANY, 32, 96, 1); /* gray: one order only */
    d.cause = tni_infer(&d.expected, &d.received, d.number);
    d.args = NULL;
    expect_text(&d, TN_FULL,
                "tenon: TN_E_RANK (flattened-image) at BIND\n"
                "  where     tn_model_fit, argument 2, x -> model \"sequential\", layer 0 \"conv2d_0\"\n"
                "  expected  (N, H=32, W=96, C=1)  rank 4  float32\n"
                "  received  (50000, 3072)         rank 2  uint8\n"
                "  cause     each row has 3072 values and 32*96*1 = 3072: x holds flattened images\n"
                "  fix       int32_t dim[] = {50000, 32, 96, 1}; tn_reshape(&ctx, &t, &x, 4, dim) -> (N=50000, H=32, "
                "W=96, C=1)");
}

static void a_single_image_in_full(void **state)
{
    tn_diag d = flattened_images();
    (void)state;
    d.args = NULL;
    d.expected = shape_of(TN_NHWC, 4, TN_ANY, 32, 48, 3);
    d.received = shape_of(0, 3, 32, 48, 3, 0);
    d.cause = tni_infer(&d.expected, &d.received, d.number);
    expect_text(&d, TN_FULL,
                "tenon: TN_E_RANK (missing-batch-axis) at BIND\n"
                "  where     tn_model_fit, argument 2, x -> model \"sequential\", layer 0 \"conv2d_0\"\n"
                "  expected  (N, H=32, W=48, C=3)  rank 4  float32\n"
                "  received  (32, 48, 3)           rank 3  float32\n"
                "  cause     x has exactly the shape of one sample: the batch axis is missing\n"
                "  fix       tn_expand(&ctx, &t, &x, 0) -> (N=1, H=32, W=48, C=3)\n"
                "            or view one row of the whole: tn_rows(&ctx, &t, &all, i, 1); one label goes with it");
    d.expected = shape_of(TN_NHWC, 4, TN_ANY, 32, 48, 1);
    d.received = shape_of(0, 3, 100, 32, 48, 0);
    d.cause = tni_infer(&d.expected, &d.received, d.number);
    expect_text(&d, TN_FULL,
                "tenon: TN_E_RANK (missing-channel-axis) at BIND\n"
                "  where     tn_model_fit, argument 2, x -> model \"sequential\", layer 0 \"conv2d_0\"\n"
                "  expected  (N, H=32, W=48, C=1)  rank 4  float32\n"
                "  received  (100, 32, 48)         rank 3  float32\n"
                "  cause     samples, height and width stand there: the channel axis is missing\n"
                "  fix       tn_expand(&ctx, &t, &x, -1) -> (N=100, H=32, W=48, C=1); no data is moved");
}

static void two_findings_in_one_record(void **state)
{
    tn_diag d = wrong_image();
    (void)state;
    expect_text(&d, TN_FULL,
                "tenon: TN_E_CHANNELS (rgb-into-gray) + TN_E_SPATIAL (resize-needed) at CALL\n"
                "  where     tn_conv2d, argument 3, x[N,H,W,C]\n"
                "  expected  (N, H=28, W=28, C=1)    rank 4  float32\n"
                "  received  (N=1, H=25, W=25, C=3)  rank 4  float32\n"
                "  differs   H: wanted 28, got 25; W: wanted 28, got 25; C: wanted 1, got 3\n"
                "  cause     the images are RGB (3 channels) where grayscale (1) is wanted\n"
                "            the images are 25x25 (height x width) where 28x28 are wanted\n"
                "  fix       load the images as grayscale\n"
                "            or tn_rgb_to_gray(&ctx, &t, &x): 0.299 R + 0.587 G + 0.114 B\n"
                "            or make the layer for 3 channels\n"
                "            tn_resize(&ctx, &t, &x, NULL) with t of height 28 and width 28\n"
                "            or declare the input for 25x25");
    expect_text(&d, TN_LINE,
                "tn_conv2d: argument 3, x[N,H,W,C]: H (axis 1) is 25, must be 28; W (axis 2) is 25, must be 28; C "
                "(axis 3) is 3, "
                "must be 1: C of x must equal C of w [TN_E_CHANNELS, rgb-into-gray; TN_E_SPATIAL, resize-needed]");
}

static void a_model_names_its_layers_and_traces_shapes(void **state)
{
    tn_diag d = dense_on_maps();
    (void)state;
    expect_text(&d, TN_FULL,
                "tenon: TN_E_DENSE_SPATIAL (no-flatten) at BUILD\n"
                "  where     model \"digits\", layer 1 dense(10, softmax) \"dense_1\"\n"
                "  expected  (N, F)                 rank 2  float32\n"
                "  received  (N, H=30, W=30, C=32)  rank 4  float32\n"
                "  trace     input (N, H=32, W=32, C=3)\n"
                "            0 conv2d(32, 3x3, valid, relu) (N, H=30, W=30, C=32)\n"
                "  cause     dense would be applied at each position of the (N, H=30, W=30, C=32) feature maps, not to "
                "each sample\n"
                "  fix       TN_FLATTEN() before it -> (N, 28800): dense then gives one row for each sample\n"
                "            or TN_GLOBAL_AVG_POOL2D() before it -> (N, 32)\n"
                "            or, if one answer for each position is wanted: net[i].per_position = 1");
    d.model = NULL; /* a call of its own */
    d.layer = -1; d.stage = TN_AT_CALL; d.call = "tn_dense"; d.role = "x[N,I]"; d.arg = 1;
    expect_text(&d, TN_FULL,
                "tenon: TN_E_DENSE_SPATIAL (no-flatten) at CALL\n"
                "  where     tn_dense, argument 2, x[N,I]\n"
                "  expected  (N, F)                 rank 2  float32\n"
                "  received  (N, H=30, W=30, C=32)  rank 4  float32\n"
                "  cause     dense would be applied at each position of the (N, H=30, W=30, C=32) feature maps, not to "
                "each sample\n"
                "  fix       tn_flatten(&ctx, &t, &x) -> (N, 28800): dense then gives one row for each sample\n"
                "            or tn_global_avg_pool2d(&ctx, &t, &x) -> (N, 32)\n"
                "            or, if one answer for each position is wanted: the flag TN_PER_POSITION");
    d.received.dim[2] = TN_ANY; /* no fixed number */
    expect_text(&d, TN_FULL,
                "tenon: TN_E_DENSE_SPATIAL (no-flatten) at CALL\n"
                "  where     tn_dense, argument 2, x[N,I]\n"
                "  expected  (N, F)              rank 2  float32\n"
                "  received  (N, H=30, W, C=32)  rank 4  float32\n"
                "  cause     dense would be applied at each position of the (N, H=30, W, C=32) feature maps, not to each sample\n"
                "  fix       tn_flatten(&ctx, &t, &x) -> (N, F): dense then gives one row for each sample\n"
                "            or tn_global_avg_pool2d(&ctx, &t, &x) -> (N, 32)\n"
                "            or, if one answer for each position is wanted: the flag TN_PER_POSITION");
}

static void nothing_to_say(void **state)
{
    tn_diag d = zeroed();
    char text[16];
    (void)state;
    expect_text(&d, TN_FULL, "tenon: TN_OK");
    expect_text(&d, TN_LINE, "tenon: no error [TN_OK]");
    assert_int_equal(tn_diag_format(NULL, TN_FULL, text, sizeof text), 0);
    assert_string_equal(text, "");
    d = garbage();
    expect_text(&d, TN_LINE, "tenon [?; ?]");
}

static void an_overlap_names_the_other_operand(void **state)
{
    tn_diag d = record(TN_E_ALIAS, 0, "y[N,O]", "an output must not overlap another operand");
    (void)state;
    d.call = "tn_dense"; d.args = "&a, &b, &w, NULL, NULL";
    d.expected = d.received = shape_of(0, 2, 4, 8, 0, 0);
    d.number[0] = 1;
    expect_text(&d, TN_FULL,
                "tenon: TN_E_ALIAS at CALL\n"
                "  where     tn_dense, argument 1 `&a`, y[N,O]\n"
                "  received  (N=4, O=8)  rank 2  float32\n"
                "  rule      an output must not overlap another operand\n"
                "  fix       give it memory of its own: it overlaps `&b`");
}

static void operands_as_spelled(void **state)
{
    const tn_diag d = wrong_weights();
    (void)state;
    expect_line(d, "a, f(b, c)[i, j], {1, 2}, d", 1, "argument 2 `f(b, c)[i, j]`");
    expect_line(d, "a, f(b, c)[i, j], {1, 2}, d", 2, "argument 3 `{1, 2}`");
    expect_line(d, "a, f(b, c)[i, j], {1, 2},  d ", 3, "argument 4 `d`,");
    expect_line(d, "a, g(\"),(\", ')'), c", 1, "argument 2 `g(\"),(\", ')')`");
    expect_line(d, "a, g(\"),(\", ')'), c", 2, "argument 3 `c`");
    expect_line(d, "\"\\\"\", ',', '\\'', z", 3, "argument 4 `z`");
    expect_line(d, "1'000, z", 1, "argument 2 `z`");
    expect_line(d, "a, b", 2, "argument 3, w[I,O]"); /* fewer than thought: not named */
    expect_line(d, "a, \"unterminated", 1, "argument 2 `\"unterminated`");
    expect_line(d, "", 0, "argument 1, w[I,O]");
    expect_line(d, "a", -1, "tn_dense: w[I,O]: ");
    expect_line(d, "a", INT32_MAX, "argument 2147483648, w[I,O]");
}

static void axis_names_from_tensor_then_role(void **state)
{
    tn_diag d = wrong_weights();
    char text[1024];
    (void)state;
    d.received.axes = TN_OI;
    tn_diag_format(&d, TN_FULL, text, sizeof text);
    assert_non_null(strstr(text, "received  (O=96, I=10)"));
    d = wrong_weights();
    d.role = "u[U,4U]";
    tn_diag_format(&d, TN_FULL, text, sizeof text);
    assert_non_null(strstr(text, "(U=96, 4U=10)"));
    d.role = "c[1,O] or [O]";
    tn_diag_format(&d, TN_FULL, text, sizeof text);
    assert_non_null(strstr(text, "(96, O=10)"));
    d.expected.rank = d.received.rank = 1;
    tn_diag_format(&d, TN_FULL, text, sizeof text);
    assert_non_null(strstr(text, "(O=96)"));
    d.role = "c[broken";
    tn_diag_format(&d, TN_FULL, text, sizeof text);
    assert_non_null(strstr(text, "axis 0: wanted 100, got 96"));
}

/* part is what of whole has room in size. words: its last line that fits, before that the last word; else a cut
 * character costs up to 3. */
static void expect_cut(const char *whole, size_t length, const char *part, size_t size, int words)
{
    const size_t kept = strlen(part);
    size_t i, lines = 0;
    assert_true(kept + 1 <= size);
    assert_memory_equal(part, whole, kept);
    if (size > length) { assert_int_equal(kept, length); return; }
    if (!words) { assert_true(kept + 4 >= size); return; }
    for (i = 0; i < size; i++) if (whole[i] == '\n') lines = i;
    if (lines) { assert_true(kept <= lines && strspn(whole + kept, " ") == lines - kept); return; }
    assert_true(kept == 0 || whole[kept] == ' ');
    for (i = kept + strspn(whole + kept, " "); i < size; i++) assert_int_not_equal(whole[i], ' ');
}

static void truncated_at_every_size(void **state)
{
    size_t r;
    (void)state;
    for (r = 0; r < COUNT(records); r++) {
        const tn_diag d = records[r]();
        int32_t form;
        for (form = TN_FULL; form <= TN_JSON; form++) {
            char whole[8192], part[8192];
            const size_t length = tn_diag_format(&d, form, whole, sizeof whole);
            size_t size;
            assert_true(length < sizeof whole);
            assert_int_equal(strlen(whole), length);
            assert_int_equal(tn_diag_format(&d, form, NULL, 0), length);
            assert_int_equal(tn_diag_format(&d, form, NULL, 100), length);
            for (size = 0; size <= length + 1; size++) {
                memset(part, '#', sizeof part);
                assert_int_equal(tn_diag_format(&d, form, part, size), length);
                assert_int_equal(part[size], '#');
                if (size) expect_cut(whole, length, part, size, form != TN_JSON);
            }
        }
    }
}

static void one_line_is_one_line(void **state)
{
    size_t r;
    (void)state;
    for (r = 0; r < COUNT(records); r++) {
        const tn_diag d = records[r]();
        char text[4096];
        const char *c;
        tn_diag_format(&d, TN_LINE, text, sizeof text);
        for (c = text; *c; c++) assert_true((unsigned char)*c >= 0x20);
    }
}

/* ---- JSON: a checker of its own (RFC 8259), strings strictly UTF-8 (RFC 3629). Each returns the end, or NULL. ---- */

static const char *json_value(const char *p);
static const char *json_space(const char *p) { while (p && (*p == ' ' || *p == '\n')) p++; return p; }

static const char *json_string(const char *p)
{
    if (*p++ != '"') return NULL;
    while (*p != '"') {
        const unsigned char c = (unsigned char)*p++;
        if (c < 0x20) return NULL;
        if (c == '\\') {
            const char e = *p++;
            int i;
            if (e == 'u') { for (i = 0; i < 4; i++) if (!*p || !strchr("0123456789abcdefABCDEF", *p++)) return NULL; }
            else if (!e || !strchr("\"\\/bfnrt", e)) return NULL;
        } else if (c >= 0x80) {
            const int more = c >= 0xf0 ? 3 : c >= 0xe0 ? 2 : 1;
            uint32_t code = c & (0x3fu >> more);
            int i;
            if (c < 0xc0 || c >= 0xf8) return NULL;
            for (i = 0; i < more; i++) {
                if (((unsigned char)*p & 0xc0) != 0x80) return NULL;
                code = code << 6 | ((unsigned char)*p++ & 0x3f);
            }
            if (code < (more == 1   ? 0x80u
                        : more == 2 ? 0x800u
                                    : 0x10000u) ||
                code > 0x10ffff || (code >= 0xd800 && code < 0xe000))
                return NULL;
        }
    }
    return p + 1;
}

static const char *json_members(const char *p, char end, int keys)
{
    p = json_space(p + 1);
    if (*p == end) return p + 1;
    for (;;) {
        if (keys) {
            p = json_space(json_string(p));
            if (!p || *p++ != ':') return NULL;
        }
        p = json_space(json_value(json_space(p)));
        if (!p || (*p != ',' && *p != end)) return NULL;
        if (*p++ == end) return p;
        p = json_space(p);
    }
}

static const char *json_value(const char *p)
{
    char *end;
    if (*p == '{') return json_members(p, '}', 1);
    if (*p == '[') return json_members(p, ']', 0);
    if (*p == '"') return json_string(p);
    if (!strncmp(p, "null", 4)) return p + 4;
    if (*p != '-' && (*p < '0' || *p > '9')) return NULL;
    (void)strtoll(p, &end, 10);
    return end;
}

static void a_cut_never_splits_a_character(void **state)
{
    tn_diag d = zeroed();
    char text[256], quoted[256];
    const char *call;
    size_t size, seen = 0;
    (void)state;
    d.call = "\xc3\xa9t\xc3\xa9 \xe2\x82\xac \xf0\x9f\x99\x82";
    for (size = 1; size < sizeof text; size++) {
        tn_diag_format(&d, TN_JSON, text, size); /* the other forms are cut at words */
        if ((call = strstr(text, "\"call\": \"")) == NULL) continue;
        sprintf(quoted, "\"%.200s\"", call + strlen("\"call\": \""));
        assert_non_null(json_string(quoted));
        seen++;
    }
    assert_true(seen > strlen(d.call));
}

static void json_is_valid_for_any_string(void **state)
{
    static const char *const key[] = { "status",      "code",      "cause",      "cause_name",
                                       "stage",       "severity",  "file",       "line",
                                       "call",        "arg",       "operand",    "args",
                                       "role",        "rule",      "model",      "layer",
                                       "layer_name",  "expected",  "received",   "axes_differ",
                                       "also_status", "also_code", "also_cause", "also_cause_name",
                                       "number",      "because",   "fix" };
    char text[16384], string[4];
    size_t r, k;
    int a, b;
    (void)state;
    assert_null(json_value("{\"a\": \"\x01\"}"));
    assert_null(json_value("[\"\xc0\xaf\"]"));
    assert_null(json_value("[\"\xed\xa0\x80\"]"));
    assert_null(json_value("[1, ]"));
    for (r = 0; r < COUNT(records); r++) {
        const tn_diag d = records[r]();
        const char *end;
        tn_diag_format(&d, TN_JSON, text, sizeof text);
        end = json_value(text);
        if (!end || *end) fail_msg("record %d: %s", (int)r, text);
        for (k = 0; k < COUNT(key); k++) {
            char quoted[32];
            sprintf(quoted, "\"%s\": ", key[k]);
            assert_non_null(strstr(text, quoted));
        }
    }
    for (a = 1; a < 256; a++)
        for (b = 0; b < 256; b++) { /* every pair of bytes, behind a lead byte too */
            tn_diag d = zeroed();
            const char *end;
            string[0] = (char)a; string[1] = (char)b; string[2] = b % 2 ? '\x90' : '\0'; string[3] = '\0';
            d.call = string;
            tn_diag_format(&d, TN_JSON, text, sizeof text);
            end = json_value(text);
            if (!end || *end) fail_msg("bytes %02x %02x: %s", a, b, text);
        }
}

static void json_holds_the_fields(void **state)
{
    const tn_diag d = flattened_images();
    char text[8192];
    (void)state;
    tn_diag_format(&d, TN_JSON, text, sizeof text);
    assert_non_null(
        strstr(text, "{\"status\": 1, \"code\": \"TN_E_RANK\", \"cause\": 1, \"cause_name\": \"flattened-image\", "
                     "\"stage\": \"BIND\", "
                     "\"severity\": \"error\", \"file\": null, \"line\": 0, \"call\": \"tn_model_fit\", \"arg\": 1, "
                     "\"operand\": \"&images\""));
    assert_non_null(strstr(
        text, "\"expected\": {\"rank\": 4, \"dtype\": \"float32\", \"shape\": [null, 32, 32, 3], \"axes\": [\"N\", "
              "\"H\", \"W\", \"C\"]}, "
              "\"received\": {\"rank\": 2, \"dtype\": \"uint8\", \"shape\": [50000, 3072], \"axes\": [null, null]}, "
              "\"axes_differ\": []"));
    assert_non_null(strstr(text, "\"number\": [3072, 32, 32, 3]"));
}

/* ---- names ---- */

/* Headline, empty line, a text of its own; then perhaps an example; every line short, the last one whole. */
static const char *explained(int32_t code, int32_t cause, char *text, size_t size)
{
    const size_t length = tn_explain(code, cause, text, size);
    const char *line = text, *const body = strstr(text, "\n\n");
    if (length < 110 || length >= size || !body || text[length - 1] != '\n' || text[length - 2] == '\n')
        fail_msg("code %d, cause %d: is it in impl/explain_text.h?\n%s", (int)code, (int)cause, text);
    for (; *line; line = strchr(line, '\n') + 1) {
        const size_t columns = (size_t)(strchr(line, '\n') - line);
        const int headline = line < body;
        if (columns >= 100 && !headline) fail_msg("a line of %d columns:\n%s", (int)columns, text);
        if (columns && (line[columns - 1] == ' ' || *line == '?')) fail_msg("a line that is not finished:\n%s", text);
    }
    for (line = text; *line; line++) if (*line != '\n' && (*line < ' ' || *line > '~')) fail_msg("not ASCII:\n%s", text);
    for (line = strchr(text, '%'); line; line = strchr(line + 1, '%')) /* a share or a remainder, no sign of a sentence */
        if (line == text || line[-1] != ' ' || !strchr(" ,.:;", line[1])) fail_msg("a sign is left:\n%s", text);
    return text;
}

static void every_code_and_cause_is_named_and_explained(void **state)
{
    static const struct { int32_t number; const char *name; } code[] = {
#define CODE(name, number, words) { number, #name },
        TNI_STATUSES(CODE)
#undef CODE
    };
    static const struct { int32_t number; const char *constant, *kebab; } cause[] = {
#define CAUSE(name, number, kebab, words) { number, #name, kebab },
        TNI_CAUSES(CAUSE)
#undef CAUSE
    };
    char text[4096], constant[128];
    size_t i, j;
    (void)state;
    for (i = 0; i < COUNT(code); i++) {
        assert_string_equal(tn_status_name(code[i].number), code[i].name);
        assert_memory_equal(explained(code[i].number, 0, text, sizeof text), code[i].name, strlen(code[i].name));
        assert_true(strstr(text, "\nwrong:\n    ") && strstr(text, "\nright:\n    "));
        for (j = 0; j < i; j++) assert_int_not_equal(code[i].number, code[j].number);
    }
    for (i = 0; i < COUNT(cause); i++) {
        const char *c;
        assert_string_equal(tn_cause_name(cause[i].number), cause[i].kebab);
        assert_memory_equal(explained(0, cause[i].number, text, sizeof text), cause[i].kebab, strlen(cause[i].kebab));
        strcpy(constant, "TN_CAUSE_");
        for (c = cause[i].kebab, j = strlen(constant); *c; c++)
            constant[j++] = *c == '-' ? '_' : *c >= 'a' && *c <= 'z' ? (char)(*c - 32) : *c;
        constant[j] = '\0';
        assert_string_equal(cause[i].constant, constant);
        for (j = 0; j < i; j++) assert_int_not_equal(cause[i].number, cause[j].number);
    }
    assert_string_equal(tn_status_name(TN_OK), "TN_OK");
    assert_string_equal(tn_status_name(99), "?");
    assert_string_equal(tn_status_name(-1), "?");
    assert_string_equal(tn_cause_name(0), "");
    assert_string_equal(tn_cause_name(12345), "");
    assert_int_equal(tn_explain(0, 0, text, sizeof text), 0);
    tn_explain(99, 12345, text, sizeof text);
    assert_string_equal(text, "?: no code of this library\n?: no cause of this library\n");
    tn_explain(TN_E_BATCH, TN_CAUSE_UNBATCHED_DATA_SET, text, sizeof text); /* a cause without an example */
    assert_non_null(strstr(text, "tn_rows(&ctx, &half"));
    tn_explain(TN_E_RANK, TN_CAUSE_MISSING_BATCH_AXIS, text, sizeof text);
    assert_string_equal(
        text, "TN_E_RANK: number of axes\n"
              "missing-batch-axis: the operand has exactly the shape of one sample: the batch axis is missing\n"
              "\n"
              "A call wants a certain number of axes and got another. Rows are (N, F), images (N, H, W, C),\n"
              "sequences (N, T, F), and the batch axis N always counts, also for one sample. Most often an\n"
              "axis of length 1 is missing: one picture without N, a gray picture without C, a series\n"
              "without F. tn_expand, tn_reshape and tn_rows make a view with the right axes and move no\n"
              "data. The library never adds or drops an axis by itself.\n"
              "\n"
              "The operand has exactly the shape of one sample. Every call takes batches, also of one:\n"
              "indexing a data set drops the first axis, a slice keeps it. tn_expand adds an axis of length\n"
              "1 and moves no data; tn_rows takes rows of a larger tensor as a batch. One label goes with\n"
              "one sample.\n"
              "\n"
              "wrong:\n"
              "    tn_tensor x = tn_view(pixels, 0, 3, 32, 32, 3, 0), y = tn_view(scores, TN_NF, 2, 1, 10, 0, 0);\n"
              "    tn_model_predict(&ctx, &pictures, &y, &x);\n"
              "right:\n"
              "    tn_tensor batch;\n"
              "    tn_expand(&ctx, &batch, &x, 0);                            /* (1, 32, 32, 3) */\n"
              "    tn_model_predict(&ctx, &pictures, &y, &batch);\n");
}

static void explanations_are_cut_at_every_size(void **state)
{
    static const int32_t pair[][2] = { { TN_E_RANK, TN_CAUSE_FLATTENED_IMAGE }, { TN_E_LABEL_RANGE, 0 },
                                       { 0, TN_CAUSE_GROUPS }, { 99, 0 }, { 0, 0 } };
    static char whole[8192], part[8192];
    size_t i, size;
    (void)state;
    for (i = 0; i < COUNT(pair); i++) {
        const size_t length = tn_explain(pair[i][0], pair[i][1], whole, sizeof whole);
        assert_int_equal(tn_explain(pair[i][0], pair[i][1], NULL, 100), length);
        for (size = 0; size <= length + 1; size++) {
            memset(part, '#', sizeof part);
            assert_int_equal(tn_explain(pair[i][0], pair[i][1], part, size), length);
            assert_int_equal(part[size], '#');
            if (size) expect_cut(whole, length, part, size, 1);
        }
    }
}

/* ---- inference: each rule, and a near miss beside it ---- */

enum { ANY = TN_ANY };
static void causes_from_two_shapes(void **state)
{
    static const struct { int32_t axes, e_rank, e[6], axes_x, x_rank, x[6]; const char *cause; } row[] = {
        /* 1 */ { TN_NHWC, 4, { ANY, 32, 32, 3 }, 0, 3, { 32, 32, 3 }, "missing-batch-axis" },
        { TN_NHWC, 4, { ANY, 32, 32, 3 }, 0, 3, { 32, 31, 3 }, "" },
        { TN_NHWC, 4, { ANY, ANY, ANY, 3 }, 0, 3, { 32, 32, 3 }, "missing-batch-axis" },
        { TN_NHWC, 4, { ANY, ANY, ANY, ANY }, 0, 3, { 32, 32, 3 }, "" },
        { TN_NTF, 3, { ANY, 10, 50 }, 0, 2, { 10, 50 }, "missing-batch-axis" },
        { TN_NF, 2, { ANY, 5 }, 0, 1, { 5 }, "missing-batch-axis" },
        { TN_NF, 2, { ANY, 5 }, 0, 1, { 6 }, "" },
        /* 2 */ { TN_NHWC, 4, { ANY, 32, 32, 3 }, 0, 2, { 50000, 3072 }, "flattened-image" },
        { TN_NHWC, 4, { ANY, 32, 32, 1 }, 0, 2, { 100, 1024 }, "flattened-image" },
        { 0, 4, { ANY, 32, 32, 1 }, 0, 2, { 100, 1024 }, "flattened-image" },
        { TN_NHWC, 4, { ANY, 32, 32, 3 }, 0, 2, { 50000, 3071 }, "" },
        { TN_NHWC, 4, { ANY, 32, 32, 3 }, 0, 2, { 50000, 3073 }, "label-in-rows" },
        { 0, 5, { ANY, 2, 3, 4, 5 }, 0, 2, { 7, 120 }, "flattened-samples" },
        /* 3 */ { TN_NHWC, 4, { ANY, 32, 32, 3 }, 0, 1, { 3072 }, "flattened-sample" },
        { TN_NHWC, 4, { ANY, 32, 32, 3 }, 0, 1, { 153600000 }, "flat-array" },
        { TN_NHWC, 4, { ANY, 32, 32, 3 }, 0, 1, { 153600001 }, "" },
        { TN_NF, 2, { ANY, 5 }, 0, 1, { 500 }, "flat-array" },
        /* 4 */ { TN_NHWC, 4, { ANY, 32, 32, 3 }, 0, 2, { 100, 1024 }, "flattened-other-color-mode" },
        { TN_NHWC, 4, { ANY, 32, 32, 3 }, 0, 2, { 100, 4096 }, "flattened-other-color-mode" },
        { TN_NHWC, 4, { ANY, 32, 32, 3 }, 0, 2, { 100, 2048 }, "" },
        /* 5 */ { TN_NHWC, 4, { ANY, 32, 32, 1 }, 0, 3, { 100, 32, 32 }, "missing-channel-axis" },
        { TN_NHWC, 4, { ANY, ANY, ANY, 1 }, 0, 3, { 100, 28, 28 }, "missing-channel-axis" },
        { TN_NHWC, 4, { ANY, 32, 32, 3 }, 0, 3, { 100, 32, 32 }, "missing-channel-axis" },
        { TN_NHWC, 4, { ANY, 32, 32, 1 }, 0, 3, { 100, 32, 31 }, "" },
        { TN_NHWC, 4, { ANY, 32, 32, 8 }, 0, 3, { 100, 32, 32 }, "" },
        { TN_NF, 2, { ANY, 1 }, 0, 1, { 7 }, "missing-feature-axis" },
        { TN_NTF, 3, { ANY, 10, 1 }, 0, 2, { 100, 10 }, "missing-feature-axis" },
        /* 6 */ { TN_NTF, 3, { ANY, 10, 5 }, 0, 2, { 100, 50 }, "flattened-sequences" },
        { TN_NTF, 3, { ANY, ANY, 1 }, 0, 2, { 100, 1 }, "missing-time-axis" },
        { TN_NTF, 3, { ANY, ANY, 3 }, 0, 2, { 100, 3 }, "missing-time-axis" },
        { TN_NTF, 3, { ANY, ANY, 1 }, 0, 2, { 100, 7 }, "missing-feature-axis" },
        { TN_NTF, 3, { ANY, 10, 5 }, 0, 2, { 100, 49 }, "" },
        /* 7 */ { TN_NHWC, 4, { ANY, 32, 32, 1 }, 0, 5, { 100, 32, 32, 1, 1 }, "extra-axis" },
        { TN_NHWC, 4, { ANY, 32, 32, 3 }, 0, 5, { 1, 100, 32, 32, 3 }, "extra-axis" },
        { TN_NHWC, 4, { ANY, 32, 32, 3 }, 0, 5, { 2, 100, 32, 32, 3 }, "" },
        { TN_NHWC, 4, { ANY, ANY, ANY, ANY }, 0, 5, { ANY, 26721, 32, 32, 1 }, "batch-in-input-shape" },
        { TN_NHWC, 4, { ANY, ANY, ANY, ANY }, 0, 5, { ANY, 100, 32, 32, 3 }, "batch-in-input-shape" },
        { TN_NHWC, 4, { ANY, ANY, ANY, ANY }, 0, 5, { ANY, 4, 32, 32, 3 }, "" },
        /* 8 */ { TN_NHWC, 4, { ANY, 32, 32, 3 }, 0, 4, { 8, 3, 32, 32 }, "channels-first" },
        { TN_NHWC, 4, { ANY, ANY, ANY, 3 }, 0, 4, { 8, 3, 32, 32 }, "channels-first" },
        { TN_NHWC, 4, { ANY, ANY, ANY, 16 }, 0, 4, { 8, 16, 16, 8 }, "" },
        { TN_NHWC, 4, { ANY, 32, 32, 3 }, 0, 4, { 8, 3, 32, 31 }, "" },
        { TN_NCHW, 4, { ANY, 3, 32, 32 }, 0, 4, { 8, 32, 32, 3 }, "channels-last" },
        { TN_NCHW, 4, { ANY, 3, ANY, ANY }, 0, 4, { 8, 32, 32, 3 }, "channels-last" },
        { TN_NHWC, 4, { ANY, 32, 48, 3 }, 0, 4, { 4, 48, 32, 3 }, "hw-swapped" },
        { TN_NCHW, 4, { ANY, 3, 32, 48 }, 0, 4, { 4, 3, 48, 32 }, "hw-swapped" },
        { TN_NHWC, 4, { ANY, 32, 48, 3 }, 0, 4, { 4, 3, 48, 32 }, "axes-permuted" },
        { TN_NTF, 3, { ANY, 10, 3 }, 0, 3, { 100, 3, 10 }, "time-features-swapped" },
        { TN_NTF, 3, { ANY, ANY, 3 }, 0, 3, { 100, 3, 10 }, "time-features-swapped" },
        { TN_NTF, 3, { ANY, 10, 3 }, 0, 3, { 100, 3, 9 }, "" },
        /* 9 */ { TN_NHWC, 4, { ANY, 32, 32, 3 }, 0, 4, { 8, 32, 32, 1 }, "gray-into-rgb" },
        { TN_NHWC, 4, { ANY, 32, 32, 1 }, 0, 4, { 8, 32, 32, 3 }, "rgb-into-gray" },
        { TN_NHWC, 4, { ANY, 32, 32, 3 }, 0, 4, { 8, 32, 32, 4 }, "alpha-channel" },
        { TN_NHWC, 4, { ANY, 32, 32, 3 }, 0, 4, { 8, 32, 32, 2 }, "gray-with-alpha" },
        { TN_NCHW, 4, { ANY, 3, ANY, ANY }, TN_NCHW, 4, { 100, 1, 32, 32 }, "gray-into-rgb" },
        { TN_NHWC, 4, { ANY, 32, 32, 3 }, 0, 4, { 8, 32, 32, 5 }, "" },
        /* 10 */ { TN_NHWC, 4, { ANY, 32, 32, 3 }, 0, 4, { 10, 28, 28, 3 }, "resize-needed" },
        { TN_NHWC, 4, { ANY, 28, 28, 1 }, 0, 4, { 1, 25, 25, 1 }, "resize-needed" },
        { TN_NHWC, 4, { ANY, 32, 32, 3 }, 0, 4, { 10, 32, 30, 3 }, "resize-needed" },
        { TN_NHWC, 4, { ANY, 224, 224, 3 }, 0, 4, { 10, 224, 244, 3 }, "digit-slip" },
        { TN_NHWC, 4, { ANY, 224, 224, 3 }, 0, 4, { 10, 242, 242, 3 }, "digit-slip" },
        { TN_NHWC, 4, { ANY, 224, 224, 3 }, 0, 4, { 10, 244, 256, 3 }, "resize-needed" },
        { TN_NF, 2, { ANY, 1867 }, 0, 2, { 10, 1876 }, "digit-slip" },
        { TN_NF, 2, { ANY, 1867 }, 0, 2, { 10, 7816 }, "" },
        /* 11 */ { TN_NHWC, 4, { ANY, 32, 32, 3 }, 0, 4, { 10, 16, 64, 3 }, "resize-needed" },
        { TN_NHWC, 4, { ANY, 32, 32, 3 }, 0, 4, { 10, 64, 48, 1 }, "wrong-reshape" },
        { TN_NHWC, 4, { ANY, 32, 32, 3 }, 0, 3, { 10, 64, 48 }, "wrong-reshape" },
        { TN_NHWC, 4, { ANY, 32, 32, 3 }, 0, 4, { 10, 64, 47, 1 }, "" },
        /* 12 */ { TN_NHWC, 4, { ANY, 32, 32, 3 }, 0, 4, { 10, 20, 21, 7 }, "" },
        { TN_NHWC, 4, { ANY, 32, 32, 3 }, 0, 4, { 10, 32, 32, 3 }, "" },
        /* dense */ { TN_NF, 2, { ANY, 4 }, 0, 2, { 100, 5 }, "off-by-one-feature" },
        { TN_NF, 2, { ANY, 4 }, 0, 2, { 100, 3 }, "off-by-one-feature" },
        { TN_NF, 2, { ANY, 4 }, 0, 2, { 100, 6 }, "" },
        { TN_NTF, 3, { ANY, ANY, 4 }, 0, 3, { 100, 7, 5 }, "off-by-one-feature" },
        { TN_NF, 2, { ANY, 1600 }, 0, 4, { 1, 5, 5, 64 }, "no-flatten" },
        { TN_NF, 2, { ANY, 1600 }, 0, 3, { 1, 25, 64 }, "no-flatten" },
        { TN_NF, 2, { ANY, 1600 }, 0, 3, { 2, 25, 63 }, "" },
        { TN_IO, 2, { 100, ANY }, 0, 2, { 10, 100 }, "weights-transposed" },
        { TN_IO, 2, { 100, ANY }, 0, 2, { 10, 101 }, "" },
        { TN_OI, 2, { 10, 100 }, 0, 2, { 100, 10 }, "weights-transposed" },
        { TN_HWIO, 4, { ANY, ANY, 3, ANY }, 0, 4, { 16, 3, 5, 5 }, "weights-transposed" },
        { TN_OIHW, 4, { ANY, 3, ANY, ANY }, 0, 4, { 5, 5, 3, 16 }, "weights-transposed" },
        { TN_HWIO, 4, { ANY, ANY, 3, ANY }, 0, 4, { 16, 4, 5, 5 }, "" },
        { TN_O, 1, { 10 }, 0, 2, { 1, 10 }, "extra-axis" },
        { TN_O, 1, { 10 }, 0, 2, { 2, 10 }, "" },
        /* lengths whose products do not fit */
        { TN_NHWC, 4, { ANY, INT32_MAX, INT32_MAX, INT32_MAX }, 0, 2, { INT32_MAX, INT32_MAX }, "" },
        { TN_NHWC, 4, { ANY, INT32_MAX, INT32_MAX, 4 }, 0, 1, { INT32_MAX }, "" },
        { TN_NHWC, 4, { ANY, 0, 32, 3 }, 0, 2, { 5, 0 }, "" },
        { TN_NF, 2, { ANY, 5 }, 0, 7, { 0 }, "" },
        { TN_NF, -1, { 0 }, 0, 2, { 0 }, "" },
    };
    size_t i;
    int k;
    (void)state;
    for (i = 0; i < COUNT(row); i++) {
        tn_tensor e = zeroed().expected, x = e;
        int64_t number[4] = { 0, 0, 0, 0 };
        const char *cause;
        e.axes = row[i].axes; e.rank = row[i].e_rank; x.axes = row[i].axes_x; x.rank = row[i].x_rank;
        for (k = 0; k < TN_MAX_RANK; k++) { e.dim[k] = row[i].e[k]; x.dim[k] = row[i].x[k]; }
        cause = tn_cause_name(tni_infer(&e, &x, number));
        if (strcmp(cause, row[i].cause)) fail_msg("row %d: \"%s\", wanted \"%s\"", (int)i, cause, row[i].cause);
    }
}

static void bytes_where_floats_are_wanted(void **state)
{
    const tn_tensor e = shape_of(TN_NHWC, 4, TN_ANY, 32, 32, 3), x = shape_of(0, 4, 100, 32, 32, 3);
    const tn_tensor bytes = tn_as(x, TN_U8), whole = tn_as(x, TN_I32);
    int64_t number[4];
    (void)state;
    assert_int_equal(tni_infer(&e, &bytes, number), TN_CAUSE_RAW_BYTES);
    assert_int_equal(tni_infer(&e, &whole, number), 0);
}

static void figures_of_a_cause(void **state)
{
    const tn_tensor images = shape_of(TN_NHWC, 4, TN_ANY, 32, 32, 3), flat = shape_of(0, 1, 153600000, 0, 0, 0);
    const tn_tensor rows = shape_of(TN_NF, 2, TN_ANY, 4, 0, 0), more = shape_of(0, 2, 100, 5, 0, 0);
    int64_t number[4];
    (void)state;
    assert_int_equal(tni_infer(&images, &flat, number), TN_CAUSE_FLAT_ARRAY);
    assert_int_equal(number[0], 153600000);
    assert_int_equal(number[1], 50000);
    assert_int_equal(number[2], 3072);
    assert_int_equal(tni_infer(&rows, &more, number), TN_CAUSE_OFF_BY_ONE_FEATURE);
    assert_int_equal(number[0], 4);
    assert_int_equal(number[1], 5);
    assert_true(number[2] && !number[3]);
}

static void causes_of_labels(void **state)
{
    static const struct {
        int32_t status, x_rank, x[4], t_rank, t[4];
        int64_t bad, min, max;
        const char *cause;
    } row[] = {
        { TN_E_LABEL_RANK, 4, { 100, 30, 30, 32 }, 2, { 100, 10 }, -1, 0, 0, "no-head" },
        { TN_E_LABEL_RANK, 4, { 5, 5, 5, 10 }, 2, { 5, 10 }, -1, 0, 0, "no-flatten" },
        { TN_E_LABEL_RANK, 4, { 8, 5, 5, 10 }, 1, { 8 }, -1, 0, 9, "no-flatten" },
        { TN_E_LABEL_RANK, 4, { 8, 5, 5, 32 }, 1, { 8 }, -1, 0, 9, "no-head" },
        { TN_E_LABEL_RANK, 4, { 8, 5, 5, 32 }, 1, { 7 }, -1, 0, 9, "" },
        { TN_E_LABEL_RANK, 3, { 10, 8, 1 }, 2, { 10, 1 }, -1, 0, 0, "return-sequences" },
        { TN_E_LABEL_RANK, 3, { 10, 8, 1 }, 1, { 10 }, -1, 0, 0, "return-sequences" },
        { TN_E_LABEL_RANK, 2, { 3, 3 }, 3, { 3, 3, 3 }, -1, 0, 0, "onehot-twice" },
        { TN_E_LABEL_RANK, 2, { 3, 3 }, 3, { 3, 1, 3 }, -1, 0, 0, "extra-axis" },
        { TN_E_LABEL_RANK, 2, { 3, 3 }, 3, { 3, 4, 4 }, -1, 0, 0, "" },
        { TN_E_LABEL_FORM, 2, { 32, 10 }, 2, { 32, 1 }, -1, 0, 9, "sparse-with-categorical" },
        { TN_E_LABEL_FORM, 2, { 32, 10 }, 1, { 32 }, -1, 0, 9, "sparse-with-categorical" },
        { TN_E_LABEL_FORM, 2, { 32, 10 }, 2, { 32, 10 }, -1, 0, 1, "onehot-with-sparse" },
        { TN_E_LABEL_FORM, 2, { 32, 10 }, 2, { 32, 9 }, -1, 0, 1, "" },
        { TN_E_LABEL_FORM, 2, { 32, 10 }, 1, { 32 }, 17, 0, 9, "labels-fractional" },
        { TN_E_LABEL_CLASSES, 2, { 32, 1 }, 2, { 32, 3 }, -1, 0, 0, "mse-against-onehot" },
        { TN_E_LABEL_CLASSES, 2, { 32, 2 }, 2, { 32, 3 }, -1, 0, 0, "" },
        { TN_E_LABEL_CLASSES, 2, { 1, 4 }, 2, { 4, 1 }, -1, 0, 0, "mse-row-against-column" },
        { TN_E_LABEL_RANGE, 2, { 32, 10 }, 1, { 32 }, 4, 1, 10, "label-one-based" },
        { TN_E_LABEL_RANGE, 2, { 32, 10 }, 1, { 32 }, 4, 0, 10, "label-beyond-output" },
        { TN_E_LABEL_RANGE, 2, { 32, 10 }, 1, { 32 }, 4, 1, 11, "label-beyond-output" },
        { TN_E_LABEL_RANGE, 2, { 32, 10 }, 1, { 32 }, 4, -1, 9, "label-negative" },
        { TN_E_SAMPLES, 2, { 100, 10 }, 1, { 1000 }, -1, 0, 1, "onehot-flattened" },
        { TN_E_SAMPLES, 2, { 100, 10 }, 1, { 999 }, -1, 0, 1, "" },
        { TN_E_SAMPLES, 2, { 300, 10 }, 1, { 100 }, -1, 0, 9, "planes-as-samples" },
        { TN_E_SAMPLES, 2, { 100, 10 }, 2, { 1, 100 }, -1, 0, 9, "labels-transposed" },
        { TN_E_SAMPLES, 2, { 60000, 10 }, 1, { 10000 }, -1, 0, 9, "other-split-labels" },
        { TN_E_SAMPLES, 2, { 10, 10 }, 1, { 9 }, -1, 0, 9, "" },
        { TN_E_SAMPLES, 0, { 0 }, 0, { 0 }, -1, 0, 0, "" },
        { TN_E_SAMPLES, 2, { 10, 10 }, 0, { 0 }, -1, 0, 0, "" },
        { TN_E_DTYPE, 2, { 10, 10 }, 1, { 10 }, -1, 0, 9, "" },
    };
    size_t i;
    (void)state;
    for (i = 0; i < COUNT(row); i++) {
        const tn_tensor x = shape_of(0, row[i].x_rank, row[i].x[0], row[i].x[1], row[i].x[2], row[i].x[3]);
        const tn_tensor t = shape_of(0, row[i].t_rank, row[i].t[0], row[i].t[1], row[i].t[2], row[i].t[3]);
        int64_t number[4];
        const char *const cause =
            tn_cause_name(tni_infer_labels(row[i].status, &x, &t, row[i].bad, row[i].min, row[i].max, number));
        if (strcmp(cause, row[i].cause)) fail_msg("row %d: \"%s\", wanted \"%s\"", (int)i, cause, row[i].cause);
    }
}

/* Every cause with every pair of odd shapes: nothing is read outside, everything ends. */
static void any_record_can_be_written(void **state)
{
    static const int32_t rank[] = { -1, 0, 1, 2, 4, 6, 7, INT32_MIN, INT32_MAX };
    static const int32_t cause[] = {
#define CAUSE(name, number, kebab, words) number,
        TNI_CAUSES(CAUSE)
#undef CAUSE
        0, -1, 12345
    };
    size_t i, j, k;
    int form;
    (void)state;
    for (i = 0; i < COUNT(cause); i++)
        for (j = 0; j < COUNT(rank); j++)
            for (k = 0; k < COUNT(rank); k++)
                for (form = TN_FULL; form <= TN_JSON; form++) {
                    tn_diag d = garbage();
                    char text[8192];
                    d.cause = cause[i]; d.also_cause = cause[COUNT(cause) - 1 - i];
                    d.status = d.also_status = 1 + (int32_t)(i % 34);
                    d.expected.rank = rank[j]; d.received.rank = rank[k];
                    d.received.axes = TN_NHWC;
                    d.number[0] = INT64_MIN;
                    assert_true(tn_diag_format(&d, form, text, sizeof text) < sizeof text);
                    if (form == TN_JSON) assert_true(json_value(text) && !*json_value(text));
                }
}

static void the_call_site_is_recorded(void **state)
{
    tn_context ctx;
    (void)state;
    memset(&ctx, 0, sizeof ctx);
    assert_ptr_equal(tn_at(&ctx, "a.c", 7, "x, y"), &ctx);
    assert_string_equal(ctx.file, "a.c");
    assert_string_equal(ctx.args, "x, y");
    assert_int_equal(ctx.line, 7);
    assert_null(tn_at(NULL, "a.c", 7, "x"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_kernel_call_in_full),
        cmocka_unit_test(a_kernel_call_in_one_line),
        cmocka_unit_test(flattened_images_in_full),
        cmocka_unit_test(a_single_image_in_full),
        cmocka_unit_test(two_findings_in_one_record),
        cmocka_unit_test(a_model_names_its_layers_and_traces_shapes),
        cmocka_unit_test(nothing_to_say),
        cmocka_unit_test(an_overlap_names_the_other_operand),
        cmocka_unit_test(operands_as_spelled),
        cmocka_unit_test(axis_names_from_tensor_then_role),
        cmocka_unit_test(truncated_at_every_size),
        cmocka_unit_test(one_line_is_one_line),
        cmocka_unit_test(a_cut_never_splits_a_character),
        cmocka_unit_test(json_is_valid_for_any_string),
        cmocka_unit_test(json_holds_the_fields),
        cmocka_unit_test(every_code_and_cause_is_named_and_explained),
        cmocka_unit_test(explanations_are_cut_at_every_size),
        cmocka_unit_test(causes_from_two_shapes),
        cmocka_unit_test(bytes_where_floats_are_wanted),
        cmocka_unit_test(figures_of_a_cause),
        cmocka_unit_test(causes_of_labels),
        cmocka_unit_test(any_record_can_be_written),
        cmocka_unit_test(the_call_site_is_recorded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
