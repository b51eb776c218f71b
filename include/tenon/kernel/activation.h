/* kernel/activation.h - elementwise activations and their derivatives: one formula each, over the words. */

#define TNK_LOWER 5.42101086e-20f /* 2^-64: takes back what exp_raised put on top */

/* 2^64 exp(x), -131 < x < 44: no denormal comes up, so what is built on it is rounded there only once, at the end. */
TNV_FN tnv_f32 TNK(exp_raised)(tnv_f32 x)
{
    tnv_i32 kb;
    const tnv_f32 p = tnv_exp_part(x, 191.0f, &kb), s = tnv_float(tnv_ishl(kb, 23));
    return tnv_fma(s, p, s);
}

TNV_FN tnv_f32 TNK(act_clamp)(tnv_f32 x, float low, float high)
{
    return tnv_max(tnv_set1(low), tnv_min(tnv_set1(high), x));
}

/* x / (1 + exp -z), z of x's sign and not smaller: silu, gelu_tanh. Below -115 the result is -0, above 30 it is x. */
TNV_FN tnv_f32 TNK(gate)(tnv_f32 x, tnv_f32 z)
{
    const tnv_f32 n = TNK(exp_raised)(TNK(act_clamp)(z, -115.0f, 30.0f)), lower = tnv_set1(TNK_LOWER);
    const tnv_f32 r = tnv_div(n, tnv_fma(n, lower, tnv_set1(1.0f)));
    const tnv_f32 y = tnv_mul(tnv_mul(tnv_max(x, tnv_set1(-115.0f)), r), lower);
    return tnv_select(tnv_gt(z, tnv_set1(30.0f)), x, y);
}

/* Its derivative, by m = 1 / (1 + exp |z|), which loses nothing where 1 / (1 + exp -z) is near 1. dz: that of z. */
TNV_FN tnv_f32 TNK(gate_slope)(tnv_f32 x, tnv_f32 z, tnv_f32 dz)
{
    const tnv_f32 m = tnv_sigmoid(tnv_neg(tnv_abs(z)));
    const tnv_f32 s = tnv_select(tnv_gt(x, tnv_set1(0.0f)), tnv_sub(tnv_set1(1.0f), m), m);
    return tnv_fma(tnv_mul(x, dz), tnv_fnma(m, m, m), s);
}

TNV_FN tnv_f32 TNK(silu_slope)(tnv_f32 x)
{
    const tnv_f32 c = TNK(act_clamp)(x, -115.0f, 115.0f);
    return TNK(gate_slope)(c, c, tnv_set1(1.0f));
}

/* gelu_tanh is the gate at z = 2 sqrt(2 / pi) (x + 0.044715 x^3). */
TNV_FN tnv_f32 TNK(gelu_tanh)(tnv_f32 x)
{
    return TNK(gate)(x, tnv_mul(x, tnv_fma(tnv_mul(x, x), tnv_set1(0.0713548163f), tnv_set1(1.59576912f))));
}
TNV_FN tnv_f32 TNK(gelu_tanh_slope)(tnv_f32 x)
{
    const tnv_f32 c = TNK(act_clamp)(x, -115.0f, 115.0f), c2 = tnv_mul(c, c), line = tnv_set1(1.59576912f);
    const tnv_f32 z = tnv_mul(c, tnv_fma(c2, tnv_set1(0.0713548163f), line));
    return TNK(gate_slope)(c, z, tnv_fma(c2, tnv_set1(0.214064449f), line));
}

/* 2^64 times the normal distribution at -a, 0 <= a <= 14.5, and 2^64 exp(-a^2 / 2): their quotient times a + 3.625 is a
 * polynomial in (a - 3.625) / (a + 3.625), a minimax fit of our own, relative error 2^-26.4. Not 1 + erf: it cancels.
 * rest: what rounding took from the exponent and from t, which the result follows about twice (without: 6 ULP). */
TNV_FN tnv_f32 TNK(normal_tail)(tnv_f32 a, tnv_f32 *bell)
{
    const tnv_f32 one = tnv_set1(1.0f), middle = tnv_set1(3.625f), sum = tnv_add(a, middle), t = tnv_div(one, sum);
    const tnv_f32 u = tnv_fnma(tnv_set1(7.25f), t, one), b = tnv_mul(a, tnv_set1(-0.5f)), x = tnv_mul(a, b);
    const tnv_f32 short_of_1 = tnv_fnma(t, tnv_sub(a, tnv_sub(sum, middle)), tnv_fnma(t, sum, one));
    const tnv_f32 rest = tnv_fma(tnv_set1(2.0f), short_of_1, tnv_fma(a, b, tnv_neg(x)));
    tnv_f32 p = tnv_fma(tnv_set1(6.76029522e-05f), u, tnv_set1(0.000477593188f));
    p = tnv_fma(p, u, tnv_set1(-2.60050874e-05f));
    p = tnv_fma(p, u, tnv_set1(-0.00384908449f));
    p = tnv_fma(p, u, tnv_set1(0.00428389944f));
    p = tnv_fma(p, u, tnv_set1(0.0270392969f));
    p = tnv_fma(p, u, tnv_set1(-0.133801147f));
    p = tnv_fma(p, u, tnv_set1(0.334607869f));
    p = tnv_fma(p, u, tnv_set1(-0.577270746f));
    p = tnv_mul(tnv_fma(p, u, tnv_set1(0.747477949f)), t);
    *bell = TNK(exp_raised)(x);
    return tnv_mul(tnv_fma(p, rest, p), *bell);
}
TNV_FN tnv_f32 TNK(gelu)(tnv_f32 x)
{
    const tnv_f32 a = tnv_min(tnv_set1(14.5f), tnv_abs(x));
    tnv_f32 bell;
    const tnv_f32 q = TNK(normal_tail)(a, &bell);
    return tnv_with_sign(tnv_abs(tnv_fnma(tnv_mul(a, q), tnv_set1(TNK_LOWER), tnv_max(x, tnv_set1(0.0f)))), x);
}
TNV_FN tnv_f32 TNK(gelu_slope)(tnv_f32 x)
{
    const tnv_f32 c = TNK(act_clamp)(x, -14.5f, 14.5f), lower = tnv_set1(TNK_LOWER);
    tnv_f32 bell;
    const tnv_f32 q = tnv_mul(TNK(normal_tail)(tnv_abs(c), &bell), lower);
    const tnv_f32 s = tnv_select(tnv_gt(c, tnv_set1(0.0f)), tnv_sub(tnv_set1(1.0f), q), q);
    return tnv_fma(tnv_mul(c, tnv_mul(bell, lower)), tnv_set1(0.398942280f), s);
}

/* tanh(log(1 + n)) = w / (w + 2), w = n (n + 2), n = exp x. */
TNV_FN tnv_f32 TNK(mish)(tnv_f32 x)
{
    const tnv_f32 c = TNK(act_clamp)(x, -115.0f, 15.0f), n = TNK(exp_raised)(c), lower = tnv_set1(TNK_LOWER);
    const tnv_f32 two = tnv_set1(2.0f), w = tnv_mul(n, tnv_fma(n, lower, two));
    const tnv_f32 y = tnv_mul(tnv_mul(c, tnv_div(w, tnv_fma(w, lower, two))), lower);
    return tnv_select(tnv_gt(x, tnv_set1(15.0f)), x, y);
}
TNV_FN tnv_f32 TNK(mish_slope)(tnv_f32 x) /* w r + x 4 n (n + 1) r^2, r = 1 / (w + 2) */
{
    const tnv_f32 c = TNK(act_clamp)(x, -115.0f, 15.0f), n = tnv_exp(c), one = tnv_set1(1.0f), two = tnv_set1(2.0f);
    const tnv_f32 w = tnv_mul(n, tnv_add(n, two)), r = tnv_div(one, tnv_add(w, two));
    const tnv_f32 nr = tnv_mul(tnv_mul(n, tnv_set1(4.0f)), r);
    return tnv_fma(tnv_mul(c, r), tnv_mul(nr, tnv_add(n, one)), tnv_mul(w, r));
}

TNV_FN tnv_f32 TNK(softsign)(tnv_f32 x)
{
    const tnv_f32 c = TNK(act_clamp)(x, -3.40282347e38f, 3.40282347e38f); /* inf / inf */
    return tnv_div(c, tnv_add(tnv_set1(1.0f), tnv_abs(c)));
}
TNV_FN tnv_f32 TNK(softsign_slope)(tnv_f32 x)
{
    const tnv_f32 r = tnv_div(tnv_set1(1.0f), tnv_add(tnv_set1(1.0f), tnv_abs(x)));
    return tnv_mul(r, r);
}

TNV_FN tnv_f32 TNK(elu)(tnv_f32 x, tnv_f32 a)
{
    return tnv_select(tnv_gt(x, tnv_set1(0.0f)), x, tnv_mul(a, tnv_expm1(x)));
}
TNV_FN tnv_f32 TNK(elu_slope)(tnv_f32 x, tnv_f32 a)
{
    return tnv_select(tnv_gt(x, tnv_set1(0.0f)), tnv_set1(1.0f), tnv_mul(a, tnv_exp(x)));
}

TNV_FN tnv_f32 TNK(hard_sigmoid)(tnv_f32 x, tnv_f32 a, tnv_f32 b)
{
    return TNK(act_clamp)(tnv_fma(a, x, b), 0.0f, 1.0f);
}
/* The sign of a sum that is rounded once is exact, so both ends are where they should be. */
TNV_FN tnv_f32 TNK(hard_sigmoid_slope)(tnv_f32 x, tnv_f32 a, tnv_f32 b)
{
    const tnv_f32 zero = tnv_set1(0.0f), over = tnv_fma(a, x, tnv_sub(b, tnv_set1(1.0f)));
    return tnv_select(tnv_and(tnv_gt(tnv_fma(a, x, b), zero), tnv_gt(zero, over)), a, zero);
}
TNV_FN tnv_f32 TNK(hard_swish)(tnv_f32 x)
{
    const tnv_f32 c = tnv_max(x, tnv_set1(-3.0f)); /* -inf 0 */
    return tnv_mul(c, TNK(hard_sigmoid)(c, tnv_set1(0.166666667f), tnv_set1(0.5f)));
}
TNV_FN tnv_f32 TNK(hard_swish_slope)(tnv_f32 x)
{
    const tnv_f32 three = tnv_set1(3.0f), s = tnv_fma(x, tnv_set1(0.333333333f), tnv_set1(0.5f));
    return tnv_select(tnv_gt(three, x), tnv_select(tnv_gt(x, tnv_neg(three)), s, tnv_set1(0.0f)), tnv_set1(1.0f));
}

/* kind, alpha and beta where 0 is given, f(v), f' as a function of v = x or, for sigmoid, tanh, exp, v = y; for relu
 * and relu6 either */
#define TNK_ACTIVATIONS(X)                                                                                             \
    X(TN_RELU, 0, 0, tnv_max(v, zero), tnv_select(tnv_gt(v, zero), one, zero))                                         \
    X(TN_RELU6, 0, 0, tnv_min(tnv_max(v, zero), six), tnv_select(tnv_and(tnv_gt(v, zero), tnv_gt(six, v)), one, zero)) \
    X(TN_LEAKY_RELU, 0.2f, 0, tnv_select(tnv_gt(v, zero), v, tnv_mul(a, v)), tnv_select(tnv_gt(v, zero), one, a))      \
    X(TN_ELU, 1, 0, TNK(elu)(v, a), TNK(elu_slope)(v, a))                                                              \
    X(TN_SELU, 1.67326324f, 1.05070099f, tnv_mul(b, TNK(elu)(v, a)), tnv_mul(b, TNK(elu_slope)(v, a)))                 \
    X(TN_CELU, 1, 0, tnv_select(tnv_gt(v, zero), v, TNK(elu)(tnv_div(v, a), a)), TNK(elu_slope)(tnv_div(v, a), one))   \
    X(TN_SIGMOID, 0, 0, tnv_sigmoid(v), tnv_fnma(v, v, v))                                                             \
    X(TN_HARD_SIGMOID, 0.166666667f, 0.5f, TNK(hard_sigmoid)(v, a, b), TNK(hard_sigmoid_slope)(v, a, b))               \
    X(TN_HARD_SIGMOID_ONNX, 0.2f, 0.5f, TNK(hard_sigmoid)(v, a, b), TNK(hard_sigmoid_slope)(v, a, b))                  \
    X(TN_TANH, 0, 0, tnv_tanh(v), tnv_fnma(v, v, one))                                                                 \
    X(TN_SOFTPLUS, 0, 0, tnv_softplus(v), tnv_sigmoid(v))                                                              \
    X(TN_SOFTSIGN, 0, 0, TNK(softsign)(v), TNK(softsign_slope)(v))                                                     \
    X(TN_SILU, 0, 0, TNK(gate)(v, v), TNK(silu_slope)(v))                                                              \
    X(TN_HARD_SWISH, 0, 0, TNK(hard_swish)(v), TNK(hard_swish_slope)(v))                                               \
    X(TN_GELU, 0, 0, TNK(gelu)(v), TNK(gelu_slope)(v))                                                                 \
    X(TN_GELU_TANH, 0, 0, TNK(gelu_tanh)(v), TNK(gelu_tanh_slope)(v))                                                  \
    X(TN_MISH, 0, 0, TNK(mish)(v), TNK(mish_slope)(v))                                                                 \
    X(TN_EXP, 0, 0, tnv_exp(v), v)

#define TNK_PARAMETERS(alpha_0, beta_0)                                \
    const tnv_f32 a = tnv_set1(alpha != 0.0f ? alpha : (float)alpha_0); \
    const tnv_f32 b = tnv_set1(beta != 0.0f ? beta : (float)beta_0);    \
    (void)a; (void)b;

/* Whole vectors. */
TNI_NOINLINE TNK_FN void TNK(activation_vectors)(float *y, const float *x, size_t n, int32_t kind, float alpha,
                                                 float beta)
{
    const tnv_f32 zero = tnv_set1(0.0f), one = tnv_set1(1.0f), six = tnv_set1(6.0f);
    size_t i;
    (void)one;
    switch (kind) {
#define TNK_CASE(kind, alpha_0, beta_0, f, slope)       \
    case kind: {                                        \
        TNK_PARAMETERS(alpha_0, beta_0)                 \
        for (i = 0; i < n; i += TNV_LANES) {            \
            const tnv_f32 v = tnv_load(x + i);          \
            tnv_store(y + i, f);                        \
        }                                               \
        break;                                          \
    }
    TNK_ACTIVATIONS(TNK_CASE)
#undef TNK_CASE
    default:
        if (y != x) memcpy(y, x, n * sizeof *y);
    }
}

/* NaN in v reaches dx even where the derivative is a constant. */
TNI_NOINLINE TNK_FN void TNK(activation_slopes)(float *dx, const float *dy, const float *from, size_t n, int32_t kind,
                                                float alpha, float beta)
{
    const tnv_f32 zero = tnv_set1(0.0f), one = tnv_set1(1.0f), six = tnv_set1(6.0f);
    size_t i;
    switch (kind) {
#define TNK_CASE(kind, alpha_0, beta_0, f, slope)                                                          \
    case kind: {                                                                                           \
        TNK_PARAMETERS(alpha_0, beta_0)                                                                    \
        for (i = 0; i < n; i += TNV_LANES) {                                                               \
            const tnv_f32 v = tnv_load(from + i);                                                          \
            tnv_store(dx + i, tnv_mul(tnv_load(dy + i), tnv_select(tnv_nan(v), v, slope)));                \
        }                                                                                                  \
        break;                                                                                             \
    }
    TNK_ACTIVATIONS(TNK_CASE)
#undef TNK_CASE
    default:
        if (dx != dy) memcpy(dx, dy, n * sizeof *dx);
    }
}
#undef TNK_ACTIVATIONS
#undef TNK_PARAMETERS
#undef TNK_LOWER

/* y[i] = f(x[i]); y may be x. Less than a vector goes through a whole one, so that each formula is compiled once. */
TNK_FN void TNK(activation)(float *y, const float *x, size_t n, int32_t kind, float alpha, float beta)
{
    const size_t whole = n - n % TNV_LANES;
    if (whole) TNK(activation_vectors)(y, x, whole, kind, alpha, beta);
    if (whole < n) {
        const tnv_tail tail = tnv_first(n - whole);
        float rest[TNV_LANES];
        tnv_store(rest, tnv_load_first(x + whole, tail));
        TNK(activation_vectors)(rest, rest, TNV_LANES, kind, alpha, beta);
        tnv_store_first(y + whole, tnv_load(rest), tail);
    }
}

/* dx[i] = dy[i] f'; from: what f' is a function of, see above. dx may be dy. */
TNK_FN void TNK(activation_backward)(float *dx, const float *dy, const float *from, size_t n, int32_t kind, float alpha,
                                     float beta)
{
    const size_t whole = n - n % TNV_LANES;
    if (whole) TNK(activation_slopes)(dx, dy, from, whole, kind, alpha, beta);
    if (whole < n) {
        const tnv_tail tail = tnv_first(n - whole);
        float rest[TNV_LANES], rest_from[TNV_LANES];
        tnv_store(rest, tnv_load_first(dy + whole, tail));
        tnv_store(rest_from, kind == TN_LINEAR ? tnv_set1(0.0f) : tnv_load_first(from + whole, tail));
        TNK(activation_slopes)(rest, rest, rest_from, TNV_LANES, kind, alpha, beta);
        tnv_store_first(dx + whole, tnv_load(rest), tail);
    }
}
