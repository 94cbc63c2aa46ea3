// Need: files, PostgreSQL. Goal: whatever is asked, in whatever order, the numbers of a closed day
// do not move, no open day stands before a closed one, what is posted is what was counted less what
// should have been there, without what nobody has decided yet, and every day can be opened again.
// Seed: rapidcheck prints it with each property; RC_PARAMS="seed=..." repeats a run.
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <map>
#include <tuple>

#include "base/limits.h"
#include "property/store_property.h"
#include "reports/daily.h"
#include "reports/parts.h"
#include "support/books_player.h"
#include "support/contents.h"
#include "support/generate.h"
#include "support/naive_reports.h"

namespace daybook::test {

namespace {

using domain::Account;
using domain::BusinessDate;
using domain::Closing;
using domain::Entry;

const domain::DateRange kAllDates{BusinessDate::from_days(0), BusinessDate::from_days(84'000)};

// Mostly entries, counts, closings and openings; each step is a batch of its own.
rc::Gen<Step> any_step_of_days() {
    return rc::gen::build<Step>(
        rc::gen::set(&Step::act, rc::gen::weightedOneOf<int>({{6, below(9)},
                                                              {2, between(14, 16)},
                                                              {5, rc::gen::just(17)},
                                                              {2, between(18, 22)},
                                                              {2, below(kActs)}})),
        rc::gen::set(&Step::who, below(6)), rc::gen::set(&Step::place, below(2)),
        rc::gen::set(&Step::target, below(20)), rc::gen::set(&Step::amount, below(6)),
        rc::gen::set(&Step::day, below(6)), rc::gen::set(&Step::variant, below(1'000)),
        rc::gen::set(&Step::hold, rc::gen::just(0)));
}

// Looks at all days after each step, and remembers what closed ones said.
class Judge {
 public:
    explicit Judge(const TestOrg& org) : org_(org) {}

    void look() {
        const auto snapshot = org_.snapshot();
        const auto properties = snapshot->properties().value();
        const reports::Catalogue catalogue(snapshot->categories().value());
        for (const domain::Property& property : properties) {
            const auto through = snapshot->closed_through(property.id).value();
            std::optional<BusinessDate> before;
            for (const Closing& each : snapshot->closings(property.id, kAllDates).value()) {
                if (!each.stands()) continue;
                RC_ASSERT(through.has_value());
                RC_ASSERT(each.date <= *through);
                if (before) RC_ASSERT(each.date == before->plus(1));
                before = each.date;
                const auto report =
                    reports::daily_report(*snapshot, property, catalogue, each.date, 500).value();
                RC_ASSERT(report.status == reports::DayStatus::closed);
                look_at(*snapshot, each, report.numbers);
            }
            if (before) RC_ASSERT(*before == *through);
        }
    }

 private:
    void look_at(app::Snapshot& snapshot, const Closing& closing, reports::Numbers numbers) {
        // Entries that nobody decided may still go.
        numbers.pending = {};
        // Names may change.
        for (auto* parts : {&numbers.revenue_by_source, &numbers.expense_by_category}) {
            for (reports::Part& part : *parts) part.name.clear();
        }
        const auto [kept, is_new] = closed_.try_emplace(
            {closing.property, closing.date, closing.number, closing.revision}, numbers);
        RC_ASSERT(kept->second == numbers);
        if (is_new) look_at_new(snapshot, closing, numbers);
    }

    void look_at_new(app::Snapshot& snapshot, const Closing& closing,
                     const reports::Numbers& numbers) {
        std::int64_t pending = 0;
        for (const Entry& entry : contents_of(snapshot).entries) {
            const bool waits = entry.property == closing.property &&
                               entry.status == domain::EntryStatus::pending &&
                               entry.content.business_date <= closing.date;
            if (waits) pending += naive_effect(entry, Account::cash);
        }
        RC_ASSERT(closing.pending_cash_minor == pending);
        RC_ASSERT(closing.expected_minor == numbers.cash.expected_minor);
        const auto& cash = closing.counted[0];
        if (!cash) {
            RC_ASSERT(numbers.totals.over_short_minor == 0);
            return;
        }
        RC_ASSERT(cash->variance_minor ==
                  cash->counted_minor - numbers.cash.expected_minor - pending);
        RC_ASSERT(numbers.cash.closing_minor == numbers.cash.expected_minor + cash->variance_minor);
    }

    using Key = std::tuple<PropertyId, BusinessDate, std::int64_t, std::int64_t>;
    const TestOrg& org_;
    std::map<Key, reports::Numbers> closed_;
};

class Days : public StoreProperty {};

TEST_P(Days, DoNotMoveOnceTheyAreClosed) {
    check([] {
        const auto steps = *rc::gen::container<std::vector<Step>>(any_step_of_days());
        StoreUnderTest books(GetParam());
        BooksPlayer player(*books.store, books.clock);
        Judge judge(player.org());
        for (const Step& step : steps) {
            player.play({step});
            judge.look();
        }
    });
}

TEST_P(Days, CanAllBeOpenedAgain) {
    check([] {
        const auto steps = *rc::gen::container<std::vector<Step>>(any_step_of_days());
        StoreUnderTest books(GetParam());
        BooksPlayer player(*books.store, books.clock);
        player.play(steps);
        const TestOrg& org = player.org();
        const auto run = [&](app::CommandBody body) {
            return test::run(*books.store, org.command(std::move(body)));
        };
        for (const domain::PeriodLock& lock : org.snapshot()->locks().value()) {
            if (lock.lifted) continue;
            domain::SetLock lift;
            lift.property = lock.property;
            lift.reason = "The accountant is done.";
            RC_ASSERT(run(lift).has_value());
        }
        for (const PropertyId property : player.properties()) {
            const auto first_closed = [&]() -> std::optional<BusinessDate> {
                for (const Closing& each : org.snapshot()->closings(property, kAllDates).value()) {
                    if (each.stands()) return each.date;
                }
                return std::nullopt;
            };
            // From the end, in pieces of what one act may open.
            while (const auto first = first_closed()) {
                const auto through = org.snapshot()->closed_through(property).value();
                RC_ASSERT(through.has_value());
                const BusinessDate from =
                    std::max(*first, through->plus(1 - limits::kCloseDaysMax));
                RC_ASSERT(run(domain::ReopenDay{property, from, "All over again."}).has_value());
                const auto after = org.snapshot()->closed_through(property).value();
                const bool is_open_again = !after || *after < from;
                RC_ASSERT(is_open_again);
            }
        }
    });
}

DAYBOOK_PROPERTY_ON_ALL_STORES(Days);

}  // namespace
}  // namespace daybook::test
