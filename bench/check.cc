/* bench/check.cc - what a call's checks cost: a query, which does nothing else, of a call that is in order and of one
 * that is refused with a record, and for comparison the call itself on tiny operands. bench/run --check builds and
 * starts it; of the repetitions the least counts. */
#include <benchmark/benchmark.h>
#include <algorithm>
#include <functional>
#include <string>
#include <vector>
#include "kernels.h"
#include "tenon.h"

namespace
{

float memory[16][256], workspace[1024], model_memory[8192];

tn_tensor view(int at, int32_t axes, int32_t rank, int64_t a, int64_t b = 0, int64_t c = 0, int64_t d = 0)
{
    return tn_view(memory[at], axes, rank, a, b, c, d);
}

typedef std::function<tn_status(tn_context *)> Call;

double least(const std::vector<double> &v) { return *std::min_element(v.begin(), v.end()); }

/* Three rows: the query of a good call, the good call, the query of a bad one. */
void add(const std::string &name, const Call &good, const Call &bad)
{
    const auto row = [](const std::string &text, const Call &call, int query, bool refused) {
        const auto run = [call, query, refused](benchmark::State &state) {
            tn_context ctx = {};
            tn_diag diag = {};
            ctx.diag = &diag;
            ctx.workspace = workspace;
            ctx.workspace_size = sizeof workspace;
            ctx.query = query;
            if ((call(&ctx) != TN_OK) != refused) return state.SkipWithError(tn_status_name(diag.status));
            for (auto _ : state) benchmark::DoNotOptimize(call(&ctx));
        };
        benchmark::RegisterBenchmark(text.c_str(), run)
            ->Iterations(20000) // of every repetition: they are put together
            ->Repetitions(40)
            ->ReportAggregatesOnly()
            ->ComputeStatistics("least", least);
    };
    row(name + " passed", good, 1, false);
    row(name + " whole", good, 0, false);
    row(name + " refused", bad, 1, true);
}

void dense()
{
    static const tn_tensor x = view(0, 0, 2, 1, 8), named = view(0, TN_NF, 2, 1, 8), w = view(1, 0, 2, 8, 8),
                           named_w = view(1, TN_IO, 2, 8, 8), b = view(2, TN_O, 1, 8), y = view(3, 0, 2, 1, 8),
                           wrong = view(0, TN_NF, 2, 1, 5);
    static const tn_dense_params p = { TN_RELU, 0, 0 };
    add("dense", [](tn_context *ctx) { return tn_dense(ctx, &y, &x, &w, &b, &p); },
        [](tn_context *ctx) { return tn_dense(ctx, &y, &wrong, &w, &b, &p); });
    add("dense named", [](tn_context *ctx) { return tn_dense(ctx, &y, &named, &named_w, &b, &p); },
        [](tn_context *ctx) { return tn_dense(ctx, &y, &wrong, &named_w, &b, &p); });
}

void conv2d()
{
    static const tn_tensor x = view(0, 0, 4, 1, 4, 4, 3), named = view(0, TN_NHWC, 4, 1, 4, 4, 3),
                           w = view(1, 0, 4, 3, 3, 3, 4), named_w = view(1, TN_HWIO, 4, 3, 3, 3, 4),
                           b = view(2, TN_O, 1, 4), y = view(3, 0, 4, 1, 4, 4, 4),
                           wrong = view(0, TN_NHWC, 4, 1, 4, 4, 1);
    static tn_conv2d_params p = {};
    p.window.padding = TN_SAME;
    add("conv2d", [](tn_context *ctx) { return tn_conv2d(ctx, &y, &x, &w, &b, &p); },
        [](tn_context *ctx) { return tn_conv2d(ctx, &y, &wrong, &w, &b, &p); });
    add("conv2d named", [](tn_context *ctx) { return tn_conv2d(ctx, &y, &named, &named_w, &b, &p); },
        [](tn_context *ctx) { return tn_conv2d(ctx, &y, &wrong, &named_w, &b, &p); });
}

void lstm()
{
    static const tn_tensor x = view(0, TN_NTF, 3, 1, 1, 4), w = view(1, 0, 2, 4, 16), u = view(2, 0, 2, 4, 16),
                           b = view(3, 0, 1, 16), y = view(4, 0, 2, 1, 4), h = view(5, 0, 2, 1, 4),
                           c = view(6, 0, 2, 1, 4), wrong = view(0, TN_NTF, 3, 1, 1, 7);
    add("lstm", [](tn_context *ctx) { return tn_lstm(ctx, &y, &h, &c, nullptr, &x, &w, &u, &b, &h, &c, nullptr); },
        [](tn_context *ctx) { return tn_lstm(ctx, &y, &h, &c, nullptr, &wrong, &w, &u, &b, &h, &c, nullptr); });
}

void pool()
{
    static const tn_tensor x = view(0, TN_NHWC, 4, 1, 4, 4, 3), y = view(1, TN_NHWC, 4, 1, 2, 2, 3),
                           wrong = view(1, TN_NHWC, 4, 1, 2, 3, 3);
    add("max_pool2d", [](tn_context *ctx) { return tn_max_pool2d(ctx, &y, nullptr, &x, nullptr); },
        [](tn_context *ctx) { return tn_max_pool2d(ctx, &wrong, nullptr, &x, nullptr); });
}

void loss()
{
    static const tn_tensor l = view(0, 0, 0, 0), x = view(1, TN_NF, 2, 4, 10), dx = view(2, TN_NF, 2, 4, 10),
                           target = tn_as(view(3, TN_N, 1, 4), TN_U8), wrong = tn_as(view(3, TN_N, 1, 5), TN_U8);
    static tn_loss_params p = {};
    p.from = TN_LOGITS;
    add("loss",
        [](tn_context *ctx) { return tn_loss(ctx, TN_SPARSE_CATEGORICAL_CROSSENTROPY, &l, &dx, &x, &target, &p); },
        [](tn_context *ctx) { return tn_loss(ctx, TN_SPARSE_CATEGORICAL_CROSSENTROPY, &l, &dx, &x, &wrong, &p); });
}

/* The binding of data to a model of one dense layer, and its own call. */
bool predict()
{
    static tn_layer layers[2];
    static tn_model model;
    static const tn_tensor x = view(0, TN_NF, 2, 1, 8), y = view(1, TN_NF, 2, 1, 8), wrong = view(0, TN_NF, 2, 1, 5);
    layers[0] = TN_INPUT_F(8);
    layers[1] = TN_DENSE(8, TN_RELU);
    if (tn_model_init(nullptr, &model, "net", layers, 2) != TN_OK ||
        tn_model_build(nullptr, &model, nullptr, 1) != TN_OK ||
        tn_model_memory(nullptr, &model, model_memory, sizeof model_memory, 1) != TN_OK)
        return false;
    add("model_predict", [](tn_context *ctx) { return tn_model_predict(ctx, &model, &y, &x); },
        [](tn_context *ctx) { return tn_model_predict(ctx, &model, &y, &wrong); });
    return true;
}

} // namespace

int main(int argc, char **argv)
{
    benchmark::Initialize(&argc, argv);
    if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
    dense();
    conv2d();
    lstm();
    pool();
    loss();
    if (!predict()) return 1;
    benchmark::AddCustomContext("kernels_compiler", bench_compiler());
    benchmark::RunSpecifiedBenchmarks();
    return 0;
}
