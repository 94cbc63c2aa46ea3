// Need: the binary. Goal: what `daybook serve` is told on its command line. Seed: none.
#include <gtest/gtest.h>

#include <string>

#include "support/cli_books.h"

namespace daybook::test {
namespace {

TEST(ServeProgram, TellsOfEveryReportWhereItIsToldTo) {
    const CliBooks books;
    const std::string token = books.done({"token", "create", "--role", "owner"});
    const auto said_at = [&](const std::string& level) {
        Serving server(books.data(), {"--log-level", level});
        for (int times = 0; times < 2; ++times) {
            const HttpAnswer answer =
                call(server, token, "GET",
                     "/v1/reports/daily?date=2026-03-14&propertyId=" + books.property());
            EXPECT_EQ(answer.status, 200) << answer.body;
        }
        (void)server.stop();
        return server.said();
    };
    const std::string debug = said_at("debug");
    const std::size_t miss = debug.find("report daily 2026-03-14 over 1 properties");
    ASSERT_NE(miss, std::string::npos) << debug;
    EXPECT_NE(debug.find(": miss at position", miss), std::string::npos) << debug;
    EXPECT_NE(debug.find(": hit at position", miss), std::string::npos) << debug;
    EXPECT_EQ(said_at("info").find("report daily"), std::string::npos);
    const Finished wrong = books.run({"serve", "--log-level", "loud"});
    EXPECT_EQ(wrong.exit_code, 2) << wrong.errors;
    EXPECT_NE(wrong.errors.find("--log-level"), std::string::npos) << wrong.errors;
}

}  // namespace
}  // namespace daybook::test
