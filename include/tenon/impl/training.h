/* impl/training.h - what the kernels of losses and optimisers are told. */

#define TNI_LOSS_BLOCKS 64 /* partial sums of a call, on the stack */
#define TNI_LOSS_RUN 256   /* elements summed in the 16 lanes before they join a double: 16 roundings at any length */

/* Position i of a loss over classes is row i of x[.,K]; of an element-by-element loss it is element i. */
typedef struct tni_loss {
    int32_t kind, from, dtype; /* dtype: the target's */
    int32_t soft, spread;      /* target of rows; each class has a share of the target, not the labelled one alone */
    int32_t ignores;
    int64_t ignore;
    size_t K, per_weight; /* per_weight: positions in a row that share one sample weight */
    const float *x;
    const void *target;
    const float *class_weight, *sample_weight; /* NULL: 1 */
    float *loss, *dx;                          /* loss: of every position; NULL: not wanted */
    float keep, even;                          /* the target as trained on: keep t + even */
    float delta, clip;
    float scale; /* of the gradient: 1 over what the mean divides by */
} tni_loss;

/* Elements that are taken together: what of them is read and, where not NULL, written. */
typedef struct tni_loss_part {
    const float *x, *t, *w;
    float *dx, *loss;
} tni_loss_part;

/* Label i as an integer; of f32 ones that the checks let through. */
static TNI_UNUSED int64_t tni_label(const void *labels, int32_t dtype, size_t i)
{
    switch (dtype) {
    case TN_U8: return ((const uint8_t *)labels)[i];
    case TN_I32: return ((const int32_t *)labels)[i];
    case TN_I64: return ((const int64_t *)labels)[i];
    default: return (int64_t)((const float *)labels)[i];
    }
}

/* One step of an optimiser as its kernel sees it; api/loss.h has the formulas. */
typedef struct tni_update {
    tn_optimizer o;
    float *w, *slot[3];
    const float *g;
    float rate;    /* SGD, RMSprop: lr; Adam: lr with the bias corrections that its form puts there */
    float inverse; /* Adam: what sqrt v is multiplied by: 1, or PyTorch's 1 / sqrt(1 - beta2^t) */
    float shrink;  /* AdamW: 1 - lr decay; 1 elsewhere */
    float added;   /* the share of w added to g: decay, but 0 in AdamW */
    float fresh;   /* PyTorch's SGD: the share of g in the velocity, 1 at the first step, then 1 - dampening */
} tni_update;
