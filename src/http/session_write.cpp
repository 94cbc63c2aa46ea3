// The writing half of a session: answers, streams, hand-over of the socket, the end of a
// connection.
#include <sys/sendfile.h>
#include <sys/socket.h>

#include <array>
#include <boost/asio/async_result.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>
#include <chrono>
#include <exception>
#include <utility>

#include "base/log.h"
#include "http/problem.h"
#include "http/session.h"

namespace daybook::http {
namespace {

Result<std::optional<std::string>> next_piece(const BodySource& source) {
    try {
        return source();
    } catch (const std::exception& thrown) {
        log(LogLevel::error, std::string("a stream failed unexpectedly: ") + thrown.what());
        return fail(ErrorCode::internal, "The answer could not be made; try again.");
    }
}

}  // namespace

Task<bool> Session::send_response() {
    co_await prepare_response();
    Response& response = *exchange_.response;
    const int status = response.status;
    std::string head = compose_head();
    bool is_sent = false;
    const bool has_body = exchange_.head.method != Method::head && status_allows_body(status);
    if (has_body && response.take_socket) {
        is_sent = co_await detach(std::move(head));
    } else if (has_body && response.stream) {
        is_sent = co_await send_stream(std::move(head));
    } else if (auto file = has_body && response.shared_body
                               ? context_.body_files.find(response.shared_body)
                               : nullptr) {
        is_sent = co_await write_file(head, std::move(file), response.shared_body->size());
    } else {
        const std::string_view body = has_body ? response.body_bytes() : std::string_view{};
        is_sent = co_await write_all(head, body);
    }
    Metrics& metrics = context_.parts.metrics;
    if (exchange_.has_head) {
        const auto now = std::chrono::steady_clock::now().time_since_epoch();
        metrics.latency.record(std::chrono::duration_cast<std::chrono::microseconds>(now).count() -
                               exchange_.began_us);
        metrics.count_request(exchange_.head.method, status);
    } else {
        metrics.count_request(std::nullopt, status);
    }
    co_return is_sent;
}

// Pulls the first piece of a stream, while an error can still become a problem document, and
// renders errors.
Task<> Session::prepare_response() {
    std::optional<Response>& response = exchange_.response;
    if (response->stream && exchange_.head.method != Method::head) {
        exchange_.stream = std::make_shared<BodySource>(response->stream);
        Piece piece = co_await pull(Pull::first);
        if (!piece) {
            response = problem(std::move(piece).error());
        } else {
            exchange_.piece = std::move(piece);
        }
    }
    if (!has_clean_headers(*response)) {
        log(LogLevel::error, "a header of an answer has a control character: " + exchange_.path);
        response = problem(error(ErrorCode::internal, "The answer could not be sent."));
    }
    if (exchange_.request_id.empty()) {
        exchange_.request_id =
            new_uuid(context_.parts.clock.now(), context_.parts.random).to_string();
    }
    if (response->error) render_problem(*response, {exchange_.path, exchange_.request_id});
}

std::string Session::compose_head() {
    const Response& response = *exchange_.response;
    // Without chunks only the end of the connection can end a stream.
    const bool ends_by_close = response.stream && exchange_.head.version == Version::http_1_0;
    const bool is_taken = response.take_socket && exchange_.head.method != Method::head;
    if (context_.is_draining || is_taken || ends_by_close) {
        persistence_ = Persistence::close;
    }
    std::string head;
    head.reserve(512);
    append_response_head(head, response,
                         {.date = context_.date,
                          .request_id = exchange_.request_id,
                          .version = exchange_.head.version,
                          .persistence = persistence_});
    return head;
}

Task<bool> Session::send_stream(std::string head) {
    const bool is_chunked = exchange_.head.version == Version::http_1_1;
    std::string out = std::move(head);
    Piece piece = *std::exchange(exchange_.piece, std::nullopt);
    for (;;) {
        if (!piece) {
            log(LogLevel::warning, "a stream was cut: " + piece.error().detail);
            co_return false;
        }
        const bool is_end = !piece->has_value();
        if (is_end && is_chunked) out += kLastChunk;
        if (!is_end && is_chunked) append_chunk(out, **piece);
        if (!is_end && !is_chunked) out += **piece;
        const bool is_sent = co_await write_all(out, {});
        if (!is_sent || is_end) co_return is_sent;
        out.clear();
        piece = co_await pull(Pull::next);
    }
}

Task<bool> Session::detach(std::string head) {
    const bool is_sent = co_await write_all(head, {});
    if (!is_sent) co_return false;
    DetachedSocket detached;
    detached.unread = unread();
    ErrorNumber failed;
    detached.descriptor = socket_.release(failed);
    if (failed) co_return false;
    exchange_.response->take_socket(std::move(detached));
    co_return true;
}

Task<Session::Piece> Session::pull(Pull which) {
    WorkerPool::Task work = [source = exchange_.stream, mailbox = context_.mailbox,
                             to = weak_from_this()]() mutable {
        Piece piece = next_piece(*source);
        mailbox->post([to = std::move(to), piece = std::move(piece)]() mutable {
            if (const auto session = to.lock()) session->receive(std::move(piece));
        });
    };
    clear_deadline();
    exchange_.piece.reset();
    if (which == Pull::next) {
        context_.parts.workers.resume(std::move(work));
    } else if (const Status queued = context_.parts.workers.submit(std::move(work)); !queued) {
        co_return std::unexpected(queued.error());
    }
    while (!exchange_.piece) co_await wait_for_letter();
    co_return *std::exchange(exchange_.piece, std::nullopt);
}

void Session::receive(Piece piece) {
    exchange_.piece = std::move(piece);
    resume();
}

// Writes at once what the kernel takes, which is nearly always all of it, and waits only for the
// rest.
Task<bool> Session::write_all(std::string_view first, std::string_view second) {
    std::array<asio::const_buffer, 2> parts{asio::buffer(first.data(), first.size()),
                                            asio::buffer(second.data(), second.size())};
    while (parts[0].size() + parts[1].size() > 0) {
        ErrorNumber failed;
        const std::size_t sent = socket_.write_some(parts, failed);
        if (failed == asio::error::would_block) {
            const bool has_room = co_await wait_for_room();
            if (!has_room) co_return false;
            continue;
        }
        if (failed) co_return false;
        context_.parts.metrics.bytes_sent.fetch_add(sent, std::memory_order_relaxed);
        const std::size_t of_first = std::min(sent, parts[0].size());
        parts[0] += of_first;
        parts[1] += sent - of_first;
    }
    co_return true;
}

Task<bool> Session::write_file(std::string_view head, BodyFile file, std::size_t bytes) {
    // The head waits in the kernel, so that it leaves with the first of the body.
    while (!head.empty()) {
        const ssize_t sent =
            ::send(socket_.native_handle(), head.data(), head.size(), MSG_NOSIGNAL | MSG_MORE);
        if (sent < 0 && errno != EAGAIN) co_return false;
        if (sent < 0) {
            const bool has_room = co_await wait_for_room();
            if (!has_room) co_return false;
            continue;
        }
        head.remove_prefix(static_cast<std::size_t>(sent));
    }
    off_t at = 0;
    while (static_cast<std::size_t>(at) < bytes) {
        const ssize_t sent = ::sendfile(socket_.native_handle(), file->number(), &at,
                                        bytes - static_cast<std::size_t>(at));
        if (sent == 0 || (sent < 0 && errno != EAGAIN)) co_return false;
        if (sent > 0) {
            context_.parts.metrics.bytes_sent.fetch_add(static_cast<std::uint64_t>(sent),
                                                        std::memory_order_relaxed);
            continue;
        }
        const bool has_room = co_await wait_for_room();
        if (!has_room) co_return false;
    }
    co_return true;
}

Task<bool> Session::wait_for_room() {
    ErrorNumber failed;
    set_deadline(context_.options.write_ms_max);
    co_await socket_.async_wait(Socket::wait_write, asio::redirect_error(use_task, failed));
    if (is_expired_) context_.parts.metrics.timeouts.fetch_add(1, std::memory_order_relaxed);
    if (failed || is_expired_) co_return false;
    clear_deadline();
    co_return true;
}

// Closing while input is unread would reset the connection, and the peer might lose the answer: so
// end our side, and read until the peer ends its own.
Task<> Session::linger() {
    ErrorNumber failed;
    socket_.shutdown(Socket::shutdown_send, failed);
    if (failed) co_return;
    is_expired_ = false;
    set_deadline(limits::kHttpLingerSecondsMax * 1'000);
    std::size_t thrown_away = 0;
    while (thrown_away < limits::kHttpLingerBytesMax) {
        begin_ = end_ = 0;
        const bool has_more = co_await read_more();
        if (!has_more) co_return;
        thrown_away += end_;
    }
}

Task<> Session::wait_for_letter() {
    const auto keep = [this](auto handler) { waiter_ = std::move(handler); };
    return asio::async_initiate<const asio::use_awaitable_t<Executor>&, void()>(keep, use_task);
}

void Session::resume() {
    if (auto waiter = std::exchange(waiter_, nullptr)) waiter();
}

}  // namespace daybook::http
