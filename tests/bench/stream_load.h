// Many clients of an event stream on one epoll loop, in this process: the same for Daybook and for
// what it is compared with.
//
// What is measured: from the moment at which an event is handed in (the request that publishes it
// is about to be sent) to the moment at which a client has read the whole frame. Events are known
// by a marker in them, see marker().
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace daybook::bench {

// "seq-00000012": to stand somewhere in the event.
std::string marker(std::int64_t number);

class StreamLoad {
 public:
    // Connects so many clients, which each send the request.
    StreamLoad(int port, const std::string& request, int clients);
    ~StreamLoad();
    StreamLoad(const StreamLoad&) = delete;
    StreamLoad& operator=(const StreamLoad&) = delete;

    // Throws std::runtime_error if one is not answered 200.
    void wait_until_served();

    struct Result {
        std::vector<double> latencies_ms;  // of each delivery, sorted
        std::vector<double> last_ms;       // of each event, to the last client
        [[nodiscard]] double percentile_ms(double share) const;
    };
    // Calls publish(number) for so many events at that rate, and waits until everybody has them
    // all. Throws std::runtime_error if somebody does not within 30 s.
    Result measure(int events, double per_second,
                   const std::function<void(std::int64_t number)>& publish);

 private:
    struct Client {
        int fd = -1;
        std::string unfinished;
    };

    void receive_all();
    void receive(Client& client);
    void take_frame(std::string_view frame, std::int64_t now_ns);

    int epoll_;
    std::vector<Client> clients_;
    std::atomic<std::size_t> served_ = 0;
    std::atomic<bool> is_over_ = false;
    std::atomic<bool> has_failed_ = false;

    static constexpr std::size_t kEventsMax = 100'000;
    std::int64_t next_ = 0;
    std::vector<std::atomic<std::int64_t>> sent_ns_;
    std::vector<std::int64_t> last_ns_;
    std::vector<double> latencies_ms_;
    std::atomic<std::int64_t> deliveries_ = 0;
    std::thread thread_;
};

}  // namespace daybook::bench
