// A consistent view of one org: every query within one read transaction.
//
// `Lease` is an adapter's: what it lends has call(read), which runs read(Tables&) within that
// transaction. Threads: used by one; where a lease can be ended by another, every later query gets
// its error (busy).
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "app/queries.h"
#include "storage/sql/tables.h"

namespace daybook::storage::sql {

template <class Lease>
class TablesSnapshot final : public app::Snapshot {
 public:
    // Reads the head, which pins the view.
    static Result<std::unique_ptr<app::Snapshot>> open(Lease lease, OrgId org) {
        const auto head = TRY(lease->call([&](Tables& tables) { return tables.orgs.head(org); }));
        return std::make_unique<TablesSnapshot>(std::move(lease), org, head ? head->position : 0);
    }

    TablesSnapshot(Lease lease, OrgId org, Position head)
        : lease_(std::move(lease)), org_(org), head_(head) {}

    Result<Position> head() override { return head_; }

    Result<domain::Org> org() override {
        auto org = TRY(lease_->call([&](Tables& tables) { return tables.orgs.find(org_); }));
        if (!org) return fail(ErrorCode::not_found, "There is no such org.");
        return *std::move(org);
    }

    Result<std::optional<domain::Property>> property(PropertyId id) override {
        return lease_->call([&](Tables& tables) { return tables.properties.find({org_, id}); });
    }

    Result<std::vector<domain::Property>> properties() override {
        return lease_->call([&](Tables& tables) { return tables.properties.all(org_); });
    }

    Result<std::vector<domain::Category>> categories() override {
        return lease_->call([&](Tables& tables) { return tables.categories.all(org_); });
    }

    Result<std::vector<reports::AccountRow>> account_rows(PropertyId id,
                                                          reports::PeriodRange range) override {
        return lease_->call(
            [&](Tables& tables) { return tables.totals.accounts({org_, id}, range); });
    }

    Result<std::vector<reports::CategoryRow>> category_rows(PropertyId id,
                                                            reports::PeriodRange range) override {
        return lease_->call(
            [&](Tables& tables) { return tables.totals.categories({org_, id}, range); });
    }

    Result<std::vector<reports::PendingRow>> pending_rows(PropertyId id,
                                                          reports::PeriodRange range) override {
        return lease_->call(
            [&](Tables& tables) { return tables.totals.pending({org_, id}, range); });
    }

    Result<std::vector<domain::Count>> last_counts(PropertyId id,
                                                   domain::DateRange dates) override {
        return lease_->call(
            [&](Tables& tables) { return tables.cash.last_counts({org_, id}, dates); });
    }

    Result<std::vector<domain::Closing>> closings(PropertyId id, domain::DateRange dates) override {
        return lease_->call(
            [&](Tables& tables) { return tables.days.latest_between({org_, id}, dates); });
    }

    Result<std::optional<domain::BusinessDate>> closed_through(PropertyId id) override {
        const auto counters = TRY(
            lease_->call([&](Tables& tables) { return tables.properties.counters({org_, id}); }));
        return counters ? counters->closed_through : std::nullopt;
    }

    Result<std::vector<domain::Entry>> entries_of_day(PropertyId id, domain::BusinessDate date,
                                                      std::size_t limit) override {
        return lease_->call(
            [&](Tables& tables) { return tables.entries.of_day({org_, id}, date, limit); });
    }

    Result<std::optional<domain::Entry>> entry(EntryId id) override {
        return lease_->call([&](Tables& tables) { return tables.entries.find({org_, id}); });
    }

    Result<app::EntryPage> entries(const app::EntryFilter& filter) override {
        return lease_->call([&](Tables& tables) { return tables.entry_list.page(org_, filter); });
    }

    Result<std::int64_t> reversed_minor(EntryId original) override {
        const auto found = TRY(lease_->call(
            [&](Tables& tables) { return tables.entries.reversed_minor({org_, original}); }));
        return found.value_or(0);
    }

    Result<std::optional<domain::ChangeRequest>> change_request(EntryId id) override {
        return lease_->call([&](Tables& tables) { return tables.changes.find({org_, id}); });
    }

    Result<std::vector<domain::ChangeRequest>> change_requests(
        const app::ChangeFilter& filter) override {
        return lease_->call([&](Tables& tables) { return tables.changes.page(org_, filter); });
    }

    Result<std::int64_t> count_change_requests(PropertyId id) override {
        return lease_->call([&](Tables& tables) { return tables.changes.count({org_, id}); });
    }

    Result<app::EventPage> events(const app::EventFilter& filter) override {
        return lease_->call(
            [&](Tables& tables) { return tables.history.page(org_, head_, filter); });
    }

    Result<std::vector<domain::StoredEvent>> log(Position after, std::size_t limit) override {
        return lease_->call(
            [&](Tables& tables) { return tables.events.after(org_, after, limit); });
    }

    Result<std::vector<domain::Count>> counts(PropertyId id, domain::DateRange dates) override {
        return lease_->call([&](Tables& tables) { return tables.cash.counts({org_, id}, dates); });
    }

    Result<std::vector<domain::Adjustment>> adjustments(PropertyId id,
                                                        domain::DateRange dates) override {
        return lease_->call(
            [&](Tables& tables) { return tables.cash.adjustments({org_, id}, dates); });
    }

    Result<std::vector<domain::Closing>> revisions(PropertyId id,
                                                   domain::BusinessDate date) override {
        return lease_->call(
            [&](Tables& tables) { return tables.days.revisions({org_, id}, date); });
    }

    Result<std::vector<domain::Closing>> unacknowledged() override {
        return lease_->call([&](Tables& tables) { return tables.days.unacknowledged(org_); });
    }

    Result<std::optional<std::string>> frozen_report(const Hash& hash) override {
        return lease_->call([&](Tables& tables) { return tables.days.frozen_report(org_, hash); });
    }

    Result<std::vector<domain::PeriodLock>> locks() override {
        return lease_->call([&](Tables& tables) { return tables.days.locks(org_); });
    }

    Result<std::vector<domain::LockException>> lock_exceptions() override {
        return lease_->call([&](Tables& tables) { return tables.days.lock_exceptions(org_); });
    }

    Result<std::vector<app::Undecided>> undecided(PropertyId id) override {
        return lease_->call([&](Tables& tables) { return tables.gates.undecided_of({org_, id}); });
    }

    Result<std::vector<std::pair<domain::BusinessDate, std::int64_t>>> undecided_before(
        PropertyId id, UserId user, domain::BusinessDate date) override {
        return lease_->call(
            [&](Tables& tables) { return tables.gates.undecided_before({org_, id, user, date}); });
    }

    Result<std::vector<domain::DailyApproval>> daily_approvals(PropertyId id,
                                                               domain::BusinessDate date) override {
        return lease_->call(
            [&](Tables& tables) { return tables.gates.approvals({org_, id}, date); });
    }

    Result<std::vector<std::pair<Position, app::Notification>>> notifications(
        UserId id, Position before, std::size_t limit) override {
        return lease_->call(
            [&](Tables& tables) { return tables.notifications.before({org_, id, before}, limit); });
    }

    Result<app::ReadMarks> read_marks(UserId id) override {
        const auto marks = TRY(
            lease_->call([&](Tables& tables) { return tables.notifications.marks({org_, id}); }));
        return marks.value_or(app::ReadMarks{});
    }

    Result<std::optional<domain::Category>> category(CategoryId id) override {
        return lease_->call([&](Tables& tables) { return tables.categories.find({org_, id}); });
    }

    Result<std::vector<domain::Token>> tokens() override {
        return lease_->call([&](Tables& tables) { return tables.tokens.all(org_); });
    }

    Result<std::vector<domain::Webhook>> webhooks() override {
        return lease_->call([&](Tables& tables) { return tables.webhooks.all(org_); });
    }

    Result<std::vector<app::DeliveryEntry>> deliveries() override {
        return lease_->call([&](Tables& tables) { return tables.deliveries.all(org_); });
    }

    Result<app::DeadLetterPage> dead_letters(const app::DeadLetterFilter& filter) override {
        return lease_->call(
            [&](Tables& tables) { return tables.deliveries.letters(org_, filter); });
    }

    Result<std::optional<app::DeadLetter>> dead_letter(DeadLetterId id) override {
        return lease_->call(
            [&](Tables& tables) { return tables.deliveries.find_letter({org_, id}); });
    }

    Result<std::vector<app::WebhookAttempt>> webhook_attempts(WebhookId id) override {
        return lease_->call([&](Tables& tables) { return tables.webhooks.attempts({org_, id}); });
    }

    Result<std::vector<app::EventCount>> event_counts(Instant from, Instant to) override {
        return lease_->call([&](Tables& tables) { return tables.events.counts(org_, from, to); });
    }

    Result<std::optional<domain::User>> user(UserId id) override {
        return lease_->call([&](Tables& tables) { return tables.users.find({org_, id}); });
    }

    Result<std::vector<domain::User>> users() override {
        return lease_->call([&](Tables& tables) { return tables.users.all(org_); });
    }

    Result<std::optional<app::Password>> password(UserId id) override {
        return lease_->call([&](Tables& tables) { return tables.sign_ins.password({org_, id}); });
    }

    Result<std::vector<app::SignInSession>> sessions(UserId id) override {
        return lease_->call([&](Tables& tables) { return tables.sign_ins.sessions({org_, id}); });
    }

    Result<std::map<Uuid, Instant>> last_uses() override {
        return lease_->call([&](Tables& tables) { return tables.sign_ins.last_uses(org_); });
    }

    Result<std::vector<std::pair<app::AccessKey, app::Access>>> accesses(
        const std::optional<app::AccessKey>& before, std::size_t limit) override {
        return lease_->call(
            [&](Tables& tables) { return tables.accesses.list(org_, before, limit); });
    }

 private:
    Lease lease_;
    const OrgId org_;
    const Position head_;
};

}  // namespace daybook::storage::sql
