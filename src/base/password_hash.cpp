// libsodium's crypto_pwhash_str.
#include "base/password_hash.h"

#include <fmt/format.h>
#include <sodium.h>

#include <array>

#include "base/check.h"

namespace daybook {

Result<std::string> hash_password(std::string_view password, PasswordCost cost) {
    CHECK(sodium_init() >= 0);
    std::array<char, crypto_pwhash_STRBYTES> text{};
    const int failed = crypto_pwhash_str_alg(text.data(), password.data(), password.size(),
                                             cost.passes, cost.bytes, crypto_pwhash_ALG_ARGON2ID13);
    if (failed != 0) return fail(ErrorCode::busy, "There is no memory to hash a password now.");
    return std::string(text.data());
}

std::string hash_of_nobody(PasswordCost cost) {
    constexpr std::size_t kSaltDigits = 22;  // 16 bytes in base 64, without padding
    constexpr std::size_t kHashDigits = 43;  // 32 bytes
    return fmt::format("$argon2id$v=19$m={},t={},p=1${}${}", cost.bytes / 1024, cost.passes,
                       std::string(kSaltDigits, 'A'), std::string(kHashDigits, 'A'));
}

bool is_password_hash(std::string_view hash, PasswordCost cost) {
    CHECK(sodium_init() >= 0);
    return crypto_pwhash_str_needs_rehash(std::string(hash).c_str(), cost.passes, cost.bytes) == 0;
}

bool verify_password(std::string_view hash, std::string_view password) {
    CHECK(sodium_init() >= 0);
    const std::string text(hash);  // ends with a zero
    return crypto_pwhash_str_verify(text.c_str(), password.data(), password.size()) == 0;
}

}  // namespace daybook
