// Need: nothing. Goal: the tables of event types say one thing each, and who may see what is one
// table over roles, scopes and types. Seed: none.
#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

#include "domain/events.h"
#include "support/sample_books.h"

namespace daybook::test {
namespace {

using namespace domain;

TEST(EventTypes, HaveNamesThatReadBack) {
    std::set<std::string_view> names;
    for (const EventType type : all_event_types()) {
        EXPECT_EQ(parse_event_type(event_type_name(type)), type);
        names.insert(event_type_name(type));
    }
    EXPECT_EQ(names.size(), all_event_types().size());
    for (const std::string_view name : {"", "expense", "Expense_added", "expense_added "})
        EXPECT_FALSE(parse_event_type(name).has_value()) << name;
}

TEST(EventTypes, OfEntriesAreKindTimesVerb) {
    constexpr std::array kVerbs{"added",           "updated",         "deleted",
                                "approved",        "rejected",        "returned",
                                "restored",        "reversed",        "change_requested",
                                "change_rejected", "change_withdrawn"};
    std::size_t entry_types = 0;
    for (const EntryKind kind : {EntryKind::expense, EntryKind::revenue, EntryKind::transfer}) {
        for (std::size_t verb = 0; verb < kVerbs.size(); ++verb) {
            const EventType type = entry_event_type(kind, static_cast<EntryVerb>(verb));
            EXPECT_EQ(event_type_name(type),
                      std::string(entry_kind_name(kind)) + "_" + kVerbs[verb]);
            ASSERT_TRUE(as_entry_event(type).has_value());
            EXPECT_EQ(as_entry_event(type)->kind, kind);
            EXPECT_EQ(as_entry_event(type)->verb, static_cast<EntryVerb>(verb));
            ++entry_types;
        }
    }
    for (const EventType type : all_event_types()) {
        if (!as_entry_event(type)) ++entry_types;
    }
    EXPECT_EQ(entry_types, all_event_types().size());
    EXPECT_FALSE(as_entry_event(EventType::cash_balance_updated).has_value());
}

template <class Enum>
void expect_names_read_back(std::string_view (*name)(Enum),
                            std::optional<Enum> (*parse)(std::string_view), int count) {
    for (int i = 0; i < count; ++i) {
        const auto value = static_cast<Enum>(i);
        EXPECT_EQ(parse(name(value)), value) << name(value);
    }
    EXPECT_FALSE(parse("").has_value());
    EXPECT_FALSE(parse("nothing").has_value());
}

TEST(Names, ReadBack) {
    expect_names_read_back(entity_type_name, parse_entity_type, 12);
    expect_names_read_back(entry_kind_name, parse_entry_kind, 3);
    expect_names_read_back(status_name, parse_status, 4);
    expect_names_read_back(transfer_end_name, parse_transfer_end, 7);
    expect_names_read_back(account_name, parse_account, 2);
    expect_names_read_back(property_kind_name, parse_property_kind, 5);
    expect_names_read_back(category_kind_name, parse_category_kind, 2);
    expect_names_read_back(adjustment_kind_name, parse_adjustment_kind, 2);
    expect_names_read_back(role_name, parse_role, 4);
    expect_names_read_back(via_kind_name, parse_via_kind, 3);
    expect_names_read_back(delivery_act_name, parse_delivery_act, 6);
    expect_names_read_back(credential_kind_name, parse_credential_kind, 4);
    expect_names_read_back(user_status_name, parse_user_status, 3);
    expect_names_read_back(theme_name, parse_theme, 3);
}

const std::set<EventType> kForAdmins{
    EventType::org_created,          EventType::setting_changed,      EventType::token_created,
    EventType::token_revoked,        EventType::token_scoped,         EventType::import_committed,
    EventType::webhook_added,        EventType::webhook_updated,      EventType::webhook_deleted,
    EventType::subscription_changed, EventType::dead_letter_discarded};

const std::set<EventType> kForSelf{
    EventType::user_invited,   EventType::user_joined,     EventType::user_updated,
    EventType::user_removed,   EventType::grant_changed,   EventType::user_link_created,
    EventType::user_signed_in, EventType::user_signed_out, EventType::user_password_changed,
};

// All roles by all scopes by all types, with and without a property.
TEST(MaySee, TheTable) {
    const PropertyId mine{numbered_uuid(1)};
    const PropertyId other{numbered_uuid(2)};
    for (const Role role : {Role::owner, Role::admin, Role::manager, Role::auditor}) {
        for (const Scope& scope : {Scope{true, {}}, Scope{false, {mine}}}) {
            if (role == Role::owner && !scope.all) continue;  // no owner is limited
            const Principal who{OrgId{}, UserId{numbered_uuid(9)}, role, scope, Via{}, {}};
            for (const EventType type : all_event_types()) {
                const bool for_admins = kForAdmins.contains(type);
                const bool for_self = kForSelf.contains(type);
                EXPECT_EQ(audience_of(type), for_admins ? Audience::admins
                                             : for_self ? Audience::self
                                                        : Audience::books);
                const bool sees_org = scope.all && role != Role::manager;
                const bool sees = sees_org || (!for_admins && !for_self);
                const std::string name =
                    std::string(role_name(role)) + " " + std::string(event_type_name(type));
                const EntityRef somebody{EntityType::user, numbered_uuid(8)};
                EXPECT_EQ(may_see(who, type, std::nullopt, somebody), sees) << name;
                EXPECT_EQ(may_see(who, type, mine, somebody), sees) << name;
                EXPECT_EQ(may_see(who, type, other, somebody), sees && scope.all) << name;
                const EntityRef own{EntityType::user, who.user.value};
                EXPECT_EQ(may_see(who, type, std::nullopt, own), sees || for_self) << name;
                // Another thing of the same id is not the user.
                const EntityRef thing{EntityType::token, who.user.value};
                EXPECT_EQ(may_see(who, type, std::nullopt, thing), sees) << name;
            }
        }
    }
}

TEST(Principals, DoWhatTheirRoleAndScopeAllow) {
    const PropertyId mine{numbered_uuid(1)};
    const PropertyId other{numbered_uuid(2)};
    struct Row {
        Role role;
        bool all;
        bool approves;
        bool writes;
        bool administers;
    };
    for (const Row& row :
         {Row{Role::owner, true, true, true, true}, Row{Role::admin, true, true, true, true},
          Row{Role::admin, false, true, true, false}, Row{Role::manager, true, false, true, false},
          Row{Role::manager, false, false, true, false},
          Row{Role::auditor, true, false, false, false},
          Row{Role::auditor, false, false, false, false}}) {
        const Scope scope = row.all ? Scope{} : Scope{false, {mine}};
        const Principal who{OrgId{}, UserId{}, row.role, scope, Via{}, {}};
        EXPECT_EQ(who.approves(mine), row.approves) << role_name(row.role);
        EXPECT_EQ(who.writes(mine), row.writes) << role_name(row.role);
        EXPECT_EQ(who.approves(other), row.approves && row.all) << role_name(row.role);
        EXPECT_EQ(who.writes(other), row.writes && row.all) << role_name(row.role);
        EXPECT_EQ(who.administers(), row.administers) << role_name(row.role);
    }
}

}  // namespace
}  // namespace daybook::test
