// Canonical JSON (RFC 8785), written in one pass: keys must come in ascending order, which is
// checked.
//
// Only what events need: objects, arrays, strings, integers, booleans and null. ASCII keys, so that
// the order of bytes is the order of UTF-16 code units that the RFC asks for.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/json_writer.h"

namespace daybook::app {

class CanonicalJson {
 public:
    CanonicalJson() { out_.reserve(kTypicalBytes); }
    void begin_object();
    void end_object();
    void begin_array() { writer_.begin_array(); }
    void end_array() { writer_.end_array(); }
    // The next member's name: a literal, greater than the one before it.
    void key(std::string_view name);
    void string(std::string_view text) { writer_.string(text); }
    void integer(std::int64_t value) { writer_.integer(value); }
    void boolean(bool value) { writer_.boolean(value); }
    void null() { writer_.null(); }

    [[nodiscard]] std::string take() { return std::move(out_); }

 private:
    static constexpr std::size_t kTypicalBytes = 1'024;  // of an event

    std::string out_;
    JsonWriter writer_{out_};
    std::vector<std::string_view> last_keys_;  // one for each open object
};

}  // namespace daybook::app
