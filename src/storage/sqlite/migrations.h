// Brings a database file to the schema of this program, one numbered step at a time.
//
// A step is migrations/NNNN_name.up.sql with its .down.sql, embedded in the program, never edited
// once released. The file says in `user_version` how many it has had, and in schema_migrations
// which texts they were. A file of a newer program is refused, never touched.
#pragma once

#include "base/clock.h"
#include "base/result.h"
#include "storage/sqlite/database.h"

namespace daybook::storage::sqlite {

// The newest schema that this program knows.
int newest_schema();
// The schema of the file; 0 before the first step. Errors: those of Database.
Result<int> schema_of(Database& database);

// Takes the missing steps, each in a transaction of its own. Errors: newer_schema; corrupt (an
// earlier step had another text); disk_full, io_failed.
Status migrate(Database& database, Instant now);
// The way back, for tests and for who must return to an older program: the data of the steps that
// are taken back is lost.
Status migrate_down(Database& database, int to_schema);
// For those who only read: newer_schema, or read_only where the file must first be brought up.
Status check_schema(Database& database);

}  // namespace daybook::storage::sqlite
