/* impl/unsupported.h - what is declared and checked but not done yet. A test links every declared call and compares. */

#define TNI_UNSUPPORTED(X) X(tn_model_save) X(tn_model_load) X(tn_model_summary)

/* After every check, in a query too: nothing was written. */
static tn_status tni_unsupported(const tni_call *c)
{
    const tn_diag d = tni_finding(TN_E_UNSUPPORTED, -1, TNI_NULL, "a valid call that this version does not do yet");
    return tni_refuse(c, &d);
}
