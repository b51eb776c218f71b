/* vec/scalar.h - the vocabulary on one float: the meaning of every word, which the other files of vec/ must match
 * bit for bit.
 *
 *   tnv_f32, tnv_i32        TNV_LANES floats, int32s              tnv_bool   TNV_LANES truth values
 *   tnv_tail                "the first n lanes", 0 <= n <= TNV_LANES, in whatever form suits the machine;
 *                           first(n) makes one
 *   load, store             any alignment; touch exactly TNV_LANES floats
 *   load_first, store_first touch exactly the first n floats and no byte more; load_first fills the rest with 0,
 *                           load_first_or with x
 *   load4(v, p, s)          v[j] lane r = p[r s + j], j < 4: four columns of TNV_LANES rows; store4(p, s, v) the
 *                           way back
 *   set1_at(p)              set1(*p), p a row's next element, for fma's first operand
 *   fma(a, b, c), fnma      a b + c, c - a b, rounded once
 *   max(a, b), min(a, b)    a where a > b (a < b) or a is NaN, else b: NaN always comes through, of equal zeros b
 *   with_sign(v, x)         v, not negative, with the sign of x          abs, neg   the sign bit alone, NaN too
 *   gt, ge, eq              false where either is NaN;  nan(v): v is NaN
 *   select(m, yes, no)      lane by lane;  and, or, not on truth values
 *   round                   to the nearest integer, ties to even
 *   ldexp(v, n)             v 2^n for whole n, v and the result normal: adds to the exponent bits (a multiplication
 *                           would be open to -ffast-math's distributive law, which loses everything near 2^-126);
 *                           other results and |n| above 300 are meaningless, and differ between machines
 *   sum16(s), max16(s)      over the 16 virtual lanes in s[0 .. 16 / TNV_LANES - 1]: lane i with i + 8, then 4, 2, 1;
 *                           max16 takes the lower as a
 *   bits, float             the bit pattern as int32 and back;  to_int: of whole floats below 2^31 in magnitude, else
 *                           meaningless;  to_float: rounded
 *   iadd isub iand ior ixor wrapping;  ishl(i, n), ishr(i, n): n constant, ishr arithmetic
 */
#define TNV_LANES 1
#define TNV_TILE_ROWS 4
#define TNV_TILE_VECS 4
#define TNV_WIDE_ROWS 0 /* none */
#define TNV_EACH_WIDE_HEIGHT(TILE)
#define TNV_TILE_PACKED 0
#define TNV_EACH_HEIGHT(TILE) TILE(1) TILE(2) TILE(3) TILE(4)
#define TNV_TARGET
#define TNV_UNROLL /* 16 vectors of one float: unrolled, a scalar build is three times as large */
#define TNV_FN static TNI_INLINE TNI_UNUSED

typedef float tnv_f32;
typedef int32_t tnv_i32;
typedef int tnv_bool;
typedef int tnv_tail;

TNV_FN tnv_i32 tnv_bits(tnv_f32 v) { int32_t i; memcpy(&i, &v, sizeof i); return i; }
TNV_FN tnv_f32 tnv_float(tnv_i32 i) { float v; memcpy(&v, &i, sizeof v); return v; }
TNV_FN tnv_f32 tnv_set1(float x) { return x; }
TNV_FN tnv_f32 tnv_set1_at(const float *p) { return tnv_set1(*p); }
TNV_FN tnv_i32 tnv_iset1(int32_t x) { return x; }
TNV_FN tnv_f32 tnv_load(const float *p) { return *p; }
TNV_FN void tnv_store(float *p, tnv_f32 v) { *p = v; }
TNV_FN tnv_tail tnv_first(size_t n) { return (int)n; }
TNV_FN tnv_f32 tnv_load_first_or(const float *p, tnv_tail t, tnv_f32 x) { return t ? *p : x; }
TNV_FN tnv_f32 tnv_load_first(const float *p, tnv_tail t) { return t ? *p : 0.0f; }
TNV_FN void tnv_store_first(float *p, tnv_f32 v, tnv_tail t) { if (t) *p = v; }
TNV_FN void tnv_load4(tnv_f32 *v, const float *p, size_t s) {
    (void)s; v[0] = p[0]; v[1] = p[1]; v[2] = p[2]; v[3] = p[3];
}
TNV_FN void tnv_store4(float *p, size_t s, const tnv_f32 *v) {
    (void)s; p[0] = v[0]; p[1] = v[1]; p[2] = v[2]; p[3] = v[3];
}
TNV_FN tnv_f32 tnv_add(tnv_f32 a, tnv_f32 b) { return a + b; }
TNV_FN tnv_f32 tnv_sub(tnv_f32 a, tnv_f32 b) { return a - b; }
TNV_FN tnv_f32 tnv_mul(tnv_f32 a, tnv_f32 b) { return a * b; }
TNV_FN tnv_f32 tnv_div(tnv_f32 a, tnv_f32 b) { return a / b; }
TNV_FN tnv_f32 tnv_sqrt(tnv_f32 v) { return sqrtf(v); }
TNV_FN tnv_f32 tnv_abs(tnv_f32 v) { return tnv_float(tnv_bits(v) & 0x7fffffff); }
TNV_FN tnv_f32 tnv_neg(tnv_f32 v) { return tnv_float(tnv_bits(v) ^ INT32_MIN); }
TNV_FN tnv_f32 tnv_with_sign(tnv_f32 v, tnv_f32 x) { return tnv_float(tnv_bits(v) | (tnv_bits(x) & INT32_MIN)); }
TNV_FN tnv_f32 tnv_fma(tnv_f32 a, tnv_f32 b, tnv_f32 c) { return tni_fma(a, b, c); }
TNV_FN tnv_f32 tnv_fnma(tnv_f32 a, tnv_f32 b, tnv_f32 c) { return tni_fma(-a, b, c); }
TNV_FN tnv_bool tnv_gt(tnv_f32 a, tnv_f32 b) { return a > b; }
TNV_FN tnv_bool tnv_ge(tnv_f32 a, tnv_f32 b) { return a >= b; }
TNV_FN tnv_bool tnv_eq(tnv_f32 a, tnv_f32 b) { return a <= b && a >= b; } /* without -Wfloat-equal's word */
TNV_FN tnv_bool tnv_nan(tnv_f32 v) { return !(v <= v); }
TNV_FN tnv_bool tnv_and(tnv_bool m, tnv_bool n) { return m && n; }
TNV_FN tnv_bool tnv_or(tnv_bool m, tnv_bool n) { return m || n; }
TNV_FN tnv_bool tnv_not(tnv_bool m) { return !m; }
TNV_FN tnv_f32 tnv_select(tnv_bool m, tnv_f32 yes, tnv_f32 no) { return m ? yes : no; }
TNV_FN tnv_f32 tnv_max(tnv_f32 a, tnv_f32 b) { return a > b || tnv_nan(a) ? a : b; }
TNV_FN tnv_f32 tnv_min(tnv_f32 a, tnv_f32 b) { return a < b || tnv_nan(a) ? a : b; }
TNV_FN float tnv_sum16(const tnv_f32 *s)
{
    float t[16];
    int w, i;
    memcpy(t, s, sizeof t);
    for (w = 8; w; w /= 2) for (i = 0; i < w; i++) t[i] = t[i] + t[i + w];
    return t[0];
}
TNV_FN float tnv_max16(const tnv_f32 *s)
{
    float t[16];
    int w, i;
    memcpy(t, s, sizeof t);
    for (w = 8; w; w /= 2) for (i = 0; i < w; i++) t[i] = tnv_max(t[i], t[i + w]);
    return t[0];
}
TNV_FN tnv_f32 tnv_round(tnv_f32 v) { return rintf(v); }
TNV_FN tnv_i32 tnv_to_int(tnv_f32 v) { return v >= -2147483648.0f && v < 2147483648.0f ? (int32_t)v : INT32_MIN; }
TNV_FN tnv_f32 tnv_to_float(tnv_i32 i) { return (float)i; }
TNV_FN tnv_i32 tnv_iadd(tnv_i32 a, tnv_i32 b) { return (int32_t)((uint32_t)a + (uint32_t)b); }
TNV_FN tnv_i32 tnv_isub(tnv_i32 a, tnv_i32 b) { return (int32_t)((uint32_t)a - (uint32_t)b); }
TNV_FN tnv_i32 tnv_iand(tnv_i32 a, tnv_i32 b) { return a & b; }
TNV_FN tnv_i32 tnv_ior(tnv_i32 a, tnv_i32 b) { return a | b; }
TNV_FN tnv_i32 tnv_ixor(tnv_i32 a, tnv_i32 b) { return a ^ b; }
#define tnv_ishl_scalar(i, n) ((int32_t)((uint32_t)(i) << (n)))
#define tnv_ishr_scalar(i, n) ((int32_t)(i) >> (n))
TNV_FN tnv_f32 tnv_ldexp(tnv_f32 v, tnv_f32 n) { return tnv_float(tnv_iadd(tnv_bits(v), tnv_ishl(tnv_to_int(n), 23))); }
