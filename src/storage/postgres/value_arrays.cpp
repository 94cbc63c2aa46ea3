// PostgreSQL's binary format of an array of one dimension (array_recv() in its arrayfuncs.c): the
// number of dimensions, whether there are nulls, the type of the elements, their number, the number
// of the first; then each with its length, which is -1 for null.
#include "storage/postgres/value_arrays.h"

#include <algorithm>
#include <utility>

#include "storage/postgres/parameters.h"

namespace daybook::storage::postgres {
namespace {

using sql::Value;
using sql::ValueKind;

constexpr std::size_t kHeadBytes = 20;

// Four bytes, the highest first.
void append(std::string& bytes, std::uint32_t value) {
    for (const unsigned shift : {24U, 16U, 8U, 0U}) {
        bytes += static_cast<char>(value >> shift & 0xFFU);
    }
}

void append(std::string& bytes, const Value& value) {
    if (value.kind == ValueKind::null) return append(bytes, 0xFFFF'FFFFU);
    if (value.kind == ValueKind::integer) {
        append(bytes, 8U);
        const auto whole = static_cast<std::uint64_t>(value.integer);
        append(bytes, static_cast<std::uint32_t>(whole >> 32U));
        return append(bytes, static_cast<std::uint32_t>(whole));
    }
    append(bytes, static_cast<std::uint32_t>(value.bytes.size()));
    bytes.append(reinterpret_cast<const char*>(value.bytes.data()), value.bytes.size());
}

}  // namespace

ValueArrays::ValueArrays(ValueKinds kinds) : kinds_(std::move(kinds)), columns_(kinds_.size()) {
    for (Column& column : columns_) column.bytes.resize(kHeadBytes);
}

bool ValueArrays::add(std::span<const Value> row) {
    const bool fits = std::ranges::equal(row, kinds_, [](const Value& value, ValueKind kind) {
        return value.kind == kind || value.kind == ValueKind::null;
    });
    if (!fits) return false;
    for (std::size_t i = 0; i < row.size(); ++i) {
        append(columns_[i].bytes, row[i]);
        if (row[i].kind == ValueKind::null) columns_[i].has_nulls = true;
    }
    ++rows_;
    return true;
}

ValueArrays::Parameters ValueArrays::parameters() {
    constexpr int kBinary = 1;
    Parameters parameters;
    for (std::size_t i = 0; i < columns_.size(); ++i) {
        Column& column = columns_[i];
        std::string head;
        append(head, 1U);
        append(head, column.has_nulls ? 1U : 0U);
        append(head, static_cast<std::uint32_t>(type_of(kinds_[i])));
        append(head, static_cast<std::uint32_t>(rows_));
        append(head, 1U);
        column.bytes.replace(0, kHeadBytes, head);
        parameters.values.push_back(column.bytes.data());
        parameters.lengths.push_back(static_cast<int>(column.bytes.size()));
        parameters.formats.push_back(kBinary);
    }
    return parameters;
}

}  // namespace daybook::storage::postgres
