// The one way of commands into the books: the API, whoever answers.
#pragma once

#include <optional>
#include <utility>

#include "cli/api.h"
#include "cli/data_directory.h"
#include "cli/program.h"

namespace daybook::cli {

class WriteAccess {
 public:
    // Over DIR/control.sock if somebody listens there, else in this process under DIR/lock. Waits
    // up to kOwnerPatienceMs for an owner that takes no requests: another command will end, a
    // server will listen. Errors: busy (naming the owner), those of opening the store.
    static Result<WriteAccess> open(const DataDirectory& data, const Machine& machine);

    [[nodiscard]] const ApiCall& call() const { return call_; }

    static constexpr std::int64_t kOwnerPatienceMs = 10'000;

 private:
    WriteAccess(std::optional<DirectoryLock> lock, ApiCall call)
        : lock_(std::move(lock)), call_(std::move(call)) {}

    // In this order: the store closes before the lock is let go.
    std::optional<DirectoryLock> lock_;
    ApiCall call_;
};

}  // namespace daybook::cli
