// A store whose reads can be watched, held up and made to fail: for forcing the interleavings of
// readers with writers.
//
// Threads: as the store that it stands before; the hook is called on the reading thread.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <utility>
#include <vector>

#include "app/store.h"

namespace daybook::test {

// Moments of one read, in their order; `query` comes for each query of the snapshot.
enum class ReadPoint : std::uint8_t { before_snapshot, after_snapshot, query };

// Where a snapshot's head is read: in it, as it must be; or in the store, outside of it, which is
// the mistake that every cache library has made once.
enum class HeadFrom : std::uint8_t { snapshot, store };

class HookedStore final : public app::Store {
 public:
    // An error of the hook is what the read fails with.
    using Hook = std::function<Status(ReadPoint)>;

    explicit HookedStore(app::Store& store, HeadFrom head_from = HeadFrom::snapshot)
        : store_(store), head_from_(head_from) {}

    // For reads that begin from now on; gives back the one before. Not while another thread reads.
    std::shared_ptr<const Hook> set_hook(std::shared_ptr<const Hook> hook) {
        return std::exchange(hook_, std::move(hook));
    }
    std::shared_ptr<const Hook> set_hook(Hook hook) {
        return set_hook(std::make_shared<const Hook>(std::move(hook)));
    }

    void submit(app::Command command, app::Done done) override {
        store_.submit(std::move(command), std::move(done));
    }
    Result<std::unique_ptr<app::Snapshot>> snapshot(OrgId org) override;
    Result<std::vector<domain::Org>> orgs() override { return store_.orgs(); }
    Result<std::vector<app::Credential>> credentials() override { return store_.credentials(); }
    Result<std::string> webhook_secret(const app::WebhookKey& key) override {
        return store_.webhook_secret(key);
    }
    Result<app::SignInState> sign_in_state() override { return store_.sign_in_state(); }
    void listen(app::CommitListener& listener) override { store_.listen(listener); }
    void drain() override { store_.drain(); }
    Health health() override { return store_.health(); }

 private:
    app::Store& store_;
    const HeadFrom head_from_;
    std::shared_ptr<const Hook> hook_ =
        std::make_shared<const Hook>([](ReadPoint) { return Status(); });
};

}  // namespace daybook::test
