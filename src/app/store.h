// What app/ needs of a store, in two halves: the transaction that commands run in, and snapshots to
// read from.
//
// Owned by app/, implemented by storage/memory, storage/sqlite and storage/postgres, proven alike
// by one contract suite.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "app/command.h"
#include "app/lease.h"
#include "app/queries.h"
#include "app/rows.h"
#include "base/result.h"

namespace daybook::app {

// The writer's transaction, while a batch is being decided. Loads see everything committed before
// the batch. Errors of every call: corrupt (a row's checksum is wrong), io_failed, disk_full.
class WriteTransaction {
 public:
    virtual ~WriteTransaction() = default;

    // Hints that these commands follow: a store across a network loads what they name in one round
    // trip.
    virtual Status prefetch(const std::vector<const Command*>& commands) = 0;

    virtual Result<std::optional<Head>> head(OrgId org) = 0;
    virtual Result<std::optional<domain::Org>> org(OrgId org) = 0;
    virtual Result<std::optional<domain::Property>> property(const PropertyKey& key) = 0;
    virtual Result<std::optional<PropertyId>> property_by_name(const PropertyNameKey& key) = 0;
    virtual Result<std::optional<domain::Counters>> counters(const PropertyKey& key) = 0;
    virtual Result<std::optional<domain::Category>> category(const CategoryIdKey& key) = 0;
    virtual Result<std::optional<CategoryId>> category_by_key(const CategoryKey& key) = 0;
    virtual Result<std::optional<domain::Token>> token(const TokenKey& key) = 0;
    virtual Result<std::optional<domain::User>> user(const UserKey& key) = 0;
    // Everybody, by id.
    virtual Result<std::vector<domain::User>> users(OrgId org) = 0;
    virtual Result<std::optional<Password>> password(const UserKey& key) = 0;
    virtual Result<std::optional<SignInSession>> session(const SessionKey& key) = 0;
    // Those of the user, by id.
    virtual Result<std::vector<SignInSession>> sessions(const UserKey& key) = 0;
    virtual Result<std::optional<SignInLink>> link(const UserKey& key) = 0;
    virtual Result<std::optional<domain::Entry>> entry(const EntryKey& key) = 0;
    virtual Result<std::optional<EntryId>> entry_by_external_id(const ExternalIdKey& key) = 0;
    virtual Result<std::optional<std::int64_t>> reversed_minor(const EntryKey& original) = 0;
    virtual Result<std::optional<domain::ChangeRequest>> change_request(const EntryKey& key) = 0;
    virtual Result<std::optional<domain::AccountTotals>> account_totals(
        const AccountTotalsKey& key) = 0;
    virtual Result<std::optional<domain::CategoryTotals>> category_totals(
        const CategoryTotalsKey& key) = 0;
    virtual Result<std::optional<domain::PendingTotals>> pending_totals(
        const PendingTotalsKey& key) = 0;
    // The latest revision of a closed day.
    virtual Result<std::optional<domain::Closing>> latest_closing(const PropertyKey& property,
                                                                  domain::BusinessDate date) = 0;
    virtual Result<std::optional<domain::PeriodLock>> lock(const LockKey& key) = 0;
    virtual Result<std::optional<domain::LockException>> lock_exception(
        const LockExceptionKey& key) = 0;
    virtual Result<std::optional<std::int64_t>> undecided(const UndecidedKey& key) = 0;
    // Those of the key's person and property that are of earlier dates, by date.
    virtual Result<std::vector<std::pair<domain::BusinessDate, std::int64_t>>> undecided_before(
        const UndecidedKey& key) = 0;
    virtual Result<std::optional<domain::DailyApproval>> daily_approval(
        const DailyApprovalKey& key) = 0;
    virtual Result<std::optional<Notification>> notification(const NotificationKey& key) = 0;
    virtual Result<std::optional<ReadMarks>> read_marks(const UserKey& key) = 0;
    // Of the property's newest event; 0 if it has none.
    virtual Result<Position> newest_event(const PropertyKey& property) = 0;
    // What reports read of the org, as it was before the batch; only until the batch is written.
    virtual Result<std::unique_ptr<reports::Source>> source(OrgId org) = 0;
    // Records older than limits::kIdempotencyKeptMs before `now` do not exist.
    virtual Result<std::optional<IdempotencyRecord>> idempotency(const IdempotencyKey& key,
                                                                 Instant now) = 0;
    virtual Result<std::optional<domain::Webhook>> webhook(const WebhookKey& key) = 0;
    // Webhooks of the org that are not deleted.
    virtual Result<std::int64_t> webhooks_alive(OrgId org) = 0;
    virtual Result<std::optional<DeliveryRow>> delivery(const DeliveryKey& key) = 0;
    virtual Result<std::optional<DeadLetter>> dead_letter(const DeadLetterKey& key) = 0;
    // Of whoever has the lease, and kept by nobody else while the transaction lasts; 0 where no
    // other node could have it.
    virtual Result<Fence> fence(std::string_view lease) {
        (void)lease;
        return Fence{0};
    }
    // Events at [first, first + count), and those of one entity up to a position, both in order of
    // position.
    virtual Result<std::vector<domain::StoredEvent>> events(OrgId org, Position first,
                                                            std::int64_t count) = 0;
    virtual Result<std::vector<domain::StoredEvent>> events_of(OrgId org, domain::EntityRef entity,
                                                               Position up_to) = 0;

    // Everything the batch changed, once, at its end. After an error nothing of it is kept.
    virtual Status write(const Changes& changes) = 0;
};

// Told of each commit, in commit order, after it is on disk and before its commands are answered;
// and of what other nodes of the same database committed (Changes::found), of each org in the order
// of its log. On the writer's thread: it must be quick and cannot fail.
class CommitListener {
 public:
    virtual ~CommitListener() = default;
    virtual void committed(const Changes& changes) = 0;
    // Somebody asks for the org (Store::load): all that is kept of it in memory, and its head.
    virtual void loaded(OrgId org, const Changes& kept) { (void)org, (void)kept; }
    // Nobody has for long (Store::forget): nothing of it has to be kept.
    virtual void forgotten(OrgId org) { (void)org; }
};

// What lets people in, of every org: read when the process starts.
struct SignInState {
    std::vector<std::pair<OrgId, SignInSession>> sessions;
    std::vector<std::pair<UserKey, SignInLink>> links;
    std::vector<std::pair<LastUseKey, Instant>> last_uses;
    std::vector<std::pair<std::int64_t, FailedSignIn>> failed_sign_ins;  // by slot
};

// Called once, when the command is committed or refused; on the writer's thread.
// Errors besides the command's own: queue_full, draining, read_only, disk_full, commit_unknown,
// corrupt, internal.
using Done = std::move_only_function<void(Result<Outcome>)>;

class Store {
 public:
    virtual ~Store() = default;

    // From any thread; never blocks. Commands of one org are executed in the order of their
    // submission.
    virtual void submit(Command command, Done done) = 0;

    // A consistent view of one org; from any thread, used by one. Errors: io_failed, busy.
    virtual Result<std::unique_ptr<Snapshot>> snapshot(OrgId org) = 0;

    virtual Result<std::vector<domain::Org>> orgs() = 0;
    virtual Result<std::vector<Credential>> credentials() = 0;
    // Everybody of every org.
    virtual Result<std::vector<std::pair<OrgId, domain::User>>> users() = 0;
    // The secret of a webhook; empty where there is none (any more).
    virtual Result<std::string> webhook_secret(const WebhookKey& key) = 0;
    virtual Result<SignInState> sign_in_state() = 0;

    // Before the first submit; listeners are told in the order in which they came.
    virtual void listen(CommitListener& listener) = 0;

    // Tells the listeners what is kept of an org, in its place among the commits, and then calls
    // `done`, on the writer's thread. From any thread; never blocks. Errors: not_found, queue_full,
    // draining, and those of reads.
    virtual void load(OrgId org, std::move_only_function<void(Status)> done) = 0;
    // Tells the listeners that the orgs need not be kept. From any thread; never blocks.
    virtual void forget(std::vector<OrgId> orgs) = 0;

    // Where other nodes write to the same database, listeners hear of that from here on, of all
    // that was committed since the store was opened. After the last listen().
    virtual void follow() {}
    // Of such a database: `done` is called once the listeners know what
    // was committed before this call, to the org or to any; at once where there are none, or where
    // the database cannot be reached. From any thread; `done` on the writer's.
    virtual void catch_up(std::optional<OrgId> org, std::move_only_function<void()> done) {
        (void)org;
        done();
    }
    // Another node has committed up to that position: the listeners are told soon. From any thread.
    virtual void heard(OrgId org, Position position) { (void)org, (void)position; }
    // Of such a database: what nodes have cached of the org is dropped on all of them, within a
    // second (Changes::cleared_caches). It waits for the database. Errors: busy.
    virtual Status clear_caches(OrgId org) {
        (void)org;
        return {};
    }
    // Whether other nodes may write to the same database.
    [[nodiscard]] virtual bool is_shared() const { return false; }

    // Finishes what was submitted; refuses what comes after it (draining).
    virtual void drain() = 0;

    // Whether writes are accepted; after a failed sync they are not, for good (I3).
    struct Health {
        bool accepts_writes = true;
        std::string reason;
        std::int64_t queued_commands = 0;
        std::int64_t wal_bytes = 0;
    };
    virtual Health health() = 0;
};

}  // namespace daybook::app
