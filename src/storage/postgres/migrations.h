// Brings a database to the schema of this program, one numbered step at a time.
//
// A step is migrations/NNNN_name.up.sql with its .down.sql, embedded in the program, never edited
// once released; schema_migrations says which the database has had, and which texts they were. Each
// step is a transaction under one advisory lock, so that nodes may start together: who comes second
// finds the step taken. A database of a newer program is refused, never touched.
#pragma once

#include "base/clock.h"
#include "base/result.h"
#include "storage/postgres/database.h"

namespace daybook::storage::postgres {

// The newest schema that this program knows.
int newest_schema();
// The schema of the database; 0 before the first step. Errors: those of Database.
Result<int> schema_of(Database& database);

// Takes the missing steps. Errors: newer_schema; corrupt (an earlier step had another text); those
// of Database.
Status migrate(Database& database, Instant now);
// The way back, for tests and for who must return to an older program: the data of the steps that
// are taken back is lost.
Status migrate_down(Database& database, int to_schema);
// For those who only read: newer_schema, or read_only where it must first be brought up.
Status check_schema(Database& database);

}  // namespace daybook::storage::postgres
