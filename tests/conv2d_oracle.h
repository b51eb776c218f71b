/* tests/conv2d_oracle.h - convolutions drawn at random, with everything that a call may touch, and what must come of
 * them: loops written from the definition in api/conv2d.h. */

enum { HWIO, OIHW, HWCM };

typedef struct conv {
    int N, H, W, C, KH, KW, O, G, OH, OW;
    int stride_h, stride_w, dilation_h, dilation_w, top, left; /* as they are, not as p says it */
    int planes, order, named, bias, residual; /* planes: images are NCHW */
    tn_conv2d_params p;
    float *x, *w, *b, *r, *y, *dx, *dw, *db, *dy;
    tn_tensor tx, tw, tb, tr, ty, tdx, tdw, tdb, tdy;
} conv;

static int x_size(const conv *c) { return c->N * c->H * c->W * c->C; }
static int y_size(const conv *c) { return c->N * c->OH * c->OW * c->O; }
static int w_size(const conv *c) { return c->KH * c->KW * (c->C / c->G) * c->O; }

/* ---- layouts: the one place that knows them ---- */

static int x_at(const conv *c, int n, int h, int w, int i)
{
    return c->planes ? ((n * c->C + i) * c->H + h) * c->W + w : ((n * c->H + h) * c->W + w) * c->C + i;
}
static int y_at(const conv *c, int n, int h, int w, int o)
{
    return c->planes ? ((n * c->O + o) * c->OH + h) * c->OW + w : ((n * c->OH + h) * c->OW + w) * c->O + o;
}
/* i counts within the group; with HWCM it is 0, and o is c M + m. */
static int w_at(const conv *c, int kh, int kw, int i, int o)
{
    const int I = c->C / c->G, M = c->O / c->C;
    if (c->order == OIHW) return ((o * I + i) * c->KH + kh) * c->KW + kw;
    if (c->order == HWCM) return ((kh * c->KW + kw) * c->C + o / M) * M + o % M;
    return ((kh * c->KW + kw) * I + i) * c->O + o;
}

/* ---- the oracle. h and w may lie outside the image: no term ---- */

static int row(const conv *c, int oh, int kh) { return oh * c->stride_h + kh * c->dilation_h - c->top; }
static int column(const conv *c, int ow, int kw) { return ow * c->stride_w + kw * c->dilation_w - c->left; }
static int inside(int at, int length) { return at >= 0 && at < length; }
#define FOR(i, n) for (int i = 0; i < (n); i++)

static int padding_alone; /* outputs that saw nothing else, ever */

/* y, and the sum of the magnitudes of its terms. An activation is relu. */
static TEST_UNUSED void conv_oracle(const conv *c, double *y, double *size)
{
    const int I = c->C / c->G, each = c->O / c->G;
    FOR(n, c->N) FOR(oh, c->OH) FOR(ow, c->OW) FOR(o, c->O) {
        const int at = y_at(c, n, oh, ow, o), first = o / each * I;
        double sum = 0.0, all = 0.0;
        int terms = 0;
        FOR(kh, c->KH) FOR(kw, c->KW) {
            const int h = row(c, oh, kh), w = column(c, ow, kw);
            if (!inside(h, c->H) || !inside(w, c->W)) continue;
            FOR(i, I) {
                const double t = (double)c->x[x_at(c, n, h, w, first + i)] * (double)c->w[w_at(c, kh, kw, i, o)];
                sum += t;
                all += fabs(t);
                terms++;
            }
        }
        padding_alone += terms == 0;
        if (c->bias) { sum += (double)c->b[o]; all += fabs((double)c->b[o]); }
        if (c->residual) { sum += (double)c->r[at]; all += fabs((double)c->r[at]); }
        y[at] = c->p.activation == TN_RELU && sum <= 0.0 ? 0.0 : sum;
        size[at] = all;
    }
}

typedef struct gradients { double *dx, *dw, *db, *dx_size, *dw_size, *db_size; } gradients;

/* Every product of the forward sum, y[..] += x[..] w[..], has its share in dx and in dw. Adds to what is there. */
static TEST_UNUSED void conv_gradients(const conv *c, const gradients *g)
{
    const int I = c->C / c->G, each = c->O / c->G;
    FOR(n, c->N) FOR(oh, c->OH) FOR(ow, c->OW) FOR(o, c->O) {
        const double dy = (double)c->dy[y_at(c, n, oh, ow, o)];
        const int first = o / each * I;
        g->db[o] += dy;
        g->db_size[o] += fabs(dy);
        FOR(kh, c->KH) FOR(kw, c->KW) {
            const int h = row(c, oh, kh), w = column(c, ow, kw);
            if (!inside(h, c->H) || !inside(w, c->W)) continue;
            FOR(i, I) {
                const int ix = x_at(c, n, h, w, first + i), iw = w_at(c, kh, kw, i, o);
                const double to_x = dy * (double)c->w[iw], to_w = dy * (double)c->x[ix];
                g->dx[ix] += to_x;
                g->dx_size[ix] += fabs(to_x);
                g->dw[iw] += to_w;
                g->dw_size[iw] += fabs(to_w);
            }
        }
    }
}

static double *zeros(int n) { return (double *)calloc((size_t)n + 1, sizeof(double)); }
static TEST_UNUSED gradients gradients_of(const conv *c)
{
    const gradients g = { zeros(x_size(c)), zeros(w_size(c)), zeros(c->O),
                          zeros(x_size(c)), zeros(w_size(c)), zeros(c->O) };
    return g;
}
static TEST_UNUSED void gradients_free(const gradients *g)
{
    free(g->dx); free(g->dw); free(g->db);
    free(g->dx_size); free(g->dw_size); free(g->db_size);
}

/* ---- memory and numbers ---- */

static tn_tensor image_of(const conv *c, float *data, int H, int W, int C)
{
    return c->planes ? tn_view(data, TN_NCHW, 4, c->N, C, H, W)
                     : tn_view(data, c->named ? TN_NHWC : 0, 4, c->N, H, W, C);
}
static tn_tensor weights_of(const conv *c, float *data)
{
    const int I = c->C / c->G;
    if (c->order == OIHW) return tn_view(data, TN_OIHW, 4, c->O, I, c->KH, c->KW);
    if (c->order == HWCM) return tn_view(data, TN_HWCM, 4, c->KH, c->KW, c->C, c->O / c->C);
    return tn_view(data, c->named ? TN_HWIO : 0, 4, c->KH, c->KW, I, c->O);
}

/* Lets go of all but the first n. */
static TEST_UNUSED void fence_clear_to(int n)
{
    while (fence_count > n) { fence_count--; munmap(fences[fence_count].base, fences[fence_count].size); }
}

/* All operands at the end, or the beginning, of mapped memory; nothing there yet. */
static void conv_place(conv *c, int at_end)
{
    const size_t x = (size_t)x_size(c), y = (size_t)y_size(c), w = (size_t)w_size(c), o = (size_t)c->O;
    c->x = fence_floats(x, at_end); c->dx = fence_floats(x, at_end);
    c->w = fence_floats(w, at_end); c->dw = fence_floats(w, at_end);
    c->b = fence_floats(o, at_end); c->db = fence_floats(o, at_end);
    c->y = fence_floats(y, at_end); c->dy = fence_floats(y, at_end);
    c->r = fence_floats(y, at_end);
    c->tx = image_of(c, c->x, c->H, c->W, c->C); c->tdx = image_of(c, c->dx, c->H, c->W, c->C);
    c->ty = image_of(c, c->y, c->OH, c->OW, c->O); c->tdy = image_of(c, c->dy, c->OH, c->OW, c->O);
    c->tr = image_of(c, c->r, c->OH, c->OW, c->O);
    c->tw = weights_of(c, c->w); c->tdw = weights_of(c, c->dw);
    c->tb = tn_view(c->b, TN_O, 1, c->O, 0, 0, 0); c->tdb = tn_view(c->db, TN_O, 1, c->O, 0, 0, 0);
    c->tx.flags = c->tw.flags = c->tb.flags = c->tr.flags = c->tdy.flags = TN_READONLY;
}

/* Whole numbers so small that every sum is exact, or anything between -1 and 1. */
static void conv_fill(conv *c, int integers)
{
    float *const part[5] = { c->x, c->w, c->b, c->r, c->dy };
    const int n[5] = { x_size(c), w_size(c), c->O, y_size(c), y_size(c) };
    FOR(k, 5) {
        if (integers) fill_ints(part[k], (size_t)n[k], -4, 4);
        else fill_floats(part[k], (size_t)n[k], -1.0f, 1.0f);
    }
}

/* One NaN or infinity in one operand. */
static TEST_UNUSED void conv_poison(conv *c, int operands)
{
    static const float poison[3] = { NAN, INFINITY, -INFINITY };
    float *const part[5] = { c->x, c->w, c->dy, c->b, c->r };
    const int n[5] = { x_size(c), w_size(c), y_size(c), c->O, y_size(c) }, k = random_int(0, operands - 1);
    if (n[k]) part[k][random_int(0, n[k] - 1)] = poison[random_int(0, 2)];
}

static tn_tensor hollow(tn_tensor t) { t.data = NULL; return t; }

/* What an output held must not matter: other numbers each time. */
static void spoil(float *p, int n) { fill_floats(p, (size_t)n, 1000.25f, 2000.0f); }

/* The same numbers in another layout. */
static TEST_UNUSED conv conv_as(const conv *a, int planes, int order)
{
    conv c = *a;
    c.planes = planes;
    c.order = order;
    conv_place(&c, 1);
    FOR(n, c.N) FOR(h, c.H) FOR(w, c.W) FOR(i, c.C) c.x[x_at(&c, n, h, w, i)] = a->x[x_at(a, n, h, w, i)];
    FOR(n, c.N) FOR(h, c.OH) FOR(w, c.OW) FOR(o, c.O) {
        c.r[y_at(&c, n, h, w, o)] = a->r[y_at(a, n, h, w, o)];
        c.dy[y_at(&c, n, h, w, o)] = a->dy[y_at(a, n, h, w, o)];
    }
    FOR(kh, c.KH) FOR(kw, c.KW) FOR(i, c.C / c.G) FOR(o, c.O)
        c.w[w_at(&c, kh, kw, i, o)] = a->w[w_at(a, kh, kw, i, o)];
    memcpy(c.b, a->b, (size_t)c.O * sizeof(float));
    return c;
}

/* ---- drawing ---- */

#define DRAWN(X) \
    X(CHANNELS, 8) X(FILTERS, 9) X(BATCH, 4) X(KERNEL, 6) X(STRIDE_H, 3) X(STRIDE_W, 3) X(DILATION_H, 3) \
    X(DILATION_W, 3) X(PADDING, 5) X(WIDE, 2) X(GROUPING, 6) X(WEIGHTS, 3) X(PLANES, 2) X(NAMED, 2) X(BIAS, 2) \
    X(RELU, 2) X(RESIDUAL, 2) X(EXACT, 2)
#define DRAWN_ID(name, n) name,
#define DRAWN_COUNT(name, n) n,
enum { DRAWN(DRAWN_ID) CHOICES };
static const int choices[CHOICES] = { DRAWN(DRAWN_COUNT) };
static int seen[CHOICES][9];

static int out_length(int padding, int in, int size, int stride, int dilation, int around)
{
    int n = 0;
    if (padding != TN_VALID && padding != TN_EXPLICIT) return (in + stride - 1) / stride;
    while (n * stride + (size - 1) * dilation < in + around) n++;
    return n;
}

/* The padding before. What TN_SAME adds in all is the least that the last window needs. */
static int before(int padding, int in, int out, int size, int stride, int dilation, int given)
{
    const int missing = (out - 1) * stride + (size - 1) * dilation + 1 - in, all = missing > 0 ? missing : 0;
    if (padding == TN_CAUSAL) return (size - 1) * dilation;
    return padding == TN_SAME ? all / 2 : padding == TN_SAME_LOWER ? all - all / 2 : given;
}

/* OH, OW, top and left follow from all else. */
static void conv_shape(conv *c)
{
    const tn_window *const v = &c->p.window;
    c->OH = out_length(v->padding, c->H, c->KH, c->stride_h, c->dilation_h, v->top + v->bottom);
    c->OW = out_length(v->padding, c->W, c->KW, c->stride_w, c->dilation_w, v->left + v->right);
    c->top = before(v->padding, c->H, c->OH, c->KH, c->stride_h, c->dilation_h, v->top);
    c->left = before(v->padding, c->W, c->OW, c->KW, c->stride_w, c->dilation_w, v->left);
}

static conv conv_of(int N, int H, int W, int C, int KH, int KW, int O, int G)
{
    conv c;
    memset(&c, 0, sizeof c);
    c.N = N; c.H = H; c.W = W; c.C = C; c.KH = KH; c.KW = KW; c.O = O; c.G = G;
    c.stride_h = c.stride_w = c.dilation_h = c.dilation_w = 1;
    c.p.groups = G;
    conv_shape(&c);
    return c;
}

/* One convolution of at most `work` products. All that is drawn has its effect: else it is drawn anew. */
static conv conv_draw(double work)
{
    static const int channels[] = { 1, 2, 3, 4, 7, 16, 17, 33 }, filters[] = { 1, 15, 16, 17, 31, 32, 33, 48, 65 };
    static const int kernel[][2] = { { 1, 1 }, { 3, 3 }, { 5, 3 }, { 2, 2 }, { 1, 7 }, { 3, 1 } };
    for (;;) {
        int d[CHOICES], C, G, O, sides, depthwise;
        tn_window *v;
        conv c;
        FOR(k, CHOICES) d[k] = random_int(0, choices[k] - 1);
        depthwise = d[GROUPING] >= 3;
        C = depthwise && d[CHANNELS] & 1 ? filters[d[FILTERS]] : channels[d[CHANNELS]];
        G = depthwise ? C : d[GROUPING] + 1;
        O = depthwise ? C * (d[GROUPING] - 2) : filters[d[FILTERS]] * G;
        if (!depthwise) C *= G;
        c = conv_of(d[BATCH], d[PADDING] == TN_CAUSAL ? 1 : random_int(1, 20), random_int(1, 20), C,
                    kernel[d[KERNEL]][0], kernel[d[KERNEL]][1], O, G);
        c.stride_h = d[STRIDE_H] + 1; c.stride_w = d[STRIDE_W] + 1;
        c.dilation_h = d[DILATION_H] + 1; c.dilation_w = d[DILATION_W] + 1;
        c.planes = d[PLANES]; c.order = d[WEIGHTS]; c.named = d[NAMED];
        c.bias = d[BIAS]; c.residual = d[RESIDUAL];
        c.p.activation = d[RELU] ? TN_RELU : TN_LINEAR;
        c.p.flags = d[EXACT] ? TN_CONV_EXACT : 0;
        v = &c.p.window;
        v->stride_h = c.stride_h - (c.stride_h == 1 && d[NAMED]); v->stride_w = c.stride_w; /* 0 is 1, too */
        v->dilation_h = c.dilation_h; v->dilation_w = c.dilation_w - (c.dilation_w == 1 && d[BIAS]);
        if (G == 1 && d[RELU]) c.p.groups = 0;
        v->padding = d[PADDING];
        if (v->padding == TN_EXPLICIT) {
            sides = d[WIDE] ? 9 : 3;
            v->top = random_int(0, sides); v->bottom = random_int(0, sides);
            v->left = random_int(0, sides); v->right = random_int(0, sides);
        }
        conv_shape(&c);
        if ((d[WIDE] && v->padding != TN_EXPLICIT) || (v->padding == TN_CAUSAL && c.KH > 1) ||
            (c.order == HWCM && !depthwise) || c.OH < 1 || c.OW < 1 ||
            (double)c.OH * c.OW * (c.N ? c.N : 1) * w_size(&c) > work)
            continue;
        FOR(k, CHOICES) seen[k][d[k]]++;
        return c;
    }
}

/* Larger than every block of sums and of packed weights, on one axis each: columns, inputs, steps and phases between
 * outputs, depthwise, many lines of few columns; and than what a task, or a pass, goes over again and again. */
enum { LARGE = 12 };
static TEST_UNUSED conv conv_large(int k)
{
    static const struct { int N, H, W, C, KH, KW, O, G, stride, dilation, padding; } large[LARGE] = {
        { 1, 1, 1100, 2, 1, 3, 5, 1, 1, 1, TN_SAME },   { 1, 2, 1100, 3, 2, 2, 33, 1, 1, 5, TN_SAME },
        { 1, 1, 2300, 1, 1, 5, 7, 1, 2, 1, TN_SAME },   { 1, 2, 3300, 2, 1, 2, 3, 1, 3, 2, TN_VALID },
        { 1, 1, 4, 1100, 1, 2, 5, 1, 1, 1, TN_SAME },   { 1, 3, 3, 1100, 2, 1, 33, 1, 2, 1, TN_SAME_LOWER },
        { 1, 1, 4, 1400, 1, 2, 10, 2, 1, 1, TN_SAME },  { 1, 1, 1100, 20, 1, 3, 40, 20, 1, 1, TN_SAME },
        { 2, 1, 2300, 9, 1, 3, 9, 9, 2, 2, TN_SAME },   { 3, 150, 2, 5, 3, 2, 40, 1, 1, 1, TN_SAME },
        { 1, 100, 20, 100, 2, 1, 5, 1, 1, 1, TN_SAME }, { 1, 40, 33, 64, 1, 2, 64, 1, 1, 1, TN_SAME },
    };
    conv c = conv_of(large[k].N, large[k].H, large[k].W, large[k].C, large[k].KH, large[k].KW, large[k].O, large[k].G);
    c.stride_h = c.stride_w = c.p.window.stride_h = c.p.window.stride_w = large[k].stride;
    c.dilation_h = c.dilation_w = c.p.window.dilation_h = c.p.window.dilation_w = large[k].dilation;
    c.p.window.padding = large[k].padding;
    c.bias = k & 1;
    conv_shape(&c);
    return c;
}

/* At the borders of the kernels' ways: lines of 1 to 15 outputs; few channels and many; columns that are a panel or two, one fewer and one more; many lines; images smaller than their
 * window; windows apart from each other, taps apart in one direction; groups. `sides`: TN_EXPLICIT on all four, -1
 * TN_VALID. */
static const struct { int N, H, W, C, KH, KW, O, G, sh, sw, dh, dw, sides; } edges[] TEST_UNUSED = {
    { 2, 3, 4, 63, 3, 3, 33, 1, 1, 1, 1, 1, 1 },  { 2, 3, 4, 64, 3, 3, 32, 1, 1, 1, 1, 1, 1 },
    { 2, 3, 4, 65, 3, 3, 31, 1, 1, 1, 1, 1, 1 },  { 2, 3, 9, 65, 2, 3, 33, 1, 1, 2, 1, 1, -1 },
    { 2, 4, 5, 56, 3, 3, 33, 1, 1, 1, 1, 1, 1 },  { 1, 4, 5, 57, 3, 3, 64, 1, 1, 1, 1, 1, 1 },
    { 1, 2, 9, 64, 1, 8, 33, 1, 1, 1, 1, 1, -1 }, { 1, 2, 10, 57, 1, 9, 31, 1, 1, 1, 1, 1, -1 },
    { 3, 4, 5, 3, 3, 3, 1, 1, 1, 1, 1, 1, 1 },    { 3, 5, 5, 3, 3, 3, 3, 1, 1, 1, 1, 1, 1 },
    { 3, 6, 5, 3, 3, 3, 31, 1, 1, 1, 1, 1, 1 },   { 3, 9, 5, 3, 3, 3, 32, 1, 1, 1, 1, 1, 1 },
    { 3, 17, 4, 3, 3, 3, 33, 1, 1, 1, 1, 1, 1 },  { 3, 33, 3, 3, 5, 3, 64, 1, 1, 1, 1, 1, 1 },
    { 3, 5, 5, 70, 3, 3, 1, 1, 1, 1, 1, 1, 1 },   { 2, 5, 5, 70, 3, 3, 65, 1, 1, 1, 1, 1, 1 },
    { 2, 1, 6, 4, 5, 3, 32, 1, 1, 1, 1, 1, 2 },   { 2, 2, 2, 4, 5, 5, 33, 1, 1, 1, 1, 1, 6 },
    { 2, 2, 2, 66, 5, 5, 33, 1, 1, 1, 1, 1, 6 },  { 2, 2, 3, 66, 3, 3, 32, 1, 2, 2, 1, 1, 7 },
    { 2, 2, 3, 5, 3, 3, 32, 1, 2, 3, 1, 1, 7 },   { 2, 7, 8, 5, 1, 1, 33, 1, 3, 3, 1, 1, 0 },
    { 2, 7, 8, 66, 1, 1, 32, 1, 3, 3, 1, 1, 1 },  { 2, 7, 8, 5, 3, 3, 33, 1, 1, 1, 3, 1, 2 },
    { 2, 7, 8, 5, 3, 3, 32, 1, 1, 1, 1, 2, 2 },   { 2, 8, 7, 5, 3, 3, 32, 1, 2, 1, 3, 1, 4 },
    { 2, 9, 9, 5, 4, 4, 32, 1, 3, 3, 2, 2, 3 },   { 2, 5, 6, 12, 3, 3, 66, 2, 1, 1, 1, 1, 1 },
    { 2, 5, 6, 12, 2, 3, 99, 3, 2, 2, 1, 1, 1 },  { 2, 5, 6, 35, 3, 2, 64, 1, 3, 2, 1, 1, 1 },
    { 1, 3, 3, 3, 3, 3, 5, 1, 1, 1, 1, 1, -1 },   { 2, 6, 9, 40, 4, 4, 40, 1, 2, 4, 1, 1, 1 },
    { 2, 9, 5, 6, 3, 3, 40, 1, 4, 1, 1, 1, 1 },   { 2, 5, 4, 130, 3, 3, 96, 1, 1, 1, 1, 1, 1 },
    { 2, 5, 6, 300, 1, 1, 65, 1, 1, 1, 1, 1, 0 }, { 2, 5, 6, 300, 1, 1, 64, 1, 1, 1, 1, 1, 0 },
    { 2, 2, 15, 64, 3, 3, 64, 1, 1, 1, 1, 1, 1 }, { 2, 2, 17, 65, 2, 3, 97, 1, 1, 1, 1, 1, 1 },
    { 2, 2, 24, 3, 3, 3, 64, 1, 1, 1, 1, 1, 1 },  { 1, 3, 27, 20, 3, 3, 128, 1, 1, 1, 2, 1, 1 },
    { 2, 2, 40, 64, 2, 3, 70, 1, 1, 2, 1, 1, 1 }, { 1, 2, 19, 128, 2, 3, 128, 2, 1, 1, 1, 1, 1 },
    { 1, 2, 33, 3, 2, 3, 64, 1, 1, 2, 1, 1, 1 },  { 2, 5, 6, 100, 1, 1, 130, 1, 1, 1, 1, 1, 0 },
};
enum { WIDTHS = 15, EDGES = WIDTHS + (int)COUNT(edges) };
static TEST_UNUSED conv conv_edge(int k)
{
    const int e = k < WIDTHS ? 0 : k - WIDTHS, sides = k < WIDTHS ? 3 : edges[e].sides;
    conv c = k < WIDTHS ? conv_of(2, 3, k + 1, k % 5 == 4 ? 66 : 3, 3, 7, 32 + k % 2, 1)
                        : conv_of(edges[e].N, edges[e].H, edges[e].W, edges[e].C, edges[e].KH, edges[e].KW, edges[e].O,
                                  edges[e].G);
    tn_window *const v = &c.p.window;
    if (k >= WIDTHS) {
        c.stride_h = v->stride_h = edges[e].sh;
        c.stride_w = v->stride_w = edges[e].sw;
        c.dilation_h = v->dilation_h = edges[e].dh;
        c.dilation_w = v->dilation_w = edges[e].dw;
    }
    v->padding = sides < 0 ? TN_VALID : TN_EXPLICIT;
    v->top = v->bottom = v->left = v->right = sides < 0 ? 0 : sides;
    c.bias = k % 3 != 0;
    c.residual = k & 1;
    c.p.activation = k % 4 < 2 ? TN_RELU : TN_LINEAR;
    conv_shape(&c);
    return c;
}

static void everything_was_drawn(void)
{
    FOR(k, CHOICES) FOR(i, choices[k]) if (!seen[k][i]) fail_msg("choice %d: value %d was never drawn", k, i);
}

/* ---- calls ---- */

#define RUN(call) assert_int_equal(call, TN_OK)

/* Bytes of scratch memory for weights that do not serve as they lie: panels of 32 columns, but for a window of one
 * pixel. */
static int panels_size(const conv *c, int backward)
{
    const int taps = c->KH * c->KW, I = c->C / c->G, M = c->O / c->G, depthwise = c->G > 1 && c->G == c->C;
    const int from = backward ? M : I, to = depthwise ? backward ? c->C : c->O : backward ? I : M;
    if (taps == 1 && c->G == 1 && c->stride_h == 1 && c->stride_w == 1 && c->OH == c->H && c->OW == c->W) return 0;
    if (!backward && (c->order != OIHW || (taps == 1 && I == 1))) return 0;
    return (depthwise ? 1 : c->G) * ((to + 31) / 32 * 32) * from * taps * (int)sizeof(float);
}

/* Exactly the scratch memory that a query asked for, at an edge; NULL for none. */
static void give_workspace(tn_context *ctx, int at_end)
{
    ctx->workspace_size = ctx->need;
    ctx->workspace = ctx->need ? fence_bytes(ctx->need, at_end) : NULL;
    assert_int_equal(ctx->need % sizeof(float), 0);
}

/* Tasks in any order are what threads may do; worker numbers as a pool's. */
static int tasks_run;
static TEST_UNUSED void backwards(void *pool, int32_t tasks, tn_task run, void *arg)
{
    (void)pool;
    tasks_run += tasks;
    while (tasks--) run(arg, tasks, tasks % 3);
}
static TEST_UNUSED void shuffled(void *pool, int32_t tasks, tn_task run, void *arg)
{
    int32_t *const order = (int32_t *)malloc((size_t)tasks * sizeof(int32_t));
    (void)pool;
    tasks_run += tasks;
    FOR(i, tasks) {
        const int j = random_int(0, i);
        order[i] = order[j];
        order[j] = i;
    }
    FOR(i, tasks) run(arg, order[i], random_int(0, 2));
    free(order);
}
