// Closed days with all their revisions, the reports that were frozen, and locks.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/rows.h"
#include "storage/sql/run.h"

namespace daybook::storage::sql {

class DayTable {
 public:
    explicit DayTable(Connection& connection);

    Result<std::optional<domain::Closing>> latest(const app::PropertyKey& property,
                                                  domain::BusinessDate date);
    // Of each day the latest revision, by date.
    Result<std::vector<domain::Closing>> latest_between(const app::PropertyKey& property,
                                                        domain::DateRange dates);
    // Of one day, the first one first.
    Result<std::vector<domain::Closing>> revisions(const app::PropertyKey& property,
                                                   domain::BusinessDate date);
    // By property and date.
    Result<std::vector<domain::Closing>> unacknowledged(OrgId org);
    Status put(OrgId org, const domain::Closing& closing);

    Result<std::optional<std::string>> frozen_report(OrgId org, const Hash& hash);
    Status keep(const app::FrozenReport& report);

    Result<std::optional<domain::PeriodLock>> lock(const app::LockKey& key);
    Result<std::vector<domain::PeriodLock>> locks(OrgId org);
    Status put(OrgId org, const domain::PeriodLock& lock);

    Result<std::optional<domain::LockException>> lock_exception(const app::LockExceptionKey& key);
    Result<std::vector<domain::LockException>> lock_exceptions(OrgId org);
    Status put(OrgId org, const domain::LockException& exception);

 private:
    Statement latest_;
    Statement between_;
    Statement unacknowledged_;
    Statement put_closing_;
    Statement report_;
    Statement keep_report_;
    Statement lock_;
    Statement locks_;
    Statement put_lock_;
    Statement exception_;
    Statement exceptions_;
    Statement put_exception_;
};

void add_day_queries(std::vector<const Query*>& queries);

}  // namespace daybook::storage::sql
