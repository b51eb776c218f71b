/* api/config.h - what this compiler and this machine can do. Includes nothing of tenon. */
#include <stddef.h>
#include <stdint.h>

#define TENON_VERSION_MAJOR 0
#define TENON_VERSION_MINOR 1
#define TENON_VERSION_PATCH 0
#define TENON_VERSION (TENON_VERSION_MAJOR * 10000 + TENON_VERSION_MINOR * 100 + TENON_VERSION_PATCH)

#if defined(__GNUC__) || defined(__clang__)
#define TNI_UNUSED __attribute__((unused))
#else
#define TNI_UNUSED
#endif

/* The first argument is not looked at: a view may be made before its array is filled, without gcc's
 * -Wmaybe-uninitialized. */
#if defined(__GNUC__) && !defined(__clang__) && __GNUC__ >= 11
#define TNI_NOT_READ __attribute__((access(none, 1)))
#else
#define TNI_NOT_READ
#endif

#if defined(TENON_STATIC)
#define TENON_API static TNI_UNUSED
#elif defined(__cplusplus)
#define TENON_API extern "C"
#else
#define TENON_API extern
#endif

#if defined(__x86_64__) || (defined(_M_X64) && !defined(_M_ARM64EC))
#define TNI_X86 1
#else
#define TNI_X86 0
#endif
#if defined(__aarch64__) || defined(_M_ARM64)
#define TNI_ARM64 1
#else
#define TNI_ARM64 0
#endif

/* gcc before 5 hides the AVX intrinsics unless -mavx is given (xxHash issue 464). */
#if TNI_X86 && (defined(__clang__) || (defined(__GNUC__) && __GNUC__ >= 5) || (defined(_MSC_VER) && _MSC_VER >= 1910))
#define TNI_X86_SIMD 1
#else
#define TNI_X86_SIMD 0
#endif
#if TNI_X86_SIMD && !defined(TENON_NO_AVX2)
#define TNI_AVX2 1
#else
#define TNI_AVX2 0
#endif
#if TNI_X86_SIMD && !defined(TENON_NO_AVX512)
#define TNI_AVX512 1
#else
#define TNI_AVX512 0
#endif
#if TNI_ARM64 && !defined(TENON_NO_NEON)
#define TNI_NEON 1
#else
#define TNI_NEON 0
#endif

/* C++ needs = {} for a zeroed struct: tn_context ctx = TN_ZERO; */
#ifdef __cplusplus
#define TN_ZERO {}
#define TNI_NULL nullptr
#else
#define TN_ZERO {0}
#define TNI_NULL NULL
#endif

/* Words for people, which TENON_NO_EXPLAIN leaves out; sizeof keeps them from being unused. */
#ifdef TENON_NO_EXPLAIN
#define TNI_WORDS(words) (sizeof(words) ? (const char *)TNI_NULL : (const char *)TNI_NULL)
#else
#define TNI_WORDS(words) (words)
#endif

TENON_API int32_t tn_version(void); /* TENON_VERSION of the implementation, which may be another file's */
