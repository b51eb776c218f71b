/* bench/pool.h - a small persistent pool behind tn_context's parallel_for: the caller is worker 0, each worker has a
 * core of its own. Workers spin shortly before they sleep, as those of the peers do. */
#pragma once
#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <vector>
#if defined(__linux__)
#include <sched.h>
#endif
#if defined(__x86_64__)
#include <immintrin.h>
#endif
#include "tenon.h"

inline void relax()
{
#if defined(__x86_64__)
    _mm_pause();
#endif
}

/* The calling thread, and those it starts from now on, run on these cores; none said: as before. */
inline void stay_on(const std::vector<int> &cores)
{
#if defined(__linux__)
    cpu_set_t set;
    CPU_ZERO(&set);
    for (const int core : cores) CPU_SET(static_cast<size_t>(core), &set);
    if (!cores.empty()) sched_setaffinity(0, sizeof set, &set);
#else
    (void)cores;
#endif
}

class Pool
{
  public:
    Pool(int workers, const std::vector<int> &cores)
    {
        const auto own = [&cores](int worker) {
            const size_t count = cores.size();
            return count ? std::vector<int>{ cores[static_cast<size_t>(worker) % count] } : cores;
        };
        for (int worker = 1; worker < workers; worker++)
            threads.emplace_back([this, worker, core = own(worker)] {
                stay_on(core);
                work(worker);
            });
        if (workers > 1) stay_on(own(0));
    }
    ~Pool()
    {
        publish(nullptr);
        for (std::thread &thread : threads) thread.join();
    }
    Pool(const Pool &) = delete;
    Pool &operator=(const Pool &) = delete;
    int workers() const { return static_cast<int>(threads.size()) + 1; }

    static void parallel_for(void *pool, int32_t tasks, tn_task task, void *arg)
    {
        Job job = { task, arg, tasks, { 0 }, { 0 } };
        static_cast<Pool *>(pool)->run(job);
    }

  private:
    struct Job {
        tn_task task;
        void *arg;
        int32_t tasks;
        std::atomic<int32_t> next;
        std::atomic<size_t> left;
    };
    enum { SPINS = 20000 }; /* about half a millisecond */
    std::vector<std::thread> threads;
    std::mutex mutex;
    std::condition_variable wake;
    Job *job = nullptr;
    std::atomic<unsigned> turn{ 0 };
    int asleep = 0;

    void publish(Job *what)
    {
        std::lock_guard<std::mutex> lock(mutex);
        job = what;
        turn.fetch_add(1, std::memory_order_release);
        if (asleep) wake.notify_all();
    }
    static void take(Job &from, int worker)
    {
        for (int32_t i; (i = from.next.fetch_add(1, std::memory_order_relaxed)) < from.tasks;)
            from.task(from.arg, i, worker);
    }
    void run(Job &mine)
    {
        const bool alone = threads.empty() || mine.tasks < 2;
        if (!alone) publish(&mine);
        take(mine, 0);
        for (int spins = 0; !alone && mine.left.load(std::memory_order_acquire) < threads.size(); spins++)
            spins < SPINS ? relax() : std::this_thread::yield();
    }
    void work(int worker)
    {
        for (unsigned seen = 0;; seen++) {
            for (int spins = 0; turn.load(std::memory_order_acquire) == seen; spins++) {
                relax();
                if (spins < SPINS) continue;
                std::unique_lock<std::mutex> lock(mutex);
                asleep++;
                wake.wait(lock, [&] { return turn.load(std::memory_order_relaxed) != seen; });
                asleep--;
            }
            Job *const mine = job;
            if (!mine) return;
            take(*mine, worker);
            mine->left.fetch_add(1, std::memory_order_release);
        }
    }
};
