// The session's cookie, and who may write with it.
//
// HttpOnly, so that no script reads it; SameSite=Lax and checked writes (below), so that no other
// site uses it; Secure where the request came over TLS.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "http/message.h"

namespace daybook::http {

inline constexpr std::string_view kSessionCookie = "daybook_session";
inline constexpr std::string_view kConsoleHeader = "daybook-console";

// Its value, from the header Cookie; nullopt if it is not there.
std::optional<std::string_view> session_cookie(const Request& request);

// The value of Set-Cookie.
std::string session_cookie_set(std::string_view session_text, const Request& request);
std::string session_cookie_cleared(const Request& request);

// Whether a write that a cookie lets in, or that sets one, comes from this server's own pages: it
// has `Daybook-Console: 1`, which no form can send, and an Origin of this host. Errors: forbidden.
Status check_own_page(const Request& request);

}  // namespace daybook::http
