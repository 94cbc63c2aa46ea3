// Forwards everything, and calls the hook on the way.
#include "support/hooked_store.h"

#include <optional>
#include <utility>

namespace daybook::test {
namespace {

using reports::PeriodRange;

class HookedSnapshot final : public app::Snapshot {
 public:
    HookedSnapshot(std::unique_ptr<app::Snapshot> of, std::shared_ptr<const HookedStore::Hook> hook,
                   std::function<Result<Position>()> head)
        : of_(std::move(of)), hook_(std::move(hook)), head_(std::move(head)) {}

    Result<Position> head() override { return head_ ? head_() : of_->head(); }
    Result<domain::Org> org() override { return of_->org(); }
    Result<std::optional<domain::Property>> property(PropertyId id) override {
        return of_->property(id);
    }
    Result<std::vector<domain::Property>> properties() override {
        TRY((*hook_)(ReadPoint::query));
        return of_->properties();
    }
    Result<std::vector<domain::Category>> categories() override {
        TRY((*hook_)(ReadPoint::query));
        return of_->categories();
    }
    Result<std::vector<reports::AccountRow>> account_rows(PropertyId id,
                                                          PeriodRange range) override {
        TRY((*hook_)(ReadPoint::query));
        return of_->account_rows(id, range);
    }
    Result<std::vector<reports::CategoryRow>> category_rows(PropertyId id,
                                                            PeriodRange range) override {
        TRY((*hook_)(ReadPoint::query));
        return of_->category_rows(id, range);
    }
    Result<std::vector<reports::PendingRow>> pending_rows(PropertyId id,
                                                          PeriodRange range) override {
        TRY((*hook_)(ReadPoint::query));
        return of_->pending_rows(id, range);
    }
    Result<std::vector<domain::Count>> last_counts(PropertyId id,
                                                   domain::DateRange dates) override {
        TRY((*hook_)(ReadPoint::query));
        return of_->last_counts(id, dates);
    }
    Result<std::vector<domain::Closing>> closings(PropertyId id, domain::DateRange dates) override {
        TRY((*hook_)(ReadPoint::query));
        return of_->closings(id, dates);
    }
    Result<std::optional<domain::BusinessDate>> closed_through(PropertyId id) override {
        TRY((*hook_)(ReadPoint::query));
        return of_->closed_through(id);
    }
    Result<std::vector<domain::Entry>> entries_of_day(PropertyId id, domain::BusinessDate date,
                                                      std::size_t limit) override {
        TRY((*hook_)(ReadPoint::query));
        return of_->entries_of_day(id, date, limit);
    }

    Result<std::optional<domain::Entry>> entry(EntryId id) override { return of_->entry(id); }
    Result<app::EntryPage> entries(const app::EntryFilter& filter) override {
        return of_->entries(filter);
    }
    Result<std::int64_t> reversed_minor(EntryId original) override {
        return of_->reversed_minor(original);
    }
    Result<std::optional<domain::ChangeRequest>> change_request(EntryId id) override {
        return of_->change_request(id);
    }
    Result<std::vector<domain::ChangeRequest>> change_requests(
        const app::ChangeFilter& filter) override {
        return of_->change_requests(filter);
    }
    Result<std::int64_t> count_change_requests(PropertyId id) override {
        return of_->count_change_requests(id);
    }
    Result<app::EventPage> events(const app::EventFilter& filter) override {
        return of_->events(filter);
    }
    Result<std::vector<domain::StoredEvent>> log(Position after, std::size_t limit) override {
        return of_->log(after, limit);
    }
    Result<std::vector<domain::Count>> counts(PropertyId id, domain::DateRange dates) override {
        return of_->counts(id, dates);
    }
    Result<std::vector<domain::Adjustment>> adjustments(PropertyId id,
                                                        domain::DateRange dates) override {
        return of_->adjustments(id, dates);
    }
    Result<std::vector<domain::Closing>> revisions(PropertyId id,
                                                   domain::BusinessDate date) override {
        return of_->revisions(id, date);
    }
    Result<std::vector<domain::Closing>> unacknowledged() override { return of_->unacknowledged(); }
    Result<std::optional<std::string>> frozen_report(const Hash& hash) override {
        return of_->frozen_report(hash);
    }
    Result<std::vector<domain::PeriodLock>> locks() override { return of_->locks(); }
    Result<std::vector<domain::LockException>> lock_exceptions() override {
        return of_->lock_exceptions();
    }
    Result<std::vector<app::Undecided>> undecided(PropertyId id) override {
        return of_->undecided(id);
    }
    Result<std::vector<std::pair<domain::BusinessDate, std::int64_t>>> undecided_before(
        PropertyId id, UserId user, domain::BusinessDate date) override {
        return of_->undecided_before(id, user, date);
    }
    Result<std::vector<domain::DailyApproval>> daily_approvals(PropertyId id,
                                                               domain::BusinessDate date) override {
        return of_->daily_approvals(id, date);
    }
    Result<std::vector<std::pair<Position, app::Notification>>> notifications(
        UserId id, Position before, std::size_t limit) override {
        return of_->notifications(id, before, limit);
    }
    Result<app::ReadMarks> read_marks(UserId id) override { return of_->read_marks(id); }
    Result<std::optional<domain::Category>> category(CategoryId id) override {
        return of_->category(id);
    }
    Result<std::vector<domain::Token>> tokens() override { return of_->tokens(); }
    Result<std::vector<domain::Webhook>> webhooks() override { return of_->webhooks(); }
    Result<std::vector<app::DeliveryEntry>> deliveries() override { return of_->deliveries(); }
    Result<app::DeadLetterPage> dead_letters(const app::DeadLetterFilter& filter) override {
        return of_->dead_letters(filter);
    }
    Result<std::optional<app::DeadLetter>> dead_letter(DeadLetterId id) override {
        return of_->dead_letter(id);
    }
    Result<std::vector<app::WebhookAttempt>> webhook_attempts(WebhookId id) override {
        return of_->webhook_attempts(id);
    }
    Result<std::vector<app::EventCount>> event_counts(Instant from, Instant to) override {
        return of_->event_counts(from, to);
    }

    Result<std::optional<domain::User>> user(UserId id) override { return of_->user(id); }
    Result<std::vector<domain::User>> users() override { return of_->users(); }
    Result<std::optional<app::Password>> password(UserId id) override { return of_->password(id); }
    Result<std::vector<app::SignInSession>> sessions(UserId id) override {
        return of_->sessions(id);
    }
    Result<std::map<Uuid, Instant>> last_uses() override { return of_->last_uses(); }
    Result<std::vector<std::pair<app::AccessKey, app::Access>>> accesses(
        const std::optional<app::AccessKey>& before, std::size_t limit) override {
        return of_->accesses(before, limit);
    }

 private:
    std::unique_ptr<app::Snapshot> of_;
    std::shared_ptr<const HookedStore::Hook> hook_;
    std::function<Result<Position>()> head_;
};

}  // namespace

Result<std::unique_ptr<app::Snapshot>> HookedStore::snapshot(OrgId org) {
    const auto hook = hook_;
    TRY((*hook)(ReadPoint::before_snapshot));
    auto snapshot = TRY(to().snapshot(org));
    TRY((*hook)(ReadPoint::after_snapshot));
    std::function<Result<Position>()> head;
    if (head_from_ == HeadFrom::store) {
        head = [this, org]() -> Result<Position> { return TRY(to().snapshot(org))->head(); };
    }
    return std::make_unique<HookedSnapshot>(std::move(snapshot), hook, std::move(head));
}

}  // namespace daybook::test
