// Fuzzes imports: a file as the profile hotel-bookings reads it, or behind a mapping and a NUL.
//
// Beside crashes it looks for disagreement: a file means the same however its pieces arrive; a file
// that is checked is sent in bulks whose form the API takes; gzip is told by its first bytes.
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/check.h"
#include "base/utf8.h"
#include "cli/hotel_bookings.h"
#include "cli/import.h"
#include "cli/import_mapping.h"
#include "cli/mapped_rows.h"
#include "http/body_entry.h"
#include "support/sample_books.h"

namespace daybook::cli {
namespace {

namespace json = boost::json;

PieceSource in_pieces(std::string_view text, std::size_t piece_bytes) {
    return [text, piece_bytes]() mutable -> Result<std::string_view> {
        const std::string_view piece = text.substr(0, piece_bytes);
        text.remove_prefix(piece.size());
        return piece;
    };
}

// Every cell of the file, or the words of why it is none.
std::vector<std::string> read_cells(std::string_view text, std::size_t piece_bytes) {
    CsvReader reader("f.csv", in_pieces(text, piece_bytes));
    std::vector<std::string> cells;
    for (;;) {
        const auto row = reader.next();
        if (!row) {
            cells.push_back(row.error().detail);
            return cells;
        }
        if (!*row) return cells;
        cells.push_back("row " + std::to_string((*row)->place.line));
        for (const CsvCell& each : (*row)->cells) {
            CHECK(each.text.size() <= kCsvCellBytesMax && is_valid_utf8(each.text));
            cells.push_back(each.text);
        }
    }
}

// Takes every bulk, if its form is right.
Result<ApiAnswer> answer(const ApiRequest& request) {
    const auto parsed = http::parse_json(request.body);
    CHECK(parsed.has_value());
    if (request.target != "/v1/finance/entries:batch") {
        return ApiAnswer{201, R"({"id":"01900000-0000-7000-8000-000000000001"})"};
    }
    http::BodyErrors errors;
    http::BodyReader body(*parsed->as<http::JsonValue::Object>(), "", errors);
    const app::AddEntries bulk = http::read_batch(body);
    body.finish();
    CHECK(errors.empty() && !bulk.entries.empty());
    const json::array results(bulk.entries.size(), json::object{{"status", 201}});
    return ApiAnswer{200, json::serialize(json::object{{"results", results}})};
}

ImportTarget books() {
    ImportTarget target;
    target.now = *Instant::parse("2026-03-15T12:00:00Z");
    for (const domain::StarterCategory& each : domain::starter_categories()) {
        domain::Category category;
        category.kind = each.kind;
        category.key = each.key;
        target.categories.push_back(category);
    }
    domain::Property property;
    property.id = PropertyId{test::numbered_uuid(1)};
    property.name = "House";
    property.currency = *domain::Currency::parse("EUR");
    property.books_start_on = *domain::BusinessDate::parse("2010-01-01");
    target.properties.push_back(property);
    return target;
}

void fuzz_import(std::string_view file_text, RowMapper& mapper) {
    const InputFile file("f.csv", std::string(file_text));
    Import import(file, mapper, books(), {});
    const Status checked = import.check();
    const ImportCounts& counts = import.counts();
    CHECK(counts.problems.size() <= kImportProblemsShownMax);
    if (!checked) {
        CHECK(!checked.error().detail.empty());
        return;
    }
    CHECK(counts.bad_rows == 0 && counts.problems.empty());
    const Status sent = import.send(answer);
    CHECK(sent.has_value());
    CHECK(counts.added == counts.entries[0] + counts.entries[1] + counts.entries[2]);
}

void fuzz(std::string_view bytes) {
    const std::size_t end = bytes.find('\0');
    if (end == std::string_view::npos) {
        CHECK(read_cells(bytes, bytes.size() + 1) == read_cells(bytes, 1));
        HotelBookings profile;
        return fuzz_import(bytes, profile);
    }
    auto mapping = parse_mapping("m.json", bytes.substr(0, end));
    if (!mapping) {
        CHECK(!mapping.error().detail.empty());
        return;
    }
    MappedRows rows(*std::move(mapping));
    fuzz_import(bytes.substr(end + 1), rows);
}

}  // namespace
}  // namespace daybook::cli

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    daybook::cli::fuzz({reinterpret_cast<const char*>(data), size});
    return 0;
}
