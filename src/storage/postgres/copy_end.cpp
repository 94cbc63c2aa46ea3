// One transaction for the source, one for each page of the target.
#include "storage/postgres/copy_end.h"

#include <utility>

#include "storage/postgres/migrations.h"

namespace daybook::storage::postgres {
namespace {

constexpr std::int64_t kNoTimeout = 0;

class CopySource final : public sql::CopyEnd {
 public:
    explicit CopySource(std::unique_ptr<Database> database) : database_(std::move(database)) {}

    sql::Connection& connection() override { return *database_; }
    // Whoever writes locks the end of a log first. The first query makes the view, so the lock
    // comes before it.
    Status begin() override {
        TRY(database_->send("begin", "begin isolation level repeatable read"));
        TRY(database_->send("lock", "lock table heads in exclusive mode"));
        TRY(database_->send("timeout", "set local statement_timeout = 0"));
        return database_->settle();
    }
    Status commit() override { return database_->send_rollback(); }

 private:
    std::unique_ptr<Database> database_;
};

class CopyTarget final : public sql::CopyEnd {
 public:
    explicit CopyTarget(std::unique_ptr<Database> database) : database_(std::move(database)) {}

    sql::Connection& connection() override { return *database_; }
    Status begin() override {
        database_->put_writes_off();
        return database_->send_begin("", kNoTimeout);
    }
    Status commit() override {
        TRY(database_->end_writes());
        TRY(database_->send("commit", "commit"));
        return database_->settle();
    }

 private:
    std::unique_ptr<Database> database_;
};

}  // namespace

Result<std::unique_ptr<sql::CopyEnd>> open_copy_source(const std::string& address) {
    auto database = TRY(Database::connect(TRY(Address::parse(address))));
    TRY(check_schema(*database));
    return std::make_unique<CopySource>(std::move(database));
}

Result<std::unique_ptr<sql::CopyEnd>> open_copy_target(const std::string& address, Instant now) {
    auto database = TRY(Database::connect(TRY(Address::parse(address))));
    TRY(migrate(*database, now));
    return std::make_unique<CopyTarget>(std::move(database));
}

}  // namespace daybook::storage::postgres
