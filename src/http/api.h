// The routes of Daybook over the books: authenticates, parses, hands commands to the store and
// reads to the workers, and renders what comes back.
//
// Operation: a write is parsed where it arrives and submitted; its answer is made once it is
// committed. A report that is cached is answered where it arrives, without a read. Whatever reads
// the store runs on a worker with one snapshot. The table of routes, with
// who may call each, is in routes_table.cpp. On the Unix socket and in the process
// (Request::from_operator) the caller is the operator of the org that the header Daybook-Org names.
// Threads: handle() from any thread; it never blocks. call() blocks: not from the I/O thread, a
// worker or the store's writer.
#pragma once

#include <memory>
#include <span>

#include "app/authenticator.h"
#include "app/delivery_monitor.h"
#include "app/rate_limiter.h"
#include "app/report_service.h"
#include "app/store.h"
#include "base/clock.h"
#include "base/executor.h"
#include "http/demo_loader.h"
#include "http/message.h"
#include "http/metrics.h"
#include "http/router.h"
#include "http/server.h"
#include "http/sign_in.h"
#include "http/stream_shard.h"
#include "http/worker_pool.h"

namespace daybook::http {

// What the API works with; all of it outlives the API and the requests that it has begun.
struct ApiParts {
    app::Store& store;
    app::Authenticator& authenticator;
    app::ReportService& reports;
    WorkerPool& workers;
    const Clock& clock;
    Random& random;
    Metrics& metrics;
    app::DeliveryMonitor& delivery;
    app::AlertBoard& alerts;
    StreamShards& streams;
    app::SignInGuard& guard;
    app::SetupGate& gate;
    WorkerPool& hashers;
    Executor& timers;
    LoadDemo load_demo{};                   // none: there is no demo to load
    std::function<bool()> bus_connected{};  // none: this node knows of no bus
    app::RateLimiter* rates = nullptr;      // nullptr: nobody is limited
    PasswordCost cost{};
    SignUp sign_up = SignUp::off;
    std::string version{};
    // "http://127.0.0.1:8080": for links, where the request does not say how it came.
    std::string base_url{};
};

class Api final : public Handler {
 public:
    explicit Api(ApiParts parts);
    ~Api() override;
    Api(const Api&) = delete;
    Api& operator=(const Api&) = delete;

    void handle(Request request, Respond respond) override;

    // For callers in the process: fills in path, segments and query from the target where they are
    // missing, waits for the answer, and renders an error as its problem document. Of a streamed
    // answer the caller pulls the stream.
    Response call(Request request);

    // Where this server is reached, once that is known; before it serves.
    void set_base_url(std::string url);

    // All of them, those of the operator too.
    [[nodiscard]] std::span<const Route> routes() const;

 private:
    class Core;
    std::shared_ptr<Core> core_;  // what is under way holds it too
};

}  // namespace daybook::http
