/* impl/gemm.h - one matrix product as the kernels see it. */

#define TNI_PACK_FLOATS 4096  /* a panel's block of k, packed on the stack: 16 KB */
#define TNI_BLOCK_FLOATS 2048 /* a block of sums, on the stack: 8 KB */
#define TNI_NEAR_FLOATS 131072 /* what a task goes over again and again, in the second-level cache: 512 KB */
#define TNI_SUMS_FLOATS 16384 /* sums that wait in y between passes, near enough: 64 KB */
#define TNI_WIDEST 32  /* a multiple of every instruction set's panel */
#define TNI_COLUMNS 64 /* two of them: columns are cut between tasks here */

/* y[n,o] = f(alpha sum + beta c[n,o] + residual[n,o]); sum: bias[o], then a[n,k] b[k,o] by k ascending */
typedef struct tni_gemm {
    size_t N, K, O;
    const float *a; /* (n,k) at a[n a_row + k a_step] */
    size_t a_row, a_step;
    const float *b; /* (k,o) at b[k b_row + o b_col] */
    size_t b_row, b_col;
    const float *packed; /* instead of b: panels as gemm_pack writes them */
    size_t ahead;        /* columns from a task to the one that its worker is likely to take next */
    const float *bias;   /* NULL: +0 */
    const float *c;      /* (n,o) at c[n c_row + o c_col], c_col 0 or 1; NULL: nothing is added */
    size_t c_row, c_col;
    const float *residual; /* as y, which it may be; NULL: none */
    float *y; /* (n,o) at y[n y_row + o]; may be c */
    size_t y_row;
    float alpha, beta, activation_alpha, activation_beta;
    int32_t activation;
} tni_gemm;

/* Up to fourteen rows of a matrix, seven to a base, because base + {0, 1, 2} s, s3, s4, s5 and 2 s3 are single x86
 * addresses. Without TNI_OPAQUE the compilers rebuild the multiples in their own way: with plain x[r * s + k] clang 19
 * spills accumulators (convolution 28x28x128: 145 GFLOP/s instead of 182), and gcc keeps 28 addresses of y on the
 * stack. Integers, since a base may lie behind the array where there are fewer rows. */
typedef struct tni_ladder {
    uintptr_t first, eighth;
    size_t s, s3, s4, s5;
} tni_ladder;
#define TNI_ROW(m, r) \
    ((float *)(((r) < 7 ? (m).first : (m).eighth) + \
               ((r) % 7 == 0 ? 0 : (r) % 7 == 1 ? (m).s : (r) % 7 == 2 ? 2 * (m).s : (r) % 7 == 3 ? (m).s3 \
                : (r) % 7 == 4 ? (m).s4 : (r) % 7 == 5 ? (m).s5 : 2 * (m).s3)))

static TNI_INLINE TNI_UNUSED tni_ladder tni_ladder_of(const float *first, size_t floats)
{
    tni_ladder m;
    m.first = (uintptr_t)first;
    m.s = floats * sizeof *first;
    m.s3 = 3 * m.s;
    m.s4 = 4 * m.s;
    m.s5 = 5 * m.s;
    m.eighth = m.first + 7 * m.s;
    TNI_OPAQUE(m.s); TNI_OPAQUE(m.s3); TNI_OPAQUE(m.s4); TNI_OPAQUE(m.s5); TNI_OPAQUE(m.eighth);
    return m;
}
