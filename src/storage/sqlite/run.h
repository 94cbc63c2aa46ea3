// Running a query: bind its parameters in order, step, read the columns in order; and the checksum
// of rows on both ways.
//
// Every row ends with `crc`, the CRC-32C over its values in the order of the columns. Writing: bind
// all columns, then checksum(). Reading: one() and all() compare before anything is decoded, as
// SQLite serves a flipped bit without a word.
// Bound values are not copied: they must live until the run ends. Threads: the connection's.
#pragma once

#include <sqlite3.h>

#include <concepts>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/digest.h"
#include "base/ids.h"
#include "base/result.h"
#include "domain/business_date.h"
#include "domain/text.h"
#include "storage/sqlite/database.h"
#include "storage/sqlite/query.h"

namespace daybook::storage::sqlite {

// Its first columns are the key, as errors name it.
struct Table {
    std::string_view name;
    int key_columns;
};

// CRC-32C over values: each as its type, its length where it has one, and its bytes.
class Checksum {
 public:
    void integer(std::int64_t value);
    void text(std::string_view value) { bytes(SQLITE_TEXT, as_bytes(value)); }
    void blob(std::span<const std::uint8_t> value) { bytes(SQLITE_BLOB, value); }
    void null();
    [[nodiscard]] std::uint32_t value() const { return crc_; }

 private:
    void bytes(std::uint8_t type, std::span<const std::uint8_t> value);
    std::uint32_t crc_ = 0;
};

// A query on one connection, prepared when it is first run.
class Statement {
 public:
    Statement(Database& database, const Query& query) : database_(database), query_(query) {}
    ~Statement() { sqlite3_finalize(handle_); }
    Statement(const Statement&) = delete;
    Statement& operator=(const Statement&) = delete;

 private:
    friend class Run;
    bool prepare();

    Database& database_;
    const Query& query_;
    sqlite3_stmt* handle_ = nullptr;
};

// The row that a run stands on. Values are read in the order of the columns; views are valid until
// the next step.
class Row {
 public:
    explicit Row(sqlite3_stmt* handle) : handle_(handle) {}

    std::int64_t integer() { return sqlite3_column_int64(handle_, column_++); }
    std::int32_t small() { return sqlite3_column_int(handle_, column_++); }
    bool flag() { return integer() != 0; }
    void skip() { ++column_; }
    std::string_view text();
    std::span<const std::uint8_t> blob();
    Uuid uuid();
    Hash hash();
    domain::Text erasable();  // null is erased
    domain::BusinessDate date();
    Instant instant() { return Instant{integer()}; }
    template <class IdType>
    IdType id() {
        return IdType{uuid()};
    }
    // A text that `parse` knows, such as the name of an enum's value.
    template <class Parse>
    auto named(Parse parse) {
        const auto value = parse(text());
        if (!value) readable_ = false;
        return value.value_or(typename decltype(parse(std::string_view()))::value_type{});
    }
    // nullopt where the column is null.
    template <class Read>
    auto maybe(Read read) -> std::optional<decltype(read(*this))> {
        if (sqlite3_column_type(handle_, column_) == SQLITE_NULL) {
            ++column_;
            return std::nullopt;
        }
        return read(*this);
    }
    // False once a value was not one of its kind.
    [[nodiscard]] bool readable() const { return readable_; }

 private:
    friend class Run;
    sqlite3_stmt* handle_;
    int column_ = 0;
    bool readable_ = true;
};

// What a function makes of a row.
template <class Read>
using ReadBy = std::invoke_result_t<Read&, Row&>;

class Run {
 public:
    explicit Run(Statement& statement);
    ~Run();
    Run(const Run&) = delete;
    Run& operator=(const Run&) = delete;

    // The next parameter.
    Run& with(std::string_view text);
    Run& with(std::span<const std::uint8_t> blob);
    Run& with(std::nullopt_t);
    Run& with(const Uuid& uuid) { return with(std::span<const std::uint8_t>(uuid.bytes)); }
    template <class Tag>
    Run& with(const Id<Tag>& id) {
        return with(id.value);
    }
    template <class Tag>
    Run& with(const Id<Tag>&&) = delete;  // a temporary would be gone before the step
    Run& with(domain::BusinessDate date) { return with(date.key()); }
    Run& with(Instant instant) { return with(instant.ms); }
    Run& with(const domain::Text& text) {
        return text.erased ? with(std::nullopt) : with(std::string_view(text.value));
    }
    Run& with(std::integral auto value) { return with_integer(static_cast<std::int64_t>(value)); }
    template <class Value>
    Run& with(const std::optional<Value>& value) {
        return value ? with(*value) : with(std::nullopt);
    }
    template <class Value>
    Run& with(std::optional<Value>&&) = delete;
    // The last column of a row that is written.
    Run& checksum() { return with_integer(checksum_.value()); }

    // Runs a statement that gives no rows.
    Status finish();
    // Runs one that gives one value: an integer, or null and none.
    Result<std::optional<std::int64_t>> number();
    // The first row, or none.
    template <class Read>
    Result<std::optional<ReadBy<Read>>> one(const Table& table, Read read);
    // Every row.
    template <class Read>
    Result<std::vector<ReadBy<Read>>> all(const Table& table, Read read);
    // Every row of a query that counts others: such rows have no checksum of their own.
    template <class Read>
    Result<std::vector<ReadBy<Read>>> all_counted(const Table& table, Read read);
    // The next row, checked; for what must look at each one. nullopt at the end.
    template <class Read>
    Result<std::optional<ReadBy<Read>>> next(const Table& table, Read read);

 private:
    Run& with_integer(std::int64_t value);
    Run& bound(int code);
    Result<bool> step();
    Status check(const Table& table);
    [[nodiscard]] Error damaged(const Table& table, std::string_view why) const;

    Statement& statement_;
    sqlite3_stmt* handle_;
    int parameter_ = 0;
    bool failed_ = false;
    Checksum checksum_;
};

template <class Read>
Result<std::optional<ReadBy<Read>>> Run::next(const Table& table, Read read) {
    const bool found = TRY(step());
    if (!found) return std::nullopt;
    TRY(check(table));
    Row row(handle_);
    std::optional<ReadBy<Read>> value(read(row));
    if (!row.readable()) return std::unexpected(damaged(table, "it holds an unknown value"));
    return value;
}

template <class Read>
Result<std::optional<ReadBy<Read>>> Run::one(const Table& table, Read read) {
    return next(table, std::move(read));
}

template <class Read>
Result<std::vector<ReadBy<Read>>> Run::all_counted(const Table& table, Read read) {
    std::vector<ReadBy<Read>> rows;
    while (TRY(step())) {
        Row row(handle_);
        rows.push_back(read(row));
        if (!row.readable()) return std::unexpected(damaged(table, "it holds an unknown value"));
    }
    return rows;
}

template <class Read>
Result<std::vector<ReadBy<Read>>> Run::all(const Table& table, Read read) {
    std::vector<ReadBy<Read>> rows;
    for (;;) {
        auto row = TRY(next(table, read));
        if (!row) return rows;
        rows.push_back(std::move(*row));
    }
}

}  // namespace daybook::storage::sqlite
