// Running a query: bind its parameters in order, step, read the columns in order; and the checksum
// of rows on both ways.
//
// Every row ends with `crc`, the CRC-32C over its values in the order of the columns; the same in
// every database. Writing: bind all columns, then checksum(). Reading: one() and all() compare
// before anything is decoded, as SQLite serves a flipped bit without a word.
// Bound values are not copied: they must live until the run ends. Threads: the connection's.
#pragma once

#include <concepts>
#include <cstdint>
#include <memory>
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
#include "storage/sql/connection.h"
#include "storage/sql/query.h"

namespace daybook::storage::sql {

// Its first columns are the key, as errors name it.
struct Table {
    std::string_view name;
    int key_columns;
};

// CRC-32C over values: each as its type, its length where it has one, and its bytes.
class Checksum {
 public:
    void integer(std::int64_t value);
    void text(std::string_view value) { bytes(ValueKind::text, as_bytes(value)); }
    void blob(std::span<const std::uint8_t> value) { bytes(ValueKind::blob, value); }
    void null();
    void add(const Value& value);
    [[nodiscard]] std::uint32_t value() const { return crc_; }

 private:
    void bytes(ValueKind kind, std::span<const std::uint8_t> value);
    std::uint32_t crc_ = 0;
};

// A query on one connection, prepared when it is first run.
class Statement {
 public:
    Statement(Connection& connection, const Query& query)
        : connection_(connection), query_(query) {}
    Statement(const Statement&) = delete;
    Statement& operator=(const Statement&) = delete;

 private:
    friend class Run;

    Connection& connection_;
    const Query& query_;
    std::unique_ptr<Prepared> prepared_;
    std::vector<Value> parameters_;  // of the run that is under way
    bool running_ = false;
};

// The row that a run stands on. Values are read in the order of the columns; views are valid until
// the next step.
class Row {
 public:
    explicit Row(std::span<const Value> values) : values_(values) {}

    std::int64_t integer() { return next().integer; }
    std::int32_t small() { return static_cast<std::int32_t>(integer()); }
    bool flag() { return integer() != 0; }
    void skip() { ++column_; }
    std::string_view text();
    std::span<const std::uint8_t> blob() { return next().bytes; }
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
        if (skip_null()) return std::nullopt;
        return read(*this);
    }
    // False once a value was not one of its kind.
    [[nodiscard]] bool readable() const { return readable_; }

 private:
    const Value& next() { return values_[column_++]; }
    bool skip_null() {
        const bool is_null = values_[column_].kind == ValueKind::null;
        if (is_null) ++column_;
        return is_null;
    }

    std::span<const Value> values_;
    std::size_t column_ = 0;
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
    // Every row of a query that counts others, or of a table without checksums.
    template <class Read>
    Result<std::vector<ReadBy<Read>>> all_counted(const Table& table, Read read);
    // The next row, checked; for what must look at each one. nullopt at the end.
    template <class Read>
    Result<std::optional<ReadBy<Read>>> next(const Table& table, Read read);

 private:
    Run& with_integer(std::int64_t value);
    Status prepare();
    Result<bool> step();
    Status check(const Table& table, std::span<const Value> values);
    [[nodiscard]] Error damaged(const Table& table, std::string_view why) const;

    Statement& statement_;
    bool begun_ = false;
    Checksum checksum_;
};

template <class Read>
Result<std::optional<ReadBy<Read>>> Run::next(const Table& table, Read read) {
    const bool found = TRY(step());
    if (!found) return std::nullopt;
    const std::span<const Value> values = statement_.prepared_->row();
    TRY(check(table, values));
    Row row(values);
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
        Row row(statement_.prepared_->row());
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

}  // namespace daybook::storage::sql
