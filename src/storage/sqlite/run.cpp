// Binding, stepping and checking.
#include "storage/sqlite/run.h"

#include <fmt/format.h>

#include <array>
#include <cstring>

#include "base/check.h"
#include "base/hex.h"

namespace daybook::storage::sqlite {
namespace {

std::span<const std::uint8_t> column_bytes(sqlite3_stmt* handle, int column) {
    const auto* data = static_cast<const std::uint8_t*>(sqlite3_column_blob(handle, column));
    return {data, static_cast<std::size_t>(sqlite3_column_bytes(handle, column))};
}

// A text's bytes as they lie there: sqlite3_column_text() would copy them to add a zero.
std::string_view column_text(sqlite3_stmt* handle, int column) {
    const auto* data = static_cast<const char*>(sqlite3_column_blob(handle, column));
    if (data == nullptr) return {};
    return {data, static_cast<std::size_t>(sqlite3_column_bytes(handle, column))};
}

void add_column(Checksum& checksum, sqlite3_stmt* handle, int column) {
    switch (sqlite3_column_type(handle, column)) {
        case SQLITE_INTEGER: return checksum.integer(sqlite3_column_int64(handle, column));
        case SQLITE_TEXT: return checksum.text(column_text(handle, column));
        case SQLITE_BLOB: return checksum.blob(column_bytes(handle, column));
        default: return checksum.null();
    }
}

// A value of a key, for people: ids in their text form.
std::string shown(sqlite3_stmt* handle, int column) {
    if (sqlite3_column_type(handle, column) != SQLITE_BLOB) {
        return std::string(column_text(handle, column));
    }
    const auto bytes = column_bytes(handle, column);
    Uuid uuid;
    if (bytes.size() != uuid.bytes.size()) return to_hex(bytes);
    std::memcpy(uuid.bytes.data(), bytes.data(), uuid.bytes.size());
    return uuid.to_string();
}

}  // namespace

void Checksum::integer(std::int64_t value) {
    std::array<std::uint8_t, 9> bytes{SQLITE_INTEGER};
    std::memcpy(bytes.data() + 1, &value, sizeof value);
    crc_ = crc32c(bytes, crc_);
}

void Checksum::null() {
    const std::array<std::uint8_t, 1> bytes{SQLITE_NULL};
    crc_ = crc32c(bytes, crc_);
}

void Checksum::bytes(std::uint8_t type, std::span<const std::uint8_t> value) {
    std::array<std::uint8_t, 5> head{type};
    const auto size = static_cast<std::uint32_t>(value.size());
    std::memcpy(head.data() + 1, &size, sizeof size);
    crc_ = crc32c(value, crc32c(head, crc_));
}

bool Statement::prepare() {
    if (handle_ != nullptr) return true;
    const std::string sql = query_.sql();
    return sqlite3_prepare_v3(database_.handle(), sql.data(), static_cast<int>(sql.size()),
                              SQLITE_PREPARE_PERSISTENT, &handle_, nullptr) == SQLITE_OK;
}

std::string_view Row::text() {
    return column_text(handle_, column_++);
}

std::span<const std::uint8_t> Row::blob() {
    return column_bytes(handle_, column_++);
}

Uuid Row::uuid() {
    Uuid uuid;
    const auto bytes = blob();
    if (bytes.size() == uuid.bytes.size()) {
        std::memcpy(uuid.bytes.data(), bytes.data(), uuid.bytes.size());
    } else {
        readable_ = false;
    }
    return uuid;
}

Hash Row::hash() {
    Hash hash{};
    const auto bytes = blob();
    if (bytes.size() == hash.size()) {
        std::memcpy(hash.data(), bytes.data(), hash.size());
    } else {
        readable_ = false;
    }
    return hash;
}

domain::Text Row::erasable() {
    if (sqlite3_column_type(handle_, column_) == SQLITE_NULL) {
        ++column_;
        return {"", true};
    }
    return {std::string(text()), false};
}

domain::BusinessDate Row::date() {
    const auto date = domain::BusinessDate::from_key(small());
    if (!date) readable_ = false;
    return date.value_or(domain::BusinessDate());
}

Run::Run(Statement& statement) : statement_(statement), handle_(nullptr) {
    failed_ = !statement.prepare();
    if (failed_) return;
    handle_ = statement.handle_;
    CHECK(sqlite3_stmt_busy(handle_) == 0);
}

Run::~Run() {
    sqlite3_reset(handle_);
}

Run& Run::bound(int code) {
    if (code != SQLITE_OK) failed_ = true;
    return *this;
}

Run& Run::with(std::string_view text) {
    checksum_.text(text);
    if (failed_) return *this;
    const char* data = text.empty() ? "" : text.data();
    return bound(sqlite3_bind_text(handle_, ++parameter_, data, static_cast<int>(text.size()),
                                   SQLITE_STATIC));
}

Run& Run::with(std::span<const std::uint8_t> blob) {
    checksum_.blob(blob);
    if (failed_) return *this;
    const void* data = blob.empty() ? static_cast<const void*>("") : blob.data();
    return bound(sqlite3_bind_blob(handle_, ++parameter_, data, static_cast<int>(blob.size()),
                                   SQLITE_STATIC));
}

Run& Run::with(std::nullopt_t) {
    checksum_.null();
    return failed_ ? *this : bound(sqlite3_bind_null(handle_, ++parameter_));
}

Run& Run::with_integer(std::int64_t value) {
    checksum_.integer(value);
    return failed_ ? *this : bound(sqlite3_bind_int64(handle_, ++parameter_, value));
}

Result<bool> Run::step() {
    if (statement_.database_.is_interrupted()) {
        return fail(ErrorCode::busy, "This read took too long and was ended; ask for less.");
    }
    const int code = failed_ ? SQLITE_ERROR : sqlite3_step(handle_);
    if (code == SQLITE_ROW) return true;
    if (code == SQLITE_DONE) return false;
    failed_ = true;
    return std::unexpected(statement_.database_.failure(statement_.query_.name));
}

Status Run::finish() {
    const bool has_row = TRY(step());
    CHECK(!has_row);
    return {};
}

Result<std::optional<std::int64_t>> Run::number() {
    const bool found = TRY(step());
    if (!found) return std::nullopt;
    return Row(handle_).maybe([](Row& row) { return row.integer(); });
}

Status Run::check(const Table& table) {
    const int last = sqlite3_column_count(handle_) - 1;
    Checksum checksum;
    for (int column = 0; column < last; ++column) add_column(checksum, handle_, column);
    if (checksum.value() == sqlite3_column_int64(handle_, last)) return {};
    return std::unexpected(damaged(table, "its checksum does not match"));
}

Error Run::damaged(const Table& table, std::string_view why) const {
    std::string key;
    for (int column = 0; column < table.key_columns; ++column) {
        key += fmt::format("{}{} {}", column == 0 ? "" : ", ", sqlite3_column_name(handle_, column),
                           shown(handle_, column));
    }
    return error(ErrorCode::corrupt,
                 fmt::format("The row of table {} with the key ({}) is damaged: {}. Go back to a "
                             "backup that is whole, or rebuild the books from the log.",
                             table.name, key, why));
}

}  // namespace daybook::storage::sqlite
