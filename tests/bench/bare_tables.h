// The baselines of `rebuild` and `verify`: what anybody has to do who loads the tables, or reads
// the log, in bare SQLite.
#pragma once

#include <filesystem>

namespace daybook::bench {

// Copies the books tables of a finished database, row by row, into a fresh file with the same
// settings and in one durable transaction; totals come day by day, as in the log; the indexes are
// made after. In seconds. Throws std::runtime_error.
double load_tables(const std::filesystem::path& finished, const std::filesystem::path& target);

// Reads the bytes of all events, in the order in which they lie there, and makes one SHA-256 of
// each. In seconds. Throws std::runtime_error.
double hash_events(const std::filesystem::path& finished);

}  // namespace daybook::bench
