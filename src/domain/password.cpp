// Length, the refused list, and what the password may not consist of.
#include "domain/password.h"

#include <algorithm>
#include <array>
#include <set>
#include <string>

#include "base/limits.h"
#include "base/utf8.h"
#include "domain/user.h"

namespace daybook::domain {
namespace {

// Of the lists of passwords that leaked most, those that are long enough, and what people in this
// field would think of. Compared without letter case, spaces and punctuation.
constexpr std::array<std::string_view, 44> kRefused{
    "passwordpassword", "password1234",    "password12345",   "password123456",
    "passwort1234",     "123456123456",    "1234567890123",   "123456789012",
    "1234567890ab",     "123123123123",    "111111111111",    "000000000000",
    "qwertyuiopas",     "qwertyuiop12",    "qwertyuiop123",   "qwerty123456",
    "qwertyqwerty",     "qwertzuiopas",    "azertyuiop12",    "asdfghjklqwe",
    "1qaz2wsx3edc",     "1q2w3e4r5t6y",    "zaq12wsxcde3",    "abcdefghijkl",
    "abcdefghijklm",    "abcdef123456",    "abc123abc123",    "iloveyou1234",
    "iloveyouiloveyou", "letmeinletmein",  "welcome12345",    "welcomewelcome",
    "changemechangeme", "changeme1234",    "adminadminadmin", "administrator",
    "administrator1",   "superadmin123",   "secretsecret",    "daybookdaybook",
    "daybook12345",     "hotelhotelhotel", "receptionist",    "correcthorsebatterystaple",
};

// Small ASCII letters and digits; bytes of other scripts stay.
std::string plain(std::string_view text) {
    std::string kept;
    for (const char c : email_key(text)) {
        const auto byte = static_cast<unsigned char>(c);
        const bool counts = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || byte >= 0x80;
        if (counts) kept.push_back(c);
    }
    return kept;
}

std::size_t characters_of(std::string_view text) {
    return static_cast<std::size_t>(std::ranges::count_if(
        text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

// Little is left of it without what everybody knows about its owner.
bool is_about(const std::string& password, std::string_view known) {
    constexpr std::size_t kPartBytesMin = 4;
    constexpr std::size_t kLeftMin = 6;
    const std::string part = plain(known);
    if (part.size() < kPartBytesMin) return false;
    const bool is_in = password.find(part) != std::string::npos;
    return is_in && password.size() - part.size() < kLeftMin;
}

}  // namespace

Status check_password(std::string_view password, const PasswordOwner& owner,
                      std::string_view pointer) {
    const auto weak = [&](std::string words) {
        return fail_field(ErrorCode::weak_password, std::string(pointer), std::move(words));
    };
    if (!is_valid_utf8(password) || characters_of(password) < limits::kPasswordCharactersMin) {
        return weak("Use at least " + std::to_string(limits::kPasswordCharactersMin) +
                    " characters; a few words are fine.");
    }
    if (password.size() > limits::kPasswordBytesMax) {
        return weak("Use at most " + std::to_string(limits::kPasswordBytesMax) + " bytes.");
    }
    const std::string text = plain(password);
    constexpr std::size_t kDifferentMin = 5;
    if (std::set<char>(password.begin(), password.end()).size() < kDifferentMin) {
        return weak("Use more different characters.");
    }
    if (std::ranges::find(kRefused, text) != kRefused.end()) {
        return weak("This is one of the passwords that are tried first. Use another.");
    }
    const std::string_view user = owner.email.substr(0, owner.email.find('@'));
    if (is_about(text, owner.name) || is_about(text, owner.email) || is_about(text, user) ||
        is_about(text, owner.org)) {
        return weak("This is mostly your name, your address or that of the org. Use another.");
    }
    return {};
}

}  // namespace daybook::domain
