// Socket first: taking the lock would tell nothing about who listens.
#include "cli/write_access.h"

#include "cli/console.h"
#include "cli/control_client.h"

namespace daybook::cli {

Result<WriteAccess> WriteAccess::open(const DataDirectory& data, const Machine& machine) {
    constexpr std::int64_t kLockTryMs = 100;
    const std::int64_t end = steady_ms() + kOwnerPatienceMs;
    while (true) {
        if (TRY(has_listener(data.socket())))
            return WriteAccess(std::nullopt, control_client(data.socket()));
        auto lock = data.lock(kLockTryMs);
        if (lock) {
            ApiCall call = TRY(machine.open_api(data));
            return WriteAccess(std::move(lock).value(), std::move(call));
        }
        if (lock.error().code != ErrorCode::busy || steady_ms() >= end)
            return std::unexpected(std::move(lock).error());
    }
}

}  // namespace daybook::cli
