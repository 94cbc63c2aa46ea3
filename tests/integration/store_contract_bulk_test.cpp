// Need: a directory for files. Goal: bulks are all or nothing or item by item, as asked; repeated
// requests do nothing twice; external ids and numbers are unique.
#include <gtest/gtest.h>

#include "base/limits.h"
#include "support/contents.h"
#include "support/store_kinds.h"

namespace daybook::test {
namespace {

using app::BatchMode;
using domain::Entry;

class StoreContractBulk : public StoreContract {
 protected:
    app::AddEntries expenses(BatchMode mode, const std::vector<std::int64_t>& amounts) {
        app::AddEntries add;
        add.mode = mode;
        for (const std::int64_t minor : amounts) add.entries.push_back(org_.expense(hotel_, minor));
        return add;
    }
    app::Command keyed(app::CommandBody body, std::string_view key, std::string_view request) {
        return keyed(org_.owner(), std::move(body), key, request);
    }
    app::Command keyed(domain::Principal by, app::CommandBody body, std::string_view key,
                       std::string_view request) {
        app::Command command = org_.command(std::move(by), std::move(body));
        command.idempotency =
            app::Idempotency{app::idempotency_key(command.principal, key),
                             app::idempotency_request("POST /v1/finance/expenses", request)};
        return command;
    }
    Position head() { return org_.snapshot()->head().value(); }

    TestOrg org_{store(), 1};
    PropertyId hotel_ = org_.add_property("Hotel");
};

void expect_same_items(const app::Outcome& one, const app::Outcome& other) {
    ASSERT_EQ(one.items.size(), other.items.size());
    for (std::size_t i = 0; i < one.items.size(); ++i) {
        EXPECT_EQ(one.items[i].position, other.items[i].position);
        ASSERT_EQ(one.items[i].result.has_value(), other.items[i].result.has_value());
        if (one.items[i].result) {
            EXPECT_EQ(*one.items[i].result, *other.items[i].result);
        } else {
            EXPECT_EQ(one.items[i].result.error().code, other.items[i].result.error().code);
        }
    }
}

TEST_P(StoreContractBulk, AddsAllOrNothing) {
    const Contents before = contents_of(*org_.snapshot());
    const auto refused = org_.run(expenses(BatchMode::atomic, {1, 2, -3, 4}));
    EXPECT_EQ(refusal(refused), ErrorCode::amount_out_of_range);
    EXPECT_EQ(refused.error().fields.at(0).pointer, "/entries/2/amountMinor");
    EXPECT_EQ(contents_of(*org_.snapshot()), before);

    const auto added = org_.run(expenses(BatchMode::atomic, {1, 2, 3, 4})).value();
    ASSERT_EQ(added.items.size(), 4U);
    for (std::size_t i = 0; i < 4; ++i) {
        EXPECT_EQ(std::get<Entry>(*added.items[i].result).number, static_cast<int>(i) + 1);
    }
    EXPECT_EQ(added.position, before.head + 4);
}

TEST_P(StoreContractBulk, AddsALargeBulk) {
    std::vector<std::int64_t> amounts(limits::kBulkEntriesMax, 5);
    const auto added = org_.run(expenses(BatchMode::atomic, amounts)).value();
    EXPECT_EQ(added.items.size(), amounts.size());
    const auto rows = org_.snapshot()->account_rows(hotel_, {2'026, 2'026}).value();
    std::int64_t out = 0;
    for (const auto& row : rows) out += row.totals.out;
    EXPECT_EQ(out, 5'000);
}

TEST_P(StoreContractBulk, AddsItemByItem) {
    const auto outcome = org_.run(expenses(BatchMode::per_item, {1, -2, 3})).value();
    ASSERT_EQ(outcome.items.size(), 3U);
    EXPECT_EQ(std::get<Entry>(*outcome.items[0].result).number, 1);
    EXPECT_EQ(outcome.items[1].result.error().code, ErrorCode::amount_out_of_range);
    EXPECT_FALSE(outcome.items[1].position);
    EXPECT_EQ(std::get<Entry>(*outcome.items[2].result).number, 2);
}

// The turnover of a property has a limit; what goes beyond it must not leave half of its sums.
TEST_P(StoreContractBulk, LeavesNothingOfAnItemThatWouldNotFit) {
    std::int64_t left = limits::kTurnoverMinorMax;
    for (const domain::Account account : domain::kAccounts) {
        org_.run(
                domain::DeclareOpening{hotel_, account, day(kBooksStart), limits::kBalanceMinorMax})
            .value();
        left -= limits::kBalanceMinorMax;
    }
    std::vector<std::int64_t> amounts;
    while (left > limits::kAmountMinorMax) {
        amounts.push_back(limits::kAmountMinorMax);
        left -= limits::kAmountMinorMax;
        if (amounts.size() < limits::kBulkEntriesMax) continue;
        org_.run(expenses(BatchMode::atomic, amounts)).value();
        amounts.clear();
    }
    org_.run(expenses(BatchMode::atomic, amounts)).value();
    const Contents before = contents_of(*org_.snapshot());
    const auto outcome = org_.run(expenses(BatchMode::per_item, {left + 1})).value();
    EXPECT_EQ(outcome.items.at(0).result.error().code, ErrorCode::total_too_large);
    EXPECT_EQ(contents_of(*org_.snapshot()), before);
    EXPECT_TRUE(org_.run(expenses(BatchMode::atomic, {left})));
}

TEST_P(StoreContractBulk, PassesOverWhatExists) {
    auto add = expenses(BatchMode::skip_existing, {1, 2});
    add.entries[0].content.external_id = "R-1";
    add.entries[1].content.external_id = "R-2";
    org_.run(add).value();
    auto more = expenses(BatchMode::skip_existing, {8, 9});
    more.entries[0].content.external_id = "R-2";
    more.entries[1].content.external_id = "R-3";
    const Position before = head();
    const auto outcome = org_.run(more).value();
    EXPECT_EQ(std::get<Entry>(*outcome.items[0].result).id, add.entries[1].id);
    EXPECT_FALSE(outcome.items[0].position);
    EXPECT_EQ(std::get<Entry>(*outcome.items[1].result).id, more.entries[1].id);
    EXPECT_EQ(head(), before + 1);
    EXPECT_TRUE(org_.run(more));
    EXPECT_EQ(head(), before + 1);
}

TEST_P(StoreContractBulk, KeepsExternalIdsUniquePerPropertyAndKindForEver) {
    domain::AddEntry add = org_.expense(hotel_, 1);
    add.content.external_id = "R-1";
    const Entry first = org_.add(add);
    org_.run(domain::DeleteEntry{first.id, 1, {}}).value();
    const auto again = [&](domain::AddEntry entry) {
        entry.id = org_.new_id<EntryId>();
        entry.content.external_id = "R-1";
        return org_.run(single(entry));
    };
    const auto refused = again(add);
    ASSERT_EQ(refusal(refused), ErrorCode::duplicate);
    EXPECT_EQ(refused.error().facts.at(0).second, first.id.to_string());
    EXPECT_TRUE(again(org_.revenue(hotel_, 1)));
    EXPECT_TRUE(again(org_.expense(org_.add_property("Hostel"), 1)));

    std::vector<app::Command> commands;
    for (int i = 0; i < 2; ++i) {
        domain::AddEntry entry = org_.expense(hotel_, 1);
        entry.content.external_id = "R-2";
        commands.push_back(org_.command(single(entry)));
    }
    const auto outcomes = run_together(store(), std::move(commands));
    EXPECT_TRUE(outcomes[0]);
    EXPECT_EQ(refusal(outcomes[1]), ErrorCode::duplicate);
}

TEST_P(StoreContractBulk, NumbersEntriesWithoutGapsPerProperty) {
    const PropertyId hostel = org_.add_property("Hostel");
    std::vector<app::Command> commands;
    for (int i = 0; i < 30; ++i) {
        domain::AddEntry add = i % 2 == 0 ? org_.expense(hotel_, i + 1) : org_.revenue(hostel, 1);
        if (i % 5 == 0) add.content.amount.minor = 0;
        commands.push_back(org_.command(single(add)));
    }
    run_together(store(), std::move(commands));
    for (const PropertyId property : {hotel_, hostel}) {
        std::vector<std::int64_t> numbers;
        const auto snapshot = org_.snapshot();
        for (const Entry& entry :
             snapshot->entries_of_day(property, day(kTestToday), 500).value()) {
            numbers.push_back(entry.number);
        }
        ASSERT_EQ(numbers.size(), 12U);
        for (std::size_t i = 0; i < numbers.size(); ++i) {
            EXPECT_EQ(numbers[i], static_cast<std::int64_t>(i) + 1);
        }
    }
}

TEST_P(StoreContractBulk, AnswersARepeatedRequestAsItDidAtFirst) {
    const auto add = expenses(BatchMode::per_item, {10, -1, 30});
    const app::Outcome first = run(store(), keyed(add, "key-1", "body")).value();
    EXPECT_FALSE(first.replayed);
    const Entry entry = std::get<Entry>(*first.items[0].result);
    domain::UpdateEntry update{entry.id, 1, {}};
    update.patch.amount_minor = 99;
    org_.run(update).value();

    const Position before = head();
    const app::Outcome again = run(store(), keyed(add, "key-1", "body")).value();
    EXPECT_TRUE(again.replayed);
    EXPECT_EQ(again.position, first.position);
    expect_same_items(first, again);
    EXPECT_EQ(head(), before);
}

TEST_P(StoreContractBulk, AnswersARepeatedImport) {
    domain::AddEntry there_already = org_.expense(hotel_, 5);
    there_already.content.external_id = "R-1";
    org_.add(there_already);
    auto add = expenses(BatchMode::skip_existing, {5, 6});
    add.entries[0].content.external_id = "R-1";
    add.entries[1].content.external_id = "R-2";
    const app::Outcome first = run(store(), keyed(add, "key-1", "body")).value();
    const app::Outcome again = run(store(), keyed(add, "key-1", "body")).value();
    EXPECT_TRUE(again.replayed);
    expect_same_items(first, again);
}

TEST_P(StoreContractBulk, RefusesAnotherRequestUnderTheSameKey) {
    run(store(), keyed(expenses(BatchMode::atomic, {1}), "key-1", "one")).value();
    const Position before = head();
    const auto other = run(store(), keyed(expenses(BatchMode::atomic, {2}), "key-1", "two"));
    EXPECT_EQ(refusal(other), ErrorCode::idempotency_mismatch);
    EXPECT_EQ(head(), before);
}

TEST_P(StoreContractBulk, KeepsKeysPerPrincipal) {
    domain::Principal somebody_else = org_.owner();
    somebody_else.user = org_.new_id<UserId>();
    run(store(), keyed(expenses(BatchMode::atomic, {1}), "key-1", "one")).value();
    const auto other =
        run(store(), keyed(somebody_else, expenses(BatchMode::atomic, {2}), "key-1", "two"));
    EXPECT_FALSE(other.value().replayed);
}

TEST_P(StoreContractBulk, RemembersOnlyWhatWasDone) {
    const auto refused = run(store(), keyed(expenses(BatchMode::atomic, {0}), "key-1", "one"));
    EXPECT_EQ(refusal(refused), ErrorCode::amount_out_of_range);
    const auto done = run(store(), keyed(expenses(BatchMode::atomic, {1}), "key-1", "two"));
    EXPECT_FALSE(done.value().replayed);
}

TEST_P(StoreContractBulk, SeesARepetitionWithinABatch) {
    const auto add = expenses(BatchMode::atomic, {1});
    std::vector<app::Command> commands;
    commands.push_back(keyed(add, "key-1", "body"));
    commands.push_back(keyed(add, "key-1", "body"));
    const auto outcomes = run_together(store(), std::move(commands));
    EXPECT_FALSE(outcomes[0].value().replayed);
    EXPECT_TRUE(outcomes[1].value().replayed);
    expect_same_items(*outcomes[0], *outcomes[1]);
}

TEST_P(StoreContractBulk, ForgetsKeysAfter72Hours) {
    run(store(), keyed(expenses(BatchMode::atomic, {1}), "key-1", "body")).value();
    clock_.advance_ms(limits::kIdempotencyKeptMs);
    const auto kept = run(store(), keyed(expenses(BatchMode::atomic, {1}), "key-1", "body"));
    EXPECT_TRUE(kept.value().replayed);
    clock_.advance_ms(1);
    const auto anew = run(store(), keyed(expenses(BatchMode::atomic, {1}), "key-1", "body"));
    EXPECT_FALSE(anew.value().replayed);
    // And remembers the new one.
    clock_.advance_ms(1);
    const auto again = run(store(), keyed(expenses(BatchMode::atomic, {1}), "key-1", "body"));
    EXPECT_TRUE(again.value().replayed);
    expect_same_items(*anew, *again);
}

TEST_P(StoreContractBulk, NeverShowsASecretTwice) {
    app::CreateTokenWithSecret create;
    create.token.id = org_.new_id<TokenId>();
    create.token.name = "Till";
    run(store(), keyed(create, "key-1", "body")).value();
    const auto again = run(store(), keyed(create, "key-1", "body"));
    EXPECT_EQ(refusal(again), ErrorCode::already_created);
    EXPECT_EQ(store().credentials().value().size(), 1U);
}

DAYBOOK_TEST_ALL_STORES(StoreContractBulk);

}  // namespace
}  // namespace daybook::test
