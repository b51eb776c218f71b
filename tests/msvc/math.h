/* msvc/math.h - the declarations of the C library that tenon's implementation may use. */
#ifndef TENON_MSVC_MATH_H
#define TENON_MSVC_MATH_H
#ifdef __cplusplus
extern "C" {
#endif
double sqrt(double x);
float sqrtf(float x);
double fabs(double x);
float fabsf(float x);
double floor(double x);
float floorf(float x);
double ceil(double x);
float ceilf(float x);
double nearbyint(double x);
float nearbyintf(float x);
double rint(double x);
float rintf(float x);
double fma(double a, double b, double c);
float fmaf(float a, float b, float c);
double ldexp(double x, int e);
float ldexpf(float x, int e);
double exp(double x);
double log(double x);
double pow(double x, double y);
double cos(double x);
double sin(double x);
#ifdef __cplusplus
}
#endif
#define INFINITY ((float)(1e+300 * 1e+300))
#define HUGE_VALF INFINITY
#define HUGE_VAL 1e400
#define NAN ((float)(INFINITY * 0.0F))
#endif
