/* bench/probe.h - clocks, the FMA peak, the rate of reading, one register width at a time, and whether another thread
 * shares the core, by code that owes the library nothing; with several workers by all of them at once. For the peak
 * fourteen independent chains, since two ports with a latency of four cycles need eight, and since with the two
 * constants they fill AVX2's 16 registers (sixteen spill: 85 GFLOP/s where 14 reach 110). */
#pragma once
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <ctime>
#include <vector>
#if defined(__x86_64__)
#include <immintrin.h>
#elif defined(__aarch64__)
#include <arm_neon.h>
#endif
#include "pool.h"

static const int CHAINS = 14;
#if defined(__clang__)
#define PROBE_UNROLL _Pragma("clang loop unroll(full)")
#else
#define PROBE_UNROLL _Pragma("GCC unroll 14")
#endif
#define PROBE_TARGET(isas) __attribute__((noinline, target(isas)))

#define PROBE(isa, attribute, vector, lanes, set1, fma, load, store)                                     \
    attribute static void probe_##isa(float *out, size_t steps)                                          \
    {                                                                                                    \
        const vector m = set1(0.999f);                                                                   \
        vector c = set1(0.001f), s[CHAINS];                                                              \
        PROBE_UNROLL for (int i = 0; i < CHAINS; i++) s[i] = set1(*out + float(i) / 16);                 \
        for (; steps; steps--) { PROBE_UNROLL for (int i = 0; i < CHAINS; i++) s[i] = fma(s[i], m, c); } \
        PROBE_UNROLL for (int i = 0; i < CHAINS; i++) c = fma(s[i], m, c);                               \
        store(out, c);                                                                                   \
    }                                                                                                    \
    attribute static void read_##isa(float *out, const float *p, size_t steps)                           \
    {                                                                                                    \
        const vector m = set1(0.999f);                                                                   \
        vector c = set1(0), s[CHAINS];                                                                   \
        PROBE_UNROLL for (int i = 0; i < CHAINS; i++) s[i] = c;                                          \
        for (; steps; steps--, p += CHAINS * lanes)                                                      \
            PROBE_UNROLL for (int i = 0; i < CHAINS; i++) s[i] = fma(load(p + i * lanes), m, s[i]);      \
        PROBE_UNROLL for (int i = 0; i < CHAINS; i++) c = fma(s[i], m, c);                               \
        store(out, c);                                                                                   \
    }
#if defined(__x86_64__)
PROBE(scalar, PROBE_TARGET("fma"), __m128, 1, _mm_set_ss, _mm_fmadd_ss, _mm_load_ss, _mm_store_ss)
PROBE(avx2, PROBE_TARGET("avx2,fma"), __m256, 8, _mm256_set1_ps, _mm256_fmadd_ps, _mm256_loadu_ps, _mm256_storeu_ps)
PROBE(avx512, PROBE_TARGET("avx512f"), __m512, 16, _mm512_set1_ps, _mm512_fmadd_ps, _mm512_loadu_ps, _mm512_storeu_ps)
#else
#define PROBE_SET(x) (x)
#define PROBE_LOAD(p) (*(p))
#define PROBE_STORE(p, x) (*(p) = (x))
PROBE(scalar, __attribute__((noinline)), float, 1, PROBE_SET, __builtin_fmaf, PROBE_LOAD, PROBE_STORE)
#undef PROBE_SET
#undef PROBE_LOAD
#undef PROBE_STORE
#endif
#if defined(__aarch64__)
#define PROBE_FMA(a, b, c) vfmaq_f32(c, a, b)
PROBE(neon, __attribute__((noinline)), float32x4_t, 4, vdupq_n_f32, PROBE_FMA, vld1q_f32, vst1q_f32)
#undef PROBE_FMA
#endif
#undef PROBE
#undef PROBE_UNROLL
#undef PROBE_TARGET

inline double seconds(clockid_t clock)
{
    struct timespec t;
    clock_gettime(clock, &t);
    return static_cast<double>(t.tv_sec) + 1e-9 * static_cast<double>(t.tv_nsec);
}

/* One worker: the seconds that this thread ran, without what else ran on the core meanwhile. */
inline double now(const Pool &pool)
{
    return seconds(pool.workers() > 1 ? CLOCK_MONOTONIC : CLOCK_THREAD_CPUTIME_ID);
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
    void (*read)(float *out, const float *p, size_t steps);
};

inline const std::vector<Isa> &isas() /* those that the machine has */
{
    static const std::vector<Isa> found = [] {
        const Isa all[] = {
            { TN_ISA_SCALAR, "scalar", 1, probe_scalar, read_scalar },
#if defined(__x86_64__)
            { TN_ISA_AVX2, "avx2", 8, probe_avx2, read_avx2 },
            { TN_ISA_AVX512, "avx512", 16, probe_avx512, read_avx512 },
#elif defined(__aarch64__)
            { TN_ISA_NEON, "neon", 4, probe_neon, read_neon },
#endif
        };
        std::vector<Isa> there;
        for (const Isa &isa : all)
            if (tn_isa_use(isa.id) == TN_OK) there.push_back(isa);
        return there;
    }();
    return found;
}

/* The median seconds of `runs` times each(worker) by all workers at once. Every one waits for the others, so that none
 * takes the task of another. */
template <class Each> double together(Pool &pool, int runs, const Each &each)
{
    struct Round {
        const Each &each;
        int workers;
        std::atomic<int> there;
    };
    std::vector<double> took;
    for (int i = 0; i < runs; i++) {
        Round round = { each, pool.workers(), { 0 } };
        const auto task = [](void *arg, int32_t, int32_t worker) {
            Round &r = *static_cast<Round *>(arg);
            r.there++;
            for (int spins = 0; r.there < r.workers; spins++) spins < 20000 ? relax() : std::this_thread::yield();
            r.each(worker);
        };
        const double start = now(pool);
        Pool::parallel_for(&pool, pool.workers(), task, &round);
        took.push_back(now(pool) - start);
    }
    return median(took);
}

/* GFLOP/s, 11 runs of about 0.1 ms. The first ones are the slow ones: the core raises its power for the width. */
inline double probe(const Isa &isa, Pool &pool)
{
    const size_t steps = 40000;
    const double took = together(pool, 11, [&](int) {
        float out[16] = { 0.5f };
        isa.run(out, steps);
    });
    return 2.0 * CHAINS * isa.lanes * pool.workers() * static_cast<double>(steps) / took * 1e-9;
}

/* Whether the cores are shared just now: a thread beside ours on the same core halves how many instructions it issues,
 * here ones that do nothing. The FMA peak hardly shows it, yet kernels lose up to a fifth. */
class Sharing
{
  public:
    long samples = 0, shared = 0;
    bool now(const Isa &isa, Pool &pool)
    {
        const double took = together(pool, 3, [&](int) {
            float out[16] = { 0.5f };
            isa.run(out, 400); /* first the clock of this register width */
            for (int i = 0; i < 2000; i++) asm volatile(".rept 64\n nop\n .endr");
        });
        least = std::min(least, took);
        return took > 1.25 * least;
    }

  private:
    double least = HUGE_VAL;
};

/* GB/s of reading `bytes` again and again, by each worker its own. */
inline double read_rate(const Isa &isa, Pool &pool, size_t bytes)
{
    const size_t step = static_cast<size_t>(CHAINS * isa.lanes), steps = bytes / sizeof(float) / step;
    const std::vector<float> block(step * steps + 16, 1.0f); /* 16: for an address on a cache line */
    std::vector<std::vector<float>> blocks(static_cast<size_t>(pool.workers()), block);
    const double took = together(pool, 25, [&](int worker) {
        const float *const first = blocks[static_cast<size_t>(worker)].data();
        float out[16];
        isa.read(out, first + (64 - reinterpret_cast<uintptr_t>(first) % 64) % 64 / sizeof(float), steps);
    });
    return static_cast<double>(step * steps * sizeof(float)) * pool.workers() / took * 1e-9;
}
