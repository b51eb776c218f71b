/* tests/hash.c - a hash of every result on every instruction set: lines of `name isa hash`, which hash.py compares over
 * builds. Each name comes once for each instruction set and alignment of the operands.
 *
 *     hash            all of them
 *     hash --reach    one line for each entry of the kernel table that nothing here runs; exit 1 if there is one */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define TNI_TEST_PASS "../tests/words_pass.h"
#define TENON_IMPLEMENTATION
#include "tenon.h"

#include "hash_operands.h"
#include "words.h"

/* ---- the jobs: n is the size, special what the operands hold, variant counts the job's own choices ---- */
static const size_t sizes[] = { 1, 15, 16, 17, 33, 1027 };
static const unsigned specials[] = { 0, 20, 3 }; /* none, some, many */

#define WORD_JOB(name, operands, words, meaning) \
    static void run_word_##name(size_t n, unsigned special, int32_t variant) \
    { \
        float y[16]; \
        for (n = n < 40 ? n : 40; n; n--) { \
            float *const a = operand(operands, special), *const b = operand(operands, special); \
            float *const c = operand(operands, special); \
            words_of(tn_isa())->name(y, a, b, c); \
            add_floats(y, 16); \
        } \
        (void)variant; \
    }
#define ACROSS_JOB(name) WORD_JOB(name, OF_FLOATS, , )
TEST_WORDS(WORD_JOB)
TEST_WORDS_ACROSS(ACROSS_JOB)

#define MATH_JOB(name) \
    static void run_math_##name(size_t n, unsigned special, int32_t variant) \
    { \
        float *const x = floats(n, special), *const y = floats(n, 0); \
        words_of(tn_isa())->name(y, x, n); \
        add_floats(y, n); \
        (void)variant; \
    }
TEST_MATH(MATH_JOB)

static void run_activation(size_t n, unsigned special, int32_t kind)
{
    const tn_activation_params p = { kind, 0.0f, 0.0f };
    const tn_tensor x = v1(floats(n, special), n), y = v1(floats(n, 0), n), dx = v1(floats(n, 0), n),
                    dy = v1(floats(n, special), n);
    MUST(tn_activation(&ctx, &y, &x, &p));
    add_floats((const float *)y.data, n);
    MUST(tn_activation_backward(&ctx, &dx, &dy, &x, &y, &p));
    add_floats((const float *)dx.data, n);
}

/* variant: over the last axis of [5,n], over the middle one of [2,n,5], with logarithm or not */
static void run_softmax(size_t n, unsigned special, int32_t variant)
{
    float *const p = floats(10 * n, special ? special * 4 : 0), *const q = floats(10 * n, 0),
                 *const r = floats(10 * n, special);
    const tn_tensor x = variant & 1 ? v3(p, 2, n, 5) : v2(p, 10, n), y = variant & 1 ? v3(q, 2, n, 5) : v2(q, 10, n);
    const tn_tensor d = variant & 1 ? v3(r, 2, n, 5) : v2(r, 10, n);
    const int32_t axis = variant & 1 ? 1 : -1;
    if (variant & 2) {
        MUST(tn_log_softmax(&ctx, &y, &x, axis));
        MUST(tn_log_softmax_backward(&ctx, &d, &d, &y, axis));
    } else {
        MUST(tn_softmax(&ctx, &y, &x, axis));
        MUST(tn_softmax_backward(&ctx, &d, &d, &y, axis));
    }
    add_floats(q, 10 * n);
    add_floats(r, 10 * n);
}

/* variant: kind, what x holds, reduction */
enum { LOSSES = 6 * 3 * 3 };
static void run_loss(size_t n, unsigned special, int32_t variant)
{
    const int32_t kind = variant % 6, from = variant / 6 % 3, reduction = variant / 18;
    const size_t K = n > 100 ? 33 : n, N = n > 100 ? 130 : 7;
    const int sparse = kind == TN_SPARSE_CATEGORICAL_CROSSENTROPY,
              classes = sparse || kind == TN_CATEGORICAL_CROSSENTROPY;
    const size_t positions = classes ? N : N * K;
    float *const p = floats(N * K, special), *const q = floats(N * K, 0), *const g = floats(N * K, 0),
                 *const l = floats(N * K, 0);
    const tn_tensor x = v2(p, N, K), dx = v2(g, N, K);
    tn_tensor target = v2(q, N, K), loss = classes ? v1(l, N) : v2(l, N, K), weight, each;
    tn_loss_params o;
    size_t i;
    if (kind == TN_BINARY_CROSSENTROPY && from == TN_LOG_PROBABILITIES) return;
    for (i = 0; i < N * K; i++) q[i] = sparse ? (float)(bits() % K) : (float)(bits() >> 8) * 0x1p-24f;
    for (i = 0; i < N * K && from == TN_PROBABILITIES; i++) p[i] = fabsf(p[i]) / 32.0f;
    for (i = 0; i < N * K && from == TN_LOG_PROBABILITIES; i++) p[i] = -fabsf(p[i]);
    if (sparse) target = v1(q, N);
    if (reduction != TN_NONE) loss = v0(l);
    memset(&o, 0, sizeof o);
    o.from = classes || kind == TN_BINARY_CROSSENTROPY ? from : 0;
    o.reduction = reduction;
    if (classes || kind == TN_BINARY_CROSSENTROPY) o.label_smoothing = variant % 4 == 3 ? 0.1f : 0.0f;
    if (kind == TN_HUBER) o.delta = 0.7f;
    weight = v1(floats(K, 0), K);
    each = v1(floats(N, 0), N);
    if (classes && variant % 2) o.class_weight = &weight;
    if (from == 1) o.sample_weight = &each;
    MUST(tn_loss(&ctx, kind, &loss, &dx, &x, &target, &o));
    add_floats(l, reduction == TN_NONE ? positions : 1);
    add_floats(g, N * K);
}

enum { OPTIMIZERS = 2 * 10 };
static void run_optimizer(size_t n, unsigned special, int32_t variant)
{
    tn_optimizer o;
    float *const p = floats(n, special), *const s = floats(3 * n, 0), *const d = floats(n, special);
    const tn_tensor w = v1(p, n), g = v1(d, n);
    tn_tensor state;
    int64_t step;
    switch (variant / 2) {
    case 0: o = tn_sgd(0.1f, 0.0f); break;
    case 1: o = tn_sgd(0.1f, 0.9f); break;
    case 2: o = tn_sgd(0.1f, 0.9f); o.nesterov = 1; o.decay = 0.01f; break;
    case 3: o = tn_adam(0.01f); break;
    case 4: o = tn_adam(0.01f); o.amsgrad = 1; break;
    case 5: o = tn_adamw(0.01f, 0.02f); break;
    case 6: o = tn_rmsprop(0.01f); break;
    case 7: o = tn_rmsprop(0.01f); o.momentum = 0.9f; break;
    case 8: o = tn_rmsprop(0.01f); o.centered = 1; break;
    default: o = tn_rmsprop(0.01f); o.centered = 1; o.momentum = 0.8f; o.decay = 0.1f; break;
    }
    o.form = variant % 2 ? TN_AS_PYTORCH : TN_AS_KERAS;
    memset(s, 0, 3 * n * sizeof *s);
    state = v1(s, n * (size_t)tn_optimizer_slots(&o));
    for (step = 1; step <= 3; step++)
        MUST(tn_optimizer_step(&ctx, &w, tn_optimizer_slots(&o) ? &state : NULL, &g, &o, step));
    add_floats(p, n);
    add_floats(s, n * (size_t)tn_optimizer_slots(&o));
}

/* Rows, inner and output lengths around n. n = 1027 stands for more rows than a block of sums has on AVX2 and AVX-512,
 * or for more inner values than a packed block. */
static size_t rows_of(size_t n, int32_t variant) { return n < 1000 ? n : variant & 1 ? 9 : 131; }
static size_t inner_of(size_t n, int32_t variant) { return n < 1000 ? 1 + n * 7 % 40 : variant & 1 ? 270 : 20; }
static size_t outer_of(size_t n, int32_t variant) { return n > 1000 ? 35 : variant & 1 ? n : 1 + n * 5 % 36; }

/* variant: weights as IO or OI, packed or not (the same name: the bits are the same), the activation */
static void run_dense(size_t n, unsigned special, int32_t variant)
{
    const size_t N = rows_of(n, variant), I = inner_of(n, variant), O = outer_of(n, variant);
    float *const px = floats(N * I, special * 8), *const pw = floats(I * O, special * 40),
                 *const pb = floats(O, special), *const py = floats(N * O, 0);
    float *const memory = pool + used + 8; /* behind the operands, not counted: no name takes it all */
    const tn_tensor x = v2(px, N, I), w = v2(pw, I, O), b = v1(pb, O), y = v2(py, N, O);
    tn_tensor packed;
    tn_dense_params p;
    memset(&p, 0, sizeof p);
    p.activation = variant / 2 % 2 ? TN_TANH : TN_RELU;
    MUST(tn_dense(&ctx, &y, &x, &w, &b, &p));
    add_floats(py, N * O);
    MUST(tn_dense_pack(&ctx, &packed, memory, sizeof(float) * (COUNT(pool) - used - 8), &w, &x, &p));
    MUST(tn_dense(&ctx, &y, &x, &packed, &b, &p));
    add_floats(py, N * O);
}

static void run_dense_backward(size_t n, unsigned special, int32_t variant)
{
    const size_t N = rows_of(n, variant), I = inner_of(n, variant), O = outer_of(n, variant);
    float *const px = floats(N * I, special * 8), *const pw = floats(I * O, special * 40),
                 *const pd = floats(N * O, special * 8);
    float *const gx = floats(N * I, 0), *const gw = floats(I * O, 0), *const gb = floats(O, 0);
    const tn_tensor x = v2(px, N, I), d = v2(pd, N, O), dx = v2(gx, N, I), db = v1(gb, O);
    tn_tensor w = v2(pw, I, O), dw = v2(gw, I, O);
    tn_dense_params p;
    memset(&p, 0, sizeof p);
    p.flags = variant & 2 ? TN_ACCUMULATE : 0;
    if (variant & 2) {
        w = tn_view(pw, TN_OI, 2, (int64_t)O, (int64_t)I, 0, 0);
        dw = tn_view(gw, TN_OI, 2, (int64_t)O, (int64_t)I, 0, 0);
    }
    MUST(tn_dense_backward(&ctx, &dx, &dw, &db, &d, &x, &w, &p));
    add_floats(gx, N * I);
    add_floats(gw, I * O);
    add_floats(gb, O);
}

/* variant: transposes, alpha and beta, form of c */
static void run_gemm(size_t n, unsigned special, int32_t variant)
{
    const size_t N = rows_of(n, variant), K = inner_of(n, variant), O = outer_of(n, variant);
    float *const pa = floats(N * K, special * 8), *const pb = floats(K * O, special * 40),
                 *const pc = floats(N * O, special), *const py = floats(N * O, 0);
    const tn_tensor a = variant & 1 ? v2(pa, K, N) : v2(pa, N, K), b = variant & 2 ? v2(pb, O, K) : v2(pb, K, O),
                    y = v2(py, N, O);
    const tn_tensor c = variant / 4 == 0 ? v2(pc, N, O) : variant / 4 == 1 ? v1(pc, O) : v2(pc, N, 1);
    tn_gemm_params p;
    memset(&p, 0, sizeof p);
    p.trans_a = variant & 1;
    p.trans_b = variant >> 1 & 1;
    p.set = variant / 4 == 1;
    p.alpha = 0.7f;
    p.beta = -1.3f;
    MUST(tn_gemm(&ctx, &y, &a, &b, variant / 4 == 3 ? NULL : &c, &p));
    add_floats(py, N * O);
}

static void run_random(size_t n, unsigned special, int32_t variant)
{
    const tn_random r = { 42u + special, 7u, variant, 3, 11 };
    float *const p = floats(n, 0), *const q = floats(n, special);
    const tn_tensor y = v1(p, n), x = v1(q, n);
    size_t i;
    switch (variant) {
    case 0: MUST(tn_random_uniform(&ctx, &y, &r, -3.0f, 0.1f)); break;
    case 1: MUST(tn_random_normal(&ctx, &y, &r, 0.5f, 2.0f)); break;
    case 2: MUST(tn_dropout(&ctx, &y, &x, &r, 0.3f)); break;
    default: for (i = 0; i < n; i++) p[i] = (float)tn_random_order(&r, (int64_t)n, (int64_t)i); break;
    }
    add_floats(p, n);
}

static void run_initialize(size_t n, unsigned special, int32_t kind)
{
    const tn_random r = { 1u + special, 0u, 0, 0, 0 };
    const size_t I = n > 1000 ? 33 : n, O = 12;
    float *const p = floats(I * O, 0);
    const tn_tensor w = kind == TN_LSTM_BIAS ? v1(p, O) : v2(p, I, O);
    MUST(tn_initialize(&ctx, &w, &r, kind));
    add_floats(p, kind == TN_LSTM_BIAS ? O : I * O);
}

/* variant: scaled or not, from and to dtype */
static void run_convert(size_t n, unsigned special, int32_t variant)
{
    static const size_t size[] = { 4, 8, 1, 1, 4, 8 };
    const int32_t from = variant / 6 % 6, to = variant % 6, scaled = variant >= 36 && to <= TN_F64;
    const tn_convert_params p = { scaled ? 1.0f / 255.0f : 0.0f, scaled ? -0.5f : 0.0f };
    float *const f = floats(n, special), *const px = pool + used + 2 * (shift % 8), *const py = px + 2 * n + 32;
    const tn_tensor first = v1(f, n), x = tn_as(v1(px, n), from), y = tn_as(v1(py, n), to);
    MUST(tn_convert(&ctx, &x, &first, NULL));
    MUST(tn_convert(&ctx, &y, &x, &p));
    if (to == TN_F32) add_floats(py, n);
    else if (to == TN_F64) { /* NaN as ever */
        double d;
        size_t i;
        for (i = 0; i < n; i++) {
            memcpy(&d, (const char *)py + 8 * i, sizeof d);
            if (d != d) add_word(1);
            else add_bytes(&d, sizeof d);
        }
    } else add_bytes(py, n * size[to]);
}

static void run_transpose(size_t n, unsigned special, int32_t variant)
{
    static const int32_t order[3][3] = { { 1, 0, 2 }, { 2, 1, 0 }, { 0, 2, 1 } };
    const size_t dim[3] = { n > 1000 ? 41u : n, 6u, n > 1000 ? 33u : 5u }, all = dim[0] * dim[1] * dim[2];
    const int32_t *const perm = order[variant];
    float *const p = floats(all, special), *const q = floats(all, 0);
    const tn_tensor x = v3(p, dim[0], dim[1], dim[2]), y = v3(q, dim[perm[0]], dim[perm[1]], dim[perm[2]]);
    MUST(tn_transpose(&ctx, &y, &x, perm));
    add_floats(q, all);
}

static void run_pick(size_t n, unsigned special, int32_t variant)
{
    const size_t N = 6, k = n < 3 ? n : 3;
    float *const p = floats(N * n, special), *const v = floats(N * n, 0), *const q = floats(N * n, 0);
    const tn_tensor x = v2(p, N, n);
    size_t i;
    if (variant == 0) {
        const tn_tensor y = tn_as(v1(q, N), TN_I32);
        MUST(tn_argmax(&ctx, &y, &x, -1));
        add_bytes(q, N * 4);
    } else if (variant == 1) {
        const tn_tensor y = tn_as(v1(q, n), TN_I32);
        MUST(tn_argmax(&ctx, &y, &x, 0));
        add_bytes(q, n * 4);
    } else if (variant == 2) {
        const tn_tensor values = v2(v, N, k), y = tn_as(v2(q, N, k), TN_I32);
        MUST(tn_top_k(&ctx, &values, &y, &x));
        add_floats(v, N * k);
        add_bytes(q, N * k * 4);
    } else {
        const tn_tensor labels = v1(p, N), y = v2(q, N, n);
        for (i = 0; i < N; i++) p[i] = (float)(bits() % (uint32_t)n);
        MUST(tn_one_hot(&ctx, &y, &labels));
        add_floats(q, N * n);
    }
}

#include "hash_conv2d.h"
#include "hash_pool.h"
#include "hash_lstm.h"
#include "hash_norm.h"
#include "hash_transform.h"

typedef struct job {
    const char *name;
    void (*run)(size_t n, unsigned special, int32_t variant);
    int32_t variants;
} job;
#define WORD_ENTRY(name, operands, words, meaning) { "word-" #name, run_word_##name, 1 },
#define ACROSS_ENTRY(name) WORD_ENTRY(name, , , )
#define MATH_ENTRY(name) { "math-" #name, run_math_##name, 1 },
static const job jobs[] = {
    TEST_WORDS(WORD_ENTRY) TEST_WORDS_ACROSS(ACROSS_ENTRY) TEST_MATH(MATH_ENTRY)
    { "activation", run_activation, TN_SOFTMAX }, { "softmax", run_softmax, 4 }, { "loss", run_loss, LOSSES },
    { "optimizer", run_optimizer, OPTIMIZERS }, { "dense", run_dense, 4 }, { "dense-backward", run_dense_backward, 4 },
    { "gemm", run_gemm, 16 }, { "random", run_random, 4 }, { "initialize", run_initialize, TN_LSTM_BIAS + 1 },
    { "convert", run_convert, 72 }, { "transpose", run_transpose, 3 }, { "pick", run_pick, 4 },
    CONV2D_JOBS POOL_JOBS LSTM_JOBS NORM_JOBS TRANSFORM_JOBS
};

static void run_jobs(void)
{
    char name[80];
    size_t j, s, k;
    int32_t v;
    for (j = 0; j < COUNT(jobs); j++)
        for (v = 0; v < jobs[j].variants; v++)
            for (s = 0; s < COUNT(sizes); s++)
                for (k = 0; k < COUNT(specials); k++) {
                    snprintf(name, sizeof name, "%s.%d.%zu.%u", jobs[j].name, (int)v, sizes[s], specials[k]);
                    begin(name);
                    jobs[j].run(sizes[s], specials[k], v);
                    say(name);
                }
}

/* ---- --reach: each kernel in turn is replaced by one that ends the process; a run that survives never called it */
enum { REACHED = 77 };
#pragma GCC diagnostic ignored "-Wunused-parameter"
#define TRAP(name, ret, args) static ret trap_##name args { _exit(REACHED); }
#define SET_TRAP(name, ret, args) static void set_##name(tni_table *t) { t->name = trap_##name; }
#define TRAP_ENTRY(name, ret, args) { #name, set_##name },
TNI_KERNELS(TRAP)
TNI_KERNELS(SET_TRAP)
static const struct { const char *name; void (*set)(tni_table *t); } traps[] = { TNI_KERNELS(TRAP_ENTRY) };

static int reach(void)
{
    int missed = 0, status;
    size_t i;
    quiet = 1;
    for (i = 0; i < COUNT(traps); i++) {
        const pid_t child = fork();
        if (child == 0) {
            tni_table table = *tni_active();
            traps[i].set(&table);
            TNI_PUT(tni_chosen, &table);
            run_jobs();
            _exit(0);
        }
        if (child < 0 || waitpid(child, &status, 0) != child) return 2;
        if (WIFEXITED(status) && WEXITSTATUS(status) == REACHED) continue;
        printf("nothing here runs the kernel %s\n", traps[i].name);
        missed = 1;
    }
    return missed;
}

int main(int argc, char **argv)
{
    int32_t isa;
    memset(&ctx, 0, sizeof ctx);
    ctx.workspace = workspace;
    ctx.workspace_size = sizeof workspace;
    ctx.diag = &diag;
    if (argc > 1 && strcmp(argv[1], "--reach") == 0) return reach();
    for (isa = TN_ISA_SCALAR; isa <= TN_ISA_NEON; isa++)
        if (tn_isa_use(isa) == TN_OK)
            for (shift = 0; shift < 4; shift += 3) run_jobs();
    return 0;
}
