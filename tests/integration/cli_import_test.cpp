// Need: the binary. Goal: a file with a mistake changes nothing and says where it is; what can be
// imported is, once.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "support/cli_books.h"

namespace daybook::test {
namespace {

constexpr std::string_view kMapping = R"({"name":"notes","fields":{
    "externalId":{"column":"id"},"property":{"column":"where"},
    "kind":{"column":"kind"},"businessDate":{"column":"date"},
    "amount":{"column":"sum","currency":"EUR"},"paymentMode":{"constant":"cash"},
    "category":{"constant":"supplies"},"source":{"constant":"room"},
    "from":{"constant":"cash"},"to":{"constant":"bank"},"description":{"column":"text"}}})";
constexpr std::string_view kHeader = "id,where,kind,date,sum,text\n";

std::string text_of(const std::filesystem::path& path) {
    std::ifstream file(path);
    return {std::istreambuf_iterator<char>(file), {}};
}

class ImportFixture : public testing::Test {
 protected:
    Finished import(std::string_view rows, std::vector<std::string> more = {}) {
        std::vector<std::string> arguments{
            "import", "--mapping", books.file("map.json", kMapping),
            books.file("rows.csv", std::string(kHeader) + std::string(rows))};
        arguments.insert(arguments.end(), more.begin(), more.end());
        return books.run(arguments);
    }
    CliBooks books;
};

using MappedImport = ImportFixture;

TEST_F(MappedImport, AddsAllKindsOnce) {
    const std::string rows =
        "1,House,expense,2026-01-02,12.50,\"soap, towels\"\n"
        "2,House,revenue,2026-01-02,100,\"=1+1\"\n"
        "3,House,transfer,2026-01-03,40.00,\"two\nlines; and | more\"\n";
    EXPECT_EQ(import(rows).exit_code, 0);
    const std::size_t events = books.events();
    const Finished again = import(rows);
    EXPECT_TRUE(again.output.contains("entries already there")) << again.errors;
    EXPECT_EQ(books.events(), events);

    const std::string csv = books.done({"export", "--format", "entries"});
    EXPECT_TRUE(csv.contains(",12.50,EUR,cash,supplies,")) << csv;
    EXPECT_TRUE(csv.contains("'=1+1")) << csv;  // harmless in a spreadsheet
    const Finished ledger =
        run_program({"hledger", "-f", "-", "balance", "assets:House:cash", "--no-total"},
                    books.done({"export", "--format", "hledger"}));
    EXPECT_TRUE(ledger.output.contains("47.50 EUR")) << ledger.output << ledger.errors;
    const Finished later =
        run_program({"hledger", "-f", "-", "balance", "assets:House", "--no-total"},
                    books.done({"export", "--format", "hledger", "--from", "2026-01-03"}));
    EXPECT_TRUE(later.output.contains("47.50 EUR")) << later.output << later.errors;
    EXPECT_TRUE(later.output.contains("40.00 EUR")) << later.output << later.errors;
}

TEST_F(MappedImport, ChangesNothingForOneMistake) {
    const std::size_t events = books.events();
    const struct {
        std::string rows;
        std::string_view words;
    } cases[] = {
        {"1,House,expense,2026-01-02,12.50,a\n2,House,expense,2026-01-32,1,b\n",
         "rows.csv:3:17 (date): '2026-01-32' is not a date"},
        {"1,House,expense,2026-01-02,123456789012.345,a\n",
         "rows.csv:2:28 (sum): '123456789012.345' has a fraction of a minor unit"},
        {"1,House,expense,2026-01-02,12.50,a\n2,Hut,expense,2026-01-02,1,b\n",
         "rows.csv:3:3 (where): There is no property 'Hut'."},
        {"1,House,expense,2026-01-02,12.50,Caf\xE9\n",
         "rows.csv:2:37: This is not UTF-8, perhaps it is Latin-1. Convert the file first: iconv"},
        {"1,House,expense,2026-01-02,12.50,\"a\n", "rows.csv:2:34: The quotation mark here is"},
    };
    for (const auto& each : cases) {
        const Finished refused = import(each.rows);
        EXPECT_EQ(refused.exit_code, 1);
        EXPECT_EQ(refused.output, "");
        EXPECT_TRUE(refused.errors.contains(each.words)) << refused.errors;
    }
    EXPECT_EQ(books.events(), events);
}

TEST_F(MappedImport, WritesBadRowsToAFileOfTheirOwn) {
    const Finished done =
        import("1,House,expense,2026-01-02,12.50,a\n2,House,expense,tomorrow,1,\"b, c\"\n",
               {"--skip-bad", books.path("bad.csv")});
    EXPECT_EQ(done.exit_code, 0) << done.errors;
    const std::string bad = text_of(books.path("bad.csv"));
    EXPECT_TRUE(
        bad.starts_with("id,where,kind,date,sum,text,line,reason\n"
                        "2,House,expense,tomorrow,1,\"b, c\",3,date: 'tomorrow' is not"))
        << bad;
    EXPECT_TRUE(done.output.contains("entries added")) << done.output;
}

TEST_F(MappedImport, NeverOverwritesAFileWithBadRows) {
    const std::size_t events = books.events();
    const std::string bad_row = "1,House,expense,tomorrow,12.50,a\n";
    const std::string rows = books.file("rows.csv", std::string(kHeader) + bad_row);
    std::filesystem::create_symlink(rows, books.path("link.csv"));
    const std::string notes = books.file("notes.txt", "mine");
    const struct {
        std::string file;
        std::string text;
    } cases[] = {{rows, std::string(kHeader) + bad_row},
                 {books.path("link.csv"), std::string(kHeader) + bad_row},
                 {books.path("map.json"), std::string(kMapping)},
                 {notes, "mine"}};
    for (const auto& each : cases) {
        const Finished refused = import(bad_row, {"--skip-bad", each.file});
        EXPECT_EQ(refused.exit_code, 1) << each.file;
        EXPECT_TRUE(refused.errors.contains(each.file + " exists already. Name a new file"))
            << refused.errors;
        EXPECT_EQ(text_of(each.file), each.text);
    }
    EXPECT_EQ(books.events(), events);
    // Where no row is bad, nothing is written to it.
    EXPECT_EQ(import("1,House,expense,2026-01-02,12.50,a\n", {"--skip-bad", notes}).exit_code, 0);
    EXPECT_EQ(text_of(notes), "mine");
}

TEST_F(MappedImport, CannotLeaveOutWhatMakesAFileUnreadable) {
    const std::size_t events = books.events();
    for (const std::string row : {"2,House,expense,2026-01-02,12.50,Caf\xE9\n",
                                  "2,House,expense,2026-01-02,12.50,a \"b\" c\n",
                                  "2,House,expense,2026-01-02,12.50,\"a\n"}) {
        const Finished refused =
            import("1,House,expense,tomorrow,1,b\n" + row, {"--skip-bad", books.path("bad.csv")});
        EXPECT_EQ(refused.exit_code, 1);
        EXPECT_TRUE(
            refused.errors.contains("--skip-bad cannot leave this out: from here on the "
                                    "file cannot be read."))
            << refused.errors;
        EXPECT_FALSE(std::filesystem::exists(books.path("bad.csv"))) << "of a refused import";
    }
    EXPECT_EQ(books.events(), events);
    const Finished column = books.run({"import", "--profile", "hotel-bookings", "--skip-bad",
                                       books.path("bad.csv"), books.file("rows.csv", "hotel\n")});
    EXPECT_FALSE(column.errors.contains("--skip-bad")) << column.errors;
}

TEST_F(MappedImport, BadRowsKeepTheirNumbersWhenTheyAreMended) {
    const std::string header =
        "hotel,adr,stays_in_weekend_nights,stays_in_week_nights,distribution_channel,"
        "deposit_type,reservation_status,reservation_status_date\n";
    const std::string stay = ",0,1,TA/TO,No Deposit,Check-Out,";
    const std::string file = books.file(
        "stays.csv", header + "Inn,100" + stay + "3/29/2016\nInn,50" + stay + "29/3/2016\n");
    const Finished first = books.run(
        {"import", "--profile", "hotel-bookings", file, "--skip-bad", books.path("bad.csv")});
    EXPECT_EQ(first.exit_code, 0) << first.errors;
    std::string bad = text_of(books.path("bad.csv"));
    bad.replace(bad.find("29/3/2016"), 9, "3/30/2016");
    const std::string again =
        books.done({"import", "--profile", "hotel-bookings", books.file("bad.csv", bad)});
    EXPECT_TRUE(again.contains("entries added" + std::string(46, ' ') + "3\n")) << again;
    const std::string csv = books.done({"export", "--format", "entries"});
    EXPECT_TRUE(csv.contains("hotel-bookings:3:room")) << csv;
    EXPECT_TRUE(csv.contains("booking-3")) << csv;
}

TEST_F(MappedImport, RefusesWhatIsNoImportAtAll) {
    const std::string csv = books.file("empty.csv", "");
    const Finished empty = books.run({"import", "--profile", "hotel-bookings", csv});
    EXPECT_EQ(empty.exit_code, 1);
    EXPECT_TRUE(empty.errors.contains("is empty")) << empty.errors;
    const Finished missing = books.run(
        {"import", "--profile", "hotel-bookings", books.file("rows.csv", "hotel,rate\nH,1\n")});
    EXPECT_TRUE(missing.errors.contains("rows.csv:1:1 (adr): This column is missing."))
        << missing.errors;
}

}  // namespace
}  // namespace daybook::test
