// Fuzzes the router with the table of all routes, against a search that is written the plain way:
// of the patterns that fit a path, the one that is literal at the first place where they differ.
//
// The first byte is the method, the rest the target.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/check.h"
#include "http/router.h"
#include "http/routes_call.h"
#include "http/target.h"

namespace daybook::http {
namespace {

struct Found {
    std::string operation_id;
    std::vector<std::string> captures;
    bool operator==(const Found&) const = default;
};

std::optional<Found> called;  // by the request under way

Router make_router() {
    std::vector<Route> routes;
    for (const RouteRow& row : route_table()) {
        routes.push_back({row.method, row.pattern, row.operation_id, row.caller,
                          [](const Request& request, Respond respond) {
                              called = Found{request.route->operation_id, {}};
                              for (const Parameter& each : request.path_captures) {
                                  called->captures.push_back(each.value);
                              }
                              respond(Response{});
                          }});
    }
    return Router(std::move(routes));
}

std::vector<std::string> pieces_of(std::string_view path) {
    std::vector<std::string> pieces;
    while (!path.empty()) {
        const std::size_t end = std::min(path.find('/', 1), path.size());
        pieces.emplace_back(path.substr(1, end - 1));
        path.remove_prefix(end);
    }
    return pieces;
}

bool is_capture(std::string_view piece) {
    return piece.starts_with('{');
}

// "0" for a literal and "1" for a capture, piece by piece; nullopt if the path is another.
std::optional<std::string> rank(const std::vector<std::string>& pattern,
                                const std::vector<std::string>& path) {
    if (pattern.size() != path.size()) return std::nullopt;
    std::string rank;
    for (std::size_t i = 0; i < path.size(); ++i) {
        const bool captures = is_capture(pattern[i]) && !path[i].empty();
        if (!captures && pattern[i] != path[i]) return std::nullopt;
        rank += captures ? '1' : '0';
    }
    return rank;
}

struct Search {
    bool knows_path = false;
    std::optional<Found> found;
};

Search plain_search(Method method, std::vector<std::string> path) {
    static const std::vector<RouteRow> kRows = route_table();
    if (!path.empty() && (path.front() == "finance" || path.front() == "reports")) {
        path.insert(path.begin(), "v1");
    }
    std::string best = "2";
    for (const RouteRow& row : kRows) {
        if (const auto ranked = rank(pieces_of(row.pattern), path)) best = std::min(best, *ranked);
    }
    Search search{best != "2", std::nullopt};
    for (const RouteRow& row : kRows) {
        const auto pattern = pieces_of(row.pattern);
        const bool answers =
            row.method == method || (method == Method::head && row.method == Method::get);
        if (!answers || rank(pattern, path) != best) continue;
        search.found = Found{row.operation_id, {}};
        for (std::size_t i = 0; i < path.size(); ++i) {
            if (is_capture(pattern[i])) search.found->captures.push_back(path[i]);
        }
    }
    return search;
}

void fuzz_router(Method method, std::string_view bytes) {
    static Router router = make_router();
    auto target = parse_target(bytes);
    if (!target) return;
    const Search expected = plain_search(method, target->segments);
    Request request;
    request.method = method;
    request.segments = std::move(target->segments);
    called.reset();
    int status = 0;
    bool has_allow = false;
    router.handle(std::move(request), [&](Response response) {
        status = response.status;
        has_allow = !response.headers.empty() || (response.error && !response.error->facts.empty());
    });
    CHECK(called == expected.found);
    if (called) {
        CHECK(status == 200);
    } else if (!expected.knows_path) {
        CHECK(status == 404);
    } else {
        CHECK(status == (method == Method::options ? 204 : 405) && has_allow);
    }
}

}  // namespace
}  // namespace daybook::http

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace daybook::http;
    if (size == 0) return 0;
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    fuzz_router(static_cast<Method>(data[0] % kMethodCount), bytes.substr(1));
    return 0;
}
