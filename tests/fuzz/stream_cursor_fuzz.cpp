// Fuzzes what a client sends as Last-Event-ID or `after`: whatever is taken for a cursor has one
// text only, so that two clients with one cursor have sent the same bytes.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/check.h"
#include "realtime/cursor.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace daybook;
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto given = realtime::parse_cursor(text);
    if (!given) return 0;
    CHECK(given->position >= 0);
    if (given->mark) {
        CHECK((realtime::Cursor{given->position, *given->mark}.to_string() == text));
    } else {
        CHECK(std::to_string(given->position) == text);
    }
    return 0;
}
