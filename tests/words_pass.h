/* tests/words_pass.h - every word as a function over 16 floats, and each of vec/math.h over n, in a table; impl/pass.h
 * includes this once per instruction set where TNI_TEST_PASS names it. */
#ifndef TEST_WORDS

/* What the operands of a word are drawn from: any floats with the special ones, any bit patterns, whole floats within
 * int32, a normal float and a small whole one. */
enum { OF_FLOATS, OF_BITS, OF_WHOLE, OF_EXPONENTS };

/* X(name, operands, in words, in C for one float) */
#define TEST_WORDS(X) \
    X(set1, OF_FLOATS, tnv_set1(pa[0]), a0) \
    X(set1_at, OF_FLOATS, tnv_set1_at(pa), a0) \
    X(iset1, OF_BITS, tnv_float(tnv_iset1((int32_t)word_bits(pa[0]))), a0) \
    X(add, OF_FLOATS, tnv_add(a, b), a + b) \
    X(sub, OF_FLOATS, tnv_sub(a, b), a - b) \
    X(mul, OF_FLOATS, tnv_mul(a, b), a * b) \
    X(div, OF_FLOATS, tnv_div(a, b), a / b) \
    X(sqrt, OF_FLOATS, tnv_sqrt(a), (float)sqrt((double)a)) \
    X(abs, OF_FLOATS, tnv_abs(a), fabsf(a)) \
    X(neg, OF_FLOATS, tnv_neg(a), -a) \
    X(with_sign, OF_FLOATS, tnv_with_sign(tnv_abs(a), b), copysignf(a, b)) \
    X(fma, OF_FLOATS, tnv_fma(a, b, c), fmaf(a, b, c)) \
    X(fnma, OF_FLOATS, tnv_fnma(a, b, c), fmaf(-a, b, c)) \
    X(mul_add, OF_FLOATS, tnv_add(tnv_mul(a, b), c), word_sum(a * b, c)) /* two roundings: not to be contracted */ \
    X(mul_sub, OF_FLOATS, tnv_sub(c, tnv_mul(a, b)), word_sum(-(a * b), c)) \
    X(max, OF_FLOATS, tnv_max(a, b), a != a || a > b ? a : b) \
    X(min, OF_FLOATS, tnv_min(a, b), a != a || a < b ? a : b) \
    X(round, OF_FLOATS, tnv_round(a), nearbyintf(a)) \
    X(ldexp, OF_EXPONENTS, tnv_ldexp(a, b), ldexpf(a, (int)b)) \
    X(gt, OF_FLOATS, tnv_select(tnv_gt(a, b), a, c), a > b ? a : c) \
    X(ge, OF_FLOATS, tnv_select(tnv_ge(a, b), a, c), a >= b ? a : c) \
    X(eq, OF_FLOATS, tnv_select(tnv_eq(a, b), b, c), a == b ? b : c) \
    X(nan, OF_FLOATS, tnv_select(tnv_nan(a), b, c), a != a ? b : c) \
    X(both, OF_FLOATS, tnv_select(tnv_and(tnv_gt(a, b), tnv_gt(a, c)), b, c), a > b && a > c ? b : c) \
    X(either, OF_FLOATS, tnv_select(tnv_or(tnv_gt(a, b), tnv_gt(a, c)), b, c), a > b || a > c ? b : c) \
    X(negated, OF_FLOATS, tnv_select(tnv_not(tnv_gt(a, b)), b, c), !(a > b) ? b : c) \
    X(to_int, OF_WHOLE, tnv_float(tnv_to_int(a)), word_float((uint32_t)(int32_t)a)) \
    X(to_float, OF_BITS, tnv_to_float(tnv_bits(a)), (float)(int32_t)word_bits(a)) \
    X(iadd, OF_BITS, tnv_float(tnv_iadd(tnv_bits(a), tnv_bits(b))), word_float(word_bits(a) + word_bits(b))) \
    X(isub, OF_BITS, tnv_float(tnv_isub(tnv_bits(a), tnv_bits(b))), word_float(word_bits(a) - word_bits(b))) \
    X(iand, OF_BITS, tnv_float(tnv_iand(tnv_bits(a), tnv_bits(b))), word_float(word_bits(a) & word_bits(b))) \
    X(ior, OF_BITS, tnv_float(tnv_ior(tnv_bits(a), tnv_bits(b))), word_float(word_bits(a) | word_bits(b))) \
    X(ixor, OF_BITS, tnv_float(tnv_ixor(tnv_bits(a), tnv_bits(b))), word_float(word_bits(a) ^ word_bits(b))) \
    X(ishl, OF_BITS, tnv_float(tnv_ishl(tnv_bits(a), 23)), word_float(word_bits(a) << 23)) \
    X(ishr, OF_BITS, tnv_float(tnv_ishr(tnv_bits(a), 9)), \
      word_float(word_bits(a) >> 9 | (word_bits(a) >> 31 ? 0xff800000u : 0)))

/* The same over all 16 lanes, the result in y[0]. */
#define TEST_WORDS_ACROSS(X) X(sum16) X(max16)

/* The functions of one variable in vec/math.h, each over n floats: y may be x. */
#define TEST_MATH(X) X(exp) X(exp_neg) X(expm1) X(log) X(log1p) X(tanh) X(sigmoid) X(softplus) X(erf)

typedef void test_word(float *y, const float *pa, const float *pb, const float *pc);
#define WORD_FIELD(name, operands, words, meaning) test_word *name;
#define ACROSS_FIELD(name) test_word *name;
#define MATH_FIELD(name) void (*name)(float *y, const float *x, size_t n);
typedef struct test_words {
    size_t lanes;
    void (*load_first)(float *y, const float *p, size_t n);
    void (*load_first_or)(float *y, const float *p, size_t n, const float *x);
    void (*store_first)(float *p, const float *v, size_t n);
    void (*load)(float *y, const float *p);
    void (*load4)(float *y, const float *p, size_t s);   /* y: four vectors */
    void (*store4)(float *p, size_t s, const float *v);
    TEST_WORDS(WORD_FIELD)
    TEST_WORDS_ACROSS(ACROSS_FIELD)
    TEST_MATH(MATH_FIELD)
} test_words;
#undef WORD_FIELD
#undef ACROSS_FIELD
#undef MATH_FIELD

static TNI_UNUSED uint32_t word_bits(float x) { uint32_t u; memcpy(&u, &x, sizeof u); return u; }
static TNI_UNUSED float word_float(uint32_t u) { float x; memcpy(&x, &u, sizeof x); return x; }
static TNI_UNUSED float word_sum(volatile float a, float b) { return a + b; }
#endif

#define WORD(name, operands, words, meaning) \
    TNK_FN void TNK(word_##name)(float *y, const float *pa, const float *pb, const float *pc) \
    { \
        size_t i; \
        for (i = 0; i < 16; i += TNV_LANES) { \
            const tnv_f32 a = tnv_load(pa + i), b = tnv_load(pb + i), c = tnv_load(pc + i); \
            tnv_store(y + i, words); \
            (void)a; (void)b; (void)c; \
        } \
    }
#define ACROSS(name) \
    TNK_FN void TNK(word_##name)(float *y, const float *pa, const float *pb, const float *pc) \
    { \
        tnv_f32 s[TNV_VIRTUAL]; \
        size_t j; \
        for (j = 0; j < TNV_VIRTUAL; j++) s[j] = tnv_load(pa + j * TNV_LANES); \
        memset(y, 0, 16 * sizeof *y); \
        y[0] = tnv_##name(s); \
        (void)pb; (void)pc; \
    }
TEST_WORDS(WORD)
ACROSS(sum16)
ACROSS(max16)
#undef WORD
#undef ACROSS

#define MATH(name)                                                                                                     \
    TNK_FN void TNK(math_##name)(float *y, const float *x, size_t n)                                                   \
    {                                                                                                                  \
        size_t i = 0;                                                                                                  \
        for (; n - i >= TNV_LANES; i += TNV_LANES) tnv_store(y + i, tnv_##name(tnv_load(x + i)));                      \
        if (i < n)                                                                                                     \
            tnv_store_first(y + i, tnv_##name(tnv_load_first(x + i, tnv_first(n - i))), tnv_first(n - i));             \
    }
TEST_MATH(MATH)
#undef MATH

TNK_FN void TNK(word_load_first)(float *y, const float *p, size_t n) { tnv_store(y, tnv_load_first(p, tnv_first(n))); }
TNK_FN void TNK(word_load_first_or)(float *y, const float *p, size_t n, const float *x)
{
    tnv_store(y, tnv_load_first_or(p, tnv_first(n), tnv_load(x)));
}
TNK_FN void TNK(word_store_first)(float *p, const float *v, size_t n) { tnv_store_first(p, tnv_load(v), tnv_first(n)); }
TNK_FN void TNK(word_load)(float *y, const float *p) { tnv_store(y, tnv_load(p)); }
TNK_FN void TNK(word_load4)(float *y, const float *p, size_t s)
{
    tnv_f32 v[4];
    size_t j;
    tnv_load4(v, p, s);
    for (j = 0; j < 4; j++) tnv_store(y + j * TNV_LANES, v[j]);
}
TNK_FN void TNK(word_store4)(float *p, size_t s, const float *y)
{
    tnv_f32 v[4];
    size_t j;
    for (j = 0; j < 4; j++) v[j] = tnv_load(y + j * TNV_LANES);
    tnv_store4(p, s, v);
}

#define WORD_ENTRY(name, operands, words, meaning) , TNK(word_##name)
#define ACROSS_ENTRY(name) , TNK(word_##name)
#define MATH_ENTRY(name) , TNK(math_##name)
static const test_words TNK(words) = {
    TNV_LANES, TNK(word_load_first), TNK(word_load_first_or), TNK(word_store_first),
    TNK(word_load), TNK(word_load4), TNK(word_store4)
    TEST_WORDS(WORD_ENTRY) TEST_WORDS_ACROSS(ACROSS_ENTRY) TEST_MATH(MATH_ENTRY)
};
#undef WORD_ENTRY
#undef ACROSS_ENTRY
#undef MATH_ENTRY
