// Everything that a snapshot shows, as one value: to say that two are alike, or that nothing
// changed.
#pragma once

#include <cstdint>
#include <optional>
#include <ostream>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "app/queries.h"
#include "base/digest.h"

namespace daybook::test {

struct Contents {
    Position head = 0;
    std::optional<domain::Org> org;
    std::vector<domain::Property> properties;
    std::vector<domain::Category> categories;
    std::vector<domain::Token> tokens;
    std::vector<domain::Webhook> webhooks;
    std::vector<domain::User> users;
    std::vector<domain::Entry> entries;  // all, also deleted ones, by instant of recording and id
    std::vector<std::int64_t> reversed_minor;            // of each entry
    std::vector<domain::ChangeRequest> change_requests;  // the oldest first
    std::vector<domain::Count> counts;
    std::vector<domain::Adjustment> adjustments;
    // All revisions, by property and date, each with its frozen report; how far each property is
    // closed; locks and exceptions from them.
    std::vector<std::pair<domain::Closing, std::string>> closings;
    std::vector<std::pair<PropertyId, std::optional<domain::BusinessDate>>> closed_through;
    std::vector<domain::PeriodLock> locks;
    std::vector<domain::LockException> lock_exceptions;
    std::vector<std::pair<PropertyId, app::Undecided>> undecided;
    std::vector<domain::DailyApproval> daily_approvals;  // of the first half of 2026
    std::vector<std::tuple<UserId, Position, app::Notification>> notifications;  // of all users
    // Days, months and years of all properties; rows of zeros are left out.
    std::vector<std::tuple<PropertyId, std::int32_t, domain::Account, domain::AccountTotals>>
        accounts;
    std::vector<std::tuple<PropertyId, std::int32_t, domain::EntryKind, std::string,
                           domain::CategoryTotals>>
        keys;
    std::vector<std::tuple<PropertyId, std::int32_t, domain::EntryKind, domain::PendingTotals>>
        pending;
    // Bytes, private part, previous hash and hash of each event.
    std::vector<std::tuple<std::string, std::string, Hash, Hash>> log;

    bool operator==(const Contents&) const = default;
};

// Reads by pages, as everybody must.
Contents contents_of(app::Snapshot& snapshot);
// The whole log, decoded.
std::vector<domain::RecordedEvent> decoded_log(app::Snapshot& snapshot);
// All entries that the filter accepts, whatever its limit.
std::vector<domain::Entry> all_entries(app::Snapshot& snapshot, app::EntryFilter filter);
// Positions of all events that the filter accepts, whatever its limit.
std::vector<Position> all_events(app::Snapshot& snapshot, app::EventFilter filter);
// The ids of all properties of the org.
std::vector<PropertyId> all_properties(app::Snapshot& snapshot);

// What differs, in words for a failure.
std::ostream& operator<<(std::ostream& out, const Contents& contents);

}  // namespace daybook::test
