// Need: a directory for files. Goal: whatever index serves a filter, the embedded store answers as
// the reference does, page by page. Seed: printed with each difference; the books are the same each
// time.
#include <gtest/gtest.h>

#include <random>

#include "storage/memory/store.h"
#include "support/contents.h"
#include "support/sqlite_factory.h"
#include "support/temporary_directory.h"
#include "support/test_org.h"

namespace daybook::test {
namespace {

using domain::EntryStatus;

constexpr int kProperties = 20;  // more than the lanes of EventHistory
constexpr int kEntries = 500;
constexpr int kFilters = 200;

class Dice {
 public:
    explicit Dice(std::uint64_t seed) : engine_(seed) {}
    // 0 to below.
    int roll(int below) { return std::uniform_int_distribution<int>(0, below - 1)(engine_); }
    bool one_in(int sides) { return roll(sides) == 0; }
    template <class T>
    const T& of(const std::vector<T>& list) {
        return list[static_cast<std::size_t>(roll(static_cast<int>(list.size())))];
    }
    template <class T>
    std::vector<T> some(const std::vector<T>& list, int most) {
        std::vector<T> picked;
        for (int i = roll(most) + 1; i > 0; --i) picked.push_back(of(list));  // perhaps twice
        return picked;
    }

 private:
    std::mt19937_64 engine_;
};

domain::BusinessDate some_day(Dice& dice) {
    return day(kTestToday).plus(-dice.roll(40));
}

// The same books in both stores: the same seeds, the same clock.
struct Live {
    explicit Live(app::Store& store, ManualClock& clock) : org(store, 1) {
        Dice dice(7);
        for (int i = 0; i < kProperties; ++i) {
            properties.push_back(org.add_property("Property " + std::to_string(i)));
        }
        for (int i = 0; i < kEntries; ++i) {
            // Now and then the clock is set back.
            clock.advance_ms(dice.one_in(20) ? -60'000 : dice.roll(3) * 500);
            domain::AddEntry add = dice.one_in(3) ? org.revenue(dice.of(properties), 1)
                                                  : org.expense(dice.of(properties), 1);
            if (dice.one_in(5)) add = org.transfer(add.property, 1);
            add.content.amount.minor = 100 * (1 + dice.roll(30));
            add.business_date = some_day(dice);
            if (dice.one_in(4)) add.content.payment_mode = domain::Account::bank;
            if (dice.one_in(3)) add.content.external_id = "R-" + std::to_string(i % 50);
            if (dice.one_in(2)) add.content.description.value = dice.one_in(2) ? "Towels" : "Soap";
            const auto added = org.run(dice.one_in(2) ? org.owner() : org.manager(), single(add));
            if (!added || !added->items[0].result) continue;  // an externalId that is taken
            if (dice.one_in(6)) org.run(domain::DeleteEntry{add.id, 1, "No"});
        }
    }
    TestOrg org;
    std::vector<PropertyId> properties;
};

app::EntryFilter some_entry_filter(Dice& dice, const std::vector<PropertyId>& properties) {
    app::EntryFilter filter;
    filter.properties = dice.one_in(2) ? properties : dice.some(properties, 4);
    if (dice.one_in(4)) filter.kinds = {domain::EntryKind::expense};
    if (dice.one_in(3)) filter.statuses = {EntryStatus::pending};
    if (dice.one_in(4)) filter.statuses = {EntryStatus::deleted, EntryStatus::approved};
    if (dice.one_in(5)) filter.key = "room";
    if (dice.one_in(5)) filter.payment_mode = domain::Account::bank;
    if (dice.one_in(3)) filter.from = some_day(dice);
    if (dice.one_in(3)) filter.to = some_day(dice);
    if (dice.one_in(6)) filter.external_id = "R-" + std::to_string(dice.roll(50));
    if (dice.one_in(5)) filter.text = "oAp";
    filter.sort = static_cast<app::EntrySort>(dice.roll(3));
    filter.order = static_cast<app::SortOrder>(dice.roll(2));
    filter.limit = static_cast<std::size_t>(dice.one_in(2) ? 7 : 100);
    return filter;
}

app::EventFilter some_event_filter(Dice& dice, const Live& live, Instant now) {
    app::EventFilter filter;
    filter.principal = dice.one_in(2) ? live.org.owner()
                       : dice.one_in(2)
                           ? live.org.manager()
                           : live.org.limited(domain::Role::manager, dice.some(live.properties, 3));
    if (dice.one_in(3)) filter.properties = dice.some(live.properties, 30);
    if (dice.one_in(4)) filter.types = dice.some(domain::all_event_types(), 30);
    if (dice.one_in(4)) filter.types = {domain::EventType::expense_added};
    if (dice.one_in(6)) filter.entity_type = domain::EntityType::entry;
    if (dice.one_in(5)) filter.business_from = some_day(dice);
    if (dice.one_in(5)) filter.business_to = some_day(dice);
    if (dice.one_in(3)) filter.recorded_from = Instant{now.ms - dice.roll(400'000)};
    if (dice.one_in(3)) filter.recorded_to = Instant{now.ms - dice.roll(400'000)};
    filter.limit = static_cast<std::size_t>(dice.one_in(2) ? 5 : 100);
    return filter;
}

class SqliteFilters : public testing::Test {
 protected:
    ManualClock clock_{kTestStart};
    SeededRandom random_{1};
    ManualClock reference_clock_{kTestStart};
    SeededRandom reference_random_{1};
    TemporaryDirectory directory_;
    std::unique_ptr<app::Store> store_ = open_sqlite({clock_, random_}, directory_);
    storage::memory::MemoryStore reference_{{reference_clock_, reference_random_}};
    Live live_{*store_, clock_};
    Live reference_live_{reference_, reference_clock_};
};

TEST_F(SqliteFilters, FindTheEntriesThatTheReferenceFinds) {
    const auto snapshot = live_.org.snapshot();
    const auto reference = reference_live_.org.snapshot();
    for (int seed = 0; seed < kFilters; ++seed) {
        SCOPED_TRACE("seed " + std::to_string(seed));
        Dice dice(static_cast<std::uint64_t>(seed));
        app::EntryFilter filter = some_entry_filter(dice, live_.properties);
        for (;;) {
            const auto page = snapshot->entries(filter).value();
            const auto expected = reference->entries(filter).value();
            ASSERT_EQ(page.entries, expected.entries);
            ASSERT_EQ(page.next.has_value(), expected.next.has_value());
            if (!page.next) break;
            ASSERT_EQ(page.next->id, expected.next->id);
            ASSERT_EQ(page.next->value, expected.next->value);
            filter.after = page.next;
        }
    }
}

TEST_F(SqliteFilters, FindTheEventsThatTheReferenceFinds) {
    const auto snapshot = live_.org.snapshot();
    const auto reference = reference_live_.org.snapshot();
    for (int seed = 0; seed < kFilters; ++seed) {
        SCOPED_TRACE("seed " + std::to_string(seed));
        Dice dice(static_cast<std::uint64_t>(seed));
        const app::EventFilter filter = some_event_filter(dice, live_, clock_.now());
        ASSERT_EQ(all_events(*snapshot, filter), all_events(*reference, filter));
    }
}

}  // namespace
}  // namespace daybook::test
