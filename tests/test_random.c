/* tests/test_random.c - the generator against a Philox of its own, its distributions, orders, dropout, initialisers. */
#include "test.h"

enum { BIG = 1 << 20 };
static float big[BIG];

/* ---- the oracle: Philox4x32-10 as the paper states it, one block at a time ---- */
static void oracle_block(uint32_t c[4], const uint32_t key[2])
{
    uint32_t k0 = key[0], k1 = key[1];
    for (int round = 0; round < 10; round++) {
        const uint64_t p0 = UINT64_C(0xd2511f53) * c[0], p1 = UINT64_C(0xcd9e8d57) * c[2];
        const uint32_t n[4] = { (uint32_t)(p1 >> 32) ^ c[1] ^ k0, (uint32_t)p1, (uint32_t)(p0 >> 32) ^ c[3] ^ k1,
            (uint32_t)p0 };
        memcpy(c, n, sizeof n);
        k0 += 0x9e3779b9u;
        k1 += 0xbb67ae85u;
    }
}

static uint32_t oracle_word(const tn_random *r, uint64_t i)
{
    const uint32_t seed[2] = { (uint32_t)r->seed, (uint32_t)(r->seed >> 32) };
    uint32_t s[4] = { (uint32_t)r->purpose, (uint32_t)r->layer, (uint32_t)(uint64_t)r->epoch,
        (uint32_t)((uint64_t)r->epoch >> 32) };
    const uint64_t at = r->counter + i;
    oracle_block(s, seed);
    uint32_t c[4] = { (uint32_t)(at / 4), (uint32_t)(at / 4 >> 32), s[2], s[3] };
    oracle_block(c, s);
    return c[at % 4];
}

static double oracle_uniform(const tn_random *r, uint64_t i) { return (oracle_word(r, i) >> 8) / 16777216.0; }

/* Solves P(|Z| <= z) = reach (a + 1/2) / 2^31 by Newton's method on the smaller of the two sides. */
static double oracle_normal(uint32_t word, double reach)
{
    const uint32_t a = word >> 31 ? ~word : word;
    const double inside = reach * (a + 0.5) / 2147483648.0,
        outside = 1.0 - reach + reach * (2147483647u - a + 0.5) / 2147483648.0;
    double z = inside < 0.5 ? inside : 1.0;
    for (int i = 0; i < 60; i++) {
        const double miss = inside < 0.5 ? erf(z / sqrt(2.0)) - inside : outside - erfc(z / sqrt(2.0));
        z -= miss / (sqrt(2.0 / 3.14159265358979323846) * exp(-z * z / 2.0));
        if (z < 0.0) z = 0.0;
        if (z > 7.0) z = 7.0;
    }
    return word >> 31 ? -z : z;
}

static void philox_known_answers(void **state) /* Random123's kat_vectors */
{
    static const uint32_t want[3][4] = { { 0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8 },
        { 0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd },
                                         { 0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1 } };
    static const uint32_t counter[3][4] = { { 0, 0, 0, 0 }, { ~0u, ~0u, ~0u, ~0u },
        { 0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344 } };
    static const uint32_t key[3][2] = { { 0, 0 }, { ~0u, ~0u }, { 0xa4093822, 0x299f31d0 } };
    (void)state;
    for (int i = 0; i < 3; i++) {
        uint32_t c[4], d[4];
        memcpy(c, counter[i], sizeof c);
        memcpy(d, counter[i], sizeof d);
        tni_philox(c, 1, key[i][0], key[i][1]);
        oracle_block(d, key[i]);
        assert_memory_equal(c, want[i], sizeof c);
        assert_memory_equal(d, want[i], sizeof d);
    }
}

static const tn_random streams[] = { { 0, 0, 0, 0, 0 }, { 42, 0, 1, 2, 3 },
    { UINT64_C(0xfedcba9876543210), UINT64_C(0xfffffffffffffffc), -7, 9, -1 } };

static void golden_values(void **state) /* these numbers never change: saved experiments depend on them */
{
    static const float uniform[3][8] = {
        { 0x1.96c7b6p-1f, 0x1.40a0a8p-2f, 0x1.eb63b8p-1f, 0x1.15fa7ap-1f, 0x1.74db2p-2f, 0x1.e8128p-3f, 0x1.6539e8p-3f,
            0x1.d92606p-1f },
        { 0x1.eee27p-1f, 0x1.a2db3cp-1f, 0x1.6e35bcp-1f, 0x1.4e0f48p-2f, 0x1.ca93cp-2f, 0x1.a72668p-2f, 0x1.20b958p-2f,
            0x1.ced12p-4f },
        { 0x1.239b5p-4f, 0x1.80b498p-1f, 0x1.83a36cp-2f, 0x1.5c3a6cp-2f, 0x1.c10d64p-2f, 0x1.26014p-4f, 0x1.6afe4ep-1f,
            0x1.18d1d4p-2f }
    };
    static const float normal[3][8] = {
        { -0x1.14a342p-1f, 0x1.c762d6p-1f, -0x1.9e015cp-4f, -0x1.b7ba86p+0f, 0x1.195868p+0f, 0x1.46bd82p-1f,
            0x1.cf05dcp-2f, -0x1.87ec78p-3f },
        { -0x1.579e8p-4f, -0x1.e46e88p-2f, -0x1.939f34p-1f, 0x1.e0f564p-1f, 0x1.9fc90ap+0f, 0x1.5c6612p+0f,
            0x1.8ec184p-1f, 0x1.26049ap-2f },
        { 0x1.6f6fbcp-3f, -0x1.571f4ap-1f, 0x1.2af3e4p+0f, 0x1.fd4d7ap-1f, 0x1.8ae35p+0f, 0x1.727dd2p-3f,
            -0x1.9eb7bap-1f, 0x1.817914p-1f }
    };
    static const int64_t order[10] = { 0, 3, 7, 8, 9, 5, 2, 1, 4, 6 };
    (void)state;
    FOR_EACH_ISA(isa)
        for (int s = 0; s < 3; s++) {
            float y[8];
            const tn_tensor t = tn_view(y, 0, 1, 8, 0, 0, 0);
            assert_int_equal(tn_random_uniform(NULL, &t, &streams[s], 0.0f, 1.0f), TN_OK);
            ASSERT_SAME_BITS(y, uniform[s], 8);
            assert_int_equal(tn_random_normal(NULL, &t, &streams[s], 0.0f, 1.0f), TN_OK);
            ASSERT_SAME_BITS(y, normal[s], 8);
        }
    for (int i = 0; i < 10; i++) assert_int_equal(tn_random_order(&streams[1], 10, i), order[i]);
}

static void backwards(void *pool, int32_t tasks, tn_task run, void *arg)
{
    *(int32_t *)pool += tasks;
    while (tasks--) run(arg, tasks, 0);
}

static void uniform_is_the_oracle(void **state) /* every length, every offset, both fences, counters that wrap */
{
    static const float ranges[][2] = { { 0, 1 }, { -1, 1 }, { 1, 2 }, { -3e38f, 1e37f }, { 0, 1e-44f },
        { 16777216, 16777218 }, { -2, -1 }, { -1, 0 } };
    (void)state;
    FOR_EACH_ISA(isa)
        for (size_t l = 0; l < COUNT(tails); l++)
            for (int end = 0; end < 2; end++) {
                const size_t n = (size_t)tails[l];
                float *const y = fence_floats(n, end);
                const tn_tensor t = tn_view(y, 0, 1, (int64_t)n, 0, 0, 0);
                const float *const range = ranges[(l + (size_t)end) % COUNT(ranges)];
                tn_random r = { random_bits(), 0, random_int(-5, 5), random_int(-5, 5), random_int(-5, 5) };
                r.counter = end ? 0 - (uint64_t)random_int(0, 100) : (uint64_t)random_bits() << 8;
                assert_int_equal(tn_random_uniform(NULL, &t, &r, range[0], range[1]), TN_OK);
                for (size_t i = 0; i < n; i++) {
                    const float rounded = fmaf(range[1] - range[0], (float)oracle_uniform(&r, i), range[0]);
                    const float want = rounded < range[1] ? rounded : nextafterf(range[1], -INFINITY);
                    if (bits_of(y[i]) != bits_of(want)) fail_msg("element %zu of %zu is %a, must be %a", i, n,
                        (double)y[i], (double)want);
                }
                fence_clear();
            }
}

static void normal_is_the_oracle(void **state)
{
    (void)state;
    FOR_EACH_ISA(isa)
        for (size_t l = 0; l < COUNT(tails); l++) {
            const size_t n = (size_t)tails[l];
            float *const y = fence_floats(n, l & 1);
            const tn_tensor t = tn_view(y, 0, 1, (int64_t)n, 0, 0, 0);
            const tn_random r = { random_bits(), random_bits(), 0, 0, 0 };
            assert_int_equal(tn_random_normal(NULL, &t, &r, 0.0f, 1.0f), TN_OK);
            for (size_t i = 0; i < n; i++) {
                const double want = oracle_normal(oracle_word(&r, i), 1.0);
                if (!(fabs((double)y[i] - want) <= 2e-6 * fabs(want))) fail_msg("element %zu is %.9g, must be %.9g", i,
                    (double)y[i], want);
            }
            fence_clear();
        }
}

static void normal_at_the_ends(void **state) /* words that a sample of any size we can afford would miss */
{
    static const uint32_t words[] = { 0, 1, 2, 0x7fffffff, 0x7ffffffe, 0x7fffff00, 0x7fff0000, 0x7ec00000, 0x40000000,
        0x3fffffff, 0x80000000, 0xffffffff };
    (void)state;
    for (int cut = 0; cut < 2; cut++)
        for (size_t i = 0; i < COUNT(words); i++)
            for (int sign = 0; sign < 2; sign++) {
                const uint32_t word = sign ? ~words[i] : words[i];
                const double reach = cut ? erf(sqrt(2.0)) : 1.0, want = oracle_normal(word, reach);
                const float got = tnk_random_normal_scalar((int32_t)word, (float)reach, cut ? 2.0f : 8.0f);
                if (!(fabs((double)got - want) <= 2e-6 * fabs(want))) fail_msg("word %08x: %.9g, must be %.9g", word,
                    (double)got, want);
                assert_true(cut ? fabsf(got) <= 2.0f : fabsf(got) < 6.5f);
            }
}

static void place_and_threads_do_not_matter(void **state)
{
    enum { N = 70000 };
    static float part[N];
    const tn_random r = { 5, 123456789, 1, 2, 3 };
    const tn_tensor all = tn_view(big, 0, 2, 7, N / 7, 0, 0), again = tn_view(part, 0, 1, N, 0, 0, 0);
    tn_context ctx = TN_ZERO;
    int32_t tasks = 0;
    (void)state;
    ctx.parallel_for = backwards;
    ctx.pool = &tasks;
    tn_isa_use(TN_ISA_SCALAR);
    assert_int_equal(tn_random_normal(NULL, &all, &r, 1.0f, 2.0f), TN_OK);
    FOR_EACH_ISA(isa) {
        assert_int_equal(tn_random_normal(&ctx, &again, &r, 1.0f, 2.0f), TN_OK);
        ASSERT_SAME_BITS(part, big, N);
        for (int i = 0; i < 50; i++) {
            const int32_t first = random_int(0, N - 200), n = random_int(1, 200);
            const tn_tensor some = tn_view(part, 0, 1, n, 0, 0, 0);
            tn_random shifted = r;
            shifted.counter += (uint64_t)first;
            assert_int_equal(tn_random_normal(NULL, &some, &shifted, 1.0f, 2.0f), TN_OK);
            ASSERT_SAME_BITS(part, big + first, n);
        }
    }
    assert_true(tasks > 1);
}

static void uniform_statistics(void **state)
{
    static float other[BIG];
    static unsigned count[3][256];
    const tn_tensor y = tn_view(big, 0, 1, BIG, 0, 0, 0), z = tn_view(other, 0, 1, BIG, 0, 0, 0);
    const tn_random base = { 1, 0, 0, 0, 0 };
    const double n = BIG;
    double mean = 0, square = 0, serial = 0;
    (void)state;
    assert_int_equal(tn_random_uniform(NULL, &y, &base, 0.0f, 1.0f), TN_OK);
    for (int i = 0; i < BIG; i++) {
        const uint32_t u = (uint32_t)(big[i] * 16777216.0f);
        for (int b = 0; b < 3; b++) count[b][u >> (8 * b) & 255]++;
        mean += (double)big[i] / n;
        square += (double)big[i] * (double)big[i] / n;
        serial += ((double)big[i] - 0.5) * ((double)big[(i + 1) % BIG] - 0.5) / n;
    }
    assert_true(fabs(mean - 0.5) < 4.0 * sqrt(1.0 / 12 / n));
    assert_true(fabs(square - mean * mean - 1.0 / 12) < 4.0 * sqrt(1.0 / 180 / n));
    assert_true(fabs(serial) < 4.0 / 12 / sqrt(n));
    for (int b = 0; b < 3; b++) {
        double chi = 0;
        for (int v = 0; v < 256; v++) chi += (count[b][v] - n / 256) * (count[b][v] - n / 256) / (n / 256);
        assert_true(chi > 255 - 4 * sqrt(510.0) && chi < 255 + 4 * sqrt(510.0));
    }
    for (int k = 0; k < 6; k++) { /* streams beside each other */
        tn_random r = base;
        double product = 0;
        if (k == 0) r.seed++;
        if (k == 1) r.purpose++;
        if (k == 2) r.layer++;
        if (k == 3) r.epoch++;
        if (k == 4) r.counter = 1;
        if (k == 5) r.seed = base.seed << 32;
        assert_int_equal(tn_random_uniform(NULL, &z, &r, 0.0f, 1.0f), TN_OK);
        for (int i = 0; i < BIG; i++) product += ((double)big[i] - 0.5) * ((double)other[i] - 0.5) / n;
        assert_true(fabs(product) < 4.0 / 12 / sqrt(n));
    }
}

static void uniform_stays_below_high(void **state) /* the largest draw, which rounds up, comes once in 2^24 */
{
    static const float range[][2] = { { 1, 2 }, { -1, 1 }, { 3, 3.0000005f } };
    const tn_tensor y = tn_view(big, 0, 1, BIG, 0, 0, 0);
    tn_random r = { 3, 0, 0, 0, 0 };
    int largest = 0;
    (void)state;
    for (int k = 0; k < 64; k++, r.counter += BIG) {
        assert_int_equal(tn_random_uniform(NULL, &y, &r, 0.0f, 1.0f), TN_OK);
        for (int i = 0; i < BIG; i++) {
            if (big[i] < 1.0f - 0x1p-24f) continue;
            tn_random at = r;
            float one;
            const tn_tensor t = tn_view(&one, 0, 1, 1, 0, 0, 0);
            at.counter += (uint64_t)i;
            largest++;
            assert_true(big[i] < 1.0f);
            for (size_t j = 0; j < COUNT(range); j++) {
                assert_int_equal(tn_random_uniform(NULL, &t, &at, range[j][0], range[j][1]), TN_OK);
                assert_true(one >= range[j][0] && one < range[j][1]);
            }
        }
    }
    assert_in_range(largest, 1, 12);
}

static void normal_statistics(void **state)
{
    const tn_tensor y = tn_view(big, 0, 1, BIG, 0, 0, 0);
    tn_random r = { 11, 0, 0, 0, 0 };
    double s[5] = { 0 }, n = 16.0 * BIG, bins[40] = { 0 }, chi = 0;
    int tail = 0;
    (void)state;
    for (int k = 0; k < 16; k++, r.counter += BIG) {
        assert_int_equal(tn_random_normal(NULL, &y, &r, 0.0f, 1.0f), TN_OK);
        for (int i = 0; i < BIG; i++) {
            const double z = (double)big[i];
            s[1] += z; s[2] += z * z; s[3] += z * z * z; s[4] += z * z * z * z;
            tail += fabs(z) > 4.5;
            bins[z < -3.8 ? 0 : z >= 3.8 ? 39 : (int)(z * 5 + 20)]++;
        }
    }
    assert_true(fabs(s[1] / n) < 4.0 * sqrt(1 / n));
    assert_true(fabs(s[2] / n - 1) < 4.0 * sqrt(2 / n));
    assert_true(fabs(s[3] / n) < 4.0 * sqrt(15 / n));
    assert_true(fabs(s[4] / n - 3) < 4.0 * sqrt(96 / n));
    assert_in_range(tail, 114 - 43, 114 + 43); /* 6.795e-6 of them: 114 +- 4 sqrt(114) */
    for (int b = 0; b < 40; b++) {
        const double low = b ? (b - 20) / 5.0 : -20, high = b < 39 ? (b - 19) / 5.0 : 20;
        const double want = n * (low < 0 ? erfc(-high / sqrt(2.0)) - erfc(-low / sqrt(2.0))
            : erfc(low / sqrt(2.0)) - erfc(high / sqrt(2.0))) / 2;
        chi += (bins[b] - want) * (bins[b] - want) / want;
    }
    assert_true(chi < 39 + 4 * sqrt(2 * 39.0));
}

static void order_is_a_bijection(void **state)
{
    static unsigned char seen[100003];
    static const int64_t large[] = { 4095, 4096, 4097, 65536, 65537, 100003 };
    (void)state;
    for (int64_t k = 1; k <= 1000 + (int64_t)COUNT(large); k++) {
        const int64_t n = k <= 1000 ? k : large[k - 1001];
        const tn_random r = { (uint64_t)k * 77, 5, 1, 2, k };
        memset(seen, 0, sizeof seen);
        for (int64_t i = 0; i < n; i++) {
            const int64_t at = tn_random_order(&r, n, i);
            assert_true(at >= 0 && at < n && !seen[at]);
            seen[at] = 1;
        }
    }
    for (int i = 0; i < 1000; i++) { /* where no array would do: the least and the greatest domain */
        const tn_random r = { 9, 0, 0, 0, 0 };
        const int64_t at = tn_random_order(&r, INT64_MAX - 5, i * (INT64_MAX / 1001));
        assert_true(at >= 0 && at < INT64_MAX - 5);
    }
}

static void order_is_even(void **state) /* all 120 permutations of 5, and all places in 1000,
    come equally often over the epochs */
{
    static unsigned permutations[3125], places[1000];
    double chi = 0;
    int same = 0;
    (void)state;
    for (int epoch = 0; epoch < 24000; epoch++) {
        const tn_random r = { 4, 0, 0, 0, epoch };
        int code = 0;
        for (int i = 0; i < 5; i++) code = code * 5 + (int)tn_random_order(&r, 5, i);
        permutations[code]++;
        places[tn_random_order(&r, 1000, 17)]++;
    }
    for (int i = 0; i < 3125; i++) if (permutations[i]) { same++;
        chi += (permutations[i] - 200.0) * (permutations[i] - 200.0) / 200.0; }
    assert_int_equal(same, 120);
    assert_true(chi < 119 + 4 * sqrt(238.0));
    for (chi = 0, same = 0; same < 1000; same++) chi += (places[same] - 24.0) * (places[same] - 24.0) / 24.0;
    assert_true(chi < 999 + 4 * sqrt(1998.0));
}

static void order_follows_the_key_alone(void **state)
{
    const tn_random a = { 4, 0, 0, 0, 0 };
    (void)state;
    for (int k = 0; k < 5; k++) {
        tn_random b = a;
        int fixed = 0;
        if (k == 0) b.epoch = 1;
        if (k == 1) b.seed = 5;
        if (k == 2) b.purpose = 1;
        if (k == 3) b.layer = 1;
        if (k == 4) b.counter = 1;
        for (int i = 0; i < 1000; i++) fixed += tn_random_order(&a, 1000, i) == tn_random_order(&b, 1000, i);
        if (k < 4) assert_in_range(fixed, 0, 8);
        else assert_int_equal(fixed, 1000);
    }
    assert_int_equal(tn_random_order(NULL, 10, 1), -1);
    assert_int_equal(tn_random_order(&a, 0, 0), -1);
    assert_int_equal(tn_random_order(&a, -3, 0), -1);
    assert_int_equal(tn_random_order(&a, 10, 10), -1);
    assert_int_equal(tn_random_order(&a, 10, -1), -1);
    assert_int_equal(tn_random_order(&a, 1, 0), 0);
}

static void dropout_is_the_oracle(void **state)
{
    static const float rates[] = { 0.0f, 0.1f, 0.5f, 0.999f };
    (void)state;
    FOR_EACH_ISA(isa)
        for (size_t l = 0; l < COUNT(tails); l++)
            for (int end = 0; end < 2; end++) {
                const size_t n = (size_t)tails[l];
                const float rate = rates[l % COUNT(rates)];
                float *const x = fence_floats(n, end), *const y = fence_floats(n, end), want[128];
                const tn_tensor tx = tn_cview(x, 0, 1, (int64_t)n, 0, 0, 0), ty = tn_view(y, 0, 1, (int64_t)n, 0, 0, 0);
                const tn_tensor in = tn_view(x, 0, 1, (int64_t)n, 0, 0, 0);
                const tn_random r = { random_bits(), random_bits(), 0, 0, 0 };
                fill_specials(x, n);
                for (size_t i = 0; i < n; i++) want[i] = oracle_uniform(&r, i) >= (double)rate ? x[i] / (1.0f - rate)
                    : 0.0f;
                assert_int_equal(tn_dropout(NULL, &ty, &tx, &r, rate), TN_OK);
                ASSERT_SAME_BITS(y, want, n);
                assert_int_equal(tn_dropout(NULL, &in, &in, &r, rate), TN_OK);
                ASSERT_SAME_BITS(x, want, n);
                fence_clear();
            }
}

static void a_draw_equal_to_the_rate_is_kept(void **state)
{
    const tn_random r = { 31, 0, 0, 0, 0 };
    float x[33], y[33];
    const tn_tensor tx = tn_view(x, 0, 1, 33, 0, 0, 0), ty = tn_view(y, 0, 1, 33, 0, 0, 0);
    (void)state;
    for (int i = 0; i < 33; i++) x[i] = 1.0f;
    FOR_EACH_ISA(isa)
        for (uint64_t i = 0; i < 33; i++) {
            const float rate = (float)oracle_uniform(&r, i);
            assert_int_equal(tn_dropout(NULL, &ty, &tx, &r, rate), TN_OK);
            assert_true(bits_of(y[i]) == bits_of(1.0f / (1.0f - rate)));
        }
}

static void dropout_over_many_tasks(void **state)
{
    enum { N = 40000 };
    static float x[N], y[N];
    const tn_random r = { 8, 1, 0, 0, 0 };
    const tn_tensor tx = tn_view(x, TN_NF, 2, 100, N / 100, 0, 0), ty = tn_view(y, TN_NF, 2, 100, N / 100, 0, 0);
    tn_context ctx = TN_ZERO;
    int32_t tasks = 0, kept = 0;
    (void)state;
    for (int i = 0; i < N; i++) x[i] = 1.0f;
    ctx.parallel_for = backwards;
    ctx.pool = &tasks;
    assert_int_equal(tn_dropout(&ctx, &ty, &tx, &r, 0.25f), TN_OK);
    assert_int_equal(tasks, 3);
    for (int i = 0; i < N; i++) {
        assert_true(bits_of(y[i]) == bits_of(oracle_uniform(&r, (uint64_t)i) >= 0.25 ? 1.0f / 0.75f : 0.0f));
        kept += y[i] > 0.0f;
    }
    assert_in_range(kept, 30000 - 350, 30000 + 350); /* 4 deviations of 87 */
}

/* ---- initialisers ---- */
static void fans_and_spread(void **state)
{
    static const struct { int32_t axes, rank, dim[4]; double in, out; } row[] = {
        { 0, 2, { 300, 200, 0, 0 }, 300, 200 }, { TN_IO, 2, { 300, 200, 0, 0 }, 300, 200 },
            { TN_OI, 2, { 300, 200, 0, 0 }, 200, 300 },
        { 0, 4, { 3, 5, 40, 60 }, 600, 900 }, { TN_HWIO, 4, { 3, 5, 40, 60 }, 600, 900 },
            { TN_OIHW, 4, { 60, 40, 3, 5 }, 600, 900 },
        { TN_HWCM, 4, { 5, 5, 500, 2 }, 12500, 50 }, { 0, 1, { 40000, 0, 0, 0 }, 40000, 40000 },
            { 0, 3, { 30, 30, 30, 0 }, 27000, 27000 },
    };
    const tn_random r = { 21, 0, 0, 0, 0 };
    (void)state;
    for (size_t k = 0; k < COUNT(row); k++)
        for (int32_t kind = TN_GLOROT_UNIFORM; kind <= TN_LECUN_NORMAL; kind++) {
            const tn_tensor w = tn_view(big, row[k].axes, row[k].rank, row[k].dim[0], row[k].dim[1], row[k].dim[2],
                row[k].dim[3]);
            const double s = kind <= TN_GLOROT_NORMAL ? 1 / ((row[k].in + row[k].out) / 2)
                : (kind <= TN_HE_NORMAL ? 2 : 1) / row[k].in;
            const double n = (double)(tn_bytes(&w) / sizeof(float)), limit = kind & 1
                ? 2 * sqrt(s) / 0.87962566103423978 : sqrt(3 * s);
            double mean = 0, square = 0, top = 0;
            assert_int_equal(tn_initialize(NULL, &w, &r, kind), TN_OK);
            for (int i = 0; i < (int)n; i++) {
                mean += (double)big[i] / n;
                square += (double)big[i] * (double)big[i] / n;
                if (fabs((double)big[i]) > top) top = fabs((double)big[i]);
            }
            if (!(top <= limit * 1.0000002 && top > limit * 0.995)) fail_msg("row %zu kind %d: greatest %g, limit %g",
                k, kind, top, limit);
            if (!(fabs(square / s - 1) < 4 * sqrt(1.4 / n))) fail_msg("row %zu kind %d: variance %g, must be %g", k,
                kind, square, s);
            assert_true(fabs(mean) < 4 * sqrt(s / n));
        }
}

static void truncated_normal_is_the_oracle(void **state)
{
    const tn_tensor w = tn_view(big, TN_IO, 2, 100, 100, 0, 0);
    const tn_random r = { 77, 3, 2, 1, 0 };
    (void)state;
    FOR_EACH_ISA(isa) {
        assert_int_equal(tn_initialize(NULL, &w, &r, TN_LECUN_NORMAL), TN_OK);
        for (int i = 0; i < 10000; i++) {
            const double want = oracle_normal(oracle_word(&r, (uint64_t)i), erf(sqrt(2.0))) * 0.1 / 0.87962566103423978;
            if (!(fabs((double)big[i] - want) <= 3e-6 * fabs(want))) fail_msg("element %d is %.9g, must be %.9g", i,
                (double)big[i], want);
        }
    }
}

static void orthogonal_is_orthonormal(void **state)
{
    static const int32_t shape[][2] = { { 1, 1 }, { 1, 7 }, { 7, 1 }, { 2, 2 }, { 3, 5 }, { 5, 3 }, { 32, 128 },
        { 128, 32 }, { 64, 64 }, { 100, 101 } };
    static float first[128 * 128];
    (void)state;
    for (size_t k = 0; k < COUNT(shape); k++) {
        const int32_t R = shape[k][0], C = shape[k][1], m = R <= C ? R : C, len = R <= C ? C : R;
        const tn_random r = { 5, 0, 0, (int32_t)k, 0 };
        FOR_EACH_ISA(isa) {
            float *const w = fence_floats((size_t)(R * C), isa & 1);
            const tn_tensor t = tn_view(w, TN_IO, 2, R, C, 0, 0);
            assert_int_equal(tn_initialize(NULL, &t, &r, TN_ORTHOGONAL), TN_OK);
            if (isa == TN_ISA_SCALAR) memcpy(first, w, (size_t)(R * C) * sizeof *w);
            ASSERT_SAME_BITS(w, first, R * C);
            for (int32_t a = 0; a < m; a++)
                for (int32_t b = 0; b <= a; b++) {
                    double dot = 0;
                    for (int32_t i = 0; i < len; i++) dot += R <= C ? (double)w[a * C + i] * (double)w[b * C + i]
                        : (double)w[i * C + a] * (double)w[i * C + b];
                    if (!(fabs(dot - (a == b)) < 3e-7)) fail_msg("%d x %d: %d . %d = %g", R, C, a, b, dot);
                }
            fence_clear();
        }
    }
}

static void orthogonal_is_even(void **state) /* Haar: each entry of a 2 x 2 has mean 0, mean square 1/2,
    and the determinant either sign */
{
    double mean = 0, square = 0, fourth = 0;
    int positive = 0;
    (void)state;
    for (int k = 0; k < 10000; k++) {
        const tn_random r = { 6, 0, 0, 0, k };
        float w[4];
        const tn_tensor t = tn_view(w, TN_IO, 2, 2, 2, 0, 0);
        assert_int_equal(tn_initialize(NULL, &t, &r, TN_ORTHOGONAL), TN_OK);
        mean += (double)w[0] / 10000;
        square += (double)w[0] * (double)w[0] / 10000;
        fourth += pow((double)w[0], 4) / 10000;
        positive += w[0] * w[3] - w[1] * w[2] > 0.0f;
    }
    assert_true(fabs(mean) < 4 * sqrt(0.5 / 10000));
    assert_true(fabs(square - 0.5) < 4 * sqrt(0.125 / 10000));
    assert_true(fabs(fourth - 0.375) < 4 * sqrt(0.14 / 10000));
    assert_in_range(positive, 4800, 5200);
}

static void constants(void **state)
{
    float *const b = fence_floats(40, 1);
    const tn_tensor t = tn_view(b, 0, 1, 40, 0, 0, 0);
    (void)state;
    assert_int_equal(tn_initialize(NULL, &t, NULL, TN_LSTM_BIAS), TN_OK);
    for (int i = 0; i < 40; i++) assert_true(bits_of(b[i]) == bits_of(i >= 10 && i < 20 ? 1.0f : 0.0f));
    assert_int_equal(tn_initialize(NULL, &t, NULL, TN_ONES), TN_OK);
    for (int i = 0; i < 40; i++) assert_true(bits_of(b[i]) == bits_of(1.0f));
    assert_int_equal(tn_initialize(NULL, &t, NULL, TN_ZEROS), TN_OK);
    for (int i = 0; i < 40; i++) assert_true(bits_of(b[i]) == 0);
    fence_clear();
}

/* ---- refusals: the code, the argument, and nothing written ---- */
#define REFUSED(code, argument, call)                                     \
    do {                                                                  \
        tn_diag d_ = TN_ZERO;                                             \
        ctx.diag = &d_;                                                   \
        for (int i_ = 0; i_ < 16; i_++) y[i_] = 5.0f;                     \
        assert_int_equal(call, code);                                     \
        assert_int_equal(d_.status, code);                                \
        assert_int_equal(d_.arg, argument);                               \
        ctx.diag = NULL; \
        for (int i_ = 0; i_ < 16; i_++) assert_true(bits_of(y[i_]) == bits_of(5.0f)); \
    } while (0)

static tn_tensor read_only(tn_tensor t) { t.flags = TN_READONLY; return t; }

static void refusals(void **state)
{
    float y[16] = { 0 }, x[16] = { 0 };
    const tn_random r = { 1, 0, 0, 0, 0 };
    tn_context ctx = TN_ZERO;
    const tn_tensor t = tn_view(y, 0, 1, 16, 0, 0, 0), whole = tn_as(t, TN_I32),
        fixed = read_only(tn_view(y, 0, 1, 16, 0, 0, 0)), hole = tn_view(NULL, 0, 1, 16, 0, 0, 0);
    const tn_tensor in = tn_view(x, 0, 1, 16, 0, 0, 0), less = tn_view(x, 0, 1, 15, 0, 0, 0),
        square = tn_view(y, 0, 2, 4, 4, 0, 0);
    const tn_tensor empty = tn_view(y, 0, 2, 4, 0, 0, 0), shifted = tn_view(y + 1, 0, 1, 15, 0, 0, 0),
        front = tn_view(y, 0, 1, 15, 0, 0, 0);
    const tn_tensor odd = tn_view(y, 0, 1, 15, 0, 0, 0);
    tn_tensor crooked = front;
    (void)state;
    crooked.data = (char *)y + 1;
    REFUSED(TN_E_NULL, 0, tn_random_uniform(&ctx, NULL, &r, 0, 1));
    REFUSED(TN_E_NULL, 1, tn_random_uniform(&ctx, &t, NULL, 0, 1));
    REFUSED(TN_E_NULL, 0, tn_random_uniform(&ctx, &hole, &r, 0, 1));
    REFUSED(TN_E_DTYPE, 0, tn_random_uniform(&ctx, &whole, &r, 0, 1));
    REFUSED(TN_E_ARG, 0, tn_random_uniform(&ctx, &fixed, &r, 0, 1));
    REFUSED(TN_E_ALIGN, 0, tn_random_uniform(&ctx, &crooked, &r, 0, 1));
    REFUSED(TN_E_EMPTY, 0, tn_random_uniform(&ctx, &empty, &r, 0, 1));
    REFUSED(TN_E_ARG, 3, tn_random_uniform(&ctx, &t, &r, 1, 1));
    REFUSED(TN_E_ARG, 3, tn_random_uniform(&ctx, &t, &r, 2, 1));
    REFUSED(TN_E_ARG, 3, tn_random_uniform(&ctx, &t, &r, NAN, 1));
    REFUSED(TN_E_ARG, 3, tn_random_uniform(&ctx, &t, &r, 0, INFINITY));
    REFUSED(TN_E_ARG, 3, tn_random_uniform(&ctx, &t, &r, -3e38f, 3e38f));
    REFUSED(TN_E_NULL, 0, tn_random_normal(&ctx, NULL, &r, 0, 1));
    REFUSED(TN_E_NULL, 1, tn_random_normal(&ctx, &t, NULL, 0, 1));
    REFUSED(TN_E_DTYPE, 0, tn_random_normal(&ctx, &whole, &r, 0, 1));
    REFUSED(TN_E_ARG, 0, tn_random_normal(&ctx, &fixed, &r, 0, 1));
    REFUSED(TN_E_ARG, 2, tn_random_normal(&ctx, &t, &r, NAN, 1));
    REFUSED(TN_E_ARG, 2, tn_random_normal(&ctx, &t, &r, -INFINITY, 1));
    REFUSED(TN_E_ARG, 3, tn_random_normal(&ctx, &t, &r, 0, -1));
    REFUSED(TN_E_ARG, 3, tn_random_normal(&ctx, &t, &r, 0, NAN));
    REFUSED(TN_E_NULL, 1, tn_dropout(&ctx, &t, NULL, &r, 0.5f));
    REFUSED(TN_E_NULL, 2, tn_dropout(&ctx, &t, &in, NULL, 0.5f));
    REFUSED(TN_E_ARG, 3, tn_dropout(&ctx, &t, &in, &r, 1.0f));
    REFUSED(TN_E_ARG, 3, tn_dropout(&ctx, &t, &in, &r, -0.1f));
    REFUSED(TN_E_ARG, 3, tn_dropout(&ctx, &t, &in, &r, NAN));
    REFUSED(TN_E_FEATURES, 0, tn_dropout(&ctx, &t, &less, &r, 0.5f));
    REFUSED(TN_E_RANK, 0, tn_dropout(&ctx, &square, &in, &r, 0.5f));
    REFUSED(TN_E_ALIAS, 0, tn_dropout(&ctx, &shifted, &front, &r, 0.5f));
    REFUSED(TN_E_DTYPE, 0, tn_dropout(&ctx, &whole, &in, &r, 0.5f));
    REFUSED(TN_E_NULL, 0, tn_initialize(&ctx, NULL, &r, TN_ZEROS));
    REFUSED(TN_E_NULL, 1, tn_initialize(&ctx, &t, NULL, TN_HE_NORMAL));
    REFUSED(TN_E_ARG, 2, tn_initialize(&ctx, &t, &r, -1));
    REFUSED(TN_E_ARG, 2, tn_initialize(&ctx, &t, &r, TN_LSTM_BIAS + 1));
    REFUSED(TN_E_RANK, 0, tn_initialize(&ctx, &t, &r, TN_ORTHOGONAL));
    REFUSED(TN_E_RANK, 0, tn_initialize(&ctx, &square, &r, TN_LSTM_BIAS));
    REFUSED(TN_E_FEATURES, 0, tn_initialize(&ctx, &odd, &r, TN_LSTM_BIAS));
    REFUSED(TN_E_DTYPE, 0, tn_initialize(&ctx, &whole, &r, TN_ZEROS));
    REFUSED(TN_E_ARG, 0, tn_initialize(&ctx, &fixed, &r, TN_ZEROS));
    REFUSED(TN_E_EMPTY, 0, tn_initialize(&ctx, &empty, &r, TN_ZEROS));
}

static void queries_and_empty_batches(void **state)
{
    const tn_random r = { 1, 0, 0, 0, 0 };
    const tn_tensor hole = tn_view(NULL, TN_IO, 2, 4, 4, 0, 0), none = tn_view(NULL, TN_NF, 2, 0, 4, 0, 0);
    tn_context ctx = TN_ZERO;
    (void)state;
    assert_int_equal(tn_random_uniform(NULL, &none, &r, 0, 1), TN_OK);
    assert_int_equal(tn_random_normal(NULL, &none, &r, 0, 1), TN_OK);
    assert_int_equal(tn_dropout(NULL, &none, &none, &r, 0.5f), TN_OK);
    ctx.query = 1;
    ctx.need = 7;
    assert_int_equal(tn_random_uniform(&ctx, &hole, &r, 0, 1), TN_OK);
    assert_int_equal(tn_random_normal(&ctx, &hole, &r, 0, 1), TN_OK);
    assert_int_equal(tn_dropout(&ctx, &hole, &hole, &r, 0.5f), TN_OK);
    assert_int_equal(tn_initialize(&ctx, &hole, &r, TN_ORTHOGONAL), TN_OK);
    assert_int_equal(ctx.need, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(philox_known_answers), cmocka_unit_test(golden_values),
            cmocka_unit_test(uniform_is_the_oracle),
        cmocka_unit_test(normal_is_the_oracle), cmocka_unit_test(normal_at_the_ends),
            cmocka_unit_test(place_and_threads_do_not_matter),
        cmocka_unit_test(uniform_statistics), cmocka_unit_test(uniform_stays_below_high),
            cmocka_unit_test(normal_statistics),
        cmocka_unit_test(order_is_a_bijection), cmocka_unit_test(order_is_even),
            cmocka_unit_test(order_follows_the_key_alone),
        cmocka_unit_test(dropout_is_the_oracle), cmocka_unit_test(a_draw_equal_to_the_rate_is_kept),
            cmocka_unit_test(dropout_over_many_tasks), cmocka_unit_test(fans_and_spread),
        cmocka_unit_test(truncated_normal_is_the_oracle), cmocka_unit_test(orthogonal_is_orthonormal),
            cmocka_unit_test(orthogonal_is_even),
        cmocka_unit_test(constants), cmocka_unit_test(refusals), cmocka_unit_test(queries_and_empty_batches),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
