// The daily gate: may I add here, why not, who can lift it; and lifting it.
#pragma once

#include "http/routes_call.h"

namespace daybook::http {

Result<Response> get_gate(const ReadCall& call);
Result<Write> set_daily_approval(const WriteCall& call);

}  // namespace daybook::http
