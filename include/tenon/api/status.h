/* api/status.h - how a call says what went wrong: a code for the rule that was broken, a cause as far as the numbers
 * prove one, a record. */

/* Numbers are stable and never reused. TN_W_ codes go to ctx->note and are never returned. */
#define TNI_STATUSES(X)                                                                       \
    X(TN_E_RANK, 1, "number of axes")                                                         \
    X(TN_E_SPATIAL, 2, "height or width")                                                     \
    X(TN_E_CHANNELS, 3, "number of channels")                                                 \
    X(TN_E_FEATURES, 4, "last axis of a dense or LSTM operand")                               \
    X(TN_E_TIMESTEPS, 5, "number of steps")                                                   \
    X(TN_E_LAYOUT, 6, "order of axes")                                                        \
    X(TN_E_BATCH, 7, "batch size")                                                            \
    X(TN_E_SAMPLES, 8, "counts of samples, labels and weights")                               \
    X(TN_E_EMPTY, 9, "an axis of length 0")                                                   \
    X(TN_E_WINDOW, 10, "window larger than its padded input")                                 \
    X(TN_E_RESHAPE, 11, "element counts")                                                     \
    X(TN_E_MERGE, 12, "operands of an element by element operation or of a concatenation")    \
    X(TN_E_DTYPE, 13, "element type")                                                         \
    X(TN_E_DENSE_SPATIAL, 14, "dense on feature maps without flatten")                        \
    X(TN_E_LABEL_RANK, 15, "rank of the labels against the output")                           \
    X(TN_E_LABEL_FORM, 16, "class indices where one row per class is needed, or the reverse") \
    X(TN_E_LABEL_CLASSES, 17, "number of classes of the labels against the output")           \
    X(TN_E_LABEL_RANGE, 18, "a class index outside 0 to K-1")                                 \
    X(TN_E_RAGGED, 19, "samples of different shapes")                                         \
    X(TN_E_WEIGHTS, 20, "saved, given or packed weights against their use")                   \
    X(TN_E_SOURCE, 21, "contract of a data source")                                           \
    X(TN_E_FILE, 22, "file format")                                                           \
    X(TN_E_NOT_BUILT, 23, "the model is not built yet")                                       \
    X(TN_E_NOT_COMPILED, 24, "the model is not compiled for training")                        \
    X(TN_E_NULL, 25, "a required pointer is NULL")                                            \
    X(TN_E_ALIAS, 26, "an output overlaps another operand where that is not allowed")         \
    X(TN_E_ALIGN, 27, "data not aligned to its element")                                      \
    X(TN_E_OVERFLOW, 28, "a product or sum of sizes does not fit")                            \
    X(TN_E_WORKSPACE, 29, "workspace too small")                                              \
    X(TN_E_MEMORY, 30, "memory too small")                                                    \
    X(TN_E_ISA, 31, "an instruction set that this machine or build lacks")                    \
    X(TN_E_STOPPED, 32, "a callback asked to stop")                                           \
    X(TN_E_UNSUPPORTED, 33, "a valid request that this build does not do")                    \
    X(TN_E_ARG, 34, "a bad argument")                                                         \
    X(TN_W_INFERRED, 101, "input shape taken from the first batch")                           \
    X(TN_W_RANGE, 102, "values not scaled, or not finite")                                    \
    X(TN_W_SCALE_SHIFT, 103, "training and test data scaled differently")                     \
    X(TN_W_SINGLE_STEP, 104, "LSTM over one step")                                            \
    X(TN_W_LAYOUT_SUSPECT, 105, "the shape fits, the values suggest another order of axes")   \
    X(TN_W_TRUNCATED, 106, "sequences cut")                                                   \
    X(TN_W_SOFTMAX_ONE, 107, "softmax over one class, or twice, or wanted and missing")

typedef enum tn_status {
    TN_OK = 0,
#define TNI_STATUS(name, number, words) name = number,
    TNI_STATUSES(TNI_STATUS)
#undef TNI_STATUS
    TNI_STATUS_SIGNED = -1 /* so that a status converts to int32_t without clang's -Wsign-conversion */
} tn_status;

/* TN_CAUSE_FLATTENED_IMAGE and so on: constant, number, kebab name and sentence stand in the list. */
enum {
    TN_CAUSE_NONE = 0,
#define TNI_CAUSE(name, number, kebab, sentence) name = number,
    TNI_CAUSES(TNI_CAUSE)
#undef TNI_CAUSE
    TNI_CAUSE_LAST = 999
};

enum { TN_AT_CALL, TN_AT_COMPILE_TIME, TN_AT_BUILD, TN_AT_LOAD, TN_AT_BIND, TN_AT_BATCH, TN_AT_RUN }; /* stages */
enum { TN_ERROR, TN_WARNING, TN_NOTE };                                                               /* severities */

struct tn_model;

/* The record of one finding. Strings are literals or the caller's: valid as long as the model and the call site. */
typedef struct tn_diag {
    int32_t status, cause, stage, severity;
    int32_t line;                        /* of the call, 0 without TN_CALL; in models of the layer's list entry */
    int32_t arg;                         /* which argument after the context, from 0; -1: none in particular */
    int32_t layer;                       /* -1: none; input entries are not counted */
    uint32_t axes_differ;                /* bit i: axis i of received */
    int32_t also_status, also_cause;     /* a second finding, TN_E_CHANNELS and TN_E_SPATIAL at once for instance */
    const char *call;                    /* "tn_dense" */
    const char *role;                    /* "w[I,O]": the argument's name and axes in the documentation */
    const char *file, *args;             /* where the call stands and its arguments as spelled, NULL without TN_CALL */
    const char *rule;                    /* "I of w must equal I of x" */
    const char *model_name, *layer_name;
    tn_tensor expected, received;        /* data NULL, TN_ANY where free, rank -1 where there is nothing to say */
    int64_t number[4];                   /* the figures of the cause's sentence */
    const struct tn_model *model;        /* for the shape trace; NULL outside models */
} tn_diag;

enum { TN_FULL, TN_LINE, TN_JSON };

/* Writes the record as text into out[size], always terminated when size > 0; returns the length it wanted, as snprintf
 * does. TN_FULL: a paragraph (where, expected, received, differs, cause, fix); TN_LINE: one line file:line: first;
 * TN_JSON: one object. What has no room is left out by whole lines, in one line by words; JSON is cut anywhere. */
TENON_API size_t tn_diag_format(const tn_diag *d, int32_t form, char *out, size_t size);

/* A code and a cause explained, without a record: how the mistake happens, how to mend it, an example. Either may be 0.
 * Returns as tn_diag_format; 4096 bytes hold any. In the examples pictures, digits, table and series are models for
 * (N, H=32, W=32, C=3), (N, H=28, W=28, C=1), (N, F=5) and (N, T=10, F=3), y and out are scores (N, 10). */
TENON_API size_t tn_explain(int32_t code, int32_t cause, char *out, size_t size);

TENON_API const char *tn_status_name(int32_t code);  /* "TN_E_RANK"; "?" for numbers that are none */
TENON_API const char *tn_cause_name(int32_t cause);  /* "flattened-image"; "" for none */
