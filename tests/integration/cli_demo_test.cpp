// Need: the release binary, examples/hotels, hledger. Goal: the real bookings give exactly the
// numbers that were worked out by hand, an independent ledger agrees with every month, and a second
// run adds nothing.
#include <gtest/gtest.h>

#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "support/cli_books.h"

namespace daybook::test {
namespace {

std::string demo(const TemporaryDirectory& directory) {
    return daybook({"demo", "--data", directory.path().string(), "--once"});
}

// The number at the end of the line that begins with the label.
std::string count_of(const std::string& text, const std::string& label) {
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) {
        if (line.starts_with(label + " ")) return line.substr(line.find_last_of(' ') + 1);
    }
    return {};
}

std::string month_of(const TemporaryDirectory& directory, const std::string& property,
                     const std::string& month) {
    return daybook({"report", "monthly", "--data", directory.path().string(), "--property",
                    property, "--month", month, "--format", "json"});
}

// The object of that name.
std::string_view object_of(std::string_view json, std::string_view name) {
    const std::size_t at = json.find('"' + std::string(name) + "\":{");
    return at == std::string_view::npos ? std::string_view() : json.substr(at);
}

TEST(Demo, GivesTheNumbersOfTheDataAndAddsNothingTwice) {
    const TemporaryDirectory directory;
    const std::string first = demo(directory);
    EXPECT_EQ(count_of(first, "rows"), "14938");
    EXPECT_EQ(count_of(first, "revenues"), "8286");
    EXPECT_EQ(count_of(first, "expenses"), "11921");
    EXPECT_EQ(count_of(first, "entries added"), "20207");
    EXPECT_EQ(count_of(first, "rows skipped"), "6652");
    EXPECT_TRUE(first.contains("Resort Hotel, 2016, EUR")) << first;
    EXPECT_TRUE(first.contains("City Hotel, 2015, EUR")) << first;

    const std::string march = month_of(directory, "Resort Hotel", "2016-03");
    const auto cash = object_of(march, "cash");
    const auto bank = object_of(march, "bank");
    EXPECT_EQ(json_member(cash, "inMinor"), "302090");
    EXPECT_EQ(json_member(cash, "outMinor"), "294600");
    EXPECT_EQ(json_member(cash, "closingMinor"), "17244736");
    EXPECT_EQ(json_member(bank, "inMinor"), "5131728");
    EXPECT_EQ(json_member(bank, "outMinor"), "370295");

    const std::string data = directory.path().string();
    const std::string events = daybook({"export", "--data", data, "--format", "events"});
    // The program carries the file that lies in examples/hotels.
    const std::string second =
        daybook({"demo", "--data", data, "--once", "--examples", "examples/hotels"});
    EXPECT_EQ(count_of(second, "entries added"), "0");
    EXPECT_EQ(count_of(second, "entries already there"), "20207");
    EXPECT_EQ(daybook({"export", "--data", data, "--format", "events"}), events);
    (void)daybook({"verify", "--data", data});
}

TEST(Demo, IsLoadedIntoAnOrgWithoutBooksOfItsOwn) {
    const CliBooks books;
    const std::string owner = books.done({"token", "create", "--role", "owner"});
    const std::string admin = books.done({"token", "create", "--role", "admin"});
    const Serving server(books.data(), {});
    const auto load = [&](const std::string& token) {
        return call(server, token, "POST", "/v1/setup/demo");
    };
    EXPECT_EQ(load(admin).status, 403);
    const HttpAnswer first = load(owner);
    EXPECT_EQ(first.body, R"({"added":20207,"alreadyThere":0})");
    const std::string entries = "/v1/finance/entries?sort=recordedAt&order=desc&limit=1";
    const HttpAnswer last =
        call(server, owner, "GET", entries, {},
             "Daybook-Min-Position: " + first.header("daybook-position") + "\r\n");
    EXPECT_EQ(last.status, 200) << last.body;
    EXPECT_EQ(json_member(last.body, "status"), "approved");
    EXPECT_EQ(load(owner).body, R"({"added":0,"alreadyThere":20207})");

    const HttpAnswer own = call(server, owner, "POST", "/v1/finance/expenses",
                                R"({"propertyId":")" + books.property() +
                                    R"(","amountMinor":100,"currency":"EUR","paymentMode":"cash",)"
                                    R"("category":"supplies"})");
    EXPECT_EQ(own.status, 201) << own.body;
    const HttpAnswer refused = load(owner);
    EXPECT_EQ(refused.status, 409);
    EXPECT_EQ(json_member(refused.body, "code"), "already_exists");
    EXPECT_EQ(refused.header("daybook-position"), own.header("daybook-position"));
}

// Lines of `hledger balance -O csv`: account, then a balance at the end of each month.
std::map<std::string, std::vector<std::string>> read_balances(const std::string& csv) {
    std::map<std::string, std::vector<std::string>> table;
    std::istringstream lines(csv);
    for (std::string line; std::getline(lines, line);) {
        std::vector<std::string> cells;
        std::istringstream row(line);
        for (std::string cell; std::getline(row, cell, ',');) {
            std::erase(cell, '"');
            cells.push_back(cell);
        }
        const std::string account = cells.front();
        cells.erase(cells.begin());
        table[account] = cells;
    }
    return table;
}

// "172447.36 EUR" and "0" as minor units; hledger may leave out decimals.
std::int64_t minor_of(std::string amount) {
    amount = amount.substr(0, amount.find(' '));
    const std::size_t point = amount.find('.');
    std::string decimals = point == std::string::npos ? "" : amount.substr(point + 1);
    decimals.resize(2, '0');
    return std::stoll(amount.substr(0, point) + decimals);
}

TEST(Hledger, AgreesWithEveryMonthOfBothHotelsToTheCent) {
    const TemporaryDirectory directory;
    (void)demo(directory);
    const std::string journal =
        daybook({"export", "--data", directory.path().string(), "--format", "hledger"});
    const Finished checked = run_program({"hledger", "-f", "-", "check"}, journal);
    ASSERT_EQ(checked.exit_code, 0) << checked.errors;
    const Finished ended = run_program({"hledger", "-f", "-", "balance", "assets", "--monthly",
                                        "--historical", "--no-total", "--empty", "-O", "csv"},
                                       journal);
    ASSERT_EQ(ended.exit_code, 0) << ended.errors;
    const auto balances = read_balances(ended.output);
    const std::vector<std::string> months = balances.at("account");
    ASSERT_EQ(months.size(), 20U);  // June 2015 to January 2017
    std::size_t compared = 0;
    for (std::size_t i = 0; i < months.size(); ++i) {
        const std::string month = months[i].substr(0, 7);
        for (const std::string property : {"Resort Hotel", "City Hotel"}) {
            const std::string report = month_of(directory, property, month);
            for (const std::string account : {"cash", "bank"}) {
                const auto& row = balances.at("assets:" + property + ":" + account);
                EXPECT_EQ(json_member(object_of(report, account), "closingMinor"),
                          std::to_string(minor_of(row.at(i))))
                    << property << " " << account << " " << months[i];
                compared++;
            }
        }
    }
    EXPECT_EQ(compared, 80U);
}

}  // namespace
}  // namespace daybook::test
