// A view of one org's books as they were when it was taken.
//
// Operation: the books are shared with the store, which clones them before it changes them while a
// snapshot is alive. Filters run over all rows: it is the reference, not fast.
// Threads: taken on any thread, used by one.
#pragma once

#include <memory>

#include "app/queries.h"
#include "base/mutex.h"
#include "storage/memory/books.h"

namespace daybook::storage::memory {

class MemorySnapshot final : public app::Snapshot {
 public:
    // `sharing` guards the number of those who share the books; the snapshot lets go under it, so
    // that the store knows for certain when nobody reads any more. It must outlive the snapshot.
    MemorySnapshot(OrgId org, std::shared_ptr<const Books> books, Mutex& sharing);
    ~MemorySnapshot() override;
    MemorySnapshot(const MemorySnapshot&) = delete;
    MemorySnapshot& operator=(const MemorySnapshot&) = delete;

    Result<Position> head() override;
    Result<domain::Org> org() override;
    Result<std::optional<domain::Property>> property(PropertyId id) override;
    Result<std::vector<domain::Property>> properties() override;
    Result<std::vector<domain::Category>> categories() override;
    Result<std::vector<reports::AccountRow>> account_rows(PropertyId id,
                                                          reports::PeriodRange range) override;
    Result<std::vector<reports::CategoryRow>> category_rows(PropertyId id,
                                                            reports::PeriodRange range) override;
    Result<std::vector<reports::PendingRow>> pending_rows(PropertyId id,
                                                          reports::PeriodRange range) override;
    Result<std::vector<domain::Count>> last_counts(PropertyId id, domain::DateRange dates) override;
    Result<std::vector<domain::Closing>> closings(PropertyId id, domain::DateRange dates) override;
    Result<std::optional<domain::BusinessDate>> closed_through(PropertyId id) override;
    Result<std::vector<domain::Entry>> entries_of_day(PropertyId id, domain::BusinessDate date,
                                                      std::size_t limit) override;

    Result<std::optional<domain::Entry>> entry(EntryId id) override;
    Result<app::EntryPage> entries(const app::EntryFilter& filter) override;
    Result<std::int64_t> reversed_minor(EntryId original) override;
    Result<std::optional<domain::ChangeRequest>> change_request(EntryId id) override;
    Result<std::vector<domain::ChangeRequest>> change_requests(
        const app::ChangeFilter& filter) override;
    Result<std::int64_t> count_change_requests(PropertyId id) override;
    Result<app::EventPage> events(const app::EventFilter& filter) override;
    Result<std::vector<domain::StoredEvent>> log(Position after, std::size_t limit) override;
    Result<std::vector<domain::Count>> counts(PropertyId id, domain::DateRange dates) override;
    Result<std::vector<domain::Adjustment>> adjustments(PropertyId id,
                                                        domain::DateRange dates) override;
    Result<std::vector<domain::Closing>> revisions(PropertyId id,
                                                   domain::BusinessDate date) override;
    Result<std::vector<domain::Closing>> unacknowledged() override;
    Result<std::optional<std::string>> frozen_report(const Hash& hash) override;
    Result<std::vector<domain::PeriodLock>> locks() override;
    Result<std::vector<domain::LockException>> lock_exceptions() override;
    Result<std::vector<app::Undecided>> undecided(PropertyId id) override;
    Result<std::vector<std::pair<domain::BusinessDate, std::int64_t>>> undecided_before(
        PropertyId id, UserId user, domain::BusinessDate date) override;
    Result<std::vector<domain::DailyApproval>> daily_approvals(PropertyId id,
                                                               domain::BusinessDate date) override;
    Result<std::vector<std::pair<Position, app::Notification>>> notifications(
        UserId id, Position before, std::size_t limit) override;
    Result<app::ReadMarks> read_marks(UserId id) override;
    Result<std::optional<domain::Category>> category(CategoryId id) override;
    Result<std::vector<domain::Token>> tokens() override;
    Result<std::vector<domain::Webhook>> webhooks() override;
    Result<std::vector<app::DeliveryEntry>> deliveries() override;
    Result<app::DeadLetterPage> dead_letters(const app::DeadLetterFilter& filter) override;
    Result<std::optional<app::DeadLetter>> dead_letter(DeadLetterId id) override;
    Result<std::vector<app::WebhookAttempt>> webhook_attempts(WebhookId id) override;
    Result<std::vector<app::EventCount>> event_counts(Instant from, Instant to) override;
    Result<std::optional<domain::User>> user(UserId id) override;
    Result<std::vector<domain::User>> users() override;
    Result<std::optional<app::Password>> password(UserId id) override;
    Result<std::vector<app::SignInSession>> sessions(UserId id) override;
    Result<std::map<Uuid, Instant>> last_uses() override;
    Result<std::vector<std::pair<app::AccessKey, app::Access>>> accesses(
        const std::optional<app::AccessKey>& before, std::size_t limit) override;

 private:
    const OrgId org_;
    std::shared_ptr<const Books> books_;
    Mutex& sharing_;
};

}  // namespace daybook::storage::memory
