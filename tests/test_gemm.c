/* tests/test_gemm.c - tn_gemm against double loops: transposes, scales, every form of the addend. */
#include "test.h"

typedef struct form { int32_t rank, rows, cols; } form; /* of c; 0 stands for y's length */
static const form forms[] = { { -1, 0, 0 }, { 1, 1, 0 }, { 2, 1, 0 }, { 2, 0, 1 }, { 1, 1, 1 }, { 0, 1, 1 },
                              { 2, 0, 0 } };

static void one(int N, int K, int O, int ta, int tb, float alpha, float beta, const form *f, int integers, int at_end)
{
    const int rows = f->rows ? f->rows : N, cols = f->cols ? f->cols : O;
    float *const a = fence_floats((size_t)N * (size_t)K, at_end),
        *const b = fence_floats((size_t)K * (size_t)O, at_end);
    float *const c = fence_floats((size_t)rows * (size_t)cols, at_end),
        *const y = fence_floats((size_t)N * (size_t)O, at_end);
    const tn_tensor tensor_a = tn_cview(a, 0, 2, ta ? K : N, ta ? N : K, 0, 0),
        tensor_b = tn_cview(b, 0, 2, tb ? O : K, tb ? K : O, 0, 0);
    const tn_tensor tensor_c = f->rank == 2 ? tn_cview(c, 0, 2, rows, cols, 0, 0)
                                            : tn_cview(c, 0, f->rank, cols, 0, 0, 0);
    const tn_tensor tensor_y = tn_view(y, 0, 2, N, O, 0, 0);
    tn_gemm_params p = TN_ZERO;
    int n, k, o;
    p.trans_a = ta; p.trans_b = tb; p.set = 1; p.alpha = alpha; p.beta = beta;
    if (integers) {
        fill_ints(a, (size_t)N * (size_t)K, -4, 4);
        fill_ints(b, (size_t)K * (size_t)O, -4, 4);
        fill_ints(c, (size_t)rows * (size_t)cols, -9, 9);
    } else {
        fill_floats(a, (size_t)N * (size_t)K, -1, 1);
        fill_floats(b, (size_t)K * (size_t)O, -1, 1);
        fill_floats(c, (size_t)rows * (size_t)cols, -9, 9);
    }
    FOR_EACH_ISA(isa) {
        assert_int_equal(tn_gemm(NULL, &tensor_y, &tensor_a, &tensor_b, f->rank < 0 ? NULL : &tensor_c, &p), TN_OK);
        for (n = 0; n < N; n++)
            for (o = 0; o < O; o++) {
                const double add = f->rank < 0 ? 0.0 : (double)c[(rows == 1 ? 0 : n) * cols + (cols == 1 ? 0 : o)];
                double sum = 0.0, size = 0.0, bound;
                for (k = 0; k < K; k++) {
                    const double t = (double)(ta ? a[k * N + n] : a[n * K + k]) *
                                     (double)(tb ? b[o * K + k] : b[k * O + o]);
                    sum += t; size += fabs(t);
                }
                bound = integers ? 0.0 : 0x1.01p-24 * ((K + 2) * fabs((double)alpha) * size + fabs((double)beta * add));
                sum = (double)alpha * sum + (double)beta * add;
                ASSERT_WITHIN(&y[n * O + o], &sum, &bound, 1);
            }
    }
    fence_clear();
}

static void gemm_all_forms(void **state)
{
    static const int sizes[] = { 1, 2, 7, 15, 16, 17, 33, 40 };
    int trial;
    (void)state;
    test_seed = 21;
    for (trial = 0; trial < 700; trial++)
        one(sizes[random_bits() % 8], sizes[random_bits() % 8], sizes[random_bits() % 8], trial & 1, trial >> 1 & 1,
            trial % 3 ? 1.0f : -2.0f, trial % 5 ? 1.0f : 0.5f, &forms[trial % 7], trial % 4 != 0, trial >> 2 & 1);
    one(70, 600, 50, 1, 1, 0.25f, -1.5f, &forms[6], 0, 1);
    one(58307, 4, 5, 0, 0, 1.0f, 0.0f, &forms[0], 1, 1); /* so many rows that all columns are one task */
    one(8003, 2, 67, 0, 1, 1.0f, 0.0f, &forms[0], 1, 1);
}

/* Rows and columns about a tile, products about a block that is packed on the stack; sums in y at once, or not. */
static void gemm_about_a_block(void **state)
{
    static const int N[] = { 4, 14, 15, 29 }, K[] = { 127, 128, 129, 255, 256, 257 }, O[] = { 32, 33, 64, 95 };
    size_t n, k, o;
    (void)state;
    test_seed = 23;
    for (n = 0; n < COUNT(N); n++)
        for (k = 0; k < COUNT(K); k++)
            for (o = 0; o < COUNT(O); o++)
                one(N[n], K[k], O[o], (int)(n + k) & 1, (int)(k + o) & 1, o & 1 ? -2.0f : 1.0f, 1.0f,
                    &forms[(n + k) % 2 * 6], 1, 1);
}

static void gemm_edges(void **state)
{
    float a[6] = { 1, 2, 3, 4, 5, 6 }, b[6] = { 1, 0, 0, 1, 1, 1 }, y[4] = { 10, 20, 30, 40 };
    const tn_tensor ta = tn_cview(a, 0, 2, 2, 3, 0, 0), tb = tn_cview(b, 0, 2, 3, 2, 0, 0),
        ty = tn_view(y, 0, 2, 2, 2, 0, 0);
    tn_tensor row = tn_cview(y, 0, 1, 2, 0, 0, 0), empty_a = tn_cview(NULL, 0, 2, 2, 0, 0, 0),
        empty_b = tn_cview(NULL, 0, 2, 0, 2, 0, 0);
    tn_tensor nan_c;
    float nans[1] = { NAN };
    tn_gemm_params p = TN_ZERO;
    static const float sum[4] = { 14, 25, 40, 51 }, zero[4] = { 0, 0, 0, 0 }, product[4] = { 4, 5, 10, 11 };
    (void)state;
    assert_int_equal(tn_gemm(NULL, &ty, &ta, &tb, &ty, NULL), TN_OK); /* y may be c: y += a b */
    ASSERT_SAME_BITS(y, sum, 4);
    assert_int_equal(tn_gemm(NULL, &ty, &ta, &tb, &row, NULL), TN_E_ALIAS); /* but not a part of it */
    ASSERT_SAME_BITS(y, sum, 4);
    assert_int_equal(tn_gemm(NULL, &ty, &empty_a, &empty_b, NULL, NULL), TN_OK); /* an empty sum is 0 */
    ASSERT_SAME_BITS(y, zero, 4);
    p.set = 1; p.alpha = 1.0f; /* beta 0: c is not read, as in BLAS */
    nan_c = tn_cview(nans, 0, 1, 1, 0, 0, 0);
    assert_int_equal(tn_gemm(NULL, &ty, &ta, &tb, &nan_c, &p), TN_OK);
    ASSERT_SAME_BITS(y, product, 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(gemm_all_forms), cmocka_unit_test(gemm_about_a_block),
                                        cmocka_unit_test(gemm_edges) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
