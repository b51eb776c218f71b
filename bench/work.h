/* bench/work.h - one call, ready to be repeated: what the operators and the peers hand to bench/bench.cc. */
#pragma once
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <map>
#include <memory>
#include <new>
#include <stdexcept>
#include <string>
#include <vector>
#include "naive.h"
#include "tenon.h"

inline void must(tn_status status)
{
    if (status != TN_OK) throw std::invalid_argument(tn_status_name(status));
}

struct Work {
    std::function<tn_status(tn_context *)> call;
    double flops = 0, bytes = 0, elements = 0; /* of a call; bytes: every operand read or written once */
    double terms = 0;                          /* products that one output sums; 0: none, see differs */
    std::vector<tn_tensor> in;                 /* what the peers read, in the library's plain layouts */
    tn_tensor out = {};
    std::function<void()> unpack; /* a peer's result into out, not timed */
    std::function<void()> quiet;  /* sends a peer's spinning threads to sleep */
    std::string how;
    std::vector<std::unique_ptr<void, void (*)(void *)>> memory;

    void *block(size_t bytes_wanted) /* on a cache line, as most allocators place what is large */
    {
        void *const p = aligned_alloc(64, (bytes_wanted + 63) / 64 * 64 + 64);
        if (!p) throw std::bad_alloc();
        memory.emplace_back(p, std::free);
        return p;
    }
    tn_tensor tensor(int rank, int64_t a, int64_t b = 0, float range = 1.0f) /* uniform in -range to range */
    {
        return filled(tn_view(nullptr, 0, rank, a, b, 0, 0), range);
    }
    tn_tensor filled(tn_tensor t, float range = 1.0f)
    {
        const tn_random stream = { 1, 0, 0, static_cast<int32_t>(memory.size()), 0 };
        t.data = block(tn_bytes(&t));
        must(tn_random_uniform(nullptr, &t, &stream, -range, range));
        return t;
    }
    void reads(const std::vector<tn_tensor> &operands, const tn_tensor &result)
    {
        in = operands;
        out = result;
        bytes = static_cast<double>(tn_bytes(&out));
        for (const tn_tensor &t : in) bytes += static_cast<double>(tn_bytes(&t));
    }
    float *data(size_t operand) const { return static_cast<float *>(in[operand].data); }
    float *result() const { return static_cast<float *>(out.data); }
};

/* A peer's Work: the same result in memory of its own, NaN until it is written. */
inline Work beside(const Work &ours, const std::string &how)
{
    Work work;
    work.how = how;
    work.out = ours.out;
    work.out.data = std::memset(work.block(tn_bytes(&ours.out)), 0xff, tn_bytes(&ours.out));
    return work;
}

typedef std::map<std::string, int64_t> Keys;
enum { REQUIRED = -1, SAME = -2 }; /* SAME: of pad, else a number of rows and columns on each side */

/* A peer: for each operator that it has, the ways to do it; the fastest is taken. */
typedef std::map<std::string, std::function<std::vector<Work>(const Keys &, const Work &ours)>> Peer;

inline Geometry geometry_of(const Keys &k)
{
    const auto number = [&](const char *key, int64_t fallback) {
        return static_cast<long>(k.count(key) ? k.at(key) : fallback);
    };
    Geometry g = {};
    g.n = number("n", 1), g.h = number("h", 1), g.w = number("w", 1), g.c = number("c", 1), g.k = number("k", g.c);
    g.kh = number("kh", number("size", g.h)), g.kw = number("kw", number("size", g.w));
    g.stride = number("stride", 1) ? number("stride", 1) : g.kh;
    g.dilation = number("dilation", 1);
    g.groups = number("groups", k.count("k") ? 1 : g.c);
    const auto along = [&](long size, long window, long *before, long *after) {
        const long span = (window - 1) * g.dilation + 1, pad = number("pad", 0);
        long out = (size + 2 * pad - span) / g.stride + 1;
        *before = *after = pad;
        if (pad == SAME) {
            out = (size + g.stride - 1) / g.stride;
            const long all = std::max(0L, (out - 1) * g.stride + span - size);
            *before = all / 2;
            *after = all - *before;
        }
        return out;
    };
    g.oh = along(g.h, g.kh, &g.top, &g.bottom);
    g.ow = along(g.w, g.kw, &g.left, &g.right);
    return g;
}
