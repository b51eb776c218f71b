/* tests/test_move.c - views and tn_transpose against index arithmetic. */
#include "test.h"

static const size_t sizes[] = { 4, 8, 1, 1, 4, 8 }; /* by dtype */

/* y[...] = x[...] by walking every index of y. */
static void oracle_transpose(unsigned char *y, const unsigned char *x, const tn_tensor *tx, const int32_t *perm,
    size_t size)
{
    int32_t at[TN_MAX_RANK] = { 0 };
    size_t n = tn_bytes(tx) / size;
    for (size_t i = 0; i < n; i++) {
        size_t from = 0;
        int32_t index[TN_MAX_RANK] = { 0 };
        for (int32_t a = 0; a < tx->rank; a++) index[perm[a]] = at[a];
        for (int32_t a = 0; a < tx->rank; a++) from = from * (size_t)tx->dim[a] + (size_t)index[a];
        memcpy(y + i * size, x + from * size, size);
        for (int32_t a = tx->rank - 1; a >= 0 && ++at[a] == tx->dim[perm[a]]; a--) at[a] = 0;
    }
}

static void backwards(void *pool, int32_t tasks, tn_task run, void *arg)
{
    *(int32_t *)pool += tasks;
    while (tasks--) run(arg, tasks, 0);
}

static void one_transpose(const tn_tensor *shape, const int32_t *perm, int end)
{
    const size_t size = sizes[shape->dtype], bytes = tn_bytes(shape);
    unsigned char *const x = (unsigned char *)fence_bytes(bytes, end),
        *const y = (unsigned char *)fence_bytes(bytes, end);
    unsigned char *const want = (unsigned char *)malloc(bytes);
    tn_tensor tx = *shape, ty = *shape;
    for (size_t i = 0; i < bytes; i++) x[i] = (unsigned char)random_bits();
    tx.data = x;
    ty.data = y;
    ty.axes = 0;
    for (int32_t a = 0; a < tx.rank; a++) ty.dim[a] = tx.dim[perm[a]];
    oracle_transpose(want, x, &tx, perm, size);
    FOR_EACH_ISA(isa)
        for (int threads = 0; threads < 2; threads++) {
            tn_context ctx = TN_ZERO;
            int32_t tasks = 0;
            if (threads) ctx.parallel_for = backwards;
            ctx.pool = &tasks;
            memset(y, 0, bytes);
            assert_int_equal(tn_transpose(&ctx, &ty, &tx, perm), TN_OK);
            if (memcmp(y, want, bytes)) fail_msg("rank %d dtype %d %dx%dx%d (%s)", tx.rank, tx.dtype, tx.dim[0],
                tx.dim[1], tx.dim[2], tn_isa_name());
        }
    free(want);
    fence_clear();
}

static void matrices_of_every_size(void **state)
{
    const int32_t swap[2] = { 1, 0 };
    (void)state;
    for (size_t i = 0; i < COUNT(tails); i++)
        for (size_t j = 0; j < COUNT(tails); j++) {
            tn_tensor t = tn_view(NULL, 0, 2, tails[i], tails[j], 0, 0);
            one_transpose(&t, swap, (int)(i + j) & 1);
        }
    for (int32_t dtype = TN_F32; dtype <= TN_I64; dtype++)
        for (int k = 0; k < 20; k++) {
            tn_tensor t = tn_as(tn_view(NULL, 0, 2, random_int(1, 150), random_int(1, 150), 0, 0), dtype);
            one_transpose(&t, swap, k & 1);
        }
    const tn_tensor large = tn_view(NULL, 0, 2, 2100, 130, 0, 0), wide = tn_view(NULL, 0, 2, 3, 5000, 0, 0);
    one_transpose(&large, swap, 1);
    one_transpose(&wide, swap, 0);
}

static void any_permutation_of_any_rank(void **state)
{
    (void)state;
    for (int k = 0; k < 1500; k++) {
        tn_tensor t = tn_as(tn_view(NULL, 0, 0, 0, 0, 0, 0), random_int(TN_F32, TN_I64));
        int32_t perm[TN_MAX_RANK];
        t.rank = random_int(0, TN_MAX_RANK);
        for (int32_t a = 0; a < t.rank; a++) {
            t.dim[a] = random_int(1, t.rank > 4 ? 5 : 9);
            perm[a] = a;
        }
        for (int32_t a = t.rank - 1; a > 0; a--) {
            const int32_t b = random_int(0, a), keep = perm[a];
            perm[a] = perm[b];
            perm[b] = keep;
        }
        one_transpose(&t, perm, k & 1);
    }
}

static void every_bit_is_moved(void **state) /* signalling NaNs, denormals, -0 */
{
    uint32_t x[35], y[35] = { 0 };
    const int32_t swap[2] = { 1, 0 };
    (void)state;
    for (int i = 0; i < 35; i++) x[i] = i % 3 ? 0x7f800001u + (uint32_t)i : i % 2 ? 0x80000000u : (uint32_t)i;
    const tn_tensor tx = tn_view(x, 0, 2, 5, 7, 0, 0), ty = tn_view(y, 0, 2, 7, 5, 0, 0);
    FOR_EACH_ISA(isa) {
        assert_int_equal(tn_transpose(NULL, &ty, &tx, swap), TN_OK);
        for (int i = 0; i < 35; i++) assert_int_equal(y[i % 7 * 5 + i / 7], x[i]);
    }
}

static void by_names(void **state)
{
    float x[2 * 3 * 4 * 5], y[120] = { 0 }, want[120];
    const int32_t to_nhwc[] = { 0, 2, 3, 1 }, to_hwio[] = { 2, 3, 1, 0 };
    (void)state;
    fill_floats(x, 120, -1, 1);
    const tn_tensor nchw = tn_view(x, TN_NCHW, 4, 2, 3, 4, 5), nhwc = tn_view(y, TN_NHWC, 4, 2, 4, 5, 3);
    oracle_transpose((unsigned char *)want, (unsigned char *)x, &nchw, to_nhwc, 4);
    assert_int_equal(tn_transpose(NULL, &nhwc, &nchw, NULL), TN_OK);
    ASSERT_SAME_BITS(y, want, 120);
    const tn_tensor oihw = tn_view(x, TN_OIHW, 4, 2, 3, 4, 5), hwio = tn_view(y, TN_HWIO, 4, 4, 5, 3, 2);
    oracle_transpose((unsigned char *)want, (unsigned char *)x, &oihw, to_hwio, 4);
    assert_int_equal(tn_transpose(NULL, &hwio, &oihw, NULL), TN_OK);
    ASSERT_SAME_BITS(y, want, 120);
    const tn_tensor tnf = tn_view(x, TN_TNF, 3, 5, 4, 6, 0), ntf = tn_view(y, TN_NTF, 3, 4, 5, 6, 0);
    const int32_t swap[] = { 1, 0, 2 };
    oracle_transpose((unsigned char *)want, (unsigned char *)x, &tnf, swap, 4);
    assert_int_equal(tn_transpose(NULL, &ntf, &tnf, NULL), TN_OK);
    ASSERT_SAME_BITS(y, want, 120);
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

static void transpose_refuses(void **state)
{
    float x[24] = { 0 }, y[24] = { 0 };
    tn_context ctx = TN_ZERO;
    const int32_t ok[] = { 1, 0 }, twice[] = { 1, 1 }, beyond[] = { 0, 2 }, negative[] = { -1, 0 };
    const tn_tensor tx = tn_cview(x, TN_NF, 2, 4, 6, 0, 0), ty = tn_view(y, 0, 2, 6, 4, 0, 0),
        same = tn_view(y, 0, 2, 4, 6, 0, 0);
    const tn_tensor whole = tn_as(ty, TN_I32), flat = tn_view(y, 0, 1, 24, 0, 0, 0),
        fixed = read_only(tn_view(y, 0, 2, 6, 4, 0, 0));
    const tn_tensor other = tn_view(y, TN_IO, 2, 6, 4, 0, 0), doubled = tn_view(y, TNI_AX('N', 0) | TNI_AX('N', 1), 2,
        6, 4, 0, 0);
    const tn_tensor own = tn_view(y, 0, 2, 6, 4, 0, 0), hole = tn_view(NULL, 0, 2, 6, 4, 0, 0),
        four = tn_view(y, 0, 2, 6, 5, 0, 0);
    (void)state;
    REFUSED(TN_E_NULL, 0, tn_transpose(&ctx, NULL, &tx, ok));
    REFUSED(TN_E_NULL, 1, tn_transpose(&ctx, &ty, NULL, ok));
    REFUSED(TN_E_NULL, 0, tn_transpose(&ctx, &hole, &tx, ok));
    REFUSED(TN_E_ARG, 2, tn_transpose(&ctx, &ty, &tx, twice));
    REFUSED(TN_E_ARG, 2, tn_transpose(&ctx, &ty, &tx, beyond));
    REFUSED(TN_E_ARG, 2, tn_transpose(&ctx, &ty, &tx, negative));
    REFUSED(TN_E_ARG, 0, tn_transpose(&ctx, &fixed, &tx, ok));
    REFUSED(TN_E_DTYPE, 0, tn_transpose(&ctx, &whole, &tx, ok));
    REFUSED(TN_E_RANK, 0, tn_transpose(&ctx, &flat, &tx, ok));
    REFUSED(TN_E_FEATURES, 0, tn_transpose(&ctx, &same, &tx, ok)); /* both differ, F first */
    REFUSED(TN_E_BATCH, 0, tn_transpose(&ctx, &four, &tx, ok));
    REFUSED(TN_E_LAYOUT, 0, tn_transpose(&ctx, &ty, &tx, NULL));
    REFUSED(TN_E_LAYOUT, 0, tn_transpose(&ctx, &other, &tx, NULL));
    REFUSED(TN_E_LAYOUT, 0, tn_transpose(&ctx, &doubled, &tx, NULL));
    REFUSED(TN_E_LAYOUT, 0, tn_transpose(&ctx, &flat, &tx, NULL));
    REFUSED(TN_E_ALIAS, 0, tn_transpose(&ctx, &own, &same, ok));
    const tn_tensor none = tn_view(NULL, 0, 2, 0, 4, 0, 0), nothing = tn_view(NULL, 0, 2, 4, 0, 0, 0);
    assert_int_equal(tn_transpose(&ctx, &nothing, &none, ok), TN_OK);
    const tn_tensor a = tn_view(NULL, 0, 2, 3, 4, 0, 0), b = tn_view(NULL, 0, 2, 4, 3, 0, 0);
    ctx.query = 1;
    assert_int_equal(tn_transpose(&ctx, &b, &a, ok), TN_OK);
    assert_int_equal(ctx.need, 0);
}

/* ---- views ---- */
#define SHAPE(t, names, r, a, b, c, d)                                               \
    do {                                                                             \
        const int32_t want_[4] = { a, b, c, d };                                     \
        assert_int_equal((t).rank, r);                                               \
        assert_int_equal((t).axes, names);                                           \
        for (int32_t i_ = 0; i_ < TN_MAX_RANK; i_++)                                 \
            assert_int_equal((t).dim[i_], i_ < (r) && i_ < 4 ? want_[i_] : 0);        \
    } while (0)

static void reshapes(void **state)
{
    float x[2 * 3 * 4 * 5] = { 0 };
    tn_tensor t = tn_cview(x, 0, 4, 2, 3, 4, 5), y;
    const int32_t two[] = { 6, 20 }, found[] = { -1, 5, 2 }, samples[] = { 2, -1 }, keeps[] = { -1, 60 },
        one[] = { 120 };
    (void)state;
    assert_int_equal(tn_reshape(NULL, &y, &t, 2, two), TN_OK);
    SHAPE(y, 0, 2, 6, 20, 0, 0);
    assert_ptr_equal(y.data, x);
    assert_int_equal(y.flags, TN_READONLY);
    assert_int_equal(tn_reshape(NULL, &y, &t, 3, found), TN_OK);
    SHAPE(y, 0, 3, 12, 5, 2, 0);
    t.axes = TN_NHWC;
    assert_int_equal(tn_reshape(NULL, &y, &t, 2, samples), TN_OK);
    SHAPE(y, TN_N, 2, 2, 60, 0, 0);
    assert_int_equal(tn_reshape(NULL, &y, &t, 2, keeps), TN_OK);
    SHAPE(y, TN_N, 2, 2, 60, 0, 0);
    t.axes = 0;
    t.dtype = TN_U8;
    assert_int_equal(tn_reshape(NULL, &t, &t, 1, one), TN_OK); /* y may be x */
    SHAPE(t, 0, 1, 120, 0, 0, 0);
    assert_int_equal(t.dtype, TN_U8);
    tn_tensor none = tn_view(NULL, TN_NHWC, 4, 0, 28, 28, 3), number = tn_view(x, 0, 0, 0, 0, 0, 0);
    const int32_t rest[] = { 0, -1 }, ones[] = { 1, -1, 1 };
    assert_int_equal(tn_reshape(NULL, &y, &none, 2, rest), TN_OK); /* an empty batch still has a width */
    SHAPE(y, TN_N, 2, 0, 2352, 0, 0);
    assert_int_equal(tn_reshape(NULL, &y, &number, 3, ones), TN_OK);
    SHAPE(y, 0, 3, 1, 1, 1, 0);
    assert_int_equal(tn_reshape(NULL, &y, &y, 0, NULL), TN_OK);
    SHAPE(y, 0, 0, 0, 0, 0, 0);
}

/* the view is refused, with the cause and its figures, and the struct is left alone */
#define NO_VIEW(code, why, a, b, call)                        \
    do {                                                      \
        tn_diag d_ = TN_ZERO;                                 \
        tn_tensor before_;                                    \
        ctx.diag = &d_;                                       \
        memset(&y, 0x5a, sizeof y);                           \
        before_ = y;                                          \
        assert_int_equal(call, code);                         \
        assert_int_equal(d_.status, code);                    \
        assert_int_equal(d_.cause, why);                      \
        assert_true(d_.number[0] == (a) && d_.number[1] == (b)); \
        ctx.diag = NULL; \
        assert_memory_equal(&y, &before_, sizeof y);          \
    } while (0)

static void reshape_refuses(void **state)
{
    tn_context ctx = TN_ZERO;
    tn_tensor y, unnamed = tn_view(NULL, 0, 2, 10, 3, 0, 0), images = tn_view(NULL, TN_NHWC, 4, 100, 32, 32, 1),
        e24 = tn_view(NULL, TN_NHWC, 4, 49, 32, 32, 1);
    const tn_tensor huge = tn_view(NULL, 0, 2, 65536, 65536, 0, 0);
    (void)state;
    const int32_t three_four[] = { 3, 4 }, both[] = { -1, -1 }, four[] = { 4, -1 }, zero[] = { 0, -1 },
        minus[] = { -2, 15 };
    NO_VIEW(TN_E_RESHAPE, 0, 30, 12, tn_reshape(&ctx, &y, &unnamed, 2, three_four));
    NO_VIEW(TN_E_RESHAPE, TN_CAUSE_RESHAPE_TWO_UNKNOWNS, 0, 1, tn_reshape(&ctx, &y, &unnamed, 2, both));
    NO_VIEW(TN_E_RESHAPE, TN_CAUSE_RESHAPE_NOT_DIVISIBLE, 30, 4, tn_reshape(&ctx, &y, &unnamed, 2, four));
    NO_VIEW(TN_E_RESHAPE, TN_CAUSE_RESHAPE_NOT_DIVISIBLE, 30, 0, tn_reshape(&ctx, &y, &unnamed, 2, zero));
    NO_VIEW(TN_E_ARG, 0, -2, 0, tn_reshape(&ctx, &y, &unnamed, 2, minus));
    NO_VIEW(TN_E_RANK, 0, 7, 0, tn_reshape(&ctx, &y, &unnamed, 7, three_four));
    NO_VIEW(TN_E_RANK, 0, -1, 0, tn_reshape(&ctx, &y, &unnamed, -1, three_four));
    NO_VIEW(TN_E_NULL, 0, 0, 0, tn_reshape(&ctx, &y, &unnamed, 2, NULL));
    NO_VIEW(TN_E_NULL, 0, 0, 0, tn_reshape(&ctx, &y, NULL, 2, three_four));
    NO_VIEW(TN_E_NULL, 0, 0, 0, tn_reshape(&ctx, NULL, &unnamed, 2, three_four));
    const int32_t small[] = { 100, 28, 28, 1 }, inferred[] = { -1, 28, 28, 1 }, more[] = { 64, 28, 28, 1 },
        odd[] = { -1, 7, 1, 1 };
    NO_VIEW(TN_E_RESHAPE, TN_CAUSE_RESIZE_INTENDED, 102400, 78400, tn_reshape(&ctx, &y, &images, 4, small));
    NO_VIEW(TN_E_RESHAPE, TN_CAUSE_RESHAPE_CHANGES_N, 49, 64, tn_reshape(&ctx, &y, &e24, 4, inferred));
    NO_VIEW(TN_E_RESHAPE, TN_CAUSE_RESHAPE_CHANGES_N, 49, 64, tn_reshape(&ctx, &y, &e24, 4, more));
    NO_VIEW(TN_E_RESHAPE, TN_CAUSE_RESHAPE_CHANGES_N, 49, 1, tn_reshape(&ctx, &y, &e24, 0, NULL));
    NO_VIEW(TN_E_RESHAPE, TN_CAUSE_RESHAPE_CHANGES_N, 49, 7168, tn_reshape(&ctx, &y, &e24, 4, odd));
    e24.axes = 0; /* without names nothing says that the first axis counts samples */
    assert_int_equal(tn_reshape(&ctx, &y, &e24, 4, inferred), TN_OK);
    SHAPE(y, 0, 4, 64, 28, 28, 1);
    const int32_t flat[] = { -1 }, wrap[] = { INT32_MAX, INT32_MAX, INT32_MAX };
    NO_VIEW(TN_E_OVERFLOW, 0, INT64_C(4294967296), 1, tn_reshape(&ctx, &y, &huge, 1, flat));
    NO_VIEW(TN_E_OVERFLOW, 0, 0, 0, tn_reshape(&ctx, &y, &unnamed, 3, wrap));
}

static void flattens(void **state)
{
    float x[24] = { 0 };
    tn_context ctx = TN_ZERO;
    tn_tensor t = tn_view(x, TN_NHWC, 4, 2, 3, 4, 1), y;
    (void)state;
    assert_int_equal(tn_flatten(NULL, &y, &t), TN_OK);
    SHAPE(y, TN_NF, 2, 2, 12, 0, 0);
    assert_ptr_equal(y.data, x);
    t.axes = 0;
    assert_int_equal(tn_flatten(NULL, &t, &t), TN_OK);
    SHAPE(t, 0, 2, 2, 12, 0, 0);
    t = tn_view(x, TN_N, 1, 24, 0, 0, 0);
    assert_int_equal(tn_flatten(NULL, &y, &t), TN_OK);
    SHAPE(y, TN_NF, 2, 24, 1, 0, 0);
    t = tn_view(NULL, TN_NHWC, 4, 0, 28, 28, 3);
    assert_int_equal(tn_flatten(NULL, &y, &t), TN_OK);
    SHAPE(y, TN_NF, 2, 0, 2352, 0, 0);
    const tn_tensor steps = tn_view(x, TN_TNF, 3, 2, 3, 4, 0), number = tn_view(x, 0, 0, 0, 0, 0, 0),
        wide = tn_view(x, 0, 3, 1, 65536, 65536, 0);
    tn_tensor strange = t, negative = tn_view(x, 0, 1, -5, 0, 0, 0);
    strange.dtype = 99;
    NO_VIEW(TN_E_LAYOUT, 0, 0, 0, tn_flatten(&ctx, &y, &steps));
    NO_VIEW(TN_E_RANK, 0, 0, 0, tn_flatten(&ctx, &y, &number));
    NO_VIEW(TN_E_OVERFLOW, 0, INT64_C(4294967296), 0, tn_flatten(&ctx, &y, &wide));
    NO_VIEW(TN_E_DTYPE, 0, 0, 0, tn_flatten(&ctx, &y, &strange));
    NO_VIEW(TN_E_ARG, 0, 0, 0, tn_flatten(&ctx, &y, &negative));
    NO_VIEW(TN_E_NULL, 0, 0, 0, tn_flatten(&ctx, &y, NULL));
    NO_VIEW(TN_E_NULL, 0, 0, 0, tn_flatten(&ctx, NULL, &t));
}

static void expands(void **state)
{
    float x[24] = { 0 };
    tn_context ctx = TN_ZERO;
    const tn_tensor t = tn_cview(x, TN_NTF, 3, 2, 3, 4, 0);
    tn_tensor y, full = t;
    (void)state;
    assert_int_equal(tn_expand(NULL, &y, &t, 3), TN_OK);
    SHAPE(y, TN_NTF, 4, 2, 3, 4, 1);
    assert_int_equal(tn_expand(NULL, &y, &t, -1), TN_OK);
    SHAPE(y, TN_NTF, 4, 2, 3, 4, 1);
    assert_int_equal(y.flags, TN_READONLY);
    assert_int_equal(tn_expand(NULL, &y, &t, 0), TN_OK);
    SHAPE(y, TNI_AX('N', 1) | TNI_AX('T', 2) | TNI_AX('F', 3), 4, 1, 2, 3, 4);
    assert_int_equal(tn_expand(NULL, &y, &t, -4), TN_OK);
    SHAPE(y, TNI_AX('N', 1) | TNI_AX('T', 2) | TNI_AX('F', 3), 4, 1, 2, 3, 4);
    y = t;
    assert_int_equal(tn_expand(NULL, &y, &y, 1), TN_OK);
    SHAPE(y, TNI_AX('N', 0) | TNI_AX('T', 2) | TNI_AX('F', 3), 4, 2, 1, 3, 4);
    assert_ptr_equal(y.data, x);
    full.rank = 6;
    full.dim[3] = full.dim[4] = full.dim[5] = 1;
    NO_VIEW(TN_E_RANK, 0, 7, 0, tn_expand(&ctx, &y, &full, 0));
    NO_VIEW(TN_E_ARG, 0, 4, 0, tn_expand(&ctx, &y, &t, 4));
    NO_VIEW(TN_E_ARG, 0, -5, 0, tn_expand(&ctx, &y, &t, -5));
    NO_VIEW(TN_E_NULL, 0, 0, 0, tn_expand(&ctx, &y, NULL, 0));
    NO_VIEW(TN_E_NULL, 0, 0, 0, tn_expand(&ctx, NULL, &t, 0));
    full.rank = 7;
    NO_VIEW(TN_E_RANK, 0, 7, 0, tn_expand(&ctx, &y, &full, 0));
}

static void rows(void **state)
{
    uint8_t x[10 * 6] = { 0 };
    tn_context ctx = TN_ZERO;
    const tn_tensor t = tn_as(tn_cview(x, TN_NF, 2, 10, 6, 0, 0), TN_U8), number = tn_view(x, 0, 0, 0, 0, 0, 0),
        hole = tn_view(NULL, 0, 2, 10, 6, 0, 0);
    tn_tensor y;
    (void)state;
    assert_int_equal(tn_rows(NULL, &y, &t, 3, 5), TN_OK);
    SHAPE(y, TN_NF, 2, 5, 6, 0, 0);
    assert_ptr_equal(y.data, x + 18);
    assert_int_equal(y.flags, TN_READONLY);
    assert_int_equal(tn_rows(NULL, &y, &y, 5, 0), TN_OK);
    SHAPE(y, TN_NF, 2, 0, 6, 0, 0);
    assert_int_equal(tn_rows(NULL, &y, &hole, 2, 3), TN_OK);
    assert_null(y.data);
    NO_VIEW(TN_E_SAMPLES, 0, 6, 5, tn_rows(&ctx, &y, &t, 6, 5));
    NO_VIEW(TN_E_SAMPLES, 0, 11, 0, tn_rows(&ctx, &y, &t, 11, 0));
    NO_VIEW(TN_E_SAMPLES, 0, 1, INT64_MAX, tn_rows(&ctx, &y, &t, 1, INT64_MAX));
    NO_VIEW(TN_E_ARG, 0, -1, 0, tn_rows(&ctx, &y, &t, -1, 2));
    NO_VIEW(TN_E_ARG, 0, -2, 0, tn_rows(&ctx, &y, &t, 1, -2));
    NO_VIEW(TN_E_RANK, 0, 0, 0, tn_rows(&ctx, &y, &number, 0, 1));
    NO_VIEW(TN_E_NULL, 0, 0, 0, tn_rows(&ctx, &y, NULL, 0, 1));
    NO_VIEW(TN_E_NULL, 0, 0, 0, tn_rows(&ctx, NULL, &t, 0, 1));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(matrices_of_every_size), cmocka_unit_test(any_permutation_of_any_rank),
            cmocka_unit_test(every_bit_is_moved),
        cmocka_unit_test(by_names), cmocka_unit_test(transpose_refuses), cmocka_unit_test(reshapes),
            cmocka_unit_test(reshape_refuses),
        cmocka_unit_test(flattens), cmocka_unit_test(expands), cmocka_unit_test(rows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
