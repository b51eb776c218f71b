/* impl/sleef.h - with TENON_USE_SLEEF on x86: libsleef's functions of at most 1 ULP, by our own prototypes. Debian's
 * sleef.h shows the AVX ones only to files compiled for AVX, and we compile for it function by function. The finz_
 * variants have the same bits at every width; scalar code takes the one that uses FMA instructions too, so such a
 * build needs a machine that has them (Haswell or later). */
#if defined(TENON_USE_SLEEF) && TNI_X86_SIMD
#define TNI_SLEEF 1
#define TNI_SLEEF_scalar(name) Sleef_finz_##name##f1_u10purecfma
#define TNI_SLEEF_avx2(name) Sleef_finz_##name##f8_u10avx2
#define TNI_SLEEF_avx512(name) Sleef_finz_##name##f16_u10avx512f
#ifdef __cplusplus
extern "C" {
#endif
#define TNI_SLEEF_DECLARE(name)                                                 \
    float TNI_SLEEF_scalar(name)(float);                                        \
    TNI_TARGET("avx2,fma") __m256 TNI_SLEEF_avx2(name)(__m256);                 \
    TNI_TARGET("avx512f") __m512 TNI_SLEEF_avx512(name)(__m512);
TNI_SLEEF_DECLARE(exp)
TNI_SLEEF_DECLARE(expm1)
TNI_SLEEF_DECLARE(log)
TNI_SLEEF_DECLARE(log1p)
TNI_SLEEF_DECLARE(tanh)
TNI_SLEEF_DECLARE(erf)
#undef TNI_SLEEF_DECLARE
#ifdef __cplusplus
}
#endif
#else
#define TNI_SLEEF 0
#endif
