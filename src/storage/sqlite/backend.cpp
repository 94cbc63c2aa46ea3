// Opening, the transaction, and what becomes of a connection that failed.
#include "storage/sqlite/backend.h"

#include <utility>

#include "base/check.h"
#include "storage/sql/kept.h"
#include "storage/sql/write_changes.h"
#include "storage/sqlite/migrations.h"

namespace daybook::storage::sqlite {
namespace {

// Reachable until the process ends, so that nothing is closed and no leak is reported.
template <class Thing>
void keep_for_ever(std::unique_ptr<Thing> thing) {
    static Mutex mutex;
    static auto* const kept = new std::vector<std::unique_ptr<Thing>>();
    const Lock lock(mutex);
    kept->push_back(std::move(thing));
}

// Whether a failed COMMIT leaves no doubt that nothing was committed.
bool is_certain(const Error& failure, bool still_open) {
    return failure.code == ErrorCode::disk_full || failure.code == ErrorCode::busy ||
           (failure.code == ErrorCode::internal && still_open);
}

}  // namespace

Result<std::unique_ptr<SqliteBackend>> SqliteBackend::open(const std::string& path,
                                                           const std::string& vfs,
                                                           ReaderPool& readers, Instant now) {
    auto database = TRY(Database::open(path, Access::write, vfs));
    const int schema = TRY(schema_of(*database));
    if (schema > newest_schema()) TRY(check_schema(*database));
    auto backend = std::make_unique<SqliteBackend>(std::move(database), readers);
    TRY(backend->recover());
    TRY(migrate(*backend->connection_->database, now));
    TRY(backend->recover());
    return backend;
}

SqliteBackend::SqliteBackend(std::unique_ptr<Database> database, ReaderPool& readers)
    : connection_(std::make_unique<Connection>(std::move(database), readers)), readers_(readers) {}

SqliteBackend::~SqliteBackend() {
    if (!failed_ && connection_->database->in_transaction()) rollback();
    if (!failed_) idle();
    if (failed_) keep_for_ever(std::move(connection_));
}

Result<app::WriteTransaction*> SqliteBackend::begin() {
    CHECK(!failed_);
    TRY(connection_->database->execute("begin immediate"));
    return static_cast<app::WriteTransaction*>(this);
}

Status SqliteBackend::commit() {
    Database& database = *connection_->database;
    if (!database.in_transaction()) {
        return fail(ErrorCode::io_failed, "An error had ended the transaction before its commit.");
    }
    Status committed = database.execute("commit");
    if (committed || is_certain(committed.error(), database.in_transaction())) return committed;
    committed.error().code = ErrorCode::commit_unknown;
    return or_never_again(std::move(committed));
}

Status SqliteBackend::rollback() {
    Database& database = *connection_->database;
    if (!database.in_transaction()) return {};
    return or_never_again(database.execute("rollback"));
}

Status SqliteBackend::after_batch() {
    return or_never_again(connection_->log.step());
}

Status SqliteBackend::idle() {
    return or_never_again(connection_->log.idle());
}

Result<app::Changes> SqliteBackend::kept_of(OrgId org) {
    if (!reader_) reader_ = TRY(readers_.open_apart());
    TRY(reader_->begin());
    auto kept = reader_->call([&](sql::Tables& tables) { return sql::kept_of(tables, org); });
    if (!reader_->finish()) reader_.reset();
    return kept;
}

Status SqliteBackend::or_never_again(Status status) {
    if (!status) failed_ = true;
    return status;
}

// A reader of another process or a full disk is in the way of a start, but harms nothing.
Status SqliteBackend::recover() {
    Status status = connection_->log.recover();
    if (status) return status;
    const ErrorCode code = status.error().code;
    failed_ = code != ErrorCode::busy && code != ErrorCode::disk_full;
    return status;
}

Status SqliteBackend::prefetch(const std::vector<const app::Command*>& commands) {
    (void)commands;  // the rows are in this process
    return {};
}

Status SqliteBackend::write(const app::Changes& changes) {
    if (!connection_->database->in_transaction()) {
        return fail(ErrorCode::io_failed, "An error had ended the transaction before its writes.");
    }
    return sql::write_changes(connection_->tables, changes);
}

}  // namespace daybook::storage::sqlite
