// Rows of values, copied, as one array for each column: the parameters of a statement for many
// rows.
//
// Threads: one.
#pragma once

#include <libpq-fe.h>

#include <span>
#include <string>
#include <vector>

#include "storage/postgres/query_texts.h"

namespace daybook::storage::postgres {

class ValueArrays {
 public:
    // Of columns of these kinds: integer, text or blob.
    explicit ValueArrays(ValueKinds kinds);

    // False, and nothing is added, where a value is neither of its column's kind nor null.
    bool add(std::span<const sql::Value> row);

    [[nodiscard]] const ValueKinds& kinds() const { return kinds_; }
    [[nodiscard]] std::size_t rows() const { return rows_; }

    // As libpq wants them; valid until the next row is added.
    struct Parameters {
        std::vector<const char*> values;
        std::vector<int> lengths;
        std::vector<int> formats;
    };
    Parameters parameters();

 private:
    struct Column {
        std::string bytes;  // PostgreSQL's array, whose head is filled in last
        bool has_nulls = false;
    };

    ValueKinds kinds_;
    std::vector<Column> columns_;
    std::size_t rows_ = 0;
};

}  // namespace daybook::storage::postgres
