/* tests/test_vec.c - each word of vec/ means what vec/scalar.h says, on every instruction set, and what it touches. */
#define TNI_TEST_PASS "../tests/words_pass.h"
#include "test.h"
#include "words.h"

#define FOR_EACH_WORDS(w) \
    for (int32_t each_isa = TN_ISA_SCALAR; each_isa <= TN_ISA_NEON; each_isa++) \
        for (const test_words *w = tn_isa_use(each_isa) == TN_OK ? words_of(each_isa) : NULL; w; w = NULL)

enum { ROUNDS = 40000 };

static void fill_operands(float *p, int operands)
{
    size_t i;
    if (operands == OF_FLOATS) { fill_specials(p, 16); return; }
    for (i = 0; i < 16; i++) {
        p[i] = word_float(random_bits());
        if (operands != OF_WHOLE) continue;
        p[i] = (float)(int32_t)(random_bits() >> random_bits() % 31) * (random_bits() & 1 ? 1.0f : -1.0f);
        if (p[i] >= 2147483648.0f) p[i] = 2147483520.0f;
    }
}

/* Any bit patterns; c within two steps of -a b in one case out of four; in another a b lies midway between two floats
 * and c, far below double's last bit, decides. */
static void fill_hard(float *a, float *b, float *c)
{
    for (size_t i = 0; i < 16; i++) {
        a[i] = word_float(random_bits());
        b[i] = random_bits() & 1 ? word_float(random_bits()) : word_float((random_bits() & 0x807fffffu) | (127u << 23));
        c[i] = word_float(random_bits());
        if (random_bits() % 4 == 0) {
            c[i] = word_float(word_bits(-a[i] * b[i]) + random_bits() % 5 - 2);
        } else if (random_bits() % 3 == 0) {
            a[i] = (float)(random_int(2900, 4095) | 1);
            b[i] = (float)(random_int(5800, 8191) | 1);
            c[i] = ldexpf(random_bits() & 1 ? 1.5f : -1.5f, random_int(-120, -31));
        }
    }
}

#define MEANING(name, operands, words, meaning)                      \
    static float meaning_##name(float a, float b, float c, float a0) \
    {                                                                \
        (void)a;                                                     \
        (void)b;                                                     \
        (void)c;                                                     \
        (void)a0;                                                    \
        return meaning;                                              \
    }
TEST_WORDS(MEANING)

static void check_word(const char *name, test_word *word, float (*meaning)(float, float, float, float), int operands)
{
    for (int round = 0; round < ROUNDS; round++) {
        float a[16], b[16], c[16], y[16];
        if (operands == OF_FLOATS && round % 2) {
            fill_hard(a, b, c);
        } else {
            fill_operands(a, operands);
            fill_operands(b, operands);
            fill_operands(c, operands);
        }
        if (operands == OF_EXPONENTS)
            for (int i = 0; i < 16; i++) {
                a[i] = ldexpf(random_float(1.0f, 2.0f), random_int(-60, 60)) * (random_bits() & 1 ? 1.0f : -1.0f);
                b[i] = (float)random_int(-66, 66);
            }
        word(y, a, b, c);
        for (int i = 0; i < 16; i++) {
            const float want = meaning(a[i], b[i], c[i], a[0]);
            if (operands == OF_FLOATS ? bits_of(y[i]) != bits_of(want) : memcmp(&y[i], &want, sizeof want) != 0)
                fail_msg("%s(%a, %a, %a) is %a, must be %a (%s, lane %d)", name, (double)a[i], (double)b[i],
                         (double)c[i], (double)y[i], (double)want, tn_isa_name(), i);
        }
    }
}

#define TEST_WORD(name, operands, words, meaning) \
    static void word_##name##_means_what_the_dictionary_says(void **state) \
    { \
        (void)state; \
        FOR_EACH_WORDS(w) check_word(#name, w->name, meaning_##name, operands); \
    }
TEST_WORDS(TEST_WORD)

/* The cases the dictionary names, as literals. */
static void max_and_min_keep_nan_and_take_b_of_equals(void **state)
{
    static const float cases[][4] = { /* a, b, max, min */
                                      { NAN, 1.0f, NAN, NAN },        { 1.0f, NAN, NAN, NAN },
                                      { NAN, INFINITY, NAN, NAN },    { -INFINITY, NAN, NAN, NAN },
                                      { 0.0f, -0.0f, -0.0f, -0.0f },  { -0.0f, 0.0f, 0.0f, 0.0f },
                                      { 1.0f, 2.0f, 2.0f, 1.0f },     { INFINITY, -INFINITY, INFINITY, -INFINITY },
                                      { 1e-45f, 0.0f, 1e-45f, 0.0f }, { -1e-45f, -0.0f, -0.0f, -1e-45f }
    };
    (void)state;
    FOR_EACH_WORDS(w)
        for (size_t k = 0; k < COUNT(cases); k++) {
            float a[16], b[16], y[16];
            for (int i = 0; i < 16; i++) { a[i] = cases[k][0]; b[i] = cases[k][1]; }
            w->max(y, a, b, b);
            for (int i = 0; i < 16; i++) assert_int_equal(bits_of(y[i]), bits_of(cases[k][2]));
            w->min(y, a, b, b);
            for (int i = 0; i < 16; i++) assert_int_equal(bits_of(y[i]), bits_of(cases[k][3]));
        }
}

/* Lane i with i + 8, then i + 4, 2, 1: written out, so that no loop is shared with the library. */
static float sum_tree(const float *s)
{
    const float a0 = s[0] + s[8], a1 = s[1] + s[9], a2 = s[2] + s[10], a3 = s[3] + s[11];
    const float a4 = s[4] + s[12], a5 = s[5] + s[13], a6 = s[6] + s[14], a7 = s[7] + s[15];
    const float b0 = a0 + a4, b1 = a1 + a5, b2 = a2 + a6, b3 = a3 + a7;
    const float c0 = b0 + b2, c1 = b1 + b3;
    return c0 + c1;
}
static float max_of(float a, float b) { return a != a || a > b ? a : b; }
static float max_tree(const float *s)
{
    float b[4];
    for (int i = 0; i < 4; i++) b[i] = max_of(max_of(s[i], s[i + 8]), max_of(s[i + 4], s[i + 12]));
    return max_of(max_of(b[0], b[2]), max_of(b[1], b[3]));
}
static void sum16_and_max16_run_over_the_one_tree(void **state)
{
    (void)state;
    FOR_EACH_WORDS(w)
        for (int round = 0; round < ROUNDS; round++) {
            float s[16], y[16], want;
            if (round % 2) fill_specials(s, 16);
            else for (int i = 0; i < 16; i++) s[i] = ldexpf(random_float(-1.0f, 1.0f), random_int(-12, 12));
            w->sum16(y, s, s, s);
            want = sum_tree(s);
            ASSERT_SAME_BITS(y, &want, 1);
            w->max16(y, s, s, s);
            want = max_tree(s);
            ASSERT_SAME_BITS(y, &want, 1);
        }
}

static void fma_is_rounded_once(void **state)
{
    (void)state;
    FOR_EACH_WORDS(w)
        for (int round = 0; round < 1000000 / 16; round++) {
            float a[16], b[16], c[16], y[16];
            fill_hard(a, b, c);
            w->fma(y, a, b, c);
            for (int i = 0; i < 16; i++) {
                const float want = fmaf(a[i], b[i], c[i]);
                ASSERT_SAME_BITS(&y[i], &want, 1);
            }
        }
}

/* Every n, at the end of the mapped page and at its beginning: what lies beyond n is neither read nor written. */
static void loads_and_stores_touch_the_first_n_alone(void **state)
{
    (void)state;
    FOR_EACH_WORDS(w)
        for (size_t n = 0; n <= w->lanes; n++)
            for (int at_end = 0; at_end < 2; at_end++) {
                float *const p = fence_floats(n, at_end), v[16], y[16];
                fill_specials(p, n);
                fill_floats(v, 16, 1.0f, 2.0f);
                w->load_first(y, p, n);
                for (size_t i = 0; i < w->lanes; i++) assert_int_equal(bits_of(y[i]), i < n ? bits_of(p[i]) : 0);
                w->load_first_or(y, p, n, v);
                for (size_t i = 0; i < w->lanes; i++) assert_int_equal(bits_of(y[i]), bits_of(i < n ? p[i] : v[i]));
                w->store_first(p, v, n);
                assert_memory_equal(p, v, n * sizeof *p);
                if (n == w->lanes) {
                    w->load(y, p);
                    assert_memory_equal(y, p, n * sizeof *p);
                }
                /* and in the middle of memory nothing beyond them changes */
                fill_floats(y, 16, 3.0f, 4.0f);
                w->store_first(y, v, n);
                for (size_t i = 0; i < 16; i++) assert_true(i < n ? y[i] < 3.0f : y[i] >= 3.0f);
                fence_clear();
            }
}

static void load4_and_store4_turn_rows_into_columns(void **state)
{
    (void)state;
    FOR_EACH_WORDS(w)
        for (size_t s = 4; s < 9; s++)
            for (int at_end = 0; at_end < 2; at_end++) {
                const size_t size = (w->lanes - 1) * s + 4;
                float *const p = fence_floats(size, at_end), *const q = fence_floats(size, at_end), y[64];
                for (size_t i = 0; i < size; i++) p[i] = (float)i;
                memset(q, 0, size * sizeof *q);
                w->load4(y, p, s);
                w->store4(q, s, y);
                for (size_t r = 0; r < w->lanes; r++)
                    for (size_t j = 0; j < s && r * s + j < size; j++) {
                        if (j < 4) assert_int_equal(bits_of(y[j * w->lanes + r]), bits_of(p[r * s + j]));
                        assert_int_equal(bits_of(q[r * s + j]), j < 4 ? bits_of(p[r * s + j]) : 0);
                    }
                fence_clear();
            }
}

#define ENTRY(name, operands, words, meaning) cmocka_unit_test(word_##name##_means_what_the_dictionary_says),
int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST_WORDS(ENTRY)
        cmocka_unit_test(max_and_min_keep_nan_and_take_b_of_equals),
        cmocka_unit_test(sum16_and_max16_run_over_the_one_tree),
        cmocka_unit_test(fma_is_rounded_once),
        cmocka_unit_test(loads_and_stores_touch_the_first_n_alone),
        cmocka_unit_test(load4_and_store4_turn_rows_into_columns)
    };
    return cmocka_run_group_tests_name("vec", tests, NULL, NULL);
}
