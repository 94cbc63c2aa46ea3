// Against an authenticator that has just been loaded.
#include "simulation/agreement.h"

#include "simulation/broken.h"

namespace daybook::simulation {
namespace {

bool is_same(const Result<domain::Principal>& one, const Result<domain::Principal>& other) {
    if (!one || !other) return one.has_value() == other.has_value();
    return one->org == other->org && one->user == other->user && one->role == other->role &&
           one->scope == other->scope && one->trusted == other->trusted;
}

domain::Principal console_principal(OrgId org, UserId user, SessionId session) {
    domain::Principal principal;
    principal.org = org;
    principal.user = user;
    principal.via.kind = domain::ViaKind::console;
    principal.session = session;
    return principal;
}

domain::Principal token_principal(OrgId org, TokenId token) {
    domain::Principal principal;
    principal.org = org;
    principal.via = {domain::ViaKind::token, token};
    return principal;
}

// What fails once is there the next time.
app::Changes kept_of(Node& node, OrgId org) {
    for (;;) {
        if (auto kept = node.disk.kept_of(org)) return *std::move(kept);
    }
}

void check_reports(Node& node, app::Snapshot& snapshot) {
    const OrgId org = snapshot.org().value().id;
    require(node.reports.cache().raised(org) == snapshot.head().value(),
            "I6: a node that has looked does not know the head");
    const app::SharedOrgEntry books = node.reports.directory().find(org);
    require(books != nullptr && books->properties == snapshot.properties().value(),
            "I6: a node that has looked does not know the properties");
}

// Of an org that is not loaded it knows at least that it is to be.
void check_address(const Node& node, const app::Authenticator& loaded, const app::UserKey& user,
                   const std::string& email, Instant now) {
    const auto accounts = loaded.accounts_of(email, user.org, now);
    const bool is_right = node.authenticator.is_loaded(user.org)
                              ? node.authenticator.accounts_of(email, user.org, now) == accounts
                              : accounts.empty() || node.authenticator.unloaded_accounts(
                                                        email, user.org) == std::vector{user.org};
    require(is_right, "I8: a node that has looked does not know who has an address");
}

}  // namespace

void Agreement::check(Node& node, const std::vector<OrgId>& orgs, Instant now) {
    app::Authenticator loaded;
    loaded.load(node.store).value();
    for (const auto& [org, session] : node.store.sign_in_state().value().sessions) {
        sessions_.emplace(org, session.id);
    }
    std::vector<domain::Principal> people;
    for (const OrgId org : orgs) {
        loaded.loaded(org, kept_of(node, org));
        const auto snapshot = node.store.snapshot(org).value();
        for (const domain::Token& each : snapshot->tokens().value()) tokens_.emplace(org, each.id);
        for (const domain::User& each : snapshot->users().value()) {
            people.push_back(console_principal(org, each.id, {}));
            check_address(node, loaded, {org, each.id}, each.email.value, now);
        }
        if (node.authenticator.is_loaded(org)) check_reports(node, *snapshot);
    }
    for (const auto& [org, id] : sessions_) people.push_back(console_principal(org, {}, id));
    for (const auto& [org, id] : tokens_) people.push_back(token_principal(org, id));
    for (const domain::Principal& each : people) {
        if (!node.authenticator.is_loaded(each.org)) continue;
        require(is_same(node.authenticator.current(each, now), loaded.current(each, now)),
                "I8: a node that has looked lets in somebody else than the database says");
    }
}

}  // namespace daybook::simulation
