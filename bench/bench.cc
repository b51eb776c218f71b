/* bench/bench.cc - one Google Benchmark row for each line of a file of shapes: Tenon and each peer in turn, between two
 * probes of the FMA peak. bench/run builds and starts it, in an environment that the peers' instruction sets and
 * threads depend on.
 *
 *     bench SHAPES [--filter=RE] [--isa=NAME] [--threads=N] [--cores=N,N] [--repetitions=N] [--patience=SECONDS]
 *           [Google Benchmark's flags]
 */
#include <unistd.h>
#include <regex>
#include "peer_dnnl.h"
#include "peer_naive.h"
#include "peer_openblas.h"
#include "peer_xnnpack.h"
#include "shapes.h"
#include "table.h"

namespace
{

typedef std::vector<std::pair<std::string, Peer>> Peers;

struct Contender {
    std::string name;
    Work *work;
    tn_context ctx;
    long calls;
};

/* A row's operands and contenders, kept from its first repetition to its last. */
struct Prepared {
    Work ours;
    std::map<std::string, Work> peers;
    std::vector<Contender> contenders;
    tn_diag diag = {};
    std::string error, label;
    int left = 0;
};

/* Where the results differ by more than rounding, else nothing. Operands are at most 1: partial sums grow as the square
 * root of their number of terms, and so does what is lost of each. Without sums, that of approximations. */
std::string differs(const Work &ours, const Work &theirs)
{
    const size_t count = tn_bytes(&ours.out) / sizeof(float);
    if (theirs.unpack) theirs.unpack();
    for (size_t i = 0; i < count; i++) {
        const double a = static_cast<double>(theirs.result()[i]), b = static_cast<double>(ours.result()[i]);
        const double allowed =
            ours.terms > 0 ? 1e-6 * std::max(ours.terms, 16.0) : 1.6e-5 * std::max(1.0, std::fabs(b));
        if (!(std::fabs(a - b) <= allowed)) {
            char text[160];
            std::snprintf(text, sizeof text, "its result %zu is %.7g, ours %.7g: more than %.1g apart", i, a, b,
                          allowed);
            return text;
        }
    }
    return "";
}

/* Seconds of a call, after a few of them that warm caches and wake threads. */
double timed(Contender &c, Pool &pool, long calls)
{
    for (long i = 0; i <= calls / 8; i++) c.work->call(&c.ctx);
    const double start = now(pool);
    for (long i = 0; i < calls; i++) c.work->call(&c.ctx);
    const double took = now(pool) - start;
    if (c.work->quiet) c.work->quiet();
    if (pool.workers() > 1) usleep(1000); /* until nobody spins */
    return took / static_cast<double>(calls);
}

void calibrate(Contender &c, Pool &pool) /* to a sample of 1 ms */
{
    double took = timed(c, pool, c.calls = 1);
    while (took * static_cast<double>(c.calls) < 2.5e-4) took = timed(c, pool, c.calls *= 2);
    c.calls = std::max(1L, static_cast<long>(1e-3 / took));
}

/* The fastest of a peer's ways; what a wrong one gave is told. */
std::string add_peer(Prepared &row, Pool &pool, const std::string &name, std::vector<Work> ways)
{
    double least = HUGE_VAL;
    Contender best = {};
    for (Work &way : ways) {
        Contender c = { name, &way, {}, 1 };
        if (way.call(&c.ctx) != TN_OK) continue;
        const std::string what = differs(row.ours, way);
        if (!what.empty()) return name + " (" + way.how + "): " + what;
        calibrate(c, pool);
        double took = HUGE_VAL;
        for (int i = 0; i < 3 && ways.size() > 1; i++) took = std::min(took, timed(c, pool, c.calls));
        if (least == HUGE_VAL || took < least) {
            best = c;
            least = took;
        }
    }
    if (!best.work) return "";
    row.label += (row.label.empty() ? "" : "; ") + name + ": " + best.work->how;
    row.peers[name] = std::move(*best.work);
    best.work = &row.peers[name];
    row.contenders.push_back(best);
    return "";
}

std::string prepare(Prepared &p, const Row &row, const Isa &isa, Pool &pool, const Peers &peers)
{
    tn_isa_use(isa.id);
    try {
        p.ours = row.op->make(row.keys);
        for (int alone = 0; alone <= (pool.workers() > 1); alone++) {
            Contender c = { alone ? "Tenon1" : "Tenon", &p.ours, {}, 1 };
            c.ctx.diag = &p.diag;
            if (pool.workers() > 1 && !alone) {
                c.ctx.parallel_for = Pool::parallel_for;
                c.ctx.pool = &pool;
                c.ctx.workers = pool.workers();
            }
            c.ctx.query = 1;
            if (p.ours.call(&c.ctx) == TN_OK && c.ctx.need)
                c.ctx.workspace = p.ours.block(c.ctx.workspace_size = c.ctx.need);
            c.ctx.query = 0;
            if (p.ours.call(&c.ctx) != TN_OK) {
                char text[300];
                tn_diag_format(&p.diag, TN_LINE, text, sizeof text);
                return text;
            }
            calibrate(c, pool);
            p.contenders.push_back(c);
        }
        for (const auto &peer : peers) {
            const auto entry = peer.second.find(row.name);
            if (entry == peer.second.end()) continue;
            const std::string what = add_peer(p, pool, peer.first, entry->second(row.keys, p.ours));
            if (!what.empty()) return what;
        }
    } catch (const std::bad_alloc &) {
        return "does not fit the memory";
    } catch (const std::invalid_argument &status) {
        return status.what();
    }
    return "";
}

struct Measured {
    double probe0, probe1;
    std::vector<double> times;
    double unsteady() const { return std::fabs(probe0 / probe1 - 1); }
};

double clock_now() { return seconds(CLOCK_MONOTONIC); }

/* Each contender while the cores are ours alone, if that comes by before the deadline. */
Measured measure(Prepared &p, const Isa &isa, Pool &pool, Sharing &sharing, double deadline)
{
    Measured m;
    m.probe0 = probe(isa, pool);
    for (Contender &c : p.contenders) {
        double took;
        bool shared;
        do {
            while (sharing.now(isa, pool) && clock_now() < deadline) continue;
            took = timed(c, pool, c.calls);
            shared = sharing.now(isa, pool);
        } while (shared && clock_now() < deadline);
        m.times.push_back(took);
        sharing.samples++;
        sharing.shared += shared;
    }
    m.probe1 = probe(isa, pool);
    return m;
}

void run_row(benchmark::State &state, Prepared &p, const Isa &isa, Pool &pool, Sharing &sharing, double patience)
{
    if (!p.error.empty()) return state.SkipWithError(p.error.c_str());
    tn_isa_use(isa.id);
    for (auto _ : state) {
        const double deadline = clock_now() + patience;
        Measured best = measure(p, isa, pool, sharing, deadline);
        /* the clock moved: once more */
        for (int i = 1; i < 5 && best.unsteady() > 0.03 && clock_now() < deadline; i++) {
            const Measured again = measure(p, isa, pool, sharing, deadline);
            if (again.unsteady() < best.unsteady()) best = again;
        }
        const double peak = (best.probe0 + best.probe1) / 2, time = best.times[0];
        state.SetIterationTime(time);
        state.SetLabel(p.label);
        for (size_t i = 0; i < p.contenders.size(); i++)
            state.counters[p.contenders[i].name + "_us"] = best.times[i] * 1e6;
        state.counters["peak"] = peak;
        state.counters["probe0"] = best.probe0;
        state.counters["probe1"] = best.probe1;
        state.counters["bytes"] = p.ours.bytes;
        if (p.ours.flops > 0) {
            state.counters["flops"] = p.ours.flops;
            state.counters["GFLOP/s"] = p.ours.flops / time * 1e-9;
            state.counters["%peak"] = p.ours.flops / time * 1e-7 / peak;
        } else {
            state.counters["elements"] = p.ours.elements;
            state.counters["GB/s"] = p.ours.bytes / time * 1e-9;
            state.counters["ns/element"] = time / p.ours.elements * 1e9;
        }
    }
}

/* Those that are there, after a line about each that is not. */
Peers find_peers(const Isa &isa, int threads)
{
    Peers peers;
    (void)threads; /* where no peer is installed */
    const bool widest = isa.id == isas().back().id, avx2 = isa.id == TN_ISA_AVX2;
    const auto without = [](const char *name, const char *why) { std::printf("without %s: %s\n", name, why); };
    if (!widest && !avx2) {
        without("peers", "they cannot be bounded to this instruction set");
        return peers;
    }
#if defined(BENCH_DNNL)
    peers.emplace_back("oneDNN", onednn::peer());
#else
    without("oneDNN", "libdnnl-dev 2 is not installed");
#endif
#if defined(BENCH_XNNPACK)
    if (widest) peers.emplace_back("XNNPACK", xnnpack::peer(threads));
    else without("XNNPACK", "it cannot be bounded to this instruction set");
#else
    without("XNNPACK", "libxnnpack-dev and libpthreadpool-dev are not installed");
#endif
#if defined(__x86_64__)
    const Naive &loops = avx2 ? naive_avx2 : naive_native;
#else
    const Naive &loops = naive_native;
#endif
#if defined(BENCH_OPENBLAS)
    peers.emplace_back("OpenBLAS", openblas::peer(threads, loops));
#else
    without("OpenBLAS", "libopenblas-dev is not installed");
#endif
    peers.emplace_back("naive C", naive::peer(loops));
    return peers;
}

std::string processor()
{
    std::ifstream lines("/proc/cpuinfo");
    for (std::string line; std::getline(lines, line);)
        if (line.rfind("model name", 0) == 0) return line.substr(std::min(line.size(), line.find(':') + 2));
    return "";
}

} // namespace

int main(int argc, char **argv)
{
    std::string filter, only;
    std::vector<int> cores;
    int repetitions = 10, threads = 1;
    double patience = 1;
    if (argc < 2)
        refuse("usage: bench SHAPES [--filter=RE] [--isa=NAME] [--threads=N] [--cores=N,N] [--repetitions=N] "
               "[--patience=SECONDS]");
    const std::string file = argv[1];
    std::vector<char *> others = { argv[0] };
    for (int i = 2; i < argc; i++) {
        const std::string word = argv[i], value = word.substr(word.find('=') + 1);
        if (word.rfind("--filter=", 0) == 0) filter = value;
        else if (word.rfind("--isa=", 0) == 0) only = value;
        else if (word.rfind("--threads=", 0) == 0) threads = std::max(1, std::atoi(value.c_str()));
        else if (word.rfind("--repetitions=", 0) == 0) repetitions = std::max(1, std::atoi(value.c_str()));
        else if (word.rfind("--patience=", 0) == 0) patience = std::atof(value.c_str());
        else if (word.rfind("--cores=", 0) == 0) {
            std::istringstream numbers(value);
            for (std::string number; std::getline(numbers, number, ',');) cores.push_back(std::atoi(number.c_str()));
        } else others.push_back(argv[i]);
    }
    int kept = static_cast<int>(others.size());
    benchmark::Initialize(&kept, others.data());
    if (benchmark::ReportUnrecognizedArguments(kept, others.data())) return 2;

    const std::vector<Row> rows = read_shapes(file);
    std::regex wanted;
    try {
        wanted = filter;
    } catch (const std::regex_error &error) {
        refuse("filter " + filter + ": " + error.what());
    }
    std::string there;
    std::vector<Isa> chosen;
    for (const Isa &isa : isas()) {
        there += (there.empty() ? "" : ", ") + std::string(isa.name);
        if (only == "all" || only == isa.name) chosen.push_back(isa);
    }
    if (only.empty()) chosen.push_back(isas().back());
    if (chosen.empty()) refuse("this machine has no instruction set '" + only + "'; it has " + there + ", all");

    stay_on(cores); /* what starts threads of its own does so before this one has a core for itself */
    const Peers peers = find_peers(chosen.back(), threads), none;
    Pool pool(threads, cores);
    Sharing sharing;
    for (const double end = clock_now() + std::min(patience, 0.3); clock_now() < end;) sharing.now(chosen.back(), pool);
    size_t widest = 0;
    for (const Row &row : rows) {
        if (!std::regex_search(row.text, wanted)) continue;
        for (const Isa &isa : chosen) {
            const auto kept_row = std::make_shared<std::unique_ptr<Prepared>>();
            const std::string name = row.text + "/" + isa.name;
            const bool compared = &isa == &chosen.back();
            const auto run = [=, &row, &isa, &pool, &peers, &none, &sharing](benchmark::State &state) {
                if (!*kept_row) {
                    kept_row->reset(new Prepared);
                    (*kept_row)->left = repetitions;
                    (*kept_row)->error = prepare(**kept_row, row, isa, pool, compared ? peers : none);
                }
                run_row(state, **kept_row, isa, pool, sharing, patience);
                if (!--(*kept_row)->left) kept_row->reset();
            };
            auto *const b = benchmark::RegisterBenchmark(name.c_str(), run);
            b->UseManualTime()->Iterations(1)->Unit(benchmark::kMicrosecond)->Repetitions(repetitions);
            if (repetitions > 1) b->ReportAggregatesOnly();
            widest = std::max(widest, name.size());
        }
    }
    if (!widest) refuse("no row of " + file + " matches");
    benchmark::AddCustomContext("kernels_compiler", bench_compiler());
    benchmark::AddCustomContext("processor", processor());
    benchmark::AddCustomContext("isa", chosen.back().name);
    benchmark::AddCustomContext("threads", std::to_string(threads));
    const long level2 = sysconf(_SC_LEVEL2_CACHE_SIZE);
    const size_t cache = level2 > 0 ? static_cast<size_t>(level2) : 1 << 20;
    benchmark::AddCustomContext("read_L2_GB/s", std::to_string(read_rate(chosen.back(), pool, cache / 4)));
    benchmark::AddCustomContext("read_L3_GB/s", std::to_string(read_rate(chosen.back(), pool, cache * 4)));
    Table table(pool, sharing, widest);
    benchmark::RunSpecifiedBenchmarks(&table);
    return table.failed;
}
