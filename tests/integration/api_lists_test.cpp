// Lists, exports and CSV: every item once, in order, and harmless.
#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "support/api_server.h"

namespace daybook::test {
namespace {

class ApiLists : public testing::TestWithParam<StoreKind> {
 protected:
    // `count` entries of all kinds in both properties, on some days, with amounts that repeat.
    void add_entries(int count) {
        std::string body = R"({"mode":"atomic","entries":[)";
        for (int i = 0; i < count; ++i) {
            const std::string property = i % 3 == 0 ? "{hostel}" : "{hotel}";
            const std::string date = "2026-03-" + std::to_string(10 + i % 5);
            const std::string kind =
                i % 2 == 0 ? R"("expense","category":"other")" : R"("revenue","source":"room")";
            if (i > 0) body += ",";
            body += R"({"kind":)" + kind + R"(,"propertyId":")" + property + R"(","amountMinor":)" +
                    std::to_string(100 + i % 7) +
                    R"(,"currency":"EUR","paymentMode":"cash","businessDate":")" + date + "\"}";
        }
        ASSERT_EQ(server_.send({"POST", "/v1/finance/entries:batch", body + "]}"}).status, 201);
    }

    // A member of every item of all pages.
    std::vector<std::string> all_pages(const std::string& target, const std::string& path) {
        std::vector<std::string> values;
        std::string cursor;
        for (int page = 0; page < 100; ++page) {
            const HttpAnswer answer = server_.send({"GET", target + cursor});
            EXPECT_EQ(answer.status, 200) << answer.body;
            for (int i = 0;; ++i) {
                std::string value = member(answer.body, "data/" + std::to_string(i) + "/" + path);
                if (value == "missing") break;
                values.push_back(std::move(value));
            }
            const std::string next = member(answer.body, "nextCursor");
            if (next == "null") return values;
            cursor = "&cursor=" + next;
        }
        ADD_FAILURE() << "the pages do not end";
        return values;
    }

    ApiServer server_{GetParam()};
};

TEST_P(ApiLists, PageThroughEntriesInEveryOrder) {
    add_entries(41);
    const std::string base = "/v1/finance/entries?limit=7";
    for (const char* sort : {"businessDate", "recordedAt", "amountMinor"}) {
        for (const char* order : {"asc", "desc"}) {
            const std::string target = base + "&sort=" + sort + "&order=" + order;
            const auto ids = all_pages(target, "id");
            EXPECT_EQ(ids.size(), 41U) << target;
            EXPECT_EQ(std::set<std::string>(ids.begin(), ids.end()).size(), 41U) << target;
            const std::string path = sort == std::string("recordedAt") ? "createdAt" : sort;
            auto values = all_pages(target, path);
            if (order == std::string("desc")) std::ranges::reverse(values);
            EXPECT_TRUE(std::ranges::is_sorted(values)) << target;
        }
    }
    const HttpAnswer first = server_.send({"GET", base});
    const std::string cursor = member(first.body, "nextCursor");
    const HttpAnswer other_sort =
        server_.send({"GET", base + "&sort=amountMinor&cursor=" + cursor});
    EXPECT_EQ(other_sort.status, 400);
    EXPECT_EQ(member(other_sort.body, "errors/0/pointer"), "/cursor");
}

TEST_P(ApiLists, FilterEntries) {
    add_entries(30);
    const auto count = [&](const std::string& query) {
        return all_pages("/v1/finance/entries?limit=1000&" + query, "id").size();
    };
    EXPECT_EQ(count("propertyId={hostel}"), 10U);
    EXPECT_EQ(count("propertyId={hostel}&propertyId={hotel}"), 30U);
    EXPECT_EQ(count("kind=expense"), 15U);
    EXPECT_EQ(count("source=room&kind=revenue&kind=expense"), 15U);
    EXPECT_EQ(count("category=room"), 0U);
    EXPECT_EQ(count("from=2026-03-10&to=2026-03-10"), 6U);
    EXPECT_EQ(count("from=2026-03-14"), 6U);
    EXPECT_EQ(count("status=pending"), 0U);
    EXPECT_EQ(count("paymentMode=bank"), 0U);
}

TEST_P(ApiLists, PageThroughTheInboxOldestFirst) {
    for (int i = 0; i < 5; ++i) {
        server_.clock().advance_ms(60'000);
        const std::string body = R"({"propertyId":"{hotel}","amountMinor":)" +
                                 std::to_string(i + 1) +
                                 R"(,"currency":"EUR","paymentMode":"cash","source":"room"})";
        ASSERT_EQ(server_.send({"POST", "/v1/finance/revenues", body, "", "manager"}).status, 201);
    }
    const auto amounts = all_pages("/v1/finance/approvals?limit=2", "entry/amountMinor");
    EXPECT_EQ(amounts, (std::vector<std::string>{"1", "2", "3", "4", "5"}));
    const auto ages = all_pages("/v1/finance/approvals?limit=2", "ageSeconds");
    EXPECT_EQ(ages, (std::vector<std::string>{"240", "180", "120", "60", "0"}));
    const HttpAnswer inbox = server_.send({"GET", "/v1/finance/approvals?limit=2"});
    EXPECT_EQ(member(inbox.body, "totals/0/revenueMinor"), "15");
    EXPECT_EQ(member(inbox.body, "totals/0/count"), "5");
}

TEST_P(ApiLists, PageThroughTheHistoryFromEitherEnd) {
    add_entries(12);
    const auto positions = all_pages("/v1/finance/events?limit=5", "position");
    EXPECT_EQ(positions.size(), static_cast<std::size_t>(server_.head()));
    EXPECT_EQ(positions.front(), "1");
    const auto hashes = all_pages("/v1/finance/events?limit=5", "hash");
    const auto before = all_pages("/v1/finance/events?limit=5", "prevHash");
    EXPECT_TRUE(std::equal(hashes.begin(), hashes.end() - 1, before.begin() + 1));
    const auto after =
        all_pages("/v1/finance/events?limit=5&afterPosition=" + std::to_string(server_.head() - 12),
                  "event/eventType");
    EXPECT_EQ(after.size(), 12U);
    const auto of_hostel =
        all_pages("/v1/finance/events?propertyId={hostel}&businessFrom=2026-03-01", "position");
    EXPECT_EQ(of_hostel.size(), 4U);
    EXPECT_EQ(all_pages("/v1/finance/events?recordedFrom=2026-03-16T00:00:00Z", "position").size(),
              0U);
    EXPECT_EQ(all_pages("/v1/finance/events?entityType=token&limit=3", "position").size(), 6U);
}

TEST_P(ApiLists, CarryTheStoredBytes) {
    add_entries(2);
    const auto snapshot =
        server_.store().snapshot(*OrgId::parse(server_.names().at("org"))).value();
    const auto log = snapshot->log(0, 1'000).value();
    const HttpAnswer history = server_.send({"GET", "/v1/finance/events?limit=1000"});
    const HttpAnswer exported = server_.send({"GET", "/v1/exports/events"});
    EXPECT_EQ(exported.header("content-type"), "application/jsonl");
    EXPECT_EQ(std::ranges::count(exported.body, '\n'), server_.head());
    for (const domain::StoredEvent& event : log) {
        EXPECT_NE(history.body.find("\"event\":" + event.bytes + ","), std::string::npos);
        EXPECT_NE(exported.body.find("\"event\":" + event.bytes + ","), std::string::npos);
    }
    EXPECT_EQ(history.body.find("\"salt\""), std::string::npos);
    EXPECT_EQ(exported.body.find("\"salt\""), std::string::npos);
}

TEST_P(ApiLists, MakeCsvHarmless) {
    const std::string body =
        R"body({"propertyId":"{hotel}","amountMinor":123450,"currency":"EUR",)body"
        R"body("paymentMode":"cash","category":"other","description":"=HYPERLINK(\"x\")",)body"
        R"body("party":"@me","reference":"-1"})body";
    ASSERT_EQ(server_.send({"POST", "/v1/finance/expenses", body}).status, 201);
    for (const char* target : {"/v1/finance/entries?format=csv", "/v1/exports/entries"}) {
        const HttpAnswer csv = server_.send({"GET", target});
        ASSERT_EQ(csv.status, 200);
        EXPECT_TRUE(csv.header("content-type").starts_with("text/csv")) << target;
        EXPECT_EQ(std::ranges::count(csv.body, '\n'), 2) << csv.body;
        EXPECT_NE(csv.body.find(",1234.50,EUR,cash,other,"), std::string::npos) << csv.body;
        EXPECT_NE(csv.body.find(R"cell("'=HYPERLINK(""x"")")cell"), std::string::npos) << csv.body;
        EXPECT_NE(csv.body.find(",'@me,"), std::string::npos) << csv.body;
        EXPECT_NE(csv.body.find(",'-1,"), std::string::npos) << csv.body;
    }
}

TEST_P(ApiLists, PageCsvToo) {
    add_entries(5);
    const HttpAnswer first = server_.send({"GET", "/v1/finance/entries?format=csv&limit=3"});
    EXPECT_EQ(std::ranges::count(first.body, '\n'), 4);
    const std::string cursor = first.header("daybook-next-cursor");
    ASSERT_NE(cursor, "");
    const HttpAnswer second =
        server_.send({"GET", "/v1/finance/entries?format=csv&limit=3&cursor=" + cursor});
    EXPECT_EQ(std::ranges::count(second.body, '\n'), 3);
    EXPECT_FALSE(second.has_header("daybook-next-cursor"));
}

TEST_P(ApiLists, ExportEveryEntryOnce) {
    // More than one page of limits::kPageMax.
    add_entries(1'000);
    add_entries(500);
    const HttpAnswer lines = server_.send({"GET", "/v1/exports/entries?format=jsonl"});
    EXPECT_TRUE(lines.is_complete);
    std::set<std::string> ids;
    std::size_t begin = 0;
    for (std::size_t end = lines.body.find('\n'); end != std::string::npos;
         begin = end + 1, end = lines.body.find('\n', begin)) {
        ids.insert(member(lines.body.substr(begin, end - begin), "id"));
    }
    EXPECT_EQ(ids.size(), 1'500U);
    const HttpAnswer csv = server_.send({"GET", "/v1/exports/entries?propertyId={hostel}"});
    EXPECT_EQ(std::ranges::count(csv.body, '\n'), 1 + 334 + 167);
    EXPECT_EQ(csv.header("daybook-position"), std::to_string(server_.head()));
}

TEST_P(ApiLists, ReportAsCsvAndTable) {
    add_entries(4);
    for (const char* format : {"csv", "table"}) {
        const HttpAnswer report = server_.send(
            {"GET", "/v1/reports/monthly?year=2026&month=3&format=" + std::string(format)});
        EXPECT_EQ(report.status, 200);
        EXPECT_NE(report.body.find("Hotel Aurora"), std::string::npos) << report.body;
    }
}

DAYBOOK_TEST_ALL_STORES(ApiLists);

}  // namespace
}  // namespace daybook::test
