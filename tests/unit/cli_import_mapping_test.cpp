// Mappings: what they say, what is wrong with them, and what rows become by one.
#include <gtest/gtest.h>

#include <string>

#include "cli/mapped_rows.h"

namespace daybook::cli {
namespace {

constexpr std::string_view kMapping = R"({
  "name": "bank", "delimiter": ";",
  "fields": {
    "externalId": {"template": "bank:{No}/{:line}"},
    "property": {"constant": "Beach House"},
    "kind": {"column": "Type", "values": {"in": "revenue", "out": "expense", "move": "transfer"}},
    "businessDate": {"column": "Date", "format": "DD.MM.YYYY"},
    "amount": {"column": "Sum", "currency": "EUR", "decimalMark": ",", "groupMark": "."},
    "paymentMode": {"constant": "bank"},
    "category": {"column": "Account", "values": {"4210": "utilities"}, "default": "other"},
    "source": {"constant": "room"},
    "from": {"constant": "cash"}, "to": {"constant": "bank"},
    "description": {"column": "Text"}
  },
  "skip": {"column": "Type", "values": ["void"]}
})";
constexpr std::string_view kHeader = "No;Type;Date;Sum;Account;Text";

CellResult<MappedRow> map_row(std::string_view row, std::string_view header = kHeader) {
    const InputFile file("s.csv", std::string(header) + "\n" + std::string(row) + "\n");
    MappedRows rows(parse_mapping("m.json", kMapping).value());
    CsvReader reader(file.name(), file.text(), rows.delimiter());
    const auto read = rows.read_header(reader.next().value().value());
    if (!read) return std::unexpected(read.error());
    return rows.map(reader.next().value().value());
}

TEST(MappedRows, TakeEachKindsFields) {
    const auto expense = map_row("7;out;29.03.2016;1.234,50;4210;Power").value().entries.at(0);
    EXPECT_EQ(expense.kind, domain::EntryKind::expense);
    EXPECT_EQ(expense.content.amount.minor, 123'450);
    EXPECT_EQ(expense.content.key, "utilities");
    EXPECT_EQ(expense.content.external_id, "bank:7/2");
    EXPECT_EQ(expense.content.business_date.to_string(), "2016-03-29");
    EXPECT_EQ(expense.content.payment_mode, domain::Account::bank);
    EXPECT_EQ(expense.content.description.value, "Power");
    EXPECT_EQ(expense.property, "Beach House");
    EXPECT_EQ(map_row("7;out;29.03.2016;5;;").value().entries.at(0).content.key, "other");
    EXPECT_EQ(map_row("7;in;29.03.2016;5;4210;").value().entries.at(0).content.key, "room");

    const auto transfer = map_row("8;move;29.03.2016;1.000.000,01;4210;").value().entries.at(0);
    EXPECT_EQ(transfer.kind, domain::EntryKind::transfer);
    EXPECT_EQ(transfer.content.amount.minor, 100'000'001);
    EXPECT_EQ(transfer.content.to, domain::TransferEnd::bank);
    EXPECT_TRUE(map_row("8;void;;;;").value().entries.empty());
}

TEST(MappedRows, NameThePlaceOfWhatIsWrong) {
    const struct {
        std::string_view row;
        std::string_view message;
    } cases[] = {
        {"7;what;29.03.2016;5;;", "s.csv:2:3 (Type): 'what' is not one of expense, revenue"},
        {"7;out;2016-03-29;5;;", "s.csv:2:7 (Date): '2016-03-29' is not a date of 1970 to 2199 in"},
        {"7;out;;5;;", "s.csv:2:7 (Date): This is empty, and an entry needs its businessDate."},
        {"7;out;29.03.2016;;;", "s.csv:2:18 (Sum): This is empty"},
        {"7;out;29.03.2016;5,005;;", "s.csv:2:18 (Sum): '5.005' has a fraction of a minor unit"},
        {"7;out;29.03.2016;123456789012,5;;", "s.csv:2:18 (Sum): An amount is 1 to 1000000000000"},
        {"7;out;29.03.2016;123456789012,505;;", "s.csv:2:18 (Sum): '123456789012.505' has a"},
        {"7;out;29.03.2016;-5;;", "s.csv:2:18 (Sum): An amount is 1 to 1000000000000 minor units."},
        {"7;out;29.03.2016;0;;", "s.csv:2:18 (Sum): An amount is 1 to"},
        {"7;out;29.03.2016;1.23,4;;", "s.csv:2:18 (Sum): '1.23,4' is not an amount as the mapping"},
        {"7;out;29.03.2016;12 EUR;;", "s.csv:2:18 (Sum): '12 EUR' is not a decimal amount."},
        {"7;out;29.03.2016;5;", "s.csv:2:1: This row has 5 cells, and the header has 6."},
    };
    for (const auto& each : cases) {
        const auto mapped = map_row(each.row);
        ASSERT_FALSE(mapped.has_value()) << each.row;
        const std::string words = message("s.csv", mapped.error());
        EXPECT_TRUE(words.starts_with(each.message)) << words;
    }
    const auto missing = map_row("7;out", "No;Type");
    ASSERT_FALSE(missing.has_value());
    EXPECT_EQ(missing.error().name, "Date");
}

TEST(ImportMapping, SaysWhatIsWrongWithItself) {
    const std::string whole(kMapping);
    const auto with = [&](std::string_view from, std::string_view to) {
        std::string text = whole;
        const std::size_t at = text.find(from);
        EXPECT_NE(at, std::string::npos) << from;
        return text.replace(at, from.size(), to);
    };
    const struct {
        std::string json;
        std::string_view words;
    } cases[] = {
        {"[]", "m.json is not a JSON object"},
        {"{", "m.json is not a JSON object: "},
        {with("\"name\": \"bank\",", ""), "m.json (name): This member is needed."},
        {with("\"bank\"", "\"Bank of Mine\""), "m.json (name): "},
        {with("\";\"", "\";;\""), "m.json (delimiter): This is to be one character."},
        {with("\"delimiter\"", "\"separator\""), "m.json (separator): There is no such member."},
        {with("\"kind\"", "\"sort\""), "m.json (fields.sort): There is no such field."},
        {with("\"property\": {\"constant\": \"Beach House\"},", ""),
         "m.json (fields.property): Every mapping needs this field."},
        {with("\"EUR\"", "\"EURO\""), "m.json (fields.amount.currency): 'EURO' is not a currency"},
        {with("DD.MM.YYYY", "DD.MM.YY"), "m.json (fields.businessDate.format): A format has YYYY"},
        {with("\"decimalMark\": \",\"", "\"decimalMark\": \".\""),
         "m.json (fields.amount.groupMark): One character cannot"},
        {with("{\"column\": \"Text\"}", "{\"column\": \"Text\", \"constant\": \"x\"}"),
         "m.json (fields.description): A field has exactly one of"},
        {with("{\"column\": \"Text\"}", "{}"), "m.json (fields.description): A field has exactly"},
        {with("{\"column\": \"Text\"}", "{\"column\": 1}"),
         "m.json (fields.description.column): This is to be a string."},
        {with("{:line}", "{:line"), "m.json (fields.externalId.template): A { has no }."},
        {with("[\"void\"]", "\"void\""), "m.json (skip.values): This is to be an array."},
    };
    for (const auto& each : cases) {
        const auto mapping = parse_mapping("m.json", each.json);
        ASSERT_FALSE(mapping.has_value()) << each.words;
        EXPECT_TRUE(mapping.error().detail.starts_with(each.words)) << mapping.error().detail;
    }
}

TEST(ImportMapping, TheExampleIsRight) {
    const InputFile file = InputFile::read("examples/hotels/mapping.json").value();
    const auto mapping = parse_mapping(file.name(), file.text()().value());
    ASSERT_TRUE(mapping.has_value()) << mapping.error().detail;
    EXPECT_EQ(mapping->name, "bank-statement");
}

}  // namespace
}  // namespace daybook::cli
