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
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/result.h"
#include "storage/postgres/address.h"
#include "storage/postgres/query_texts.h"
#include "storage/postgres/value_arrays.h"
#include "storage/sql/connection.h"

namespace daybook::storage::postgres {

// Answers of so many statements fit into the buffers of a socket, so that neither side waits for
// the other to read.
inline constexpr std::size_t kUnsettledMax = 256;
// Transactions after which plans are made anew.
inline constexpr std::int64_t kPlanUsesMax = 4'096;
// Rows that one statement inserts.
inline constexpr std::size_t kRowsTogetherMax = 256;

struct FreeAnswer {
    void operator()(PGresult* answer) const { PQclear(answer); }
};
using Answer = std::shared_ptr<PGresult>;

// The part of an answer that one run of a query gets.
struct Rows {
    Answer answer;  // null where it is not there yet
    int next = 0;
    int end = 0;
    int first_column = 0;
};

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
    // Until the transaction ends, statements are planned once for whatever they are asked; and
    // always with an index, as each of ours has one. Plans of small tables do not fit large ones:
    // so they are made anew after 1, 2, 4… such transactions, and every kPlanUsesMax at least.
    Status send_keep_plans();
    // Sends the end of a transaction and does not wait.
    Status send_rollback();

    // Until end_writes(): what tables write is sent and not settled, some of it later.
    void put_writes_off() { puts_off_ = true; }
    Status end_writes();
    // Until end_fetch(): what tables ask for is fetched, and they find nothing; each by itself, or
    // together with what the same query asks for others.
    enum class Fetch : std::uint8_t { each, together };
    void begin_fetch(Fetch how = Fetch::each) { fetch_ = how; }
    Status end_fetch();
    void forget_fetched() {
        // With each write, and to clear it takes as long as there were ever rows.
        if (!fetched_.empty()) fetched_.clear();
    }

    // The connection is of no use any more; whether what was sent last was done, nobody knows.
    [[nodiscard]] bool is_lost() const { return PQstatus(connection_.get()) != CONNECTION_OK; }

 private:
    friend class PreparedQuery;
    struct Close {
        void operator()(PGconn* connection) const { PQfinish(connection); }
    };
    struct Unsettled {
        std::string name;
        std::string prepares{};                   // a statement of that name
        std::vector<std::string> fetched_keys{};  // where the answers are kept; none: nowhere
        bool has_numbers = false;                 // of the keys, in the first column
        bool is_sync = false;
    };
    // A query's runs that go out together.
    struct Many {
        std::shared_ptr<const QueryTexts> query;
        ValueArrays rows;
        std::vector<std::string> keys{};  // of what is fetched
    };
    enum class Preparation : std::uint8_t { none, sent, done };

    explicit Database(PGconn* connection) : connection_(connection) {}
    Status check_server();

    struct Given {
        int count;
        const char* const* values;
        const int* lengths;
        const int* formats;
    };
    // `text` gives the statement's, where it is not prepared yet.
    template <class Text>
    Status send_statement(const std::string& name, Text text, const Given& given, Unsettled what);
    Status send_one(const QueryTexts& query, std::span<const sql::Value> parameters,
                    std::vector<std::string> fetched_keys);
    Status send_asked();
    Status send_written();
    // The rows of a query: from what was fetched, or from the server; none while fetching.
    Result<Rows> rows_of(const std::shared_ptr<const QueryTexts>& query,
                         std::span<const sql::Value> parameters);
    Status ask_ahead(const std::shared_ptr<const QueryTexts>& query,
                     std::span<const sql::Value> parameters, std::string key);
    Status write(const std::shared_ptr<const QueryTexts>& query,
                 std::span<const sql::Value> parameters);
    Result<bool> write_later(const std::shared_ptr<const QueryTexts>& query,
                             std::span<const sql::Value> parameters);
    Status learn_columns();
    void keep(const Unsettled& of, const Answer& answer);
    Status sent(bool was_sent, Unsettled what);
    Result<Answer> settle_all();
    Result<Answer> read_answer(const Unsettled& of);
    [[nodiscard]] Error lost() const;

    std::unique_ptr<PGconn, Close> connection_;
    bool has_names_ = false;  // prepared statements have names
    std::int64_t plan_uses_ = 0;
    std::int64_t plan_uses_max_ = 1;  // twice as many each time
    bool puts_off_ = false;
    std::optional<Fetch> fetch_;
    std::vector<Many> asked_;      // until end_fetch()
    std::optional<Many> written_;  // until something else is sent
    std::deque<Unsettled> unsettled_;
    std::unordered_map<std::string, Preparation> prepared_;  // by the names of statements
    std::unordered_map<std::string, Rows> fetched_;
    std::map<std::pair<std::string, std::string>, sql::ValueKind> columns_;  // by table and name
};

}  // namespace daybook::storage::postgres
