// The loads of a writer's transaction, from the tables of its connection.
//
// Threads: the connection's.
#pragma once

#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "app/store.h"
#include "storage/sql/tables.h"

namespace daybook::storage::sql {

class TablesTransaction : public app::WriteTransaction {
 public:
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

 private:
    // Of the connection that the transaction is open on.
    virtual Tables& tables() = 0;
};

}  // namespace daybook::storage::sql
