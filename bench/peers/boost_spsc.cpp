// boost::lockfree::spsc_queue with its capacity known to the compiler, which is its fastest form: a message at a time
// ("boost") and 32 at a time ("boost-bulk-32").
#include "sampler.hpp"

#include <boost/lockfree/spsc_queue.hpp>
#include <cstdlib>
#include <memory>

using sampler::Pace;
using sampler::Payload;
using sampler::PinnedPair;
using sampler::Sample;

namespace {

template <size_t Slots>
using Queue = boost::lockfree::spsc_queue<Payload, boost::lockfree::capacity<Slots>>;

void require(bool is_whole) {
    if (is_whole) return;
    std::cout << "error a message arrived damaged or out of order" << std::endl;
    std::_Exit(1);
}

// Waiting inside the loops, unlike bench/RingSampler/Measures/Stream.cs: it was tried apart, and cost this queue up to twice.
template <size_t Bulk, class Q>
void send(Q& queue, uint64_t count) {
    Pace pace;
    Payload messages[Bulk];
    for (uint64_t number = 0; number < count; number += Bulk) {
        for (size_t index = 0; index < Bulk; index++) messages[index].write(number + index);
        for (size_t sent = 0; sent < Bulk;) {
            size_t now = Bulk == 1 ? queue.push(messages[0]) : queue.push(messages + sent, Bulk - sent);
            if (now == 0) pace.wait();
            sent += now;
        }
    }
}

template <size_t Bulk, class Q>
void receive(Q& queue, uint64_t first, uint64_t end) {
    Pace pace;
    Payload messages[Bulk];
    uint64_t differences = 0;
    for (uint64_t number = first; number < end;) {
        size_t now = Bulk == 1 ? queue.pop(messages[0]) : queue.pop(messages, std::min<uint64_t>(Bulk, end - number));
        if (now == 0) pace.wait();
        for (size_t index = 0; index < now; index++) differences |= messages[index].sum() ^ Payload::sum_of(number++);
    }
    require(differences == 0);
}

template <size_t Bulk, size_t Slots>
Sample stream(PinnedPair& pair, uint32_t count) {
    auto queue = std::make_unique<Queue<Slots>>();
    uint64_t warm_up = 4 * Slots;
    uint64_t timed = count / Bulk * Bulk;
    uint64_t ticks = 0;
    bool undisturbed = pair.run(
        [&] { send<Bulk>(*queue, warm_up + timed); },
        [&] {
            receive<Bulk>(*queue, 0, warm_up);
            uint64_t start = __rdtsc();
            receive<Bulk>(*queue, warm_up, warm_up + timed);
            ticks = __rdtsc() - start;
        });
    return {static_cast<double>(ticks) / timed, undisturbed};
}

template <class Q>
void send_one(Q& queue, Pace& pace, uint64_t number) {
    Payload message;
    message.write(number);
    while (!queue.push(message)) pace.wait();
}

template <class Q>
uint64_t receive_one(Q& queue, Pace& pace) {
    Payload message;
    while (!queue.pop(message)) pace.wait();
    return message.sum();
}

template <size_t Slots>
Sample round_trip(PinnedPair& pair, uint32_t count) {
    auto requests = std::make_unique<Queue<Slots>>();
    auto answers = std::make_unique<Queue<Slots>>();
    uint64_t warm_up = 4 * Slots;
    uint64_t ticks = 0;
    bool undisturbed = pair.run(
        [&] {
            Pace pace;
            uint64_t start = 0;
            for (uint64_t number = 0; number < warm_up + count; number++) {
                if (number == warm_up) start = __rdtsc();
                send_one(*requests, pace, number);
                require(receive_one(*answers, pace) == Payload::sum_of(Payload::sum_of(number)));
            }
            ticks = __rdtsc() - start;
        },
        [&] {
            Pace pace;
            for (uint64_t number = 0; number < warm_up + count; number++)
                send_one(*answers, pace, receive_one(*requests, pace));
        });
    return {static_cast<double>(ticks) / count, undisturbed};
}

template <size_t Slots>
std::optional<Sample> take(PinnedPair& pair, const std::string& measure, const std::string& contender, uint32_t count) {
    if (measure == "stream" && contender == "boost") return stream<1, Slots>(pair, count);
    if (measure == "stream" && contender == "boost-bulk-32") return stream<32, Slots>(pair, count);
    if (measure == "round-trip" && contender == "boost") return round_trip<Slots>(pair, count);
    return std::nullopt;
}

}  // namespace

int main() {
    return sampler::serve([](PinnedPair& pair, const std::string& measure, const std::string& contender, uint32_t slots,
                             uint32_t count) -> std::optional<Sample> {
        switch (slots) {
            case 64: return take<64>(pair, measure, contender, count);
            case 256: return take<256>(pair, measure, contender, count);
            case 1024: return take<1024>(pair, measure, contender, count);
            default: return std::nullopt;
        }
    });
}
