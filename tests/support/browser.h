// Somebody at the console: keeps the session's cookie, and writes as the console does.
#pragma once

#include <string>
#include <string_view>

#include "support/api_server.h"

namespace daybook::test {

class Browser {
 public:
    explicit Browser(ApiServer& server) : server_(server) {}

    // With the cookie and, for writes, Origin and Daybook-Console. More header lines may follow.
    HttpAnswer send(const std::string& method, const std::string& target, std::string body = {},
                    const std::string& headers = {});
    HttpAnswer get(const std::string& target) { return send("GET", target); }
    HttpAnswer post(const std::string& target, std::string body = {}) {
        return send("POST", target, std::move(body));
    }
    HttpAnswer sign_in(const std::string& email, const std::string& password);
    // Opens the account of an invitation or reset.
    HttpAnswer accept(const std::string& link, const std::string& password);

    [[nodiscard]] const std::string& cookie() const { return cookie_; }
    void take_cookie(std::string cookie) { cookie_ = std::move(cookie); }

 private:
    ApiServer& server_;
    std::string cookie_;
};

// What stands behind "#/accept/" in a link.
std::string secret_of_link(const std::string& link);

// Invites somebody in the name of the org's owner, who opens the account at once.
struct NewPerson {
    std::string id;
    std::string email;
};
NewPerson join(ApiServer& server, Browser& browser, const std::string& email,
               const std::string& role, const std::string& scope = R"({"all":true})");

inline constexpr std::string_view kGoodPassword = "blue lamp river";

}  // namespace daybook::test
