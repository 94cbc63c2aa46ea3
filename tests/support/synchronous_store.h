// Makes of any store one that has answered when submit() returns, as the memory store does: for
// tests that decide themselves what happens when.
//
// Threads: one that submits; the store behind may have others.
#pragma once

#include <thread>
#include <utility>

#include "app/store.h"
#include "base/mutex.h"

namespace daybook::test {

class SynchronousStore final : public app::Store {
 public:
    explicit SynchronousStore(app::Store& store) : store_(store) {}

    void submit(app::Command command, app::Done done) override EXCLUDES(mutex_);
    Result<std::unique_ptr<app::Snapshot>> snapshot(OrgId org) override {
        return store_.snapshot(org);
    }
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
    void answer(app::Done& done, Result<app::Outcome> outcome) EXCLUDES(mutex_);

    app::Store& store_;
    Mutex mutex_;
    Condition answered_;
    int unanswered_ GUARDED_BY(mutex_) = 0;
    std::thread::id answering_ GUARDED_BY(mutex_);  // within a Done
};

}  // namespace daybook::test
