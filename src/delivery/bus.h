// What nodes tell each other: which orgs have news, and how far.
//
// A message is a hint. It may be lost, doubled, late or wrong: whoever gets it reads the database,
// which keeps everything, and once a second nodes look there anyway. It names ids and positions,
// nothing else, so that nothing has to be erased from a bus.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "app/store.h"

namespace daybook::delivery {

using OrgNews = std::pair<OrgId, Position>;

// One line for each org: its id, a space, its position.
std::string write_news(std::span<const OrgNews> news);
// Calls `heard` for each line that is one.
void read_news(std::string_view message, const std::function<void(OrgId, Position)>& heard);

// Tells others what this node commits.
class Announcer final : public app::CommitListener {
 public:
    // `send` must not wait.
    explicit Announcer(std::function<void(const std::string&)> send) : send_(std::move(send)) {}
    void committed(const app::Changes& changes) override;

 private:
    const std::function<void(const std::string&)> send_;
};

}  // namespace daybook::delivery
