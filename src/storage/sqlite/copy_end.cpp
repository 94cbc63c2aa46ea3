// One read transaction for the source, one write transaction for each page of the target.
#include "storage/sqlite/copy_end.h"

#include <utility>

#include "storage/sqlite/migrations.h"
#include "storage/sqlite/store.h"
#include "storage/sqlite/write_ahead_log.h"

namespace daybook::storage::sqlite {
namespace {

class CopySource final : public sql::CopyEnd {
 public:
    explicit CopySource(std::unique_ptr<Database> database) : database_(std::move(database)) {}

    sql::Connection& connection() override { return *database_; }
    Status begin() override { return database_->execute("begin"); }
    Status commit() override { return database_->execute("rollback"); }

 private:
    std::unique_ptr<Database> database_;
};

class CopyTarget final : public sql::CopyEnd {
 public:
    CopyTarget(std::unique_ptr<Database> database, const std::string& path)
        : database_(std::move(database)), readers_(path, ""), log_(*database_, readers_) {}
    ~CopyTarget() override {
        if (database_->in_transaction()) database_->execute("rollback");
    }
    CopyTarget(const CopyTarget&) = delete;
    CopyTarget& operator=(const CopyTarget&) = delete;

    Status recover() { return log_.recover(); }
    sql::Connection& connection() override { return *database_; }
    Status begin() override { return database_->execute("begin immediate"); }
    Status commit() override {
        TRY(database_->execute("commit"));
        return log_.step();
    }

 private:
    std::unique_ptr<Database> database_;
    ReaderPool readers_;  // of nobody; the log wants one
    WriteAheadLog log_;
};

}  // namespace

Result<std::unique_ptr<sql::CopyEnd>> open_copy_source(const std::filesystem::path& directory) {
    const std::filesystem::path path = directory / kDatabaseFile;
    if (!std::filesystem::exists(path)) {
        return fail(ErrorCode::not_found, "There are no books in " + directory.string() + ".");
    }
    auto database = TRY(Database::open(path.string(), Access::read, ""));
    TRY(check_schema(*database));
    return std::make_unique<CopySource>(std::move(database));
}

Result<std::unique_ptr<sql::CopyEnd>> open_copy_target(const std::filesystem::path& directory,
                                                       Instant now) {
    const std::string path = (directory / kDatabaseFile).string();
    auto database = TRY(Database::open(path, Access::write, ""));
    TRY(migrate(*database, now));
    auto target = std::make_unique<CopyTarget>(std::move(database), path);
    TRY(target->recover());
    return target;
}

}  // namespace daybook::storage::sqlite
