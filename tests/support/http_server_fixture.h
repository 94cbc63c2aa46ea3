// A server on a free port, run by a thread of its own, for tests.
#pragma once

#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>

#include "base/clock.h"
#include "http/server.h"
#include "support/http_client.h"

namespace daybook::test {

class RunningServer final : private http::Handler {
 public:
    using Behaviour = std::function<void(http::Request, http::Respond)>;

    explicit RunningServer(Behaviour behaviour, http::ServerOptions options = {})
        : behaviour_(std::move(behaviour)),
          workers_(2),
          server_(std::move(options), {.handler = *this,
                                       .workers = workers_,
                                       .metrics = metrics_,
                                       .clock = clock_,
                                       .random = random_}) {
        const Status listening = server_.listen();
        if (!listening) throw std::runtime_error(listening.error().detail);
        thread_ = std::thread([this] { server_.run(); });
    }
    ~RunningServer() override { stop(); }
    RunningServer(const RunningServer&) = delete;
    RunningServer& operator=(const RunningServer&) = delete;

    // Drains, and waits until run() has returned.
    void stop() {
        server_.drain();
        if (thread_.joinable()) thread_.join();
    }

    [[nodiscard]] HttpClient connect() const { return HttpClient::connect_tcp(server_.port()); }
    [[nodiscard]] http::Server& server() { return server_; }
    [[nodiscard]] const http::Metrics& metrics() const { return metrics_; }

 private:
    void handle(http::Request request, http::Respond respond) override {
        behaviour_(std::move(request), std::move(respond));
    }

    Behaviour behaviour_;
    http::WorkerPool workers_;
    http::Metrics metrics_;
    SystemClock clock_;
    SystemRandom random_;
    http::Server server_;
    std::thread thread_;
};

}  // namespace daybook::test
