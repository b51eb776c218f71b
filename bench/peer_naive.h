/* bench/peer_naive.h - the plain loops of bench/naive.c as a peer, on one thread. */
#pragma once
#include "work.h"

namespace naive
{

inline long key(const Keys &k, const char *name) { return static_cast<long>(k.at(name)); }

/* make(k, work, ours) is the call; work has the memory that it may want. */
template <class Make> std::function<std::vector<Work>(const Keys &, const Work &)> entry(const Make &make)
{
    return [make](const Keys &k, const Work &ours) {
        std::vector<Work> ways(1);
        ways[0] = beside(ours, "loops");
        const std::function<void()> call = make(k, ways[0], ours);
        ways[0].call = [call](tn_context *) { return call(), TN_OK; };
        if (!call) ways.clear();
        return ways;
    };
}

inline Peer peer(const Naive &loops)
{
    typedef std::function<void()> Call;
    Peer p;
    const auto forward = [&loops](const Keys &k, Work &work, const Work &ours) -> Call {
        const Geometry g = geometry_of(k);
        float *const y = work.result(), *const x = ours.data(0), *const w = ours.data(1), *const b = ours.data(2);
        const auto function = g.groups == g.c && g.k == g.c ? loops.depthwise : loops.conv2d;
        return [=] { function(&g, y, x, w, b); };
    };
    p["conv2d"] = p["depthwise"] = entry(forward);
    p["conv2d_data_grad"] = entry([&loops](const Keys &k, Work &work, const Work &ours) -> Call {
        const Geometry g = geometry_of(k);
        if (g.groups > 1) return nullptr;
        float *const dx = work.result(), *const dy = ours.data(0), *const w = ours.data(1);
        float *const turned = static_cast<float *>(work.block(tn_bytes(&ours.in[1])));
        for (long tap = 0; tap < g.kh * g.kw; tap++)
            for (long i = 0; i < g.c * g.k; i++)
                turned[tap * g.c * g.k + i % g.k * g.c + i / g.k] = w[tap * g.c * g.k + i];
        return [=, &loops] { loops.data_grad(&g, dx, dy, turned); };
    });
    p["conv2d_weight_grad"] = entry([&loops](const Keys &k, Work &work, const Work &ours) -> Call {
        const Geometry g = geometry_of(k);
        if (g.groups > 1) return nullptr;
        float *const dw = work.result(), *const dy = ours.data(0), *const x = ours.data(1);
        return [=, &loops] { loops.weight_grad(&g, dw, dy, x); };
    });
    const auto pool = [&loops](int average) {
        return [&loops, average](const Keys &k, Work &work, const Work &ours) -> Call {
            const Geometry g = geometry_of(k);
            float *const y = work.result(), *const x = ours.data(0);
            return [=, &loops] { loops.pool(&g, y, x, average); };
        };
    };
    p["maxpool"] = entry(pool(0));
    p["avgpool"] = p["globalavgpool"] = entry(pool(1));
    p["dense"] = p["dense_unpacked"] = entry([&loops](const Keys &k, Work &work, const Work &ours) -> Call {
        if ((k.at("act") != TN_RELU && k.at("act") != TN_LINEAR) || !k.at("bias")) return nullptr;
        float *const y = work.result(), *const x = ours.data(0), *const w = ours.data(1), *const b = ours.data(2);
        const long n = key(k, "n"), i = key(k, "i"), o = key(k, "o");
        const int relu = k.at("act") == TN_RELU;
        return [=, &loops] { loops.dense(y, x, w, b, n, i, o, relu); };
    });
    p["lstm"] = entry([&loops](const Keys &k, Work &work, const Work &ours) -> Call {
        const long n = key(k, "n"), t = key(k, "t"), f = key(k, "f"), units = key(k, "u");
        float *const y = work.result(), *const x = ours.data(0), *const w = ours.data(1), *const u = ours.data(2),
                     *const b = ours.data(3);
        float *const scratch = static_cast<float *>(work.block(static_cast<size_t>(6 * units) * sizeof(float)));
        return [=, &loops] { loops.lstm(y, x, w, u, b, scratch, n, t, f, units); };
    });
    const auto softmax = [&loops](int logarithm) {
        return [&loops, logarithm](const Keys &k, Work &work, const Work &ours) -> Call {
            float *const y = work.result(), *const x = ours.data(0);
            const long n = key(k, "n"), classes = key(k, "k");
            return [=, &loops] { loops.softmax(y, x, n, classes, logarithm); };
        };
    };
    p["softmax"] = entry(softmax(0));
    p["log_softmax"] = entry(softmax(1));
    const auto each = [](void (*function)(float *, const float *, long)) {
        return [function](const Keys &k, Work &work, const Work &ours) -> Call {
            if (k.at("backward")) return nullptr;
            float *const y = work.result(), *const x = ours.data(0);
            const long n = key(k, "n");
            return [=] { function(y, x, n); };
        };
    };
    p["relu"] = entry(each(loops.relu));
    p["sigmoid"] = entry(each(loops.sigmoid));
    p["tanh"] = entry(each(loops.tanh));
    p["exp"] = entry(each(loops.exp));
    return p;
}

} // namespace naive
