// Whether somebody of a role may call a route at all; which properties they may see is decided
// further in.
#pragma once

#include "base/result.h"
#include "domain/principal.h"
#include "http/router.h"

namespace daybook::http {

// Errors: forbidden.
Status check_role(const domain::Principal& principal, Caller caller);

}  // namespace daybook::http
