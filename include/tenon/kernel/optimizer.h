/* kernel/optimizer.h - one step of an optimiser on elements first to last - 1; api/loss.h has the formulas. */

TNV_FN tnv_f32 TNK(update_load)(const float *p, tnv_tail tail, int whole)
{
    return whole ? tnv_load(p) : tnv_load_first(p, tail);
}
TNV_FN void TNK(update_store)(float *p, tnv_f32 v, tnv_tail tail, int whole)
{
    if (whole) tnv_store(p, v);
    else tnv_store_first(p, v, tail);
}

/* a old + (1 - a) v */
TNV_FN tnv_f32 TNK(update_mean)(float a, tnv_f32 old, tnv_f32 v)
{
    return tnv_fma(tnv_set1(a), old, tnv_mul(tnv_set1(1.0f - a), v));
}

TNV_FN tnv_f32 TNK(update_sgd)(const tni_update *u, tnv_f32 w, tnv_f32 g, size_t at, tnv_tail tail, int whole)
{
    const tnv_f32 rate = tnv_set1(u->rate), momentum = tnv_set1(u->o.momentum);
    tnv_f32 v;
    if (!u->slot[0]) return tnv_fnma(rate, g, w);
    v = TNK(update_load)(u->slot[0] + at, tail, whole);
    if (u->o.form == TN_AS_KERAS) {
        v = tnv_fnma(rate, g, tnv_mul(momentum, v));
        w = tnv_add(w, u->o.nesterov ? tnv_fnma(rate, g, tnv_mul(momentum, v)) : v);
    } else {
        v = tnv_fma(momentum, v, tnv_mul(tnv_set1(u->fresh), g));
        w = tnv_fnma(rate, u->o.nesterov ? tnv_fma(momentum, v, g) : v, w);
    }
    TNK(update_store)(u->slot[0] + at, v, tail, whole);
    return w;
}

TNV_FN tnv_f32 TNK(update_adam)(const tni_update *u, tnv_f32 w, tnv_f32 g, size_t at, tnv_tail tail, int whole)
{
    const tnv_f32 m = TNK(update_mean)(u->o.beta1, TNK(update_load)(u->slot[0] + at, tail, whole), g);
    tnv_f32 v = TNK(update_mean)(u->o.beta2, TNK(update_load)(u->slot[1] + at, tail, whole), tnv_mul(g, g));
    TNK(update_store)(u->slot[0] + at, m, tail, whole);
    TNK(update_store)(u->slot[1] + at, v, tail, whole);
    if (u->slot[2]) {
        v = tnv_max(TNK(update_load)(u->slot[2] + at, tail, whole), v);
        TNK(update_store)(u->slot[2] + at, v, tail, whole);
    }
    return tnv_fnma(tnv_set1(u->rate), tnv_div(m, tnv_fma(tnv_sqrt(v), tnv_set1(u->inverse), tnv_set1(u->o.epsilon))),
                    tnv_mul(w, tnv_set1(u->shrink)));
}

TNV_FN tnv_f32 TNK(update_rmsprop)(const tni_update *u, tnv_f32 w, tnv_f32 g, size_t at, tnv_tail tail, int whole)
{
    const tnv_f32 epsilon = tnv_set1(u->o.epsilon), rate = tnv_set1(u->rate);
    const int keras = u->o.form == TN_AS_KERAS;
    tnv_f32 v = TNK(update_mean)(u->o.beta2, TNK(update_load)(u->slot[0] + at, tail, whole), tnv_mul(g, g)), d;
    TNK(update_store)(u->slot[0] + at, v, tail, whole);
    if (u->slot[1]) {
        const tnv_f32 mean = TNK(update_mean)(u->o.beta2, TNK(update_load)(u->slot[1] + at, tail, whole), g);
        TNK(update_store)(u->slot[1] + at, mean, tail, whole);
        v = tnv_max(tnv_fnma(mean, mean, v), tnv_set1(0.0f)); /* rounding can take it below 0 where g stays the same */
    }
    d = tnv_div(g, keras ? tnv_sqrt(tnv_add(v, epsilon)) : tnv_add(tnv_sqrt(v), epsilon));
    if (!u->slot[2]) return tnv_fnma(rate, d, w);
    v = tnv_mul(tnv_set1(u->o.momentum), TNK(update_load)(u->slot[2] + at, tail, whole));
    v = keras ? tnv_fma(rate, d, v) : tnv_add(v, d);
    TNK(update_store)(u->slot[2] + at, v, tail, whole);
    return keras ? tnv_sub(w, v) : tnv_fnma(rate, v, w);
}

/* kind is constant at each call. */
TNV_FN void TNK(update_vector)(const tni_update *u, int kind, size_t at, tnv_tail tail, int whole)
{
    tnv_f32 w = TNK(update_load)(u->w + at, tail, whole), g = TNK(update_load)(u->g + at, tail, whole);
    if (u->added > 0.0f) g = tnv_fma(tnv_set1(u->added), w, g);
    w = kind == TN_SGD ? TNK(update_sgd)(u, w, g, at, tail, whole)
      : kind == TN_ADAM ? TNK(update_adam)(u, w, g, at, tail, whole) : TNK(update_rmsprop)(u, w, g, at, tail, whole);
    TNK(update_store)(u->w + at, w, tail, whole);
}

TNV_FN void TNK(update_range)(const tni_update *u, int kind, size_t first, size_t last)
{
    for (; last - first >= TNV_LANES; first += TNV_LANES) TNK(update_vector)(u, kind, first, tnv_first(TNV_LANES), 1);
    if (first < last) TNK(update_vector)(u, kind, first, tnv_first(last - first), 0);
}

TNK_FN void TNK(update)(const tni_update *shared, size_t first, size_t last)
{
    const tni_update u = *shared; /* a copy, which no store of floats can change */
    switch (u.o.kind) {
    case TN_SGD: TNK(update_range)(&u, TN_SGD, first, last); break;
    case TN_RMSPROP: TNK(update_range)(&u, TN_RMSPROP, first, last); break;
    default: TNK(update_range)(&u, TN_ADAM, first, last);
    }
}
