// Pages of entries: which index serves a filter, and how the streams of several properties are
// merged.
//
// Operation: a filter becomes lanes, each an index range. Lanes that are in the order of the page
// are merged, by date one for each property, by recording one for the org. The others (amounts,
// which have no index; external ids; pending entries by anything but recording) are read to their
// end, and the best of them are kept. Every entry is put to storage::matches().
#pragma once

#include <optional>
#include <vector>

#include "app/queries.h"
#include "storage/sql/entry_table.h"
#include "storage/sql/run.h"

namespace daybook::storage::sql {

class EntryList {
 public:
    EntryList(Connection& connection, EntryTable& entries);

    Result<app::EntryPage> page(OrgId org, const app::EntryFilter& filter);

 private:
    // Entries from one index range, read ahead; those that the filter refuses are not kept.
    struct Lane {
        // `days`: as the index has them, by date and number.
        enum class By : std::uint8_t { date, days, recorded, pending };
        By by = By::date;
        app::SortOrder order = app::SortOrder::ascending;
        std::optional<PropertyId> property;  // none: all of the org, By::recorded only
        app::EntryCursor after;
        std::int64_t after_number = 0;  // By::days only
        std::size_t wanted = 0;
        std::vector<domain::Entry> entries;
        std::size_t next = 0;
        bool ended = false;
    };

    static Lane::By kind_of_lane(const app::EntryFilter& filter);
    static std::vector<Lane> lanes_for(const app::EntryFilter& filter);
    Result<std::vector<domain::Entry>> merged(OrgId org, const app::EntryFilter& filter,
                                              std::vector<Lane> lanes);
    Result<std::vector<domain::Entry>> best_of(OrgId org, const app::EntryFilter& filter,
                                               std::vector<Lane> lanes);
    Result<std::vector<domain::Entry>> with_external_id(OrgId org, const app::EntryFilter& filter);
    Statement& statement_for(const Lane& lane);
    static void bind(Run& run, const app::EntryFilter& filter, const Lane& lane);
    Status refill(OrgId org, const app::EntryFilter& filter, Lane& lane);

    EntryTable& entries_;
    Statement date_up_;
    Statement date_down_;
    Statement days_;
    Statement recorded_up_;
    Statement recorded_down_;
    Statement pending_up_;
    Statement pending_down_;
};

void add_entry_list_queries(std::vector<const Query*>& queries);

}  // namespace daybook::storage::sql
