// Each query asks its table, with the org in front.
#include "storage/sqlite/snapshot.h"

#include <utility>

namespace daybook::storage::sqlite {

Result<std::unique_ptr<app::Snapshot>> SqliteSnapshot::open(ReaderPool& pool, OrgId org) {
    ReaderPool::Lease lease = TRY(pool.lease());
    const auto head = TRY(lease->call([&](Tables& tables) { return tables.orgs.head(org); }));
    return std::make_unique<SqliteSnapshot>(std::move(lease), org, head ? head->position : 0);
}

Result<domain::Org> SqliteSnapshot::org() {
    auto org = TRY(lease_->call([&](Tables& tables) { return tables.orgs.find(org_); }));
    if (!org) return fail(ErrorCode::not_found, "There is no such org.");
    return *std::move(org);
}

Result<std::optional<domain::Property>> SqliteSnapshot::property(PropertyId id) {
    return lease_->call([&](Tables& tables) { return tables.properties.find({org_, id}); });
}

Result<std::vector<domain::Property>> SqliteSnapshot::properties() {
    return lease_->call([&](Tables& tables) { return tables.properties.all(org_); });
}

Result<std::vector<domain::Category>> SqliteSnapshot::categories() {
    return lease_->call([&](Tables& tables) { return tables.categories.all(org_); });
}

Result<std::vector<reports::AccountRow>> SqliteSnapshot::account_rows(PropertyId id,
                                                                      reports::PeriodRange range) {
    return lease_->call([&](Tables& tables) { return tables.totals.accounts({org_, id}, range); });
}

Result<std::vector<reports::CategoryRow>> SqliteSnapshot::category_rows(
    PropertyId id, reports::PeriodRange range) {
    return lease_->call(
        [&](Tables& tables) { return tables.totals.categories({org_, id}, range); });
}

Result<std::vector<reports::PendingRow>> SqliteSnapshot::pending_rows(PropertyId id,
                                                                      reports::PeriodRange range) {
    return lease_->call([&](Tables& tables) { return tables.totals.pending({org_, id}, range); });
}

Result<std::vector<domain::Count>> SqliteSnapshot::last_counts(PropertyId id,
                                                               domain::DateRange dates) {
    return lease_->call([&](Tables& tables) { return tables.cash.last_counts({org_, id}, dates); });
}

Result<std::vector<domain::Closing>> SqliteSnapshot::closings(PropertyId id,
                                                              domain::DateRange dates) {
    return lease_->call(
        [&](Tables& tables) { return tables.days.latest_between({org_, id}, dates); });
}

Result<std::optional<domain::BusinessDate>> SqliteSnapshot::closed_through(PropertyId id) {
    const auto counters =
        TRY(lease_->call([&](Tables& tables) { return tables.properties.counters({org_, id}); }));
    return counters ? counters->closed_through : std::nullopt;
}

Result<std::vector<domain::Entry>> SqliteSnapshot::entries_of_day(PropertyId id,
                                                                  domain::BusinessDate date,
                                                                  std::size_t limit) {
    return lease_->call(
        [&](Tables& tables) { return tables.entries.of_day({org_, id}, date, limit); });
}

Result<std::optional<domain::Entry>> SqliteSnapshot::entry(EntryId id) {
    return lease_->call([&](Tables& tables) { return tables.entries.find({org_, id}); });
}

Result<app::EntryPage> SqliteSnapshot::entries(const app::EntryFilter& filter) {
    return lease_->call([&](Tables& tables) { return tables.entry_list.page(org_, filter); });
}

Result<std::int64_t> SqliteSnapshot::reversed_minor(EntryId original) {
    const auto found = TRY(lease_->call(
        [&](Tables& tables) { return tables.entries.reversed_minor({org_, original}); }));
    return found.value_or(0);
}

Result<std::optional<domain::ChangeRequest>> SqliteSnapshot::change_request(EntryId id) {
    return lease_->call([&](Tables& tables) { return tables.changes.find({org_, id}); });
}

Result<std::vector<domain::ChangeRequest>> SqliteSnapshot::change_requests(
    const app::ChangeFilter& filter) {
    return lease_->call([&](Tables& tables) { return tables.changes.page(org_, filter); });
}

Result<std::int64_t> SqliteSnapshot::count_change_requests(PropertyId id) {
    return lease_->call([&](Tables& tables) { return tables.changes.count({org_, id}); });
}

Result<app::EventPage> SqliteSnapshot::events(const app::EventFilter& filter) {
    return lease_->call([&](Tables& tables) { return tables.history.page(org_, head_, filter); });
}

Result<std::vector<domain::StoredEvent>> SqliteSnapshot::log(Position after, std::size_t limit) {
    return lease_->call([&](Tables& tables) { return tables.events.after(org_, after, limit); });
}

Result<std::vector<domain::Count>> SqliteSnapshot::counts(PropertyId id, domain::DateRange dates) {
    return lease_->call([&](Tables& tables) { return tables.cash.counts({org_, id}, dates); });
}

Result<std::vector<domain::Adjustment>> SqliteSnapshot::adjustments(PropertyId id,
                                                                    domain::DateRange dates) {
    return lease_->call([&](Tables& tables) { return tables.cash.adjustments({org_, id}, dates); });
}

Result<std::vector<domain::Closing>> SqliteSnapshot::revisions(PropertyId id,
                                                               domain::BusinessDate date) {
    return lease_->call([&](Tables& tables) { return tables.days.revisions({org_, id}, date); });
}

Result<std::vector<domain::Closing>> SqliteSnapshot::unacknowledged() {
    return lease_->call([&](Tables& tables) { return tables.days.unacknowledged(org_); });
}

Result<std::optional<std::string>> SqliteSnapshot::frozen_report(const Hash& hash) {
    return lease_->call([&](Tables& tables) { return tables.days.frozen_report(org_, hash); });
}

Result<std::vector<domain::PeriodLock>> SqliteSnapshot::locks() {
    return lease_->call([&](Tables& tables) { return tables.days.locks(org_); });
}

Result<std::vector<domain::LockException>> SqliteSnapshot::lock_exceptions() {
    return lease_->call([&](Tables& tables) { return tables.days.lock_exceptions(org_); });
}

Result<std::vector<app::Undecided>> SqliteSnapshot::undecided(PropertyId id) {
    return lease_->call([&](Tables& tables) { return tables.gates.undecided_of({org_, id}); });
}

Result<std::vector<std::pair<domain::BusinessDate, std::int64_t>>> SqliteSnapshot::undecided_before(
    PropertyId id, UserId user, domain::BusinessDate date) {
    return lease_->call(
        [&](Tables& tables) { return tables.gates.undecided_before({org_, id, user, date}); });
}

Result<std::vector<domain::DailyApproval>> SqliteSnapshot::daily_approvals(
    PropertyId id, domain::BusinessDate date) {
    return lease_->call([&](Tables& tables) { return tables.gates.approvals({org_, id}, date); });
}

Result<std::vector<std::pair<Position, app::Notification>>> SqliteSnapshot::notifications(
    UserId id, Position before, std::size_t limit) {
    return lease_->call(
        [&](Tables& tables) { return tables.notifications.before({org_, id, before}, limit); });
}

Result<app::ReadMarks> SqliteSnapshot::read_marks(UserId id) {
    const auto marks =
        TRY(lease_->call([&](Tables& tables) { return tables.notifications.marks({org_, id}); }));
    return marks.value_or(app::ReadMarks{});
}

Result<std::optional<domain::Category>> SqliteSnapshot::category(CategoryId id) {
    return lease_->call([&](Tables& tables) { return tables.categories.find({org_, id}); });
}

Result<std::vector<domain::Token>> SqliteSnapshot::tokens() {
    return lease_->call([&](Tables& tables) { return tables.tokens.all(org_); });
}

Result<std::vector<domain::Webhook>> SqliteSnapshot::webhooks() {
    return lease_->call([&](Tables& tables) { return tables.webhooks.all(org_); });
}

Result<std::vector<app::DeliveryEntry>> SqliteSnapshot::deliveries() {
    return lease_->call([&](Tables& tables) { return tables.deliveries.all(org_); });
}

Result<app::DeadLetterPage> SqliteSnapshot::dead_letters(const app::DeadLetterFilter& filter) {
    return lease_->call([&](Tables& tables) { return tables.deliveries.letters(org_, filter); });
}

Result<std::optional<app::DeadLetter>> SqliteSnapshot::dead_letter(DeadLetterId id) {
    return lease_->call([&](Tables& tables) { return tables.deliveries.find_letter({org_, id}); });
}

Result<std::vector<app::WebhookAttempt>> SqliteSnapshot::webhook_attempts(WebhookId id) {
    return lease_->call([&](Tables& tables) { return tables.webhooks.attempts({org_, id}); });
}

Result<std::vector<app::EventCount>> SqliteSnapshot::event_counts(Instant from, Instant to) {
    return lease_->call([&](Tables& tables) { return tables.events.counts(org_, from, to); });
}

Result<std::optional<domain::User>> SqliteSnapshot::user(UserId id) {
    return lease_->call([&](Tables& tables) { return tables.users.find({org_, id}); });
}

Result<std::vector<domain::User>> SqliteSnapshot::users() {
    return lease_->call([&](Tables& tables) { return tables.users.all(org_); });
}

Result<std::optional<app::Password>> SqliteSnapshot::password(UserId id) {
    return lease_->call([&](Tables& tables) { return tables.sign_ins.password({org_, id}); });
}

Result<std::vector<app::SignInSession>> SqliteSnapshot::sessions(UserId id) {
    return lease_->call([&](Tables& tables) { return tables.sign_ins.sessions({org_, id}); });
}

Result<std::map<Uuid, Instant>> SqliteSnapshot::last_uses() {
    return lease_->call([&](Tables& tables) { return tables.sign_ins.last_uses(org_); });
}

Result<std::vector<std::pair<app::AccessKey, app::Access>>> SqliteSnapshot::accesses(
    const std::optional<app::AccessKey>& before, std::size_t limit) {
    return lease_->call([&](Tables& tables) { return tables.accesses.list(org_, before, limit); });
}

}  // namespace daybook::storage::sqlite
