// People, their sessions, oneself, and who read the trail.
#pragma once

#include "http/routes_call.h"

namespace daybook::http {

Result<Response> get_me(const ReadCall& call);
Result<Write> update_me(const WriteCall& call);
Result<Response> list_sessions(const ReadCall& call);
Result<Write> end_session(const WriteCall& call);
Result<Write> sign_out(const WriteCall& call);

Result<Response> list_users(const ReadCall& call);
Result<Response> get_user(const ReadCall& call);
// The only answers that ever have a link.
Result<Write> invite_user(const WriteCall& call);
Result<Write> make_user_link(const WriteCall& call);
Result<Write> update_user(const WriteCall& call);
Result<Write> remove_user(const WriteCall& call);

Result<Response> list_accesses(const ReadCall& call);

}  // namespace daybook::http
