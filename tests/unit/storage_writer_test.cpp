// Need: nothing. Goal: whatever fails in the store, nothing acknowledged is lost, only what fails
// alone is refused, and after a failed sync nothing is written any more (I3).
#include <gtest/gtest.h>

#include <future>
#include <optional>
#include <set>
#include <vector>

#include "storage/memory/store.h"
#include "storage/writer.h"
#include "support/contents.h"
#include "support/test_org.h"

namespace daybook::storage {
namespace {

using app::Outcome;
using memory::Operation;

class StorageWriter : public testing::TestWithParam<Writer::Mode> {
 protected:
    struct Listener final : app::CommitListener {
        void committed(const app::Changes& changes) override {
            events += static_cast<std::int64_t>(changes.events.size());
        }
        void loaded(OrgId org, const app::Changes& kept) override {
            loaded_at.push_back(kept.heads.at(org).position);
        }
        std::int64_t events = 0;
        std::vector<Position> loaded_at;
    };

    StorageWriter() {
        store_.listen(listener_);
        org_.emplace(store_, 1);
        hotel_ = org_->add_property("Hotel");
    }

    app::Command expense(std::int64_t minor) {
        return org_->command(test::single(org_->expense(hotel_, minor)));
    }
    std::vector<Result<Outcome>> run_expenses(const std::vector<std::int64_t>& amounts) {
        std::vector<app::Command> commands;
        for (const std::int64_t minor : amounts) commands.push_back(expense(minor));
        return test::run_together(store_, std::move(commands));
    }
    Position head() { return org_->snapshot()->head().value(); }

    void expect_read_only(std::string_view reason) {
        EXPECT_EQ(test::refusal(test::run(store_, expense(1))), ErrorCode::read_only);
        const auto health = store_.health();
        EXPECT_FALSE(health.accepts_writes);
        EXPECT_NE(health.reason.find(reason), std::string::npos) << health.reason;
        EXPECT_TRUE(org_->snapshot()->property(hotel_).value().has_value());
    }

    ManualClock clock_{test::kTestStart};
    SeededRandom random_{1};
    const app::Environment environment_{clock_, random_};
    memory::MemoryStore store_{environment_, GetParam()};
    Listener listener_;
    std::optional<test::TestOrg> org_;
    PropertyId hotel_;
};

TEST_P(StorageWriter, RunsTheCommandsOfAFailedBatchOneByOne) {
    struct Failing {
        Operation operation;
        int nth;
    };
    // The opener of run_together() has a transaction of its own, with two loads and no write.
    for (const Failing failing : {Failing{Operation::begin, 2}, Failing{Operation::load, 4},
                                  Failing{Operation::write, 1}, Failing{Operation::commit, 1}}) {
        const Position before = head();
        store_.fail_later(failing.operation, failing.nth, ErrorCode::io_failed);
        for (const auto& outcome : run_expenses({1, 2, 3})) EXPECT_TRUE(outcome);
        EXPECT_EQ(head(), before + 3);
        EXPECT_TRUE(store_.health().accepts_writes);
    }
}

TEST_P(StorageWriter, RefusesOnlyWhatFailsAlone) {
    const Position before = head();
    store_.fail_later(Operation::write, 1, ErrorCode::disk_full);
    // Alone, the second of them fails again.
    store_.fail_later(Operation::write, 3, ErrorCode::disk_full);
    const auto outcomes = run_expenses({1, 2, 3});
    EXPECT_TRUE(outcomes[0]);
    EXPECT_EQ(test::refusal(outcomes[1]), ErrorCode::disk_full);
    EXPECT_TRUE(outcomes[2]);
    EXPECT_EQ(head(), before + 2);
    EXPECT_EQ(listener_.events, head());
    EXPECT_TRUE(store_.health().accepts_writes);
    EXPECT_TRUE(test::run(store_, expense(4)));
}

TEST_P(StorageWriter, LeavesNothingOfACommitThatFailed) {
    const test::Contents before = test::contents_of(*org_->snapshot());
    store_.fail_later(Operation::commit, 1, ErrorCode::disk_full);
    EXPECT_EQ(test::refusal(test::run(store_, expense(1))), ErrorCode::disk_full);
    EXPECT_EQ(test::contents_of(*org_->snapshot()), before);
    EXPECT_EQ(listener_.events, before.head);
}

TEST_P(StorageWriter, WritesNothingAnyMoreAfterAFailedSync) {
    const Position before = head();
    store_.fail_later(Operation::sync, 1, ErrorCode::commit_unknown);
    for (const auto& outcome : run_expenses({1, -1, 3})) {
        EXPECT_EQ(test::refusal(outcome), ErrorCode::commit_unknown);
    }
    EXPECT_EQ(listener_.events, before);
    expect_read_only("commit_unknown");
    // It may have been stored, or not; here it was, as much of it as was begun within a batch's
    // time.
    EXPECT_GT(head(), before);
    EXPECT_LE(head(), before + 2);
}

TEST_P(StorageWriter, RefusesWhatWaitsWhenASyncFails) {
    store_.fail_later(Operation::sync, 1, ErrorCode::commit_unknown);
    const auto outcomes = run_expenses(std::vector<std::int64_t>(150, 1));
    std::size_t unknown = 0;
    for (const auto& outcome : outcomes) {
        if (test::refusal(outcome) == ErrorCode::commit_unknown) {
            ++unknown;
        } else {
            EXPECT_EQ(test::refusal(outcome), ErrorCode::read_only);
        }
    }
    EXPECT_GT(unknown, 0U);
    EXPECT_LE(unknown, 64U);
    EXPECT_EQ(store_.health().queued_commands, 0);
}

// Of the commands that are run again one by one, those after the failed sync were never begun.
TEST_P(StorageWriter, EndsARetryAtAFailedSync) {
    store_.fail_later(Operation::write, 1, ErrorCode::io_failed);
    store_.fail_later(Operation::sync, 2, ErrorCode::commit_unknown);
    const auto outcomes = run_expenses({1, 2, 3});
    EXPECT_TRUE(outcomes[0]);
    EXPECT_EQ(test::refusal(outcomes[1]), ErrorCode::commit_unknown);
    EXPECT_EQ(test::refusal(outcomes[2]), ErrorCode::read_only);
}

TEST_P(StorageWriter, TakesAFailedCheckpointForAFailedSync) {
    // Refused, so that the step after the batch before is over.
    EXPECT_FALSE(test::run(store_, expense(-1)));
    const Position before = head();
    store_.fail_later(Operation::after_batch, 1, ErrorCode::io_failed);
    EXPECT_TRUE(test::run(store_, expense(1)));
    EXPECT_EQ(head(), before + 1);
    expect_read_only("io_failed");
}

TEST_P(StorageWriter, NeitherCommitsNorTellsOfABatchThatChangedNothing) {
    const Position before = head();
    store_.fail_later(Operation::commit, 1, ErrorCode::io_failed);
    for (const auto& outcome : run_expenses({0, -1})) {
        EXPECT_EQ(test::refusal(outcome), ErrorCode::amount_out_of_range);
    }
    EXPECT_EQ(listener_.events, before);
}

TEST_P(StorageWriter, AnswersWhatIsSubmittedInAnAnswer) {
    std::optional<Position> inner;
    store_.submit(expense(1), [&](auto) {
        store_.submit(expense(2), [&](auto outcome) { inner = outcome.value().position; });
    });
    // The inner one is refused if draining begins first: so wait for its turn.
    EXPECT_TRUE(test::run(store_, expense(3)));
    store_.drain();
    ASSERT_TRUE(inner);
}

TEST_P(StorageWriter, LoadsAnOrgOnceForAllWhoAskTogether) {
    int answered = 0;
    std::promise<void> asked;
    store_.submit(expense(1), [&](const auto&) {
        for (int i = 0; i < 3; ++i) {
            store_.load(org_->id(), [&](const Status& loaded) { answered += loaded.has_value(); });
        }
        asked.set_value();
    });
    asked.get_future().wait();
    test::load_org(store_, org_->id()).value();
    EXPECT_EQ(answered, 3);
    EXPECT_GE(listener_.loaded_at.size(), 1U);
    EXPECT_LE(listener_.loaded_at.size(), 2U);
    EXPECT_EQ(listener_.loaded_at.back(), head());
}

TEST_P(StorageWriter, TellsWhoAsksForAnOrgThatItCannotBeRead) {
    store_.fail_later(Operation::follow, 1, ErrorCode::busy);
    const Status loaded = test::load_org(store_, org_->id());
    ASSERT_FALSE(loaded);
    EXPECT_EQ(loaded.error().code, ErrorCode::busy);
    EXPECT_TRUE(listener_.loaded_at.empty());
    EXPECT_TRUE(test::load_org(store_, org_->id()));
}

TEST_P(StorageWriter, LoadsOrgsWhenNothingIsWrittenAnyMore) {
    store_.fail_later(Operation::sync, 1, ErrorCode::commit_unknown);
    EXPECT_EQ(test::refusal(test::run(store_, expense(1))), ErrorCode::commit_unknown);
    ASSERT_FALSE(store_.health().accepts_writes);
    EXPECT_TRUE(test::load_org(store_, org_->id()));
    EXPECT_EQ(listener_.loaded_at.back(), head());
}

INSTANTIATE_TEST_SUITE_P(Modes, StorageWriter,
                         testing::Values(Writer::Mode::in_line, Writer::Mode::own_thread),
                         [](const auto& mode) {
                             return mode.param == Writer::Mode::in_line ? "in_line" : "own_thread";
                         });

// A database in which another node has the orgs, whenever the test says so.
class SharedBackend final : public Backend {
 public:
    Result<app::WriteTransaction*> begin() override { return kept.begin(); }
    Status commit() override { return kept.commit(); }
    Status rollback() override { return kept.rollback(); }
    Status after_batch() override { return {}; }
    Status idle() override { return {}; }
    Result<app::Changes> kept_of(OrgId org) override { return kept.kept_of(org); }
    Result<std::vector<OrgId>> claim(const std::vector<OrgId>& orgs, Claim) override {
        ++claims;
        return elsewhere.contains(claims) ? orgs : std::vector<OrgId>();
    }

    memory::MemoryBackend kept;
    int claims = 0;
    std::set<int> elsewhere;  // which claims find them there
};

class SharedStore final : public app::Store {
 public:
    explicit SharedStore(const app::Environment& environment)
        : writer(backend, environment, Writer::Mode::in_line) {}
    void submit(app::Command command, app::Done done) override {
        writer.submit(std::move(command), std::move(done));
    }
    Result<std::unique_ptr<app::Snapshot>> snapshot(OrgId org) override {
        return backend.kept.snapshot(org);
    }
    Result<std::vector<domain::Org>> orgs() override { return backend.kept.orgs(); }
    Result<std::vector<app::Credential>> credentials() override { return {}; }
    Result<std::vector<std::pair<OrgId, domain::User>>> users() override { return {}; }
    Result<std::string> webhook_secret(const app::WebhookKey&) override { return {}; }
    Result<app::SignInState> sign_in_state() override { return {}; }
    void listen(app::CommitListener& listener) override { writer.listen(listener); }
    void load(OrgId org, std::move_only_function<void(Status)> done) override {
        writer.load(org, std::move(done));
    }
    void forget(std::vector<OrgId> orgs) override { writer.forget(std::move(orgs)); }
    void drain() override { writer.drain(); }
    Health health() override { return writer.health(); }

    SharedBackend backend;
    Writer writer;
};

// A batch that failed runs again one by one; if its first command then finds the org elsewhere, the
// others must wait behind it.
TEST(StorageWriterOnSharedStores, CommandsOfAnOrgDoNotOvertakeEachOther) {
    const ManualClock clock{test::kTestStart};
    SeededRandom random{1};
    SharedStore store({clock, random});
    test::TestOrg org(store, 1);
    const PropertyId hotel = org.add_property("Hotel");
    std::vector<app::Command> commands;
    for (int i = 1; i <= 4; ++i)
        commands.push_back(org.command(test::single(org.expense(hotel, i))));
    // The opener of run_together() has a transaction of its own.
    store.backend.kept.fail_later(Operation::write, 1, ErrorCode::io_failed);
    const int now = store.backend.claims;
    store.backend.elsewhere = {now + 3, now + 6};
    Position before = org.snapshot()->head().value();
    for (const auto& outcome : test::run_together(store, std::move(commands))) {
        ASSERT_TRUE(outcome) << outcome.error().detail;
        EXPECT_EQ(outcome->position, ++before);
    }
}

}  // namespace
}  // namespace daybook::storage
