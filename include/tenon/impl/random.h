/* impl/random.h - draws of a stream, the order of an epoch, dropout. */

typedef struct tni_draw_run {
    const tni_table *k;
    float *y;
    const float *x; /* dropout alone */
    size_t n;
    uint64_t first;
    float rate;
    tni_draw draw;
} tni_draw_run;

enum { TNI_DRAW_TASK = 16384 }; /* elements */

/* For one seed a bijection of (purpose, layer, epoch): streams of one seed never meet. */
static tni_draw tni_stream(const tn_random *r)
{
    uint32_t c[4];
    tni_draw d;
    memset(&d, 0, sizeof d);
    c[0] = (uint32_t)r->purpose; c[1] = (uint32_t)r->layer;
    c[2] = (uint32_t)r->epoch; c[3] = (uint32_t)((uint64_t)r->epoch >> 32);
    tni_philox(c, 1, (uint32_t)r->seed, (uint32_t)(r->seed >> 32));
    d.key[0] = c[0]; d.key[1] = c[1]; d.high[0] = c[2]; d.high[1] = c[3];
    return d;
}

static tni_draw tni_uniform(const tn_random *r, float low, float high)
{
    tni_draw d = tni_stream(r);
    int32_t bits;
    memcpy(&bits, &high, sizeof bits); /* the next float down: away from zero adds to the bits of the magnitude */
    bits = high > 0.0f ? bits - 1 : high < 0.0f ? bits + 1 : INT32_MIN + 1;
    memcpy(&d.top, &bits, sizeof bits);
    d.shift = low;
    d.scale = high - low;
    return d;
}

/* cut: at two deviations, of the normal distribution before it is cut. */
static tni_draw tni_normal(const tn_random *r, float mean, float deviation, int cut)
{
    tni_draw d = tni_stream(r);
    d.normal = 1;
    d.shift = mean;
    d.scale = deviation;
    d.reach = cut ? 0.954499736f : 1.0f; /* erf(sqrt 2) */
    d.top = cut ? 2.0f : 8.0f;           /* 32 bits end at 6.24 */
    return d;
}

static void tni_draw_task(void *arg, int32_t index, int32_t worker)
{
    const tni_draw_run *const t = (const tni_draw_run *)arg;
    const size_t at = (size_t)index * TNI_DRAW_TASK, n = tni_least(t->n - at, TNI_DRAW_TASK);
    (void)worker;
    if (t->x) t->k->dropout(t->y + at, t->x + at, n, &t->draw, t->first + at, t->rate);
    else t->k->random(t->y + at, n, &t->draw, t->first + at);
}

static void tni_draw_all(const tni_call *c, const tn_tensor *y, const tn_tensor *x, const tn_random *r,
    const tni_draw *d, float rate)
{
    tni_draw_run t;
    t.k = tni_active();
    t.y = (float *)y->data;
    t.x = x ? (const float *)x->data : TNI_NULL;
    t.first = r->counter;
    t.rate = rate;
    t.draw = *d;
    (void)tni_count(y, &t.n);
    if (t.n) tni_parallel(c, (int32_t)((t.n - 1) / TNI_DRAW_TASK + 1), tni_draw_task, &t);
}

static tn_status tni_draw_checks(const tni_call *c, const tni_operand *y, const tn_random *r)
{
    TNI_TRY(tni_operands(c, y, 1));
    if (!r) return tni_bad(c, TN_E_NULL, 1, "r", "must not be NULL", 0);
    return TN_OK;
}

TENON_API tn_status tn_random_uniform(tn_context *ctx, const tn_tensor *y, const tn_random *r, float low, float high)
{
    tni_call c = tni_enter(ctx, "tn_random_uniform");
    const tni_operand op[] = { { y, "y", 0, TNI_OUT | TNI_BATCHED } };
    tni_draw d;
    TNI_TRY(tni_draw_checks(&c, op, r));
    if (!(low < high) || !(high - low <= 3.4028235e38f))
        return tni_bad(&c, TN_E_ARG, 3, "high", "low must be below high, and high - low a finite float", 0);
    TNI_TRY(tni_workspace(&c, 0, -1));
    if (c.query) return tni_ok(&c);
    d = tni_uniform(r, low, high);
    tni_draw_all(&c, y, TNI_NULL, r, &d, 0.0f);
    return tni_ok(&c);
}

TENON_API tn_status tn_random_normal(tn_context *ctx, const tn_tensor *y, const tn_random *r, float mean,
    float deviation)
{
    tni_call c = tni_enter(ctx, "tn_random_normal");
    const tni_operand op[] = { { y, "y", 0, TNI_OUT | TNI_BATCHED } };
    tni_draw d;
    TNI_TRY(tni_draw_checks(&c, op, r));
    if (!(mean - mean <= 0.0f)) return tni_bad(&c, TN_E_ARG, 2, "mean", "must be finite", 0);
    if (!(deviation >= 0.0f && deviation <= 3.4028235e38f)) return tni_bad(&c, TN_E_ARG, 3, "deviation",
        "must be finite and not negative", 0);
    TNI_TRY(tni_workspace(&c, 0, -1));
    if (c.query) return tni_ok(&c);
    d = tni_normal(r, mean, deviation, 0);
    tni_draw_all(&c, y, TNI_NULL, r, &d, 0.0f);
    return tni_ok(&c);
}

TENON_API tn_status tn_dropout(tn_context *ctx, const tn_tensor *y, const tn_tensor *x, const tn_random *r, float rate)
{
    tni_call c = tni_enter(ctx, "tn_dropout");
    const tni_operand op[] = { { y, "y", 0, TNI_OUT | TNI_BATCHED }, { x, "x", 1,
        TNI_IN | TNI_BATCHED | TNI_INPLACE } };
    tni_draw d;
    TNI_TRY(tni_operands(&c, op, 2));
    if (!r) return tni_bad(&c, TN_E_NULL, 2, "r", "must not be NULL", 0);
    if (!(rate >= 0.0f && rate < 1.0f)) return tni_bad(&c, TN_E_ARG, 3, "rate", "must be at least 0 and below 1", 0);
    TNI_TRY(tni_expect(&c, &op[0], x, 0, "y must have the shape of x"));
    TNI_TRY(tni_apart(&c, op, 2));
    TNI_TRY(tni_workspace(&c, 0, -1));
    if (c.query) return tni_ok(&c);
    d = tni_uniform(r, 0.0f, 1.0f);
    tni_draw_all(&c, y, x, r, &d, rate);
    return tni_ok(&c);
}

/* Eight Feistel rounds (MurmurHash3's finaliser mixes) on the smallest 4^half that holds n, walked along its cycle
 * until below n: at most four steps on average. At least 64 places: on 16 all these permutations have one parity, and
 * orders of 5 came out 10 % uneven. */
TENON_API int64_t tn_random_order(const tn_random *r, int64_t n, int64_t index)
{
    uint64_t v = (uint64_t)index;
    uint32_t mask, round;
    tni_draw d;
    int half = 3;
    if (!r || index < 0 || index >= n) return -1;
    d = tni_stream(r);
    while (half < 32 && (uint64_t)(n - 1) >> (2 * half)) half++;
    mask = (uint32_t)(((uint64_t)1 << half) - 1);
    do {
        uint32_t left = (uint32_t)(v >> half), right = (uint32_t)v & mask;
        for (round = 0; round < 8; round++) {
            const uint32_t keys[4] = { d.key[0], d.key[1], d.high[0], d.high[1] }, old = right;
            uint32_t h = (right ^ keys[round & 3]) + round * 0x9e3779b9u;
            h = (h ^ h >> 16) * 0x85ebca6bu;
            h = (h ^ h >> 13) * 0xc2b2ae35u;
            right = left ^ ((h ^ h >> 16) & mask);
            left = old;
        }
        v = (uint64_t)left << half | right;
    } while (v >= (uint64_t)n);
    return (int64_t)v;
}
