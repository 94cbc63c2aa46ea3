// What the parameters of a report ask for.
#pragma once

#include "http/routes_call.h"

namespace daybook::http {

Result<app::ReportAsked> get_daily_report(const Request& request);
Result<app::ReportAsked> get_range_report(const Request& request);
Result<app::ReportAsked> get_monthly_report(const Request& request);
Result<app::ReportAsked> get_yearly_report(const Request& request);
// A month if one is given, else a year.
Result<app::ReportAsked> get_monthly_yearly_report(const Request& request);

}  // namespace daybook::http
