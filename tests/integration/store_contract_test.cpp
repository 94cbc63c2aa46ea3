// Need: a directory for files. Goal: positions, chain, order, isolation and fairness hold in every
// store, and every store keeps the same as the reference.
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <future>
#include <thread>

#include "app/event_codec.h"
#include "base/limits.h"
#include "storage/memory/store.h"
#include "support/contents.h"
#include "support/store_kinds.h"

namespace daybook::test {
namespace {

using domain::Entry;

class StoreContractLog : public StoreContract {};

// A little of everything, the same each time.
void live_a_little(TestOrg& org, ManualClock& clock) {
    const PropertyId hotel = org.add_property("Hotel");
    const PropertyId hostel = org.add_property("Hostel", "JPY");
    for (int i = 0; i < 12; ++i) {
        clock.advance_ms(250);
        domain::AddEntry add = org.expense(i % 3 == 0 ? hostel : hotel, 100 + i);
        add.content.description.value = "Item " + std::to_string(i);
        if (i % 4 == 0) add.content.external_id = "R-" + std::to_string(i);
        const Entry entry = org.add(i % 2 == 0 ? org.owner() : org.manager(), add);
        if (i % 3 == 1) {
            org.run(domain::DecideEntry{entry.id, 1, domain::Decision::reject, "No."});
        } else if (i % 5 == 2) {
            org.run(domain::DeleteEntry{entry.id, 1, "Twice."});
            org.run(domain::RestoreEntry{entry.id, 2});
        }
        if (i == 8) org.run(domain::EraseText{entry.id, 1, "Asked for."});
    }
    domain::RecordCount count;
    count.id = org.new_id<CountId>();
    count.property = hotel;
    count.date = day(kTestToday);
    count.counted_minor = 77;
    org.run(count);
    org.run(domain::PostCorrection{org.new_id<AdjustmentId>(), hostel, domain::Account::bank,
                                   day("2026-03-01"), -9, "Fee"});
    app::CreateTokenWithSecret token;
    token.token.id = org.new_id<TokenId>();
    token.token.name = "Till";
    token.token.scope = {false, {hotel}};
    org.run(token);
}

TEST_P(StoreContractLog, KeepsTheSameAsTheReference) {
    TestOrg org(store(), 1);
    live_a_little(org, clock_);

    ManualClock clock(kTestStart);
    SeededRandom random(1);
    const app::Environment environment{clock, random};
    storage::memory::MemoryStore reference(environment);
    TestOrg reference_org(reference, 1);
    live_a_little(reference_org, clock);
    EXPECT_EQ(contents_of(*org.snapshot()), contents_of(*reference_org.snapshot()));
}

TEST_P(StoreContractLog, ChainsDensePositionsInOrderOfCommit) {
    TestOrg org(store(), 1);
    TestOrg other(store(), 2);
    live_a_little(org, clock_);
    live_a_little(other, clock_);
    for (const TestOrg* each : {&org, &other}) {
        const auto snapshot = each->snapshot();
        const auto log = snapshot->log(0, 1'000).value();
        EXPECT_EQ(snapshot->head(), std::ssize(log));
        Hash hash = app::chain_start(each->id());
        for (std::size_t i = 0; i < log.size(); ++i) {
            EXPECT_EQ(log[i].position, static_cast<Position>(i) + 1);
            EXPECT_EQ(log[i].prev_hash, hash);
            EXPECT_EQ(log[i].hash, app::chain_hash(hash, log[i].bytes));
            EXPECT_TRUE(app::check_private(log[i].bytes, log[i].private_json));
            hash = log[i].hash;
        }
        EXPECT_EQ(snapshot->log(3, 4).value().size(), 4U);
        EXPECT_EQ(snapshot->log(3, 4).value().front().position, 4);
    }
}

TEST_P(StoreContractLog, KeepsTheOrderOfSubmissionWithinAnOrg) {
    TestOrg org(store(), 1);
    const PropertyId hotel = org.add_property("Hotel");
    std::vector<app::Command> commands;
    for (int i = 1; i <= 200; ++i) commands.push_back(org.command(single(org.expense(hotel, i))));
    Position last = 0;
    for (const auto& outcome : run_together(store(), std::move(commands))) {
        EXPECT_GT(outcome.value().position, last);
        last = outcome->position;
        EXPECT_EQ(outcome->items.at(0).position, outcome->position);
    }
}

TEST_P(StoreContractLog, ShowsASnapshotAsItWas) {
    TestOrg org(store(), 1);
    const PropertyId hotel = org.add_property("Hotel");
    const Entry entry = org.add(org.expense(hotel, 1));
    const auto snapshot = org.snapshot();
    const Contents before = contents_of(*snapshot);
    org.add(org.expense(hotel, 2));
    domain::UpdateEntry update{entry.id, 1, {}};
    update.patch.amount_minor = 9;
    org.run(update).value();
    const auto between = org.snapshot();
    const Contents contents_between = contents_of(*between);
    org.run(domain::DeleteEntry{entry.id, 2, {}}).value();
    org.run(domain::EraseText{entry.id, 3, "Asked for."}).value();
    EXPECT_EQ(contents_of(*snapshot), before);
    EXPECT_EQ(contents_of(*between), contents_between);
    EXPECT_EQ(before.head + 2, contents_between.head);
    EXPECT_EQ(org.snapshot()->head(), contents_between.head + 2);
}

TEST_P(StoreContractLog, TellsOfEachCommitBeforeItAnswers) {
    struct Listener final : app::CommitListener {
        void committed(const app::Changes& changes) override {
            for (const auto& event : changes.events) told.push_back(event.position);
        }
        std::vector<Position> told;
    };
    Listener listener;
    store().listen(listener);
    TestOrg org(store(), 1);
    const std::size_t at_first = listener.told.size();
    EXPECT_EQ(at_first, domain::starter_categories().size() + 1);
    const PropertyId hotel = org.add_property("Hotel");
    std::promise<std::size_t> told_when_answered;
    store().submit(org.command(single(org.expense(hotel, 1))),
                   [&](auto) { told_when_answered.set_value(listener.told.size()); });
    EXPECT_EQ(told_when_answered.get_future().get(), at_first + 2);
    org.run(single(org.expense(hotel, 0)));
    store().drain();
    EXPECT_EQ(listener.told.size(), at_first + 2);
    for (std::size_t i = 0; i < listener.told.size(); ++i) {
        EXPECT_EQ(listener.told[i], static_cast<Position>(i) + 1);
    }
}

TEST_P(StoreContractLog, LetsNobodyWaitForTheFloodOfAnother) {
    TestOrg flooding(store(), 1);
    TestOrg other(store(), 2);
    const PropertyId hotel = flooding.add_property("Hotel");
    const PropertyId hostel = other.add_property("Hostel");
    std::vector<app::Command> commands;
    for (int i = 0; i < 500; ++i) {
        commands.push_back(flooding.command(single(flooding.expense(hotel, 1))));
    }
    commands.push_back(other.command(single(other.expense(hostel, 1))));

    std::vector<OrgId> answered;
    std::promise<void> all;
    std::size_t open = commands.size();
    const auto done = [&](OrgId org, const Result<app::Outcome>& outcome) {
        EXPECT_TRUE(outcome);
        answered.push_back(org);
        if (--open == 0) all.set_value();
    };
    store().submit(flooding.command(domain::ChangeSettings{}), [&](auto) {
        for (app::Command& each : commands) {
            const OrgId org = each.principal.org;
            store().submit(std::move(each), [&, org](auto outcome) { done(org, outcome); });
        }
    });
    all.get_future().get();
    const auto found = std::ranges::find(answered, other.id());
    EXPECT_LE(found - answered.begin(), static_cast<std::ptrdiff_t>(limits::kTurnEntries));
}

TEST_P(StoreContractLog, RefusesWhatTheQueueCannotHold) {
    TestOrg org(store(), 1);
    constexpr std::size_t kOfOneOrg = limits::kQueueCommandsMax / 2;
    std::vector<std::size_t> refused(3, 0);
    std::size_t open = 2 * kOfOneOrg;
    std::promise<void> all;
    const auto flood = [&](std::size_t index, std::size_t count) {
        app::Command command = org.command(domain::ChangeSettings{});
        command.principal.org = OrgId{numbered_uuid(static_cast<std::uint8_t>(index + 1))};
        for (std::size_t i = 0; i < count; ++i) {
            store().submit(command, [&, index](auto outcome) {
                if (refusal(outcome) == ErrorCode::queue_full) {
                    ++refused[index];
                } else if (--open == 0) {
                    all.set_value();
                }
            });
        }
    };
    store().submit(org.command(domain::ChangeSettings{}), [&](auto) {
        flood(0, kOfOneOrg + 5);
        flood(1, kOfOneOrg);
        flood(2, 3);
    });
    all.get_future().get();
    store().drain();
    EXPECT_EQ(refused, (std::vector<std::size_t>{5, 0, 3}));
    EXPECT_EQ(store().health().queued_commands, 0);
}

TEST_P(StoreContractLog, KeepsEveryAcknowledgedCommandOfManyThreadsOnce) {
    constexpr int kThreads = 8;
    constexpr int kEach = 40;
    TestOrg org(store(), 1);
    const PropertyId hotel = org.add_property("Hotel");
    std::vector<std::vector<domain::AddEntry>> entries(kThreads);
    for (auto& of_thread : entries) {
        for (int i = 0; i < kEach; ++i) of_thread.push_back(org.expense(hotel, 1));
    }
    std::vector<std::promise<void>> finished(kThreads);
    std::vector<std::thread> threads;
    for (const auto& of_thread : entries) {
        threads.emplace_back([&] {
            for (const domain::AddEntry& each : of_thread) {
                EXPECT_TRUE(run(store(), org.command(single(each))));
                EXPECT_TRUE(org.snapshot()->entry(each.id).value().has_value());
            }
        });
    }
    for (std::thread& thread : threads) thread.join();
    const Contents contents = contents_of(*org.snapshot());
    std::vector<EntryId> expected;
    std::vector<EntryId> found;
    for (const auto& of_thread : entries) {
        for (const domain::AddEntry& each : of_thread) expected.push_back(each.id);
    }
    for (const Entry& entry : contents.entries) found.push_back(entry.id);
    std::ranges::sort(expected);
    std::ranges::sort(found);
    EXPECT_EQ(found, expected);
    EXPECT_EQ(contents.head, std::ssize(contents.log));
}

// Where other nodes write too, this one hears of it as they do.
TEST_P(StoreContractLog, TellsAllNodesToDropWhatTheyHaveCached) {
    class Listener final : public app::CommitListener {
     public:
        void committed(const app::Changes& changes) override {
            if (!changes.cleared_caches.empty()) cleared.set_value(changes.cleared_caches);
        }
        std::promise<std::vector<OrgId>> cleared;
    };
    Listener listener;
    store().listen(listener);
    store().follow();
    const TestOrg org(store(), 1);
    auto cleared = listener.cleared.get_future();
    EXPECT_TRUE(store().clear_caches(org.id()));
    const bool is_shared = GetParam().name == "postgres";
    const auto heard = cleared.wait_for(std::chrono::seconds(is_shared ? 5 : 0));
    EXPECT_EQ(heard == std::future_status::ready, is_shared);
    if (is_shared) EXPECT_EQ(cleared.get(), std::vector<OrgId>{org.id()});
    store().drain();
}

TEST_P(StoreContractLog, DrainsWhatWasSubmittedAndRefusesTheRest) {
    TestOrg org(store(), 1);
    const PropertyId hotel = org.add_property("Hotel");
    std::atomic<int> answered = 0;
    for (int i = 0; i < 100; ++i) {
        store().submit(org.command(single(org.expense(hotel, 1))), [&](auto outcome) {
            if (outcome) ++answered;
        });
    }
    EXPECT_TRUE(store().health().accepts_writes);
    store().drain();
    EXPECT_EQ(answered, 100);
    EXPECT_FALSE(store().health().accepts_writes);
    EXPECT_EQ(refusal(org.run(single(org.expense(hotel, 1)))), ErrorCode::draining);
    EXPECT_EQ(org.snapshot()->head(), std::ssize(org.snapshot()->log(0, 1'000).value()));
}

DAYBOOK_TEST_ALL_STORES(StoreContractLog);

}  // namespace
}  // namespace daybook::test
