// All rows come with the answer; a step goes from one to the next.
#include "storage/postgres/prepared.h"

#include "storage/postgres/parameters.h"

namespace daybook::storage::postgres {

PreparedQuery::PreparedQuery(Database& database, const sql::Query& query)
    : database_(database), texts_(std::make_shared<const QueryTexts>(query)) {}

Status PreparedQuery::begin(std::span<const sql::Value> parameters) {
    rows_ = TRY(database_.rows_of(texts_, parameters));
    return {};
}

Result<bool> PreparedQuery::step() {
    if (rows_.next >= rows_.end) return false;
    const PGresult* answer = rows_.answer.get();
    row_.clear();
    for (int column = rows_.first_column; column < PQnfields(answer); ++column) {
        row_.push_back(value_at(answer, rows_.next, column));
    }
    ++rows_.next;
    return true;
}

std::span<const sql::Value> PreparedQuery::row() {
    return row_;
}

std::string_view PreparedQuery::column_name(std::size_t column) const {
    return PQfname(rows_.answer.get(), rows_.first_column + static_cast<int>(column));
}

Status PreparedQuery::execute(std::span<const sql::Value> parameters) {
    return database_.write(texts_, parameters);
}

}  // namespace daybook::storage::postgres
