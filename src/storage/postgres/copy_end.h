// A database as one end of a copy.
#pragma once

#include <memory>
#include <string>

#include "base/clock.h"
#include "storage/sql/table_copy.h"

namespace daybook::storage::postgres {

// Nodes that serve it read on, and wait with their writes until the copy is done. Errors: those of
// Database::connect(); read_only (its schema is older: start the server once), newer_schema.
Result<std::unique_ptr<sql::CopyEnd>> open_copy_source(const std::string& address);
// Brought to the newest schema. Errors: those of Database::connect() and migrate().
Result<std::unique_ptr<sql::CopyEnd>> open_copy_target(const std::string& address, Instant now);

}  // namespace daybook::storage::postgres
