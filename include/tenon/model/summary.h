/* model/summary.h - the table of layers. */

TENON_API size_t tn_model_summary(const tn_model *m, char *out, size_t size)
{
    tni_text t = tni_text_on(out, size, TNI_PLAIN);
    (void)m;
    tni_put(&t, "not built\n");
    return tni_put_end(&t);
}
