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

}  // namespace

void Agreement::check(Node& node, const std::vector<OrgId>& orgs, Instant now) {
    app::Authenticator loaded;
    loaded.load(node.store).value();
    for (const auto& [org, session] : node.store.sign_in_state().value().sessions) {
        sessions_.emplace(org, session.id);
    }
    std::vector<domain::Principal> people;
    for (const OrgId org : orgs) {
        const auto snapshot = node.store.snapshot(org).value();
        require(node.reports.cache().raised(org) == snapshot->head().value(),
                "I6: a node that has looked does not know the head");
        for (const domain::Token& each : snapshot->tokens().value()) tokens_.emplace(org, each.id);
        domain::Principal owner;
        owner.org = org;
        owner.role = domain::Role::owner;
        for (const domain::Property& each : snapshot->properties().value()) {
            require(node.reports.check_property(owner, each.id).has_value(),
                    "I6: a node that has looked does not know a property");
        }
        for (const domain::User& each : snapshot->users().value()) {
            people.push_back(console_principal(org, each.id, {}));
            require(node.authenticator.accounts_of(each.email.value, org, now) ==
                        loaded.accounts_of(each.email.value, org, now),
                    "I8: a node that has looked does not know who has an address");
        }
    }
    for (const auto& [org, id] : sessions_) people.push_back(console_principal(org, {}, id));
    for (const auto& [org, id] : tokens_) people.push_back(token_principal(org, id));
    for (const domain::Principal& each : people) {
        require(is_same(node.authenticator.current(each, now), loaded.current(each, now)),
                "I8: a node that has looked lets in somebody else than the database says");
    }
}

}  // namespace daybook::simulation
