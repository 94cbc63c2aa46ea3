// Need: the files in tests/golden. Goal: the bytes of reports never change unnoticed. Seed: none.
//
// DAYBOOK_UPDATE_GOLDEN=1 writes the files anew; read the difference before committing it.
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>

#include "base/json_writer.h"
#include "reports/csv.h"
#include "reports/query.h"
#include "reports/render_entry.h"
#include "support/fake_report_source.h"
#include "support/sample_books.h"

namespace daybook::test {
namespace {

using domain::EntryKind;
using reports::Format;
using reports::ReportQuery;

std::string golden(const std::string& name, const std::string& bytes) {
    const std::string path = std::string(DAYBOOK_SOURCE_DIR) + "/tests/golden/" + name;
    if (std::getenv("DAYBOOK_UPDATE_GOLDEN") != nullptr) std::ofstream(path) << bytes;
    std::ostringstream text;
    text << std::ifstream(path).rdbuf();
    return text.str();
}

Books sample_books() {
    Books books = empty_books();
    const domain::Property lisbon = add_property(books, "Casa \"Alfama\", Lisboa", "EUR");
    const domain::Property tokyo = add_property(books, "=Tokyo", "JPY");
    books.properties[0].opening_minor = {20'000, -1'050};
    const auto date = day("2026-03-29");
    domain::Entry& room = add_entry(books, lisbon, EntryKind::revenue, date);
    room.content.amount.minor = 12'345;
    room.content.key = "room";
    room.content.method = "card";
    room.content.party = {"Émile <Zola>", false};
    room.content.tax_minor = 700;
    room.content.occurred_on = day("2026-03-28");
    room.content.external_id = "booking-1";
    room.content.payment_mode = domain::Account::bank;
    domain::Entry& soap = add_entry(books, lisbon, EntryKind::expense, date);
    soap.content.key = "supplies";
    soap.content.description = {"", true};
    domain::Entry& refund = add_entry(books, lisbon, EntryKind::expense, date);
    refund.content.reversal = true;
    refund.content.reverses = soap.id;
    refund.status = domain::EntryStatus::pending;
    add_entry(books, lisbon, EntryKind::transfer, day("2026-03-30")).content.amount.minor = 5'000;
    add_entry(books, tokyo, EntryKind::revenue, day("2026-03-30")).content.amount.minor = 98'000;
    add_count(books, lisbon, date, 19'950);
    add_adjustment(books, lisbon, date, domain::AdjustmentKind::correction, 50);
    return books;
}

std::string rendered(const Books& books, reports::PeriodAsked asked, Format format,
                     std::vector<PropertyId> properties) {
    FakeReportSource source(books);
    std::vector<domain::Property> resolved;
    for (const domain::Property& each : books.properties) {
        if (properties.empty() || properties.front() == each.id) resolved.push_back(each);
    }
    const auto answer = reports::render(source, {asked, properties, format}, resolved);
    EXPECT_TRUE(answer.has_value()) << (answer ? "" : answer.error().detail);
    EXPECT_EQ(answer->stamp, FakeReportSource::kHead);
    return answer->bytes;
}

const reports::DayAsked kDay{day("2026-03-29")};
const domain::DateRange kWeekend{day("2026-03-28"), day("2026-03-30")};
const reports::MonthAsked kMonth{2026, 3};
const reports::YearAsked kFiscalQuarter{2026, reports::YearBasis::fiscal, 1};

TEST(RenderGolden, OfOneProperty) {
    const Books books = sample_books();
    const std::vector<PropertyId> lisbon{books.properties.front().id};
    const auto same = [&](const std::string& name, reports::PeriodAsked asked, Format format) {
        const std::string bytes = rendered(books, asked, format, lisbon);
        EXPECT_EQ(bytes, golden(name, bytes));
    };
    same("report_daily.json", kDay, Format::json);
    same("report_daily.csv", kDay, Format::csv);
    same("report_monthly.json", kMonth, Format::json);
    same("report_monthly.csv", kMonth, Format::csv);
    same("report_monthly.txt", kMonth, Format::table);
    same("report_fiscal_quarter.json", kFiscalQuarter, Format::json);
}

TEST(RenderGolden, OfSeveralProperties) {
    const Books books = sample_books();
    const auto same = [&](const std::string& name, reports::PeriodAsked asked, Format format) {
        const std::string bytes = rendered(books, asked, format, {});
        EXPECT_EQ(bytes, golden(name, bytes));
    };
    same("reports_range.json", kWeekend, Format::json);
    same("reports_range.csv", kWeekend, Format::csv);
    same("reports_range.txt", kWeekend, Format::table);
    same("reports_fiscal_quarter.json", kFiscalQuarter, Format::json);
}

TEST(RenderTable, StaysWithin120Columns) {
    Books books = sample_books();
    add_entry(books, books.properties.front(), EntryKind::revenue, day("2026-03-30"))
        .content.amount.minor = 123'456'789;
    std::istringstream lines(rendered(books, kMonth, Format::table, {}));
    for (std::string line; std::getline(lines, line);) EXPECT_LE(line.size(), 120U) << line;
}

TEST(RenderCsv, MakesTextCellsHarmlessAndQuotesThem) {
    const auto cell = [](std::string_view text) {
        std::string line;
        reports::append_csv_text(line, text);
        return line;
    };
    EXPECT_EQ(cell("Alfama"), "Alfama");
    EXPECT_EQ(cell(""), "");
    EXPECT_EQ(cell("=1+1"), "'=1+1");
    EXPECT_EQ(cell("+351"), "'+351");
    EXPECT_EQ(cell("-x"), "'-x");
    EXPECT_EQ(cell("@x"), "'@x");
    EXPECT_EQ(cell("a=b"), "a=b");
    EXPECT_EQ(cell("a,b"), "\"a,b\"");
    EXPECT_EQ(cell("say \"hi\""), "\"say \"\"hi\"\"\"");
    EXPECT_EQ(cell("=HYPERLINK(\"x\",\"y\")"), "\"'=HYPERLINK(\"\"x\"\",\"\"y\"\")\"");
    EXPECT_EQ(cell("two\nlines"), "\"two\nlines\"");
}

TEST(RenderEntry, OfATransferHasEndsAndNoCategory) {
    Books books = empty_books();
    const domain::Property property = add_property(books, "Alfama", "EUR");
    const auto& entry = add_entry(books, property, EntryKind::transfer, day("2026-03-29"));
    std::string bytes;
    JsonWriter json(bytes);
    reports::write_entry(json, entry);
    EXPECT_NE(bytes.find(R"("paymentMode":null,"category":null,"source":null,)"
                         R"("from":"cash","to":"bank")"),
              std::string::npos)
        << bytes;
}

TEST(Render, RefusesAPropertyThatWasNotResolved) {
    const Books books = sample_books();
    FakeReportSource source(books);
    const ReportQuery query{kDay, {books.properties.front().id}, Format::json};
    const auto answer = reports::render(source, query, {});
    ASSERT_FALSE(answer.has_value());
    EXPECT_EQ(answer.error().code, ErrorCode::not_found);
}

TEST(Render, AnswersWithoutPropertiesWithEmptyLists) {
    Books books = empty_books();
    const std::string bytes = rendered(books, kDay, Format::json, {});
    EXPECT_EQ(
        bytes,
        "{\"period\":{\"from\":\"2026-03-29\",\"to\":\"2026-03-29\",\"label\":\"2026-03-29\"},"
        "\"properties\":[],\"totals\":[]}\n");
}

TEST(Render, RefusesMoreRowsThanOneAnswerMayHave) {
    Books books = empty_books();
    const domain::Property property = add_property(books, "Alfama", "EUR");
    FakeReportSource source(books);
    std::vector<domain::Property> many(100, property);
    for (std::size_t i = 0; i < many.size(); ++i) {
        many[i].id = PropertyId{numbered_uuid(static_cast<std::uint8_t>(i))};
    }
    const domain::DateRange years{day("2024-01-01"), day("2026-01-01")};
    const auto answer = reports::render(source, {years, {}, Format::json}, many);
    ASSERT_FALSE(answer.has_value());
    EXPECT_EQ(answer.error().code, ErrorCode::range_too_long);
}

TEST(Render, PutsPropertiesInOrderOfTheirNames) {
    const Books books = sample_books();
    FakeReportSource source(books);
    const std::vector<domain::Property> reversed(books.properties.rbegin(),
                                                 books.properties.rend());
    const ReportQuery query{kMonth, {}, Format::json};
    const auto one = reports::render(source, query, books.properties);
    const auto other = reports::render(source, query, reversed);
    ASSERT_TRUE(one.has_value() && other.has_value());
    EXPECT_EQ(one->bytes, other->bytes);
    EXPECT_EQ(one->dates.to, day("2026-03-31"));
}

}  // namespace
}  // namespace daybook::test
