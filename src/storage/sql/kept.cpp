// One read of each small table.
#include "storage/sql/kept.h"

#include <utility>

namespace daybook::storage::sql {
namespace {

template <class Rows, class Kept>
void keep(OrgId org, Rows rows, Kept& kept) {
    for (auto& each : rows) kept.insert_or_assign({org, each.id}, std::move(each));
}

}  // namespace

Result<app::Changes> kept_of(Tables& tables, OrgId org) {
    app::Changes kept;
    const auto head = TRY(tables.orgs.head(org));
    auto found = TRY(tables.orgs.find(org));
    if (!head || !found) return fail(ErrorCode::not_found, "There is no such org.");
    kept.heads.emplace(org, *head);
    kept.orgs.emplace(org, *std::move(found));
    keep(org, TRY(tables.properties.all(org)), kept.properties);
    keep(org, TRY(tables.users.all(org)), kept.users);
    keep(org, TRY(tables.tokens.all(org)), kept.tokens);
    kept.credentials = TRY(tables.tokens.credentials(org));
    keep(org, TRY(tables.webhooks.all(org)), kept.webhooks);
    const app::SignInState state = TRY(tables.sign_ins.state(org));
    for (const auto& [of, session] : state.sessions) {
        kept.sessions.insert_or_assign({of, session.id}, session);
    }
    for (const auto& [user, link] : state.links) kept.links.insert_or_assign(user, link);
    for (const auto& [use, at] : state.last_uses) kept.last_uses.insert_or_assign(use, at);
    return kept;
}

}  // namespace daybook::storage::sql
