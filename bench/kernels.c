/* bench/kernels.c - the library as measured, compiled by the C compiler that bench/run --cc names. */
#define TENON_IMPLEMENTATION
#include "tenon.h"
#include "kernels.h"

const char *bench_compiler(void)
{
#if defined(__clang__)
    return "clang " __clang_version__;
#elif defined(__GNUC__)
    return "gcc " __VERSION__;
#else
    return "another compiler";
#endif
}
