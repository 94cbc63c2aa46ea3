// Queries of the tables in PostgreSQL's words.
#pragma once

#include <string>
#include <string_view>

#include "storage/sql/query.h"

namespace daybook::storage::postgres {

// ?1 is $1; `user` is a word of the language and is quoted; `indexed by NAME` is left out. Texts in
// quotes stay as they are.
std::string translated(std::string_view sql);
std::string text_of(const sql::Query& query);

}  // namespace daybook::storage::postgres
