// Half hashes in flat tables.
#include "app/way_in_index.h"

#include <algorithm>

namespace daybook::app {

void WayInIndex::add_secret(const Hash& secret_hash, OrgId org) {
    secrets_.insert_or_assign(first_half(secret_hash), org);
}

void WayInIndex::erase_secret(const Hash& secret_hash) {
    secrets_.erase(first_half(secret_hash));
}

void WayInIndex::add_email(std::string_view email, OrgId org) {
    const Hash16 key = email_hash(email);
    const auto [first, is_new] = emails_.try_emplace(key, org);
    if (is_new || first->second == org) return;
    const auto [begin, end] = more_of_emails_.equal_range(key);
    const bool is_known =
        std::any_of(begin, end, [org](const auto& each) { return each.second == org; });
    if (!is_known) more_of_emails_.emplace(key, org);
}

std::optional<OrgId> WayInIndex::org_of_secret(const Hash& secret_hash) const {
    const auto found = secrets_.find(first_half(secret_hash));
    if (found == secrets_.end()) return std::nullopt;
    return found->second;
}

std::vector<OrgId> WayInIndex::orgs_of_email(std::string_view email) const {
    std::vector<OrgId> orgs;
    const Hash16 key = email_hash(email);
    const auto first = emails_.find(key);
    if (first == emails_.end()) return orgs;
    orgs.push_back(first->second);
    const auto [begin, end] = more_of_emails_.equal_range(key);
    for (auto each = begin; each != end; ++each) orgs.push_back(each->second);
    std::ranges::sort(orgs);
    return orgs;
}

}  // namespace daybook::app
