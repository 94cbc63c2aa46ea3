// Listens, speaks HTTP/1.1, and hands each request to one Handler.
//
// Operation: one thread (the caller of run) does all network I/O. Handlers are called on it and
// must not block; they answer when they can, from any thread. A connection carries one request at a
// time, in order. Concurrency: answers given by other threads gather in a mailbox; however many are
// given in one go, the I/O thread is woken once. drain() and post() may be called from any thread.
// Limits: base/limits.h (kHttp…). Above kHttpConnectionsMax a connection is accepted, answered 503
// with Retry-After, and closed. Deadlines are looked after by one sweep a second, not by a timer
// each.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/limits.h"
#include "base/result.h"
#include "http/message.h"
#include "http/metrics.h"
#include "http/worker_pool.h"

namespace daybook::http {

class Handler {
 public:
    virtual ~Handler() = default;
    // Called on the I/O thread; must not block. `respond` must be called once or dropped (500).
    // What is thrown is logged and answered 500.
    virtual void handle(Request request, Respond respond) = 0;
};

struct ServerOptions {
    std::string address = "127.0.0.1";
    std::uint16_t port = 0;  // 0: any free port, see Server::port
    std::string
        unix_socket_path;  // empty: none. Made with mode 0600; a socket left there is replaced

    // Where large bodies that are sent again are kept, in files without a name (body_files.h).
    std::string body_files_directory{};

    // Addresses of proxies whose X-Forwarded-For and -Proto are believed.
    std::vector<std::string> trusted_proxies{};

    // Shorter only in tests.
    std::size_t connections_max = limits::kHttpConnectionsMax;
    int head_ms_max = limits::kHttpHeadSecondsMax * 1'000;
    int body_ms_max = limits::kHttpBodySecondsMax * 1'000;
    int idle_ms_max = limits::kHttpIdleSecondsMax * 1'000;
    int write_ms_max = limits::kHttpWriteSecondsMax * 1'000;
    int drain_ms_max = limits::kHttpDrainSecondsMax * 1'000;
    int sweep_ms = 1'000;
};

// What the server works with; all of it outlives the server.
struct ServerParts {
    Handler& handler;
    WorkerPool& workers;  // pulls streamed bodies
    Metrics& metrics;
    const Clock& clock;
    Random& random;
};

class Server {
 public:
    Server(ServerOptions options, ServerParts parts);
    // Closes every connection. run() must have returned.
    ~Server();
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;

    // Binds and listens; before run(). io_failed if an address or path cannot be had.
    Status listen();
    // The TCP port, after listen().
    [[nodiscard]] std::uint16_t port() const;

    // Serves until a drain is complete.
    void run();

    // Lets what has begun finish, for at most kHttpDrainSecondsMax; every request that begins
    // later, also on a new connection, gets 503 draining and a close. Then run() returns.
    void drain();

    // Runs the task on the I/O thread, soon; dropped if run() has returned.
    void post(std::move_only_function<void()> task);

 private:
    class Core;
    std::unique_ptr<Core> core_;
};

}  // namespace daybook::http
