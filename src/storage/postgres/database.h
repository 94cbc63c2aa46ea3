// One connection to PostgreSQL, in pipeline mode: what is sent is answered when somebody asks.
//
// Operation: statements are sent one after the other; settle() asks for all answers at once and
// reads them, so that any number of statements costs one round trip. Writes of the tables are put
// off that way, and rows that will be wanted can be fetched ahead: a query that is asked with the
// same parameters afterwards is answered from what is here, until something is written or the
// transaction ends.
// Prepared statements have names where the connection is one to the server itself; behind pgbouncer
// each transaction may meet another server, and they have none. What holds for a transaction is set
// within it, for the same reason.
// Limits: kUnsettledMax statements are under way at a time. Threads: one.
#pragma once

#include <libpq-fe.h>

#include <deque>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "storage/postgres/address.h"
#include "storage/sql/connection.h"

namespace daybook::storage::postgres {

// Answers of so many statements fit into the buffers of a socket, so that neither side waits for
// the other to read.
inline constexpr std::size_t kUnsettledMax = 256;

struct FreeAnswer {
    void operator()(PGresult* answer) const { PQclear(answer); }
};
using Answer = std::shared_ptr<PGresult>;

class Database final : public sql::Connection {
 public:
    // Connects, and sees to it that this server keeps what it has acknowledged (I3). Errors: busy
    // (it cannot be reached or written to now), with words for the log; invalid_value (its settings
    // would lose writes, or it is too old).
    static Result<std::unique_ptr<Database>> connect(const Address& address);
    // Reads what is still on its way, so that the server finds nobody gone.
    ~Database() override;
    Database(const Database&) = delete;
    Database& operator=(const Database&) = delete;

    Result<std::unique_ptr<sql::Prepared>> prepare(const sql::Query& query) override;

    // Sends a statement without parameters; its failure is that of the next settle().
    Status send(std::string_view name, const std::string& sql);
    // Waits for the answers of all that was sent. The error is that of the first that failed.
    Status settle();
    // The first column of the first row of a text, as PostgreSQL prints it; settles.
    Result<std::string> value(std::string_view name, const std::string& sql);
    // Several statements at once, outside of the pipeline.
    Status run_script(const std::string& sql);

    // A transaction. `options` follow BEGIN; none of its statements takes longer than so much.
    Status send_begin(const std::string& options, std::int64_t statement_ms);
    // Sends the end of a transaction and does not wait.
    Status send_rollback();

    // Until end_writes(): what tables write is sent and not settled.
    void put_writes_off() { puts_off_ = true; }
    void end_writes() { puts_off_ = false; }
    // Until end_fetch(): what tables ask for is fetched, and they find nothing.
    void begin_fetch() { fetching_ = true; }
    Status end_fetch();
    void forget_fetched() { fetched_.clear(); }

    // The connection is of no use any more; whether what was sent last was done, nobody knows.
    [[nodiscard]] bool is_lost() const { return PQstatus(connection_.get()) != CONNECTION_OK; }

 private:
    friend class PreparedQuery;
    struct Close {
        void operator()(PGconn* connection) const { PQfinish(connection); }
    };
    struct Unsettled {
        std::string_view name;
        bool is_preparation = false;  // of the statement of that name
        std::string fetched_key{};    // where the answer is kept; empty: nowhere
        bool is_sync = false;
    };
    enum class Preparation : std::uint8_t { none, sent, done };

    explicit Database(PGconn* connection) : connection_(connection) {}
    Status check_server();

    Status send_query(const sql::Query& query, const std::string& text,
                      std::span<const sql::Value> parameters, std::string fetched_key);
    // The rows of a query: from what was fetched, or from the server; null while fetching.
    Result<Answer> rows_of(const sql::Query& query, const std::string& text,
                           std::span<const sql::Value> parameters);
    Status write(const sql::Query& query, const std::string& text,
                 std::span<const sql::Value> parameters);
    Status sent(bool was_sent, Unsettled what);
    Result<Answer> settle_all();
    Result<Answer> read_answer(const Unsettled& of);
    [[nodiscard]] Error lost() const;

    std::unique_ptr<PGconn, Close> connection_;
    bool has_names_ = false;  // prepared statements have names
    bool puts_off_ = false;
    bool fetching_ = false;
    std::deque<Unsettled> unsettled_;
    std::map<std::string, Preparation> prepared_;  // by the names of queries
    std::map<std::string, Answer> fetched_;
};

}  // namespace daybook::storage::postgres
