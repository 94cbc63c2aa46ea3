// Rows of any select, uninterpreted: for maintenance, which looks at tables as tables.
//
// Threads: the connection's.
#pragma once

#include <sqlite3.h>

#include <compare>
#include <cstdint>
#include <span>
#include <string>

#include "base/result.h"
#include "storage/sqlite/database.h"

namespace daybook::storage::sqlite {

class Cursor {
 public:
    // Errors: those of Database.
    static Result<Cursor> open(Database& database, const std::string& sql);
    Cursor(Cursor&& other) noexcept;
    Cursor& operator=(Cursor&&) = delete;
    ~Cursor() { sqlite3_finalize(handle_); }

    // Binds a blob to ?1 of a statement that begins anew. Not copied: it must live until the end.
    void begin_with(std::span<const std::uint8_t> blob);
    // To the next row; false behind the last.
    Result<bool> step();
    [[nodiscard]] bool has_row() const { return has_row_; }

    [[nodiscard]] int columns() const { return sqlite3_column_count(handle_); }
    [[nodiscard]] std::string column_name(int column) const;
    [[nodiscard]] std::string text(int column) const;
    [[nodiscard]] std::span<const std::uint8_t> blob(int column) const;
    // For people: ids as such, other bytes in hexadecimal.
    [[nodiscard]] std::string shown(int column) const;
    // The order of SQLite: integers, texts, blobs, by their bytes.
    [[nodiscard]] std::strong_ordering compare(int column, const Cursor& other) const;

 private:
    Cursor(Database& database, sqlite3_stmt* handle) : database_(&database), handle_(handle) {}

    Database* database_;
    sqlite3_stmt* handle_;
    bool has_row_ = false;
};

}  // namespace daybook::storage::sqlite
