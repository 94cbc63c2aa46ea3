// Opening, pragmas and the table of errors.
#include "storage/sqlite/database.h"

#include <fmt/format.h>

#include <cerrno>

#include "storage/sqlite/log_buffer.h"
#include "storage/sqlite/prepared.h"

namespace daybook::storage::sqlite {
namespace {

// Before the first table: these are written into the file.
constexpr auto kFilePragmas = "pragma page_size = 8192; pragma auto_vacuum = none;";
static_assert(kPageBytes == 8'192);

// secure_delete: erased texts are overwritten. journal_size_limit: after a burst the log file
// shrinks when it is begun anew (limits::kWalAlertBytes).
constexpr auto kWriterPragmas = R"(
    pragma synchronous = full;
    pragma cache_spill = off;
    pragma mmap_size = 0;
    pragma wal_autocheckpoint = 0;
    pragma foreign_keys = on;
    pragma cache_size = -65536;
    pragma temp_store = memory;
    pragma secure_delete = on;
    pragma trusted_schema = off;
    pragma journal_size_limit = 67108864;
)";

constexpr auto kReaderPragmas = R"(
    pragma query_only = on;
    pragma mmap_size = 0;
    pragma wal_autocheckpoint = 0;
    pragma cache_size = -8192;
    pragma temp_store = memory;
    pragma trusted_schema = off;
)";

// SQLite knows ENOSPC; a quota is a full disk too.
bool is_quota(int system_error) {
    return system_error == EDQUOT || system_error == EFBIG;
}

ErrorCode code_of(int extended, int system_error) {
    switch (extended & 0xFF) {
        case SQLITE_FULL: return ErrorCode::disk_full;
        case SQLITE_IOERR:
            return extended == SQLITE_IOERR_WRITE && is_quota(system_error) ? ErrorCode::disk_full
                                                                            : ErrorCode::io_failed;
        case SQLITE_CANTOPEN: return ErrorCode::io_failed;
        case SQLITE_CORRUPT:
        case SQLITE_NOTADB: return ErrorCode::corrupt;
        case SQLITE_BUSY:
        case SQLITE_LOCKED:
        case SQLITE_INTERRUPT: return ErrorCode::busy;
        case SQLITE_READONLY: return ErrorCode::read_only;
        default: return ErrorCode::internal;
    }
}

std::string_view advice_for(ErrorCode code) {
    switch (code) {
        case ErrorCode::disk_full: return "The disk is full: make room, then ask again.";
        case ErrorCode::corrupt:
            return "The database is damaged: go back to a backup that is whole.";
        case ErrorCode::busy: return "The database is busy: ask again shortly.";
        case ErrorCode::read_only: return "The database can only be read.";
        case ErrorCode::io_failed: return "The database could not be read or written.";
        default: return "The database refused what it should not.";
    }
}

// SQLite counts its memory under one lock for all connections, which costs a tenth of a write. Must
// come before its first use; where something else was first, it stays as it is.
void count_no_memory() {
    constexpr int kOff = 0;
    static const int configured = sqlite3_config(SQLITE_CONFIG_MEMSTATUS, kOff);
    (void)configured;
}

}  // namespace

Result<std::unique_ptr<Database>> Database::open(const std::string& path, Access access,
                                                 const std::string& vfs) {
    count_no_memory();
    const int flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE |
                      (access == Access::write ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
                                               : SQLITE_OPEN_READONLY);
    sqlite3* handle = nullptr;
    const std::string layer = access == Access::write ? log_buffering_vfs(vfs) : vfs;
    const int opened =
        sqlite3_open_v2(path.c_str(), &handle, flags, layer.empty() ? nullptr : layer.c_str());
    if (handle == nullptr) return fail(ErrorCode::internal, "SQLite is out of memory.");
    std::unique_ptr<Database> database(new Database(handle));
    if (opened != SQLITE_OK) return std::unexpected(database->failure("open"));
    TRY(database->configure(access));
    return database;
}

Result<std::unique_ptr<Database>> Database::open_plain(const std::string& path) {
    count_no_memory();
    constexpr int kFlags =
        SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE | SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
    sqlite3* handle = nullptr;
    const int opened = sqlite3_open_v2(path.c_str(), &handle, kFlags, nullptr);
    if (handle == nullptr) return fail(ErrorCode::internal, "SQLite is out of memory.");
    std::unique_ptr<Database> database(new Database(handle));
    if (opened != SQLITE_OK) return std::unexpected(database->failure("open"));
    return database;
}

Status Database::configure(Access access) {
    constexpr int kOn = 1;
    sqlite3_busy_timeout(handle_, kLockWaitMsMax);
    sqlite3_db_config(handle_, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, kOn, nullptr);
    sqlite3_db_config(handle_, SQLITE_DBCONFIG_DEFENSIVE, kOn, nullptr);
    if (access == Access::read) return execute(kReaderPragmas);
    TRY(execute(kFilePragmas));
    const std::string mode = TRY(value("pragma journal_mode = wal"));
    if (mode != "wal") {
        return fail(ErrorCode::io_failed,
                    "This file system cannot hold a write-ahead log; use a local disk.");
    }
    return execute(kWriterPragmas);
}

Database::~Database() {
    sqlite3_close_v2(handle_);
}

Result<std::unique_ptr<sql::Prepared>> Database::prepare(const sql::Query& query) {
    return PreparedQuery::make(*this, query);
}

Status Database::delete_plainly(const std::function<Status()>& statement) {
    TRY(execute("pragma secure_delete = fast"));
    const Status deleted = statement();
    TRY(execute("pragma secure_delete = on"));
    return deleted;
}

Status Database::execute(const char* sql) {
    if (sqlite3_exec(handle_, sql, nullptr, nullptr, nullptr) == SQLITE_OK) return {};
    return std::unexpected(failure("execute"));
}

Result<std::string> Database::value(const char* sql) {
    std::string result;
    const auto keep = [](void* context, int columns, char** values, char**) {
        if (columns > 0 && values[0] != nullptr) *static_cast<std::string*>(context) = values[0];
        return 0;
    };
    if (sqlite3_exec(handle_, sql, keep, &result, nullptr) == SQLITE_OK) return result;
    return std::unexpected(failure("value"));
}

Error Database::failure(std::string_view what) const {
    const int extended = sqlite3_extended_errcode(handle_);
    const ErrorCode code = code_of(extended, sqlite3_system_errno(handle_));
    return error(code, fmt::format("{} ({}: {}, {})", advice_for(code), what,
                                   sqlite3_errstr(extended), extended));
}

}  // namespace daybook::storage::sqlite
