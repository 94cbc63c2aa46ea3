// A store whose reads can be watched, held up and made to fail: for forcing the interleavings of
// readers with writers.
//
// Threads: as the store that it stands before; the hook is called on the reading thread.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <utility>

#include "support/forwarding_store.h"

namespace daybook::test {

// Moments of one read, in their order; `query` comes for each query of the snapshot.
enum class ReadPoint : std::uint8_t { before_snapshot, after_snapshot, query };

// Where a snapshot's head is read: in it, as it must be; or in the store, outside of it, which is
// the mistake that every cache library has made once.
enum class HeadFrom : std::uint8_t { snapshot, store };

class HookedStore final : public ForwardingStore {
 public:
    // An error of the hook is what the read fails with.
    using Hook = std::function<Status(ReadPoint)>;

    explicit HookedStore(app::Store& store, HeadFrom head_from = HeadFrom::snapshot)
        : ForwardingStore(store), head_from_(head_from) {}

    // For reads that begin from now on; gives back the one before. Not while another thread reads.
    std::shared_ptr<const Hook> set_hook(std::shared_ptr<const Hook> hook) {
        return std::exchange(hook_, std::move(hook));
    }
    std::shared_ptr<const Hook> set_hook(Hook hook) {
        return set_hook(std::make_shared<const Hook>(std::move(hook)));
    }

    Result<std::unique_ptr<app::Snapshot>> snapshot(OrgId org) override;

 private:
    const HeadFrom head_from_;
    std::shared_ptr<const Hook> hook_ =
        std::make_shared<const Hook>([](ReadPoint) { return Status(); });
};

}  // namespace daybook::test
