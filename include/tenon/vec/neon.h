/* vec/neon.h - the vocabulary on AArch64 NEON: 4 floats. vec/scalar.h says what each word means. */
#define TNV_LANES 4
#define TNV_TILE_ROWS 8
#define TNV_TILE_VECS 2
#define TNV_WIDE_ROWS 0 /* none */
#define TNV_EACH_WIDE_HEIGHT(TILE)
#define TNV_TILE_PACKED 0 /* gcc spills when it unrolls k: 94 % of the FMA peak, else 76 (bench/neon-mca) */
#define TNV_EACH_HEIGHT(TILE) TILE(1) TILE(2) TILE(3) TILE(4) TILE(5) TILE(6) TILE(7) TILE(8)
#define TNV_TARGET
#define TNV_UNROLL TNI_UNROLL
#define TNV_FN static TNI_INLINE TNI_UNUSED

typedef float32x4_t tnv_f32;
typedef int32x4_t tnv_i32;
typedef uint32x4_t tnv_bool;
typedef unsigned tnv_tail; /* no masked memory access here: the count */

TNV_FN tnv_i32 tnv_bits(tnv_f32 v) { return vreinterpretq_s32_f32(v); }
TNV_FN tnv_f32 tnv_float(tnv_i32 i) { return vreinterpretq_f32_s32(i); }
TNV_FN tnv_f32 tnv_set1(float x) { return vdupq_n_f32(x); }
TNV_FN tnv_f32 tnv_set1_at(const float *p)
{
    float x = *p;
#if defined(__GNUC__) || defined(__clang__)
    __asm__("" : "+w"(x)); /* else ld1r, which takes an FMA port: 8.5 or 9 cycles for a tile's 8 */
#endif
    return vdupq_n_f32(x);
}
TNV_FN tnv_i32 tnv_iset1(int32_t x) { return vdupq_n_s32(x); }
TNV_FN tnv_f32 tnv_load(const float *p) { return vld1q_f32(p); }
TNV_FN void tnv_store(float *p, tnv_f32 v) { vst1q_f32(p, v); }
TNV_FN tnv_tail tnv_first(size_t n) { return (unsigned)n; }
TNV_FN tnv_f32 tnv_load_first_or(const float *p, tnv_tail t, tnv_f32 x)
{
    float32x2_t low = vget_low_f32(x), high = vget_high_f32(x);
    if (t >= 4) return vld1q_f32(p);
    if (t & 2) {
        low = vld1_f32(p);
        if (t & 1) high = vld1_lane_f32(p + 2, high, 0);
    } else if (t & 1) {
        low = vld1_lane_f32(p, low, 0);
    }
    return vcombine_f32(low, high);
}
TNV_FN tnv_f32 tnv_load_first(const float *p, tnv_tail t) { return tnv_load_first_or(p, t, vdupq_n_f32(0.0f)); }
TNV_FN void tnv_store_first(float *p, tnv_f32 v, tnv_tail t)
{
    float32x2_t part = vget_low_f32(v);
    if (t >= 4) { vst1q_f32(p, v); return; }
    if (t & 2) { vst1_f32(p, part); p += 2; part = vget_high_f32(v); }
    if (t & 1) vst1_lane_f32(p, part, 0);
}
TNV_FN void TNI_PASTE(tni_4x4_, TNI_PASS)(float32x4_t *w, const float32x4_t *v) /* its own inverse */
{
    const float32x4x2_t a = vtrnq_f32(v[0], v[1]), b = vtrnq_f32(v[2], v[3]);
    w[0] = vcombine_f32(vget_low_f32(a.val[0]), vget_low_f32(b.val[0]));
    w[1] = vcombine_f32(vget_low_f32(a.val[1]), vget_low_f32(b.val[1]));
    w[2] = vcombine_f32(vget_high_f32(a.val[0]), vget_high_f32(b.val[0]));
    w[3] = vcombine_f32(vget_high_f32(a.val[1]), vget_high_f32(b.val[1]));
}
TNV_FN void tnv_load4(tnv_f32 *v, const float *p, size_t s)
{
    float32x4_t w[4];
    size_t j;
    TNI_UNROLL for (j = 0; j < 4; j++) w[j] = vld1q_f32(p + j * s);
    TNI_PASTE(tni_4x4_, TNI_PASS)(v, w);
}
TNV_FN void tnv_store4(float *p, size_t s, const tnv_f32 *v)
{
    float32x4_t w[4];
    size_t j;
    TNI_PASTE(tni_4x4_, TNI_PASS)(w, v);
    TNI_UNROLL for (j = 0; j < 4; j++) vst1q_f32(p + j * s, w[j]);
}
TNV_FN tnv_f32 tnv_add(tnv_f32 a, tnv_f32 b) { return vaddq_f32(a, b); }
TNV_FN tnv_f32 tnv_sub(tnv_f32 a, tnv_f32 b) { return vsubq_f32(a, b); }
TNV_FN tnv_f32 tnv_mul(tnv_f32 a, tnv_f32 b) { return vmulq_f32(a, b); }
TNV_FN tnv_f32 tnv_div(tnv_f32 a, tnv_f32 b) { return vdivq_f32(a, b); }
TNV_FN tnv_f32 tnv_sqrt(tnv_f32 v) { return vsqrtq_f32(v); }
TNV_FN tnv_f32 tnv_abs(tnv_f32 v) { return vabsq_f32(v); }
TNV_FN tnv_f32 tnv_neg(tnv_f32 v) { return vnegq_f32(v); }
TNV_FN tnv_f32 tnv_with_sign(tnv_f32 v, tnv_f32 x) {
    return vbslq_f32(vdupq_n_u32(0x80000000u),
                     vreinterpretq_f32_s32(vorrq_s32(vreinterpretq_s32_f32(v), vreinterpretq_s32_f32(x))), v);
}
TNV_FN tnv_f32 tnv_fma(tnv_f32 a, tnv_f32 b, tnv_f32 c) { return vfmaq_f32(c, a, b); }
TNV_FN tnv_f32 tnv_fnma(tnv_f32 a, tnv_f32 b, tnv_f32 c) { return vfmsq_f32(c, a, b); }
TNV_FN tnv_bool tnv_gt(tnv_f32 a, tnv_f32 b) { return vcgtq_f32(a, b); }
TNV_FN tnv_bool tnv_ge(tnv_f32 a, tnv_f32 b) { return vcgeq_f32(a, b); }
TNV_FN tnv_bool tnv_eq(tnv_f32 a, tnv_f32 b) { return vceqq_f32(a, b); }
TNV_FN tnv_bool tnv_nan(tnv_f32 v) { return vmvnq_u32(vceqq_f32(v, v)); }
TNV_FN tnv_bool tnv_and(tnv_bool m, tnv_bool n) { return vandq_u32(m, n); }
TNV_FN tnv_bool tnv_or(tnv_bool m, tnv_bool n) { return vorrq_u32(m, n); }
TNV_FN tnv_bool tnv_not(tnv_bool m) { return vmvnq_u32(m); }
TNV_FN tnv_f32 tnv_select(tnv_bool m, tnv_f32 yes, tnv_f32 no) { return vbslq_f32(m, yes, no); }
/* not vmaxq: it takes +0 over -0, the word takes b */
TNV_FN tnv_f32 tnv_max(tnv_f32 a, tnv_f32 b) { return vbslq_f32(vornq_u32(vcgtq_f32(a, b), vceqq_f32(a, a)), a, b); }
TNV_FN tnv_f32 tnv_min(tnv_f32 a, tnv_f32 b) { return vbslq_f32(vornq_u32(vcltq_f32(a, b), vceqq_f32(a, a)), a, b); }
TNV_FN float tnv_sum16(const tnv_f32 *s)
{
    const float32x4_t a = vaddq_f32(vaddq_f32(s[0], s[2]), vaddq_f32(s[1], s[3]));
    const float32x2_t b = vadd_f32(vget_low_f32(a), vget_high_f32(a));
    return vget_lane_f32(b, 0) + vget_lane_f32(b, 1);
}
TNV_FN float tnv_max16(const tnv_f32 *s)
{
    float32x4_t a = tnv_max(tnv_max(s[0], s[2]), tnv_max(s[1], s[3]));
    a = tnv_max(a, vextq_f32(a, a, 2));
    a = tnv_max(a, vextq_f32(a, a, 1));
    return vgetq_lane_f32(a, 0);
}
TNV_FN tnv_f32 tnv_round(tnv_f32 v) { return vrndnq_f32(v); }
TNV_FN tnv_i32 tnv_to_int(tnv_f32 v) { return vcvtq_s32_f32(v); }
TNV_FN tnv_f32 tnv_to_float(tnv_i32 i) { return vcvtq_f32_s32(i); }
TNV_FN tnv_i32 tnv_iadd(tnv_i32 a, tnv_i32 b) { return vaddq_s32(a, b); }
TNV_FN tnv_i32 tnv_isub(tnv_i32 a, tnv_i32 b) { return vsubq_s32(a, b); }
TNV_FN tnv_i32 tnv_iand(tnv_i32 a, tnv_i32 b) { return vandq_s32(a, b); }
TNV_FN tnv_i32 tnv_ior(tnv_i32 a, tnv_i32 b) { return vorrq_s32(a, b); }
TNV_FN tnv_i32 tnv_ixor(tnv_i32 a, tnv_i32 b) { return veorq_s32(a, b); }
#define tnv_ishl_neon(i, n) vshlq_n_s32(i, n)
#define tnv_ishr_neon(i, n) vshrq_n_s32(i, n)
TNV_FN tnv_f32 tnv_ldexp(tnv_f32 v, tnv_f32 n) { return tnv_float(tnv_iadd(tnv_bits(v), tnv_ishl(tnv_to_int(n), 23))); }
