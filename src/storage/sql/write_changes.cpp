// The order in which a batch is written: parents before children, and each table by ascending keys,
// so that neighbours land on the same pages.
#include "storage/sql/write_changes.h"

namespace daybook::storage::sql {
namespace {

Status write_books(Tables& tables, const app::Changes& changes) {
    for (const auto& [id, org] : changes.orgs) TRY(tables.orgs.put(org));
    for (const auto& [org, head] : changes.heads) TRY(tables.orgs.put_head(org, head));
    for (const auto& [key, row] : changes.properties) TRY(tables.properties.put(key.org, row));
    for (const auto& [key, row] : changes.counters) TRY(tables.properties.put_counters(key, row));
    for (const auto& [key, row] : changes.categories) TRY(tables.categories.put(key.org, row));
    for (const auto& [key, row] : changes.tokens) TRY(tables.tokens.put(key.org, row));
    for (const auto& [key, row] : changes.webhooks) TRY(tables.webhooks.put(key.org, row));
    for (const auto& [key, row] : changes.users) TRY(tables.users.put(key.org, row));
    for (const auto& [key, row] : changes.entries) TRY(tables.entries.put(key.org, row));
    for (const auto& [key, minor] : changes.reversed_minor) {
        TRY(tables.entries.put_reversed_minor(key, minor));
    }
    for (const auto& [key, row] : changes.change_requests) TRY(tables.changes.put(key, row));
    for (const auto& [key, row] : changes.counts) TRY(tables.cash.put(key.org, row));
    for (const auto& [key, row] : changes.adjustments) TRY(tables.cash.put(key.org, row));
    for (const auto& [key, row] : changes.closings) TRY(tables.days.put(key.org, row));
    for (const auto& [key, row] : changes.locks) TRY(tables.days.put(key.org, row));
    for (const auto& [key, row] : changes.lock_exceptions) TRY(tables.days.put(key.org, row));
    for (const auto& [key, count] : changes.undecided) TRY(tables.gates.put(key, count));
    for (const auto& [key, row] : changes.daily_approvals) TRY(tables.gates.put(key.org, row));
    for (const auto& [key, row] : changes.notifications) TRY(tables.notifications.put(key, row));
    for (const auto& [key, row] : changes.account_totals) TRY(tables.totals.put(key, row));
    for (const auto& [key, row] : changes.category_totals) TRY(tables.totals.put(key, row));
    for (const auto& [key, row] : changes.pending_totals) TRY(tables.totals.put(key, row));
    return {};
}

// What delivery keeps. A subscription that is gone takes its rows along, also those of this batch.
Status write_delivery(Tables& tables, const app::Changes& changes) {
    for (const auto& secret : changes.webhook_secrets) TRY(tables.webhooks.put_secret(secret));
    for (const auto& [key, row] : changes.deliveries) TRY(tables.deliveries.put(key, row));
    for (const auto& [key, letter] : changes.dead_letters) {
        TRY(tables.deliveries.put_letter(key.org, letter));
    }
    for (const auto& line : changes.webhook_attempts) {
        TRY(tables.webhooks.add_attempt(line.org, line.attempt));
    }
    for (const auto& erasure : changes.erasures) TRY(tables.webhooks.forget_attempts(erasure.org));
    for (const app::DeliveryKey& key : changes.forgotten) {
        TRY(tables.deliveries.forget(key));
        const auto webhook = domain::webhook_of_subscription(key.subscription);
        if (webhook) TRY(tables.webhooks.forget({key.org, *webhook}));
    }
    return {};
}

Status write_sign_ins(Tables& tables, const app::Changes& changes) {
    for (const auto& [key, row] : changes.passwords) TRY(tables.sign_ins.put(key, row));
    for (const auto& [key, row] : changes.read_marks) TRY(tables.notifications.put(key, row));
    for (const auto& [key, at] : changes.last_uses) TRY(tables.sign_ins.put(key, at));
    for (const auto& [key, row] : changes.sessions) TRY(tables.sign_ins.put(key, row));
    for (const auto& [key, row] : changes.links) TRY(tables.sign_ins.put(key, row));
    for (const auto& [slot, row] : changes.failed_sign_ins) TRY(tables.sign_ins.put(slot, row));
    for (const auto& [key, row] : changes.accesses) TRY(tables.accesses.put(key, row));
    return {};
}

}  // namespace

Status write_changes(Tables& tables, const app::Changes& changes) {
    TRY(write_books(tables, changes));
    for (const app::EventRow& event : changes.events) TRY(tables.events.append(event));
    for (const app::FrozenReport& report : changes.frozen_reports) TRY(tables.days.keep(report));
    for (const auto& erasure : changes.erasures) TRY(tables.events.erase(erasure));
    for (const auto& [key, record] : changes.idempotency) TRY(tables.idempotency.put(key, record));
    for (const auto& credential : changes.credentials) {
        TRY(tables.tokens.put_credential(credential));
    }
    TRY(write_delivery(tables, changes));
    return write_sign_ins(tables, changes);
}

}  // namespace daybook::storage::sql
