// Fuzzes the bytes that strangers send: head parser, chunk decoder, request target.
//
// Beside crashes it looks for disagreement: bytes must mean the same however they arrive.
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/check.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "http/chunk_decoder.h"
#include "http/head_parser.h"
#include "http/target.h"

namespace daybook::http {
namespace {

using ParsedHead = std::expected<std::optional<Head>, Refusal>;

ParsedHead parse_in_steps(std::string_view bytes, std::size_t step) {
    HeadSearch search;
    for (std::size_t size = step; size < bytes.size(); size += step) {
        ParsedHead parsed = parse_head(bytes.substr(0, size), search);
        if (!parsed || *parsed) return parsed;
    }
    return parse_head(bytes, search);
}

void fuzz_head(std::string_view bytes) {
    HeadSearch search;
    const ParsedHead whole = parse_head(bytes, search);
    const ParsedHead stepped = parse_in_steps(bytes, 1);
    CHECK(whole.has_value() == stepped.has_value());
    if (!whole) {
        CHECK(whole.error().status == stepped.error().status);
        return;
    }
    CHECK(whole->has_value() == stepped->has_value());
    if (!*whole) return;
    const Head& head = **whole;
    CHECK(head.bytes == (**stepped).bytes && head.bytes <= limits::kHttpHeadBytesMax);
    CHECK(head.target.size() <= limits::kHttpTargetBytesMax);
    CHECK(head.content_length <= limits::kHttpBodyBytesMax);
    std::size_t hosts = 0;
    std::size_t framings = 0;
    for (const Header& header : head.headers) {
        CHECK(header.value.find_first_of(std::string_view("\0\r\n", 3)) == std::string::npos);
        if (header.name == "host") ++hosts;
        if (header.name == "content-length" || header.name == "transfer-encoding") ++framings;
    }
    CHECK(hosts == 1 || (hosts == 0 && head.version == Version::http_1_0));
    CHECK(framings <= 1);
}

struct Decoded {
    int status = 0;
    bool is_done = false;
    std::size_t taken = 0;
    std::string body;
};

Decoded decode_in_steps(std::string_view bytes, std::size_t step) {
    ChunkDecoder decoder;
    Decoded decoded;
    while (!bytes.empty() && !decoder.is_done()) {
        const auto taken = decoder.feed(bytes.substr(0, step), decoded.body);
        if (!taken) {
            decoded.status = taken.error().status;
            return decoded;
        }
        decoded.taken += *taken;
        bytes.remove_prefix(*taken);
    }
    decoded.is_done = decoder.is_done();
    return decoded;
}

void fuzz_chunks(std::string_view bytes) {
    if (bytes.empty()) return;
    const Decoded whole = decode_in_steps(bytes, bytes.size());
    const Decoded stepped = decode_in_steps(bytes, 1);
    CHECK(whole.status == stepped.status && whole.is_done == stepped.is_done);
    CHECK(whole.taken == stepped.taken || whole.status != 0);
    CHECK(whole.body == stepped.body || whole.status != 0);
    CHECK(whole.body.size() <= limits::kHttpBodyBytesMax);
}

void fuzz_target(std::string_view bytes) {
    const auto target = parse_target(bytes);
    if (!target) return;
    for (const std::string& segment : target->segments) {
        CHECK(is_valid_utf8(segment) && !segment.contains('/') && !segment.contains('\0'));
    }
    for (const Parameter& parameter : target->query) {
        CHECK(!parameter.name.empty() && is_valid_utf8(parameter.name + parameter.value));
    }
}

}  // namespace
}  // namespace daybook::http

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    daybook::http::fuzz_head(bytes);
    daybook::http::fuzz_chunks(bytes);
    daybook::http::fuzz_target(bytes);
    return 0;
}
