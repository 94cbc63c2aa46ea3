// Bodies of requests about days, locks and daily approvals.
#pragma once

#include "domain/commands.h"
#include "http/body_reader.h"

namespace daybook::http {

domain::CloseDay read_close(BodyReader& body);
domain::SetLock read_lock(BodyReader& body);
domain::ExceptFromLock read_lock_exception(BodyReader& body);
domain::SetDailyApproval read_daily_approval(BodyReader& body);

}  // namespace daybook::http
