// Need: a directory for files. Goal: where anything that the daily gate asks for cannot be read,
// nothing is added: it fails closed.
#include <gtest/gtest.h>

#include <string>

#include "storage/memory/store.h"
#include "storage/sqlite/store.h"
#include "support/contents.h"
#include "support/temporary_directory.h"
#include "support/test_org.h"

namespace daybook::test {
namespace {

// An org with the gate on, and a manager with an undecided entry of an earlier day.
struct ClosedGate {
    explicit ClosedGate(app::Store& store) : org(store, 1), hotel(org.add_property("Hotel")) {
        rita = org.manager();
        rita.user = UserId{numbered_uuid(91)};
        domain::ChangeSettings settings;
        settings.daily_gate = true;
        org.run(settings).value();
        domain::AddEntry late = org.expense(hotel, 100);
        late.business_date = day("2026-03-13");
        org.add(rita, late);
    }

    TestOrg org;
    PropertyId hotel;
    domain::Principal rita;
};

TEST(GateFailsClosed, WhicheverReadFails) {
    ManualClock clock{kTestStart};
    SeededRandom random{1};
    const app::Environment environment{clock, random};
    storage::memory::MemoryStore store(environment);
    ClosedGate books(store);
    const Contents before = contents_of(*books.org.snapshot());
    bool was_refused_by_the_gate = false;
    for (int nth = 1; !was_refused_by_the_gate; ++nth) {
        ASSERT_LT(nth, 100);
        store.fail_later(storage::memory::Operation::load, nth, ErrorCode::io_failed);
        const auto outcome = books.org.run(books.rita, single(books.org.expense(books.hotel, 100)));
        ASSERT_FALSE(outcome.has_value()) << nth;
        was_refused_by_the_gate = outcome.error().code == ErrorCode::gate_closed;
        if (!was_refused_by_the_gate) EXPECT_EQ(outcome.error().code, ErrorCode::io_failed) << nth;
    }
    EXPECT_EQ(contents_of(*books.org.snapshot()), before);
}

TEST(GateFailsClosed, WhereItsRowIsDamaged) {
    ManualClock clock{kTestStart};
    SeededRandom random{1};
    const TemporaryDirectory directory;
    const storage::sqlite::StoreOptions options{
        .directory = directory.path(), .clock = clock, .random = random};
    const auto store = storage::sqlite::open_store(options).value();
    ClosedGate books(*store);
    const std::string path = (directory.path() / storage::sqlite::kDatabaseFile).string();
    storage::sqlite::Database::open(path, storage::sqlite::Access::write, "")
        .value()
        ->execute("update undecided set count = 0")
        .value();
    EXPECT_EQ(refusal(books.org.run(books.rita, single(books.org.expense(books.hotel, 100)))),
              ErrorCode::corrupt);
    EXPECT_TRUE(books.org.run(single(books.org.expense(books.hotel, 100))));
}

}  // namespace
}  // namespace daybook::test
