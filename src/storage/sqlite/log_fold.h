// Folds the event log into books tables, chunk by chunk: what rebuild and its check share.
//
// Operation: while one chunk is folded and written, the next one is read and decoded by another
// thread; each takes about half of the time. Limits: two chunks of kFoldEvents events are in memory
// at a time. Threads: one, and that one of its own, which alone uses the log until fold() returns.
#pragma once

#include <future>
#include <map>
#include <vector>

#include "app/maintenance.h"
#include "app/unit_of_work.h"
#include "storage/sql/event_table.h"
#include "storage/sqlite/database.h"

namespace daybook::storage::sqlite {

inline constexpr std::size_t kFoldEvents = 16'000;

// Every org that has events, in ascending order. Errors: those of reading.
Result<std::vector<OrgId>> orgs_of_log(Database& database);

class LogFold {
 public:
    // Reads events from the one and writes rows to the other, on another connection. Events are
    // left alone: erasures of texts are in the log already.
    LogFold(sql::EventTable& log, app::WriteTransaction& books, const app::Environment& environment)
        : log_(log), books_(books), work_(books, environment) {}

    // All events of the org that there are and were not folded yet. Errors: corrupt, naming the
    // position; newer_schema.
    Status fold(OrgId org, const app::MaintenanceProgress& progress);

    [[nodiscard]] std::int64_t events() const { return events_; }

 private:
    struct Chunk {
        std::vector<domain::RecordedEvent> events;
        Hash last_hash{};
    };
    // `folded` is thrown away by the thread that reads.
    [[nodiscard]] std::future<Result<Chunk>> read_ahead(OrgId org, Position after, Chunk folded);
    Result<Chunk> read(OrgId org, Position after);
    Status fold_chunk(OrgId org, const Chunk& chunk);

    sql::EventTable& log_;
    app::WriteTransaction& books_;
    app::UnitOfWork work_;
    std::map<OrgId, Position> folded_;
    std::int64_t events_ = 0;
};

}  // namespace daybook::storage::sqlite
