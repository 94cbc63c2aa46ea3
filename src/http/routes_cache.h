// The report cache as admins see it: what it did for their org, and how to empty it.
#pragma once

#include <string>

#include "http/routes_call.h"

namespace daybook::http {

Result<Response> get_cache_metrics(const NodeCall& call);
// At once, here; on a database that nodes share each of them drops all reports of the org soon
// after. Error: busy, while the database cannot be reached.
Result<Response> clear_cache(const ReadCall& call);

// Of all orgs together, in the Prometheus text format.
void append_cache_metrics(std::string& out, const reports::ReportCache& cache);

}  // namespace daybook::http
