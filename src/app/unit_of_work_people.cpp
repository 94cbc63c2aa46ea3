// People, and the side tables of what lets them in.
#include "app/unit_of_work.h"

namespace daybook::app {

using domain::User;

Result<const User*> UnitOfWork::user(const UserKey& key) {
    return users_.get(key, [this](const UserKey& at) { return transaction_.user(at); });
}

Result<std::vector<User>> UnitOfWork::users(OrgId org) {
    for (User& each : TRY(transaction_.users(org))) {
        (void)TRY(users_.get({org, each.id}, [&](const UserKey&) -> Result<std::optional<User>> {
            return std::move(each);
        }));
    }
    std::vector<User> users;
    users_.each_from({org, UserId{}}, [&](const UserKey& key, const User& row) {
        if (key.org != org) return false;
        users.push_back(row);
        return true;
    });
    return users;
}

Result<const Password*> UnitOfWork::password(const UserKey& key) {
    return passwords_.get(key, [this](const UserKey& at) { return transaction_.password(at); });
}

Result<const SignInSession*> UnitOfWork::session(const SessionKey& key) {
    return sessions_.get(key, [this](const SessionKey& at) { return transaction_.session(at); });
}

Result<std::vector<SignInSession>> UnitOfWork::sessions(const UserKey& key) {
    for (SignInSession& each : TRY(transaction_.sessions(key))) {
        (void)TRY(sessions_.get({key.org, each.id},
                                [&](const SessionKey&) -> Result<std::optional<SignInSession>> {
                                    return std::move(each);
                                }));
    }
    std::vector<SignInSession> sessions;
    sessions_.each_from({key.org, SessionId{}}, [&](const SessionKey& at, const auto& row) {
        if (at.org != key.org) return false;
        if (row.user == key.id && !row.ended) sessions.push_back(row);
        return true;
    });
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
