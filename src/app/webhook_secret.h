// Secrets that webhooks are signed with: 32 random bytes, shown once as "whsec_" and their base64,
// which is how the libraries of Standard Webhooks take them.
#pragma once

#include <string>

#include "base/clock.h"

namespace daybook::app {

// The bytes.
std::string new_webhook_secret(Random& random);
std::string webhook_secret_text(const std::string& secret);

}  // namespace daybook::app
