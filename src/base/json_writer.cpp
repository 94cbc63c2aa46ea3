// Commas, escapes and integers of the JSON writer.
#include "base/json_writer.h"

#include <array>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "base/utf8.h"

namespace daybook {
namespace {

constexpr bool is_plain(char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte >= 0x20 && byte < 0x80 && c != '"' && c != '\\';
}

// How many bytes from the front stand in JSON as they are; eight at a time where there are eight.
std::size_t plain_prefix(std::string_view text) {
    constexpr std::uint64_t kOnes = 0x0101'0101'0101'0101;
    constexpr std::uint64_t kHighs = kOnes * 0x80;
    // The high bit of the lowest byte below `limit` is set, perhaps some above it; 0 if none is.
    const auto below = [](std::uint64_t word, std::uint64_t limit) {
        return (word - kOnes * limit) & ~word & kHighs;
    };
    std::size_t at = 0;
    for (; at + sizeof(std::uint64_t) <= text.size(); at += sizeof(std::uint64_t)) {
        std::uint64_t word = 0;
        std::memcpy(&word, text.data() + at, sizeof word);
        const std::uint64_t special = (word & kHighs) | below(word, 0x20) |
                                      below(word ^ (kOnes * '"'), 1) |
                                      below(word ^ (kOnes * '\\'), 1);
        if (special != 0) break;
    }
    while (at < text.size() && is_plain(text[at])) ++at;
    return at;
}

void append_escape(std::string& out, char c) {
    constexpr std::string_view kHexDigits = "0123456789abcdef";
    switch (c) {
        case '"': out += "\\\""; return;
        case '\\': out += "\\\\"; return;
        case '\b': out += "\\b"; return;
        case '\f': out += "\\f"; return;
        case '\n': out += "\\n"; return;
        case '\r': out += "\\r"; return;
        case '\t': out += "\\t"; return;
        default: break;
    }
    const auto byte = static_cast<unsigned char>(c);
    out += "\\u00";
    out += kHexDigits[byte >> 4U];
    out += kHexDigits[byte & 0x0FU];
}

}  // namespace

void append_json_string(std::string& out, std::string_view value) {
    out += '"';
    while (!value.empty()) {
        const std::size_t plain = plain_prefix(value);
        out.append(value.substr(0, plain));
        value.remove_prefix(plain);
        if (value.empty()) break;
        const std::size_t bytes = utf8_character_bytes(value);
        if (bytes == 1) {
            append_escape(out, value.front());
        } else if (bytes > 1) {
            out.append(value.substr(0, bytes));
        } else {
            out += "\xEF\xBF\xBD";
        }
        value.remove_prefix(bytes == 0 ? 1 : bytes);
    }
    out += '"';
}

JsonWriter& JsonWriter::key(std::string_view name) {
    separate();
    append_json_string(out_, name);
    out_ += ':';
    comma_due_ = false;
    return *this;
}

JsonWriter& JsonWriter::string(std::string_view value) {
    separate();
    append_json_string(out_, value);
    return *this;
}

JsonWriter& JsonWriter::integer(std::int64_t value) {
    std::array<char, 20> digits;  // "-9223372036854775808"
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
    return raw(std::string_view(digits.data(), static_cast<std::size_t>(end - digits.data())));
}

JsonWriter& JsonWriter::raw(std::string_view json) {
    separate();
    out_ += json;
    return *this;
}

JsonWriter& JsonWriter::open(char bracket) {
    separate();
    out_ += bracket;
    comma_due_ = false;
    return *this;
}

JsonWriter& JsonWriter::close(char bracket) {
    out_ += bracket;
    comma_due_ = true;
    return *this;
}

void JsonWriter::separate() {
    if (comma_due_) out_ += ',';
    comma_due_ = true;
}

}  // namespace daybook
