// A directory's database as one end of a copy.
#pragma once

#include <filesystem>
#include <memory>

#include "base/clock.h"
#include "storage/sql/table_copy.h"

namespace daybook::storage::sqlite {

// The caller holds the directory's lock. Errors: not_found, newer_schema, read_only (its schema is
// older: start the server once), those of Database.
Result<std::unique_ptr<sql::CopyEnd>> open_copy_source(const std::filesystem::path& directory);
// Made if there is none, and brought to the newest schema. Errors: those of Database and migrate().
Result<std::unique_ptr<sql::CopyEnd>> open_copy_target(const std::filesystem::path& directory,
                                                       Instant now);

}  // namespace daybook::storage::sqlite
