// A connection to a database, as tables see it: it prepares queries and runs them.
//
// Owned here, implemented by the adapters of SQLite and PostgreSQL, so that each table is written
// once. Threads: one at a time.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string_view>

#include "base/result.h"
#include "storage/sql/query.h"

namespace daybook::storage::sql {

// All kinds of values that a column holds. The numbers are part of the checksums of stored rows.
enum class ValueKind : std::uint8_t { integer = 1, text = 3, blob = 4, null = 5 };

// One value, not copied: whoever made it says for how long it is valid.
struct Value {
    ValueKind kind = ValueKind::null;
    std::int64_t integer = 0;
    std::span<const std::uint8_t> bytes;  // of a text or blob
};

// A query on one connection. One run at a time: begin() and step(), or execute(), then end().
class Prepared {
 public:
    virtual ~Prepared() = default;

    // Parameters in their order; they are not copied and must live until end().
    // Errors of all: busy, io_failed, disk_full, corrupt, read_only, internal.
    virtual Status begin(std::span<const Value> parameters) = 0;
    // To the next row; false behind the last.
    virtual Result<bool> step() = 0;
    // The values of the row, valid until the next step.
    virtual std::span<const Value> row() = 0;
    [[nodiscard]] virtual std::string_view column_name(std::size_t column) const = 0;
    // Runs a statement that gives no rows. Where the connection puts writes off, its error comes
    // with a later call, at the latest with the commit.
    virtual Status execute(std::span<const Value> parameters) = 0;
    virtual void end() = 0;
};

class Connection {
 public:
    virtual ~Connection() = default;

    // The query must outlive what was prepared.
    virtual Result<std::unique_ptr<Prepared>> prepare(const Query& query) = 0;
    // Runs a statement that deletes many rows in which nothing is personal, so that no care need be
    // taken to overwrite them.
    virtual Status delete_plainly(const std::function<Status()>& statement) { return statement(); }
};

}  // namespace daybook::storage::sql
