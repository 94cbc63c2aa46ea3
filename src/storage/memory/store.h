// The reference store: everything in memory, commands executed where they are submitted.
//
// Why: it is what the tests use instead of mocks, what the other stores are compared with, and,
// with faults that are asked for, how the writer's way out of errors is tested. Nothing is ever on
// a disk. Limits: none of its own; it ends with the process's memory. Threads: as app::Store.
// Snapshots must be gone before the store is.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <utility>
#include <vector>

#include "app/store.h"
#include "base/mutex.h"
#include "storage/memory/backend.h"
#include "storage/writer.h"

namespace daybook::storage::memory {

class MemoryStore final : public app::Store {
 public:
    explicit MemoryStore(const app::Environment& environment,
                         Writer::Mode mode = Writer::Mode::in_line);

    void submit(app::Command command, app::Done done) override;
    Result<std::unique_ptr<app::Snapshot>> snapshot(OrgId org) override;
    Result<std::vector<domain::Org>> orgs() override;
    Result<std::vector<app::Credential>> credentials() override;
    Result<std::vector<std::pair<OrgId, domain::User>>> users() override;
    Result<std::string> webhook_secret(const app::WebhookKey& key) override;
    Result<app::SignInState> sign_in_state() override;
    void listen(app::CommitListener& listener) override;
    void load(OrgId org, std::move_only_function<void(Status)> done) override;
    void forget(std::vector<OrgId> orgs) override;
    void drain() override;
    Health health() override;

    // The n-th such operation from now on fails with the code, once; 1 is the next.
    void fail_later(Operation operation, int nth, ErrorCode code);

 private:
    MemoryBackend backend_;
    Writer writer_;  // after the backend, which it uses until it is gone
};

}  // namespace daybook::storage::memory
