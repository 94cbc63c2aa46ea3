// Lanes, the merge of lanes, and the best of those without an order.
#include "storage/sqlite/entry_list.h"

#include <algorithm>
#include <array>
#include <limits>

#include "storage/matching.h"

namespace daybook::storage::sqlite {
namespace {

using app::EntryCursor;
using app::EntryFilter;
using app::EntrySort;
using app::SortOrder;
using domain::Entry;

constexpr Query kDateUp{"entry_list_date_up", kSelectEntry,
                        " where org = ?1 and property = ?2 and (business_date, id) > (?3, ?4)"
                        " and business_date <= ?5 order by business_date, id limit ?6",
                        "SEARCH entries USING INDEX entries_by_date"
                        " (org=? AND property=? AND business_date>? AND business_date<?)"};
constexpr Query kDateDown{"entry_list_date_down", kSelectEntry,
                          " where org = ?1 and property = ?2 and (business_date, id) < (?3, ?4)"
                          " and business_date >= ?5 order by business_date desc, id desc limit ?6",
                          "SEARCH entries USING INDEX entries_by_date"
                          " (org=? AND property=? AND business_date>? AND business_date<?)"};
// For all of the org, or for one property: its column of the index tells before a row is read.
constexpr Query kRecordedUp{
    "entry_list_recorded_up", kSelectEntry,
    " where org = ?1 and (?2 is null or property = ?2) and (created_at, id) > (?3, ?4)"
    " order by created_at, id limit ?5",
    "SEARCH entries USING INDEX entries_by_recorded (org=? AND (created_at,id)>(?,?))"};
constexpr Query kRecordedDown{
    "entry_list_recorded_down", kSelectEntry,
    " where org = ?1 and (?2 is null or property = ?2) and (created_at, id) < (?3, ?4)"
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

// Entries that a lane reads ahead in one go.
constexpr std::size_t kReadAheadMin = 16;
constexpr std::size_t kReadAheadMax = 256;

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

EntryList::EntryList(Database& database, EntryTable& entries)
    : entries_(entries),
      date_up_(database, kDateUp),
      date_down_(database, kDateDown),
      recorded_up_(database, kRecordedUp),
      recorded_down_(database, kRecordedDown),
      pending_up_(database, kPendingUp),
      pending_down_(database, kPendingDown) {}

Result<app::EntryPage> EntryList::page(OrgId org, const EntryFilter& filter) {
    if (!filter.external_id.empty()) return page_of(TRY(with_external_id(org, filter)), filter);
    const bool only_pending =
        std::ranges::equal(filter.statuses, std::array{domain::EntryStatus::pending});
    std::vector<Lane> lanes = lanes_for(filter, only_pending);
    const bool in_order = filter.sort == EntrySort::recorded_at ||
                          (filter.sort == EntrySort::business_date && !only_pending);
    return page_of(in_order ? TRY(merged(org, filter, std::move(lanes)))
                            : TRY(best_of(org, filter, std::move(lanes))),
                   filter);
}

std::vector<EntryList::Lane> EntryList::lanes_for(const EntryFilter& filter, bool only_pending) {
    const std::vector<PropertyId> properties = unique_sorted(filter.properties);
    const bool by_recording = filter.sort == EntrySort::recorded_at;
    std::vector<Lane> lanes;
    if (by_recording && !only_pending) {
        Lane lane{Lane::By::recorded, filter.order, std::nullopt, {}, 0, {}, 0, false};
        if (properties.size() == 1) lane.property = properties.front();
        if (!properties.empty()) lanes.push_back(std::move(lane));
    } else {
        const Lane::By by = only_pending ? Lane::By::pending : Lane::By::date;
        for (const PropertyId& property : properties) {
            lanes.push_back({by, filter.order, property, {}, 0, {}, 0, false});
        }
    }
    for (Lane& lane : lanes) {
        const bool resumes = by_recording && filter.after;
        lane.after = lane.by == Lane::By::date ? start_by_date(filter, lane.order)
                     : resumes                 ? *filter.after
                                               : start_of(EntrySort::recorded_at, lane.order);
        lane.wanted = std::clamp((filter.limit + 1) / lanes.size(), kReadAheadMin, kReadAheadMax);
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
        case Lane::By::date: break;
    }
    return up ? date_up_ : date_down_;
}

Status EntryList::refill(OrgId org, const EntryFilter& filter, Lane& lane) {
    const bool by_date = lane.by == Lane::By::date;
    const bool up = lane.order == SortOrder::ascending;
    Run run(statement_for(lane));
    run.with(org).with(lane.property);
    run.with(by_date ? date_key(lane.after.value) : lane.after.value).with(lane.after.id);
    if (by_date) {
        const auto end = up ? filter.to : filter.from;
        run.with(end ? end->key() : date_key(up ? kAfterAllDays : kBeforeAllDays));
    }
    run.with(lane.wanted);
    lane.entries.clear();
    lane.next = 0;
    std::size_t read = 0;
    for (;; ++read) {
        auto entry = TRY(run.next(kEntries, read_entry));
        if (!entry) break;
        lane.after = cursor_of(by_date ? EntrySort::business_date : EntrySort::recorded_at, *entry);
        if (matches(filter, *entry)) lane.entries.push_back(*std::move(entry));
    }
    lane.ended = read < lane.wanted;
    return {};
}

void add_entry_list_queries(std::vector<const Query*>& queries) {
    queries.insert(queries.end(), {&kDateUp, &kDateDown, &kRecordedUp, &kRecordedDown, &kPendingUp,
                                   &kPendingDown});
}

}  // namespace daybook::storage::sqlite
