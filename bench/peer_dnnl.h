/* bench/peer_dnnl.h - the dense rows by oneDNN, for bench/run --peer dnnl: weights reordered beforehand to the layout
 * it likes best, bias and relu fused, one thread. */
#pragma once
#include "operators.h"
#if defined(BENCH_DNNL)
#include <dnnl.hpp>
#include <unordered_map>

inline bool peer_there() { return true; }

inline void peer_limit(const std::string &isa) /* before its first use */
{
    if (isa == "avx2") dnnl::set_max_cpu_isa(dnnl::cpu_isa::avx2);
}

inline Work peer_dense(const Keys &k)
{
    typedef dnnl::memory::format_tag tag;
    const dnnl::engine cpu(dnnl::engine::kind::cpu, 0);
    const int64_t n = k.at("n"), i = k.at("i"), o = k.at("o");
    const auto shape = [](dnnl::memory::dims dims, tag t) {
        return dnnl::memory::desc(dims, dnnl::memory::data_type::f32, t);
    };
    const auto plain = [&](Work &work, dnnl::memory::dims dims, tag t) {
        const tn_tensor x = work.tensor(2, dims[0], dims.size() > 1 ? dims[1] : 1);
        return dnnl::memory(shape(dims, t), cpu, x.data);
    };
    Work work;
    dnnl::stream stream(cpu);
    dnnl::post_ops relu;
    dnnl::primitive_attr attributes;
    if (k.at("act") == TN_RELU) relu.append_eltwise(1, dnnl::algorithm::eltwise_relu, 0, 0);
    attributes.set_post_ops(relu);
    const dnnl::inner_product_forward::desc what(
        dnnl::prop_kind::forward_inference, shape({ n, i }, tag::nc), shape({ o, i }, tag::any),
        k.at("bias") ? shape({ o }, tag::x) : dnnl::memory::desc(), shape({ n, o }, tag::nc));
    const dnnl::inner_product_forward::primitive_desc how(what, attributes, cpu);
    dnnl::memory w = plain(work, { o, i }, tag::io), packed(how.weights_desc(), cpu);
    dnnl::reorder(w, packed).execute(stream, w, packed);
    stream.wait();
    std::unordered_map<int, dnnl::memory> arguments = { { DNNL_ARG_SRC, plain(work, { n, i }, tag::nc) },
                                                        { DNNL_ARG_WEIGHTS, packed },
                                                        { DNNL_ARG_DST, plain(work, { n, o }, tag::nc) } };
    if (k.at("bias")) arguments[DNNL_ARG_BIAS] = plain(work, { o }, tag::x);
    const dnnl::inner_product_forward dense(how);
    work.flops = 2.0 * static_cast<double>(n) * static_cast<double>(i) * static_cast<double>(o);
    work.call = [=](tn_context *) mutable {
        dense.execute(stream, arguments);
        stream.wait();
        return TN_OK;
    };
    return work;
}
#else
inline bool peer_there() { return false; }
inline void peer_limit(const std::string &) {}
inline Work peer_dense(const Keys &) { return Work(); }
#endif
