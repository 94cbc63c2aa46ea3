// Answers a repeated request from its events: the entities as they stood right after it (design,
// section 8).
#pragma once

#include "app/command.h"
#include "app/unit_of_work.h"
#include "base/result.h"
#include "domain/principal.h"

namespace daybook::app {

// Errors: idempotency_mismatch (another body or route), already_created (its answer is not kept),
// not_found (what it made is no longer the principal's to see).
Result<Outcome> replay(UnitOfWork& work, const domain::Principal& principal, const Command& command,
                       const IdempotencyRecord& record);

}  // namespace daybook::app
