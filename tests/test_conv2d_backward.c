/* tests/test_conv2d_backward.c - tn_conv2d_backward: against the sums of the definition, against itself and the forward
 * call, at the edges of memory. */
#include "test.h"

#include "conv2d_oracle.h"

enum { DX = 1, DW = 2, DB = 4, ALL = 7 };

/* The gradients asked for, others NULL, in the context's way of running: a query without data tells the scratch memory;
 * a byte less is refused, and nothing written. What is not read has no data, or is not there. */
static void backward(tn_context *ctx, conv *c, int which, int32_t flags, int at_end)
{
    const tn_tensor no_dx = hollow(c->tdx), no_dw = hollow(c->tdw), no_db = hollow(c->tdb), no_dy = hollow(c->tdy),
                    no_x = hollow(c->tx), no_w = hollow(c->tw);
    const int leave_x = !(which & DW) && random_int(0, 1), leave_w = !(which & DX) && random_int(0, 1);
    const tn_tensor *const x = which & DW ? &c->tx : leave_x ? NULL : &no_x;
    const tn_tensor *const w = which & DX ? &c->tw : leave_w ? NULL : &no_w;
    const int size[3] = { x_size(c), w_size(c), c->O };
    float *const out[3] = { c->dx, c->dw, c->db };
    tn_conv2d_params p = c->p;
    size_t need;
    p.activation = TN_LINEAR;
    p.flags |= flags;
    ctx->query = 1;
    RUN(tn_conv2d_backward(ctx, which & DX ? &no_dx : NULL, which & DW ? &no_dw : NULL, which & DB ? &no_db : NULL,
                           &no_dy, leave_x ? NULL : &no_x, leave_w ? NULL : &no_w, &p));
    ctx->query = 0;
    need = ctx->need;
    assert_int_equal(need, (which & DX ? panels_size(c, 1) : 0) +
                               (c->planes ? (which ? y_size(c) : 0) + (which & DW ? x_size(c) : 0) +
                                                (which & DX ? x_size(c) : 0) : 0) * (int)sizeof(float));
    give_workspace(ctx, at_end);
    FOR(k, 3) if (which >> k & 1 && !(k && flags & TN_ACCUMULATE)) spoil(out[k], size[k]);
    if (need) {
        float *old[3];
        FOR(k, 3) {
            old[k] = (float *)malloc(((size_t)size[k] + 1) * sizeof(float));
            memcpy(old[k], out[k], (size_t)size[k] * sizeof(float));
        }
        ctx->workspace_size = need - 1;
        ctx->need = 0;
        assert_int_equal(tn_conv2d_backward(ctx, which & DX ? &c->tdx : NULL, which & DW ? &c->tdw : NULL,
                                            which & DB ? &c->tdb : NULL, &c->tdy, x, w, &p), TN_E_WORKSPACE);
        assert_int_equal(ctx->need, need);
        FOR(k, 3) {
            assert_memory_equal(out[k], old[k], (size_t)size[k] * sizeof(float));
            free(old[k]);
        }
        ctx->workspace_size = need;
    }
    RUN(tn_conv2d_backward(ctx, which & DX ? &c->tdx : NULL, which & DW ? &c->tdw : NULL, which & DB ? &c->tdb : NULL,
                           &c->tdy, x, w, &p));
}

static void run(conv *c)
{
    tn_context ctx = TN_ZERO;
    backward(&ctx, c, ALL, 0, 1);
}

static void same_bits(const float *got, const double *want, int n, const char *what)
{
    FOR(i, n) if (bits_of(got[i]) != bits_of((float)want[i]))
        fail_msg("%s[%d] is %a, must be %a (%s)", what, i, (double)got[i], want[i], tn_isa_name());
}

/* On every instruction set, together and alone, written and added, to the bit. */
static void check_exact(conv *c, int at_end)
{
    const gradients want = gradients_of(c);
    const int nx = x_size(c), nw = w_size(c);
    float *const w0 = (float *)malloc((size_t)nw * sizeof(float)), *const b0 = (float *)malloc((size_t)c->O * 4);
    conv_gradients(c, &want);
    FOR_EACH_ISA(isa) {
        tn_context ctx = TN_ZERO;
        const int alone = 1 << random_int(0, 2), two = ALL & ~(1 << random_int(0, 2));
        const int round[3] = { ALL, alone, two };
        FOR(k, 3) {
            backward(&ctx, c, round[k], 0, at_end);
            if (round[k] & DX) same_bits(c->dx, want.dx, nx, "dx");
            if (round[k] & DW) same_bits(c->dw, want.dw, nw, "dw");
            if (round[k] & DB) same_bits(c->db, want.db, c->O, "db");
        }
        fill_ints(c->dw, (size_t)nw, 1, 50);
        fill_ints(c->db, (size_t)c->O, 1, 50);
        memcpy(w0, c->dw, (size_t)nw * sizeof(float));
        memcpy(b0, c->db, (size_t)c->O * sizeof(float));
        backward(&ctx, c, ALL, TN_ACCUMULATE, at_end);
        same_bits(c->dx, want.dx, nx, "dx");
        FOR(i, nw) {
            const double sum = want.dw[i] + (double)w0[i];
            same_bits(&c->dw[i], &sum, 1, "accumulated dw");
        }
        FOR(i, c->O) {
            const double sum = want.db[i] + (double)b0[i];
            same_bits(&c->db[i], &sum, 1, "accumulated db");
        }
    }
    gradients_free(&want);
    free(w0); free(b0);
}

static void backward_whole_numbers_exact(void **state)
{
    (void)state;
    test_seed = 31;
    FOR(trial, 1200) {
        conv c = conv_draw(trial % 10 ? 40000.0 : 200000.0);
        conv_place(&c, trial & 1);
        conv_fill(&c, 1);
        if (trial % 4 == 3) { /* 0 times infinity, NaN: where the definition says, and nowhere else */
            c.p.flags = TN_CONV_EXACT;
            conv_poison(&c, 3);
        }
        check_exact(&c, trial & 1);
        fence_clear();
    }
    everything_was_drawn();
}

/* Inputs, outputs, width, channels of a depthwise one, in every layout. */
static void backward_every_tail(void **state)
{
    (void)state;
    test_seed = 32;
    FOR(k, (int)COUNT(tails)) FOR(what, 4) FOR(planes, 2) FOR(order, what == 3 ? 3 : 2) {
        const int n = tails[k];
        conv c = what == 0   ? conv_of(1, 2, 5, n, 2, 2, 3, 1)
                 : what == 1 ? conv_of(2, 3, 4, 3, 2, 2, n, 1)
                 : what == 2 ? conv_of(1, 3, n + 1, 2, 3, 2, 5, 1)
                             : conv_of(1, 3, 5, n, 3, 3, n * (1 + k % 2), n);
        c.planes = planes;
        c.order = order;
        conv_place(&c, (k + planes) & 1);
        conv_fill(&c, 1);
        check_exact(&c, (k + planes) & 1);
        fence_clear();
    }
}

static void backward_larger_than_any_block(void **state)
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

static void backward_at_the_borders_of_its_ways(void **state)
{
    (void)state;
    test_seed = 42;
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

/* As many roundings as terms, each within 2^-24 of the sum of magnitudes (1.01: to the second order). */
static void within(const float *got, const double *want, const double *size, int n, int terms)
{
    FOR(i, n) {
        const double bound = terms * 0x1.01p-24 * size[i];
        ASSERT_WITHIN(&got[i], &want[i], &bound, 1);
    }
}

static void backward_floats_within_bound(void **state)
{
    (void)state;
    test_seed = 33;
    FOR(trial, 250) {
        conv c = conv_draw(40000.0);
        const gradients want = gradients_of(&c);
        conv_place(&c, trial & 1);
        conv_fill(&c, 0);
        conv_gradients(&c, &want);
        FOR_EACH_ISA(isa) {
            run(&c);
            within(c.dx, want.dx, want.dx_size, x_size(&c), c.KH * c.KW * (c.O / c.G));
            within(c.dw, want.dw, want.dw_size, w_size(&c), c.N * c.OH * c.OW);
            within(c.db, want.db, want.db_size, c.O, c.N * c.OH * c.OW);
        }
        gradients_free(&want);
        fence_clear();
    }
}

#define SAME(what, at_got, at_want) \
    if (bits_of(got->what[at_got]) != bits_of(want->what[at_want])) \
        fail_msg("%s[%d] is %a, must be %a (%s; planes %d, weights %d)", #what, at_got, (double)got->what[at_got], \
                 (double)want->what[at_want], tn_isa_name(), got->planes, got->order)

static void same_gradients(const conv *got, const conv *want)
{
    FOR(n, got->N) FOR(h, got->H) FOR(w, got->W) FOR(i, got->C) SAME(dx, x_at(got, n, h, w, i), x_at(want, n, h, w, i));
    FOR(kh, got->KH) FOR(kw, got->KW) FOR(i, got->C / got->G) FOR(o, got->O)
        SAME(dw, w_at(got, kh, kw, i, o), w_at(want, kh, kw, i, o));
    FOR(o, got->O) SAME(db, o, o);
}

/* What every other way of running must reproduce: the scalar pass, serial, all at once, NHWC and HWIO. */
static void backward_same_bits_however_it_runs(void **state)
{
    (void)state;
    test_seed = 34;
    tasks_run = 0;
    FOR(trial, 200 + EDGES) {
        conv plain = trial < EDGES ? conv_edge(trial) : conv_draw(trial % 5 ? 30000.0 : 300000.0), base;
        const int depthwise = plain.G == plain.C;
        plain.planes = 0;
        plain.order = HWIO;
        conv_place(&plain, 1);
        conv_fill(&plain, 0);
        if (trial % 3 == 2) {
            fill_specials(plain.x, (size_t)x_size(&plain));
            fill_specials(plain.w, (size_t)w_size(&plain));
            fill_specials(plain.dy, (size_t)y_size(&plain));
        }
        RUN(tn_isa_use(TN_ISA_SCALAR));
        run(&plain);
        base = plain; /* the results stay; what runs next has its own memory */
        FOR(planes, 2) FOR(order, depthwise ? 3 : 2) {
            conv c = conv_as(&plain, planes, order);
            FOR_EACH_ISA(isa) {
                tn_context ctx = TN_ZERO;
                backward(&ctx, &c, DX, 0, 1);
                backward(&ctx, &c, DW, 0, 0);
                backward(&ctx, &c, DB, 0, 1);
                same_gradients(&c, &base);
                ctx.workers = 3;
                ctx.parallel_for = backwards;
                backward(&ctx, &c, ALL, 0, 0);
                same_gradients(&c, &base);
                ctx.parallel_for = shuffled;
                backward(&ctx, &c, ALL, 0, 1);
                same_gradients(&c, &base);
                fence_clear_to(18);
            }
            FOR(n, c.N > 1 ? c.N : 0) { /* dx of an image alone is dx of the image in its batch */
                conv one = c;
                const float *const in_batch = c.dx + n * (x_size(&c) / c.N);
                tn_context ctx = TN_ZERO;
                one.N = 1;
                conv_place(&one, 1);
                memcpy(one.dy, c.dy + n * y_size(&one), (size_t)y_size(&one) * sizeof(float));
                one.tw = c.tw;
                backward(&ctx, &one, DX, 0, 1);
                ASSERT_SAME_BITS(one.dx, in_batch, x_size(&one));
                fence_clear_to(18);
            }
            fence_clear_to(9);
        }
        fence_clear();
    }
    assert_true(tasks_run > 100); /* the work was really cut */
}

/* <conv(x), g> = <x, dx(g)> = <w, dw(g)>, <1 b, g> = <b, db(g)>, exactly in whole numbers. */
static void backward_is_the_adjoint(void **state)
{
    (void)state;
    test_seed = 35;
    FOR(trial, 300) {
        conv c = conv_draw(40000.0);
        double *const y = zeros(y_size(&c)), *const size = zeros(y_size(&c));
        double y_g = 0.0, b_db = 0.0;
        tn_context ctx = TN_ZERO;
        tn_conv2d_params p = c.p;
        conv_place(&c, 1);
        conv_fill(&c, 1);
        p.activation = TN_LINEAR;
        ctx.query = 1;
        RUN(tn_conv2d(&ctx, &c.ty, &c.tx, &c.tw, NULL, &p));
        ctx.query = 0;
        give_workspace(&ctx, 1);
        RUN(tn_conv2d(&ctx, &c.ty, &c.tx, &c.tw, NULL, &p));
        FOR(i, y_size(&c)) y_g += (double)c.y[i] * (double)c.dy[i];
        FOR(n, c.N) FOR(h, c.OH) FOR(w, c.OW) FOR(o, c.O) b_db += (double)c.b[o] * (double)c.dy[y_at(&c, n, h, w, o)];
        FOR_EACH_ISA(isa) {
            double x_dx = 0.0, w_dw = 0.0, b = 0.0;
            run(&c);
            FOR(i, x_size(&c)) x_dx += (double)c.x[i] * (double)c.dx[i];
            FOR(i, w_size(&c)) w_dw += (double)c.w[i] * (double)c.dw[i];
            FOR(i, c.O) b += (double)c.b[i] * (double)c.db[i];
            if (fabs(y_g - x_dx) + fabs(y_g - w_dw) + fabs(b_db - b) > 0.0)
                fail_msg("<y,g> %g <x,dx> %g <w,dw> %g, <1,g b> %g <b,db> %g (%s)", y_g, x_dx, w_dw, b_db, b,
                         tn_isa_name());
        }
        free(y); free(size);
        fence_clear();
    }
}

/* The finished sum is added, once: one rounding more than without. */
static void backward_accumulate_adds_once(void **state)
{
    (void)state;
    test_seed = 36;
    FOR(trial, 40) {
        conv c = conv_draw(200000.0), plain;
        tn_context ctx = TN_ZERO;
        conv_place(&c, 1);
        conv_fill(&c, 0);
        plain = conv_as(&c, c.planes, c.order);
        FOR_EACH_ISA(isa) {
            run(&plain);
            fill_floats(c.dw, (size_t)w_size(&c), -1.0f, 1.0f);
            fill_floats(c.db, (size_t)c.O, -1.0f, 1.0f);
            FOR(i, w_size(&c)) plain.dw[i] += c.dw[i];
            FOR(i, c.O) plain.db[i] += c.db[i];
            backward(&ctx, &c, trial & 1 ? ALL : DW | DB, TN_ACCUMULATE, 1);
            if (trial & 1) ASSERT_SAME_BITS(c.dx, plain.dx, x_size(&c));
            ASSERT_SAME_BITS(c.dw, plain.dw, w_size(&c));
            ASSERT_SAME_BITS(c.db, plain.db, c.O);
        }
        fence_clear();
    }
}

static void backward_of_nothing(void **state)
{
    (void)state;
    FOR(planes, 2) FOR(order, 2) {
        conv c = conv_of(0, 5, 6, 3, 3, 2, 20, 1);
        tn_context ctx = TN_ZERO;
        float *const old = (float *)malloc((size_t)w_size(&c) * sizeof(float));
        c.planes = planes;
        c.order = order;
        conv_place(&c, 1);
        conv_fill(&c, 1);
        memcpy(old, c.w, (size_t)w_size(&c) * sizeof(float));
        FOR_EACH_ISA(isa) {
            backward(&ctx, &c, ALL, 0, 1);
            FOR(i, w_size(&c)) assert_true(bits_of(c.dw[i]) == 0);
            FOR(i, c.O) assert_true(bits_of(c.db[i]) == 0);
            memcpy(c.dw, old, (size_t)w_size(&c) * sizeof(float));
            memcpy(c.db, old, (size_t)c.O * sizeof(float));
            backward(&ctx, &c, ALL, TN_ACCUMULATE, 1);
            ASSERT_SAME_BITS(c.dw, old, w_size(&c));
            ASSERT_SAME_BITS(c.db, old, c.O);
            RUN(tn_conv2d_backward(&ctx, NULL, NULL, NULL, &c.tdy, NULL, NULL, NULL)); /* nothing wanted */
            c.p.residual = &c.tr;
            assert_int_equal(tn_conv2d_backward(&ctx, &c.tdx, &c.tdw, &c.tdb, &c.tdy, &c.tx, &c.tw, &c.p), TN_E_ARG);
            c.p.residual = NULL;
        }
        free(old);
        fence_clear();
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(backward_whole_numbers_exact), cmocka_unit_test(backward_every_tail),
        cmocka_unit_test(backward_larger_than_any_block), cmocka_unit_test(backward_at_the_borders_of_its_ways),
        cmocka_unit_test(backward_floats_within_bound), cmocka_unit_test(backward_same_bits_however_it_runs),
        cmocka_unit_test(backward_is_the_adjoint), cmocka_unit_test(backward_accumulate_adds_once),
        cmocka_unit_test(backward_of_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
