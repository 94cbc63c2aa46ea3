// Why the transport refuses a request before any handler sees it.
#pragma once

#include <string>
#include <utility>

#include "base/error.h"

namespace daybook::http {

// The status is given apart from the error: HTTP has statuses of its own for what is too long or
// too slow, the list of codes has not. After a refusal the connection is closed: where the next
// request would begin is no longer certain.
struct Refusal {
    int status = 400;
    Error error;
};

inline Refusal refusal(int status, ErrorCode code, std::string detail) {
    return Refusal{status, daybook::error(code, std::move(detail))};
}

inline Refusal malformed(std::string detail) {
    return refusal(400, ErrorCode::malformed, std::move(detail));
}

}  // namespace daybook::http
