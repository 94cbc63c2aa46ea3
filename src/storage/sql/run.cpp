// Binding, stepping and checking.
#include "storage/sql/run.h"

#include <fmt/format.h>

#include <array>
#include <cstring>

#include "base/check.h"
#include "base/hex.h"

namespace daybook::storage::sql {
namespace {

std::string_view as_text(std::span<const std::uint8_t> bytes) {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

// A value of a key, for people: ids in their text form.
std::string shown(const Value& value) {
    if (value.kind == ValueKind::integer) return std::to_string(value.integer);
    if (value.kind != ValueKind::blob) return std::string(as_text(value.bytes));
    Uuid uuid;
    if (value.bytes.size() != uuid.bytes.size()) return to_hex(value.bytes);
    std::memcpy(uuid.bytes.data(), value.bytes.data(), uuid.bytes.size());
    return uuid.to_string();
}

}  // namespace

void Checksum::integer(std::int64_t value) {
    std::array<std::uint8_t, 9> bytes{static_cast<std::uint8_t>(ValueKind::integer)};
    std::memcpy(bytes.data() + 1, &value, sizeof value);
    crc_ = crc32c(bytes, crc_);
}

void Checksum::null() {
    const std::array<std::uint8_t, 1> bytes{static_cast<std::uint8_t>(ValueKind::null)};
    crc_ = crc32c(bytes, crc_);
}

void Checksum::add(const Value& value) {
    switch (value.kind) {
        case ValueKind::integer: return integer(value.integer);
        case ValueKind::text:
        case ValueKind::blob: return bytes(value.kind, value.bytes);
        case ValueKind::null: return null();
    }
}

void Checksum::bytes(ValueKind kind, std::span<const std::uint8_t> value) {
    std::array<std::uint8_t, 5> head{static_cast<std::uint8_t>(kind)};
    const auto size = static_cast<std::uint32_t>(value.size());
    std::memcpy(head.data() + 1, &size, sizeof size);
    crc_ = crc32c(value, crc32c(head, crc_));
}

std::string_view Row::text() {
    return as_text(next().bytes);
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
    if (skip_null()) return {"", true};
    return {std::string(text()), false};
}

domain::BusinessDate Row::date() {
    const auto date = domain::BusinessDate::from_key(small());
    if (!date) readable_ = false;
    return date.value_or(domain::BusinessDate());
}

Run::Run(Statement& statement) : statement_(statement) {
    CHECK(!statement.running_);
    statement.running_ = true;
    statement.parameters_.clear();
}

Run::~Run() {
    statement_.running_ = false;
    if (statement_.prepared_) statement_.prepared_->end();
}

Run& Run::with(std::string_view text) {
    checksum_.text(text);
    statement_.parameters_.push_back({ValueKind::text, 0, as_bytes(text)});
    return *this;
}

Run& Run::with(std::span<const std::uint8_t> blob) {
    checksum_.blob(blob);
    statement_.parameters_.push_back({ValueKind::blob, 0, blob});
    return *this;
}

Run& Run::with(std::nullopt_t) {
    checksum_.null();
    statement_.parameters_.push_back({});
    return *this;
}

Run& Run::with_integer(std::int64_t value) {
    checksum_.integer(value);
    statement_.parameters_.push_back({ValueKind::integer, value, {}});
    return *this;
}

Status Run::prepare() {
    if (statement_.prepared_) return {};
    statement_.prepared_ = TRY(statement_.connection_.prepare(statement_.query_));
    return {};
}

Result<bool> Run::step() {
    if (!begun_) {
        TRY(prepare());
        TRY(statement_.prepared_->begin(statement_.parameters_));
        begun_ = true;
    }
    return statement_.prepared_->step();
}

Status Run::finish() {
    TRY(prepare());
    return statement_.prepared_->execute(statement_.parameters_);
}

Result<std::optional<std::int64_t>> Run::number() {
    const bool found = TRY(step());
    if (!found) return std::nullopt;
    return Row(statement_.prepared_->row()).maybe([](Row& row) { return row.integer(); });
}

Status Run::check(const Table& table, std::span<const Value> values) {
    Checksum checksum;
    for (const Value& value : values.first(values.size() - 1)) checksum.add(value);
    if (checksum.value() == values.back().integer) return {};
    return std::unexpected(damaged(table, "its checksum does not match"));
}

Error Run::damaged(const Table& table, std::string_view why) const {
    std::string key;
    const std::span<const Value> values = statement_.prepared_->row();
    for (std::size_t column = 0; column < static_cast<std::size_t>(table.key_columns); ++column) {
        key += fmt::format("{}{} {}", column == 0 ? "" : ", ",
                           statement_.prepared_->column_name(column), shown(values[column]));
    }
    return error(ErrorCode::corrupt,
                 fmt::format("The row of table {} with the key ({}) is damaged: {}. Go back to a "
                             "backup that is whole, or rebuild the books from the log.",
                             table.name, key, why));
}

}  // namespace daybook::storage::sql
