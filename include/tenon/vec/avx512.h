/* vec/avx512.h - the vocabulary on AVX-512 F+DQ+BW+VL: 16 floats. vec/scalar.h says what each word means. */
#define TNV_LANES 16
#define TNV_TILE_ROWS 14
#define TNV_TILE_VECS 2
#define TNV_WIDE_ROWS 6 /* of two panels: fewer loads for an fma than 14 rows of one */
#define TNV_EACH_WIDE_HEIGHT(TILE) TILE(4) TILE(5) TILE(6)
#define TNV_TILE_PACKED 0 /* unrolling k gains nothing here */
#define TNV_EACH_HEIGHT(TILE) \
    TILE(1) TILE(2) TILE(3) TILE(4) TILE(5) TILE(6) TILE(7) TILE(8) TILE(9) TILE(10) TILE(11) TILE(12) TILE(13) TILE(14)
#define TNV_TARGET TNI_TARGET("avx512f,avx512dq,avx512bw,avx512vl,avx2,fma")
#define TNV_UNROLL TNI_UNROLL
#define TNV_FN static TNI_INLINE TNI_UNUSED TNV_TARGET

typedef __m512 tnv_f32;
typedef __m512i tnv_i32;
typedef __mmask16 tnv_bool;
typedef __mmask16 tnv_tail;

TNV_FN tnv_i32 tnv_bits(tnv_f32 v) { return _mm512_castps_si512(v); }
TNV_FN tnv_f32 tnv_float(tnv_i32 i) { return _mm512_castsi512_ps(i); }
TNV_FN tnv_f32 tnv_set1(float x) { return _mm512_set1_ps(x); }
TNV_FN tnv_f32 tnv_set1_at(const float *p) { return tnv_set1(*p); }
TNV_FN tnv_i32 tnv_iset1(int32_t x) { return _mm512_set1_epi32(x); }
TNV_FN tnv_f32 tnv_load(const float *p) { return _mm512_loadu_ps(p); }
TNV_FN void tnv_store(float *p, tnv_f32 v) { _mm512_storeu_ps(p, v); }
TNV_FN tnv_tail tnv_first(size_t n) { return (__mmask16)((1u << n) - 1u); }
TNV_FN tnv_f32 tnv_load_first(const float *p, tnv_tail t) { return _mm512_maskz_loadu_ps(t, p); }
TNV_FN tnv_f32 tnv_load_first_or(const float *p, tnv_tail t, tnv_f32 x) { return _mm512_mask_loadu_ps(x, t, p); }
TNV_FN void tnv_store_first(float *p, tnv_f32 v, tnv_tail t) { _mm512_mask_storeu_ps(p, t, v); }
/* transposes 4x4 in each 128 bits; its own inverse */
TNV_FN void TNI_PASTE(tni_4x4_, TNI_PASS)(__m512 *w, const __m512 *v)
{
    const __m512 a = _mm512_unpacklo_ps(v[0], v[1]), b = _mm512_unpackhi_ps(v[0], v[1]);
    const __m512 c = _mm512_unpacklo_ps(v[2], v[3]), d = _mm512_unpackhi_ps(v[2], v[3]);
    w[0] = _mm512_shuffle_ps(a, c, 0x44); w[1] = _mm512_shuffle_ps(a, c, 0xee);
    w[2] = _mm512_shuffle_ps(b, d, 0x44); w[3] = _mm512_shuffle_ps(b, d, 0xee);
}
TNV_FN void tnv_load4(tnv_f32 *v, const float *p, size_t s)
{
    __m512 w[4];
    size_t j;
    TNI_UNROLL for (j = 0; j < 4; j++) { /* inserts from memory run on either vector port, register shuffles on one */
        __m512 t = _mm512_castps128_ps512(_mm_loadu_ps(p + j * s));
        t = _mm512_insertf32x4(t, _mm_loadu_ps(p + (j + 4) * s), 1);
        t = _mm512_insertf32x4(t, _mm_loadu_ps(p + (j + 8) * s), 2);
        w[j] = _mm512_insertf32x4(t, _mm_loadu_ps(p + (j + 12) * s), 3);
    }
    TNI_PASTE(tni_4x4_, TNI_PASS)(v, w);
}
TNV_FN void tnv_store4(float *p, size_t s, const tnv_f32 *v)
{
    __m512 w[4];
    size_t j;
    TNI_PASTE(tni_4x4_, TNI_PASS)(w, v);
    TNI_UNROLL for (j = 0; j < 4; j++) {
        _mm_storeu_ps(p + j * s, _mm512_castps512_ps128(w[j]));
        _mm_storeu_ps(p + (j + 4) * s, _mm512_extractf32x4_ps(w[j], 1));
        _mm_storeu_ps(p + (j + 8) * s, _mm512_extractf32x4_ps(w[j], 2));
        _mm_storeu_ps(p + (j + 12) * s, _mm512_extractf32x4_ps(w[j], 3));
    }
}
TNV_FN tnv_f32 tnv_add(tnv_f32 a, tnv_f32 b) { return _mm512_add_ps(a, b); }
TNV_FN tnv_f32 tnv_sub(tnv_f32 a, tnv_f32 b) { return _mm512_sub_ps(a, b); }
TNV_FN tnv_f32 tnv_mul(tnv_f32 a, tnv_f32 b) { return _mm512_mul_ps(a, b); }
TNV_FN tnv_f32 tnv_div(tnv_f32 a, tnv_f32 b) { return _mm512_div_ps(a, b); }
TNV_FN tnv_f32 tnv_sqrt(tnv_f32 v) { return _mm512_sqrt_ps(v); }
TNV_FN tnv_f32 tnv_abs(tnv_f32 v) { return _mm512_andnot_ps(_mm512_set1_ps(-0.0f), v); }
TNV_FN tnv_f32 tnv_neg(tnv_f32 v) { return _mm512_xor_ps(_mm512_set1_ps(-0.0f), v); }
TNV_FN tnv_f32 tnv_with_sign(tnv_f32 v, tnv_f32 x) { return _mm512_or_ps(v, _mm512_and_ps(_mm512_set1_ps(-0.0f), x)); }
TNV_FN tnv_f32 tnv_fma(tnv_f32 a, tnv_f32 b, tnv_f32 c) { return _mm512_fmadd_ps(a, b, c); }
TNV_FN tnv_f32 tnv_fnma(tnv_f32 a, tnv_f32 b, tnv_f32 c) { return _mm512_fnmadd_ps(a, b, c); }
TNV_FN tnv_bool tnv_gt(tnv_f32 a, tnv_f32 b) { return _mm512_cmp_ps_mask(a, b, _CMP_GT_OQ); }
TNV_FN tnv_bool tnv_ge(tnv_f32 a, tnv_f32 b) { return _mm512_cmp_ps_mask(a, b, _CMP_GE_OQ); }
TNV_FN tnv_bool tnv_eq(tnv_f32 a, tnv_f32 b) { return _mm512_cmp_ps_mask(a, b, _CMP_EQ_OQ); }
TNV_FN tnv_bool tnv_nan(tnv_f32 v) { return _mm512_cmp_ps_mask(v, v, _CMP_UNORD_Q); }
TNV_FN tnv_bool tnv_and(tnv_bool m, tnv_bool n) { return (__mmask16)(m & n); }
TNV_FN tnv_bool tnv_or(tnv_bool m, tnv_bool n) { return (__mmask16)(m | n); }
TNV_FN tnv_bool tnv_not(tnv_bool m) { return (__mmask16)~m; }
TNV_FN tnv_f32 tnv_select(tnv_bool m, tnv_f32 yes, tnv_f32 no) { return _mm512_mask_blend_ps(m, no, yes); }
/* vmaxps gives b where either is NaN or both are zero: only a NaN in a is left to mend */
TNV_FN tnv_f32 tnv_max(tnv_f32 a, tnv_f32 b) { return _mm512_mask_mov_ps(_mm512_max_ps(a, b), tnv_nan(a), a); }
TNV_FN tnv_f32 tnv_min(tnv_f32 a, tnv_f32 b) { return _mm512_mask_mov_ps(_mm512_min_ps(a, b), tnv_nan(a), a); }
TNV_FN float tnv_sum16(const tnv_f32 *s)
{
    const __m256 a = _mm256_add_ps(_mm512_castps512_ps256(s[0]), _mm512_extractf32x8_ps(s[0], 1));
    __m128 b = _mm_add_ps(_mm256_castps256_ps128(a), _mm256_extractf128_ps(a, 1));
    b = _mm_add_ps(b, _mm_movehl_ps(b, b));
    return _mm_cvtss_f32(_mm_add_ss(b, _mm_movehdup_ps(b)));
}
TNV_FN float tnv_max16(const tnv_f32 *s)
{
    __m512 a = tnv_max(s[0], _mm512_shuffle_f32x4(s[0], s[0], 0x4e));
    a = tnv_max(a, _mm512_shuffle_f32x4(a, a, 0xb1));
    a = tnv_max(a, _mm512_permute_ps(a, 0x4e));
    a = tnv_max(a, _mm512_permute_ps(a, 0xb1));
    return _mm512_cvtss_f32(a);
}
TNV_FN tnv_f32 tnv_round(tnv_f32 v) { return _mm512_roundscale_ps(v, 0); }
TNV_FN tnv_i32 tnv_to_int(tnv_f32 v) { return _mm512_cvttps_epi32(v); }
TNV_FN tnv_f32 tnv_to_float(tnv_i32 i) { return _mm512_cvtepi32_ps(i); }
TNV_FN tnv_i32 tnv_iadd(tnv_i32 a, tnv_i32 b) { return _mm512_add_epi32(a, b); }
TNV_FN tnv_i32 tnv_isub(tnv_i32 a, tnv_i32 b) { return _mm512_sub_epi32(a, b); }
TNV_FN tnv_i32 tnv_iand(tnv_i32 a, tnv_i32 b) { return _mm512_and_si512(a, b); }
TNV_FN tnv_i32 tnv_ior(tnv_i32 a, tnv_i32 b) { return _mm512_or_si512(a, b); }
TNV_FN tnv_i32 tnv_ixor(tnv_i32 a, tnv_i32 b) { return _mm512_xor_si512(a, b); }
#define tnv_ishl_avx512(i, n) _mm512_slli_epi32(i, n)
#define tnv_ishr_avx512(i, n) _mm512_srai_epi32(i, n)
TNV_FN tnv_f32 tnv_ldexp(tnv_f32 v, tnv_f32 n) { return tnv_float(tnv_iadd(tnv_bits(v), tnv_ishl(tnv_to_int(n), 23))); }
