/* tests/test_convert.c - tn_convert: all pairs of element types against rules written in long double. */
#include "test.h"

enum { N = 100 };
static const size_t sizes[] = { 4, 8, 1, 1, 4, 8 }; /* by dtype */
_Static_assert(sizeof(long double) > 8, "the oracle holds int64 and double alike");

static long double get(const void *p, int32_t dtype, size_t i)
{
    switch (dtype) {
    case TN_F32: return (long double)((const float *)p)[i];
    case TN_F64: return (long double)((const double *)p)[i];
    case TN_U8: return ((const uint8_t *)p)[i];
    case TN_I8: return ((const int8_t *)p)[i];
    case TN_I32: return ((const int32_t *)p)[i];
    default: return ((const int64_t *)p)[i];
    }
}

/* nearest even, clamped, NaN 0 */
static void put(void *p, int32_t dtype, size_t i, long double v)
{
    static const int64_t low[] = { 0, 0, 0, INT8_MIN, INT32_MIN, INT64_MIN },
        high[] = { 0, 0, UINT8_MAX, INT8_MAX, INT32_MAX, INT64_MAX };
    int64_t whole = 0;
    if (dtype == TN_F32) { ((float *)p)[i] = (float)v; return; }
    if (dtype == TN_F64) { ((double *)p)[i] = (double)v; return; }
    if (v == v) whole = v >= (long double)high[dtype] ? high[dtype] : v <= (long double)low[dtype] ? low[dtype]
        : (int64_t)rintl(v);
    if (dtype == TN_U8) ((uint8_t *)p)[i] = (uint8_t)whole;
    if (dtype == TN_I8) ((int8_t *)p)[i] = (int8_t)whole;
    if (dtype == TN_I32) ((int32_t *)p)[i] = (int32_t)whole;
    if (dtype == TN_I64) ((int64_t *)p)[i] = whole;
}

static void fill(void *p, int32_t dtype, size_t n)
{
    static const double edges[] = { 0.5, 1.5, 2.5, -0.5, -1.5, 254.5, 255.5, 256, -128.5, -129, 127.5, 2147483647.5,
        -2147483648.5, 9.3e18, -9.3e18, 0.0, -0.0,
                                    INFINITY, -INFINITY, NAN, 1e-310, 1e300, -1e300, 9007199254740993.0,
                                        1.0000000596046448, 16777217, 3.4028235677973366e38 };
    for (size_t i = 0; i < n; i++) {
        const uint64_t bits = (uint64_t)random_bits() << 32 | random_bits();
        const double v = random_bits() % 2 ? edges[random_bits() % COUNT(edges)]
            : ldexp(random_int(-1000000, 1000000), random_int(-30, 12));
        if (dtype == TN_F32) ((float *)p)[i] = (float)v;
        if (dtype == TN_F64) ((double *)p)[i] = v;
        if (dtype == TN_U8) ((uint8_t *)p)[i] = (uint8_t)bits;
        if (dtype == TN_I8) ((int8_t *)p)[i] = (int8_t)bits;
        if (dtype == TN_I32) ((int32_t *)p)[i] = (int32_t)(bits >> random_int(0, 31));
        if (dtype == TN_I64) ((int64_t *)p)[i] = (int64_t)bits >> random_int(0, 63);
    }
}

static void check(const void *got, const void *want, int32_t dtype, int32_t from, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const long double g = get(got, dtype, i), w = get(want, dtype, i);
        const int same = g != g ? w != w : g == w && !signbit(g) == !signbit(w);
        if (!same) fail_msg("dtype %d from %d, element %zu: %.21Lg, must be %.21Lg (%s)", dtype, from, i, g, w,
            tn_isa_name());
    }
}

static tn_tensor line(void *p, int32_t dtype, size_t n) { return tn_as(tn_view(p, 0, 1, (int64_t)n, 0, 0, 0), dtype); }

static void every_pair_as_it_is(void **state)
{
    (void)state;
    for (int32_t from = TN_F32; from <= TN_I64; from++)
        for (int32_t to = TN_F32; to <= TN_I64; to++)
            for (size_t l = 0; l < COUNT(tails); l++) {
                const size_t n = (size_t)tails[l];
                void *const x = fence_bytes(n * sizes[from], l & 1), *const y = fence_bytes(n * sizes[to], l & 1);
                int64_t want[N];
                const tn_tensor tx = line(x, from, n), ty = line(y, to, n);
                const tn_convert_params one = { 1.0f, 0.0f }, zero = { 0.0f, 0.0f };
                fill(x, from, n);
                for (size_t i = 0; i < n; i++) put(want, to, i, get(x, from, i));
                FOR_EACH_ISA(isa) {
                    assert_int_equal(tn_convert(NULL, &ty, &tx, isa == TN_ISA_SCALAR ? &zero : l & 2 ? &one : NULL),
                        TN_OK);
                    check(y, want, to, from, n);
                }
                if (sizes[from] == sizes[to]) { /* in place */
                    const tn_tensor own = line(x, to, n);
                    assert_int_equal(tn_convert(NULL, &own, &tx, NULL), TN_OK);
                    check(x, want, to, from, n);
                }
                fence_clear();
            }
}

static void every_pair_scaled(void **state) /* f32, u8 and i8 to f32: rounded once; all else in double,
    each step rounded */
{
    static const tn_convert_params p[] = { { 1.0f / 255.0f, 0.0f }, { 2.0f / 255.0f, -1.0f }, { -3.7f, 0.3f },
        { 0.0f, 0.1f }, { 1e30f, 1e-30f } };
    (void)state;
    for (int32_t from = TN_F32; from <= TN_I64; from++)
        for (int32_t to = TN_F32; to <= TN_I64; to++)
            for (size_t l = 0; l < COUNT(tails); l++) {
                const size_t n = (size_t)tails[l];
                const tn_convert_params *const q = &p[l % COUNT(p)];
                const float scale = q->scale != 0.0f ? q->scale : 1.0f;
                void *const x = fence_bytes(n * sizes[from], l & 1), *const y = fence_bytes(n * sizes[to], l & 1);
                int64_t want[N];
                const tn_tensor tx = line(x, from, n), ty = line(y, to, n);
                fill(x, from, n);
                for (size_t i = 0; i < n; i++) {
                    const double in = (double)get(x, from, i);
                    volatile double product = in * (double)scale;
                    double out = product + (double)q->offset;
                    if (to == TN_F32 && (from == TN_F32 || from == TN_U8
                        || from == TN_I8)) out = (double)fmaf((float)in, scale, q->offset);
                    put(want, to, i, (long double)out);
                }
                FOR_EACH_ISA(isa) {
                    assert_int_equal(tn_convert(NULL, &ty, &tx, q), TN_OK);
                    check(y, want, to, from, n);
                }
                if (sizes[from] == sizes[to]) {
                    const tn_tensor own = line(x, to, n);
                    assert_int_equal(tn_convert(NULL, &own, &tx, q), TN_OK);
                    check(x, want, to, from, n);
                }
                fence_clear();
            }
}

static void the_same_type_keeps_every_bit(void **state)
{
    const uint32_t x[3] = { 0x7f800001u, 0xffc12345u, 0x80000000u };
    uint32_t y[3] = { 0 };
    const tn_tensor tx = tn_cview(x, 0, 1, 3, 0, 0, 0), ty = tn_view(y, 0, 1, 3, 0, 0, 0);
    (void)state;
    assert_int_equal(tn_convert(NULL, &ty, &tx, NULL), TN_OK);
    assert_memory_equal(x, y, sizeof x);
}

static void int64_to_float_is_rounded_once(void **state) /* by way of double the 1 is lost, and the tie goes to even */
{
    const int64_t x = (INT64_C(1) << 62) + (INT64_C(1) << 38) + 1;
    float y = 0.0f;
    const tn_tensor tx = tn_as(tn_cview(&x, 0, 0, 0, 0, 0, 0), TN_I64), ty = tn_view(&y, 0, 0, 0, 0, 0, 0);
    (void)state;
    assert_int_equal(tn_convert(NULL, &ty, &tx, NULL), TN_OK);
    assert_true(bits_of(y) == bits_of(0x1.000002p+62f));
}

static void backwards(void *pool, int32_t tasks, tn_task run, void *arg)
{
    *(int32_t *)pool += tasks;
    while (tasks--) run(arg, tasks, 0);
}

static void images_over_many_tasks(void **state)
{
    enum { IMAGES = 20, PIXELS = 32 * 32 * 3 };
    static uint8_t x[IMAGES * PIXELS], back[IMAGES * PIXELS];
    static float y[IMAGES * PIXELS];
    const tn_tensor tx = tn_as(tn_view(x, TN_NHWC, 4, IMAGES, 32, 32, 3), TN_U8),
        ty = tn_view(y, TN_NHWC, 4, IMAGES, 32, 32, 3);
    const tn_tensor tb = tn_as(tn_view(back, TN_NHWC, 4, IMAGES, 32, 32, 3), TN_U8);
    const tn_convert_params to_unit = { 1.0f / 255.0f, 0.0f }, to_bytes = { 255.0f, 0.0f };
    tn_context ctx = TN_ZERO;
    int32_t tasks = 0;
    (void)state;
    ctx.parallel_for = backwards;
    ctx.pool = &tasks;
    for (size_t i = 0; i < sizeof x; i++) x[i] = (uint8_t)random_bits();
    assert_int_equal(tn_convert(&ctx, &ty, &tx, &to_unit), TN_OK);
    assert_int_equal(tasks, 4);
    for (size_t i = 0; i < sizeof x; i++) assert_true(bits_of(y[i]) == bits_of((float)x[i] * (1.0f / 255.0f)));
    assert_int_equal(tn_convert(&ctx, &tb, &ty, &to_bytes), TN_OK);
    assert_memory_equal(x, back, sizeof x);
}

#define REFUSED(code, argument, call)                         \
    do {                                                      \
        tn_diag d_ = TN_ZERO;                                 \
        ctx.diag = &d_;                                       \
        memset(y, 0x55, sizeof y);                            \
        assert_int_equal(call, code);                         \
        assert_int_equal(d_.status, code);                    \
        assert_int_equal(d_.arg, argument);                   \
        ctx.diag = NULL; \
        for (size_t i_ = 0; i_ < sizeof y; i_++) assert_int_equal(((unsigned char *)y)[i_], 0x55); \
    } while (0)

static tn_tensor read_only(tn_tensor t) { t.flags = TN_READONLY; return t; }

static void refusals(void **state)
{
    double y[8] = { 0 };
    uint8_t x[32] = { 0 };
    tn_context ctx = TN_ZERO;
    const tn_tensor tx = line(x, TN_U8, 8), ty = line(y, TN_F32, 8), fixed = read_only(tn_view(y, 0, 1, 8, 0, 0, 0)),
        strange = line(y, 6, 8);
    const tn_tensor less = line(y, TN_F32, 7), square = tn_view(y, 0, 2, 2, 4, 0, 0), hole = line(NULL, TN_F32, 8),
        bytes = line(y, TN_U8, 8);
    const tn_tensor behind = line((char *)y + 4, TN_F32, 8), crooked = line((char *)y + 2, TN_F32, 8),
        empty = tn_view(y, 0, 2, 3, 0, 0, 0);
    const tn_convert_params nan = { NAN, 0 }, inf = { 1, INFINITY };
    (void)state;
    REFUSED(TN_E_NULL, 0, tn_convert(&ctx, NULL, &tx, NULL));
    REFUSED(TN_E_NULL, 1, tn_convert(&ctx, &ty, NULL, NULL));
    REFUSED(TN_E_NULL, 0, tn_convert(&ctx, &hole, &tx, NULL));
    REFUSED(TN_E_ARG, 0, tn_convert(&ctx, &fixed, &tx, NULL));
    REFUSED(TN_E_DTYPE, 0, tn_convert(&ctx, &strange, &tx, NULL));
    REFUSED(TN_E_ALIGN, 0, tn_convert(&ctx, &crooked, &tx, NULL));
    REFUSED(TN_E_EMPTY, 0, tn_convert(&ctx, &empty, &tx, NULL));
    REFUSED(TN_E_FEATURES, 0, tn_convert(&ctx, &less, &tx, NULL));
    REFUSED(TN_E_RANK, 0, tn_convert(&ctx, &square, &tx, NULL));
    REFUSED(TN_E_ARG, 2, tn_convert(&ctx, &ty, &tx, &nan));
    REFUSED(TN_E_ARG, 2, tn_convert(&ctx, &ty, &tx, &inf));
    REFUSED(TN_E_ALIAS, 0, tn_convert(&ctx, &ty, &bytes, NULL)); /* other sizes */
    REFUSED(TN_E_ALIAS, 0, tn_convert(&ctx, &ty, &behind, NULL));
    const tn_tensor none = tn_view(NULL, TN_NF, 2, 0, 5, 0, 0), void_bytes = tn_as(none, TN_U8);
    assert_int_equal(tn_convert(&ctx, &none, &void_bytes, NULL), TN_OK);
    const tn_tensor unborn = line(NULL, TN_U8, 8);
    ctx.query = 1;
    assert_int_equal(tn_convert(&ctx, &hole, &unborn, NULL), TN_OK);
    assert_int_equal(ctx.need, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_pair_as_it_is), cmocka_unit_test(every_pair_scaled),
            cmocka_unit_test(the_same_type_keeps_every_bit),
        cmocka_unit_test(int64_to_float_is_rounded_once),
        cmocka_unit_test(images_over_many_tasks), cmocka_unit_test(refusals),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
