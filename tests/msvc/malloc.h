/* msvc/malloc.h - what clang's mm_malloc.h, which immintrin.h includes, wants of MSVC. */
#ifndef TENON_MSVC_MALLOC_H
#define TENON_MSVC_MALLOC_H
#include <stdlib.h>
#ifdef __cplusplus
extern "C" {
#endif
void *_aligned_malloc(size_t size, size_t alignment);
void _aligned_free(void *p);
#ifdef __cplusplus
}
#endif
#endif
