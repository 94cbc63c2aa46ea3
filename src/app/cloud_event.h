// An event as it leaves for streams and webhooks: a CloudEvents 1.0 envelope in structured JSON
// (https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/spec.md).
//
// {"specversion":"1.0","id":eventId,"source":"urn:daybook:org:…","type":"daybook.expense_added",
// "subject":"entry/…","time":…,"datacontenttype":"application/json","data":{"event":…,"text":…}}:
// `event` is the stored bytes, which are what was hashed; `text` shows the texts that they seal.
// `source` and `id` together are unique for ever, so a receiver drops repeats by them.
#pragma once

#include <string>

#include "base/result.h"
#include "domain/events.h"

namespace daybook::app {

// On one line, without spaces. Errors: corrupt (the bytes are no event).
Result<std::string> cloud_event(const domain::StoredEvent& event);

}  // namespace daybook::app
