// Clients of streams: they connect, take slowly, break off, and come back with the last id that
// they have seen, whatever process is there by then.
//
// Each must have the log filtered for it, contiguous over all its connections, and not one byte of
// what is not its own (I6, I8).
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "realtime/seats.h"
#include "realtime/subscription.h"
#include "simulation/node.h"
#include "support/pipe_sink.h"
#include "support/stream_check.h"

namespace daybook::simulation {

class Watchers {
 public:
    // Follows the log as this principal from its beginning; nothing `foreign` may ever be seen.
    void add(domain::Principal principal, std::vector<std::string> foreign);

    // Connects one that is not connected, and lets one that is take some bytes.
    void connect(Node& node, std::size_t which);
    void take(std::size_t which, std::size_t bytes);
    void break_off(std::size_t which);
    // The process is gone.
    void lose(const Node& node);
    // Everybody connects, each to another, and takes everything that there is.
    void settle(const std::vector<Node*>& nodes);

    // Broken: somebody missed something, had it twice, or had what is not theirs.
    void check(app::Store& store);

 private:
    struct Watcher {
        realtime::Subscription subscription;
        std::vector<std::string> foreign;
        std::shared_ptr<test::Pipe> pipe;  // while it is connected
        Node* node = nullptr;              // to which
        realtime::StreamId id = 0;
        std::string last_id = "0";
        std::vector<std::string> received;  // of each connection that has ended
    };
    void end(Watcher& watcher);

    std::vector<Watcher> watchers_;
    realtime::Seats seats_{{}};
};

// Reads one of the pages that streams wait for.
void read_a_page(Node& node, std::size_t which);

}  // namespace daybook::simulation
