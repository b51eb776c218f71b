/* model/model.h - Sequential: the arguments of its calls. */

/* A pointer, and whether the call needs it. */
static tn_status tni_needed(const tni_call *c, const void *pointer, int32_t arg, const char *role)
{
    return pointer ? TN_OK : tni_bad(c, TN_E_NULL, arg, role, "must not be NULL", 0);
}

TENON_API tn_status tn_model_init(tn_context *ctx, tn_model *m, const char *name, tn_layer *layers, int32_t count)
{
    const tni_call c = tni_enter(ctx, "tn_model_init");
    (void)name;
    TNI_TRY(tni_needed(&c, m, 0, "m"));
    TNI_TRY(tni_needed(&c, layers, 2, "layers"));
    if (count < 1) {
        tn_diag d = tni_finding(TN_E_ARG, 3, "count", "a model has at least one layer");
        d.cause = TN_CAUSE_EMPTY_MODEL;
        d.number[0] = count;
        return tni_refuse(&c, &d);
    }
    return tni_unsupported(&c);
}

TENON_API tn_status tn_model_compile(tn_context *ctx, tn_model *m, const tn_compile *compile)
{
    const tni_call c = tni_enter(ctx, "tn_model_compile");
    TNI_TRY(tni_needed(&c, m, 0, "m"));
    TNI_TRY(tni_needed(&c, compile, 1, "compile"));
    return tni_unsupported(&c);
}

TENON_API tn_status tn_model_build(tn_context *ctx, tn_model *m, const tn_tensor *input, int32_t batch)
{
    const tni_call c = tni_enter(ctx, "tn_model_build");
    (void)input;
    TNI_TRY(tni_needed(&c, m, 0, "m"));
    if (batch < 0) return tni_bad(&c, TN_E_ARG, 2, "batch", "must not be negative (0: 32)", batch);
    return tni_unsupported(&c);
}

TENON_API tn_status tn_model_memory(tn_context *ctx, tn_model *m, void *memory, size_t size, uint64_t seed)
{
    const tni_call c = tni_enter(ctx, "tn_model_memory");
    (void)size;
    (void)seed;
    TNI_TRY(tni_needed(&c, m, 0, "m"));
    if (!c.query) TNI_TRY(tni_needed(&c, memory, 1, "memory"));
    if (!c.query && (uintptr_t)memory % sizeof(float))
        return tni_bad(&c, TN_E_ALIGN, 1, "memory", "must be aligned to float", 0);
    return tni_unsupported(&c);
}

/* x and y, or a source in their place. */
TENON_API tn_status tn_model_fit(tn_context *ctx, tn_model *m, const tn_tensor *x, const tn_tensor *y, const tn_fit *f,
                                 tn_progress *last)
{
    const tni_call c = tni_enter(ctx, "tn_model_fit");
    const int sourced = f && f->source;
    (void)last;
    TNI_TRY(tni_needed(&c, m, 0, "m"));
    if (!sourced) {
        TNI_TRY(tni_needed(&c, x, 1, "x"));
        TNI_TRY(tni_needed(&c, y, 2, "y"));
    } else if (!f->source->next) {
        return tni_bad(&c, TN_E_NULL, 3, "source", "its next must not be NULL", 0);
    }
    if (f && f->epochs < 0) return tni_bad(&c, TN_E_ARG, 3, "epochs", "must not be negative (0: 1)", f->epochs);
    if (f && f->batch < 0) return tni_bad(&c, TN_E_ARG, 3, "batch", "must not be negative (0: the model's)", f->batch);
    return tni_unsupported(&c);
}

TENON_API tn_status tn_model_evaluate(tn_context *ctx, tn_model *m, const tn_tensor *x, const tn_tensor *y,
                                      tn_progress *result)
{
    const tni_call c = tni_enter(ctx, "tn_model_evaluate");
    TNI_TRY(tni_needed(&c, m, 0, "m"));
    TNI_TRY(tni_needed(&c, x, 1, "x"));
    TNI_TRY(tni_needed(&c, y, 2, "y"));
    TNI_TRY(tni_needed(&c, result, 3, "result"));
    return tni_unsupported(&c);
}

TENON_API tn_status tn_model_predict(tn_context *ctx, tn_model *m, const tn_tensor *y, const tn_tensor *x)
{
    const tni_call c = tni_enter(ctx, "tn_model_predict");
    TNI_TRY(tni_needed(&c, m, 0, "m"));
    TNI_TRY(tni_needed(&c, y, 1, "y"));
    TNI_TRY(tni_needed(&c, x, 2, "x"));
    return tni_unsupported(&c);
}

TENON_API tn_status tn_model_forward(tn_context *ctx, tn_model *m, const tn_tensor *y, const tn_tensor *x,
                                     int32_t training)
{
    const tni_call c = tni_enter(ctx, "tn_model_forward");
    TNI_TRY(tni_needed(&c, m, 0, "m"));
    if (!training) TNI_TRY(tni_needed(&c, y, 1, "y"));
    TNI_TRY(tni_needed(&c, x, 2, "x"));
    return tni_unsupported(&c);
}

TENON_API tn_status tn_model_backward(tn_context *ctx, tn_model *m, const tn_tensor *y_true, double *loss)
{
    const tni_call c = tni_enter(ctx, "tn_model_backward");
    (void)loss;
    TNI_TRY(tni_needed(&c, m, 0, "m"));
    TNI_TRY(tni_needed(&c, y_true, 1, "y_true"));
    return tni_unsupported(&c);
}

TENON_API tn_status tn_model_update(tn_context *ctx, tn_model *m)
{
    const tni_call c = tni_enter(ctx, "tn_model_update");
    TNI_TRY(tni_needed(&c, m, 0, "m"));
    return tni_unsupported(&c);
}

TENON_API tn_status tn_model_reset(tn_context *ctx, tn_model *m)
{
    const tni_call c = tni_enter(ctx, "tn_model_reset");
    TNI_TRY(tni_needed(&c, m, 0, "m"));
    return tni_unsupported(&c);
}

TENON_API tn_status tn_model_save(tn_context *ctx, const tn_model *m, void *out, size_t size, size_t *written)
{
    const tni_call c = tni_enter(ctx, "tn_model_save");
    (void)size;
    (void)written;
    TNI_TRY(tni_needed(&c, m, 0, "m"));
    if (!c.query) TNI_TRY(tni_needed(&c, out, 1, "out"));
    return tni_unsupported(&c);
}

TENON_API tn_status tn_model_load(tn_context *ctx, tn_model *m, const void *in, size_t size)
{
    const tni_call c = tni_enter(ctx, "tn_model_load");
    (void)size;
    TNI_TRY(tni_needed(&c, m, 0, "m"));
    TNI_TRY(tni_needed(&c, in, 1, "in"));
    return tni_unsupported(&c);
}

TENON_API size_t tn_model_summary(const tn_model *m, char *out, size_t size)
{
    tni_text t = tni_text_on(out, size, TNI_PLAIN);
    (void)m;
    tni_put(&t, "not built\n");
    return tni_put_end(&t);
}
