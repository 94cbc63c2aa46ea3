// What others did that concerns whoever asks, and what of it was read.
#pragma once

#include "http/routes_call.h"

namespace daybook::http {

Result<Response> list_notifications(const ReadCall& call);
Result<Write> mark_notifications_read(const WriteCall& call);

}  // namespace daybook::http
