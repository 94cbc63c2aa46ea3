// Connecting, sending and settling.
#include "storage/postgres/database.h"

#include <fmt/format.h>

#include <algorithm>
#include <sstream>
#include <utility>

#include "base/check.h"
#include "base/log.h"
#include "storage/postgres/failure.h"
#include "storage/postgres/parameters.h"
#include "storage/postgres/prepared.h"

namespace daybook::storage::postgres {
namespace {

using sql::ValueKind;

constexpr int kBinary = 1;
constexpr int kOldestServer = 130'000;

// The first line: the others repeat the statement or hold values of rows.
std::string first_line(std::string_view message) {
    return std::string(message.substr(0, message.find('\n')));
}

// What the server only mentions, such as a table that is there already.
void note(void*, const char* message) {
    log(LogLevel::debug, "PostgreSQL: " + first_line(message));
}

// Each column of each table, and whether it is an integer, a text or a blob.
constexpr auto kColumns = R"(
    select string_agg(relname || ' ' || attname || ' ' || case atttypid
            when 'bigint'::regtype then 'i' when 'text'::regtype then 't'
            when 'bytea'::regtype then 'b' else '?' end, chr(10))
    from pg_attribute join pg_class on pg_class.oid = attrelid
    where relnamespace =
            (select relnamespace from pg_class where oid = 'schema_migrations'::regclass)
        and relkind in ('r', 'p') and not relispartition and attnum > 0 and not attisdropped)";

ValueKind kind_of(char letter) {
    switch (letter) {
        case 'i': return ValueKind::integer;
        case 't': return ValueKind::text;
        case 'b': return ValueKind::blob;
        default: return ValueKind::null;  // nothing but null is put there together with others
    }
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
    TRY(send_written());
    constexpr int kTextFormat = 0;
    const int was_sent = PQsendQueryParams(connection_.get(), sql.c_str(), 0, nullptr, nullptr,
                                           nullptr, nullptr, kTextFormat);
    return sent(was_sent != 0, {.name = std::string(name)});
}

Status Database::settle() {
    TRY(settle_all());
    return {};
}

// Gives the last answer of a statement, if there is one.
Result<Answer> Database::settle_all() {
    TRY(send_written());
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
        if (!next.prepares.empty()) {
            prepared_[next.prepares] = answer && *answer ? Preparation::done : Preparation::none;
        }
        if (!answer) {
            if (!first_failure) first_failure = std::move(answer).error();
            continue;
        }
        if (!*answer || !next.prepares.empty()) continue;
        keep(next, *answer);
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

Status Database::send_keep_plans() {
    TRY(send("planning",
             "select set_config('plan_cache_mode', 'force_generic_plan', true),"
             " set_config('enable_seqscan', 'off', true), set_config('jit', 'off', true)"));
    if (++plan_uses_ <= plan_uses_max_ || !has_names_) return {};
    plan_uses_ = 0;
    plan_uses_max_ = std::min(2 * plan_uses_max_, kPlanUsesMax);
    return send("plans", "discard plans");
}

Status Database::send_rollback() {
    forget_fetched();
    puts_off_ = false;
    fetch_.reset();
    asked_.clear();
    written_.reset();
    TRY(send("rollback", "rollback"));
    return sent(PQpipelineSync(connection_.get()) != 0, {.name = "sync", .is_sync = true});
}

Status Database::end_writes() {
    puts_off_ = false;
    return send_written();
}

Status Database::end_fetch() {
    fetch_.reset();
    TRY(send_asked());
    return settle();
}

template <class Text>
Status Database::send_statement(const std::string& name, Text text, const Given& given,
                                Unsettled what) {
    PGconn* const connection = connection_.get();
    if (!has_names_) {
        const int was_sent =
            PQsendQueryParams(connection, std::string(text()).c_str(), given.count, nullptr,
                              given.values, given.lengths, given.formats, kBinary);
        return sent(was_sent != 0, std::move(what));
    }
    Preparation& preparation = prepared_[name];
    if (preparation == Preparation::none) {
        const int was_sent =
            PQsendPrepare(connection, name.c_str(), std::string(text()).c_str(), 0, nullptr);
        TRY(sent(was_sent != 0, {.name = what.name, .prepares = name}));
        preparation = Preparation::sent;
    }
    const int was_sent = PQsendQueryPrepared(connection, name.c_str(), given.count, given.values,
                                             given.lengths, given.formats, kBinary);
    return sent(was_sent != 0, std::move(what));
}

Status Database::send_one(const QueryTexts& query, std::span<const sql::Value> parameters,
                          std::vector<std::string> fetched_keys) {
    TRY(send_written());
    const Parameters given(parameters);
    return send_statement(one_name(query), [&] { return std::string_view(query.one); },
                          {given.count(), given.values(), given.lengths(), given.formats()},
                          {.name = query.name, .fetched_keys = std::move(fetched_keys)});
}

Status Database::send_asked() {
    for (Many& each : std::exchange(asked_, {})) {
        const QueryTexts& query = *each.query;
        const ValueKinds& kinds = each.rows.kinds();
        const ValueArrays::Parameters given = each.rows.parameters();
        TRY(send_statement(
            keys_name(query, kinds), [&] { return query.ask_many(kinds); },
            {static_cast<int>(kinds.size()), given.values.data(), given.lengths.data(),
             given.formats.data()},
            {.name = query.name, .fetched_keys = std::move(each.keys), .has_numbers = true}));
    }
    return {};
}

Status Database::send_written() {
    if (!written_) return {};
    Many many = *std::exchange(written_, std::nullopt);
    const QueryTexts& query = *many.query;
    const ValueKinds& kinds = many.rows.kinds();
    const ValueArrays::Parameters given = many.rows.parameters();
    return send_statement(rows_name(query), [&] { return query.insert_many(kinds); },
                          {static_cast<int>(kinds.size()), given.values.data(),
                           given.lengths.data(), given.formats.data()},
                          {.name = query.name});
}

// Of an answer for many keys the rows of one come one after the other. Should they not, they are
// asked for once more when they are wanted.
void Database::keep(const Unsettled& of, const Answer& answer) {
    const int rows = PQntuples(answer.get());
    if (!of.has_numbers) {
        for (const std::string& key : of.fetched_keys) fetched_[key] = {answer, 0, rows, 0};
        return;
    }
    for (const std::string& key : of.fetched_keys) fetched_[key] = {answer, 0, 0, 1};
    std::int64_t last = 0;
    for (int row = 0; row < rows; ++row) {
        const std::int64_t number = value_at(answer.get(), row, 0).integer;
        Rows& found = fetched_[of.fetched_keys.at(static_cast<std::size_t>(number - 1))];
        if (number != last && found.end > 0) {
            for (const std::string& key : of.fetched_keys) fetched_.erase(key);
            return;
        }
        if (number != last) found.next = row;
        found.end = row + 1;
        last = number;
    }
}

Result<Rows> Database::rows_of(const std::shared_ptr<const QueryTexts>& query,
                               std::span<const sql::Value> parameters) {
    if (fetch_) {
        std::string key = key_of(query->name, parameters);
        const bool is_new = fetched_.try_emplace(key).second;
        if (is_new) TRY(ask_ahead(query, parameters, std::move(key)));
        return Rows();
    }
    if (!fetched_.empty()) {
        const auto found = fetched_.find(key_of(query->name, parameters));
        if (found != fetched_.end() && found->second.answer) return found->second;
    }
    TRY(send_one(*query, parameters, {}));
    Answer answer = TRY(settle_all());
    const int rows = answer ? PQntuples(answer.get()) : 0;
    return Rows{std::move(answer), 0, rows, 0};
}

Status Database::ask_ahead(const std::shared_ptr<const QueryTexts>& query,
                           std::span<const sql::Value> parameters, std::string key) {
    ValueKinds kinds;
    for (const sql::Value& each : parameters) kinds.push_back(each.kind);
    const bool has_null = std::ranges::find(kinds, ValueKind::null) != kinds.end();
    if (fetch_ == Fetch::each || has_null || query->locks) {
        TRY(send_one(*query, parameters, {std::move(key)}));
        if (unsettled_.size() >= kUnsettledMax) TRY(settle());
        return {};
    }
    auto group = std::ranges::find_if(asked_, [&](const Many& each) {
        return each.query == query && each.rows.kinds() == kinds;
    });
    if (group == asked_.end()) {
        group = asked_.insert(asked_.end(), {.query = query, .rows = ValueArrays(kinds)});
    }
    CHECK(group->rows.add(parameters));
    group->keys.push_back(std::move(key));
    return {};
}

Status Database::write(const std::shared_ptr<const QueryTexts>& query,
                       std::span<const sql::Value> parameters) {
    forget_fetched();
    if (puts_off_ && query->is_insert() && TRY(write_later(query, parameters))) return {};
    TRY(send_one(*query, parameters, {}));
    if (puts_off_ && unsettled_.size() < kUnsettledMax) return {};
    return settle();
}

// With the rows before it, if they are of the same query. False if it cannot be.
Result<bool> Database::write_later(const std::shared_ptr<const QueryTexts>& query,
                                   std::span<const sql::Value> parameters) {
    const bool goes_on =
        written_ && written_->query == query && written_->rows.rows() < kRowsTogetherMax;
    if (goes_on && written_->rows.add(parameters)) return true;
    TRY(send_written());
    if (unsettled_.size() >= kUnsettledMax) TRY(settle());
    if (columns_.empty()) TRY(learn_columns());
    if (query->columns.size() != parameters.size()) return false;
    ValueKinds kinds;
    for (const std::string& column : query->columns) {
        const auto found = columns_.find({query->table, column});
        if (found == columns_.end()) return false;
        kinds.push_back(found->second);
    }
    Many many{.query = query, .rows = ValueArrays(std::move(kinds))};
    if (!many.rows.add(parameters)) return false;
    written_ = std::move(many);
    return true;
}

Status Database::learn_columns() {
    std::istringstream lines(TRY(value("columns", kColumns)));
    std::string table;
    std::string column;
    char letter = 0;
    while (lines >> table >> column >> letter) columns_[{table, column}] = kind_of(letter);
    return {};
}

}  // namespace daybook::storage::postgres
