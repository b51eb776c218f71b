/* impl/end.h - the end of the implementation: the user's own floating-point options are restored. */
#if defined(__clang__)
#pragma STDC FP_CONTRACT DEFAULT
#elif defined(__GNUC__)
#pragma GCC pop_options
#endif
