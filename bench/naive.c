/* bench/naive.c - what a reader would write first: plain loops, the output channels innermost, so that the compiler
 * can make vectors of them. -DNAIVE=name names the table; Meson builds it once for each instruction set. */
#include "naive.h"
#include <math.h>
#include <string.h>

/* Whether output pixel p's tap is inside the image, and where. */
static int tap(long p, long k, long stride, long dilation, long before, long size, long *at)
{
    *at = p * stride + k * dilation - before;
    return *at >= 0 && *at < size;
}

#define EACH_TAP(g)                                                                     \
    for (long n = 0; n < (g)->n; n++)                                                   \
        for (long oy = 0; oy < (g)->oh; oy++)                                           \
            for (long ox = 0, iy, ix; ox < (g)->ow; ox++)                               \
                for (long ky = 0; ky < (g)->kh; ky++)                                   \
                    if (tap(oy, ky, (g)->stride, (g)->dilation, (g)->top, (g)->h, &iy)) \
                        for (long kx = 0; kx < (g)->kw; kx++)                           \
                            if (tap(ox, kx, (g)->stride, (g)->dilation, (g)->left, (g)->w, &ix))
#define PIXEL(g) ((n * (g)->h + iy) * (g)->w + ix)
#define OUTPUT(g) ((n * (g)->oh + oy) * (g)->ow + ox)
#define TAP(g) (ky * (g)->kw + kx)

static void rows(float *y, const float *b, long n, long o)
{
    for (long i = 0; i < n; i++) memcpy(y + i * o, b, (size_t)o * sizeof *y);
}

static void add_scaled(float *restrict y, const float *restrict x, float by, long n)
{
    for (long i = 0; i < n; i++) y[i] += by * x[i];
}

static void conv2d(const Geometry *g, float *y, const float *x, const float *w, const float *b)
{
    const long in = g->c / g->groups, out = g->k / g->groups;
    rows(y, b, g->n * g->oh * g->ow, g->k);
    EACH_TAP (g)
        for (long c = 0; c < g->c; c++) /* channel c is input c % in of its group */
            add_scaled(y + OUTPUT(g) * g->k + c / in * out, w + (TAP(g) * in + c % in) * g->k + c / in * out,
                       x[PIXEL(g) * g->c + c], out);
}

static void multiply_add(float *restrict y, const float *restrict x, const float *restrict w, long n)
{
    for (long i = 0; i < n; i++) y[i] += w[i] * x[i];
}

static void depthwise(const Geometry *g, float *y, const float *x, const float *w, const float *b)
{
    rows(y, b, g->n * g->oh * g->ow, g->c);
    EACH_TAP (g) multiply_add(y + OUTPUT(g) * g->c, x + PIXEL(g) * g->c, w + TAP(g) * g->c, g->c);
}

static void data_grad(const Geometry *g, float *dx, const float *dy, const float *wt)
{
    memset(dx, 0, (size_t)(g->n * g->h * g->w * g->c) * sizeof *dx);
    EACH_TAP (g)
        for (long o = 0; o < g->k; o++)
            add_scaled(dx + PIXEL(g) * g->c, wt + (TAP(g) * g->k + o) * g->c, dy[OUTPUT(g) * g->k + o], g->c);
}

static void weight_grad(const Geometry *g, float *dw, const float *dy, const float *x)
{
    memset(dw, 0, (size_t)(g->kh * g->kw * g->c * g->k) * sizeof *dw);
    EACH_TAP (g)
        for (long c = 0; c < g->c; c++)
            add_scaled(dw + (TAP(g) * g->c + c) * g->k, dy + OUTPUT(g) * g->k, x[PIXEL(g) * g->c + c], g->k);
}

static void maximum(float *restrict y, const float *restrict x, long n)
{
    for (long i = 0; i < n; i++) y[i] = x[i] > y[i] ? x[i] : y[i];
}

static void pool(const Geometry *g, float *y, const float *x, int average)
{
    const long pixels = g->n * g->oh * g->ow;
    for (long i = 0; i < pixels * g->c; i++) y[i] = average ? 0.0f : -INFINITY;
    EACH_TAP (g) {
        if (average) add_scaled(y + OUTPUT(g) * g->c, x + PIXEL(g) * g->c, 1.0f, g->c);
        else maximum(y + OUTPUT(g) * g->c, x + PIXEL(g) * g->c, g->c);
    }
    for (long p = 0; average && p < pixels; p++) {
        long taps = 0, at;
        for (long ky = 0; ky < g->kh; ky++)
            for (long kx = 0; kx < g->kw; kx++)
                taps += tap(p / g->ow % g->oh, ky, g->stride, g->dilation, g->top, g->h, &at) &&
                        tap(p % g->ow, kx, g->stride, g->dilation, g->left, g->w, &at);
        for (long c = 0; c < g->c; c++) y[p * g->c + c] /= (float)taps;
    }
}

static void relu(float *y, const float *x, long n)
{
    for (long i = 0; i < n; i++) y[i] = x[i] > 0 ? x[i] : 0.0f;
}

static void dense(float *y, const float *x, const float *w, const float *b, long n, long i, long o, int act)
{
    rows(y, b, n, o);
    for (long s = 0; s < n; s++)
        for (long k = 0; k < i; k++) add_scaled(y + s * o, w + k * o, x[s * i + k], o);
    if (act) relu(y, y, n * o);
}

static float logistic(float x) { return 1.0f / (1.0f + expf(-x)); }

static void lstm(float *y, const float *x, const float *w, const float *u, const float *b, float *scratch, long n,
                 long t, long f, long units)
{
    float *const z = scratch, *const c = z + 4 * units, *const h = c + units;
    for (long s = 0; s < n; s++) {
        memset(c, 0, 2 * (size_t)units * sizeof *c);
        for (long step = s * t; step < s * t + t; step++) {
            memcpy(z, b, 4 * (size_t)units * sizeof *z);
            for (long i = 0; i < f; i++) add_scaled(z, w + i * 4 * units, x[step * f + i], 4 * units);
            for (long i = 0; i < units; i++) add_scaled(z, u + i * 4 * units, h[i], 4 * units);
            for (long i = 0; i < units; i++) {
                c[i] = logistic(z[units + i]) * c[i] + logistic(z[i]) * tanhf(z[2 * units + i]);
                h[i] = logistic(z[3 * units + i]) * tanhf(c[i]);
            }
            memcpy(y + step * units, h, (size_t)units * sizeof *y);
        }
    }
}

static void softmax(float *y, const float *x, long n, long k, int logarithm)
{
    for (; n; n--, x += k, y += k) {
        float most = -INFINITY, sum = 0;
        for (long i = 0; i < k; i++) most = x[i] > most ? x[i] : most;
        for (long i = 0; i < k; i++) sum += y[i] = expf(x[i] - most);
        for (long i = 0; i < k; i++) y[i] = logarithm ? x[i] - most - logf(sum) : y[i] / sum;
    }
}

#define EACH(name, value)                                 \
    static void name##s(float *y, const float *x, long n) \
    {                                                     \
        for (long i = 0; i < n; i++) y[i] = value(x[i]);  \
    }
EACH(sigmoid, logistic)
EACH(tanh, tanhf)
EACH(exp, expf)

static void im2col(const Geometry *g, float *row, const float *image)
{
    for (long p = 0, iy, ix; p < g->oh * g->ow; p++)
        for (long ky = 0; ky < g->kh; ky++)
            for (long kx = 0; kx < g->kw; kx++, row += g->c) {
                const int y_inside = tap(p / g->ow, ky, g->stride, g->dilation, g->top, g->h, &iy);
                if (y_inside && tap(p % g->ow, kx, g->stride, g->dilation, g->left, g->w, &ix))
                    memcpy(row, image + (iy * g->w + ix) * g->c, (size_t)g->c * sizeof *row);
                else memset(row, 0, (size_t)g->c * sizeof *row);
            }
}

const Naive NAIVE = { conv2d,  depthwise, data_grad, weight_grad, pool, dense,  lstm,
                      softmax, sigmoids,  tanhs,     exps,        relu, im2col, rows };
