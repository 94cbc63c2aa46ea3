// Reading behind what was told, and beginning anew where that does not fit.
#include "storage/catch_up.h"

#include <algorithm>
#include <iterator>
#include <optional>
#include <utility>

namespace daybook::storage {
namespace {

using app::Changes;
using app::EventRow;
using domain::EntityType;

// Whether the event may change what nodes keep in memory of an org, besides its reports.
bool changes_what_is_kept(const EventRow& event) {
    // An opening is a field of its property.
    if (event.type == domain::EventType::cash_balance_updated) return true;
    switch (event.entity.type) {
        case EntityType::org:
        case EntityType::property:
        case EntityType::token:
        case EntityType::user:
        case EntityType::webhook: return true;
        default: return false;
    }
}

bool follows(const EventRow& event, const app::Head& known) {
    if (event.position != known.position + 1) return false;
    return known.position == 0 || event.stored.prev_hash == known.hash;
}

// Of each org of the commit: where its log ended before it.
std::vector<std::pair<OrgId, app::Head>> ends_before(const Changes& own) {
    std::vector<std::pair<OrgId, app::Head>> ends;
    std::optional<OrgId> last;
    for (const EventRow& event : own.events) {
        if (last == event.org) continue;
        last = event.org;
        ends.emplace_back(event.org, app::Head{event.position - 1, event.stored.prev_hash});
    }
    return ends;
}

// A database that is away fails for all; anything else, such as a damaged row, for that org.
template <class All, class Act>
Status for_each_org(All&& all, Act act) {
    Status first;
    for (auto&& each : all) {
        const Status acted = act(each);
        if (acted) continue;
        if (first) first = acted;
        if (acted.error().code == ErrorCode::busy) break;
    }
    return first;
}

}  // namespace

void CatchUp::begin(const PeerLog::Heads& heads) {
    known_ = {heads.begin(), heads.end()};
}

bool CatchUp::knows(OrgId org, Position position) const {
    const auto known = known_.find(org);
    return position == 0 || (known != known_.end() && known->second.position >= position);
}

Result<std::unordered_map<OrgId, CatchUp::Events>> CatchUp::events_of(
    const std::vector<OrgId>& orgs) {
    std::vector<PeerLog::After> asked;
    asked.reserve(orgs.size());
    for (const OrgId org : orgs) {
        const auto known = known_.find(org);
        asked.push_back({org, known == known_.end() ? 0 : known->second.position});
    }
    std::unordered_map<OrgId, Events> by_org;
    for (EventRow& each : TRY(log_.events_after(asked, kEventsMax + 1))) {
        by_org[each.org].push_back(std::move(each));
    }
    return by_org;
}

Status CatchUp::look_at(const std::vector<OrgId>& orgs) {
    if (orgs.empty()) return {};
    const Status anew = for_each_org(
        orgs, [&](OrgId org) { return unread_.contains(org) ? begin_anew(org) : Status(); });
    const Status told = read_and_tell(orgs);
    return anew ? told : anew;
}

Status CatchUp::read_and_tell(const std::vector<OrgId>& orgs) {
    auto read = events_of(orgs);
    if (!read && read.error().code != ErrorCode::busy && orgs.size() > 1) {
        return for_each_org(orgs, [&](OrgId org) { return read_and_tell({org}); });
    }
    return for_each_org(TRY(std::move(read)), [&](auto& of_org) {
        auto& [org, events] = of_org;
        const app::Head up_to{events.back().position, events.back().stored.hash};
        return take(org, std::move(events), up_to);
    });
}

Status CatchUp::look_at_others(std::vector<OrgId> orgs) {
    orgs.insert(orgs.end(), unread_.begin(), unread_.end());
    return for_each_org(orgs, [&](OrgId org) { return begin_anew(org); });
}

void CatchUp::before(const Changes& own) {
    for (const auto& [org, end] : ends_before(own)) {
        if (!knows(org, end.position)) {
            auto events = events_of({org});
            Status told = events ? Status() : fail(events.error());
            if (told && (*events)[org].size() <= kEventsMax) {
                Events& of_org = (*events)[org];
                std::erase_if(of_org,
                              [&](const EventRow& each) { return each.position > end.position; });
                told = take(org, std::move(of_org), end);
            }
            if (!told || !knows(org, end.position)) skip_to(org, end);
        }
        know(org, own.heads.at(org));
    }
}

Status CatchUp::take(OrgId org, Events events, const app::Head& up_to) {
    const auto known = known_.find(org);
    const app::Head before = known == known_.end() ? app::Head{} : known->second;
    const bool fits = !events.empty() && events.size() <= kEventsMax &&
                      follows(events.front(), before) && events.back().stored.hash == up_to.hash;
    if (!fits) return begin_anew(org);
    const bool is_whole = std::ranges::any_of(events, changes_what_is_kept);
    Changes changes;
    if (is_whole) changes = TRY(kept_of_(org));
    changes.found[org] = {.whole = is_whole, .skipped = false};
    changes.heads.insert_or_assign(org, up_to);
    for (const EventRow& event : events) {
        if (event.type != domain::EventType::text_erased) continue;
        changes.erasures.push_back({org, event.entity, event.position});
    }
    changes.events = std::move(events);
    tell_(changes);
    know(org, up_to);
    return {};
}

Status CatchUp::begin_anew(OrgId org) {
    auto kept = kept_of_(org);
    if (!kept) {
        // Of what is no longer there nothing is to be told.
        if (kept.error().code == ErrorCode::not_found) unread_.erase(org);
        return std::unexpected(std::move(kept).error());
    }
    Changes changes = *std::move(kept);
    changes.found[org] = {.whole = true, .skipped = true};
    tell_(changes);
    know(org, changes.heads.at(org));
    unread_.erase(org);
    return {};
}

void CatchUp::skip_to(OrgId org, const app::Head& end) {
    Changes changes;
    changes.found[org] = {.whole = false, .skipped = true};
    changes.heads.insert_or_assign(org, end);
    tell_(changes);
    know(org, end);
    unread_.insert(org);
}

void CatchUp::know(OrgId org, const app::Head& head) {
    known_.insert_or_assign(org, head);
    note_(org, head);
}

}  // namespace daybook::storage
