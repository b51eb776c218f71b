/* tests/test_conv2d.c - tn_conv2d and its packed weights: against loops written from the definition, against itself, at
 * the edges of memory. */
#include "test.h"

#include "conv2d_oracle.h"

/* The call, with w or packed weights, in the context's way of running: a query without data tells the scratch memory;
 * a byte less is refused, and nothing written. */
static void forward(tn_context *ctx, conv *c, const tn_tensor *w, int at_end)
{
    const tn_tensor y = hollow(c->ty), x = hollow(c->tx), r = hollow(c->tr), b = hollow(c->tb), no_w = hollow(*w);
    const tn_tensor *const tb = c->bias ? &c->tb : NULL;
    const int n = y_size(c);
    tn_conv2d_params p = c->p;
    size_t need;
    p.residual = c->residual ? &r : NULL;
    ctx->query = 1;
    RUN(tn_conv2d(ctx, &y, &x, &no_w, c->bias ? &b : NULL, &p));
    ctx->query = 0;
    need = ctx->need;
    assert_int_equal(need, (w->flags & TN_PACKED ? 0 : panels_size(c, 0)) +
                               (c->planes ? x_size(c) + n : 0) * (int)sizeof(float));
    give_workspace(ctx, at_end);
    p.residual = c->residual ? &c->tr : NULL;
    spoil(c->y, n);
    if (need) {
        float *const old = (float *)malloc(((size_t)n + 1) * sizeof(float));
        memcpy(old, c->y, (size_t)n * sizeof(float));
        ctx->workspace_size = need - 1;
        ctx->need = 0;
        assert_int_equal(tn_conv2d(ctx, &c->ty, &c->tx, w, tb, &p), TN_E_WORKSPACE);
        assert_int_equal(ctx->need, need);
        assert_memory_equal(c->y, old, (size_t)n * sizeof(float));
        ctx->workspace_size = need;
        free(old);
    }
    RUN(tn_conv2d(ctx, &c->ty, &c->tx, w, tb, &p));
}

static void run(conv *c)
{
    tn_context ctx = TN_ZERO;
    forward(&ctx, c, &c->tw, 1);
}

/* w packed into exactly the memory that a query asked for. */
static tn_tensor pack(const conv *c, int at_end)
{
    const tn_tensor w = hollow(c->tw), x = hollow(c->tx);
    tn_context ctx = TN_ZERO;
    tn_tensor packed = TN_ZERO;
    void *memory;
    ctx.query = 1;
    RUN(tn_conv2d_pack(&ctx, &packed, NULL, 0, &w, &x, &c->p));
    ctx.query = 0;
    assert_true(ctx.need > 0 && ctx.need % sizeof(float) == 0);
    memory = fence_bytes(ctx.need, at_end);
    RUN(tn_conv2d_pack(&ctx, &packed, memory, ctx.need, &c->tw, &x, &c->p));
    assert_true(packed.data == memory && packed.rank == 4 && packed.flags & TN_PACKED);
    assert_memory_equal(packed.dim, c->tw.dim, 4 * sizeof packed.dim[0]);
    return packed;
}

/* On every instruction set, packed and not, to the bit. */
static void check_exact(conv *c, int at_end)
{
    const int n = y_size(c);
    double *const want = zeros(n), *const size = zeros(n);
    float *const exact = (float *)malloc(((size_t)n + 1) * sizeof(float));
    conv_oracle(c, want, size);
    FOR(i, n) exact[i] = (float)want[i];
    FOR_EACH_ISA(isa) {
        tn_context ctx = TN_ZERO;
        tn_tensor packed;
        forward(&ctx, c, &c->tw, at_end);
        ASSERT_SAME_BITS(c->y, exact, n);
        packed = pack(c, at_end);
        forward(&ctx, c, &packed, at_end);
        ASSERT_SAME_BITS(c->y, exact, n);
    }
    free(want); free(size); free(exact);
}

static void conv2d_whole_numbers_exact(void **state)
{
    (void)state;
    test_seed = 21;
    FOR(trial, 2000) {
        conv c = conv_draw(trial % 10 ? 60000.0 : 500000.0);
        tn_tensor shape = TN_ZERO;
        conv_place(&c, trial & 1);
        conv_fill(&c, 1);
        if (trial % 4 == 3) { /* 0 times infinity, NaN: where the definition says, and nowhere else */
            c.p.flags = TN_CONV_EXACT;
            conv_poison(&c, 5);
        }
        RUN(tn_conv2d_shape(NULL, &shape, &c.tx, &c.tw, &c.p));
        assert_true(shape.rank == 4 && shape.dtype == TN_F32 && shape.axes == c.tx.axes);
        assert_memory_equal(shape.dim, c.ty.dim, 4 * sizeof shape.dim[0]);
        check_exact(&c, trial & 1);
        fence_clear();
    }
    everything_was_drawn();
    assert_true(padding_alone > 1000);
}

/* Inputs, outputs, width, channels of a depthwise one, in every layout. */
static void conv2d_every_tail(void **state)
{
    (void)state;
    test_seed = 22;
    FOR(k, (int)COUNT(tails)) FOR(what, 4) FOR(planes, 2) FOR(order, what == 3 ? 3 : 2) {
        const int n = tails[k];
        conv c = what == 0   ? conv_of(1, 2, 5, n, 2, 2, 3, 1)
                 : what == 1 ? conv_of(2, 3, 4, 3, 2, 2, n, 1)
                 : what == 2 ? conv_of(1, 3, n + 1, 2, 3, 2, 5, 1)
                             : conv_of(1, 3, 5, n, 3, 3, n * (1 + k % 2), n);
        c.planes = planes;
        c.order = order;
        c.bias = k & 1;
        conv_place(&c, (k + planes) & 1);
        conv_fill(&c, 1);
        check_exact(&c, (k + planes) & 1);
        fence_clear();
    }
}

static void conv2d_larger_than_any_block(void **state)
{
    (void)state;
    test_seed = 40;
    FOR(k, LARGE) FOR(layout, 2) {
        conv c = conv_large(k);
        c.planes = c.order = layout; /* OIHW */
        conv_place(&c, layout);
        conv_fill(&c, 1);
        check_exact(&c, layout);
        fence_clear();
    }
}

static void conv2d_at_the_borders_of_its_ways(void **state)
{
    (void)state;
    test_seed = 41;
    FOR(k, EDGES) FOR(layout, 4) {
        conv c = conv_edge(k);
        c.planes = layout & 1;
        c.order = layout >> 1; /* OIHW */
        conv_place(&c, layout != 1);
        conv_fill(&c, 1);
        check_exact(&c, layout != 1);
        fence_clear();
    }
}

/* A sum starts from the bias, which is exact; K fused products and the residual are K + 1 roundings, each within 2^-24
 * of what stands there, and that is within the sum of magnitudes (1.01: to the second order). */
static void conv2d_floats_within_bound(void **state)
{
    (void)state;
    test_seed = 23;
    FOR(trial, 400) {
        conv c = conv_draw(60000.0);
        const int n = y_size(&c), K = c.KH * c.KW * (c.C / c.G);
        double *const want = zeros(n), *const bound = zeros(n);
        conv_place(&c, trial & 1);
        conv_fill(&c, 0);
        conv_oracle(&c, want, bound);
        FOR(i, n) bound[i] *= (K + 1) * 0x1.01p-24;
        FOR_EACH_ISA(isa) {
            run(&c);
            ASSERT_WITHIN(c.y, want, bound, n);
        }
        free(want); free(bound);
        fence_clear();
    }
}

static void same_image(const conv *got, const conv *want, int first)
{
    FOR(n, got->N) FOR(h, got->OH) FOR(w, got->OW) FOR(o, got->O) {
        const float g = got->y[y_at(got, n, h, w, o)], e = want->y[y_at(want, first + n, h, w, o)];
        if (bits_of(g) != bits_of(e))
            fail_msg("y[%d,%d,%d,%d] is %a, must be %a (%s; planes %d, weights %d)", first + n, h, w, o, (double)g,
                     (double)e, tn_isa_name(), got->planes, got->order);
    }
}

/* What every other way of running must reproduce: the scalar pass, serial, NHWC and HWIO. */
static void conv2d_same_bits_however_it_runs(void **state)
{
    (void)state;
    test_seed = 24;
    tasks_run = 0;
    FOR(trial, 250 + EDGES) {
        conv plain = trial < EDGES ? conv_edge(trial) : conv_draw(trial % 5 ? 40000.0 : 400000.0), base;
        const int depthwise = plain.G == plain.C;
        plain.planes = 0;
        plain.order = HWIO;
        conv_place(&plain, 1);
        conv_fill(&plain, 0);
        if (trial % 3 == 2) {
            fill_specials(plain.x, (size_t)x_size(&plain));
            fill_specials(plain.r, (size_t)y_size(&plain));
        }
        base = plain;
        base.y = (float *)malloc(((size_t)y_size(&plain) + 1) * sizeof(float));
        RUN(tn_isa_use(TN_ISA_SCALAR));
        run(&plain);
        memcpy(base.y, plain.y, (size_t)y_size(&plain) * sizeof(float));
        FOR(planes, 2) FOR(order, depthwise ? 3 : 2) {
            conv c = conv_as(&plain, planes, order);
            FOR_EACH_ISA(isa) {
                tn_context ctx = TN_ZERO;
                tn_tensor packed;
                forward(&ctx, &c, &c.tw, 1);
                same_image(&c, &base, 0);
                ctx.workers = 3;
                ctx.parallel_for = backwards;
                forward(&ctx, &c, &c.tw, 0);
                same_image(&c, &base, 0);
                packed = pack(&c, 0);
                ctx.parallel_for = shuffled;
                forward(&ctx, &c, &packed, 1);
                same_image(&c, &base, 0);
            }
            FOR(n, c.N > 1 ? c.N : 0) { /* an image alone is the image in its batch */
                conv one = c;
                one.N = 1;
                conv_place(&one, 1);
                memcpy(one.x, c.x + n * x_size(&one), (size_t)x_size(&one) * sizeof(float));
                memcpy(one.r, c.r + n * y_size(&one), (size_t)y_size(&one) * sizeof(float));
                one.tw = c.tw;
                one.tb = c.tb;
                run(&one);
                same_image(&one, &base, n);
            }
            fence_clear_to(9);
        }
        free(base.y);
        fence_clear();
    }
    assert_true(tasks_run > 100); /* the work was really cut */
}

static void conv2d_one_by_one_is_dense(void **state)
{
    (void)state;
    test_seed = 25;
    FOR(trial, 60) {
        conv c = conv_of(random_int(1, 3), random_int(1, 7), random_int(1, 9), random_int(1, 70), 1, 1,
                         random_int(1, 70), 1);
        const int rows = c.N * c.H * c.W, order = trial & 1;
        tn_dense_params p = TN_ZERO;
        tn_tensor x, w, y;
        float *again;
        c.order = order;
        c.bias = 1;
        p.activation = c.p.activation = trial & 2 ? TN_TANH : TN_LINEAR;
        conv_place(&c, 1);
        conv_fill(&c, 0);
        again = fence_floats((size_t)y_size(&c), 1);
        x = tn_cview(c.x, 0, 2, rows, c.C, 0, 0);
        y = tn_view(again, 0, 2, rows, c.O, 0, 0);
        w = order ? tn_cview(c.w, TN_OI, 2, c.O, c.C, 0, 0) : tn_cview(c.w, TN_IO, 2, c.C, c.O, 0, 0);
        FOR_EACH_ISA(isa) {
            run(&c);
            RUN(tn_dense(NULL, &y, &x, &w, &c.tb, &p));
            ASSERT_SAME_BITS(c.y, again, y_size(&c));
        }
        fence_clear();
    }
}

/* A window as large as the image: one row of a matrix product over its pixels. */
static void conv2d_of_the_whole_image_is_dense(void **state)
{
    (void)state;
    test_seed = 26;
    FOR(trial, 20) {
        conv c = conv_of(random_int(1, 4), 3, 3, random_int(1, 40), 3, 3, random_int(1, 40), 1);
        const int K = 9 * c.C, n = y_size(&c);
        double *const want = zeros(n), *const bound = zeros(n);
        float *flat;
        tn_tensor x, w, y;
        conv_place(&c, 1);
        conv_fill(&c, 0);
        conv_oracle(&c, want, bound);
        flat = fence_floats((size_t)n, 1);
        x = tn_cview(c.x, 0, 2, c.N, K, 0, 0);
        y = tn_view(flat, 0, 2, c.N, c.O, 0, 0);
        w = tn_cview(c.w, TN_IO, 2, K, c.O, 0, 0);
        FOR_EACH_ISA(isa) {
            run(&c);
            RUN(tn_dense(NULL, &y, &x, &w, NULL, NULL));
            FOR(i, n) { /* both within the bound of the exact sum */
                const double apart = fabs((double)c.y[i] - (double)flat[i]);
                if (!(apart <= 2.0 * K * 0x1.01p-24 * bound[i])) fail_msg("[%d] differs by %g", i, apart);
            }
        }
        free(want); free(bound);
        fence_clear();
    }
}

/* x[N,1,W,C] as N sequences is x[1,N,W,C] as one image under windows of height 1; TN_CAUSAL is padding before alone. */
static void conv2d_one_dimension(void **state)
{
    (void)state;
    test_seed = 27;
    FOR(trial, 60) {
        conv line = conv_of(random_int(1, 5), 1, random_int(8, 20), random_int(1, 20), 1, random_int(1, 4),
                            random_int(1, 40), 1), image;
        tn_window *const v = &line.p.window;
        v->stride_w = line.stride_w = random_int(1, 3);
        v->dilation_w = line.dilation_w = random_int(1, 2);
        v->padding = trial & 1 ? TN_CAUSAL : TN_SAME;
        conv_shape(&line);
        conv_place(&line, 1);
        conv_fill(&line, 0);
        image = line;
        image.N = 1;
        image.H = image.OH = line.N;
        image.p.window.padding = TN_EXPLICIT;
        image.p.window.left = line.left;
        image.p.window.right = (line.OW - 1) * line.stride_w + (line.KW - 1) * line.dilation_w + 1 - line.W - line.left;
        if (image.p.window.right < 0) image.p.window.right = 0;
        conv_place(&image, 1);
        memcpy(image.x, line.x, (size_t)x_size(&line) * sizeof(float));
        memcpy(image.w, line.w, (size_t)w_size(&line) * sizeof(float));
        FOR_EACH_ISA(isa) {
            run(&line);
            run(&image);
            ASSERT_SAME_BITS(image.y, line.y, y_size(&line));
        }
        fence_clear();
    }
}

static void conv2d_fused_activation_is_activation_after(void **state)
{
    (void)state;
    test_seed = 28;
    enum { RUNS, DEPTHWISE, PASSES, WAYS };
    FOR(planes, 2) FOR(way, WAYS) FOR(kind, TN_SOFTMAX) {
        conv c = conv_of(2, 4, 5, 6, 3, 2, way == DEPTHWISE ? 12 : 37, way == DEPTHWISE ? 6 : 1);
        tn_activation_params a = TN_ZERO;
        tn_tensor apart;
        if (way == PASSES) c.p.window.dilation_w = c.dilation_w = 2;
        c.planes = planes;
        c.bias = c.residual = 1;
        conv_shape(&c);
        conv_place(&c, 1);
        conv_fill(&c, 0);
        c.x[3] = NAN; c.x[45] = -INFINITY; c.x[100] = INFINITY;
        apart = image_of(&c, fence_floats((size_t)y_size(&c), 1), c.OH, c.OW, c.O);
        a.kind = kind;
        a.alpha = c.p.alpha = kind == TN_ELU ? 0.7f : 0.0f;
        FOR_EACH_ISA(isa) {
            c.p.activation = TN_LINEAR;
            run(&c);
            RUN(tn_activation(NULL, &apart, &c.ty, &a));
            c.p.activation = kind;
            run(&c);
            ASSERT_SAME_BITS(c.y, (const float *)apart.data, y_size(&c));
        }
        fence_clear();
    }
}

/* A NaN pixel is in those outputs whose window covers it, in its group; a tap that sees padding alone is not computed,
 * whatever its weight. Told by positions alone. */
static void conv2d_special_values_reach_what_they_must(void **state)
{
    int nan_reached = 0, taps_spared = 0;
    (void)state;
    test_seed = 29;
    FOR(trial, 200) {
        conv c = conv_draw(40000.0);
        const int in = random_int(0, c.C - 1), out_each = c.O / c.G, in_each = c.C / c.G;
        const int N = random_int(0, c.N ? c.N - 1 : 0), H = random_int(0, c.H - 1), W = random_int(0, c.W - 1);
        c.p.flags = TN_CONV_EXACT;
        conv_place(&c, 1);
        conv_fill(&c, 0);
        if (c.N) c.x[x_at(&c, N, H, W, in)] = NAN;
        FOR(kh, c.KH) FOR(kw, c.KW) { /* a tap that no output has inside the image */
            int used = 0;
            FOR(oh, c.OH) FOR(ow, c.OW) used |= inside(row(&c, oh, kh), c.H) && inside(column(&c, ow, kw), c.W);
            FOR(i, in_each) FOR(o, c.O) if (!used) c.w[w_at(&c, kh, kw, i, o)] = o & 1 ? INFINITY : NAN;
            taps_spared += !used;
        }
        FOR_EACH_ISA(isa) {
            run(&c);
            FOR(n, c.N) FOR(oh, c.OH) FOR(ow, c.OW) FOR(o, c.O) {
                const int dh = H - row(&c, oh, 0), dw = W - column(&c, ow, 0);
                const int covers = n == N && o / out_each == in / in_each && dh >= 0 && dw >= 0 &&
                                   dh % c.dilation_h == 0 && dw % c.dilation_w == 0 && dh / c.dilation_h < c.KH &&
                                   dw / c.dilation_w < c.KW;
                const float y = c.y[y_at(&c, n, oh, ow, o)];
                nan_reached += covers;
                if (covers ? y == y : !(fabsf(y) < 1e6f))
                    fail_msg("y[%d,%d,%d,%d] is %g, covered %d (%s)", n, oh, ow, o, (double)y, covers, tn_isa_name());
            }
        }
        fence_clear();
    }
    assert_true(nan_reached > 1000 && taps_spared > 100);
}

static void conv2d_packs_are_checked(void **state)
{
    conv c = conv_of(2, 5, 6, 4, 3, 2, 8, 1), other, wide;
    static float old[1000];
    tn_context ctx = TN_ZERO;
    tn_diag diag;
    tn_tensor packed, inside_pack, forged;
    unsigned char *memory;
    size_t need;
    (void)state;
    test_seed = 30;
    ctx.diag = &diag;
    FOR_EACH_ISA(isa) {
        c = conv_of(2, 5, 6, 4, 3, 2, 8, 1);
        conv_place(&c, 1);
        conv_fill(&c, 1);
        run(&c);
        memcpy(old, c.y, (size_t)y_size(&c) * sizeof(float));
        memory = (unsigned char *)fence_bytes(65536, 1);
        ctx.need = 0;
        memset(&packed, 0, sizeof packed);
        assert_int_equal(tn_conv2d_pack(&ctx, &packed, memory, 8, &c.tw, &c.tx, &c.p), TN_E_MEMORY);
        need = ctx.need;
        assert_true(need > 8 && need <= 32768 && !packed.data && diag.arg == 1);
        assert_int_equal(tn_conv2d_pack(&ctx, &packed, memory, need - 1, &c.tw, &c.tx, &c.p), TN_E_MEMORY);
        assert_int_equal(tn_conv2d_pack(NULL, &packed, memory, need - 1, &c.tw, &c.tx, &c.p), TN_E_MEMORY);
        assert_int_equal(tn_conv2d_pack(&ctx, &packed, NULL, need, &c.tw, &c.tx, &c.p), TN_E_NULL);
        assert_int_equal(tn_conv2d_pack(&ctx, &packed, memory + 1, need, &c.tw, &c.tx, &c.p), TN_E_ALIGN);
        other = c;
        other.tw.data = memory + need - 4;
        assert_int_equal(tn_conv2d_pack(&ctx, &packed, memory, need, &other.tw, &c.tx, &c.p), TN_E_ALIAS);
        other.tx.dim[0] = 0; /* N does not count */
        RUN(tn_conv2d_pack(&ctx, &packed, memory, need, &c.tw, &other.tx, &c.p));
        RUN(tn_conv2d(&ctx, &c.ty, &c.tx, &packed, NULL, &c.p));
        ASSERT_SAME_BITS(c.y, old, y_size(&c));
        inside_pack = c.ty; /* beyond w's own size, in the panels */
        inside_pack.data = memory + (need - tn_bytes(&c.ty) / 9) / 4 * 4;
        assert_int_equal(tn_conv2d(&ctx, &inside_pack, &c.tx, &packed, NULL, &c.p), TN_E_ALIAS);
        assert_int_equal(tn_conv2d_pack(&ctx, &forged, memory + 32768, need, &packed, &c.tx, &c.p), TN_E_WEIGHTS);
        assert_int_equal(tn_conv2d_backward(&ctx, &c.tdx, NULL, NULL, &c.tdy, NULL, &packed, NULL), TN_E_WEIGHTS);

        /* another shape over the same panels; the same shape in groups, and depthwise; another order of axes */
        FOR(how, 4) {
            other = how == 0   ? conv_of(2, 5, 6, 8, 3, 2, 4, 1)
                    : how == 1 ? conv_of(2, 5, 6, 8, 3, 2, 8, 2)
                    : how == 2 ? conv_of(2, 5, 6, 4, 3, 2, 32, 4)
                               : conv_of(2, 5, 6, 4, 2, 3, 8, 1);
            if (how == 2) other.order = HWCM;
            conv_place(&other, 1);
            conv_fill(&other, 1);
            spoil(other.y, y_size(&other));
            memcpy(old, other.y, (size_t)y_size(&other) * sizeof(float));
            forged = packed;
            memcpy(forged.dim, other.tw.dim, sizeof forged.dim);
            forged.axes = other.tw.axes;
            assert_int_equal(tn_conv2d(&ctx, &other.ty, &other.tx, &forged, NULL, &other.p), TN_E_WEIGHTS);
            assert_true(diag.cause == TN_CAUSE_PACKED_FOR_ANOTHER_PLAN && diag.arg == 2);
            ASSERT_SAME_BITS(other.y, old, y_size(&other));
            fence_clear_to(10);
        }
        wide = conv_of(2, 9, 20, 4, 3, 2, 8, 1); /* another image may be another plan: refused, or right */
        conv_place(&wide, 1);
        conv_fill(&wide, 1);
        memcpy(wide.w, c.w, (size_t)w_size(&c) * sizeof(float));
        run(&wide);
        other = conv_as(&wide, 0, HWIO);
        if (tn_conv2d(&ctx, &other.ty, &other.tx, &packed, NULL, &other.p) != TN_E_WEIGHTS)
            ASSERT_SAME_BITS(other.y, wide.y, y_size(&wide));
        for (int32_t there = TN_ISA_SCALAR; there <= TN_ISA_NEON; there++) {
            if (there == isa || tn_isa_use(there) != TN_OK) continue;
            spoil(c.y, 8);
            memcpy(old, c.y, 8 * sizeof(float));
            assert_int_equal(tn_conv2d(&ctx, &c.ty, &c.tx, &packed, NULL, &c.p), TN_E_WEIGHTS);
            assert_int_equal(diag.cause, TN_CAUSE_PACKED_FOR_ANOTHER_PLAN);
            ASSERT_SAME_BITS(c.y, old, 8);
        }
        RUN(tn_isa_use(isa));
        fence_clear();
    }
}

static void conv2d_images_in_planes_need_a_context(void **state)
{
    conv c = conv_of(1, 4, 5, 3, 3, 3, 4, 1);
    (void)state;
    c.planes = 1;
    conv_place(&c, 1);
    conv_fill(&c, 1);
    spoil(c.y, y_size(&c));
    memcpy(c.r, c.y, (size_t)y_size(&c) * sizeof(float));
    assert_int_equal(tn_conv2d(NULL, &c.ty, &c.tx, &c.tw, NULL, NULL), TN_E_WORKSPACE);
    assert_memory_equal(c.y, c.r, (size_t)y_size(&c) * sizeof(float));
    c = conv_as(&c, 0, HWIO);
    RUN(tn_conv2d(NULL, &c.ty, &c.tx, &c.tw, NULL, NULL));
    fence_clear();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(conv2d_whole_numbers_exact), cmocka_unit_test(conv2d_every_tail),
        cmocka_unit_test(conv2d_larger_than_any_block), cmocka_unit_test(conv2d_at_the_borders_of_its_ways),
        cmocka_unit_test(conv2d_floats_within_bound), cmocka_unit_test(conv2d_same_bits_however_it_runs),
        cmocka_unit_test(conv2d_one_by_one_is_dense), cmocka_unit_test(conv2d_of_the_whole_image_is_dense),
        cmocka_unit_test(conv2d_one_dimension), cmocka_unit_test(conv2d_fused_activation_is_activation_after),
        cmocka_unit_test(conv2d_special_values_reach_what_they_must), cmocka_unit_test(conv2d_packs_are_checked),
        cmocka_unit_test(conv2d_images_in_planes_need_a_context),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
