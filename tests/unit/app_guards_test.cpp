// Need: nothing. Goal: guessing and flooding are slowed down for as long as they must be, and no
// longer; the setup's gate opens once.
#include <gtest/gtest.h>

#include "app/rate_limiter.h"
#include "app/setup_gate.h"
#include "app/sign_in_guard.h"
#include "base/limits.h"

namespace daybook::test {
namespace {

using app::RateLimiter;
using app::SignInGuard;

Uuid number(std::uint8_t last) {
    Uuid uuid;
    uuid.bytes.back() = last;
    return uuid;
}

std::string wait_of(const Status& status) {
    if (status) return "none";
    for (const auto& [name, text] : status.error().facts) {
        if (name == "retryAfterSeconds") return text;
    }
    return "unsaid";
}

TEST(RateLimiter, LetsSoManyComeAtOnceAndFillsWithTime) {
    RateLimiter rates({2, 4}, {100, 100});
    const OrgId org{number(1)};
    const Instant start{1'000'000};
    for (int i = 0; i < 4; ++i) EXPECT_TRUE(rates.take(number(5), org, 1, start));
    EXPECT_EQ(wait_of(rates.take(number(5), org, 1, start)), "1");
    EXPECT_FALSE(rates.take(number(5), org, 1, Instant{start.ms + 499}));
    EXPECT_TRUE(rates.take(number(5), org, 1, Instant{start.ms + 500}));
    EXPECT_FALSE(rates.take(number(5), org, 1, Instant{start.ms + 500}));
    // Another caller has a bucket of its own; a refusal took nothing.
    EXPECT_TRUE(rates.take(number(6), org, 4, start));
    EXPECT_TRUE(rates.take(number(5), org, 4, Instant{start.ms + 60'000}));
    EXPECT_FALSE(rates.take(number(5), org, 1, Instant{start.ms + 60'000}));
}

TEST(RateLimiter, CountsTheOrgAsAWhole) {
    RateLimiter rates({100, 100}, {1, 3});
    const OrgId org{number(1)};
    for (std::uint8_t i = 0; i < 3; ++i) EXPECT_TRUE(rates.take(number(i), org, 1, Instant{0}));
    EXPECT_FALSE(rates.take(number(9), org, 1, Instant{0}));
    EXPECT_TRUE(rates.take(number(9), OrgId{number(2)}, 1, Instant{0}));
}

TEST(RateLimiter, LetsWhatIsLargeInOnCreditOfAFullBucket) {
    RateLimiter rates({10, 20}, {10, 20});
    const OrgId org{number(1)};
    EXPECT_TRUE(rates.take(number(5), org, 120, Instant{0}));
    EXPECT_EQ(wait_of(rates.take(number(5), org, 1, Instant{0})), "11");
    EXPECT_TRUE(rates.take(number(5), org, 1, Instant{10'100}));
    EXPECT_FALSE(rates.take(number(5), org, 120, Instant{10'200}));
}

TEST(RateLimiter, IsNotFooledByAClockThatGoesBack) {
    RateLimiter rates({1, 1}, {10, 10});
    EXPECT_TRUE(rates.take(number(5), OrgId{}, 1, Instant{1'000'000}));
    EXPECT_FALSE(rates.take(number(5), OrgId{}, 1, Instant{0}));
}

TEST(SignInGuard, CountsWhatBeganAndForgivesWhatSucceeded) {
    SignInGuard guard;
    const Instant now{1'000'000};
    std::vector<SignInGuard::Slot> slots;
    for (std::size_t i = 0; i < limits::kFailedSignInsPerAccount; ++i) {
        slots.push_back(guard.begin("Ana@example.com", "192.0.2.1", now).value());
    }
    EXPECT_FALSE(guard.begin("ana@EXAMPLE.com", "192.0.2.1", now));
    EXPECT_TRUE(guard.begin("bea@example.com", "192.0.2.1", now));
    guard.forgive(slots[3]);
    EXPECT_TRUE(guard.begin("ana@example.com", "192.0.2.1", now));
    EXPECT_FALSE(guard.begin("ana@example.com", "192.0.2.1", now));
    EXPECT_TRUE(guard.begin("ana@example.com", "192.0.2.1",
                            Instant{now.ms + limits::kFailedSignInWindowMs}));
}

TEST(SignInGuard, LetsNoStrangerKeepAPersonOut) {
    SignInGuard guard;
    const Instant now{1'000'000};
    const std::size_t strangers =
        app::kFailedSignInsFromAnywhere / limits::kFailedSignInsPerAccount;
    for (std::size_t i = 0; i < strangers; ++i) {
        const std::string address = "192.0.2." + std::to_string(i);
        for (std::size_t j = 0; j < limits::kFailedSignInsPerAccount; ++j) {
            guard.forgive(guard.begin("ana@example.com", "203.0.113.1", now).value());
            EXPECT_TRUE(guard.begin("ana@example.com", address, now)) << i;
        }
        EXPECT_FALSE(guard.begin("ana@example.com", address, now)) << i;
    }
    // What all may guess together has an end.
    EXPECT_FALSE(guard.begin("ana@example.com", "203.0.113.1", now));
}

TEST(SignInGuard, CountsWhatOneHolderHasOfIpv6AsOneAddress) {
    SignInGuard guard;
    const Instant now{1'000'000};
    std::vector<std::pair<SignInGuard::Slot, app::FailedSignIn>> kept;
    for (std::size_t i = 0; i < limits::kFailedSignInsPerAccount; ++i) {
        const std::string address = "2001:db8:0:7::" + std::to_string(i + 1);
        const auto slot = guard.begin("ana@example.com", address, now).value();
        kept.emplace_back(slot, guard.failure(slot));
    }
    EXPECT_EQ(kept[0].second.address, "2001:db8:0:7::/64");
    SignInGuard later;
    later.load(kept);
    for (SignInGuard* each : {&guard, &later}) {
        EXPECT_FALSE(each->begin("ana@example.com", "2001:db8:0:7:ffff::9", now));
        EXPECT_TRUE(each->begin("ana@example.com", "2001:db8:0:8::1", now));
    }
    const auto mapped = guard.begin("bea@example.com", "::ffff:192.0.2.1", now).value();
    EXPECT_EQ(guard.failure(mapped).address, "192.0.2.1");
}

TEST(SignInGuard, RemembersAcrossStarts) {
    SignInGuard before;
    std::vector<std::pair<SignInGuard::Slot, app::FailedSignIn>> kept;
    for (std::size_t i = 0; i < limits::kFailedSignInsPerAccount; ++i) {
        const auto slot = before.begin("ana@example.com", "192.0.2.1", Instant{1'000}).value();
        kept.emplace_back(slot, before.failure(slot));
    }
    SignInGuard guard;
    guard.load(kept);
    EXPECT_FALSE(guard.begin("ana@example.com", "192.0.2.1", Instant{1'001}));
    // The next one takes no slot that is in use.
    EXPECT_EQ(guard.begin("bea@example.com", "192.0.2.1", Instant{1'001}).value(),
              static_cast<SignInGuard::Slot>(limits::kFailedSignInsPerAccount));
}

TEST(SignInGuard, KeepsNoMoreThanItsRing) {
    SignInGuard guard;
    SignInGuard::Slot last = 0;
    for (std::size_t i = 0; i <= limits::kFailedSignInsKept; ++i) {
        const std::string who = std::to_string(i);
        last = guard.begin(who, who, Instant{1'000}).value();
    }
    EXPECT_EQ(last, 0);
}

TEST(SetupGate, OpensOnceForWhoHasTheText) {
    SeededRandom random(1);
    app::SetupGate gate;
    EXPECT_FALSE(gate.take(""));
    const std::string text = gate.open(random);
    EXPECT_FALSE(gate.take(app::new_secret(random, app::kSetupPrefix)));
    const Hash taken = gate.take(text).value();
    EXPECT_FALSE(gate.take(text));
    gate.give_back(taken);
    EXPECT_TRUE(gate.take(text));
}

}  // namespace
}  // namespace daybook::test
