// Need: sockets, files. Goal: of two people who approve the same entry at the same moment over HTTP
// exactly one succeeds, a thousand times, and money is counted once. Seed: the scheduler's.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <barrier>
#include <string>
#include <thread>
#include <vector>

#include "support/api_server.h"
#include "support/contents.h"
#include "support/http_client.h"

namespace daybook::test {
namespace {

constexpr int kEntries = 1'000;
constexpr int kAmountMinor = 7;

class ApiRace : public testing::TestWithParam<StoreKind> {
 protected:
    // By a manager, so that all are pending.
    std::vector<std::string> add_entries() {
        std::string body = R"({"mode":"atomic","entries":[)";
        for (int i = 0; i < kEntries; ++i) {
            body += i == 0 ? "" : ",";
            body += R"({"kind":"expense","propertyId":"{hotel}","amountMinor":)" +
                    std::to_string(kAmountMinor) +
                    R"(,"currency":"EUR","paymentMode":"cash","category":"supplies"})";
        }
        const HttpAnswer added =
            server_.send({"POST", "/v1/finance/entries:batch", body + "]}", "", "manager"});
        EXPECT_EQ(added.status, 201) << added.body.substr(0, 500);
        std::vector<std::string> ids;
        const auto snapshot = server_.store().snapshot(server_.org()).value();
        for (const domain::Entry& each : contents_of(*snapshot).entries) {
            ids.push_back(each.id.to_string());
        }
        return ids;
    }

    // All of them in the same order, each when the other has come as far.
    std::vector<int> approve_all(const std::string& who, const std::vector<std::string>& ids,
                                 std::barrier<>& together) {
        HttpClient client = HttpClient::connect_tcp(server_.port());
        const std::string headers =
            "Authorization: Bearer " + server_.token(who) + "\r\nIf-Match: 1\r\n";
        std::vector<int> statuses;
        for (const std::string& id : ids) {
            together.arrive_and_wait();
            const auto answer =
                client.request("POST", "/v1/finance/expenses/" + id + "/approve", headers);
            statuses.push_back(answer ? answer->status : 0);
        }
        return statuses;
    }

    ApiServer server_{GetParam()};
};

TEST_P(ApiRace, OfTwoApprovalsAtOnceExactlyOneSucceeds) {
    const std::vector<std::string> ids = add_entries();
    ASSERT_EQ(ids.size(), static_cast<std::size_t>(kEntries));
    const Position before = server_.head();
    std::barrier<> together(2);
    std::array<std::vector<int>, 2> statuses;
    {
        const std::jthread admin([&] { statuses[0] = approve_all("admin", ids, together); });
        const std::jthread owner([&] { statuses[1] = approve_all("owner", ids, together); });
    }
    for (std::size_t i = 0; i < ids.size(); ++i) {
        const auto [one, other] = std::minmax(statuses[0][i], statuses[1][i]);
        EXPECT_EQ(one, 200) << ids[i];
        EXPECT_TRUE(other == 409 || other == 412) << ids[i] << ": " << other;
    }
    // Each is one event, and counts once.
    EXPECT_EQ(server_.events_after(before), std::vector<std::string>(kEntries, "expense_approved"));
    const HttpAnswer report = server_.send({"GET", "/v1/reports/daily?propertyId={hotel}"});
    EXPECT_EQ(member(report.body, "totals/expenseMinor"), std::to_string(kEntries * kAmountMinor));
    EXPECT_EQ(member(report.body, "pending/count"), "0");
}

DAYBOOK_TEST_ALL_STORES(ApiRace);

}  // namespace
}  // namespace daybook::test
