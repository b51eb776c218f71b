/* impl/system.h - the system headers, all before the passes (a header first seen inside a region of target options is
 * compiled with them), and what every part below stands on. Fused multiply-adds are written as such and no others may
 * arise: contraction is off until end.h. */

#include <math.h>
#include <string.h>
#if !defined(__STDC_HOSTED__) || __STDC_HOSTED__
#include <stdlib.h> /* getenv */
#endif
#if TNI_X86_SIMD
#if defined(_MSC_VER) && !defined(__clang__)
#include <intrin.h>
#endif
#include <immintrin.h>
#if defined(__clang__) && defined(_MSC_VER) /* clang-cl: immintrin.h hides what -march does not enable */
#include <smmintrin.h>
#include <avxintrin.h>
#include <avx2intrin.h>
#include <fmaintrin.h>
#include <avx512fintrin.h>
#include <avx512vlintrin.h>
#include <avx512bwintrin.h>
#include <avx512dqintrin.h>
#endif
#endif
#if TNI_NEON
#include <arm_neon.h>
#endif

#if defined(__FAST_MATH__)
#warning "tenon: -ffast-math: results may differ between instruction sets and NaN may be lost"
#endif

/* gcc's default fuses even separate intrinsics, and C++ has no ISO mode that stops it; gcc ignores the STDC
 * pragma with a warning. */
#if defined(__clang__)
#pragma STDC FP_CONTRACT OFF
#elif defined(__GNUC__)
#pragma GCC push_options
#pragma GCC optimize("fp-contract=off")
#if TNI_X86_SIMD && defined(__OPTIMIZE__) && !defined(__OPTIMIZE_SIZE__)
/* Three instruction sets are a lot to compile. These passes take 6 % of it, and over 112 benchmarks on AVX2 and AVX-512
 * the kernels are as fast without them. Not so without gcse (activations 5 to 8 % slower), thread-jumps (sparse
 * cross-entropy 11 %), tree-pta (bytes to floats three times as long) or expensive-optimizations (a call 0.2 us more). */
#pragma GCC optimize("no-tree-vrp", "no-tree-pre", "no-rerun-cse-after-loop", "no-cse-follow-jumps", "no-tree-bit-ccp")
#endif
#endif

#if defined(__GNUC__) || defined(__clang__)
#define TNI_INLINE inline __attribute__((always_inline))
#define TNI_NOINLINE __attribute__((noinline))
#define TNI_TARGET(isas) __attribute__((target(isas)))
#define TNI_OPAQUE(v) __asm__("" : "+r"(v)) /* v is what it is, but do not reason about it */
#define TNI_FETCH(address) __builtin_prefetch((const void *)(address), 0, 2) /* to the second-level cache */
#elif defined(_MSC_VER)
#define TNI_INLINE __forceinline
#define TNI_NOINLINE __declspec(noinline)
#define TNI_TARGET(isas)
#define TNI_OPAQUE(v) ((void)0)
#define TNI_FETCH(address) ((void)0)
#else
#define TNI_INLINE
#define TNI_NOINLINE
#define TNI_TARGET(isas)
#define TNI_OPAQUE(v) ((void)0)
#define TNI_FETCH(address) ((void)0)
#endif

/* Before a loop of constant trip count over an array of vectors: without it gcc -O2 keeps the array in memory (dense:
 * 19 GFLOP/s instead of 46). */
#if defined(__clang__)
#define TNI_UNROLL _Pragma("clang loop unroll(full)")
#define TNI_UNROLL4 _Pragma("clang loop unroll_count(4)")
#elif defined(__GNUC__) && __GNUC__ >= 8
#define TNI_UNROLL _Pragma("GCC unroll 16")
#define TNI_UNROLL4 _Pragma("GCC unroll 4")
#else
#define TNI_UNROLL
#define TNI_UNROLL4
#endif

/* Around what checks, plans and tells, but not the kernels: gcc takes half the time for it without the whole of -O2.
 * (Kernels need it, the scalar ones too: at -O1 maximum pooling takes four times as long.) */
#if defined(__GNUC__) && !defined(__clang__) && defined(__OPTIMIZE__) && !defined(__OPTIMIZE_SIZE__)
#define TNI_LIGHT _Pragma("GCC push_options") _Pragma("GCC optimize(\"O1\", \"inline-small-functions\")") \
    _Pragma("GCC optimize(\"no-tree-dominator-opts\", \"no-tree-pta\")")
#define TNI_LIGHT_END _Pragma("GCC pop_options")
#else
#define TNI_LIGHT
#define TNI_LIGHT_END
#endif

#define TNI_PASTE_(a, b) a##b
#define TNI_PASTE(a, b) TNI_PASTE_(a, b)

#define TNI_TRY(call) do { const tn_status tni_try = (call); if (tni_try != TN_OK) return tni_try; } while (0)

static TNI_INLINE TNI_UNUSED size_t tni_least(size_t a, size_t b) { return a < b ? a : b; }

/* The one multiplication of sizes: 0 where it does not fit. */
static int tni_mul(size_t a, size_t b, size_t *product)
{
    if ((a | b) >> (4 * sizeof(size_t)) && b && a > SIZE_MAX / b) return 0; /* of half the bits each it fits anyhow */
    *product = a * b;
    return 1;
}

/* a b + c rounded once. The product of two floats is exact in double; its sum with c is rounded to odd, so that the
 * second rounding, to float, is the only one that counts (Boldo and Melquiond 2008). libm's fmaf is not relied on: it
 * is slow or wrong on some. */
#if defined(TENON_NO_EXACT_FMA) || defined(__FP_FAST_FMAF)
static TNI_INLINE TNI_UNUSED float tni_fma(float a, float b, float c)
#else /* 60 instructions: inline they would be half of a scalar build */
static TNI_NOINLINE TNI_UNUSED float tni_fma(float a, float b, float c)
#endif
{
#if defined(TENON_NO_EXACT_FMA)
    return a * b + c;
#elif defined(__FP_FAST_FMAF)
    return __builtin_fmaf(a, b, c);
#else
    const double product = (double)a * (double)b, sum = product + (double)c;
    const double part = sum - product, error = (product - (sum - part)) + ((double)c - part);
    uint64_t bits;
    double odd;
    memcpy(&bits, &sum, sizeof bits);
    if ((error > 0.0 || error < 0.0) && !(bits & 1)) bits += (error > 0.0) == (sum > 0.0) ? 1 : (uint64_t)-1;
    memcpy(&odd, &bits, sizeof odd);
    return (float)odd;
#endif
}
