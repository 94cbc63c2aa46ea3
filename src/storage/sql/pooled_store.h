// The reads of a store whose connections come from a pool: each in a read transaction of its own.
//
// `Pool` is an adapter's: lease() lends what TablesSnapshot reads from. Threads: as app::Store.
// Snapshots must be gone before the store is.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "app/store.h"
#include "storage/sql/tables_snapshot.h"

namespace daybook::storage::sql {

template <class Pool>
class PooledStore : public app::Store {
 public:
    Result<std::unique_ptr<app::Snapshot>> snapshot(OrgId org) final {
        return TablesSnapshot<typename Pool::Lease>::open(TRY(readers_->lease()), org);
    }
    Result<std::vector<domain::Org>> orgs() final {
        auto lease = TRY(readers_->lease());
        return lease->call([](Tables& tables) { return tables.orgs.all(); });
    }
    Result<std::vector<app::Credential>> credentials() final {
        auto lease = TRY(readers_->lease());
        return lease->call([](Tables& tables) { return tables.tokens.credentials(); });
    }
    Result<std::string> webhook_secret(const app::WebhookKey& key) final {
        auto lease = TRY(readers_->lease());
        return lease->call([&](Tables& tables) { return tables.webhooks.secret(key); });
    }
    Result<app::SignInState> sign_in_state() final {
        auto lease = TRY(readers_->lease());
        return lease->call([](Tables& tables) { return tables.sign_ins.state(); });
    }

 protected:
    explicit PooledStore(std::unique_ptr<Pool> readers) : readers_(std::move(readers)) {}

 private:
    std::unique_ptr<Pool> readers_;
};

}  // namespace daybook::storage::sql
