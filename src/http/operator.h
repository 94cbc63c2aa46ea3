// The machine's own user, who comes over the Unix socket or within the process: whose books they
// name, and in whose name they act. Headers that mean nothing to anybody else.
#pragma once

#include "app/queries.h"
#include "app/report_service.h"
#include "base/clock.h"
#include "base/result.h"
#include "domain/principal.h"
#include "http/message.h"

namespace daybook::http {

// Errors: unknown_parameter, for whoever is no operator and says what only they may.
Status check_no_operator_headers(const Request& request);

// Errors: missing_field, invalid_value.
Result<OrgId> org_of_operator(const Request& request);

// The operator of the machine, or the user in whose name they act. Errors: invalid_value, and those
// of the snapshot.
Result<domain::Principal> acting_operator(app::Snapshot& snapshot, const Request& request,
                                          Instant now);

// Where nothing is read, and nobody acts in another's name. Errors: unknown_parameter, and those of
// org_of_operator() and ReportService::operator_of().
Result<domain::Principal> plain_operator(const app::ReportService& reports, const Request& request);

}  // namespace daybook::http
