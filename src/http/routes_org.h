// What belongs to an org rather than to its books: properties, settings, tokens, imports, and orgs
// themselves.
#pragma once

#include "http/routes_call.h"

namespace daybook::http {

Result<Response> list_properties(const ReadCall& call);
Result<Response> get_property(const ReadCall& call);
Result<Write> add_property(const WriteCall& call);
Result<Write> update_property(const WriteCall& call);

Result<Response> get_settings(const ReadCall& call);
Result<Write> update_settings(const WriteCall& call);

Result<Response> list_tokens(const ReadCall& call);
// The only answer that ever has the token's secret.
Result<Write> add_token(const WriteCall& call);
Result<Write> scope_token(const WriteCall& call);
Result<Write> revoke_token(const WriteCall& call);

Result<Write> add_import(const WriteCall& call);
// The demo's bookings into an org without books of its own; answers when they are there.
Result<std::optional<Response>> load_demo(const ReadCall& call, AnswerLater later);

// The operator's.
Result<Response> list_orgs(const Request& request, const Service& service);
Result<Write> add_org(const WriteCall& call);

}  // namespace daybook::http
