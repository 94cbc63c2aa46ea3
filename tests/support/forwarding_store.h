// A store that hands everything on to another: what tests' stores change a part of.
//
// Threads: as the store behind.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "app/store.h"

namespace daybook::test {

class ForwardingStore : public app::Store {
 public:
    // It outlives this one.
    explicit ForwardingStore(app::Store& to) : to_(to) {}

    void submit(app::Command command, app::Done done) override {
        to_.submit(std::move(command), std::move(done));
    }
    Result<std::unique_ptr<app::Snapshot>> snapshot(OrgId org) override {
        return to_.snapshot(org);
    }
    Result<std::vector<domain::Org>> orgs() override { return to_.orgs(); }
    Result<std::vector<app::Credential>> credentials() override { return to_.credentials(); }
    Result<std::vector<std::pair<OrgId, domain::User>>> users() override { return to_.users(); }
    Result<std::string> webhook_secret(const app::WebhookKey& key) override {
        return to_.webhook_secret(key);
    }
    Result<app::SignInState> sign_in_state() override { return to_.sign_in_state(); }
    void listen(app::CommitListener& listener) override { to_.listen(listener); }
    void load(OrgId org, std::move_only_function<void(Status)> done) override {
        to_.load(org, std::move(done));
    }
    void forget(std::vector<OrgId> orgs) override { to_.forget(std::move(orgs)); }
    void follow() override { to_.follow(); }
    Status clear_caches(OrgId org) override { return to_.clear_caches(org); }
    void drain() override { to_.drain(); }
    Health health() override { return to_.health(); }

 protected:
    [[nodiscard]] app::Store& to() const { return to_; }

 private:
    app::Store& to_;
};

}  // namespace daybook::test
