// Named SQL texts, each beside the function that runs it (S13), and how SQLite is to run them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace daybook::storage::sqlite {

// `select` and `rest` together are the text; so those that read whole rows of a table share its
// columns. `plan` is what EXPLAIN QUERY PLAN must answer, its lines joined by "; ", on an empty and
// on a large database; empty where nothing is searched.
struct Query {
    std::string_view name;
    std::string_view select;
    std::string_view rest;
    std::string_view plan;

    [[nodiscard]] std::string sql() const { return std::string(select).append(rest); }
};

// Every query of this folder, for the test of the plans.
std::vector<const Query*> all_queries();

}  // namespace daybook::storage::sqlite
