// Need: a directory for files. Goal: webhooks are books, and what delivery keeps beside them is
// kept alike by all stores: cursors, dead letters, secrets, attempts. Seed: none.
#include <gtest/gtest.h>

#include <algorithm>

#include "app/event_codec.h"
#include "base/limits.h"
#include "support/contents.h"
#include "support/store_kinds.h"

namespace daybook::test {
namespace {

using app::DeadLetter;
using app::DeadLetterState;
using domain::DeliveryAct;
using domain::Webhook;

class StoreContractDelivery : public StoreContract {
 protected:
    app::AddWebhookWithSecret webhook() {
        app::AddWebhookWithSecret add;
        add.webhook.id = org_.new_id<WebhookId>();
        add.webhook.url = "https://example.net/in?key=1";
        add.webhook.types = {domain::EventType::revenue_added, domain::EventType::expense_added};
        add.webhook.properties = {hotel_};
        add.webhook.alerts = domain::WebhookAlerts::all;
        add.secret = std::string("\0secret\xFF", 8);
        return add;
    }
    app::SaveDelivery save(const std::string& subscription) {
        app::SaveDelivery save;
        save.subscription = subscription;
        save.watermark = 3;
        save.ranges = {{5, 6}, {9, 12}};
        return save;
    }
    DeadLetter letter(const std::string& subscription) {
        DeadLetter letter;
        letter.id = org_.new_id<DeadLetterId>();
        letter.subscription = subscription;
        letter.position = 6;
        letter.event = org_.new_id<EventId>();
        letter.event_type = "of_a_newer_version";
        letter.entity_type = "entry";
        letter.entity = org_.new_id<EntryId>().value;
        letter.property = hotel_;
        letter.attempts = 10;
        letter.first_at = kTestStart;
        letter.last_at = Instant{kTestStart.ms + 5};
        letter.last_error = "It answered 500.";
        return letter;
    }
    app::ChangeDelivery change(const std::string& subscription, DeliveryAct act, Position to = 0) {
        app::ChangeDelivery change;
        change.subscription = subscription;
        change.act = act;
        change.to = to;
        return change;
    }
    app::ChangeDelivery change(DeadLetterId id, DeliveryAct act, std::string reason = "Why.") {
        app::ChangeDelivery change;
        change.act = act;
        change.dead_letter = id;
        change.reason = std::move(reason);
        return change;
    }
    std::optional<app::DeliveryRow> row(const std::string& subscription) {
        for (const auto& each : org_.snapshot()->deliveries().value()) {
            EXPECT_EQ(each.key.org, org_.id());
            if (each.key.subscription == subscription) return each.row;
        }
        return std::nullopt;
    }
    std::vector<DeadLetter> letters(const std::string& subscription = {}) {
        return org_.snapshot()->dead_letters({subscription, std::nullopt, 100}).value().letters;
    }
    domain::EventType last_type() { return decoded_log(*org_.snapshot()).back().event.type; }

    TestOrg org_{store(), 1};
    TestOrg other_{store(), 2};
    PropertyId hotel_ = org_.add_property("Hotel");
};

TEST_P(StoreContractDelivery, KeepsAWebhookItsSecretAndItsPlace) {
    const auto add = webhook();
    const auto made = only<Webhook>(org_.run(add));
    EXPECT_EQ(made.types,
              (std::vector{domain::EventType::expense_added, domain::EventType::revenue_added}));
    EXPECT_EQ(org_.snapshot()->webhooks().value(), std::vector{made});
    EXPECT_EQ(store().webhook_secret({org_.id(), made.id}).value(), add.secret);
    EXPECT_EQ(store().webhook_secret({other_.id(), made.id}).value(), "");
    // It begins at the head: its own event is not news.
    const Position head = org_.snapshot()->head().value();
    EXPECT_EQ(row(domain::webhook_subscription(made.id))->watermark, head);
    EXPECT_EQ(last_type(), domain::EventType::webhook_added);
    // The secret is in no event, and the address only where it can be erased.
    for (const auto& [bytes, texts, prev, hash] : contents_of(*org_.snapshot()).log) {
        EXPECT_EQ(bytes.find("example.net"), std::string::npos);
        EXPECT_EQ(texts.find("secret"), std::string::npos);
    }
    EXPECT_TRUE(other_.snapshot()->webhooks().value().empty());
}

TEST_P(StoreContractDelivery, ChangesAndDeletesAWebhook) {
    const auto made = only<Webhook>(org_.run(webhook()));
    domain::UpdateWebhook update;
    update.id = made.id;
    update.version = 1;
    update.active = false;
    update.types.emplace();
    const auto changed = only<Webhook>(org_.run(update));
    EXPECT_FALSE(changed.active);
    EXPECT_TRUE(changed.types.empty());
    EXPECT_EQ(changed.version, 2);
    EXPECT_EQ(refusal(org_.run(update)), ErrorCode::stale_version);
    update.version = 2;
    EXPECT_EQ(refusal(org_.run(update)), ErrorCode::nothing_to_change);

    const std::string name = domain::webhook_subscription(made.id);
    auto with_letter = save(name);
    with_letter.letters = {letter(name)};
    org_.run(with_letter).value();
    org_.run(domain::DeleteWebhook{made.id, 2}).value();
    EXPECT_TRUE(org_.snapshot()->webhooks().value().at(0).deleted);
    EXPECT_EQ(store().webhook_secret({org_.id(), made.id}).value(), "");
    EXPECT_EQ(row(name), std::nullopt);
    EXPECT_TRUE(letters().empty());
    // What delivery would still save goes nowhere.
    EXPECT_EQ(refusal(org_.run(save(name))), ErrorCode::stale_version);
    EXPECT_EQ(refusal(org_.run(domain::DeleteWebhook{made.id, 3})), ErrorCode::not_found);
}

TEST_P(StoreContractDelivery, AnOrgHasAtMostTenWebhooks) {
    std::vector<WebhookId> ids;
    for (std::size_t i = 0; i < limits::kWebhooksMax; ++i)
        ids.push_back(only<Webhook>(org_.run(webhook())).id);
    EXPECT_EQ(refusal(org_.run(webhook())), ErrorCode::limit_reached);
    org_.run(domain::DeleteWebhook{ids.front(), 1}).value();
    EXPECT_TRUE(org_.run(webhook()).has_value());
    EXPECT_EQ(refusal(org_.run(webhook())), ErrorCode::limit_reached);
}

TEST_P(StoreContractDelivery, RefusesBadAddressesAndPlacesBeyondTheLog) {
    for (const std::string_view url :
         {"", "example.net", "ftp://example.net", "https://", "https://me:pass@example.net",
          "https://example.net/#part", "https://example.net:0", "https://example.net:99999",
          "https://exa mple.net", "http://[::1"}) {
        auto add = webhook();
        add.webhook.url = url;
        EXPECT_EQ(refusal(org_.run(add)), ErrorCode::invalid_value) << url;
    }
    auto beyond = webhook();
    beyond.webhook.start_at = 1'000;
    EXPECT_EQ(refusal(org_.run(beyond)), ErrorCode::invalid_value);
    auto from_start = webhook();
    from_start.webhook.start_at = 0;
    const auto made = only<Webhook>(org_.run(from_start));
    EXPECT_EQ(row(domain::webhook_subscription(made.id))->watermark, 0);
    auto foreign = webhook();
    foreign.webhook.properties = {other_.add_property("Foreign")};
    EXPECT_EQ(refusal(org_.run(foreign)), ErrorCode::not_found);
    EXPECT_EQ(refusal(org_.run(org_.manager(), webhook())), ErrorCode::forbidden);
    EXPECT_EQ(refusal(org_.run(org_.limited(domain::Role::admin, {hotel_}), webhook())),
              ErrorCode::forbidden);
}

TEST_P(StoreContractDelivery, KeepsACursorWithoutAnEvent) {
    const Contents before = contents_of(*org_.snapshot());
    org_.run(save("notifications")).value();
    const auto kept = row("notifications");
    ASSERT_TRUE(kept.has_value());
    EXPECT_EQ(kept->watermark, 3);
    EXPECT_EQ(kept->ranges, (std::vector<app::PositionRange>{{5, 6}, {9, 12}}));
    EXPECT_FALSE(kept->paused);
    EXPECT_EQ(contents_of(*org_.snapshot()), before);
    EXPECT_TRUE(other_.snapshot()->deliveries().value().empty());

    auto pausing = save("notifications");
    pausing.pause = "Too much.";
    org_.run(pausing).value();
    EXPECT_TRUE(row("notifications")->paused);
    EXPECT_EQ(row("notifications")->reason, "Too much.");
}

TEST_P(StoreContractDelivery, AResetRefusesWhatWasSavedForBefore) {
    org_.run(save("notifications")).value();
    org_.run(change("notifications", DeliveryAct::reset, 1)).value();
    EXPECT_EQ(row("notifications")->generation, 2);
    EXPECT_EQ(row("notifications")->watermark, 1);
    EXPECT_TRUE(row("notifications")->ranges.empty());
    EXPECT_EQ(refusal(org_.run(save("notifications"))), ErrorCode::stale_version);
    EXPECT_EQ(row("notifications")->watermark, 1);
    EXPECT_EQ(last_type(), domain::EventType::subscription_changed);
    EXPECT_EQ(refusal(org_.run(change("nothing", DeliveryAct::reset, 1))), ErrorCode::not_found);
    EXPECT_EQ(refusal(org_.run(org_.manager(), change("notifications", DeliveryAct::paused))),
              ErrorCode::forbidden);
}

TEST_P(StoreContractDelivery, KeepsListsAndDropsDeadLetters) {
    auto with_letters = save("notifications");
    with_letters.letters = {letter("notifications"), letter("notifications")};
    std::ranges::sort(with_letters.letters, {}, &DeadLetter::id);
    org_.run(with_letters).value();
    auto elsewhere = save("others");
    elsewhere.letters = {letter("others")};
    org_.run(elsewhere).value();
    EXPECT_EQ(letters("notifications"), with_letters.letters);
    EXPECT_EQ(letters().size(), 3U);
    const auto first = org_.snapshot()->dead_letters({"", std::nullopt, 2}).value();
    ASSERT_TRUE(first.next.has_value());
    const auto rest = org_.snapshot()->dead_letters({"", first.next, 2}).value();
    EXPECT_EQ(rest.letters.size(), 1U);
    EXPECT_FALSE(rest.next.has_value());
    const DeadLetter& one = with_letters.letters[0];
    EXPECT_EQ(org_.snapshot()->dead_letter(one.id).value(), one);
    EXPECT_EQ(other_.snapshot()->dead_letter(one.id).value(), std::nullopt);
    EXPECT_EQ(refusal(other_.run(change(one.id, DeliveryAct::discarded))), ErrorCode::not_found);

    org_.run(change(one.id, DeliveryAct::redriven)).value();
    EXPECT_EQ(org_.snapshot()->dead_letter(one.id).value()->state, DeadLetterState::redriving);
    const DeadLetter& two = with_letters.letters[1];
    EXPECT_EQ(refusal(org_.run(change(two.id, DeliveryAct::discarded, " "))),
              ErrorCode::reason_required);
    org_.run(change(two.id, DeliveryAct::discarded)).value();
    EXPECT_EQ(last_type(), domain::EventType::dead_letter_discarded);
    EXPECT_EQ(letters("notifications").size(), 1U);
    EXPECT_EQ(refusal(org_.run(change(two.id, DeliveryAct::discarded))), ErrorCode::not_found);

    auto done = save("notifications");
    done.letters = {one};
    done.letters[0].state = DeadLetterState::removed;
    org_.run(done).value();
    EXPECT_TRUE(letters("notifications").empty());
}

TEST_P(StoreContractDelivery, AReplayIsARedriveOfAnEvent) {
    const auto made = only<Webhook>(org_.run(webhook()));
    org_.add(org_.expense(hotel_, 100));
    const Position position = org_.snapshot()->head().value();
    const std::string name = domain::webhook_subscription(made.id);
    org_.run(change(name, DeliveryAct::replayed, position)).value();
    ASSERT_EQ(letters(name).size(), 1U);
    EXPECT_EQ(letters(name)[0].position, position);
    EXPECT_EQ(letters(name)[0].event_type, "expense_added");
    EXPECT_EQ(letters(name)[0].state, DeadLetterState::redriving);
    EXPECT_EQ(refusal(org_.run(change(name, DeliveryAct::replayed, position + 99))),
              ErrorCode::not_found);
}

TEST_P(StoreContractDelivery, KeepsTheLastAttemptsOfAWebhook) {
    const auto made = only<Webhook>(org_.run(webhook()));
    app::WebhookAttempt attempt;
    attempt.webhook = made.id;
    attempt.event = org_.new_id<EventId>();
    attempt.at = kTestStart;
    attempt.status = 500;
    attempt.error = "It answered 500.";
    app::LogWebhookAttempts log;
    for (std::size_t i = 1; i <= limits::kWebhookLogMax + 5; ++i) {
        attempt.position = static_cast<Position>(i);
        log.attempts.push_back(attempt);
    }
    org_.run(log).value();
    const auto kept = org_.snapshot()->webhook_attempts(made.id).value();
    ASSERT_EQ(kept.size(), limits::kWebhookLogMax);
    EXPECT_EQ(kept.front(), log.attempts.back());
    EXPECT_EQ(kept.back().position, 6);
    EXPECT_TRUE(other_.snapshot()->webhook_attempts(made.id).value().empty());

    // Erasing a text drops them: an answer may have quoted it.
    auto expense = org_.expense(hotel_, 100);
    expense.content.party = domain::Text{"Maria", false};
    const auto entry = org_.add(expense);
    org_.run(domain::EraseText{entry.id, 1, "Asked for."}).value();
    EXPECT_TRUE(org_.snapshot()->webhook_attempts(made.id).value().empty());
    org_.run(domain::DeleteWebhook{made.id, 1}).value();
    org_.run(log).value();
    EXPECT_TRUE(org_.snapshot()->webhook_attempts(made.id).value().empty());
}

TEST_P(StoreContractDelivery, CountsEventsByTypeAndHour) {
    constexpr std::int64_t kHourMs = 3'600'000;
    org_.add(org_.expense(hotel_, 100));
    org_.add(org_.expense(hotel_, 100));
    clock_.advance_ms(kHourMs);
    org_.add(org_.expense(hotel_, 100));
    const Instant from = kTestStart;
    const Instant later{kTestStart.ms + kHourMs};
    const auto of = [&](Instant begin, Instant end) {
        std::vector<app::EventCount> counts = org_.snapshot()->event_counts(begin, end).value();
        std::erase_if(counts, [](const auto& each) { return each.type != "expense_added"; });
        return counts;
    };
    EXPECT_EQ(
        of(from, Instant{later.ms + 1}),
        (std::vector<app::EventCount>{{"expense_added", from, 2}, {"expense_added", later, 1}}));
    EXPECT_EQ(of(from, later), (std::vector<app::EventCount>{{"expense_added", from, 2}}));
}

DAYBOOK_TEST_ALL_STORES(StoreContractDelivery);

}  // namespace
}  // namespace daybook::test
