// A query of the tables as SQLite prepares and runs it.
//
// Threads: the connection's.
#pragma once

#include <sqlite3.h>

#include <vector>

#include "storage/sql/connection.h"
#include "storage/sqlite/database.h"

namespace daybook::storage::sqlite {

class PreparedQuery final : public sql::Prepared {
 public:
    // Errors: those of Database.
    static Result<std::unique_ptr<sql::Prepared>> make(Database& database, const sql::Query& query);
    PreparedQuery(Database& database, const sql::Query& query, sqlite3_stmt* handle)
        : database_(database), query_(query), handle_(handle) {}
    ~PreparedQuery() override { sqlite3_finalize(handle_); }
    PreparedQuery(const PreparedQuery&) = delete;
    PreparedQuery& operator=(const PreparedQuery&) = delete;

    Status begin(std::span<const sql::Value> parameters) override;
    Result<bool> step() override;
    std::span<const sql::Value> row() override;
    [[nodiscard]] std::string_view column_name(std::size_t column) const override;
    Status execute(std::span<const sql::Value> parameters) override;
    void end() override { sqlite3_reset(handle_); }

 private:
    Database& database_;
    const sql::Query& query_;
    sqlite3_stmt* handle_;
    std::vector<sql::Value> row_;
};

}  // namespace daybook::storage::sqlite
