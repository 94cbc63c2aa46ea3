// SQLite without anything of ours around it, for the baselines. All of it throws
// std::runtime_error.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

struct sqlite3;
struct sqlite3_stmt;

namespace daybook::bench {

// A stored value as SQLite gives it.
struct Value {
    int type = 5;  // SQLITE_NULL
    std::int64_t integer = 0;
    std::string bytes;  // of a text or blob
};
using Row = std::vector<Value>;

struct CloseDatabase {
    void operator()(sqlite3* database) const;
};
using DatabaseHandle = std::unique_ptr<sqlite3, CloseDatabase>;

struct FinalizeStatement {
    void operator()(sqlite3_stmt* statement) const;
};
using StatementHandle = std::unique_ptr<sqlite3_stmt, FinalizeStatement>;

DatabaseHandle open_database(const std::filesystem::path& file);
// The file and its log.
void remove_database(const std::filesystem::path& file);
// WAL, synchronous=FULL and the caches of Daybook's own connection, before the first table.
void set_as_daybook_does(sqlite3* database, std::int64_t page_size);

void run_sql(sqlite3* database, const std::string& sql);
std::vector<Row> read_rows(sqlite3* database, const std::string& sql);
std::int64_t read_integer(sqlite3* database, const std::string& sql);
// Calls with the first column of each row.
void for_each_text(sqlite3* database, const std::string& sql,
                   const std::function<void(std::string_view)>& use);

// Inserts the rows of a query on one database into a table of another, value by value.
void copy_rows(sqlite3* from, const std::string& sql, sqlite3* to, const std::string& table);

// Inserts whole rows into one table.
class Inserter {
 public:
    enum class On : std::uint8_t { fail, replace };
    Inserter(sqlite3* database, const std::string& table, On conflict = On::fail);
    // The values in order; columns beyond them get the integer 1.
    void insert(const Row& row) const;

 private:
    sqlite3* database_;
    StatementHandle statement_;
};

}  // namespace daybook::bench
