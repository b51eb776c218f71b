/* impl/cpu.h - which instruction set to run on. cpuid and xgetbv by hand: __builtin_cpu_supports drags in libgcc's
 * hidden __cpu_model, which breaks shared libraries (nothings/stb issue 280). */

#if TNI_X86_SIMD
static void tni_cpuid(uint32_t leaf, uint32_t sub, uint32_t r[4])
{
#if defined(_MSC_VER) && !defined(__clang__)
    __cpuidex((int *)r, (int)leaf, (int)sub);
#else
    __asm__ volatile("cpuid" : "=a"(r[0]), "=b"(r[1]), "=c"(r[2]), "=d"(r[3]) : "a"(leaf), "c"(sub));
#endif
}

static uint32_t tni_xcr0(void)
{
#if defined(_MSC_VER) && !defined(__clang__)
    return (uint32_t)_xgetbv(0);
#else
    uint32_t lo, hi;
    __asm__ volatile(".byte 0x0f, 0x01, 0xd0" : "=a"(lo), "=d"(hi) : "c"(0)); /* xgetbv, for old assemblers */
    (void)hi;
    return lo;
#endif
}

/* bit i set: this machine and its OS run TN_ISA i */
static unsigned tni_isa_probe(void)
{
    const uint32_t osxsave_avx = (1u << 27) | (1u << 28), fma = 1u << 12;
    const uint32_t avx512_fdq_bw_vl = (1u << 16) | (1u << 17) | (1u << 30) | (1u << 31);
    unsigned isas = 1u << TN_ISA_SCALAR;
    uint32_t r[4], xcr0;
    tni_cpuid(0, 0, r);
    if (r[0] < 7) return isas;
    tni_cpuid(1, 0, r);
    if ((r[2] & osxsave_avx) != osxsave_avx || !(r[2] & fma)) return isas;
    xcr0 = tni_xcr0();
    tni_cpuid(7, 0, r);
    if ((xcr0 & 0x06) != 0x06 || !(r[1] & (1u << 5))) return isas;
    isas |= 1u << TN_ISA_AVX2;
    if ((xcr0 & 0xe6) == 0xe6 && (r[1] & avx512_fdq_bw_vl) == avx512_fdq_bw_vl) isas |= 1u << TN_ISA_AVX512;
    return isas;
}
#else
static unsigned tni_isa_probe(void) { return 1u << TN_ISA_SCALAR | (unsigned)TNI_NEON << TN_ISA_NEON; }
#endif

enum { TNI_ISAS = TN_ISA_NEON + 1 };
static const char *const tni_isa_names[TNI_ISAS] = { "best", "scalar", "avx2", "avx512", "neon" };
static const tni_table *const tni_tables[TNI_ISAS] = {
    TNI_NULL,
    &tnk_table_scalar,
#if TNI_AVX2
    &tnk_table_avx2,
#else
    TNI_NULL,
#endif
#if TNI_AVX512
    &tnk_table_avx512,
#else
    TNI_NULL,
#endif
#if TNI_NEON
    &tnk_table_neon
#else
    TNI_NULL
#endif
};

/* NULL where machine or build lacks it. TN_ISA_BEST: the last of the list that runs. */
static const tni_table *tni_isa_table(int32_t isa)
{
    const unsigned runs = tni_isa_probe();
    int32_t i;
    if (isa != TN_ISA_BEST) return isa > 0 && isa < TNI_ISAS && (runs >> isa & 1u) ? tni_tables[isa] : TNI_NULL;
    for (i = TNI_ISAS - 1; !(runs >> i & 1u) || !tni_tables[i]; i--) {}
    return tni_tables[i];
}

/* The chosen table; NULL until the first call. Threads may race to fill it: they all write the same pointer. */
static const tni_table *tni_chosen;
#if defined(__GNUC__) || defined(__clang__)
#define TNI_GET(p) __atomic_load_n(&(p), __ATOMIC_RELAXED)
#define TNI_PUT(p, v) __atomic_store_n(&(p), (v), __ATOMIC_RELAXED)
#else /* MSVC: an aligned pointer is read and written whole */
#define TNI_GET(p) (*(const tni_table *const volatile *)&(p))
#define TNI_PUT(p, v) (*(const tni_table *volatile *)&(p) = (v))
#endif

static const tni_table *tni_first_choice(void)
{
    const tni_table *t = TNI_NULL;
#if !defined(__STDC_HOSTED__) || __STDC_HOSTED__
    const char *const wanted = getenv("TENON_ISA");
    int32_t i;
    for (i = 1; wanted && i < TNI_ISAS; i++)
        if (strcmp(wanted, tni_isa_names[i]) == 0) t = tni_isa_table(i);
#endif
    return t ? t : tni_isa_table(TN_ISA_BEST);
}

static const tni_table *tni_active(void)
{
    const tni_table *t = TNI_GET(tni_chosen);
    if (!t) {
        t = tni_first_choice();
        TNI_PUT(tni_chosen, t);
    }
    return t;
}

TENON_API tn_status tn_isa_use(int32_t isa)
{
    const tni_table *const t = tni_isa_table(isa);
    if (!t) return TN_E_ISA;
    TNI_PUT(tni_chosen, t);
    return TN_OK;
}

TENON_API int32_t tn_isa(void) { return tni_active()->isa; }

TENON_API const char *tn_isa_name(void)
{
#if defined(TENON_NO_EXACT_FMA)
    static const char *const names[TNI_ISAS] = { "", "scalar, inexact fma", "avx2", "avx512", "neon" };
    return names[tn_isa()];
#else
    return tni_isa_names[tn_isa()];
#endif
}
