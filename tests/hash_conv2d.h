/* tests/hash_conv2d.h - jobs of hash.c: convolutions. */

static tn_tensor v4(float *p, int32_t axes, size_t a, size_t b, size_t c, size_t d)
{
    return tn_view(p, axes, 4, (int64_t)a, (int64_t)b, (int64_t)c, (int64_t)d);
}

/* n channels in or out, or n columns of an image; 1027 stands for a large one. */
typedef struct conv2d_job {
    size_t N, H, W, C, KH, KW, O, G, in, out, weights; /* elements of x, y, w */
    tn_tensor x, y, w; /* without data */
    tn_conv2d_params p;
} conv2d_job;

/* shape: 3x3 over many inputs, 1x1, strides with dilation and padding, groups, depthwise, a line. layout: NHWC and HWIO,
 * NCHW and OIHW. */
enum { CONV2D_SHAPES = 6, CONV2D_LAYOUTS = 2 };
static conv2d_job conv2d_job_of(size_t n, int32_t shape, int32_t layout)
{
    const int large = n > 1000;
    const int32_t image = layout ? TN_NCHW : TN_NHWC;
    conv2d_job j;
    size_t OH, OW;
    memset(&j, 0, sizeof j);
    j.N = j.G = 1;
    j.H = large ? 8 : 4; j.W = large ? 20 : 5;
    j.KH = j.KW = 3;
    j.C = large ? 20 : n;
    j.O = large ? 19 : 1 + n * 5 % 36;
    j.p.window.padding = TN_SAME;
    if (shape == 1) { j.N = 2; j.KH = j.KW = 1; j.O = large ? 35 : n; j.C = large ? 33 : 1 + n * 7 % 20; }
    if (shape == 2) {
        j.W = large ? 35 : n + 2; j.KW = 2; j.C = 5; j.O = large ? 130 : 18;
        j.p.window.stride_h = 2; j.p.window.dilation_w = 2;
        j.p.window.padding = TN_EXPLICIT;
        j.p.window.top = 1; j.p.window.bottom = 3; j.p.window.right = 2;
    }
    if (shape == 3) { j.G = 2; j.C = large ? 14 : 4; j.O = large ? 66 : 2 * n; j.p.window.stride_w = 2; }
    if (shape == 4) { j.G = j.C = large ? 65 : n; j.O = n % 2 ? j.C : 2 * j.C; j.KW = 5; }
    if (shape == 5) {
        j.N = 2; j.H = j.KH = 1; j.W = large ? 70 : n; j.C = 9; j.p.window.padding = TN_CAUSAL;
        if (large) j.O = 70;
    }
    j.p.groups = (int32_t)j.G;
    j.x = layout ? v4(NULL, image, j.N, j.C, j.H, j.W) : v4(NULL, image, j.N, j.H, j.W, j.C);
    j.w = layout ? v4(NULL, TN_OIHW, j.O, j.C / j.G, j.KH, j.KW) : v4(NULL, TN_HWIO, j.KH, j.KW, j.C / j.G, j.O);
    if (shape == 4 && !layout) j.w = v4(NULL, TN_HWCM, j.KH, j.KW, j.C, j.O / j.C);
    MUST(tn_conv2d_shape(&ctx, &j.y, &j.x, &j.w, &j.p));
    OH = (size_t)j.y.dim[layout ? 2 : 1];
    OW = (size_t)j.y.dim[layout ? 3 : 2];
    j.in = j.N * j.H * j.W * j.C;
    j.out = j.N * OH * OW * j.O;
    j.weights = j.KH * j.KW * (j.C / j.G) * j.O;
    return j;
}

/* variant: shape, layout. Without and with a residual and an activation, packed: the plain call's bits and more. */
static void run_conv2d(size_t n, unsigned special, int32_t variant)
{
    conv2d_job j = conv2d_job_of(n, variant / CONV2D_LAYOUTS, variant % CONV2D_LAYOUTS);
    const tn_tensor b = v1(floats(j.O, special), j.O);
    tn_tensor packed, r = j.y;
    float *memory;
    memset(&packed, 0, sizeof packed);
    j.x.data = floats(j.in, special * 16);
    j.w.data = floats(j.weights, special * 40);
    j.y.data = floats(j.out, 0);
    r.data = floats(j.out, special);
    memory = pool + used + 8; /* behind the operands, not counted: no name takes it all */
    MUST(tn_conv2d(&ctx, &j.y, &j.x, &j.w, NULL, &j.p));
    add_floats((const float *)j.y.data, j.out);
    MUST(tn_conv2d_pack(&ctx, &packed, memory, sizeof(float) * (COUNT(pool) - used - 8), &j.w, &j.x, &j.p));
    j.p.residual = &r;
    j.p.activation = n % 2 ? TN_RELU : TN_TANH;
    MUST(tn_conv2d(&ctx, &j.y, &j.x, &packed, &b, &j.p));
    add_floats((const float *)j.y.data, j.out);
}

static void run_conv2d_backward(size_t n, unsigned special, int32_t variant)
{
    conv2d_job j = conv2d_job_of(n, variant / CONV2D_LAYOUTS, variant % CONV2D_LAYOUTS);
    const tn_tensor db = v1(floats(j.O, 0), j.O);
    tn_tensor dx = j.x, dw = j.w;
    j.p.flags = n % 2 ? 0 : TN_ACCUMULATE;
    j.x.data = floats(j.in, special * 16);
    j.w.data = floats(j.weights, special * 40);
    j.y.data = floats(j.out, special * 16);
    dx.data = floats(j.in, 0);
    dw.data = floats(j.weights, 0);
    MUST(tn_conv2d_backward(&ctx, &dx, &dw, &db, &j.y, &j.x, &j.w, &j.p));
    add_floats((const float *)dx.data, j.in);
    add_floats((const float *)dw.data, j.weights);
    add_floats((const float *)db.data, j.O);
}

#define CONV2D_JOBS \
    { "conv2d", run_conv2d, CONV2D_SHAPES * CONV2D_LAYOUTS }, \
    { "conv2d-backward", run_conv2d_backward, CONV2D_SHAPES * CONV2D_LAYOUTS },
