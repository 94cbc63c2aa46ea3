// The texts that let somebody in: a prefix that says what it is, 32 random characters, and a
// checksum that scanners and typos are caught by.
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

inline constexpr std::string_view kTokenPrefix = "dbk_";    // API tokens
inline constexpr std::string_view kSessionPrefix = "dbs_";  // the cookies of sessions
inline constexpr std::string_view kLinkPrefix = "dbl_";     // invitations and resets
inline constexpr std::string_view kSetupPrefix = "dbi_";    // the first owner of an installation

std::string new_secret(Random& random, std::string_view prefix);

// Whether prefix, length and checksum are right; says nothing about whether it is known.
bool is_secret(std::string_view text, std::string_view prefix);

inline std::string new_token_text(Random& random) {
    return new_secret(random, kTokenPrefix);
}
inline bool is_token_text(std::string_view text) {
    return is_secret(text, kTokenPrefix);
}

Hash token_hash(std::string_view text);

}  // namespace daybook::app
