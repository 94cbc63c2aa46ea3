// One connection: reads a request, has it handled, writes the answer, and again.
//
// Operation: one coroutine per connection, on the I/O thread. It owns its bytes and its deadline;
// the server's sweep calls expire_if_due, which wakes a coroutine that waits for a slow peer.
// Concurrency: I/O thread only. Other threads reach a session through the mailbox and a weak
// pointer, which only the I/O thread turns into a strong one, so that a session never dies
// elsewhere.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>

#include "http/body_files.h"
#include "http/head_parser.h"
#include "http/io.h"
#include "http/mailbox.h"
#include "http/message.h"
#include "http/response_writer.h"
#include "http/server.h"

namespace daybook::http {

class Session;

// What the sessions of a server share; I/O thread only.
struct SessionContext {
    ServerOptions options;
    ServerParts parts;
    std::shared_ptr<Mailbox> mailbox;
    std::unordered_set<std::shared_ptr<Session>> sessions;
    bool is_draining = false;
    std::size_t requests_open = 0;  // begun and not yet answered
    std::size_t body_bytes = 0;     // of bodies being received
    std::string date;               // for the header, renewed by the sweep
    BodyFiles body_files{options.body_files_directory};
};

enum class Origin : std::uint8_t { network, operator_socket };

struct Peer {
    std::string address;
    Origin origin = Origin::network;
};

class Session : public std::enable_shared_from_this<Session> {
 public:
    Session(SessionContext& context, Socket socket, Peer peer);
    ~Session();
    Session(const Session&) = delete;
    Session& operator=(const Session&) = delete;

    // The life of the connection.
    static Task<> run(std::shared_ptr<Session> self);

    void expire_if_due(std::int64_t now_ms);
    // Destroys the coroutine if it waits for an answer; when the server goes.
    void abandon();

    // The answer to the request that is being handled.
    void deliver(Response response);
    // The same while handle() is still on the stack; false if it is not.
    bool deliver_at_once(Response& response);

 private:
    using Piece = Result<std::optional<std::string>>;
    enum class Pull : std::uint8_t { first, next };

    // Everything about one request and its answer.
    struct Exchange {
        Head head;
        Request request;  // until it is handed to the handler
        std::optional<Response> response;
        std::string path;  // for the problem document
        std::string request_id;
        std::shared_ptr<BodySource> stream;
        std::optional<Piece> piece;
        std::int64_t began_us = 0;
        bool has_head = false;
        bool began_in_drain = false;  // told by the first byte: what began before is served
    };

    // Reads and handles one request; false when the connection is to be closed.
    Task<bool> serve_one();
    Task<std::optional<Refusal>> read_request();
    Task<std::optional<Refusal>> read_head();
    Task<std::optional<Refusal>> read_body();
    Task<> get_response();

    void begin_exchange();
    void end_exchange();
    std::optional<Refusal> accept_head();
    // Takes what is buffered of the body; true when the body is complete.
    std::expected<bool, Refusal> take_body(class ChunkDecoder& chunks);
    std::optional<Refusal> refusal_of_silence(std::string_view what);

    Task<bool> send_response();
    Task<> prepare_response();
    std::string compose_head();
    Task<bool> send_stream(std::string head);
    Task<bool> detach(std::string head);
    Task<Piece> pull(Pull which);
    void receive(Piece piece);

    Task<bool> read_more();
    Task<bool> write_all(std::string_view first, std::string_view second);
    Task<bool> write_file(std::string_view head, BodyFile file, std::size_t bytes);
    // False when the peer takes nothing for too long, or is gone.
    Task<bool> wait_for_room();
    Task<> linger();
    // Suspends until resume(); the I/O thread calls it.
    Task<> wait_for_letter();
    void resume();

    [[nodiscard]] std::string_view unread() const;
    void consume(std::size_t bytes) { begin_ += bytes; }
    void set_deadline(int ms);
    void clear_deadline() { deadline_ms_ = 0; }

    SessionContext& context_;
    Socket socket_;
    const Peer peer_;

    std::string buffer_;
    std::size_t begin_ = 0;  // buffer_[begin_, end_) was received and not yet used
    std::size_t end_ = 0;

    Exchange exchange_;
    Persistence persistence_ = Persistence::keep_alive;
    std::move_only_function<void()> waiter_;
    std::int64_t deadline_ms_ = 0;  // on the steady clock; 0: none
    bool is_expired_ = false;       // the sweep cancelled what the coroutine waited for
    bool is_gone_ = false;          // the peer closed, or the socket failed
    bool is_handling_ = false;      // handle() is on the stack
    bool is_open_request_ = false;  // counted in context_.requests_open
    std::size_t body_bytes_ = 0;    // counted in context_.body_bytes
};

}  // namespace daybook::http
