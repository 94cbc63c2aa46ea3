// Integers are eight bytes, the highest first; texts and blobs are their bytes.
#include "storage/postgres/parameters.h"

#include <cstdint>
#include <cstring>

namespace daybook::storage::postgres {
namespace {

using sql::Value;
using sql::ValueKind;

constexpr Oid kBytea = 17;
constexpr Oid kBigint = 20;
constexpr Oid kText = 25;

std::array<char, 8> big_endian(std::int64_t value) {
    std::array<char, 8> bytes{};
    auto rest = static_cast<std::uint64_t>(value);
    for (std::size_t i = bytes.size(); i-- > 0; rest >>= 8U) {
        bytes.at(i) = static_cast<char>(rest & 0xFFU);
    }
    return bytes;
}

std::int64_t from_big_endian(std::span<const std::uint8_t> bytes) {
    std::uint64_t value = 0;
    for (const std::uint8_t byte : bytes) value = value << 8U | byte;
    return static_cast<std::int64_t>(value);
}

}  // namespace

Parameters::Parameters(std::span<const Value> values) {
    constexpr int kBinary = 1;
    integers_.reserve(values.size());
    values_.reserve(values.size());
    lengths_.reserve(values.size());
    formats_.assign(values.size(), kBinary);
    for (const Value& value : values) {
        switch (value.kind) {
            case ValueKind::integer:
                integers_.push_back(big_endian(value.integer));
                values_.push_back(integers_.back().data());
                lengths_.push_back(static_cast<int>(integers_.back().size()));
                break;
            case ValueKind::text:
            case ValueKind::blob:
                // A pointer to nothing would be null.
                values_.push_back(
                    value.bytes.empty() ? "" : reinterpret_cast<const char*>(value.bytes.data()));
                lengths_.push_back(static_cast<int>(value.bytes.size()));
                break;
            case ValueKind::null:
                values_.push_back(nullptr);
                lengths_.push_back(0);
                break;
        }
    }
}

Oid type_of(ValueKind kind) {
    switch (kind) {
        case ValueKind::integer: return kBigint;
        case ValueKind::text: return kText;
        default: return kBytea;
    }
}

Value value_at(const PGresult* answer, int row, int column) {
    if (PQgetisnull(answer, row, column) != 0) return {};
    const auto* data = reinterpret_cast<const std::uint8_t*>(PQgetvalue(answer, row, column));
    const std::span<const std::uint8_t> bytes(
        data, static_cast<std::size_t>(PQgetlength(answer, row, column)));
    switch (PQftype(answer, column)) {
        case kBigint: return {ValueKind::integer, from_big_endian(bytes), {}};
        case kBytea: return {ValueKind::blob, 0, bytes};
        default: return {ValueKind::text, 0, bytes};
    }
}

std::string key_of(std::string_view query, std::span<const Value> values) {
    std::string key(query);
    for (const Value& value : values) {
        key += static_cast<char>(value.kind);
        const auto size = static_cast<std::int64_t>(value.bytes.size());
        const std::int64_t number = value.kind == ValueKind::integer ? value.integer : size;
        key.append(reinterpret_cast<const char*>(&number), sizeof number);
        key.append(reinterpret_cast<const char*>(value.bytes.data()), value.bytes.size());
    }
    return key;
}

}  // namespace daybook::storage::postgres
