// Who may found the first org: whoever has the token that the server printed, once.
//
// Why: on empty data there is nobody to ask, and the first stranger who comes by must not own it.
// The token lives in memory only; another start prints another one. Threads: any.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "app/token_secret.h"
#include "base/mutex.h"
#include "base/result.h"

namespace daybook::app {

class SetupGate {
 public:
    // Opens the gate; the text is to be shown once.
    std::string open(Random& random) {
        std::string text = new_secret(random, kSetupPrefix);
        const Lock lock(mutex_);
        hash_ = token_hash(text);
        return text;
    }
    // Closes it, for whoever comes first. Errors: forbidden.
    Result<Hash> take(std::string_view text) {
        const Lock lock(mutex_);
        if (!is_secret(text, kSetupPrefix) || hash_ != token_hash(text)) {
            return fail(ErrorCode::forbidden,
                        "This is not the setup link that the server printed when it started, or it "
                        "was used.");
        }
        return *std::exchange(hash_, std::nullopt);
    }
    // What was to be founded was refused: the same token opens it again.
    void give_back(const Hash& taken) {
        const Lock lock(mutex_);
        hash_ = taken;
    }

 private:
    Mutex mutex_;
    std::optional<Hash> hash_ GUARDED_BY(mutex_);
};

}  // namespace daybook::app
