// One exchange: look up, connect, shake hands, write, read the head.
#include "delivery/http/client.h"

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/write.hpp>
#include <chrono>
#include <mutex>
#include <optional>
#include <string_view>
#include <utility>

#include "base/limits.h"
#include "delivery/http/address.h"

namespace daybook::delivery::http {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

// Shared by all connections. The machine's certificates are read for the first of them: that takes
// some 20 ms, which a program that posts nothing need not wait for. Without them no peer is
// trusted.
class Client::Tls {
 public:
    asio::ssl::context& context() {
        std::call_once(read_, [this] {
            error_code missing;
            context_.set_default_verify_paths(missing);
        });
        return context_;
    }

 private:
    asio::ssl::context context_{asio::ssl::context::tls_client};
    std::once_flag read_;
};

namespace {

using Endpoints = std::vector<tcp::endpoint>;

std::unexpected<Error> failed(std::string_view what, const error_code& why) {
    return fail(ErrorCode::io_failed, std::string(what) + ": " + why.message() + ".");
}

Result<Endpoints> look_up(const Url& url, Reach reach) {
    asio::io_context io;
    tcp::resolver resolver(io);
    error_code code;
    const auto found = resolver.resolve(url.host, std::to_string(url.port), code);
    if (code) return failed("The host " + url.host + " was not found", code);
    Endpoints endpoints;
    for (const auto& each : found) {
        if (reach == Reach::public_only && !is_public(each.endpoint().address())) {
            return fail(
                ErrorCode::address_refused,
                "The host " + url.host +
                    " has a private address, and webhooks go to the public internet only. "
                    "Whoever runs the server may allow it: serve --webhooks-allow-private.");
        }
        endpoints.push_back(each.endpoint());
    }
    return endpoints;
}

// A request whose steps share one deadline: each begins an operation and waits for it.
class Exchange {
 public:
    explicit Exchange(std::int64_t time_limit_ms)
        : deadline_(std::chrono::steady_clock::now() + std::chrono::milliseconds(time_limit_ms)),
          socket_(io_) {}

    Status connect(const Endpoints& endpoints) {
        return step("No connection could be made", [&](auto done) {
            asio::async_connect(socket_, endpoints,
                                [done](error_code code, const tcp::endpoint&) { done(code); });
        });
    }

    Status shake_hands(asio::ssl::context& context, const std::string& host) {
        tls_.emplace(socket_, context);
        error_code code;
        (void)asio::ip::make_address(host, code);
        const bool is_name = static_cast<bool>(code);
        if (is_name) SSL_set_tlsext_host_name(tls_->native_handle(), host.c_str());
        tls_->set_verify_mode(asio::ssl::verify_peer, code);
        tls_->set_verify_callback(asio::ssl::host_name_verification(host), code);
        if (code) return failed("TLS could not be set up", code);
        return step("No TLS connection could be made", [&](auto done) {
            tls_->async_handshake(asio::ssl::stream_base::client, done);
        });
    }

    Status write(const std::string& bytes) {
        return step("The request could not be sent", [&](auto done) {
            const auto sent = [done](error_code code, std::size_t) { done(code); };
            tls_ ? asio::async_write(*tls_, asio::buffer(bytes), sent)
                 : asio::async_write(socket_, asio::buffer(bytes), sent);
        });
    }

    // The status line's number; those of 1xx are passed over.
    Result<int> read_status() {
        std::string bytes;
        auto buffer = asio::dynamic_buffer(bytes, limits::kWebhookAnswerBytesMax);
        for (;;) {
            std::size_t size = 0;
            TRY(step("There was no answer", [&](auto done) {
                const auto read = [done, &size](error_code code, std::size_t count) {
                    size = count;
                    done(code);
                };
                tls_ ? asio::async_read_until(*tls_, buffer, "\r\n\r\n", read)
                     : asio::async_read_until(socket_, buffer, "\r\n\r\n", read);
            }));
            const int status = TRY(status_of(bytes));
            constexpr int kFinal = 200;
            if (status >= kFinal) return status;
            buffer.consume(size);
        }
    }

 private:
    static Result<int> status_of(std::string_view head) {
        constexpr std::size_t kBefore = 9;  // "HTTP/1.1 "
        constexpr std::size_t kDigits = 3;
        const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
        int status = 0;
        const bool is_http = head.starts_with("HTTP/1.") && head.size() > kBefore + kDigits;
        for (std::size_t i = kBefore; is_http && i < kBefore + kDigits; ++i)
            status = is_digit(head[i]) ? status * 10 + (head[i] - '0') : -10'000;
        constexpr int kLeast = 100;
        if (status >= kLeast) return status;
        return fail(ErrorCode::io_failed, "The answer is not HTTP/1.1.");
    }

    template <class Begin>
    Status step(std::string_view words, Begin begin) {
        std::optional<error_code> result;
        begin([&result](error_code code) { result = code; });
        io_.restart();
        io_.run_until(deadline_);
        if (!result) {
            // What it refers to goes away: it must end before this returns.
            error_code ignored;
            socket_.close(ignored);
            io_.restart();
            io_.run();
            return fail(ErrorCode::busy, std::string(words) + " within the time limit.");
        }
        if (*result) return failed(words, *result);
        return {};
    }

    const std::chrono::steady_clock::time_point deadline_;
    asio::io_context io_;
    tcp::socket socket_;
    std::optional<asio::ssl::stream<tcp::socket&>> tls_;
};

std::string bytes_of(const WebhookRequest& request, const Url& url) {
    std::string bytes = "POST " + url.target + " HTTP/1.1\r\nHost: " + url.authority +
                        "\r\nUser-Agent: Daybook\r\nContent-Type: application/cloudevents+json; "
                        "charset=utf-8\r\nContent-Length: " +
                        std::to_string(request.body.size()) + "\r\nConnection: close\r\n";
    for (const auto& [name, value] : request.headers) bytes += name + ": " + value + "\r\n";
    return bytes + "\r\n" + request.body;
}

}  // namespace

Client::Client(Reach reach, std::int64_t time_limit_ms)
    : reach_(reach), time_limit_ms_(time_limit_ms), tls_(std::make_unique<Tls>()) {}

Client::~Client() = default;

Result<int> Client::post(const WebhookRequest& request) {
    const Url url = TRY(parse_url(request.url));
    const Endpoints endpoints = TRY(look_up(url, reach_));
    Exchange exchange(time_limit_ms_);
    TRY(exchange.connect(endpoints));
    if (url.is_https) TRY(exchange.shake_hands(tls_->context(), url.host));
    TRY(exchange.write(bytes_of(request, url)));
    return exchange.read_status();
}

}  // namespace daybook::delivery::http
