// Reading a report that is not cached: work for a thread that may wait, that is always answered.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>

#include "base/result.h"
#include "reports/cache_store.h"

namespace daybook::app {

class ReportWork {
 public:
    using Read = std::move_only_function<Result<reports::SharedReport>()>;
    // Called once, with how long reading took.
    using Land = std::move_only_function<void(Result<reports::SharedReport>, std::int64_t took_us)>;

    ReportWork(Read read, Land land, std::function<std::int64_t()> monotonic_us);
    // What was neither run nor refused is refused (internal).
    ~ReportWork();
    ReportWork(ReportWork&& other) noexcept = default;
    ReportWork& operator=(ReportWork&&) = delete;

    // Reads and lands; what reading throws lands as internal.
    void run();
    // Lands the error, for whoever cannot run it.
    void refuse(Error why);

 private:
    struct State {
        Read read;
        Land land;
        std::function<std::int64_t()> monotonic_us;
    };
    std::unique_ptr<State> state_;  // until it has landed
};

}  // namespace daybook::app
