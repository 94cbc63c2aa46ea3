// Three counts under one lock.
#include "realtime/seats.h"

#include <string>

#include "base/check.h"

namespace daybook::realtime {
namespace {

template <class Key>
void give_back(std::map<Key, std::size_t>& counts, const Key& key) {
    const auto found = counts.find(key);
    CHECK(found != counts.end() && found->second > 0);
    if (--found->second == 0) counts.erase(found);
}

template <class Key>
std::size_t count(const std::map<Key, std::size_t>& counts, const Key& key) {
    const auto found = counts.find(key);
    return found == counts.end() ? 0 : found->second;
}

Result<Seat> refused(std::string_view whose, std::size_t most) {
    Error full = error(ErrorCode::rate_limited,
                       std::string(whose) + " has " + std::to_string(most) +
                           " streams open, which is the most. Close some, or come back later.");
    full.facts.emplace_back("retryAfterSeconds",
                            std::to_string(limits::kStreamRefusedRetryMs / 1'000));
    return fail(std::move(full));
}

}  // namespace

Seat::~Seat() {
    if (!counts_) return;
    const Lock lock(counts_->mutex);
    CHECK(counts_->all > 0);
    --counts_->all;
    give_back(counts_->of_org, std::get<OrgId>(key_));
    give_back(counts_->of_principal, key_);
}

Result<Seat> Seats::take(const domain::Principal& principal) {
    const Seat::PrincipalKey key{principal.org, principal.user, principal.via.token};
    const Lock lock(counts_->mutex);
    if (count(counts_->of_principal, key) >= limits_.of_principal) {
        return refused("Your token or session", limits_.of_principal);
    }
    if (count(counts_->of_org, principal.org) >= limits_.of_org) {
        return refused("Your organisation", limits_.of_org);
    }
    if (counts_->all >= limits_.of_node) return refused("This node", limits_.of_node);
    ++counts_->all;
    ++counts_->of_org[principal.org];
    ++counts_->of_principal[key];
    return Seat(counts_, key);
}

std::size_t Seats::taken() const {
    const Lock lock(counts_->mutex);
    return counts_->all;
}

}  // namespace daybook::realtime
