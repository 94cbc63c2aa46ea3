// Personal texts of events: sealed in the canonical bytes, kept with their salts beside them.
#pragma once

#include <boost/json/object.hpp>
#include <string>
#include <string_view>
#include <utility>

#include "base/clock.h"
#include "base/json_writer.h"
#include "base/result.h"
#include "domain/text.h"

namespace daybook::app {

inline constexpr std::string_view kSealPrefix = "sha256:";
inline constexpr std::size_t kSaltBytes = 16;

// "sha256:" and the hexadecimal SHA-256 of salt ‖ value.
std::string seal_of(std::span<const std::uint8_t> salt, std::string_view value);

// Collects the texts of one event.
class SealedTexts {
 public:
    explicit SealedTexts(Random& random) : random_(random) {}

    // What stands in the canonical bytes. An erased text keeps no value and a seal that nothing
    // opens.
    std::string seal(std::string_view path, const domain::Text& text);
    // The private part as JSON; empty if there was no text.
    std::string take_private();

 private:
    Random& random_;
    std::string members_;
};

// Writes {"path": text} of every seal in a stored event: the texts that are kept, and "erased" in
// place of the others; not of "toPropertyId", which names another property. A path is the member's
// within the metadata ("reason", "before.description"), or within the event ("address"). Errors:
// corrupt (the private part is no JSON object).
Status write_texts(JsonWriter& json, const boost::json::object& event,
                   std::string_view private_json);

// What is said of an event that cannot be read: corrupt.
Error damaged_event();

}  // namespace daybook::app
