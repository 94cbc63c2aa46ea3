// A receiver of webhooks on this machine: it keeps what it was sent and answers what the test says.
//
// One request at a time, on a thread of its own. Every wait of the test ends after
// kPatienceSeconds.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace daybook::test {

struct Received {
    std::string line;                            // "POST /in HTTP/1.1"
    std::map<std::string, std::string> headers;  // names in lower case
    std::string body;
};

class WebhookReceiver {
 public:
    static constexpr int kPatienceSeconds = 5;
    // The bytes of the answer; nullopt: none, the connection stays open until the end.
    using Answer = std::function<std::optional<std::string>(const Received&)>;

    explicit WebhookReceiver(Answer answer);
    // Answers everything with that status.
    explicit WebhookReceiver(int status);
    ~WebhookReceiver();
    WebhookReceiver(const WebhookReceiver&) = delete;
    WebhookReceiver& operator=(const WebhookReceiver&) = delete;

    [[nodiscard]] std::uint16_t port() const { return port_; }
    [[nodiscard]] std::string url() const {
        return "http://127.0.0.1:" + std::to_string(port_) + "/in";
    }
    // What came so far, once there are so many; fewer after patience.
    std::vector<Received> wait_for(std::size_t count);

 private:
    void serve();
    std::optional<Received> read(int connection);

    Answer answer_;
    int listener_ = -1;
    std::uint16_t port_ = 0;
    std::mutex mutex_;
    std::condition_variable came_;
    std::vector<Received> received_;
    std::vector<int> held_;
    std::thread thread_;
};

// "HTTP/1.1 <status> …" with an empty body.
std::string answer_with(int status);

// Whether the signature of Standard Webhooks is right for the secret "whsec_…".
bool is_signed(const Received& received, const std::string& secret);

}  // namespace daybook::test
