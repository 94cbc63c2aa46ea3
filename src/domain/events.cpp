// The tables of event types: name, audience, entity.
#include "domain/events.h"

#include <algorithm>

#include "base/check.h"

namespace daybook::domain {
namespace {

struct TypeRow {
    EventType type;
    std::string_view name;
    Audience audience;
};

using enum EventType;
using enum Audience;

constexpr std::array kTypes{
    TypeRow{expense_added, "expense_added", books},
    TypeRow{expense_updated, "expense_updated", books},
    TypeRow{expense_deleted, "expense_deleted", books},
    TypeRow{expense_approved, "expense_approved", books},
    TypeRow{expense_rejected, "expense_rejected", books},
    TypeRow{expense_returned, "expense_returned", books},
    TypeRow{expense_restored, "expense_restored", books},
    TypeRow{expense_reversed, "expense_reversed", books},
    TypeRow{expense_change_requested, "expense_change_requested", books},
    TypeRow{expense_change_rejected, "expense_change_rejected", books},
    TypeRow{expense_change_withdrawn, "expense_change_withdrawn", books},
    TypeRow{revenue_added, "revenue_added", books},
    TypeRow{revenue_updated, "revenue_updated", books},
    TypeRow{revenue_deleted, "revenue_deleted", books},
    TypeRow{revenue_approved, "revenue_approved", books},
    TypeRow{revenue_rejected, "revenue_rejected", books},
    TypeRow{revenue_returned, "revenue_returned", books},
    TypeRow{revenue_restored, "revenue_restored", books},
    TypeRow{revenue_reversed, "revenue_reversed", books},
    TypeRow{revenue_change_requested, "revenue_change_requested", books},
    TypeRow{revenue_change_rejected, "revenue_change_rejected", books},
    TypeRow{revenue_change_withdrawn, "revenue_change_withdrawn", books},
    TypeRow{transfer_added, "transfer_added", books},
    TypeRow{transfer_updated, "transfer_updated", books},
    TypeRow{transfer_deleted, "transfer_deleted", books},
    TypeRow{transfer_approved, "transfer_approved", books},
    TypeRow{transfer_rejected, "transfer_rejected", books},
    TypeRow{transfer_returned, "transfer_returned", books},
    TypeRow{transfer_restored, "transfer_restored", books},
    TypeRow{transfer_reversed, "transfer_reversed", books},
    TypeRow{transfer_change_requested, "transfer_change_requested", books},
    TypeRow{transfer_change_rejected, "transfer_change_rejected", books},
    TypeRow{transfer_change_withdrawn, "transfer_change_withdrawn", books},
    TypeRow{cash_balance_updated, "cash_balance_updated", books},
    TypeRow{org_created, "org_created", admins},
    TypeRow{setting_changed, "setting_changed", admins},
    TypeRow{property_added, "property_added", books},
    TypeRow{property_updated, "property_updated", books},
    TypeRow{category_added, "category_added", books},
    TypeRow{category_updated, "category_updated", books},
    TypeRow{category_merged, "category_merged", books},
    TypeRow{token_created, "token_created", admins},
    TypeRow{token_revoked, "token_revoked", admins},
    TypeRow{token_scoped, "token_scoped", admins},
    TypeRow{user_invited, "user_invited", self},
    TypeRow{user_joined, "user_joined", self},
    TypeRow{user_updated, "user_updated", self},
    TypeRow{user_removed, "user_removed", self},
    TypeRow{grant_changed, "grant_changed", self},
    TypeRow{user_link_created, "user_link_created", self},
    TypeRow{user_password_changed, "user_password_changed", self},
    TypeRow{user_signed_in, "user_signed_in", self},
    TypeRow{user_signed_out, "user_signed_out", self},
    TypeRow{import_committed, "import_committed", admins},
    TypeRow{text_erased, "text_erased", books},
    TypeRow{webhook_added, "webhook_added", admins},
    TypeRow{webhook_updated, "webhook_updated", admins},
    TypeRow{webhook_deleted, "webhook_deleted", admins},
    TypeRow{subscription_changed, "subscription_changed", admins},
    TypeRow{dead_letter_discarded, "dead_letter_discarded", admins},
    TypeRow{day_closed, "day_closed", books},
    TypeRow{day_reopened, "day_reopened", books},
    TypeRow{variance_acknowledged, "variance_acknowledged", books},
    TypeRow{lock_set, "lock_set", books},
    TypeRow{lock_lifted, "lock_lifted", books},
    TypeRow{lock_exception_granted, "lock_exception_granted", books},
    TypeRow{lock_exception_revoked, "lock_exception_revoked", books},
    TypeRow{daily_approval_granted, "daily_approval_granted", books},
    TypeRow{daily_approval_revoked, "daily_approval_revoked", books},
};

constexpr bool in_enum_order() {
    for (std::size_t i = 0; i < kTypes.size(); ++i) {
        if (static_cast<std::size_t>(kTypes.at(i).type) != i) return false;
    }
    return kTypes.back().type == daily_approval_revoked;
}
static_assert(in_enum_order(), "kTypes must list every EventType in order");

constexpr std::size_t kVerbs = 11;
constexpr std::size_t kEntryTypes = 3 * kVerbs;

constexpr std::array<std::string_view, 15> kEntityTypes{
    "entry",       "count", "adjustment", "property", "category",
    "org",         "token", "import",     "webhook",  "subscription",
    "dead_letter", "day",   "lock",       "user",     "daily_approval"};

constexpr std::array<std::string_view, 4> kCredentialKinds{"invitation", "reset", "password",
                                                           "session"};

}  // namespace

std::string_view event_type_name(EventType type) {
    return kTypes.at(static_cast<std::size_t>(type)).name;
}

std::optional<EventType> parse_event_type(std::string_view text) {
    const auto found = std::ranges::find(kTypes, text, &TypeRow::name);
    if (found == kTypes.end()) return std::nullopt;
    return found->type;
}

std::vector<EventType> all_event_types() {
    std::vector<EventType> types;
    for (const TypeRow& each : kTypes) types.push_back(each.type);
    return types;
}

EventType entry_event_type(EntryKind kind, EntryVerb verb) {
    return static_cast<EventType>(static_cast<std::size_t>(kind) * kVerbs +
                                  static_cast<std::size_t>(verb));
}

std::optional<EntryEventType> as_entry_event(EventType type) {
    const auto index = static_cast<std::size_t>(type);
    if (index >= kEntryTypes) return std::nullopt;
    return EntryEventType{static_cast<EntryKind>(index / kVerbs),
                          static_cast<EntryVerb>(index % kVerbs)};
}

bool is_about_change(EntryVerb verb) {
    return verb == EntryVerb::change_requested || verb == EntryVerb::change_rejected ||
           verb == EntryVerb::change_withdrawn;
}

Audience audience_of(EventType type) {
    return kTypes.at(static_cast<std::size_t>(type)).audience;
}

bool may_see(const Principal& principal, EventType type, std::optional<PropertyId> property,
             EntityRef entity) {
    if (property && !principal.scope.covers(*property)) return false;
    const bool sees_org =
        principal.administers() || (principal.role == Role::auditor && principal.scope.all);
    switch (audience_of(type)) {
        case books: return true;
        case admins: return sees_org;
        case self:
            return sees_org ||
                   (entity.type == EntityType::user && entity.id == principal.user.value);
    }
    return false;
}

std::string_view entity_type_name(EntityType type) {
    return kEntityTypes.at(static_cast<std::size_t>(type));
}

std::optional<EntityType> parse_entity_type(std::string_view text) {
    const auto found = std::ranges::find(kEntityTypes, text);
    if (found == kEntityTypes.end()) return std::nullopt;
    return static_cast<EntityType>(found - kEntityTypes.begin());
}

std::string_view credential_kind_name(CredentialKind kind) {
    return kCredentialKinds.at(static_cast<std::size_t>(kind));
}

std::optional<CredentialKind> parse_credential_kind(std::string_view text) {
    const auto found = std::ranges::find(kCredentialKinds, text);
    if (found == kCredentialKinds.end()) return std::nullopt;
    return static_cast<CredentialKind>(found - kCredentialKinds.begin());
}

}  // namespace daybook::domain
