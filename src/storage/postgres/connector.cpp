// Tries and rests.
#include "storage/postgres/connector.h"

#include <algorithm>

#include "base/log.h"

namespace daybook::storage::postgres {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

namespace {

// For whoever asked for something: where the database is, is not theirs to know.
Error away() {
    return error(ErrorCode::busy, "The database cannot be reached: ask again shortly.");
}

}  // namespace

Result<std::unique_ptr<Database>> Connector::connect() {
    if (is_resting()) return fail(away());
    auto database = Database::connect(address_);
    note(database ? Status() : fail(database.error()));
    if (!database && database.error().code == ErrorCode::busy) return fail(away());
    return database;
}

bool Connector::is_reachable() {
    const Lock lock(mutex_);
    return rest_ms_ == 0;
}

bool Connector::is_resting() {
    const Lock lock(mutex_);
    return rest_ms_ > 0 && steady_clock::now() < resting_until_;
}

void Connector::note(const Status& tried) {
    bool changed = false;
    {
        const Lock lock(mutex_);
        changed = tried.has_value() != (rest_ms_ == 0);
        rest_ms_ = tried ? 0 : std::clamp(2 * rest_ms_, kRestMsMin, kRestMsMax);
        resting_until_ = steady_clock::now() + milliseconds(rest_ms_);
    }
    if (!changed) return;
    if (tried) return log(LogLevel::info, "The database can be reached again.");
    log(LogLevel::warning, tried.error().detail);
}

}  // namespace daybook::storage::postgres
