// Need: the binary and PostgreSQL. Goal: `daybook serve --store` keeps the books there, its
// directory remembers that for all other commands, and no secret gets onto the command line.
#include <gtest/gtest.h>

#include <filesystem>
#include <string>

#include "support/cli_books.h"
#include "support/postgres_server.h"

namespace daybook::test {
namespace {

std::string first_line(const std::string& text) {
    return text.substr(0, text.find('\n'));
}

TEST(ServePostgres, KeepsTheBooksInTheDatabase) {
    const LentDatabase database;
    const TemporaryDirectory directory;
    const std::string data = (directory.path() / "node").string();
    std::string token;
    {
        Serving server(data, {"--store", database.address()});
        const auto run = [&](std::vector<std::string> words) {
            words.insert(words.end(), {"--data", data});
            Finished finished = run_daybook(std::move(words));
            EXPECT_EQ(finished.exit_code, 0) << finished.errors;
            return first_line(finished.output);
        };
        run({"org", "create", "--name", "Aurora"});
        token = run({"token", "create", "--role", "owner", "--org", "Aurora"});
        EXPECT_EQ(call(server, token, "GET", "/v1/me").status, 200);
        EXPECT_EQ(server.stop(), 0) << server.said();
    }
    EXPECT_FALSE(std::filesystem::exists(data + "/daybook.db"));
    EXPECT_EQ(run_postgres(database.name(), "select name from orgs"), "Aurora");
    // Without --store: the directory knows.
    {
        Serving server(data);
        EXPECT_EQ(call(server, token, "GET", "/v1/me").status, 200);
        EXPECT_EQ(server.stop(), 0) << server.said();
    }
    const Finished verified = run_daybook({"verify", "--data", data});
    EXPECT_EQ(verified.exit_code, 0) << verified.errors;
    const Finished looked_at = run_daybook({"doctor", "--data", data});
    EXPECT_NE(looked_at.output.find("Aurora"), std::string::npos) << looked_at.errors;
}

TEST(ServePostgres, TakesNoPasswordAndNoDirectoryOfOtherBooks) {
    const TemporaryDirectory directory;
    const std::string data = (directory.path() / "node").string();
    const Finished told =
        run_daybook({"serve", "--data", data, "--store", "postgres://daybook:hunter2@db/books"});
    EXPECT_EQ(told.exit_code, 1);
    EXPECT_EQ(told.errors.find("hunter2"), std::string::npos) << told.errors;
    EXPECT_NE(told.errors.find("PGPASSFILE"), std::string::npos) << told.errors;
    const CliBooks books;
    const Finished other = run_daybook(
        {"serve", "--data", books.data().string(), "--store", "postgres://daybook@db/books"});
    EXPECT_EQ(other.exit_code, 1);
    EXPECT_NE(other.errors.find("belongs to other books"), std::string::npos) << other.errors;
}

}  // namespace
}  // namespace daybook::test
