// The history of events.
#pragma once

#include "app/queries.h"
#include "http/routes_call.h"

namespace daybook::http {

Result<Response> list_events(const ReadCall& call);

}  // namespace daybook::http
