// Webhooks: for owners and admins of all properties.
#pragma once

#include "http/routes_call.h"

namespace daybook::http {

Result<Response> list_webhooks(const ReadCall& call);
Result<Response> get_webhook(const ReadCall& call);
Result<Write> add_webhook(const WriteCall& call);
Result<Write> update_webhook(const WriteCall& call);
Result<Write> delete_webhook(const WriteCall& call);
// The last attempts, the newest first.
Result<Response> list_webhook_deliveries(const ReadCall& call);
// Sends one event once more.
Result<Write> replay_webhook(const WriteCall& call);

}  // namespace daybook::http
