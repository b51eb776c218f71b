/* msvc/stdlib.h - the declarations of the C library that tenon's implementation may use; immintrin.h wants
 * malloc and free. */
#ifndef TENON_MSVC_STDLIB_H
#define TENON_MSVC_STDLIB_H
#include <stddef.h>
#ifdef __cplusplus
extern "C" {
#endif
char *getenv(const char *name);
void *malloc(size_t size);
void free(void *p);
#ifdef __cplusplus
}
#endif
#endif
