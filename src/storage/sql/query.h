// Named SQL texts, each beside the function that runs it (S13), and how SQLite is to run them.
//
// They are written in what SQLite and PostgreSQL have in common, with SQLite's ?1 for parameters;
// the few words that differ are translated by storage/postgres/dialect.h.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace daybook::storage::sql {

// `select` and `rest` together are the text; so those that read whole rows of a table share its
// columns. `plan` is what SQLite's EXPLAIN QUERY PLAN must answer, its lines joined by "; ", on an
// empty and on a large database; empty where nothing is searched. `postgres_rest` stands in the
// place of `rest` where PostgreSQL needs other words than a translation gives.
struct Query {
    std::string_view name;
    std::string_view select;
    std::string_view rest;
    std::string_view plan;
    std::string_view postgres_rest = {};

    [[nodiscard]] std::string sql() const { return std::string(select).append(rest); }
};

// Every query of this folder, for the test of the plans.
std::vector<const Query*> all_queries();

}  // namespace daybook::storage::sql
