/* bench/naive.h - the numbers of a window that slides over images, and the plain C loops of bench/naive.c. */
#pragma once
#include <stddef.h>

/* k outputs from c channels, in groups; for pooling k = c. */
typedef struct Geometry {
    long n, h, w, c, k, kh, kw, stride, dilation, groups, top, bottom, left, right, oh, ow;
} Geometry;

/* Layouts are the library's: images NHWC, weights HWIO, dense weights IO, gates i, f, c, o. */
typedef struct Naive {
    void (*conv2d)(const Geometry *g, float *y, const float *x, const float *w, const float *b);
    void (*depthwise)(const Geometry *g, float *y, const float *x, const float *w, const float *b);
    void (*data_grad)(const Geometry *g, float *dx, const float *dy, const float *wt); /* wt: HWOI */
    void (*weight_grad)(const Geometry *g, float *dw, const float *dy, const float *x);
    void (*pool)(const Geometry *g, float *y, const float *x, int average);
    void (*dense)(float *y, const float *x, const float *w, const float *b, long n, long i, long o, int relu);
    void (*lstm)(float *y, const float *x, const float *w, const float *u, const float *b, float *scratch, long n,
                 long t, long f, long units);
    void (*softmax)(float *y, const float *x, long n, long k, int log);
    void (*sigmoid)(float *y, const float *x, long n);
    void (*tanh)(float *y, const float *x, long n);
    void (*exp)(float *y, const float *x, long n);
    void (*relu)(float *y, const float *x, long n);
    /* for a peer that knows products only: an image's windows as rows, one for each output pixel */
    void (*im2col)(const Geometry *g, float *rows, const float *image);
    void (*rows)(float *y, const float *b, long n, long o); /* b in every row */
} Naive;

#ifdef __cplusplus
extern "C" {
#endif
extern const Naive naive_native; /* every instruction that this machine has */
extern const Naive naive_avx2;
#ifdef __cplusplus
}
#endif
