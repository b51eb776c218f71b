/* impl/gemm.h - one matrix product as the kernels see it. */

#define TNI_PACK_FLOATS 4096  /* a panel's block of k, packed on the stack: 16 KB */
#define TNI_BLOCK_FLOATS 2048 /* a block of sums, on the stack: 8 KB */
#define TNI_NEAR_FLOATS 131072 /* what a task goes over again and again, in the second-level cache: 512 KB */
#define TNI_COLUMNS 32        /* a multiple of every instruction set's panel: columns are cut between tasks here */

/* y[n,o] = f(alpha sum + beta c[n,o] + residual[n,o]); sum: bias[o], then a[n,k] b[k,o] by k ascending */
typedef struct tni_gemm {
    size_t N, K, O;
    const float *a; /* (n,k) at a[n a_row + k a_step] */
    size_t a_row, a_step;
    const float *b; /* (k,o) at b[k b_row + o b_col] */
    size_t b_row, b_col;
    const float *packed; /* instead of b: panels as gemm_pack writes them */
    const float *bias;   /* NULL: +0 */
    const float *c;      /* (n,o) at c[n c_row + o c_col], c_col 0 or 1; NULL: nothing is added */
    size_t c_row, c_col;
    const float *residual; /* as y, which it may be; NULL: none */
    float *y; /* (n,o) at y[n y_row + o]; may be c */
    size_t y_row;
    float alpha, beta, activation_alpha, activation_beta;
    int32_t activation;
} tni_gemm;
