// Connections and what they received.
#include "simulation/watchers.h"

#include <utility>

#include "simulation/broken.h"

namespace daybook::simulation {

void read_a_page(Node& node, std::size_t which) {
    if (node.pages.empty()) return;
    const auto at = node.pages.begin() + static_cast<std::ptrdiff_t>(which % node.pages.size());
    const realtime::PageRequest request = *at;
    node.pages.erase(at);
    node.hub.take_page(request, realtime::read_page(node.store, request), node.now_ms);
}

void Watchers::add(domain::Principal principal, std::vector<std::string> foreign) {
    Watcher watcher;
    watcher.subscription.principal = std::move(principal);
    watcher.foreign = std::move(foreign);
    watchers_.push_back(std::move(watcher));
}

void Watchers::connect(Node& node, std::size_t which) {
    Watcher& watcher = watchers_[which % watchers_.size()];
    if (watcher.pipe && !watcher.pipe->is_closed) return;
    end(watcher);
    const OrgId org = watcher.subscription.principal.org;
    const auto start = realtime::find_start(*node.store.snapshot(org).value(), org,
                                            realtime::parse_cursor(watcher.last_id))
                           .value();
    require(!start.is_unknown, "I2: a stream's position is not of this log any more");
    watcher.pipe = std::make_shared<test::Pipe>();
    watcher.pipe->room = 2'000;
    watcher.node = &node;
    watcher.id = node.hub.new_id();
    realtime::Opening opening{watcher.subscription, start.cursor,
                              realtime::ready_frame(start.cursor, 1'000),
                              seats_.take(watcher.subscription.principal).value()};
    node.hub.open(watcher.id, std::move(opening), std::make_unique<test::PipeSink>(watcher.pipe),
                  node.now_ms);
}

void Watchers::take(std::size_t which, std::size_t bytes) {
    Watcher& watcher = watchers_[which % watchers_.size()];
    if (!watcher.pipe || watcher.node->is_stalled) return;
    watcher.pipe->room += bytes;
    // A socket may end where a frame does.
    watcher.pipe->takes_parts = bytes % 3 != 0;
    watcher.node->hub.resume(watcher.id, watcher.node->now_ms);
}

void Watchers::break_off(std::size_t which) {
    Watcher& watcher = watchers_[which % watchers_.size()];
    if (watcher.pipe) watcher.pipe->is_broken = true;
}

void Watchers::lose(const Node& node) {
    for (Watcher& each : watchers_) {
        if (each.node == &node) end(each);
    }
}

void Watchers::end(Watcher& watcher) {
    if (!watcher.pipe) return;
    watcher.node = nullptr;
    std::string received = std::exchange(watcher.pipe, nullptr)->received;
    std::string rest = received;
    for (const test::SseFrame& frame : test::take_sse_frames(rest)) {
        if (!frame.id.empty()) watcher.last_id = frame.id;
    }
    watcher.received.push_back(std::move(received));
}

void Watchers::settle(const std::vector<Node*>& nodes) {
    for (std::size_t i = 0; i < watchers_.size(); ++i) connect(*nodes[i % nodes.size()], i);
    for (int round = 0; round < 2; ++round) {
        for (std::size_t i = 0; i < watchers_.size(); ++i) take(i, std::size_t{1} << 30);
        for (Node* const each : nodes) {
            do {
                while (!each->pages.empty()) read_a_page(*each, 0);
                each->hub.collect(each->now_ms);
            } while (!each->pages.empty());
            // The second time, for the heartbeat that follows silence.
            each->advance_ms(std::int64_t{limits::kHeartbeatSeconds + 1} * 1'000);
        }
    }
}

void Watchers::check(app::Store& store) {
    for (Watcher& each : watchers_) {
        end(each);
        const auto snapshot = store.snapshot(each.subscription.principal.org).value();
        const auto log = test::whole_log(*snapshot);
        Position reached = 0;
        for (const std::string& received : each.received) {
            for (const std::string& foreign : each.foreign) {
                require(received.find(foreign) == std::string::npos,
                        "I8: a stream shows what is not its reader's");
            }
            const test::ReceivedStream stream = test::segments_of(received);
            require(stream.mistakes.empty(),
                    "I6: " + (stream.mistakes.empty() ? "" : stream.mistakes.front()));
            require(stream.segments.size() <= 1, "I6: a stream was reset for no reason");
            for (const test::StreamSegment& segment : stream.segments) {
                require(segment.start == reached, "I6: a stream does not go on where it ended");
                require(test::is_log_of(segment, each.subscription, log),
                        "I6: a stream is not the log from " + std::to_string(segment.start) +
                            " to " + std::to_string(segment.end));
                reached = segment.end;
            }
        }
        require(reached == snapshot->head().value(), "I6: a stream ends before the log");
    }
}

}  // namespace daybook::simulation
