// What reports read: the totals of one org, all in one snapshot.
//
// Owned by reports/, implemented by every store. The org is fixed when the source is made (I8).
// Every call may fail with corrupt (a row's checksum is wrong) or io_failed.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/ids.h"
#include "base/result.h"
#include "domain/cash_balance.h"
#include "domain/day.h"
#include "domain/entry.h"
#include "domain/property.h"
#include "domain/totals.h"

namespace daybook::reports {

// Keys of one level: both are days, both months, or both years (domain::period_key); both ends
// belong to it.
struct PeriodRange {
    std::int32_t from;
    std::int32_t to;
};

struct AccountRow {
    std::int32_t period;
    domain::Account account;
    domain::AccountTotals totals;
};

struct CategoryRow {
    std::int32_t period;
    domain::EntryKind kind;
    std::string key;
    domain::CategoryTotals totals;
};

struct PendingRow {
    std::int32_t period;
    domain::EntryKind kind;
    domain::PendingTotals totals;
};

class Source {
 public:
    virtual ~Source() = default;

    // The org's head position in this snapshot: the stamp of whatever is made from it.
    virtual Result<Position> head() = 0;
    virtual Result<domain::Org> org() = 0;
    virtual Result<std::optional<domain::Property>> property(PropertyId id) = 0;
    // All of the org, by name.
    virtual Result<std::vector<domain::Property>> properties() = 0;
    // All of the org, by kind, order and key.
    virtual Result<std::vector<domain::Category>> categories() = 0;

    // Rows of the property within the range, in ascending order of period. Rows of zeros may be
    // left out or not.
    virtual Result<std::vector<AccountRow>> account_rows(PropertyId id, PeriodRange range) = 0;
    virtual Result<std::vector<CategoryRow>> category_rows(PropertyId id, PeriodRange range) = 0;
    virtual Result<std::vector<PendingRow>> pending_rows(PropertyId id, PeriodRange range) = 0;

    // The last count of each account and day within the dates, in ascending order of date.
    virtual Result<std::vector<domain::Count>> last_counts(PropertyId id,
                                                           domain::DateRange dates) = 0;
    // The latest revision of each day within the dates that was ever closed, in ascending order.
    virtual Result<std::vector<domain::Closing>> closings(PropertyId id,
                                                          domain::DateRange dates) = 0;
    // Every day up to it is closed; none if none is.
    virtual Result<std::optional<domain::BusinessDate>> closed_through(PropertyId id) = 0;
    // Entries of the day in any status but deleted, in order of their numbers; at most `limit`.
    virtual Result<std::vector<domain::Entry>> entries_of_day(PropertyId id,
                                                              domain::BusinessDate date,
                                                              std::size_t limit) = 0;
};

}  // namespace daybook::reports
