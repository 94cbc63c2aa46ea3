// What carries hints between the nodes of the simulation: it loses, doubles, delays and reorders
// them, and is cut off from some nodes for a while.
//
// Why: a hint is no more than that, so nothing may depend on one (delivery/bus.h). Threads: one.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

namespace daybook::simulation {

class Bus {
 public:
    using Hear = std::function<void(std::size_t node, const std::string& message)>;

    // To all others of so many nodes; `chance` says what becomes of it on the way to each.
    void publish(std::size_t from, std::size_t nodes, const std::string& message,
                 std::uint32_t chance);
    // Nothing comes from the node or gets to it for so long.
    void cut_off(std::size_t node, std::int64_t ms) { cut_off_until_ms_[node] = now_ms_ + ms; }

    // What is due arrives.
    void advance_ms(std::int64_t ms, const Hear& hear);
    // One arrives before its turn.
    void hurry_one(std::size_t which, const Hear& hear);

 private:
    struct Hint {
        std::size_t to = 0;
        std::string message;
        std::int64_t due_ms = 0;
    };
    [[nodiscard]] bool is_cut_off(std::size_t node) const;

    std::vector<Hint> on_the_way_;
    std::map<std::size_t, std::int64_t> cut_off_until_ms_;
    std::int64_t now_ms_ = 0;
};

}  // namespace daybook::simulation
