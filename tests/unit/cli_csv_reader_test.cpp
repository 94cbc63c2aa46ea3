// CSV: what is read, and where exactly what is wrong is.
#include <gtest/gtest.h>
#include <zlib.h>

#include <string>
#include <vector>

#include "cli/csv_reader.h"

namespace daybook::cli {
namespace {

// The text in pieces of that size: a piece may end anywhere, also within a character.
PieceSource in_pieces(std::string text, std::size_t bytes) {
    return [text = std::move(text), bytes, at = std::size_t{0}]() mutable {
        const std::string_view piece = std::string_view(text).substr(at, bytes);
        at += piece.size();
        return Result<std::string_view>(piece);
    };
}

using Rows = std::vector<std::vector<std::string>>;

Result<Rows> read_all(const std::string& text, std::size_t piece_bytes, char delimiter = ',') {
    CsvReader reader("a.csv", in_pieces(text, piece_bytes), delimiter);
    Rows rows;
    while (true) {
        const auto row = TRY(reader.next());
        if (!row) return rows;
        auto& cells = rows.emplace_back();
        for (const CsvCell& cell : row->cells) cells.push_back(cell.text);
    }
}

TEST(CsvReader, ReadsWhatTheStandardAndSpreadsheetsWrite) {
    const struct {
        std::string text;
        Rows rows;
    } cases[] = {
        {"", {}},
        {"a,b\n1,2\n", {{"a", "b"}, {"1", "2"}}},
        {"a,b\r\n1,2", {{"a", "b"}, {"1", "2"}}},
        {"\xEF\xBB\xBF"
         "a,b\n",
         {{"a", "b"}}},
        {"\xEF\xBB\xBF", {}},
        {"\xEF\xBB\xBF€uro,b\n", {{"€uro", "b"}}},
        {"a,\n,b\n", {{"a", ""}, {"", "b"}}},
        {"\n\na\n\r\n\nb\n\n", {{"a"}, {"b"}}},
        {"\"a,\"\"b\"\"\",\"\"\n", {{"a,\"b\"", ""}}},
        {"\"two\nlines\",\"two\r\nmore\"\nx,y\n", {{"two\nlines", "two\nmore"}, {"x", "y"}}},
        {"\"\"\n", {{""}}},
        {" a , b \n", {{" a ", " b "}}},
        {"ä€😀,\tx\n", {{"ä€😀", "\tx"}}},
    };
    for (const auto& each : cases) {
        for (const std::size_t bytes : {std::size_t{1}, std::size_t{3}, std::size_t{1000}}) {
            const auto rows = read_all(each.text, bytes);
            ASSERT_TRUE(rows.has_value()) << each.text << ": " << rows.error().detail;
            EXPECT_EQ(*rows, each.rows) << each.text;
        }
    }
    EXPECT_EQ(read_all("a;b,c\n", 100, ';').value(), (Rows{{"a", "b,c"}}));
}

TEST(CsvReader, NamesTheLineAndColumnOfWhatItRefuses) {
    const struct {
        std::string text;
        std::string place;
        std::string words;
    } cases[] = {
        {"a,b\n\"x", "a.csv:2:1: ", "never closed"},
        {"a,b\n1,\"x\n\n", "a.csv:2:3: ", "never closed"},
        {"a,b\n1,x\"y\n", "a.csv:2:4: ", "inside an unquoted cell"},
        {"\"a\"b\n", "a.csv:1:4: ", "behind a closing quotation mark"},
        {"\"a\nb\",\"c\"d\n", "a.csv:2:7: ", "behind a closing quotation mark"},
        {"a\rb\n", "a.csv:1:2: ", "carriage return"},
        {std::string("a\0b\n", 4), "a.csv:1:2: ", "control character"},
        {"ä,\x1B\n", "a.csv:1:3: ", "control character"},
        {"name\nCaf\xE9\n", "a.csv:2:4: ", "iconv -f ISO-8859-1 -t UTF-8 a.csv"},
        {"name\nCaf\xC3\n", "a.csv:2:4: ", "iconv"},
        {"\xC0\xAF", "a.csv:1:1: ", "iconv"},
        {"\xFF\xFE"
         "a",
         "a.csv:1:1: ", "iconv -f UTF-16 -t UTF-8 a.csv"},
        {"a\n" + std::string(70'000, 'x'), "a.csv:2:1: ", "longer than 64 KiB"},
        {"a\n\"" + std::string(70'000, 'x'), "a.csv:2:1: ", "longer than 64 KiB"},
        {std::string(2'000, ','), "a.csv:1:1: ", "more than 1,000 cells"},
    };
    for (const auto& each : cases) {
        for (const std::size_t bytes : {std::size_t{1}, std::size_t{100'000}}) {
            const auto rows = read_all(each.text, bytes);
            ASSERT_FALSE(rows.has_value()) << each.text.substr(0, 40);
            EXPECT_TRUE(rows.error().detail.starts_with(each.place)) << rows.error().detail;
            EXPECT_TRUE(rows.error().detail.contains(each.words)) << rows.error().detail;
        }
    }
}

TEST(CsvReader, KnowsThePlaceOfEveryCellAndTheRowAsItStands) {
    CsvReader reader("a.csv", in_pieces("h,i\r\n\r\n\"ä\r\nb\",c,\"d\"\"\"\r\nx", 2));
    ASSERT_TRUE(reader.next().value().has_value());
    const auto row = reader.next().value();
    ASSERT_TRUE(row.has_value());
    EXPECT_EQ(row->place, (Place{3, 1}));
    ASSERT_EQ(row->cells.size(), 3U);
    EXPECT_EQ(row->cells[0].place, (Place{3, 1}));
    EXPECT_EQ(row->cells[1].place, (Place{4, 4}));
    EXPECT_EQ(row->cells[2].place, (Place{4, 6}));
    EXPECT_EQ(row->raw, "\"ä\r\nb\",c,\"d\"\"\"");
    EXPECT_EQ(reader.next().value()->place, (Place{5, 1}));
}

std::string gzip(std::string_view text) {
    std::string packed(compressBound(static_cast<uLong>(text.size())) + 32, '\0');
    z_stream stream{};
    deflateInit2(&stream, Z_BEST_SPEED, Z_DEFLATED, 16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY);
    std::string input(text);
    stream.next_in = reinterpret_cast<Bytef*>(input.data());
    stream.avail_in = static_cast<uInt>(input.size());
    stream.next_out = reinterpret_cast<Bytef*>(packed.data());
    stream.avail_out = static_cast<uInt>(packed.size());
    EXPECT_EQ(deflate(&stream, Z_FINISH), Z_STREAM_END);
    packed.resize(stream.total_out);
    deflateEnd(&stream);
    return packed;
}

Result<std::string> text_of(const InputFile& file) {
    std::string text;
    const PieceSource source = file.text();
    while (true) {
        const std::string_view piece = TRY(source());
        if (piece.empty()) return text;
        text += piece;
    }
}

TEST(InputFile, UnpacksGzipByItsContentAndRefusesWhatIsDamaged) {
    std::string text;
    for (int line = 0; line < 50'000; ++line) text += "line " + std::to_string(line) + "\n";
    const InputFile packed("a.csv", gzip(text));
    EXPECT_EQ(text_of(packed).value(), text);
    EXPECT_EQ(text_of(packed).value(), text);
    EXPECT_EQ(text_of(InputFile("two", gzip("one\n") + gzip("two\n"))).value(), "one\ntwo\n");
    EXPECT_EQ(text_of(InputFile("plain", text)).value(), text);
    EXPECT_EQ(text_of(InputFile("nothing", gzip(""))).value(), "");

    std::string cut = gzip(text);
    cut.resize(cut.size() / 2);
    EXPECT_EQ(text_of(InputFile("cut", cut)).error().code, ErrorCode::malformed);
    std::string damaged = gzip(text);
    damaged[damaged.size() / 2] = static_cast<char>(damaged[damaged.size() / 2] ^ 0x55);
    EXPECT_EQ(text_of(InputFile("damaged", damaged)).error().code, ErrorCode::malformed);
    EXPECT_EQ(InputFile::read("no/such/file.csv").error().code, ErrorCode::io_failed);
}

TEST(InputFile, IsNamedByTheHashOfItsBytesOnDisk) {
    EXPECT_EQ(InputFile("a", "abc").sha256(),
              "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");  // FIPS 180-2
}

}  // namespace
}  // namespace daybook::cli
