// What repeated requests are known by: four tables by day modulo 4, emptied when their day returns.
#pragma once

#include <array>
#include <optional>
#include <vector>

#include "app/rows.h"
#include "storage/sql/run.h"

namespace daybook::storage::sql {

class IdempotencyTable {
 public:
    explicit IdempotencyTable(Connection& connection);

    // Records older than limits::kIdempotencyKeptMs do not exist.
    Result<std::optional<app::IdempotencyRecord>> find(const app::IdempotencyKey& key, Instant now);
    Status put(const app::IdempotencyKey& key, const app::IdempotencyRecord& record);

 private:
    static constexpr std::size_t kTables = 4;
    struct Day {
        Day(Connection& connection, std::size_t table);
        Statement any;
        Statement clear;
        Statement put;
        std::optional<std::int64_t> since_1970;  // of the rows, once it is known
    };
    Status make_room(Day& day, std::int64_t since_1970);

    Connection& connection_;
    Statement find_;
    std::array<Day, kTables> days_;
};

void add_idempotency_queries(std::vector<const Query*>& queries);

}  // namespace daybook::storage::sql
