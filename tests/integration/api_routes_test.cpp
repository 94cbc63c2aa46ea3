// Every route once, as it should go: status, what the answer says, and which events fired.
#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

#include "support/api_delivery_operations.h"
#include "support/api_server.h"
#include "support/openapi_check.h"
#include "support/route_steps.h"

namespace daybook::test {
namespace {

using Pairs = std::vector<std::pair<std::string, std::string>>;
using Step = RouteStep;

ApiRequest seen(std::string method, std::string target, int version, std::string body = {},
                std::string as = "owner") {
    return {std::move(method), std::move(target), std::move(body),
            "If-Match: \"" + std::to_string(version) + "\"\r\n", std::move(as)};
}

std::vector<Step> expense_steps() {
    const std::string add =
        R"({"propertyId":"{hotel}","amountMinor":12345,"currency":"EUR","paymentMode":"cash",)"
        R"("category":"supplies","businessDate":"2026-03-14","method":"card","party":"Ana",)"
        R"("taxMinor":345,"description":"Soap","reference":"R-1","occurredOn":"2026-03-01",)"
        R"("externalId":"x-1"})";
    const std::string one = "/v1/finance/expenses/{soap}";
    const std::string waits = "/v1/finance/expenses/{waits}";
    return {
        {"addExpense",
         {"POST", "/v1/finance/expenses", add},
         201,
         {{"kind", "expense"},
          {"number", "1"},
          {"version", "1"},
          {"status", "approved"},
          {"amountMinor", "12345"},
          {"currency", "EUR"},
          {"paymentMode", "cash"},
          {"category", "supplies"},
          {"source", "null"},
          {"businessDate", "2026-03-14"},
          {"party", "Ana"},
          {"taxMinor", "345"},
          {"occurredOn", "2026-03-01"},
          {"externalId", "x-1"},
          {"reversal", "false"}},
         {"expense_added"},
         "soap"},
        {"getExpense", {"GET", one}, 200, {{"description", "Soap"}, {"version", "1"}}},
        {"listExpenses",
         {"GET", "/finance/expenses?category=supplies&paymentMode=cash&externalId=x-1&q=soa"},
         200,
         {{"data/0/id", "{soap}"}, {"data", "[1]"}, {"nextCursor", "null"}}},
        {"updateExpense",
         seen("PATCH", one, 1, R"({"amountMinor":20000,"party":null,"occurredOn":null})"),
         200,
         {{"amountMinor", "20000"}, {"party", "null"}, {"occurredOn", "null"}, {"version", "2"}},
         {"expense_updated"}},
        {"reverseExpense",
         {"POST", one + "/reverse", R"({"amountMinor":5000,"description":"Back"})"},
         201,
         {{"reversal", "true"}, {"reversesId", "{soap}"}, {"amountMinor", "5000"}},
         {"expense_reversed"},
         "refund"},
        {"deleteExpense",
         seen("DELETE", "/v1/finance/expenses/{refund}", 1),
         200,
         {{"status", "deleted"}, {"version", "2"}},
         {"expense_deleted"}},
        {"restoreExpense",
         seen("POST", "/v1/finance/expenses/{refund}/restore", 2),
         200,
         {{"status", "approved"}, {"version", "3"}},
         {"expense_restored"}},
        {"deleteExpense",
         seen("DELETE", "/v1/finance/expenses/{refund}", 3, R"({"reason":"Wrong"})"),
         200,
         {{"status", "deleted"}, {"reason", "Wrong"}},
         {"expense_deleted"}},
        {"eraseExpenseText",
         seen("POST", one + "/erase-text", 2, R"({"reason":"Asked to"})"),
         200,
         {{"description", "erased"}, {"reference", "erased"}, {"amountMinor", "20000"}},
         {"text_erased"}},
        {"moveExpense",
         seen("POST", one + "/move", 3, R"({"propertyId":"{hostel}","reason":"Wrong house"})"),
         201,
         {{"data/0/propertyId", "{hostel}"},
          {"data/0/status", "approved"},
          {"data/1/id", "{soap}"},
          {"data/1/status", "deleted"}},
         {"expense_deleted", "expense_added"}},
        {"addExpense",
         {"POST", "/v1/finance/expenses",
          R"({"propertyId":"{hotel}","amountMinor":700,"currency":"EUR","paymentMode":"bank",)"
          R"("category":"other"})",
          "", "manager"},
         201,
         {{"status", "pending"}, {"businessDate", "2026-03-15"}, {"decidedBy", "null"}},
         {"expense_added"},
         "waits"},
        {"rejectExpense",
         seen("POST", waits + "/reject", 1, R"({"reason":"No receipt"})"),
         200,
         {{"status", "rejected"}, {"reason", "No receipt"}},
         {"expense_rejected"}},
        {"returnExpense",
         seen("POST", waits + "/return", 2, R"({"reason":"Found it"})"),
         200,
         {{"status", "pending"}},
         {"expense_returned"}},
        {"approveExpense",
         seen("POST", waits + "/approve", 3),
         200,
         {{"status", "approved"}, {"version", "4"}},
         {"expense_approved"}},
    };
}

// The acts are alike for all kinds; one entry of the kind goes through all of them.
std::vector<Step> acts_of(const std::string& kind, const std::string& noun,
                          const std::string& members) {
    const std::string all = "/v1/finance/" + kind + "s";
    const std::string one = all + "/{" + kind + "}";
    const std::string add =
        R"({"propertyId":"{hotel}","amountMinor":900,"currency":"EUR",)" + members + "}";
    return {
        {"add" + noun,
         {"POST", all, add, "", "manager"},
         201,
         {{"kind", kind}, {"status", "pending"}},
         {kind + "_added"},
         kind},
        {"get" + noun, {"GET", one}, 200, {{"id", "{" + kind + "}"}}},
        {"list" + noun + "s", {"GET", all + "?propertyId={hotel}"}, 200, {{"data", "[1]"}}},
        {"update" + noun,
         seen("PATCH", one, 1, R"({"amountMinor":901})"),
         200,
         {{"amountMinor", "901"}},
         {kind + "_updated"}},
        {"reject" + noun,
         seen("POST", one + "/reject", 2, R"({"reason":"?"})"),
         200,
         {{"status", "rejected"}},
         {kind + "_rejected"}},
        {"return" + noun,
         seen("POST", one + "/return", 3, R"({"reason":"!"})"),
         200,
         {{"status", "pending"}},
         {kind + "_returned"}},
        {"approve" + noun,
         seen("POST", one + "/approve", 4),
         200,
         {{"status", "approved"}},
         {kind + "_approved"}},
        {"delete" + noun,
         seen("DELETE", one, 5),
         200,
         {{"status", "deleted"}},
         {kind + "_deleted"}},
        {"restore" + noun,
         seen("POST", one + "/restore", 6),
         200,
         {{"status", "approved"}},
         {kind + "_restored"}},
        {"reverse" + noun,
         {"POST", one + "/reverse"},
         201,
         {{"amountMinor", "901"}},
         {kind + "_reversed"},
         kind + "Back"},
        {"delete" + noun,
         seen("DELETE", all + "/{" + kind + "Back}", 1),
         200,
         {},
         {kind + "_deleted"}},
        {"erase" + noun + "Text",
         seen("POST", one + "/erase-text", 7, R"({"reason":"x"})"),
         200,
         {},
         {"text_erased"}},
        {"move" + noun,
         seen("POST", one + "/move", 8, R"({"propertyId":"{hostel}","reason":"x"})"),
         201,
         {{"data", "[2]"}},
         {kind + "_deleted", kind + "_added"}},
    };
}

std::vector<Step> bulk_steps() {
    const std::string expense =
        R"("propertyId":"{hotel}","amountMinor":10,"currency":"EUR","paymentMode":"cash",)"
        R"("category":"other")";
    const std::string good = R"({"kind":"expense",)" + expense + "}";
    const std::string bad = R"({"kind":"expense",)" + expense + R"(,"taxMinor":11})";
    const std::string known = R"({"kind":"expense","externalId":"b-1",)" + expense + "}";
    const auto batch = [](const std::string& mode, const std::string& entries,
                          const std::string& as = "owner") {
        return ApiRequest{"POST", "/v1/finance/entries:batch",
                          R"({"mode":")" + mode + R"(","entries":[)" + entries + "]}", "", as};
    };
    return {
        {"addTransfer",
         {"POST", "/v1/finance/transfers",
          R"({"propertyId":"{hotel}","toPropertyId":"{hostel}","amountMinor":50,)"
          R"("currency":"EUR","from":"cash","to":"bank"})"},
         201,
         {{"data/0/propertyId", "{hotel}"},
          {"data/0/from", "cash"},
          {"data/0/to", "in_transit"},
          {"data/1/propertyId", "{hostel}"},
          {"data/1/from", "in_transit"},
          {"data/1/to", "bank"}},
         {"transfer_added", "transfer_added"}},
        {"addEntries",
         batch("atomic", good + "," + known),
         201,
         {{"results/0/status", "201"}, {"results/1/entry/status", "approved"}},
         {"expense_added", "expense_added"}},
        {"addEntries",
         batch("atomic", good + "," + bad),
         422,
         {{"code", "tax_exceeds_amount"}, {"errors/0/pointer", "/entries/1/taxMinor"}}},
        {"addEntries",
         batch("per_item", bad + "," + good, "manager"),
         200,
         {{"results/0/status", "422"},
          {"results/0/code", "tax_exceeds_amount"},
          {"results/0/title", "Tax exceeds amount"},
          {"results/1/status", "201"},
          {"results/1/entry/status", "pending"}},
         {"expense_added"}},
        {"addEntries",
         batch("skip_existing", known),
         200,
         {{"results/0/status", "200"}, {"results/0/entry/kind", "expense"}}},
        {"listEntries",
         {"GET", "/v1/finance/entries?status=pending&kind=expense&kind=revenue"},
         200,
         {{"data", "[1]"}},
         {},
         "listed"},
    };
}

std::vector<Step> balance_steps() {
    const std::string balance = "/v1/finance/cash-balances/{hotel}/2026-03-15";
    return {
        {"putCashBalance",
         {"PUT", balance, R"({"denominations":[{"valueMinor":500,"pieces":3}],"note":"Till"})", "",
          "manager"},
         200,
         {{"countedMinor", "1500"}, {"note", "Till"}, {"currency", "EUR"}, {"account", "cash"}},
         {"cash_balance_updated"}},
        {"putCashBalance",
         {"PUT", "/v1/finance/cash-balances/{hotel}/2026-01-01",
          R"({"openingMinor":100000,"account":"bank"})"},
         200,
         {{"openingMinor/bank", "100000"}, {"booksStartOn", "2026-01-01"}},
         {"cash_balance_updated"}},
        {"addAdjustment",
         {"POST", "/v1/finance/adjustments",
          R"({"propertyId":"{hotel}","account":"bank","amountMinor":-40,"reason":"Fee"})"},
         201,
         {{"amountMinor", "-40"}, {"kind", "correction"}, {"date", "2026-03-15"}},
         {"cash_balance_updated"}},
        {"listAdjustments",
         {"GET", "/v1/finance/adjustments?propertyId={hotel}"},
         200,
         {{"data/0/reason", "Fee"}}},
        {"listCashBalances",
         {"GET", "/v1/finance/cash-balances?propertyId={hotel}"},
         200,
         {{"data", "[1]"},
          {"data/0/date", "2026-03-15"},
          {"data/0/cash/countedMinor", "1500"},
          {"data/0/bank/adjustmentMinor", "-40"},
          {"data/0/counts/0/note", "Till"}}},
        {"listCashBalances",
         {"GET", "/v1/finance/cash-balances?from=2026-03-14&to=2026-03-15"},
         200,
         {{"data", "[4]"}, {"data/3/cash/countedMinor", "1500"}}},
        {"addCategory",
         {"POST", "/v1/finance/categories",
          R"({"kind":"category","key":"garden","name":"Garden","order":7})", "", "admin"},
         201,
         {{"key", "garden"}, {"version", "1"}},
         {"category_added"},
         "garden"},
        {"getCategory", {"GET", "/v1/finance/categories/{garden}"}, 200, {{"name", "Garden"}}},
        {"updateCategory",
         seen("PATCH", "/v1/finance/categories/{garden}", 1, R"({"mergeInto":"other"})"),
         200,
         {{"mergedInto", "other"}, {"active", "false"}},
         {"category_merged"}},
        {"listCategories", {"GET", "/v1/finance/categories?kind=source"}, 200, {{"data", "[4]"}}},
    };
}

std::vector<Step> decision_steps() {
    return {
        {"listApprovals",
         {"GET", "/v1/finance/approvals"},
         200,
         {{"data", "[1]"},
          {"data/0/ageSeconds", "0"},
          {"properties/0/propertyId", "{hotel}"},
          {"properties/0/count", "1"},
          {"totals/0/currency", "EUR"},
          {"totals/0/expenseMinor", "10"}}},
        {"decideEntries",
         {"POST", "/v1/finance/approvals",
          R"({"decisions":[{"id":"{listed}","version":1,"decision":"approve"},)"
          R"({"id":"{listed}","version":1,"decision":"reject","reason":"twice"}]})"},
         200,
         {{"results/0/status", "200"},
          {"results/0/entry/status", "approved"},
          {"results/1/status", "409"},
          {"results/1/code", "not_pending"}},
         {"expense_approved"}},
    };
}

std::vector<Step> report_steps() {
    const std::string hotel = "?propertyId={hotel}";
    return {
        {"getEventHistory",
         {"GET", "/v1/finance/events?entityId={soap}&type=expense_added&limit=1"},
         200,
         {{"data", "[1]"},
          {"data/0/event/eventType", "expense_added"},
          {"data/0/text/party", "erased"}}},
        {"getDailyReport",
         {"GET", "/v1/reports/daily" + hotel},
         200,
         {{"date", "2026-03-15"}, {"propertyName", "Hotel Aurora"}, {"cash/countedMinor", "1500"}}},
        {"getDailyReport", {"GET", "/reports/daily?date=2026-03-14"}, 200, {{"properties", "[2]"}}},
        {"getRangeReport",
         {"GET", "/v1/reports/range" + hotel + "&from=2026-03-01&to=2026-03-15"},
         200,
         {{"days", "[15]"}}},
        {"getMonthlyReport",
         {"GET", "/v1/reports/monthly" + hotel + "&year=2026&month=3"},
         200,
         {{"period/label", "2026-03"}}},
        {"getYearlyReport",
         {"GET", "/v1/reports/yearly" + hotel + "&fiscalYear=2026&quarter=1"},
         200,
         {{"period/label", "FY2026-Q1"}}},
        {"getMonthlyYearlyReport",
         {"GET", "/v1/reports/monthly-yearly" + hotel},
         200,
         {{"period/label", "2026"}}},
        {"getCacheMetrics",
         {"GET", "/reports/cache/metrics"},
         200,
         {{"kinds", "[5]"}, {"kinds/4/kind", "part"}, {"kinds/4/entries", "2"}}},
        {"clearCache",
         {"POST", "/reports/cache/clear", R"({"propertyId":"{hotel}","from":"2026-03-14"})"},
         200,
         {{"cleared", "6"}}},
        {"exportEntries",
         {"GET", "/v1/exports/entries?format=jsonl&kind=transfer&limit=x"},
         400,
         {{"errors/0/pointer", "/limit"}}},
        {"exportEvents", {"GET", "/v1/exports/events?afterPosition=1"}, 200},
    };
}

std::vector<Step> org_steps() {
    return {
        {"addProperty",
         {"POST", "/v1/properties",
          R"({"name":"Casa","kind":"apartment","group":"South","currency":"EUR",)"
          R"("timeZone":"Europe/Lisbon","dayCutoff":"04:00","fiscalStartMonth":4,)"
          R"("booksStartOn":"2026-02-01","openingMinor":{"cash":100,"bank":-5}})"},
         201,
         {{"name", "Casa"},
          {"dayCutoff", "04:00"},
          {"openingMinor/bank", "-5"},
          {"nextClock", "null"}},
         {"property_added"},
         "casa"},
        {"updateProperty",
         seen("PATCH", "/v1/properties/{casa}", 1, R"({"group":null,"dayCutoff":"05:30"})"),
         200,
         {{"group", "null"}, {"nextClock/dayCutoff", "05:30"}, {"version", "2"}},
         {"property_updated"}},
        {"getProperty", {"GET", "/v1/properties/{casa}"}, 200, {{"version", "2"}}},
        {"listProperties", {"GET", "/v1/properties", "", "", "limited"}, 200, {{"data", "[1]"}}},
        {"getSettings", {"GET", "/v1/settings"}, 200, {{"name", "Org 1"}, {"version", "1"}}},
        {"updateSettings",
         seen("PATCH", "/v1/settings", 1, R"({"managerDaysBack":3})", "admin"),
         200,
         {{"managerDaysBack", "3"}, {"version", "2"}},
         {"setting_changed"}},
        {"addToken",
         {"POST", "/v1/tokens",
          R"({"name":"till","role":"manager","properties":["{hotel}","{casa}"]})"},
         201,
         {{"role", "manager"}, {"properties", "[2]"}, {"revoked", "false"}},
         {"token_created"},
         "till"},
        {"scopeToken",
         seen("PATCH", "/v1/tokens/{till}", 1, R"({"properties":["{casa}"]})"),
         200,
         {{"properties/0", "{casa}"}},
         {"token_scoped"}},
        {"revokeToken",
         {"DELETE", "/v1/tokens/{till}"},
         200,
         {{"revoked", "true"}},
         {"token_revoked"}},
        {"listTokens", {"GET", "/v1/tokens"}, 200, {{"data", "[7]"}}},
        {"addImport",
         {"POST", "/v1/imports",
          R"({"profile":"hotels","fileSha256":")" + std::string(64, 'a') +
              R"(","added":3,"alreadyThere":2,"skipped":1})"},
         201,
         {{"added", "3"}, {"profile", "hotels"}},
         {"import_committed"}},
        {"loadDemo", {"POST", "/v1/setup/demo"}, 200, {{"added", "2"}, {"alreadyThere", "1"}}},
        {"streamRealtimeUpdates", {"HEAD", "/v1/reports/realtime/stream"}},
        {"pollRealtimeUpdates",
         {"GET", "/v1/reports/realtime/poll?after=0&limit=2"},
         200,
         {{"data/0/type", "daybook.org_created"}, {"reset", "false"}, {"nextPollSeconds", "0"}}},
        {"getHealth", {"GET", "/healthz", "", "", "nobody"}, 200, {{"status", "ok"}}},
        {"getReadiness", {"GET", "/readyz", "", "", "nobody"}, 200, {{"status", "ready"}}},
        {"getMetrics", {"GET", "/metrics", "", "", "nobody"}},
        {"getOpenApi", {"GET", "/openapi.json", "", "", "nobody"}},
    };
}

class ApiRoutes : public testing::TestWithParam<StoreKind> {
 protected:
    void take(const Step& step) {
        SCOPED_TRACE(step.operation + " " + step.request.method + " " + step.request.target);
        const Position before = server_.head();
        const HttpAnswer answer = server_.send(step.request);
        ASSERT_EQ(answer.status, step.status) << answer.body;
        for (const auto& [path, value] : step.members) {
            EXPECT_EQ(member(answer.body, path), server_.fill_in(value)) << path << answer.body;
        }
        EXPECT_EQ(server_.events_after(before), step.events);
        if (answer.header("content-type").ends_with("json")) {
            EXPECT_EQ(check_.answer_problem(step.operation, answer.status, answer.body), "");
        }
        if (!step.request.body.empty()) {
            const std::string body = server_.fill_in(step.request.body);
            EXPECT_EQ(check_.request_problem(step.operation, body), "");
        }
        EXPECT_EQ(answer.status == 201 && !answer.header("location").empty(),
                  answer.status == 201 && step.operation != "addEntries");
        EXPECT_EQ(answer.header("daybook-position"),
                  step.request.as == "nobody" ? "" : std::to_string(server_.head()));
        const std::string version = member(answer.body, "version");
        if (answer.status < 300 && version != "missing" && step.operation != "putCashBalance" &&
            !version.starts_with("not JSON")) {
            EXPECT_EQ(answer.header("etag"), '"' + version + '"');
        }
        shown_.insert(step.operation);
        const char* const id = step.keep_as == "listed" ? "data/0/id" : "id";
        if (!step.keep_as.empty()) server_.note(step.keep_as, member(answer.body, id));
    }

    ApiServer server_{GetParam()};
    OpenApiCheck check_;
    std::set<std::string> shown_;
};

TEST_P(ApiRoutes, GoAsTheyShould) {
    const auto revenue = acts_of("revenue", "Revenue", R"("paymentMode":"cash","source":"room")");
    const auto transfer = acts_of("transfer", "Transfer", R"("from":"bank","to":"owner")");
    for (const auto& steps :
         {expense_steps(), revenue, transfer, bulk_steps(), balance_steps(), decision_steps(),
          report_steps(), org_steps(), day_steps(), gate_steps(), change_steps()}) {
        for (const Step& step : steps) take(step);
    }
    for (const http::Route& route : server_.api().routes()) {
        if (route.caller == http::Caller::operator_socket) continue;
        if (delivery_operations().contains(route.operation_id)) continue;
        if (is_about_people(route.pattern)) continue;
        EXPECT_TRUE(shown_.contains(route.operation_id)) << route.operation_id << " is not shown";
    }
}

DAYBOOK_TEST_ALL_STORES(ApiRoutes);

}  // namespace
}  // namespace daybook::test
