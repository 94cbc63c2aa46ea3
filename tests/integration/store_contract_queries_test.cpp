// Need: a directory for files. Goal: every filter, sort and cursor of app/queries.h means the same
// in every store, and what a loop over all rows would find.
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <random>

#include "support/contents.h"
#include "support/store_kinds.h"

namespace daybook::test {
namespace {

using domain::Entry;
using domain::EntryKind;
using domain::EntryStatus;
using domain::RecordedEvent;

class StoreContractQueries : public StoreContract {
 protected:
    StoreContractQueries() {
        for (int i = 0; i < 120; ++i) add_some_entry(i);
        change_some_entries();
        org_.run(domain::PostCorrection{org_.new_id<AdjustmentId>(), hostel_, domain::Account::cash,
                                        std::nullopt, 5, "Found under the counter"})
            .value();
        snapshot_ = org_.snapshot();
        everything_.properties = {hotel_, hostel_};
        everything_.statuses = {EntryStatus::pending, EntryStatus::approved, EntryStatus::rejected,
                                EntryStatus::deleted};
        everything_.limit = 1'000;
        entries_ = snapshot_->entries(everything_).value().entries;
        log_ = decoded_log(*snapshot_);
    }

    int any(int below) { return static_cast<int>(engine_() % static_cast<unsigned>(below)); }

    void add_some_entry(int i) {
        clock_.advance_ms(any(3));
        const PropertyId property = any(3) == 0 ? hostel_ : hotel_;
        domain::AddEntry add = any(3) == 0   ? org_.transfer(property, 1 + any(9))
                               : any(2) == 0 ? org_.revenue(property, 1 + any(9))
                                             : org_.expense(property, 1 + any(9));
        add.business_date = day("2026-02-20").plus(any(20));
        if (add.kind != EntryKind::transfer && any(2) == 0) {
            add.content.payment_mode = domain::Account::bank;
            add.content.key = "other";
        }
        if (any(3) == 0) add.content.description.value = "Fresh Towels";
        if (any(4) == 0) add.content.party.value = "TOWEL & Co";
        if (any(5) == 0) add.content.reference.value = "tow-el";
        if (any(6) == 0) add.content.external_id = "R-" + std::to_string(i);
        ids_.push_back(org_.add(any(2) == 0 ? org_.owner() : org_.manager(), add).id);
    }

    void change_some_entries() {
        for (std::size_t i = 0; i < ids_.size(); i += 5) {
            clock_.advance_ms(1);
            const Entry entry = org_.entry(ids_[i]);
            if (entry.status == EntryStatus::pending && i % 2 == 0) {
                org_.run(domain::DecideEntry{entry.id, 1, domain::Decision::reject, "No."}).value();
            } else if (i % 3 == 0) {
                org_.run(domain::DeleteEntry{entry.id, 1, {}}).value();
            } else {
                domain::UpdateEntry update{entry.id, 1, {}};
                update.patch.business_date = entry.content.business_date.plus(-40);
                org_.run(update).value();
            }
        }
    }

    void expect_entries(const app::EntryFilter& filter,
                        const std::function<bool(const Entry&)>& accepts) {
        std::vector<Entry> expected;
        std::ranges::copy_if(entries_, std::back_inserter(expected), accepts);
        EXPECT_EQ(snapshot_->entries(filter).value().entries, expected);
        EXPECT_FALSE(expected.empty());
        EXPECT_LT(expected.size(), entries_.size());
    }

    void expect_events(const app::EventFilter& filter,
                       const std::function<bool(const RecordedEvent&)>& accepts) {
        std::vector<Position> expected;
        for (const RecordedEvent& event : log_) {
            if (accepts(event)) expected.push_back(event.position);
        }
        EXPECT_EQ(all_events(*snapshot_, filter), expected);
        EXPECT_FALSE(expected.empty());
        EXPECT_LT(expected.size(), log_.size());
    }

    app::EventFilter by_owner() {
        app::EventFilter filter;
        filter.principal = org_.owner();
        return filter;
    }

    std::mt19937 engine_{7};
    TestOrg org_{store(), 1};
    PropertyId hotel_ = org_.add_property("Hotel");
    PropertyId hostel_ = org_.add_property("Hostel");
    std::vector<EntryId> ids_;
    app::EntryFilter everything_;
    std::unique_ptr<app::Snapshot> snapshot_;
    std::vector<Entry> entries_;
    std::vector<RecordedEvent> log_;
};

TEST_P(StoreContractQueries, ShowsAllButDeletedEntriesInTheScope) {
    EXPECT_EQ(entries_.size(), 120U);
    app::EntryFilter filter = everything_;
    filter.statuses = {};
    expect_entries(filter, [](const Entry& e) { return e.status != EntryStatus::deleted; });
    filter = everything_;
    filter.properties = {hostel_};
    expect_entries(filter, [&](const Entry& e) { return e.property == hostel_; });
    filter.properties = {};
    EXPECT_TRUE(snapshot_->entries(filter).value().entries.empty());
}

TEST_P(StoreContractQueries, FiltersEntriesByKindStatusKeyAndPaymentMode) {
    app::EntryFilter filter = everything_;
    filter.kinds = {EntryKind::revenue};
    expect_entries(filter, [](const Entry& e) { return e.kind == EntryKind::revenue; });
    filter.kinds = {EntryKind::expense, EntryKind::transfer};
    expect_entries(filter, [](const Entry& e) { return e.kind != EntryKind::revenue; });
    filter = everything_;
    filter.statuses = {EntryStatus::pending, EntryStatus::deleted};
    expect_entries(filter, [](const Entry& e) {
        return e.status == EntryStatus::pending || e.status == EntryStatus::deleted;
    });
    filter = everything_;
    filter.key = "other";
    expect_entries(filter, [](const Entry& e) { return e.content.key == "other"; });
    for (const domain::Account account : domain::kAccounts) {
        filter = everything_;
        filter.payment_mode = account;
        expect_entries(filter, [&](const Entry& e) {
            return e.kind != EntryKind::transfer && e.content.payment_mode == account;
        });
    }
}

TEST_P(StoreContractQueries, FiltersEntriesByDateExternalIdAndText) {
    app::EntryFilter filter = everything_;
    filter.from = day("2026-03-01");
    expect_entries(filter,
                   [](const Entry& e) { return e.content.business_date >= day("2026-03-01"); });
    filter.to = day("2026-03-01");
    expect_entries(filter,
                   [](const Entry& e) { return e.content.business_date == day("2026-03-01"); });
    const auto with_id = std::ranges::find_if(
        entries_, [](const Entry& e) { return !e.content.external_id.empty(); });
    filter = everything_;
    filter.external_id = with_id->content.external_id;
    expect_entries(filter, [&](const Entry& e) { return e.id == with_id->id; });
    filter = everything_;
    filter.text = "tOWEl";
    expect_entries(filter, [](const Entry& e) {
        return !e.content.description.empty() || !e.content.party.empty();
    });
    filter.text = "W-E";
    expect_entries(filter, [](const Entry& e) { return !e.content.reference.empty(); });
    // Nothing in it has another meaning.
    for (const char* text : {"%", "_", "*", "?", "t_w", "'", "\\"}) {
        filter.text = text;
        EXPECT_TRUE(snapshot_->entries(filter).value().entries.empty()) << text;
    }
    filter.text = "& c";
    expect_entries(filter, [](const Entry& e) { return !e.content.party.empty(); });
}

TEST_P(StoreContractQueries, CombinesFilters) {
    app::EntryFilter filter = everything_;
    filter.properties = {hotel_};
    filter.kinds = {EntryKind::expense, EntryKind::revenue};
    filter.statuses = {EntryStatus::approved};
    filter.payment_mode = domain::Account::cash;
    filter.from = day("2026-02-22");
    filter.text = "towel";
    expect_entries(filter, [&](const Entry& e) {
        return e.property == hotel_ && e.kind != EntryKind::transfer &&
               e.status == EntryStatus::approved &&
               e.content.payment_mode == domain::Account::cash &&
               e.content.business_date >= day("2026-02-22") &&
               (!e.content.description.empty() || !e.content.party.empty());
    });
}

std::int64_t sort_value(app::EntrySort sort, const Entry& entry) {
    switch (sort) {
        case app::EntrySort::business_date: return entry.content.business_date.days();
        case app::EntrySort::recorded_at: return entry.created_at.ms;
        case app::EntrySort::amount_minor: return entry.content.amount.minor;
    }
    return 0;
}

TEST_P(StoreContractQueries, PagesThroughEverySortWithoutGapsOrRepeats) {
    using enum app::EntrySort;
    for (const auto sort : {business_date, recorded_at, amount_minor}) {
        for (const auto order : {app::SortOrder::ascending, app::SortOrder::descending}) {
            std::vector<Entry> expected = entries_;
            std::ranges::sort(expected, [&](const Entry& one, const Entry& other) {
                const auto left = std::tuple(sort_value(sort, one), one.id);
                const auto right = std::tuple(sort_value(sort, other), other.id);
                return order == app::SortOrder::ascending ? left < right : right < left;
            });
            app::EntryFilter filter = everything_;
            filter.sort = sort;
            filter.order = order;
            filter.limit = 7;
            EXPECT_EQ(all_entries(*snapshot_, filter), expected);
            filter.limit = expected.size();
            EXPECT_FALSE(snapshot_->entries(filter).value().next);
        }
    }
}

TEST_P(StoreContractQueries, PagesThroughAThousandEntries) {
    const PropertyId resort = org_.add_property("Resort");
    for (int bulk = 0; bulk < 10; ++bulk) {
        clock_.advance_ms(any(2));
        app::AddEntries add;
        add.mode = app::BatchMode::atomic;
        for (int i = 0; i < 100; ++i) {
            add.entries.push_back(org_.expense(resort, 1 + any(50)));
            add.entries.back().business_date = day("2026-01-10").plus(any(30));
        }
        org_.run(add).value();
    }
    const auto snapshot = org_.snapshot();
    using enum app::EntrySort;
    for (const auto sort : {business_date, recorded_at, amount_minor}) {
        app::EntryFilter filter;
        filter.properties = {resort};
        filter.sort = sort;
        filter.limit = 97;
        const auto found = all_entries(*snapshot, filter);
        ASSERT_EQ(found.size(), 1'000U);
        EXPECT_TRUE(std::ranges::is_sorted(found, std::greater{}, [&](const Entry& entry) {
            return std::tuple(sort_value(sort, entry), entry.id);
        }));
    }
}

TEST_P(StoreContractQueries, ShowsEventsByAudienceAndScope) {
    EXPECT_EQ(all_events(*snapshot_, by_owner()).size(), log_.size());
    app::EventFilter filter;
    filter.principal = org_.limited(domain::Role::manager, {hostel_});
    expect_events(filter, [&](const RecordedEvent& event) {
        return domain::may_see(filter.principal, event.event.type, event.event.property,
                               event.event.entity);
    });
    filter.properties = {hostel_};
    expect_events(filter,
                  [&](const RecordedEvent& event) { return event.event.property == hostel_; });
    filter.properties = {hotel_};
    EXPECT_TRUE(all_events(*snapshot_, filter).empty());
}

TEST_P(StoreContractQueries, FiltersEventsByWhatTheyAreAbout) {
    app::EventFilter filter = by_owner();
    filter.entity_type = domain::EntityType::category;
    expect_events(filter, [](const RecordedEvent& event) {
        return event.event.entity.type == domain::EntityType::category;
    });
    filter = by_owner();
    filter.entity = ids_[0].value;
    expect_events(
        filter, [&](const RecordedEvent& event) { return event.event.entity.id == ids_[0].value; });
    filter.entity_type = domain::EntityType::count;
    EXPECT_TRUE(all_events(*snapshot_, filter).empty());
    filter = by_owner();
    filter.types = {domain::EventType::expense_added, domain::EventType::revenue_deleted};
    expect_events(filter, [&](const RecordedEvent& event) {
        return event.event.type == filter.types[0] || event.event.type == filter.types[1];
    });
    filter.properties = {hotel_};
    filter.types = {domain::EventType::expense_added};
    expect_events(filter, [&](const RecordedEvent& event) {
        return event.event.type == filter.types[0] && event.event.property == hotel_;
    });
}

TEST_P(StoreContractQueries, FiltersEventsByUser) {
    domain::Principal somebody = org_.owner();
    somebody.user = org_.new_id<UserId>();
    org_.add(somebody, org_.expense(hotel_, 3));
    snapshot_ = org_.snapshot();
    log_ = decoded_log(*snapshot_);
    app::EventFilter filter = by_owner();
    filter.user = somebody.user;
    expect_events(filter, [&](const RecordedEvent& event) { return event.user == somebody.user; });
}

TEST_P(StoreContractQueries, FiltersEventsByTime) {
    const auto first_to_last = [](const RecordedEvent& event) {
        const auto& dates = event.event.affected_report_dates;
        return domain::DateRange{dates.front(), dates.back()};
    };
    app::EventFilter filter = by_owner();
    filter.business_from = day("2026-03-01");
    expect_events(filter, [&](const RecordedEvent& event) {
        return !event.event.affected_report_dates.empty() &&
               first_to_last(event).to >= day("2026-03-01");
    });
    // An edit that moved an entry over these days affects none of them, and is found.
    filter.business_to = day("2026-03-02");
    expect_events(filter, [&](const RecordedEvent& event) {
        return !event.event.affected_report_dates.empty() &&
               first_to_last(event).to >= day("2026-03-01") &&
               first_to_last(event).from <= day("2026-03-02");
    });
    filter = by_owner();
    filter.recorded_from = log_[40].at;
    expect_events(filter, [&](const RecordedEvent& event) { return event.at >= log_[40].at; });
    filter.recorded_to = log_[60].at;
    expect_events(filter, [&](const RecordedEvent& event) {
        return event.at >= log_[40].at && event.at <= log_[60].at;
    });
}

TEST_P(StoreContractQueries, PagesThroughEvents) {
    app::EventFilter filter = by_owner();
    filter.limit = 7;
    EXPECT_EQ(all_events(*snapshot_, filter).size(), log_.size());
    const app::EventPage page = snapshot_->events(filter).value();
    ASSERT_EQ(page.events.size(), 7U);
    EXPECT_EQ(page.next, 7);
    filter.after = static_cast<Position>(log_.size()) - 1;
    const app::EventPage last = snapshot_->events(filter).value();
    EXPECT_EQ(last.events.size(), 1U);
    EXPECT_FALSE(last.next);
    filter.after = static_cast<Position>(log_.size()) + 5;
    EXPECT_TRUE(snapshot_->events(filter).value().events.empty());
    filter.after = 0;
    filter.types = {domain::EventType::category_added};
    filter.limit = 2;
    EXPECT_EQ(all_events(*snapshot_, filter).size(), domain::starter_categories().size());
}

TEST_P(StoreContractQueries, ReadsTotalsInOrderOfPeriod) {
    const auto days = snapshot_->account_rows(hotel_, {20'260'225, 20'260'305}).value();
    EXPECT_FALSE(days.empty());
    EXPECT_TRUE(std::ranges::is_sorted(days, {}, &reports::AccountRow::period));
    const auto keys = snapshot_->category_rows(hotel_, {20'260'225, 20'260'305}).value();
    EXPECT_TRUE(std::ranges::is_sorted(keys, {}, &reports::CategoryRow::period));
    const auto pending = snapshot_->pending_rows(hotel_, {20'260'225, 20'260'305}).value();
    EXPECT_TRUE(std::ranges::is_sorted(pending, {}, &reports::PendingRow::period));
    domain::AccountTotals sum;
    for (const auto& row : snapshot_->account_rows(hotel_, {202'601, 202'612}).value()) {
        EXPECT_TRUE(row.period >= 202'601 && row.period <= 202'612);
        sum += row.totals;
    }
    for (const auto& row : snapshot_->account_rows(hotel_, {2'026, 2'026}).value()) {
        sum -= row.totals;
    }
    EXPECT_TRUE(sum.is_zero());
    EXPECT_TRUE(snapshot_->account_rows(hotel_, {2'027, 2'030}).value().empty());
}

DAYBOOK_TEST_ALL_STORES(StoreContractQueries);

}  // namespace
}  // namespace daybook::test
