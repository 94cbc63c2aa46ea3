// All rows come with the answer; a step goes from one to the next.
#include "storage/postgres/prepared.h"

#include "storage/postgres/dialect.h"
#include "storage/postgres/parameters.h"

namespace daybook::storage::postgres {

PreparedQuery::PreparedQuery(Database& database, const sql::Query& query)
    : database_(database), query_(query), text_(text_of(query)) {}

Status PreparedQuery::begin(std::span<const sql::Value> parameters) {
    next_row_ = 0;
    answer_ = TRY(database_.rows_of(query_, text_, parameters));
    return {};
}

Result<bool> PreparedQuery::step() {
    if (!answer_ || next_row_ >= PQntuples(answer_.get())) return false;
    row_.clear();
    const int columns = PQnfields(answer_.get());
    for (int column = 0; column < columns; ++column) {
        row_.push_back(value_at(answer_.get(), next_row_, column));
    }
    ++next_row_;
    return true;
}

std::span<const sql::Value> PreparedQuery::row() {
    return row_;
}

std::string_view PreparedQuery::column_name(std::size_t column) const {
    return PQfname(answer_.get(), static_cast<int>(column));
}

Status PreparedQuery::execute(std::span<const sql::Value> parameters) {
    return database_.write(query_, text_, parameters);
}

}  // namespace daybook::storage::postgres
