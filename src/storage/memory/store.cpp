// Wires the writer to the memory backend.
#include "storage/memory/store.h"

#include <utility>

namespace daybook::storage::memory {

MemoryStore::MemoryStore(const app::Environment& environment, Writer::Mode mode)
    : writer_(backend_, environment, mode) {}

void MemoryStore::submit(app::Command command, app::Done done) {
    writer_.submit(std::move(command), std::move(done));
}

Result<std::unique_ptr<app::Snapshot>> MemoryStore::snapshot(OrgId org) {
    return backend_.snapshot(org);
}

Result<std::vector<domain::Org>> MemoryStore::orgs() {
    return backend_.orgs();
}

Result<std::vector<app::Credential>> MemoryStore::credentials() {
    return backend_.credentials();
}

Result<std::vector<std::pair<OrgId, domain::User>>> MemoryStore::users() {
    return backend_.users();
}

Result<std::string> MemoryStore::webhook_secret(const app::WebhookKey& key) {
    return backend_.webhook_secret(key);
}

Result<app::SignInState> MemoryStore::sign_in_state() {
    return backend_.sign_in_state();
}

void MemoryStore::listen(app::CommitListener& listener) {
    writer_.listen(listener);
}

void MemoryStore::load(OrgId org, std::move_only_function<void(Status)> done) {
    writer_.load(org, std::move(done));
}

void MemoryStore::forget(std::vector<OrgId> orgs) {
    writer_.forget(std::move(orgs));
}

void MemoryStore::drain() {
    writer_.drain();
}

app::Store::Health MemoryStore::health() {
    return writer_.health();
}

void MemoryStore::fail_later(Operation operation, int nth, ErrorCode code) {
    backend_.fail_later(operation, nth, code);
}

}  // namespace daybook::storage::memory
