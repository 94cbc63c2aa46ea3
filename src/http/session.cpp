// Reading: head, body, hand-over to the handler. Writing is in session_write.cpp.
#include "http/session.h"

#include <algorithm>
#include <boost/asio/buffer.hpp>
#include <chrono>
#include <exception>
#include <utility>

#include "base/check.h"
#include "base/log.h"
#include "http/chunk_decoder.h"
#include "http/forwarded.h"
#include "http/problem.h"
#include "http/target.h"

namespace daybook::http {
namespace {

// Most requests fit; a connection that is idle holds no more.
constexpr std::size_t kBufferBytesMin = 2 * 1024;

std::int64_t steady_us() {
    const auto since = std::chrono::steady_clock::now().time_since_epoch();
    return std::chrono::duration_cast<std::chrono::microseconds>(since).count();
}

// What a handler answers through. Dropped without an answer, it answers 500: no client waits for
// ever.
class Reply {
 public:
    Reply(std::shared_ptr<Mailbox> mailbox, std::weak_ptr<Session> session)
        : mailbox_(std::move(mailbox)), session_(std::move(session)) {}
    Reply(Reply&&) noexcept = default;
    Reply& operator=(Reply&&) = delete;
    ~Reply() {
        if (mailbox_) {
            (*this)(problem(error(ErrorCode::internal, "The request was dropped; try again.")));
        }
    }

    void operator()(Response response) {
        CHECK(mailbox_ != nullptr);  // answered twice
        const std::shared_ptr<Mailbox> mailbox = std::move(mailbox_);
        if (mailbox->is_on_io_thread()) {
            const std::shared_ptr<Session> session = session_.lock();
            if (session && session->deliver_at_once(response)) return;
        }
        mailbox->post([to = std::move(session_), answer = std::move(response)]() mutable {
            if (const auto session = to.lock()) session->deliver(std::move(answer));
        });
    }

 private:
    std::shared_ptr<Mailbox> mailbox_;
    std::weak_ptr<Session> session_;
};

std::optional<std::string> bearer_of(const Request& request) {
    constexpr std::string_view kScheme = "bearer ";
    const auto authorization = request.header("authorization");
    if (!authorization || authorization->size() <= kScheme.size()) return std::nullopt;
    const auto matches = [](char given, char wanted) {
        return given == wanted || (given >= 'A' && given <= 'Z' && given - 'A' + 'a' == wanted);
    };
    if (!std::ranges::equal(authorization->substr(0, kScheme.size()), kScheme, matches)) {
        return std::nullopt;
    }
    return std::string(authorization->substr(kScheme.size()));
}

std::string request_id_of(const Request& request, const ServerParts& parts) {
    const auto given = request.header("x-request-id");
    const auto is_printable = [](char c) { return c >= ' ' && c <= '~'; };
    if (given && !given->empty() && given->size() <= limits::kRequestIdBytesMax &&
        std::ranges::all_of(*given, is_printable)) {
        return std::string(*given);
    }
    return new_uuid(parts.clock.now(), parts.random).to_string();
}

}  // namespace

Session::Session(SessionContext& context, Socket socket, Peer peer)
    : context_(context), socket_(std::move(socket)), peer_(std::move(peer)) {}

Session::~Session() {
    end_exchange();
}

Task<> Session::run(std::shared_ptr<Session> self) {
    for (;;) {
        const bool goes_on = co_await self->serve_one();
        self->end_exchange();
        if (!goes_on) break;
    }
    if (!self->is_gone_ && self->socket_.is_open()) co_await self->linger();
}

Task<bool> Session::serve_one() {
    exchange_ = Exchange{};
    std::optional<Refusal> refused = co_await read_request();
    if (is_gone_) co_return false;
    if (refused) {
        persistence_ = Persistence::close;
        exchange_.response = problem(std::move(*refused));
    } else {
        co_await get_response();
    }
    const bool is_sent = co_await send_response();
    if (!is_sent) is_gone_ = true;
    co_return is_sent&& persistence_ == Persistence::keep_alive;
}

Task<std::optional<Refusal>> Session::read_request() {
    std::optional<Refusal> refused = co_await read_head();
    if (refused || is_gone_) co_return refused;
    refused = accept_head();
    if (refused) co_return refused;
    refused = co_await read_body();
    co_return refused;
}

Task<std::optional<Refusal>> Session::read_head() {
    HeadSearch search;
    set_deadline(context_.options.idle_ms_max);
    for (;;) {
        if (!unread().empty()) {
            if (!is_open_request_) begin_exchange();
            auto parsed = parse_head(unread(), search);
            if (!parsed) co_return std::move(parsed).error();
            if (*parsed) {
                exchange_.head = std::move(**parsed);
                consume(exchange_.head.bytes);
                co_return std::nullopt;
            }
        }
        const bool has_more = co_await read_more();
        if (!has_more) co_return refusal_of_silence("The request head");
    }
}

void Session::begin_exchange() {
    is_open_request_ = true;
    ++context_.requests_open;
    set_deadline(context_.options.head_ms_max);
    exchange_.began_in_drain = context_.is_draining;
}

void Session::end_exchange() {
    context_.body_bytes -= std::exchange(body_bytes_, 0);
    if (std::exchange(is_open_request_, false)) --context_.requests_open;
}

// The peer sent nothing more: it closed, or it is too slow. A connection without a request is just
// closed.
std::optional<Refusal> Session::refusal_of_silence(std::string_view what) {
    if (std::exchange(is_expired_, false)) {
        context_.parts.metrics.timeouts.fetch_add(1, std::memory_order_relaxed);
        if (is_open_request_) {
            return refusal(408, ErrorCode::malformed,
                           std::string(what) + " did not arrive in time.");
        }
    }
    is_gone_ = true;
    return std::nullopt;
}

std::optional<Refusal> Session::accept_head() {
    exchange_.has_head = true;
    exchange_.began_us = steady_us();
    Request& request = exchange_.request;
    request.method = exchange_.head.method;
    request.headers = std::move(exchange_.head.headers);
    request.target = std::move(exchange_.head.target);
    request.peer_address = peer_.address;
    request.from_operator = peer_.origin == Origin::operator_socket;
    request.bearer = bearer_of(request);
    believe_proxy(request, context_.options.trusted_proxies);
    exchange_.request_id = request.request_id = request_id_of(request, context_.parts);
    if (exchange_.began_in_drain) {
        return refusal(503, ErrorCode::draining, "This server is shutting down; try again.");
    }
    if (!exchange_.head.keep_alive) persistence_ = Persistence::close;
    auto target = parse_target(request.target);
    if (!target) return Refusal{400, std::move(target).error()};
    request.path = exchange_.path = std::move(target->path);
    request.segments = std::move(target->segments);
    request.query = std::move(target->query);
    return std::nullopt;
}

Task<std::optional<Refusal>> Session::read_body() {
    const Head& head = exchange_.head;
    if (head.framing == Framing::none) co_return std::nullopt;
    set_deadline(context_.options.body_ms_max);
    if (head.expects_continue && unread().empty()) {
        const bool is_sent = co_await write_all("HTTP/1.1 100 Continue\r\n\r\n", {});
        if (!is_sent) {
            is_gone_ = true;
            co_return std::nullopt;
        }
        set_deadline(context_.options.body_ms_max);
    }
    ChunkDecoder chunks;
    for (;;) {
        const auto is_complete = take_body(chunks);
        if (!is_complete) co_return is_complete.error();
        if (*is_complete) co_return std::nullopt;
        const bool has_more = co_await read_more();
        if (!has_more) co_return refusal_of_silence("The request body");
    }
}

std::expected<bool, Refusal> Session::take_body(ChunkDecoder& chunks) {
    std::string& body = exchange_.request.body;
    if (exchange_.head.framing == Framing::chunked) {
        const auto taken = chunks.feed(unread(), body);
        if (!taken) return std::unexpected(taken.error());
        consume(*taken);
    } else {
        const std::size_t missing = exchange_.head.content_length - body.size();
        const std::string_view part = unread().substr(0, missing);
        body.append(part);
        consume(part.size());
    }
    context_.body_bytes += body.size() - body_bytes_;
    body_bytes_ = body.size();
    if (context_.body_bytes > limits::kHttpBodiesBytesMax) {
        return std::unexpected(
            refusal(503, ErrorCode::busy, "Too much is being uploaded at once; try again."));
    }
    return exchange_.head.framing == Framing::chunked
               ? chunks.is_done()
               : body.size() == exchange_.head.content_length;
}

Task<> Session::get_response() {
    clear_deadline();
    // From here on the body is the handler's.
    context_.body_bytes -= std::exchange(body_bytes_, 0);
    is_handling_ = true;
    try {
        context_.parts.handler.handle(std::move(exchange_.request),
                                      Reply(context_.mailbox, weak_from_this()));
    } catch (const std::exception& thrown) {
        log(LogLevel::error, std::string("a handler failed unexpectedly: ") + thrown.what());
    }
    is_handling_ = false;
    while (!exchange_.response) co_await wait_for_letter();
}

bool Session::deliver_at_once(Response& response) {
    if (!is_handling_) return false;
    exchange_.response = std::move(response);
    return true;
}

void Session::deliver(Response response) {
    exchange_.response = std::move(response);
    resume();
}

Task<bool> Session::read_more() {
    if (begin_ == end_) begin_ = end_ = 0;
    if (end_ == buffer_.size()) {
        if (begin_ > 0) {
            std::copy(buffer_.begin() + static_cast<std::ptrdiff_t>(begin_), buffer_.end(),
                      buffer_.begin());
            end_ -= begin_;
            begin_ = 0;
        } else {
            buffer_.resize(
                std::clamp(buffer_.size() * 2, kBufferBytesMin, limits::kHttpHeadBytesMax));
        }
    }
    CHECK(end_ < buffer_.size());
    ErrorNumber failed;
    const std::size_t count =
        co_await socket_.async_read_some(asio::buffer(buffer_.data() + end_, buffer_.size() - end_),
                                         asio::redirect_error(use_task, failed));
    if (failed || is_expired_) co_return false;
    end_ += count;
    context_.parts.metrics.bytes_received.fetch_add(count, std::memory_order_relaxed);
    co_return true;
}

std::string_view Session::unread() const {
    return std::string_view(buffer_).substr(begin_, end_ - begin_);
}

void Session::set_deadline(int ms) {
    deadline_ms_ = steady_us() / 1'000 + ms;
}

void Session::expire_if_due(std::int64_t now_ms) {
    if (deadline_ms_ == 0 || now_ms < deadline_ms_) return;
    deadline_ms_ = 0;
    is_expired_ = true;
    ErrorNumber ignored;
    socket_.cancel(ignored);
}

void Session::abandon() {
    const std::shared_ptr<Session> self = shared_from_this();
    const auto waiter = std::exchange(waiter_, nullptr);
}

}  // namespace daybook::http
