// People, and the side tables of what lets them in.
#include "app/unit_of_work.h"

namespace daybook::app {

using domain::User;

Result<const User*> UnitOfWork::user(const UserKey& key) {
    return users_.get(key, [this](const UserKey& at) { return transaction_.user(at); });
}

Result<std::vector<User>> UnitOfWork::users(OrgId org) {
    for (User& each : TRY(transaction_.users(org))) {
        const UserKey key{org, each.id};
        users_.keep(key, std::move(each));
    }
    return users_.rows({org, UserId{}}, [&](const UserKey& key) { return key.org == org; });
}

Result<const Password*> UnitOfWork::password(const UserKey& key) {
    return passwords_.get(key, [this](const UserKey& at) { return transaction_.password(at); });
}

Result<const SignInSession*> UnitOfWork::session(const SessionKey& key) {
    return sessions_.get(key, [this](const SessionKey& at) { return transaction_.session(at); });
}

Result<std::vector<SignInSession>> UnitOfWork::sessions(const UserKey& key) {
    for (SignInSession& each : TRY(transaction_.sessions(key))) {
        const SessionKey at{key.org, each.id};
        sessions_.keep(at, std::move(each));
    }
    auto sessions = sessions_.rows({key.org, SessionId{}},
                                   [&](const SessionKey& at) { return at.org == key.org; });
    std::erase_if(sessions,
                  [&](const SignInSession& each) { return each.user != key.id || each.ended; });
    return sessions;
}

Result<const SignInLink*> UnitOfWork::link(const UserKey& key) {
    return links_.get(key, [this](const UserKey& at) { return transaction_.link(at); });
}

void UnitOfWork::put_password(const UserKey& key, Password password) {
    passwords_.put(key, std::move(password));
}

void UnitOfWork::put_session(const SessionKey& key, SignInSession session) {
    sessions_.put(key, std::move(session));
}

void UnitOfWork::put_link(const UserKey& key, SignInLink link) {
    links_.put(key, std::move(link));
}

void UnitOfWork::note(const Note& note) {
    for (const auto& [key, at] : note.last_uses) last_uses_.put(key, at);
    for (const auto& [slot, failed] : note.failed_sign_ins) failed_sign_ins_.put(slot, failed);
    for (const auto& [key, access] : note.accesses) accesses_.put(key, access);
}

}  // namespace daybook::app
