// Imports: the whole file is checked before anything is sent; what is sent, and again.
#include <gtest/gtest.h>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <set>
#include <string>
#include <vector>

#include "cli/hotel_bookings.h"
#include "cli/import.h"
#include "cli/import_mapping.h"
#include "cli/mapped_rows.h"

namespace daybook::cli {
namespace {

namespace json = boost::json;

constexpr std::string_view kHeader =
    "hotel,adr,stays_in_weekend_nights,stays_in_week_nights,distribution_channel,deposit_type,"
    "reservation_status,reservation_status_date\n";

// Answers as the API does: remembers requests and external ids.
struct RecordedApi {
    std::vector<ApiRequest> requests;
    std::set<std::string> known;
    std::string property_id = "01900000-0000-7000-8000-000000000001";

    ApiCall call() {
        return [this](const ApiRequest& request) -> Result<ApiAnswer> {
            requests.push_back(request);
            if (request.target == "/v1/properties")
                return ApiAnswer{201, R"({"id":")" + property_id + R"("})"};
            if (request.target == "/v1/imports") return ApiAnswer{201, "{}"};
            json::array results;
            const json::value body = json::parse(request.body);
            for (const json::value& each : body.at("entries").as_array()) {
                const std::string id(each.at("externalId").as_string());
                results.push_back({{"status", known.insert(id).second ? 201 : 200}});
            }
            return ApiAnswer{200, json::serialize(json::object{{"results", results}})};
        };
    }
    std::vector<std::string> targets() const {
        std::vector<std::string> targets;
        for (const ApiRequest& each : requests) targets.push_back(each.target);
        return targets;
    }
};

ImportTarget empty_target() {
    ImportTarget target;
    target.now = *Instant::parse("2026-03-15T12:00:00Z");
    for (const domain::StarterCategory& each : domain::starter_categories()) {
        domain::Category category;
        category.kind = each.kind;
        category.key = each.key;
        target.categories.push_back(category);
    }
    return target;
}

std::string stay(std::string_view hotel, std::string_view rate, std::string_view date) {
    return std::string(hotel) + "," + std::string(rate) + ",0,1,Direct,No Deposit,Check-Out," +
           std::string(date) + "\n";
}

TEST(Import, MakesPropertiesThenEntriesThenTheBracket) {
    const InputFile file("b.csv", std::string(kHeader) + stay("H", "10", "3/29/2016") +
                                      stay("H", "20", "3/1/2016") + stay("H", "0", "1/1/2016"));
    HotelBookings mapper;
    RecordedApi api;
    Import import(file, mapper, empty_target(), {});
    ASSERT_TRUE(import.check());
    EXPECT_TRUE(api.requests.empty());
    ASSERT_TRUE(import.send(api.call()));
    EXPECT_EQ(api.targets(), (std::vector<std::string>{
                                 "/v1/properties", "/v1/finance/entries:batch", "/v1/imports"}));
    const json::value property = json::parse(api.requests.at(0).body);
    EXPECT_EQ(property.at("booksStartOn").as_string(), "2016-03-01");  // skipped rows do not count
    const json::value bulk = json::parse(api.requests.at(1).body);
    EXPECT_EQ(bulk.at("mode").as_string(), "skip_existing");
    EXPECT_EQ(bulk.at("entries").as_array().size(), 4U);
    EXPECT_EQ(json::serialize(bulk.at("entries").at(0)),
              R"({"kind":"revenue","propertyId":"01900000-0000-7000-8000-000000000001",)"
              R"("businessDate":"2016-03-29","amountMinor":1000,"currency":"EUR",)"
              R"("paymentMode":"cash","source":"room","externalId":"hotel-bookings:2:room",)"
              R"("reference":"booking-2"})");
    const json::value bracket = json::parse(api.requests.at(2).body);
    EXPECT_EQ(bracket.at("added").as_int64(), 4);
    EXPECT_EQ(bracket.at("skipped").as_int64(), 1);
    EXPECT_EQ(bracket.at("fileSha256").as_string(), file.sha256());
}

TEST(Import, AgainAddsNothingAndLeavesNoTrace) {
    const InputFile file("b.csv", std::string(kHeader) + stay("H", "10", "3/29/2016"));
    HotelBookings mapper;
    RecordedApi api;
    Import first(file, mapper, empty_target(), {});
    ASSERT_TRUE(first.check());
    ASSERT_TRUE(first.send(api.call()));
    api.requests.clear();
    ImportTarget target = empty_target();
    domain::Property property = *mapper.new_property("H");
    property.id = *PropertyId::parse(api.property_id);
    property.books_start_on = *domain::BusinessDate::parse("2016-03-29");
    target.properties.push_back(property);
    Import second(file, mapper, target, {});
    ASSERT_TRUE(second.check());
    ASSERT_TRUE(second.send(api.call()));
    EXPECT_EQ(second.counts().added, 0U);
    EXPECT_EQ(second.counts().already_there, 2U);
    EXPECT_EQ(api.targets(), (std::vector<std::string>{"/v1/finance/entries:batch"}));
}

TEST(Import, SendsBulksOfAThousand) {
    std::string text(kHeader);
    for (int i = 0; i < 1'100; ++i) text += stay("H", "10", "3/29/2016");
    const InputFile file("b.csv", text);
    HotelBookings mapper;
    RecordedApi api;
    Import import(file, mapper, empty_target(), {});
    ASSERT_TRUE(import.check());
    ASSERT_TRUE(import.send(api.call()));
    std::vector<std::size_t> sizes;
    for (const ApiRequest& each : api.requests) {
        if (each.target != "/v1/finance/entries:batch") continue;
        sizes.push_back(json::parse(each.body).at("entries").as_array().size());
    }
    EXPECT_EQ(sizes, (std::vector<std::size_t>{1'000, 1'000, 200}));
}

TEST(Import, RefusesTheWholeFileForOneBadRow) {
    const InputFile file("b.csv", std::string(kHeader) + stay("H", "10", "3/29/2016") +
                                      stay("H", "ten", "3/29/2016") + stay("H", "10", "3/29/2027"));
    HotelBookings mapper;
    Import import(file, mapper, empty_target(), {});
    const Status checked = import.check();
    ASSERT_FALSE(checked);
    EXPECT_TRUE(checked.error().detail.starts_with("2 of 3 rows of b.csv cannot be imported"));
    ASSERT_EQ(import.counts().problems.size(), 2U);
    EXPECT_TRUE(message("b.csv", import.counts().problems[0]).starts_with("b.csv:3:3 (adr): "));
    EXPECT_TRUE(message("b.csv", import.counts().problems[1])
                    .starts_with("b.csv:4:38 (reservation_status_date): 2027-03-29 is in the "
                                 "future."));
}

TEST(Import, LeavesBadRowsOutWhereItIsAskedTo) {
    const InputFile file("b.csv", std::string(kHeader) + stay("H", "ten", "1/1/2016") +
                                      stay("H", "10", "3/29/2016"));
    HotelBookings mapper;
    RecordedApi api;
    std::vector<std::string> bad;
    ImportHooks hooks;
    hooks.on_bad_row = [&](const CsvRow& row, const CellProblem&) -> Status {
        bad.push_back(row.raw);
        return {};
    };
    Import import(file, mapper, empty_target(), hooks);
    ASSERT_TRUE(import.check());
    ASSERT_TRUE(import.send(api.call()));
    EXPECT_EQ(bad, (std::vector<std::string>{"H,ten,0,1,Direct,No Deposit,Check-Out,1/1/2016"}));
    EXPECT_EQ(import.counts().added, 2U);
    EXPECT_EQ(json::parse(api.requests.at(0).body).at("booksStartOn").as_string(), "2016-03-29");
    EXPECT_EQ(json::parse(api.requests.back().body).at("skipped").as_int64(), 1);
}

// A file that --skip-bad wrote has two columns of ours at its end.
TEST(Import, TakesTheNumbersOfBadRowsFromTheirFile) {
    const std::string header(kHeader.substr(0, kHeader.size() - 1));
    const std::string row = "H,10,0,1,Direct,No Deposit,Check-Out,";
    const InputFile file("bad.csv", header + ",line,reason\n" + row +
                                        "3/29/2016,90,\"date: \"\"x\"\", no\"\n" + row +
                                        "tomorrow,7,date\n");
    HotelBookings mapper;
    RecordedApi api;
    std::vector<std::string> bad;
    ImportHooks hooks;
    hooks.on_bad_row = [&](const CsvRow& again, const CellProblem&) -> Status {
        bad.push_back(std::to_string(again.number) + ": " + again.raw);
        return {};
    };
    hooks.on_header = [&](const CsvRow& again) { bad.push_back(again.raw); };
    Import import(file, mapper, empty_target(), hooks);
    ASSERT_TRUE(import.check());
    // Places are those of this file, numbers those of the first one, and once is enough for both.
    EXPECT_TRUE(message("bad.csv", import.counts().problems.at(0)).starts_with("bad.csv:3:38 ("));
    EXPECT_EQ(bad, (std::vector<std::string>{header, "7: " + row + "tomorrow"}));
    ASSERT_TRUE(import.send(api.call()));
    EXPECT_EQ(api.known,
              (std::set<std::string>{"hotel-bookings:90:housekeeping", "hotel-bookings:90:room"}));
}

TEST(Import, RefusesAFileOfBadRowsThatHasLostTheirNumbers) {
    const std::string header(kHeader.substr(0, kHeader.size() - 1));
    const std::string row = "H,10,0,1,Direct,No Deposit,Check-Out,3/29/2016";
    for (const std::string_view end : {",0,r", ",,r", ",3.0,r", ",-1,r", ",r", ""}) {
        const InputFile file("bad.csv", header + ",line,reason\n" + row + std::string(end) + "\n");
        HotelBookings mapper;
        ImportHooks hooks;
        hooks.on_bad_row = [](const CsvRow&, const CellProblem&) { return Status(); };
        Import import(file, mapper, empty_target(), hooks);
        const Status checked = import.check();
        ASSERT_FALSE(checked) << end;
        EXPECT_EQ(checked.error().code, ErrorCode::malformed);
        EXPECT_TRUE(checked.error().detail.contains("(line): ")) << checked.error().detail;
    }
}

constexpr std::string_view kMapping = R"({"name":"m","fields":{
    "externalId":{"column":"id"},"property":{"column":"where"},"kind":{"constant":"expense"},
    "businessDate":{"column":"date"},"amount":{"column":"sum","currency":"EUR"},
    "paymentMode":{"constant":"cash"},"category":{"column":"what"}}})";

ImportTarget house_target();

TEST(Import, TakesTheLineOfAMappingFromAFileOfBadRows) {
    std::string text(kMapping);
    text.replace(text.find(R"({"column":"id"})"), 15, R"({"template":"{id}/{:line}"})");
    const InputFile file("m.csv",
                         "id,where,date,sum,what,line,reason\n"
                         "1,House,2026-03-01,5,supplies,90,r\n");
    MappedRows mapper(parse_mapping("m.json", text).value());
    RecordedApi api;
    Import import(file, mapper, house_target(), {});
    ASSERT_TRUE(import.check());
    ASSERT_TRUE(import.send(api.call()));
    EXPECT_EQ(api.known, (std::set<std::string>{"1/90"}));
    // The two columns are no columns of the user's.
    text.replace(text.find(R"("column":"what")"), 15, R"("column":"reason")");
    MappedRows wrong(parse_mapping("m.json", text).value());
    Import other(file, wrong, house_target(), {});
    EXPECT_TRUE(other.check().error().detail.contains("(reason): This column is missing."));
}

ImportTarget house_target() {
    ImportTarget target = empty_target();
    domain::Property house;
    house.id = *PropertyId::parse("01900000-0000-7000-8000-000000000009");
    house.name = "House";
    house.currency = *domain::Currency::parse("EUR");
    house.clock.zone = "Europe/Lisbon";
    house.books_start_on = *domain::BusinessDate::parse("2026-01-01");
    target.properties.push_back(house);
    domain::Property yen = house;
    yen.id = *PropertyId::parse("01900000-0000-7000-8000-000000000008");
    yen.name = "Ryokan";
    yen.currency = *domain::Currency::parse("JPY");
    target.properties.push_back(yen);
    domain::Property closed = house;
    closed.id = *PropertyId::parse("01900000-0000-7000-8000-000000000007");
    closed.name = "Old House";
    closed.active = false;
    target.properties.push_back(closed);
    return target;
}

TEST(Import, KnowsWhatTheBooksWouldRefuse) {
    const struct {
        std::string_view row;
        std::string_view problem;
    } cases[] = {
        {"1,Mouse,2026-03-01,5,supplies", "m.csv:2:3 (where): There is no property 'Mouse'."},
        {"1,Ryokan,2026-03-01,5,supplies", "m.csv:2:1 (currency): Ryokan keeps its books in JPY"},
        {"1,Old House,2026-03-01,5,supplies", "m.csv:2:3 (where): Old House is inactive"},
        {"1,House,2025-12-31,5,supplies", "m.csv:2:9 (date): 2025-12-31 is before the books"},
        {"1,House,2026-03-17,5,supplies", "m.csv:2:9 (date): 2026-03-17 is in the future."},
        {"1,House,2026-03-01,5,room", "m.csv:2:22 (what): There is no active category 'room'."},
        {"1,House,2026-03-16,5,supplies", ""},
        {"1,01900000-0000-7000-8000-000000000009,2026-03-01,5,supplies", ""},
    };
    for (const auto& each : cases) {
        const InputFile file("m.csv", "id,where,date,sum,what\n" + std::string(each.row) + "\n");
        MappedRows mapper(parse_mapping("m.json", kMapping).value());
        Import import(file, mapper, house_target(), {});
        EXPECT_EQ(import.check().has_value(), each.problem.empty()) << each.row;
        if (each.problem.empty()) continue;
        const std::string words = message("m.csv", import.counts().problems.at(0));
        EXPECT_TRUE(words.starts_with(each.problem)) << words;
    }
    const InputFile twice("m.csv",
                          "id,where,date,sum,what\n1,House,2026-03-01,5,supplies\n"
                          "1,House,2026-03-02,6,supplies\n");
    MappedRows mapper(parse_mapping("m.json", kMapping).value());
    Import import(twice, mapper, house_target(), {});
    EXPECT_FALSE(import.check());
    EXPECT_EQ(message("m.csv", import.counts().problems.at(0)),
              "m.csv:3:1 (externalId): '1' is that of line 2 too. It must be another for each "
              "entry.");
}

TEST(Import, NamesTheLineOfWhatTheApiRefuses) {
    const InputFile file("b.csv", std::string(kHeader) + stay("H", "10", "3/29/2016") +
                                      stay("H", "20", "3/29/2016"));
    HotelBookings mapper;
    Import import(file, mapper, empty_target(), {});
    ASSERT_TRUE(import.check());
    RecordedApi api;
    const ApiCall answers = api.call();
    const Status sent = import.send([&](const ApiRequest& request) -> Result<ApiAnswer> {
        if (request.target != "/v1/finance/entries:batch") return answers(request);
        return ApiAnswer{422, R"({"code":"total_too_large","detail":"Too much.","errors":[)"
                              R"({"pointer":"/entries/2/amountMinor","code":"total_too_large",)"
                              R"("detail":"Too much."}]})"};
    });
    ASSERT_FALSE(sent);
    EXPECT_EQ(sent.error().code, ErrorCode::total_too_large);
    EXPECT_TRUE(sent.error().detail.starts_with("b.csv:3:1 (amountMinor): Too much."))
        << sent.error().detail;
}

}  // namespace
}  // namespace daybook::cli
