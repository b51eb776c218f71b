/* model/backward.h - one layer of a model, backward, and its step. */

/* The gradient of weight k, whose place is known once the model has memory. */
static tn_tensor tni_gradient(tn_layer *l, const tni_node *n, int32_t k)
{
    tn_tensor g = *tni_weight(l, k);
    size_t at = 0;
    int32_t j;
    for (j = 0; j < k; j++) if (tni_learns(l, j)) at += tni_size(tni_weight(l, j));
    g.flags = 0;
    g.data = n->gradients ? n->gradients + at : TNI_NULL;
    return g;
}

/* The layers whose gradient takes the place of dy are those that go element by element. */
static int tni_moves(int32_t kind)
{
    switch (kind) {
    case TN_LAYER_CONV2D: case TN_LAYER_DEPTHWISE: case TN_LAYER_MAX_POOL2D: case TN_LAYER_AVG_POOL2D:
    case TN_LAYER_GLOBAL_MAX_POOL2D: case TN_LAYER_GLOBAL_AVG_POOL2D: case TN_LAYER_DENSE: case TN_LAYER_LSTM:
    case TN_LAYER_BATCH_NORM: case TN_LAYER_LAYER_NORM: return 1;
    default: return 0;
    }
}

/* dz = dy f'; in place. */
static tn_status tni_activate_backward(tn_context *ctx, const tn_layer *l, const tn_tensor *dz, const tn_tensor *z,
                                       const tn_tensor *y)
{
    const tn_activation_params p = tni_activation_params(l);
    if (l->activation == TN_SOFTMAX) return tn_softmax_backward(ctx, dz, dz, y, tni_softmax_axis(y));
    return l->activation == TN_LINEAR ? TN_OK : tn_activation_backward(ctx, dz, dz, z, y, &p);
}

/* dy has the shape of y and is used up; dx that of x, NULL: not wanted. Parameter gradients are added to what is there.
 * With TNI_HEADLESS dy is the gradient before the activation. */
static tn_status tni_layer_backward(tn_context *ctx, const tn_model *m, tn_layer *l, int32_t i, const tni_node *n,
                                    const tn_tensor *dx, const tn_tensor *dy, int32_t mode)
{
    const tn_tensor *const z = tni_if(n->z.rank, &n->z), *dw[TNI_MEAN];
    const tn_tensor *const mean = l->frozen ? &l->mean : &n->kept[0];
    const tn_random r = tni_model_stream(m, TNI_OF_DROPOUT, tni_layer_number(m, i), m->step);
    const tn_dense_params dense = tni_dense_params(l, TN_LINEAR, TN_ACCUMULATE);
    const tn_conv2d_params conv2d = tni_conv2d_params(l, &n->x, TN_LINEAR, TN_ACCUMULATE);
    const tn_lstm_params lstm = tni_lstm_params(l, TN_ACCUMULATE);
    const tn_batch_norm_params batch_norm = tni_batch_norm_params(l, TN_ACCUMULATE);
    const tn_layer_norm_params layer_norm = tni_layer_norm_params(l, TN_ACCUMULATE);
    tn_convert_params convert;
    tn_tensor gradient[TNI_MEAN];
    int32_t k;
    convert.scale = l->scale; convert.offset = 0.0f;
    for (k = 0; k < TNI_MEAN; k++) {
        gradient[k] = tni_gradient(l, n, k);
        dw[k] = tni_if(tni_learns(l, k), &gradient[k]);
    }
    switch (l->kind) {
    case TN_LAYER_CONV2D: case TN_LAYER_DEPTHWISE: case TN_LAYER_DENSE:
        if (!(mode & TNI_HEADLESS)) TNI_TRY(tni_activate_backward(ctx, l, dy, z, &n->y));
        if (!dx && !dw[TNI_KERNEL]) return TN_OK;
        return l->kind == TN_LAYER_DENSE
                   ? tn_dense_backward(ctx, dx, dw[TNI_KERNEL], dw[TNI_BIAS], dy, &n->x, &l->kernel, &dense)
                   : tn_conv2d_backward(ctx, dx, dw[TNI_KERNEL], dw[TNI_BIAS], dy, &n->x, &l->kernel, &conv2d);
    case TN_LAYER_LSTM:
        return tn_lstm_backward(ctx, dx, dw[TNI_KERNEL], dw[TNI_RECURRENT], dw[TNI_BIAS], TNI_NULL, TNI_NULL, dy,
                                TNI_NULL, TNI_NULL, &n->kept[0], &n->x, &l->kernel, &l->recurrent, TNI_NULL, TNI_NULL,
                                &lstm);
    case TN_LAYER_BATCH_NORM:
        return tn_batch_norm_backward(ctx, dx, dw[TNI_GAMMA], dw[TNI_BETA], dy, &n->x, &l->gamma, mean, &n->kept[1],
                                      &batch_norm);
    case TN_LAYER_LAYER_NORM:
        return tn_layer_norm_backward(ctx, dx, dw[TNI_GAMMA], dw[TNI_BETA], dy, &n->x, &l->gamma, &n->kept[0],
                                      &n->kept[1], &layer_norm);
    case TN_LAYER_MAX_POOL2D: return tn_max_pool2d_backward(ctx, dx, dy, &n->kept[0], &l->window);
    case TN_LAYER_AVG_POOL2D: return tn_avg_pool2d_backward(ctx, dx, dy, &l->window);
    case TN_LAYER_GLOBAL_MAX_POOL2D: return tn_global_max_pool2d_backward(ctx, dx, dy, &n->kept[0]);
    case TN_LAYER_GLOBAL_AVG_POOL2D: return tn_global_avg_pool2d_backward(ctx, dx, dy);
    case TN_LAYER_ACTIVATION:
        return mode & TNI_HEADLESS ? TN_OK : tni_activate_backward(ctx, l, dy, &n->x, &n->y);
    case TN_LAYER_DROPOUT: return l->rate > 0.0f ? tn_dropout(ctx, dx, dy, &r, l->rate) : TN_OK;
    case TN_LAYER_RESCALING: return tn_convert(ctx, dx, dy, &convert);
    default: return TN_OK;
    }
}

/* step: from 1 */
static tn_status tni_layer_update(tn_context *ctx, const tn_model *m, int32_t i, const tni_node *n, int64_t step)
{
    tn_layer *const l = &m->layers[i];
    tn_optimizer o = m->compile.optimizer;
    const size_t slots = (size_t)tn_optimizer_slots(&o);
    int32_t k;
    if (l->lr_scale > 0.0f) o.lr *= l->lr_scale;
    for (k = 0; k < TNI_MEAN; k++) {
        tn_tensor g, state;
        if (!tni_learns(l, k)) continue;
        g = tni_gradient(l, n, k);
        state = tni_shape(0, 1, 0, 0, 0, 0);
        state.dim[0] = (int32_t)(slots * tni_size(&g));
        if (n->slots) state.data = n->slots + slots * (size_t)((float *)g.data - n->gradients);
        TNI_TRY(tn_optimizer_step(ctx, tni_weight(l, k), &state, &g, &o, step));
    }
    return TN_OK;
}
