// The rows.
#include "support/route_samples.h"

namespace daybook::test {
namespace {

using enum RouteSample::About;
using enum RouteSample::Needs;
using Samples = std::map<std::string, RouteSample>;

constexpr const char* kReason = R"({"reason":"A reason"})";

void add_entry_samples(Samples& all, const std::string& noun, const std::string& ends) {
    const std::string plural = noun + "s";
    all["list" + plural] = {"?propertyId={p}", "", {200}, property};
    all["add" + noun] = {"",
                         R"({"propertyId":"{p}","amountMinor":100,"currency":"EUR",)" + ends + "}",
                         {201},
                         property};
    all["get" + noun] = {"", "", {200}, property};
    all["update" + noun] = {"", R"({"amountMinor":5})", {412}, property};
    all["delete" + noun] = {"", kReason, {412}, property};
    all["approve" + noun] = {"", "", {409}, property};  // there is nothing to decide
    all["reject" + noun] = {"", kReason, {409}, property};
    all["return" + noun] = {"", kReason, {412}, property};
    all["restore" + noun] = {"", "", {412}, property};
    all["reverse" + noun] = {"", R"({"amountMinor":1})", {201, 422}, property};
    all["move" + noun] = {"", R"({"propertyId":"{p}","reason":"A reason"})", {422}, property};
    all["erase" + noun + "Text"] = {"", kReason, {412}, property};
}

void add_finance_samples(Samples& all) {
    all["listEntries"] = {"?propertyId={p}", "", {200}, property};
    all["addEntries"] = {
        "",
        R"({"mode":"atomic","entries":[{"kind":"expense","propertyId":"{p}","amountMinor":100,)"
        R"("currency":"EUR","paymentMode":"cash","category":"supplies"}]})",
        {201},
        property};
    all["listApprovals"] = {"?propertyId={p}", "", {200}, property};
    all["decideEntries"] = {
        "", R"({"decisions":[{"id":"{expense}","version":99,"decision":"approve"}]})", {200}};
    all["getChange"] = {"", "", {404}, property};
    all["approveChange"] = {"", "", {409}, property};
    all["rejectChange"] = {"", kReason, {409}, property};
    all["withdrawChange"] = {"", "", {409}, property};
    all["listCashBalances"] = {"?propertyId={p}", "", {200}, property};
    all["putCashBalance"] = {
        "/v1/finance/cash-balances/{p}/2026-03-15", R"({"countedMinor":100})", {200}, property};
    all["listAdjustments"] = {"?propertyId={p}", "", {200}, property};
    all["addAdjustment"] = {
        "", R"({"propertyId":"{p}","amountMinor":5,"reason":"A reason"})", {201}, property};
    all["listCategories"] = {};
    all["addCategory"] = {
        "", R"({"kind":"category","key":"key{n}","name":"Key"})", {201}, nothing, administers};
    all["getCategory"] = {"/v1/finance/categories/{category}", "", {200}, org};
    all["updateCategory"] = {
        "/v1/finance/categories/{category}", R"({"name":"Other"})", {412}, org, administers};
    all["getEventHistory"] = {"?propertyId={p}", "", {200}, property};
}

void add_day_samples(Samples& all) {
    const std::string day = "/v1/finance/days/{p}/2026-03-15";
    const std::string someday = "/v1/finance/days/{p}/2027-03-15";
    all["listDays"] = {"?propertyId={p}", "", {200}, property};
    all["closeDay"] = {someday + "/close", R"({"countedMinor":1})", {422}, property};
    all["reopenDay"] = {day + "/reopen", kReason, {409}, property};
    all["acknowledgeVariance"] = {day + "/acknowledge", kReason, {409}, property};
    all["listClosings"] = {day + "/closings", "", {200}, property};
    all["getGate"] = {"?propertyId={p}", "", {200}, property};
    all["setDailyApproval"] = {
        "", R"({"propertyId":"{p}","userId":"{user}","reason":"R {n}"})", {200, 422}, property};
    all["listLocks"] = {};
    all["setLock"] = {
        "", R"({"propertyId":"{p}","through":"2020-01-01","reason":"R {n}"})", {200}, property};
    all["exceptFromLock"] = {
        "",
        R"({"propertyId":"{p}","userId":"{user}","until":"2026-03-16T00:00:00Z","reason":"R"})",
        {200},
        property};
}

void add_delivery_samples(Samples& all) {
    const std::string subscription = "/v1/finance/subscriptions/webhook:{webhook}";
    const std::string letter = "/v1/finance/dead-letters/{letter}";
    const std::string webhook = "/v1/webhooks/{webhook}";
    const std::string position = R"({"position":1})";
    for (const char* list : {"getEventMetrics", "listSubscriptions", "listDeadLetters",
                             "listAlerts", "listWebhooks"}) {
        all[list] = {"", "", {200}, nothing, administers};
    }
    all["pauseSubscription"] = {subscription + "/pause", "", {200, 422}, org, administers};
    all["resumeSubscription"] = {subscription + "/resume", "", {200, 422}, org, administers};
    all["resetSubscription"] = {subscription + "/reset", position, {200}, org, administers};
    all["getDeadLetter"] = {letter, "", {200}, org, administers};
    all["redriveDeadLetter"] = {letter + "/redrive", "", {200, 409}, org, administers};
    all["discardDeadLetter"] = {letter + "/discard", kReason, {200, 409}, org, administers};
    all["addWebhook"] = {"", R"({"url":"https://example.net/{n}"})", {201}, nothing, administers};
    all["getWebhook"] = {webhook, "", {200}, org, administers};
    all["updateWebhook"] = {webhook, R"({"active":false})", {412}, org, administers};
    all["deleteWebhook"] = {webhook, "", {412}, org, administers};
    all["listWebhookDeliveries"] = {webhook + "/deliveries", "", {200}, org, administers};
    all["replayWebhook"] = {webhook + "/replay", position, {202}, org, administers};
}

void add_report_samples(Samples& all) {
    all["getDailyReport"] = {"?propertyId={p}", "", {200}, property};
    all["getRangeReport"] = {"?propertyId={p}&from=2026-03-01&to=2026-03-15", "", {200}, property};
    all["getMonthlyReport"] = {"?propertyId={p}&year=2026&month=3", "", {200}, property};
    all["getYearlyReport"] = {"?propertyId={p}&year=2026", "", {200}, property};
    all["getMonthlyYearlyReport"] = {"?propertyId={p}&year=2026&month=3", "", {200}, property};
    all["getCacheMetrics"] = {"", "", {200}, nothing, administers};
    all["clearCache"] = {"", "", {200}, nothing, administers};
    // With GET it would not end; HEAD is let in, and answered, in the same way.
    all["streamRealtimeUpdates"] = {"?propertyId={p}", "", {200}, property, role, "HEAD"};
    all["pollRealtimeUpdates"] = {"?propertyId={p}&after=0&limit=2", "", {200}, property};
    all["exportEntries"] = {"?propertyId={p}", "", {200}, property};
    all["exportEvents"] = {"?propertyId={p}", "", {200}, property};
}

void add_org_samples(Samples& all) {
    all["listProperties"] = {};
    all["addProperty"] = {
        "",
        R"({"name":"New {n}","kind":"hotel","currency":"EUR","timeZone":"Europe/Lisbon"})",
        {201},
        nothing,
        administers};
    all["getProperty"] = {"/v1/properties/{p}", "", {200}, property};
    all["updateProperty"] = {"/v1/properties/{p}", R"({"group":"G"})", {412}, property};
    all["getSettings"] = {};
    all["updateSettings"] = {"", R"({"managerDaysBack":9})", {412}, nothing, administers};
    all["listTokens"] = {"", "", {200}, nothing, administers};
    all["addToken"] = {"", R"({"name":"T","role":"manager"})", {201}, nothing, administers};
    all["scopeToken"] = {"/v1/tokens/{token}", R"({"properties":null})", {412}, org, administers};
    all["revokeToken"] = {"/v1/tokens/{token}", "", {200, 422}, org, administers};
    all["loadDemo"] = {};
    all["addImport"] = {"",
                        R"({"profile":"p","fileSha256":"","added":0,"alreadyThere":0,"skipped":0})",
                        {201},
                        nothing,
                        administers};
    all["getHealth"] = {};
    all["getReadiness"] = {};
    all["getMetrics"] = {};
    all["getOpenApi"] = {};
}

// The ways in are refused to whatever is not the console's own page, whoever it is.
void add_people_samples(Samples& all) {
    all["getAuthState"] = {};
    for (const char* way_in : {"setUp", "signUp", "signIn", "acceptLink"}) {
        all[way_in] = {"", "{}", {403}};
    }
    all["changePassword"] = {"", R"({"currentPassword":"a","newPassword":"b"})", {403}};
    all["signOut"] = {"", "", {403}};
    all["listSessions"] = {"", "", {403}};
    all["endSession"] = {"/v1/auth/sessions/{user}", "", {403}};
    all["getMe"] = {};
    all["updateMe"] = {"", R"({"theme":"dark"})", {403}};
    all["listUsers"] = {};
    all["inviteUser"] = {"",
                         R"({"name":"N","email":"n{n}@example.com","role":"manager"})",
                         {201},
                         nothing,
                         administers};
    all["getUser"] = {"/v1/users/{user}", "", {200}, org, sees_org};
    all["updateUser"] = {"/v1/users/{user}", R"({"name":"Other"})", {412}, org, administers};
    all["makeUserLink"] = {"/v1/users/{user}/link", "", {201}, org, administers};
    all["removeUser"] = {"/v1/users/{doomed}", "", {200, 409}, org, administers};
    all["listNotifications"] = {};
    all["markNotificationsRead"] = {"", R"({"through":0})", {204}};
    all["listAccesses"] = {"", "", {200}, nothing, sees_org};
}

Samples make_samples() {
    Samples all;
    add_entry_samples(all, "Expense", R"("paymentMode":"cash","category":"supplies")");
    add_entry_samples(all, "Revenue", R"("paymentMode":"cash","source":"room")");
    add_entry_samples(all, "Transfer", R"("from":"cash","to":"bank")");
    add_finance_samples(all);
    add_day_samples(all);
    add_report_samples(all);
    add_delivery_samples(all);
    add_org_samples(all);
    add_people_samples(all);
    return all;
}

}  // namespace

const std::map<std::string, RouteSample>& route_samples() {
    static const Samples kSamples = make_samples();
    return kSamples;
}

std::string sample_target(const http::Route& route, const RouteSample& sample) {
    if (sample.target.starts_with('/')) return sample.target;
    std::string path = route.pattern;
    const std::size_t id = path.find("{id}");
    if (id != std::string::npos) {
        const std::string entry = path.find("/revenues/") != std::string::npos    ? "{revenue}"
                                  : path.find("/transfers/") != std::string::npos ? "{transfer}"
                                                                                  : "{expense}";
        path.replace(id, 4, entry);
    }
    return path + sample.target;
}

}  // namespace daybook::test
