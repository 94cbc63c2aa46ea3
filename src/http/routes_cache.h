// The report cache as admins see it: what it did for their org, and how to empty it.
#pragma once

#include <string>

#include "http/routes_call.h"

namespace daybook::http {

Result<Response> get_cache_metrics(const NodeCall& call);
Result<Response> clear_cache(const NodeCall& call);

// Of all orgs together, in the Prometheus text format.
void append_cache_metrics(std::string& out, const reports::ReportCache& cache);

}  // namespace daybook::http
