/* impl/stack.h - samples of one shape, one after the other in one tensor; what is said where they differ. */

/* Sample i is of another element type. int32 beyond 255 among bytes: a picture of 16 bits, loaded as such. */
static tn_status tni_sample_dtype(const tni_call *c, const tni_operand *o, int32_t dtype, int32_t i)
{
    tn_diag d = tni_dtype_finding(o, dtype, "all samples have y's element type");
    const int32_t *const v = (const int32_t *)o->t->data;
    size_t n = dtype == TN_U8 && o->t->dtype == TN_I32 && !c->query ? tni_size(o->t) : 0;
    while (n && v[n - 1] <= UINT8_MAX) n--;
    if (n) d.cause = TN_CAUSE_PALETTE_OR_16_BIT_IMAGE;
    d.number[0] = i;
    return tni_refuse(c, &d);
}

/* Of a picture [H,W,C] or [H,W]; 0: something else. */
static int32_t tni_picture_channels(const tn_tensor *t)
{
    if (t->axes && tni_letter(t, 0) != 'H') return 0;
    return t->rank == 2 ? 1 : t->rank == 3 && t->dim[2] <= 4 ? t->dim[2] : 0;
}

static int tni_same_shape(const tn_tensor *a, const tn_tensor *b)
{
    return a->rank == b->rank && memcmp(a->dim, b->dim, (size_t)a->rank * sizeof a->dim[0]) == 0;
}

/* x[odd] is the first that is not shaped as x[0]. */
static tn_status tni_ragged(const tni_call *c, const tni_operand *o, const tn_tensor *const *x, int32_t count,
                            int32_t odd)
{
    static const int32_t hwc = TNI_AX('H', 0) | TNI_AX('W', 1) | TNI_AX('C', 2);
    const int32_t was = tni_picture_channels(x[0]), is = tni_picture_channels(x[odd]);
    int32_t i, alike = 0, least = INT32_MAX, most = 0;
    int sequences = (x[0]->rank == 1 || x[0]->rank == 2) && tni_letter(x[0], 0) != 'H';
    tn_diag d = tni_operand_finding(o, TN_E_RAGGED, "all samples have one shape");
    d.expected = *x[0];
    if (was && x[0]->rank == 3 && !x[0]->axes) d.expected.axes = hwc;
    if (is && x[odd]->rank == 3 && !x[odd]->axes) d.received.axes = hwc;
    for (i = 0; x[odd]->rank == x[0]->rank && i < x[0]->rank; i++)
        if (x[odd]->dim[i] != x[0]->dim[i]) d.axes_differ |= 1u << i;
    for (i = 0; i < count; i++) {
        alike += tni_same_shape(x[i], x[0]);
        sequences &= x[i]->rank == x[0]->rank && (x[i]->rank < 2 || x[i]->dim[1] == x[0]->dim[1]);
        if (sequences && x[i]->dim[0] < least) least = x[i]->dim[0];
        if (sequences && x[i]->dim[0] > most) most = x[i]->dim[0];
    }
    d.number[0] = odd;
    if (sequences) {
        d.cause = TN_CAUSE_SEQUENCES;
        d.number[0] = count; d.number[1] = least; d.number[2] = most;
    } else if (was && is && (was < 3) != (is < 3) && !memcmp(x[odd]->dim, x[0]->dim, 2 * sizeof x[0]->dim[0])) {
        d.cause = TN_CAUSE_GRAY_AMONG_RGB;
        d.number[1] = is; d.number[2] = was;
    } else {
        d.cause = TN_CAUSE_IMAGES;
        d.number[1] = alike; d.number[2] = count;
    }
    return tni_refuse(c, &d);
}

TENON_API tn_status tn_stack(tn_context *ctx, tn_tensor *y, const tn_tensor *const *x, int32_t count,
                             const char *const *names)
{
    tni_call c = tni_enter(ctx, "tn_stack");
    tni_operand op[] = { { y, "y", 0, TNI_OUT | TNI_ANY_TYPE }, { TNI_NULL, "x", 1, TNI_ANY_TYPE } };
    int32_t i, dtype, odd = 0;
    size_t bytes;
    tn_tensor all;
    c.stage = TN_AT_LOAD;
    if (!y || !c.query) TNI_TRY(tni_operand_ok(&c, &op[0]));
    if (count < 1) return tni_bad(&c, count ? TN_E_ARG : TN_E_EMPTY, 2, "count", "must be at least 1", count);
    if (!x) return tni_bad(&c, TN_E_NULL, 1, "x", "must not be NULL", 0);
    for (i = 0; i < count; i++) {
        op[1].t = x[i];
        op[1].role = names && names[i] ? names[i] : "x";
        TNI_TRY(tni_operand_ok(&c, &op[1]));
        if (x[i]->rank == TN_MAX_RANK)
            return tni_bad(&c, TN_E_RANK, 1, op[1].role, "a sample has 0 to 5 axes, its tensor one more", x[i]->rank);
        dtype = c.query ? x[0]->dtype : y->dtype;
        if (x[i]->dtype != dtype) return tni_sample_dtype(&c, &op[1], dtype, i);
        if (!odd && !tni_same_shape(x[i], x[0])) odd = i;
    }
    if (odd) {
        op[1].t = x[odd];
        op[1].role = names && names[odd] ? names[odd] : "x";
        return tni_ragged(&c, &op[1], x, count, odd);
    }
    all = *x[0];
    all.rank++;
    all.dim[0] = count;
    memcpy(all.dim + 1, x[0]->dim, sizeof x[0]->dim - sizeof x[0]->dim[0]);
    if (all.axes) all.axes = (int32_t)((uint32_t)all.axes << 5) | TN_N;
    all.data = TNI_NULL;
    all.flags = 0;
    op[1].t = &all;
    op[1].role = "x";
    if (!tni_count(&all, &bytes)) {
        const tn_diag d = tni_operand_finding(&op[1], TN_E_OVERFLOW, "the product of its lengths does not fit memory");
        return tni_refuse(&c, &d);
    }
    if (c.query) return tni_view_done(&c, y, &all);
    if (y->rank != all.rank) return tni_mismatch(&c, &op[0], &all, 0, "y is [count, ...] of the samples' axes");
    TNI_TRY(tni_expect(&c, &op[1], y, 0, "the samples are as many as y's rows, and of their shape"));
    for (i = 0; i < count; i++) {
        op[1].t = x[i];
        TNI_TRY(tni_apart(&c, op, 2));
    }
    bytes = tn_bytes(x[0]);
    for (i = 0; i < count; i++) memcpy((char *)y->data + (size_t)i * bytes, x[i]->data, bytes);
    return tni_ok(&c);
}
