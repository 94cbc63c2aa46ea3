// The stream of events (SSE) and its poll.
#pragma once

#include <optional>

#include "http/routes_call.h"

namespace daybook::http {

Result<Response> open_stream(const ReadCall& call);
Result<std::optional<Response>> poll(const ReadCall& call, AnswerLater later);

}  // namespace daybook::http
