/* tests/test_bad_rows.h - the valid calls, and the rows: call, change, code, cause, argument, axes that differ, second code. */

#define BASES(X)                                                                                                                     \
    X(DENSE, tn_dense, "y=2,4;x=2,3;w=3,4;b=4")                                                                                      \
    X(DENSE_SHAPE, tn_dense_shape, "y;x=2,3;w=3,4")                                                                                  \
    X(DENSE_BACKWARD, tn_dense_backward, "dx=2,3;dw=3,4;db=4;dy=2,4;x=2,3;w=3,4")                                                    \
    X(DENSE_PACK, tn_dense_pack, "packed;memory;size_;w=3,4;x_shape=2,3")                                                            \
    X(GEMM, tn_gemm, "y=2,4;a=2,3;b=3,4;c=4")                                                                                        \
    X(CONV2D, tn_conv2d, "y=2,3,3,4;x=2,5,5,3;w=3,3,3,4;b=4;residual=2,3,3,4")                                                       \
    X(GROUPED, tn_conv2d, "y=2,3,3,4;x=2,5,5,6;w=3,3,3,4;b=4;residual;groups=2")                                                     \
    X(DEPTHWISE, tn_conv2d, "y=2,3,3,6;x=2,5,5,3;w=3,3,3,2:HWCM;b=6;residual;groups=3")                                              \
    X(PLANES, tn_conv2d, "y=2,4,3,3:NCHW;x=2,3,5,5:NCHW;w=4,3,3,3:OIHW;b=4;residual=2,4,3,3:NCHW")                                   \
    X(CONV2D_SHAPE, tn_conv2d_shape, "y;x=2,5,5,3;w=3,3,3,4")                                                                        \
    X(CONV2D_BACKWARD, tn_conv2d_backward, "dx=2,5,5,3;dw=3,3,3,4;db=4;dy=2,3,3,4;x=2,5,5,3;w=3,3,3,4;residual")                     \
    X(DEPTHWISE_BACKWARD, tn_conv2d_backward, "dx=2,5,5,3;dw=3,3,3,2:HWCM;db=6;dy=2,3,3,6;x=2,5,5,3;w=3,3,3,2:HWCM;"                 \
                                              "residual;groups=3")                                                                   \
    X(PLANES_BACKWARD, tn_conv2d_backward, "dx=2,3,5,5:NCHW;dw=4,3,3,3:OIHW;db=4;dy=2,4,3,3:NCHW;x=2,3,5,5:NCHW;"                    \
                                           "w=4,3,3,3:OIHW;residual")                                                                \
    X(CONV2D_PACK, tn_conv2d_pack, "packed;memory;size_;w=3,3,3,4;x_shape=2,5,5,3")                                                  \
    X(MAX_POOL, tn_max_pool2d, "y=2,2,2,3;indices=2,2,2,3:i32;x=2,4,4,3;size_h=2;size_w=2")                                          \
    X(MAX_POOL_BACKWARD, tn_max_pool2d_backward, "dx=2,4,4,3;dy=2,2,2,3;indices=2,2,2,3:i32;size_h=2;size_w=2")                      \
    X(AVG_POOL, tn_avg_pool2d, "y=2,2,2,3;x=2,4,4,3;size_h=2;size_w=2")                                                              \
    X(AVG_POOL_BACKWARD, tn_avg_pool2d_backward, "dx=2,4,4,3;dy=2,2,2,3;size_h=2;size_w=2")                                          \
    X(MAX_POOL_SHAPE, tn_max_pool2d_shape, "y;x=2,4,4,3;size_h=2;size_w=2")                                                          \
    X(AVG_POOL_SHAPE, tn_avg_pool2d_shape, "y;x=2,4,4,3;size_h=2;size_w=2")                                                          \
    X(GLOBAL_MAX, tn_global_max_pool2d, "y=2,3;indices=2,3:i32;x=2,4,4,3")                                                           \
    X(GLOBAL_MAX_BACKWARD, tn_global_max_pool2d_backward, "dx=2,4,4,3;dy=2,3;indices=2,3:i32")                                       \
    X(GLOBAL_AVG, tn_global_avg_pool2d, "y=2,1,1,3;x=2,4,4,3")                                                                       \
    X(GLOBAL_AVG_BACKWARD, tn_global_avg_pool2d_backward, "dx=2,4,4,3;dy=2,3")                                                       \
    X(LSTM, tn_lstm, "y=2,5,4;hn=2,4;cn=2,4;reserve=240;x=2,5,3;w=3,16;u=4,16;b=16;h0=2,4;c0=2,4")                                   \
    X(LSTM_SHAPE, tn_lstm_shape, "y;reserve;x=2,5,3;u=4,16;sequences=1")                                                             \
    X(LSTM_BACKWARD, tn_lstm_backward, "dx=2,5,3;dw=3,16;du=4,16;db=16;dh0=2,4;dc0=2,4;dy=2,5,4;dhn=2,4;dcn=2,4;"                    \
                                       "reserve=240;x=2,5,3;w=3,16;u=4,16;h0=2,4;c0=2,4")                                            \
    X(LSTM_PACK, tn_lstm_pack, "packed_w;packed_u;memory;size_;w=3,16;u=4,16")                                                       \
    X(TORCH, tn_lstm_from_torch, "w=3,16;u=4,16;b=16;w_ih=16,3;w_hh=16,4;b_ih=16;b_hh=16")                                           \
    X(ONNX, tn_lstm_from_onnx, "w=3,16;u=4,16;b=16;W=16,3;R=16,4;B=32")                                                              \
    X(BATCH_NORM, tn_batch_norm, "y=2,3,3,4;x=2,3,3,4;gamma=4;beta=4;mean=4;variance=4")                                             \
    X(BATCH_NORM_TRAIN, tn_batch_norm_train, "y=2,3,3,4;saved_mean=4;saved_rstd=4;running_mean=4;running_variance=4;x=2,3,3,4;"      \
                                             "gamma=4;beta=4")                                                                       \
    X(BATCH_NORM_BACKWARD, tn_batch_norm_backward, "dx=2,3,3,4;dgamma=4;dbeta=4;dy=2,3,3,4;x=2,3,3,4;gamma=4;saved_mean=4;"          \
                                                   "saved_rstd=4")                                                                   \
    X(LAYER_NORM, tn_layer_norm, "y=2,3,4;mean=2,3;rstd=2,3;x=2,3,4;gamma=4;beta=4")                                                 \
    X(LAYER_NORM_BACKWARD, tn_layer_norm_backward, "dx=2,3,4;dgamma=4;dbeta=4;dy=2,3,4;x=2,3,4;gamma=4;mean=2,3;rstd=2,3")           \
    X(ACTIVATION, tn_activation, "y=2,3;x=2,3;kind=1")                                                                               \
    X(ACTIVATION_BACKWARD, tn_activation_backward, "dx=2,3;dy=2,3;x=2,3;y=2,3;kind=1")                                               \
    X(SOFTMAX, tn_softmax, "y=2,3;x=2,3;axis=-1")                                                                                    \
    X(LOG_SOFTMAX_BACKWARD, tn_log_softmax_backward, "dx=2,3;dy=2,3;y=2,3;axis=-1")                                                  \
    X(SPARSE, tn_loss, "kind_;loss=;dx=4,3;x=4,3;target=4:u8;class_weight;sample_weight")                                            \
    X(ROWS, tn_loss, "kind_;loss=;dx=4,3;x=4,3;target=4,3;class_weight=3;sample_weight=4;kind=1")                                    \
    X(SQUARES, tn_loss, "kind_;loss=;dx=4,1;x=4,1;target=4,1;class_weight;sample_weight;kind=3")                                     \
    X(ADAM, tn_optimizer_step, "w=2,3;state=12;g=2,3;kind=1;lr=0.1;beta1=0.9;beta2=0.99;epsilon=1e-7;step=1")                        \
    X(UNIFORM, tn_random_uniform, "y=2,3;low=0;high=1")                                                                              \
    X(NORMAL, tn_random_normal, "y=2,3;low=0;high=1")                                                                                \
    X(DROPOUT, tn_dropout, "y=2,3;x=2,3;rate=0.5")                                                                                   \
    X(INITIALIZE, tn_initialize, "w=4,3")                                                                                            \
    X(RESHAPE, tn_reshape, "y;x=4,3;rank=2;dim0=2;dim1=6")                                                                           \
    X(FLATTEN, tn_flatten, "y;x=4,3,2")                                                                                              \
    X(EXPAND, tn_expand, "y;x=4,3;axis=1")                                                                                           \
    X(PART, tn_rows, "y;x=4,3;first=1;count=2")                                                                                      \
    X(CONVERT, tn_convert, "y=4,3;x=4,3:u8")                                                                                         \
    X(TRANSPOSE, tn_transpose, "y=3,4;x=4,3;dim0=1;dim1=0")                                                                          \
    X(PAD, tn_pad, "y=2,6;x=2,3;pad_before=1;pad_after=2")                                                                           \
    X(CONCAT, tn_concat, "y=5,3;x=2,3;x1=3,3;count=2;axis=0")                                                                        \
    X(STACK, tn_stack, "y=2,4,4,3;x=4,4,3;x1=4,4,3;count=2")                                                                         \
    X(ADD, tn_add, "y=2,2,2,3;a=2,2,2,3;b=2,2,2,3")                                                                                  \
    X(SUBTRACT, tn_subtract, "y=2,3;a=2,3;b=3")                                                                                      \
    X(MULTIPLY, tn_multiply, "y=2,3;a=2,3;b=3")                                                                                      \
    X(NORMALIZE, tn_normalize, "y=2,3,3,3;x=2,3,3,3:u8;mean=3;deviation=3")                                                          \
    X(GRAY, tn_gray_to_rgb, "y=2,4,4,3;x=2,4,4,1")                                                                                   \
    X(COLOR, tn_rgb_to_gray, "y=2,4,4,1;x=2,4,4,3")                                                                                  \
    X(RESIZE, tn_resize, "y=2,2,2,3;x=2,4,4,3")                                                                                      \
    X(SEQUENCES, tn_pad_sequences, "y=2,5,3;mask=2,5:u8;x=0,3;lengths=2:i32")                                                        \
    X(ARGMAX, tn_argmax, "y=4:i32;x=4,3;axis=-1")                                                                                    \
    X(TOP_K, tn_top_k, "values=4,2;indices=4,2:i32;x=4,3")                                                                           \
    X(ONE_HOT, tn_one_hot, "y=4,3;labels=4:u8")                                                                                      \
    X(MODEL_INIT, tn_model_init, "m;count=1")                                                                                        \
    X(MODEL_COMPILE, tn_model_compile, "m;kind=3;lr=0.1;mode=1;beta1=0.5")                                                           \
    X(MODEL_BUILD, tn_model_build, "m;input=3;batch=2")                                                                              \
    X(MODEL_MEMORY, tn_model_memory, "m")                                                                                            \
    X(MODEL_FIT, tn_model_fit, "m;x=2,3;y=2,1;sample_weight=2")                                                                      \
    X(MODEL_EVALUATE, tn_model_evaluate, "m;x=2,3;y=2,1")                                                                            \
    X(MODEL_PREDICT, tn_model_predict, "m;y=2,1;x=2,3")                                                                              \
    X(MODEL_FORWARD, tn_model_forward, "m;y=2,1;x=2,3;mode=1")                                                                       \
    X(MODEL_BACKWARD, tn_model_backward, "m;y_true=2,1")                                                                             \
    X(MODEL_UPDATE, tn_model_update, "m;first=2")                                                                                    \
    X(MODEL_SAVE, tn_model_save, "m;first=2")                                                                                        \
    X(MODEL_LOAD, tn_model_load, "m;first=2")
#define ID(id, name, spec) id,
enum { BASES(ID) BASE_COUNT };
#undef ID

typedef struct row {
    int base;
    const char *change;
    int32_t status, cause, arg;
    uint32_t differ; /* axes, as bits */
    int32_t also;    /* the second code */
} row;

#define A0 1u
#define A1 2u
#define A2 4u
#define A3 8u

static const row rows[] = {
    /* tensors by themselves */
    { DENSE, "x:null", TN_E_NULL, 0, 1, 0, 0 },
    { DENSE, "y:null", TN_E_NULL, 0, 0, 0, 0 },
    { DENSE, "x:nodata", TN_E_NULL, 0, 1, 0, 0 },
    { DENSE, "y:nodata", TN_E_NULL, 0, 0, 0, 0 },
    { DENSE, "x:rank7", TN_E_RANK, 0, 1, 0, 0 },
    { DENSE, "w:rank-1", TN_E_RANK, 0, 2, 0, 0 },
    { DENSE, "x=2,0", TN_E_EMPTY, 0, 1, A1, 0 },
    { DENSE, "w=0,4", TN_E_EMPTY, 0, 2, A0, 0 },
    { DENSE, "b=0", TN_E_EMPTY, 0, 3, A0, 0 },
    { DENSE, "x=-1,3", TN_E_ARG, 0, 1, A0, 0 },
    { DENSE, "x=min,3", TN_E_ARG, 0, 1, A0, 0 },
    { DENSE, "x=65536,65536,65536,65536", TN_E_OVERFLOW, 0, 1, 0, 0 },
    { DENSE, "x=max,max,max", TN_E_OVERFLOW, 0, 1, 0, 0 },
    { DENSE, "x=2097152,2097152,1048576", TN_E_OVERFLOW, 0, 1, 0, 0 },
    { DENSE, "x:f64", TN_E_DTYPE, 0, 1, 0, 0 },
    { DENSE, "x:u8", TN_E_DTYPE, 0, 1, 0, 0 },
    { DENSE, "w:type9", TN_E_DTYPE, 0, 2, 0, 0 },
    { DENSE, "w:type-1", TN_E_DTYPE, 0, 2, 0, 0 },
    { DENSE, "x:odd", TN_E_ALIGN, 0, 1, 0, 0 },
    { DENSE, "y:odd", TN_E_ALIGN, 0, 0, 0, 0 },
    { DENSE, "y:readonly", TN_E_ARG, 0, 0, 0, 0 },
    { DENSE, "x:packed", TN_E_WEIGHTS, 0, 1, 0, 0 },
    { DENSE, "y@x", TN_E_ALIAS, 0, 0, 0, 0 },
    { DENSE, "y@w+16", TN_E_ALIAS, 0, 0, 0, 0 },
    { DENSE, "b@y+28", TN_E_ALIAS, 0, 0, 0, 0 },
    { DENSE, "x:rankmax", TN_E_RANK, 0, 1, 0, 0 },
    { DENSE, "x:rankmin", TN_E_RANK, 0, 1, 0, 0 },
    { DENSE, "x:garbage", TN_E_RANK, 0, 1, 0, 0 },
    { DENSE, "w:garbage", TN_E_RANK, 0, 2, 0, 0 },
    { DENSE_SHAPE, "x:zero", TN_E_RANK, 0, 1, 0, 0 },
    { DENSE_SHAPE, "w:zero", TN_E_RANK, 0, 2, 0, 0 },
    { DENSE, "x=2,max", TN_E_FEATURES, 0, 1, A1, 0 },
    { DENSE, "x=max,min", TN_E_ARG, 0, 1, A1, 0 },
    { DENSE, "w=3,-4", TN_E_ARG, 0, 2, A1, 0 },
    { DENSE, "y=2,0", TN_E_EMPTY, 0, 0, A1, 0 },
    { DENSE, "w=3,0", TN_E_EMPTY, 0, 2, A1, 0 },
    { DENSE, "x=641,6700417,65536,65536", TN_E_OVERFLOW, 0, 1, 0, 0 },   /* 2^64 + 2^32 elements */
    { DENSE, "x=4194305,4194305,1048576", TN_E_OVERFLOW, 0, 1, 0, 0 },   /* 2^64 + a little */
    { DENSE, "x=4,65536,65536,65536,65536", TN_E_OVERFLOW, 0, 1, 0, 0 }, /* 2^66 */
    { DENSE, "x=1073741824,1073741824,2", TN_E_OVERFLOW, 0, 1, 0, 0 },   /* 2^61 elements, 2^63 bytes */
    { DENSE, "x=0,65536,65536,65536,65536", TN_E_OVERFLOW, 0, 1, 0, 0 }, /* an empty batch hides nothing */
    { DENSE, "x:odd2", TN_E_ALIGN, 0, 1, 0, 0 },
    { DENSE, "x:odd3", TN_E_ALIGN, 0, 1, 0, 0 },
    { DENSE, "b:odd3", TN_E_ALIGN, 0, 3, 0, 0 },
    { DENSE, "x@y+28", TN_E_ALIAS, 0, 0, 0, 0 },
    { DENSE, "x@y+-20", TN_E_ALIAS, 0, 0, 0, 0 },
    /* dense */
    { DENSE, "x=3", TN_E_RANK, TN_CAUSE_MISSING_BATCH_AXIS, 1, 0, 0 },
    { DENSE, "x=2,5", TN_E_FEATURES, 0, 1, A1, 0 },
    { DENSE, "x=2,2", TN_E_FEATURES, TN_CAUSE_OFF_BY_ONE_FEATURE, 1, A1, 0 },
    { DENSE, "w=4,3", TN_E_FEATURES, TN_CAUSE_WEIGHTS_TRANSPOSED, 2, A0 | A1, 0 },
    { DENSE, "w=3", TN_E_RANK, 0, 2, 0, 0 },
    { DENSE, "b=1", TN_E_FEATURES, 0, 3, A0, 0 },
    { DENSE, "b=1,4", TN_E_RANK, TN_CAUSE_EXTRA_AXIS, 3, 0, 0 },
    { DENSE, "y=3,4", TN_E_BATCH, 0, 0, A0, 0 },
    { DENSE, "y=3,5", TN_E_BATCH, 0, 0, A0 | A1, TN_E_FEATURES },
    { DENSE, "y=2,1,4", TN_E_RANK, TN_CAUSE_EXTRA_AXIS, 0, 0, 0 },
    { DENSE, "x=2,1,1,3;y=2,1,1,4", TN_E_DENSE_SPATIAL, TN_CAUSE_NO_FLATTEN, 1, 0, 0 },
    { DENSE, "x:FN", TN_E_LAYOUT, 0, 1, 0, 0 },
    { DENSE, "w:NO", TN_E_LAYOUT, 0, 2, 0, 0 },
    { DENSE, "activation=19", TN_E_ARG, 0, 4, 0, 0 },
    { DENSE, "activation=-1", TN_E_ARG, 0, 4, 0, 0 },
    { DENSE_SHAPE, "no_y=1", TN_E_NULL, 0, 0, 0, 0 },
    { DENSE_SHAPE, "x=2,7", TN_E_FEATURES, 0, 1, A1, 0 },
    { DENSE_SHAPE, "w:null", TN_E_NULL, 0, 2, 0, 0 },
    { DENSE_BACKWARD, "dy=3,4", TN_E_BATCH, 0, 3, A0, 0 },
    { DENSE_BACKWARD, "dx=2,4", TN_E_FEATURES, TN_CAUSE_OFF_BY_ONE_FEATURE, 0, A1, 0 },
    { DENSE_BACKWARD, "dw=3,6", TN_E_FEATURES, 0, 1, A1, 0 },
    { DENSE_BACKWARD, "db=3", TN_E_FEATURES, 0, 2, A0, 0 },
    { DENSE_BACKWARD, "w:null", TN_E_NULL, 0, 5, 0, 0 },
    { DENSE_BACKWARD, "x:null", TN_E_NULL, 0, 4, 0, 0 },
    { DENSE_BACKWARD, "w:packed", TN_E_WEIGHTS, 0, 5, 0, 0 },
    { DENSE_BACKWARD, "dx@x", TN_E_ALIAS, 0, 0, 0, 0 },
    { DENSE_BACKWARD, "dx:garbage", TN_E_RANK, 0, 0, 0, 0 },
    { DENSE_BACKWARD, "dy:rankmax", TN_E_RANK, 0, 3, 0, 0 },
    { DENSE_BACKWARD, "x=2,-3", TN_E_ARG, 0, 4, A1, 0 },
    { DENSE_BACKWARD, "w=3,0", TN_E_EMPTY, 0, 5, A1, 0 },
    { DENSE_BACKWARD, "dy=65536,65536,65536,65536", TN_E_OVERFLOW, 0, 3, 0, 0 },
    { DENSE_BACKWARD, "dy:odd2", TN_E_ALIGN, 0, 3, 0, 0 },
    { DENSE_BACKWARD, "dx:readonly", TN_E_ARG, 0, 0, 0, 0 },
    { DENSE_BACKWARD, "dw@dy+8", TN_E_ALIAS, 0, 1, 0, 0 },
    { DENSE_BACKWARD, "dx@dw", TN_E_ALIAS, 0, 0, 0, 0 },
    { DENSE_BACKWARD, "db:f64", TN_E_DTYPE, 0, 2, 0, 0 },
    { DENSE_BACKWARD, "dy:nodata", TN_E_NULL, 0, 3, 0, 0 },
    { DENSE_BACKWARD, "activation=1", TN_E_ARG, 0, -1, 0, 0 },
    { DENSE_PACK, "no_y=1", TN_E_NULL, 0, 0, 0, 0 },
    { DENSE_PACK, "no_memory=1", TN_E_NULL, 0, 1, 0, 0 },
    { DENSE_PACK, "odd_memory=1", TN_E_ALIGN, 0, 1, 0, 0 },
    { DENSE_PACK, "size=63", TN_E_MEMORY, 0, 1, 0, 0 },
    { DENSE_PACK, "w:packed", TN_E_WEIGHTS, 0, 3, 0, 0 },
    { DENSE_PACK, "x_shape=2,5", TN_E_FEATURES, 0, 4, A1, 0 },
    { GEMM, "a=2,3,1", TN_E_RANK, TN_CAUSE_EXTRA_AXIS, 1, 0, 0 },
    { GEMM, "b=5,4", TN_E_FEATURES, 0, 2, A0, 0 },
    { GEMM, "y=3,4", TN_E_BATCH, 0, 0, A0, 0 },
    { GEMM, "c=3", TN_E_MERGE, 0, 3, 0, 0 },
    { GEMM, "c=2,3", TN_E_MERGE, TN_CAUSE_OFF_BY_ONE_FEATURE, 3, A1, 0 },
    { GEMM, "y@a", TN_E_ALIAS, 0, 0, 0, 0 },
#include "test_bad_spatial.h"
#include "test_bad_rest.h"
};
