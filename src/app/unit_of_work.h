// The rows that a batch has read and changed, with an undo for the command that is running.
//
// Operation: reads go to the transaction once and are kept; changes stay here until the batch ends.
// A command that is refused half-way is rolled back by an undo list, so no savepoint is ever needed
// (design, section 9). append() is the only way to change the books: it encodes and chains the
// event and folds it into the rows, so the tables are a pure fold of events (I1). Limits: a batch
// holds at most limits::kBatchEntriesMax entries, or one bulk. Threads: one.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "app/command_service.h"
#include "app/row_cache.h"
#include "app/rows.h"
#include "app/store.h"
#include "base/result.h"
#include "domain/events.h"

namespace daybook::app {

// Who did it, for every event of one command.
struct Authorship {
    OrgId org;
    UserId user;
    domain::Via via;
    std::string address;
    std::string correlation;
    Instant at;
};

class UnitOfWork {
 public:
    UnitOfWork(WriteTransaction& transaction, const Environment& environment);

    // Loads. A null pointer means that there is no such row; pointers are valid until the next
    // change.
    Result<const domain::Org*> org(OrgId org);
    Result<const domain::Property*> property(const PropertyKey& key);
    Result<std::optional<PropertyId>> property_by_name(const PropertyNameKey& key);
    Result<domain::Counters> counters(const PropertyKey& key);
    Result<const domain::Category*> category(const CategoryIdKey& key);
    Result<const domain::Category*> category_by_key(const CategoryKey& key);
    Result<const domain::Token*> token(const TokenKey& key);
    Result<const domain::Webhook*> webhook(const WebhookKey& key);
    Result<std::int64_t> webhooks_alive(OrgId org);
    Result<const DeliveryRow*> delivery(const DeliveryKey& key);
    Result<Fence> fence(std::string_view lease) { return transaction_.fence(lease); }
    Result<const DeadLetter*> dead_letter(const DeadLetterKey& key);  // not one that is removed
    Result<const domain::User*> user(const UserKey& key);
    // Everybody in the org, also those who were removed, by id.
    Result<std::vector<domain::User>> users(OrgId org);
    Result<const Password*> password(const UserKey& key);
    Result<const SignInSession*> session(const SessionKey& key);
    // Those of the user that have not ended, by id.
    Result<std::vector<SignInSession>> sessions(const UserKey& key);
    Result<const SignInLink*> link(const UserKey& key);
    Result<const domain::Entry*> entry(const EntryKey& key);
    Result<std::optional<EntryId>> entry_by_external_id(const ExternalIdKey& key);
    Result<std::int64_t> reversed_minor(const EntryKey& original);
    Result<const domain::ChangeRequest*> change_request(const EntryKey& key);  // that waits
    Result<Head> head(OrgId org);
    // The latest revision of a closed day.
    Result<const domain::Closing*> closing(const PropertyKey& property, domain::BusinessDate date);
    Result<const domain::PeriodLock*> lock(const LockKey& key);
    Result<const domain::LockException*> lock_exception(const LockExceptionKey& key);
    // Entries of the key's person and property of earlier dates that nobody has decided: how many,
    // and the oldest date.
    Result<domain::Gate> undecided_before(const UndecidedKey& key);
    Result<const domain::DailyApproval*> daily_approval(const DailyApprovalKey& key);
    Result<const Notification*> notification(const NotificationKey& key);
    Result<ReadMarks> read_marks(const UserKey& key);
    Result<Position> newest_event(const PropertyKey& property);
    // What reports read, as the commands so far have left it. Lives no longer than the next change.
    Result<std::unique_ptr<reports::Source>> source(OrgId org);
    Result<std::optional<IdempotencyRecord>> idempotency(const IdempotencyKey& key, Instant now);
    Result<std::vector<domain::StoredEvent>> stored_events(OrgId org, Position first,
                                                           std::int64_t count);
    Result<std::vector<domain::StoredEvent>> events_of(OrgId org, domain::EntityRef entity,
                                                       Position up_to);

    // Records the event: gives it an id and the next position, chains it, and folds it into the
    // rows. Errors: total_too_large (I9), or a load's.
    Result<Position> append(const Authorship& by, domain::Event event);
    // Side tables: written with the batch, not part of the fold.
    void remember(const IdempotencyKey& key, IdempotencyRecord record);
    void keep_credential(Credential credential) { credentials_.push(std::move(credential)); }
    void keep_secret(WebhookSecret secret) { webhook_secrets_.push(std::move(secret)); }
    void keep_attempt(OrgId org, WebhookAttempt attempt) {
        webhook_attempts_.push({org, std::move(attempt)});
    }
    void put_delivery(const DeliveryKey& key, DeliveryRow row);
    void put_dead_letter(OrgId org, DeadLetter letter);
    void forget_subscription(DeliveryKey key) { forgotten_.push(std::move(key)); }
    // Part of the log, like the event that names it.
    void keep_frozen_report(FrozenReport report) { frozen_reports_.push(std::move(report)); }
    void put_password(const UserKey& key, Password password);
    void put_session(const SessionKey& key, SignInSession session);
    void put_link(const UserKey& key, SignInLink link);
    void put_read_marks(const UserKey& key, ReadMarks marks);
    void note(const Note& note);

    // Ends the running command: keeps what it changed, or undoes it.
    void accept();
    void roll_back();

    Changes take_changes();

    [[nodiscard]] const Environment& environment() const { return environment_; }

    // Folds one event into the rows, as append() does, without recording it: for rebuild and
    // replay.
    Status fold(const domain::RecordedEvent& event);

 private:
    friend class UnitSource;
    struct Fold;
    Status note_external_id(const domain::RecordedEvent& event);
    Status fold_entry(const domain::RecordedEvent& event, const domain::EntryChanged& change);
    Status count_undecided(OrgId org, const domain::Entry* before, const domain::Entry& after);
    Status add_undecided(const UndecidedKey& key, std::int64_t change);
    // Whom the event is news for, if anybody.
    Status notify(const domain::RecordedEvent& event);
    // The change that is asked for, or is no more, between two states of an entry.
    Status fold_change_request(const domain::RecordedEvent& event,
                               const domain::EntryChanged& change, const domain::Entry* before);
    Status fold_closed(const domain::RecordedEvent& event, const domain::DayClosed& closed);
    Status fold_reopened(const domain::RecordedEvent& event, const domain::DayReopened& reopened);
    void put_closing(OrgId org, domain::Closing closing);
    Status add_effect(const PropertyKey& at, const domain::EntryEffect& effect, std::int64_t sign);
    Status add_account(const AccountTotalsKey& day, const domain::AccountTotals& totals,
                       std::int64_t sign);
    Status add_category(const CategoryTotalsKey& day, const domain::CategoryTotals& totals,
                        std::int64_t sign);
    Status add_pending(const PendingTotalsKey& day, const domain::PendingTotals& totals,
                       std::int64_t sign);
    Status use_turnover(const PropertyKey& at, std::int64_t minor,
                        std::optional<domain::BusinessDate> date);
    template <class Visit>
    void for_each_cache(Visit&& visit);
    template <class Visit>
    void for_each_list(Visit&& visit);

    WriteTransaction& transaction_;
    const Environment& environment_;
    std::vector<EventRow> events_;
    std::size_t events_accepted_ = 0;
    RowList<Credential> credentials_;
    RowList<WebhookSecret> webhook_secrets_;
    RowList<Changes::AttemptLine> webhook_attempts_;
    RowList<DeliveryKey> forgotten_;
    std::vector<Changes::Erasure> erasures_;
    std::size_t erasures_accepted_ = 0;
    RowList<FrozenReport> frozen_reports_;
    RowCache<OrgId, Head> heads_;
    RowCache<OrgId, domain::Org> orgs_;
    RowCache<PropertyKey, domain::Property> properties_;
    RowCache<PropertyNameKey, PropertyId> property_names_;
    RowCache<PropertyKey, domain::Counters> counters_;
    RowCache<CategoryIdKey, domain::Category> categories_;
    RowCache<CategoryKey, CategoryId> category_keys_;
    RowCache<TokenKey, domain::Token> tokens_;
    RowCache<WebhookKey, domain::Webhook> webhooks_;
    RowCache<OrgId, std::int64_t> webhooks_alive_;
    RowCache<DeliveryKey, DeliveryRow> deliveries_;
    RowCache<DeadLetterKey, DeadLetter> dead_letters_;
    RowCache<UserKey, domain::User> users_;
    RowCache<UserKey, Password> passwords_;
    RowCache<SessionKey, SignInSession> sessions_;
    RowCache<UserKey, SignInLink> links_;
    RowCache<UserKey, ReadMarks> read_marks_;
    RowCache<LastUseKey, Instant> last_uses_;
    RowCache<std::int64_t, FailedSignIn> failed_sign_ins_;
    RowCache<AccessKey, Access> accesses_;
    RowCache<EntryKey, domain::Entry> entries_;
    RowCache<ExternalIdKey, EntryId> external_ids_;
    RowCache<EntryKey, std::int64_t> reversed_minor_;
    RowCache<EntryKey, domain::ChangeRequest> change_requests_;
    RowCache<CountKey, domain::Count> counts_;
    RowCache<AdjustmentKey, domain::Adjustment> adjustments_;
    RowCache<ClosingKey, domain::Closing> closings_;         // what is written
    RowCache<ClosingKey, domain::Closing> latest_closings_;  // by revision 0: what is read
    RowCache<LockKey, domain::PeriodLock> locks_;
    RowCache<LockExceptionKey, domain::LockException> lock_exceptions_;
    RowCache<UndecidedKey, std::int64_t> undecided_;
    RowCache<DailyApprovalKey, domain::DailyApproval> daily_approvals_;
    RowCache<NotificationKey, Notification> notifications_;
    RowCache<AccountTotalsKey, domain::AccountTotals> account_totals_;
    RowCache<CategoryTotalsKey, domain::CategoryTotals> category_totals_;
    RowCache<PendingTotalsKey, domain::PendingTotals> pending_totals_;
    RowCache<IdempotencyKey, IdempotencyRecord> idempotency_;
};

}  // namespace daybook::app
