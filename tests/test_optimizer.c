/* tests/test_optimizer.c - tn_optimizer_step: every form against its formula in double, bits, state, refusals. */
#include "test.h"

/* ---- the oracle: one weight, everything in double, written from the definitions of Keras 3 and PyTorch ---- */

typedef struct lane { double w, velocity, m, v, largest, mean; } lane;

static void oracle(const tn_optimizer *o, lane *s, double g, int t)
{
    const double lr = (double)o->lr, mu = (double)o->momentum, b1 = (double)o->beta1, b2 = (double)o->beta2,
                 eps = (double)o->epsilon;
    const double decay = (double)o->decay, fix1 = 1.0 - pow(b1, t), fix2 = 1.0 - pow(b2, t);
    const int keras = o->form == TN_AS_KERAS;
    double v, d;
    if (o->kind == TN_ADAMW) s->w -= lr * decay * s->w;
    else g += decay * s->w;
    switch (o->kind) {
    case TN_SGD:
        if (!(mu > 0.0)) s->w -= lr * g;
        else if (keras) {
            s->velocity = mu * s->velocity - lr * g;
            s->w += o->nesterov ? mu * s->velocity - lr * g : s->velocity;
        } else {
            s->velocity = t == 1 ? g : mu * s->velocity + (1.0 - (double)o->dampening) * g;
            s->w -= lr * (o->nesterov ? g + mu * s->velocity : s->velocity);
        }
        break;
    case TN_RMSPROP:
        s->v = b2 * s->v + (1.0 - b2) * g * g;
        s->mean = b2 * s->mean + (1.0 - b2) * g;
        v = o->centered ? s->v - s->mean * s->mean : s->v;
        d = g / (keras ? sqrt(v + eps) : sqrt(v) + eps);
        if (!(mu > 0.0)) s->w -= lr * d;
        else if (keras) { s->velocity = mu * s->velocity + lr * d; s->w -= s->velocity; }
        else { s->velocity = mu * s->velocity + d; s->w -= lr * s->velocity; }
        break;
    default:
        s->m = b1 * s->m + (1.0 - b1) * g;
        s->v = b2 * s->v + (1.0 - b2) * g * g;
        s->largest = fmax(s->largest, s->v);
        v = o->amsgrad ? s->largest : s->v;
        if (keras) s->w -= lr * sqrt(fix2) / fix1 * s->m / (sqrt(v) + eps);
        else s->w -= lr / fix1 * s->m / (sqrt(v / fix2) + eps);
    }
}

/* Every switch of every kind: the bits of `which` turn them. */
static tn_optimizer optimizer_of(int kind, int form, int which)
{
    tn_optimizer o = kind == TN_SGD     ? tn_sgd(0.1f, 0.0f)
                     : kind == TN_ADAM  ? tn_adam(0.01f)
                     : kind == TN_ADAMW ? tn_adamw(0.01f, 0.1f)
                                        : tn_rmsprop(0.01f);
    o.form = form;
    if (which & 1) o.momentum = 0.9f;
    if (which & 2) o.nesterov = o.amsgrad = o.centered = 1;
    if (which & 4) o.decay = 0.05f;
    if ((which & 8) && form == TN_AS_PYTORCH && !o.nesterov) o.dampening = 0.25f;
    if (which & 8) { o.epsilon = 1e-3f; if (kind != TN_SGD) o.beta2 = 0.75f; }
    return o;
}

enum { WHICH = 16, STEPS = 6 };

static void formulas(void **state)
{
    (void)state;
    FOR_EACH_ISA(isa)
    for (int kind = TN_SGD; kind <= TN_RMSPROP; kind++)
        for (int form = 0; form < 2; form++)
            for (int which = 0; which < WHICH; which++) {
                const tn_optimizer o = optimizer_of(kind, form, which);
                const int32_t n = tails[(which * 5 + kind + form * 3) % (int)COUNT(tails)],
                              slots = tn_optimizer_slots(&o);
                float *const w = fence_floats((size_t)n, which & 1), *const g = fence_floats((size_t)n, which & 1);
                float *const s = fence_floats((size_t)(n * slots), which & 1), *const kept = fence_floats((size_t)n, 1);
                const tn_tensor tw = tn_view(w, 0, 1, n, 0, 0, 0), tg = tn_cview(g, 0, 1, n, 0, 0, 0),
                                ts = tn_view(s, 0, 1, n * slots, 0, 0, 0);
                lane *const lanes = (lane *)calloc((size_t)n, sizeof(lane));
                int step, i;
                memset(s, 0, (size_t)(n * slots) * sizeof *s);
                fill_floats(w, (size_t)n, -2.0f, 2.0f);
                for (i = 0; i < n; i++) lanes[i].w = (double)w[i];
                for (step = 1; step <= STEPS; step++) {
                    fill_floats(g, (size_t)n, step > 3 ? 0.1f : 0.25f,
                                step > 3 ? 0.2f : 3.0f); /* of one sign; apart: v - mean^2 is no difference of equals */
                    memcpy(kept, g, (size_t)n * sizeof *g);
                    assert_int_equal(tn_optimizer_step(NULL, &tw, slots ? &ts : NULL, &tg, &o, step), TN_OK);
                    ASSERT_SAME_BITS(g, kept, n);
                    for (i = 0; i < n; i++) {
                        /* some twelve roundings a step on w and on moves of at most 1 */
                        const double bound = 12.0 * 0x1p-24 * step * (2.0 + fabs(lanes[i].w));
                        oracle(&o, &lanes[i], (double)g[i], step);
                        if (!(fabs((double)w[i] - lanes[i].w) <= bound))
                            fail_msg("kind %d form %d which %d step %d: %.9g, must be %.17g (%s)", kind, form, which,
                                     step, (double)w[i], lanes[i].w, tn_isa_name());
                    }
                }
                free(lanes);
                fence_clear();
            }
}

/* A late step: beta^t by squaring in double is as good as pow. */
static void late_steps(void **state)
{
    static const int64_t steps[] = { 1, 2, 3, 10, 999, 1000000, INT64_MAX };
    size_t i;
    (void)state;
    for (i = 0; i < COUNT(steps); i++) {
        float w = 0.0f, s[2] = { 0.0f, 0.0f }, g = 1.0f;
        const tn_tensor tw = tn_view(&w, 0, 0, 0, 0, 0, 0), ts = tn_view(s, 0, 1, 2, 0, 0, 0),
                        tg = tn_cview(&g, 0, 0, 0, 0, 0, 0);
        tn_optimizer o = tn_adam(1.0f);
        double want;
        o.form = TN_AS_PYTORCH; o.epsilon = 0.0f;
        assert_int_equal(tn_optimizer_step(NULL, &tw, &ts, &tg, &o, steps[i]), TN_OK);
        want = -(1.0 - (double)o.beta1) / (1.0 - pow((double)o.beta1, (double)steps[i])) /
               sqrt((1.0 - (double)o.beta2) / (1.0 - pow((double)o.beta2, (double)steps[i])));
        if (!(fabs((double)w / want - 1.0) < 1e-6))
            fail_msg("step %lld: %g, must be %g", (long long)steps[i], (double)w, want);
    }
}

static void backwards(void *pool, int32_t tasks, tn_task run, void *arg)
{
    *(int32_t *)pool = tasks;
    while (tasks--) run(arg, tasks, 0);
}

static void same_bits_everywhere(void **state)
{
    enum { N = 40007, M = 333 };
    static float w0[N], w[N + 1], want[N], g[N], s[3 * N + 1], s_want[3 * N];
    int32_t tasks = 0;
    tn_context ctx = TN_ZERO;
    (void)state;
    ctx.parallel_for = backwards; ctx.pool = &tasks;
    for (int hard = 0; hard < 2; hard++)
        for (int kind = TN_SGD; kind <= TN_RMSPROP; kind++)
            for (int form = 0; form < 2; form++)
                for (int which = 0; which < WHICH; which++) {
                    const tn_optimizer o = optimizer_of(kind, form, which);
                    const int32_t n = which ? M : N, slots = tn_optimizer_slots(&o);
                    const size_t count = (size_t)n * (size_t)slots;
                    const tn_tensor tw = tn_view(want, 0, 1, n, 0, 0, 0), tg = tn_cview(g, 0, 1, n, 0, 0, 0),
                                    ts = tn_view(s_want, 0, 1, n * slots, 0, 0, 0);
                    fill_floats(w0, (size_t)n, -2.0f, 2.0f);
                    fill_floats(g, (size_t)n, -2.0f, 2.0f);
                    if (hard) { fill_specials(w0, (size_t)n); fill_specials(g, (size_t)n); }
            tn_isa_use(TN_ISA_SCALAR);
            memcpy(want, w0, sizeof want); memset(s_want, 0, sizeof s_want);
            for (int step = 1; step < 4; step++)
                assert_int_equal(tn_optimizer_step(NULL, &tw, &ts, &tg, &o, step), TN_OK);
            FOR_EACH_ISA(isa) {
                const tn_tensor moved = tn_view(w + 1, 0, 1, n, 0, 0, 0),
                                moved_s = tn_view(s + 1, 0, 1, n * slots, 0, 0, 0);
                memcpy(w + 1, w0, (size_t)n * sizeof *w); memset(s, 0, sizeof s);
                for (int step = 1; step < 4; step++)
                    assert_int_equal(tn_optimizer_step(&ctx, &moved, &moved_s, &tg, &o, step), TN_OK);
                ASSERT_SAME_BITS(w + 1, want, n);
                ASSERT_SAME_BITS(s + 1, s_want, count);
            }
            assert_true(n != N || tasks > 1);
            for (int i = 0; i < n; i++) if (isnan(w0[i]) || isnan(g[i])) assert_true(isnan(want[i]));
        }
}

/* Rounding may take v - mean^2 below 0: here both have come to rest, the mean a bit above. */
static void centered_stays_a_number(void **state)
{
    (void)state;
    FOR_EACH_ISA(isa) for (int form = 0; form < 2; form++) {
        float w = 1.0f, s[2] = { 1.0f, 1.0000001f }, g = 1.0f;
        const tn_tensor tw = tn_view(&w, 0, 1, 1, 0, 0, 0), tg = tn_cview(&g, 0, 1, 1, 0, 0, 0),
                        ts = tn_view(s, 0, 1, 2, 0, 0, 0);
        tn_optimizer o = tn_rmsprop(1e-8f);
        o.form = form; o.centered = 1; o.beta2 = 0.99999994f;
        assert_int_equal(tn_optimizer_step(NULL, &tw, &ts, &tg, &o, 1), TN_OK);
        assert_true(isfinite(w) && w < 1.0f);
    }
}

static void defaults_and_slots(void **state)
{
    tn_optimizer o = tn_sgd(0.5f, 0.25f);
    (void)state;
    assert_true(o.kind == TN_SGD && o.form == TN_AS_KERAS && o.lr == 0.5f && o.momentum == 0.25f && o.nesterov == 0 &&
                o.decay == 0.0f);
    assert_int_equal(tn_optimizer_slots(&o), 1);
    o.momentum = 0.0f;
    assert_int_equal(tn_optimizer_slots(&o), 0);
    o = tn_adam(0.5f);
    assert_true(o.kind == TN_ADAM && o.lr == 0.5f && o.beta1 == 0.9f && o.beta2 == 0.999f && o.epsilon == 1e-7f);
    assert_int_equal(tn_optimizer_slots(&o), 2);
    o.amsgrad = 1;
    assert_int_equal(tn_optimizer_slots(&o), 3);
    o = tn_adamw(0.5f, 0.125f);
    assert_true(o.kind == TN_ADAMW && o.decay == 0.125f && o.beta2 == 0.999f);
    assert_int_equal(tn_optimizer_slots(&o), 2);
    o = tn_rmsprop(0.5f);
    assert_true(o.kind == TN_RMSPROP && o.beta2 == 0.9f && o.epsilon == 1e-7f);
    assert_int_equal(tn_optimizer_slots(&o), 1);
    o.centered = 1;
    assert_int_equal(tn_optimizer_slots(&o), 2);
    o.momentum = 0.9f;
    assert_int_equal(tn_optimizer_slots(&o), 3);
    assert_int_equal(tn_optimizer_slots(NULL), 0);
}

static tn_optimizer with(tn_optimizer o, int field, float value)
{
    float *const at[] = { &o.lr, &o.momentum, &o.dampening, &o.beta1, &o.beta2, &o.epsilon, &o.decay };
    *at[field] = value;
    return o;
}

static void refusals(void **state)
{
    enum { LR, MOMENTUM, DAMPENING, BETA1, BETA2, EPSILON, DECAY };
    static const struct { int field; float value;
    } bad[] = { { LR, NAN },         { LR, INFINITY },      { LR, -0.1f },      { MOMENTUM, NAN },
                { MOMENTUM, -0.5f }, { DAMPENING, 0.5f },   { DAMPENING, NAN }, { BETA1, 1.0f },
                { BETA1, -0.1f },    { BETA1, NAN },        { BETA2, 1.0f },    { BETA2, NAN },
                { EPSILON, -1e-7f }, { EPSILON, INFINITY }, { DECAY, -1.0f },   { DECAY, NAN } };
    float m[64] = { 0 };
    const tn_tensor w = tn_view(m, 0, 2, 2, 3, 0, 0), s = tn_view(m + 8, 0, 1, 12, 0, 0, 0),
                    g = tn_cview(m + 24, 0, 2, 2, 3, 0, 0);
    const tn_optimizer adam = tn_adam(0.1f), plain = tn_sgd(0.1f, 0.0f);
    tn_optimizer o;
    tn_tensor t;
    tn_diag diag;
    tn_context ctx = TN_ZERO;
    size_t i;
    (void)state;
    ctx.diag = &diag;
    for (i = 0; i < 64; i++) m[i] = 7.0f;
    for (i = 0; i < COUNT(bad); i++) {
        o = with(adam, bad[i].field, bad[i].value);
        if (tn_optimizer_step(&ctx, &w, &s, &g, &o, 1) != TN_E_ARG || diag.status != TN_E_ARG || diag.arg != 3)
            fail_msg("row %zu", i);
    }
    o = adam; o.kind = 4;
    assert_int_equal(tn_optimizer_step(&ctx, &w, &s, &g, &o, 1), TN_E_ARG);
    o = adam; o.form = 2;
    assert_int_equal(tn_optimizer_step(&ctx, &w, &s, &g, &o, 1), TN_E_ARG);
    o = tn_sgd(0.1f, 0.9f); o.form = TN_AS_PYTORCH; o.nesterov = 1; o.dampening = 0.5f;
    assert_int_equal(tn_optimizer_step(&ctx, &w, &s, &g, &o, 1), TN_E_ARG);
    assert_int_equal(tn_optimizer_step(&ctx, &w, &s, &g, &adam, 0), TN_E_ARG);
    assert_int_equal(tn_optimizer_step(&ctx, &w, &s, &g, NULL, 1), TN_E_NULL);
    assert_int_equal(tn_optimizer_step(&ctx, NULL, &s, &g, &adam, 1), TN_E_NULL);
    assert_int_equal(tn_optimizer_step(&ctx, &w, &s, NULL, &adam, 1), TN_E_NULL);
    assert_int_equal(tn_optimizer_step(&ctx, &w, NULL, &g, &adam, 1), TN_E_NULL);
    o = adam; o.amsgrad = 1;
    assert_int_equal(tn_optimizer_step(&ctx, &w, &s, &g, &o, 1), TN_E_WEIGHTS);
    assert_int_equal(diag.cause, TN_CAUSE_OPTIMISER_OF_ANOTHER_MODEL);
    assert_int_equal(diag.expected.dim[0], 18);
    assert_int_equal(tn_optimizer_step(&ctx, &w, &s, &g, &plain, 1), TN_E_WEIGHTS);
    t = s; t.rank = 2; t.dim[1] = 1;
    assert_int_equal(tn_optimizer_step(&ctx, &w, &t, &g, &adam, 1), TN_E_WEIGHTS);
    t = g; t.dim[0] = 3; t.dim[1] = 2;
    assert_int_equal(tn_optimizer_step(&ctx, &w, &s, &t, &adam, 1), TN_E_WEIGHTS);
    t = g; t.dtype = TN_F64;
    assert_int_equal(tn_optimizer_step(&ctx, &w, &s, &t, &adam, 1), TN_E_DTYPE);
    assert_int_equal(tn_optimizer_step(&ctx, &g, &s, &g, &adam, 1), TN_E_ARG); /* read-only */
    t = w; t.data = m + 28;
    assert_int_equal(tn_optimizer_step(&ctx, &t, &s, &g, &adam, 1),
                     TN_E_ALIAS); /* w over half of g; the state over g, and over w */
    t = s; t.data = m + 28;
    assert_int_equal(tn_optimizer_step(&ctx, &w, &t, &g, &adam, 1), TN_E_ALIAS);
    t = s; t.data = m + 4;
    assert_int_equal(tn_optimizer_step(&ctx, &w, &t, &g, &adam, 1), TN_E_ALIAS);
    t = w; t.data = m + 24;
    assert_int_equal(tn_optimizer_step(&ctx, &t, NULL, &g, &plain, 1), TN_E_ALIAS);
    for (i = 0; i < 64; i++) assert_true(m[i] == 7.0f);
    ctx.query = 1;
    assert_int_equal(tn_optimizer_step(&ctx, &w, &s, &g, &adam, 1), TN_OK);
    assert_true(ctx.need == 0);
    for (i = 0; i < 64; i++) assert_true(m[i] == 7.0f);
    t = tn_view(NULL, 0, 1, 0, 0, 0, 0); /* an empty state is as good as none */
    ctx.query = 0;
    assert_int_equal(tn_optimizer_step(&ctx, &w, &t, &g, &plain, 1), TN_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(formulas),
        cmocka_unit_test(late_steps),
        cmocka_unit_test(same_bits_everywhere),
        cmocka_unit_test(centered_stays_a_number),
        cmocka_unit_test(defaults_and_slots),
        cmocka_unit_test(refusals),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
