// Change requests as JSON.
#pragma once

#include "base/json_writer.h"
#include "domain/entry.h"
#include "domain/principal.h"
#include "http/message.h"

namespace daybook::http {

void write_change(JsonWriter& json, const domain::ChangeRequest& request);
// Without the property that it moves to, where the principal may not see that.
domain::ChangeRequest as_seen_by(const domain::Principal& principal, domain::ChangeRequest request);
// 202: nothing has changed yet; where it waits.
Response change_requested(const domain::ChangeRequest& request);

}  // namespace daybook::http
