// The threads that all streams live on: each has a part of their sockets, one hub, one epoll.
//
// Why threads of their own and no coroutine per connection: 10,000 idle streams should cost a few
// hundred bytes each, and sending one event to all of them must not keep requests waiting. Why more
// than one: a send costs some microseconds, and the last of thousands of clients waits for them
// all. Operation: the session sends the head of the answer and hands over the raw socket, to one
// shard after the other; from then on the client only receives. Polls that wait are streams whose
// sink is their answer. Concurrency: open_stream(), open_poll() and close_polls() from any thread;
// committed() on the writer's. Limits: base/limits.h (kStream…); who asks for more is refused
// before (seats()).
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "app/authenticator.h"
#include "app/store.h"
#include "base/clock.h"
#include "base/limits.h"
#include "http/message.h"
#include "http/metrics.h"
#include "http/worker_pool.h"
#include "realtime/seats.h"
#include "realtime/stream.h"

namespace daybook::http {

// What the shards work with; all of it outlives them.
struct ShardParts {
    app::Store& store;
    app::Authenticator& authenticator;
    WorkerPool& workers;  // reads what is behind the ring
    const Clock& clock;
    Metrics& metrics;
    realtime::Seats::Limits seats{};
    std::size_t shards = limits::kStreamShards;
};

class StreamShards final : public app::CommitListener {
 public:
    explicit StreamShards(const ShardParts& parts);
    // Stops.
    ~StreamShards() override;
    StreamShards(const StreamShards&) = delete;
    StreamShards& operator=(const StreamShards&) = delete;

    // On the writer's thread, after every commit.
    void committed(const app::Changes& changes) override;
    realtime::Seats& seats() { return seats_; }
    // Tells who somebody that was let in earlier is by now; it may outlive the shards. Errors:
    // unauthenticated.
    using PrincipalNow = std::function<Result<domain::Principal>(const domain::Principal&)>;
    [[nodiscard]] PrincipalNow principal_now() const;

    void open_stream(realtime::Opening opening, DetachedSocket socket);
    // Calls `done` once: on an event for the subscription, after `wait_ms`, or when the wait has
    // to end for another reason. On a shard's thread; it must not block.
    void open_poll(realtime::Opening opening, std::int64_t wait_ms,
                   std::move_only_function<void()> done);

    // Ends every poll that waits, also those to come: the server drains.
    void close_polls();
    // Sends what was committed, closes every stream, and joins; a second call does nothing.
    void stop();

 private:
    class Shard;
    Shard& next();

    realtime::Seats seats_;
    std::vector<std::unique_ptr<Shard>> shards_;
    std::atomic<std::size_t> next_ = 0;
};

}  // namespace daybook::http
