/* model/look.h - what values are like, by a few thousand of them from samples spread over the set. Guesses: they warn,
 * and say more about what is refused anyway. */

/* Of the values looked at that are finite. */
typedef struct tni_seen {
    double low, high, mean, deviation;
    int64_t samples, values; /* how many were looked at */
    int32_t whole;           /* all are whole numbers */
} tni_seen;

enum { TNI_LOOK_SAMPLES = 64, TNI_LOOK_VALUES = 4096, TNI_LOOK_IMAGES = 16, TNI_LOOK_PIXELS = 2048 };
enum { TNI_NO_ORDER, TNI_BY_PLANES, TNI_BY_PIXELS };

static size_t tni_at_most(size_t n, size_t most) { return n < most ? n : most; }
static int tni_is_finite(double v) { return v >= -3.402823466e38 && v <= 3.402823466e38; }

static double tni_value_of(const tn_tensor *t, size_t i)
{
    return t->dtype == TN_F32  ? (double)((const float *)t->data)[i]
           : t->dtype == TN_I8 ? (double)((const int8_t *)t->data)[i]
                               : (double)tni_label(t->data, t->dtype, i);
}

/* Every value of small sets; else some of each sample looked at, another part of each. t has samples and data. */
static tni_seen tni_look(const tn_tensor *t)
{
    const size_t N = (size_t)t->dim[0], F = tni_size(t) / N, samples = tni_at_most(N, TNI_LOOK_SAMPLES);
    const size_t each = TNI_LOOK_VALUES / samples, step = F <= each ? 1 : (F + each - 1) / each;
    double sum = 0.0, squares = 0.0;
    tni_seen s;
    size_t r, i;
    memset(&s, 0, sizeof s);
    s.samples = (int64_t)samples;
    s.whole = 1;
    for (r = 0; r < samples; r++)
        for (i = r % step; i < F; i += step) {
            const double v = tni_value_of(t, r * N / samples * F + i);
            if (!tni_is_finite(v)) continue;
            if (!s.values++) s.low = s.high = v;
            if (v < s.low) s.low = v;
            if (v > s.high) s.high = v;
            if (s.whole && (v < floor(v) || v > floor(v))) s.whole = 0;
            sum += v;
            squares += v * v;
        }
    if (!s.values) return s;
    s.mean = sum / (double)s.values;
    squares = squares / (double)s.values - s.mean * s.mean;
    s.deviation = squares > 0.0 ? sqrt(squares) : 0.0;
    return s;
}

/* Whether samples of 3 * H * W values lie plane by plane or pixel by pixel. Neighbours in a picture are alike, read in
 * the true order: to the right and below. To the right alone deceives: the values of a gray pixel are alike too. */
static int32_t tni_look_order(const tn_tensor *t, int64_t samples, int32_t H, int32_t W)
{
    const size_t N = (size_t)samples, w = (size_t)W, F = 3 * (size_t)H * w, last = F - 3 * w;
    const size_t images = tni_at_most(N, TNI_LOOK_IMAGES), lag[4] = { 1, w, 3, 3 * w };
    size_t step = last / (TNI_LOOK_PIXELS / images) + 1, r, k, i;
    double d[4] = { 0.0, 0.0, 0.0, 0.0 };
    if (H < 8 || W < 8) return TNI_NO_ORDER;
    if (step % 3 == 0) step++; /* all three channels */
    for (r = 0; r < images; r++)
        for (i = r % step; i < last; i += step) {
            const size_t at = r * N / images * F + i;
            const double v = tni_value_of(t, at);
            for (k = 0; k < 4; k++) d[k] += fabs(tni_value_of(t, at + lag[k]) - v);
        }
    if (d[0] + d[1] < 0.8 * (d[2] + d[3]) && d[0] < 0.9 * d[2] && d[1] < 0.9 * d[3]) return TNI_BY_PLANES;
    if (d[2] + d[3] < 0.9 * (d[0] + d[1]) && d[3] < 0.8 * d[1]) return TNI_BY_PIXELS;
    return TNI_NO_ORDER;
}

/* A refusal of flattened colour images also says which of the two reshapes is right, where the values show it. */
static tn_status tni_look_flattened(const tni_call *c, const tn_tensor *x, const tn_tensor *expected, tn_status status)
{
    tn_diag *const d = c->ctx ? c->ctx->diag : TNI_NULL;
    const int32_t h = tni_find_axis(expected->rank, expected->axes, 'H');
    int32_t order = TNI_NO_ORDER;
    size_t sample = tni_values(expected, 1), count = 0;
    if (status == TN_OK || !d || c->query || !x->data || (x->dtype != TN_F32 && x->dtype != TN_U8)) return status;
    if (d->cause != TN_CAUSE_FLATTENED_IMAGE && d->cause != TN_CAUSE_FLAT_ARRAY) return status;
    if (h < 0 || expected->rank != 4 || !tni_count(x, &count) || !sample || count / sample < 2) return status;
    if (expected->dim[tni_find_axis(4, expected->axes, 'C')] == 3)
        order = tni_look_order(x, (int64_t)(count / sample), expected->dim[h],
                               expected->dim[tni_find_axis(4, expected->axes, 'W')]);
    if (order) d->also_cause = order == TNI_BY_PLANES ? TN_CAUSE_PLANAR_ROWS : TN_CAUSE_INTERLEAVED_ROWS;
    return status;
}
