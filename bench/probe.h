/* bench/probe.h - the FMA peak, one register width at a time, by code that owes the library nothing. Fourteen
 * independent chains, since two ports with a latency of four cycles need eight, and since with the two constants they
 * fill AVX2's 16 registers (sixteen spill: 85 GFLOP/s where 14 reach 110). */
#pragma once
#include <algorithm>
#include <cstddef>
#include <ctime>
#include <vector>
#if defined(__x86_64__)
#include <immintrin.h>
#elif defined(__aarch64__)
#include <arm_neon.h>
#endif
#include "tenon.h"

static const int CHAINS = 14;
#if defined(__clang__)
#define PROBE_UNROLL _Pragma("clang loop unroll(full)")
#else
#define PROBE_UNROLL _Pragma("GCC unroll 14")
#endif
#define PROBE_TARGET(isas) __attribute__((noinline, target(isas)))

#define PROBE(isa, attribute, vector, set1, fma, store)                                                  \
    attribute static void probe_##isa(float *out, size_t steps)                                          \
    {                                                                                                    \
        const vector m = set1(0.999f);                                                                   \
        vector c = set1(0.001f), s[CHAINS];                                                              \
        PROBE_UNROLL for (int i = 0; i < CHAINS; i++) s[i] = set1(*out + float(i) / 16);                 \
        for (; steps; steps--) { PROBE_UNROLL for (int i = 0; i < CHAINS; i++) s[i] = fma(s[i], m, c); } \
        PROBE_UNROLL for (int i = 0; i < CHAINS; i++) c = fma(s[i], m, c);                               \
        store(out, c);                                                                                   \
    }
#if defined(__x86_64__)
PROBE(scalar, PROBE_TARGET("fma"), __m128, _mm_set_ss, _mm_fmadd_ss, _mm_store_ss)
PROBE(avx2, PROBE_TARGET("avx2,fma"), __m256, _mm256_set1_ps, _mm256_fmadd_ps, _mm256_storeu_ps)
PROBE(avx512, PROBE_TARGET("avx512f"), __m512, _mm512_set1_ps, _mm512_fmadd_ps, _mm512_storeu_ps)
#else
#define PROBE_SET(x) (x)
#define PROBE_STORE(p, x) (*(p) = (x))
PROBE(scalar, __attribute__((noinline)), float, PROBE_SET, __builtin_fmaf, PROBE_STORE)
#undef PROBE_SET
#undef PROBE_STORE
#endif
#if defined(__aarch64__)
#define PROBE_FMA(a, b, c) vfmaq_f32(c, a, b)
PROBE(neon, __attribute__((noinline)), float32x4_t, vdupq_n_f32, PROBE_FMA, vst1q_f32)
#undef PROBE_FMA
#endif
#undef PROBE
#undef PROBE_UNROLL
#undef PROBE_TARGET

/* Seconds that this thread ran: what else ran on the core meanwhile is left out. */
inline double now()
{
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return static_cast<double>(t.tv_sec) + 1e-9 * static_cast<double>(t.tv_nsec);
}

inline double median(std::vector<double> v)
{
    std::nth_element(v.begin(), v.begin() + static_cast<std::ptrdiff_t>(v.size() / 2), v.end());
    return v[v.size() / 2];
}

struct Isa {
    int32_t id;
    const char *name;
    int lanes;
    void (*run)(float *out, size_t steps);
};

inline const std::vector<Isa> &isas() /* those that the machine has */
{
    static const std::vector<Isa> found = [] {
        std::vector<Isa> all = {
            { TN_ISA_SCALAR, "scalar", 1, probe_scalar },
#if defined(__x86_64__)
            { TN_ISA_AVX2, "avx2", 8, probe_avx2 },
            { TN_ISA_AVX512, "avx512", 16, probe_avx512 },
#elif defined(__aarch64__)
            { TN_ISA_NEON, "neon", 4, probe_neon },
#endif
        };
        all.erase(std::remove_if(all.begin(), all.end(), [](const Isa &isa) { return tn_isa_use(isa.id) != TN_OK; }),
                  all.end());
        return all;
    }();
    return found;
}

/* GFLOP/s: the median of 25 runs of about 0.1 ms. The first ones are the slow ones: the core raises its power for the
 * width. */
inline double probe(const Isa &isa)
{
    const size_t steps = 40000;
    float out[16] = { 0.5f };
    std::vector<double> took;
    for (int i = 0; i < 25; i++) {
        const double start = now();
        isa.run(out, steps);
        took.push_back(now() - start);
    }
    return 2.0 * CHAINS * isa.lanes * static_cast<double>(steps) / median(took) * 1e-9;
}
