// What several nodes need of one database: each other's commits, and leases.
#include <algorithm>
#include <iterator>
#include <string>

#include "storage/memory/backend.h"

namespace daybook::storage::memory {

Result<PeerLog::Heads> MemoryBackend::heads() {
    TRY(check(Operation::follow));
    const Lock lock(mutex_);
    Heads heads;
    for (const auto& [org, books] : books_) {
        if (books->head) heads.emplace_back(org, *books->head);
    }
    return heads;
}

Result<std::vector<app::EventRow>> MemoryBackend::events_after(const std::vector<After>& asked,
                                                               std::size_t limit) {
    TRY(check(Operation::follow));
    const Lock lock(mutex_);
    std::vector<app::EventRow> events;
    for (const After& each : asked) {
        const auto found = books_.find(each.org);
        if (found == books_.end()) continue;
        const auto& log = found->second->log;
        const std::size_t begin = std::min(static_cast<std::size_t>(each.position), log.size());
        const std::size_t end = std::min(begin + limit, log.size());
        for (std::size_t at = begin; at < end; ++at) events.push_back(*log[at]);
    }
    return events;
}

Result<app::Changes> MemoryBackend::kept_of(OrgId org) {
    TRY(check(Operation::follow));
    const Lock lock(mutex_);
    const auto found = books_.find(org);
    const bool exists =
        found != books_.end() && found->second->head && found->second->org.has_value();
    if (!exists) return fail(ErrorCode::not_found, "There is no such org.");
    const Books& books = *found->second;
    app::Changes kept;
    const auto keep = [org](auto& rows, const auto& of_books) {
        for (const auto& [id, row] : of_books) rows.insert_or_assign({org, id}, row);
    };
    kept.heads.emplace(org, *books.head);
    kept.orgs.emplace(org, *books.org);
    keep(kept.properties, books.properties);
    keep(kept.users, books.users);
    keep(kept.tokens, books.tokens);
    keep(kept.webhooks, books.webhooks);
    keep(kept.sessions, books.sessions);
    keep(kept.links, books.links);
    keep(kept.last_uses, books.last_uses);
    std::ranges::copy_if(credentials_, std::back_inserter(kept.credentials),
                         [org](const app::Credential& each) { return each.org == org; });
    return kept;
}

std::optional<app::Fence> MemoryBackend::take_lease(std::string_view lease, Uuid holder,
                                                    Instant now, std::int64_t ms) {
    const Lock lock(mutex_);
    Lease& row = leases_.try_emplace(std::string(lease)).first->second;
    const bool is_free = row.fence == 0 || row.until <= now;
    if (row.holder != holder && !is_free) return std::nullopt;
    if (is_free) ++row.fence;
    row.holder = holder;
    row.until = Instant{now.ms + ms};
    return row.fence;
}

void MemoryBackend::give_back_lease(std::string_view lease, Uuid holder, Instant now) {
    const Lock lock(mutex_);
    const auto found = leases_.find(lease);
    if (found != leases_.end() && found->second.holder == holder) found->second.until = now;
}

Result<app::Fence> MemoryBackend::fence(std::string_view lease) {
    const Lock lock(mutex_);
    const auto found = leases_.find(lease);
    return found == leases_.end() ? 0 : found->second.fence;
}

}  // namespace daybook::storage::memory
