// Opening, the transaction, and what becomes of a connection that failed.
#include "storage/sqlite/backend.h"

#include <utility>

#include "base/check.h"
#include "storage/sqlite/migrations.h"
#include "storage/sqlite/tables_source.h"

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
    : connection_(std::make_unique<Connection>(std::move(database), readers)) {}

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
    return write_changes(connection_->tables, changes);
}

Result<std::optional<app::Head>> SqliteBackend::head(OrgId org) {
    return connection_->tables.orgs.head(org);
}

Result<std::optional<domain::Org>> SqliteBackend::org(OrgId org) {
    return connection_->tables.orgs.find(org);
}

Result<std::optional<domain::Property>> SqliteBackend::property(const app::PropertyKey& key) {
    return connection_->tables.properties.find(key);
}

Result<std::optional<PropertyId>> SqliteBackend::property_by_name(const app::PropertyNameKey& key) {
    return connection_->tables.properties.find_by_name(key);
}

Result<std::optional<domain::Counters>> SqliteBackend::counters(const app::PropertyKey& key) {
    return connection_->tables.properties.counters(key);
}

Result<std::optional<domain::Category>> SqliteBackend::category(const app::CategoryIdKey& key) {
    return connection_->tables.categories.find(key);
}

Result<std::optional<CategoryId>> SqliteBackend::category_by_key(const app::CategoryKey& key) {
    return connection_->tables.categories.find_by_key(key);
}

Result<std::optional<domain::Token>> SqliteBackend::token(const app::TokenKey& key) {
    return connection_->tables.tokens.find(key);
}

Result<std::optional<domain::User>> SqliteBackend::user(const app::UserKey& key) {
    return connection_->tables.users.find(key);
}

Result<std::vector<domain::User>> SqliteBackend::users(OrgId org) {
    return connection_->tables.users.all(org);
}

Result<std::optional<app::Password>> SqliteBackend::password(const app::UserKey& key) {
    return connection_->tables.sign_ins.password(key);
}

Result<std::optional<app::SignInSession>> SqliteBackend::session(const app::SessionKey& key) {
    return connection_->tables.sign_ins.session(key);
}

Result<std::vector<app::SignInSession>> SqliteBackend::sessions(const app::UserKey& key) {
    return connection_->tables.sign_ins.sessions(key);
}

Result<std::optional<app::SignInLink>> SqliteBackend::link(const app::UserKey& key) {
    return connection_->tables.sign_ins.link(key);
}

Result<std::optional<domain::Entry>> SqliteBackend::entry(const app::EntryKey& key) {
    return connection_->tables.entries.find(key);
}

Result<std::optional<EntryId>> SqliteBackend::entry_by_external_id(const app::ExternalIdKey& key) {
    const auto entry = TRY(connection_->tables.entries.find_by_external_id(key));
    if (!entry) return std::nullopt;
    return entry->id;
}

Result<std::optional<std::int64_t>> SqliteBackend::reversed_minor(const app::EntryKey& original) {
    return connection_->tables.entries.reversed_minor(original);
}

Result<std::optional<domain::ChangeRequest>> SqliteBackend::change_request(
    const app::EntryKey& key) {
    return connection_->tables.changes.find(key);
}

Result<std::optional<domain::AccountTotals>> SqliteBackend::account_totals(
    const app::AccountTotalsKey& key) {
    return connection_->tables.totals.find(key);
}

Result<std::optional<domain::CategoryTotals>> SqliteBackend::category_totals(
    const app::CategoryTotalsKey& key) {
    return connection_->tables.totals.find(key);
}

Result<std::optional<domain::PendingTotals>> SqliteBackend::pending_totals(
    const app::PendingTotalsKey& key) {
    return connection_->tables.totals.find(key);
}

Result<std::optional<domain::Closing>> SqliteBackend::latest_closing(
    const app::PropertyKey& property, domain::BusinessDate date) {
    return connection_->tables.days.latest(property, date);
}

Result<std::optional<domain::PeriodLock>> SqliteBackend::lock(const app::LockKey& key) {
    return connection_->tables.days.lock(key);
}

Result<std::optional<domain::LockException>> SqliteBackend::lock_exception(
    const app::LockExceptionKey& key) {
    return connection_->tables.days.lock_exception(key);
}

Result<std::optional<std::int64_t>> SqliteBackend::undecided(const app::UndecidedKey& key) {
    return connection_->tables.gates.undecided(key);
}

Result<std::vector<std::pair<domain::BusinessDate, std::int64_t>>> SqliteBackend::undecided_before(
    const app::UndecidedKey& key) {
    return connection_->tables.gates.undecided_before(key);
}

Result<std::optional<domain::DailyApproval>> SqliteBackend::daily_approval(
    const app::DailyApprovalKey& key) {
    return connection_->tables.gates.approval(key);
}

Result<std::optional<app::Notification>> SqliteBackend::notification(
    const app::NotificationKey& key) {
    return connection_->tables.notifications.find(key);
}

Result<std::optional<app::ReadMarks>> SqliteBackend::read_marks(const app::UserKey& key) {
    return connection_->tables.notifications.marks(key);
}

Result<Position> SqliteBackend::newest_event(const app::PropertyKey& property) {
    return connection_->tables.events.newest_of(property);
}

Result<std::unique_ptr<reports::Source>> SqliteBackend::source(OrgId org) {
    return std::make_unique<TablesSource>(connection_->tables, org);
}

Result<std::optional<app::IdempotencyRecord>> SqliteBackend::idempotency(
    const app::IdempotencyKey& key, Instant now) {
    return connection_->tables.idempotency.find(key, now);
}

Result<std::optional<domain::Webhook>> SqliteBackend::webhook(const app::WebhookKey& key) {
    return connection_->tables.webhooks.find(key);
}

Result<std::int64_t> SqliteBackend::webhooks_alive(OrgId org) {
    return connection_->tables.webhooks.alive(org);
}

Result<std::optional<app::DeliveryRow>> SqliteBackend::delivery(const app::DeliveryKey& key) {
    return connection_->tables.deliveries.find(key);
}

Result<std::optional<app::DeadLetter>> SqliteBackend::dead_letter(const app::DeadLetterKey& key) {
    return connection_->tables.deliveries.find_letter(key);
}

Result<std::vector<domain::StoredEvent>> SqliteBackend::events(OrgId org, Position first,
                                                               std::int64_t count) {
    return connection_->tables.events.after(org, first - 1, static_cast<std::size_t>(count));
}

Result<std::vector<domain::StoredEvent>> SqliteBackend::events_of(OrgId org,
                                                                  domain::EntityRef entity,
                                                                  Position up_to) {
    return connection_->tables.events.of_entity(org, entity, up_to);
}

}  // namespace daybook::storage::sqlite
