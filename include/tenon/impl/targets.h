/* impl/targets.h - includes the header again, once per instruction set. No system header may come after this point. */

#ifndef TENON_SELF
#define TENON_SELF "../spine.h"
#endif

#include "../vec/names.h"

/* g++ 12 calls the don't-care operands inside its own AVX-512 intrinsics uninitialised (gcc bug 105593). */
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wuninitialized"
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#if !defined(__OPTIMIZE__) /* its intrinsics with constants are macros then, which convert masks in the user's file */
#pragma GCC diagnostic ignored "-Wsign-conversion"
#endif
#endif

#define TNI_PASS scalar
#define TNI_PASS_SCALAR 1
#include TENON_SELF
#undef TNI_PASS_SCALAR
#undef TNI_PASS

#if TNI_AVX2
#define TNI_PASS avx2
#define TNI_PASS_AVX2 1
#include TENON_SELF
#undef TNI_PASS_AVX2
#undef TNI_PASS
#endif

#if TNI_AVX512
#define TNI_PASS avx512
#define TNI_PASS_AVX512 1
#include TENON_SELF
#undef TNI_PASS_AVX512
#undef TNI_PASS
#endif

#if TNI_NEON
#define TNI_PASS neon
#define TNI_PASS_NEON 1
#include TENON_SELF
#undef TNI_PASS_NEON
#undef TNI_PASS
#endif

#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic pop
#endif

#include "../vec/names_end.h"
