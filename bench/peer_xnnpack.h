/* bench/peer_xnnpack.h - XNNPACK's operators, NHWC: created and set up beforehand, run inside the timing. Its
 * instruction set cannot be bounded. */
#pragma once
#include "work.h"
#if defined(BENCH_XNNPACK)
#include <cmath>
#include <pthreadpool.h>
#include <xnnpack.h>

namespace xnnpack
{

typedef std::vector<Work> Ways;

/* Its threads spin for long behind a call; a task with this flag sends them to sleep. */
inline void yield_workers(pthreadpool_t pool)
{
    if (pool)
        pthreadpool_parallelize_1d(
            pool, [](void *, size_t) {}, nullptr, 2 * pthreadpool_get_threads_count(pool),
            PTHREADPOOL_FLAG_YIELD_WORKERS);
}

/* create(&op) and setup(op, x, y) as XNNPACK's functions of the operator. */
template <class Create, class Setup>
Ways way(const Work &ours, pthreadpool_t pool, const Create &create, const Setup &setup)
{
    xnn_operator_t made = nullptr;
    Ways ways;
    if (create(&made) != xnn_status_success) return ways;
    const std::shared_ptr<struct xnn_operator> op(made, xnn_delete_operator);
    Work work = beside(ours, "nhwc");
    if (setup(made, ours.data(0), work.result()) != xnn_status_success) return ways;
    work.call = [op, pool](tn_context *) {
        return xnn_run_operator(op.get(), pool) == xnn_status_success ? TN_OK : TN_E_ARG;
    };
    if (pool) work.quiet = [pool] { yield_workers(pool); };
    ways.push_back(std::move(work));
    return ways;
}

static const float INF = INFINITY;

inline uint32_t u32(long n) { return static_cast<uint32_t>(n); }
inline size_t size(int64_t n) { return static_cast<size_t>(n); }

inline Ways convolution(const Keys &k, const Work &ours, pthreadpool_t pool)
{
    const Geometry g = geometry_of(k);
    const long in = g.c / g.groups, out = g.k / g.groups;
    const bool depthwise = in == 1 && g.groups > 1;
    const float *w = ours.data(1);
    std::vector<float> turned; /* OHWI, while HWIO is what it wants of a depthwise one */
    if (!depthwise) {
        turned.resize(size(g.k * g.kh * g.kw * in));
        for (long tap = 0; tap < g.kh * g.kw; tap++)
            for (long i = 0; i < in; i++)
                for (long o = 0; o < g.k; o++)
                    turned[size((o * g.kh * g.kw + tap) * in + i)] = w[(tap * in + i) * g.k + o];
        w = turned.data();
    }
    return way(
        ours, pool,
        [&](xnn_operator_t *op) {
            return xnn_create_convolution2d_nhwc_f32(
                u32(g.top), u32(g.right), u32(g.bottom), u32(g.left), u32(g.kh), u32(g.kw), u32(g.stride),
                u32(g.stride), u32(g.dilation), u32(g.dilation), u32(g.groups), size(in), size(out), size(g.c),
                size(g.k), w, ours.data(2), -INF, INF, depthwise ? XNN_FLAG_DEPTHWISE_CONVOLUTION : 0, op);
        },
        [&](xnn_operator_t op, const float *x, float *y) {
            return xnn_setup_convolution2d_nhwc_f32(op, size(g.n), size(g.h), size(g.w), x, y, pool);
        });
}

inline Ways pooling(const Keys &k, const Work &ours, pthreadpool_t pool, bool average)
{
    const Geometry g = geometry_of(k);
    return way(
        ours, pool,
        [&](xnn_operator_t *op) {
            return average ? xnn_create_average_pooling2d_nhwc_f32(u32(g.top), u32(g.right), u32(g.bottom), u32(g.left),
                                                                   u32(g.kh), u32(g.kw), u32(g.stride), u32(g.stride),
                                                                   size(g.c), size(g.c), size(g.c), -INF, INF, 0, op)
                           : xnn_create_max_pooling2d_nhwc_f32(u32(g.top), u32(g.right), u32(g.bottom), u32(g.left),
                                                               u32(g.kh), u32(g.kw), u32(g.stride), u32(g.stride), 1, 1,
                                                               size(g.c), size(g.c), size(g.c), -INF, INF, 0, op);
        },
        [&](xnn_operator_t op, const float *x, float *y) {
            return (average ? xnn_setup_average_pooling2d_nhwc_f32
                            : xnn_setup_max_pooling2d_nhwc_f32)(op, size(g.n), size(g.h), size(g.w), x, y, pool);
        });
}

inline Ways global_average(const Keys &k, const Work &ours, pthreadpool_t pool)
{
    const Geometry g = geometry_of(k);
    return way(
        ours, pool,
        [&](xnn_operator_t *op) {
            return xnn_create_global_average_pooling_nwc_f32(size(g.c), size(g.c), size(g.c), -INF, INF, 0, op);
        },
        [&](xnn_operator_t op, const float *x, float *y) {
            return xnn_setup_global_average_pooling_nwc_f32(op, size(g.n), size(g.h * g.w), x, y, pool);
        });
}

inline Ways dense(const Keys &k, const Work &ours, pthreadpool_t pool)
{
    const size_t in = size(k.at("i")), out = size(k.at("o"));
    if (k.at("act") != TN_RELU && k.at("act") != TN_LINEAR) return Ways();
    return way(
        ours, pool,
        [&](xnn_operator_t *op) {
            return xnn_create_fully_connected_nc_f32(
                in, out, in, out, ours.data(1), k.at("bias") ? ours.data(2) : nullptr,
                k.at("act") == TN_RELU ? 0 : -INF, INF, XNN_FLAG_TRANSPOSE_WEIGHTS, op);
        },
        [&](xnn_operator_t op, const float *x, float *y) {
            return xnn_setup_fully_connected_nc_f32(op, size(k.at("n")), x, y, pool);
        });
}

inline Ways softmax(const Keys &k, const Work &ours, pthreadpool_t pool)
{
    const size_t classes = size(k.at("k"));
    return way(
        ours, pool, [&](xnn_operator_t *op) { return xnn_create_softmax_nc_f32(classes, classes, classes, 0, op); },
        [&](xnn_operator_t op, const float *x, float *y) {
            return xnn_setup_softmax_nc_f32(op, size(k.at("n")), x, y, pool);
        });
}

typedef xnn_status (*Setup)(xnn_operator_t, size_t, const float *, float *, pthreadpool_t);

/* The vector as one row of n channels. */
template <class Create>
Ways elementwise(const Keys &k, const Work &ours, pthreadpool_t pool, const Create &create, Setup setup)
{
    const size_t n = size(k.at("n"));
    if (k.at("backward")) return Ways();
    return way(
        ours, pool, [&](xnn_operator_t *op) { return create(n, op); },
        [&](xnn_operator_t op, const float *x, float *y) { return setup(op, 1, x, y, pool); });
}

inline Peer peer(int threads)
{
    Peer p;
    const pthreadpool_t pool =
        threads > 1 ? pthreadpool_create(static_cast<size_t>(threads)) : nullptr; /* till the end */
    if (xnn_initialize(nullptr) != xnn_status_success) return p;
    p["conv2d"] = p["depthwise"] = [=](const Keys &k, const Work &ours) { return convolution(k, ours, pool); };
    p["maxpool"] = [=](const Keys &k, const Work &ours) { return pooling(k, ours, pool, false); };
    p["avgpool"] = [=](const Keys &k, const Work &ours) { return pooling(k, ours, pool, true); };
    p["globalavgpool"] = [=](const Keys &k, const Work &ours) { return global_average(k, ours, pool); };
    p["dense"] = [=](const Keys &k, const Work &ours) { return dense(k, ours, pool); };
    p["softmax"] = [=](const Keys &k, const Work &ours) { return softmax(k, ours, pool); };
    const auto clamp = [=](const Keys &k, const Work &ours, float most) {
        const auto create = [=](size_t n, xnn_operator_t *op) {
            return xnn_create_clamp_nc_f32(n, n, n, 0, most, 0, op);
        };
        return elementwise(k, ours, pool, create, xnn_setup_clamp_nc_f32);
    };
    p["relu"] = [=](const Keys &k, const Work &ours) { return clamp(k, ours, INF); };
    p["relu6"] = [=](const Keys &k, const Work &ours) { return clamp(k, ours, 6); };
    p["sigmoid"] = [=](const Keys &k, const Work &ours) {
        const auto create = [](size_t n, xnn_operator_t *op) { return xnn_create_sigmoid_nc_f32(n, n, n, 0, op); };
        return elementwise(k, ours, pool, create, xnn_setup_sigmoid_nc_f32);
    };
    p["elu"] = [=](const Keys &k, const Work &ours) {
        const auto create = [](size_t n, xnn_operator_t *op) { return xnn_create_elu_nc_f32(n, n, n, 1, 0, op); };
        return elementwise(k, ours, pool, create, xnn_setup_elu_nc_f32);
    };
    p["hard_swish"] = [=](const Keys &k, const Work &ours) {
        const auto create = [](size_t n, xnn_operator_t *op) { return xnn_create_hardswish_nc_f32(n, n, n, 0, op); };
        return elementwise(k, ours, pool, create, xnn_setup_hardswish_nc_f32);
    };
    p["leaky_relu"] = [=](const Keys &k, const Work &ours) {
        const auto create = [](size_t n, xnn_operator_t *op) {
            return xnn_create_leaky_relu_nc_f32(n, n, n, 0.2f, 0, op);
        };
        return elementwise(k, ours, pool, create, xnn_setup_leaky_relu_nc_f32);
    };
    return p;
}

} // namespace xnnpack
#endif
