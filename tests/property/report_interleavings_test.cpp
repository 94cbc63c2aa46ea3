// Need: files, PostgreSQL. Goal: in every order in which two writes can fall into one read, no read
// misses a write that was acknowledged before it began, and nothing stale stays behind (I6). Seed:
// none; the orders are enumerated.
//
// A read goes through: version read, snapshot, queries, store. A write goes through: commit, raise,
// and is acknowledged then. A second reader comes in at any of the reader's points. That the test
// can fail is shown by the mistake that it is there to find: the same enumeration with the stamp
// taken outside the snapshot (HeadFrom::store) finds stale answers.
#include <gtest/gtest.h>

#include <array>
#include <functional>
#include <string>
#include <tuple>
#include <vector>

#include "property/store_property.h"
#include "support/hooked_store.h"
#include "support/report_history.h"
#include "support/test_org.h"

namespace daybook::test {
namespace {

// Where the steps of the writes fall: before the version is read, before the snapshot is taken,
// after it, between queries, and after the report is stored.
enum Point : int { at_start, before_snapshot, after_snapshot, first_query, later_query, stored };
constexpr int kPoints = 6;
constexpr int kSteps = 4;  // commit and raise, twice
using Schedule = std::array<int, kSteps>;

std::vector<Schedule> all_schedules() {
    std::vector<Schedule> schedules;
    for (int a = 0; a < kPoints; ++a) {
        for (int b = a; b < kPoints; ++b) {
            for (int c = b; c < kPoints; ++c) {
                for (int d = c; d < kPoints; ++d) schedules.push_back({a, b, c, d});
            }
        }
    }
    return schedules;
}

class Captured final : public app::CommitListener {
 public:
    void committed(const app::Changes& changes) override { waiting.push_back(changes); }
    std::vector<app::Changes> waiting;
};

// Books with one thing to change of each sort; every write can be made again and again.
class Stage {
 public:
    static constexpr int kWrites = 8;

    Stage(const StoreKind& kind, HeadFrom head_from)
        : books_(kind), hooked_(*books_.store, head_from) {
        org_.add_property("Third");
        today_ = org_.add(entry("2026-03-15")).id;
        moved_ = org_.add(entry("2026-03-15")).id;
        decided_ = org_.add(org_.manager(), entry("2026-03-03")).id;
        deleted_ = org_.add(entry("2026-03-01")).id;
        wandering_ = org_.add(entry("2026-02-20")).id;
        history_.emplace(*books_.store, org_.id());
        books_.store->listen(*history_);
        books_.store->listen(captured_);
    }

    // A change of today; one from today to last month and back; a decision; a deletion; a move to
    // another property and back; new names of a property and of a category; another fiscal year.
    app::CommandBody write(int which) {
        const auto snapshot = org_.snapshot();
        const std::int64_t round = ++rounds_;
        domain::EntryPatch patch;
        switch (which) {
            case 0: patch.amount_minor = 100 + round; return update(today_, std::move(patch));
            case 1:
                patch.business_date = day("2026-02-10");
                if (org_.entry(moved_).content.business_date == patch.business_date) {
                    patch.business_date = day("2026-03-15");
                }
                return update(moved_, std::move(patch));
            case 2: {
                const domain::Entry now = org_.entry(decided_);
                const bool approves = now.status == domain::EntryStatus::pending;
                return domain::DecideEntry{
                    now.id, now.version,
                    approves ? domain::Decision::approve : domain::Decision::send_back, "Again."};
            }
            case 3: {
                const domain::Entry now = org_.entry(deleted_);
                if (now.status == domain::EntryStatus::deleted) {
                    return domain::RestoreEntry{now.id, now.version};
                }
                return domain::DeleteEntry{now.id, now.version, "Twice."};
            }
            case 4: return move();
            case 5: return rename(snapshot->property(first_).value().value());
            case 6: return rename(snapshot->categories().value().front());
            default: {
                domain::ChangeSettings settings;
                settings.fiscal_start_month = 1 + snapshot->org().value().fiscal_start_month % 12;
                return settings;
            }
        }
    }

    [[nodiscard]] std::vector<ReportQuestion> questions() const {
        return {{{first_}, reports::DayAsked{day("2026-03-15")}},
                {{}, reports::MonthAsked{2026, 3}},
                {{}, reports::YearAsked{2025, reports::YearBasis::fiscal, {}}},
                {{first_, second_}, domain::DateRange{day("2026-02-01"), day("2026-03-14")}}};
    }

    // How many reads were told what never was, or what was no longer.
    int play(const Schedule& schedule, std::array<int, 2> writes, int second_reader,
             const ReportQuestion& question);

 private:
    domain::AddEntry entry(std::string_view date) {
        domain::AddEntry add = org_.expense(first_, 500);
        add.business_date = day(date);
        return add;
    }
    app::CommandBody update(EntryId id, domain::EntryPatch patch) {
        return domain::UpdateEntry{id, org_.entry(id).version, std::move(patch)};
    }
    app::CommandBody move() {
        const domain::Entry now = org_.entry(wandering_);
        const PropertyId to = now.property == first_ ? second_ : first_;
        wandering_ = org_.new_id<EntryId>();
        return domain::MoveEntry{now.id, now.version, to, wandering_, "Wrong house."};
    }
    app::CommandBody rename(const domain::Property& property) {
        domain::UpdateProperty change;
        change.id = property.id;
        change.version = property.version;
        change.name = "Name " + std::to_string(rounds_);
        return change;
    }
    app::CommandBody rename(const domain::Category& category) {
        domain::UpdateCategory change;
        change.id = category.id;
        change.version = category.version;
        change.name = "Name " + std::to_string(rounds_);
        return change;
    }

    StoreUnderTest books_;
    HookedStore hooked_;
    TestOrg org_{*books_.store, 1};
    PropertyId first_ = org_.add_property("First");
    PropertyId second_ = org_.add_property("Second");
    EntryId today_, moved_, decided_, deleted_, wandering_;
    std::int64_t rounds_ = 0;
    std::optional<ReportHistory> history_;
    Captured captured_;

    friend class Play;
};

// One schedule over a new cache.
class Play {
 public:
    Play(Stage& stage, const Schedule& schedule, std::array<int, 2> writes, int second_reader,
         const ReportQuestion& question)
        : stage_(stage),
          schedule_(schedule),
          writes_(writes),
          second_reader_(second_reader),
          question_(question),
          // Time flies, so that nobody waits for a raise that comes only after the read.
          service_({stage.hooked_, stage.books_.clock, [this] { return us_ += 10'000'000; }}) {
        service_.loaded(stage_.org_.id(), test::kept_for_reports(*stage_.org_.snapshot()).value());
        acknowledged_ = stage_.history_->head();
        stage_.history_->forget_before(acknowledged_);
    }

    int run() {
        // Warm, so that what is stale is there to be found.
        read([](ReadPoint) { return Status(); });
        pass(at_start);
        int queries = 0;
        read([&](ReadPoint point) {
            if (point == ReadPoint::before_snapshot) pass(before_snapshot);
            if (point == ReadPoint::after_snapshot) pass(after_snapshot);
            if (point == ReadPoint::query && ++queries == 3) pass(first_query);
            if (point == ReadPoint::query && queries == 6) pass(later_query);
            return Status();
        });
        pass(stored);
        read([](ReadPoint) { return Status(); });
        return wrong_;
    }

 private:
    // Everything that is to happen up to the point; each once.
    void pass(Point point) {
        while (next_step_ < kSteps && schedule_.at(static_cast<std::size_t>(next_step_)) <= point) {
            step(next_step_++);
        }
        if (second_reader_ <= point && !second_has_read_) {
            second_has_read_ = true;
            read([](ReadPoint) { return Status(); });
        }
    }

    void step(int step) {
        if (step % 2 == 0) {
            stage_.captured_.waiting.clear();
            const int which = writes_.at(static_cast<std::size_t>(step / 2));
            stage_.org_.run(stage_.write(which)).value();
            committed_.push_back(stage_.captured_.waiting.at(0));
        } else {
            service_.committed(committed_.at(static_cast<std::size_t>(step / 2)));
            acknowledged_ = committed_.at(static_cast<std::size_t>(step / 2))
                                .heads.at(stage_.org_.id())
                                .position;
        }
    }

    void read(const HookedStore::Hook& hook) {
        const Position began = acknowledged_;
        auto work =
            service_.answer(stage_.org_.owner(), asked(question_), 0,
                            [this, began](reports::ReportCache::Answer answer) {
                                const Position head = stage_.history_->head();
                                const bool is_right = stage_.history_->was_so(
                                    question_, answer.report.value()->bytes, began, head);
                                if (!is_right || answer.position < began || answer.position > head)
                                    ++wrong_;
                            });
        if (!work) return;
        const auto before = stage_.hooked_.set_hook(hook);
        work->run();
        stage_.hooked_.set_hook(before);
    }

    Stage& stage_;
    const Schedule& schedule_;
    const std::array<int, 2> writes_;
    const int second_reader_;
    const ReportQuestion& question_;
    std::int64_t us_ = 0;
    app::ReportService service_;
    std::vector<app::Changes> committed_;
    int next_step_ = 0;
    bool second_has_read_ = false;
    Position acknowledged_ = 0;
    int wrong_ = 0;
};

int Stage::play(const Schedule& schedule, std::array<int, 2> writes, int second_reader,
                const ReportQuestion& question) {
    return Play(*this, schedule, writes, second_reader, question).run();
}

// Plays the orders of one pair of writes in one question: all of them in memory, some on a disk. On
// new books from time to time: a store that keeps every moment of them copies them at each commit.
int play_all(const StoreKind& kind, HeadFrom head_from, std::array<int, 2> writes,
             std::size_t question) {
    constexpr std::size_t kPlays = 42;
    constexpr std::array kSecondReaders{before_snapshot, first_query, stored};
    int wrong = 0;
    std::optional<Stage> stage;
    const auto schedules = all_schedules();
    const auto all = static_cast<int>(schedules.size());
    const auto stride = static_cast<std::size_t>(all / within_budget(kind, all));
    // Each question begins elsewhere, so that the tests of some orders play different ones.
    for (std::size_t i = question % stride; i < schedules.size(); i += stride) {
        if (!stage || i % kPlays == 0) stage.emplace(kind, head_from);
        const int second_reader = kSecondReaders.at(i % kSecondReaders.size());
        wrong +=
            stage->play(schedules.at(i), writes, second_reader, stage->questions().at(question));
    }
    return wrong;
}

class ReportInterleavings : public testing::TestWithParam<std::tuple<StoreKind, int>> {};

TEST_P(ReportInterleavings, NeverShowWhatIsStale) {
    const auto& [kind, first] = GetParam();
    const std::array<int, 2> writes{first, (first + 1) % Stage::kWrites};
    const auto question = static_cast<std::size_t>(first) % 4;
    EXPECT_EQ(play_all(kind, HeadFrom::snapshot, writes, question), 0);
    EXPECT_EQ(play_all(kind, HeadFrom::snapshot, writes, (question + 2) % 4), 0);
}

INSTANTIATE_TEST_SUITE_P(All, ReportInterleavings,
                         testing::Combine(testing::ValuesIn(property_stores()),
                                          testing::Range(0, Stage::kWrites)),
                         [](const auto& each) {
                             return std::get<0>(each.param).name + "_" +
                                    std::to_string(std::get<1>(each.param));
                         });

TEST(ReportInterleavingsMutated, AreFoundWhenTheStampIsTakenOutsideTheSnapshot) {
    const StoreKind memory = store_kinds().front();
    EXPECT_GT(play_all(memory, HeadFrom::store, {0, 1}, 0), 0);
    EXPECT_GT(play_all(memory, HeadFrom::store, {2, 3}, 1), 0);
}

}  // namespace
}  // namespace daybook::test
