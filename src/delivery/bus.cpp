// Writing and reading the hints.
#include "delivery/bus.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <vector>

#include "base/limits.h"

namespace daybook::delivery {

std::string write_news(std::span<const OrgNews> news) {
    std::string message;
    for (const auto& [org, position] : news) {
        message += fmt::format("{} {}\n", org.to_string(), position);
    }
    return message;
}

void read_news(std::string_view message, const std::function<void(OrgId, Position)>& heard) {
    if (message.size() > limits::kBusMessageBytesMax) return;
    while (!message.empty()) {
        const std::string_view line = message.substr(0, message.find('\n'));
        message.remove_prefix(std::min(line.size() + 1, message.size()));
        const std::size_t space = line.find(' ');
        if (space == std::string_view::npos) continue;
        const auto org = OrgId::parse(line.substr(0, space));
        Position position = 0;
        const char* const end = line.data() + line.size();
        const auto [rest, failed] = std::from_chars(line.data() + space + 1, end, position);
        if (org && failed == std::errc() && rest == end) heard(*org, position);
    }
}

// What another node committed, that node has told.
void Announcer::committed(const app::Changes& changes) {
    if (!changes.found.empty() || changes.heads.empty()) return;
    std::vector<OrgNews> news;
    news.reserve(changes.heads.size());
    for (const auto& [org, head] : changes.heads) news.emplace_back(org, head.position);
    send_(write_news(news));
}

}  // namespace daybook::delivery
