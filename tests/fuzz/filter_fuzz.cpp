// Fuzzes the filters of lists, exports and reports: a byte that chooses one of them, and its query.
//
// Over books that do not change. Every answer is a 200, or a problem that says what is wrong; a
// list read by pages of two is the list read at once, whatever its filters and its order.
#include <algorithm>
#include <array>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/check.h"
#include "http/target.h"
#include "support/api_server.h"

namespace daybook::test {
namespace {

namespace json = boost::json;

constexpr std::array<std::string_view, 24> kLists{"/v1/finance/entries",
                                                  "/v1/finance/expenses",
                                                  "/v1/finance/revenues",
                                                  "/v1/finance/transfers",
                                                  "/v1/finance/events",
                                                  "/v1/finance/approvals",
                                                  "/v1/notifications",
                                                  "/v1/access-log",
                                                  "/v1/finance/dead-letters",
                                                  "/v1/finance/cash-balances",
                                                  "/v1/finance/adjustments",
                                                  "/v1/finance/categories",
                                                  "/v1/finance/days",
                                                  "/v1/finance/gate",
                                                  "/v1/reports/daily",
                                                  "/v1/reports/range",
                                                  "/v1/reports/monthly",
                                                  "/v1/reports/yearly",
                                                  "/v1/reports/monthly-yearly",
                                                  "/v1/exports/entries",
                                                  "/v1/exports/events",
                                                  "/v1/properties",
                                                  "/v1/users",
                                                  "/v1/locks"};
// The first of them are read by pages.
constexpr std::size_t kPagedLists = 7;
constexpr int kPagesMax = 100;

void add_entries(ApiServer& server) {
    constexpr std::array<std::string_view, 3> kEnds{R"("paymentMode":"cash","category":"supplies")",
                                                    R"("paymentMode":"bank","source":"room")",
                                                    R"("from":"cash","to":"owner")"};
    constexpr std::array<std::string_view, 3> kPlurals{"expenses", "revenues", "transfers"};
    for (int n = 0; n < 12; ++n) {
        const std::size_t kind = static_cast<std::size_t>(n) % kEnds.size();
        const std::string body =
            R"({"propertyId":")" + std::string(n % 2 == 0 ? "{hotel}" : "{hostel}") +
            R"(","amountMinor":)" + std::to_string(100 + n / 2) + R"(,"currency":"EUR",)" +
            R"("businessDate":"2026-03-1)" + std::to_string(n / 3) + R"(","externalId":"x)" +
            std::to_string(n) + R"(","description":"Nº )" + std::to_string(n) + R"(",)" +
            std::string(kEnds.at(kind)) + "}";
        const std::string who = n % 4 == 0 ? "manager" : "owner";
        const auto made =
            server.send({"POST", "/v1/finance/" + std::string(kPlurals.at(kind)), body, "", who});
        CHECK(made.status == 201);
    }
}

ApiServer& server() {
    static const std::unique_ptr<ApiServer> kServer = [] {
        auto made = std::make_unique<ApiServer>(store_kinds().front());
        add_entries(*made);
        return made;
    }();
    return *kServer;
}

struct Asked {
    int status = 0;
    std::string content_type;
    std::string body;
};

// nullopt where the target is none.
std::optional<Asked> ask(const std::string& target) {
    auto parsed = http::parse_target(target);
    if (!parsed) return std::nullopt;
    http::Request request;
    request.target = target;
    request.path = std::move(parsed->path);
    request.segments = std::move(parsed->segments);
    request.query = std::move(parsed->query);
    request.bearer = server().token("owner");
    const http::Response response = server().operator_call(std::move(request));
    if (response.stream) {
        for (auto piece = response.stream(); piece && *piece;) piece = response.stream();
        return Asked{response.status, "", ""};
    }
    return Asked{response.status, response.content_type, std::string(response.body_bytes())};
}

json::array all_pages(const std::string& target) {
    json::array all;
    std::string cursor;
    for (int page = 0; page < kPagesMax; ++page) {
        const auto answer = ask(target + (cursor.empty() ? "" : "&cursor=" + cursor));
        CHECK(answer && answer->status == 200);
        const json::value body = json::parse(answer->body);
        const json::array& data = body.at("data").as_array();
        all.insert(all.end(), data.begin(), data.end());
        if (body.at("nextCursor").is_null()) return all;
        cursor = body.at("nextCursor").as_string();
    }
    CHECK(false);  // it does not end
}

void fuzz_filter(std::size_t list, const std::string& query) {
    const std::string target = std::string(kLists.at(list)) + "?" + query;
    const auto answer = ask(target);
    if (!answer) return;
    const bool is_problem = answer->content_type == "application/problem+json";
    CHECK(is_problem ? answer->status >= 400 && answer->status < 500 : answer->status == 200);
    if (is_problem) CHECK(!json::parse(answer->body).at("detail").as_string().empty());
    const bool is_page = list < kPagedLists && answer->content_type == "application/json";
    if (answer->status != 200 || !is_page) return;
    for (const char* own : {"limit", "cursor", "%"}) {
        if (query.contains(own)) return;
    }
    const std::string and_limit = query.empty() ? "limit=" : "&limit=";
    CHECK(all_pages(target + and_limit + "2") == all_pages(target + and_limit + "1000"));
}

}  // namespace
}  // namespace daybook::test

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace daybook::test;
    if (size == 0) return 0;
    const std::string query(reinterpret_cast<const char*>(data) + 1, size - 1);
    fuzz_filter(data[0] % kLists.size(), server().fill_in(query));
    return 0;
}
