// What the API refuses: each bad input has its status and code, and changes nothing.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "support/api_server.h"

namespace daybook::test {
namespace {

struct Refusal {
    std::string name;
    ApiRequest request;
    int status;
    std::string code;
    std::string pointer = {};       // of the first error; empty: not looked at
    std::string must_contain = {};  // somewhere in the body
    std::string must_not_contain = {};
};

// A good expense with one member replaced or added; an empty value leaves the member out.
std::string expense_with(const std::string& name, const std::string& value) {
    std::vector<std::pair<std::string, std::string>> members{
        {"propertyId", R"("{hotel}")"}, {"amountMinor", "1250"},       {"currency", R"("EUR")"},
        {"paymentMode", R"("cash")"},   {"category", R"("supplies")"},
    };
    std::erase_if(members, [&](const auto& each) { return each.first == name; });
    if (!value.empty()) members.emplace_back(name, value);
    std::string body = "{";
    for (const auto& [key, text] : members) {
        if (body.size() > 1) body += ",";
        body += "\"" + key + "\":" + text;
    }
    return body + "}";
}

ApiRequest add_expense(const std::string& body) {
    return {"POST", "/v1/finance/expenses", body};
}

ApiRequest with(const std::string& name, const std::string& value) {
    return add_expense(expense_with(name, value));
}

std::vector<Refusal> bad_bodies() {
    const std::string twice = R"({"amountMinor":1,"amountMinor":2})";
    std::string deep(17, '[');
    ApiRequest as_form = add_expense("amountMinor=1");
    as_form.headers = "Content-Type: application/x-www-form-urlencoded\r\n";
    return {
        {"no JSON", add_expense("{\"amountMinor\":"), 400, "malformed_json"},
        {"JSON and more", add_expense("{} {}"), 400, "malformed_json"},
        {"a comment", add_expense("{/**/}"), 400, "malformed_json"},
        {"no UTF-8", add_expense("{\"party\":\"\xff\"}"), 400, "malformed_json"},
        {"a key twice", add_expense(twice), 400, "malformed_json"},
        {"too deep", add_expense(deep), 400, "malformed_json"},
        {"an array", add_expense("[]"), 400, "wrong_type", ""},
        {"no body", add_expense(""), 400, "malformed_json"},
        {"another type", as_form, 415, "unsupported_media_type"},
        {"unknown field", with("colour", "1"), 400, "unknown_field", "/colour"},
        {"pointer escaped", with("a/b~c", "1"), 400, "unknown_field", "/a~1b~0c"},
        {"a server's field", with("status", R"("approved")"), 400, "unknown_field", "/status"},
        {"source of an expense", with("source", R"("room")"), 400, "unknown_field", "/source"},
        {"missing amount", with("amountMinor", ""), 400, "missing_field", "/amountMinor"},
        {"missing currency", with("currency", ""), 400, "missing_field", "/currency"},
        {"null amount", with("amountMinor", "null"), 400, "missing_field", "/amountMinor"},
        {"fraction", with("amountMinor", "12.5"), 400, "wrong_type", "/amountMinor"},
        {"whole fraction", with("amountMinor", "1.0"), 400, "wrong_type", "/amountMinor"},
        {"exponent", with("amountMinor", "1e3"), 400, "wrong_type", "/amountMinor"},
        {"text amount", with("amountMinor", R"("12")"), 400, "wrong_type", "/amountMinor"},
        {"true amount", with("amountMinor", "true"), 400, "wrong_type", "/amountMinor"},
        {"unknown property form", with("propertyId", R"("7")"), 400, "invalid_value",
         "/propertyId"},
        {"no such date", with("businessDate", R"("2025-02-30")"), 400, "invalid_value",
         "/businessDate"},
        {"date with time", with("businessDate", R"("2026-03-15T00:00:00Z")"), 400, "invalid_value",
         "/businessDate"},
        {"small currency", with("currency", R"("eur")"), 400, "invalid_value", "/currency"},
        {"control character", with("description", R"("a\u0000b")"), 400, "invalid_value",
         "/description"},
    };
}

std::vector<Refusal> broken_rules() {
    return {
        {"nothing", with("amountMinor", "0"), 422, "amount_out_of_range", "/amountMinor"},
        {"negative", with("amountMinor", "-5"), 422, "amount_out_of_range", "/amountMinor"},
        {"too large", with("amountMinor", "1000000000001"), 422, "amount_out_of_range",
         "/amountMinor"},
        {"beyond 64 bits", with("amountMinor", "99999999999999999999999999"), 422,
         "amount_out_of_range", "/amountMinor"},
        {"unknown category", with("category", R"("bribes")"), 422, "unknown_category", "/category"},
        {"foreign currency", with("currency", R"("USD")"), 422, "currency_mismatch", "/currency"},
        {"two days ahead", with("businessDate", R"("2026-03-17")"), 422, "future_date",
         "/businessDate"},
        {"before the books", with("businessDate", R"("2025-12-31")"), 422, "before_books_start",
         "/businessDate"},
        {"tax above the amount", with("taxMinor", "1251"), 422, "tax_exceeds_amount", "/taxMinor"},
        {"other org's property", with("propertyId", R"("{foreign}")"), 404, "not_found",
         "/propertyId", "", "Foreign"},
        {"no such property", with("propertyId", R"("00000000-0000-7000-8000-000000000001")"), 404,
         "not_found", "/propertyId"},
        {"second externalId", with("externalId", R"("paper-1")"), 409, "duplicate", "/externalId",
         "{paper}"},
        {"transfer to itself",
         {"POST", "/v1/finance/transfers",
          R"({"propertyId":"{hotel}","amountMinor":1,"currency":"EUR","from":"cash","to":"cash"})"},
         422,
         "same_account",
         "/to"},
        {"transfer to the same property",
         {"POST", "/v1/finance/transfers",
          R"({"propertyId":"{hotel}","toPropertyId":"{hotel}","amountMinor":1,"currency":"EUR",)"
          R"("from":"cash","to":"cash"})"},
         422,
         "same_account",
         "/toPropertyId"},
    };
}

ApiRequest act(const std::string& entry, const std::string& verb, const std::string& version,
               const std::string& body = {}) {
    ApiRequest request{"POST", "/v1/finance/expenses/{" + entry + "}/" + verb, body};
    if (!version.empty()) request.headers = "If-Match: " + version + "\r\n";
    return request;
}

ApiRequest change(const std::string& version, const std::string& body) {
    ApiRequest request{"PATCH", "/v1/finance/expenses/{approved}", body};
    if (!version.empty()) request.headers = "If-Match: " + version + "\r\n";
    return request;
}

std::vector<Refusal> bad_acts() {
    const std::string entry = "/v1/finance/expenses/{approved}";
    return {
        {"no If-Match", change("", R"({"amountMinor":5})"), 428, "if_match_required"},
        {"stale If-Match", change("\"9\"", R"({"amountMinor":5})"), 412, "stale_version", "",
         R"("currentVersion":"1")"},
        {"wild If-Match", change("*", R"({"amountMinor":5})"), 400, "invalid_value", "/If-Match"},
        {"other property", change("1", R"({"propertyId":"{hostel}"})"), 422, "property_fixed",
         "/propertyId"},
        {"nothing to change", change("1", R"({"amountMinor":1250})"), 422, "nothing_to_change"},
        {"removed amount", change("1", R"({"amountMinor":null})"), 400, "invalid_value",
         "/amountMinor"},
        {"fixed field", change("1", R"({"externalId":"x"})"), 400, "unknown_field", "/externalId"},
        {"delete without a version", {"DELETE", entry}, 428, "if_match_required"},
        {"second approval", act("approved", "approve", "1"), 409, "not_pending"},
        {"decision without a version", act("pending", "approve", ""), 428, "if_match_required"},
        {"decision with a stale version", act("pending", "approve", "7"), 412, "stale_version"},
        {"rejection without a reason", act("pending", "reject", "1"), 422, "reason_required",
         "/reason"},
        {"return without a reason", act("approved", "return", "1", "{}"), 422, "reason_required",
         "/reason"},
        {"restore what is there", act("approved", "restore", "1"), 409, "invalid_transition"},
        {"reversing too much", act("approved", "reverse", "", R"({"amountMinor":1251})"), 422,
         "reversal_exceeds_original", "/amountMinor"},
        {"reversing what is pending", act("pending", "reverse", ""), 422, "not_reversible"},
        {"erase without a version", act("approved", "erase-text", "", R"({"reason":"x"})"), 428,
         "if_match_required"},
        {"move to nowhere", act("approved", "move", "1", R"({"propertyId":"{foreign}"})"), 404,
         "not_found"},
        {"as another kind", {"GET", "/v1/finance/revenues/{approved}"}, 404, "not_found"},
        {"approve as another kind",
         {"POST", "/v1/finance/revenues/{approved}/approve", "", "If-Match: 1\r\n"},
         404,
         "not_found"},
        {"no id", {"GET", "/v1/finance/expenses/7"}, 404, "not_found"},
        {"bulk without versions",
         {"POST", "/v1/finance/approvals",
          R"({"decisions":[{"id":"{pending}","decision":"approve"}]})"},
         428,
         "if_match_required",
         "/decisions/0/version"},
        {"bulk of nothing",
         {"POST", "/v1/finance/approvals", R"({"decisions":[]})"},
         400,
         "invalid_value",
         "/decisions"},
        {"bulk in no mode",
         {"POST", "/v1/finance/entries:batch", R"({"entries":[]})"},
         400,
         "missing_field",
         "/mode"},
        {"bulk of unknown kinds",
         {"POST", "/v1/finance/entries:batch", R"({"mode":"atomic","entries":[{"kind":"gift"}]})"},
         400,
         "invalid_value",
         "/entries/0/kind"},
        {"import without externalId",
         {"POST", "/v1/finance/entries:batch",
          R"({"mode":"skip_existing","entries":[)" +
              std::string(R"({"kind":"expense","propertyId":"{hotel}","amountMinor":1,)") +
              R"("currency":"EUR","paymentMode":"cash","category":"supplies"}]})"},
         400,
         "missing_field",
         "/entries/0/externalId"},
    };
}

ApiRequest as(const std::string& who, ApiRequest request) {
    request.as = who;
    return request;
}

std::vector<Refusal> strangers() {
    ApiRequest bad_token{"GET", "/v1/properties", "", "Authorization: Bearer dbk_x\r\n", "nobody"};
    const std::string count = "/v1/finance/cash-balances/{hostel}/2026-03-15";
    return {
        {"no token", as("nobody", {"GET", "/v1/properties"}), 401, "unauthenticated"},
        {"bad token", bad_token, 401, "unauthenticated"},
        {"no such path", as("nobody", {"GET", "/v1/nothing"}), 404, "not_found"},
        {"no such method", {"DELETE", "/v1/properties"}, 405, "method_not_allowed"},
        {"auditor adds", as("auditor", with("party", R"("x")")), 403, "forbidden"},
        {"auditor changes", as("auditor", change("1", R"({"amountMinor":5})")), 403, "forbidden"},
        {"manager decides", as("manager", act("pending", "approve", "1")), 403, "forbidden"},
        {"manager asks for a change and does not say why",
         as("manager", change("1", R"({"amountMinor":5})")), 422, "reason_required"},
        {"admin erases", as("admin", act("approved", "erase-text", "1", R"({"reason":"x"})")), 403,
         "forbidden"},
        {"limited admin makes tokens",
         as("limitedAdmin", {"POST", "/v1/tokens", R"({"name":"t","role":"auditor"})"}), 403,
         "forbidden"},
        {"limited admin lists tokens", as("limitedAdmin", {"GET", "/v1/tokens"}), 403, "forbidden"},
        {"limited elsewhere", as("limited", with("propertyId", R"("{hostel}")")), 404, "not_found"},
        {"limited counts elsewhere", as("limited", {"PUT", count, R"({"countedMinor":1})"}), 404,
         "not_found"},
        {"limited filters elsewhere",
         as("limited", {"GET", "/v1/finance/entries?propertyId={hostel}"}), 404, "not_found", "",
         "", "Borealis"},
        {"limited reads elsewhere", as("limited", {"GET", "/v1/finance/expenses/{elsewhere}"}), 404,
         "not_found"},
        {"limited sees elsewhere", as("limited", {"GET", "/v1/properties/{hostel}"}), 404,
         "not_found"},
        {"limited reports elsewhere",
         as("limited", {"GET", "/v1/reports/daily?propertyId={hostel}"}), 404, "not_found"},
        {"other org reads", as("other", {"GET", "/v1/finance/expenses/{approved}"}), 404,
         "not_found"},
        {"other org changes", as("other", change("1", R"({"amountMinor":5})")), 404, "not_found"},
        {"other org filters", as("other", {"GET", "/v1/finance/events?propertyId={hotel}"}), 404,
         "not_found"},
        {"manager imports",
         as("manager",
            {"POST", "/v1/finance/entries:batch",
             R"({"mode":"skip_existing","entries":[)" +
                 std::string(R"({"kind":"expense","propertyId":"{hotel}","externalId":)") +
                 R"("e","amountMinor":1,"currency":"EUR","paymentMode":"cash",)" +
                 R"("category":"supplies"}]})"}),
         403, "forbidden", "/mode"},
        {"orgs over the network", {"GET", "/v1/orgs"}, 404, "not_found"},
        {"org header over the network",
         {"GET", "/v1/properties", "", "Daybook-Org: {org}\r\n"},
         400,
         "unknown_parameter",
         "/Daybook-Org"},
    };
}

std::vector<Refusal> bad_queries() {
    const auto get = [](const std::string& target) { return ApiRequest{"GET", target}; };
    const std::string entries = "/v1/finance/entries";
    return {
        {"unknown parameter", get(entries + "?colour=red"), 400, "unknown_parameter", "/colour"},
        {"parameter on a POST",
         {"POST", "/v1/finance/expenses?x=1", "{}"},
         400,
         "unknown_parameter",
         "/x"},
        {"twice", get(entries + "?q=a&q=b"), 400, "invalid_value", "/q"},
        {"limit of nothing", get(entries + "?limit=0"), 400, "invalid_value", "/limit"},
        {"limit too large", get(entries + "?limit=1001"), 400, "invalid_value", "/limit"},
        {"limit as text", get(entries + "?limit=%2B5"), 400, "invalid_value", "/limit"},
        {"no such sort", get(entries + "?sort=colour"), 400, "invalid_value", "/sort"},
        {"no such status", get(entries + "?status=odd"), 400, "invalid_value", "/status"},
        {"made-up cursor", get(entries + "?cursor=abc"), 400, "invalid_value", "/cursor"},
        {"range backwards", get(entries + "?from=2026-03-02&to=2026-03-01"), 400, "invalid_value",
         "/to"},
        {"range too long", get(entries + "?from=2020-01-01&to=2026-01-01"), 422, "range_too_long",
         "/to"},
        {"two kinds of keys", get(entries + "?category=other&source=other"), 400, "invalid_value",
         "/source"},
        {"category of transfers", get("/v1/finance/transfers?category=other"), 400,
         "unknown_parameter", "/category"},
        {"no such event type", get("/v1/finance/events?type=party"), 400, "invalid_value", "/type"},
        {"no such date", get("/v1/reports/daily?date=2025-02-30"), 400, "invalid_value", "/date"},
        {"month without year", get("/v1/reports/monthly?month=3"), 400, "invalid_value", "/year"},
        {"two years", get("/v1/reports/yearly?year=2026&fiscalYear=2026"), 400, "invalid_value",
         "/fiscalYear"},
        {"range without end", get("/v1/reports/range?from=2026-03-01"), 400, "invalid_value",
         "/to"},
        {"position ahead",
         {"GET", entries, "", "Daybook-Min-Position: 999999\r\n"},
         412,
         "position_unknown"},
        {"position ahead of a write",
         {"POST", "/v1/finance/expenses", expense_with("party", R"("x")"),
          "Daybook-Min-Position: 999999\r\n"},
         412,
         "position_unknown"},
        {"position as text",
         {"GET", entries, "", "Daybook-Min-Position: x\r\n"},
         400,
         "invalid_value",
         "/Daybook-Min-Position"},
        {"key with spaces",
         {"POST", "/v1/finance/expenses", expense_with("party", R"("x")"),
          "Idempotency-Key: a b\r\n"},
         400,
         "invalid_value",
         "/Idempotency-Key"},
        {"key of another request",
         {"POST", "/v1/finance/expenses", expense_with("party", R"("x")"),
          "Idempotency-Key: used\r\n"},
         422,
         "idempotency_mismatch"},
    };
}

std::vector<Refusal> bad_settings() {
    const std::string balance = "/v1/finance/cash-balances/{hotel}/2026-03-15";
    const auto put = [&](const std::string& body) { return ApiRequest{"PUT", balance, body}; };
    return {
        {"count and opening", put(R"({"countedMinor":1,"openingMinor":2})"), 400, "invalid_value",
         "/openingMinor"},
        {"count of nothing", put("{}"), 400, "invalid_value"},
        {"both counts", put(R"({"countedMinor":1,"denominations":[{"valueMinor":1,"pieces":1}]})"),
         400, "invalid_value"},
        {"count on no date",
         {"PUT", "/v1/finance/cash-balances/{hotel}/2026-02-30", R"({"countedMinor":1})"},
         400,
         "invalid_value",
         "/date"},
        {"count in the future",
         {"PUT", "/v1/finance/cash-balances/{hotel}/2026-03-16", R"({"countedMinor":1})"},
         422,
         "future_date"},
        {"correction without a reason",
         {"POST", "/v1/finance/adjustments", R"({"propertyId":"{hotel}","amountMinor":-5})"},
         422,
         "reason_required"},
        {"category twice",
         {"POST", "/v1/finance/categories", R"({"kind":"category","key":"supplies","name":"S"})"},
         409,
         "already_exists"},
        {"property twice",
         {"POST", "/v1/properties",
          R"({"name":"Hotel Aurora","kind":"hotel","currency":"EUR","timeZone":"Europe/Lisbon"})"},
         409,
         "already_exists"},
        {"no such zone",
         {"POST", "/v1/properties",
          R"({"name":"H","kind":"hotel","currency":"EUR","timeZone":"Europe/Atlantis"})"},
         400,
         "invalid_value",
         "/timeZone"},
        {"no such cutoff",
         {"POST", "/v1/properties",
          R"({"name":"H","kind":"hotel","currency":"EUR","timeZone":"UTC","dayCutoff":"4:00"})"},
         400,
         "invalid_value",
         "/dayCutoff"},
        {"property without a version",
         {"PATCH", "/v1/properties/{hotel}", R"({"name":"H"})"},
         428,
         "if_match_required"},
        {"settings without a version",
         {"PATCH", "/v1/settings", R"({"name":"N"})"},
         428,
         "if_match_required"},
        {"stale settings",
         {"PATCH", "/v1/settings", R"({"name":"N"})", "If-Match: 7\r\n"},
         412,
         "stale_version"},
        {"stale token",
         {"PATCH", "/v1/tokens/{managerToken}", R"({"properties":["{hotel}"]})", "If-Match: 7\r\n"},
         412,
         "stale_version"},
        {"no such token", {"DELETE", "/v1/tokens/{hotel}"}, 404, "not_found"},
        {"token of a foreign property",
         {"POST", "/v1/tokens", R"({"name":"t","role":"auditor","properties":["{foreign}"]})"},
         404,
         "not_found"},
        {"import of no file",
         {"POST", "/v1/imports",
          R"({"profile":"p","fileSha256":"xyz","added":1,"alreadyThere":0,"skipped":0})"},
         400,
         "invalid_value",
         "/fileSha256"},
    };
}

class ApiRefusals : public testing::TestWithParam<StoreKind> {
 protected:
    ApiRefusals() {
        keep("approved", with("externalId", R"("paper-1")"));
        server_.note("paper", server_.names().at("approved"));
        keep("pending", as("manager", with("party", R"("waits")")));
        keep("elsewhere", with("propertyId", R"("{hostel}")"));
        ApiRequest keyed = add_expense(expense_with("party", R"("first")"));
        keyed.headers = "Idempotency-Key: used\r\n";
        keep("keyed", keyed);
    }

    void keep(const std::string& name, const ApiRequest& request) {
        const HttpAnswer answer = server_.send(request);
        ASSERT_EQ(answer.status, 201) << answer.body;
        server_.note(name, member(answer.body, "id"));
    }

    void check(const Refusal& refusal) {
        SCOPED_TRACE(refusal.name);
        const Position before = server_.head();
        const HttpAnswer answer = server_.send(refusal.request);
        EXPECT_EQ(answer.status, refusal.status) << answer.body;
        EXPECT_EQ(answer.header("content-type"), "application/problem+json");
        EXPECT_EQ(member(answer.body, "code"), refusal.code) << answer.body;
        EXPECT_NE(member(answer.body, "detail"), "") << answer.body;
        if (!refusal.pointer.empty()) {
            EXPECT_EQ(member(answer.body, "errors/0/pointer"), refusal.pointer) << answer.body;
        }
        const std::string wanted = server_.fill_in(refusal.must_contain);
        EXPECT_NE(answer.body.find(wanted), std::string::npos) << answer.body;
        if (!refusal.must_not_contain.empty()) {
            EXPECT_EQ(answer.body.find(refusal.must_not_contain), std::string::npos);
        }
        for (const char* leak : {"SELECT", "select ", "sqlite", "terminate", ".cpp"}) {
            EXPECT_EQ(answer.body.find(leak), std::string::npos) << answer.body;
        }
        EXPECT_EQ(answer.status == 401, answer.header("www-authenticate") == "Bearer");
        EXPECT_EQ(server_.head(), before);
    }

    ApiServer server_{GetParam()};
};

TEST_P(ApiRefusals, ChangeNothing) {
    for (const auto& list :
         {bad_bodies(), broken_rules(), bad_acts(), strangers(), bad_queries(), bad_settings()}) {
        for (const Refusal& each : list) check(each);
    }
}

TEST_P(ApiRefusals, NameEveryWrongField) {
    const HttpAnswer answer = server_.send(add_expense(R"({"amountMinor":"1","x":1,"y":2})"));
    EXPECT_EQ(answer.status, 400);
    for (const char* pointer :
         {"/propertyId", "/amountMinor", "/currency", "/paymentMode", "/category", "/x", "/y"}) {
        EXPECT_NE(answer.body.find('"' + std::string(pointer) + '"'), std::string::npos)
            << answer.body;
    }
}

TEST_P(ApiRefusals, SayTheSameOfWhatIsNotGrantedAndWhatIsNot) {
    const auto detail = [&](const std::string& id) {
        ApiRequest request{"GET", "/v1/finance/entries?propertyId=" + id};
        request.as = "limited";
        HttpAnswer answer = server_.send(request);
        const std::string request_id = member(answer.body, "requestId");
        answer.body.erase(answer.body.find(request_id), request_id.size());
        return answer.body;
    };
    const std::string missing = detail("00000000-0000-7000-8000-000000000001");
    EXPECT_EQ(detail("{hostel}"), missing);
    EXPECT_EQ(detail("{foreign}"), missing);
}

TEST_P(ApiRefusals, RefuseSumsThatWouldNotFit) {
    // The turnover of a property ends at 2^53 - 1; each entry is at most 10^12.
    const std::string entry =
        R"({"kind":"expense","propertyId":"{hotel}","amountMinor":1000000000000,"currency":"EUR",)"
        R"("paymentMode":"cash","category":"supplies"})";
    std::string body = R"({"mode":"atomic","entries":[)" + entry;
    for (int i = 1; i < 1'000; ++i) body += "," + entry;
    body += "]}";
    const ApiRequest bulk{"POST", "/v1/finance/entries:batch", body};
    for (int i = 0; i < 9; ++i) ASSERT_EQ(server_.send(bulk).status, 201);
    check({"a bulk beyond the sum", bulk, 422, "total_too_large"});
    const HttpAnswer reported = server_.send({"GET", "/v1/reports/monthly?propertyId={hotel}"});
    EXPECT_EQ(reported.status, 200) << reported.body;
}

TEST_P(ApiRefusals, LimitBulks) {
    const std::string item = R"({"id":"{pending}","version":1,"decision":"approve"})";
    std::string body = R"({"decisions":[)" + item;
    for (int i = 1; i < 1'001; ++i) body += "," + item;
    check({"too many decisions", {"POST", "/v1/finance/approvals", body + "]}"}, 413, "too_large"});
}

DAYBOOK_TEST_ALL_STORES(ApiRefusals);

}  // namespace
}  // namespace daybook::test
