// What every peer in C++ shares with bench/RingSampler: two pinned threads, the paced wait, the placement probe, and the
// requests and answers, one line each (see SampleServer.cs there).
#pragma once

#include <sched.h>
#include <sys/resource.h>
#include <x86intrin.h>

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <functional>
#include <iostream>
#include <optional>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

namespace sampler {

// 56 bytes, as in kernel/Abi/Ring/RingPayload.cs. Message n holds the words n to n + 6.
struct Payload {
    uint64_t words[7];

    void write(uint64_t number) {
        for (uint64_t word = 0; word < 7; word++) words[word] = number + word;
    }

    uint64_t sum() const {
        uint64_t total = 0;
        for (uint64_t word : words) total += word;
        return total;
    }

    static uint64_t sum_of(uint64_t number) { return 7 * number + 21; }
};

// Machine/Pace.cs.
class Pace {
    uint32_t looks_ = 0;

public:
    void wait() {
        uint64_t volatile now = __rdtsc();
        (void)now;
        if (++looks_ % 16 == 0) _mm_pause();
    }
};

struct Sample {
    double ticks;
    bool undisturbed;
};

// Machine/PinnedPair.cs.
class PinnedPair {
    std::vector<int> processors_;
    std::atomic<int> ready_{0};
    std::atomic<long> switches_{0};

public:
    PinnedPair() {
        cpu_set_t allowed;
        sched_getaffinity(0, sizeof allowed, &allowed);
        for (int processor = 0; processor < CPU_SETSIZE; processor++)
            if (CPU_ISSET(processor, &allowed)) processors_.push_back(processor);
    }

    bool is_possible() const { return processors_.size() >= 2; }

    // True when neither thread lost its processor.
    bool run(const std::function<void()>& first, const std::function<void()>& second) {
        ready_ = 0;
        switches_ = 0;
        std::thread one([&] { enter(processors_[0], first); });
        std::thread two([&] { enter(processors_[1], second); });
        one.join();
        two.join();
        return switches_ == 0;
    }

private:
    void enter(int processor, const std::function<void()>& action) {
        cpu_set_t only;
        CPU_ZERO(&only);
        CPU_SET(processor, &only);
        sched_setaffinity(0, sizeof only, &only);
        await_peer();
        run_first();
        await_peer();
        long before = involuntary_switches();
        action();
        switches_ += involuntary_switches() - before;
    }

    // Machine/Linux.cs, TryRunFirst, says why by turns and within a limit.
    static void run_first() {
        rlimit limit{2'000'000, 2'000'000};
        sched_param first_of_all{};
        first_of_all.sched_priority = 1;
        if (setrlimit(RLIMIT_RTTIME, &limit) == 0) sched_setscheduler(0, SCHED_RR, &first_of_all);
    }

    void await_peer() {
        int target = (++ready_ + 1) / 2 * 2;
        while (ready_ < target) _mm_pause();
    }

    static long involuntary_switches() {
        rusage usage;
        getrusage(RUSAGE_THREAD, &usage);
        return usage.ru_nivcsw;
    }
};

// Measures/Bounds.cs, OneLine.
inline Sample probe(PinnedPair& pair) {
    constexpr uint64_t count = 500;
    alignas(64) static std::atomic<uint64_t> line;
    line = 0;
    uint64_t ticks = 0;
    auto await = [](uint64_t value, Pace& pace) {
        while (line.load(std::memory_order_acquire) != value) pace.wait();
    };
    bool undisturbed = pair.run(
        [&] {
            Pace pace;
            uint64_t start = __rdtsc();
            for (uint64_t turn = 1; turn < 2 * count; turn += 2) {
                line.store(turn, std::memory_order_release);
                await(turn + 1, pace);
            }
            ticks = __rdtsc() - start;
        },
        [&] {
            Pace pace;
            for (uint64_t turn = 1; turn < 2 * count; turn += 2) {
                await(turn, pace);
                line.store(turn + 1, std::memory_order_release);
            }
        });
    return {static_cast<double>(ticks) / count, undisturbed};
}

// Takes one sample, or nothing when the request is not understood: measure, contender, slots, count.
using Take = std::function<std::optional<Sample>(PinnedPair&, const std::string&, const std::string&, uint32_t, uint32_t)>;

inline int serve(const Take& take) {
    PinnedPair pair;
    if (!pair.is_possible()) {
        std::cout << "error two processors are needed" << std::endl;
        return 1;
    }

    for (std::string request; std::getline(std::cin, request);) {
        std::istringstream words(request);
        std::string measure, contender;
        uint32_t slots = 0, count = 0;
        words >> measure >> contender >> slots >> count;
        Sample before = probe(pair);
        std::optional<Sample> sample = words ? take(pair, measure, contender, slots, count) : std::nullopt;
        Sample after = probe(pair);
        if (sample)
            std::cout << "sample " << sample->ticks << ' ' << before.ticks << ' ' << after.ticks << ' '
                      << (before.undisturbed && sample->undisturbed && after.undisturbed) << std::endl;
        else
            std::cout << "error not understood: " << request << std::endl;
    }
    return 0;
}

}  // namespace sampler
