// Errors as RFC 9457 problem documents; the one map from kinds of errors to statuses of HTTP.
#pragma once

#include <string>
#include <string_view>

#include "base/error.h"
#include "http/message.h"
#include "http/refusal.h"

namespace daybook::http {

int http_status(ErrorKind kind);

// "stale_version" reads "Stale version".
std::string problem_title(ErrorCode code);

// What a handler answers when it failed: the status of the error's kind, rendered by the session.
Response problem(Error error);
Response problem(Refusal refusal);

// What the document says beside the error.
struct ProblemSubject {
    std::string_view instance;  // the path of the request, without its query; empty: left out
    std::string_view request_id;
};

// Turns response.error into body and headers: Allow (from the fact "allow") on 405,
// WWW-Authenticate on 401, Retry-After on 429 and 503 (from the fact "retryAfterSeconds", else by
// code). Facts are members, as text.
void render_problem(Response& response, ProblemSubject subject);

}  // namespace daybook::http
