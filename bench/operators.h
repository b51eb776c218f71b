/* bench/operators.h - the operators that bench/shapes.txt may name: their keys, and what one call of each does. */
#pragma once
#include <cmath>
#include <cstring>
#include "work.h"

struct Operator {
    Keys keys; /* and what they are when a row does not say */
    std::function<Work(const Keys &)> make;
};

inline const std::map<std::string, int32_t> &activations()
{
    static const std::map<std::string, int32_t> kinds = {
        { "linear", TN_LINEAR },
        { "relu", TN_RELU },
        { "relu6", TN_RELU6 },
        { "leaky_relu", TN_LEAKY_RELU },
        { "elu", TN_ELU },
        { "selu", TN_SELU },
        { "celu", TN_CELU },
        { "sigmoid", TN_SIGMOID },
        { "hard_sigmoid", TN_HARD_SIGMOID },
        { "hard_sigmoid_onnx", TN_HARD_SIGMOID_ONNX },
        { "tanh", TN_TANH },
        { "softplus", TN_SOFTPLUS },
        { "softsign", TN_SOFTSIGN },
        { "silu", TN_SILU },
        { "hard_swish", TN_HARD_SWISH },
        { "gelu", TN_GELU },
        { "gelu_tanh", TN_GELU_TANH },
        { "mish", TN_MISH },
        { "exp", TN_EXP },
    };
    return kinds;
}

inline Work make_dense(const Keys &k, bool packed)
{
    const int64_t n = k.at("n"), i = k.at("i"), o = k.at("o");
    const bool bias = k.at("bias") != 0;
    Work work;
    const tn_tensor x = work.tensor(2, n, i), y = work.tensor(2, n, o), b = work.tensor(1, o);
    const tn_tensor plain = work.tensor(2, i, o);
    tn_tensor w = plain;
    tn_dense_params p = {};
    p.activation = static_cast<int32_t>(k.at("act"));
    if (packed) {
        tn_context ctx = {};
        ctx.query = 1;
        must(tn_dense_pack(&ctx, &w, nullptr, 0, &plain, &x, &p));
        const size_t size = ctx.need;
        must(tn_dense_pack(nullptr, &w, work.block(size), size, &plain, &x, &p));
    }
    work.reads({ x, plain, b }, y);
    work.terms = static_cast<double>(i);
    work.flops = 2.0 * static_cast<double>(n) * static_cast<double>(i) * static_cast<double>(o);
    work.call = [=](tn_context *ctx) { return tn_dense(ctx, &y, &x, &w, bias ? &b : nullptr, &p); };
    return work;
}

inline Work make_dense_backward(const Keys &k)
{
    const int64_t n = k.at("n"), i = k.at("i"), o = k.at("o");
    Work work;
    const tn_tensor x = work.tensor(2, n, i), dx = work.tensor(2, n, i), dy = work.tensor(2, n, o),
                    w = work.tensor(2, i, o);
    const tn_tensor dw = work.tensor(2, i, o), db = work.tensor(1, o);
    work.reads({ x, dy, w }, dw);
    work.bytes += static_cast<double>(tn_bytes(&dx) + tn_bytes(&db));
    work.flops = 4.0 * static_cast<double>(n) * static_cast<double>(i) * static_cast<double>(o);
    work.call = [=](tn_context *ctx) { return tn_dense_backward(ctx, &dx, &dw, &db, &dy, &x, &w, nullptr); };
    return work;
}

/* What the rows of windows share. */
inline tn_window window_of(const Keys &k)
{
    tn_window v = {};
    const auto number = [&](const char *key) { return k.count(key) ? static_cast<int32_t>(k.at(key)) : 0; };
    v.size_h = v.size_w = number("size");
    v.stride_h = v.stride_w = number("stride");
    v.dilation_h = v.dilation_w = number("dilation");
    v.padding = k.at("pad") == SAME ? TN_SAME : TN_EXPLICIT;
    if (v.padding == TN_EXPLICIT) v.top = v.bottom = v.left = v.right = number("pad");
    return v;
}

inline tn_tensor image_of(Work &work, const Keys &k)
{
    return work.filled(tn_view(nullptr, TN_NHWC, 4, k.at("n"), k.at("h"), k.at("w"), k.at("c")));
}

enum Pass { FORWARD, UNPACKED, DATA_GRADIENT, WEIGHT_GRADIENT };

/* depthwise: groups = c, k = c */
inline Work make_conv2d(const Keys &k, Pass pass, bool depthwise)
{
    const int64_t c = k.at("c"), o = depthwise ? c : k.at("k"), groups = depthwise ? c : k.at("groups");
    Work work;
    const double taps = static_cast<double>(k.at("kh") * k.at("kw"));
    const tn_tensor x = image_of(work, k), b = work.tensor(1, o);
    const tn_tensor plain = work.filled(tn_view(nullptr, TN_HWIO, 4, k.at("kh"), k.at("kw"), c / groups, o));
    tn_tensor w = plain, y = {};
    tn_conv2d_params p = {};
    tn_context ctx = {};
    p.window = window_of(k);
    p.groups = static_cast<int32_t>(groups);
    p.flags = !depthwise && k.at("exact") ? TN_CONV_EXACT : 0;
    must(tn_conv2d_shape(nullptr, &y, &x, &w, &p));
    y = work.filled(y);
    work.flops = 2.0 * static_cast<double>(tn_bytes(&y)) / 4.0 * taps * static_cast<double>(c / groups);
    if (pass == FORWARD || pass == UNPACKED) {
        work.reads({ x, plain, b }, y);
        work.terms = taps * static_cast<double>(c / groups);
        if (pass == FORWARD) {
            ctx.query = 1;
            must(tn_conv2d_pack(&ctx, &w, nullptr, 0, &plain, &x, &p));
            const size_t size = ctx.need;
            must(tn_conv2d_pack(nullptr, &w, work.block(size), size, &plain, &x, &p));
        }
        work.call = [=](tn_context *at) { return tn_conv2d(at, &y, &x, &w, &b, &p); };
    } else {
        const tn_tensor d = work.filled(pass == DATA_GRADIENT ? x : plain);
        work.reads({ y, pass == DATA_GRADIENT ? plain : x }, d);
        work.terms = pass == DATA_GRADIENT ? taps * static_cast<double>(o / groups)
                                           : static_cast<double>(y.dim[0] * y.dim[1] * y.dim[2]);
        work.call = [=](tn_context *at) {
            return pass == DATA_GRADIENT ? tn_conv2d_backward(at, &d, nullptr, nullptr, &y, nullptr, &w, &p)
                                         : tn_conv2d_backward(at, nullptr, &d, nullptr, &y, &x, nullptr, &p);
        };
    }
    return work;
}

enum Pool2d { MAXIMUM, AVERAGE, GLOBAL_AVERAGE };

inline Work make_pool(const Keys &k, Pool2d kind)
{
    Work work;
    const tn_tensor x = image_of(work, k);
    const tn_window v = kind == GLOBAL_AVERAGE ? tn_window() : window_of(k);
    tn_tensor y = tn_view(nullptr, 0, 2, k.at("n"), k.at("c"), 0, 0);
    if (kind != GLOBAL_AVERAGE)
        must((kind == MAXIMUM ? tn_max_pool2d_shape : tn_avg_pool2d_shape)(nullptr, &y, &x, &v));
    y = work.filled(y);
    work.reads({ x }, y);
    work.elements = static_cast<double>(tn_bytes(&x)) / 4;
    work.call = [=](tn_context *ctx) {
        return kind == MAXIMUM   ? tn_max_pool2d(ctx, &y, nullptr, &x, &v)
               : kind == AVERAGE ? tn_avg_pool2d(ctx, &y, &x, &v)
                                 : tn_global_avg_pool2d(ctx, &y, &x);
    };
    return work;
}

inline Work make_lstm(const Keys &k) /* every step wanted, from a state of zeros, weights packed */
{
    const int64_t n = k.at("n"), t = k.at("t"), f = k.at("f"), units = k.at("u");
    const float range = 1 / std::sqrt(static_cast<float>(units));
    Work work;
    const tn_tensor x = work.filled(tn_view(nullptr, TN_NTF, 3, n, t, f, 0)), w = work.tensor(2, f, 4 * units, range),
                    u = work.tensor(2, units, 4 * units, range), b = work.tensor(1, 4 * units, 0, range),
                    y = work.filled(tn_view(nullptr, TN_NTF, 3, n, t, units, 0));
    tn_tensor packed_w = w, packed_u = u;
    tn_context ctx = {};
    ctx.query = 1;
    must(tn_lstm_pack(&ctx, &packed_w, &packed_u, nullptr, 0, &w, &u, nullptr));
    const size_t size = ctx.need;
    must(tn_lstm_pack(nullptr, &packed_w, &packed_u, work.block(size), size, &w, &u, nullptr));
    work.reads({ x, w, u, b }, y);
    work.terms = static_cast<double>(f + units);
    work.flops = 8.0 * static_cast<double>(n * t) * static_cast<double>(units * (f + units));
    work.call = [=](tn_context *at) {
        return tn_lstm(at, &y, nullptr, nullptr, nullptr, &x, &packed_w, &packed_u, &b, nullptr, nullptr, nullptr);
    };
    return work;
}

inline Work make_gemm(const Keys &k)
{
    const int64_t n = k.at("n"), in = k.at("k"), o = k.at("o");
    tn_gemm_params p = {};
    p.trans_a = k.at("ta") != 0;
    p.trans_b = k.at("tb") != 0;
    Work work;
    const tn_tensor y = work.tensor(2, n, o), a = p.trans_a ? work.tensor(2, in, n) : work.tensor(2, n, in);
    const tn_tensor b = p.trans_b ? work.tensor(2, o, in) : work.tensor(2, in, o);
    work.reads({ a, b }, y);
    work.terms = static_cast<double>(in);
    work.flops = 2.0 * static_cast<double>(n) * static_cast<double>(in) * static_cast<double>(o);
    work.call = [=](tn_context *ctx) { return tn_gemm(ctx, &y, &a, &b, nullptr, &p); };
    return work;
}

/* `passes` operands of a float each for every element. */
inline void streams(Work &work, int64_t elements, double passes)
{
    work.elements = static_cast<double>(elements);
    work.bytes = 4.0 * passes * work.elements;
}

inline Work make_activation(const Keys &k, int32_t kind)
{
    const int64_t n = k.at("n");
    const bool backward = k.at("backward") != 0;
    Work work;
    const tn_tensor x = work.tensor(1, n, 0, 8.0f), y = work.tensor(1, n), dy = work.tensor(1, n),
                    dx = work.tensor(1, n);
    tn_activation_params p = {};
    p.kind = kind;
    work.reads({ x }, y);
    streams(work, n, backward ? 3 : 2);
    work.call = [=](tn_context *ctx) {
        return backward ? tn_activation_backward(ctx, &dx, &dy, &x, &y, &p) : tn_activation(ctx, &y, &x, &p);
    };
    return work;
}

inline Work make_softmax(const Keys &k, decltype(&tn_softmax) function)
{
    const int64_t n = k.at("n"), classes = k.at("k");
    Work work;
    const tn_tensor x = work.tensor(2, n, classes, 8.0f), y = work.tensor(2, n, classes);
    work.reads({ x }, y);
    streams(work, n * classes, 2);
    work.call = [=](tn_context *ctx) { return function(ctx, &y, &x, -1); };
    return work;
}

inline Work make_cross_entropy(const Keys &k) /* from logits, with its gradient, as a training step calls it */
{
    const int64_t n = k.at("n"), classes = k.at("k");
    Work work;
    const tn_tensor x = work.tensor(2, n, classes, 8.0f), dx = work.tensor(2, n, classes), loss = work.tensor(0, 0);
    tn_tensor target = tn_as(tn_view(nullptr, 0, 1, n, 0, 0, 0), TN_I32);
    tn_loss_params p = {};
    target.data = work.block(tn_bytes(&target));
    for (int64_t i = 0; i < n; i++) static_cast<int32_t *>(target.data)[i] = static_cast<int32_t>(i % classes);
    p.from = TN_LOGITS;
    streams(work, n * classes, 2);
    work.call = [=](tn_context *ctx) {
        return tn_loss(ctx, TN_SPARSE_CATEGORICAL_CROSSENTROPY, &loss, &dx, &x, &target, &p);
    };
    return work;
}

inline Work make_step(const Keys &k, const tn_optimizer &o)
{
    const int64_t n = k.at("n");
    const int32_t slots = tn_optimizer_slots(&o);
    Work work;
    const tn_tensor w = work.tensor(1, n), g = work.tensor(1, n), state = work.tensor(1, n * slots);
    std::memset(state.data, 0, tn_bytes(&state));
    streams(work, n, 3 + 2 * slots); /* g is read; w and the state are read and written */
    work.call = [=](tn_context *ctx) { return tn_optimizer_step(ctx, &w, &state, &g, &o, 10); };
    return work;
}

inline Work make_transpose(const Keys &k)
{
    const int64_t n = k.at("n"), f = k.at("k");
    Work work;
    const tn_tensor x = work.tensor(2, n, f), y = work.tensor(2, f, n);
    streams(work, n * f, 2);
    work.call = [=](tn_context *ctx) {
        const int32_t perm[] = { 1, 0 };
        return tn_transpose(ctx, &y, &x, perm);
    };
    return work;
}

inline Work make_convert(const Keys &k) /* u8 pixels to f32, scaled to 0..1 */
{
    const int64_t n = k.at("n");
    Work work;
    const tn_tensor y = work.tensor(1, n);
    tn_tensor x = tn_as(tn_view(nullptr, 0, 1, n, 0, 0, 0), TN_U8);
    tn_convert_params p = {};
    p.scale = 1.0f / 255;
    x.data = work.block(tn_bytes(&x));
    for (int64_t i = 0; i < n; i++) static_cast<uint8_t *>(x.data)[i] = static_cast<uint8_t>(i * 7);
    streams(work, n, 1.25);
    work.call = [=](tn_context *ctx) { return tn_convert(ctx, &y, &x, &p); };
    return work;
}

inline Work make_copy(const Keys &k) /* memcpy: what memory allows */
{
    const int64_t n = k.at("n");
    Work work;
    const tn_tensor x = work.tensor(1, n), y = work.tensor(1, n);
    streams(work, n, 2);
    work.call = [=](tn_context *) {
        std::memcpy(y.data, x.data, tn_bytes(&x));
        return TN_OK;
    };
    return work;
}

inline const std::map<std::string, Operator> &operators()
{
    static const std::map<std::string, Operator> table = [] {
        const int64_t relu = TN_RELU;
        const Keys dense = { { "n", REQUIRED }, { "i", REQUIRED }, { "o", REQUIRED }, { "bias", 1 }, { "act", relu } };
        const Keys n = { { "n", REQUIRED } }, nk = { { "n", REQUIRED }, { "k", REQUIRED } };
        const Keys conv2d = { { "n", REQUIRED }, { "h", REQUIRED },  { "w", REQUIRED },  { "c", REQUIRED },
                              { "k", REQUIRED }, { "kh", REQUIRED }, { "kw", REQUIRED }, { "stride", 1 },
                              { "dilation", 1 }, { "groups", 1 },    { "pad", SAME },    { "exact", 0 } };
        const Keys plane = { { "n", REQUIRED }, { "h", REQUIRED }, { "w", REQUIRED }, { "c", REQUIRED } };
        Keys depthwise = conv2d, pool = plane;
        pool.insert({ { "size", REQUIRED }, { "stride", 0 }, { "pad", 0 } });
        depthwise.erase("k");
        depthwise.erase("groups");
        depthwise.erase("exact");
        std::map<std::string, Operator> t = {
            { "conv2d", { conv2d, [](const Keys &k) { return make_conv2d(k, FORWARD, false); } } },
            { "conv2d_unpacked", { conv2d, [](const Keys &k) { return make_conv2d(k, UNPACKED, false); } } },
            { "conv2d_data_grad", { conv2d, [](const Keys &k) { return make_conv2d(k, DATA_GRADIENT, false); } } },
            { "conv2d_weight_grad", { conv2d, [](const Keys &k) { return make_conv2d(k, WEIGHT_GRADIENT, false); } } },
            { "depthwise", { depthwise, [](const Keys &k) { return make_conv2d(k, FORWARD, true); } } },
            { "maxpool", { pool, [](const Keys &k) { return make_pool(k, MAXIMUM); } } },
            { "avgpool", { pool, [](const Keys &k) { return make_pool(k, AVERAGE); } } },
            { "globalavgpool", { plane, [](const Keys &k) { return make_pool(k, GLOBAL_AVERAGE); } } },
            { "lstm", { { { "n", REQUIRED }, { "t", REQUIRED }, { "f", REQUIRED }, { "u", REQUIRED } }, make_lstm } },
            { "dense", { dense, [](const Keys &k) { return make_dense(k, true); } } },
            { "dense_unpacked", { dense, [](const Keys &k) { return make_dense(k, false); } } },
            { "dense_backward", { { { "n", REQUIRED }, { "i", REQUIRED }, { "o", REQUIRED } }, make_dense_backward } },
            { "gemm",
              { { { "n", REQUIRED }, { "k", REQUIRED }, { "o", REQUIRED }, { "ta", 0 }, { "tb", 0 } }, make_gemm } },
            { "softmax", { nk, [](const Keys &k) { return make_softmax(k, tn_softmax); } } },
            { "log_softmax", { nk, [](const Keys &k) { return make_softmax(k, tn_log_softmax); } } },
            { "cross_entropy", { nk, make_cross_entropy } },
            { "sgd", { n, [](const Keys &k) { return make_step(k, tn_sgd(0.01f, 0.9f)); } } },
            { "adam", { n, [](const Keys &k) { return make_step(k, tn_adam(0.001f)); } } },
            { "adamw", { n, [](const Keys &k) { return make_step(k, tn_adamw(0.001f, 0.01f)); } } },
            { "rmsprop", { n, [](const Keys &k) { return make_step(k, tn_rmsprop(0.001f)); } } },
            { "transpose", { nk, make_transpose } },
            { "convert", { n, make_convert } },
            { "copy", { n, make_copy } },
        };
        for (const auto &kind : activations())
            t[kind.first] = { { { "n", REQUIRED }, { "backward", 0 } },
                              [=](const Keys &k) { return make_activation(k, kind.second); } };
        return t;
    }();
    return table;
}
