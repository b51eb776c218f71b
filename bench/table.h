/* bench/table.h - the table that bench/run prints: a row with its best peer, at the end what the rows say together. */
#pragma once
#include <benchmark/benchmark.h>
#include <chrono>
#include <cmath>
#include <cstdio>
#include "kernels.h"
#include "probe.h"

class Table : public benchmark::BenchmarkReporter
{
  public:
    bool failed = false;

    Table(Pool &workers, const Sharing &cores, size_t widest)
        : pool(workers), sharing(cores), width(static_cast<int>(widest) + 2), cpu(now_cpu()) {}
    bool ReportContext(const Context &) override
    {
        std::printf("kernels by %s; time in us, ratio: the best peer's time / ours", bench_compiler());
        if (pool.workers() > 1) std::printf("; %d threads, x1: one thread's time / theirs", pool.workers());
        std::printf("\n\n%-*s%11s  %-9s%11s%7s%15s%7s%9s%s\n", width, "row", "Tenon", "peer", "time", "ratio", "rate",
                    "%peak", "peak", pool.workers() > 1 ? "    x1" : "");
        return true;
    }
    void ReportRuns(const std::vector<Run> &runs) override
    {
        for (const Run &run : runs)
            if (run.run_type != Run::RT_Aggregate || run.aggregate_name == "median")
                if (seen.emplace(run.family_index, true).second) print(run);
        std::fflush(stdout);
    }
    void Finalize() override
    {
        int below = 0;
        double logarithms = 0;
        for (const double ratio : ratios) {
            below += ratio < 0.97;
            logarithms += std::log(ratio);
        }
        std::printf("\nFMA peak, median of the rows' probes:");
        for (const auto &peak : peaks) std::printf("  %s %.1f GFLOP/s", peak.first.c_str(), median(peak.second));
        if (peaks.count("avx2") && peaks.count("avx512"))
            std::printf("  (avx512 / avx2 %.2f)", median(peaks["avx512"]) / median(peaks["avx2"]));
        std::printf("\n");
        const double share =
            (now_cpu() - cpu) / std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
        if (pool.workers() == 1 && share < 0.95)
            std::printf("Not alone: this program had %.0f %% of its core; repeat it where nothing else runs.\n",
                        100 * share);
        std::printf("Samples taken while another thread shared the core: %ld of %ld.\n",
                    sharing.shared, sharing.samples);
        std::printf("geomean %.2f over %zu rows, %d rows below 0.97\n",
                    std::exp(logarithms / static_cast<double>(std::max<size_t>(ratios.size(), 1))), ratios.size(),
                    below);
    }

  private:
    const std::chrono::steady_clock::time_point start = std::chrono::steady_clock::now();
    Pool &pool;
    const Sharing &sharing;
    const int width;
    const double cpu;
    std::map<int64_t, bool> seen;
    std::map<std::string, std::vector<double>> peaks;
    std::vector<double> ratios;

    static double now_cpu() { return seconds(CLOCK_THREAD_CPUTIME_ID); }
    static std::string text(const Run &run, const char *counter, int digits, const char *unit)
    {
        char s[32] = "";
        const auto found = run.counters.find(counter);
        if (found != run.counters.end())
            std::snprintf(s, sizeof s, "%.*f%s", digits, static_cast<double>(found->second), unit);
        return s;
    }
    void print(const Run &run)
    {
        const std::string &name = run.run_name.function_name;
        std::printf("%-*s", width, name.c_str());
        if (run.error_occurred) {
            std::printf(" %s\n", run.error_message.c_str());
            failed = true;
            return;
        }
        const double time = run.counters.at("Tenon_us");
        std::pair<double, std::string> best = { HUGE_VAL, "-" };
        for (const auto &counter : run.counters) {
            const std::string &key = counter.first;
            if (key.size() > 3 && key.compare(key.size() - 3, 3, "_us") == 0 && key.rfind("Tenon", 0) != 0)
                best = std::min(best, { counter.second, key.substr(0, key.size() - 3) });
        }
        std::printf("%11.2f  %-9s", time, best.second.c_str());
        if (best.second == "-") std::printf("%11s%7s", "-", "-");
        else std::printf("%11.2f%7.2f", best.first, best.first / time);
        const std::string rate = text(run, "GFLOP/s", 1, " GFLOP/s") + text(run, "GB/s", 1, " GB/s");
        std::printf("%15s%7s%9s", rate.c_str(), text(run, "%peak", 1, "").c_str(), text(run, "peak", 1, "").c_str());
        if (run.counters.count("Tenon1_us")) std::printf("%6.2f", run.counters.at("Tenon1_us") / time);
        std::printf("\n");
        if (best.second != "-") ratios.push_back(best.first / time);
        peaks[name.substr(name.rfind('/') + 1)].push_back(run.counters.at("peak"));
    }
};
