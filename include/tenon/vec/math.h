/* vec/math.h - vector math, written once over the words: same bits on every instruction set. tests/ulp.c measures each
 * over all 2^32 inputs. NaN gives NaN, and signed zeros, infinities and denormals are as in C's <math.h> unless a line
 * here says otherwise. Coefficients: minimax fits of our own (weighted least squares in 34 digits, each coefficient
 * rounded before the next is fitted). */

/* exp(r) - 1 with x = k ln 2 + r, |r| <= ln 2 / 2: r + r^2 (1/2 + ...), relative error of the fit 2^-26. *kb: low 9
 * bits hold k + bias. k is rounded by adding 1.5 2^23: one addition instead of a round and a conversion. |x| below
 * 2^20. */
TNV_FN tnv_f32 tnv_exp_part(tnv_f32 x, float bias, tnv_i32 *kb)
{
    const tnv_f32 magic = tnv_set1(12582912.0f + bias), m = tnv_fma(x, tnv_set1(1.44269504f), magic);
    const tnv_f32 k = tnv_sub(m, magic);
    const tnv_f32 r = tnv_fnma(k, tnv_set1(1.42860677e-6f), tnv_fnma(k, tnv_set1(0.693145751953125f), x));
    tnv_f32 q = tnv_fma(tnv_set1(0.00138980406f), r, tnv_set1(0.00836615171f));
    q = tnv_fma(q, r, tnv_set1(0.0416668579f));
    q = tnv_fma(q, r, tnv_set1(0.16666548f));
    q = tnv_fma(q, r, tnv_set1(0.5f));
    *kb = tnv_bits(m);
    return tnv_fma(q, tnv_mul(r, r), r);
}

/* exp of x <= 0 where only its size beside 1 matters (softmax): 0 below -87.33, so never a denormal. */
TNV_FN tnv_f32 tnv_exp_neg(tnv_f32 x)
{
    tnv_i32 kb;
    const tnv_f32 p = tnv_exp_part(x, 127.0f, &kb), s = tnv_float(tnv_ishl(kb, 23));
    return tnv_select(tnv_gt(tnv_set1(-87.33f), x), tnv_set1(0.0f), tnv_fma(s, p, s));
}

/* log(1 + f), sqrt(1/2) - 1 <= f <= sqrt(2) - 1: f + f^2 (-1/2 + ...), relative error of the fit 2^-27. */
TNV_FN tnv_f32 tnv_log_part(tnv_f32 f)
{
    tnv_f32 q = tnv_fma(tnv_set1(-0.0763636231f), f, tnv_set1(0.12762183f));
    q = tnv_fma(q, f, tnv_set1(-0.131596163f));
    q = tnv_fma(q, f, tnv_set1(0.14201583f));
    q = tnv_fma(q, f, tnv_set1(-0.166234091f));
    q = tnv_fma(q, f, tnv_set1(0.200012416f));
    q = tnv_fma(q, f, tnv_set1(-0.250008196f));
    q = tnv_fma(q, f, tnv_set1(0.333333313f));
    q = tnv_fma(q, f, tnv_set1(-0.5f));
    return tnv_fma(q, tnv_mul(f, f), f);
}

#if TNI_SLEEF
#include "math_sleef.h"
#else

/* Two factors, since 2^k alone has no room for the overflow and the denormals of 2^k (1 + p). */
TNV_FN tnv_f32 tnv_exp(tnv_f32 x)
{
    tnv_i32 kb;
    const tnv_f32 p = tnv_exp_part(tnv_max(tnv_set1(-104.0f), tnv_min(tnv_set1(89.0f), x)), 254.0f, &kb);
    const tnv_i32 half = tnv_ishr(kb, 1);
    const tnv_f32 s = tnv_float(tnv_ishl(half, 23));
    return tnv_mul(tnv_fma(s, p, s), tnv_float(tnv_ishl(tnv_isub(kb, half), 23)));
}

/* 2 (2^(k-1) p + (2^(k-1) - 1/2)): halved because 2^128 is no float. */
TNV_FN tnv_f32 tnv_expm1(tnv_f32 x)
{
    tnv_i32 kb;
    const tnv_f32 p = tnv_exp_part(tnv_max(tnv_set1(-18.0f), tnv_min(tnv_set1(89.0f), x)), 126.0f, &kb);
    const tnv_f32 s = tnv_float(tnv_ishl(kb, 23)), y = tnv_fma(s, p, tnv_sub(s, tnv_set1(0.5f)));
    return tnv_select(tnv_gt(tnv_abs(x), tnv_set1(1e-9f)), tnv_add(y, y), x); /* -0, and denormals halved inexactly */
}

/* 1 / (1 + 2^k (1 + p)) with both sides times 2^-32: so 2^k never overflows and the division makes the denormals. What
 * 1 + 2^k loses near 2^24 is added back: 1.74 ULP instead of 2.44. */
TNV_FN tnv_f32 tnv_sigmoid(tnv_f32 x)
{
    tnv_i32 kb;
    const tnv_f32 p = tnv_exp_part(tnv_max(tnv_set1(-30.0f), tnv_min(tnv_set1(105.0f), tnv_neg(x))), 95.0f, &kb);
    const tnv_f32 one = tnv_set1(2.328306437e-10f), s = tnv_float(tnv_ishl(kb, 23)), sum = tnv_add(s, one);
    const tnv_f32 lost = tnv_sub(one, tnv_sub(sum, s));
    return tnv_div(one, tnv_add(sum, tnv_fma(s, p, lost)));
}

/* |x| < 0.6: x + x^3 p(x^2), else 1 - 2 / (exp(2 |x|) + 1). (h / (1 + h), h = expm1(2 |x|) / 2 for all x is 1.15 times
 * faster, and 2.3 ULP.) */
TNV_FN tnv_f32 tnv_tanh(tnv_f32 x)
{
    const tnv_f32 a = tnv_min(tnv_set1(10.0f), tnv_abs(x)), a2 = tnv_mul(a, a), one = tnv_set1(1.0f);
    tnv_i32 kb;
    const tnv_f32 p = tnv_exp_part(tnv_add(a, a), 126.0f, &kb), s = tnv_float(tnv_ishl(kb, 23));
    const tnv_f32 outer = tnv_sub(one, tnv_div(one, tnv_fma(s, p, tnv_add(s, tnv_set1(0.5f)))));
    tnv_f32 q = tnv_fma(tnv_set1(-0.00566506386f), a2, tnv_set1(0.0206042957f));
    q = tnv_fma(q, a2, tnv_set1(-0.0537293665f));
    q = tnv_fma(q, a2, tnv_set1(0.133313224f));
    q = tnv_fma(q, a2, tnv_set1(-0.333332777f));
    return tnv_with_sign(tnv_select(tnv_gt(tnv_set1(0.6f), a), tnv_fma(tnv_mul(q, a2), a, a), outer), x);
}

/* |x| < 0.84: x + x p(x^2), else 1 - exp(x q(x)), which is 1 in float from 3.92 on. */
TNV_FN tnv_f32 tnv_erf(tnv_f32 x)
{
    const tnv_f32 a = tnv_min(tnv_set1(3.94f), tnv_abs(x)), a2 = tnv_mul(a, a), one = tnv_set1(1.0f);
    tnv_i32 kb;
    tnv_f32 p, s, q;
    q = tnv_fma(tnv_set1(0.000215877051f), a, tnv_set1(-0.00323038269f));
    q = tnv_fma(q, a, tnv_set1(0.0229388829f));
    q = tnv_fma(q, a, tnv_set1(-0.105337255f));
    q = tnv_fma(q, a, tnv_set1(-0.635661781f));
    q = tnv_fma(q, a, tnv_set1(-1.12853086f));
    q = tnv_exp_part(tnv_mul(q, a), 127.0f, &kb);
    s = tnv_float(tnv_ishl(kb, 23));
    q = tnv_fnma(s, q, tnv_sub(one, s));
    p = tnv_fma(tnv_set1(-0.000638283382f), a2, tnv_set1(0.00506298803f));
    p = tnv_fma(p, a2, tnv_set1(-0.0268100258f));
    p = tnv_fma(p, a2, tnv_set1(0.112829186f));
    p = tnv_fma(p, a2, tnv_set1(-0.376125932f));
    p = tnv_fma(p, a2, tnv_set1(0.128379166f));
    return tnv_with_sign(tnv_select(tnv_gt(tnv_set1(0.84f), a), tnv_fma(p, a, a), q), x);
}

/* The logarithm where v > 0 is finite; else what it tends to: -inf at 0, inf at inf, NaN below 0 and for NaN. */
TNV_FN tnv_f32 tnv_log_ends(tnv_f32 v, tnv_f32 y)
{
    const tnv_f32 zero = tnv_set1(0.0f), inf = tnv_float(tnv_iset1(0x7f800000));
    const tnv_f32 none = tnv_float(tnv_iset1(0x7fc00000));
    const tnv_f32 end = tnv_select(tnv_eq(v, zero), tnv_neg(inf), none);
    return tnv_select(tnv_gt(v, zero), tnv_select(tnv_gt(inf, v), y, v), end);
}

/* v = 2^e m, sqrt(1/2) <= m < sqrt(2). ln 2 in one float is enough: its error is 2^-29 of it. */
TNV_FN tnv_f32 tnv_log(tnv_f32 x)
{
    const tnv_bool denormal = tnv_gt(tnv_set1(1.17549435e-38f), x);
    const tnv_f32 v = tnv_select(denormal, tnv_mul(x, tnv_set1(16777216.0f)), x);
    const tnv_i32 root = tnv_iset1(0x3f3504f3), i = tnv_isub(tnv_bits(v), root);
    const tnv_f32 e = tnv_sub(tnv_to_float(tnv_ishr(i, 23)), tnv_select(denormal, tnv_set1(24.0f), tnv_set1(0.0f)));
    const tnv_f32 m = tnv_float(tnv_iadd(tnv_iand(i, tnv_iset1(0x7fffff)), root));
    return tnv_log_ends(x, tnv_fma(e, tnv_set1(0.693147182f), tnv_log_part(tnv_sub(m, tnv_set1(1.0f)))));
}

/* As log of u = 1 + x, but f = 2^-e x + (2^-e - 1), rounded once: what u lost is not missed. Quarters, since 2^-128 is
 * no normal float. */
TNV_FN tnv_f32 tnv_log1p(tnv_f32 x)
{
    const tnv_f32 u = tnv_add(x, tnv_set1(1.0f)), quarter = tnv_set1(0.25f);
    const tnv_i32 e = tnv_ishr(tnv_isub(tnv_bits(u), tnv_iset1(0x3f3504f3)), 23);
    const tnv_f32 s = tnv_float(tnv_isub(tnv_iset1(0x40800000), tnv_ishl(e, 23))); /* 4 2^-e */
    const tnv_f32 f = tnv_fma(tnv_mul(x, quarter), s, tnv_fma(s, quarter, tnv_set1(-1.0f)));
    const tnv_f32 y = tnv_log_ends(u, tnv_fma(tnv_to_float(e), tnv_set1(0.693147182f), tnv_log_part(f)));
    return tnv_select(tnv_gt(tnv_abs(x), tnv_set1(1e-9f)), y, x);
}

#endif /* TNI_SLEEF */

/* log(1 + exp(x)) = max(x, 0) + log(1 + t), t = exp(-|x|) in [0, 1]. */
TNV_FN tnv_f32 tnv_softplus(tnv_f32 x)
{
    const tnv_f32 t = tnv_exp(tnv_neg(tnv_abs(x))), zero = tnv_set1(0.0f), half = tnv_set1(0.5f);
    const tnv_bool two = tnv_gt(t, tnv_set1(0.414213562f));
    const tnv_f32 l = tnv_log_part(tnv_select(two, tnv_fma(t, half, tnv_neg(half)), t));
    return tnv_add(tnv_max(x, zero), tnv_add(l, tnv_select(two, tnv_set1(0.693147182f), zero)));
}
