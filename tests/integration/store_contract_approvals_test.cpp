// Need: a directory for files. Goal: in every store, what needs a second person does not count
// until that person agrees: entries under four eyes, and changes of what is approved.
#include <gtest/gtest.h>

#include <algorithm>

#include "base/limits.h"
#include "support/contents.h"
#include "support/store_kinds.h"

namespace daybook::test {
namespace {

using domain::ChangeDecision;
using domain::ChangeRequest;
using domain::Decision;
using domain::Entry;
using domain::EntryStatus;

class StoreContractApprovals : public StoreContract {
 protected:
    Result<app::Outcome> set_policy(std::optional<std::int64_t> above) {
        domain::ChangeSettings settings;
        settings.four_eyes_above_minor.emplace(above);
        return org_.run(settings);
    }
    Entry approved_entry(std::int64_t minor) {
        const Entry entry = org_.add(first_, org_.expense(hotel_, minor));
        if (entry.status == EntryStatus::approved) return entry;
        const domain::DecideEntry approve{entry.id, 1, Decision::approve, {}};
        return only<Entry>(org_.run(second_, approve));
    }
    [[nodiscard]] domain::UpdateEntry edit(EntryId id, std::int64_t minor) const {
        domain::UpdateEntry update{id, org_.entry(id).version, {}, "A reason."};
        update.patch.amount_minor = minor;
        return update;
    }
    [[nodiscard]] domain::DecideChange end(EntryId id, ChangeDecision decision) const {
        return {id, org_.entry(id).version, decision, "A reason."};
    }
    [[nodiscard]] std::int64_t spent(PropertyId property) const {
        std::int64_t sum = 0;
        for (const auto& row : org_.snapshot()->account_rows(property, {2'026, 2'026}).value()) {
            sum += row.totals.out;
        }
        return sum;
    }
    [[nodiscard]] std::vector<ChangeRequest> waiting(PropertyId property) const {
        app::ChangeFilter filter;
        filter.properties = {property};
        return org_.snapshot()->change_requests(filter).value();
    }

    TestOrg org_{store(), 1};
    PropertyId hotel_ = org_.add_property("Hotel");
    PropertyId hostel_ = org_.add_property("Hostel");
    domain::Principal first_ = org_.join(domain::Role::owner);
    domain::Principal second_ = org_.join(domain::Role::admin, {false, {hotel_}});
};

TEST_P(StoreContractApprovals, FourEyesNeedTwoWhoCouldApproveEverywhere) {
    // The second may not approve in the hostel.
    EXPECT_EQ(refusal(set_policy(0)), ErrorCode::too_few_approvers);
    org_.join(domain::Role::admin, {false, {hostel_}});
    const Position before = org_.snapshot()->head().value();
    ASSERT_TRUE(set_policy(500));
    EXPECT_EQ(org_.snapshot()->org().value().approvals, domain::ApprovalPolicy{500});
    EXPECT_EQ(org_.snapshot()->head().value(), before + 1);
    EXPECT_TRUE(set_policy(std::nullopt));
}

TEST_P(StoreContractApprovals, AnEntryCountsWhenAnotherApprovesIt) {
    org_.join(domain::Role::owner);
    set_policy(100).value();
    EXPECT_EQ(org_.add(first_, org_.expense(hotel_, 100)).status, EntryStatus::approved);
    const Entry large = org_.add(first_, org_.expense(hotel_, 101));
    EXPECT_EQ(large.status, EntryStatus::pending);
    EXPECT_EQ(spent(hotel_), 100);
    const domain::DecideEntry approve{large.id, 1, Decision::approve, {}};
    EXPECT_EQ(refusal(org_.run(first_, approve)), ErrorCode::four_eyes);
    EXPECT_EQ(org_.entry(large.id), large);
    EXPECT_EQ(only<Entry>(org_.run(second_, approve)).decided_by, second_.user);
    EXPECT_EQ(spent(hotel_), 201);
}

TEST_P(StoreContractApprovals, TheApprovedVersionCountsUntilTheChangeIsMade) {
    const Entry entry = approved_entry(700);
    const auto asked = only<ChangeRequest>(org_.run(org_.manager(), edit(entry.id, 900)));
    EXPECT_EQ(asked.content.amount.minor, 900);
    EXPECT_EQ(asked.version, 2);
    EXPECT_EQ(org_.snapshot()->change_request(entry.id).value(), asked);
    EXPECT_EQ(waiting(hotel_), std::vector{asked});
    EXPECT_EQ(org_.snapshot()->count_change_requests(hotel_), 1);
    EXPECT_EQ(org_.snapshot()->count_change_requests(hostel_), 0);
    EXPECT_TRUE(waiting(hostel_).empty());
    EXPECT_EQ(spent(hotel_), 700);
    EXPECT_EQ(refusal(org_.run(first_, edit(entry.id, 1))), ErrorCode::change_open);

    const auto done = only<Entry>(org_.run(first_, end(entry.id, ChangeDecision::approve)));
    EXPECT_EQ(done.content.amount.minor, 900);
    EXPECT_EQ(spent(hotel_), 900);
    EXPECT_TRUE(waiting(hotel_).empty());
    EXPECT_EQ(org_.snapshot()->change_request(entry.id).value(), std::nullopt);
    EXPECT_EQ(refusal(org_.run(first_, end(entry.id, ChangeDecision::approve))),
              ErrorCode::invalid_transition);
}

TEST_P(StoreContractApprovals, ARequestMayBeMadeDroppedAndMadeAgainInOneBatch) {
    const Entry entry = approved_entry(700);
    domain::UpdateEntry update = edit(entry.id, 900);
    domain::DecideChange reject = end(entry.id, ChangeDecision::reject);
    reject.version = 2;
    domain::UpdateEntry again = update;
    again.version = 3;
    again.patch.amount_minor = 901;
    run_together(store(), {org_.command(org_.manager(), update), org_.command(first_, reject),
                           org_.command(org_.manager(), again)});
    ASSERT_EQ(waiting(hotel_).size(), 1U);
    EXPECT_EQ(waiting(hotel_)[0].content.amount.minor, 901);
    EXPECT_EQ(org_.entry(entry.id).version, 4);
}

TEST_P(StoreContractApprovals, ListsRequestsFromTheOldestOn) {
    std::vector<EntryId> asked;
    for (int i = 0; i < 4; ++i) {
        const Entry entry = approved_entry(100 + i);
        clock_.advance_ms(1'000);
        org_.run(org_.manager(), edit(entry.id, 50)).value();
        asked.push_back(entry.id);
    }
    app::ChangeFilter filter;
    filter.properties = {hostel_, hotel_};
    filter.limit = 2;
    std::vector<EntryId> read;
    for (int page = 0; page < 3; ++page) {
        for (const ChangeRequest& each : org_.snapshot()->change_requests(filter).value()) {
            read.push_back(each.entry);
            filter.after = app::EntryCursor{each.at.ms, each.entry};
        }
    }
    EXPECT_EQ(read, asked);
}

// Nothing is there before one person approves it here and there, and then nothing is here.
TEST_P(StoreContractApprovals, AMoveThatIsAskedForIsDoneWholeOrNotAtAll) {
    const Entry entry = approved_entry(700);
    const domain::MoveEntry move{entry.id, 1, hostel_, org_.new_id<EntryId>(), "Wrong house."};
    const auto outcome = org_.run(org_.manager(), move).value();
    ASSERT_EQ(outcome.items.size(), 1U);
    const auto asked = std::get<ChangeRequest>(outcome.items.at(0).result.value());
    EXPECT_EQ(asked.change, domain::ChangeKind::move);
    EXPECT_EQ(asked.to_property, hostel_);
    EXPECT_EQ(waiting(hotel_), std::vector{asked});
    EXPECT_EQ(org_.snapshot()->entry(move.new_id).value(), std::nullopt);
    EXPECT_EQ(spent(hotel_), 700);
    EXPECT_EQ(spent(hostel_), 0);
    // The second approves in the hotel alone.
    domain::DecideChange approve = end(entry.id, ChangeDecision::approve);
    approve.new_id = move.new_id;
    EXPECT_EQ(refusal(org_.run(second_, approve)), ErrorCode::forbidden);
    EXPECT_EQ(only<Entry>(org_.run(first_, approve)).status, EntryStatus::deleted);
    EXPECT_EQ(spent(hotel_), 0);
    EXPECT_EQ(spent(hostel_), 700);
    const Entry there = org_.entry(move.new_id);
    EXPECT_EQ(there.property, hostel_);
    EXPECT_EQ(there.status, EntryStatus::approved);
    EXPECT_EQ(there.created_by, org_.manager().user);
    EXPECT_TRUE(there.is_by(first_.user));
    EXPECT_TRUE(waiting(hotel_).empty() && waiting(hostel_).empty());
}

// Each kind of change that is asked for, and each way in which it ends.
TEST_P(StoreContractApprovals, EveryRequestHasEachOfItsExits) {
    const auto ask = [&](int kind, const Entry& entry) -> app::CommandBody {
        const EntryId id = entry.id;
        switch (kind) {
            case 0: return edit(id, entry.content.amount.minor + 1);
            case 1: return domain::DeleteEntry{id, 1, "Twice."};
            case 2: return domain::DecideEntry{id, 1, Decision::send_back, "No bill."};
            default: return domain::MoveEntry{id, 1, hostel_, org_.new_id<EntryId>(), "Not here."};
        }
    };
    using enum domain::ChangeKind;
    for (const auto& [kind, change, after] : {std::tuple{0, update, EntryStatus::approved},
                                              {1, remove, EntryStatus::deleted},
                                              {2, send_back, EntryStatus::pending},
                                              {3, move, EntryStatus::deleted}}) {
        for (const ChangeDecision decision :
             {ChangeDecision::approve, ChangeDecision::reject, ChangeDecision::withdraw}) {
            const Entry entry = approved_entry(100);
            const auto asked = only<ChangeRequest>(org_.run(org_.manager(), ask(kind, entry)));
            EXPECT_EQ(asked.change, change);
            const bool withdraws = decision == ChangeDecision::withdraw;
            domain::DecideChange done = end(entry.id, decision);
            done.new_id = org_.new_id<EntryId>();
            const Entry left = only<Entry>(org_.run(withdraws ? org_.manager() : first_, done));
            EXPECT_FALSE(left.change_requested);
            EXPECT_EQ(left.status,
                      decision == ChangeDecision::approve ? after : EntryStatus::approved);
            EXPECT_TRUE(waiting(hotel_).empty());
        }
    }
}

TEST_P(StoreContractApprovals, AMoveThatIsDroppedLeavesBothPropertiesAsTheyWere) {
    for (const ChangeDecision decision : {ChangeDecision::withdraw, ChangeDecision::reject}) {
        const Entry entry = approved_entry(700);
        const std::int64_t before = spent(hotel_);
        const domain::MoveEntry move{entry.id, 1, hostel_, org_.new_id<EntryId>(), "Wrong house."};
        org_.run(org_.manager(), move).value();
        const auto by = decision == ChangeDecision::reject ? second_ : org_.manager();
        EXPECT_EQ(only<Entry>(org_.run(by, end(entry.id, decision))).status, EntryStatus::approved);
        EXPECT_EQ(spent(hotel_), before);
        EXPECT_EQ(spent(hostel_), 0);
        EXPECT_EQ(org_.snapshot()->entry(move.new_id).value(), std::nullopt);
    }
}

// What could not be added there is refused at once; what cannot any more leaves all where it was.
TEST_P(StoreContractApprovals, AMoveIsCheckedWhereItGoes) {
    domain::AddEntry add = org_.expense(hotel_, 700);
    add.content.external_id = "bill-1";
    const Entry entry = org_.add(first_, add);
    add = org_.revenue(hostel_, 5);
    org_.add(add);
    add = org_.expense(hostel_, 5);
    add.content.external_id = "bill-1";
    const Entry taken = org_.add(first_, add);
    const domain::MoveEntry move{entry.id, 1, hostel_, org_.new_id<EntryId>(), "Wrong house."};
    EXPECT_EQ(refusal(org_.run(org_.manager(), move)), ErrorCode::duplicate);
    EXPECT_TRUE(waiting(hotel_).empty());

    const Entry other = approved_entry(50);
    const domain::MoveEntry later{other.id, 1, hostel_, org_.new_id<EntryId>(), "Wrong house."};
    org_.run(org_.manager(), later).value();
    domain::CloseDay close;
    close.property = hostel_;
    close.date = day(kTestToday);
    close.counted_minor = 0;
    close.count_id = org_.new_id<CountId>();
    close.seal_before = true;
    org_.run(close).value();
    app::DecideMany many;
    many.decisions.emplace_back(end(other.id, ChangeDecision::approve));
    const auto outcome = org_.run(first_, many).value();
    EXPECT_EQ(outcome.items.at(0).result.error().code, ErrorCode::day_closed);
    EXPECT_EQ(org_.entry(other.id).status, EntryStatus::approved);
    EXPECT_EQ(waiting(hotel_).size(), 1U);
    EXPECT_TRUE(org_.run(first_, end(other.id, ChangeDecision::reject)));
    EXPECT_EQ(taken.status, EntryStatus::approved);
}

TEST_P(StoreContractApprovals, AClosedDayKeepsWhatItHasAndLetsRequestsBeDropped) {
    const Entry entry = approved_entry(700);
    org_.add(org_.revenue(hotel_, 10'000));
    org_.run(org_.manager(), edit(entry.id, 900)).value();
    domain::CloseDay close;
    close.property = hotel_;
    close.date = day(kTestToday);
    close.counted_minor = 9'300;
    close.count_id = org_.new_id<CountId>();
    close.seal_before = true;
    org_.run(close).value();
    EXPECT_EQ(refusal(org_.run(first_, end(entry.id, ChangeDecision::approve))),
              ErrorCode::day_closed);
    EXPECT_EQ(spent(hotel_), 700);
    EXPECT_TRUE(org_.run(first_, end(entry.id, ChangeDecision::reject)));
    EXPECT_TRUE(waiting(hotel_).empty());
}

TEST_P(StoreContractApprovals, DecidesAllKindsOfThingsAtOnce) {
    const Entry pending = org_.add(org_.manager(), org_.expense(hotel_, 1));
    const Entry entry = approved_entry(700);
    org_.run(org_.manager(), edit(entry.id, 900)).value();
    app::DecideMany many;
    many.decisions = {domain::DecideEntry{pending.id, 1, Decision::approve, {}},
                      end(entry.id, ChangeDecision::approve),
                      domain::AcknowledgeVariance{hotel_, day(kTestToday), {}, 1}};
    const auto items = org_.run(first_, many).value().items;
    EXPECT_EQ(std::get<Entry>(items.at(0).result.value()).status, EntryStatus::approved);
    EXPECT_EQ(std::get<Entry>(items.at(1).result.value()).content.amount.minor, 900);
    EXPECT_EQ(items.at(2).result.error().code, ErrorCode::invalid_transition);
    EXPECT_EQ(*items.at(1).position, *items.at(0).position + 1);
}

// In a bulk, what is refused must leave the request where it was.
TEST_P(StoreContractApprovals, AChangeThatWouldNotFitGoesOnWaiting) {
    const Entry entry = approved_entry(700);
    const auto asked = only<ChangeRequest>(org_.run(org_.manager(), edit(entry.id, 900)));
    const Entry other = org_.add(org_.manager(), org_.expense(hotel_, 50));
    std::int64_t left = limits::kTurnoverMinorMax - 700 - 50;
    for (const domain::Account account : domain::kAccounts) {
        org_.run(
                domain::DeclareOpening{hotel_, account, day(kBooksStart), limits::kBalanceMinorMax})
            .value();
        left -= limits::kBalanceMinorMax;
    }
    while (left > 0) {
        app::AddEntries fill;
        fill.mode = app::BatchMode::atomic;
        while (left > 0 && fill.entries.size() < limits::kBulkEntriesMax) {
            const std::int64_t minor = std::min(left, limits::kAmountMinorMax);
            fill.entries.push_back(org_.expense(hotel_, minor));
            left -= minor;
        }
        org_.run(std::move(fill)).value();
    }
    app::DecideMany approve;
    approve.decisions.emplace_back(end(entry.id, ChangeDecision::approve));
    approve.decisions.emplace_back(domain::DecideEntry{other.id, 1, Decision::approve, {}});
    const auto outcome = org_.run(second_, std::move(approve)).value();
    EXPECT_EQ(outcome.items.at(0).result.error().code, ErrorCode::total_too_large);
    EXPECT_TRUE(outcome.items.at(1).result);
    EXPECT_EQ(org_.snapshot()->change_request(entry.id).value(), asked);
    EXPECT_TRUE(org_.run(second_, end(entry.id, ChangeDecision::reject)));
}

TEST_P(StoreContractApprovals, AnswersARepeatedRequestAsItDidAtFirst) {
    const Entry entry = approved_entry(700);
    app::Command ask = org_.command(org_.manager(), edit(entry.id, 900));
    ask.idempotency = {app::idempotency_key(ask.principal, "k"),
                       app::idempotency_request("PATCH", "{}")};
    const auto first = only<ChangeRequest>(run(store(), ask));
    org_.run(first_, end(entry.id, ChangeDecision::reject)).value();
    const auto again = run(store(), ask);
    EXPECT_TRUE(again->replayed);
    EXPECT_EQ(only<ChangeRequest>(again), first);
}

DAYBOOK_TEST_ALL_STORES(StoreContractApprovals);

}  // namespace
}  // namespace daybook::test
