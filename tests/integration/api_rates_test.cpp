// Need: sockets, files. Goal: whoever asks too often is told when to come back, an org is counted
// as a whole, entries of bulks count one by one, and others do not notice.
#include <gtest/gtest.h>

#include <string>

#include "support/api_server.h"

namespace daybook::test {
namespace {

class ApiRates : public testing::TestWithParam<StoreKind> {
 protected:
    HttpAnswer get(const std::string& as) { return server_.send({"GET", "/v1/me", "", "", as}); }
    HttpAnswer bulk(int entries) {
        std::string body = R"({"mode":"atomic","entries":[)";
        for (int i = 0; i < entries; ++i) {
            body += i == 0 ? "" : ",";
            body += R"({"kind":"expense","propertyId":"{hotel}","amountMinor":1,"currency":"EUR",)"
                    R"("paymentMode":"cash","category":"supplies"})";
        }
        return server_.send({"POST", "/v1/finance/entries:batch", body + "]}"});
    }

    // A caller: 2 a second, 5 at once; an org: 4 a second, 8 at once.
    app::RateLimiter rates_{{2, 5}, {4, 8}};
    ApiServer server_{GetParam(), {}, &rates_};
};

TEST_P(ApiRates, TellWhenToComeBack) {
    for (int i = 0; i < 5; ++i) EXPECT_EQ(get("owner").status, 200);
    const HttpAnswer refused = get("owner");
    EXPECT_EQ(refused.status, 429);
    EXPECT_EQ(member(refused.body, "code"), "rate_limited");
    EXPECT_EQ(refused.header("retry-after"), "1");
    server_.clock().advance_ms(1'000);
    EXPECT_EQ(get("owner").status, 200);
}

TEST_P(ApiRates, CountAnOrgAsAWholeAndNoOther) {
    for (int i = 0; i < 5; ++i) EXPECT_EQ(get("owner").status, 200);
    for (int i = 0; i < 3; ++i) EXPECT_EQ(get("manager").status, 200);
    EXPECT_EQ(get("manager").status, 429);
    EXPECT_EQ(get("auditor").status, 429);
    EXPECT_EQ(get("other").status, 200);
    // Strangers take nothing of it, and need no permission to ask how the node is.
    EXPECT_EQ(server_.send({"GET", "/healthz", "", "", "nobody"}).status, 200);
}

TEST_P(ApiRates, CountEachEntryOfABulk) {
    EXPECT_EQ(bulk(4).status, 201);
    EXPECT_EQ(get("owner").status, 200);
    const Position head = server_.head();
    EXPECT_EQ(bulk(2).status, 429);
    EXPECT_EQ(server_.head(), head);
}

DAYBOOK_TEST_ALL_STORES(ApiRates);

}  // namespace
}  // namespace daybook::test
