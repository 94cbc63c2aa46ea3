// Need: sockets, files. Goal: attacks of docs/security.md that no other test stands for: secrets in
// addresses, bombs, and headers that only a proxy may set.
#include <gtest/gtest.h>

#include <string>

#include "http/forwarded.h"
#include "support/browser.h"

namespace daybook::test {
namespace {

class ApiAttacks : public testing::TestWithParam<StoreKind> {
 protected:
    int status_of(const ApiRequest& request) { return server_.send(request).status; }

    ApiServer server_{GetParam()};
};

// Addresses are kept in histories and logs: nothing that lets anybody in is taken from one.
TEST_P(ApiAttacks, TakesNoSecretFromAnAddress) {
    const std::string token = server_.token("owner");
    for (const char* name : {"access_token", "token", "key", "authorization", "daybook_session"}) {
        const std::string query = "?" + std::string(name) + "=" + token;
        EXPECT_EQ(status_of({"GET", "/v1/me" + query, "", "", "nobody"}), 401) << name;
        EXPECT_EQ(status_of({"GET", "/v1/me" + query, "", "", "owner"}), 400) << name;
    }
    Browser browser(server_);
    const auto invited = server_.send(
        {"POST", "/v1/users", R"({"name":"A","email":"a@example.com","role":"manager"})"});
    const std::string link = member(invited.body, "link");
    // What stands behind '#' is never sent, neither to a server nor in a Referer.
    EXPECT_LT(link.find('#'), link.find("dbl_")) << link;
    EXPECT_EQ(
        status_of({"POST", "/v1/auth/accept?token=" + secret_of_link(link), "{}", "", "nobody"}),
        400);
}

TEST_P(ApiAttacks, UnpacksNothing) {
    const std::string body = R"({"name":"T","role":"manager"})";
    EXPECT_EQ(status_of({"POST", "/v1/tokens", body, "Content-Encoding: gzip\r\n"}), 415);
    EXPECT_EQ(status_of({"POST", "/v1/tokens", body, "Content-Encoding: br\r\n"}), 415);
    EXPECT_EQ(status_of({"POST", "/v1/tokens", body, "Content-Encoding: identity\r\n"}), 201);
}

TEST_P(ApiAttacks, DefusesJson) {
    const auto refused = [&](const std::string& body) {
        return status_of({"POST", "/v1/tokens", body});
    };
    EXPECT_EQ(refused(std::string(100'000, '[')), 400);
    EXPECT_EQ(refused(R"({"name":)" + std::string(1'000, '{') + "}"), 400);
    std::string wide = "{";
    for (int i = 0; i < 10'000; ++i) wide += "\"k" + std::to_string(i) + "\":1,";
    EXPECT_EQ(refused(wide + "\"z\":1}"), 400);
    std::string many = R"({"properties":[)";
    for (int i = 0; i < 200'000; ++i) many += "1,";
    EXPECT_GE(refused(many + "1]}"), 400);
    EXPECT_EQ(refused(R"({"name":"a","name":"b","role":"manager"})"), 400);
    EXPECT_EQ(refused(R"({"name":"a","role":"manager","expiresAt":1e400})"), 400);
}

// The org comes from the token alone, whatever else a request says.
TEST_P(ApiAttacks, TakesTheOrgFromTheCallerAlone) {
    for (const char* header : {"Daybook-Org: {otherOrg}\r\n", "Daybook-User: {otherOrg}\r\n"}) {
        EXPECT_EQ(status_of({"GET", "/v1/settings", "", header}), 400) << header;
    }
    EXPECT_EQ(status_of({"GET", "/v1/settings?orgId={otherOrg}"}), 400);
    EXPECT_EQ(status_of({"PATCH", "/v1/settings", R"({"orgId":"{otherOrg}"})", "If-Match: 1\r\n"}),
              400);
}

http::Request from(std::string peer, std::vector<http::Header> headers) {
    http::Request request;
    request.peer_address = std::move(peer);
    request.headers = std::move(headers);
    return request;
}

TEST(ForwardedHeaders, AreBelievedOfProxiesThatWereNamedAlone) {
    const std::vector<std::string> trusted{"127.0.0.1", "10.0.0.2"};
    const auto seen = [&](const std::string& peer, const std::string& forwarded) {
        http::Request request =
            from(peer, {{"x-forwarded-for", forwarded}, {"x-forwarded-proto", "https"}});
        http::believe_proxy(request, trusted);
        return request.peer_address + (request.is_secure ? " secure" : "");
    };
    EXPECT_EQ(seen("127.0.0.1", "192.0.2.7"), "192.0.2.7 secure");
    EXPECT_EQ(seen("192.0.2.9", "192.0.2.7"), "192.0.2.9");
    // What a client wrote stands further left.
    EXPECT_EQ(seen("127.0.0.1", "203.0.113.1, 192.0.2.7"), "192.0.2.7 secure");
    EXPECT_EQ(seen("127.0.0.1", "203.0.113.1, 192.0.2.7, 10.0.0.2"), "192.0.2.7 secure");
    EXPECT_EQ(seen("127.0.0.1", "2001:db8::1"), "2001:db8::1 secure");
    EXPECT_EQ(seen("127.0.0.1", "::ffff:192.0.2.7"), "::ffff:192.0.2.7 secure");
    // With its port, each connection would be another address.
    EXPECT_EQ(seen("127.0.0.1", "192.0.2.7:4711"), "127.0.0.1 secure");
    EXPECT_EQ(seen("127.0.0.1", "<script>"), "127.0.0.1 secure");
    EXPECT_EQ(seen("127.0.0.1", ""), "127.0.0.1 secure");
    // Several lines are one list.
    http::Request request =
        from("127.0.0.1", {{"x-forwarded-for", "203.0.113.1"}, {"x-forwarded-for", "192.0.2.7"}});
    http::believe_proxy(request, trusted);
    EXPECT_EQ(request.peer_address, "192.0.2.7");
    EXPECT_FALSE(request.is_secure);
}

TEST(ForwardedHeaders, AreBelievedOfANetworkOfProxies) {
    const std::vector<std::string> trusted{"10.42.0.0/16", "fd00:7::/32"};
    const auto seen = [&](const std::string& peer, const std::string& forwarded) {
        http::Request request = from(peer, {{"x-forwarded-for", forwarded}});
        http::believe_proxy(request, trusted);
        return request.peer_address;
    };
    EXPECT_EQ(seen("10.42.255.9", "192.0.2.7"), "192.0.2.7");
    EXPECT_EQ(seen("10.43.0.1", "192.0.2.7"), "10.43.0.1");
    EXPECT_EQ(seen("fd00:7::1", "203.0.113.1, 192.0.2.7, 10.42.0.1"), "192.0.2.7");
    EXPECT_EQ(seen("fd00:8::1", "192.0.2.7"), "fd00:8::1");
    EXPECT_EQ(seen("not an address", "192.0.2.7"), "not an address");
}

DAYBOOK_TEST_ALL_STORES(ApiAttacks);

}  // namespace
}  // namespace daybook::test
