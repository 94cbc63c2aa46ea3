// A query of the tables as PostgreSQL runs it.
//
// Threads: the connection's.
#pragma once

#include <memory>
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
    void end() override { rows_ = {}; }

 private:
    Database& database_;
    const std::shared_ptr<const QueryTexts> texts_;
    Rows rows_;
    std::vector<sql::Value> row_;
};

}  // namespace daybook::storage::postgres
