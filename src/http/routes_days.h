// Days: who has not closed, closing, reopening, frozen reports; and locks.
#pragma once

#include "http/routes_call.h"

namespace daybook::http {

Result<Response> list_days(const ReadCall& call);
Result<Write> close_day(const WriteCall& call);
Result<Write> reopen_day(const WriteCall& call);
Result<Write> acknowledge_variance(const WriteCall& call);
Result<Response> list_closings(const ReadCall& call);

Result<Response> list_locks(const ReadCall& call);
Result<Write> set_lock(const WriteCall& call);
Result<Write> except_from_lock(const WriteCall& call);

}  // namespace daybook::http
