/* kernel/optimizer.h - one step of an optimiser on elements first to last - 1; api/loss.h has the formulas. */

/* a old + (1 - a) v */
TNV_FN tnv_f32 TNK(update_mean)(float a, tnv_f32 old, tnv_f32 v)
{
    return tnv_fma(tnv_set1(a), old, tnv_mul(tnv_set1(1.0f - a), v));
}

TNV_FN tnv_f32 TNK(update_sgd)(const tni_update *u, tnv_f32 w, tnv_f32 g, size_t at)
{
    const tnv_f32 rate = tnv_set1(u->rate), momentum = tnv_set1(u->o.momentum);
    tnv_f32 v;
    if (!u->slot[0]) return tnv_fnma(rate, g, w);
    v = tnv_load(u->slot[0] + at);
    if (u->o.form == TN_AS_KERAS) {
        v = tnv_fnma(rate, g, tnv_mul(momentum, v));
        w = tnv_add(w, u->o.nesterov ? tnv_fnma(rate, g, tnv_mul(momentum, v)) : v);
    } else {
        v = tnv_fma(momentum, v, tnv_mul(tnv_set1(u->fresh), g));
        w = tnv_fnma(rate, u->o.nesterov ? tnv_fma(momentum, v, g) : v, w);
    }
    tnv_store(u->slot[0] + at, v);
    return w;
}

TNV_FN tnv_f32 TNK(update_adam)(const tni_update *u, tnv_f32 w, tnv_f32 g, size_t at)
{
    const tnv_f32 m = TNK(update_mean)(u->o.beta1, tnv_load(u->slot[0] + at), g);
    tnv_f32 v = TNK(update_mean)(u->o.beta2, tnv_load(u->slot[1] + at), tnv_mul(g, g));
    tnv_store(u->slot[0] + at, m);
    tnv_store(u->slot[1] + at, v);
    if (u->slot[2]) {
        v = tnv_max(tnv_load(u->slot[2] + at), v);
        tnv_store(u->slot[2] + at, v);
    }
    return tnv_fnma(tnv_set1(u->rate), tnv_div(m, tnv_fma(tnv_sqrt(v), tnv_set1(u->inverse), tnv_set1(u->o.epsilon))),
                    tnv_mul(w, tnv_set1(u->shrink)));
}

TNV_FN tnv_f32 TNK(update_rmsprop)(const tni_update *u, tnv_f32 w, tnv_f32 g, size_t at)
{
    const tnv_f32 epsilon = tnv_set1(u->o.epsilon), rate = tnv_set1(u->rate);
    const int keras = u->o.form == TN_AS_KERAS;
    tnv_f32 v = TNK(update_mean)(u->o.beta2, tnv_load(u->slot[0] + at), tnv_mul(g, g)), d;
    tnv_store(u->slot[0] + at, v);
    if (u->slot[1]) {
        const tnv_f32 mean = TNK(update_mean)(u->o.beta2, tnv_load(u->slot[1] + at), g);
        tnv_store(u->slot[1] + at, mean);
        v = tnv_max(tnv_fnma(mean, mean, v), tnv_set1(0.0f)); /* rounding can take it below 0 where g stays the same */
    }
    d = tnv_div(g, keras ? tnv_sqrt(tnv_add(v, epsilon)) : tnv_add(tnv_sqrt(v), epsilon));
    if (!u->slot[2]) return tnv_fnma(rate, d, w);
    v = tnv_mul(tnv_set1(u->o.momentum), tnv_load(u->slot[2] + at));
    v = keras ? tnv_fma(rate, d, v) : tnv_add(v, d);
    tnv_store(u->slot[2] + at, v);
    return keras ? tnv_sub(w, v) : tnv_fnma(rate, v, w);
}

/* Whole vectors. kind is constant at each call. */
TNV_FN void TNK(update_range)(const tni_update *u, int kind, size_t first, size_t last)
{
    size_t at;
    for (at = first; at < last; at += TNV_LANES) {
        tnv_f32 w = tnv_load(u->w + at), g = tnv_load(u->g + at);
        if (u->added > 0.0f) g = tnv_fma(tnv_set1(u->added), w, g);
        w = kind == TN_SGD ? TNK(update_sgd)(u, w, g, at)
          : kind == TN_ADAM ? TNK(update_adam)(u, w, g, at) : TNK(update_rmsprop)(u, w, g, at);
        tnv_store(u->w + at, w);
    }
}

TNI_NOINLINE TNK_FN void TNK(update_vectors)(const tni_update *shared, size_t first, size_t last)
{
    const tni_update u = *shared; /* a copy, which no store of floats can change */
    switch (u.o.kind) {
    case TN_SGD: TNK(update_range)(&u, TN_SGD, first, last); break;
    case TN_RMSPROP: TNK(update_range)(&u, TN_RMSPROP, first, last); break;
    default: TNK(update_range)(&u, TN_ADAM, first, last);
    }
}

/* Less than a vector goes through a whole one, so that each formula is compiled once. */
TNK_FN void TNK(update)(const tni_update *u, size_t first, size_t last)
{
    const size_t n = (last - first) % TNV_LANES, at = last - n;
    const tnv_tail tail = tnv_first(n);
    float rest[5][TNV_LANES];
    tni_update r = *u;
    size_t i;
    if (first < at) TNK(update_vectors)(u, first, at);
    if (!n) return;
    r.w = rest[3];
    r.g = rest[4];
    tnv_store(rest[3], tnv_load_first(u->w + at, tail));
    tnv_store(rest[4], tnv_load_first(u->g + at, tail));
    for (i = 0; i < 3; i++) {
        if (!u->slot[i]) continue;
        r.slot[i] = rest[i];
        tnv_store(rest[i], tnv_load_first(u->slot[i] + at, tail));
    }
    TNK(update_vectors)(&r, 0, TNV_LANES);
    tnv_store_first(u->w + at, tnv_load(r.w), tail);
    for (i = 0; i < 3; i++) if (u->slot[i]) tnv_store_first(u->slot[i] + at, tnv_load(rest[i]), tail);
}
