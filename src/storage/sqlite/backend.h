// The writer's connection: loads, writes, commits and checkpoints.
//
// Guarantee (I3): after a commit that may or may not be on disk, a failed checkpoint or a failed
// rollback, the connection is never used again, nor closed: both could write. It is kept as it is
// until the process ends; the next start recovers the log.
// Threads: as storage::Backend; wal_bytes() from any.
#pragma once

#include <memory>
#include <string>

#include "app/store.h"
#include "storage/sqlite/tables.h"
#include "storage/sqlite/write_ahead_log.h"
#include "storage/writer.h"

namespace daybook::storage::sqlite {

class SqliteBackend final : public Backend, private app::WriteTransaction {
 public:
    // Opens or makes the file, recovers its log and brings it to the newest schema.
    // Errors: newer_schema, corrupt, io_failed, disk_full, busy.
    static Result<std::unique_ptr<SqliteBackend>> open(const std::string& path,
                                                       const std::string& vfs, ReaderPool& readers,
                                                       Instant now);
    SqliteBackend(std::unique_ptr<Database> database, ReaderPool& readers);
    ~SqliteBackend() override;

    Result<app::WriteTransaction*> begin() override;
    Status commit() override;
    Status rollback() override;
    Status after_batch() override;
    Status idle() override;

    [[nodiscard]] std::int64_t wal_bytes() const { return connection_->log.bytes(); }

 private:
    struct Connection {
        Connection(std::unique_ptr<Database> opened, ReaderPool& readers)
            : database(std::move(opened)), tables(*database), log(*database, readers) {}
        std::unique_ptr<Database> database;
        Tables tables;
        WriteAheadLog log;
    };

    Status prefetch(const std::vector<const app::Command*>& commands) override;
    Result<std::optional<app::Head>> head(OrgId org) override;
    Result<std::optional<domain::Org>> org(OrgId org) override;
    Result<std::optional<domain::Property>> property(const app::PropertyKey& key) override;
    Result<std::optional<PropertyId>> property_by_name(const app::PropertyNameKey& key) override;
    Result<std::optional<domain::Counters>> counters(const app::PropertyKey& key) override;
    Result<std::optional<domain::Category>> category(const app::CategoryIdKey& key) override;
    Result<std::optional<CategoryId>> category_by_key(const app::CategoryKey& key) override;
    Result<std::optional<domain::Token>> token(const app::TokenKey& key) override;
    Result<std::optional<domain::User>> user(const app::UserKey& key) override;
    Result<std::vector<domain::User>> users(OrgId org) override;
    Result<std::optional<app::Password>> password(const app::UserKey& key) override;
    Result<std::optional<app::SignInSession>> session(const app::SessionKey& key) override;
    Result<std::vector<app::SignInSession>> sessions(const app::UserKey& key) override;
    Result<std::optional<app::SignInLink>> link(const app::UserKey& key) override;
    Result<std::optional<domain::Entry>> entry(const app::EntryKey& key) override;
    Result<std::optional<EntryId>> entry_by_external_id(const app::ExternalIdKey& key) override;
    Result<std::optional<std::int64_t>> reversed_minor(const app::EntryKey& original) override;
    Result<std::optional<domain::ChangeRequest>> change_request(const app::EntryKey& key) override;
    Result<std::optional<domain::AccountTotals>> account_totals(
        const app::AccountTotalsKey& key) override;
    Result<std::optional<domain::CategoryTotals>> category_totals(
        const app::CategoryTotalsKey& key) override;
    Result<std::optional<domain::PendingTotals>> pending_totals(
        const app::PendingTotalsKey& key) override;
    Result<std::optional<domain::Closing>> latest_closing(const app::PropertyKey& property,
                                                          domain::BusinessDate date) override;
    Result<std::optional<domain::PeriodLock>> lock(const app::LockKey& key) override;
    Result<std::optional<domain::LockException>> lock_exception(
        const app::LockExceptionKey& key) override;
    Result<std::optional<std::int64_t>> undecided(const app::UndecidedKey& key) override;
    Result<std::vector<std::pair<domain::BusinessDate, std::int64_t>>> undecided_before(
        const app::UndecidedKey& key) override;
    Result<std::optional<domain::DailyApproval>> daily_approval(
        const app::DailyApprovalKey& key) override;
    Result<std::optional<app::Notification>> notification(const app::NotificationKey& key) override;
    Result<std::optional<app::ReadMarks>> read_marks(const app::UserKey& key) override;
    Result<Position> newest_event(const app::PropertyKey& property) override;
    Result<std::unique_ptr<reports::Source>> source(OrgId org) override;
    Result<std::optional<app::IdempotencyRecord>> idempotency(const app::IdempotencyKey& key,
                                                              Instant now) override;
    Result<std::optional<domain::Webhook>> webhook(const app::WebhookKey& key) override;
    Result<std::int64_t> webhooks_alive(OrgId org) override;
    Result<std::optional<app::DeliveryRow>> delivery(const app::DeliveryKey& key) override;
    Result<std::optional<app::DeadLetter>> dead_letter(const app::DeadLetterKey& key) override;
    Result<std::vector<domain::StoredEvent>> events(OrgId org, Position first,
                                                    std::int64_t count) override;
    Result<std::vector<domain::StoredEvent>> events_of(OrgId org, domain::EntityRef entity,
                                                       Position up_to) override;
    Status write(const app::Changes& changes) override;

    Status recover();
    // Passes the status on; after an error the connection is left alone for ever.
    Status or_never_again(Status status);

    std::unique_ptr<Connection> connection_;
    bool failed_ = false;
};

// Writes the rows, parents first and each table in the order of its keys.
Status write_changes(Tables& tables, const app::Changes& changes);

}  // namespace daybook::storage::sqlite
