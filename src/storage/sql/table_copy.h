// Copies everything from one database to another, row by row, as it is.
//
// Why rows and not commands: rows are the same bytes in both databases, with the same checksums, so
// that nothing is decided, counted or hashed again.
// Operation: table by table, parents first, each in the order of its keys and page by page, each
// page a transaction. A copy that was broken off goes on behind the last row of each table. The
// heads of the logs come last, when all else is there: without them nobody serves what is half
// there. Rows are checked as they are read. Threads: one.
#pragma once

#include <functional>
#include <string_view>

#include "base/result.h"
#include "storage/sql/connection.h"

namespace daybook::storage::sql {

// One end of a copy.
class CopyEnd {
 public:
    virtual ~CopyEnd() = default;
    virtual Connection& connection() = 0;
    // The transaction: of the whole copy where it is the source, of a page where it is the target.
    virtual Status begin() = 0;
    virtual Status commit() = 0;
};

// Rows done so far, in all tables.
using CopyProgress = std::function<void(std::string_view table, std::int64_t rows)>;

// Both have the newest schema; the source is not written meanwhile. Gives the number of rows that
// the target has now. Errors: invalid_value (the target has other books), corrupt (a row of the
// source is damaged, or the copy is not like it), those of both connections.
Result<std::int64_t> copy_everything(CopyEnd& from, CopyEnd& to, const CopyProgress& progress);

}  // namespace daybook::storage::sql
