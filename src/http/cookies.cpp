// Reading one cookie, writing it, and comparing Origin with Host.
#include "http/cookies.h"

#include "base/limits.h"

namespace daybook::http {
namespace {

std::string_view trimmed(std::string_view text) {
    while (text.starts_with(' ') || text.starts_with('\t')) text.remove_prefix(1);
    while (text.ends_with(' ') || text.ends_with('\t')) text.remove_suffix(1);
    return text;
}

std::string with_attributes(std::string cookie, const Request& request) {
    cookie += "; Path=/; HttpOnly; SameSite=Lax";
    if (request.is_secure) cookie += "; Secure";
    return cookie;
}

// "host:port" of "http://host:port"; empty for what is no such origin, also for "null".
std::string_view authority_of(std::string_view origin) {
    for (const std::string_view scheme : {"http://", "https://"}) {
        if (origin.starts_with(scheme)) return origin.substr(scheme.size());
    }
    return {};
}

}  // namespace

std::optional<std::string_view> session_cookie(const Request& request) {
    std::string_view rest = request.header("cookie").value_or("");
    while (!rest.empty()) {
        const std::size_t end = std::min(rest.find(';'), rest.size());
        const std::string_view cookie = trimmed(rest.substr(0, end));
        rest.remove_prefix(std::min(end + 1, rest.size()));
        const std::size_t equals = cookie.find('=');
        if (equals != std::string_view::npos && cookie.substr(0, equals) == kSessionCookie) {
            return cookie.substr(equals + 1);
        }
    }
    return std::nullopt;
}

std::string session_cookie_set(std::string_view session_text, const Request& request) {
    std::string cookie(kSessionCookie);
    cookie += '=';
    cookie += session_text;
    cookie += "; Max-Age=" + std::to_string(limits::kSessionMsMax / 1'000);
    return with_attributes(std::move(cookie), request);
}

std::string session_cookie_cleared(const Request& request) {
    return with_attributes(std::string(kSessionCookie) + "=; Max-Age=0", request);
}

Status check_own_page(const Request& request) {
    if (request.header(kConsoleHeader) != "1") {
        return fail(ErrorCode::forbidden,
                    "Signing in and writing with a cookie need the header Daybook-Console: 1. "
                    "Programs use a token: Authorization: Bearer dbk_…");
    }
    const std::string_view from = authority_of(request.header("origin").value_or(""));
    if (!from.empty() && from == request.header("host").value_or("")) return {};
    return fail(ErrorCode::forbidden,
                "The header Origin must be that of this server. A proxy must pass Host on as it "
                "came.");
}

}  // namespace daybook::http
