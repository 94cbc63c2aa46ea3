// Stepping, comparing, showing.
#include "storage/sqlite/cursor.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "base/hex.h"
#include "base/ids.h"

namespace daybook::storage::sqlite {

Result<Cursor> Cursor::open(Database& database, const std::string& sql) {
    sqlite3_stmt* handle = nullptr;
    const int prepared = sqlite3_prepare_v2(database.handle(), sql.data(),
                                            static_cast<int>(sql.size()), &handle, nullptr);
    if (prepared != SQLITE_OK) return std::unexpected(database.failure("cursor"));
    return Cursor(database, handle);
}

Cursor::Cursor(Cursor&& other) noexcept
    : database_(other.database_),
      handle_(std::exchange(other.handle_, nullptr)),
      has_row_(other.has_row_) {}

void Cursor::begin_with(std::span<const std::uint8_t> blob) {
    sqlite3_reset(handle_);
    sqlite3_bind_blob(handle_, 1, blob.data(), static_cast<int>(blob.size()), SQLITE_STATIC);
}

Result<bool> Cursor::step() {
    const int code = sqlite3_step(handle_);
    has_row_ = code == SQLITE_ROW;
    if (has_row_ || code == SQLITE_DONE) return has_row_;
    return std::unexpected(database_->failure("cursor"));
}

std::string Cursor::column_name(int column) const {
    return sqlite3_column_name(handle_, column);
}

std::string Cursor::text(int column) const {
    const auto* data = reinterpret_cast<const char*>(sqlite3_column_text(handle_, column));
    if (data == nullptr) return {};
    return {data, static_cast<std::size_t>(sqlite3_column_bytes(handle_, column))};
}

std::span<const std::uint8_t> Cursor::blob(int column) const {
    const auto* data = static_cast<const std::uint8_t*>(sqlite3_column_blob(handle_, column));
    return {data, static_cast<std::size_t>(sqlite3_column_bytes(handle_, column))};
}

std::string Cursor::shown(int column) const {
    if (sqlite3_column_type(handle_, column) == SQLITE_NULL) return "null";
    if (sqlite3_column_type(handle_, column) != SQLITE_BLOB) return text(column);
    Uuid uuid;
    const auto bytes = blob(column);
    if (bytes.size() != uuid.bytes.size()) return to_hex(bytes);
    std::ranges::copy(bytes, uuid.bytes.begin());
    return uuid.to_string();
}

std::strong_ordering Cursor::compare(int column, const Cursor& other) const {
    const int type = sqlite3_column_type(handle_, column);
    const int other_type = sqlite3_column_type(other.handle_, column);
    if (type == SQLITE_INTEGER && other_type == SQLITE_INTEGER) {
        return sqlite3_column_int64(handle_, column) <=>
               sqlite3_column_int64(other.handle_, column);
    }
    const auto rank = [](int of) { return of == SQLITE_NULL ? 0 : of; };  // NULL is 5
    if (type != other_type) return rank(type) <=> rank(other_type);
    const auto one = blob(column);
    const auto two = other.blob(column);
    return std::lexicographical_compare_three_way(one.begin(), one.end(), two.begin(), two.end());
}

}  // namespace daybook::storage::sqlite
