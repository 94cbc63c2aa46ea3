// Reports, balances, corrections: what is computed from the totals.
#pragma once

#include "http/routes_call.h"
#include "reports/report.h"

namespace daybook::http {

Result<Response> get_daily_report(const ReadCall& call);
Result<Response> get_range_report(const ReadCall& call);
Result<Response> get_monthly_report(const ReadCall& call);
Result<Response> get_yearly_report(const ReadCall& call);
// A month if one is given, else a year.
Result<Response> get_monthly_yearly_report(const ReadCall& call);

}  // namespace daybook::http
