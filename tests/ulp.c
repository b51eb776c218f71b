/* tests/ulp.c - how far the functions of vec/math.h are from the truth, and that all instruction sets agree.
 *
 *     ulp [--all] [name...]    every 4099th bit pattern and the specials; --all: every float (minutes a function)
 *
 * The best instruction set is held against double libm, the others against it bit for bit. One line a function: largest
 * error in ULP and where, its bound, a hash of the outputs, which all machines and compilers must share (checked in
 * sampled runs), ns an element in cache. Fails where a bound is passed, a NaN, a zero's sign or a hash is wrong, or two
 * instruction sets differ. Not for builds with TENON_NO_EXACT_FMA, which promise less. SLEEF's erf passes its
 * promised 1.0 ULP at the edge of the denormals. */
#ifndef TENON_STATIC
#define TENON_STATIC
#endif
#define TNI_TEST_PASS "../tests/words_pass.h"
#include "tenon.h"
#include "words.h"
#include <float.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

enum { CHUNK = 4096, STEP = 4099 };
typedef void (*map_fn)(float *y, const float *x, size_t n);

/* name, bound in ULP: own and SLEEF's, range held against the oracle, range timed, hash of a sampled run */
#define FUNCTIONS(F)                                                                        \
    F(exp, 1.5, 1.0, -HUGE_VAL, HUGE_VAL, -20.0f, 20.0f, UINT64_C(0xf7fe39fafb029df6))      \
    F(exp_neg, 1.5, 1.5, -HUGE_VAL, 0.0, -80.0f, 0.0f, UINT64_C(0xb2e5308f8d53bcba))        \
    F(expm1, 2.0, 1.0, -HUGE_VAL, HUGE_VAL, -20.0f, 20.0f, UINT64_C(0xd9a635f1f49e2dce))    \
    F(log, 2.0, 1.0, -HUGE_VAL, HUGE_VAL, 0.01f, 100.0f, UINT64_C(0x1d0dffe829a467a7))      \
    F(log1p, 2.0, 1.0, -HUGE_VAL, HUGE_VAL, -0.9f, 100.0f, UINT64_C(0x7c9ef233b21c8139))    \
    F(tanh, 1.5, 1.0,  -HUGE_VAL, HUGE_VAL, -5.0f, 5.0f, UINT64_C(0x35c1e2e052d0fae1))      \
    F(sigmoid, 2.0, 2.0, -HUGE_VAL, HUGE_VAL, -10.0f, 10.0f, UINT64_C(0xcd53b0bc0bccd669))  \
    F(softplus, 2.0, 2.0, -HUGE_VAL, HUGE_VAL, -10.0f, 10.0f, UINT64_C(0x787c194238fc7b1f)) \
    F(erf, 2.0, 1.0, -HUGE_VAL, HUGE_VAL, -3.0f, 3.0f, UINT64_C(0x590683997dd10c73))

static double oracle_exp(double x) { return exp(x); }
static double oracle_exp_neg(double x) { return x < (double)-87.33f ? 0.0 : exp(x); } /* its documented flush */
static double oracle_expm1(double x) { return expm1(x); }
static double oracle_log(double x) { return log(x); }
static double oracle_log1p(double x) { return log1p(x); }
static double oracle_tanh(double x) { return tanh(x); }
static double oracle_sigmoid(double x) { return 1.0 / (1.0 + exp(-x)); }
static double oracle_softplus(double x) { return x > 0.0 ? x + log1p(exp(-x)) : log1p(exp(x)); }
static double oracle_erf(double x) { return erf(x); }

typedef struct function {
    const char *name;
    double bound, sleef_bound, low, high, (*oracle)(double);
    float time_low, time_high;
    uint64_t hash;
    map_fn run[TNI_ISAS];
} function;

static uint32_t pattern(float x) { uint32_t u; memcpy(&u, &x, sizeof u); return u; }
static float from_pattern(uint32_t u) { float x; memcpy(&x, &u, sizeof x); return x; }
static int same(float a, float b) { return pattern(a) == pattern(b) || (isnan(a) && isnan(b)); }

/* In units of a float's last place at the truth; infinity counts as 2^128, what is wrong in kind is infinitely far. */
static double ulps(float y, double truth)
{
    const double top = ldexp(1.0, 128);
    const double t = truth > top ? top : truth < -top ? -top : truth;
    const double v = y > FLT_MAX ? top : y < -FLT_MAX ? -top : (double)y;
    int e = 0;
    if (isnan(truth) || isnan(y)) return isnan(truth) && isnan(y) ? 0.0 : HUGE_VAL;
    if (truth == 0.0) return y == 0.0f && !signbit(y) == !signbit(truth) ? 0.0 : HUGE_VAL;
    frexp(t, &e);
    e = e < -125 ? -125 : e > 128 ? 128 : e;
    return fabs(v - t) * ldexp(1.0, 24 - e);
}

/* The next inputs at and after *at; 0 at the end. First of all the neighbours of powers of two and specials. */
static size_t fill(float *x, uint64_t *at, uint64_t step)
{
    size_t n = 0;
    if (*at == 0)
        for (; n < CHUNK - 6; n += 6) { /* powers of two from 2^-149, 0, infinity, NaN; either sign */
            const uint32_t i = (uint32_t)(n / 6), sign = i & 1 ? 0x80000000u : 0, e = i / 2;
            const uint32_t u = e < 23 ? 1u << e : e < 279 ? (e - 23) << 23 : 0x7fc00000u + e;
            uint32_t j;
            for (j = 0; j < 6; j++) x[n + j] = from_pattern(sign | ((j < 3 ? u + j : u - (j - 2)) & 0x7fffffffu));
        }
    for (; n < CHUNK && *at >> 32 == 0; *at += step) x[n++] = from_pattern((uint32_t)*at);
    return n;
}

static double nanoseconds(const function *f, int isa, float *y, float *x)
{
    enum { RUNS = 50 };
    double best = HUGE_VAL;
    int i, j;
    for (i = 0; i < CHUNK; i++) x[i] = f->time_low + (f->time_high - f->time_low) * (float)i / (float)CHUNK;
    for (i = 0; i < 5; i++) {
        const clock_t start = clock();
        double ns;
        for (j = 0; j < RUNS; j++) f->run[isa](y, x, CHUNK);
        ns = (double)(clock() - start) * (1e9 / (double)CLOCKS_PER_SEC / (double)RUNS / (double)CHUNK);
        best = ns < best ? ns : best;
    }
    return best;
}

static int measure(const function *f, int best, uint64_t step)
{
    static float x[CHUNK], y[CHUNK], z[CHUNK];
#if defined(TENON_USE_SLEEF)
    const int own_bits = 0;
#else
    const int own_bits = 1;
#endif
#if defined(TENON_USE_SLEEF)
    const double bound = f->sleef_bound;
#else
    const double bound = f->bound;
#endif
    uint64_t at = 0, hash = UINT64_C(0xcbf29ce484222325), differ = 0;
    double worst = 0.0;
    float worst_x = 0.0f, differ_x = 0.0f;
    int isa, bad;
    size_t n, i;
    while ((n = fill(x, &at, step)) != 0) {
        f->run[best](y, x, n);
        for (i = 0; i < n; i++) {
            if (!((double)x[i] < f->low || (double)x[i] > f->high)) {
                const double error = ulps(y[i], f->oracle((double)x[i]));
                if (error > worst) { worst = error; worst_x = x[i]; }
            }
            hash = (hash ^ (isnan(y[i]) ? 0x7fc00000u : pattern(y[i]))) * UINT64_C(0x100000001b3);
        }
        for (isa = 1; isa < TNI_ISAS; isa++) {
            if (isa == best || !f->run[isa]) continue;
            memcpy(z, x, sizeof x);
            f->run[isa](z, z, n);
            for (i = 0; i < n; i++)
                if (!same(y[i], z[i])) { differ++; differ_x = x[i]; }
        }
    }
    printf("%-10s %7.4f ULP at %-15a bound %.2f  %016llx ", f->name, worst, (double)worst_x, bound,
           (unsigned long long)hash);
    for (isa = 1; isa < TNI_ISAS; isa++)
        if (f->run[isa]) printf(" %s %.2f", tni_isa_names[isa], nanoseconds(f, isa, y, x));
    printf(" ns\n");
    bad = worst > bound;
    if (bad) printf("    FAILED: the bound is passed\n");
    if (differ) {
        bad = 1;
        printf("    FAILED: instruction sets differ on %llu inputs, the last %a\n", (unsigned long long)differ,
               (double)differ_x);
    }
    if (own_bits && step == STEP && hash != f->hash) {
        bad = 1;
        printf("    FAILED: the hash should be %016llx\n", (unsigned long long)f->hash);
    }
    fflush(stdout);
    return bad;
}

int main(int count, char **word)
{
#define ROW(name, bound, sleef, low, high, t0, t1, hash) \
    { #name, bound, sleef, low, high, oracle_##name, t0, t1, hash, { 0 } },
    static function functions[] = { FUNCTIONS(ROW) };
#define COUNT(name) +1
    enum { ROWS = sizeof functions / sizeof *functions, KERNELS = 0 TEST_MATH(COUNT) };
    const int best = tn_isa();
    uint64_t step = STEP;
    int isa, i, r, failed = 0, named = 0, done = 0;
    for (isa = 1; isa < TNI_ISAS; isa++) {
        const test_words *const t = tni_isa_table(isa) ? words_of(isa) : TNI_NULL;
        r = 0;
#define RUN(name, bound, sleef, low, high, t0, t1, hash) functions[r++].run[isa] = t ? t->name : TNI_NULL;
        FUNCTIONS(RUN)
    }
    for (i = 1; i < count; i++)
        if (strcmp(word[i], "--all") == 0) step = 1;
        else named++;
    for (r = 0; r < ROWS; r++)
        for (i = named ? 1 : 0; i < (named ? count : 1); i++)
            if (!named || strcmp(word[i], functions[r].name) == 0) {
                failed |= measure(&functions[r], best, step);
                done++;
            }
    if ((int)ROWS != (int)KERNELS) printf("FAILED: functions missing here that words_pass.h has, or too many\n");
    if (done < named) printf("FAILED: no function of that name\n");
    return failed || (int)ROWS != (int)KERNELS || done < named;
}
