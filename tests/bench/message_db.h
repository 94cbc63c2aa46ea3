// message-db, an event store of functions in PostgreSQL: on a server of its own, which is set up as
// that of our own PostgreSQL store is, for as long as the object lives.
#pragma once

#include <cstdint>
#include <string_view>

#include "support/postgres_server.h"
#include "support/temporary_directory.h"

namespace daybook::bench {

class MessageDb {
 public:
    // Throws std::runtime_error if it does not come up.
    MessageDb();

    // message-db lets one append at a time into a category, so that its order is the one in which
    // a reader sees it: as the log of an org. One for all, one for each client, or any of a
    // thousand.
    enum class Categories : std::uint8_t { one, one_each, thousand };

    // Appends a second, by pgbench with prepared statements: each client appends one message after
    // the other, with this JSON as its data, each to a stream of its own.
    double append(int clients, std::int64_t in_each, std::string_view json, Categories categories);

 private:
    test::TemporaryDirectory directory_;
    test::PostgresServer server_;
};

}  // namespace daybook::bench
