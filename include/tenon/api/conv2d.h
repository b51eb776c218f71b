/* api/conv2d.h - two-dimensional convolution; one-dimensional with H = KH = 1; depthwise with groups = C. */

/* Output length of a window along one axis: a constant expression of constants. before + after is the padding. 0 where
 * the window does not fit: C rounds -1/2 to 0, so the formula alone would say 1. CEIL: partial windows count that start
 * before the image's end. */
#define TN_WINDOW_SPAN(size, dilation) (((size) - 1) * (dilation) + 1)
#define TN_OUT_VALID(in, size, stride, dilation, before, after) \
    (TN_WINDOW_SPAN(size, dilation) > (in) + (before) + (after) \
         ? 0 \
         : ((in) + (before) + (after) - TN_WINDOW_SPAN(size, dilation)) / (stride) + 1)
#define TN_OUT_CEIL(in, size, stride, dilation, before, after) \
    (TN_WINDOW_SPAN(size, dilation) > (in) + (before) + (after) ? 0 \
     : (after) + (stride) < TN_WINDOW_SPAN(size, dilation) \
         ? ((in) + (before) + (after) - TN_WINDOW_SPAN(size, dilation) + (stride) + (stride) - 1) / (stride) \
         : ((in) + (before) + (stride) - 1) / (stride))
#define TN_OUT_SAME(in, stride) (((in) + (stride) - 1) / (stride))

/* TN_SAME is TensorFlow's and Keras': output ceil(in / stride), an odd row or column of padding goes after;
 * TN_SAME_LOWER (ONNX): before. TN_EXPLICIT: top, bottom, left, right. TN_CAUSAL:
 * left = (KW - 1) * dilation, H and KH 1. */
enum { TN_VALID, TN_SAME, TN_SAME_LOWER, TN_EXPLICIT, TN_CAUSAL };

/* Four explicit lengths, 0 to 32767 each, as one constant: the PADDING of the compile-time macros
 * alone, not of tn_window. */
#define TN_PAD(top, bottom, left, right) \
    ((((long long)(top) | (long long)(bottom) | (long long)(left) | (long long)(right)) & ~32767LL) \
         ? -1LL \
         : (((((long long)(right) * 32768 + (left)) * 32768 + (bottom)) * 32768 + (top)) * 8 + TN_EXPLICIT))

typedef struct tn_window {
    int32_t size_h, size_w;         /* pooling, 0: 2; convolution takes the size from w */
    int32_t stride_h, stride_w;     /* 0: 1, in pooling the window's size */
    int32_t dilation_h, dilation_w; /* 0: 1 */
    int32_t padding, top, bottom, left, right;
    int32_t ceil_mode, count_padding; /* pooling: a last partial window counts; average: padding counts as zeros */
} tn_window;

typedef struct tn_conv2d_params {
    tn_window window;
    int32_t groups, activation, flags; /* groups 0: 1 */
    float alpha;
    const tn_tensor *residual; /* y's shape, added before the activation */
} tn_conv2d_params;

/* y[n,h,w,o] = f(b[o] + residual + sum over kh, kw, i of x[n, h stride_h + kh dilation_h - top, ..., i] w[kh,kw,i,o])
 *
 * x[N,H,W,C] and y[N,OH,OW,O], or both NCHW by name; w[KH,KW,C/G,O], or OIHW by name, or HWCM with groups = C (O = C M,
 * channel c M + m); b[O] or NULL. O and C are multiples of groups. y must not overlap an input. A sum starts from b[o],
 * or +0, and takes the taps inside the image in an order that depends on the shape alone; then residual, activation.
 * Workspace: OIHW weights that are not packed want panels, NCHW images copies of x and y; else none. TN_E_WINDOW: the
 * window is larger than the padded image. */
TENON_API tn_status tn_conv2d(tn_context *ctx, const tn_tensor *y, const tn_tensor *x, const tn_tensor *w,
                              const tn_tensor *b, const tn_conv2d_params *p);
TENON_API tn_status tn_conv2d_shape(tn_context *ctx, tn_tensor *y, const tn_tensor *x, const tn_tensor *w,
                                    const tn_conv2d_params *p);

/* Gradients of the linear part, as tn_dense_backward: NULL is not wanted, dy is before the activation; an activation or
 * residual in p is TN_E_ARG. Workspace: panels of w for dx; for NCHW copies of dy, x and dx. */
TENON_API tn_status tn_conv2d_backward(tn_context *ctx, const tn_tensor *dx, const tn_tensor *dw, const tn_tensor *db,
                                       const tn_tensor *dy, const tn_tensor *x, const tn_tensor *w,
                                       const tn_conv2d_params *p);
/* as tn_dense_pack, but x_shape is needed */
TENON_API tn_status tn_conv2d_pack(tn_context *ctx, tn_tensor *packed, void *memory, size_t size, const tn_tensor *w,
                                   const tn_tensor *x_shape, const tn_conv2d_params *p);
