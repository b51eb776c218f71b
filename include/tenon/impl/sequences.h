/* impl/sequences.h - sequences of several lengths, padded or cut to one. */

/* The lengths themselves: none negative, and together the rows of x. */
static tn_status tni_lengths_ok(const tni_call *c, const tni_operand *o, int32_t total)
{
    const int32_t *const length = (const int32_t *)o->t->data;
    int64_t sum = 0;
    int32_t i;
    for (i = 0; i < o->t->dim[0]; i++) {
        if (length[i] < 0) return tni_bad(c, TN_E_ARG, o->arg, o->role, "a length is negative", length[i]);
        sum += length[i];
    }
    return sum == total ? TN_OK
                        : tni_bad(c, TN_E_SAMPLES, o->arg, o->role, "the lengths must add up to the rows of x", sum);
}

typedef struct tni_sequences {
    const tn_tensor *y, *mask, *x;
    const int32_t *length;
    const tn_pad_sequences_params *p;
    size_t per_task;
} tni_sequences;

static void tni_sequences_task(void *arg, int32_t index, int32_t worker)
{
    const tni_sequences *const t = (const tni_sequences *)arg;
    const size_t count = (size_t)t->y->dim[0], T = (size_t)t->y->dim[1], F = (size_t)t->y->dim[2];
    const size_t first = (size_t)index * t->per_task, end = first + tni_least(count - first, t->per_task);
    const float value = t->p ? t->p->value : 0.0f;
    size_t s, i, start = 0;
    (void)worker;
    for (s = 0; s < first; s++) start += (size_t)t->length[s];
    for (s = first; s < end; s++) {
        const size_t length = (size_t)t->length[s], kept = tni_least(length, T);
        const size_t from = t->p && t->p->truncate_post ? 0 : length - kept, to = t->p && t->p->post ? 0 : T - kept;
        float *const y = (float *)t->y->data + s * T * F;
        for (i = 0; i < to * F; i++) y[i] = value;
        if (kept) memcpy(y + to * F, (const float *)t->x->data + (start + from) * F, kept * F * sizeof *y);
        for (i = (to + kept) * F; i < T * F; i++) y[i] = value;
        if (t->mask) {
            uint8_t *const mask = (uint8_t *)t->mask->data + s * T;
            memset(mask, 0, T);
            memset(mask + to, 1, kept);
        }
        start += length;
    }
}

static void tni_sequences_run(const tni_call *c, const tn_tensor *y, const tn_tensor *mask, const tn_tensor *x,
                              const tn_tensor *lengths, const tn_pad_sequences_params *p)
{
    const size_t count = (size_t)y->dim[0];
    tni_sequences t;
    t.y = y;
    t.mask = mask;
    t.x = x;
    t.length = (const int32_t *)lengths->data;
    t.p = p;
    t.per_task = tni_units_of_task(count, tni_size_from(y, 1, 3)) + count / 64; /* each adds up the lengths before it */
    tni_parallel(c, (int32_t)((count - 1) / t.per_task + 1), tni_sequences_task, &t);
}

static void tni_warn_cut(const tni_call *c, const tni_operand *lengths, int32_t T)
{
    const int32_t *const length = (const int32_t *)lengths->t->data;
    tn_diag d = tni_operand_finding(lengths, TN_W_TRUNCATED, "sequences of more than T steps lose those beyond");
    int32_t i;
    d.severity = TN_WARNING;
    d.number[1] = lengths->t->dim[0]; d.number[2] = T;
    for (i = 0; !c->query && i < lengths->t->dim[0]; i++) {
        d.number[0] += length[i] > T;
        if (length[i] > d.number[3]) d.number[3] = length[i];
    }
    if (d.number[0]) tni_note(c, &d);
}

TENON_API tn_status tn_pad_sequences(tn_context *ctx, const tn_tensor *y, const tn_tensor *mask, const tn_tensor *x,
                                     const tn_tensor *lengths, const tn_pad_sequences_params *p)
{
    const tni_call c = tni_enter(ctx, "tn_pad_sequences");
    const tni_operand op[] = { { y, "y[N,T,F]", 0, TNI_OUT | TNI_BATCHED },
                               { mask, "mask[N,T]", 1, TNI_OUT | TNI_OPTIONAL | TNI_ANY_TYPE | TNI_BATCHED },
                               { x, "x[T,F]", 2, TNI_BATCHED },
                               { lengths, "lengths[N]", 3, TNI_INDICES | TNI_BATCHED } };
    tn_tensor expected;
    TNI_TRY(tni_operands(&c, op, 4));
    expected = tni_shape(TNI_AX('T', 0) | TNI_AX('F', 1), 2, TN_ANY, TN_ANY, 0, 0);
    TNI_TRY(tni_expect(&c, &op[2], &expected, 0, "the sequences stand one after the other, [T,F]"));
    expected = tni_shape(TN_N, 1, TN_ANY, 0, 0, 0);
    expected.dtype = TN_I32;
    if (lengths->dtype != TN_I32 || (mask && mask->dtype != TN_U8)) {
        const int32_t k = lengths->dtype != TN_I32 ? 3 : 1;
        tn_diag d = tni_operand_finding(&op[k], TN_E_DTYPE, k == 3 ? "lengths are int32" : "a mask is uint8");
        d.expected = *op[k].t;
        d.expected.dtype = k == 3 ? TN_I32 : TN_U8;
        return tni_refuse(&c, &d);
    }
    TNI_TRY(tni_expect(&c, &op[3], &expected, 0, "one length for each sequence"));
    expected = tni_shape(TN_NTF, 3, lengths->dim[0], TN_ANY, x->dim[1], 0);
    TNI_TRY(tni_lstm_order(&c, &op[0], "NTF", "the axes must stand in the order N, T, F"));
    TNI_TRY(tni_expect(&c, &op[0], &expected, 0, "y is [N,T,F], N sequences of x's F"));
    if (mask) {
        expected = tni_shape(TNI_AX('N', 0) | TNI_AX('T', 1), 2, y->dim[0], y->dim[1], 0, 0);
        expected.dtype = TN_U8;
        TNI_TRY(tni_expect(&c, &op[1], &expected, 0, "the mask is [N,T] of y"));
    }
    TNI_TRY(tni_apart(&c, op, 4));
    if (!c.query) TNI_TRY(tni_lengths_ok(&c, &op[3], x->dim[0]));
    TNI_TRY(tni_workspace(&c, 0, -1));
    tni_warn_cut(&c, &op[3], y->dim[1]);
    if (!c.query && tni_size(y)) tni_sequences_run(&c, y, mask, x, lengths, p);
    return tni_ok(&c);
}
