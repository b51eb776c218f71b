/* tests/test_activation.c - every activation and its gradient: against double, at its limits and kinks, same bits on
 * every instruction set, in place, and refused when it does not fit. "--hash" prints the hash of all results, to
 * compare compilers and machines. */
#include "test.h"

enum { KINDS = TN_SOFTMAX };

/* ---- the oracle: api/activation.h's formulas in double; alpha, beta as given to the call, 0 for the default ---- */
static double oracle(int kind, double x, double alpha, double beta)
{
    const double a = alpha != 0                     ? alpha
                     : kind == TN_LEAKY_RELU        ? (double)0.2f
                     : kind == TN_SELU              ? 1.6732632423543772
                     : kind == TN_HARD_SIGMOID      ? 1.0 / 6
                     : kind == TN_HARD_SIGMOID_ONNX ? 0.2
                                                    : 1.0;
    const double b = beta != 0 ? beta : kind == TN_SELU ? 1.0507009873554805 : 0.5;
    switch (kind) {
    case TN_LINEAR: return x;
    case TN_RELU: return x > 0 ? x : 0;
    case TN_RELU6: return x > 6 ? 6 : x > 0 ? x : 0;
    case TN_LEAKY_RELU: return x > 0 ? x : a * x;
    case TN_ELU: return x > 0 ? x : a * expm1(x);
    case TN_SELU: return b * (x > 0 ? x : a * expm1(x));
    case TN_CELU: return x > 0 ? x : a * expm1(x / a);
    case TN_SIGMOID: return 1 / (1 + exp(-x));
    case TN_HARD_SIGMOID:
    case TN_HARD_SIGMOID_ONNX: return fmin(fmax(a * x + b, 0), 1);
    case TN_TANH: return tanh(x);
    case TN_SOFTPLUS: return x > 0 ? x + log1p(exp(-x)) : log1p(exp(x));
    case TN_SOFTSIGN: return x / (1 + fabs(x));
    case TN_SILU: return x / (1 + exp(-x));
    case TN_HARD_SWISH: return x * fmin(fmax(x / 6 + 0.5, 0), 1);
    case TN_GELU: return 0.5 * x * erfc(-x * 0.70710678118654752440);
    case TN_GELU_TANH: return x / (1 + exp(-2 * 0.79788456080286535588 * (x + 0.044715 * x * x * x)));
    case TN_MISH: return x * tanh(log1p(exp(x)));
    case TN_EXP: return exp(x);
    default: abort();
    }
}

/* f' by central differences of the oracle: good to 1e-9 away from kinks */
static double oracle_slope(int kind, double x, double alpha, double beta)
{
    const double h = 1e-5;
    return (oracle(kind, x + h, alpha, beta) - oracle(kind, x - h, alpha, beta)) / (2 * h);
}

static double ulp(double want)
{
    int e;
    frexp(want, &e);
    return want == 0 || e < -125 ? 0x1p-149 : ldexp(1.0, e - 24);
}

/* What is granted beside the exact value: units in the last place, and an absolute part where a sum cancels by nature
 * or an argument's rounding is magnified. TEST_VERBOSE prints what is taken. */
static const struct {
    double ulps, absolute;
    const char *name;
} grant[KINDS] = {
    { 0, 0, "linear" }, { 0, 0, "relu" }, { 0, 0, "relu6" }, { 0.5, 0, "leaky_relu" }, { 2.5, 0, "elu" },
    { 3.5, 0, "selu" }, { 2.5, 1e-7, "celu" }, { 2, 0, "sigmoid" }, { 0.5, 3e-8, "hard_sigmoid" },
    { 0.5, 3e-8, "hard_sigmoid_onnx" }, { 1.5, 0, "tanh" }, { 2, 0, "softplus" }, { 1.5, 0, "softsign" },
    { 4, 0, "silu" }, { 1.5, 1e-7, "hard_swish" }, { 4, 0, "gelu" }, { 4, 2e-8, "gelu_tanh" }, { 4, 0, "mish" },
    { 1.5, 0, "exp" }
};

/* every 20011th float but NaN and infinities, and a grid where things happen */
static size_t points(float *x)
{
    size_t n = 0;
    uint64_t i;
    for (i = 0; i <= UINT32_MAX; i += 20011) {
        const uint32_t u = (uint32_t)i;
        float v;
        memcpy(&v, &u, sizeof v);
        if (isfinite(v)) x[n++] = v;
    }
    for (i = 0; i <= 60000; i++) x[n++] = ((float)i - 30000.0f) / 256.0f;
    return n;
}
enum { MOST_POINTS = (int)(UINT32_MAX / 20011) + 60003 };

static tn_tensor line(float *p, size_t n) { return tn_view(p, 0, 1, (int64_t)n, 0, 0, 0); }

static tn_status forward(float *y, const float *x, size_t n, int kind, float alpha, float beta)
{
    const tn_activation_params p = { kind, alpha, beta };
    const tn_tensor ty = line(y, n), tx = tn_cview(x, 0, 1, (int64_t)n, 0, 0, 0);
    return tn_activation(NULL, &ty, &tx, &p);
}

static tn_status backward(float *dx, const float *dy, const float *x, const float *y, size_t n, int kind, float alpha,
                          float beta)
{
    const tn_activation_params p = { kind, alpha, beta };
    const tn_tensor tdx = line(dx, n), tdy = tn_cview(dy, 0, 1, (int64_t)n, 0, 0, 0);
    const tn_tensor tx = tn_cview(x, 0, 1, (int64_t)n, 0, 0, 0), ty = tn_cview(y, 0, 1, (int64_t)n, 0, 0, 0);
    return tn_activation_backward(NULL, &tdx, &tdy, x ? &tx : NULL, y ? &ty : NULL, &p);
}

static int by_y(int kind) { return kind == TN_SIGMOID || kind == TN_TANH || kind == TN_EXP; }

static void values(void **state)
{
    float *const x = malloc(MOST_POINTS * sizeof *x), *const y = malloc(MOST_POINTS * sizeof *y),
                 *const z = malloc(MOST_POINTS * sizeof *z);
    const size_t n = points(x);
    int kind, parameters;
    size_t i;
    (void)state;
    for (kind = 0; kind < KINDS; kind++)
        for (parameters = 0; parameters < 2; parameters++) {
            const float alpha = parameters ? 0.75f : 0, beta = parameters ? 0.625f : 0;
            double worst = 0, at = 0;
            FOR_EACH_ISA(isa)
            {
                float *const to = isa == TN_ISA_SCALAR ? y : z;
                assert_int_equal(forward(to, x, n, kind, alpha, beta), TN_OK);
                if (to == z) ASSERT_SAME_BITS(z, y, n);
            }
            for (i = 0; i < n; i++) {
                const double want = oracle(kind, (double)x[i], (double)alpha, (double)beta);
                const double error = fabs((double)y[i] - want), left = error - grant[kind].absolute;
                if (fabs(want) > 3.4028235677973366e38) {
                    assert_true(isinf(y[i]));
                    continue;
                }
                if (left / ulp(want) > worst) {
                    worst = left / ulp(want);
                    at = (double)x[i];
                }
            }
            if (getenv("TEST_VERBOSE")) printf("%-18s %d: %.2f ULP at %.9g\n", grant[kind].name, parameters, worst, at);
            if (worst > grant[kind].ulps)
                fail_msg("%s: %.2f ULP at x = %.9g, at most %.1f", grant[kind].name, worst, at, grant[kind].ulps);
        }
    free(x);
    free(y);
    free(z);
}

/* dx = 2 f'(x), |error| <= 2e-6 max(|f'|, 0.1) */
static void gradients(void **state)
{
    enum { N = 4001 };
    static float x[N], y[N], dy[N], dx[N], dz[N];
    int kind, parameters, i;
    (void)state;
    for (kind = 0; kind < KINDS; kind++)
        for (parameters = 0; parameters < 2; parameters++) {
            const float alpha = parameters ? 0.75f : 0, beta = parameters ? 0.625f : 0;
            double worst = 0;
            for (i = 0; i < N; i++) {
                x[i] = (float)(i - 2000) / 100.0f + 0.0037f;
                dy[i] = 2.0f;
            }
            FOR_EACH_ISA(isa)
            {
                float *const to = isa == TN_ISA_SCALAR ? dx : dz;
                assert_int_equal(forward(y, x, N, kind, alpha, beta), TN_OK);
                assert_int_equal(backward(to, dy, by_y(kind) ? NULL : x, by_y(kind) ? y : NULL, N, kind, alpha, beta),
                                 TN_OK);
                if (to == dz) ASSERT_SAME_BITS(dz, dx, N);
                if (kind == TN_RELU || kind == TN_RELU6) { /* from y the same */
                    assert_int_equal(backward(dz, dy, NULL, y, N, kind, alpha, beta), TN_OK);
                    ASSERT_SAME_BITS(dz, dx, N);
                }
            }
            for (i = 0; i < N; i++) {
                const double want = 2 * oracle_slope(kind, (double)x[i], (double)alpha, (double)beta);
                const double error = fabs((double)dx[i] - want) / fmax(fabs(want), 0.2);
                if (error > worst) worst = error;
                if (error > 2e-6)
                    fail_msg("%s': %.9g at x = %.9g, must be %.12g", grant[kind].name, (double)dx[i], (double)x[i],
                             want);
            }
            if (getenv("TEST_VERBOSE")) printf("%-18s %d: gradient %.2g\n", grant[kind].name, parameters, worst);
        }
}

/* What can be exact is. */
static void whole_numbers(void **state)
{
    enum { N = 200 };
    static const int kinds[] = { TN_LINEAR, TN_RELU, TN_RELU6, TN_LEAKY_RELU };
    float x[N], dy[N], y[N], dx[N], want[N], slope[N];
    size_t k;
    int i;
    (void)state;
    fill_ints(x, N, -9, 9);
    fill_ints(dy, N, -100, 100);
    for (k = 0; k < COUNT(kinds); k++) FOR_EACH_ISA(isa)
        {
            for (i = 0; i < N; i++) {
                const float one = kinds[k] == TN_LINEAR || (x[i] > 0 && (kinds[k] != TN_RELU6 || x[i] < 6)) ? 1 : 0;
                want[i] = (float)oracle(kinds[k], (double)x[i], 0.25, 0);
                slope[i] = dy[i] * (kinds[k] == TN_LEAKY_RELU && x[i] <= 0 ? 0.25f : one);
            }
            assert_int_equal(forward(y, x, N, kinds[k], 0.25f, 0), TN_OK);
            ASSERT_SAME_BITS(y, want, N);
            assert_int_equal(backward(dx, dy, x, NULL, N, kinds[k], 0.25f, 0), TN_OK);
            ASSERT_SAME_BITS(dx, slope, N);
        }
}

/* x, f(x), f'(x): infinities are limits, -0 and denormals stay, kinks take the flat side, or the left one where neither
 * is flat */
static void limits(void **state)
{
    static const struct {
        int kind;
        float x, y, slope;
    } rows[] = {
        { TN_LINEAR, -INFINITY, -INFINITY, 1 }, { TN_LINEAR, -0.0f, -0.0f, 1 }, { TN_RELU, INFINITY, INFINITY, 1 },
        { TN_RELU, -INFINITY, 0, 0 }, { TN_RELU, 0, 0, 0 }, { TN_RELU, -0.0f, 0, 0 }, { TN_RELU, 1e-45f, 1e-45f, 1 },
        { TN_RELU6, INFINITY, 6, 0 }, { TN_RELU6, 6, 6, 0 }, { TN_RELU6, 5.9999995f, 5.9999995f, 1 },
        { TN_RELU6, 0, 0, 0 }, { TN_RELU6, -INFINITY, 0, 0 }, { TN_LEAKY_RELU, 0, 0, 0.2f },
        { TN_LEAKY_RELU, -0.0f, -0.0f, 0.2f }, { TN_LEAKY_RELU, -INFINITY, -INFINITY, 0.2f },
        { TN_LEAKY_RELU, INFINITY, INFINITY, 1 }, { TN_ELU, -INFINITY, -1, 0 }, { TN_ELU, INFINITY, INFINITY, 1 },
        { TN_ELU, 0, 0, 1 }, { TN_ELU, -0.0f, -0.0f, 1 }, { TN_ELU, -1e-45f, -1e-45f, 1 },
        { TN_SELU, INFINITY, INFINITY, 1.05070099f }, { TN_SELU, -INFINITY, -1.05070099f * 1.67326324f, 0 },
        { TN_CELU, -INFINITY, -1, 0 }, { TN_CELU, INFINITY, INFINITY, 1 }, { TN_CELU, 0, 0, 1 },
        { TN_SIGMOID, INFINITY, 1, 0 }, { TN_SIGMOID, -INFINITY, 0, 0 }, { TN_SIGMOID, -0.0f, 0.5f, 0.25f },
        { TN_HARD_SIGMOID, INFINITY, 1, 0 }, { TN_HARD_SIGMOID, -INFINITY, 0, 0 }, { TN_HARD_SIGMOID, 3, 1, 0 },
        { TN_HARD_SIGMOID, -3, 0, 0 }, { TN_HARD_SIGMOID, 2.9999998f, 1, 0.16666667f },
        { TN_HARD_SIGMOID, -2.9999998f, 0x1.aaaaacp-26f, 0.16666667f }, { TN_HARD_SIGMOID_ONNX, 2.5f, 1, 0 },
        { TN_HARD_SIGMOID_ONNX, -2.5f, 0, 0 }, { TN_HARD_SIGMOID_ONNX, 2.49999976f, 0x1.fffffep-1f, 0.2f },
        { TN_TANH, INFINITY, 1, 0 }, { TN_TANH, -INFINITY, -1, 0 }, { TN_TANH, -0.0f, -0.0f, 1 },
        { TN_TANH, 1e-45f, 1e-45f, 1 }, { TN_SOFTPLUS, INFINITY, INFINITY, 1 }, { TN_SOFTPLUS, -INFINITY, 0, 0 },
        { TN_SOFTSIGN, INFINITY, 1, 0 }, { TN_SOFTSIGN, -INFINITY, -1, 0 }, { TN_SOFTSIGN, 3.4028235e38f, 1, 0 },
        { TN_SOFTSIGN, -0.0f, -0.0f, 1 }, { TN_SILU, INFINITY, INFINITY, 1 }, { TN_SILU, -INFINITY, -0.0f, 0 },
        { TN_SILU, -3.4028235e38f, -0.0f, 0 }, { TN_SILU, -0.0f, -0.0f, 0.5f },
        { TN_SILU, 3.4028235e38f, 3.4028235e38f, 1 }, { TN_SILU, 2e-38f, 1e-38f, 0.5f },
        { TN_HARD_SWISH, INFINITY, INFINITY, 1 }, { TN_HARD_SWISH, -INFINITY, -0.0f, 0 }, { TN_HARD_SWISH, 3, 3, 1 },
        { TN_HARD_SWISH, -3, -0.0f, 0 }, { TN_HARD_SWISH, -0.0f, -0.0f, 0.5f }, { TN_GELU, INFINITY, INFINITY, 1 },
        { TN_GELU, -INFINITY, -0.0f, 0 }, { TN_GELU, -3.4028235e38f, -0.0f, 0 }, { TN_GELU, -0.0f, -0.0f, 0.5f },
        { TN_GELU, 0, 0, 0.5f }, { TN_GELU, 2e-38f, 1e-38f, 0.5f }, { TN_GELU, 3.4028235e38f, 3.4028235e38f, 1 },
        { TN_GELU_TANH, INFINITY, INFINITY, 1 }, { TN_GELU_TANH, -INFINITY, -0.0f, 0 },
        { TN_GELU_TANH, -3.4028235e38f, -0.0f, 0 }, { TN_GELU_TANH, 3.4028235e38f, 3.4028235e38f, 1 },
        { TN_GELU_TANH, -0.0f, -0.0f, 0.5f }, { TN_MISH, INFINITY, INFINITY, 1 }, { TN_MISH, -INFINITY, -0.0f, 0 },
        { TN_MISH, -3.4028235e38f, -0.0f, 0 }, { TN_MISH, -0.0f, -0.0f, 0.6f },
        { TN_MISH, 3.4028235e38f, 3.4028235e38f, 1 }, { TN_EXP, INFINITY, INFINITY, INFINITY },
        { TN_EXP, -INFINITY, 0, 0 }, { TN_EXP, -0.0f, 1, 1 }
    };
    const float one = 1, nan = NAN;
    float y, dx;
    size_t i;
    int kind;
    (void)state;
    FOR_EACH_ISA(isa)
    {
        for (i = 0; i < COUNT(rows); i++) {
            assert_int_equal(forward(&y, &rows[i].x, 1, rows[i].kind, 0, 0), TN_OK);
            if (bits_of(y) != bits_of(rows[i].y))
                fail_msg("%s(%g) is %a, must be %a", grant[rows[i].kind].name, (double)rows[i].x, (double)y,
                         (double)rows[i].y);
            assert_int_equal(backward(&dx, &one, &rows[i].x, &y, 1, rows[i].kind, 0, 0), TN_OK);
            if (fabsf(dx) != fabsf(rows[i].slope))
                fail_msg("%s'(%g) is %a, must be %a", grant[rows[i].kind].name, (double)rows[i].x, (double)dx,
                         (double)rows[i].slope);
        }
        for (kind = 0; kind < KINDS; kind++) {
            assert_int_equal(forward(&y, &nan, 1, kind, 0, 0), TN_OK);
            assert_true(isnan(y));
            assert_int_equal(backward(&dx, &nan, &one, &one, 1, kind, 0, 0), TN_OK);
            assert_true(isnan(dx));
            assert_int_equal(backward(&dx, &one, &nan, &nan, 1, kind, 0, 0), TN_OK);
            assert_true(kind == TN_LINEAR ? dx == 1 : isnan(dx) != 0);
        }
    }
}

/* Every length, fenced on either side, specials among the data, in place, one by one: the same bits everywhere. */
static uint64_t tails_on(int32_t isa, int fence, uint64_t h, int *same)
{
    size_t t, i, n;
    int kind;
    if (tn_isa_use(isa) != TN_OK) return 0;
    test_seed = 7;
    for (t = 0; t < COUNT(tails); t++)
        for (kind = 0; kind < KINDS; kind++) {
            float *x, *dy, *y, *dx, *own, alone;
            n = (size_t)tails[t];
            x = fence_floats(n, fence);
            dy = fence_floats(n, fence);
            y = fence_floats(n, fence);
            dx = fence_floats(n, fence);
            own = fence_floats(n, fence);
            fill_specials(x, n);
            fill_specials(dy, n);
            *same &= forward(y, x, n, kind, 0, 0) == TN_OK && backward(dx, dy, x, y, n, kind, 0, 0) == TN_OK;
            h = hash_floats(hash_floats(h, y, n), dx, n);
            memcpy(own, x, n * sizeof *x);
            *same &= forward(own, own, n, kind, 0, 0) == TN_OK && hash_floats(0, own, n) == hash_floats(0, y, n);
            for (i = 0; i < n; i++)
                *same &= forward(&alone, x + i, 1, kind, 0, 0) == TN_OK && bits_of(alone) == bits_of(y[i]);
            memcpy(own, dy, n * sizeof *x);
            *same &=
                backward(own, own, x, y, n, kind, 0, 0) == TN_OK && hash_floats(0, own, n) == hash_floats(0, dx, n);
            fence_clear();
        }
    tn_isa_use(TN_ISA_BEST);
    return h;
}

static void every_length(void **state)
{
    uint64_t want = 0;
    int fence, same = 1;
    (void)state;
    for (fence = 0; fence < 2; fence++) {
        want = tails_on(TN_ISA_SCALAR, fence, 1, &same);
        assert_true(same);
        FOR_EACH_ISA(isa)
        {
            assert_true(tails_on(isa, fence, 1, &same) == want);
            assert_true(same);
            tn_isa_use(isa);
        }
    }
}

/* Tasks in any order, and a tensor larger than one of them. */
static int tasks_seen;
static void backwards(void *pool, int32_t tasks, tn_task run, void *arg)
{
    (void)pool;
    tasks_seen = tasks;
    while (tasks--) run(arg, tasks, 0);
}

static void threads(void **state)
{
    enum { N = 100003 };
    float *const x = malloc(4 * N * sizeof *x), *const y = x + N, *const z = y + N, *const dy = z + N;
    tn_context ctx = TN_ZERO;
    const tn_activation_params p = { TN_SILU, 0, 0 };
    const tn_tensor tx = line(x, N), ty = line(y, N), tz = line(z, N), tdy = line(dy, N);
    (void)state;
    ctx.parallel_for = backwards;
    fill_floats(x, N, -9, 9);
    fill_floats(dy, N, -9, 9);
    assert_int_equal(tn_activation(NULL, &ty, &tx, &p), TN_OK);
    assert_int_equal(tn_activation(&ctx, &tz, &tx, &p), TN_OK);
    ASSERT_SAME_BITS(z, y, N);
    assert_in_range(tasks_seen, 2, N / 16384 + 1);
    assert_int_equal(tn_activation_backward(NULL, &ty, &tdy, &tx, NULL, &p), TN_OK);
    assert_int_equal(tn_activation_backward(&ctx, &tz, &tdy, &tx, NULL, &p), TN_OK);
    ASSERT_SAME_BITS(z, y, N);
    free(x);
}

/* Any rank, an empty batch, a query, no parameters. */
static void shapes(void **state)
{
    float x[64], y[64], want[64];
    tn_context ctx = TN_ZERO;
    const tn_activation_params p = { TN_TANH, 0, 0 };
    tn_tensor tx, ty;
    int32_t rank, i;
    (void)state;
    fill_floats(x, 64, -2, 2);
    for (i = 0; i < 64; i++) forward(want + i, x + i, 1, TN_TANH, 0, 0);
    for (rank = 0; rank <= TN_MAX_RANK; rank++) {
        tx = tn_cview(x, 0, 0, 0, 0, 0, 0);
        ty = tn_view(y, 0, 0, 0, 0, 0, 0);
        tx.rank = ty.rank = rank;
        for (i = 0; i < rank; i++) tx.dim[i] = ty.dim[i] = 2;
        memset(y, 0xff, sizeof y);
        assert_int_equal(tn_activation(NULL, &ty, &tx, &p), TN_OK);
        ASSERT_SAME_BITS(y, want, 1 << rank);
        assert_true(rank == TN_MAX_RANK || isnan(y[1 << rank]));
        assert_int_equal(tn_activation_backward(NULL, &ty, &tx, NULL, &tx, &p), TN_OK);
    }
    tx = tn_cview(x, TN_NF, 2, 4, 16, 0, 0);
    ty = tn_view(y, TN_NF, 2, 4, 16, 0, 0);
    assert_int_equal(tn_activation(NULL, &ty, &tx, NULL), TN_OK);
    ASSERT_SAME_BITS(y, x, 64);
    assert_int_equal(tn_activation_backward(NULL, &ty, &tx, NULL, NULL, NULL), TN_OK);
    ASSERT_SAME_BITS(y, x, 64);
    tx = tn_cview(NULL, TN_NF, 2, 0, 16, 0, 0);
    ty = tn_view(NULL, TN_NF, 2, 0, 16, 0, 0);
    assert_int_equal(tn_activation(NULL, &ty, &tx, &p), TN_OK);
    assert_int_equal(tn_activation_backward(NULL, &ty, &tx, NULL, &tx, &p), TN_OK);
    tx = tn_cview(NULL, TN_NF, 2, 4, 16, 0, 0);
    ty = tn_view(NULL, TN_NF, 2, 4, 16, 0, 0);
    ctx.query = 1;
    ctx.need = 99;
    assert_int_equal(tn_activation(&ctx, &ty, &tx, &p), TN_OK);
    assert_int_equal(ctx.need, 0);
    ctx.need = 99;
    assert_int_equal(tn_activation_backward(&ctx, &ty, &tx, NULL, &tx, &p), TN_OK);
    assert_int_equal(ctx.need, 0);
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

static tn_tensor block(size_t at, int64_t rows, int64_t columns)
{
    return tn_view(memory + at, TN_NF, 2, rows, columns, 0, 0);
}

static void refusals(void **state)
{
    const tn_activation_params silu = { TN_SILU, 0, 0 }, relu = { TN_RELU, 0, 0 }, tanh_ = { TN_TANH, 0, 0 },
                               softmax = { TN_SOFTMAX, 0, 0 };
    const tn_activation_params beyond = { TN_SOFTMAX + 1, 0, 0 }, below = { -1, 0, 0 };
    const tn_tensor y = block(0, 4, 8), x = block(64, 4, 8), dy = block(128, 4, 8), wide = block(192, 4, 9),
                    tall = block(192, 5, 8);
    const tn_tensor over = block(65, 4, 8), other = tn_as(block(192, 4, 8), TN_I32),
                    none = tn_view(NULL, TN_NF, 2, 4, 8, 0, 0);
    const tn_tensor flat = tn_view(memory + 192, 0, 1, 32, 0, 0, 0), empty = block(0, 4, 0), negative = block(0, -4, 8);
    tn_tensor fixed = y, odd = y, deep = y;
    (void)state;
    fixed.flags = TN_READONLY;
    odd.data = (char *)memory + 1;
    deep.rank = 7;
    REFUSED(TN_E_NULL, 0, tn_activation(&context, NULL, &x, &silu));
    REFUSED(TN_E_NULL, 1, tn_activation(&context, &y, NULL, &silu));
    REFUSED(TN_E_NULL, 1, tn_activation(&context, &y, &none, &silu));
    REFUSED(TN_E_ARG, 2, tn_activation(&context, &y, &x, &softmax));
    REFUSED(TN_E_ARG, 2, tn_activation(&context, &y, &x, &beyond));
    REFUSED(TN_E_ARG, 2, tn_activation(&context, &y, &x, &below));
    REFUSED(TN_E_FEATURES, 0, tn_activation(&context, &y, &wide, &silu));
    REFUSED(TN_E_BATCH, 0, tn_activation(&context, &y, &tall, &silu));
    REFUSED(TN_E_RANK, 0, tn_activation(&context, &y, &flat, &silu));
    REFUSED(TN_E_RANK, 0, tn_activation(&context, &deep, &x, &silu));
    REFUSED(TN_E_DTYPE, 1, tn_activation(&context, &y, &other, &silu));
    REFUSED(TN_E_ARG, 0, tn_activation(&context, &fixed, &x, &silu));
    REFUSED(TN_E_ARG, 0, tn_activation(&context, &negative, &x, &silu));
    REFUSED(TN_E_EMPTY, 1, tn_activation(&context, &y, &empty, &silu));
    REFUSED(TN_E_ALIGN, 0, tn_activation(&context, &odd, &x, &silu));
    REFUSED(TN_E_ALIAS, 0, tn_activation(&context, &over, &x, &silu));

    REFUSED(TN_E_NULL, 0, tn_activation_backward(&context, NULL, &dy, &x, NULL, &silu));
    REFUSED(TN_E_NULL, 1, tn_activation_backward(&context, &y, NULL, &x, NULL, &silu));
    REFUSED(TN_E_NULL, 2, tn_activation_backward(&context, &y, &dy, NULL, &x, &silu));
    REFUSED(TN_E_NULL, 3, tn_activation_backward(&context, &y, &dy, &x, NULL, &tanh_));
    REFUSED(TN_E_NULL, 2, tn_activation_backward(&context, &y, &dy, NULL, NULL, &relu));
    REFUSED(TN_E_ARG, 4, tn_activation_backward(&context, &y, &dy, &x, &x, &softmax));
    REFUSED(TN_E_ARG, 4, tn_activation_backward(&context, &y, &dy, &x, &x, &below));
    REFUSED(TN_E_FEATURES, 2, tn_activation_backward(&context, &y, &dy, &wide, NULL, &silu));
    REFUSED(TN_E_BATCH, 3, tn_activation_backward(&context, &y, &dy, &x, &tall, &silu));
    REFUSED(TN_E_RANK, 2, tn_activation_backward(&context, &y, &dy, &flat, NULL, &silu));
    REFUSED(TN_E_FEATURES, 0, tn_activation_backward(&context, &wide, &dy, &x, NULL, &silu));
    REFUSED(TN_E_DTYPE, 2, tn_activation_backward(&context, &y, &dy, &other, NULL, &silu));
    REFUSED(TN_E_ALIAS, 0, tn_activation_backward(&context, &x, &dy, &x, NULL, &silu));
    REFUSED(TN_E_ALIAS, 0, tn_activation_backward(&context, &over, &dy, &x, NULL, &silu));
    REFUSED(TN_E_ALIAS, 0, tn_activation_backward(&context, &x, &dy, NULL, &x, &tanh_));
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(values),        cmocka_unit_test(gradients),
                                        cmocka_unit_test(whole_numbers), cmocka_unit_test(limits),
                                        cmocka_unit_test(every_length),  cmocka_unit_test(threads),
                                        cmocka_unit_test(shapes),        cmocka_unit_test(refusals) };
    if (argc > 1 && strcmp(argv[1], "--hash") == 0) {
        int32_t isa;
        int same = 1;
        for (isa = TN_ISA_SCALAR; isa <= TN_ISA_NEON; isa++)
            if (tn_isa_use(isa) == TN_OK)
                printf("isa %d: %016llx\n", (int)isa, (unsigned long long)tails_on(isa, 1, 1, &same));
        return !same;
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
