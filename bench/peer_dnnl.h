/* bench/peer_dnnl.h - oneDNN 2: every algorithm and layout that it has for a row, weights reordered beforehand. Its
 * instruction set is bounded by DNNL_MAX_CPU_ISA, which bench/run sets. */
#pragma once
#include "work.h"
#if defined(BENCH_DNNL)
#include <dnnl.hpp>
#include <unordered_map>

namespace onednn
{

typedef dnnl::memory::format_tag tag;
typedef dnnl::memory::dims dims;
typedef std::vector<Work> Ways;

inline dnnl::engine &cpu()
{
    static dnnl::engine engine(dnnl::engine::kind::cpu, 0);
    return engine;
}

inline dnnl::memory::desc shape(const dims &d, tag t) { return dnnl::memory::desc(d, dnnl::memory::data_type::f32, t); }

inline void reorder(dnnl::memory from, dnnl::memory to)
{
    dnnl::stream stream(cpu());
    dnnl::reorder(from, to).execute(stream, from, to);
    stream.wait();
}

/* The operand where it lies, or a copy of it in the layout that the primitive wants. */
inline dnnl::memory laid_out(const tn_tensor &t, const dnnl::memory::desc &plain, const dnnl::memory::desc &wanted)
{
    const dnnl::memory here(plain, cpu(), t.data);
    if (plain == wanted) return here;
    const dnnl::memory there(wanted, cpu());
    reorder(here, there);
    return there;
}

typedef std::unordered_map<int, dnnl::memory> Arguments;

inline Work way(const Work &ours, const std::string &how, const dnnl::primitive &primitive, Arguments arguments,
                int out, const dnnl::memory::desc &layout, const dnnl::memory::desc &plain)
{
    Work work = beside(ours, how);
    const dnnl::memory there(plain, cpu(), work.out.data);
    const dnnl::memory result = layout == plain ? there : dnnl::memory(layout, cpu());
    dnnl::stream stream(cpu());
    arguments[out] = result;
    work.call = [=](tn_context *) mutable {
        primitive.execute(stream, arguments);
        stream.wait();
        return TN_OK;
    };
    if (layout != plain) work.unpack = [=] { reorder(result, there); };
    return work;
}

/* Adds what make returns, unless oneDNN does not have it or it is a way that is there already. */
template <class Make> void attempt(Ways &ways, const Make &make)
{
    try {
        Work work = make();
        for (const Work &other : ways)
            if (other.how == work.how) return;
        ways.push_back(std::move(work));
    } catch (const dnnl::error &) {
    }
}

inline std::string named(const char *implementation, bool plain)
{
    return implementation + std::string(plain ? " nhwc" : " blocked");
}

enum Pass { FORWARD, DATA_GRADIENT, WEIGHT_GRADIENT };

inline Work convolution(const Keys &k, const Work &ours, Pass pass, dnnl::algorithm algorithm, tag images)
{
    const Geometry g = geometry_of(k);
    const bool grouped = g.groups > 1;
    const dims x_dims = { g.n, g.c, g.h, g.w }, y_dims = { g.n, g.k, g.oh, g.ow }, stride = { g.stride, g.stride },
               dilation = { g.dilation - 1, g.dilation - 1 }, before = { g.top, g.left }, after = { g.bottom, g.right };
    dims w_dims = { g.k / g.groups, g.c / g.groups, g.kh, g.kw };
    if (grouped) w_dims.insert(w_dims.begin(), g.groups);
    const auto x = shape(x_dims, images), y = shape(y_dims, images), w = shape(w_dims, tag::any);
    const auto plain_x = shape(x_dims, tag::nhwc), plain_y = shape(y_dims, tag::nhwc),
               plain_w = shape(w_dims, grouped ? tag::hwigo : tag::hwio), plain_b = shape({ g.k }, tag::x);
    const auto inference = pass == FORWARD ? dnnl::prop_kind::forward_inference : dnnl::prop_kind::forward_training;
    typedef dnnl::convolution_forward Forward;
    const Forward::desc what =
        pass == FORWARD ? Forward::desc(inference, algorithm, x, w, plain_b, y, stride, dilation, before, after)
                        : Forward::desc(inference, algorithm, x, w, y, stride, dilation, before, after);
    const Forward::primitive_desc forward(what, cpu());
    if (pass == FORWARD)
        return way(ours, named(forward.impl_info_str(), forward.src_desc() == plain_x), Forward(forward),
                   { { DNNL_ARG_SRC, laid_out(ours.in[0], plain_x, forward.src_desc()) },
                     { DNNL_ARG_WEIGHTS, laid_out(ours.in[1], plain_w, forward.weights_desc()) },
                     { DNNL_ARG_BIAS, laid_out(ours.in[2], plain_b, plain_b) } },
                   DNNL_ARG_DST, forward.dst_desc(), plain_y);
    if (pass == DATA_GRADIENT) {
        typedef dnnl::convolution_backward_data Backward;
        const Backward::desc back(algorithm, x, w, y, stride, dilation, before, after);
        const Backward::primitive_desc p(back, cpu(), forward);
        return way(ours, named(p.impl_info_str(), p.diff_src_desc() == plain_x), Backward(p),
                   { { DNNL_ARG_DIFF_DST, laid_out(ours.in[0], plain_y, p.diff_dst_desc()) },
                     { DNNL_ARG_WEIGHTS, laid_out(ours.in[1], plain_w, p.weights_desc()) } },
                   DNNL_ARG_DIFF_SRC, p.diff_src_desc(), plain_x);
    }
    typedef dnnl::convolution_backward_weights Backward;
    const Backward::desc back(algorithm, x, w, y, stride, dilation, before, after);
    const Backward::primitive_desc p(back, cpu(), forward);
    return way(ours, named(p.impl_info_str(), p.src_desc() == plain_x), Backward(p),
               { { DNNL_ARG_DIFF_DST, laid_out(ours.in[0], plain_y, p.diff_dst_desc()) },
                 { DNNL_ARG_SRC, laid_out(ours.in[1], plain_x, p.src_desc()) } },
               DNNL_ARG_DIFF_WEIGHTS, p.diff_weights_desc(), plain_w);
}

inline Ways convolutions(const Keys &k, const Work &ours, Pass pass)
{
    Ways ways;
    const bool exact = k.count("exact") && k.at("exact");
    for (const auto algorithm : { dnnl::algorithm::convolution_direct, dnnl::algorithm::convolution_auto,
                                  dnnl::algorithm::convolution_winograd })
        for (const tag images : { tag::nhwc, tag::any })
            if (!exact || algorithm == dnnl::algorithm::convolution_direct)
                attempt(ways, [&] { return convolution(k, ours, pass, algorithm, images); });
    return ways;
}

inline Ways pooling(const Keys &k, const Work &ours, dnnl::algorithm algorithm)
{
    const Geometry g = geometry_of(k);
    const dims x_dims = { g.n, g.c, g.h, g.w }, y_dims = { g.n, g.c, g.oh, g.ow };
    const auto plain_x = shape(x_dims, tag::nhwc), plain_y = shape(y_dims, tag::nhwc);
    Ways ways;
    for (const tag images : { tag::nhwc, tag::nChw16c, tag::nChw8c })
        attempt(ways, [&] {
            const auto x = shape(x_dims, images), y = shape(y_dims, images);
            const dnnl::pooling_forward::desc what(dnnl::prop_kind::forward_inference, algorithm, x, y,
                                                   { g.stride, g.stride }, { g.kh, g.kw }, { g.top, g.left },
                                                   { g.bottom, g.right });
            const dnnl::pooling_forward::primitive_desc p(what, cpu());
            return way(ours, named(p.impl_info_str(), x == plain_x) + (images == tag::nChw8c ? " by 8" : ""),
                       dnnl::pooling_forward(p), { { DNNL_ARG_SRC, laid_out(ours.in[0], plain_x, x) } }, DNNL_ARG_DST,
                       y, plain_y);
        });
    return ways;
}

inline Ways dense(const Keys &k, const Work &ours, bool packed)
{
    const int64_t n = k.at("n"), i = k.at("i"), o = k.at("o");
    const auto plain_x = shape({ n, i }, tag::nc), plain_w = shape({ o, i }, tag::io),
               plain_y = shape({ n, o }, tag::nc), plain_b = shape({ o }, tag::x);
    Ways ways;
    if (k.at("act") != TN_RELU && k.at("act") != TN_LINEAR) return ways;
    dnnl::post_ops after;
    dnnl::primitive_attr attributes;
    if (k.at("act") == TN_RELU) after.append_eltwise(1, dnnl::algorithm::eltwise_relu, 0, 0);
    attributes.set_post_ops(after);
    for (const tag rows : { tag::nc, tag::any })
        attempt(ways, [&] {
            const dnnl::inner_product_forward::desc what(
                dnnl::prop_kind::forward_inference, shape({ n, i }, rows), shape({ o, i }, packed ? tag::any : tag::io),
                k.at("bias") ? plain_b : dnnl::memory::desc(), shape({ n, o }, rows));
            const dnnl::inner_product_forward::primitive_desc p(what, attributes, cpu());
            Arguments arguments = { { DNNL_ARG_SRC, laid_out(ours.in[0], plain_x, p.src_desc()) },
                                    { DNNL_ARG_WEIGHTS, laid_out(ours.in[1], plain_w, p.weights_desc()) } };
            if (k.at("bias")) arguments[DNNL_ARG_BIAS] = laid_out(ours.in[2], plain_b, plain_b);
            return way(ours, p.impl_info_str() + std::string(p.src_desc() == plain_x ? "" : " blocked"),
                       dnnl::inner_product_forward(p), arguments, DNNL_ARG_DST, p.dst_desc(), plain_y);
        });
    return ways;
}

inline Ways product(const Keys &k, const Work &ours)
{
    const int64_t n = k.at("n"), in = k.at("k"), o = k.at("o");
    const char a_as = k.at("ta") ? 'T' : 'N', b_as = k.at("tb") ? 'T' : 'N';
    Ways ways(1);
    ways[0] = beside(ours, "sgemm");
    const float *const a = ours.data(0), *const b = ours.data(1);
    float *const y = ways[0].result();
    ways[0].call = [=](tn_context *) {
        dnnl_sgemm(a_as, b_as, n, o, in, 1, a, k.at("ta") ? n : in, b, k.at("tb") ? in : o, 0, y, o);
        return TN_OK;
    };
    return ways;
}

/* The library's order of gates is oneDNN's; its order of steps and sequences is not. */
inline Ways lstm(const Keys &k, const Work &ours)
{
    const int64_t n = k.at("n"), t = k.at("t"), f = k.at("f"), u = k.at("u");
    const char *const limit = std::getenv("DNNL_MAX_CPU_ISA");
    Ways ways;
    if (n > 1 && limit && limit == std::string("AVX2")) return ways; /* 2.6 dies there */
    const auto x = shape({ t, n, f }, tag::tnc), y = shape({ t, n, u }, tag::tnc),
               plain_b = shape({ 1, 1, 4, u }, tag::ldgo), w = shape({ 1, 1, f, 4, u }, tag::any),
               r = shape({ 1, 1, u, 4, u }, tag::any), plain_w = shape({ 1, 1, f, 4, u }, tag::ldigo),
               plain_r = shape({ 1, 1, u, 4, u }, tag::ldigo);
    attempt(ways, [&] {
        const dnnl::memory::desc none;
        const dnnl::lstm_forward::desc what(dnnl::prop_kind::forward_inference,
                                            dnnl::rnn_direction::unidirectional_left2right, x, none, none, w, r,
                                            plain_b, y, none, none);
        const dnnl::lstm_forward::primitive_desc p(what, cpu());
        return way(ours, p.impl_info_str(), dnnl::lstm_forward(p),
                   { { DNNL_ARG_SRC_LAYER, laid_out(ours.in[0], shape({ t, n, f }, tag::ntc), x) },
                     { DNNL_ARG_WEIGHTS_LAYER, laid_out(ours.in[1], plain_w, p.weights_layer_desc()) },
                     { DNNL_ARG_WEIGHTS_ITER, laid_out(ours.in[2], plain_r, p.weights_iter_desc()) },
                     { DNNL_ARG_BIAS, laid_out(ours.in[3], plain_b, plain_b) } },
                   DNNL_ARG_DST_LAYER, y, shape({ t, n, u }, tag::ntc));
    });
    return ways;
}

template <class Softmax> Ways softmax(const Keys &k, const Work &ours)
{
    const auto x = shape({ k.at("n"), k.at("k") }, tag::nc);
    Ways ways;
    attempt(ways, [&] {
        const typename Softmax::desc what(dnnl::prop_kind::forward_inference, x, 1);
        const typename Softmax::primitive_desc p(what, cpu());
        return way(ours, p.impl_info_str(), Softmax(p), { { DNNL_ARG_SRC, laid_out(ours.in[0], x, x) } }, DNNL_ARG_DST,
                   x, x);
    });
    return ways;
}

inline Ways elementwise(const Keys &k, const Work &ours, dnnl::algorithm algorithm, float alpha)
{
    const auto x = shape({ k.at("n") }, tag::x);
    Ways ways;
    if (k.at("backward")) return ways;
    attempt(ways, [&] {
        const dnnl::eltwise_forward::desc what(dnnl::prop_kind::forward_inference, algorithm, x, alpha, 0);
        const dnnl::eltwise_forward::primitive_desc p(what, cpu());
        return way(ours, p.impl_info_str(), dnnl::eltwise_forward(p), { { DNNL_ARG_SRC, laid_out(ours.in[0], x, x) } },
                   DNNL_ARG_DST, x, x);
    });
    return ways;
}

inline Peer peer()
{
    using dnnl::algorithm;
    Peer p = {
        { "conv2d", [](const Keys &k, const Work &ours) { return convolutions(k, ours, FORWARD); } },
        { "conv2d_data_grad", [](const Keys &k, const Work &ours) { return convolutions(k, ours, DATA_GRADIENT); } },
        { "conv2d_weight_grad",
          [](const Keys &k, const Work &ours) { return convolutions(k, ours, WEIGHT_GRADIENT); } },
        { "maxpool", [](const Keys &k, const Work &ours) { return pooling(k, ours, algorithm::pooling_max); } },
        { "avgpool",
          [](const Keys &k, const Work &ours) { return pooling(k, ours, algorithm::pooling_avg_exclude_padding); } },
        { "dense", [](const Keys &k, const Work &ours) { return dense(k, ours, true); } },
        { "dense_unpacked", [](const Keys &k, const Work &ours) { return dense(k, ours, false); } },
        { "gemm", product },
        { "lstm", lstm },
        { "softmax", softmax<dnnl::softmax_forward> },
        { "log_softmax", softmax<dnnl::logsoftmax_forward> },
    };
    p["depthwise"] = p["conv2d"];
    p["globalavgpool"] = p["avgpool"];
    const struct {
        const char *name;
        algorithm kind;
        float alpha;
    } kinds[] = {
        { "relu", algorithm::eltwise_relu, 0 },
        { "relu6", algorithm::eltwise_bounded_relu, 6 },
        { "leaky_relu", algorithm::eltwise_relu, 0.2f },
        { "elu", algorithm::eltwise_elu, 1 },
        { "sigmoid", algorithm::eltwise_logistic, 0 },
        { "tanh", algorithm::eltwise_tanh, 0 },
        { "softplus", algorithm::eltwise_soft_relu, 0 },
        { "silu", algorithm::eltwise_swish, 1 },
        { "hard_swish", algorithm::eltwise_hardswish, 0 },
        { "gelu", algorithm::eltwise_gelu_erf, 0 },
        { "gelu_tanh", algorithm::eltwise_gelu_tanh, 0 },
        { "mish", algorithm::eltwise_mish, 0 },
        { "exp", algorithm::eltwise_exp, 0 },
    };
    for (const auto &kind : kinds)
        p[kind.name] = [kind](const Keys &k, const Work &ours) { return elementwise(k, ours, kind.kind, kind.alpha); };
    return p;
}

} // namespace onednn
#endif
