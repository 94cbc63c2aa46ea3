// Need: nothing. Goal: who may change the org, its properties, categories and tokens, and what the
// changes make. Seed: none.
#include <gtest/gtest.h>

#include <string>

#include "support/desk.h"

namespace daybook::test {
namespace {

using namespace domain;

template <class Payload>
const Payload& payload_of(const Result<Event>& event) {
    return std::get<Payload>(event.value().payload);
}

class UpdatePropertyTest : public testing::Test {
 protected:
    Result<Event> decided(const UpdateProperty& command, const Principal& who) {
        return decide(state_, command, desk_.by(who));
    }
    Result<Event> decided(const UpdateProperty& command) { return decided(command, desk_.owner); }
    UpdateProperty command() {
        UpdateProperty update;
        update.id = desk_.property.id;
        update.version = 1;
        return update;
    }
    // Makes the change, and goes on from there.
    void change(const UpdateProperty& update) {
        desk_.property = payload_of<PropertyChanged>(decided(update)).after;
        desk_.property.version = 1;
    }

    Desk desk_;
    PropertyUpdateState state_{desk_.at(), std::nullopt, true};
};

TEST_F(UpdatePropertyTest, ChangesWhatIsNamed) {
    UpdateProperty update = command();
    update.name = "Baixa";
    update.kind = PropertyKind::hostel;
    update.group = "South";
    update.fiscal_start_month = 4;
    update.active = false;
    const auto event = decided(update);
    const Property& after = payload_of<PropertyChanged>(event).after;
    EXPECT_EQ(after.name, "Baixa");
    EXPECT_EQ(after.kind, PropertyKind::hostel);
    EXPECT_EQ(after.group, "South");
    EXPECT_EQ(after.fiscal_start_month, 4);
    EXPECT_FALSE(after.active);
    EXPECT_EQ(after.version, 2);
    EXPECT_EQ(payload_of<PropertyChanged>(event).before, desk_.property);
    EXPECT_TRUE(event.value().affected_report_dates.empty());  // every period
    EXPECT_EQ(event.value().property, desk_.property.id);
}

TEST_F(UpdatePropertyTest, RefusesWhatDoesNotHold) {
    EXPECT_EQ(outcome_of(decided(command())), "nothing_to_change");
    UpdateProperty stale = command();
    stale.version = 2;
    EXPECT_EQ(outcome_of(decided(stale)), "stale_version");
    UpdateProperty month = command();
    month.fiscal_start_month = 0;
    EXPECT_EQ(outcome_of(decided(month)), "invalid_value");
    UpdateProperty cutoff = command();
    cutoff.cutoff_minutes = 721;
    EXPECT_EQ(outcome_of(decided(cutoff)), "invalid_value");
    UpdateProperty zone = command();
    zone.zone = "Moon/Base";
    state_.zone_exists = false;
    EXPECT_EQ(outcome_of(decided(zone)), "invalid_value");
    UpdateProperty name = command();
    name.name = "Graca";
    state_.same_name = desk_.other_property.id;
    EXPECT_EQ(outcome_of(decided(name)), "already_exists");
}

// "already_exists" would tell them of a property that they are not granted (I8).
TEST_F(UpdatePropertyTest, IsNotRenamedByThoseWhoDoNotSeeAllNames) {
    UpdateProperty update = command();
    update.name = "Graca";
    for (const bool taken : {false, true}) {
        if (taken) state_.same_name = desk_.other_property.id;
        EXPECT_EQ(outcome_of(decided(update, desk_.limited_admin)), "forbidden");
    }
    update.name = desk_.property.name;
    update.group = "South";
    EXPECT_EQ(outcome_of(decided(update, desk_.limited_admin)), "ok");
}

TEST_F(UpdatePropertyTest, TheCurrencyIsFixedAtTheFirstEntry) {
    UpdateProperty update = command();
    update.currency = currency("JPY");
    EXPECT_EQ(payload_of<PropertyChanged>(decided(update)).after.currency, currency("JPY"));
    desk_.counters.next_number = 2;
    EXPECT_EQ(outcome_of(decided(update)), "currency_fixed");
    desk_.counters = Counters{1, 500, std::nullopt};
    EXPECT_EQ(outcome_of(decided(update)), "currency_fixed");
}

TEST_F(UpdatePropertyTest, ANewClockHoldsFromTheNextBusinessDateOn) {
    UpdateProperty update = command();
    update.zone = "Asia/Tokyo";
    const auto event = decided(update);
    const Property& after = payload_of<PropertyChanged>(event).after;
    EXPECT_EQ(after.clock, desk_.property.clock);
    EXPECT_EQ(after.next_clock, (ClockRule{"Asia/Tokyo", 240, day("2026-03-16")}));
}

TEST_F(UpdatePropertyTest, ASecondChangeGoesOnFromTheFirst) {
    UpdateProperty zone = command();
    zone.zone = "Asia/Tokyo";
    change(zone);
    UpdateProperty cutoff = command();
    cutoff.cutoff_minutes = 300;
    change(cutoff);
    EXPECT_EQ(desk_.property.next_clock, (ClockRule{"Asia/Tokyo", 300, day("2026-03-16")}));
    UpdateProperty name = command();
    name.group = "East";
    change(name);
    EXPECT_EQ(desk_.property.next_clock, (ClockRule{"Asia/Tokyo", 300, day("2026-03-16")}));
    // And back to what is in force.
    UpdateProperty back = command();
    back.zone = desk_.property.clock.zone;
    back.cutoff_minutes = desk_.property.clock.cutoff_minutes;
    change(back);
    EXPECT_FALSE(desk_.property.next_clock.has_value());
    EXPECT_EQ(outcome_of(decided(back)), "nothing_to_change");
}

TEST_F(UpdatePropertyTest, ARuleThatHoldsByNowTakesItsPlace) {
    desk_.property.next_clock = ClockRule{"Asia/Tokyo", 0, day("2026-03-15")};
    UpdateProperty update = command();
    update.group = "East";
    change(update);
    EXPECT_EQ(desk_.property.clock, (ClockRule{"Asia/Tokyo", 0, day("2026-03-15")}));
    EXPECT_FALSE(desk_.property.next_clock.has_value());
    // By Tokyo's clocks it is still the 14th somewhere west of it: the date does not go back.
    const WallClock yesterday{day("2026-03-14").days(), 1'000};
    EXPECT_EQ(business_date_at(desk_.property, yesterday, yesterday), day("2026-03-15"));
}

TEST(CreateOrg, BringsItsStarterCategories) {
    const Desk desk;
    CreateOrg command{desk.org.id, "New", desk.owner.user, {}};
    for (std::uint8_t i = 0; i < starter_categories().size(); ++i)
        command.starter_ids.push_back(
            CategoryId{numbered_uuid(static_cast<std::uint8_t>(100 + i))});
    const auto events = decide(command, desk.by(desk.owner)).value();
    ASSERT_EQ(events.size(), 1 + starter_categories().size());
    EXPECT_EQ(std::get<OrgCreated>(events[0].payload).org.name, "New");
    for (std::size_t i = 1; i < events.size(); ++i) {
        EXPECT_EQ(events[i].type, EventType::category_added);
        EXPECT_EQ(events[i].entity.id, command.starter_ids[i - 1].value);
    }
    command.name = "";
    EXPECT_EQ(outcome_of(decide(command, desk.by(desk.owner))), "invalid_value");
}

TEST(ChangeSettings, IsForThoseWhoAdministerTheOrg) {
    const Desk desk;
    ChangeSettings command;
    command.manager_days_back = 7;
    for (const Principal* who : {&desk.limited_admin, &desk.manager, &desk.auditor})
        EXPECT_EQ(outcome_of(decide(0, command, desk.by(*who))), "forbidden");
    const auto event = decide(0, command, desk.by(desk.admin));
    EXPECT_EQ(payload_of<SettingChanged>(event).after.manager_days_back, 7);
    EXPECT_EQ(payload_of<SettingChanged>(event).after.version, desk.org.version + 1);
    EXPECT_EQ(payload_of<SettingChanged>(event).before, desk.org);
    EXPECT_FALSE(event.value().property.has_value());
    EXPECT_EQ(outcome_of(decide(0, ChangeSettings{}, desk.by(desk.owner))), "nothing_to_change");
    for (const int days : {-1, 3'651}) {
        command.manager_days_back = days;
        EXPECT_EQ(outcome_of(decide(0, command, desk.by(desk.owner))), "invalid_value");
    }
    ChangeSettings seen;
    seen.name = "Other";
    seen.version = 9;
    EXPECT_EQ(outcome_of(decide(0, seen, desk.by(desk.owner))), "stale_version");
    seen.version = desk.org.version;
    EXPECT_EQ(outcome_of(decide(0, seen, desk.by(desk.owner))), "ok");
}

TEST(ChangeSettings, TakesThePolicyOfAnOwnerWhileTwoCouldApprove) {
    const Desk desk;
    ChangeSettings command;
    command.four_eyes_above_minor.emplace(0);
    EXPECT_EQ(outcome_of(decide(2, command, desk.by(desk.admin))), "forbidden");
    EXPECT_EQ(pointer_of(decide(2, command, desk.by(desk.admin))), "/fourEyesAboveMinor");
    EXPECT_EQ(outcome_of(decide(1, command, desk.by(desk.owner))), "too_few_approvers");
    const auto event = decide(2, command, desk.by(desk.owner));
    EXPECT_EQ(payload_of<SettingChanged>(event).after.approvals, ApprovalPolicy{0});
    for (const std::int64_t above : {std::int64_t{-1}, 1'000'000'000'001}) {
        command.four_eyes_above_minor.emplace(above);
        EXPECT_EQ(outcome_of(decide(2, command, desk.by(desk.owner))), "invalid_value") << above;
    }
    Desk strict = desk;
    strict.org.approvals = {0};
    command.four_eyes_above_minor.emplace();
    EXPECT_EQ(outcome_of(decide(0, command, strict.by(strict.owner))), "ok");
    EXPECT_EQ(outcome_of(decide(2, command, strict.by(strict.admin))), "forbidden");
    EXPECT_EQ(outcome_of(decide(2, command, desk.by(desk.admin))), "nothing_to_change");
}

TEST(Categories, AreAddedOncePerKey) {
    const Desk desk;
    AddCategory command{CategoryId{numbered_uuid(80)}, CategoryKind::source, "spa", "Spa", {}, 5};
    const auto event = decide(nullptr, command, desk.by(desk.admin));
    EXPECT_EQ(event.value().type, EventType::category_added);
    EXPECT_EQ(payload_of<CategoryChanged>(event).after.key, "spa");
    EXPECT_EQ(outcome_of(decide(&desk.supplies, command, desk.by(desk.admin))), "already_exists");
    for (const Principal* who : {&desk.limited_admin, &desk.manager})
        EXPECT_EQ(outcome_of(decide(nullptr, command, desk.by(*who))), "forbidden");
    command.key = "Spa";
    EXPECT_EQ(outcome_of(decide(nullptr, command, desk.by(desk.admin))), "invalid_value");
}

TEST(Categories, AreRenamedAndMergedButKeepTheirKey) {
    const Desk desk;
    Category target = desk.supplies;
    target.id = CategoryId{numbered_uuid(81)};
    target.key = "staff";
    UpdateCategory rename{desk.supplies.id, 1, {}, {}, {}, {}, {}};
    rename.name = "Things";
    const CategoryState state{desk.supplies, &target};
    const auto renamed = decide(state, rename, desk.by(desk.owner));
    EXPECT_EQ(renamed.value().type, EventType::category_updated);
    EXPECT_EQ(payload_of<CategoryChanged>(renamed).after.key, "supplies");
    EXPECT_EQ(payload_of<CategoryChanged>(renamed).before, desk.supplies);

    UpdateCategory merge{desk.supplies.id, 1, {}, {}, {}, {}, "staff"};
    const auto merged = decide(state, merge, desk.by(desk.owner));
    EXPECT_EQ(merged.value().type, EventType::category_merged);
    EXPECT_EQ(payload_of<CategoryChanged>(merged).after.merged_into, "staff");
    EXPECT_FALSE(payload_of<CategoryChanged>(merged).after.active);

    const auto refused = [&](const Category* into, const UpdateCategory& command) {
        return outcome_of(decide(CategoryState{desk.supplies, into}, command, desk.by(desk.owner)));
    };
    EXPECT_EQ(refused(nullptr, merge), "unknown_category");
    EXPECT_EQ(refused(&desk.supplies, merge), "invalid_value");
    Category source = target;
    source.kind = CategoryKind::source;
    EXPECT_EQ(refused(&source, merge), "unknown_category");
    target.merged_into = "other";
    EXPECT_EQ(refused(&target, merge), "invalid_value");
    EXPECT_EQ(refused(nullptr, UpdateCategory{desk.supplies.id, 1, {}, {}, {}, {}, {}}),
              "nothing_to_change");
    EXPECT_EQ(refused(nullptr, UpdateCategory{desk.supplies.id, 2, "X", {}, {}, {}, {}}),
              "stale_version");
    // A merged key stays out of use.
    Category gone = payload_of<CategoryChanged>(merged).after;
    const UpdateCategory revive{gone.id, gone.version, {}, {}, true, {}, {}};
    EXPECT_EQ(outcome_of(decide(CategoryState{gone, nullptr}, revive, desk.by(desk.owner))),
              "invalid_value");
}

CreateToken new_token(Role role) {
    return {TokenId{numbered_uuid(90)}, "Till", role, {}, {}};
}

TEST(Tokens, AreMadeByThoseWhoAdminister) {
    const Desk desk;
    for (const Principal* who : {&desk.limited_admin, &desk.manager, &desk.auditor})
        EXPECT_EQ(outcome_of(decide(new_token(Role::auditor), desk.by(*who))), "forbidden");
    EXPECT_EQ(outcome_of(decide(new_token(Role::admin), desk.by(desk.admin))), "ok");
    EXPECT_EQ(outcome_of(decide(new_token(Role::owner), desk.by(desk.admin))), "forbidden");
    EXPECT_EQ(outcome_of(decide(new_token(Role::owner), desk.by(desk.owner))), "ok");

    CreateToken command = new_token(Role::owner);
    command.scope = Scope{false, {desk.property.id}};
    EXPECT_EQ(outcome_of(decide(command, desk.by(desk.owner))), "invalid_value");
    command.role = Role::manager;
    command.scope.properties.clear();
    EXPECT_EQ(outcome_of(decide(command, desk.by(desk.owner))), "invalid_value");
    command = new_token(Role::manager);
    command.expires_at = desk.now;
    EXPECT_EQ(outcome_of(decide(command, desk.by(desk.owner))), "invalid_value");
    command.expires_at = Instant{desk.now.ms + 1};
    EXPECT_EQ(outcome_of(decide(command, desk.by(desk.owner))), "ok");
}

// covers() looks by halves: a scope that is not in order would hide and show the wrong properties.
TEST(Tokens, KeepTheirScopeInOrder) {
    const Desk desk;
    const PropertyId low = desk.property.id;
    const PropertyId high = desk.other_property.id;
    CreateToken command = new_token(Role::manager);
    command.scope = Scope{false, {high, low, high}};
    const auto event = decide(command, desk.by(desk.owner));
    const Token& token = payload_of<TokenChanged>(event).after;
    EXPECT_EQ(token.scope, (Scope{false, {low, high}}));
    EXPECT_EQ(outcome_of(decide(token, ScopeToken{token.id, Scope{false, {high, low}}, {}},
                                desk.by(desk.owner))),
              "nothing_to_change");
    const auto wider =
        decide(token, ScopeToken{token.id, Scope{true, {}}, {}}, desk.by(desk.admin));
    EXPECT_TRUE(payload_of<TokenChanged>(wider).after.scope.all);
    EXPECT_EQ(payload_of<TokenChanged>(wider).before, token);
    EXPECT_EQ(wider.value().type, EventType::token_scoped);
}

TEST(Tokens, AreTrustedAtMorePropertiesByOwnersAlone) {
    const Desk desk;
    CreateToken command = new_token(Role::manager);
    command.trusted = true;
    command.scope = Scope{false, {desk.property.id}};
    const Token token = payload_of<TokenChanged>(decide(command, desk.by(desk.owner))).after;
    const auto scoped = [&](const Token& of, Scope scope, const Principal& who) {
        return outcome_of(decide(of, ScopeToken{of.id, std::move(scope), {}}, desk.by(who)));
    };
    const Scope both{false, {desk.property.id, desk.other_property.id}};
    const Scope other{false, {desk.other_property.id}};
    for (const Scope& wider : {Scope{}, both, other}) {
        EXPECT_EQ(scoped(token, wider, desk.admin), "forbidden");
        EXPECT_EQ(scoped(token, wider, desk.owner), "ok");
    }
    Token everywhere = token;
    everywhere.scope = {};
    EXPECT_EQ(scoped(everywhere, both, desk.admin), "ok");
    Token plain = token;
    plain.trusted = false;
    EXPECT_EQ(scoped(plain, both, desk.admin), "ok");
}

TEST(Tokens, OfOwnersAreRevokedByOwners) {
    const Desk desk;
    Token token =
        payload_of<TokenChanged>(decide(new_token(Role::owner), desk.by(desk.owner))).after;
    const RevokeToken command{token.id};
    EXPECT_EQ(outcome_of(decide(token, command, desk.by(desk.admin))), "forbidden");
    const auto event = decide(token, command, desk.by(desk.owner));
    EXPECT_EQ(event.value().type, EventType::token_revoked);
    EXPECT_TRUE(payload_of<TokenChanged>(event).after.revoked);
    token.role = Role::manager;
    EXPECT_EQ(outcome_of(decide(token, command, desk.by(desk.admin))), "ok");
    EXPECT_EQ(outcome_of(decide(token, command, desk.by(desk.limited_admin))), "forbidden");
    token.revoked = true;
    EXPECT_EQ(outcome_of(decide(token, command, desk.by(desk.owner))), "nothing_to_change");
    EXPECT_EQ(outcome_of(decide(token, ScopeToken{token.id, Scope{false, {desk.property.id}}, {}},
                                desk.by(desk.owner))),
              "invalid_transition");
}

}  // namespace
}  // namespace daybook::test
