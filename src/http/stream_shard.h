// The thread that all streams live on: their sockets, one hub, one epoll.
//
// Why a thread of its own and no coroutine per connection: 10,000 idle streams should cost a few
// hundred bytes each, and sending one event to all of them must not keep requests waiting.
// Operation: the session sends the head of the answer and hands over the raw socket; from then on
// the client only receives. Polls that wait are streams whose sink is their answer.
// Concurrency: open_stream(), open_poll() and close_polls() from any thread; the listener on the
// writer's. Limits: base/limits.h (kStream…); who asks for more is refused before (seats()).
#pragma once

#include <cstdint>
#include <functional>
#include <memory>

#include "app/authenticator.h"
#include "app/store.h"
#include "base/clock.h"
#include "http/message.h"
#include "http/metrics.h"
#include "http/worker_pool.h"
#include "realtime/seats.h"
#include "realtime/stream.h"

namespace daybook::http {

// What a shard works with; all of it outlives the shard.
struct ShardParts {
    app::Store& store;
    const app::Authenticator& authenticator;
    WorkerPool& workers;  // reads what is behind the ring
    const Clock& clock;
    Metrics& metrics;
    realtime::Seats::Limits seats{};
};

class StreamShard {
 public:
    explicit StreamShard(const ShardParts& parts);
    // Stops.
    ~StreamShard();
    StreamShard(const StreamShard&) = delete;
    StreamShard& operator=(const StreamShard&) = delete;

    // To be told of every commit.
    app::CommitListener& listener();
    realtime::Seats& seats();
    // Tells who somebody that was let in earlier is by now; it may outlive the shard. Errors:
    // unauthenticated.
    using PrincipalNow = std::function<Result<domain::Principal>(const domain::Principal&)>;
    [[nodiscard]] PrincipalNow principal_now() const;

    void open_stream(realtime::Opening opening, DetachedSocket socket);
    // Calls `done` once: on an event for the subscription, after `wait_ms`, or when the wait has
    // to end for another reason. On the shard's thread; it must not block.
    void open_poll(realtime::Opening opening, std::int64_t wait_ms,
                   std::move_only_function<void()> done);

    // Ends every poll that waits, also those to come: the server drains.
    void close_polls();
    // Sends what was committed, closes every stream, and joins; a second call does nothing.
    void stop();

 private:
    class Core;
    std::unique_ptr<Core> core_;
};

}  // namespace daybook::http
