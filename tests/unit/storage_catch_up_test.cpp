// Need: nothing. Goal: what other nodes commit is found, and told once, in order and completely,
// whatever hints come, and where that cannot be it is said to be left out.
#include <gtest/gtest.h>

#include <chrono>
#include <future>
#include <map>
#include <set>

#include "storage/catch_up.h"
#include "storage/head_sweep.h"
#include "support/sample_books.h"

namespace daybook::storage {
namespace {

using app::Changes;
using app::EventRow;
using domain::EntityType;
using domain::EventType;

const OrgId kOrg{test::numbered_uuid(1)};
const OrgId kOther{test::numbered_uuid(2)};

Hash hash_at(Position position, std::uint8_t log = 0) {
    Hash hash{};
    hash[0] = static_cast<std::uint8_t>(position);
    hash[1] = static_cast<std::uint8_t>(position >> 8);
    hash[2] = log;
    return hash;
}

EventRow event_at(OrgId org, Position position, EventType type = EventType::expense_added,
                  EntityType entity = EntityType::entry) {
    EventRow event;
    event.org = org;
    event.position = position;
    event.type = type;
    event.entity.type = entity;
    event.stored.position = position;
    event.stored.prev_hash = hash_at(position - 1);
    event.stored.hash = hash_at(position);
    return event;
}

// The database, with what the test puts there.
class Logs final : public PeerLog {
 public:
    void add(OrgId org, Position count) {
        for (Position i = 0; i < count; ++i) {
            events[org].push_back(event_at(org, std::ssize(events[org]) + 1));
        }
    }
    void add(OrgId org, EventType type, EntityType entity) {
        events[org].push_back(event_at(org, std::ssize(events[org]) + 1, type, entity));
    }
    [[nodiscard]] app::Head head(OrgId org) const {
        const auto& log = events.at(org);
        return {log.back().position, log.back().stored.hash};
    }

    Result<Heads> heads() override {
        if (fails) return fail(ErrorCode::busy, "away");
        Heads heads;
        for (const auto& [org, log] : events) heads.emplace_back(org, head(org));
        return heads;
    }
    Result<std::vector<EventRow>> events_after(const std::vector<After>& asked,
                                               std::size_t limit) override {
        if (fails) return fail(ErrorCode::busy, "away");
        std::vector<EventRow> found;
        for (const After& each : asked) {
            if (damaged.contains(each.org)) return fail(ErrorCode::corrupt, "damaged");
            std::size_t count = 0;
            for (const EventRow& event : events[each.org]) {
                if (event.position <= each.position || count++ >= limit) continue;
                found.push_back(event);
            }
        }
        return found;
    }
    Result<CacheClears> cache_clears() override {
        if (fails) return fail(ErrorCode::busy, "away");
        return CacheClears(clears.begin(), clears.end());
    }
    Result<Changes> kept_of(OrgId org) {
        if (fails) return fail(ErrorCode::busy, "away");
        if (damaged.contains(org)) return fail(ErrorCode::corrupt, "damaged");
        if (!events.contains(org)) return fail(ErrorCode::not_found, "gone");
        Changes kept;
        kept.heads[org] = head(org);
        kept.orgs[org].id = org;
        return kept;
    }

    std::map<OrgId, std::vector<EventRow>> events;
    std::map<OrgId, std::int64_t> clears;
    std::set<OrgId> damaged;
    bool fails = false;
};

class StorageCatchUp : public testing::Test {
 protected:
    StorageCatchUp() {
        logs_.add(kOrg, 3);
        logs_.add(kOther, 1);
        logs_.clears[kOther] = 1;
        const auto heads = sweep_.begin();
        EXPECT_TRUE(heads);
        catch_up_.begin(*heads);
    }
    // As the writer does.
    Status look_at_all() {
        sweep_.sweep();
        const Status others = catch_up_.look_at_others(found_.others);
        std::vector<OrgId> behind;
        for (const auto& [org, position] : found_.behind) behind.push_back(org);
        const Status looked = catch_up_.look_at(behind);
        return others ? looked : others;
    }
    // Positions told of the org, and what was said about them.
    std::vector<Position> told(OrgId org = kOrg) {
        std::vector<Position> positions;
        for (const Changes& each : told_) {
            for (const EventRow& event : each.events) {
                if (event.org == org) positions.push_back(event.position);
            }
        }
        return positions;
    }
    std::vector<Changes::Found> found(OrgId org = kOrg) {
        std::vector<Changes::Found> found;
        for (const Changes& each : told_) {
            const auto at = each.found.find(org);
            if (at != each.found.end()) found.push_back(at->second);
        }
        return found;
    }
    // A commit of this node at the end of the log.
    Changes own() {
        logs_.add(kOrg, 1);
        Changes changes;
        changes.events.push_back(logs_.events[kOrg].back());
        changes.heads[kOrg] = logs_.head(kOrg);
        return changes;
    }

    Logs logs_;
    std::vector<Changes> told_;
    int begun_ = 0;
    HeadSweep::Found found_;
    HeadSweep sweep_{
        logs_,
        {[this] { ++begun_; }, [this](HeadSweep::Found found) { found_ = std::move(found); }}};
    CatchUp catch_up_{logs_, [this](OrgId org) { return logs_.kept_of(org); },
                      [this](const Changes& changes) { told_.push_back(changes); },
                      [this](OrgId org, const app::Head& told) { sweep_.note(org, told); }};
};

TEST_F(StorageCatchUp, TellsWhatIsNewOnce) {
    EXPECT_TRUE(look_at_all());
    EXPECT_TRUE(told_.empty()) << "what was there is known";
    logs_.add(kOrg, 2);
    EXPECT_FALSE(catch_up_.knows(kOrg, 5));
    EXPECT_TRUE(catch_up_.look_at({kOrg}));
    EXPECT_TRUE(catch_up_.knows(kOrg, 5));
    EXPECT_TRUE(catch_up_.look_at({kOrg, kOther}));
    EXPECT_TRUE(look_at_all());
    EXPECT_EQ(told(), (std::vector<Position>{4, 5}));
    EXPECT_EQ(told_.size(), 1U);
    EXPECT_EQ(told_[0].heads.at(kOrg).position, 5);
}

TEST_F(StorageCatchUp, TellsOfANewOrg) {
    const OrgId born{test::numbered_uuid(3)};
    logs_.add(born, EventType::org_created, EntityType::org);
    EXPECT_TRUE(look_at_all());
    EXPECT_EQ(told(born), std::vector<Position>{1});
    EXPECT_TRUE(found(born).at(0).whole);
    EXPECT_TRUE(told_.at(0).orgs.contains(born));
}

TEST_F(StorageCatchUp, ReadsAllThatIsKeptAfterAnEventThatChangesIt) {
    logs_.add(kOrg, EventType::expense_added, EntityType::entry);
    EXPECT_TRUE(catch_up_.look_at({kOrg}));
    EXPECT_FALSE(found().at(0).whole);
    for (const EntityType type : {EntityType::org, EntityType::property, EntityType::token,
                                  EntityType::user, EntityType::webhook}) {
        told_.clear();
        logs_.add(kOrg, EventType::user_updated, type);
        EXPECT_TRUE(catch_up_.look_at({kOrg}));
        EXPECT_TRUE(found().at(0).whole);
        EXPECT_FALSE(found().at(0).skipped);
    }
}

TEST_F(StorageCatchUp, SaysWhatWasErased) {
    logs_.add(kOrg, EventType::text_erased, EntityType::entry);
    EXPECT_TRUE(catch_up_.look_at({kOrg}));
    ASSERT_EQ(told_.at(0).erasures.size(), 1U);
    EXPECT_EQ(told_[0].erasures[0].org, kOrg);
    EXPECT_EQ(told_[0].erasures[0].up_to, 4);
}

TEST_F(StorageCatchUp, TellsOthersBeforeACommitOfItsOwn) {
    logs_.add(kOrg, 2);
    const Changes mine = own();
    catch_up_.before(mine);
    EXPECT_EQ(told(), (std::vector<Position>{4, 5}));
    EXPECT_EQ(told_.at(0).heads.at(kOrg).position, 5);
    EXPECT_TRUE(catch_up_.knows(kOrg, 6));
    EXPECT_TRUE(look_at_all());
    EXPECT_EQ(told(), (std::vector<Position>{4, 5}));
}

TEST_F(StorageCatchUp, KnowsThatNothingCameBeforeANewOrg) {
    const OrgId born{test::numbered_uuid(3)};
    logs_.add(born, 2);
    Changes mine;
    mine.events = logs_.events[born];
    mine.heads[born] = logs_.head(born);
    catch_up_.before(mine);
    EXPECT_TRUE(told_.empty());
    EXPECT_TRUE(catch_up_.knows(born, 2));
}

TEST_F(StorageCatchUp, AsksNothingBeforeACommitThatFollows) {
    const Changes mine = own();
    logs_.fails = true;
    catch_up_.before(mine);
    EXPECT_TRUE(told_.empty());
    EXPECT_TRUE(catch_up_.knows(kOrg, 4));
}

TEST_F(StorageCatchUp, SaysWhatItCouldNotReadAndReadsItLater) {
    logs_.add(kOrg, 2);
    const Changes mine = own();
    logs_.fails = true;
    catch_up_.before(mine);
    ASSERT_EQ(found().size(), 1U);
    EXPECT_TRUE(found()[0].skipped);
    EXPECT_FALSE(found()[0].whole);
    EXPECT_EQ(told_[0].heads.at(kOrg).position, 5);
    EXPECT_EQ(told_[0].heads.at(kOrg).hash, hash_at(5));
    EXPECT_FALSE(look_at_all());
    logs_.fails = false;
    EXPECT_TRUE(look_at_all());
    ASSERT_EQ(found().size(), 2U);
    EXPECT_TRUE(found()[1].whole);
    EXPECT_TRUE(look_at_all());
    EXPECT_EQ(found().size(), 2U);
}

TEST_F(StorageCatchUp, TellsOfOthersWhereAnOrgIsDamaged) {
    const OrgId third{test::numbered_uuid(3)};
    for (const OrgId damaged : {kOrg, kOther}) {
        logs_.damaged = {damaged};
        told_.clear();
        for (const OrgId org : {kOrg, kOther, third}) logs_.add(org, 1);
        const Status looked = look_at_all();
        ASSERT_FALSE(looked);
        EXPECT_EQ(looked.error().code, ErrorCode::corrupt);
        for (const OrgId org : {kOrg, kOther, third}) {
            EXPECT_EQ(told(org).empty(), org == damaged) << org.to_string();
        }
    }
    logs_.damaged.clear();
    told_.clear();
    EXPECT_TRUE(look_at_all());
    EXPECT_EQ(told(kOther), std::vector<Position>{3}) << "it was only late";
}

TEST_F(StorageCatchUp, ForgetsWhatItCouldNotReadOfAnOrgThatIsGone) {
    logs_.add(kOrg, 2);
    const Changes own = this->own();
    logs_.fails = true;
    catch_up_.before(own);
    logs_.fails = false;
    logs_.events.erase(kOrg);
    logs_.add(kOther, 1);
    EXPECT_FALSE(look_at_all());
    EXPECT_EQ(told(kOther), std::vector<Position>{2});
    EXPECT_TRUE(look_at_all());
}

TEST_F(StorageCatchUp, SkipsWhatIsTooMuch) {
    logs_.add(kOrg, static_cast<Position>(CatchUp::kEventsMax) + 1);
    EXPECT_TRUE(catch_up_.look_at({kOrg}));
    EXPECT_TRUE(told().empty());
    EXPECT_TRUE(found().at(0).whole);
    EXPECT_TRUE(found().at(0).skipped);
    EXPECT_TRUE(catch_up_.knows(kOrg, logs_.head(kOrg).position));
}

TEST_F(StorageCatchUp, BeginsAnewWithALogThatIsNotTheOneItKnew) {
    logs_.events[kOrg].pop_back();
    EXPECT_TRUE(look_at_all());
    ASSERT_EQ(found().size(), 1U);
    EXPECT_TRUE(found()[0].skipped);
    EXPECT_EQ(told_[0].heads.at(kOrg).position, 2);

    logs_.events[kOrg].back().stored.hash = hash_at(2, 9);
    EXPECT_TRUE(look_at_all());
    ASSERT_EQ(found().size(), 2U);
    EXPECT_TRUE(found()[1].skipped);

    logs_.add(kOrg, 1);
    logs_.events[kOrg].back().stored.prev_hash = hash_at(2, 7);
    EXPECT_TRUE(catch_up_.look_at({kOrg}));
    ASSERT_EQ(found().size(), 3U);
    EXPECT_TRUE(found()[2].skipped);
    EXPECT_TRUE(told().empty());
}

using Behind = std::vector<std::pair<OrgId, Position>>;
using StorageHeadSweep = StorageCatchUp;

TEST_F(StorageHeadSweep, FindsWhatHasGoneOnUntilItIsTold) {
    sweep_.sweep();
    EXPECT_TRUE(found_.behind.empty());
    logs_.add(kOrg, 2);
    for (int i = 0; i < 2; ++i) {
        sweep_.sweep();
        EXPECT_EQ(found_.behind, (Behind{{kOrg, 5}}));
    }
    sweep_.note(kOrg, logs_.head(kOrg));
    sweep_.sweep();
    EXPECT_TRUE(found_.behind.empty());
    EXPECT_EQ(begun_, 4);
}

TEST_F(StorageHeadSweep, KnowsALogThatIsNotTheOneThatWasTold) {
    logs_.add(kOrg, 2);
    sweep_.note(kOrg, logs_.head(kOrg));
    // Before this one ever read that far, it is gone.
    logs_.events[kOrg].pop_back();
    sweep_.sweep();
    EXPECT_EQ(found_.others, std::vector<OrgId>{kOrg});
    sweep_.note(kOrg, {logs_.head(kOrg).position, hash_at(4, 9)});
    sweep_.sweep();
    EXPECT_EQ(found_.others, std::vector<OrgId>{kOrg});
    EXPECT_TRUE(found_.behind.empty());
}

TEST_F(StorageHeadSweep, FindsNothingWhereItCannotRead) {
    logs_.add(kOrg, 1);
    logs_.clears[kOrg] = 5;
    sweep_.sweep();
    EXPECT_FALSE(found_.behind.empty());
    logs_.fails = true;
    sweep_.sweep();
    EXPECT_TRUE(found_.behind.empty());
    EXPECT_EQ(begun_, 2) << "and it says that it has ended";
}

TEST_F(StorageHeadSweep, FindsEachClearOfACacheOnce) {
    logs_.clears[kOrg] = 5;
    logs_.fails = true;
    sweep_.sweep();
    EXPECT_TRUE(found_.cleared_caches.empty());
    logs_.fails = false;
    sweep_.sweep();
    EXPECT_EQ(found_.cleared_caches, std::vector<OrgId>{kOrg}) << "the other's is no news";
    sweep_.sweep();
    EXPECT_TRUE(found_.cleared_caches.empty());
    // By a clock that went back.
    logs_.clears[kOrg] = 4;
    sweep_.sweep();
    EXPECT_EQ(found_.cleared_caches, std::vector<OrgId>{kOrg});
}

TEST(StorageHeadSweepThread, SweepsByItselfAndForWhoeverAsksUntilItIsStopped) {
    Logs logs;
    logs.add(kOrg, 1);
    std::promise<void> twice;
    int begun = 0;
    int ended = 0;
    HeadSweep sweep(logs, {[&] {
                               if (++begun == 2) twice.set_value();
                           },
                           [&](const HeadSweep::Found&) { ++ended; }});
    ASSERT_TRUE(sweep.begin());
    sweep.start();
    sweep.ask();
    EXPECT_EQ(twice.get_future().wait_for(std::chrono::seconds(5)), std::future_status::ready);
    sweep.stop();
    const int at_the_end = begun;
    EXPECT_EQ(ended, at_the_end);
    sweep.ask();
    sweep.start();
    sweep.stop();
    EXPECT_EQ(begun, at_the_end);
}

}  // namespace
}  // namespace daybook::storage
