/* model/save.h - a model's weights, step and optimiser state as bytes, and back. */

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
