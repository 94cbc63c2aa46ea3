// Need: files, PostgreSQL. Goal: whatever is asked of the books, in whatever order, their tables
// are a pure fold of the events (I1), the chain verifies (I4), numbers have no gaps, and sums are
// sums.
// Seed: rapidcheck prints it with each property; RC_PARAMS="seed=..." repeats a run.
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <cstdlib>
#include <map>

#include "app/event_codec.h"
#include "app/unit_of_work.h"
#include "property/store_property.h"
#include "storage/memory/store.h"
#include "support/books_player.h"
#include "support/contents.h"
#include "support/generate.h"
#include "support/naive_reports.h"

namespace daybook::test {

namespace {

using domain::Account;
using domain::Entry;
using domain::EntryStatus;

rc::Gen<Step> any_step() {
    return rc::gen::build<Step>(
        rc::gen::set(&Step::act, below(kActs)), rc::gen::set(&Step::who, below(6)),
        rc::gen::set(&Step::place, below(3)), rc::gen::set(&Step::target, below(20)),
        rc::gen::set(&Step::amount, below(9)), rc::gen::set(&Step::day, below(10)),
        rc::gen::set(&Step::variant, below(1'000)), rc::gen::set(&Step::hold, below(3)));
}

// The rows as the commits have left them.
class Tables final : public app::CommitListener {
 public:
    void committed(const app::Changes& changes) override {
        keep(rows.orgs, changes.orgs);
        keep(rows.properties, changes.properties);
        keep(rows.counters, changes.counters);
        keep(rows.categories, changes.categories);
        keep(rows.tokens, changes.tokens);
        keep(rows.webhooks, changes.webhooks);
        keep(rows.users, changes.users);
        keep(rows.entries, changes.entries);
        keep(rows.reversed_minor, changes.reversed_minor);
        keep(rows.change_requests, changes.change_requests);
        keep(rows.counts, changes.counts);
        keep(rows.adjustments, changes.adjustments);
        keep(rows.closings, changes.closings);
        keep(rows.locks, changes.locks);
        keep(rows.lock_exceptions, changes.lock_exceptions);
        keep(rows.undecided, changes.undecided);
        keep(rows.daily_approvals, changes.daily_approvals);
        keep(rows.notifications, changes.notifications);
        keep(rows.account_totals, changes.account_totals);
        keep(rows.category_totals, changes.category_totals);
        keep(rows.pending_totals, changes.pending_totals);
    }

    app::Changes rows;

 private:
    template <class Rows>
    static void keep(Rows& rows, const Rows& changed) {
        for (const auto& [key, row] : changed) rows[key] = row;
    }
};

// A store, and what was played on it.
struct Played {
    explicit Played(const StoreKind& kind, const std::vector<Step>& steps) : books(kind) {
        books.store->listen(tables);
        BooksPlayer player(*books.store, books.clock);
        player.play(steps);
        org = player.org().id();
        properties = player.properties();
        const auto snapshot = books.store->snapshot(org).value();
        contents = contents_of(*snapshot);
        log = decoded_log(*snapshot);
    }

    Tables tables;
    StoreUnderTest books;
    OrgId org;
    std::vector<PropertyId> properties;
    Contents contents;
    std::vector<domain::RecordedEvent> log;
};

class Fold : public StoreProperty {
 protected:
    // judge(const Played&), of any steps.
    template <class Judge>
    static void check_played(Judge judge) {
        check(
            [&] { judge(Played(GetParam(), *rc::gen::container<std::vector<Step>>(any_step()))); });
    }
};

// Every row, made from the decoded events alone.
app::Changes folded(const std::vector<domain::RecordedEvent>& log,
                    const app::Environment& environment) {
    storage::memory::MemoryBackend nothing;
    app::UnitOfWork work(*nothing.begin().value(), environment);
    for (const domain::RecordedEvent& event : log) {
        work.fold(event).value();
        work.accept();
    }
    return work.take_changes();
}

TEST_P(Fold, MakesTheSameRowsFromTheLog) {
    check_played([](const Played& played) {
        const app::Changes& kept = played.tables.rows;
        const app::Changes made = folded(played.log, played.books.environment);
        RC_ASSERT(made.orgs == kept.orgs);
        RC_ASSERT(made.properties == kept.properties);
        RC_ASSERT(made.counters == kept.counters);
        RC_ASSERT(made.categories == kept.categories);
        RC_ASSERT(made.tokens == kept.tokens);
        RC_ASSERT(made.webhooks == kept.webhooks);
        RC_ASSERT(made.users == kept.users);
        RC_ASSERT(made.entries == kept.entries);
        RC_ASSERT(made.reversed_minor == kept.reversed_minor);
        RC_ASSERT(made.change_requests == kept.change_requests);
        RC_ASSERT(made.counts == kept.counts);
        RC_ASSERT(made.adjustments == kept.adjustments);
        RC_ASSERT(made.closings == kept.closings);
        RC_ASSERT(made.locks == kept.locks);
        RC_ASSERT(made.lock_exceptions == kept.lock_exceptions);
        RC_ASSERT(made.undecided == kept.undecided);
        RC_ASSERT(made.daily_approvals == kept.daily_approvals);
        RC_ASSERT(made.notifications == kept.notifications);
        RC_ASSERT(made.account_totals == kept.account_totals);
        RC_ASSERT(made.category_totals == kept.category_totals);
        RC_ASSERT(made.pending_totals == kept.pending_totals);
        // And they are what is read.
        RC_ASSERT(played.contents.entries.size() == made.entries.size());
        for (const Entry& entry : played.contents.entries) {
            RC_ASSERT(made.entries.at({played.org, entry.id}) == entry);
        }
    });
}

TEST_P(Fold, ChainsAndSealsEveryEvent) {
    check_played([](const Played& played) {
        Hash hash = app::chain_start(played.org);
        for (const auto& [bytes, texts, prev, own] : played.contents.log) {
            RC_ASSERT(prev == hash);
            hash = app::chain_hash(prev, bytes);
            RC_ASSERT(own == hash);
            RC_ASSERT(app::check_private(bytes, texts).has_value());
        }
        RC_ASSERT(played.contents.head == std::ssize(played.contents.log));
    });
}

TEST_P(Fold, NumbersEntriesWithoutGaps) {
    check_played([](const Played& played) {
        for (const PropertyId property : played.properties) {
            std::vector<std::int64_t> numbers;
            for (const Entry& entry : played.contents.entries) {
                if (entry.property == property) numbers.push_back(entry.number);
            }
            std::ranges::sort(numbers);
            for (std::size_t i = 0; i < numbers.size(); ++i) {
                RC_ASSERT(numbers[i] == static_cast<std::int64_t>(i) + 1);
            }
            const auto counters = played.tables.rows.counters.find({played.org, property});
            const bool is_new = counters == played.tables.rows.counters.end();
            RC_ASSERT((is_new ? 1 : counters->second.next_number) == std::ssize(numbers) + 1);
        }
    });
}

bool stands(const Entry& entry) {
    return entry.status == EntryStatus::pending || entry.status == EntryStatus::approved;
}

TEST_P(Fold, KeepsTheTurnoverOfWhatStands) {
    check_played([](const Played& played) {
        for (const domain::Property& property : played.contents.properties) {
            std::int64_t turnover = std::abs(property.opening(Account::cash)) +
                                    std::abs(property.opening(Account::bank));
            for (const Entry& entry : played.contents.entries) {
                const bool counts = entry.property == property.id && stands(entry);
                if (counts) turnover += entry.content.amount.minor;
            }
            for (const domain::Adjustment& adjustment : played.contents.adjustments) {
                if (adjustment.property == property.id)
                    turnover += std::abs(adjustment.amount_minor);
            }
            const auto counters = played.tables.rows.counters.find({played.org, property.id});
            const bool is_new = counters == played.tables.rows.counters.end();
            RC_ASSERT((is_new ? 0 : counters->second.turnover_minor) == turnover);
        }
    });
}

TEST_P(Fold, CountsWhatIsUndecidedByAuthorAndDate) {
    check_played([](const Played& played) {
        std::map<app::UndecidedKey, std::int64_t> expected;
        for (const Entry& entry : played.contents.entries) {
            if (entry.status != EntryStatus::pending) continue;
            ++expected[{played.org, entry.property, entry.created_by, entry.content.business_date}];
        }
        auto kept = played.tables.rows.undecided;
        std::erase_if(kept, [](const auto& each) { return each.second == 0; });
        RC_ASSERT(kept == expected);
    });
}

TEST_P(Fold, AddsUpToTheSameAtEveryLevel) {
    check_played([](const Played& played) {
        using Cell = std::tuple<PropertyId, Account, std::int32_t>;
        std::map<Cell, std::int64_t> expected;
        const auto add = [&](PropertyId property, Account account, domain::BusinessDate date,
                             std::int64_t minor) {
            for (const std::int32_t part : {1, 100, 10'000}) {
                expected[{property, account, date.key() / part}] += minor;
            }
        };
        for (const Entry& entry : played.contents.entries) {
            if (entry.status != EntryStatus::approved) continue;
            for (const Account account : domain::kAccounts) {
                add(entry.property, account, entry.content.business_date,
                    naive_effect(entry, account));
            }
        }
        for (const domain::Adjustment& adjustment : played.contents.adjustments) {
            add(adjustment.property, adjustment.account, adjustment.date, adjustment.amount_minor);
        }
        std::map<Cell, std::int64_t> found;
        for (const auto& [property, period, account, totals] : played.contents.accounts) {
            found[{property, account, period}] = totals.net();
        }
        std::erase_if(expected, [](const auto& cell) { return cell.second == 0; });
        std::erase_if(found, [](const auto& cell) { return cell.second == 0; });
        RC_ASSERT(found == expected);
    });
}

TEST_P(Fold, ReversesNoMoreThanThereIs) {
    check_played([](const Played& played) {
        std::map<EntryId, std::int64_t> taken;
        for (const Entry& entry : played.contents.entries) {
            if (entry.content.reverses && stands(entry)) {
                taken[*entry.content.reverses] += entry.content.amount.minor;
            }
        }
        for (std::size_t i = 0; i < played.contents.entries.size(); ++i) {
            const Entry& entry = played.contents.entries[i];
            RC_ASSERT(played.contents.reversed_minor[i] == taken[entry.id]);
            RC_ASSERT(taken[entry.id] <= entry.content.amount.minor);
            if (taken[entry.id] > 0) RC_ASSERT(entry.status == EntryStatus::approved);
        }
    });
}

DAYBOOK_PROPERTY_ON_ALL_STORES(Fold);

}  // namespace
}  // namespace daybook::test
