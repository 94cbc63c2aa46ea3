// Folds the event log into books tables, chunk by chunk: what rebuild and its check share.
//
// Limits: kFoldEvents events are in memory at a time. Threads: one.
#pragma once

#include <map>
#include <vector>

#include "app/maintenance.h"
#include "app/unit_of_work.h"
#include "storage/sqlite/event_table.h"

namespace daybook::storage::sqlite {

inline constexpr std::size_t kFoldEvents = 4'000;

// Every org that has events, in ascending order. Errors: those of reading.
Result<std::vector<OrgId>> orgs_of_log(Database& database);

class LogFold {
 public:
    // Reads events from the one and writes rows to the other, which has no events of its own to
    // change: erasures of texts are in the log already.
    LogFold(EventTable& log, app::WriteTransaction& books, const app::Environment& environment)
        : log_(log), books_(books), work_(books, environment) {}

    // All events of the org that there are and were not folded yet. Errors: corrupt, naming the
    // position; newer_schema.
    Status fold(OrgId org, const app::MaintenanceProgress& progress);

    [[nodiscard]] std::int64_t events() const { return events_; }

 private:
    // Of the newest event that was folded.
    [[nodiscard]] app::Head head(OrgId org) const;
    Status fold_event(OrgId org, const domain::StoredEvent& stored);

    EventTable& log_;
    app::WriteTransaction& books_;
    app::UnitOfWork work_;
    std::map<OrgId, app::Head> heads_;
    std::int64_t events_ = 0;
};

}  // namespace daybook::storage::sqlite
