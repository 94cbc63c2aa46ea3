// Reads a snapshot to its end.
#include "support/contents.h"

#include <set>

#include "app/event_codec.h"
#include "base/limits.h"

namespace daybook::test {
namespace {

constexpr reports::PeriodRange kAllPeriods{0, 99'999'999};
const domain::DateRange kAllDates{domain::BusinessDate::from_days(0),
                                  domain::BusinessDate::from_days(84'000)};

std::vector<domain::StoredEvent> whole_log(app::Snapshot& snapshot) {
    std::vector<domain::StoredEvent> events;
    for (;;) {
        const Position after = events.empty() ? 0 : events.back().position;
        auto page = snapshot.log(after, limits::kPageMax).value();
        if (page.empty()) return events;
        for (domain::StoredEvent& event : page) events.push_back(std::move(event));
    }
}

void add_gate(Contents& contents, app::Snapshot& snapshot, PropertyId id) {
    for (const app::Undecided& each : snapshot.undecided(id).value()) {
        contents.undecided.emplace_back(id, each);
    }
    const auto first = domain::BusinessDate::parse("2026-01-01").value();
    for (int days = 0; days < 181; ++days) {
        for (auto& each : snapshot.daily_approvals(id, first.plus(days)).value()) {
            contents.daily_approvals.push_back(std::move(each));
        }
    }
}

void add_notifications(Contents& contents, app::Snapshot& snapshot) {
    std::set<UserId> users;
    for (const domain::User& each : contents.users) users.insert(each.id);
    for (const domain::Entry& each : contents.entries) users.insert(each.created_by);
    for (const UserId user : users) {
        const auto rows =
            snapshot.notifications(user, contents.head + 1, limits::kNotificationScanMax).value();
        for (const auto& [position, row] : rows) {
            contents.notifications.emplace_back(user, position, row);
        }
    }
}

void add_property(Contents& contents, app::Snapshot& snapshot, PropertyId id) {
    add_gate(contents, snapshot, id);
    for (domain::Count& count : snapshot.counts(id, kAllDates).value()) {
        contents.counts.push_back(std::move(count));
    }
    for (domain::Adjustment& adjustment : snapshot.adjustments(id, kAllDates).value()) {
        contents.adjustments.push_back(std::move(adjustment));
    }
    for (const domain::Closing& latest : snapshot.closings(id, kAllDates).value()) {
        for (domain::Closing& each : snapshot.revisions(id, latest.date).value()) {
            std::string report = snapshot.frozen_report(each.report).value().value();
            contents.closings.emplace_back(std::move(each), std::move(report));
        }
    }
    contents.closed_through.emplace_back(id, snapshot.closed_through(id).value());
    for (const auto& row : snapshot.account_rows(id, kAllPeriods).value()) {
        if (row.totals.is_zero()) continue;
        contents.accounts.emplace_back(id, row.period, row.account, row.totals);
    }
    for (const auto& row : snapshot.category_rows(id, kAllPeriods).value()) {
        if (row.totals.is_zero()) continue;
        contents.keys.emplace_back(id, row.period, row.kind, row.key, row.totals);
    }
    for (const auto& row : snapshot.pending_rows(id, kAllPeriods).value()) {
        if (row.totals.is_zero()) continue;
        contents.pending.emplace_back(id, row.period, row.kind, row.totals);
    }
}

}  // namespace

Contents contents_of(app::Snapshot& snapshot) {
    Contents contents;
    contents.head = snapshot.head().value();
    if (auto org = snapshot.org()) contents.org = *org;
    contents.properties = snapshot.properties().value();
    contents.categories = snapshot.categories().value();
    contents.tokens = snapshot.tokens().value();
    contents.webhooks = snapshot.webhooks().value();
    contents.locks = snapshot.locks().value();
    contents.lock_exceptions = snapshot.lock_exceptions().value();
    contents.users = snapshot.users().value();
    app::EntryFilter filter;
    filter.properties = all_properties(snapshot);
    filter.statuses = {domain::EntryStatus::pending, domain::EntryStatus::approved,
                       domain::EntryStatus::rejected, domain::EntryStatus::deleted};
    filter.sort = app::EntrySort::recorded_at;
    filter.order = app::SortOrder::ascending;
    contents.entries = all_entries(snapshot, filter);
    for (const domain::Entry& entry : contents.entries) {
        contents.reversed_minor.push_back(snapshot.reversed_minor(entry.id).value());
    }
    app::ChangeFilter changes;
    changes.properties = filter.properties;
    changes.limit = contents.entries.size() + 1;
    contents.change_requests = snapshot.change_requests(changes).value();
    for (const PropertyId id : filter.properties) add_property(contents, snapshot, id);
    add_notifications(contents, snapshot);
    for (domain::StoredEvent& event : whole_log(snapshot)) {
        contents.log.emplace_back(std::move(event.bytes), std::move(event.private_json),
                                  event.prev_hash, event.hash);
    }
    return contents;
}

std::vector<domain::RecordedEvent> decoded_log(app::Snapshot& snapshot) {
    std::vector<domain::RecordedEvent> events;
    for (const domain::StoredEvent& event : whole_log(snapshot)) {
        events.push_back(app::decode(event.bytes, event.private_json).value());
    }
    return events;
}

std::vector<domain::Entry> all_entries(app::Snapshot& snapshot, app::EntryFilter filter) {
    std::vector<domain::Entry> entries;
    do {
        app::EntryPage page = snapshot.entries(filter).value();
        for (domain::Entry& entry : page.entries) entries.push_back(std::move(entry));
        filter.after = page.next;
    } while (filter.after);
    return entries;
}

std::vector<Position> all_events(app::Snapshot& snapshot, app::EventFilter filter) {
    std::vector<Position> positions;
    for (;;) {
        const app::EventPage page = snapshot.events(filter).value();
        for (const domain::StoredEvent& event : page.events) positions.push_back(event.position);
        if (!page.next) return positions;
        filter.after = *page.next;
    }
}

std::vector<PropertyId> all_properties(app::Snapshot& snapshot) {
    std::vector<PropertyId> ids;
    for (const domain::Property& property : snapshot.properties().value()) {
        ids.push_back(property.id);
    }
    return ids;
}

std::ostream& operator<<(std::ostream& out, const Contents& contents) {
    out << "head " << contents.head << ", " << contents.entries.size() << " entries, "
        << contents.accounts.size() << " account rows, " << contents.keys.size() << " key rows, "
        << contents.pending.size() << " pending rows\n";
    for (const auto& [bytes, texts, prev, hash] : contents.log)
        out << bytes << ' ' << texts << '\n';
    return out;
}

}  // namespace daybook::test
