// The steps of days and locks, and of changes that are asked for, in the order in which they are
// taken.
#include "support/route_steps.h"

namespace daybook::test {

std::vector<RouteStep> day_steps() {
    const std::string day = "/v1/finance/days/{hotel}/2026-03-15";
    return {
        {"updateSettings",
         {"PATCH", "/v1/settings", R"({"varianceToleranceMinor":100})", "If-Match: \"2\"\r\n"},
         200,
         {{"varianceToleranceMinor", "100"}, {"blindCount", "false"}, {"version", "3"}},
         {"setting_changed"}},
        {"listDays",
         {"GET", "/v1/finance/days?propertyId={hotel}&from=2026-03-14&to=2026-03-15"},
         200,
         {{"data", "[1]"},
          {"data/0/today", "2026-03-15"},
          {"data/0/closedThrough", "null"},
          {"data/0/firstOpenDate", "2026-01-01"},
          {"data/0/openDays", "74"},
          {"data/0/days", "[2]"},
          {"data/0/days/1/status", "open"},
          {"data/0/days/1/number", "null"}}},
        {"closeDay",
         {"POST", day + "/close",
          R"({"denominations":[{"valueMinor":5000,"pieces":3}],"note":"after the tour",)"
          R"("sealBefore":true,"acceptPending":true})"},
         200,
         {{"closedThrough", "2026-03-15"},
          {"closings", "[1]"},
          {"closings/0/number", "1"},
          {"closings/0/revision", "1"},
          {"closings/0/status", "closed"},
          {"closings/0/countedMinor", "15000"},
          {"closings/0/needsAcknowledgement", "true"},
          {"closings/0/acknowledgedBy", "null"}},
         {"cash_balance_updated", "cash_balance_updated", "day_closed"}},
        {"acknowledgeVariance",
         {"POST", day + "/acknowledge", R"({"reason":"I was there"})", "", "admin"},
         200,
         {{"acknowledgedBy", "{adminUser}"}, {"needsAcknowledgement", "true"}},
         {"variance_acknowledged"}},
        {"listClosings",
         {"GET", day + "/closings", "", "", "auditor"},
         200,
         {{"data", "[1]"},
          {"data/0/number", "1"},
          {"data/0/report/status", "closed"},
          {"data/0/report/closing/revision", "1"},
          {"data/0/report/cash/countedMinor", "15000"}}},
        {"reopenDay",
         {"POST", day + "/reopen", R"({"reason":"a bill turned up"})"},
         200,
         {{"closedThrough", "2026-03-14"},
          {"closings", "[1]"},
          {"closings/0/status", "reopened"},
          {"closings/0/number", "1"}},
         {"cash_balance_updated", "day_reopened"}},
        {"setLock",
         {"PUT", "/v1/locks",
          R"({"propertyId":"{hotel}","through":"2026-02-28","reason":"audit"})"},
         200,
         {{"through", "2026-02-28"}, {"version", "1"}},
         {"lock_set"}},
        {"exceptFromLock",
         {"PUT", "/v1/locks/exceptions",
          R"({"propertyId":"{hotel}","userId":"{adminUser}","until":"2026-03-16T00:00:00Z",)"
          R"("reason":"one late invoice"})"},
         200,
         {{"userId", "{adminUser}"}, {"revoked", "false"}},
         {"lock_exception_granted"}},
        {"listLocks",
         {"GET", "/v1/locks", "", "", "limited"},
         200,
         {{"locks", "[1]"}, {"locks/0/reason", "audit"}, {"exceptions", "[1]"}}},
        {"setLock",
         {"PUT", "/v1/locks", R"({"propertyId":"{hotel}","through":null,"reason":"done"})"},
         200,
         {{"through", "null"}, {"version", "2"}},
         {"lock_lifted"}},
    };
}

namespace {

// By somebody who saw the entry {asked} in a version.
ApiRequest on_asked(std::string method, std::string target, int version, std::string body,
                    std::string as) {
    return {std::move(method), std::move(target), std::move(body),
            "If-Match: \"" + std::to_string(version) + "\"\r\n", std::move(as)};
}

}  // namespace

std::vector<RouteStep> change_steps() {
    const std::string entry = "/v1/finance/expenses/{asked}";
    const std::string change = "/v1/finance/changes/{asked}";
    const std::string edit = R"({"amountMinor":800,"reason":"the bill says so"})";
    const auto ask = [&](int version) {
        return RouteStep{"updateExpense",
                         on_asked("PATCH", entry, version, edit, "manager"),
                         202,
                         {{"entryId", "{asked}"},
                          {"change", "update"},
                          {"reason", "the bill says so"},
                          {"after/amountMinor", "800"},
                          {"version", std::to_string(version + 1)}},
                         {"expense_change_requested"}};
    };
    return {
        {"addExpense",
         {"POST", "/v1/finance/expenses",
          R"({"propertyId":"{hotel}","amountMinor":700,"currency":"EUR","paymentMode":"cash",)"
          R"("category":"supplies"})"},
         201,
         {{"status", "approved"}, {"fourEyes", "false"}, {"changeRequested", "false"}},
         {"expense_added"},
         "asked"},
        ask(1),
        {"getChange",
         {"GET", change, "", "", "auditor"},
         200,
         {{"change", "update"}, {"after/amountMinor", "800"}, {"version", "2"}}},
        {"listApprovals",
         {"GET", "/v1/finance/approvals", "", "", "admin"},
         200,
         {{"data/0/type", "change"},
          {"data/0/mayDecide", "true"},
          {"data/0/entry/amountMinor", "700"},
          {"data/0/entry/changeRequested", "true"},
          {"data/0/change/after/amountMinor", "800"},
          {"properties/0/changes", "1"},
          {"totals/0/changes", "1"}}},
        {"rejectChange",
         on_asked("POST", change + "/reject", 2, R"({"reason":"it does not"})", "admin"),
         200,
         {{"amountMinor", "700"}, {"changeRequested", "false"}, {"version", "3"}},
         {"expense_change_rejected"}},
        ask(3),
        {"withdrawChange",
         on_asked("POST", change + "/withdraw", 4, "", "manager"),
         200,
         {{"amountMinor", "700"}, {"status", "approved"}, {"version", "5"}},
         {"expense_change_withdrawn"}},
        ask(5),
        {"approveChange",
         on_asked("POST", change + "/approve", 6, "", "admin"),
         200,
         {{"amountMinor", "800"}, {"decidedBy", "{adminUser}"}, {"version", "7"}},
         {"expense_updated"}},
    };
}

}  // namespace daybook::test
