// Need: nothing. Goal: queries in PostgreSQL's words, for one row and for many, and addresses that
// hold no secret. Seed: none.
#include <gtest/gtest.h>

#include <array>
#include <string>
#include <vector>

#include "storage/postgres/address.h"
#include "storage/postgres/dialect.h"
#include "storage/postgres/query_texts.h"
#include "storage/postgres/value_arrays.h"
#include "storage/sql/query.h"

namespace daybook::storage::postgres {
namespace {

using sql::ValueKind;

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

TEST(PostgresQueryTexts, InsertManyRowsFromArrays) {
    const QueryTexts put({"a_put", "insert into a (x, user,\n y_1)\n values (?1, ?2,\n ?3)",
                          " on conflict (x) do update set y_1 = excluded.y_1", ""});
    ASSERT_TRUE(put.is_insert());
    EXPECT_EQ(put.table, "a");
    EXPECT_EQ(put.columns, (std::vector<std::string>{"x", "user", "y_1"}));
    EXPECT_EQ(put.insert_many({ValueKind::blob, ValueKind::integer, ValueKind::text}),
              "insert into a (x, \"user\",\n y_1)"
              " select * from unnest($1::bytea[], $2::bigint[], $3::text[])"
              " on conflict (x) do update set y_1 = excluded.y_1");
    for (const char* text :
         {"insert into a (x, y) values (?1, ?3)", "insert into a (x, y) values (?1, ?2 + 1)",
          "insert into a (x) values (?1, ?2)", "insert into a (x, y) values (?1)",
          "insert into a (x, y values (?1, ?2)", "insert into a values (?1, ?2)",
          "update a set x = ?1", "delete from a", "insert into a (x) select ?1"}) {
        EXPECT_FALSE(QueryTexts({"other", text, "", ""}).is_insert()) << text;
    }
}

// So a node writes on while a newer one has added a column (and its rows go out together).
TEST(PostgresQueryTexts, NameTheColumnsThatTheyInsertInto) {
    for (const sql::Query* each : sql::all_queries()) {
        const QueryTexts texts(*each);
        const bool inserts = texts.one.find("insert into ") != std::string::npos;
        EXPECT_EQ(texts.is_insert(), inserts) << texts.one;
    }
}

TEST(PostgresQueryTexts, AskForManyKeysEachByItself) {
    const QueryTexts find({"a_find", "select y from a", " where x = ?1 and z = ?2", ""});
    EXPECT_EQ(find.ask_many({ValueKind::blob, ValueKind::text}),
              "select given.number, found.* from unnest($1::bytea[], $2::text[]) with ordinality"
              " given (p1, p2, number) cross join lateral"
              " (select y from a where x = given.p1 and z = given.p2 offset 0) found");
    EXPECT_NE(keys_name(find, {ValueKind::blob}), keys_name(find, {ValueKind::text}));
}

TEST(PostgresQueryTexts, KnowWhatLocks) {
    EXPECT_TRUE(QueryTexts({"a", "select x from a", " where y = ?1 for share", ""}).locks);
    EXPECT_TRUE(
        QueryTexts({"a", "select x from a", " for no key update of a skip locked", ""}).locks);
    EXPECT_FALSE(QueryTexts({"a", "select x from a", " where y = ?1", ""}).locks);
}

// The server keeps 63 bytes of a name.
TEST(PostgresQueryTexts, HaveNamesThatTheServerKeepsApart) {
    constexpr std::size_t kNameBytesMax = 63;
    const ValueKinds kinds(5, ValueKind::text);
    for (const sql::Query* each : sql::all_queries()) {
        const QueryTexts texts(*each);
        EXPECT_LE(rows_name(texts).size(), kNameBytesMax);
        EXPECT_LE(keys_name(texts, kinds).size(), kNameBytesMax);
    }
}

TEST(PostgresValueArrays, AreAsTheServerReadsThem) {
    ValueArrays arrays({ValueKind::integer, ValueKind::text});
    const std::vector<std::uint8_t> word{'a', 'b'};
    EXPECT_TRUE(arrays.add(
        std::array{sql::Value{ValueKind::integer, 258, {}}, sql::Value{ValueKind::text, 0, word}}));
    EXPECT_TRUE(arrays.add(std::array{sql::Value{}, sql::Value{ValueKind::text, 0, {}}}));
    EXPECT_FALSE(arrays.add(std::array{sql::Value{ValueKind::blob, 0, word}, sql::Value{}}))
        << "of another kind";
    EXPECT_EQ(arrays.rows(), 2U);
    const auto parameters = arrays.parameters();
    const auto bytes = [&](std::size_t i) {
        return std::string(parameters.values[i], static_cast<std::size_t>(parameters.lengths[i]));
    };
    using namespace std::string_literals;
    EXPECT_EQ(bytes(0),
              "\0\0\0\1\0\0\0\1\0\0\0\x14\0\0\0\2\0\0\0\1"
              "\0\0\0\x8\0\0\0\0\0\0\1\2\xFF\xFF\xFF\xFF"s);
    EXPECT_EQ(bytes(1),
              "\0\0\0\1\0\0\0\0\0\0\0\x19\0\0\0\2\0\0\0\1"
              "\0\0\0\2"s +
                  "ab" + "\0\0\0\0"s);
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
