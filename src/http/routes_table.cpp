// The one table: every route, its operation id, and who may call it.
//
// Which properties a caller may see and change is decided further in; domain decides who may decide
// what.
#include "http/routes_approvals.h"
#include "http/routes_books.h"
#include "http/routes_cache.h"
#include "http/routes_call.h"
#include "http/routes_days.h"
#include "http/routes_delivery.h"
#include "http/routes_entries.h"
#include "http/routes_events.h"
#include "http/routes_exports.h"
#include "http/routes_gate.h"
#include "http/routes_health.h"
#include "http/routes_notifications.h"
#include "http/routes_org.h"
#include "http/routes_people.h"
#include "http/routes_realtime.h"
#include "http/routes_reports.h"
#include "http/routes_webhooks.h"

namespace daybook::http {
namespace {

using domain::ChangeDecision;
using domain::Decision;
using domain::DeliveryAct;
using domain::EntryKind;
using enum Method;
using enum Caller;

void append(std::vector<RouteRow>& rows, std::vector<RouteRow> more) {
    for (RouteRow& row : more) rows.push_back(std::move(row));
}

// `plural` is the path's, `Noun` the operation ids': "expenses", "Expense".
std::vector<RouteRow> entry_rows(EntryKind kind, const std::string& plural,
                                 const std::string& noun) {
    const std::string all = "/v1/finance/" + plural;
    const std::string one = all + "/{id}";
    const auto act = [&](MakeWrite make) { return WriteRoute{std::move(make), Needs::snapshot}; };
    return {
        {get, all, "list" + noun + "s", signed_in, list_entries(kind)},
        {post, all, "add" + noun, manager, WriteRoute{add_entry(kind)}},
        {get, one, "get" + noun, signed_in, get_entry(kind)},
        {patch, one, "update" + noun, manager, act(update_entry(kind))},
        {delete_, one, "delete" + noun, manager, act(delete_entry(kind))},
        {post, one + "/approve", "approve" + noun, admin,
         act(decide_entry(kind, Decision::approve))},
        {post, one + "/reject", "reject" + noun, admin, act(decide_entry(kind, Decision::reject))},
        // Managers may ask for it; all else is for admins (domain).
        {post, one + "/return", "return" + noun, manager,
         act(decide_entry(kind, Decision::send_back))},
        {post, one + "/restore", "restore" + noun, manager, act(restore_entry(kind))},
        {post, one + "/reverse", "reverse" + noun, manager, act(reverse_entry(kind))},
        {post, one + "/move", "move" + noun, manager, act(move_entry(kind))},
        {post, one + "/erase-text", "erase" + noun + "Text", owner, act(erase_entry_text(kind))},
    };
}

std::vector<RouteRow> finance_rows() {
    const std::string balance = "/v1/finance/cash-balances/{propertyId}/{date}";
    const std::string change = "/v1/finance/changes/{id}";
    const auto decide = [](ChangeDecision decision) {
        return WriteRoute{decide_change(decision), Needs::snapshot};
    };
    return {
        {get, "/v1/finance/entries", "listEntries", signed_in, list_entries(std::nullopt)},
        {post, "/v1/finance/entries:batch", "addEntries", manager, WriteRoute{add_batch}},
        {get, "/v1/finance/approvals", "listApprovals", signed_in, list_approvals},
        {post, "/v1/finance/approvals", "decideEntries", admin, WriteRoute{decide_many}},
        {get, change, "getChange", signed_in, get_change},
        {post, change + "/approve", "approveChange", admin, decide(ChangeDecision::approve)},
        {post, change + "/reject", "rejectChange", admin, decide(ChangeDecision::reject)},
        {post, change + "/withdraw", "withdrawChange", manager, decide(ChangeDecision::withdraw)},
        {get, "/v1/finance/cash-balances", "listCashBalances", signed_in, list_cash_balances},
        {put, balance, "putCashBalance", manager, WriteRoute{put_cash_balance, Needs::snapshot}},
        {get, "/v1/finance/adjustments", "listAdjustments", signed_in, list_adjustments},
        {post, "/v1/finance/adjustments", "addAdjustment", admin,
         WriteRoute{add_adjustment, Needs::snapshot}},
        {get, "/v1/finance/categories", "listCategories", signed_in, list_categories},
        {post, "/v1/finance/categories", "addCategory", admin, WriteRoute{add_category}},
        {get, "/v1/finance/categories/{id}", "getCategory", signed_in, get_category},
        {patch, "/v1/finance/categories/{id}", "updateCategory", admin,
         WriteRoute{update_category}},
        {get, "/v1/finance/events", "getEventHistory", signed_in, list_events},
    };
}

std::vector<RouteRow> day_rows() {
    const std::string day = "/v1/finance/days/{propertyId}/{date}";
    const auto on_day = [](MakeWrite make) { return WriteRoute{std::move(make), Needs::snapshot}; };
    return {
        {get, "/v1/finance/days", "listDays", signed_in, list_days},
        {post, day + "/close", "closeDay", manager, on_day(close_day)},
        // Managers may take back what they closed; all else is for admins (domain).
        {post, day + "/reopen", "reopenDay", manager, on_day(reopen_day)},
        {post, day + "/acknowledge", "acknowledgeVariance", admin, on_day(acknowledge_variance)},
        {get, day + "/closings", "listClosings", signed_in, list_closings},
        {get, "/v1/finance/gate", "getGate", signed_in, get_gate},
        {post, "/v1/finance/daily-approvals", "setDailyApproval", admin,
         WriteRoute{set_daily_approval}},
        {get, "/v1/locks", "listLocks", signed_in, list_locks},
        {put, "/v1/locks", "setLock", owner, WriteRoute{set_lock}},
        {put, "/v1/locks/exceptions", "exceptFromLock", owner, WriteRoute{except_from_lock}},
    };
}

std::vector<RouteRow> report_rows() {
    return {
        {get, "/v1/reports/daily", "getDailyReport", signed_in, Report(get_daily_report)},
        {get, "/v1/reports/range", "getRangeReport", signed_in, Report(get_range_report)},
        {get, "/v1/reports/monthly", "getMonthlyReport", signed_in, Report(get_monthly_report)},
        {get, "/v1/reports/yearly", "getYearlyReport", signed_in, Report(get_yearly_report)},
        {get, "/v1/reports/monthly-yearly", "getMonthlyYearlyReport", signed_in,
         Report(get_monthly_yearly_report)},
        {get, "/v1/reports/cache/metrics", "getCacheMetrics", admin, NodeRoute(get_cache_metrics)},
        {post, "/v1/reports/cache/clear", "clearCache", admin, clear_cache},
        {get, "/v1/reports/realtime/stream", "streamRealtimeUpdates", signed_in, open_stream},
        {get, "/v1/reports/realtime/poll", "pollRealtimeUpdates", signed_in, LongRead(poll)},
        {get, "/v1/exports/entries", "exportEntries", signed_in, export_entries},
        {get, "/v1/exports/events", "exportEvents", signed_in, export_events},
    };
}

std::vector<RouteRow> delivery_rows() {
    const std::string subscription = "/v1/finance/subscriptions/{name}";
    const std::string letter = "/v1/finance/dead-letters/{id}";
    const std::string webhook = "/v1/webhooks/{id}";
    const auto act = [](DeliveryAct which) { return WriteRoute{change_subscription(which)}; };
    const auto end = [](DeliveryAct which) { return WriteRoute{change_dead_letter(which)}; };
    return {
        {get, "/v1/finance/events/metrics", "getEventMetrics", admin, get_event_metrics},
        {get, "/v1/finance/subscriptions", "listSubscriptions", admin, list_subscriptions},
        {post, subscription + "/pause", "pauseSubscription", admin, act(DeliveryAct::paused)},
        {post, subscription + "/resume", "resumeSubscription", admin, act(DeliveryAct::resumed)},
        {post, subscription + "/reset", "resetSubscription", admin, act(DeliveryAct::reset)},
        {get, "/v1/finance/dead-letters", "listDeadLetters", admin, list_dead_letters},
        {get, letter, "getDeadLetter", admin, get_dead_letter},
        {post, letter + "/redrive", "redriveDeadLetter", admin, end(DeliveryAct::redriven)},
        {post, letter + "/discard", "discardDeadLetter", admin, end(DeliveryAct::discarded)},
        {get, "/v1/alerts", "listAlerts", admin, list_alerts},
        {get, "/v1/webhooks", "listWebhooks", admin, list_webhooks},
        {post, "/v1/webhooks", "addWebhook", admin, WriteRoute{add_webhook}},
        {get, webhook, "getWebhook", admin, get_webhook},
        {patch, webhook, "updateWebhook", admin, WriteRoute{update_webhook}},
        {delete_, webhook, "deleteWebhook", admin, WriteRoute{delete_webhook}},
        {get, webhook + "/deliveries", "listWebhookDeliveries", admin, list_webhook_deliveries},
        {post, webhook + "/replay", "replayWebhook", admin, WriteRoute{replay_webhook}},
    };
}

std::vector<RouteRow> org_rows() {
    return {
        {get, "/v1/properties", "listProperties", signed_in, list_properties},
        {post, "/v1/properties", "addProperty", admin, WriteRoute{add_property}},
        {get, "/v1/properties/{id}", "getProperty", signed_in, get_property},
        {patch, "/v1/properties/{id}", "updateProperty", admin, WriteRoute{update_property}},
        {get, "/v1/settings", "getSettings", signed_in, get_settings},
        {patch, "/v1/settings", "updateSettings", admin, WriteRoute{update_settings}},
        {get, "/v1/tokens", "listTokens", admin, list_tokens},
        {post, "/v1/tokens", "addToken", admin, WriteRoute{add_token}},
        {patch, "/v1/tokens/{id}", "scopeToken", admin, WriteRoute{scope_token}},
        {delete_, "/v1/tokens/{id}", "revokeToken", admin, WriteRoute{revoke_token}},
        {post, "/v1/imports", "addImport", admin, WriteRoute{add_import}},
        {post, "/v1/setup/demo", "loadDemo", owner, LongRead(load_demo)},
        {get, "/v1/orgs", "listOrgs", operator_socket, Plain(list_orgs)},
        {post, "/v1/orgs", "addOrg", operator_socket, WriteRoute{add_org}},
        {get, "/healthz", "getHealth", anyone, Plain(get_health)},
        {get, "/readyz", "getReadiness", anyone, Plain(get_readiness)},
        {get, "/metrics", "getMetrics", anyone, Plain(get_metrics)},
        {get, "/openapi.json", "getOpenApi", anyone, Plain(get_openapi)},
    };
}

std::vector<RouteRow> people_rows() {
    const std::string one = "/v1/users/{id}";
    return {
        {get, "/v1/auth/state", "getAuthState", anyone, &SignIn::state},
        {post, "/v1/auth/setup", "setUp", anyone, &SignIn::set_up},
        {post, "/v1/auth/sign-up", "signUp", anyone, &SignIn::sign_up},
        {post, "/v1/auth/sign-in", "signIn", anyone, &SignIn::sign_in},
        {post, "/v1/auth/accept", "acceptLink", anyone, &SignIn::accept},
        {post, "/v1/auth/password", "changePassword", signed_in, &SignIn::change_password},
        {post, "/v1/auth/sign-out", "signOut", signed_in, WriteRoute{sign_out}},
        {get, "/v1/auth/sessions", "listSessions", signed_in, list_sessions},
        {delete_, "/v1/auth/sessions/{id}", "endSession", signed_in, WriteRoute{end_session}},
        {get, "/v1/me", "getMe", signed_in, get_me},
        {patch, "/v1/me", "updateMe", signed_in, WriteRoute{update_me, Needs::snapshot}},
        {get, "/v1/users", "listUsers", signed_in, list_users},
        {post, "/v1/users", "inviteUser", admin, WriteRoute{invite_user}},
        {get, one, "getUser", signed_in, get_user},
        {patch, one, "updateUser", admin, WriteRoute{update_user}},
        {delete_, one, "removeUser", admin, WriteRoute{remove_user}},
        {post, one + "/link", "makeUserLink", admin, WriteRoute{make_user_link, Needs::snapshot}},
        {get, "/v1/notifications", "listNotifications", signed_in, list_notifications},
        {post, "/v1/notifications/read", "markNotificationsRead", signed_in,
         WriteRoute{mark_notifications_read}},
        {get, "/v1/access-log", "listAccesses", signed_in, list_accesses},
    };
}

}  // namespace

std::vector<RouteRow> route_table() {
    std::vector<RouteRow> rows;
    append(rows, entry_rows(EntryKind::expense, "expenses", "Expense"));
    append(rows, entry_rows(EntryKind::revenue, "revenues", "Revenue"));
    append(rows, entry_rows(EntryKind::transfer, "transfers", "Transfer"));
    append(rows, finance_rows());
    append(rows, day_rows());
    append(rows, report_rows());
    append(rows, delivery_rows());
    append(rows, org_rows());
    append(rows, people_rows());
    return rows;
}

}  // namespace daybook::http
