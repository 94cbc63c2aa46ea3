// Keeps the lease under which this node delivers for all that share a database, or waits for it.
//
// Operation: asks every limits::kLeaseRenewMs. Once it has the lease, `taken` is called with its
// fence; once another has it, or it could not be renewed for limits::kLeaseMs, or this node is not
// fit to deliver (it cannot save how far it is), `lost` is. Whether
// its holder was slow to notice does not matter to what is kept: the fence does (app/lease.h).
// Threads: any; `taken` and `lost` on the executor's, one at a time.
#pragma once

#include <functional>
#include <memory>

#include "app/lease.h"
#include "base/executor.h"

namespace daybook::delivery {

struct LeaseParts {
    app::Leases& leases;
    std::string_view lease;
    Uuid holder;
    Executor& executor;
    std::function<bool()> is_fit;             // whoever is not lets another have it
    std::function<Status(app::Fence)> taken;  // after an error it is tried again
    std::function<void()> lost;
};

class LeaseCore;

class LeaseKeeper {
 public:
    explicit LeaseKeeper(LeaseParts parts);
    ~LeaseKeeper();
    LeaseKeeper(const LeaseKeeper&) = delete;
    LeaseKeeper& operator=(const LeaseKeeper&) = delete;

    // Asks now, and then again and again.
    void start();
    // Asks no more, and gives the lease back. `lost` is not called.
    void stop();

 private:
    std::shared_ptr<LeaseCore> core_;
};

}  // namespace daybook::delivery
