// Need: nothing. Goal: for every type of event, each report that reads differently after it, in any
// byte, is one that the rule calls affected: what was cached of it before is found stale. Seed:
// fixed, printed with each failure.
//
// A type of event that nothing here makes fails the test: add an act to all_acts().
#include "app/report_changes.h"

#include <gtest/gtest.h>

#include <functional>
#include <random>
#include <set>
#include <vector>

#include "app/token_secret.h"
#include "property/store_property.h"
#include "support/books_player.h"
#include "support/report_judge.h"

namespace daybook::test {
namespace {

using domain::EventType;

// The org, and what its acts are about.
struct Desk {
    TestOrg& org;
    PropertyId house;
    PropertyId other_house;
    EntryId entry{};
    TokenId token{};
    CategoryId category{};
    WebhookId webhook{};
    DeadLetterId letter{};
    domain::Principal by = org.owner();  // who does the act
    UserId user{};

    [[nodiscard]] std::int64_t version() const { return org.entry(entry).version; }
};
using Act = std::function<app::CommandBody(Desk&)>;

domain::UpdateEntry update(const Desk& desk, std::int64_t amount_minor, std::string_view date) {
    domain::EntryPatch patch;
    patch.amount_minor = amount_minor;
    patch.business_date = day(date);
    return {desk.entry, desk.version(), std::move(patch)};
}

Act decide(domain::Decision decision) {
    return [decision](Desk& desk) -> app::CommandBody {
        return domain::DecideEntry{desk.entry, desk.version(), decision, "A reason."};
    };
}

// Every event type of one kind of entry.
std::vector<Act> entry_acts(domain::EntryKind kind) {
    using enum domain::Decision;
    const auto add = [kind](Desk& desk) -> app::CommandBody {
        domain::AddEntry add = kind == domain::EntryKind::expense ? desk.org.expense(desk.house, 70)
                               : kind == domain::EntryKind::revenue
                                   ? desk.org.revenue(desk.house, 70)
                                   : desk.org.transfer(desk.house, 70);
        add.business_date = day("2026-03-14");
        add.content.party = {"Maria", false};
        desk.entry = add.id;
        return single(std::move(add));
    };
    // By a manager, who is the owner's user; so another person ends it.
    const Act ask = [](Desk& desk) -> app::CommandBody {
        desk.by.role = domain::Role::manager;
        auto asked = update(desk, 85, "2026-03-01");
        asked.reason = "Wrong day.";
        return asked;
    };
    const auto end = [](domain::ChangeDecision decision) -> Act {
        return [decision](Desk& desk) -> app::CommandBody {
            desk.by.user = desk.org.new_id<UserId>();
            return domain::DecideChange{desk.entry, desk.version(), decision, "A reason.",
                                        desk.org.new_id<EntryId>()};
        };
    };
    const Act move = [](Desk& desk) -> app::CommandBody {
        const EntryId there = desk.org.new_id<EntryId>();
        return domain::MoveEntry{desk.entry, desk.version(), desk.other_house, there, "Wrong."};
    };
    const Act ask_for_move = [move](Desk& desk) -> app::CommandBody {
        desk.by.role = domain::Role::manager;
        return move(desk);
    };
    return {
        add,
        [](Desk& desk) -> app::CommandBody { return update(desk, 80, "2026-02-11"); },
        decide(send_back),
        [](Desk& desk) -> app::CommandBody { return update(desk, 90, "2026-03-15"); },
        decide(reject),
        [](Desk& desk) -> app::CommandBody { return update(desk, 95, "2026-03-14"); },
        [](Desk& desk) -> app::CommandBody {
            return domain::DeleteEntry{desk.entry, desk.version(), "Twice."};
        },
        [](Desk& desk) -> app::CommandBody {
            return domain::RestoreEntry{desk.entry, desk.version()};
        },
        decide(approve),
        [](Desk& desk) -> app::CommandBody {
            domain::ReverseEntry reverse;
            reverse.id = desk.entry;
            reverse.reversal_id = desk.org.new_id<EntryId>();
            reverse.business_date = day("2026-03-15");
            reverse.amount_minor = 5;
            return reverse;
        },
        [](Desk& desk) -> app::CommandBody {
            return domain::EraseText{desk.entry, desk.version(), "Asked for."};
        },
        add,
        ask,
        end(domain::ChangeDecision::reject),
        ask,
        [](Desk& desk) -> app::CommandBody {
            desk.by.role = domain::Role::manager;
            return domain::DecideChange{desk.entry, desk.version(),
                                        domain::ChangeDecision::withdraw, "Never mind."};
        },
        ask,
        end(domain::ChangeDecision::approve),
        move,
        add,
        ask_for_move,
        end(domain::ChangeDecision::reject),
        ask_for_move,
        end(domain::ChangeDecision::approve),
    };
}

std::vector<Act> cash_acts() {
    return {
        [](Desk& desk) -> app::CommandBody {
            return domain::RecordCount{desk.org.new_id<CountId>(),
                                       desk.house,
                                       domain::Account::cash,
                                       day("2026-03-14"),
                                       500,
                                       {},
                                       "Counted."};
        },
        [](Desk& desk) -> app::CommandBody {
            return domain::PostCorrection{desk.org.new_id<AdjustmentId>(),
                                          desk.house,
                                          domain::Account::bank,
                                          day("2026-02-12"),
                                          -20,
                                          "A reason."};
        },
        [](Desk& desk) -> app::CommandBody {
            return domain::DeclareOpening{desk.house, domain::Account::cash, day("2026-01-15"),
                                          900};
        },
    };
}

std::vector<Act> org_acts() {
    return {
        [](Desk& desk) -> app::CommandBody {
            domain::AddProperty add;
            add.id = desk.org.new_id<PropertyId>();
            add.name = "A house more";
            add.currency = currency("EUR");
            add.zone = "Asia/Kolkata";
            add.books_start_on = day("2026-02-01");
            add.opening_minor = {700, -300};
            return add;
        },
        [](Desk& desk) -> app::CommandBody {
            domain::UpdateProperty change;
            change.id = desk.house;
            change.version = desk.org.snapshot()->property(desk.house).value()->version;
            change.name = "Zenith";
            change.fiscal_start_month = 4;
            return change;
        },
        [](Desk& desk) -> app::CommandBody {
            desk.category = desk.org.new_id<CategoryId>();
            return domain::AddCategory{
                desk.category, domain::CategoryKind::source, "spa", "Spa", "Rooms", 1};
        },
        [](Desk& desk) -> app::CommandBody {
            domain::UpdateCategory change;
            change.id = desk.category;
            change.version = 1;
            change.name = "Sauna";
            return change;
        },
        [](Desk& desk) -> app::CommandBody {
            domain::UpdateCategory change;
            change.id = desk.category;
            change.version = 2;
            change.merge_into = "addon";
            return change;
        },
        [](Desk&) -> app::CommandBody {
            domain::ChangeSettings change;
            change.name = "Another name";
            change.fiscal_start_month = 7;
            return change;
        },
        [](Desk& desk) -> app::CommandBody {
            app::CreateTokenWithSecret create;
            desk.token = desk.org.new_id<TokenId>();
            create.token = {desk.token, "till", domain::Role::manager, {}, {}};
            create.secret_hash = app::token_hash("dbk_till");
            return create;
        },
        [](Desk& desk) -> app::CommandBody {
            return domain::ScopeToken{desk.token, domain::Scope{false, {desk.house}}, 1};
        },
        [](Desk& desk) -> app::CommandBody { return domain::RevokeToken{desk.token}; },
        [](Desk& desk) -> app::CommandBody {
            return domain::ImportCommitted{
                desk.org.new_id<CategoryId>().value, "hotels", std::string(64, 'a'), 1, 2, 3};
        },
    };
}

std::vector<Act> delivery_acts() {
    return {
        [](Desk& desk) -> app::CommandBody {
            app::AddWebhookWithSecret add;
            desk.webhook = desk.org.new_id<WebhookId>();
            add.webhook.id = desk.webhook;
            add.webhook.url = "https://example.net/in";
            add.secret = "secret";
            return add;
        },
        [](Desk& desk) -> app::CommandBody {
            domain::UpdateWebhook change;
            change.id = desk.webhook;
            change.alerts = domain::WebhookAlerts::all;
            return change;
        },
        [](Desk& desk) -> app::CommandBody {
            app::ChangeDelivery change;
            change.subscription = domain::webhook_subscription(desk.webhook);
            change.act = domain::DeliveryAct::paused;
            return change;
        },
        [](Desk& desk) -> app::CommandBody {
            app::SaveDelivery save;
            desk.letter = desk.org.new_id<DeadLetterId>();
            save.subscription = domain::webhook_subscription(desk.webhook);
            save.letters.emplace_back().id = desk.letter;
            save.letters.back().subscription = save.subscription;
            return save;
        },
        [](Desk& desk) -> app::CommandBody {
            app::ChangeDelivery change;
            change.act = domain::DeliveryAct::discarded;
            change.dead_letter = desk.letter;
            change.reason = "The receiver is gone.";
            return change;
        },
        [](Desk& desk) -> app::CommandBody { return domain::DeleteWebhook{desk.webhook, 2}; },
    };
}

// Today of the other house, which nothing else needs open.
std::vector<Act> day_acts() {
    const auto another = [](Desk& desk) { desk.by.user = desk.org.new_id<UserId>(); };
    const auto close = [](Desk& desk) {
        domain::CloseDay close;
        close.property = desk.other_house;
        close.date = day(kTestToday);
        close.counted_minor = 1'000'000;
        close.count_id = desk.org.new_id<CountId>();
        close.note = "Found in the safe.";
        close.accept_pending = true;
        close.seal_before = true;
        return close;
    };
    return {
        [](Desk&) -> app::CommandBody {
            domain::ChangeSettings settings;
            settings.variance_tolerance_minor.emplace(0);
            return settings;
        },
        [=](Desk& desk) -> app::CommandBody { return close(desk); },
        [=](Desk& desk) -> app::CommandBody {
            another(desk);
            return domain::AcknowledgeVariance{desk.other_house, day(kTestToday), {}};
        },
        [](Desk& desk) -> app::CommandBody {
            return domain::ReopenDay{desk.other_house, day("2026-03-14"), "A mistake."};
        },
        [](Desk& desk) -> app::CommandBody {
            return domain::SetLock{desk.house, day("2026-01-31"), "Audited."};
        },
        [](Desk& desk) -> app::CommandBody {
            return domain::ExceptFromLock{desk.house, desk.by.user, Instant{kTestStart.ms + 60'000},
                                          "Late."};
        },
        [](Desk& desk) -> app::CommandBody {
            return domain::ExceptFromLock{desk.house, desk.by.user, std::nullopt, "Booked."};
        },
        [](Desk& desk) -> app::CommandBody {
            return domain::SetLock{desk.house, std::nullopt, "Over."};
        },
    };
}

std::vector<Act> people_acts() {
    return {
        [](Desk& desk) -> app::CommandBody {
            desk.user = desk.org.new_id<UserId>();
            app::InviteUserWithLink invite;
            invite.user = {desk.user, "Ana", "ana@example.com", {}};
            invite.link = {desk.org.new_id<LinkId>(), app::token_hash("dbl_link"),
                           Instant{kTestStart.ms + 1'000}};
            return invite;
        },
        [](Desk& desk) -> app::CommandBody {
            const app::Password password{desk.user.value, "hash", kTestStart};
            const app::NewSession session{desk.org.new_id<SessionId>(), app::token_hash("dbs_"),
                                          ""};
            return app::AcceptLink{desk.user, app::token_hash("dbl_link"), std::nullopt, password,
                                   session};
        },
        [](Desk& desk) -> app::CommandBody {
            domain::ChangeUser change;
            change.id = desk.user;
            change.version = 2;
            change.name = "Ana Lopes";
            change.role = domain::Role::manager;
            return change;
        },
        [](Desk& desk) -> app::CommandBody {
            return domain::SetDailyApproval{
                desk.house, desk.user, day(kTestToday), domain::DailyGrant::given, {}};
        },
        [](Desk& desk) -> app::CommandBody {
            return domain::SetDailyApproval{desk.house, desk.user, day(kTestToday),
                                            domain::DailyGrant::taken, "Decided."};
        },
        [](Desk& desk) -> app::CommandBody { return domain::RemoveUser{desk.user}; },
    };
}

// In this order. For a new type of event, add an act that makes it.
std::vector<Act> all_acts() {
    std::vector<Act> acts;
    for (const auto& more :
         {entry_acts(domain::EntryKind::expense), entry_acts(domain::EntryKind::revenue),
          entry_acts(domain::EntryKind::transfer), cash_acts(), org_acts(), delivery_acts(),
          day_acts(), people_acts()}) {
        acts.insert(acts.end(), more.begin(), more.end());
    }
    return acts;
}

// Types that nothing can come before.
const std::set<EventType> kFirst{EventType::org_created};

std::vector<Step> drawn_steps(std::uint32_t seed, int count) {
    std::mt19937 random(seed);
    const auto below = [&random](int end) {
        return static_cast<int>(random() % static_cast<std::uint32_t>(end));
    };
    std::vector<Step> steps;
    for (int i = 0; i < count; ++i) {
        steps.push_back({below(kActs), below(3), below(3), below(20), below(9), below(10),
                         below(1'000), below(4) == 0 ? 1 : 0});
    }
    return steps;
}

class ReportChangesPlayed : public StoreProperty {};

TEST_P(ReportChangesPlayed, CoverEveryTypeOfEvent) {
    StoreUnderTest books(GetParam());
    TestOrg org(*books.store, 1);
    Desk desk{org, org.add_property("First"), org.add_property("Second")};
    ReportJudge judge(*books.store, org.id());
    books.store->listen(judge);
    for (const Act& act : all_acts()) {
        desk.by = org.owner();
        app::CommandBody body = act(desk);
        org.run(desk.by, std::move(body)).value();
    }
    for (const EventType type : domain::all_event_types()) {
        EXPECT_TRUE(judge.types().contains(type) || kFirst.contains(type))
            << "nothing here makes " << domain::event_type_name(type)
            << ": add an act to all_acts()";
    }
}

TEST_P(ReportChangesPlayed, AreToldWhateverIsPlayed) {
    const int seeds = within_budget(GetParam(), 2);
    for (std::uint32_t seed = 1; std::cmp_less_equal(seed, seeds); ++seed) {
        SCOPED_TRACE("seed " + std::to_string(seed));
        StoreUnderTest books(GetParam());
        BooksPlayer player(*books.store, books.clock);
        ReportJudge judge(*books.store, player.org().id());
        books.store->listen(judge);
        player.play(drawn_steps(seed, 60));
        EXPECT_GT(judge.types().size(), 8U);
    }
}

DAYBOOK_PROPERTY_ON_ALL_STORES(ReportChangesPlayed);

TEST(ReportChanges, TakeTypesThatNobodyListedForShown) {
    for (const EventType type : domain::all_event_types()) {
        const std::string name(domain::event_type_name(type));
        const bool is_hidden = name.starts_with("token_") || name.starts_with("import_") ||
                               name.starts_with("lock_") || name.starts_with("user_") ||
                               name.starts_with("grant_") || name.starts_with("daily_approval_");
        if (domain::as_entry_event(type)) EXPECT_TRUE(app::shown_in_reports(type)) << name;
        if (is_hidden) EXPECT_FALSE(app::shown_in_reports(type)) << name;
    }
}

}  // namespace
}  // namespace daybook::test
