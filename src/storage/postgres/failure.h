// What an error of PostgreSQL means.
#pragma once

#include <libpq-fe.h>

#include <string_view>

#include "base/error.h"

namespace daybook::storage::postgres {

// By its SQLSTATE; never with values of rows. `what` names the statement.
Error failure(const PGresult* answer, std::string_view what);

}  // namespace daybook::storage::postgres
