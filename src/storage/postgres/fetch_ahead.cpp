// Who asks, and the rows that additions and decisions need.
#include "storage/postgres/fetch_ahead.h"

#include <array>
#include <string>
#include <variant>

namespace daybook::storage::postgres {
namespace {

using app::Command;
using app::WriteTransaction;
using domain::PeriodLevel;

constexpr std::array kLevels{PeriodLevel::day, PeriodLevel::month, PeriodLevel::year};

Status fetch_caller(WriteTransaction& loads, const Command& command) {
    const domain::Principal& principal = command.principal;
    TRY(loads.org(principal.org));
    TRY(loads.head(principal.org));
    TRY(loads.user({principal.org, principal.user}));
    if (principal.via.kind == domain::ViaKind::token) {
        TRY(loads.token({principal.org, principal.via.token}));
    } else if (principal.via.kind == domain::ViaKind::console) {
        TRY(loads.session({principal.org, principal.session}));
    }
    if (command.idempotency) {
        TRY(loads.idempotency({principal.org, command.idempotency->key}, Instant{}));
    }
    return {};
}

// What is approved at once counts in the totals, all else is pending.
Status fetch_totals(WriteTransaction& loads, const domain::Principal& principal,
                    const domain::AddEntry& add, domain::BusinessDate date) {
    const OrgId org = principal.org;
    for (const PeriodLevel level : kLevels) {
        const std::int32_t period = domain::period_key(date, level);
        if (!principal.approves(add.property) && !principal.trusted) {
            TRY(loads.pending_totals({org, add.property, period, add.kind}));
            continue;
        }
        TRY(loads.account_totals({org, add.property, add.content.payment_mode, period}));
        if (add.kind != domain::EntryKind::transfer) {
            TRY(loads.category_totals({org, add.property, period, add.kind, add.content.key}));
        }
    }
    return {};
}

app::CategoryKey category_key(OrgId org, const domain::AddEntry& add) {
    const bool is_source = add.kind == domain::EntryKind::revenue;
    const auto kind = is_source ? domain::CategoryKind::source : domain::CategoryKind::category;
    return {org, kind, add.content.key};
}

Status fetch_entry(WriteTransaction& loads, const domain::Principal& principal,
                   const domain::AddEntry& add) {
    const OrgId org = principal.org;
    TRY(loads.property({org, add.property}));
    TRY(loads.counters({org, add.property}));
    TRY(loads.lock({org, std::nullopt}));
    TRY(loads.lock({org, add.property}));
    TRY(loads.entry({org, add.id}));
    if (add.kind != domain::EntryKind::transfer) {
        TRY(loads.category_by_key(category_key(org, add)));
    }
    if (!add.content.external_id.empty()) {
        TRY(loads.entry_by_external_id({org, add.property, add.kind, add.content.external_id}));
    }
    if (add.business_date) TRY(fetch_totals(loads, principal, add, *add.business_date));
    return {};
}

}  // namespace

Status fetch_ahead(WriteTransaction& loads, const Command& command) {
    TRY(fetch_caller(loads, command));
    if (const auto* add = std::get_if<app::AddEntries>(&command.body)) {
        for (const domain::AddEntry& each : add->entries) {
            TRY(fetch_entry(loads, command.principal, each));
        }
    } else if (const auto* save = std::get_if<app::SaveDelivery>(&command.body)) {
        TRY(loads.delivery({command.principal.org, save->subscription}));
    } else if (const auto* decide = std::get_if<domain::DecideEntry>(&command.body)) {
        TRY(loads.entry({command.principal.org, decide->id}));
    }
    return {};
}

Result<std::vector<app::CategoryIdKey>> named_categories(WriteTransaction& loads,
                                                         const Command& command) {
    std::vector<app::CategoryIdKey> named;
    const auto* add = std::get_if<app::AddEntries>(&command.body);
    if (add == nullptr) return named;
    const OrgId org = command.principal.org;
    for (const domain::AddEntry& each : add->entries) {
        if (each.kind == domain::EntryKind::transfer) continue;
        const auto id = TRY(loads.category_by_key(category_key(org, each)));
        if (id) named.push_back({org, *id});
    }
    return named;
}

}  // namespace daybook::storage::postgres
