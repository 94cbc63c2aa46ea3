// What a handler gets and gives: Request, Response, and the Respond that carries the answer back.
//
// Values only: no sockets and no Asio here, so that routes stay cheap to compile and to test.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

namespace daybook::http {

struct Route;

// The methods that are understood; every other one is refused (405) before a handler sees it.
enum class Method : std::uint8_t { get, head, post, put, patch, delete_, options };
inline constexpr std::size_t kMethodCount = 7;

std::string_view method_name(Method method);
std::optional<Method> method_of(std::string_view name);

struct Header {
    std::string name;  // of a request: in lower case
    std::string value;
};

// One name=value of the query string or of the path, decoded.
struct Parameter {
    std::string name;
    std::string value;
};

struct Request {
    Method method = Method::get;
    std::string target;                 // as it was sent
    std::string path;                   // the target up to '?', not decoded
    std::vector<std::string> segments;  // of the path, decoded; none of them contains '/'
    std::vector<Parameter> query;       // in the order sent; a name may be repeated
    std::vector<Header> headers;
    std::string body;
    std::string request_id;
    std::string peer_address;              // of the socket; empty on the Unix socket
    std::optional<std::string> bearer;     // the token of "Authorization: Bearer …"
    bool is_secure = false;                // over TLS, as a trusted proxy says
    bool loaded = false;                   // its org is, or that was tried
    bool caught_up = false;                // what other nodes committed before it is known
    bool from_operator = false;            // came over the Unix socket, from our user or root
    const Route* route = nullptr;          // set by the router
    std::vector<Parameter> path_captures;  // what the {names} of the route's pattern matched

    // The value of the first header of that lower-case name.
    [[nodiscard]] std::optional<std::string_view> header(std::string_view name) const;
    // The value that {name} of the route's pattern matched; empty if it has no such name.
    [[nodiscard]] std::string_view capture(std::string_view name) const;
};

// The next piece of a streamed body; nullopt at its end. An error before the first piece becomes a
// problem document; a later one cuts the connection, so that the client sees a broken transfer.
using BodySource = std::function<Result<std::optional<std::string>>()>;

// Takes over a connection whose response head is sent: the descriptor (non-blocking, now the
// callee's to close) and what the client sent beyond its request.
struct DetachedSocket {
    int descriptor = -1;
    std::string unread;
};
using TakeSocket = std::move_only_function<void(DetachedSocket)>;

// Every member has its initialiser, so that a handler may write Response{.body = …}.
// Exactly one body is sent: `error`, `stream`, `shared_body` or `body`, the first that is set.
struct Response {
    int status = 200;
    std::string content_type{};  // empty: no Content-Type
    std::vector<Header> headers{};
    std::string body{};
    std::shared_ptr<const std::string> shared_body{};  // bytes that a cache keeps
    BodySource stream{};                               // pulled on a worker, sent chunked
    TakeSocket take_socket{};                          // for SSE; called on the I/O thread
    std::optional<Error> error{};  // rendered as a problem document with the request's id and path

    [[nodiscard]] std::string_view body_bytes() const {
        return shared_body ? std::string_view(*shared_body) : std::string_view(body);
    }
};

// Called once, from any thread. Dropped without a call, it answers 500.
using Respond = std::move_only_function<void(Response)>;

}  // namespace daybook::http
