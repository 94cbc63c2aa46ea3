// Fuzzes whole requests to the whole API, over books in memory: the router, every body, every
// query, every header that a route reads, by everybody.
//
//   owner POST /v1/finance/expenses
//   If-Match: 1
//
//   {"propertyId":"{hotel}", …}
//
// {hotel} and the like are filled in (support/api_server.h). No answer is a failure of ours: none
// is 5xx but 503 with Retry-After, and what says that it is JSON is. The books grow with what is
// accepted, and are made anew after kRequestsPerBooks requests, so a finding may need those before
// it. The stream and polls that wait are left out: they do not end.
#include <algorithm>
#include <array>
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

constexpr int kRequestsPerBooks = 5'000;
constexpr std::array<std::string_view, 7> kPeople{"owner",   "admin",        "manager", "auditor",
                                                  "limited", "limitedAdmin", "other"};

std::string_view take_until(std::string_view& text, char end) {
    const std::size_t at = std::min(text.find(end), text.size());
    const std::string_view taken = text.substr(0, at);
    text.remove_prefix(std::min(at + 1, text.size()));
    return taken;
}

std::string lower_case(std::string_view text) {
    std::string lower(text);
    for (char& c : lower) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    }
    return lower;
}

bool may_wait(const http::Target& target) {
    if (target.segments.empty()) return false;
    const std::string& last = target.segments.back();
    return last == "stream" || (last == "poll" && !target.query.empty());
}

// nullopt where it is no request, or one that would not end.
std::optional<http::Request> read_request(const ApiServer& server, std::string_view text) {
    http::Request request;
    const std::string who(take_until(text, ' '));
    const auto method = http::method_of(take_until(text, ' '));
    request.target = server.fill_in(std::string(take_until(text, '\n')));
    auto target = http::parse_target(request.target);
    if (!method || !target || may_wait(*target)) return std::nullopt;
    request.method = *method;
    request.path = std::move(target->path);
    request.segments = std::move(target->segments);
    request.query = std::move(target->query);
    while (!text.empty() && text.front() != '\n') {
        std::string_view line = take_until(text, '\n');
        const std::string name = lower_case(take_until(line, ':'));
        if (line.starts_with(' ')) line.remove_prefix(1);
        request.headers.push_back({name, server.fill_in(std::string(line))});
    }
    if (!text.empty()) text.remove_prefix(1);
    request.body = server.fill_in(std::string(text));
    if (!request.body.empty() && !request.header("content-type")) {
        request.headers.push_back({"content-type", "application/json"});
    }
    if (std::ranges::find(kPeople, who) != kPeople.end()) request.bearer = server.token(who);
    return request;
}

void check_answer(const http::Response& response) {
    const auto has_header = [&](std::string_view name) {
        for (const http::Header& each : response.headers) {
            if (each.name == name) return true;
        }
        return false;
    };
    CHECK(response.status >= 200);
    CHECK(response.status < 500 || (response.status == 503 && has_header("Retry-After")));
    if (response.stream) {
        for (auto piece = response.stream(); piece && *piece;) piece = response.stream();
    }
    if (!response.content_type.contains("json") || response.stream) return;
    boost::json::error_code code;
    boost::json::parse(response.body_bytes(), code);
    CHECK(!code || response.body_bytes().empty());
}

void fuzz_api(std::string_view text) {
    static std::unique_ptr<ApiServer> server;
    static int asked = 0;
    if (asked++ % kRequestsPerBooks == 0) {
        server.reset();
        server = std::make_unique<ApiServer>(store_kinds().front());
    }
    if (auto request = read_request(*server, text))
        check_answer(server->operator_call(*std::move(request)));
}

}  // namespace
}  // namespace daybook::test

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    daybook::test::fuzz_api({reinterpret_cast<const char*>(data), size});
    return 0;
}
