/* tests/test_dense.c - tn_dense, its gradients, its packed weights: against double loops, against itself, at
 * the edges of memory. */
#include "test.h"

/* One problem with everything a dense call can touch, at the end (or the beginning) of mapped memory. */
typedef struct problem {
    int N, I, O, transposed;
    float *x, *w, *b, *y, *dx, *dw, *db, *dy;
    tn_tensor tx, tw, tb, ty, tdx, tdw, tdb, tdy;
} problem;

static problem problem_of(int N, int I, int O, int transposed, int at_end)
{
    problem p;
    const int32_t w_axes = transposed ? TN_OI : TN_IO;
    const size_t NI = (size_t)N * (size_t)I, IO = (size_t)I * (size_t)O, NO = (size_t)N * (size_t)O;
    p.N = N; p.I = I; p.O = O; p.transposed = transposed;
    p.x = fence_floats(NI, at_end); p.dx = fence_floats(NI, at_end);
    p.w = fence_floats(IO, at_end); p.dw = fence_floats(IO, at_end);
    p.b = fence_floats((size_t)O, at_end); p.db = fence_floats((size_t)O, at_end);
    p.y = fence_floats(NO, at_end); p.dy = fence_floats(NO, at_end);
    p.tx = tn_cview(p.x, TN_NF, 2, N, I, 0, 0); p.tdx = tn_view(p.dx, TN_NF, 2, N, I, 0, 0);
    p.tw = tn_cview(p.w, w_axes, 2, transposed ? O : I, transposed ? I : O, 0, 0);
    p.tdw = tn_view(p.dw, w_axes, 2, transposed ? O : I, transposed ? I : O, 0, 0);
    p.tb = tn_cview(p.b, TN_O, 1, O, 0, 0, 0); p.tdb = tn_view(p.db, TN_O, 1, O, 0, 0, 0);
    p.ty = tn_view(p.y, TN_NF, 2, N, O, 0, 0); p.tdy = tn_cview(p.dy, TN_NF, 2, N, O, 0, 0);
    return p;
}

static double weight(const problem *p, int i, int o)
{
    return (double)(p->transposed ? p->w[o * p->I + i] : p->w[i * p->O + o]);
}

static void fill(problem *p, int integers)
{
    float *const part[4] = { p->x, p->w, p->b, p->dy };
    const size_t n[4] = { (size_t)p->N * (size_t)p->I, (size_t)p->I * (size_t)p->O, (size_t)p->O,
                          (size_t)p->N * (size_t)p->O };
    int k;
    for (k = 0; k < 4; k++) {
        if (integers) fill_ints(part[k], n[k], -4, 4);
        else fill_floats(part[k], n[k], -1.0f, 1.0f);
    }
}

/* y, dx, dw, db against double loops. Rounding: n fused additions are within n 2^-24 (1 + small) of the sum of
 * magnitudes; integers are exact. */
static void check_all(const problem *p, int integers)
{
    const double unit = integers ? 0.0 : 0x1.01p-24;
    int n, i, o;
    for (n = 0; n < p->N; n++)
        for (o = 0; o < p->O; o++) { /* from the bias, which is exact */
            double sum = (double)p->b[o], size = fabs(sum), bound;
            for (i = 0; i < p->I; i++) {
                const double t = (double)p->x[n * p->I + i] * weight(p, i, o);
                sum += t;
                size += fabs(t);
            }
            bound = p->I * unit * size;
            ASSERT_WITHIN(&p->y[n * p->O + o], &sum, &bound, 1);
        }
    for (n = 0; n < p->N; n++)
        for (i = 0; i < p->I; i++) {
            double sum = 0.0, size = 0.0, bound;
            for (o = 0; o < p->O; o++) {
                const double t = (double)p->dy[n * p->O + o] * weight(p, i, o);
                sum += t;
                size += fabs(t);
            }
            bound = p->O * unit * size;
            ASSERT_WITHIN(&p->dx[n * p->I + i], &sum, &bound, 1);
        }
    for (i = 0; i < p->I; i++)
        for (o = 0; o < p->O; o++) {
            double sum = 0.0, size = 0.0, bound;
            for (n = 0; n < p->N; n++) {
                const double t = (double)p->dy[n * p->O + o] * (double)p->x[n * p->I + i];
                sum += t;
                size += fabs(t);
            }
            bound = p->N * unit * size;
            ASSERT_WITHIN(&p->dw[p->transposed ? o * p->I + i : i * p->O + o], &sum, &bound, 1);
        }
    for (o = 0; o < p->O; o++) {
        double sum = 0.0, size = 0.0, bound;
        for (n = 0; n < p->N; n++) { sum += (double)p->dy[n * p->O + o]; size += fabs((double)p->dy[n * p->O + o]); }
        bound = p->N * unit * size;
        ASSERT_WITHIN(&p->db[o], &sum, &bound, 1);
    }
}

static void run_all(const problem *p)
{
    assert_int_equal(tn_dense(NULL, &p->ty, &p->tx, &p->tw, &p->tb, NULL), TN_OK);
    assert_int_equal(tn_dense_backward(NULL, &p->tdx, &p->tdw, &p->tdb, &p->tdy, &p->tx, &p->tw, NULL), TN_OK);
}

static void dense_integers_exact(void **state)
{
    static const int sizes[] = { 1, 2, 3, 5, 7, 8, 9, 13, 14, 15, 16, 17, 31, 32, 33, 57 };
    int trial;
    (void)state;
    test_seed = 11;
    for (trial = 0; trial < 400; trial++) {
        problem p = problem_of(sizes[random_bits() % 16], sizes[random_bits() % 16], sizes[random_bits() % 16],
                               trial & 1, trial >> 1 & 1);
        fill(&p, 1);
        FOR_EACH_ISA(isa) { run_all(&p); check_all(&p, 1); }
        fence_clear();
    }
}

static void dense_every_tail(void **state)
{
    size_t k;
    (void)state;
    test_seed = 12;
    for (k = 0; k < COUNT(tails) * 2; k++) {
        const int t = tails[k / 2], at_end = k & 1;
        problem p = problem_of(3, 5, t, 0, at_end), q = problem_of(t, 4, 3, 1, at_end),
            r = problem_of(2, t, 18, at_end, at_end);
        fill(&p, 1); fill(&q, 1); fill(&r, 1);
        FOR_EACH_ISA(isa) {
            run_all(&p);
            check_all(&p, 1);
            run_all(&q);
            check_all(&q, 1);
            run_all(&r);
            check_all(&r, 1);
        }
        fence_clear();
    }
}

static void dense_floats_within_bound(void **state)
{
    static const int shape[][3] = { { 1, 1000, 10 }, { 7, 300, 33 }, { 60, 129, 65 }, { 130, 70, 40 }, { 3, 700, 128 },
                                    { 57, 260, 31 } };
    size_t k;
    (void)state;
    test_seed = 13;
    for (k = 0; k < COUNT(shape) * 2; k++) {
        problem p = problem_of(shape[k / 2][0], shape[k / 2][1], shape[k / 2][2], k & 1, 1);
        fill(&p, 0);
        FOR_EACH_ISA(isa) { run_all(&p); check_all(&p, 0); }
        fence_clear();
    }
}

/* The scalar pass, unpacked, is the reference; whatever else may be chosen must give its bits. */
static void backwards(void *pool, int32_t tasks, tn_task run, void *arg)
{
    *(int *)pool += tasks;
    while (tasks--) run(arg, tasks, tasks & 1);
}

static void dense_same_bits_however_it_runs(void **state)
{
    static const int shape[][3] = { { 1, 40, 1 }, { 15, 33, 17 }, { 70, 260, 100 }, { 300, 500, 64 },
                                    { 4, 2000, 300 }, { 15, 256, 32 }, { 15, 257, 64 }, { 14, 129, 33 } };
    int tasks = 0;
    size_t k;
    (void)state;
    test_seed = 14;
    for (k = 0; k < COUNT(shape) * 2; k++) {
        problem p = problem_of(shape[k / 2][0], shape[k / 2][1], shape[k / 2][2], 0, 1);
        const size_t NO = (size_t)p.N * (size_t)p.O, IO = (size_t)p.I * (size_t)p.O, NI = (size_t)p.N * (size_t)p.I;
        float *const y = (float *)malloc(NO * 4), *const dx = (float *)malloc(NI * 4),
            *const dw = (float *)malloc(IO * 4);
        float *const turned = (float *)malloc(IO * 4);
        tn_tensor other = tn_cview(turned, TN_OI, 2, p.O, p.I, 0, 0), packed;
        tn_context ctx = TN_ZERO;
        int i, o;
        fill(&p, 0);
        if (k & 1) { fill_specials(p.x, NI); fill_specials(p.w, IO); fill_specials(p.dy, NO); }
        for (i = 0; i < p.I; i++) for (o = 0; o < p.O; o++) turned[o * p.I + i] = p.w[i * p.O + o];
        assert_int_equal(tn_isa_use(TN_ISA_SCALAR), TN_OK);
        run_all(&p);
        memcpy(y, p.y, NO * 4); memcpy(dx, p.dx, NI * 4); memcpy(dw, p.dw, IO * 4);
        ctx.parallel_for = backwards; ctx.pool = &tasks; ctx.workers = 2;
        FOR_EACH_ISA(isa) {
            void *memory;
            run_all(&p);
            ASSERT_SAME_BITS(p.y, y, NO); ASSERT_SAME_BITS(p.dx, dx, NI); ASSERT_SAME_BITS(p.dw, dw, IO);
            memset(p.y, 0, NO * 4); memset(p.dx, 0, NI * 4); memset(p.dw, 0, IO * 4);
            assert_int_equal(tn_dense(&ctx, &p.ty, &p.tx, &other, &p.tb, NULL), TN_OK);
            assert_int_equal(tn_dense_backward(&ctx, &p.tdx, &p.tdw, NULL, &p.tdy, &p.tx, &p.tw, NULL), TN_OK);
            ASSERT_SAME_BITS(p.y, y, NO); ASSERT_SAME_BITS(p.dx, dx, NI); ASSERT_SAME_BITS(p.dw, dw, IO);
            ctx.query = 1;
            assert_int_equal(tn_dense_pack(&ctx, &packed, NULL, 0, &other, &p.tx, NULL), TN_OK);
            ctx.query = 0;
            memory = fence_bytes(ctx.need, 1);
            assert_int_equal(tn_dense_pack(&ctx, &packed, memory, ctx.need, &other, &p.tx, NULL), TN_OK);
            memset(p.y, 0, NO * 4);
            assert_int_equal(tn_dense(&ctx, &p.ty, &p.tx, &packed, &p.tb, NULL), TN_OK);
            ASSERT_SAME_BITS(p.y, y, NO);
            for (i = 0; i < p.N; i += 7) { /* a row alone is the row in its batch */
                tn_tensor row = tn_cview(p.x + i * p.I, 0, 2, 1, p.I, 0, 0), out = tn_view(p.y, 0, 2, 1, p.O, 0, 0);
                assert_int_equal(tn_dense(NULL, &out, &row, &p.tw, &p.tb, NULL), TN_OK);
                ASSERT_SAME_BITS(p.y, y + i * p.O, p.O);
            }
        }
        free(y); free(dx); free(dw); free(turned);
        fence_clear();
    }
    assert_true(tasks > 100); /* the work was really cut */
}

/* Also of sums that wait in y, and in a block, between two blocks of inputs: f comes after the last. */
static void dense_fused_activation_is_activation_after(void **state)
{
    static const int shape[][3] = { { 9, 20, 37 }, { 14, 300, 96 }, { 33, 300, 64 }, { 33, 600, 45 } };
    size_t k;
    (void)state;
    test_seed = 15;
    for (k = 0; k < COUNT(shape); k++) {
        problem p = problem_of(shape[k][0], shape[k][1], shape[k][2], k == 2, 1);
        float *const apart = fence_floats((size_t)p.N * (size_t)p.O, 1);
        tn_tensor ta = tn_view(apart, TN_NF, 2, p.N, p.O, 0, 0);
        int32_t kind;
        fill(&p, 0);
        p.x[3] = NAN; p.x[45] = -INFINITY;
        FOR_EACH_ISA(isa) {
            for (kind = TN_LINEAR; kind < TN_SOFTMAX; kind++) {
                tn_dense_params d = TN_ZERO;
                tn_activation_params a = TN_ZERO;
                d.activation = a.kind = kind;
                d.alpha = a.alpha = kind == TN_ELU ? 0.7f : 0.0f;
                assert_int_equal(tn_dense(NULL, &ta, &p.tx, &p.tw, &p.tb, NULL), TN_OK);
                assert_int_equal(tn_activation(NULL, &ta, &ta, &a), TN_OK);
                assert_int_equal(tn_dense(NULL, &p.ty, &p.tx, &p.tw, &p.tb, &d), TN_OK);
                ASSERT_SAME_BITS(p.y, apart, p.N * p.O);
            }
        }
        fence_clear();
    }
}

static void dense_adjoint(void **state)
{
    int trial;
    (void)state;
    test_seed = 16;
    for (trial = 0; trial < 60; trial++) {
        problem p = problem_of(random_int(1, 40), random_int(1, 70), random_int(1, 50), trial & 1, 1);
        double y_dy = 0, x_dx = 0, w_dw = 0;
        int k;
        fill(&p, 1);
        memset(p.b, 0, (size_t)p.O * 4);
        FOR_EACH_ISA(isa) {
            run_all(&p);
            y_dy = x_dx = w_dw = 0;
            for (k = 0; k < p.N * p.O; k++) y_dy += (double)p.y[k] * (double)p.dy[k];
            for (k = 0; k < p.N * p.I; k++) x_dx += (double)p.x[k] * (double)p.dx[k];
            for (k = 0; k < p.I * p.O; k++) w_dw += (double)p.w[k] * (double)p.dw[k];
            assert_true(y_dy <= x_dx && y_dy >= x_dx && y_dy <= w_dw && y_dy >= w_dw);
        }
        fence_clear();
    }
}

static void dense_accumulate_adds_once(void **state)
{
    problem p = problem_of(150, 33, 45, 0, 1); /* 150 rows: the sum is stored and taken up again in between */
    float *const dw = (float *)malloc(33 * 45 * 4), *const db = (float *)malloc(45 * 4);
    tn_dense_params add = TN_ZERO;
    int k;
    (void)state;
    add.flags = TN_ACCUMULATE;
    fill(&p, 0);
    FOR_EACH_ISA(isa) {
        run_all(&p);
        memcpy(dw, p.dw, 33 * 45 * 4); memcpy(db, p.db, 45 * 4);
        for (k = 0; k < 33 * 45; k++) p.dw[k] = (float)(k % 7) * 0.3f;
        for (k = 0; k < 45; k++) p.db[k] = -0.7f;
        assert_int_equal(tn_dense_backward(NULL, NULL, &p.tdw, &p.tdb, &p.tdy, &p.tx, NULL, &add), TN_OK);
        for (k = 0; k < 33 * 45; k++) {
            const float want = (float)(k % 7) * 0.3f + dw[k];
            ASSERT_SAME_BITS(&p.dw[k], &want, 1);
        }
        for (k = 0; k < 45; k++) { const float want = -0.7f + db[k]; ASSERT_SAME_BITS(&p.db[k], &want, 1); }
    }
    free(dw); free(db);
    fence_clear();
}

static void dense_ranks_batches_and_nothing(void **state)
{
    float x[2][3][4], w[4][5], b[5], y[2][3][5], flat[6][5];
    const tn_tensor tx = tn_cview(x, TN_NTF, 3, 2, 3, 4, 0), tw = tn_cview(w, TN_IO, 2, 4, 5, 0, 0),
        tb = tn_cview(b, TN_O, 1, 5, 0, 0, 0);
    const tn_tensor ty = tn_view(y, TN_NTF, 3, 2, 3, 5, 0), tf = tn_view(flat, TN_NF, 2, 6, 5, 0, 0),
        rows = tn_cview(x, TN_NF, 2, 6, 4, 0, 0);
    tn_tensor none = tn_cview(NULL, TN_NF, 2, 0, 4, 0, 0), no_y = tn_view(NULL, TN_NF, 2, 0, 5, 0, 0), shape;
    tn_tensor t4 = tn_cview(x, 0, 4, 1, 2, 3, 4), y4 = tn_view(y, 0, 4, 1, 2, 3, 5),
        dw = tn_view(w, TN_IO, 2, 4, 5, 0, 0);
    tn_dense_params every = TN_ZERO;
    int k;
    (void)state;
    every.flags = TN_PER_POSITION;
    fill_floats(&x[0][0][0], 24, -1, 1); fill_floats(&w[0][0], 20, -1, 1); fill_floats(b, 5, -1, 1);
    assert_int_equal(tn_dense(NULL, &ty, &tx, &tw, &tb, NULL), TN_OK);
    assert_int_equal(tn_dense(NULL, &tf, &rows, &tw, &tb, NULL), TN_OK);
    ASSERT_SAME_BITS(&y[0][0][0], &flat[0][0], 30);
    memset(y, 0, sizeof y);
    assert_int_equal(tn_dense(NULL, &y4, &t4, &tw, &tb, NULL), TN_E_DENSE_SPATIAL);
    assert_int_equal(tn_dense(NULL, &y4, &t4, &tw, &tb, &every), TN_OK);
    ASSERT_SAME_BITS(&y[0][0][0], &flat[0][0], 30);
    assert_int_equal(tn_dense_shape(NULL, &shape, &t4, &tw, &every), TN_OK);
    assert_true(shape.rank == 4 && shape.dim[0] == 1 && shape.dim[2] == 3 && shape.dim[3] == 5);
    assert_int_equal(tn_dense(NULL, &no_y, &none, &tw, &tb, NULL), TN_OK);
    none.flags = 0;
    assert_int_equal(tn_dense_backward(NULL, NULL, &dw, NULL, &no_y, &none, NULL, NULL), TN_OK); /* no rows: zeros */
    for (k = 0; k < 20; k++) assert_true(bits_of((&w[0][0])[k]) == 0);
}

static void dense_shape_refuses_what_no_memory_holds(void **state)
{
    const tn_tensor x = tn_cview(NULL, 0, 2, 2000000000, 1, 0, 0), w = tn_cview(NULL, 0, 2, 1, 2000000000, 0, 0);
    tn_tensor y = TN_ZERO;
    (void)state;
    assert_int_equal(tn_dense_shape(NULL, &y, &x, &w, NULL), TN_E_OVERFLOW);
    assert_int_equal(y.rank, 0);
}

static void dense_packs_are_checked(void **state)
{
    problem p = problem_of(3, 20, 40, 0, 1), q = problem_of(3, 40, 20, 0, 1);
    tn_context ctx = TN_ZERO;
    tn_diag diag;
    tn_tensor packed;
    char memory[8192];
    (void)state;
    ctx.diag = &diag;
    fill(&p, 0);
    assert_int_equal(tn_dense_pack(&ctx, &packed, memory, 100, &p.tw, &p.tx, NULL), TN_E_MEMORY);
    assert_true(ctx.need > 100 && ctx.need <= sizeof memory);
    assert_int_equal(tn_dense_pack(&ctx, &packed, memory + 1, sizeof memory - 1, &p.tw, &p.tx, NULL), TN_E_ALIGN);
    assert_int_equal(tn_dense_pack(&ctx, &packed, memory, sizeof memory, &p.tw, NULL, NULL), TN_OK);
    assert_int_equal(tn_dense(&ctx, &p.ty, &p.tx, &packed, &p.tb, NULL), TN_OK);
    {
        /* past w's own size, in the panels */
        const tn_tensor inside = tn_view(memory + 64 + 40 * 20 * 4 - 8, 0, 2, 3, 40, 0, 0);
        assert_int_equal(tn_dense(&ctx, &inside, &p.tx, &packed, &p.tb, NULL), TN_E_ALIAS);
    }
    packed.dim[0] = 40; packed.dim[1] = 20; /* a view of another shape over the same panels */
    assert_int_equal(tn_dense(&ctx, &q.ty, &q.tx, &packed, &q.tb, NULL), TN_E_WEIGHTS);
    assert_int_equal(diag.cause, TN_CAUSE_PACKED_FOR_ANOTHER_PLAN);
    packed.dim[0] = 20; packed.dim[1] = 40;
    assert_int_equal(tn_isa_use(TN_ISA_SCALAR), TN_OK);
    assert_int_equal(tn_dense_pack(&ctx, &packed, memory, sizeof memory, &p.tw, &p.tx, NULL), TN_OK);
    FOR_EACH_ISA(isa) assert_int_equal(tn_dense(&ctx, &p.ty, &p.tx, &packed, &p.tb, NULL),
                                       isa == TN_ISA_SCALAR ? TN_OK : TN_E_WEIGHTS);
    assert_int_equal(tn_isa_use(TN_ISA_SCALAR), TN_OK);
    assert_int_equal(tn_dense_backward(&ctx, &p.tdx, NULL, NULL, &p.tdy, NULL, &packed, NULL), TN_E_WEIGHTS);
    assert_int_equal(tn_isa_use(TN_ISA_BEST), TN_OK);
    fence_clear();
}

/* The blame falls on the operand that the numbers prove wrong. */
static void dense_explains(void **state)
{
    problem p = problem_of(3, 20, 40, 0, 1);
    tn_context ctx = TN_ZERO;
    tn_diag d;
    tn_tensor wrong;
    (void)state;
    ctx.diag = &d;
    wrong = p.tw; wrong.axes = 0; wrong.dim[0] = 40; wrong.dim[1] = 20;
    assert_int_equal(TN_CALL(tn_dense, &ctx, &p.ty, &p.tx, &wrong, &p.tb, NULL), TN_E_FEATURES);
    assert_true(d.cause == TN_CAUSE_WEIGHTS_TRANSPOSED && d.arg == 2 && d.axes_differ == 3 && d.line == __LINE__ - 1);
    assert_true(d.expected.dim[0] == 20 && d.expected.dim[1] == 40 && d.received.dim[0] == 40 &&
                d.received.dim[1] == 20);
    wrong = p.tx; wrong.dim[1] = 21;
    assert_int_equal(tn_dense(&ctx, &p.ty, &wrong, &p.tw, &p.tb, NULL), TN_E_FEATURES);
    assert_true(d.arg == 1 && d.axes_differ == 2 && d.expected.dim[1] == 20 && d.received.dim[1] == 21 && !d.file);
    wrong = p.tx; wrong.rank = 1; wrong.dim[0] = 20; wrong.axes = 0;
    assert_int_equal(tn_dense(&ctx, &p.ty, &wrong, &p.tw, &p.tb, NULL), TN_E_RANK);
    assert_true(d.arg == 1 && d.cause == TN_CAUSE_MISSING_BATCH_AXIS);
    wrong = p.ty; wrong.dim[0] = 4; wrong.dim[1] = 41;
    assert_int_equal(tn_dense(&ctx, &wrong, &p.tx, &p.tw, &p.tb, NULL), TN_E_BATCH);
    assert_true(d.arg == 0 && d.axes_differ == 3 && d.also_status == TN_E_FEATURES && d.expected.dim[0] == 3 &&
                d.expected.dim[1] == 40);
    wrong = p.tx; wrong.axes = TNI_AX('F', 0) | TNI_AX('N', 1);
    assert_int_equal(tn_dense(&ctx, &p.ty, &wrong, &p.tw, &p.tb, NULL), TN_E_LAYOUT);
    fence_clear();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(dense_integers_exact), cmocka_unit_test(dense_every_tail),
        cmocka_unit_test(dense_floats_within_bound),
        cmocka_unit_test(dense_same_bits_however_it_runs), cmocka_unit_test(dense_fused_activation_is_activation_after),
        cmocka_unit_test(dense_adjoint), cmocka_unit_test(dense_accumulate_adds_once),
        cmocka_unit_test(dense_ranks_batches_and_nothing),
        cmocka_unit_test(dense_shape_refuses_what_no_memory_holds),
        cmocka_unit_test(dense_packs_are_checked), cmocka_unit_test(dense_explains),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
