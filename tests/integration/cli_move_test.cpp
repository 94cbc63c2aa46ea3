// Need: the binary and PostgreSQL. Goal: books that are moved into a database and back are the same
// to the byte, also when a move was broken off; and nothing is moved onto other books.
#include <gtest/gtest.h>

#include <string>

#include "support/cli_books.h"
#include "support/postgres_server.h"

namespace daybook::test {
namespace {

// Entries of which one was changed, a token, somebody invited.
void fill(const CliBooks& books) {
    const std::string token = books.done({"token", "create", "--role", "owner"});
    (void)books.done(
        {"user", "add", "--name", "Ana", "--email", "ana@example.com", "--role", "manager"});
    Serving server(books.data());
    for (int i = 1; i <= 30; ++i) {
        const std::string body = R"({"propertyId":")" + books.property() +
                                 R"(","currency":"EUR","category":"supplies","paymentMode":"cash",)"
                                 R"("businessDate":"2026-03-14","description":"Sabão nº )" +
                                 std::to_string(i) + R"(","amountMinor":)" + std::to_string(i) +
                                 "}";
        const HttpAnswer answer = call(server, token, "POST", "/v1/finance/expenses", body);
        ASSERT_EQ(answer.status, 201) << answer.body;
    }
    ASSERT_EQ(server.stop(), 0);
}

std::string exported(const std::string& data) {
    std::string all;
    for (const char* format : {"events", "entries", "hledger"}) {
        all += daybook({"export", "--data", data, "--format", format});
    }
    return all;
}

class CliMove : public testing::Test {
 protected:
    CliMove() { fill(books_); }

    std::string data() const { return books_.data().string(); }
    std::string back() const { return (directory_.path() / "back").string(); }
    std::string address() const { return database_.address(); }

    CliBooks books_;
    TemporaryDirectory directory_;
    LentDatabase database_;
};

TEST_F(CliMove, ThereAndBackIsTheSameToTheByte) {
    daybook({"move", "--from", data(), "--to", address()});
    const auto finished = run_daybook({"move", "--from", address(), "--to", back()});
    ASSERT_EQ(finished.exit_code, 0) << finished.errors;
    EXPECT_EQ(exported(back()), exported(data()));
    EXPECT_EQ(run_daybook({"verify", "--data", back()}).exit_code, 0);
    EXPECT_EQ(run_daybook({"rebuild", "--check", "--data", back()}).exit_code, 0);
    // Once more changes nothing.
    EXPECT_EQ(run_daybook({"move", "--from", data(), "--to", address()}).exit_code, 0);
}

TEST_F(CliMove, GoesOnWhereItBrokeOff) {
    daybook({"move", "--from", data(), "--to", address()});
    run_postgres(database_.name(), "delete from heads");
    run_postgres(database_.name(), "delete from finance_event_store where position > 20");
    run_postgres(database_.name(), "delete from day_totals where period > 202603");
    daybook({"move", "--from", data(), "--to", address()});
    daybook({"move", "--from", address(), "--to", back()});
    EXPECT_EQ(exported(back()), exported(data()));
}

TEST_F(CliMove, RefusesATargetThatIsNotLikeTheSource) {
    daybook({"move", "--from", data(), "--to", address()});
    const CliBooks others;
    const Finished onto =
        run_daybook({"move", "--from", others.data().string(), "--to", address()});
    EXPECT_EQ(onto.exit_code, 1) << onto.output;
    run_postgres(database_.name(), "update entries set amount_minor = 77 where amount_minor = 7");
    EXPECT_EQ(run_daybook({"move", "--from", data(), "--to", address()}).exit_code, 1);
    const Finished two = run_daybook({"move", "--from", data(), "--to", back()});
    EXPECT_EQ(two.exit_code, 2) << two.errors;
}

}  // namespace
}  // namespace daybook::test
