/* tests/test.h - what every test program stands on: cmocka, a private copy of Tenon, instruction sets,
 * data, fences, bits. */
#ifndef TENON_TEST_H
#define TENON_TEST_H
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cmocka.h>

#define TENON_STATIC
#ifndef TEST_HEADER
#define TEST_HEADER "tenon.h"
#endif
#include TEST_HEADER

#define TEST_UNUSED __attribute__((unused))
#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* Runs the statement once on every instruction set that this machine has; `isa` names it. The best one is in
 * use again afterwards. */
#define FOR_EACH_ISA(isa)                                                                          \
    for (int32_t isa = TN_ISA_SCALAR; isa <= TN_ISA_NEON || (tn_isa_use(TN_ISA_BEST), 0); isa++) \
        if (tn_isa_use(isa) == TN_OK)

/* Lengths around every vector width, and around the 16 virtual lanes. */
static const int32_t tails[] TEST_UNUSED = { 1, 2, 3, 4, 5, 7, 8, 9, 12, 15, 16, 17, 23, 31, 32, 33, 47, 63, 64, 65,
                                             100 };

/* ---- data: a small generator of its own, so that nothing of the library is its own oracle ---- */
static uint64_t test_seed = 1;
static TEST_UNUSED uint32_t random_bits(void) /* xorshift64* (Vigna) */
{
    test_seed ^= test_seed >> 12;
    test_seed ^= test_seed << 25;
    test_seed ^= test_seed >> 27;
    return (uint32_t)((test_seed * 0x2545F4914F6CDD1Du) >> 32);
}
static TEST_UNUSED int random_int(int low, int high) { return low + (int)(random_bits() % (uint32_t)(high - low + 1)); }
static TEST_UNUSED float random_float(float low, float high)
{
    return low + (high - low) * (float)(random_bits() >> 8) * 0x1p-24f;
}
static TEST_UNUSED void fill_ints(float *p, size_t n, int low, int high)
{
    while (n--) *p++ = (float)random_int(low, high);
}
static TEST_UNUSED void fill_floats(float *p, size_t n, float low, float high)
{
    while (n--) *p++ = random_float(low, high);
}

/* Floats that matter: zeros, infinities, NaN, denormals, the largest, among ordinary ones. */
static TEST_UNUSED void fill_specials(float *p, size_t n)
{
    static const float special[] = { 0.0f, -0.0f, INFINITY, -INFINITY, NAN, 1e-45f, -1e-45f, 1.1754943e-38f, 1e-40f,
                                     3.4028235e38f, -3.4028235e38f, 1.0f };
    while (n--) *p++ = random_bits() % 3 ? random_float(-4.0f, 4.0f) : special[random_bits() % COUNT(special)];
}

/* ---- fences: memory that ends, or begins, at an unmapped page ---- */
enum { FENCE_MAX = 64 };
static struct { void *base; size_t size; } fences[FENCE_MAX];
static int fence_count;

/* n bytes, the byte behind them (at_end) or before them unmapped; freed by fence_clear. */
static TEST_UNUSED void *fence_bytes(size_t n, int at_end)
{
    const size_t page = (size_t)sysconf(_SC_PAGESIZE), body = (n + page - 1) / page * page, all = body + 2 * page;
    unsigned char *base = (unsigned char *)mmap(NULL, all, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (base == (unsigned char *)MAP_FAILED || fence_count == FENCE_MAX) abort();
    if (body && mprotect(base + page, body, PROT_READ | PROT_WRITE)) abort();
    fences[fence_count].base = base;
    fences[fence_count++].size = all;
    return base + page + (at_end ? body - n : 0);
}
static TEST_UNUSED float *fence_floats(size_t n, int at_end) { return (float *)fence_bytes(n * sizeof(float), at_end); }
static TEST_UNUSED void fence_clear(void)
{
    while (fence_count) { fence_count--; munmap(fences[fence_count].base, fences[fence_count].size); }
}

/* ---- comparing ---- */
/* one NaN */
static TEST_UNUSED uint32_t bits_of(float x)
{
    uint32_t u;
    memcpy(&u, &x, sizeof u);
    return x != x ? 0x7fc00000u : u;
}

/* Fails with the first index where the bits differ. */
#define ASSERT_SAME_BITS(got, want, n) \
    do { \
        for (size_t same_i = 0; same_i < (size_t)(n); same_i++) \
            if (bits_of((got)[same_i]) != bits_of((want)[same_i])) \
                fail_msg("%s[%zu] is %a, must be %a (%s)", #got, same_i, (double)(got)[same_i], \
                         (double)(want)[same_i], tn_isa_name()); \
    } while (0)

/* |got - want| <= bound[i] (a double array), want in double; NaN and infinities must agree. */
#define ASSERT_WITHIN(got, want, bound, n) \
    do { \
        for (size_t near_i = 0; near_i < (size_t)(n); near_i++) { \
            const double near_g = (double)(got)[near_i], near_w = (want)[near_i]; \
            if (near_g != near_g ? near_w == near_w : !(near_g == near_w || fabs(near_g - near_w) <= (bound)[near_i])) \
                fail_msg("%s[%zu] is %.9g, must be %.17g +- %.3g (%s)", #got, near_i, near_g, near_w, \
                         (double)(bound)[near_i], tn_isa_name()); \
        } \
    } while (0)

/* FNV-1a over the bits, all NaNs being one. */
static TEST_UNUSED uint64_t hash_floats(uint64_t h, const float *p, size_t n)
{
    size_t i;
    int byte;
    for (i = 0; i < n; i++)
        for (byte = 0; byte < 32; byte += 8) h = (h ^ (bits_of(p[i]) >> byte & 255u)) * 0x100000001b3u;
    return h;
}

#endif
