/* api/model.h - Sequential: the caller owns the list of layers and one block of memory; every shape is inferred and
 * checked before a number is computed.
 *
 *     tn_layer net[] = { TN_INPUT_HWC(32, 32, 3), TN_CONV2D(32, 3, 3, TN_RELU), TN_MAX_POOL2D(2, 2), TN_FLATTEN(),
 *                        TN_DENSE(10, TN_SOFTMAX) };
 *     net[1].window.padding = TN_SAME;
 *
 * init, [compile], [build], memory, then fit or predict. Not built: fit infers the shape from x (note TN_W_INFERRED;
 * the steps of an LSTM stay free) and returns TN_E_MEMORY with need when the memory is too small, nothing changed. An
 * axis declared TN_ANY is free: each call takes its own H, W or T, and says with TN_E_MEMORY and need when they are
 * more than the memory was made for.
 *
 * fit, evaluate and predict look at some of the values and tell ctx->note what seems wrong: TN_W_RANGE,
 * TN_W_SCALE_SHIFT (against the x of the last fit; a saved model does not know it), TN_W_LAYOUT_SUSPECT; fit also where
 * a loss that is not finite comes from. These are guesses: nothing else changes.
 *
 * x: f32, its axes the declared ones behind N; where the first layer is a rescaling, u8 or i8 too. A query of a call on
 * a model checks the same and sets need to the bytes of memory that it wants. */

enum {
    TN_LAYER_INPUT = 1, TN_LAYER_CONV2D, TN_LAYER_DEPTHWISE, TN_LAYER_MAX_POOL2D, TN_LAYER_AVG_POOL2D,
    TN_LAYER_GLOBAL_MAX_POOL2D, TN_LAYER_GLOBAL_AVG_POOL2D, TN_LAYER_FLATTEN, TN_LAYER_RESHAPE, TN_LAYER_DENSE,
    TN_LAYER_LSTM, TN_LAYER_BATCH_NORM, TN_LAYER_LAYER_NORM, TN_LAYER_ACTIVATION, TN_LAYER_DROPOUT, TN_LAYER_RESCALING,
    TN_LAYER_GAUSSIAN_NOISE
};

/* One entry of the list; 0 = Keras' default. A tensor whose data is non-NULL at build is the caller's and used where
 * it lies (flash, a mapped file); compiled for training, a READONLY one that is not frozen is TN_E_ARG, a writable one
 * is updated in place. */
typedef struct tn_layer {
    int32_t kind, line;
    const char *file, *name; /* file:line of the list entry, for messages; name NULL: kind_index */
    int32_t units, groups, multiplier, activation, recurrent_activation, return_sequences, reverse, stateful;
    int32_t no_bias, per_position, frozen, initializer;
    float alpha, rate, momentum, epsilon, scale, offset, lr_scale;
    tn_window window;
    tn_tensor input;  /* declared, without N; TN_LAYER_RESHAPE: the target shape without N */
    tn_tensor kernel, recurrent, bias, gamma, beta, mean, variance;
    tn_tensor output; /* set by build, N = TN_ANY */
} tn_layer;

TENON_API tn_layer tn_layer_at(const char *file, int32_t line, int32_t kind, int32_t units, int32_t activation);
TENON_API tn_layer tn_layer_input(const char *file, int32_t line, int32_t axes, int32_t rank, int32_t a, int32_t b,
                                  int32_t c);
TENON_API tn_layer tn_layer_window(const char *file, int32_t line, int32_t kind, int32_t units, int32_t h, int32_t w,
                                   int32_t activation);
/* rate, or scale and offset */
TENON_API tn_layer tn_layer_number(const char *file, int32_t line, int32_t kind, float a, float b);

#define TN_INPUT_HWC(h, w, c) \
    tn_layer_input(__FILE__, __LINE__, TNI_AX('H', 0) | TNI_AX('W', 1) | TNI_AX('C', 2), 3, h, w, c)
#define TN_INPUT_CHW(c, h, w) \
    tn_layer_input(__FILE__, __LINE__, TNI_AX('C', 0) | TNI_AX('H', 1) | TNI_AX('W', 2), 3, c, h, w)
#define TN_INPUT_TF(t, f) tn_layer_input(__FILE__, __LINE__, TNI_AX('T', 0) | TNI_AX('F', 1), 2, t, f, 0)
#define TN_INPUT_F(f) tn_layer_input(__FILE__, __LINE__, TNI_AX('F', 0), 1, f, 0, 0)
#define TN_CONV2D(filters, kh, kw, activation) \
    tn_layer_window(__FILE__, __LINE__, TN_LAYER_CONV2D, filters, kh, kw, activation)
#define TN_DEPTHWISE_CONV2D(kh, kw, activation) \
    tn_layer_window(__FILE__, __LINE__, TN_LAYER_DEPTHWISE, 0, kh, kw, activation)
#define TN_MAX_POOL2D(h, w) tn_layer_window(__FILE__, __LINE__, TN_LAYER_MAX_POOL2D, 0, h, w, TN_LINEAR)
#define TN_AVG_POOL2D(h, w) tn_layer_window(__FILE__, __LINE__, TN_LAYER_AVG_POOL2D, 0, h, w, TN_LINEAR)
#define TN_GLOBAL_MAX_POOL2D() tn_layer_at(__FILE__, __LINE__, TN_LAYER_GLOBAL_MAX_POOL2D, 0, TN_LINEAR)
#define TN_GLOBAL_AVG_POOL2D() tn_layer_at(__FILE__, __LINE__, TN_LAYER_GLOBAL_AVG_POOL2D, 0, TN_LINEAR)
#define TN_FLATTEN() tn_layer_at(__FILE__, __LINE__, TN_LAYER_FLATTEN, 0, TN_LINEAR)
#define TN_RESHAPE_HWC(h, w, c) \
    tn_layer_input(__FILE__, -(__LINE__), TNI_AX('H', 0) | TNI_AX('W', 1) | TNI_AX('C', 2), 3, h, w, c)
#define TN_DENSE(units, activation) tn_layer_at(__FILE__, __LINE__, TN_LAYER_DENSE, units, activation)
#define TN_LSTM(units) tn_layer_at(__FILE__, __LINE__, TN_LAYER_LSTM, units, TN_TANH)
#define TN_BATCH_NORM() tn_layer_at(__FILE__, __LINE__, TN_LAYER_BATCH_NORM, 0, TN_LINEAR)
#define TN_LAYER_NORM() tn_layer_at(__FILE__, __LINE__, TN_LAYER_LAYER_NORM, 0, TN_LINEAR)
#define TN_ACTIVATION(kind) tn_layer_at(__FILE__, __LINE__, TN_LAYER_ACTIVATION, 0, kind)
#define TN_DROPOUT(rate) tn_layer_number(__FILE__, __LINE__, TN_LAYER_DROPOUT, rate, 0.0f)
#define TN_RESCALING(scale, offset) tn_layer_number(__FILE__, __LINE__, TN_LAYER_RESCALING, scale, offset)
#define TN_GAUSSIAN_NOISE(deviation) tn_layer_number(__FILE__, __LINE__, TN_LAYER_GAUSSIAN_NOISE, deviation, 0.0f)

/* Copied by tn_model_compile; what it points to outlives the model. from: what the last layer gives; a softmax or
 * sigmoid there is joined with its cross-entropy and trained from logits. Weights of classes and of samples count as in
 * Keras: a mean of weighted losses divides by the number of positions, not by the sum of the weights. Those of classes
 * count in evaluate too. */
typedef struct tn_compile {
    int32_t loss, from;
    float label_smoothing;
    const tn_tensor *class_weight;
    tn_optimizer optimizer;
} tn_compile;

/* epoch, of the model's life, and batch count from 1, up to epochs and batches; samples, loss and accuracy are those of
 * the epoch so far. accuracy is the share of right classes, of a binary loss of right sides of 1/2, else NaN; val_ is
 * NaN where there was no validation. */
typedef struct tn_progress {
    int64_t epoch, epochs, batch, batches, samples;
    double loss, accuracy, val_loss, val_accuracy;
} tn_progress;

/* In place of x, y of fit. x, y: declared shapes, dim[0] = most per batch. next fills both and returns the rows
 * written, 0 at the end of an epoch, negative on an error: TN_E_SOURCE. samples in an epoch; 0: not known. */
typedef struct tn_source {
    tn_tensor x, y;
    int64_t samples;
    int (*next)(void *user, tn_tensor *x, tn_tensor *y);
    void *user;
} tn_source;

typedef struct tn_fit {
    int32_t epochs, batch, no_shuffle, drop_last; /* epochs 0: 1; batch 0: the model's, more than that is TN_E_MEMORY */
    uint64_t seed;                                /* orders the samples; 0: the model's */
    const tn_tensor *val_x, *val_y, *sample_weight;
    const tn_source *source;
    int (*on_batch)(void *user, const tn_progress *p); /* nonzero: TN_E_STOPPED */
    int (*on_epoch)(void *user, const tn_progress *p);
    void *user;
} tn_fit;

/* Read, do not write. weights holds what the model made; gradients and optimiser state cover every trainable
 * tensor, in layer order. compile.optimizer.lr alone may be written, between any two steps. */
typedef struct tn_model {
    const char *name;
    tn_layer *layers;
    int32_t count, built, compiled, training;
    size_t need; /* bytes of memory, set by build; the workspace is part of it, for ctx->workers at build */
    int64_t parameters, step, epoch;
    tn_compile compile;
    float *weights, *gradients;
    void *memory;
    size_t memory_size;
    int32_t batch;
    uint64_t seed; /* dropout: stream (purpose, layer, step), counter row * F + f */
} tn_model;

/* no memory yet */
TENON_API tn_status tn_model_init(tn_context *ctx, tn_model *m, const char *name, tn_layer *layers, int32_t count);
/* makes it a training model; weights stay, the optimiser starts anew */
TENON_API tn_status tn_model_compile(tn_context *ctx, tn_model *m, const tn_compile *c);

/* Shapes only; sets need. input, without N: NULL: as declared by the first entry; beside a declared one the lengths of
 * its free axes that need is for. batch 0: 32. */
TENON_API tn_status tn_model_build(tn_context *ctx, tn_model *m, const tn_tensor *input, int32_t batch);

/* Weights are made here from seed, or at the first batch if not built. */
TENON_API tn_status tn_model_memory(tn_context *ctx, tn_model *m, void *memory, size_t size, uint64_t seed);

/* Trains from m->epoch on, f->epochs more; last: the final figures, or NULL. */
TENON_API tn_status tn_model_fit(tn_context *ctx, tn_model *m, const tn_tensor *x, const tn_tensor *y, const tn_fit *f,
                                 tn_progress *last);

/* Any N, in chunks of the model's batch. */
TENON_API tn_status tn_model_evaluate(tn_context *ctx, tn_model *m, const tn_tensor *x, const tn_tensor *y,
                                      tn_progress *result);
TENON_API tn_status tn_model_predict(tn_context *ctx, tn_model *m, const tn_tensor *y, const tn_tensor *x);

/* h and c of the stateful LSTMs = 0, as fit does before each epoch and evaluate first. All their batches have the
 * model's number of rows: row i goes on where row i of the batch before ended. */
TENON_API tn_status tn_model_reset(tn_context *ctx, tn_model *m);

/* The hand-written step. y NULL: not wanted, in training. x of a training forward must stay valid until backward.
 * Gradients are added to m->gradients, one flat buffer, which tn_model_memory and tn_model_update zero and nobody else
 * (fit: at its start). */
TENON_API tn_status tn_model_forward(tn_context *ctx, tn_model *m, const tn_tensor *y, const tn_tensor *x,
                                     int32_t training);
TENON_API tn_status tn_model_backward(tn_context *ctx, tn_model *m, const tn_tensor *y_true, double *loss);
TENON_API tn_status tn_model_update(tn_context *ctx, tn_model *m); /* the optimiser, then gradients = 0 */

/* Little-endian, no time, no pointers, nothing of the instruction set, with checksum. A query tells need. Load compares
 * checksum and every shape before the first write (all shapes that differ but the first go to ctx->note); into READONLY
 * weights it is TN_E_WEIGHTS. step, epoch and optimiser
 * state are stored too. */
TENON_API tn_status tn_model_save(tn_context *ctx, const tn_model *m, void *out, size_t size, size_t *written);
TENON_API tn_status tn_model_load(tn_context *ctx, tn_model *m, const void *in, size_t size);

/* The table of layers: type and parameters, output shape and weights (not built: ?), memory. Returns as
 * tn_diag_format. */
TENON_API size_t tn_model_summary(const tn_model *m, char *out, size_t size);
