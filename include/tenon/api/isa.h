/* api/isa.h - which instruction set runs. The best that machine and OS have is chosen at the first call; the
 * environment variable TENON_ISA (scalar, avx2, avx512, neon; anything else is ignored) may ask for another that they
 * have. Results have the same bits on all. */

enum { TN_ISA_BEST, TN_ISA_SCALAR, TN_ISA_AVX2, TN_ISA_AVX512, TN_ISA_NEON };

/* From now on every thread's calls run on isa; TN_E_ISA, nothing changed, for what the machine or this build lacks. */
TENON_API tn_status tn_isa_use(int32_t isa);
TENON_API int32_t tn_isa(void);          /* what calls run on, never TN_ISA_BEST */
TENON_API const char *tn_isa_name(void); /* "avx512"; with TENON_NO_EXACT_FMA "scalar, inexact fma" */
