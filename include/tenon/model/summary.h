/* model/summary.h - the table of layers. */

static void tni_put_padded(tni_text *t, size_t start, size_t width)
{
    do tni_put_char(t, ' '); while (t->len < start + width);
}

static void tni_put_row(tni_text *t, const tn_model *m, int32_t i)
{
    tn_layer *const l = &m->layers[i];
    const size_t start = t->len;
    int64_t weights = 0;
    int32_t k;
    for (k = 0; k < TNI_WEIGHTS; k++) if (tni_weight(l, k)->rank) weights += (int64_t)tni_size(tni_weight(l, k));
    if (l->name) tni_put(t, l->name);
    else { tni_put(t, tni_layer_name(l->kind)); tni_put_with(t, "_", tni_layer_number(m, i)); }
    tni_put_padded(t, start, 20);
    tni_put_layer(t, l);
    tni_put_padded(t, start, 58);
    if (m->built) tni_put_shape(t, &l->output, l->output.axes, TNI_NULL);
    else tni_put(t, "?");
    tni_put_padded(t, start, 84);
    if (m->built) tni_put_int(t, weights);
    else tni_put(t, "?");
    if (l->frozen && weights) tni_put(t, " frozen");
    tni_put(t, "\n");
}

TENON_API size_t tn_model_summary(const tn_model *m, char *out, size_t size)
{
    tni_text t = tni_text_on(out, size, TNI_PLAIN);
    int64_t own = 0, learning = 0, state;
    size_t start;
    int32_t i, k;
    if (!m || !m->layers || m->count < 1) {
        tni_put(&t, "no model: tn_model_init gives it its list of layers\n");
        return tni_put_end(&t, 1);
    }
    tni_put(&t, "model \"");
    tni_put(&t, m->name);
    tni_put(&t, "\"\n");
    start = t.len;
    tni_put(&t, "layer");
    tni_put_padded(&t, start, 20);
    tni_put(&t, "type");
    tni_put_padded(&t, start, 58);
    tni_put(&t, "output");
    tni_put_padded(&t, start, 84);
    tni_put(&t, "weights\n");
    for (i = 0; i < m->count; i++) {
        if (m->layers[i].kind != TN_LAYER_INPUT) tni_put_row(&t, m, i);
        for (k = 0; k < TNI_WEIGHTS; k++) {
            const tn_tensor *const w = tni_weight(&m->layers[i], k);
            if (w->rank && (!w->data || tni_owns(m, w))) own += (int64_t)tni_size(w);
            if (tni_learns(&m->layers[i], k)) learning += (int64_t)tni_size(w);
        }
    }
    if (!m->built) {
        tni_put(&t, "not built: tn_model_build, or the first batch, gives the model its shapes\n");
        return tni_put_end(&t, 1);
    }
    state = m->training ? learning * (1 + tn_optimizer_slots(&m->compile.optimizer)) : 0;
    tni_put_with(&t, "", m->parameters);
    tni_put_with(&t, " weights, ", learning);
    tni_put_with(&t, " of them trainable; memory for batches of ", m->batch);
    tni_put_with(&t, ": ", (int64_t)m->need);
    tni_put_with(&t, " bytes, of these weights ", 4 * own);
    if (m->training) tni_put_with(&t, ", gradients and optimiser ", 4 * state);
    tni_put(&t, "\n");
    return tni_put_end(&t, 1);
}
