/* impl/infer.h - why a shape does not fit, from the numbers of the two shapes alone. The rules stand in a table; the
 * first that holds wins. */

/* The expected shape and the received one. Axes of the expected sample: -1 where it has none such. n: axes of a
 * sample, from axis 1 on. */
typedef struct tni_shapes {
    const tn_tensor *e, *x;
    int32_t n, h, w, c, t, f;
    size_t sample; /* values of one expected sample, 0 while an axis is free or 0 */
    int64_t *number;
} tni_shapes;

static int tni_fits(int32_t expected, int32_t received) { return expected == TN_ANY || expected == received; }

static int tni_fits_from(const tn_tensor *e, int32_t first, const tn_tensor *x, int32_t from, int32_t count)
{
    int32_t i;
    for (i = 0; i < count; i++) if (!tni_fits(e->dim[first + i], x->dim[from + i])) return 0;
    return 1;
}

/* Product of dim[first ...]; 0 where a length is free, 0 or the product does not fit. */
static size_t tni_values(const tn_tensor *v, int32_t first)
{
    size_t n = 1;
    int32_t i;
    for (i = first; i < v->rank; i++) if (v->dim[i] <= 0 || !tni_mul(n, (size_t)v->dim[i], &n)) return 0;
    return n;
}

static int tni_is_image(const tni_shapes *s) { return s->n == 3 && s->h > 0; }
static int tni_is_series(const tni_shapes *s) { return s->n == 2 && s->t > 0; }
static int32_t tni_e(const tni_shapes *s, int32_t axis) { return s->e->dim[axis]; }
static int32_t tni_x(const tni_shapes *s, int32_t axis) { return s->x->dim[axis]; }

static int32_t tni_because(const tni_shapes *s, int32_t cause, int64_t a, int64_t b, int64_t c, int64_t d)
{
    s->number[0] = a; s->number[1] = b; s->number[2] = c; s->number[3] = d;
    return cause;
}

/* X == E. A series of free length proves nothing: its rows may as well be samples. */
static int32_t tni_infer_batch_axis(const tni_shapes *s)
{
    int32_t i, known = 0;
    if (s->x->rank != s->n || s->n < 1 || !tni_fits_from(s->e, 1, s->x, 0, s->n)) return 0;
    for (i = 1; i <= s->n; i++) known += tni_e(s, i) != TN_ANY;
    if (known == 0 || (known < s->n && !tni_is_image(s))) return 0;
    return tni_because(s, TN_CAUSE_MISSING_BATCH_AXIS, 0, 0, 0, 0);
}

static int32_t tni_infer_flattened(const tni_shapes *s)
{
    if (s->x->rank != 2 || s->n < 3 || s->sample == 0) return 0;
    if ((size_t)tni_x(s, 1) == s->sample) {
        if (!tni_is_image(s)) return tni_because(s, TN_CAUSE_FLATTENED_SAMPLES, tni_x(s, 1), 0, 0, 0);
        return tni_because(s, TN_CAUSE_FLATTENED_IMAGE, tni_x(s, 1), tni_e(s, s->h), tni_e(s, s->w), tni_e(s, s->c));
    }
    if (tni_is_image(s) && (size_t)tni_x(s, 1) == s->sample + 1)
        return tni_because(s, TN_CAUSE_LABEL_IN_ROWS, tni_x(s, 1), (int64_t)s->sample, 0, 0);
    return 0;
}

/* One number a step, and more of them than one sample has: a series, before it is many samples in one row. */
static int32_t tni_infer_windowing(const tni_shapes *s)
{
    int32_t T, more;
    if (s->x->rank != 1 || !tni_is_series(s) || tni_e(s, s->f) != 1) return 0;
    T = tni_e(s, s->t);
    more = tni_x(s, 0) - T;
    return T > 1 && more > 0 ? tni_because(s, TN_CAUSE_WINDOWING, tni_x(s, 0), T, (int64_t)more + 1, 0) : 0;
}

static int32_t tni_infer_flat_array(const tni_shapes *s)
{
    if (s->x->rank != 1 || s->sample < 2 || tni_x(s, 0) <= 0) return 0;
    if (tni_is_image(s) && (size_t)tni_x(s, 0) % s->sample && (size_t)tni_x(s, 0) % (s->sample + 1) == 0)
        return tni_because(s, TN_CAUSE_LABEL_IN_ROWS, (int64_t)s->sample + 1, (int64_t)s->sample, 0, 0);
    if ((size_t)tni_x(s, 0) % s->sample) return 0;
    if ((size_t)tni_x(s, 0) == s->sample) return tni_because(s, TN_CAUSE_FLATTENED_SAMPLE, tni_x(s, 0), 0, 0, 0);
    return tni_because(s, TN_CAUSE_FLAT_ARRAY, tni_x(s, 0), (int64_t)((size_t)tni_x(s, 0) / s->sample),
                       (int64_t)s->sample, 0);
}

static int32_t tni_infer_flattened_color(const tni_shapes *s)
{
    static const int32_t usual[3] = { 1, 3, 4 };
    int32_t i;
    if (s->x->rank != 2 || !tni_is_image(s) || s->sample == 0) return 0;
    for (i = 0; i < 3; i++) {
        size_t pixels = s->sample / (size_t)tni_e(s, s->c);
        if (usual[i] != tni_e(s, s->c) && tni_mul(pixels, (size_t)usual[i], &pixels) && (size_t)tni_x(s, 1) == pixels)
            return tni_because(s, TN_CAUSE_FLATTENED_OTHER_COLOR_MODE, tni_x(s, 1), tni_e(s, s->h), tni_e(s, s->w),
                               usual[i]);
    }
    return 0;
}

/* One axis less, the others equal and the last of E 1; images without their color axis are told by height and width. */
static int32_t tni_infer_last_axis(const tni_shapes *s)
{
    const int32_t last = s->n, known = last > 1 && tni_e(s, last - 1) != TN_ANY && tni_e(s, 1) != TN_ANY;
    if (s->n < 1 || s->x->rank != s->n || !tni_fits(tni_e(s, 0), tni_x(s, 0)) ||
        !tni_fits_from(s->e, 1, s->x, 1, s->n - 1))
        return 0;
    if (tni_is_image(s) && s->c == last && (tni_e(s, last) == 1 || (tni_e(s, last) == 3 && known)))
        return tni_because(s, TN_CAUSE_MISSING_CHANNEL_AXIS, tni_e(s, last) == 1 ? 0 : tni_e(s, last), 0, 0, 0);
    if (tni_e(s, last) != 1 || tni_is_image(s) || (last > 1 && !known)) return 0;
    return tni_because(s, TN_CAUSE_MISSING_FEATURE_AXIS, 0, 0, 0, 0);
}

/* Two axes where samples, steps and features are wanted. number[0] of a missing time axis: X may also be one
 * sequence. */
static int32_t tni_infer_series(const tni_shapes *s)
{
    size_t row;
    if (s->x->rank != 2 || !tni_is_series(s) || tni_e(s, s->f) <= 0) return 0;
    if (tni_e(s, s->t) > 1 && tni_mul((size_t)tni_e(s, s->t), (size_t)tni_e(s, s->f), &row) &&
        (size_t)tni_x(s, 1) == row)
        return tni_because(s, TN_CAUSE_FLATTENED_SEQUENCES, tni_x(s, 1), tni_e(s, s->t), tni_e(s, s->f), 0);
    if (tni_x(s, 1) == tni_e(s, s->f))
        return tni_because(s, TN_CAUSE_MISSING_TIME_AXIS, tni_fits(tni_e(s, s->t), tni_x(s, 0)), 0, 0, 0);
    if (tni_e(s, s->f) == 1 && tni_fits(tni_e(s, s->t), tni_x(s, 1)))
        return tni_because(s, TN_CAUSE_MISSING_FEATURE_AXIS, 0, 0, 0, 0);
    return 0;
}

static int32_t tni_infer_extra_axis(const tni_shapes *s)
{
    int32_t i;
    if (s->x->rank != s->e->rank + 1) return 0;
    if (tni_x(s, 0) == TN_ANY && tni_x(s, 1) >= 100 &&
        tni_fits_from(s->e, 1, s->x, 2, s->n)) /* a declared shape, and a count of samples */
        return tni_because(s, TN_CAUSE_BATCH_IN_INPUT_SHAPE, tni_x(s, 1), 0, 0, 0);
    for (i = 0; i < s->x->rank; i++)
        if (tni_x(s, i) == 1 && tni_fits_from(s->e, 0, s->x, 0, i) &&
            tni_fits_from(s->e, i, s->x, i + 1, s->e->rank - i))
            return tni_because(s, TN_CAUSE_EXTRA_AXIS, i, 0, 0, 0);
    return 0;
}

/* Whether the axes of X behind the first, taken in the order a, b, c, are those of E, and in their own order are
 * not. */
static int tni_reads_as(const tni_shapes *s, int32_t a, int32_t b, int32_t c)
{
    return s->x->rank == s->e->rank && !tni_fits_from(s->e, 1, s->x, 1, s->n) && tni_fits(tni_e(s, 1), tni_x(s, a))
        && tni_fits(tni_e(s, 2), tni_x(s, b)) && (s->n == 2 || tni_fits(tni_e(s, 3), tni_x(s, c)));
}

/* With free height and width the channels alone decide, and only where they cannot be taken for a height. */
static int32_t tni_infer_permuted(const tni_shapes *s)
{
    if (tni_is_image(s) && tni_e(s, s->c) != TN_ANY) {
        const int last = s->c == 3, declared = tni_e(s, s->h) != TN_ANY && tni_e(s, s->w) != TN_ANY;
        if (tni_reads_as(s, last ? 2 : 3, last ? 3 : 1, last ? 1 : 2) &&
            (declared || tni_x(s, last ? 1 : 3) != tni_x(s, 2)))
            return tni_because(s, last ? TN_CAUSE_CHANNELS_FIRST : TN_CAUSE_CHANNELS_LAST, 0, 0, 0, 0);
        if (tni_reads_as(s, last ? 2 : 1, last ? 1 : 3, last ? 3 : 2))
            return tni_because(s, TN_CAUSE_HW_SWAPPED, tni_e(s, s->h), tni_e(s, s->w), 0, 0);
        if (declared && (tni_reads_as(s, 1, 3, 2) || tni_reads_as(s, 3, 2, 1) || tni_reads_as(s, 2, 3, 1) ||
                         tni_reads_as(s, 3, 1, 2)))
            return tni_because(s, TN_CAUSE_AXES_PERMUTED, 0, 0, 0, 0);
    }
    if (tni_is_series(s) && tni_e(s, s->f) != TN_ANY && tni_reads_as(s, 2, 1, 0))
        return tni_because(s, TN_CAUSE_TIME_FEATURES_SWAPPED, tni_x(s, 2), tni_x(s, 1), 0, 0);
    return 0;
}

/* Same rank, and X differs from E in none but these axes (bits), in at least one of them. */
static int tni_differs_only(const tni_shapes *s, uint32_t axes)
{
    uint32_t differ = 0;
    int32_t i;
    if (s->x->rank != s->e->rank) return 0;
    for (i = 0; i < s->e->rank; i++) if (!tni_fits(tni_e(s, i), tni_x(s, i))) differ |= 1u << i;
    return differ != 0 && (differ & ~axes) == 0;
}

static int32_t tni_infer_channels(const tni_shapes *s)
{
    int32_t want, got;
    if (!tni_is_image(s) || !tni_differs_only(s, 1u << s->c)) return 0;
    want = tni_e(s, s->c); got = tni_x(s, s->c);
    return tni_because(s, got == 1 && want == 3                  ? TN_CAUSE_GRAY_INTO_RGB
                        : got == 3 && want == 1                  ? TN_CAUSE_RGB_INTO_GRAY
                        : got == 4 && (want == 3 || want == 1)   ? TN_CAUSE_ALPHA_CHANNEL
                        : got == 2 && (want == 3 || want == 1)   ? TN_CAUSE_GRAY_WITH_ALPHA : 0, want, got, 0, 0);
}

/* One digit apart in three or more (224, 244), or two neighbours exchanged (1867, 1876): shorter numbers are too
 * often both meant. */
static int tni_is_slip(int32_t a, int32_t b)
{
    int32_t digits = 0, wrong = 0, last_a = -1, last_b = -1, swapped = 0;
    for (; a > 0 && b > 0; a /= 10, b /= 10, digits++) {
        if (a % 10 != b % 10) {
            swapped += wrong == 1 && a % 10 == last_b && b % 10 == last_a;
            wrong++;
        }
        last_a = a % 10; last_b = b % 10;
    }
    return a == 0 && b == 0 && digits > 2 && (wrong == 1 || (wrong == 2 && swapped == 1));
}

static int32_t tni_infer_size(const tni_shapes *s)
{
    int32_t want, got, first;
    if (!tni_is_image(s) || !tni_differs_only(s, (1u << s->h) | (1u << s->w))) return 0;
    first = tni_fits(tni_e(s, s->h), tni_x(s, s->h)) ? s->w : s->h;
    want = tni_e(s, first); got = tni_x(s, first);
    if (tni_is_slip(want, got)
        && (first == s->w || tni_fits(tni_e(s, s->w), tni_x(s, s->w)) || tni_is_slip(tni_e(s, s->w), tni_x(s, s->w))))
        return tni_because(s, TN_CAUSE_DIGIT_SLIP, want, got, 0, 0);
    return tni_because(s, TN_CAUSE_RESIZE_NEEDED, 0, 0, 0, 0);
}

/* Dense: the last axis of [N,F] and [N,T,F]. number[2], [3]: more, fewer. */
static int32_t tni_infer_features(const tni_shapes *s)
{
    const int32_t last = s->n;
    if (last < 1 || last > 2 || tni_is_image(s) || !tni_differs_only(s, 1u << last)) return 0;
    if ((int64_t)tni_x(s, last) - tni_e(s, last) == 1 || (int64_t)tni_e(s, last) - tni_x(s, last) == 1)
        return tni_because(s, TN_CAUSE_OFF_BY_ONE_FEATURE, tni_e(s, last), tni_x(s, last),
                           tni_x(s, last) > tni_e(s, last), tni_x(s, last) < tni_e(s, last));
    return tni_is_slip(tni_e(s, last), tni_x(s, last))
               ? tni_because(s, TN_CAUSE_DIGIT_SLIP, tni_e(s, last), tni_x(s, last), 0, 0)
               : 0;
}

/* Rows and columns of a table exchanged: as many rows as features are wanted, of any number of samples. */
static int32_t tni_infer_table(const tni_shapes *s)
{
    if (s->n != 1 || s->x->rank != 2 || tni_e(s, 0) != TN_ANY || tni_e(s, 1) < 2) return 0;
    if (tni_x(s, 0) != tni_e(s, 1) || tni_x(s, 1) == tni_e(s, 1)) return 0;
    return tni_because(s, TN_CAUSE_AXES_PERMUTED, 0, 0, 0, 0);
}

/* Feature maps where rows are wanted: rank 4, or the right number of values in too many axes. */
static int32_t tni_infer_no_flatten(const tni_shapes *s)
{
    if (s->n != 1 || s->x->rank < 3 || (s->x->rank != 4 && (s->sample == 0 || tni_values(s->x, 1) != s->sample)))
        return 0;
    return tni_because(s, TN_CAUSE_NO_FLATTEN, 1, 0, 0, 0);
}

static int32_t tni_infer_reshape(const tni_shapes *s)
{
    if (s->sample == 0 || s->x->rank < 2 || tni_values(s->x, 1) != s->sample) return 0;
    if (s->x->rank == s->e->rank && tni_fits_from(s->e, 1, s->x, 1, s->n)) return 0;
    return tni_because(s, TN_CAUSE_WRONG_RESHAPE, (int64_t)s->sample, 0, 0, 0);
}

/* Weights, whose first axis is no batch: outputs first where inputs first are wanted, or the reverse. */
static int32_t tni_infer_weights(const tni_shapes *s)
{
    static const int32_t oi[2] = { 1, 0 }, oihw[4] = { 2, 3, 1, 0 }, hwio[4] = { 3, 2, 0, 1 };
    const int32_t axes = s->e->axes, *const order = axes == TN_HWIO ? oihw : axes == TN_OIHW ? hwio : oi;
    int32_t i;
    if (s->x->rank != s->e->rank || (s->e->rank != 2 && order == oi) || tni_fits_from(s->e, 0, s->x, 0, s->e->rank))
        return 0;
    for (i = 0; i < s->e->rank; i++) if (!tni_fits(tni_e(s, i), tni_x(s, order[i]))) return 0;
    return tni_because(s, TN_CAUSE_WEIGHTS_TRANSPOSED, 0, 0, 0, 0);
}

static int32_t tni_infer_dtype(const tni_shapes *s)
{
    if (s->x->rank != s->e->rank || !tni_fits_from(s->e, 0, s->x, 0, s->e->rank)) return 0;
    return s->e->dtype == TN_F32 && s->x->dtype == TN_U8 ? tni_because(s, TN_CAUSE_RAW_BYTES, 0, 0, 0, 0) : 0;
}

/* expected: N first (or unnamed: N, then H W C, T F or F), free axes TN_ANY; weights by their names. 0: the numbers
 * prove nothing. */
static int32_t tni_infer(const tn_tensor *expected, const tn_tensor *received, int64_t number[4])
{
    typedef int32_t (*tni_guess)(const tni_shapes *);
    static const tni_guess samples[] = { tni_infer_batch_axis,      tni_infer_flattened,  tni_infer_windowing,
                                         tni_infer_flat_array,      tni_infer_flattened_color,
                                         tni_infer_last_axis,       tni_infer_series,     tni_infer_extra_axis,
                                         tni_infer_no_flatten,      tni_infer_permuted,   tni_infer_channels,
                                         tni_infer_size,            tni_infer_features,   tni_infer_reshape,
                                         tni_infer_table,           tni_infer_dtype,      TNI_NULL };
    static const tni_guess weights[] = { tni_infer_weights, tni_infer_extra_axis, tni_infer_dtype, TNI_NULL };
    const tni_guess *guess;
    tni_shapes s;
    int32_t cause;
    if (!tni_has_rank(expected) || !tni_has_rank(received) || expected->rank == 0) return 0;
    s.e = expected; s.x = received; s.number = number;
    s.n = expected->rank - 1;
    s.h = tni_find_axis(expected->rank, expected->axes, 'H');
    s.w = tni_find_axis(expected->rank, expected->axes, 'W');
    s.c = tni_find_axis(expected->rank, expected->axes, 'C');
    s.t = tni_find_axis(expected->rank, expected->axes, 'T');
    s.f = s.n;
    if (s.w < 1 || s.c < 1) s.h = -1;
    s.sample = tni_values(expected, 1);
    for (guess = expected->axes && tni_find_axis(1, expected->axes, 'N') < 0 ? weights : samples; *guess; guess++)
        if ((cause = (*guess)(&s)) != 0) return cause;
    return 0;
}

/* The cause for these axes (bits) alone, as if the others fitted: for a record of two findings. */
static TNI_UNUSED int32_t tni_infer_axes(const tn_tensor *expected, const tn_tensor *received, uint32_t axes,
                                         int64_t number[4])
{
    tn_tensor x = *received;
    int32_t i;
    if (!tni_has_rank(expected) || expected->rank != x.rank) return 0;
    for (i = 0; i < x.rank; i++) if (!(axes >> i & 1) && expected->dim[i] != TN_ANY) x.dim[i] = expected->dim[i];
    return tni_infer(expected, &x, number);
}

/* ---- labels against the output x ---- */

static int32_t tni_infer_label_rank(const tn_tensor *x, const tn_tensor *target, int32_t K, int64_t label_max,
                                    int64_t number[4])
{
    const int32_t row = target->rank == 2 ? target->dim[1] : 1;
    if (target->rank == x->rank + 1) {
        int32_t i;
        for (i = 0; i < target->rank; i++)
            if (target->dim[i] == 1 && !memcmp(target->dim, x->dim, (size_t)i * sizeof x->dim[0]) &&
                !memcmp(target->dim + i + 1, x->dim + i, (size_t)(x->rank - i) * sizeof x->dim[0])) {
                number[0] = i;
                return TN_CAUSE_EXTRA_AXIS;
            }
        if (x->rank == 2 && target->dim[2] == K && target->dim[1] != K && target->dim[0] == x->dim[0])
            return TN_CAUSE_RETURN_SEQUENCES;
        return target->dim[target->rank - 1] == K ? TN_CAUSE_ONEHOT_TWICE : 0;
    }
    if (target->rank > 2 && target->dim[0] == x->dim[0] && tni_values(target, 1) == tni_values(x, 1)) {
        number[0] = (int64_t)tni_values(x, 1);
        return TN_CAUSE_LABELS_IN_OTHER_AXES;
    }
    if (target->rank < 1 || target->rank > 2 || target->dim[0] != x->dim[0]) return 0;
    if (x->rank == 4) {
        number[2] = K > 1 && (row == K || (row == 1 && label_max == K - 1));
        return number[2] ? TN_CAUSE_NO_FLATTEN : TN_CAUSE_NO_HEAD;
    }
    if (x->rank == 3) { number[0] = x->dim[1]; return TN_CAUSE_RETURN_SEQUENCES; }
    return 0;
}

static int32_t tni_infer_label_count(const tn_tensor *x, const tn_tensor *target, int32_t K, int64_t number[4])
{
    static const int32_t split[2][2] = { { 60000, 10000 }, { 50000, 10000 } }; /* MNIST; CIFAR-10 */
    const int64_t N = x->dim[0], M = target->dim[0];
    size_t i;
    number[0] = N; number[1] = M; number[2] = K;
    if (target->rank == 2 && (M == 1 || M == K) && target->dim[1] == N && N > 1) {
        number[0] = M == 1; number[1] = N; number[2] = M > 1; number[3] = M;
        return TN_CAUSE_LABELS_TRANSPOSED;
    }
    if (target->rank == 1 && K > 1 && M == N * K) return TN_CAUSE_ONEHOT_FLATTENED;
    if (M > 0 && N == 3 * M) return TN_CAUSE_PLANES_AS_SAMPLES;
    for (i = 0; i < 2; i++)
        if ((N == split[i][0] && M == split[i][1]) || (N == split[i][1] && M == split[i][0]))
            return TN_CAUSE_OTHER_SPLIT_LABELS;
    return 0;
}

/* Why labels do not fit a loss that refuses them with this status; first_bad: index of the first bad label, or -1;
 * the smallest and largest. */
static TNI_UNUSED int32_t tni_infer_labels(int32_t status, const tn_tensor *x, const tn_tensor *target,
                                           int64_t first_bad, int64_t label_min, int64_t label_max, int64_t number[4])
{
    int32_t K, row;
    if (!tni_has_rank(x) || !tni_has_rank(target) || x->rank < 1) return 0;
    K = x->dim[x->rank - 1];
    row = target->rank > 0 ? target->dim[target->rank - 1] : 1;
    memset(number, 0, 4 * sizeof *number);
    switch (status) {
    case TN_E_LABEL_RANK: return tni_infer_label_rank(x, target, K, label_max, number);
    case TN_E_SAMPLES: return target->rank > 0 ? tni_infer_label_count(x, target, K, number) : 0;
    case TN_E_LABEL_FORM:
        if (first_bad >= 0) { number[0] = first_bad; return TN_CAUSE_LABELS_FRACTIONAL; }
        number[0] = K;
        if (K < 2) return 0;
        if (target->rank == x->rank && row == K) return TN_CAUSE_ONEHOT_WITH_SPARSE;
        return target->rank == x->rank - 1 || (target->rank == x->rank && row == 1) ? TN_CAUSE_SPARSE_WITH_CATEGORICAL
                                                                                    : 0;
    case TN_E_LABEL_CLASSES:
        if (x->rank == 2 && target->rank == 2 && x->dim[0] == row && target->dim[0] == K && (K == 1 || row == 1))
            return TN_CAUSE_MSE_ROW_AGAINST_COLUMN;
        number[0] = K; number[1] = row;
        return K == 1 && row > 1 ? TN_CAUSE_MSE_AGAINST_ONEHOT : 0;
    case TN_E_LABEL_RANGE:
        number[0] = label_min; number[1] = label_max; number[2] = K;
        if (label_min < 0) { number[0] = first_bad; number[1] = label_min; return TN_CAUSE_LABEL_NEGATIVE; }
        if (label_min == 1 && label_max == K) return TN_CAUSE_LABEL_ONE_BASED;
        if (K == 1 && label_max > 0) { number[2] = label_max == 1; return TN_CAUSE_SPARSE_WITH_ONE_UNIT; }
        number[0] = first_bad;
        return label_max >= K ? TN_CAUSE_LABEL_BEYOND_OUTPUT : 0;
    default: return 0;
    }
}
