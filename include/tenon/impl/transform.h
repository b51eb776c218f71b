/* impl/transform.h - padding, joining, arithmetic, images and sequences: checks. */

TENON_API tn_status tn_pad(tn_context *ctx, const tn_tensor *y, const tn_tensor *x, const tn_pad_params *p)
{
    const tni_call c = tni_enter(ctx, "tn_pad");
    const tni_operand op[] = { { y, "y", 0, TNI_OUT | TNI_SOME_EMPTY }, { x, "x", 1, TNI_SOME_EMPTY } };
    tn_tensor expected;
    int32_t i;
    TNI_TRY(tni_operands(&c, op, 2));
    if (p && (p->mode < TN_PAD_CONSTANT || p->mode > TN_PAD_EDGE))
        return tni_bad(&c, TN_E_ARG, 2, "mode", "no such padding", p->mode);
    expected = *x;
    for (i = 0; i < x->rank && p; i++) {
        const int64_t before = p->before[i], after = p->after[i], most = before > after ? before : after;
        if (before < 0 || after < 0)
            return tni_bad(&c, TN_E_ARG, 2, before < 0 ? "before" : "after", "must not be negative",
                           before < 0 ? before : after);
        if (p->mode == TN_PAD_REFLECT && most && most >= x->dim[i])
            return tni_bad(&c, TN_E_ARG, 2, before > after ? "before" : "after",
                           "a reflection must be shorter than its axis", most);
        if (p->mode == TN_PAD_EDGE && most && !x->dim[i])
            return tni_bad(&c, TN_E_ARG, 2, before > after ? "before" : "after", "an axis of length 0 has no edge",
                           most);
        if (before + after + x->dim[i] > INT32_MAX)
            return tni_bad(&c, TN_E_OVERFLOW, 2, "before", "the padded length does not fit int32", before);
        expected.dim[i] = (int32_t)(before + after + x->dim[i]);
    }
    TNI_TRY(tni_expect(&c, &op[0], &expected, 0, "y has x's lengths and their padding"));
    TNI_TRY(tni_apart(&c, op, 2));
    return tni_unsupported(&c);
}

TENON_API tn_status tn_concat(tn_context *ctx, const tn_tensor *y, const tn_tensor *const *x, int32_t count,
                              int32_t axis)
{
    const tni_call c = tni_enter(ctx, "tn_concat");
    tni_operand op[] = { { y, "y", 0, TNI_OUT | TNI_SOME_EMPTY }, { TNI_NULL, "x", 1, TNI_SOME_EMPTY } };
    tn_tensor expected;
    int64_t joined = 0;
    int32_t i, k, at;
    TNI_TRY(tni_operand_ok(&c, &op[0]));
    if (count < 1) return tni_bad(&c, TN_E_ARG, 2, "count", "must be at least 1", count);
    if (!x) return tni_bad(&c, TN_E_NULL, 1, "x", "must not be NULL", 0);
    at = tni_axis(axis, y->rank);
    if (at < 0) return tni_bad(&c, TN_E_ARG, 3, "axis", "must be from -rank to rank - 1", axis);
    for (i = 0; i < count; i++) {
        op[1].t = x[i];
        TNI_TRY(tni_operand_ok(&c, &op[1]));
        if (i == 0) expected = *x[0];
        if (x[i]->rank == y->rank) {
            joined += x[i]->dim[at];
            expected.dim[at] = x[i]->dim[at];
        }
        if (tni_expect(&c, &op[1], &expected, TN_E_MERGE, "operands differ on the joined axis alone") != TN_OK) {
            if (ctx && ctx->diag && x[i]->rank == expected.rank) ctx->diag->cause = TN_CAUSE_CONCAT_AXIS;
            return TN_E_MERGE;
        }
        if (joined > INT32_MAX)
            return tni_bad(&c, TN_E_OVERFLOW, 1, "x", "the joined length does not fit int32", joined);
    }
    if (expected.rank == y->rank) expected.dim[at] = (int32_t)joined;
    TNI_TRY(tni_expect(&c, &op[0], &expected, 0, "y has x's lengths, added up on the joined axis"));
    for (k = 0; k < count; k++) {
        op[1].t = x[k];
        TNI_TRY(tni_apart(&c, op, 2));
    }
    return tni_unsupported(&c);
}

/* y = a op b */
static tn_status tni_elementwise(tn_context *ctx, const char *name, const tn_tensor *y, const tn_tensor *a,
                                 const tn_tensor *b)
{
    const tni_call c = tni_enter(ctx, name);
    const tni_operand op[] = { { y, "y", 0, TNI_OUT | TNI_BATCHED },
                               { a, "a", 1, TNI_INPLACE | TNI_BATCHED },
                               { b, "b", 2, TNI_INPLACE | TNI_BATCHED } };
    TNI_TRY(tni_operands(&c, op, 3));
    if (!(b->rank == 1 && a->rank > 1 && b->dim[0] == a->dim[a->rank - 1]))
        TNI_TRY(tni_merge_expect(&c, &op[2], a, "b has a's shape and order of axes, or the shape of its last axis"));
    TNI_TRY(tni_expect(&c, &op[0], a, 0, "y has a's shape"));
    TNI_TRY(tni_apart(&c, op, 3));
    return tni_unsupported(&c);
}

TENON_API tn_status tn_add(tn_context *ctx, const tn_tensor *y, const tn_tensor *a, const tn_tensor *b)
{
    return tni_elementwise(ctx, "tn_add", y, a, b);
}

TENON_API tn_status tn_subtract(tn_context *ctx, const tn_tensor *y, const tn_tensor *a, const tn_tensor *b)
{
    return tni_elementwise(ctx, "tn_subtract", y, a, b);
}

TENON_API tn_status tn_multiply(tn_context *ctx, const tn_tensor *y, const tn_tensor *a, const tn_tensor *b)
{
    return tni_elementwise(ctx, "tn_multiply", y, a, b);
}

TENON_API tn_status tn_normalize(tn_context *ctx, const tn_tensor *y, const tn_tensor *x, const tn_tensor *mean,
                                 const tn_tensor *deviation, float scale)
{
    const tni_call c = tni_enter(ctx, "tn_normalize");
    const tni_operand op[] = { { y, "y", 0, TNI_OUT | TNI_BATCHED },
                               { x, "x", 1, TNI_ANY_TYPE | TNI_BATCHED },
                               { mean, "mean[C]", 2, TNI_OPTIONAL },
                               { deviation, "deviation[C]", 3, TNI_OPTIONAL } };
    int32_t axis, other, i;
    TNI_TRY(tni_operands(&c, op, 4));
    if (x->dtype != TN_F32 && x->dtype != TN_U8) {
        tn_diag d = tni_operand_finding(&op[1], TN_E_DTYPE, "must be float32 or uint8");
        d.expected = *x;
        d.expected.dtype = TN_F32;
        return tni_refuse(&c, &d);
    }
    if (!(scale <= 3.402823466e38f && scale >= -3.402823466e38f))
        return tni_bad(&c, TN_E_ARG, 4, "scale", "must be finite (0: 1)", 0);
    TNI_TRY(tni_channel_axis(&c, &op[1], &axis));
    for (i = 2; i < 4; i++) { /* statistics of another shape were broadcast, or are for other data */
        const tn_tensor expected = tni_shape(TNI_AX('C', 0), 1, x->dim[axis], 0, 0, 0);
        tn_diag d = tni_operand_finding(&op[i], op[i].t && op[i].t->rank == 1 ? TN_E_CHANNELS : TN_E_MERGE,
                                        "statistics are [C], C that of x");
        if (!op[i].t || (op[i].t->rank == 1 && op[i].t->dim[0] == expected.dim[0])) continue;
        d.expected = expected;
        d.cause = op[i].t->rank == 1 ? TN_CAUSE_NORMALISER_WIDTH : TN_CAUSE_BROADCAST;
        if (op[i].t->rank == 1) {
            d.axes_differ = 1;
            d.number[0] = op[i].t->dim[0];
            d.number[1] = expected.dim[0];
        }
        return tni_refuse(&c, &d);
    }
    TNI_TRY(tni_expect(&c, &op[0], x, 0, "y has x's shape"));
    TNI_TRY(tni_channel_axis(&c, &op[0], &other));
    if (other != axis) return tni_order_refuse(&c, &op[0], 0, "y has x's order of axes");
    TNI_TRY(tni_apart(&c, op, 4));
    return tni_unsupported(&c);
}

/* y and x are images of one order; x's lengths H, W, C where they are known, then y's. */
static tn_status tni_image_to_image(const tni_call *c, const tni_operand *op, int32_t from, int32_t to,
                                    int32_t same_size, const char *rule)
{
    const tn_tensor *const x = op[1].t, *const y = op[0].t;
    const char *at;
    tn_tensor expected;
    TNI_TRY(tni_image_pair(c, &op[1], &op[0], &at));
    expected = tni_image_shape(at, TN_ANY, same_size && y->rank == 4 && x->rank != 4 ? tni_at(y, at, 1) : TN_ANY,
                               same_size && y->rank == 4 && x->rank != 4 ? tni_at(y, at, 2) : TN_ANY,
                               from != TN_ANY                 ? from
                               : x->rank != 4 && y->rank == 4 ? tni_at(y, at, 3)
                                                              : TN_ANY);
    TNI_TRY(tni_expect_order(c, &op[1], &expected, 0, rule));
    expected = tni_image_shape(at, tni_at(x, at, 0), same_size ? tni_at(x, at, 1) : TN_ANY,
                               same_size ? tni_at(x, at, 2) : TN_ANY, to != TN_ANY ? to : tni_at(x, at, 3));
    return tni_expect(c, &op[0], &expected, 0, rule);
}

TENON_API tn_status tn_gray_to_rgb(tn_context *ctx, const tn_tensor *y, const tn_tensor *x)
{
    const tni_call c = tni_enter(ctx, "tn_gray_to_rgb");
    const tni_operand op[] = { { y, "y[N,H,W,C]", 0, TNI_OUT | TNI_BATCHED }, { x, "x[N,H,W,C]", 1, TNI_BATCHED } };
    TNI_TRY(tni_operands(&c, op, 2));
    TNI_TRY(tni_image_to_image(&c, op, 1, 3, 1, "one channel becomes three, the rest stays"));
    TNI_TRY(tni_apart(&c, op, 2));
    return tni_unsupported(&c);
}

TENON_API tn_status tn_rgb_to_gray(tn_context *ctx, const tn_tensor *y, const tn_tensor *x)
{
    const tni_call c = tni_enter(ctx, "tn_rgb_to_gray");
    const tni_operand op[] = { { y, "y[N,H,W,C]", 0, TNI_OUT | TNI_BATCHED }, { x, "x[N,H,W,C]", 1, TNI_BATCHED } };
    TNI_TRY(tni_operands(&c, op, 2));
    TNI_TRY(tni_image_to_image(&c, op, 3, 1, 1, "three channels become one, the rest stays"));
    TNI_TRY(tni_apart(&c, op, 2));
    return tni_unsupported(&c);
}

TENON_API tn_status tn_resize(tn_context *ctx, const tn_tensor *y, const tn_tensor *x, const tn_resize_params *p)
{
    const tni_call c = tni_enter(ctx, "tn_resize");
    const tni_operand op[] = { { y, "y[N,H,W,C]", 0, TNI_OUT | TNI_BATCHED }, { x, "x[N,H,W,C]", 1, TNI_BATCHED } };
    tn_status status;
    TNI_TRY(tni_operands(&c, op, 2));
    if (p && (p->method < TN_NEAREST || p->method > TN_BILINEAR))
        return tni_bad(&c, TN_E_ARG, 2, "method", "no such method", p->method);
    if (p && (p->pixel < TN_HALF_PIXEL || p->pixel > TN_ASYMMETRIC))
        return tni_bad(&c, TN_E_ARG, 2, "pixel", "no such place of pixels", p->pixel);
    status = tni_image_to_image(&c, op, TN_ANY, TN_ANY, 0, "height and width change, N and C stay");
    if (status == TN_E_RANK && x->rank < 4 && ctx && ctx->diag && !ctx->diag->cause)
        ctx->diag->cause = TN_CAUSE_RESIZE_RANK;
    TNI_TRY(status);
    TNI_TRY(tni_apart(&c, op, 2));
    return tni_unsupported(&c);
}

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

TENON_API tn_status tn_pad_sequences(tn_context *ctx, const tn_tensor *y, const tn_tensor *mask, const tn_tensor *x,
                                     const tn_tensor *lengths, const tn_pad_sequences_params *p)
{
    const tni_call c = tni_enter(ctx, "tn_pad_sequences");
    const tni_operand op[] = { { y, "y[N,T,F]", 0, TNI_OUT | TNI_BATCHED },
                               { mask, "mask[N,T]", 1, TNI_OUT | TNI_OPTIONAL | TNI_ANY_TYPE | TNI_BATCHED },
                               { x, "x[T,F]", 2, TNI_BATCHED },
                               { lengths, "lengths[N]", 3, TNI_INDICES | TNI_BATCHED } };
    tn_tensor expected;
    (void)p;
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
    return tni_unsupported(&c);
}
