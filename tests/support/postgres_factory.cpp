// Opens the store with its defaults.
#include "support/postgres_factory.h"

#include <utility>

#include "storage/postgres/store.h"
#include "support/postgres_server.h"

namespace daybook::test {
namespace {

class StoreOnLentDatabase final : public app::Store {
 public:
    explicit StoreOnLentDatabase(const app::Environment& environment)
        : store_(storage::postgres::open_store({.address = database_.address(),
                                                .clock = environment.clock,
                                                .random = environment.random})
                     .value()) {}

    void submit(app::Command command, app::Done done) override {
        store_->submit(std::move(command), std::move(done));
    }
    Result<std::unique_ptr<app::Snapshot>> snapshot(OrgId org) override {
        return store_->snapshot(org);
    }
    Result<std::vector<domain::Org>> orgs() override { return store_->orgs(); }
    Result<std::vector<app::Credential>> credentials() override { return store_->credentials(); }
    Result<std::string> webhook_secret(const app::WebhookKey& key) override {
        return store_->webhook_secret(key);
    }
    Result<app::SignInState> sign_in_state() override { return store_->sign_in_state(); }
    void listen(app::CommitListener& listener) override { store_->listen(listener); }
    void drain() override { store_->drain(); }
    Health health() override { return store_->health(); }

 private:
    LentDatabase database_;
    std::unique_ptr<app::Store> store_;
};

}  // namespace

std::unique_ptr<app::Store> open_postgres(const app::Environment& environment,
                                          const TemporaryDirectory&) {
    return std::make_unique<StoreOnLentDatabase>(environment);
}

}  // namespace daybook::test
