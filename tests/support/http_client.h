// A small blocking HTTP/1.1 client on a raw socket, for tests: it sends exactly the bytes it is
// told.
//
// Every wait ends after kPatienceSeconds, so that a test that would hang fails instead.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace daybook::test {

struct HttpAnswer {
    int status = 0;
    std::vector<std::pair<std::string, std::string>> headers;  // names in lower case
    std::string body;                                          // chunks put together
    bool is_complete = false;  // false: the connection ended inside the answer

    // The header's value; empty if there is none.
    [[nodiscard]] std::string header(std::string_view name) const;
    [[nodiscard]] bool has_header(std::string_view name) const;
};

class HttpClient {
 public:
    static constexpr int kPatienceSeconds = 60;

    // Throws std::runtime_error if nobody listens.
    static HttpClient connect_tcp(std::uint16_t port);
    static HttpClient connect_unix(const std::string& path);
    HttpClient(HttpClient&& other) noexcept;
    HttpClient& operator=(HttpClient&&) = delete;
    ~HttpClient();

    // False if the peer has closed.
    bool send(std::string_view bytes);
    // No more bytes will be sent; answers may still be read.
    void finish_sending();

    // The next answer. With HEAD no body is waited for. nullopt: the connection ended before one,
    // or patience.
    std::optional<HttpAnswer> read_answer(std::string_view method = "GET");

    // Sends a request with a Host, the body's Content-Length (if there is a body) and these header
    // lines (each ending with CR LF), and reads the answer.
    std::optional<HttpAnswer> request(std::string_view method, std::string_view target,
                                      std::string_view header_lines = {},
                                      std::string_view body = {});

    // What comes until the peer closes, as it is.
    std::string read_to_end();
    // True if the peer closes within patience and sends nothing before.
    bool is_closed_by_peer();

 private:
    explicit HttpClient(int descriptor);
    bool read_some();
    bool read_until_size(std::size_t bytes);
    // The place after the next CR LF that is at or after `from`.
    std::optional<std::size_t> line_end(std::size_t from);
    bool read_chunks(HttpAnswer& answer);

    int descriptor_;
    std::string received_;
};

}  // namespace daybook::test
