/* tests/arithmetic_oracle.h - sizes without the library's formulas: windows are counted, products kept whole. What may
 * be wrong with a case is a set of codes; empty, the call must accept. */

typedef uint64_t codes;
static codes code(int status) { return (codes)1 << status; }

/* ---- products ---- */

enum { LIMBS = 8 }; /* of 32 bits: six lengths and an element size */
typedef struct whole {
    uint32_t limb[LIMBS];
} whole;

static whole whole_of(uint32_t v)
{
    whole w;
    memset(&w, 0, sizeof w);
    w.limb[0] = v;
    return w;
}

static void whole_times(whole *w, uint32_t v)
{
    uint64_t carry = 0;
    int i;
    for (i = 0; i < LIMBS; i++) {
        carry += (uint64_t)w->limb[i] * v;
        w->limb[i] = (uint32_t)carry;
        carry >>= 32;
    }
}

static int whole_above(const whole *w, uint64_t limit)
{
    int i;
    for (i = 2; i < LIMBS; i++) if (w->limb[i]) return 1;
    return ((uint64_t)w->limb[1] << 32 | w->limb[0]) > limit;
}

static int whole_equal(const whole *a, const whole *b) { return memcmp(a, b, sizeof *a) == 0; }

/* Whether the elements of f32 tensors take more than limit bytes; an axis of 0 does not make the others small. */
static int bytes_above(const int64_t *dim, int rank, uint64_t limit)
{
    whole w = whole_of(4);
    int i;
    for (i = 0; i < rank; i++) if (dim[i] > 0) whole_times(&w, (uint32_t)dim[i]);
    return whole_above(&w, limit);
}

/* Of lengths that are known to fit. */
static uint64_t bytes_of(const int64_t *dim, int rank)
{
    uint64_t n = 4;
    int i;
    for (i = 0; i < rank; i++) n *= (uint64_t)dim[i];
    return n;
}

/* ---- windows along one axis ---- */

typedef struct axis {
    int64_t length, size, stride, dilation, before, after; /* as given: 0 is a default */
    int padding, ceil_mode, pool;
} axis;

static int explicit_pads(const axis *a) { return a->padding == TN_VALID || a->padding == TN_EXPLICIT; }
static int64_t span_of(const axis *a) { return (a->size - 1) * a->dilation + 1; }

/* Whether window i is one of the output's; where one is not, none behind it is. */
static int counts(const axis *a, int64_t i)
{
    const int64_t start = i * a->stride, total = a->length + a->before + a->after;
    if (!explicit_pads(a)) return start < a->length;
    if (span_of(a) > total) return 0;
    if (!a->ceil_mode || !a->pool) return start + span_of(a) <= total;
    return start < a->before + a->length && (i == 0 || start - a->stride + span_of(a) < total);
}

/* One by one; from 64 on by halves. */
static int64_t windows(const axis *a)
{
    int64_t low = 0, high = 64, middle;
    while (low < high && counts(a, low)) low++;
    if (low < high) return low;
    while (counts(a, high)) high *= 2;
    for (low = high / 2; low < high;) { /* those below low count, high does not */
        middle = low + (high - low) / 2;
        if (counts(a, middle)) low = middle + 1;
        else high = middle;
    }
    return low;
}

/* Whether the window that starts here, from the image's beginning, has a tap in the image. */
static int has_tap(const axis *a, int64_t start)
{
    int64_t k = 0;
    if (a->size > 64 && start < 0) k = -start / a->dilation; /* those before it lie in front of the image */
    for (; k < a->size && start + k * a->dilation < a->length; k++) if (start + k * a->dilation >= 0) return 1;
    return 0;
}

enum { MOST_WINDOWS = 1 << 17 };

/* Every window has one. Taps no further apart than the image is long cannot step over it: the first and the last window
 * decide. */
static int all_have_taps(const axis *a, int64_t out)
{
    const int64_t most = a->padding == TN_CAUSAL ? span_of(a) - 1 : (out - 1) * a->stride + span_of(a) - a->length;
    const int64_t around = most > 0 ? most : 0;
    const int64_t before = explicit_pads(a) ? a->before
                         : a->padding == TN_CAUSAL ? around
                         : a->padding == TN_SAME_LOWER ? around - around / 2 : around / 2;
    int64_t i;
    if (!has_tap(a, -before) || !has_tap(a, (out - 1) * a->stride - before)) return 0;
    if (a->dilation <= a->length) return 1;
    for (i = 1; i < out && i * a->stride < before; i++) {
        if (i == MOST_WINDOWS) { fputs("arithmetic: a case is too long to count\n", stderr); exit(2); }
        if (!has_tap(a, i * a->stride - before)) return 0;
    }
    return 1;
}

/* What may be wrong along one axis, and the output's length where nothing is. a gets its defaults. */
static codes axis_codes(axis *a, int64_t *out)
{
    const int pads = a->before != 0 || a->after != 0;
    codes wrong = 0;
    *out = 0;
    if (a->length < 0 || a->size < 0 || a->stride < 0 || a->dilation < 0 || a->before < 0 || a->after < 0)
        wrong |= code(TN_E_ARG);
    if (a->padding < TN_VALID || a->padding > TN_CAUSAL || (pads && a->padding != TN_EXPLICIT)) wrong |= code(TN_E_ARG);
    if (a->length == 0 || (a->size == 0 && !a->pool)) wrong |= code(TN_E_EMPTY);
    if (wrong) return wrong;
    if (a->size == 0) a->size = 2;
    if (a->stride == 0) a->stride = a->pool ? a->size : 1;
    if (a->dilation == 0) a->dilation = 1;
    if (explicit_pads(a) && span_of(a) > a->length + a->before + a->after) return code(TN_E_WINDOW);
    if (span_of(a) > INT32_MAX) wrong |= code(TN_E_OVERFLOW);
    *out = windows(a);
    if (*out > INT32_MAX) wrong |= code(TN_E_OVERFLOW);
    if (a->pool && !all_have_taps(a, *out)) wrong |= code(TN_E_WINDOW);
    return wrong;
}
