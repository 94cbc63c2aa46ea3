// Leases in the shared database, by its clock.
//
// Threads: any, one at a time; a connection of its own.
#pragma once

#include <memory>

#include "app/lease.h"
#include "base/mutex.h"
#include "storage/postgres/connector.h"
#include "storage/sql/run.h"

namespace daybook::storage::postgres {

class PostgresLeases final : public app::Leases {
 public:
    explicit PostgresLeases(Address address) : connector_(std::move(address)) {}

    Result<std::optional<app::Fence>> take(std::string_view lease, Uuid holder,
                                           std::int64_t ms) override EXCLUDES(mutex_);
    Status give_back(std::string_view lease, Uuid holder) override EXCLUDES(mutex_);

 private:
    struct Connection {
        explicit Connection(std::unique_ptr<Database> opened);
        std::unique_ptr<Database> database;
        sql::Statement take;
        sql::Statement give_back;
    };
    Status connect() REQUIRES(mutex_);

    Mutex mutex_;
    Connector connector_ GUARDED_BY(mutex_);
    std::unique_ptr<Connection> connection_ GUARDED_BY(mutex_);
};

// The fence of a lease, shared until the end of the transaction; 0 where nobody ever had it.
class FenceTable {
 public:
    explicit FenceTable(sql::Connection& connection);
    Result<app::Fence> fence(std::string_view lease);

 private:
    sql::Statement fence_;
};

}  // namespace daybook::storage::postgres
