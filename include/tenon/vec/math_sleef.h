/* vec/math_sleef.h - the words of vec/math.h that libsleef computes in its place. */
#define TNI_SLEEF_CALL(name) TNI_PASTE(TNI_SLEEF_, TNI_PASS)(name)
TNV_FN tnv_f32 tnv_exp(tnv_f32 x) { return TNI_SLEEF_CALL(exp)(x); }
TNV_FN tnv_f32 tnv_expm1(tnv_f32 x) { return TNI_SLEEF_CALL(expm1)(x); }
TNV_FN tnv_f32 tnv_log(tnv_f32 x) { return TNI_SLEEF_CALL(log)(x); }
/* Below 1e-4 the first terms, x and 2 x / sqrt(pi): there libsleef's tanh is just above 1 ULP, its erf 1.09. */
TNV_FN tnv_f32 tnv_tanh(tnv_f32 x)
{
    return tnv_select(tnv_gt(tnv_set1(1e-4f), tnv_abs(x)), x, TNI_SLEEF_CALL(tanh)(x));
}
TNV_FN tnv_f32 tnv_erf(tnv_f32 x)
{
    const tnv_f32 tiny = tnv_fma(x, tnv_set1(0.128379167f), x);
    return tnv_select(tnv_gt(tnv_set1(1e-4f), tnv_abs(x)), tiny, TNI_SLEEF_CALL(erf)(x));
}
/* log 4 + log1p(x / 4) above 1e38: libsleef's log1p is inf from 2^127 on. */
TNV_FN tnv_f32 tnv_log1p(tnv_f32 x)
{
    const tnv_bool large = tnv_gt(x, tnv_set1(1e38f));
    const tnv_f32 y = TNI_SLEEF_CALL(log1p)(tnv_select(large, tnv_mul(x, tnv_set1(0.25f)), x));
    return tnv_select(large, tnv_add(y, tnv_set1(1.38629436f)), y);
}
/* t / (1 + t) as t - t (t / (1 + t)), which rounds less. Not 1 / (1 + exp(-x)): it overflows where the result is not
 * yet 0. */
TNV_FN tnv_f32 tnv_sigmoid(tnv_f32 x)
{
    const tnv_f32 t = tnv_exp(tnv_neg(tnv_abs(x))), one = tnv_set1(1.0f), sum = tnv_add(one, t);
    const tnv_bool below = tnv_gt(tnv_set1(0.0f), x);
    const tnv_f32 d = tnv_div(tnv_select(below, t, one), sum);
    return tnv_select(below, tnv_fnma(t, d, t), d);
}
#undef TNI_SLEEF_CALL
