// Values in PostgreSQL's binary format, on the way in and on the way out.
#pragma once

#include <libpq-fe.h>

#include <array>
#include <span>
#include <string>
#include <vector>

#include "storage/sql/connection.h"

namespace daybook::storage::postgres {

// The parameters of one statement, as libpq wants them. The values must live as long as this.
class Parameters {
 public:
    explicit Parameters(std::span<const sql::Value> values);

    [[nodiscard]] int count() const { return static_cast<int>(values_.size()); }
    [[nodiscard]] const char* const* values() const { return values_.data(); }
    [[nodiscard]] const int* lengths() const { return lengths_.data(); }
    [[nodiscard]] const int* formats() const { return formats_.data(); }

 private:
    std::vector<std::array<char, 8>> integers_;  // big-endian
    std::vector<const char*> values_;
    std::vector<int> lengths_;
    std::vector<int> formats_;
};

// The type of a column of that kind.
Oid type_of(sql::ValueKind kind);

// A value of an answer; the bytes lie in it.
sql::Value value_at(const PGresult* answer, int row, int column);

// The same bytes for the same values.
std::string key_of(std::string_view query, std::span<const sql::Value> values);

}  // namespace daybook::storage::postgres
