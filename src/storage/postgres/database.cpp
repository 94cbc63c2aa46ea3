// Connecting, sending and settling.
#include "storage/postgres/database.h"

#include <fmt/format.h>

#include <optional>
#include <utility>

#include "base/check.h"
#include "base/log.h"
#include "storage/postgres/failure.h"
#include "storage/postgres/parameters.h"
#include "storage/postgres/prepared.h"

namespace daybook::storage::postgres {
namespace {

constexpr int kBinary = 1;
constexpr int kOldestServer = 130'000;

// A statement's name is not a value of anybody's.
std::string statement_name(const sql::Query& query) {
    return "daybook_" + std::string(query.name);
}

// The first line: the others repeat the statement or hold values of rows.
std::string first_line(std::string_view message) {
    return std::string(message.substr(0, message.find('\n')));
}

// What the server only mentions, such as a table that is there already.
void note(void*, const char* message) {
    log(LogLevel::debug, "PostgreSQL: " + first_line(message));
}

bool is_good(const PGresult* answer) {
    const ExecStatusType status = PQresultStatus(answer);
    return status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK;
}

}  // namespace

Result<std::unique_ptr<Database>> Database::connect(const Address& address) {
    const Address::Parameters parameters = address.parameters();
    constexpr int kExpandAddress = 1;
    PGconn* connection =
        PQconnectdbParams(parameters.names.data(), parameters.values.data(), kExpandAddress);
    if (connection == nullptr) return fail(ErrorCode::internal, "libpq is out of memory.");
    std::unique_ptr<Database> database(new Database(connection));
    if (database->is_lost()) {
        return fail(ErrorCode::busy,
                    "The database cannot be reached: " + first_line(PQerrorMessage(connection)));
    }
    PQsetNoticeProcessor(connection, note, nullptr);
    if (PQenterPipelineMode(connection) == 0) {
        return fail(ErrorCode::internal, "libpq does not know pipelines.");
    }
    TRY(database->check_server());
    return database;
}

Database::~Database() {
    if (!unsettled_.empty() && !is_lost()) settle();
}

Status Database::check_server() {
    PGconn* const connection = connection_.get();
    if (PQserverVersion(connection) < kOldestServer) {
        return fail(ErrorCode::invalid_value, "PostgreSQL 13 or newer is needed.");
    }
    const std::string found = TRY(value("server_settings", R"(
        select concat_ws(' ', current_setting('fsync'), current_setting('full_page_writes'),
            current_setting('synchronous_commit'), current_setting('server_encoding')))"));
    if (found != "on on on UTF8" && found != "on on remote_apply UTF8") {
        return fail(ErrorCode::invalid_value,
                    "This database would lose what it has acknowledged, or not hold every text: "
                    "fsync, full_page_writes, synchronous_commit and encoding are " +
                        found + ", and must be on, on, on (or remote_apply), UTF8.");
    }
    // pgbouncer gives every client a number of its own making.
    const std::string server = TRY(value("server_process", "select pg_backend_pid()::text"));
    has_names_ = server == std::to_string(PQbackendPID(connection));
    return {};
}

Result<std::unique_ptr<sql::Prepared>> Database::prepare(const sql::Query& query) {
    return std::make_unique<PreparedQuery>(*this, query);
}

Error Database::lost() const {
    const std::string words = first_line(PQerrorMessage(connection_.get()));
    log(LogLevel::debug, "The connection to the database is gone: " + words);
    return error(ErrorCode::busy, "The connection to the database is gone: ask again shortly.");
}

Status Database::sent(bool was_sent, Unsettled what) {
    if (!was_sent) return std::unexpected(lost());
    unsettled_.push_back(std::move(what));
    return {};
}

Status Database::send(std::string_view name, const std::string& sql) {
    constexpr int kTextFormat = 0;
    const int was_sent = PQsendQueryParams(connection_.get(), sql.c_str(), 0, nullptr, nullptr,
                                           nullptr, nullptr, kTextFormat);
    return sent(was_sent != 0, {.name = name});
}

Status Database::settle() {
    TRY(settle_all());
    return {};
}

// Gives the last answer of a statement, if there is one.
Result<Answer> Database::settle_all() {
    TRY(sent(PQpipelineSync(connection_.get()) != 0, {.name = "sync", .is_sync = true}));
    std::optional<Error> first_failure;
    Answer last;
    while (!unsettled_.empty()) {
        Unsettled next = std::move(unsettled_.front());
        unsettled_.pop_front();
        auto answer = read_answer(next);
        if (!answer && is_lost()) {
            unsettled_.clear();
            return std::unexpected(first_failure.value_or(std::move(answer).error()));
        }
        if (next.is_preparation) {
            prepared_[std::string(next.name)] =
                answer && *answer ? Preparation::done : Preparation::none;
        }
        if (!answer) {
            if (!first_failure) first_failure = std::move(answer).error();
            continue;
        }
        if (!*answer || next.is_preparation) continue;
        if (!next.fetched_key.empty()) fetched_[std::move(next.fetched_key)] = *answer;
        last = *std::move(answer);
    }
    if (first_failure) return std::unexpected(*std::move(first_failure));
    return last;
}

// Null for what was not run because something before it had failed, and for a sync.
Result<Answer> Database::read_answer(const Unsettled& of) {
    Answer answer(PQgetResult(connection_.get()), FreeAnswer());
    if (!answer) return std::unexpected(lost());
    const ExecStatusType status = PQresultStatus(answer.get());
    if (of.is_sync) {
        if (status != PGRES_PIPELINE_SYNC) return std::unexpected(lost());
        return Answer();
    }
    // Behind each statement's answer comes a null.
    while (const Answer rest{PQgetResult(connection_.get()), FreeAnswer()}) {
        if (is_lost()) return std::unexpected(lost());
    }
    if (status == PGRES_PIPELINE_ABORTED) return Answer();
    if (is_good(answer.get())) return answer;
    return std::unexpected(is_lost() ? lost() : failure(answer.get(), of.name));
}

Result<std::string> Database::value(std::string_view name, const std::string& sql) {
    TRY(send(name, sql));
    const Answer answer = TRY(settle_all());
    if (!answer || PQntuples(answer.get()) == 0) return std::string();
    return std::string(PQgetvalue(answer.get(), 0, 0));
}

Status Database::run_script(const std::string& sql) {
    TRY(settle());
    PGconn* const connection = connection_.get();
    if (PQexitPipelineMode(connection) == 0) return std::unexpected(lost());
    const Answer answer(PQexec(connection, sql.c_str()), FreeAnswer());
    const Status done = is_good(answer.get()) ? Status() : fail(failure(answer.get(), "script"));
    if (PQenterPipelineMode(connection) == 0) return std::unexpected(lost());
    return done;
}

Status Database::send_begin(const std::string& options, std::int64_t statement_ms) {
    forget_fetched();
    TRY(send("begin", "begin " + options));
    return send("timeouts",
                fmt::format("select set_config('statement_timeout', '{0}', true),"
                            " set_config('idle_in_transaction_session_timeout', '{0}', true)",
                            statement_ms));
}

Status Database::send_rollback() {
    forget_fetched();
    puts_off_ = false;
    fetching_ = false;
    TRY(send("rollback", "rollback"));
    return sent(PQpipelineSync(connection_.get()) != 0, {.name = "sync", .is_sync = true});
}

Status Database::end_fetch() {
    fetching_ = false;
    return settle();
}

Status Database::send_query(const sql::Query& query, const std::string& text,
                            std::span<const sql::Value> parameters, std::string fetched_key) {
    PGconn* const connection = connection_.get();
    const Parameters given(parameters);
    if (!has_names_) {
        const int was_sent =
            PQsendQueryParams(connection, text.c_str(), given.count(), nullptr, given.values(),
                              given.lengths(), given.formats(), kBinary);
        return sent(was_sent != 0, {.name = query.name, .fetched_key = std::move(fetched_key)});
    }
    const std::string name = statement_name(query);
    Preparation& preparation = prepared_[std::string(query.name)];
    if (preparation == Preparation::none) {
        const int was_sent = PQsendPrepare(connection, name.c_str(), text.c_str(), 0, nullptr);
        TRY(sent(was_sent != 0, {.name = query.name, .is_preparation = true}));
        preparation = Preparation::sent;
    }
    const int was_sent =
        PQsendQueryPrepared(connection, name.c_str(), given.count(), given.values(),
                            given.lengths(), given.formats(), kBinary);
    return sent(was_sent != 0, {.name = query.name, .fetched_key = std::move(fetched_key)});
}

Result<Answer> Database::rows_of(const sql::Query& query, const std::string& text,
                                 std::span<const sql::Value> parameters) {
    const bool looks_up = fetching_ || !fetched_.empty();
    std::string key = looks_up ? key_of(query.name, parameters) : std::string();
    if (fetching_) {
        const bool is_new = fetched_.try_emplace(key).second;
        if (is_new) TRY(send_query(query, text, parameters, std::move(key)));
        if (unsettled_.size() >= kUnsettledMax) TRY(settle());
        return Answer();
    }
    const auto found = fetched_.find(key);
    if (found != fetched_.end() && found->second) return found->second;
    TRY(send_query(query, text, parameters, {}));
    return settle_all();
}

Status Database::write(const sql::Query& query, const std::string& text,
                       std::span<const sql::Value> parameters) {
    forget_fetched();
    TRY(send_query(query, text, parameters, {}));
    if (puts_off_ && unsettled_.size() < kUnsettledMax) return {};
    return settle();
}

}  // namespace daybook::storage::postgres
