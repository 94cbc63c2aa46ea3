// Random bytes, and their text.
#include "app/webhook_secret.h"

#include <array>

#include "base/base64.h"
#include "base/digest.h"

namespace daybook::app {

std::string new_webhook_secret(Random& random) {
    constexpr std::size_t kBytes = 32;
    std::array<std::uint8_t, kBytes> bytes{};
    random.fill(bytes);
    return {bytes.begin(), bytes.end()};
}

std::string webhook_secret_text(const std::string& secret) {
    return "whsec_" + to_base64(as_bytes(secret));
}

}  // namespace daybook::app
