// Binding, stepping, and reading columns.
#include "storage/sqlite/prepared.h"

#include <string>

#include "base/check.h"

namespace daybook::storage::sqlite {
namespace {

using sql::Value;
using sql::ValueKind;

int bind(sqlite3_stmt* handle, int parameter, const Value& value) {
    const auto size = static_cast<int>(value.bytes.size());
    // A pointer to nothing would bind null.
    const void* data = value.bytes.empty() ? "" : static_cast<const void*>(value.bytes.data());
    switch (value.kind) {
        case ValueKind::integer: return sqlite3_bind_int64(handle, parameter, value.integer);
        case ValueKind::text:
            return sqlite3_bind_text(handle, parameter, static_cast<const char*>(data), size,
                                     SQLITE_STATIC);
        case ValueKind::blob:
            return sqlite3_bind_blob(handle, parameter, data, size, SQLITE_STATIC);
        case ValueKind::null: break;
    }
    return sqlite3_bind_null(handle, parameter);
}

// A text's bytes as they lie there: sqlite3_column_text() would copy them to add a zero.
Value column(sqlite3_stmt* handle, int number) {
    const int type = sqlite3_column_type(handle, number);
    if (type == SQLITE_INTEGER)
        return {ValueKind::integer, sqlite3_column_int64(handle, number), {}};
    if (type != SQLITE_TEXT && type != SQLITE_BLOB) return {};
    const auto* data = static_cast<const std::uint8_t*>(sqlite3_column_blob(handle, number));
    const auto size = static_cast<std::size_t>(sqlite3_column_bytes(handle, number));
    return {type == SQLITE_TEXT ? ValueKind::text : ValueKind::blob, 0, {data, size}};
}

}  // namespace

Result<std::unique_ptr<sql::Prepared>> PreparedQuery::make(Database& database,
                                                           const sql::Query& query) {
    sqlite3_stmt* handle = nullptr;
    const std::string text = query.sql();
    const int prepared =
        sqlite3_prepare_v3(database.handle(), text.data(), static_cast<int>(text.size()),
                           SQLITE_PREPARE_PERSISTENT, &handle, nullptr);
    if (prepared != SQLITE_OK) return std::unexpected(database.failure(query.name));
    return std::make_unique<PreparedQuery>(database, query, handle);
}

Status PreparedQuery::begin(std::span<const Value> parameters) {
    CHECK(sqlite3_stmt_busy(handle_) == 0);
    int number = 0;
    for (const Value& value : parameters) {
        if (bind(handle_, ++number, value) != SQLITE_OK) {
            return std::unexpected(database_.failure(query_.name));
        }
    }
    return {};
}

Result<bool> PreparedQuery::step() {
    if (database_.is_interrupted()) {
        return fail(ErrorCode::busy, "This read took too long and was ended; ask for less.");
    }
    const int code = sqlite3_step(handle_);
    if (code == SQLITE_ROW) return true;
    if (code == SQLITE_DONE) return false;
    return std::unexpected(database_.failure(query_.name));
}

std::span<const Value> PreparedQuery::row() {
    const int columns = sqlite3_column_count(handle_);
    row_.clear();
    for (int number = 0; number < columns; ++number) row_.push_back(column(handle_, number));
    return row_;
}

std::string_view PreparedQuery::column_name(std::size_t column) const {
    return sqlite3_column_name(handle_, static_cast<int>(column));
}

Status PreparedQuery::execute(std::span<const Value> parameters) {
    TRY(begin(parameters));
    const bool has_row = TRY(step());
    CHECK(!has_row);
    return {};
}

}  // namespace daybook::storage::sqlite
