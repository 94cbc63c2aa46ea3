// The transaction, and what becomes of a commit without an answer.
#include "storage/postgres/backend.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <thread>
#include <utility>

#include "base/log.h"
#include "storage/postgres/fetch_ahead.h"
#include "storage/sql/write_changes.h"

namespace daybook::storage::postgres {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr sql::Query kHasEvent{"event_is_there", "select count(*) from finance_event_store",
                               " where org = ?1 and event_id = ?2", ""};
// Changes nothing, but waits for whoever holds the log, and for a standby as every commit does: so
// what is found afterwards has ended, and stays.
constexpr sql::Query kPassBy{"head_pass_by", "update heads set crc = crc", " where org = ?1", ""};
// Between two looks for an outcome.
constexpr milliseconds kLookAgain{50};

Error lost_before_commit() {
    return error(ErrorCode::busy,
                 "The connection to the database was lost before this was stored: ask again.");
}

}  // namespace

Status PostgresBackend::ensure_connection() {
    if (connection_ && connection_->database->is_lost()) connection_.reset();
    if (connection_) return {};
    connection_ = std::make_unique<Connection>(TRY(connector_.connect()));
    return {};
}

Result<app::WriteTransaction*> PostgresBackend::begin() {
    trace_ = {};
    TRY(ensure_connection());
    TRY(connection_->database->send_begin("", kWriteStatementMsMax));
    TRY(connection_->database->send_keep_plans());
    return static_cast<app::WriteTransaction*>(this);
}

// The server may have cut the connection while nothing was written.
Result<std::vector<OrgId>> PostgresBackend::claim(const std::vector<OrgId>& orgs, Claim how) {
    auto claimed = claim_now(orgs, how);
    if (claimed || !connection_->database->is_lost()) return claimed;
    TRY(begin());
    return claim_now(orgs, how);
}

// An org without a log is new, and nobody has it.
Result<std::vector<OrgId>> PostgresBackend::claim_now(const std::vector<OrgId>& orgs, Claim how) {
    HeadLocks& locks = connection_->locks;
    const auto take = [&] { return how == Claim::wait ? locks.take(orgs) : locks.take_free(orgs); };
    Database& database = *connection_->database;
    if (how == Claim::wait) {
        TRY(database.send(
            "lock_timeout",
            fmt::format("select set_config('lock_timeout', '{}', true)", kLogWaitMsMax)));
    }
    database.begin_fetch();
    TRY(locks.transaction());
    TRY(take());
    TRY(locks.known(orgs));
    const Status fetched = database.end_fetch();
    // In vain: this transaction is over, and whoever wanted it waits on.
    if (!fetched && fetched.error().code == ErrorCode::busy && how == Claim::wait &&
        !database.is_lost()) {
        return orgs;
    }
    TRY(Status(fetched));
    trace_.transaction = TRY(locks.transaction());
    std::vector<OrgId> taken = TRY(take());
    std::vector<OrgId> known = TRY(locks.known(orgs));
    std::ranges::sort(taken);
    std::ranges::sort(known);
    std::vector<OrgId> elsewhere;
    std::ranges::set_difference(known, taken, std::back_inserter(elsewhere));
    return elsewhere;
}

Status PostgresBackend::prefetch(const std::vector<const app::Command*>& commands) {
    Database& database = *connection_->database;
    database.forget_fetched();
    database.begin_fetch(Database::Fetch::together);
    for (const app::Command* each : commands) TRY(fetch_ahead(*this, *each));
    TRY(database.end_fetch());
    std::vector<app::CategoryIdKey> categories;
    for (const app::Command* each : commands) {
        for (const auto& key : TRY(named_categories(*this, *each))) categories.push_back(key);
    }
    if (categories.empty()) return {};
    database.begin_fetch(Database::Fetch::together);
    for (const app::CategoryIdKey& key : categories) TRY(category(key));
    return database.end_fetch();
}

Status PostgresBackend::write(const app::Changes& changes) {
    if (!changes.events.empty()) {
        trace_.event = {changes.events.front().org, changes.events.front().id};
    }
    connection_->database->put_writes_off();
    return sql::write_changes(connection_->tables, changes);
}

Status PostgresBackend::commit() {
    Database& database = *connection_->database;
    TRY(database.end_writes());
    TRY(database.send("commit_waits", "select set_config('statement_timeout', '0', true)"));
    TRY(database.send("commit", "commit"));
    Status committed = database.settle();
    if (committed || !database.is_lost()) return committed;
    return find_outcome();
}

Status PostgresBackend::rollback() {
    if (!connection_) return {};
    Database& database = *connection_->database;
    if (!database.is_lost()) {
        // What was sent before may have failed; the rollback ends that, too.
        if (const Status sent = database.settle(); !sent && database.is_lost()) {
            connection_.reset();
            return {};
        }
        if (database.send_rollback()) return {};
    }
    connection_.reset();
    return {};
}

Status PostgresBackend::find_outcome() {
    log(LogLevel::warning,
        "The connection to the database was lost during a commit; its outcome is looked for.");
    connection_.reset();
    const auto until = steady_clock::now() + milliseconds(kOutcomeMsMax);
    while (steady_clock::now() < until) {
        const auto committed = was_committed();
        if (committed && *committed) return {};
        if (committed) return fail(lost_before_commit());
        std::this_thread::sleep_for(kLookAgain);
    }
    return fail(ErrorCode::commit_unknown,
                "The database was lost during a commit and did not come back in time.");
}

// An error where that cannot be said yet. Without an event there is nothing to find, and nothing
// that could not be written once more.
Result<bool> PostgresBackend::was_committed() {
    TRY(ensure_connection());
    if (!trace_.event) return false;
    Database& database = *connection_->database;
    const auto status = database.value("transaction_status",
                                       "select pg_xact_status('" + trace_.transaction + "'::xid8)");
    if (!status && database.is_lost()) return std::unexpected(status.error());
    // Another server than before need not know that transaction, which is over then.
    if (status && *status == "in progress") {
        return fail(ErrorCode::busy, "The transaction has not ended yet.");
    }
    {
        sql::Statement pass_by(database, kPassBy);
        sql::Run run(pass_by);
        TRY(run.with(trace_.event->first).finish());
    }
    sql::Statement statement(database, kHasEvent);
    sql::Run run(statement);
    run.with(trace_.event->first).with(trace_.event->second);
    return TRY(run.number()).value_or(0) > 0;
}

}  // namespace daybook::storage::postgres
