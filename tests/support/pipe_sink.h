// A client of a stream that takes as much as a test lets it.
#pragma once

#include <algorithm>
#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "realtime/sink.h"

namespace daybook::test {

// What a client has received, and how much more it takes.
struct Pipe {
    std::string received;
    std::size_t room = std::size_t{1} << 30;
    bool takes_parts = true;  // of a piece that does not fit; else it takes none of it
    bool is_broken = false;   // the client is gone, and the next write finds out
    bool is_closed = false;   // the stream is
};

class PipeSink final : public realtime::Sink {
 public:
    explicit PipeSink(std::shared_ptr<Pipe> pipe) : pipe_(std::move(pipe)) {}
    ~PipeSink() override { pipe_->is_closed = true; }

    std::optional<std::size_t> write(std::span<const std::string_view> pieces) override {
        if (pipe_->is_broken) return std::nullopt;
        std::size_t taken = 0;
        for (const std::string_view each : pieces) {
            const bool fits = each.size() <= pipe_->room;
            if (!fits && !pipe_->takes_parts && taken > 0) break;
            const std::size_t now = std::min(each.size(), pipe_->room);
            pipe_->received += each.substr(0, now);
            pipe_->room -= now;
            taken += now;
            if (now < each.size()) break;
        }
        return taken;
    }

 private:
    std::shared_ptr<Pipe> pipe_;
};

}  // namespace daybook::test
