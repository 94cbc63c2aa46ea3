// The texts of a query: as it is, and for many rows of parameters in one statement.
//
// Why: a statement costs the server as much again as what it does to one row.
// Many rows come as an array for each parameter, and are made rows again by unnest(). What is
// looked up is looked up for each row by itself (`offset 0` keeps the planner from making one join
// of it all), so that it takes the same way through the indexes as one row does.
#pragma once

#include <string>
#include <vector>

#include "storage/sql/connection.h"
#include "storage/sql/query.h"

namespace daybook::storage::postgres {

using ValueKinds = std::vector<sql::ValueKind>;

struct QueryTexts {
    explicit QueryTexts(const sql::Query& query);

    // The answers to each row of parameters: behind the number of that row, from 1.
    [[nodiscard]] std::string ask_many(const ValueKinds& kinds) const;
    // Only of what is_insert().
    [[nodiscard]] std::string insert_many(const ValueKinds& kinds) const;
    // Whether it inserts its parameters, in their order, into columns that it names, and nothing
    // else.
    [[nodiscard]] bool is_insert() const { return !table.empty(); }

    std::string name;
    std::string one;
    std::string table;                 // that it inserts into
    std::vector<std::string> columns;  // of that, by name
    std::string column_list;           // the same as the text has them, in parentheses
    std::string conflict;              // what an insert does about rows that are there
    bool locks = false;                // what it finds: that is asked for each key by itself
};

// What prepared statements are called: of one row, of many keys, of many rows that are inserted.
// A query is asked for keys of other kinds where a name is.
std::string one_name(const QueryTexts& query);
std::string keys_name(const QueryTexts& query, const ValueKinds& kinds);
std::string rows_name(const QueryTexts& query);

}  // namespace daybook::storage::postgres
