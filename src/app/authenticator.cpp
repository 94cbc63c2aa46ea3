// The table of tokens in memory.
#include "app/authenticator.h"

#include <cstring>

#include "app/authorise.h"
#include "app/token_secret.h"

namespace daybook::app {

std::size_t Authenticator::HashOfHash::operator()(const Hash& hash) const noexcept {
    std::size_t front = 0;
    std::memcpy(&front, hash.data(), sizeof front);
    return front;
}

Status Authenticator::load(Store& store) {
    const auto credentials = TRY(store.credentials());
    std::vector<Known> known;
    for (const domain::Org& org : TRY(store.orgs())) {
        const auto snapshot = TRY(store.snapshot(org.id));
        for (domain::Token& token : TRY(snapshot->tokens()))
            known.push_back({org.id, std::move(token)});
    }
    const Lock lock(mutex_);
    for (Known& each : known) {
        const TokenId id = each.token.id;
        tokens_.insert_or_assign(id, std::move(each));
    }
    for (const Credential& each : credentials) {
        by_secret_.insert_or_assign(each.secret_hash, TokenKey{each.org, each.token});
    }
    return {};
}

Result<domain::Principal> Authenticator::authenticate(std::string_view token_text,
                                                      std::string_view address, Instant now) const {
    const auto unknown = [] {
        return fail(
            ErrorCode::unauthenticated,
            "Send a valid token: Authorization: Bearer dbk_… (daybook token create makes one).");
    };
    if (!is_token_text(token_text)) return unknown();
    const Hash hash = token_hash(token_text);
    const Lock lock(mutex_);
    const auto key = by_secret_.find(hash);
    if (key == by_secret_.end()) return unknown();
    const auto known = tokens_.find(key->second.id);
    if (known == tokens_.end()) return unknown();
    return principal_of(known->second.token, known->second.org, std::string(address), now);
}

Result<domain::Principal> Authenticator::current(const domain::Principal& principal,
                                                 Instant now) const {
    if (principal.via.kind != domain::ViaKind::token) return principal;
    const Lock lock(mutex_);
    const auto known = tokens_.find(principal.via.token);
    if (known == tokens_.end()) {
        return fail(ErrorCode::unauthenticated, "This token no longer exists.");
    }
    return principal_of(known->second.token, known->second.org, principal.address, now);
}

void Authenticator::committed(const Changes& changes) {
    if (changes.tokens.empty() && changes.credentials.empty()) return;
    const Lock lock(mutex_);
    for (const auto& [key, token] : changes.tokens) {
        tokens_.insert_or_assign(key.id, Known{key.org, token});
    }
    for (const Credential& each : changes.credentials) {
        by_secret_.insert_or_assign(each.secret_hash, TokenKey{each.org, each.token});
    }
}

}  // namespace daybook::app
