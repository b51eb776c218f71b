/* tests/test_softmax.c - softmax, log_softmax and their gradients: along every axis, at every length, against double,
 * same bits on every instruction set and for a row alone, in place, with infinities and NaN, and refused when it does
 * not fit. */
#include "test.h"

/* outer x K x inner as a tensor of up to six axes: the split is what matters, the ranks are there for the axis
 * arithmetic */
static const struct {
    int32_t rank, dim[TN_MAX_RANK], axis;
} shapes[] = {
    { 1, { 1 }, 0 }, { 1, { 7 }, -1 }, { 1, { 10 }, 0 }, { 1, { 33 }, 0 }, { 1, { 1000 }, 0 }, { 2, { 3, 1 }, 1 },
    { 2, { 37, 2 }, 1 }, { 2, { 37, 3 }, -1 }, { 2, { 35, 4 }, 1 }, { 2, { 17, 5 }, 1 }, { 2, { 33, 10 }, 1 },
    { 2, { 5, 10 }, 1 }, { 2, { 18, 31 }, 1 }, { 2, { 18, 32 }, 1 }, { 2, { 6, 33 }, 1 }, { 2, { 5, 64 }, 1 },
    { 2, { 3, 100 }, 1 }, { 2, { 700, 33 }, 1 }, { 2, { 3000, 10 }, 1 }, { 2, { 9, 7 }, 0 }, { 2, { 40, 100 }, 0 },
    { 2, { 1, 5 }, 0 }, { 3, { 2, 3, 5 }, 1 }, { 3, { 2, 50, 66 }, -2 }, { 3, { 2, 9, 129 }, 1 },
    { 4, { 2, 4, 4, 10 }, 3 }, { 4, { 2, 4, 4, 10 }, 1 }, { 4, { 2, 8, 1, 1 }, 1 }, { 5, { 2, 1, 3, 4, 5 }, 2 },
    { 6, { 2, 2, 3, 2, 2, 3 }, 2 }, { 6, { 1, 2, 1, 3, 2, 2 }, -6 }, { 6, { 2, 2, 1, 3, 1, 11 }, 5 }
};

typedef struct problem {
    tn_tensor t;
    size_t outer, K, inner, n;
    int32_t axis;
} problem;

static problem problem_of(size_t s)
{
    problem p;
    const int32_t axis = shapes[s].axis < 0 ? shapes[s].axis + shapes[s].rank : shapes[s].axis;
    int32_t i;
    p.t = tn_view(NULL, 0, 0, 0, 0, 0, 0);
    p.t.rank = shapes[s].rank;
    p.axis = shapes[s].axis;
    p.outer = p.inner = 1;
    for (i = 0; i < p.t.rank; i++) {
        const size_t n = (size_t)(p.t.dim[i] = shapes[s].dim[i]);
        if (i < axis) p.outer *= n;
        if (i == axis) p.K = n;
        if (i > axis) p.inner *= n;
    }
    p.n = p.outer * p.K * p.inner;
    return p;
}

static tn_tensor at(const problem *p, const float *data)
{
    tn_tensor t = p->t;
    memcpy(&t.data, &data, sizeof data);
    return t;
}

static tn_status forward(const problem *p, float *y, const float *x, int log)
{
    const tn_tensor ty = at(p, y), tx = at(p, x);
    return log ? tn_log_softmax(NULL, &ty, &tx, p->axis) : tn_softmax(NULL, &ty, &tx, p->axis);
}

static tn_status backward(const problem *p, float *dx, const float *dy, const float *y, int log)
{
    const tn_tensor tdx = at(p, dx), tdy = at(p, dy), ty = at(p, y);
    return log ? tn_log_softmax_backward(NULL, &tdx, &tdy, &ty, p->axis)
               : tn_softmax_backward(NULL, &tdx, &tdy, &ty, p->axis);
}

/* the oracle of one row, elements `step` apart */
static void oracle(double *y, const float *x, size_t K, size_t step, int log_of)
{
    double top = -INFINITY, sum = 0;
    size_t k;
    for (k = 0; k < K; k++) top = fmax(top, (double)x[k * step]);
    for (k = 0; k < K; k++) sum += exp((double)x[k * step] - top);
    for (k = 0; k < K; k++) y[k] = log_of ? (double)x[k * step] - top - log(sum) : exp((double)x[k * step] - top) / sum;
}

/* Roundings in a sum of K: as many as a chain has links, 16 chains and a tree of 4 in long rows. */
static double links(const problem *p) { return p->inner == 1 && p->K > 32 ? (double)p->K / 16 + 5 : (double)p->K; }

/* |error| of softmax <= y 2^-24 (twice the rounding of x - max, which exp magnifies, the sum, a few more); of its
 * logarithm likewise. Below 1.2e-38 times the largest a term may count as 0. */
static void values(void **state)
{
    const float ranges[] = { 1, 20, 300 }; /* at 300 exp overflows unless the largest is taken off first */
    size_t s, r, o, i, k;
    int log;
    (void)state;
    for (s = 0; s < COUNT(shapes); s++)
        for (r = 0; r < COUNT(ranges); r++)
            for (log = 0; log < 2; log++) {
                const problem p = problem_of(s);
                const double range = 2 * (double)ranges[r], relative = (2 * range + links(&p) + 6) * 0x1p-24;
                float *const x = malloc(p.n * 3 * sizeof *x), *const y = x + p.n, *const first = y + p.n;
                double *const want = malloc(p.n * 2 * sizeof *want), *const bound = want + p.n, row[1000];
                fill_floats(x, p.n, -ranges[r], ranges[r]);
                for (o = 0; o < p.outer; o++)
                    for (i = 0; i < p.inner; i++) {
                        const size_t base = o * p.K * p.inner + i;
                        oracle(row, x + base, p.K, p.inner, log);
                        for (k = 0; k < p.K; k++) {
                            want[base + k * p.inner] = row[k];
                            bound[base + k * p.inner] = log ? (2 * range + links(&p) + 6 + 2 * fabs(row[k])) * 0x1p-24
                                                            : relative * row[k] + 1.2e-38;
                        }
                    }
                FOR_EACH_ISA(isa)
                {
                    assert_int_equal(forward(&p, y, x, log), TN_OK);
                    ASSERT_WITHIN(y, want, bound, p.n);
                    if (isa == TN_ISA_SCALAR) memcpy(first, y, p.n * sizeof *y);
                    ASSERT_SAME_BITS(y, first, p.n);
                }
                free(x);
                free(want);
            }
}

/* dx against central differences of the oracle (h = 1e-5: 1e-9) for the loss sum dy y */
static void gradients(void **state)
{
    size_t s, o, i, k, j;
    int log;
    (void)state;
    for (s = 0; s < COUNT(shapes); s++)
        for (log = 0; log < 2; log++) {
            const problem p = problem_of(s);
            float *const x = malloc(p.n * 5 * sizeof *x), *const y = x + p.n, *const dy = y + p.n, *const dx = dy + p.n,
                         *const first = dx + p.n;
            double *const want = malloc(p.n * 2 * sizeof *want), *const bound = want + p.n, up[1000], z[1000],
                          high[1000], low[1000];
            if (p.n > 6000) {
                free(x);
                free(want);
                continue;
            }
            fill_floats(x, p.n, -2, 2);
            fill_floats(dy, p.n, -1, 1);
            for (o = 0; o < p.outer; o++)
                for (i = 0; i < p.inner; i++) {
                    const size_t base = o * p.K * p.inner + i;
                    double size = 0;
                    oracle(up, x + base, p.K, p.inner, log);
                    for (k = 0; k < p.K; k++) size += fabs((double)dy[base + k * p.inner]) * (log ? 1 : up[k]);
                    for (k = 0; k < p.K; k++) {
                        const size_t e = base + k * p.inner;
                        const double h = 1e-5, probability = log ? exp(up[k]) : up[k];
                        double difference = 0;
                        for (j = 0; j < p.K; j++) z[j] = (double)x[base + j * p.inner];
                        for (int side = 0; side < 2; side++) {
                            double top = -INFINITY, sum = 0, *const to = side ? low : high;
                            z[k] = (double)x[e] + (side ? -h : h);
                            for (j = 0; j < p.K; j++) top = fmax(top, z[j]);
                            for (j = 0; j < p.K; j++) sum += exp(z[j] - top);
                            for (j = 0; j < p.K; j++)
                                to[j] = log ? z[j] - top - (double)logl((long double)sum) : exp(z[j] - top) / sum;
                        }
                        for (j = 0; j < p.K; j++) difference += (double)dy[base + j * p.inner] * (high[j] - low[j]);
                        want[e] = difference / (2 * h);
                        bound[e] = (log ? 2 * fabs((double)dy[e]) + probability * size * (links(&p) + 24)
                                        : probability * (fabs((double)dy[e]) + size) * (2 * links(&p) + 24)) *
                                       0x1p-24 +
                                   1e-9;
                    }
                }
            FOR_EACH_ISA(isa)
            {
                assert_int_equal(forward(&p, y, x, log), TN_OK);
                assert_int_equal(backward(&p, dx, dy, y, log), TN_OK);
                ASSERT_WITHIN(dx, want, bound, p.n);
                if (isa == TN_ISA_SCALAR) memcpy(first, dx, p.n * sizeof *dx);
                ASSERT_SAME_BITS(dx, first, p.n);
            }
            free(x);
            free(want);
        }
}

/* Equal numbers give the rounded 1 / K; with whole y (log: y = 0) and dy the gradient is exact. */
static void exact(void **state)
{
    size_t s, o, i, k;
    (void)state;
    for (s = 0; s < COUNT(shapes); s++) {
        const problem p = problem_of(s);
        float *const x = malloc(p.n * 5 * sizeof *x), *const y = x + p.n, *const dy = y + p.n, *const want = dy + p.n,
                     *const zero = want + p.n;
        float *const dx = malloc(p.n * sizeof *dx);
        for (i = 0; i < p.n; i++) x[i] = 3;
        memset(zero, 0, p.n * sizeof *zero);
        FOR_EACH_ISA(isa)
        {
            assert_int_equal(forward(&p, y, x, 0), TN_OK);
            for (i = 0; i < p.n; i++) want[i] = 1.0f / (float)p.K;
            ASSERT_SAME_BITS(y, want, p.n);
            assert_int_equal(forward(&p, y, x, 1), TN_OK);
            if (p.K == 1) ASSERT_SAME_BITS(y, zero, p.n);
            fill_ints(dy, p.n, -5, 5);
            fill_ints(y, p.n, -5, 5);
            for (int log = 0; log < 2; log++) {
                for (o = 0; o < p.outer; o++)
                    for (i = 0; i < p.inner; i++) {
                        const size_t base = o * p.K * p.inner + i;
                        long sum = 0;
                        for (k = 0; k < p.K; k++)
                            sum += (long)dy[base + k * p.inner] * (log ? 1 : (long)y[base + k * p.inner]);
                        for (k = 0; k < p.K; k++) {
                            const size_t e = base + k * p.inner;
                            want[e] = (float)(log ? (long)dy[e] - sum : (long)y[e] * ((long)dy[e] - sum));
                        }
                    }
                assert_int_equal(backward(&p, dx, dy, log ? zero : y, log), TN_OK);
                for (i = 0; i < p.n; i++) assert_true(dx[i] == want[i]);
            }
        }
        free(x);
        free(dx);
    }
}

/* Specials among the data, fenced on either side: the same bits in place, alone and on every instruction set. */
static uint64_t bits_on(int32_t isa, int fence, uint64_t h, int *same)
{
    static const int32_t rows[] = { 1, 2, 15, 16, 17, 33 };
    size_t t, r, i;
    int log, across;
    if (tn_isa_use(isa) != TN_OK) return 0;
    test_seed = 11;
    for (t = 0; t < COUNT(tails); t++)
        for (r = 0; r < COUNT(rows); r++)
            for (across = 0; across < 2; across++)
                for (log = 0; log < 2; log++) {
                    problem p, one;
                    float *x, *y, *dx, *dy, *own;
                    p.K = across ? (size_t)rows[r] : (size_t)tails[t];
                    p.outer = across ? 2 : (size_t)rows[r];
                    p.inner = across ? (size_t)tails[t] : 1;
                    p.n = p.outer * p.K * p.inner;
                    p.axis = 1;
                    p.t = tn_view(NULL, 0, 3, (int64_t)p.outer, (int64_t)p.K, (int64_t)p.inner, 0);
                    one = p;
                    one.t.dim[0] = 1;
                    x = fence_floats(p.n, fence);
                    y = fence_floats(p.n, fence);
                    dx = fence_floats(p.n, fence);
                    dy = fence_floats(p.n, fence);
                    own = fence_floats(p.n, fence);
                    if (log) fill_floats(x, p.n, -50, 50);
                    else fill_specials(x, p.n);
                    fill_specials(dy, p.n);
                    *same &= forward(&p, y, x, log) == TN_OK && backward(&p, dx, dy, y, log) == TN_OK;
                    h = hash_floats(hash_floats(h, y, p.n), dx, p.n);
                    memcpy(own, x, p.n * sizeof *x);
                    *same &= forward(&p, own, own, log) == TN_OK && hash_floats(0, own, p.n) == hash_floats(0, y, p.n);
                    memcpy(own, dy, p.n * sizeof *x);
                    *same &=
                        backward(&p, own, own, y, log) == TN_OK && hash_floats(0, own, p.n) == hash_floats(0, dx, p.n);
                    for (i = 0; i < p.outer; i++) {
                        const size_t size = p.K * p.inner, from = i * size;
                        *same &= forward(&one, own, x + from, log) == TN_OK &&
                                 hash_floats(0, own, size) == hash_floats(0, y + from, size);
                        *same &= backward(&one, own, dy + from, y + from, log) == TN_OK &&
                                 hash_floats(0, own, size) == hash_floats(0, dx + from, size);
                    }
                    fence_clear();
                }
    tn_isa_use(TN_ISA_BEST);
    return h;
}

static void every_length(void **state)
{
    int fence, same = 1;
    (void)state;
    for (fence = 0; fence < 2; fence++) {
        const uint64_t want = bits_on(TN_ISA_SCALAR, fence, 1, &same);
        assert_true(same);
        FOR_EACH_ISA(isa)
        {
            assert_true(bits_on(isa, fence, 1, &same) == want);
            assert_true(same);
            tn_isa_use(isa);
        }
    }
}

/* -inf alone, +inf, NaN: NaN in that row and in no other. -inf among others: 0, its logarithm -inf. Far below the top:
 * 0, not a denormal's noise. */
static void specials(void **state)
{
    static const struct {
        int32_t rows, K, inner;
    } sizes[] = {
        { 40, 1, 1 }, { 40, 3, 1 }, { 40, 10, 1 }, { 40, 32, 1 }, { 5, 77, 1 }, { 3, 6, 70 }
    };
    size_t s, r, k, i;
    int log;
    (void)state;
    for (s = 0; s < COUNT(sizes); s++)
        for (log = 0; log < 2; log++) FOR_EACH_ISA(isa)
            {
                const size_t K = (size_t)sizes[s].K, inner = (size_t)sizes[s].inner, rows = (size_t)sizes[s].rows;
                const tn_tensor t = tn_view(NULL, 0, 3, sizes[s].rows, sizes[s].K, sizes[s].inner, 0);
                const problem p = { t, rows, K, inner, rows * K * inner, 1 };
                float x[3000], y[3000], other[3000];
                assert_true(p.n <= COUNT(x));
                fill_floats(x, p.n, -1, 1);
                forward(&p, other, x, log);
                for (r = 0; r < rows * inner; r++)
                    for (k = 0; k < K; k++) {
                        float *const e = x + (r / inner * K + k) * inner + r % inner;
                        if (r % 5 == 1) *e = -INFINITY;
                        if (r % 5 == 2 && k == K / 2) *e = INFINITY;
                        if (r % 5 == 3 && k == K - 1) *e = NAN;
                        if (r % 5 == 4 && k == K / 2 && K > 2) *e = k % 2 ? -INFINITY : -3e38f;
                    }
                assert_int_equal(forward(&p, y, x, log), TN_OK);
                for (r = 0; r < rows * inner; r++)
                    for (k = 0; k < K; k++) {
                        i = (r / inner * K + k) * inner + r % inner;
                        if (r % 5 == 0) assert_true(bits_of(y[i]) == bits_of(other[i]));
                        else if (r % 5 < 4) assert_true(isnan(y[i]));
                        else if (k != K / 2 || K <= 2) assert_true(isfinite(y[i]));
                        else assert_true(log ? y[i] <= -2.9e38f : bits_of(y[i]) == 0);
                    }
            }
}

/* Tasks in any order. */
static int tasks_seen;
static void backwards(void *pool, int32_t tasks, tn_task run, void *arg)
{
    (void)pool;
    tasks_seen = tasks;
    while (tasks--) run(arg, tasks, 0);
}

static void threads(void **state)
{
    static const struct {
        int32_t rows, K, inner;
    } sizes[] = { { 9999, 10, 1 }, { 999, 100, 1 }, { 3, 100, 300 } };
    size_t s;
    int log;
    (void)state;
    for (s = 0; s < COUNT(sizes); s++)
        for (log = 0; log < 2; log++) {
            const size_t n = (size_t)sizes[s].rows * (size_t)sizes[s].K * (size_t)sizes[s].inner;
            float *const x = malloc(3 * n * sizeof *x), *const y = x + n, *const z = y + n;
            tn_context ctx = TN_ZERO;
            const tn_tensor tx = tn_view(x, 0, 3, sizes[s].rows, sizes[s].K, sizes[s].inner, 0);
            tn_tensor ty = tx, tz = tx;
            ty.data = y;
            tz.data = z;
            ctx.parallel_for = backwards;
            fill_floats(x, n, -5, 5);
            assert_int_equal((log ? tn_log_softmax : tn_softmax)(NULL, &ty, &tx, 1), TN_OK);
            assert_int_equal((log ? tn_log_softmax : tn_softmax)(&ctx, &tz, &tx, 1), TN_OK);
            assert_in_range(tasks_seen, 2, n / 16384 + 1);
            ASSERT_SAME_BITS(z, y, n);
            assert_int_equal((log ? tn_log_softmax_backward : tn_softmax_backward)(&ctx, &tz, &tx, &ty, 1), TN_OK);
            ctx.parallel_for = NULL;
            assert_int_equal((log ? tn_log_softmax_backward : tn_softmax_backward)(&ctx, &tx, &tx, &ty, 1), TN_OK);
            ASSERT_SAME_BITS(z, x, n);
            free(x);
        }
}

static tn_diag diag;
static tn_context context;
static float memory[512];
#define REFUSED(code, argument, call)                                                                                \
    do {                                                                                                             \
        memset(memory, 0x55, sizeof memory);                                                                         \
        memset(&diag, 0, sizeof diag);                                                                               \
        context.diag = &diag;                                                                                        \
        assert_int_equal(call, code);                                                                                \
        assert_int_equal(diag.status, code);                                                                         \
        assert_int_equal(diag.arg, argument);                                                                        \
        for (size_t byte = 0; byte < sizeof memory; byte++) assert_int_equal(((unsigned char *)memory)[byte], 0x55); \
    } while (0)

static tn_tensor block(size_t from, int64_t rows, int64_t columns)
{
    return tn_view(memory + from, TN_NF, 2, rows, columns, 0, 0);
}

static void refusals(void **state)
{
    tn_status (*const ahead[])(tn_context *, const tn_tensor *, const tn_tensor *, int32_t) = { tn_softmax,
                                                                                                tn_log_softmax };
    tn_status (*const back[])(tn_context *, const tn_tensor *, const tn_tensor *, const tn_tensor *,
                              int32_t) = { tn_softmax_backward, tn_log_softmax_backward };
    const tn_tensor y = block(0, 4, 8), x = block(64, 4, 8), dy = block(128, 4, 8), wide = block(192, 4, 9),
                    tall = block(192, 5, 8);
    const tn_tensor over = block(65, 4, 8), other = tn_as(block(192, 4, 8), TN_I32),
                    none = tn_view(NULL, TN_NF, 2, 4, 8, 0, 0);
    const tn_tensor flat = tn_view(memory + 192, 0, 1, 32, 0, 0, 0), point = tn_view(memory + 192, 0, 0, 0, 0, 0, 0),
                    empty = block(0, 4, 0);
    tn_tensor fixed = y, odd = y, deep = y;
    int i;
    (void)state;
    fixed.flags = TN_READONLY;
    odd.data = (char *)memory + 1;
    deep.rank = 7;
    for (i = 0; i < 2; i++) {
        REFUSED(TN_E_NULL, 0, ahead[i](&context, NULL, &x, 1));
        REFUSED(TN_E_NULL, 1, ahead[i](&context, &y, NULL, 1));
        REFUSED(TN_E_NULL, 1, ahead[i](&context, &y, &none, 1));
        REFUSED(TN_E_ARG, 2, ahead[i](&context, &y, &x, 2));
        REFUSED(TN_E_ARG, 2, ahead[i](&context, &y, &x, -3));
        REFUSED(TN_E_ARG, 2, ahead[i](&context, &y, &x, INT32_MIN));
        REFUSED(TN_E_ARG, 2, ahead[i](&context, &y, &x, INT32_MAX));
        REFUSED(TN_E_RANK, 1, ahead[i](&context, &y, &point, 0));
        REFUSED(TN_E_RANK, 0, ahead[i](&context, &y, &flat, 0));
        REFUSED(TN_E_RANK, 0, ahead[i](&context, &deep, &x, 0));
        REFUSED(TN_E_FEATURES, 0, ahead[i](&context, &y, &wide, 1));
        REFUSED(TN_E_BATCH, 0, ahead[i](&context, &y, &tall, 1));
        REFUSED(TN_E_EMPTY, 1, ahead[i](&context, &y, &empty, 1));
        REFUSED(TN_E_DTYPE, 1, ahead[i](&context, &y, &other, 1));
        REFUSED(TN_E_DTYPE, 0, ahead[i](&context, &other, &x, 1));
        REFUSED(TN_E_ARG, 0, ahead[i](&context, &fixed, &x, 1));
        REFUSED(TN_E_ALIGN, 0, ahead[i](&context, &odd, &x, 1));
        REFUSED(TN_E_ALIAS, 0, ahead[i](&context, &over, &x, 1));

        REFUSED(TN_E_NULL, 0, back[i](&context, NULL, &dy, &x, 1));
        REFUSED(TN_E_NULL, 1, back[i](&context, &y, NULL, &x, 1));
        REFUSED(TN_E_NULL, 2, back[i](&context, &y, &dy, NULL, 1));
        REFUSED(TN_E_ARG, 3, back[i](&context, &y, &dy, &x, 2));
        REFUSED(TN_E_RANK, 1, back[i](&context, &y, &point, &x, 0));
        REFUSED(TN_E_FEATURES, 2, back[i](&context, &y, &dy, &wide, 1));
        REFUSED(TN_E_BATCH, 0, back[i](&context, &tall, &dy, &x, 1));
        REFUSED(TN_E_DTYPE, 2, back[i](&context, &y, &dy, &other, 1));
        REFUSED(TN_E_ALIAS, 0, back[i](&context, &x, &dy, &x, 1));
        REFUSED(TN_E_ALIAS, 0, back[i](&context, &over, &x, &dy, 1));
    }
}

/* An empty batch does nothing, a query touches nothing. */
static void nothing(void **state)
{
    const tn_tensor none = tn_view(NULL, TN_NF, 2, 0, 16, 0, 0), some = tn_view(NULL, TN_NF, 2, 4, 16, 0, 0);
    tn_context ctx = TN_ZERO;
    int32_t axis;
    (void)state;
    for (axis = -2; axis < 2; axis++) {
        assert_int_equal(tn_softmax(NULL, &none, &none, axis), TN_OK);
        assert_int_equal(tn_log_softmax(NULL, &none, &none, axis), TN_OK);
        assert_int_equal(tn_softmax_backward(NULL, &none, &none, &none, axis), TN_OK);
        ctx.query = 1;
        ctx.need = 99;
        assert_int_equal(tn_softmax(&ctx, &some, &some, axis), TN_OK);
        assert_int_equal(ctx.need, 0);
        assert_int_equal(tn_log_softmax_backward(&ctx, &some, &some, &some, axis), TN_OK);
    }
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(values),   cmocka_unit_test(gradients),
                                        cmocka_unit_test(exact),    cmocka_unit_test(every_length),
                                        cmocka_unit_test(specials), cmocka_unit_test(threads),
                                        cmocka_unit_test(refusals), cmocka_unit_test(nothing) };
    if (argc > 1 && strcmp(argv[1], "--hash") == 0) {
        int32_t isa;
        int same = 1;
        for (isa = TN_ISA_SCALAR; isa <= TN_ISA_NEON; isa++)
            if (tn_isa_use(isa) == TN_OK)
                printf("isa %d: %016llx\n", (int)isa, (unsigned long long)bits_on(isa, 1, 1, &same));
        return !same;
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
