// The table of routes, and the handler that finds the one a request means.
//
// One rule of paths: "/finance/…" and "/reports/…" mean "/v1/finance/…" and "/v1/reports/…". GET
// answers HEAD too; OPTIONS is answered here, with Allow. A literal segment wins over a {capture},
// one segment at a time and with a way back, so that "/a/new" and "/a/{id}/x" live side by side.
//
// Threads: built before the server starts, only read afterwards.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "http/message.h"
#include "http/server.h"

namespace daybook::http {

// Who may call a route at all; which properties they may see is decided further in. Each includes
// the next.
enum class Caller : std::uint8_t { anyone, signed_in, manager, admin, owner, operator_socket };

struct Route {
    Method method = Method::get;
    std::string
        pattern;  // "/v1/finance/expenses/{id}"; a {name} takes one whole, non-empty segment
    std::string operation_id;  // unique; the name in the API document, in logs and metrics
    Caller caller = Caller::signed_in;
    // Runs on the I/O thread and must not block.
    std::function<void(Request, Respond)> handle;
};

class Router final : public Handler {
 public:
    // Dies (CHECK) if the pattern is not one, if two routes mean the same, or if an operation id is
    // taken.
    explicit Router(std::vector<Route> routes);
    ~Router() override;
    Router(const Router&) = delete;
    Router& operator=(const Router&) = delete;

    // Sets request.route and request.path_captures, and calls the route; 404 not_found, 405
    // method_not_allowed with Allow.
    void handle(Request request, Respond respond) override;

    [[nodiscard]] std::span<const Route> routes() const { return routes_; }

 private:
    struct Node;

    void add(const Route& route);

    std::vector<Route> routes_;
    std::unique_ptr<Node> root_;
};

}  // namespace daybook::http
