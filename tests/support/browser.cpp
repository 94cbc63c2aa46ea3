// Cookies in and out.
#include "support/browser.h"

#include <stdexcept>

namespace daybook::test {

HttpAnswer Browser::send(const std::string& method, const std::string& target, std::string body,
                         const std::string& headers) {
    std::string lines = headers;
    if (!cookie_.empty()) lines += "Cookie: theme=dark; daybook_session=" + cookie_ + "\r\n";
    if (method != "GET") lines += "Origin: http://localhost\r\nDaybook-Console: 1\r\n";
    HttpAnswer answer = server_.send({method, target, std::move(body), lines, "nobody"});
    const std::string set = answer.header("set-cookie");
    if (set.starts_with("daybook_session=")) {
        const std::size_t begin = set.find('=') + 1;
        cookie_ = set.substr(begin, set.find(';') - begin);
    }
    return answer;
}

HttpAnswer Browser::sign_in(const std::string& email, const std::string& password) {
    return post("/v1/auth/sign-in",
                R"({"email":")" + email + R"(","password":")" + password + R"("})");
}

HttpAnswer Browser::accept(const std::string& link, const std::string& password) {
    return post("/v1/auth/accept",
                R"({"token":")" + secret_of_link(link) + R"(","password":")" + password + R"("})");
}

std::string secret_of_link(const std::string& link) {
    const std::string_view kPath = "/#/accept/";
    const std::size_t at = link.find(kPath);
    if (at == std::string::npos) throw std::runtime_error("no link: " + link);
    return link.substr(at + kPath.size());
}

NewPerson join(ApiServer& server, Browser& browser, const std::string& email,
               const std::string& role, const std::string& scope) {
    const HttpAnswer invited =
        server.send({"POST", "/v1/users",
                     R"({"name":"Person","email":")" + email + R"(","role":")" + role +
                         R"(","scope":)" + scope + "}"});
    const HttpAnswer joined =
        browser.accept(member(invited.body, "link"), std::string(kGoodPassword));
    if (joined.status != 200) throw std::runtime_error(invited.body + joined.body);
    return {member(invited.body, "user/id"), email};
}

}  // namespace daybook::test
