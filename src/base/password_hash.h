// Passwords as argon2id (RFC 9106), by libsodium: slow and large on purpose.
//
// Threads: any; each call takes `bytes` of memory and a tenth of a second, so callers bound how
// many run at a time (limits::kPasswordHashesAtOnce) and never are the I/O thread or the writer.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace daybook {

// What libsodium calls interactive; cheaper only in tests.
struct PasswordCost {
    std::uint64_t passes = 2;
    std::size_t bytes = std::size_t{64} << 20;
};

// "$argon2id$…", with a salt of its own. Error: busy, where there is no memory for it.
Result<std::string> hash_password(std::string_view password, PasswordCost cost);

// A hash that no password has: comparing with it takes as long as with any other, so that accounts
// that do not exist cannot be told from those that do.
std::string hash_of_nobody(PasswordCost cost);

// Whether it is such a hash, made at that cost.
bool is_password_hash(std::string_view hash, PasswordCost cost);

// Whether the hash is of the password. Takes as long for every password.
bool verify_password(std::string_view hash, std::string_view password);

}  // namespace daybook
