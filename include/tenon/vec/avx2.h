/* vec/avx2.h - the vocabulary on AVX2 + FMA: 8 floats. vec/scalar.h says what each word means. */
#define TNV_LANES 8
#define TNV_TILE_ROWS 6
#define TNV_TILE_VECS 2
#define TNV_WIDE_ROWS 0 /* none */
#define TNV_EACH_WIDE_HEIGHT(TILE)
#define TNV_TILE_PACKED 1 /* unrolled, with constant steps, which compete with the fmas for ports: 84 -> 90 GFLOP/s */
#define TNV_EACH_HEIGHT(TILE) TILE(1) TILE(2) TILE(3) TILE(4) TILE(5) TILE(6)
#define TNV_TARGET TNI_TARGET("avx2,fma")
#define TNV_UNROLL TNI_UNROLL
#define TNV_FN static TNI_INLINE TNI_UNUSED TNV_TARGET

typedef __m256 tnv_f32;
typedef __m256i tnv_i32;
typedef __m256 tnv_bool;
/* not vmaskmov: AMD may fault on lanes that are masked off, and Zen 1 to 3 run it in microcode */
typedef unsigned tnv_tail;

TNV_FN tnv_i32 tnv_bits(tnv_f32 v) { return _mm256_castps_si256(v); }
TNV_FN tnv_f32 tnv_float(tnv_i32 i) { return _mm256_castsi256_ps(i); }
TNV_FN tnv_f32 tnv_set1(float x) { return _mm256_set1_ps(x); }
TNV_FN tnv_f32 tnv_set1_at(const float *p) { return tnv_set1(*p); }
TNV_FN tnv_i32 tnv_iset1(int32_t x) { return _mm256_set1_epi32(x); }
TNV_FN tnv_f32 tnv_load(const float *p) { return _mm256_loadu_ps(p); }
TNV_FN void tnv_store(float *p, tnv_f32 v) { _mm256_storeu_ps(p, v); }
TNV_FN tnv_tail tnv_first(size_t n) { return (unsigned)n; }
TNV_FN __m128 TNI_PASTE(tni_load_0to3_, TNI_PASS)(const float *p, unsigned n)
{
    const __m128 two = n & 2 ? _mm_castsi128_ps(_mm_loadl_epi64((const __m128i *)(const void *)p)) : _mm_setzero_ps();
    return n == 3 ? _mm_movelh_ps(two, _mm_load_ss(p + 2)) : n == 1 ? _mm_load_ss(p) : two;
}
TNV_FN tnv_f32 tnv_load_first(const float *p, tnv_tail n)
{
    if (n >= 8) return _mm256_loadu_ps(p);
    if (n < 4) return _mm256_insertf128_ps(_mm256_setzero_ps(), TNI_PASTE(tni_load_0to3_, TNI_PASS)(p, n), 0);
    return _mm256_insertf128_ps(_mm256_castps128_ps256(_mm_loadu_ps(p)),
                                TNI_PASTE(tni_load_0to3_, TNI_PASS)(p + 4, n & 3), 1);
}
TNV_FN tnv_f32 tnv_load_first_or(const float *p, tnv_tail n, tnv_f32 x)
{
    const __m256i in = _mm256_cmpgt_epi32(_mm256_set1_epi32((int)n), _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7));
    return _mm256_blendv_ps(x, tnv_load_first(p, n), _mm256_castsi256_ps(in));
}
TNV_FN void tnv_store_first(float *p, tnv_f32 v, tnv_tail n)
{
    __m128 part = _mm256_castps256_ps128(v);
    if (n >= 8) { _mm256_storeu_ps(p, v); return; }
    if (n & 4) { _mm_storeu_ps(p, part); p += 4; part = _mm256_extractf128_ps(v, 1); }
    if (n & 2) {
        _mm_storel_epi64((__m128i *)(void *)p, _mm_castps_si128(part));
        p += 2;
        part = _mm_movehl_ps(part, part);
    }
    if (n & 1) _mm_store_ss(p, part);
}
/* transposes 4x4 in each 128 bits; its own inverse */
TNV_FN void TNI_PASTE(tni_4x4_, TNI_PASS)(__m256 *w, const __m256 *v)
{
    const __m256 a = _mm256_unpacklo_ps(v[0], v[1]), b = _mm256_unpackhi_ps(v[0], v[1]);
    const __m256 c = _mm256_unpacklo_ps(v[2], v[3]), d = _mm256_unpackhi_ps(v[2], v[3]);
    w[0] = _mm256_shuffle_ps(a, c, 0x44); w[1] = _mm256_shuffle_ps(a, c, 0xee);
    w[2] = _mm256_shuffle_ps(b, d, 0x44); w[3] = _mm256_shuffle_ps(b, d, 0xee);
}
TNV_FN void tnv_load4(tnv_f32 *v, const float *p, size_t s)
{
    __m256 w[4];
    size_t j;
    TNI_UNROLL for (j = 0; j < 4; j++)
        w[j] = _mm256_insertf128_ps(_mm256_castps128_ps256(_mm_loadu_ps(p + j * s)), _mm_loadu_ps(p + (j + 4) * s), 1);
    TNI_PASTE(tni_4x4_, TNI_PASS)(v, w);
}
TNV_FN void tnv_store4(float *p, size_t s, const tnv_f32 *v)
{
    __m256 w[4];
    size_t j;
    TNI_PASTE(tni_4x4_, TNI_PASS)(w, v);
    TNI_UNROLL for (j = 0; j < 4; j++) {
        _mm_storeu_ps(p + j * s, _mm256_castps256_ps128(w[j]));
        _mm_storeu_ps(p + (j + 4) * s, _mm256_extractf128_ps(w[j], 1));
    }
}
TNV_FN tnv_f32 tnv_add(tnv_f32 a, tnv_f32 b) { return _mm256_add_ps(a, b); }
TNV_FN tnv_f32 tnv_sub(tnv_f32 a, tnv_f32 b) { return _mm256_sub_ps(a, b); }
TNV_FN tnv_f32 tnv_mul(tnv_f32 a, tnv_f32 b) { return _mm256_mul_ps(a, b); }
TNV_FN tnv_f32 tnv_div(tnv_f32 a, tnv_f32 b) { return _mm256_div_ps(a, b); }
TNV_FN tnv_f32 tnv_sqrt(tnv_f32 v) { return _mm256_sqrt_ps(v); }
TNV_FN tnv_f32 tnv_abs(tnv_f32 v) { return _mm256_andnot_ps(_mm256_set1_ps(-0.0f), v); }
TNV_FN tnv_f32 tnv_neg(tnv_f32 v) { return _mm256_xor_ps(_mm256_set1_ps(-0.0f), v); }
TNV_FN tnv_f32 tnv_with_sign(tnv_f32 v, tnv_f32 x) { return _mm256_or_ps(v, _mm256_and_ps(_mm256_set1_ps(-0.0f), x)); }
TNV_FN tnv_f32 tnv_fma(tnv_f32 a, tnv_f32 b, tnv_f32 c) { return _mm256_fmadd_ps(a, b, c); }
TNV_FN tnv_f32 tnv_fnma(tnv_f32 a, tnv_f32 b, tnv_f32 c) { return _mm256_fnmadd_ps(a, b, c); }
TNV_FN tnv_bool tnv_gt(tnv_f32 a, tnv_f32 b) { return _mm256_cmp_ps(a, b, _CMP_GT_OQ); }
TNV_FN tnv_bool tnv_ge(tnv_f32 a, tnv_f32 b) { return _mm256_cmp_ps(a, b, _CMP_GE_OQ); }
TNV_FN tnv_bool tnv_eq(tnv_f32 a, tnv_f32 b) { return _mm256_cmp_ps(a, b, _CMP_EQ_OQ); }
TNV_FN tnv_bool tnv_nan(tnv_f32 v) { return _mm256_cmp_ps(v, v, _CMP_UNORD_Q); }
TNV_FN tnv_bool tnv_and(tnv_bool m, tnv_bool n) { return _mm256_and_ps(m, n); }
TNV_FN tnv_bool tnv_or(tnv_bool m, tnv_bool n) { return _mm256_or_ps(m, n); }
TNV_FN tnv_bool tnv_not(tnv_bool m) { return _mm256_xor_ps(m, _mm256_castsi256_ps(_mm256_set1_epi32(-1))); }
TNV_FN tnv_f32 tnv_select(tnv_bool m, tnv_f32 yes, tnv_f32 no) { return _mm256_blendv_ps(no, yes, m); }
/* vmaxps gives b where either is NaN or both are zero: only a NaN in a is left to mend */
TNV_FN tnv_f32 tnv_max(tnv_f32 a, tnv_f32 b) { return _mm256_blendv_ps(_mm256_max_ps(a, b), a, tnv_nan(a)); }
TNV_FN tnv_f32 tnv_min(tnv_f32 a, tnv_f32 b) { return _mm256_blendv_ps(_mm256_min_ps(a, b), a, tnv_nan(a)); }
TNV_FN float tnv_sum16(const tnv_f32 *s)
{
    const __m256 a = _mm256_add_ps(s[0], s[1]);
    __m128 b = _mm_add_ps(_mm256_castps256_ps128(a), _mm256_extractf128_ps(a, 1));
    b = _mm_add_ps(b, _mm_movehl_ps(b, b));
    return _mm_cvtss_f32(_mm_add_ss(b, _mm_movehdup_ps(b)));
}
TNV_FN float tnv_max16(const tnv_f32 *s)
{
    __m256 a = tnv_max(s[0], s[1]);
    a = tnv_max(a, _mm256_permute2f128_ps(a, a, 1));
    a = tnv_max(a, _mm256_permute_ps(a, 0x4e));
    a = tnv_max(a, _mm256_permute_ps(a, 0xb1));
    return _mm_cvtss_f32(_mm256_castps256_ps128(a));
}
TNV_FN tnv_f32 tnv_round(tnv_f32 v) { return _mm256_round_ps(v, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC); }
TNV_FN tnv_i32 tnv_to_int(tnv_f32 v) { return _mm256_cvttps_epi32(v); }
TNV_FN tnv_f32 tnv_to_float(tnv_i32 i) { return _mm256_cvtepi32_ps(i); }
TNV_FN tnv_i32 tnv_iadd(tnv_i32 a, tnv_i32 b) { return _mm256_add_epi32(a, b); }
TNV_FN tnv_i32 tnv_isub(tnv_i32 a, tnv_i32 b) { return _mm256_sub_epi32(a, b); }
TNV_FN tnv_i32 tnv_iand(tnv_i32 a, tnv_i32 b) { return _mm256_and_si256(a, b); }
TNV_FN tnv_i32 tnv_ior(tnv_i32 a, tnv_i32 b) { return _mm256_or_si256(a, b); }
TNV_FN tnv_i32 tnv_ixor(tnv_i32 a, tnv_i32 b) { return _mm256_xor_si256(a, b); }
#define tnv_ishl_avx2(i, n) _mm256_slli_epi32(i, n)
#define tnv_ishr_avx2(i, n) _mm256_srai_epi32(i, n)
TNV_FN tnv_f32 tnv_ldexp(tnv_f32 v, tnv_f32 n) { return tnv_float(tnv_iadd(tnv_bits(v), tnv_ishl(tnv_to_int(n), 23))); }
