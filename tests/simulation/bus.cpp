// Hints on their way.
#include "simulation/bus.h"

#include <utility>

namespace daybook::simulation {

bool Bus::is_cut_off(std::size_t node) const {
    const auto found = cut_off_until_ms_.find(node);
    return found != cut_off_until_ms_.end() && now_ms_ < found->second;
}

void Bus::publish(std::size_t from, std::size_t nodes, const std::string& message,
                  std::uint32_t chance) {
    constexpr std::uint32_t kKinds = 8;
    constexpr std::int64_t kDelayMs = 400;
    for (std::size_t to = 0; to < nodes; ++to, chance /= kKinds) {
        if (to == from || is_cut_off(from) || is_cut_off(to)) continue;
        const std::uint32_t kind = chance % kKinds;
        if (kind == 0) continue;
        const std::uint32_t copies = kind == 1 ? 2 : 1;
        for (std::uint32_t copy = 0; copy < copies; ++copy) {
            on_the_way_.push_back({to, message, now_ms_ + (kind + copy) % 4 * kDelayMs});
        }
    }
}

void Bus::advance_ms(std::int64_t ms, const Hear& hear) {
    now_ms_ += ms;
    std::vector<Hint> later;
    for (Hint& each : std::exchange(on_the_way_, {})) {
        if (each.due_ms > now_ms_) {
            later.push_back(std::move(each));
        } else if (!is_cut_off(each.to)) {
            hear(each.to, each.message);
        }
    }
    for (Hint& each : later) on_the_way_.push_back(std::move(each));
}

void Bus::hurry_one(std::size_t which, const Hear& hear) {
    if (on_the_way_.empty()) return;
    const auto at = on_the_way_.begin() + static_cast<std::ptrdiff_t>(which % on_the_way_.size());
    const Hint hint = std::move(*at);
    on_the_way_.erase(at);
    hear(hint.to, hint.message);
}

}  // namespace daybook::simulation
