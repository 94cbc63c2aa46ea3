// Need: the binary, hledger, python3, openssl. Goal: what closing a day posted is in every export,
// an independent ledger agrees with the reports, and anyone can check a frozen report.
#include <gtest/gtest.h>

#include <string>

#include "support/cli_books.h"

namespace daybook::test {
namespace {

// Closes 2026-01-01 with 3.00 too little, and 2026-01-02 with 0.50 too much; reopens the latter.
class ClosedBooks : public testing::Test {
 protected:
    void SetUp() override {
        const Serving server(books_.data());
        token_ = books_.done({"token", "create", "--role", "owner"});
        post(server, "/v1/finance/revenues",
             R"({"propertyId":")" + books_.property() +
                 R"(","amountMinor":10000,"currency":"EUR","paymentMode":"cash","source":"room",)"
                 R"("businessDate":"2026-01-01","party":"Maria Santos"})");
        close(server, "2026-01-01", "9700");
        close(server, "2026-01-02", "9750");
        post(server, day("2026-01-02") + "reopen", R"({"reason":"a coin was found"})");
    }
    [[nodiscard]] std::string day(const std::string& date) const {
        return "/v1/finance/days/" + books_.property() + "/" + date + "/";
    }
    void close(const Serving& server, const std::string& date, const std::string& counted) {
        post(server, day(date) + "close", R"({"countedMinor":)" + counted + "}");
    }
    void post(const Serving& server, const std::string& target, const std::string& body) {
        const HttpAnswer answer = call(server, token_, "POST", target, body);
        EXPECT_LT(answer.status, 300) << target << ": " << answer.body;
    }

    CliBooks books_;
    std::string token_;
};

TEST_F(ClosedBooks, AgreeWithAnIndependentLedger) {
    const std::string journal = books_.done({"export", "--format", "hledger"}) + "\n";
    const Finished checked = run_program({"hledger", "-f", "-", "check"}, journal);
    EXPECT_EQ(checked.exit_code, 0) << checked.errors;
    const auto balance = [&](const std::string& account, const std::string& end) {
        return run_program({"hledger", "-f", "-", "balance", account, "-e", end, "-N", "--format",
                            "%(total)"},
                           journal)
            .output;
    };
    EXPECT_EQ(balance("assets:House:cash", "2026-01-02"), "97.00 EUR\n");
    EXPECT_EQ(balance("expenses:over short", "2026-01-02"), "3.00 EUR\n");
    EXPECT_EQ(balance("expenses:over short", "2026-01-03"), "3.00 EUR\n");
    const std::string report = books_.done(
        {"report", "daily", "--date", "2026-01-01", "--format", "json", "--property", "House"});
    EXPECT_EQ(json_member(report, "status"), "closed");
    EXPECT_EQ(json_member(report, "countedMinor"), "9700");
    EXPECT_EQ(json_member(report, "varianceMinor"), "-300");
    EXPECT_EQ(json_member(report, "closingMinor"), "9700");
    EXPECT_EQ(json_member(report, "overShortMinor"), "-300");
}

TEST_F(ClosedBooks, CarryTheirFrozenReportsInExportsThatAnyoneCanCheck) {
    const std::string events = books_.done({"export", "--format", "events"}) + "\n";
    EXPECT_NE(events.find(R"(,"report":{"propertyId":")"), std::string::npos);
    const Finished by_python = run_program({"python3", "docs/events/verify.py"}, events);
    EXPECT_EQ(by_python.exit_code, 0) << by_python.errors;
    const Finished by_shell = run_program({"bash", "docs/events/verify.sh"}, events);
    EXPECT_EQ(by_shell.exit_code, 0) << by_shell.errors;
    EXPECT_EQ(by_shell.output, by_python.output);

    std::string forged = events;
    forged.replace(forged.find(R"("countedMinor":9700,"varianceMinor")"), 19,
                   R"("countedMinor":9701)");
    const Finished refused = run_program({"python3", "docs/events/verify.py"}, forged);
    EXPECT_EQ(refused.exit_code, 1);
    EXPECT_NE(refused.errors.find("the frozen report is not the one that it names"),
              std::string::npos)
        << refused.errors;
    // No personal text is inside, and the API's export carries the same.
    EXPECT_EQ(events.find("Maria"), events.rfind("Maria")) << "only in the private part";
    const Serving server(books_.data());
    const HttpAnswer streamed = call(server, token_, "GET", "/v1/exports/events");
    EXPECT_NE(streamed.body.find(R"(,"report":{"propertyId":")"), std::string::npos);
}

}  // namespace
}  // namespace daybook::test
