// Whether the node is well, what it counts, and what its API is.
#pragma once

#include "http/routes_call.h"

namespace daybook::http {

// The process answers.
Result<Response> get_health(const Request& request, const Service& service);
// Whether it takes writes: 503 with the reason while it drains, or after a failed sync.
Result<Response> get_readiness(const Request& request, const Service& service);
// Prometheus text.
Result<Response> get_metrics(const Request& request, const Service& service);
Result<Response> get_openapi(const Request& request, const Service& service);

}  // namespace daybook::http
