// The memory store's transaction: loads from the committed books, and a commit that replaces them.
//
// Operation: write() keeps the changes, commit() applies them to the books of each org, cloning
// those that a snapshot still reads. As a database is for its nodes, it can be for several writers:
// their transactions come one after the other, and PeerLog shows each what the others committed.
// Threads: transactions by one thread at a time (the writer's); the rest from any.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "app/lease.h"
#include "base/clock.h"
#include "base/mutex.h"
#include "storage/memory/books.h"
#include "storage/peer_log.h"
#include "storage/writer.h"

namespace daybook::storage::memory {

// What can be made to fail. `commit` fails with nothing kept, `sync` after everything was; `follow`
// is a read of PeerLog, or of what is kept of an org.
enum class Operation : std::uint8_t { begin, load, write, commit, sync, after_batch, follow };

class MemoryBackend final : public Backend, public PeerLog, private app::WriteTransaction {
 public:
    Result<app::WriteTransaction*> begin() override;
    Status commit() override EXCLUDES(mutex_);
    Status rollback() override;
    Status after_batch() override;
    Status idle() override { return {}; }
    Result<app::Changes> kept_of(OrgId org) override EXCLUDES(mutex_);

    Result<Heads> heads() override EXCLUDES(mutex_);
    Result<std::vector<app::EventRow>> events_after(const std::vector<After>& asked,
                                                    std::size_t limit) override EXCLUDES(mutex_);

    // As app::Leases, at that time.
    std::optional<app::Fence> take_lease(std::string_view lease, Uuid holder, Instant now,
                                         std::int64_t ms) EXCLUDES(mutex_);
    void give_back_lease(std::string_view lease, Uuid holder, Instant now) EXCLUDES(mutex_);

    std::unique_ptr<app::Snapshot> snapshot(OrgId org) EXCLUDES(mutex_);
    std::vector<domain::Org> orgs() EXCLUDES(mutex_);
    std::vector<app::Credential> credentials() EXCLUDES(mutex_);
    std::vector<std::pair<OrgId, domain::User>> users() EXCLUDES(mutex_);
    std::string webhook_secret(const app::WebhookKey& key) EXCLUDES(mutex_);
    app::SignInState sign_in_state() EXCLUDES(mutex_);
    void fail_later(Operation operation, int nth, ErrorCode code) EXCLUDES(mutex_);
    // Forgets what was to fail and has not yet.
    void fail_no_more() EXCLUDES(mutex_);

 private:
    struct Fault {
        Operation operation;
        int nth;
        ErrorCode code;
    };
    struct Lease {
        Uuid holder;
        app::Fence fence = 0;
        Instant until;
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
    Result<app::Fence> fence(std::string_view lease) override EXCLUDES(mutex_);
    Result<std::vector<domain::StoredEvent>> events(OrgId org, Position first,
                                                    std::int64_t count) override;
    Result<std::vector<domain::StoredEvent>> events_of(OrgId org, domain::EntityRef entity,
                                                       Position up_to) override;
    Status write(const app::Changes& changes) override;

    Status check(Operation operation) EXCLUDES(mutex_);
    Result<const Books*> load(OrgId org) EXCLUDES(mutex_);
    template <class Table>
    Result<std::optional<typename Table::mapped_type>> load_row(
        OrgId org, Table Books::* table, const typename Table::key_type& key);
    Books& own_books(OrgId org) REQUIRES(mutex_);

    std::optional<app::Changes> written_;  // by the open transaction

    Mutex mutex_;
    std::map<OrgId, std::shared_ptr<Books>> books_ GUARDED_BY(mutex_);
    std::vector<app::Credential> credentials_ GUARDED_BY(mutex_);
    std::map<std::int64_t, app::FailedSignIn> failed_sign_ins_ GUARDED_BY(mutex_);
    std::map<std::string, Lease, std::less<>> leases_ GUARDED_BY(mutex_);
    std::vector<Fault> faults_ GUARDED_BY(mutex_);
};

// The leases of the nodes that share it, by a clock that is nobody's own.
class MemoryLeases final : public app::Leases {
 public:
    // Both outlive it.
    MemoryLeases(MemoryBackend& kept, const Clock& clock) : kept_(kept), clock_(clock) {}
    Result<std::optional<app::Fence>> take(std::string_view lease, Uuid holder,
                                           std::int64_t ms) override {
        return kept_.take_lease(lease, holder, clock_.now(), ms);
    }
    Status give_back(std::string_view lease, Uuid holder) override {
        kept_.give_back_lease(lease, holder, clock_.now());
        return {};
    }

 private:
    MemoryBackend& kept_;
    const Clock& clock_;
};

}  // namespace daybook::storage::memory
