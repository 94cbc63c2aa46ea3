// A tree with one level per path segment.
#include "http/router.h"

#include <array>
#include <set>
#include <string_view>
#include <utility>

#include "base/check.h"
#include "http/problem.h"

namespace daybook::http {

struct Router::Node {
    std::map<std::string, std::unique_ptr<Node>, std::less<>> literals;
    std::unique_ptr<Node> capture;
    std::array<const Route*, kMethodCount> routes{};

    [[nodiscard]] const Route* route_for(Method method) const {
        return routes.at(static_cast<std::size_t>(method));
    }
    [[nodiscard]] bool has_routes() const {
        for (const Route* each : routes) {
            if (each != nullptr) return true;
        }
        return false;
    }
    // As the header Allow lists them.
    [[nodiscard]] std::string allowed_methods() const;
    // The node that `segments` leads to and that has routes; null if there is none.
    [[nodiscard]] const Node* find(std::span<const std::string> segments) const;
};

namespace {

std::vector<std::string_view> split_pattern(std::string_view pattern) {
    CHECK(pattern.starts_with('/'));
    std::vector<std::string_view> segments;
    std::string_view rest = pattern.substr(1);
    while (!rest.empty()) {
        const std::size_t slash = std::min(rest.find('/'), rest.size());
        segments.push_back(rest.substr(0, slash));
        CHECK(!segments.back().empty());
        rest.remove_prefix(std::min(slash + 1, rest.size()));
    }
    return segments;
}

bool is_capture(std::string_view segment) {
    return segment.starts_with('{');
}

std::string_view capture_name(std::string_view segment) {
    CHECK(segment.size() > 2 && segment.ends_with('}'));
    return segment.substr(1, segment.size() - 2);
}

std::vector<Parameter> captures(const Route& route, std::span<const std::string> segments) {
    std::vector<Parameter> result;
    const std::vector<std::string_view> pattern = split_pattern(route.pattern);
    CHECK(pattern.size() == segments.size());
    for (std::size_t i = 0; i < pattern.size(); ++i) {
        if (!is_capture(pattern[i])) continue;
        result.push_back({std::string(capture_name(pattern[i])), segments[i]});
    }
    return result;
}

}  // namespace

const Router::Node* Router::Node::find(std::span<const std::string> segments) const {
    if (segments.empty()) return has_routes() ? this : nullptr;
    const auto literal = literals.find(segments.front());
    if (literal != literals.end()) {
        if (const Node* found = literal->second->find(segments.subspan(1))) return found;
    }
    if (!capture || segments.front().empty()) return nullptr;
    return capture->find(segments.subspan(1));
}

std::string Router::Node::allowed_methods() const {
    std::string allow;
    for (std::size_t i = 0; i < kMethodCount; ++i) {
        const auto method = static_cast<Method>(i);
        const bool is_allowed = route_for(method) != nullptr || method == Method::options ||
                                (method == Method::head && route_for(Method::get) != nullptr);
        if (is_allowed) allow += (allow.empty() ? "" : ", ") + std::string(method_name(method));
    }
    return allow;
}

Router::Router(std::vector<Route> routes)
    : routes_(std::move(routes)), root_(std::make_unique<Node>()) {
    std::set<std::string_view> operation_ids;
    for (const Route& route : routes_) {
        CHECK(!route.operation_id.empty() && operation_ids.insert(route.operation_id).second);
        add(route);
    }
}

Router::~Router() = default;

void Router::add(const Route& route) {
    CHECK(route.handle != nullptr && route.method != Method::options);
    Node* node = root_.get();
    for (const std::string_view segment : split_pattern(route.pattern)) {
        if (is_capture(segment)) {
            CHECK(!capture_name(segment).empty());
            if (!node->capture) node->capture = std::make_unique<Node>();
            node = node->capture.get();
        } else {
            auto& next = node->literals[std::string(segment)];
            if (!next) next = std::make_unique<Node>();
            node = next.get();
        }
    }
    const Route*& slot = node->routes.at(static_cast<std::size_t>(route.method));
    CHECK(slot == nullptr);
    slot = &route;
}

void Router::handle(Request request, Respond respond) {
    // The one rule of prefixes.
    std::vector<std::string>& segments = request.segments;
    if (!segments.empty() && (segments.front() == "finance" || segments.front() == "reports")) {
        segments.insert(segments.begin(), "v1");
    }
    const Node* node = root_->find(segments);
    if (node == nullptr) {
        return respond(problem(
            error(ErrorCode::not_found, "There is nothing at this path; see /openapi.json.")));
    }

    const Route* route = node->route_for(request.method);
    if (route == nullptr && request.method == Method::head) route = node->route_for(Method::get);
    if (route != nullptr) {
        request.route = route;
        request.path_captures = captures(*route, segments);
        return route->handle(std::move(request), std::move(respond));
    }
    std::string allow = node->allowed_methods();
    if (request.method == Method::options) {
        Response response;
        response.status = 204;
        response.headers.push_back({"Allow", std::move(allow)});
        return respond(std::move(response));
    }
    Error refused = error(ErrorCode::method_not_allowed, "This path answers " + allow + ".");
    refused.facts.emplace_back("allow", std::move(allow));
    respond(problem(std::move(refused)));
}

}  // namespace daybook::http
