// The fold goes into a store of its own, and both are read in the same way.
#include "simulation/books_check.h"

#include <memory>
#include <string>
#include <utility>

#include "app/unit_of_work.h"
#include "reports/parts.h"
#include "reports/period.h"
#include "simulation/broken.h"
#include "storage/memory/backend.h"
#include "storage/memory/snapshot.h"
#include "support/contents.h"
#include "support/naive_reports.h"

namespace daybook::simulation {
namespace {

// The books as the log alone makes them, without the log.
test::Contents folded(app::Snapshot& snapshot, OrgId org, const app::Environment& environment) {
    storage::memory::MemoryBackend nothing;
    app::WriteTransaction& transaction = *nothing.begin().value();
    app::UnitOfWork work(transaction, environment);
    for (const domain::RecordedEvent& event : test::decoded_log(snapshot)) {
        work.fold(event).value();
        work.accept();
    }
    app::Changes rows = work.take_changes();
    rows.heads[org].position = snapshot.head().value();
    // Frozen reports belong to the log.
    for (const auto& [key, closing] : rows.closings) {
        rows.frozen_reports.push_back(
            {org, closing.report, snapshot.frozen_report(closing.report).value().value()});
    }
    auto books = std::make_shared<storage::memory::Books>();
    storage::memory::apply(*books, org, rows);
    Mutex mutex;
    storage::memory::MemorySnapshot made(org, std::move(books), mutex);
    return test::contents_of(made);
}

void check_fold(test::Contents kept, test::Contents made) {
    kept.log.clear();
    made.log.clear();
    const auto require_same = [](const auto& one, const auto& other, const char* what) {
        require(one == other, std::string("I1: the log makes other ") + what);
    };
    require_same(kept.org, made.org, "settings");
    require_same(kept.properties, made.properties, "properties");
    require_same(kept.users, made.users, "people");
    require_same(kept.entries, made.entries, "entries");
    require_same(kept.closings, made.closings, "closings");
    require_same(kept.accounts, made.accounts, "totals");
    require_same(kept.undecided, made.undecided, "counts of undecided entries");
    require_same(kept.change_requests, made.change_requests, "change requests");
    require_same(kept.daily_approvals, made.daily_approvals, "daily approvals");
    require_same(kept.notifications, made.notifications, "notifications");
    require_same(kept, made, "rows");
}

test::Books books_of(const test::Contents& contents) {
    test::Books books;
    books.org = contents.org.value();
    books.properties = contents.properties;
    books.categories = contents.categories;
    books.entries.assign(contents.entries.begin(), contents.entries.end());
    books.adjustments.assign(contents.adjustments.begin(), contents.adjustments.end());
    books.counts.assign(contents.counts.begin(), contents.counts.end());
    for (const auto& [closing, report] : contents.closings) books.closings.push_back(closing);
    for (const auto& [property, through] : contents.closed_through) {
        if (through) books.closed_through[property] = *through;
    }
    return books;
}

void check_reports(app::Snapshot& snapshot, const test::Books& books) {
    const reports::Catalogue catalogue(books.categories);
    for (const domain::Property& property : books.properties) {
        for (const int month : {1, 2, 3}) {
            const auto plan = reports::plan_period(reports::MonthAsked{2026, month}, {}).value();
            const auto report = reports::period_report(snapshot, property, catalogue, plan).value();
            require(report.numbers == test::naive_numbers(books, property, plan.period.dates,
                                                          test::PartNames::shown),
                    "I7: a month is not what its entries say");
            for (std::size_t i = 1; i < report.steps.size(); ++i) {
                const reports::Numbers& before = report.steps[i - 1].numbers;
                const reports::Numbers& after = report.steps[i].numbers;
                require(before.cash.closing_minor == after.cash.opening_minor &&
                            before.bank.closing_minor == after.bank.opening_minor,
                        "I7: a day does not open with what the day before closed with");
            }
        }
    }
}

}  // namespace

void check_books(const test::TestOrg& org, const app::Environment& environment) {
    const auto snapshot = org.snapshot();
    const test::Contents contents = test::contents_of(*snapshot);
    check_fold(contents, folded(*snapshot, org.id(), environment));
    check_reports(*snapshot, books_of(contents));
}

}  // namespace daybook::simulation
