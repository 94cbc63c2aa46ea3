// Which passwords are taken: long ones that are not everybody's and not about the person.
//
// After NIST SP 800-63B, 5.1.1.2: length and a list of what is guessed first, no rules about kinds
// of characters.
#pragma once

#include <string_view>

#include "base/result.h"

namespace daybook::domain {

// Who it is for: what a guesser tries first.
struct PasswordOwner {
    std::string_view name;
    std::string_view email;
    std::string_view org;
};

// Error: weak_password, at `pointer`.
Status check_password(std::string_view password, const PasswordOwner& owner,
                      std::string_view pointer);

}  // namespace daybook::domain
