/* bench/peer_openblas.h - OpenBLAS' products; a convolution is im2col and a product for each image, one of 1x1 the
 * product alone. Its kernels are chosen by OPENBLAS_CORETYPE, which bench/run sets. */
#pragma once
#include "work.h"
#if defined(BENCH_OPENBLAS)
#include <cblas.h>

namespace openblas
{

typedef std::vector<Work> Ways;

inline blasint whole(int64_t n) { return static_cast<blasint>(n); }

/* y[n,o] = op(a) op(b) + by * y, row-major */
inline void product(float *y, const float *a, bool ta, const float *b, bool tb, int64_t n, int64_t k, int64_t o,
                    float by)
{
    if (n == 1 && !tb) cblas_sgemv(CblasRowMajor, CblasTrans, whole(k), whole(o), 1, b, whole(o), a, 1, by, y, 1);
    else
        cblas_sgemm(CblasRowMajor, ta ? CblasTrans : CblasNoTrans, tb ? CblasTrans : CblasNoTrans, whole(n), whole(o),
                    whole(k), 1, a, whole(ta ? n : k), b, whole(tb ? k : o), by, y, whole(o));
}

inline Ways one(const Work &ours, const char *how, const std::function<void(Work &)> &set)
{
    Ways ways(1);
    ways[0] = beside(ours, how);
    set(ways[0]);
    return ways;
}

inline Ways gemm(const Keys &k, const Work &ours)
{
    return one(ours, "sgemm", [&](Work &work) {
        const float *const a = ours.data(0), *const b = ours.data(1);
        float *const y = work.result();
        const int64_t n = k.at("n"), in = k.at("k"), o = k.at("o");
        const bool ta = k.at("ta") != 0, tb = k.at("tb") != 0;
        work.call = [=](tn_context *) { return product(y, a, ta, b, tb, n, in, o, 0), TN_OK; };
    });
}

inline Ways dense(const Keys &k, const Work &ours, const Naive &loops)
{
    if (k.at("act") != TN_RELU && k.at("act") != TN_LINEAR) return Ways();
    return one(ours, k.at("n") == 1 ? "sgemv" : "sgemm", [&](Work &work) {
        const float *const x = ours.data(0), *const w = ours.data(1), *const b = ours.data(2);
        float *const y = work.result();
        const long n = static_cast<long>(k.at("n")), i = static_cast<long>(k.at("i")), o = static_cast<long>(k.at("o"));
        const bool relu = k.at("act") == TN_RELU, bias = k.at("bias") != 0;
        work.call = [=](tn_context *) {
            if (bias) loops.rows(y, b, n, o);
            product(y, x, false, w, false, n, i, o, bias);
            if (relu) loops.relu(y, y, n * o);
            return TN_OK;
        };
    });
}

inline Ways convolution(const Keys &k, const Work &ours, const Naive &loops)
{
    const Geometry g = geometry_of(k);
    const bool product_alone = g.kh == 1 && g.kw == 1 && g.stride == 1 && !g.top && !g.left;
    if (g.groups > 1) return Ways();
    return one(ours, product_alone ? "sgemm" : "im2col, sgemm", [&](Work &work) {
        const float *const x = ours.data(0), *const w = ours.data(1), *const b = ours.data(2);
        float *const y = work.result();
        const long out = g.oh * g.ow, taps = g.kh * g.kw * g.c;
        float *const rows =
            product_alone ? nullptr : static_cast<float *>(work.block(static_cast<size_t>(out * taps) * sizeof(float)));
        work.call = [=](tn_context *) {
            loops.rows(y, b, g.n * out, g.k);
            for (long n = 0; n < g.n; n++) {
                const float *const image = x + n * g.h * g.w * g.c;
                if (rows) loops.im2col(&g, rows, image);
                product(y + n * out * g.k, rows ? rows : image, false, w, false, out, taps, g.k, 1);
            }
            return TN_OK;
        };
    });
}

inline Peer peer(int threads, const Naive &loops)
{
    openblas_set_num_threads(threads);
    return {
        { "gemm", gemm },
        { "dense", [&loops](const Keys &k, const Work &ours) { return dense(k, ours, loops); } },
        { "dense_unpacked", [&loops](const Keys &k, const Work &ours) { return dense(k, ours, loops); } },
        { "conv2d", [&loops](const Keys &k, const Work &ours) { return convolution(k, ours, loops); } },
    };
}

} // namespace openblas
#endif
