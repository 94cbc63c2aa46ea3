// What a PostgreSQL server was told, by its own log; and the same statements as scripts of pgbench.
//
// Why: the baseline is to run the very statements that the store runs, however that changes. Of
// each batch the texts, their order, the round trips and the constants stay; what must be new in
// every batch (ids, positions, keys) is worked out by the server from the batch's number.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace daybook::bench {

struct LoggedStatement {
    std::string name;  // of a prepared one
    std::string text;
    std::vector<std::string> parameters;  // as literals of SQL
};

// The transactions in a log with log_statement = all, each from BEGIN to COMMIT.
std::vector<std::vector<LoggedStatement>> logged_transactions(std::string_view log);

// How many events a batch of our store appends.
std::ptrdiff_t events_in(const std::vector<LoggedStatement>& batch);

// A batch of our store as a transaction of pgbench; `:batch` is another number each time. Throws
// std::runtime_error if it does not look like one.
std::string pgbench_script(const std::vector<LoggedStatement>& batch);

}  // namespace daybook::bench
