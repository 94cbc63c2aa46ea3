// The reads of a store whose connections come from a pool: each in a read transaction of its own;
// and its writer, if it was opened for writing.
//
// `Pool` is an adapter's: lease() lends what TablesSnapshot reads from. Threads: as app::Store.
// Snapshots must be gone before the store is.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "app/store.h"
#include "storage/sql/tables_snapshot.h"
#include "storage/writer.h"

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
    Result<std::vector<std::pair<OrgId, domain::User>>> users() final {
        auto lease = TRY(readers_->lease());
        return lease->call([](Tables& tables) { return tables.users.everybody(); });
    }
    Result<std::string> webhook_secret(const app::WebhookKey& key) final {
        auto lease = TRY(readers_->lease());
        return lease->call([&](Tables& tables) { return tables.webhooks.secret(key); });
    }
    Result<app::SignInState> sign_in_state() final {
        auto lease = TRY(readers_->lease());
        return lease->call([](Tables& tables) { return tables.sign_ins.state(); });
    }

    void submit(app::Command command, app::Done done) final {
        if (Writer* writer = this->writer()) {
            return writer->submit(std::move(command), std::move(done));
        }
        done(fail(ErrorCode::read_only, "This data was opened to be read only."));
    }
    void listen(app::CommitListener& listener) final {
        if (Writer* writer = this->writer()) writer->listen(listener);
    }
    void load(OrgId org, std::move_only_function<void(Status)> done) final {
        if (Writer* writer = this->writer()) return writer->load(org, std::move(done));
        done(fail(ErrorCode::read_only, "This data was opened to be read only."));
    }
    void forget(std::vector<OrgId> orgs) final {
        if (Writer* writer = this->writer()) writer->forget(std::move(orgs));
    }
    void drain() final {
        if (Writer* writer = this->writer()) writer->drain();
    }
    Health health() override {
        if (Writer* writer = this->writer()) return writer->health();
        return {false, "opened to be read only", 0, 0};
    }

 protected:
    explicit PooledStore(std::unique_ptr<Pool> readers) : readers_(std::move(readers)) {}

 private:
    // The adapter's, which knows when it has to end; null for a store that is only read.
    virtual Writer* writer() = 0;

    std::unique_ptr<Pool> readers_;
};

}  // namespace daybook::storage::sql
