/* tests/conformance_basic.h - mappings of dense layers, products, activations, softmax, moves and sums. */

/* linear (weights O,I) and dense (weights I,O) */
static void run_dense(run *r)
{
    const int32_t order = is(r, "layout", "NI OI") ? TN_OI : TN_IO;
    tn_tensor *x = in(r, "x", TN_NF), *w = in(r, "w", order), *b = in(r, "b", TN_O), *gy = in(r, "gy", TN_NF);
    tn_tensor *y = out(r, "y", TN_NF), *gx = out(r, "gx", TN_NF), *gw = out(r, "gw", order), *gb = out(r, "gb", TN_O);
    tn_tensor shape = TN_ZERO;
    CALL(r, tn_dense_shape, &shape, x, w, NULL);
    check_shape(r, "y", &shape);
    CALL(r, tn_dense, y, x, w, b, NULL);
    check(r, "y", y);
    if (!gy) return;
    CALL(r, tn_dense_backward, gx, gw, gb, gy, x, w, NULL);
    check(r, "gx", gx);
    check(r, "gw", gw);
    check(r, "gb", gb);
}

static void run_gemm(run *r)
{
    tn_tensor *a = in(r, "A", 0), *b = in(r, "B", 0), *c = in(r, "C", 0), *y = out(r, "Y", 0);
    tn_gemm_params p = TN_ZERO;
    p.set = 1;
    p.alpha = number(r, "attr.alpha", 1);
    p.beta = number(r, "attr.beta", 1);
    p.trans_a = integer(r, "attr.transA", 0, 0);
    p.trans_b = integer(r, "attr.transB", 0, 0);
    CALL(r, tn_gemm, y, a, b, c, &p);
    check(r, "Y", y);
}

/* numpy's matmul: a vector is a row on the left, a column on the right; leading axes are batches, one serves all. */
static void run_matmul(run *r)
{
    const int32_t ra = rank_of(r, "in", "A"), rb = rank_of(r, "in", "B"), k = span_of(r, "in", "A", ra - 1, ra);
    const int32_t n = ra > 1 ? span_of(r, "in", "A", ra - 2, ra - 1) : 1,
                  o = rb > 1 ? span_of(r, "in", "B", rb - 1, rb) : 1;
    const int32_t a_count = span_of(r, "in", "A", 0, ra - 2), b_count = span_of(r, "in", "B", 0, rb - 2);
    const int32_t count = a_count > b_count ? a_count : b_count;
    const tn_tensor *a = needed(r, "A"), *b = needed(r, "B"), *y = out(r, "Y", 0);
    int32_t i;
    if ((a_count != 1 && a_count != count) || (b_count != 1 && b_count != count)) run_skip(r, "no such call");
    if (y && tn_bytes(y) != (size_t)count * (size_t)n * (size_t)o * sizeof(float))
        run_fail(r, "Y is not the product's size");
    for (i = 0; i < count && !r->over; i++) {
        const size_t at = (size_t)i, kk = (size_t)k, nn = (size_t)n, oo = (size_t)o;
        const tn_tensor ai = tn_cview((const float *)a->data + (a_count == 1 ? 0 : at * nn * kk), 0, 2, n, k, 0, 0);
        const tn_tensor bi = tn_cview((const float *)b->data + (b_count == 1 ? 0 : at * kk * oo), 0, 2, k, o, 0, 0);
        const tn_tensor yi = tn_view((float *)y->data + at * nn * oo, 0, 2, n, o, 0, 0);
        CALL(r, tn_gemm, &yi, &ai, &bi, NULL, NULL);
    }
    check(r, "Y", y);
}

/* ---- activations: X and Y in onnx/, forward alone ---- */
enum { NEEDS_NOTHING, NEEDS_X, NEEDS_Y, NEEDS_EITHER };
typedef struct activation_name {
    const char *op;
    int32_t kind, needs; /* needs: what the gradient is worked out from */
} activation_name;
/* clang-format off */
static const activation_name activation_names[] = {
    { "linear_activation", TN_LINEAR, NEEDS_NOTHING }, { "relu", TN_RELU, NEEDS_EITHER },
    { "relu6", TN_RELU6, NEEDS_EITHER }, { "leaky_relu", TN_LEAKY_RELU, NEEDS_X }, { "elu", TN_ELU, NEEDS_X },
    { "selu", TN_SELU, NEEDS_X }, { "celu", TN_CELU, NEEDS_X }, { "sigmoid", TN_SIGMOID, NEEDS_Y },
    { "hard_sigmoid", TN_HARD_SIGMOID, NEEDS_X }, { "hard_sigmoid_onnx", TN_HARD_SIGMOID_ONNX, NEEDS_X },
    { "tanh", TN_TANH, NEEDS_Y }, { "softplus", TN_SOFTPLUS, NEEDS_X }, { "softsign", TN_SOFTSIGN, NEEDS_X },
    { "silu", TN_SILU, NEEDS_X }, { "hard_swish", TN_HARD_SWISH, NEEDS_X }, { "gelu_erf", TN_GELU, NEEDS_X },
    { "gelu_tanh", TN_GELU_TANH, NEEDS_X }, { "mish", TN_MISH, NEEDS_X }, { "exp", TN_EXP, NEEDS_Y },
    { "Celu", TN_CELU, NEEDS_NOTHING }, { "Elu", TN_ELU, NEEDS_NOTHING }, { "Gelu", TN_GELU, NEEDS_NOTHING },
    { "HardSigmoid", TN_HARD_SIGMOID_ONNX, NEEDS_NOTHING }, { "HardSwish", TN_HARD_SWISH, NEEDS_NOTHING },
    { "LeakyRelu", TN_LEAKY_RELU, NEEDS_NOTHING }, { "Mish", TN_MISH, NEEDS_NOTHING },
    { "Relu", TN_RELU, NEEDS_NOTHING }, { "Selu", TN_SELU, NEEDS_NOTHING }, { "Sigmoid", TN_SIGMOID, NEEDS_NOTHING },
    { "Softplus", TN_SOFTPLUS, NEEDS_NOTHING }, { "Softsign", TN_SOFTSIGN, NEEDS_NOTHING },
    { "Swish", TN_SILU, NEEDS_NOTHING }, { "Tanh", TN_TANH, NEEDS_NOTHING },
};
/* clang-format on */

static void run_activation(run *r)
{
    const int onnx = has(r, "in", "X");
    tn_tensor *x = in(r, onnx ? "X" : "x", 0), *gy = in(r, "gy", 0), *y = out(r, onnx ? "Y" : "y", 0);
    const activation_name *a = activation_names;
    tn_activation_params p = TN_ZERO;
    int with;
    while (strcmp(a->op, r->file.op)) a++;
    p.kind = is(r, "attr.approximate", "tanh") ? TN_GELU_TANH : a->kind;
    p.alpha = number(r, onnx ? "attr.alpha" : "alpha", 0);
    p.beta = number(r, p.kind == TN_SELU ? "attr.gamma" : "attr.beta", (double)number(r, "beta", 0));
    if (p.kind == TN_SILU && onnx && p.alpha != 1) run_skip(r, "no such call");
    CALL(r, tn_activation, y, x, &p);
    check(r, onnx ? "Y" : "y", y);
    if (!gy) return;
    for (with = NEEDS_NOTHING; with <= NEEDS_Y; with++) { /* relu from x alone, then from y alone */
        tn_tensor *gx = out(r, "gx", 0);
        if (a->needs ? !(with & a->needs) : with) continue;
        CALL(r, tn_activation_backward, gx, gy, with & NEEDS_X ? x : NULL, with & NEEDS_Y ? y : NULL, &p);
        check(r, "gx", gx);
    }
}

static void run_softmax(run *r)
{
    const int log = strstr(r->file.op, "og") != NULL, onnx = has(r, "in", "X");
    tn_tensor *x = in(r, onnx ? "X" : "x", 0), *y = out(r, onnx ? "Y" : "y", 0), *gy = in(r, "gy", 0),
              *gx = out(r, "gx", 0);
    int32_t axis = integer(r, onnx ? "attr.axis" : "axis", 0, -1);
    if (onnx && integer(r, "opset", 0, 0) < 13) { /* then the axes from `axis` on counted as one */
        const int32_t rank = rank_of(r, "in", "X"), at = axis < 0 ? axis + rank : axis;
        const int32_t rows = span_of(r, "in", "X", 0, at), length = span_of(r, "in", "X", at, rank);
        x = shaped(r, x, 0, 2, rows, length, 0, 0);
        y = shaped(r, y, 0, 2, rows, length, 0, 0);
        axis = 1;
    }
    if (log) CALL(r, tn_log_softmax, y, x, axis);
    else CALL(r, tn_softmax, y, x, axis);
    check(r, onnx ? "Y" : "y", y);
    if (!gy) return;
    if (log) CALL(r, tn_log_softmax_backward, gx, gy, y, axis);
    else CALL(r, tn_softmax_backward, gx, gy, y, axis);
    check(r, "gx", gx);
}

/* ---- moving and combining ---- */
static void run_transpose(run *r)
{
    tn_tensor *x = needed(r, "X"), *y = out(r, "Y", 0);
    int32_t perm[TN_MAX_RANK] = { 0 }, i;
    for (i = 0; i < x->rank; i++) perm[i] = integer(r, "attr.perm", i, -1);
    CALL(r, tn_transpose, y, x, perm);
    check(r, "Y", y);
}

static void run_reshape(run *r)
{
    tn_tensor *x = needed(r, "X"), *shape = needed(r, "shape"), y = TN_ZERO;
    int32_t dim[TN_MAX_RANK] = { 0 }, rank = shape->dim[0], i;
    for (i = 0; i < rank && i < TN_MAX_RANK; i++) {
        const int64_t length = ((const int64_t *)shape->data)[i];
        dim[i] = length == 0 && !integer(r, "attr.allowzero", 0, 0) ? x->dim[i]
                                                                    : (int32_t)length; /* ONNX: 0 is x's length */
    }
    CALL(r, tn_reshape, &y, x, rank, dim);
    check_shape(r, "Y", &y);
    check(r, "Y", &y);
}

static void run_flatten(run *r)
{
    tn_tensor *x = needed(r, "X"), y = TN_ZERO;
    const int32_t rank = x->rank, axis = integer(r, "attr.axis", 0, 1), at = axis < 0 ? axis + rank : axis;
    int32_t dim[2];
    dim[0] = span_of(r, "in", "X", 0, at), dim[1] = -1;
    if (at == 1) CALL(r, tn_flatten, &y, x);
    else CALL(r, tn_reshape, &y, x, 2, dim);
    check_shape(r, "Y", &y);
    check(r, "Y", &y);
}

static void run_arithmetic(run *r)
{
    tn_tensor *a = in(r, "A", 0), *b = in(r, "B", 0), *c = out(r, "C", 0);
    if (!strcmp(r->file.op, "Add")) CALL(r, tn_add, c, a, b);
    else if (!strcmp(r->file.op, "Sub")) CALL(r, tn_subtract, c, a, b);
    else CALL(r, tn_multiply, c, a, b);
    check(r, "C", c);
}

static void run_pad(run *r)
{
    tn_tensor *x = needed(r, "X"), *y = out(r, "Y", 0);
    tn_pad_params p = TN_ZERO;
    int32_t i;
    p.mode = is(r, "attr.mode", "reflect") ? TN_PAD_REFLECT
             : is(r, "attr.mode", "edge")  ? TN_PAD_EDGE
                                           : TN_PAD_CONSTANT;
    p.value = number(r, "attr.value", 0);
    for (i = 0; i < x->rank; i++) {
        p.before[i] = integer(r, "attr.pads", i, 0);
        p.after[i] = integer(r, "attr.pads", x->rank + i, 0);
    }
    CALL(r, tn_pad, y, x, &p);
    check(r, "Y", y);
}
