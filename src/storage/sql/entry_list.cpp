// Lanes, the merge of lanes, and the best of those without an order.
#include "storage/sql/entry_list.h"

#include <algorithm>
#include <array>
#include <limits>

#include "storage/matching.h"

namespace daybook::storage::sql {
namespace {

using app::EntryCursor;
using app::EntryFilter;
using app::EntrySort;
using app::SortOrder;
using domain::Entry;

// The index has a day's entries by number, so ids are sorted day by day; without the rows, which
// are then read in any order. PostgreSQL has no row numbers, and would not gain by them.
constexpr Query kDateUp{"entry_list_date_up", kSelectEntry, R"( where rowid in (
    select rowid from entries where org = ?1 and property = ?2 and business_date between ?3 and ?5
        and (business_date > ?3 or id > ?4)
    order by business_date, id limit ?6))",
                        "SEARCH entries USING INTEGER PRIMARY KEY (rowid=?); LIST SUBQUERY 1; "
                        "SEARCH entries USING COVERING INDEX entries_by_date"
                        " (org=? AND property=? AND business_date>? AND business_date<?); "
                        "USE TEMP B-TREE FOR RIGHT PART OF ORDER BY",
                        R"( where org = ?1 and property = ?2 and business_date between ?3 and ?5
        and (business_date > ?3 or id > ?4)
    order by business_date, id limit ?6)"};
constexpr Query kDateDown{"entry_list_date_down", kSelectEntry, R"( where rowid in (
    select rowid from entries where org = ?1 and property = ?2 and business_date between ?5 and ?3
        and (business_date < ?3 or id < ?4)
    order by business_date desc, id desc limit ?6))",
                          "SEARCH entries USING INTEGER PRIMARY KEY (rowid=?); LIST SUBQUERY 1; "
                          "SEARCH entries USING COVERING INDEX entries_by_date"
                          " (org=? AND property=? AND business_date>? AND business_date<?); "
                          "USE TEMP B-TREE FOR RIGHT PART OF ORDER BY",
                          R"( where org = ?1 and property = ?2 and business_date between ?5 and ?3
        and (business_date < ?3 or id < ?4)
    order by business_date desc, id desc limit ?6)"};
// In the order of the index, for what is sorted by something else.
constexpr Query kDays{"entry_list_days", kSelectEntry,
                      " where org = ?1 and property = ?2 and (business_date, number) > (?3, ?4)"
                      " and business_date <= ?5 order by business_date, number limit ?6",
                      "SEARCH entries USING INDEX entries_by_date"
                      " (org=? AND property=? AND (business_date,number)>(?,?)"
                      " AND business_date<?)"};
// For all of the org, or for one property: its column of the index tells before a row is read.
constexpr Query kRecordedUp{
    "entry_list_recorded_up", kSelectEntry,
    " where org = ?1 and (property = ?2 or ?2 is null) and (created_at, id) > (?3, ?4)"
    " order by created_at, id limit ?5",
    "SEARCH entries USING INDEX entries_by_recorded (org=? AND (created_at,id)>(?,?))"};
constexpr Query kRecordedDown{
    "entry_list_recorded_down", kSelectEntry,
    " where org = ?1 and (property = ?2 or ?2 is null) and (created_at, id) < (?3, ?4)"
    " order by created_at desc, id desc limit ?5",
    "SEARCH entries USING INDEX entries_by_recorded (org=? AND (created_at,id)<(?,?))"};
constexpr Query kPendingUp{
    "entry_list_pending_up", kSelectEntry,
    " where org = ?1 and property = ?2 and status = 'pending' and (created_at, id) > (?3, ?4)"
    " order by created_at, id limit ?5",
    "SEARCH entries USING INDEX entries_pending"
    " (org=? AND property=? AND (created_at,id)>(?,?))"};
constexpr Query kPendingDown{
    "entry_list_pending_down", kSelectEntry,
    " where org = ?1 and property = ?2 and status = 'pending' and (created_at, id) < (?3, ?4)"
    " order by created_at desc, id desc limit ?5",
    "SEARCH entries USING INDEX entries_pending"
    " (org=? AND property=? AND (created_at,id)<(?,?))"};

// Entries that a lane reads ahead in one go; twice as many each time.
constexpr std::size_t kReadAheadMin = 16;
constexpr std::size_t kReadAheadMax = 4'096;

constexpr std::array kKinds{domain::EntryKind::expense, domain::EntryKind::revenue,
                            domain::EntryKind::transfer};

// Beyond the dates that can be, so that a cursor of somebody's own making harms nobody.
constexpr std::int64_t kBeforeAllDays = -1;
constexpr std::int64_t kAfterAllDays = 100'000;

constexpr EntryId kLastId{Uuid{{0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
                                0xFF, 0xFF, 0xFF, 0xFF, 0xFF}}};

// Before everything in the direction.
EntryCursor start_of(EntrySort sort, SortOrder order) {
    const bool by_date = sort == EntrySort::business_date;
    using Limits = std::numeric_limits<std::int64_t>;
    if (order == SortOrder::ascending) return {by_date ? kBeforeAllDays : Limits::min(), EntryId{}};
    return {by_date ? kAfterAllDays : Limits::max(), kLastId};
}

// Where the filter's dates and cursor let a lane by date begin.
EntryCursor start_by_date(const EntryFilter& filter, SortOrder order) {
    EntryCursor start = start_of(EntrySort::business_date, order);
    if (order == SortOrder::ascending && filter.from) start = {filter.from->days() - 1, kLastId};
    if (order == SortOrder::descending && filter.to) start = {filter.to->days() + 1, EntryId{}};
    if (filter.sort != EntrySort::business_date || !filter.after) return start;
    EntryCursor after = *filter.after;
    after.value = std::clamp(after.value, kBeforeAllDays, kAfterAllDays);
    return before(order, start, after) ? after : start;
}

std::int32_t date_key(std::int64_t days) {
    return domain::BusinessDate::from_days(static_cast<std::int32_t>(days)).key();
}

std::vector<PropertyId> unique_sorted(std::vector<PropertyId> properties) {
    std::ranges::sort(properties);
    const auto rest = std::ranges::unique(properties);
    properties.erase(rest.begin(), rest.end());
    return properties;
}

// One more than the page, which tells whether there is a next one.
app::EntryPage page_of(std::vector<Entry> entries, const EntryFilter& filter) {
    app::EntryPage page{std::move(entries), std::nullopt};
    if (page.entries.size() <= filter.limit || filter.limit == 0) return page;
    page.entries.resize(filter.limit);
    page.next = cursor_of(filter.sort, page.entries.back());
    return page;
}

// Keeps the first of them in the order of the page.
class Best {
 public:
    explicit Best(const EntryFilter& filter) : filter_(filter) {}
    void offer(Entry entry) {
        const EntryCursor at = cursor_of(filter_.sort, entry);
        if (filter_.after && !before(filter_.order, *filter_.after, at)) return;
        entries_.push_back(std::move(entry));
        if (entries_.size() >= 2 * (filter_.limit + 1)) keep_first();
    }
    std::vector<Entry> take() {
        keep_first();
        return std::move(entries_);
    }

 private:
    void keep_first() {
        std::ranges::sort(entries_, [this](const Entry& one, const Entry& other) {
            return before(filter_.order, cursor_of(filter_.sort, one),
                          cursor_of(filter_.sort, other));
        });
        if (entries_.size() > filter_.limit + 1) entries_.resize(filter_.limit + 1);
    }
    const EntryFilter& filter_;
    std::vector<Entry> entries_;
};

}  // namespace

EntryList::EntryList(Connection& connection, EntryTable& entries)
    : entries_(entries),
      date_up_(connection, kDateUp),
      date_down_(connection, kDateDown),
      days_(connection, kDays),
      recorded_up_(connection, kRecordedUp),
      recorded_down_(connection, kRecordedDown),
      pending_up_(connection, kPendingUp),
      pending_down_(connection, kPendingDown) {}

Result<app::EntryPage> EntryList::page(OrgId org, const EntryFilter& filter) {
    if (!filter.external_id.empty()) return page_of(TRY(with_external_id(org, filter)), filter);
    const Lane::By by = kind_of_lane(filter);
    const bool in_order =
        by == Lane::By::pending ? filter.sort == EntrySort::recorded_at : by != Lane::By::days;
    std::vector<Lane> lanes = lanes_for(filter);
    return page_of(in_order ? TRY(merged(org, filter, std::move(lanes)))
                            : TRY(best_of(org, filter, std::move(lanes))),
                   filter);
}

EntryList::Lane::By EntryList::kind_of_lane(const EntryFilter& filter) {
    if (std::ranges::equal(filter.statuses, std::array{domain::EntryStatus::pending})) {
        return Lane::By::pending;
    }
    switch (filter.sort) {
        case EntrySort::business_date: return Lane::By::date;
        case EntrySort::recorded_at: return Lane::By::recorded;
        case EntrySort::amount_minor: break;
    }
    return Lane::By::days;
}

std::vector<EntryList::Lane> EntryList::lanes_for(const EntryFilter& filter) {
    Lane lane;
    lane.by = kind_of_lane(filter);
    lane.order = filter.order;
    if (lane.by == Lane::By::date) {
        lane.after = start_by_date(filter, lane.order);
    } else if (lane.by == Lane::By::days) {
        lane.order = SortOrder::ascending;
        lane.after = start_by_date(filter, lane.order);
        lane.after_number = std::numeric_limits<std::int64_t>::max();
    } else {
        lane.after = start_of(EntrySort::recorded_at, lane.order);
        if (filter.sort == EntrySort::recorded_at && filter.after) lane.after = *filter.after;
    }
    const std::vector<PropertyId> properties = unique_sorted(filter.properties);
    if (properties.empty()) return {};
    const bool one_for_all = lane.by == Lane::By::recorded && properties.size() > 1;
    std::vector<Lane> lanes(one_for_all ? 1 : properties.size(), lane);
    const std::size_t wanted = (filter.limit + 1) / lanes.size();
    for (std::size_t i = 0; i < lanes.size(); ++i) {
        if (!one_for_all) lanes[i].property = properties[i];
        lanes[i].wanted = std::clamp(wanted, kReadAheadMin, kReadAheadMax);
    }
    return lanes;
}

Result<std::vector<Entry>> EntryList::merged(OrgId org, const EntryFilter& filter,
                                             std::vector<Lane> lanes) {
    std::vector<Entry> entries;
    while (entries.size() < filter.limit + 1) {
        Lane* first = nullptr;
        for (Lane& lane : lanes) {
            while (lane.next == lane.entries.size() && !lane.ended) TRY(refill(org, filter, lane));
            if (lane.next == lane.entries.size()) continue;
            if (first == nullptr ||
                before(filter.order, cursor_of(filter.sort, lane.entries[lane.next]),
                       cursor_of(filter.sort, first->entries[first->next]))) {
                first = &lane;
            }
        }
        if (first == nullptr) break;
        entries.push_back(std::move(first->entries[first->next++]));
    }
    return entries;
}

Result<std::vector<Entry>> EntryList::best_of(OrgId org, const EntryFilter& filter,
                                              std::vector<Lane> lanes) {
    Best best(filter);
    for (Lane& lane : lanes) {
        lane.wanted = kReadAheadMax;
        while (!lane.ended) {
            TRY(refill(org, filter, lane));
            for (Entry& entry : lane.entries) best.offer(std::move(entry));
        }
    }
    return best.take();
}

Result<std::vector<Entry>> EntryList::with_external_id(OrgId org, const EntryFilter& filter) {
    Best best(filter);
    for (const PropertyId& property : unique_sorted(filter.properties)) {
        for (const domain::EntryKind kind : kKinds) {
            auto entry =
                TRY(entries_.find_by_external_id({org, property, kind, filter.external_id}));
            if (entry && matches(filter, *entry)) best.offer(*std::move(entry));
        }
    }
    return best.take();
}

Statement& EntryList::statement_for(const Lane& lane) {
    const bool up = lane.order == SortOrder::ascending;
    switch (lane.by) {
        case Lane::By::recorded: return up ? recorded_up_ : recorded_down_;
        case Lane::By::pending: return up ? pending_up_ : pending_down_;
        case Lane::By::days: return days_;
        case Lane::By::date: break;
    }
    return up ? date_up_ : date_down_;
}

void EntryList::bind(Run& run, const EntryFilter& filter, const Lane& lane) {
    const bool by_date = lane.by == Lane::By::date || lane.by == Lane::By::days;
    if (!by_date) {
        run.with(lane.after.value).with(lane.after.id);
        return;
    }
    run.with(date_key(lane.after.value));
    if (lane.by == Lane::By::days) {
        run.with(lane.after_number);
    } else {
        run.with(lane.after.id);
    }
    const bool up = lane.order == SortOrder::ascending;
    const auto end = up ? filter.to : filter.from;
    run.with(end ? end->key() : date_key(up ? kAfterAllDays : kBeforeAllDays));
}

Status EntryList::refill(OrgId org, const EntryFilter& filter, Lane& lane) {
    const bool by_date = lane.by == Lane::By::date || lane.by == Lane::By::days;
    const EntrySort sort = by_date ? EntrySort::business_date : EntrySort::recorded_at;
    std::vector<Entry> entries;
    {
        Run run(statement_for(lane));
        run.with(org).with(lane.property);
        bind(run, filter, lane);
        run.with(lane.wanted);
        entries = TRY(run.all(kEntries, read_entry));
    }
    if (lane.by == Lane::By::date) {
        std::ranges::sort(entries, [&](const Entry& one, const Entry& other) {
            return before(lane.order, cursor_of(sort, one), cursor_of(sort, other));
        });
    }
    lane.ended = entries.size() < lane.wanted;
    lane.wanted = std::min(2 * lane.wanted, kReadAheadMax);  // what was read may all be refused
    if (!entries.empty()) {
        lane.after = cursor_of(sort, entries.back());
        lane.after_number = entries.back().number;
    }
    std::erase_if(entries, [&](const Entry& entry) { return !matches(filter, entry); });
    lane.entries = std::move(entries);
    lane.next = 0;
    return {};
}

void add_entry_list_queries(std::vector<const Query*>& queries) {
    queries.insert(queries.end(), {&kDateUp, &kDateDown, &kDays, &kRecordedUp, &kRecordedDown,
                                   &kPendingUp, &kPendingDown});
}

}  // namespace daybook::storage::sql
