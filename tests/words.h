/* tests/words.h - the table of words_pass.h for one instruction set: NULL where the build lacks it. */
#ifndef TEST_WORDS_H
#define TEST_WORDS_H

static const test_words *words_of(int32_t isa)
{
    switch (isa) {
    case TN_ISA_SCALAR: return &tnk_words_scalar;
#if TNI_AVX2
    case TN_ISA_AVX2: return &tnk_words_avx2;
#endif
#if TNI_AVX512
    case TN_ISA_AVX512: return &tnk_words_avx512;
#endif
#if TNI_NEON
    case TN_ISA_NEON: return &tnk_words_neon;
#endif
    default: return TNI_NULL;
    }
}

#endif
