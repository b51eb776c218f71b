/* api/pool.h - max and average pooling over H and W, x[N,H,W,C] or NCHW by name, y likewise;
 * one-dimensional with H = 1. */

/* y = max over the window. Padding never wins; NaN does. indices: NULL, or int32 of y's shape, h * W + w inside the
 * unpadded plane, the first of equals. A window that would lie wholly in the padding is TN_E_WINDOW; with ceil_mode a
 * window that would start beyond the image and its padding before is dropped. */
TENON_API tn_status tn_max_pool2d(tn_context *ctx, const tn_tensor *y, const tn_tensor *indices, const tn_tensor *x,
                                  const tn_window *p);

/* dx = dy scattered to where the maximum was; indices as tn_max_pool2d wrote them, each checked
 * against H * W before use. */
TENON_API tn_status tn_max_pool2d_backward(tn_context *ctx, const tn_tensor *dx, const tn_tensor *dy,
                                           const tn_tensor *indices, const tn_window *p);

/* y = mean over the window: over its part inside the image, or with count_padding over all of it. */
TENON_API tn_status tn_avg_pool2d(tn_context *ctx, const tn_tensor *y, const tn_tensor *x, const tn_window *p);
TENON_API tn_status tn_avg_pool2d_backward(tn_context *ctx, const tn_tensor *dx, const tn_tensor *dy,
                                           const tn_window *p);

/* Fills y's shape for either kind. */
TENON_API tn_status tn_max_pool2d_shape(tn_context *ctx, tn_tensor *y, const tn_tensor *x, const tn_window *p);
TENON_API tn_status tn_avg_pool2d_shape(tn_context *ctx, tn_tensor *y, const tn_tensor *x, const tn_window *p);

/* The whole plane as one window: y[N,C], or y[N,1,1,C] (NCHW: [N,C,1,1]). */
TENON_API tn_status tn_global_max_pool2d(tn_context *ctx, const tn_tensor *y, const tn_tensor *indices,
                                         const tn_tensor *x);
TENON_API tn_status tn_global_max_pool2d_backward(tn_context *ctx, const tn_tensor *dx, const tn_tensor *dy,
                                                  const tn_tensor *indices);
TENON_API tn_status tn_global_avg_pool2d(tn_context *ctx, const tn_tensor *y, const tn_tensor *x);
TENON_API tn_status tn_global_avg_pool2d_backward(tn_context *ctx, const tn_tensor *dx, const tn_tensor *dy);
