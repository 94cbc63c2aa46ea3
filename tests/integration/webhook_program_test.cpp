// Need: the binary. Goal: a webhook of the real program posts signed events, delivers again what it
// may have been killed over, and its failures can be seen, redriven and discarded. Seed: none.
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <string>

#include "storage/sqlite/store.h"
#include "support/cli_books.h"
#include "support/sample_books.h"
#include "support/test_org.h"
#include "support/webhook_receiver.h"

namespace daybook::test {
namespace {

const std::vector<std::string> kPrivate{"--webhooks-allow-private"};

class WebhookProgram : public testing::Test {
 protected:
    std::string add_expense(const Serving& server) {
        const std::string body = R"({"propertyId":")" + books_.property() +
                                 R"(","amountMinor":1200,"currency":"EUR","paymentMode":"cash",)"
                                 R"("category":"supplies","description":"Soap"})";
        const HttpAnswer answer = call(server, token_, "POST", "/v1/finance/expenses", body);
        EXPECT_EQ(answer.status, 201) << answer.body;
        return json_member(answer.body, "id");
    }
    HttpAnswer add_webhook(const Serving& server, const std::string& url) {
        return call(server, token_, "POST", "/v1/webhooks", R"({"url":")" + url + R"("})");
    }

    // A dead letter of the subscription "test", as ten failures would leave it; its id.
    std::string plant_letter(std::uint8_t number) {
        const auto store = storage::sqlite::open_store({.directory = books_.data(),
                                                        .clock = clock_,
                                                        .random = random_,
                                                        .access = storage::sqlite::Access::write,
                                                        .vfs = {}})
                               .value();
        app::SaveDelivery save;
        save.subscription = "test";
        app::DeadLetter letter;
        letter.id = DeadLetterId{numbered_uuid(number)};
        letter.subscription = save.subscription;
        letter.position = 1;
        letter.event_type = "org_created";
        letter.entity_type = "org";
        letter.attempts = 10;
        letter.last_error = "The receiver answered 500.";
        save.letters = {letter};
        app::Command command{{store->orgs().value().at(0).id, {}, domain::Role::owner, {}, {}, {}},
                             "test",
                             std::nullopt,
                             save};
        EXPECT_TRUE(run(*store, std::move(command)).has_value());
        return letter.id.to_string();
    }

    SystemClock clock_;
    SystemRandom random_;
    CliBooks books_;
    std::string token_ = books_.done({"token", "create", "--role", "owner"});
};

TEST_F(WebhookProgram, PostsSignedEvents) {
    WebhookReceiver receiver(200);
    const Serving server(books_.data(), kPrivate);
    const HttpAnswer made = add_webhook(server, receiver.url());
    ASSERT_EQ(made.status, 201) << made.body;
    const std::string secret = json_member(made.body, "secret");
    const std::string entry = add_expense(server);
    const auto received = receiver.wait_for(1);
    ASSERT_EQ(received.size(), 1U);
    EXPECT_TRUE(is_signed(received[0], secret));
    EXPECT_FALSE(is_signed(received[0], secret.substr(0, secret.size() - 4) + "AAA="));
    EXPECT_NE(received[0].body.find("daybook.expense_added"), std::string::npos);
    EXPECT_NE(received[0].body.find(entry), std::string::npos);
    EXPECT_NE(received[0].body.find(R"("description":"Soap")"), std::string::npos);
    // The secret is shown once.
    EXPECT_EQ(call(server, token_, "GET", "/v1/webhooks").body.find("whsec_"), std::string::npos);
}

TEST_F(WebhookProgram, DeliversAgainAfterAKill) {
    WebhookReceiver receiver([first = true](const Received&) mutable {
        return std::exchange(first, false) ? std::optional<std::string>() : answer_with(200);
    });
    {
        Serving server(books_.data(), kPrivate);
        ASSERT_EQ(add_webhook(server, receiver.url()).status, 201);
        add_expense(server);
        ASSERT_EQ(receiver.wait_for(1).size(), 1U);
        // It was handled, and nobody has heard of it yet.
        server.kill_now();
    }
    const Serving server(books_.data(), kPrivate);
    const auto received = receiver.wait_for(2);
    ASSERT_EQ(received.size(), 2U);
    EXPECT_EQ(received[0].body, received[1].body);
    EXPECT_EQ(received[0].headers.at("webhook-id"), received[1].headers.at("webhook-id"));
}

TEST_F(WebhookProgram, SavesWhereItIsWhenItIsStopped) {
    WebhookReceiver receiver(200);
    {
        Serving server(books_.data(), kPrivate);
        ASSERT_EQ(add_webhook(server, receiver.url()).status, 201);
        for (int i = 0; i < 3; ++i) add_expense(server);
        ASSERT_EQ(receiver.wait_for(3).size(), 3U);
        EXPECT_EQ(server.stop(), 0);
    }
    const Serving server(books_.data(), kPrivate);
    add_expense(server);
    const auto received = receiver.wait_for(4);
    ASSERT_EQ(received.size(), 4U);
    EXPECT_NE(received[3].headers.at("webhook-id"), received[2].headers.at("webhook-id"));
}

TEST_F(WebhookProgram, RefusesPrivateAddressesByDefault) {
    WebhookReceiver receiver(200);
    const Serving server(books_.data());
    const HttpAnswer made = add_webhook(server, receiver.url());
    ASSERT_EQ(made.status, 201) << made.body;
    const std::string id = json_member(made.body, "id");
    add_expense(server);
    std::string log;
    // As long as it takes, which is less than the patience that tests have.
    const auto end =
        std::chrono::steady_clock::now() + std::chrono::seconds(WebhookReceiver::kPatienceSeconds);
    while (log.find("private address") == std::string::npos &&
           std::chrono::steady_clock::now() < end)
        log = call(server, token_, "GET", "/v1/webhooks/" + id + "/deliveries").body;
    EXPECT_NE(log.find("private address"), std::string::npos) << log;
}

TEST_F(WebhookProgram, TheCommandLineEndsDeadLettersBesideAServerAndWithout) {
    const std::string first = plant_letter(1);
    const std::string second = plant_letter(2);
    const std::string listed = books_.done({"dead-letters", "list"});
    EXPECT_TRUE(listed.starts_with(first + "  test  org_created  org/")) << listed;
    EXPECT_NE(listed.find("10 attempts"), std::string::npos) << listed;
    EXPECT_NE(listed.find("\n" + second), std::string::npos) << listed;
    EXPECT_EQ(books_.done({"dead-letters", "list", "--subscription", "another"}), "");
    {
        const Serving server(books_.data());
        const std::string shown = books_.done({"dead-letters", "show", first});
        EXPECT_NE(shown.find("The receiver answered 500."), std::string::npos) << shown;
        EXPECT_NE(shown.find(R"("eventType":"org_created")"), std::string::npos) << shown;
        EXPECT_EQ(books_.done({"dead-letters", "redrive", first}), "");
        EXPECT_NE(books_.done({"dead-letters", "list"}).find("redriving"), std::string::npos);
    }
    EXPECT_EQ(books_.done({"dead-letters", "discard", second, "--reason", "Not needed"}), "");
    EXPECT_EQ(books_.done({"dead-letters", "list"}).find(second), std::string::npos);
    const std::string events = books_.done({"export", "--format", "events"});
    EXPECT_NE(events.find(R"("eventType":"dead_letter_discarded")"), std::string::npos);
    EXPECT_NE(events.find("Not needed"), std::string::npos);
}

TEST_F(WebhookProgram, TheCommandLineSaysThatThereIsNoSuchDeadLetter) {
    const Serving server(books_.data());
    EXPECT_EQ(books_.done({"dead-letters", "list"}), "");
    const std::string nothing = "0190f2a4-0000-7000-8000-000000000000";
    for (const std::vector<std::string>& words :
         {std::vector<std::string>{"dead-letters", "show", nothing},
          std::vector<std::string>{"dead-letters", "redrive", nothing},
          std::vector<std::string>{"dead-letters", "discard", nothing, "--reason", "Gone"}}) {
        const Finished finished = books_.run(words);
        EXPECT_EQ(finished.exit_code, 1) << words[1];
        EXPECT_NE(finished.errors.find("no such dead letter"), std::string::npos)
            << finished.errors;
    }
    const Finished bad = books_.run({"dead-letters", "show", "x"});
    EXPECT_NE(bad.errors.find("no id of a dead letter"), std::string::npos) << bad.errors;
}

}  // namespace
}  // namespace daybook::test
