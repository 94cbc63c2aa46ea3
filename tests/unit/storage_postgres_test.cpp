// Need: nothing. Goal: queries in PostgreSQL's words, and addresses that hold no secret. Seed:
// none.
#include <gtest/gtest.h>

#include <string>

#include "storage/postgres/address.h"
#include "storage/postgres/dialect.h"
#include "storage/sql/query.h"

namespace daybook::storage::postgres {
namespace {

TEST(PostgresDialect, TranslatesParametersAndWords) {
    EXPECT_EQ(translated("select a from b where c = ?1 and d > ?12"),
              "select a from b where c = $1 and d > $12");
    EXPECT_EQ(translated("select user, users, created_user from x where user = 'user ?1'"),
              "select \"user\", users, created_user from x where \"user\" = 'user ?1'");
    EXPECT_EQ(translated("update x set user = excluded.user"),
              "update x set \"user\" = excluded.\"user\"");
    EXPECT_EQ(translated("select 1 from x\n    indexed by x_by_y where z = ?1"),
              "select 1 from x\n     where z = $1");
    EXPECT_EQ(translated("select \"user\" from x"), "select \"user\" from x");
}

TEST(PostgresDialect, LeavesNothingOfSqliteInAQuery) {
    for (const sql::Query* each : sql::all_queries()) {
        const std::string text = text_of(*each);
        EXPECT_EQ(text.find('?'), std::string::npos) << text;
        EXPECT_EQ(text.find("rowid"), std::string::npos) << text;
        EXPECT_EQ(text.find("indexed by"), std::string::npos) << text;
        EXPECT_EQ(text.find("insert or"), std::string::npos) << text;
    }
}

TEST(PostgresAddress, RefusesSecretsWithoutRepeatingThem) {
    EXPECT_TRUE(Address::parse("postgres://daybook@db.example:5433/books?sslmode=verify-full"));
    EXPECT_TRUE(Address::parse("postgresql:///books?host=/run/postgresql"));
    for (const char* address :
         {"postgres://daybook:hunter2@db.example/books", "postgres://db/books?password=hunter2",
          "postgres://db/books?sslpassword=hunter2", "postgres://daybook:hunter2@[::1/books",
          "postgres://daybook:hunter2@db/books?nonsense=1", "mysql://daybook:hunter2@db/books",
          "host=db password=hunter2"}) {
        const auto parsed = Address::parse(address);
        ASSERT_FALSE(parsed) << address;
        EXPECT_EQ(parsed.error().code, ErrorCode::invalid_value);
        EXPECT_EQ(parsed.error().detail.find("hunter2"), std::string::npos);
    }
}

}  // namespace
}  // namespace daybook::storage::postgres
