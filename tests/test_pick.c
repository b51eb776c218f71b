/* tests/test_pick.c - argmax, top_k and one_hot against plain loops. */
#include "test.h"

static int above(float a, float b) { return isnan(a) ? !isnan(b) : a > b; }

static void backwards(void *pool, int32_t tasks, tn_task run, void *arg)
{
    *(int32_t *)pool += tasks;
    while (tasks--) run(arg, tasks, 0);
}

static int64_t index_at(const tn_tensor *t, size_t i) { return t->dtype == TN_I32 ? ((const int32_t *)t->data)[i]
    : ((const int64_t *)t->data)[i]; }

/* Few values, so that there are equals. */
static void fill_picks(float *p, size_t n, int kind)
{
    if (kind == 0) fill_ints(p, n, -3, 3);
    if (kind == 1) fill_floats(p, n, -1, 1);
    if (kind == 2) fill_specials(p, n);
    if (kind == 3) for (size_t i = 0; i < n; i++) p[i] = -INFINITY;
}

static void argmax_of_rows(void **state)
{
    (void)state;
    for (size_t l = 0; l < COUNT(tails); l++)
        for (int kind = 0; kind < 4; kind++)
            for (int rows = 1; rows < 5; rows += 3) {
                const size_t K = (size_t)tails[l], N = (size_t)rows;
                float *const x = fence_floats(N * K, kind & 1);
                void *const y = fence_bytes(N * 8, kind & 1);
                const tn_tensor tx = tn_view(x, TN_NF, 2, rows, tails[l], 0, 0),
                    ty = tn_as(tn_view(y, TN_N, 1, rows, 0, 0, 0), kind & 2 ? TN_I64 : TN_I32);
                fill_picks(x, N * K, kind);
                FOR_EACH_ISA(isa) {
                    assert_int_equal(tn_argmax(NULL, &ty, &tx, -1), TN_OK);
                    for (size_t n = 0; n < N; n++) {
                        size_t best = 0;
                        for (size_t k = 1; k < K; k++) if (above(x[n * K + k], x[n * K + best])) best = k;
                        if (index_at(&ty, n) != (int64_t)best) fail_msg("row %zu of %zu: %d, must be %zu", n, K,
                            (int)index_at(&ty, n), best);
                    }
                }
                fence_clear();
            }
}

static void argmax_along_any_axis(void **state)
{
    static const int32_t dim[5] = { 3, 7, 70, 2, 5 };
    static float x[3 * 7 * 70 * 2 * 5];
    static int64_t y[COUNT(x)];
    (void)state;
    for (int kind = 0; kind < 4; kind++)
        for (int32_t axis = -5; axis < 5; axis++) {
            const int32_t a = axis < 0 ? axis + 5 : axis;
            tn_tensor tx = tn_view(x, 0, 0, 0, 0, 0, 0), ty = tn_as(tn_view(y, 0, 0, 0, 0, 0, 0), TN_I64);
            size_t outer = 1, inner = 1, K = (size_t)dim[a];
            tn_context ctx = TN_ZERO;
            int32_t tasks = 0;
            ctx.parallel_for = backwards;
            ctx.pool = &tasks;
            for (int32_t i = 0; i < 5; i++) {
                tx.dim[tx.rank++] = dim[i];
                if (i != a) ty.dim[ty.rank++] = dim[i];
                if (i < a) outer *= (size_t)dim[i];
                if (i > a) inner *= (size_t)dim[i];
            }
            fill_picks(x, COUNT(x), kind);
            assert_int_equal(tn_argmax(&ctx, &ty, &tx, axis), TN_OK);
            for (size_t o = 0; o < outer; o++)
                for (size_t i = 0; i < inner; i++) {
                    size_t best = 0;
                    for (size_t k = 1; k < K; k++) if (above(x[(o * K + k) * inner + i],
                        x[(o * K + best) * inner + i])) best = k;
                    assert_int_equal(y[o * inner + i], best);
                }
        }
}

static void top_k(void **state)
{
    (void)state;
    for (size_t l = 0; l < COUNT(tails); l++)
        for (int turn = 0; turn < 12; turn++) {
            const int32_t K = tails[l], k = turn < 3 ? K : random_int(1, K), N = random_int(1, 4);
            float *const x = fence_floats((size_t)(N * K), 1), *const values = fence_floats((size_t)(N * k), 1),
                want[100];
            void *const indices = fence_bytes((size_t)(N * k) * 8, 1);
            const tn_tensor tx = tn_view(x, 0, 2, N, K, 0, 0), tv = tn_view(values, 0, 2, N, k, 0, 0);
            const tn_tensor ti = tn_as(tn_view(indices, 0, 2, N, k, 0, 0), turn & 1 ? TN_I64 : TN_I32);
            int32_t order[100];
            fill_picks(x, (size_t)(N * K), turn % 4);
            for (int both = 1; both < 4; both++) {
                memset(values, 0x77, (size_t)(N * k) * 4);
                memset(indices, 0x77, (size_t)(N * k) * (turn & 1 ? 8 : 4));
                assert_int_equal(tn_top_k(NULL, both & 1 ? &tv : NULL, both & 2 ? &ti : NULL, &tx), TN_OK);
                for (int32_t n = 0; n < N; n++) {
                    const float *const row = x + n * K;
                    unsigned char used[100] = { 0 };
                    for (int32_t j = 0; j < k; j++) { /* the greatest of what is left, the first of equals */
                        int32_t best = -1;
                        for (int32_t i = 0; i < K; i++) if (!used[i] && (best < 0
                            || above(row[i], row[best]))) best = i;
                        used[best] = 1;
                        order[j] = best;
                        want[j] = row[best];
                    }
                    if (both & 1) ASSERT_SAME_BITS(values + n * k, want, k);
                    for (int32_t j = 0; both & 2 && j < k; j++) assert_int_equal(index_at(&ti, (size_t)(n * k + j)),
                        order[j]);
                }
            }
            fence_clear();
        }
}

static void top_k_over_many_tasks(void **state)
{
    enum { N = 500, K = 100 };
    static float x[N * K], once[N * 7], many[N * 7];
    const tn_tensor tx = tn_view(x, TN_NF, 2, N, K, 0, 0), a = tn_view(once, TN_NF, 2, N, 7, 0, 0),
        b = tn_view(many, TN_NF, 2, N, 7, 0, 0);
    tn_context ctx = TN_ZERO;
    int32_t tasks = 0;
    (void)state;
    ctx.parallel_for = backwards;
    ctx.pool = &tasks;
    fill_floats(x, N * K, -1, 1);
    assert_int_equal(tn_top_k(NULL, &a, NULL, &tx), TN_OK);
    assert_int_equal(tn_top_k(&ctx, &b, NULL, &tx), TN_OK);
    assert_true(tasks > 1);
    ASSERT_SAME_BITS(once, many, N * 7);
}

static void one_hot_of_every_type(void **state)
{
    (void)state;
    for (size_t l = 0; l < COUNT(tails); l++)
        for (int32_t type = 0; type < 4; type++)
            for (int column = 0; column < 2; column++) {
                static const int32_t dtypes[] = { TN_U8, TN_I32, TN_I64, TN_F32 };
                static const size_t size[] = { 1, 4, 8, 4 };
                const int32_t N = tails[l], K = random_int(2, 50);
                void *const labels = fence_bytes((size_t)N * size[type], column);
                float *const y = fence_floats((size_t)(N * K), column);
                const tn_tensor t = tn_as(tn_cview(labels, 0, 1 + column, N, 1, 0, 0), dtypes[type]),
                    ty = tn_view(y, 0, 2, N, K, 0, 0);
                int32_t label[100];
                for (int32_t n = 0; n < N; n++) {
                    label[n] = random_int(0, K - 1);
                    if (type == 0) ((uint8_t *)labels)[n] = (uint8_t)label[n];
                    if (type == 1) ((int32_t *)labels)[n] = label[n];
                    if (type == 2) ((int64_t *)labels)[n] = label[n];
                    if (type == 3) ((float *)labels)[n] = (float)label[n];
                }
                memset(y, 0x77, (size_t)(N * K) * 4);
                assert_int_equal(tn_one_hot(NULL, &ty, &t), TN_OK);
                for (int32_t i = 0; i < N * K; i++) assert_true(bits_of(y[i]) == bits_of(i % K == label[i / K] ? 1.0f
                    : 0.0f));
                fence_clear();
            }
}

static void one_hot_in_more_axes(void **state)
{
    static const int32_t labels[6] = { 0, 3, 1, 2, 2, 3 };
    float y[24], one = 0;
    const tn_tensor t = tn_as(tn_cview(labels, 0, 2, 2, 3, 0, 0), TN_I32), ty = tn_view(y, 0, 3, 2, 3, 4, 0);
    const tn_tensor number = tn_as(tn_cview(labels + 1, 0, 0, 0, 0, 0, 0), TN_I32), row = tn_view(y, 0, 1, 4, 0, 0, 0);
    const tn_tensor zero = tn_as(tn_cview(labels, 0, 2, 1, 1, 0, 0), TN_I32), single = tn_view(&one, 0, 2, 1, 1, 0, 0);
    (void)state;
    assert_int_equal(tn_one_hot(NULL, &ty, &t), TN_OK);
    for (int i = 0; i < 24; i++) assert_true(bits_of(y[i]) == bits_of(i % 4 == labels[i / 4] ? 1.0f : 0.0f));
    assert_int_equal(tn_one_hot(NULL, &row, &number), TN_OK);
    for (int i = 0; i < 4; i++) assert_true(bits_of(y[i]) == bits_of(i == 3 ? 1.0f : 0.0f));
    assert_int_equal(tn_one_hot(NULL, &single, &zero), TN_OK); /* one class: [N,1] is both forms */
    assert_true(bits_of(one) == bits_of(1.0f));
}

/* ---- refusals: code, argument, cause, nothing written ---- */
#define REFUSED(code, argument, why, call)                    \
    do {                                                      \
        memset(&diag, 0, sizeof diag);                        \
        ctx.diag = &diag;                                     \
        memset(y, 0x55, sizeof y);                            \
        memset(z, 0x55, sizeof z);                            \
        assert_int_equal(call, code);                         \
        assert_int_equal(diag.status, code);                  \
        assert_int_equal(diag.arg, argument);                 \
        assert_int_equal(diag.cause, why);                    \
        for (size_t i_ = 0; i_ < sizeof y; i_++)              \
            assert_int_equal(((unsigned char *)y)[i_] | ((unsigned char *)z)[i_], 0x55); \
    } while (0)

static tn_tensor read_only(tn_tensor t) { t.flags = TN_READONLY; return t; }

static void picks_refuse(void **state)
{
    float x[12] = { 0 };
    int64_t y[12] = { 0 }, z[12] = { 0 };
    tn_context ctx = TN_ZERO;
    tn_diag diag;
    const tn_tensor tx = tn_view(x, TN_NF, 2, 3, 4, 0, 0), ty = tn_as(tn_view(y, TN_N, 1, 3, 0, 0, 0), TN_I64),
        floats = tn_view(y, 0, 1, 3, 0, 0, 0);
    const tn_tensor four = tn_as(tn_view(y, 0, 1, 4, 0, 0, 0), TN_I64),
        same = tn_as(tn_view(y, 0, 2, 3, 4, 0, 0), TN_I64), number = tn_view(x, 0, 0, 0, 0, 0, 0);
    const tn_tensor over = tn_as(tn_view(x + 2, 0, 1, 3, 0, 0, 0), TN_I32), whole = tn_as(tx, TN_I32),
        none = tn_view(x, 0, 1, 0, 0, 0, 0);
    const tn_tensor nothing = tn_as(tn_view(y, 0, 0, 0, 0, 0, 0), TN_I64), fixed = read_only(ty);
    (void)state;
    REFUSED(TN_E_NULL, 0, 0, tn_argmax(&ctx, NULL, &tx, 1));
    REFUSED(TN_E_NULL, 1, 0, tn_argmax(&ctx, &ty, NULL, 1));
    REFUSED(TN_E_ARG, 2, 0, tn_argmax(&ctx, &ty, &tx, 2));
    REFUSED(TN_E_ARG, 2, 0, tn_argmax(&ctx, &ty, &tx, -3));
    REFUSED(TN_E_ARG, 2, 0, tn_argmax(&ctx, &ty, &number, 0));
    REFUSED(TN_E_ARG, 0, 0, tn_argmax(&ctx, &fixed, &tx, 1));
    REFUSED(TN_E_DTYPE, 0, 0, tn_argmax(&ctx, &floats, &tx, 1));
    REFUSED(TN_E_DTYPE, 1, 0, tn_argmax(&ctx, &ty, &whole, 1));
    assert_int_equal(tn_argmax(&ctx, &four, &tx, 1), TN_E_BATCH);
    assert_int_equal(tn_argmax(&ctx, &ty, &tx, 0), TN_E_FEATURES);
    assert_int_equal(tn_argmax(&ctx, &same, &tx, 1), TN_E_RANK);
    REFUSED(TN_E_ALIAS, 0, 0, tn_argmax(&ctx, &over, &tx, 1));
    REFUSED(TN_E_EMPTY, 1, 0, tn_argmax(&ctx, &nothing, &none, 0));
    const tn_tensor tv = tn_view(y, 0, 2, 3, 2, 0, 0), ti = tn_as(tn_view(z, 0, 2, 3, 2, 0, 0), TN_I64),
        three = tn_as(tn_view(z, 0, 2, 3, 3, 0, 0), TN_I64);
    const tn_tensor five = tn_view(y, 0, 2, 3, 5, 0, 0), two_rows = tn_view(y, 0, 2, 2, 2, 0, 0),
        flat = tn_view(y, 0, 1, 2, 0, 0, 0), own = tn_view(x, 0, 2, 3, 4, 0, 0);
    const tn_tensor shared = tn_as(tn_view(y, 0, 2, 3, 2, 0, 0), TN_I32), empty = tn_view(y, 0, 1, 0, 0, 0, 0);
    REFUSED(TN_E_NULL, 0, 0, tn_top_k(&ctx, NULL, NULL, &tx));
    REFUSED(TN_E_NULL, 2, 0, tn_top_k(&ctx, &tv, &ti, NULL));
    REFUSED(TN_E_ARG, 0, 0, tn_top_k(&ctx, &five, NULL, &tx));
    REFUSED(TN_E_ARG, 0, 0, tn_top_k(&ctx, &empty, NULL, &none));
    REFUSED(TN_E_RANK, 2, 0, tn_top_k(&ctx, &flat, NULL, &number));
    REFUSED(TN_E_DTYPE, 1, 0, tn_top_k(&ctx, NULL, &tv, &tx));
    REFUSED(TN_E_DTYPE, 0, 0, tn_top_k(&ctx, &ti, NULL, &tx));
    assert_int_equal(tn_top_k(&ctx, &tv, &three, &tx), TN_E_FEATURES);
    assert_int_equal(tn_top_k(&ctx, &two_rows, NULL, &tx), TN_E_BATCH);
    assert_int_equal(tn_top_k(&ctx, &flat, NULL, &tx), TN_E_RANK);
    REFUSED(TN_E_ALIAS, 0, 0, tn_top_k(&ctx, &own, NULL, &tx));
    REFUSED(TN_E_ALIAS, 0, 0, tn_top_k(&ctx, &tv, &shared, &tx));
}

static void one_hot_refuses(void **state)
{
    float x[4] = { 0, 1, 2, 1 };
    int32_t bad[5] = { 1, 2, 3, 1, 1 };
    int64_t y[12] = { 0 }, z[12] = { 0 };
    tn_context ctx = TN_ZERO;
    tn_diag diag;
    const tn_tensor ty = tn_view(y, 0, 2, 4, 3, 0, 0), t = tn_view(x, 0, 1, 4, 0, 0, 0),
        rows = tn_view(z, 0, 2, 4, 3, 0, 0), deep = tn_view(z, 0, 3, 1, 2, 2, 0);
    const tn_tensor three = tn_view(x, 0, 1, 3, 0, 0, 0), doubles = tn_as(tn_view(z, 0, 1, 4, 0, 0, 0), TN_F64),
        number = tn_view(y, 0, 0, 0, 0, 0, 0);
    const tn_tensor whole = tn_as(ty, TN_I32), within = tn_view(y, 0, 1, 4, 0, 0, 0),
        ints = tn_as(tn_view(bad, 0, 1, 4, 0, 0, 0), TN_I32), pair = tn_view(z, 0, 2, 4, 2, 0, 0);
    (void)state;
    REFUSED(TN_E_NULL, 0, 0, tn_one_hot(&ctx, NULL, &t));
    REFUSED(TN_E_NULL, 1, 0, tn_one_hot(&ctx, &ty, NULL));
    REFUSED(TN_E_DTYPE, 0, 0, tn_one_hot(&ctx, &whole, &t));
    REFUSED(TN_E_DTYPE, 1, 0, tn_one_hot(&ctx, &ty, &doubles));
    REFUSED(TN_E_RANK, 0, 0, tn_one_hot(&ctx, &number, &t));
    REFUSED(TN_E_LABEL_FORM, 1, TN_CAUSE_ONEHOT_TWICE, tn_one_hot(&ctx, &ty, &rows));
    assert_int_equal(tn_one_hot(&ctx, &ty, &deep), TN_E_LABEL_RANK);
    assert_int_equal(tn_one_hot(&ctx, &ty, &three), TN_E_SAMPLES);
    assert_int_equal(tn_one_hot(&ctx, &ty, &pair), TN_E_SAMPLES);
    REFUSED(TN_E_ALIAS, 0, 0, tn_one_hot(&ctx, &ty, &within));
    REFUSED(TN_E_LABEL_RANGE, 1, TN_CAUSE_LABEL_ONE_BASED, tn_one_hot(&ctx, &ty, &ints));
    bad[1] = -1;
    REFUSED(TN_E_LABEL_RANGE, 1, TN_CAUSE_LABEL_NEGATIVE, tn_one_hot(&ctx, &ty, &ints));
    assert_int_equal(diag.number[3], 2); /* -1 and 3 */
    bad[1] = 0;
    REFUSED(TN_E_LABEL_RANGE, 1, TN_CAUSE_LABEL_BEYOND_OUTPUT, tn_one_hot(&ctx, &ty, &ints));
    assert_int_equal(diag.number[0], 2);
    assert_int_equal(diag.number[1], 3);
    assert_int_equal(diag.number[2], 3);
    x[2] = 1.5f;
    REFUSED(TN_E_LABEL_FORM, 1, TN_CAUSE_LABELS_FRACTIONAL, tn_one_hot(&ctx, &ty, &t));
    assert_int_equal(diag.number[0], 2);
    x[2] = NAN;
    REFUSED(TN_E_LABEL_FORM, 1, TN_CAUSE_LABELS_WITH_NOTHING, tn_one_hot(&ctx, &ty, &t));
    x[2] = INFINITY;
    REFUSED(TN_E_LABEL_RANGE, 1, TN_CAUSE_LABEL_BEYOND_OUTPUT, tn_one_hot(&ctx, &ty, &t));
    x[2] = 3e38f;
    REFUSED(TN_E_LABEL_RANGE, 1, TN_CAUSE_LABEL_BEYOND_OUTPUT, tn_one_hot(&ctx, &ty, &t));
}

static void queries_and_empty_batches(void **state)
{
    const tn_tensor none = tn_view(NULL, 0, 2, 0, 4, 0, 0), no_index = tn_as(tn_view(NULL, 0, 1, 0, 0, 0, 0), TN_I32),
        no_values = tn_view(NULL, 0, 2, 0, 2, 0, 0);
    const tn_tensor hole = tn_view(NULL, 0, 2, 5, 4, 0, 0), index_hole = tn_as(tn_view(NULL, 0, 1, 5, 0, 0, 0), TN_I32),
        values = tn_view(NULL, 0, 2, 5, 2, 0, 0);
    tn_context ctx = TN_ZERO;
    (void)state;
    assert_int_equal(tn_argmax(NULL, &no_index, &none, 1), TN_OK);
    assert_int_equal(tn_top_k(NULL, &no_values, NULL, &none), TN_OK);
    assert_int_equal(tn_one_hot(NULL, &none, &no_index), TN_OK);
    ctx.query = 1;
    assert_int_equal(tn_argmax(&ctx, &index_hole, &hole, 1), TN_OK);
    assert_int_equal(tn_top_k(&ctx, &values, NULL, &hole), TN_OK);
    assert_int_equal(tn_one_hot(&ctx, &hole, &index_hole), TN_OK);
    assert_int_equal(ctx.need, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(argmax_of_rows), cmocka_unit_test(argmax_along_any_axis), cmocka_unit_test(top_k),
            cmocka_unit_test(top_k_over_many_tasks),
        cmocka_unit_test(one_hot_of_every_type), cmocka_unit_test(one_hot_in_more_axes), cmocka_unit_test(picks_refuse),
        cmocka_unit_test(one_hot_refuses), cmocka_unit_test(queries_and_empty_batches),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
