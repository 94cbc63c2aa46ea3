// A query of the tables as PostgreSQL runs it.
//
// Threads: the connection's.
#pragma once

#include <string>
#include <vector>

#include "storage/postgres/database.h"
#include "storage/sql/connection.h"

namespace daybook::storage::postgres {

class PreparedQuery final : public sql::Prepared {
 public:
    PreparedQuery(Database& database, const sql::Query& query);

    Status begin(std::span<const sql::Value> parameters) override;
    Result<bool> step() override;
    std::span<const sql::Value> row() override;
    [[nodiscard]] std::string_view column_name(std::size_t column) const override;
    Status execute(std::span<const sql::Value> parameters) override;
    void end() override { answer_.reset(); }

 private:
    Database& database_;
    const sql::Query& query_;
    const std::string text_;
    Answer answer_;
    int next_row_ = 0;
    std::vector<sql::Value> row_;
};

}  // namespace daybook::storage::postgres
