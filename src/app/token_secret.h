// API token texts: "dbk_", 32 random characters, and a checksum that scanners and typos are caught
// by.
//
// The text is shown once; only its SHA-256 is kept. 32 characters of base 62 hold 190 bits, so a
// plain hash is enough: there is nothing to guess. The last six characters are the CRC-32C of what
// stands before, in base 62.
#pragma once

#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/digest.h"

namespace daybook::app {

inline constexpr std::string_view kTokenPrefix = "dbk_";

std::string new_token_text(Random& random);

// Whether prefix, length and checksum are right; says nothing about whether it is known.
bool is_token_text(std::string_view text);

Hash token_hash(std::string_view text);

}  // namespace daybook::app
