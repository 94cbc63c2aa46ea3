// Need: nothing but time. Goal: while many threads write (also back-dated, moved between dates and
// properties, approved, deleted), read, evict, fail and restart, no read misses a write that was
// acknowledged before it began, and every read is how the books were at some moment of it (I6).
// Seed: DAYBOOK_SEED, otherwise drawn; printed with a failure. Also under ThreadSanitizer.
#include <gtest/gtest.h>

#include <atomic>
#include <cstdlib>
#include <future>
#include <mutex>
#include <random>
#include <shared_mutex>
#include <thread>

#include "base/mutex.h"
#include "storage/memory/store.h"
#include "support/hooked_store.h"
#include "support/report_history.h"
#include "support/test_org.h"

namespace daybook::test {
namespace {

std::uint32_t first_seed() {
    const char* given = std::getenv("DAYBOOK_SEED");
    if (given == nullptr) return std::random_device()() % 1'000'000;
    return static_cast<std::uint32_t>(std::strtoul(given, nullptr, 10));
}

class Dice {
 public:
    explicit Dice(std::uint32_t seed) : random_(seed) {}
    int below(int end) { return static_cast<int>(random_() % static_cast<std::uint32_t>(end)); }
    bool one_in(int count) { return below(count) == 0; }
    template <class Container>
    std::size_t index_of(const Container& container) {
        return random_() % container.size();
    }

 private:
    std::mt19937 random_;
};

std::int64_t monotonic_us() {
    const auto now = std::chrono::steady_clock::now().time_since_epoch();
    return std::chrono::duration_cast<std::chrono::microseconds>(now).count();
}

// The service of the moment; a restart makes another one.
class Restartable final : public app::CommitListener {
 public:
    void committed(const app::Changes& changes) override {
        if (const auto service = now()) service->committed(changes);
    }
    void loaded(OrgId org, const app::Changes& kept) override {
        if (const auto service = now()) service->loaded(org, kept);
    }
    void forgotten(OrgId org) override {
        if (const auto service = now()) service->forgotten(org);
    }
    void set(std::shared_ptr<app::ReportService> service) EXCLUDES(mutex_) {
        const Lock lock(mutex_);
        service_ = std::move(service);
    }
    [[nodiscard]] std::shared_ptr<app::ReportService> now() EXCLUDES(mutex_) {
        const Lock lock(mutex_);
        return service_;
    }

 private:
    Mutex mutex_;
    std::shared_ptr<app::ReportService> service_ GUARDED_BY(mutex_);
};

// Writes to the books what it may, and tells what it was acknowledged.
class Scribe {
 public:
    Scribe(app::Store& store, const TestOrg& org, std::vector<PropertyId> properties,
           std::uint32_t seed, std::atomic<Position>& acknowledged)
        : store_(store),
          org_(org),
          properties_(std::move(properties)),
          dice_(seed),
          random_(seed),
          acknowledged_(acknowledged) {}

    void write() {
        std::promise<Result<app::Outcome>> promise;
        auto future = promise.get_future();
        store_.submit(org_.command(body()),
                      [&](Result<app::Outcome> outcome) { promise.set_value(std::move(outcome)); });
        const auto outcome = future.get();
        if (!outcome) return;
        Position seen = acknowledged_.load();
        while (seen < outcome->position &&
               !acknowledged_.compare_exchange_weak(seen, outcome->position)) {
        }
        for (const app::Item& item : outcome->items) {
            if (!item.result) continue;
            if (const auto* entry = std::get_if<domain::Entry>(&*item.result)) keep(*entry);
        }
    }

 private:
    void keep(const domain::Entry& entry) {
        const auto known = std::ranges::find(entries_, entry.id, &domain::Entry::id);
        if (known == entries_.end()) {
            entries_.push_back(entry);
        } else {
            *known = entry;
        }
    }

    domain::BusinessDate date() {
        constexpr std::array kDaysBack{0, 0, 0, 1, 3, 20, 40, 73};
        return day(kTestToday).plus(-kDaysBack.at(dice_.index_of(kDaysBack)));
    }
    PropertyId place() { return properties_.at(dice_.index_of(properties_)); }

    app::CommandBody body() {
        domain::EntryPatch patch;
        if (entries_.size() < 2 || dice_.one_in(3)) return add();
        const std::size_t at = dice_.index_of(entries_);
        const domain::Entry& entry = entries_.at(at);
        switch (dice_.below(7)) {
            case 0:
                patch.amount_minor = 1 + dice_.below(1'000);
                return domain::UpdateEntry{entry.id, entry.version, std::move(patch)};
            case 1:
                patch.business_date = date();
                return domain::UpdateEntry{entry.id, entry.version, std::move(patch)};
            case 2:
                return domain::DecideEntry{entry.id, entry.version,
                                           static_cast<domain::Decision>(dice_.below(3)), "Why."};
            case 3: return domain::DeleteEntry{entry.id, entry.version, "Twice."};
            case 4: return domain::RestoreEntry{entry.id, entry.version};
            case 5:
                return domain::MoveEntry{entry.id, entry.version, place(), new_entry(), "Wrong."};
            default: {
                domain::ChangeSettings settings;
                settings.fiscal_start_month = 1 + dice_.below(12);
                return settings;
            }
        }
    }

    EntryId new_entry() { return daybook::new_id<EntryId>(kTestStart, random_); }
    app::CommandBody add() {
        domain::AddEntry add;
        add.id = new_entry();
        add.property = place();
        add.kind = dice_.one_in(2) ? domain::EntryKind::expense : domain::EntryKind::revenue;
        add.business_date = date();
        add.content.amount = {1 + dice_.below(10'000), currency("EUR")};
        add.content.key = add.kind == domain::EntryKind::expense ? "supplies" : "room";
        return single(std::move(add));
    }

    app::Store& store_;
    const TestOrg& org_;
    const std::vector<PropertyId> properties_;
    Dice dice_;
    SeededRandom random_;
    std::atomic<Position>& acknowledged_;
    std::vector<domain::Entry> entries_;
};

struct Read {
    std::size_t question;
    std::string bytes;
    Position first;
    Position last;
    Position told;
};

class ReportCacheThreads : public testing::Test {
 protected:
    static constexpr int kWriters = 3;
    static constexpr int kReaders = 4;
    static constexpr int kWrites = 40;  // of each writer, at least
    static constexpr int kReads = 250;  // of all readers together, at least
    static constexpr int kRuns = 3;
    static constexpr int kReadsOfOneLife = 60;  // of the service, about

    ReportCacheThreads() {
        for (const char* name : {"First", "Second", "Third"}) {
            properties_.push_back(org_.add_property(name));
        }
        history_.emplace(store_, org_.id());
        acknowledged_ = history_->head();
        hooked_.set_hook([](ReadPoint) {
            thread_local std::mt19937 random(5);
            if (random() % 8 == 0) std::this_thread::yield();
            const bool fails = random() % 1'000 == 0;
            return fails ? Status(fail(ErrorCode::io_failed, "By chance.")) : Status();
        });
        store_.listen(*history_);
        store_.listen(service_);
        questions_ = {{{properties_[0]}, reports::DayAsked{day(kTestToday)}},
                      {{properties_[1]}, reports::MonthAsked{2026, 3}},
                      {{}, reports::DayAsked{day(kTestToday)}},
                      {{}, reports::MonthAsked{2026, 3}},
                      {{}, reports::YearAsked{2025, reports::YearBasis::fiscal, {}}},
                      {{properties_[0], properties_[2]},
                       domain::DateRange{day("2026-01-05"), day("2026-03-01")}}};
    }

    // A new service as after a restart, with limits so small that it evicts all the time. Nobody
    // writes meanwhile, as nobody could; who reads the old one goes on, and is not answered.
    void restart() {
        const std::scoped_lock first_in_turn(turnstile_);
        const std::unique_lock nobody_writes(writing_);
        const reports::CacheLimits limits{.entries_max = 4, .parts_max = 8, .staircase_max = 4};
        auto service = std::make_shared<app::ReportService>(
            app::ReportParts{hooked_, clock_, monotonic_us}, limits);
        service->loaded(org_.id(), kept_for_reports(*store_.snapshot(org_.id()).value()).value());
        service_.set(std::move(service));
    }

    // Behind who restarts, if somebody waits to.
    std::shared_lock<std::shared_mutex> enter() {
        const std::scoped_lock in_turn(turnstile_);
        return std::shared_lock(writing_);
    }

    void read_until(const std::atomic<bool>& ends, std::uint32_t seed, std::vector<Read>& reads) {
        Dice dice(seed);
        while (!ends.load()) {
            const auto service = service_.now();
            const std::size_t which = dice.index_of(questions_);
            if (dice.one_in(20)) service->cache().clear(org_.id(), {});
            // As for an org that nobody asked about, and somebody does again.
            if (dice.one_in(100)) store_.forget({org_.id()});
            if (dice.one_in(20)) store_.load(org_.id(), [](const Status&) {});
            const Position first = acknowledged_.load();
            // Who has seen a position may name it.
            const Position wanted = dice.one_in(10) ? first : 0;
            std::promise<reports::ReportCache::Answer> promise;
            auto future = promise.get_future();
            auto work = service->answer(
                org_.owner(), asked(questions_[which]), wanted,
                [&](reports::ReportCache::Answer answer) { promise.set_value(std::move(answer)); });
            if (work && dice.one_in(30)) {
                work->refuse(error(ErrorCode::queue_full, "By chance."));
            } else if (work) {
                work->run();
            }
            const auto answer = future.get();
            if (!answer.report || service_.now() != service) continue;
            ++reads_;
            hits_ += answer.outcome == reports::CacheOutcome::hit;
            const Position last = store_.snapshot(org_.id()).value()->head().value();
            reads.push_back({which, (*answer.report)->bytes, first, last, answer.position});
        }
    }

    void run(std::uint32_t seed) {
        restart();
        reads_ = 0;
        std::atomic<bool> ends = false;
        std::vector<std::vector<Read>> reads(kReaders);
        std::vector<std::thread> readers;
        for (std::uint32_t i = 0; i < kReaders; ++i) {
            readers.emplace_back([&, i] { read_until(ends, seed * 100 + i, reads[i]); });
        }
        std::thread restarter([&] {
            for (int next = kReadsOfOneLife; !ends.load(); std::this_thread::yield()) {
                if (reads_.load() < next) continue;
                restart();
                ++restarts_;
                next += kReadsOfOneLife;
            }
        });
        std::vector<std::thread> writers;
        for (std::uint32_t i = 0; i < kWriters; ++i) {
            writers.emplace_back([&, i] {
                Scribe scribe(store_, org_, properties_, seed * 100 + 50 + i, acknowledged_);
                for (int n = 0; n < kWrites || reads_.load() < kReads; ++n) {
                    const std::shared_lock not_while_it_restarts = enter();
                    scribe.write();
                }
            });
        }
        for (std::thread& each : writers) each.join();
        ends = true;
        restarter.join();
        for (std::thread& each : readers) each.join();
        judge(reads);
    }

    void judge(const std::vector<std::vector<Read>>& reads) {
        std::size_t count = 0;
        for (const auto& of_one : reads) {
            for (const Read& each : of_one) {
                ++count;
                ASSERT_TRUE(
                    history_->was_so(questions_[each.question], each.bytes, each.first, each.last))
                    << "question " << each.question << " between " << each.first << " and "
                    << each.last << ": " << each.bytes;
                ASSERT_GE(each.told, each.first);
                ASSERT_LE(each.told, each.last);
            }
        }
        EXPECT_GE(count, static_cast<std::size_t>(kReads));
    }

    ManualClock clock_{kTestStart};
    SeededRandom random_{1};
    app::Environment environment_{clock_, random_};
    storage::memory::MemoryStore store_{environment_, storage::Writer::Mode::own_thread};
    HookedStore hooked_{store_};
    TestOrg org_{store_, 1};
    std::vector<PropertyId> properties_;
    std::vector<ReportQuestion> questions_;
    std::optional<ReportHistory> history_;
    Restartable service_;
    std::mutex turnstile_;
    std::shared_mutex writing_;
    std::atomic<int> restarts_ = 0;
    std::atomic<int> hits_ = 0;
    std::atomic<Position> acknowledged_ = 0;
    std::atomic<int> reads_ = 0;
};

TEST_F(ReportCacheThreads, ReadNothingThatIsStale) {
    const std::uint32_t first = first_seed();
    for (std::uint32_t seed = first; seed < first + kRuns; ++seed) {
        SCOPED_TRACE("DAYBOOK_SEED=" + std::to_string(seed));
        ASSERT_NO_FATAL_FAILURE(run(seed));
    }
    EXPECT_GT(restarts_, 0);
    EXPECT_GT(hits_, 0);
}

}  // namespace
}  // namespace daybook::test
