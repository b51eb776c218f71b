/* bench/kernels.h - what bench/kernels.c says about itself. */
#ifdef __cplusplus
extern "C"
#endif
    const char *bench_compiler(void);
