// What waits for a decision, and deciding it: the inbox, and changes of approved entries.
#pragma once

#include "domain/commands.h"
#include "http/routes_call.h"

namespace daybook::http {

Result<Response> list_approvals(const ReadCall& call);
Result<Write> decide_many(const WriteCall& call);

// The change of the entry that the path names.
Result<Response> get_change(const ReadCall& call);
MakeWrite decide_change(domain::ChangeDecision decision);

}  // namespace daybook::http
