/* msvc/string.h - the declarations of the C library that tenon's implementation may use. */
#ifndef TENON_MSVC_STRING_H
#define TENON_MSVC_STRING_H
#include <stddef.h>
#ifdef __cplusplus
extern "C" {
#endif
void *memcpy(void *to, const void *from, size_t size);
void *memmove(void *to, const void *from, size_t size);
void *memset(void *to, int value, size_t size);
int memcmp(const void *a, const void *b, size_t size);
int strcmp(const char *a, const char *b);
size_t strlen(const char *s);
#ifdef __cplusplus
}
#endif
#endif
