// Each load asks its table.
#include "storage/sql/tables_transaction.h"

#include "storage/sql/tables_source.h"

namespace daybook::storage::sql {

Result<std::optional<app::Head>> TablesTransaction::head(OrgId org) {
    return tables().orgs.head(org);
}

Result<std::optional<domain::Org>> TablesTransaction::org(OrgId org) {
    return tables().orgs.find(org);
}

Result<std::optional<domain::Property>> TablesTransaction::property(const app::PropertyKey& key) {
    return tables().properties.find(key);
}

Result<std::optional<PropertyId>> TablesTransaction::property_by_name(
    const app::PropertyNameKey& key) {
    return tables().properties.find_by_name(key);
}

Result<std::optional<domain::Counters>> TablesTransaction::counters(const app::PropertyKey& key) {
    return tables().properties.counters(key);
}

Result<std::optional<domain::Category>> TablesTransaction::category(const app::CategoryIdKey& key) {
    return tables().categories.find(key);
}

Result<std::optional<CategoryId>> TablesTransaction::category_by_key(const app::CategoryKey& key) {
    return tables().categories.find_by_key(key);
}

Result<std::optional<domain::Token>> TablesTransaction::token(const app::TokenKey& key) {
    return tables().tokens.find(key);
}

Result<std::optional<domain::User>> TablesTransaction::user(const app::UserKey& key) {
    return tables().users.find(key);
}

Result<std::vector<domain::User>> TablesTransaction::users(OrgId org) {
    return tables().users.all(org);
}

Result<std::optional<app::Password>> TablesTransaction::password(const app::UserKey& key) {
    return tables().sign_ins.password(key);
}

Result<std::optional<app::SignInSession>> TablesTransaction::session(const app::SessionKey& key) {
    return tables().sign_ins.session(key);
}

Result<std::vector<app::SignInSession>> TablesTransaction::sessions(const app::UserKey& key) {
    return tables().sign_ins.sessions(key);
}

Result<std::optional<app::SignInLink>> TablesTransaction::link(const app::UserKey& key) {
    return tables().sign_ins.link(key);
}

Result<std::optional<domain::Entry>> TablesTransaction::entry(const app::EntryKey& key) {
    return tables().entries.find(key);
}

Result<std::optional<EntryId>> TablesTransaction::entry_by_external_id(
    const app::ExternalIdKey& key) {
    const auto entry = TRY(tables().entries.find_by_external_id(key));
    if (!entry) return std::nullopt;
    return entry->id;
}

Result<std::optional<std::int64_t>> TablesTransaction::reversed_minor(
    const app::EntryKey& original) {
    return tables().entries.reversed_minor(original);
}

Result<std::optional<domain::ChangeRequest>> TablesTransaction::change_request(
    const app::EntryKey& key) {
    return tables().changes.find(key);
}

Result<std::optional<domain::AccountTotals>> TablesTransaction::account_totals(
    const app::AccountTotalsKey& key) {
    return tables().totals.find(key);
}

Result<std::optional<domain::CategoryTotals>> TablesTransaction::category_totals(
    const app::CategoryTotalsKey& key) {
    return tables().totals.find(key);
}

Result<std::optional<domain::PendingTotals>> TablesTransaction::pending_totals(
    const app::PendingTotalsKey& key) {
    return tables().totals.find(key);
}

Result<std::optional<domain::Closing>> TablesTransaction::latest_closing(
    const app::PropertyKey& property, domain::BusinessDate date) {
    return tables().days.latest(property, date);
}

Result<std::optional<domain::PeriodLock>> TablesTransaction::lock(const app::LockKey& key) {
    return tables().days.lock(key);
}

Result<std::optional<domain::LockException>> TablesTransaction::lock_exception(
    const app::LockExceptionKey& key) {
    return tables().days.lock_exception(key);
}

Result<std::optional<std::int64_t>> TablesTransaction::undecided(const app::UndecidedKey& key) {
    return tables().gates.undecided(key);
}

Result<std::vector<std::pair<domain::BusinessDate, std::int64_t>>>
TablesTransaction::undecided_before(const app::UndecidedKey& key) {
    return tables().gates.undecided_before(key);
}

Result<std::optional<domain::DailyApproval>> TablesTransaction::daily_approval(
    const app::DailyApprovalKey& key) {
    return tables().gates.approval(key);
}

Result<std::optional<app::Notification>> TablesTransaction::notification(
    const app::NotificationKey& key) {
    return tables().notifications.find(key);
}

Result<std::optional<app::ReadMarks>> TablesTransaction::read_marks(const app::UserKey& key) {
    return tables().notifications.marks(key);
}

Result<Position> TablesTransaction::newest_event(const app::PropertyKey& property) {
    return tables().events.newest_of(property);
}

Result<std::unique_ptr<reports::Source>> TablesTransaction::source(OrgId org) {
    return std::make_unique<TablesSource>(tables(), org);
}

Result<std::optional<app::IdempotencyRecord>> TablesTransaction::idempotency(
    const app::IdempotencyKey& key, Instant now) {
    return tables().idempotency.find(key, now);
}

Result<std::optional<domain::Webhook>> TablesTransaction::webhook(const app::WebhookKey& key) {
    return tables().webhooks.find(key);
}

Result<std::int64_t> TablesTransaction::webhooks_alive(OrgId org) {
    return tables().webhooks.alive(org);
}

Result<std::optional<app::DeliveryRow>> TablesTransaction::delivery(const app::DeliveryKey& key) {
    return tables().deliveries.find(key);
}

Result<std::optional<app::DeadLetter>> TablesTransaction::dead_letter(
    const app::DeadLetterKey& key) {
    return tables().deliveries.find_letter(key);
}

Result<std::vector<domain::StoredEvent>> TablesTransaction::events(OrgId org, Position first,
                                                                   std::int64_t count) {
    return tables().events.after(org, first - 1, static_cast<std::size_t>(count));
}

Result<std::vector<domain::StoredEvent>> TablesTransaction::events_of(OrgId org,
                                                                      domain::EntityRef entity,
                                                                      Position up_to) {
    return tables().events.of_entity(org, entity, up_to);
}

}  // namespace daybook::storage::sql
