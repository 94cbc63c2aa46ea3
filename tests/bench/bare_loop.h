// The baseline of every write figure: a bare SQLite loop that writes the same rows as Daybook did.
//
// It takes the rows of a database that Daybook has just filled, keeps them in memory, and inserts
// them into a fresh file with the same schema, indexes and settings (WAL, synchronous=FULL): event,
// entry and idempotency record per command; heads, counters, totals and roll-ups once per batch, in
// key order. No JSON, hashing, rules or sockets.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "bare_sqlite.h"

namespace daybook::bench {

// So that rows to write are in key order, once each.
struct KeyOrder {
    bool operator()(const Row& one, const Row& other) const;
    bool operator()(const Row* one, const Row* other) const;
};

class BareLoop {
 public:
    // Reads the rows that `filled` has for entries: of the newest so many, of none all. Throws
    // std::runtime_error.
    explicit BareLoop(std::filesystem::path filled, std::optional<std::int64_t> newest = {});

    [[nodiscard]] std::int64_t commands() const { return std::ssize(entries_); }

    // Writes all of them to a fresh file in durable batches; commands per second.
    double run(const std::filesystem::path& target, std::int64_t batch_size) const;
    // The same on a database that has everything else already.
    double append_to(const std::filesystem::path& target, std::int64_t batch_size) const;

 private:
    struct Totals {
        Row account_key;   // org, property, period, account
        Row category_key;  // org, property, period, kind, key
    };

    void create(sqlite3* database) const;
    double append(sqlite3* database, std::int64_t batch_size) const;
    [[nodiscard]] const Value& column_of(const Row& entry, const char* name) const;
    [[nodiscard]] std::vector<Totals> totals_of(const Row& entry) const;

    std::vector<std::string> schema_;
    std::int64_t page_size_ = 0;
    std::filesystem::path filled_;
    std::vector<Row> events_;
    std::vector<Row> entries_;
    std::vector<Row> idempotency_;
    std::map<Row, Row, KeyOrder> heads_;     // by org
    std::map<Row, Row, KeyOrder> counters_;  // by org and property
    std::map<std::string, std::size_t> entry_columns_;
};

}  // namespace daybook::bench
