// Need: nothing. Goal: webhooks post signed events that their maker may see, try again what fails,
// switch themselves off when told to, and are told of alerts. Virtual time. Seeds: fixed.
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>

#include "app/authenticator.h"
#include "app/token_secret.h"
#include "app/webhook_secret.h"
#include "base/base64.h"
#include "base/digest.h"
#include "base/hex.h"
#include "delivery/alerts.h"
#include "delivery/webhooks.h"
#include "storage/memory/store.h"
#include "support/test_org.h"

namespace daybook::test {
namespace {

using domain::Webhook;

constexpr std::int64_t kHourMs = 3'600'000;

TEST(Hmac, IsThatOfRfc4231) {
    const std::string key(20, '\x0b');
    EXPECT_EQ(to_hex(hmac_sha256(as_bytes(key), "Hi There")),
              "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
}

TEST(Base64, IsThatOfRfc4648) {
    for (const auto& [bytes, text] :
         std::vector<std::pair<std::string_view, std::string_view>>{{"", ""},
                                                                    {"f", "Zg=="},
                                                                    {"fo", "Zm8="},
                                                                    {"foo", "Zm9v"},
                                                                    {"foob", "Zm9vYg=="},
                                                                    {"\xFB\xFF", "+/8="}}) {
        EXPECT_EQ(to_base64(as_bytes(bytes)), text);
    }
}

// The example of the specification.
TEST(Signature, IsThatOfStandardWebhooks) {
    const std::string secret = "\xd8\x7a";
    const auto headers = delivery::signed_headers("msg_1", 1'614'265'330, secret, "{}");
    EXPECT_EQ(headers.at(0), (std::pair<std::string, std::string>("webhook-id", "msg_1")));
    EXPECT_EQ(headers.at(1),
              (std::pair<std::string, std::string>("webhook-timestamp", "1614265330")));
    EXPECT_EQ(headers.at(2).second,
              "v1," + to_base64(hmac_sha256(as_bytes(secret), "msg_1.1614265330.{}")));
}

class ScriptedClient final : public delivery::WebhookClient {
 public:
    Result<int> post(const delivery::WebhookRequest& request) override {
        requests.push_back(request);
        return answer(request);
    }

    std::function<Result<int>(const delivery::WebhookRequest&)> answer = [](const auto&) {
        return 204;
    };
    std::vector<delivery::WebhookRequest> requests;
};

class WebhooksTest : public testing::Test {
 protected:
    WebhooksTest() {
        store_.listen(webhooks_);
        store_.listen(delivery_);
        webhooks_.start().value();
        delivery_.start().value();
    }
    ~WebhooksTest() override { executor_.run_ready(); }

    app::AddWebhookWithSecret to_add() {
        app::AddWebhookWithSecret add;
        add.webhook.id = org_.new_id<WebhookId>();
        add.webhook.url = "https://example.net/in";
        add.secret = "0123456789abcdef0123456789abcdef";
        return add;
    }
    Webhook add(const app::AddWebhookWithSecret& what) { return add(org_.owner(), what); }
    Webhook add(domain::Principal by, const app::AddWebhookWithSecret& what) {
        return only<Webhook>(org_.run(std::move(by), what));
    }
    TokenId new_token(domain::Role role) {
        app::CreateTokenWithSecret create;
        create.token.id = org_.new_id<TokenId>();
        create.token.name = "Maker";
        create.token.role = role;
        create.secret_hash.fill(7);
        org_.run(create).value();
        return create.token.id;
    }
    domain::Principal through(TokenId id) {
        domain::Principal principal = org_.owner();
        principal.via = {domain::ViaKind::token, id};
        return principal;
    }
    void update(domain::UpdateWebhook update) { org_.run(std::move(update)).value(); }
    void advance_ms(std::int64_t ms) {
        clock_.advance_ms(ms);
        executor_.advance_ms(ms);
    }
    Position add_expense(PropertyId property) {
        org_.add(org_.expense(property, 100));
        advance_ms(0);
        return org_.snapshot()->head().value();
    }
    Webhook webhook(WebhookId id) {
        for (const Webhook& each : org_.snapshot()->webhooks().value())
            if (each.id == id) return each;
        return {};
    }
    std::vector<std::string> bodies() {
        std::vector<std::string> bodies;
        for (const auto& each : client_.requests) bodies.push_back(each.body);
        return bodies;
    }

    ManualClock clock_{kTestStart};
    SeededRandom random_{1};
    SeededRandom jitter_{2};
    app::Environment environment_{clock_, random_};
    storage::memory::MemoryStore store_{environment_};
    TestOrg org_{store_, 1};
    PropertyId hotel_ = org_.add_property("Hotel");
    PropertyId hostel_ = org_.add_property("Hostel");
    ManualExecutor executor_;
    ScriptedClient client_;
    delivery::Delivery delivery_{store_, clock_, jitter_, executor_};
    delivery::Webhooks webhooks_{
        {delivery_, store_, client_, clock_, jitter_, executor_, executor_}};
};

TEST_F(WebhooksTest, PostsASignedEnvelopeOfWhatHappensFromNowOn) {
    add_expense(hotel_);
    const auto what = to_add();
    const Webhook made = add(what);
    add_expense(hotel_);
    ASSERT_EQ(client_.requests.size(), 1U);
    const delivery::WebhookRequest& request = client_.requests[0];
    EXPECT_EQ(request.url, "https://example.net/in");
    EXPECT_NE(request.body.find(R"("type":"daybook.expense_added")"), std::string::npos);
    const auto event = org_.snapshot()->log(org_.snapshot()->head().value() - 1, 1).value()[0];
    EXPECT_NE(request.body.find(event.bytes), std::string::npos);
    const std::string id = app::facts_of(event).value().id.to_string();
    EXPECT_EQ(request.headers,
              delivery::signed_headers(id, kTestStart.ms / 1'000, what.secret, request.body));
    advance_ms(1'000);
    const auto log = org_.snapshot()->webhook_attempts(made.id).value();
    ASSERT_EQ(log.size(), 1U);
    EXPECT_EQ(log[0].status, 204);
    EXPECT_EQ(log[0].error, "");
    EXPECT_EQ(log[0].attempt, 1);
}

TEST_F(WebhooksTest, TriesAgainAndGivesUpAfterTenAttempts) {
    const Webhook made = add(to_add());
    client_.answer = [](const auto&) { return 500; };
    add_expense(hotel_);
    EXPECT_EQ(client_.requests.size(), 1U);
    advance_ms(5'001);
    EXPECT_EQ(client_.requests.size(), 2U);
    for (int i = 0; i < 60; ++i) advance_ms(kHourMs);
    EXPECT_EQ(client_.requests.size(), 10U);
    const auto letters = org_.snapshot()->dead_letters({}).value().letters;
    ASSERT_EQ(letters.size(), 1U);
    EXPECT_EQ(letters[0].subscription, domain::webhook_subscription(made.id));
    EXPECT_EQ(letters[0].last_error, "The receiver answered 500.");
    const auto log = org_.snapshot()->webhook_attempts(made.id).value();
    ASSERT_EQ(log.size(), 10U);
    EXPECT_EQ(log[0].attempt, 10);
    EXPECT_EQ(log[0].status, 500);
}

TEST_F(WebhooksTest, DoesNotFollowARedirectAndTellsWhatWentWrong) {
    const Webhook made = add(to_add());
    client_.answer = [](const auto&) { return 302; };
    add_expense(hotel_);
    client_.answer = [](const auto&) -> Result<int> {
        return fail(ErrorCode::io_failed, "No connection could be made: refused.");
    };
    add_expense(hotel_);
    advance_ms(1'000);
    const auto log = org_.snapshot()->webhook_attempts(made.id).value();
    ASSERT_GE(log.size(), 2U);
    EXPECT_EQ(log.back().error, "The receiver answered 302.");
    EXPECT_EQ(log[log.size() - 2].status, 0);
    EXPECT_EQ(log[log.size() - 2].error, "No connection could be made: refused.");
}

TEST_F(WebhooksTest, SwitchesItselfOffWhenTheReceiverIsGone) {
    const Webhook made = add(to_add());
    client_.answer = [](const auto&) { return 410; };
    add_expense(hotel_);
    EXPECT_FALSE(webhook(made.id).active);
    client_.answer = [](const auto&) { return 200; };
    const Position missed = add_expense(hotel_);
    advance_ms(kHourMs);
    EXPECT_EQ(client_.requests.size(), 1U);
    // Switched on again, it goes on where it was.
    domain::UpdateWebhook on;
    on.id = made.id;
    on.active = true;
    update(on);
    advance_ms(kHourMs);
    EXPECT_NE(bodies().back().find("daybook.webhook_updated"), std::string::npos);
    const std::string position = "\"position\":" + std::to_string(missed) + ",";
    EXPECT_TRUE(std::ranges::any_of(bodies(), [&](const std::string& body) {
        return body.find(position) != std::string::npos;
    }));
}

TEST_F(WebhooksTest, StopsWithTheTokenThatMadeIt) {
    const TokenId token = new_token(domain::Role::admin);
    const Webhook made = add(through(token), to_add());
    add_expense(hotel_);
    EXPECT_EQ(client_.requests.size(), 1U);
    org_.run(domain::RevokeToken{token}).value();
    add_expense(hotel_);
    advance_ms(kHourMs);
    EXPECT_EQ(client_.requests.size(), 1U);
    const auto status = delivery_.subscriptions(org_.id()).value().at(0);
    EXPECT_EQ(status.subscription, domain::webhook_subscription(made.id));
    EXPECT_TRUE(status.paused);
    EXPECT_NE(status.reason.find("revoked"), std::string::npos);
}

TEST_F(WebhooksTest, SendsOnlyWhatItsMakerMaySeeByNow) {
    const TokenId token = new_token(domain::Role::admin);
    (void)add(through(token), to_add());
    domain::ScopeToken scope;
    scope.id = token;
    scope.scope = {false, {hotel_}};
    org_.run(scope).value();
    advance_ms(0);
    client_.requests.clear();
    add_expense(hostel_);
    EXPECT_TRUE(client_.requests.empty());
    add_expense(hotel_);
    EXPECT_EQ(client_.requests.size(), 1U);
    EXPECT_EQ(delivery_.subscriptions(org_.id()).value().at(0).lag_events, 0);
}

// A person's session ends, and their webhooks go on as long as the person may see what they send.
TEST_F(WebhooksTest, FollowsThePersonWhoMadeItAtTheConsole) {
    const UserId user = org_.new_id<UserId>();
    app::InviteUserWithLink invite;
    invite.user = {user, "Ana", "ana@example.com", {domain::Role::admin, {}, std::nullopt}};
    invite.link = {org_.new_id<LinkId>(), app::token_hash("dbl_"), Instant{kTestStart.ms + 1'000}};
    org_.run(std::move(invite)).value();
    domain::Principal ana = org_.owner();
    ana.user = user;
    ana.via = {domain::ViaKind::console, {}};
    const app::NewSession session{org_.new_id<SessionId>(), app::token_hash("dbs_"), "browser"};
    org_.run(ana, app::AcceptLink{user,
                                  app::token_hash("dbl_"),
                                  std::nullopt,
                                  {user.value, "hash", kTestStart},
                                  session})
        .value();
    ana.session = session.id;
    const Webhook made = add(ana, to_add());
    org_.run(ana, app::EndSession{session.id}).value();
    add_expense(hostel_);
    EXPECT_FALSE(client_.requests.empty());

    domain::ChangeUser change;
    change.id = user;
    change.version = 2;
    change.scope = domain::Scope{false, {hotel_}};
    org_.run(change).value();
    advance_ms(0);
    client_.requests.clear();
    add_expense(hostel_);
    EXPECT_TRUE(client_.requests.empty());
    add_expense(hotel_);
    EXPECT_EQ(client_.requests.size(), 1U);

    org_.run(domain::RemoveUser{user}).value();
    client_.requests.clear();
    add_expense(hotel_);
    advance_ms(kHourMs);
    EXPECT_TRUE(client_.requests.empty());
    const auto status = delivery_.subscriptions(org_.id()).value().at(0);
    EXPECT_EQ(status.subscription, domain::webhook_subscription(made.id));
    EXPECT_TRUE(status.paused);
}

TEST_F(WebhooksTest, FiltersByTypeAndProperty) {
    auto what = to_add();
    what.webhook.types = {domain::EventType::expense_added};
    what.webhook.properties = {hotel_};
    const Webhook made = add(what);
    add_expense(hostel_);
    org_.add(org_.revenue(hotel_, 100));
    advance_ms(0);
    EXPECT_TRUE(client_.requests.empty());
    add_expense(hotel_);
    EXPECT_EQ(client_.requests.size(), 1U);
    domain::UpdateWebhook all;
    all.id = made.id;
    all.types.emplace();
    all.properties.emplace();
    update(all);
    advance_ms(0);
    client_.requests.clear();
    add_expense(hostel_);
    EXPECT_EQ(client_.requests.size(), 1U);
}

TEST_F(WebhooksTest, StopsWhenItIsDeleted) {
    const Webhook made = add(to_add());
    org_.run(domain::DeleteWebhook{made.id, 1}).value();
    add_expense(hotel_);
    advance_ms(kHourMs);
    EXPECT_TRUE(client_.requests.empty());
    EXPECT_TRUE(delivery_.subscriptions(org_.id()).value().empty());
}

TEST_F(WebhooksTest, ReplaysAnEvent) {
    const Position before = add_expense(hotel_);
    const Webhook made = add(to_add());
    app::ChangeDelivery replay;
    replay.subscription = domain::webhook_subscription(made.id);
    replay.act = domain::DeliveryAct::replayed;
    replay.to = before;
    org_.run(replay).value();
    advance_ms(2'000);
    const std::string position = "\"position\":" + std::to_string(before) + ",";
    EXPECT_EQ(std::ranges::count_if(bodies(),
                                    [&](const std::string& body) {
                                        return body.find(position) != std::string::npos;
                                    }),
              1);
    EXPECT_TRUE(org_.snapshot()->dead_letters({}).value().letters.empty());
}

TEST_F(WebhooksTest, IsToldOfAlertsIfItAsks) {
    (void)add(to_add());
    auto asks = to_add();
    asks.webhook.url = "https://example.net/alerts";
    asks.webhook.alerts = domain::WebhookAlerts::all;
    (void)add(asks);
    advance_ms(0);
    client_.requests.clear();
    const app::Alert alert{"low_disk", kTestStart, "Make room."};
    client_.answer = [](const auto&) { return 503; };
    webhooks_.raised(org_.id(), alert);
    advance_ms(0);
    ASSERT_EQ(client_.requests.size(), 1U);
    EXPECT_EQ(client_.requests[0].url, "https://example.net/alerts");
    EXPECT_NE(client_.requests[0].body.find("daybook.alert_raised"), std::string::npos);
    EXPECT_NE(client_.requests[0].body.find("Make room."), std::string::npos);
    client_.answer = [](const auto&) { return 200; };
    advance_ms(5'000);
    EXPECT_EQ(client_.requests.size(), 2U);
    webhooks_.cleared(org_.id(), alert);
    advance_ms(kHourMs);
    ASSERT_EQ(client_.requests.size(), 3U);
    EXPECT_NE(client_.requests[2].body.find("daybook.alert_cleared"), std::string::npos);
}

TEST_F(WebhooksTest, RaisesAndClearsAlerts) {
    std::int64_t free_bytes = limits::kAlertDiskBytes;
    const Webhook made = add(to_add());
    delivery::Alerts alerts(
        {delivery_, store_, webhooks_, clock_, executor_, [&free_bytes] { return free_bytes; }});
    alerts.start();
    const auto keys = [&] {
        advance_ms(limits::kAlertCheckMs);
        std::vector<std::string> keys;
        for (const app::Alert& each : alerts.alerts(org_.id())) keys.push_back(each.key);
        return keys;
    };
    const std::string name = domain::webhook_subscription(made.id);
    EXPECT_TRUE(keys().empty());
    free_bytes = limits::kAlertDiskBytes - 1;
    EXPECT_EQ(keys(), std::vector<std::string>{"low_disk"});
    free_bytes = limits::kAlertDiskBytes;
    EXPECT_TRUE(keys().empty());

    client_.answer = [](const auto&) { return 500; };
    add_expense(hotel_);
    advance_ms(limits::kAlertLagMs);
    EXPECT_EQ(keys(), std::vector<std::string>{"lag:" + name});
    for (int i = 0; i < 60; ++i) advance_ms(kHourMs);
    EXPECT_EQ(keys(), std::vector<std::string>{"dead_letters:" + name});
    app::ChangeDelivery discard;
    discard.act = domain::DeliveryAct::discarded;
    discard.dead_letter = org_.snapshot()->dead_letters({}).value().letters.at(0).id;
    discard.reason = "Gone.";
    client_.answer = [](const auto&) { return 200; };
    org_.run(discard).value();
    EXPECT_TRUE(keys().empty());

    delivery_.pause(name, org_.id(), "Enough.");
    EXPECT_EQ(keys(), std::vector<std::string>{"paused:" + name});
    store_.fail_later(storage::memory::Operation::sync, 1, ErrorCode::commit_unknown);
    (void)org_.run(single(org_.expense(hotel_, 100)));
    const auto all = keys();
    EXPECT_NE(std::ranges::find(all, "failed_sync"), all.end());
}

}  // namespace
}  // namespace daybook::test
