/* impl/initialize.h - initial weights, by Keras' formulas. */

static void tni_fans(const tn_tensor *w, double *in, double *out)
{
    const int32_t *const d = w->dim;
    double window = 1.0;
    int32_t i = -1, o = -1, j;
    if (w->rank == 2 && (w->axes == 0 || w->axes == TN_IO)) { i = 0; o = 1; }
    if (w->rank == 2 && w->axes == TN_OI) { i = 1; o = 0; }
    if (w->rank == 4 && (w->axes == 0 || w->axes == TN_HWIO || w->axes == TN_HWCM)) { i = 2; o = 3;
        window = (double)d[0] * d[1]; }
    if (w->rank == 4 && w->axes == TN_OIHW) { i = 1; o = 0; window = (double)d[2] * d[3]; }
    if (i < 0) for (j = 0; j < w->rank; j++) window *= d[j];
    *in = i < 0 ? window : window * d[i];
    *out = i < 0 ? window : window * d[o];
}

/* Gram-Schmidt, twice over (once loses orthogonality where much cancels, twice is enough), on the rows where they are
 * not more than the columns, else on the columns. In place: the floats' own rounding is all that is lost. Sums in
 * double, in four interleaved parts. */
static void tni_orthogonal(float *w, size_t rows, size_t cols)
{
    const size_t count = rows <= cols ? rows : cols, length = rows <= cols ? cols : rows;
    const size_t next = rows <= cols ? cols : 1, step = rows <= cols ? 1 : cols;
    size_t j, k, i;
    int pass;
    for (j = 0; j < count; j++) {
        float *const v = w + j * next;
        for (pass = 0; pass < 2; pass++)
            for (k = 0; k <= j; k++) { /* the last one is v itself: its length */
                const float *const u = w + k * next;
                double s[4] = { 0.0, 0.0, 0.0, 0.0 }, dot;
                for (i = 0; i < length; i++) s[i & 3] += (double)u[i * step] * (double)v[i * step];
                dot = (s[0] + s[2]) + (s[1] + s[3]);
                if (k < j) for (i = 0; i < length;
                    i++) v[i * step] = (float)((double)v[i * step] - dot * (double)u[i * step]);
                else for (i = 0; i < length; i++) v[i * step] = (float)((double)v[i * step] / sqrt(dot));
            }
    }
}

static void tni_constant(float *y, size_t n, float value) { while (n--) *y++ = value; }

TENON_API tn_status tn_initialize(tn_context *ctx, const tn_tensor *w, const tn_random *r, int32_t kind)
{
    tni_call c = tni_enter(ctx, "tn_initialize");
    const tni_operand op[] = { { w, "w", 0, TNI_OUT } };
    double in, out, s;
    tni_draw d;
    size_t n;
    TNI_TRY(tni_operands(&c, op, 1));
    if (kind < TN_GLOROT_UNIFORM || kind > TN_LSTM_BIAS) return tni_bad(&c, TN_E_ARG, 2, "kind",
        "must be one of TN_GLOROT_UNIFORM to TN_LSTM_BIAS", kind);
    if (!r && kind <= TN_ORTHOGONAL) return tni_bad(&c, TN_E_NULL, 1, "r", "must not be NULL", 0);
    if ((kind == TN_ORTHOGONAL && w->rank != 2) || (kind == TN_LSTM_BIAS && w->rank != 1)) {
        const tn_tensor shape = tni_shape(0, kind == TN_ORTHOGONAL ? 2 : 1, TN_ANY, TN_ANY, 0, 0);
        return tni_mismatch(&c, &op[0], &shape, TN_E_RANK, kind == TN_ORTHOGONAL ? "orthogonal weights are [I,O]"
            : "the bias of an LSTM is [4 U]");
    }
    if (kind == TN_LSTM_BIAS && w->dim[0] % 4) {
        tn_diag bad = tni_operand_finding(&op[0], TN_E_FEATURES, "the bias of an LSTM is [4 U]: a multiple of 4");
        bad.axes_differ = 1;
        return tni_refuse(&c, &bad);
    }
    TNI_TRY(tni_workspace(&c, 0, -1));
    if (c.query) return tni_ok(&c);
    (void)tni_count(w, &n);
    if (kind >= TN_ZEROS) {
        tni_constant((float *)w->data, n, kind == TN_ONES ? 1.0f : 0.0f);
        if (kind == TN_LSTM_BIAS) tni_constant((float *)w->data + n / 4, n / 4, 1.0f);
        return tni_ok(&c);
    }
    tni_fans(w, &in, &out);
    s = kind < TN_HE_UNIFORM ? 2.0 / (in + out) : kind < TN_LECUN_UNIFORM ? 2.0 / in : 1.0 / in;
    if (kind == TN_ORTHOGONAL) {
        d = tni_normal(r, 0.0f, 1.0f, 0);
    } else if (kind & 1) {
        d = tni_normal(r, 0.0f, (float)(sqrt(s) / 0.87962566103423978), 1); /* the deviation that is left of 1 */
    } else {
        const float limit = (float)sqrt(3.0 * s);
        d = tni_uniform(r, -limit, limit);
    }
    tni_draw_all(&c, w, TNI_NULL, r, &d, 0.0f);
    if (kind == TN_ORTHOGONAL) tni_orthogonal((float *)w->data, (size_t)w->dim[0], (size_t)w->dim[1]);
    return tni_ok(&c);
}
