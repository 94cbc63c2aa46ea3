// The handlers of people: invitations, grants, links, passwords and sessions.
//
// A credential is made, changed or taken away in a side table, and an event names it by its id.
#include <algorithm>
#include <utility>

#include "app/execution.h"
#include "base/limits.h"
#include "domain/rules.h"

namespace daybook::app {

using namespace domain;

namespace {

Error unknown_link() {
    return error(ErrorCode::not_found,
                 "This link was used, replaced or has expired. Ask for a new one.");
}

bool may_have_made_links(const User& user) {
    return user.grant.role == Role::owner || user.grant.role == Role::admin;
}

}  // namespace

Result<User> Execution::user(UserId id) {
    const User* found = TRY(work_.user({principal_.org, id}));
    if (found == nullptr) return fail(ErrorCode::not_found, "There is no such user.");
    return *found;
}

Status Execution::check_properties(const Scope& scope) {
    for (const PropertyId id : scope.properties) TRY(visible_property(work_, principal_, id));
    return {};
}

Result<std::vector<Item>> Execution::user_item(UserId id) {
    User user = TRY(this->user(id));
    std::vector<Item> items;
    items.push_back(Item{Entity(std::move(user)), TRY(work_.head(principal_.org)).position});
    return items;
}

// It lives as long as its kind may, and no longer than its maker.
Status Execution::keep_link(const User& user, CredentialKind kind, const NewLink& link) {
    const bool is_reset = kind == CredentialKind::reset;
    const std::int64_t most = is_reset ? limits::kResetMsMax : limits::kInvitationMsMax;
    Instant end = std::min(link.expires_at, Instant{now_.ms + most});
    const User* maker = TRY(work_.user({principal_.org, principal_.user}));
    if (maker != nullptr && maker->grant.until) end = std::min(end, *maker->grant.until);
    const SignInLink row{link.id, kind, link.secret_hash, end};
    work_.put_link({principal_.org, user.id}, row);
    TRY(append(credential_event(EventType::user_link_created, user.id, kind, link.id.value)));
    return {};
}

Status Execution::drop_link(UserId user) {
    const UserKey key{principal_.org, user};
    const SignInLink* link = TRY(work_.link(key));
    if (link == nullptr || link->used) return {};
    SignInLink used = *link;
    used.used = true;
    work_.put_link(key, used);
    return {};
}

Status Execution::drop_links_of_maker(const User& maker) {
    if (!may_have_made_links(maker)) return {};
    for (const User& each : TRY(work_.users(principal_.org))) TRY(drop_link(each.id));
    return {};
}

// A link that is still open would set it once more.
Status Execution::keep_password(UserId user, const Password& password) {
    TRY(drop_link(user));
    work_.put_password({principal_.org, user}, password);
    TRY(append(credential_event(EventType::user_password_changed, user, CredentialKind::password,
                                password.id)));
    return {};
}

Status Execution::end_session(UserId user, SignInSession session) {
    const SessionId id = session.id;
    session.ended = true;
    work_.put_session({principal_.org, id}, std::move(session));
    TRY(append(
        credential_event(EventType::user_signed_out, user, CredentialKind::session, id.value)));
    return {};
}

Status Execution::end_sessions(UserId user, SessionId kept) {
    for (SignInSession& each : TRY(work_.sessions({principal_.org, user}))) {
        if (each.id != kept) TRY(end_session(user, std::move(each)));
    }
    return {};
}

// What has run out goes, and the oldest where there are too many.
Status Execution::start_session(UserId user, const NewSession& session) {
    auto others = TRY(work_.sessions({principal_.org, user}));
    const auto is_over = [&](const SignInSession& each) { return each.expires_at() <= now_; };
    std::size_t room = limits::kSessionsPerUserMax - 1;
    for (auto each = others.rbegin(); each != others.rend(); ++each) {
        if (room > 0 && !is_over(*each)) {
            --room;
        } else {
            TRY(end_session(user, std::move(*each)));
        }
    }
    work_.put_session({principal_.org, session.id},
                      SignInSession{session.id, user, session.secret_hash, now_, principal_.address,
                                    session.agent});
    TRY(append(credential_event(EventType::user_signed_in, user, CredentialKind::session,
                                session.id.value)));
    return {};
}

Result<std::vector<Item>> Execution::operator()(const InviteUserWithLink& command) {
    const Context context = TRY(this->context());
    TRY(check_properties(command.user.grant.scope));
    const auto users = TRY(work_.users(principal_.org));
    Event event = TRY(decide(PeopleState{users}, command.user, context));
    TRY(append(std::move(event)));
    TRY(keep_link(TRY(user(command.user.id)), CredentialKind::invitation, command.link));
    return user_item(command.user.id);
}

Result<std::vector<Item>> Execution::operator()(const ChangeUser& command) {
    const Context context = TRY(this->context());
    TRY(check_administers(context));
    const User before = TRY(user(command.id));
    if (command.scope) TRY(check_properties(*command.scope));
    const auto users = TRY(work_.users(principal_.org));
    std::vector<Event> events = TRY(decide(UserState{before, users}, command, context));
    for (Event& event : events) TRY(append(std::move(event)));
    const User after = TRY(user(command.id));
    const bool is_another = after.grant.role != before.grant.role || after.email != before.email;
    if (is_another) TRY(drop_link(command.id));
    if (after.grant != before.grant) TRY(drop_links_of_maker(before));
    return user_item(command.id);
}

Result<std::vector<Item>> Execution::operator()(const ChangeMe& command) {
    const User before = TRY(user(principal_.user));
    const auto users = TRY(work_.users(principal_.org));
    Event event = TRY(decide(UserState{before, users}, command, TRY(context())));
    TRY(append(std::move(event)));
    return user_item(before.id);
}

// Password, links and sessions go with the user; tokens die by themselves (token_rights()).
Result<std::vector<Item>> Execution::operator()(const RemoveUser& command) {
    const Context context = TRY(this->context());
    TRY(check_administers(context));
    const User before = TRY(user(command.id));
    const auto users = TRY(work_.users(principal_.org));
    Event event = TRY(decide(UserState{before, users}, command, context));
    TRY(append(std::move(event)));
    TRY(end_sessions(command.id, SessionId{}));
    const UserKey key{principal_.org, command.id};
    if (const Password* password = TRY(work_.password(key))) {
        work_.put_password(key, Password{password->id, {}, now_});
    }
    TRY(drop_link(command.id));
    TRY(drop_links_of_maker(before));
    return user_item(command.id);
}

Result<std::vector<Item>> Execution::operator()(const MakeLink& command) {
    const Context context = TRY(this->context());
    TRY(check_administers(context));
    const User of = TRY(user(command.user));
    TRY(check_may_link(of, context));
    const bool is_invited = of.status == UserStatus::invited;
    TRY(keep_link(of, is_invited ? CredentialKind::invitation : CredentialKind::reset,
                  command.link));
    return user_item(of.id);
}

Result<std::vector<Item>> Execution::operator()(const AcceptLink& command) {
    const UserKey key{principal_.org, command.user};
    const SignInLink* found = TRY(work_.link(key));
    if (found == nullptr || found->used || found->secret_hash != command.secret_hash ||
        found->expires_at <= now_) {
        return std::unexpected(unknown_link());
    }
    const User before = TRY(user(command.user));
    const bool is_over = before.grant.until && *before.grant.until <= now_;
    if (before.status == UserStatus::removed || is_over) return std::unexpected(unknown_link());
    TRY(check_opening(before, command.name));
    if (before.status == UserStatus::invited) TRY(append(TRY(join(before, command.name))));
    TRY(end_sessions(command.user, SessionId{}));
    TRY(keep_password(command.user, command.password));
    TRY(start_session(command.user, command.session));
    return user_item(command.user);
}

Result<std::vector<Item>> Execution::operator()(const StartSession& command) {
    const UserKey key{principal_.org, command.user};
    const Password* password = TRY(work_.password(key));
    const User* found = TRY(work_.user(key));
    const bool holds = password != nullptr && password->id == command.verified &&
                       !password->hash.empty() && found != nullptr && is_in_force(*found, now_);
    if (!holds) {
        return fail(ErrorCode::unauthenticated, "The e-mail address or the password is wrong.");
    }
    TRY(start_session(command.user, command.session));
    return user_item(command.user);
}

Result<std::vector<Item>> Execution::operator()(const FoundOrg& command) {
    TRY(found_org(command.org));
    TRY(append(TRY(found(command.owner, now_))));
    TRY(keep_password(command.owner.id, command.password));
    TRY(start_session(command.owner.id, command.session));
    return user_item(command.owner.id);
}

Result<std::vector<Item>> Execution::operator()(const ChangePassword& command) {
    const UserKey key{principal_.org, principal_.user};
    const Password* before = TRY(work_.password(key));
    if (principal_.via.kind != ViaKind::console || before == nullptr ||
        before->id != command.verified) {
        return fail(ErrorCode::forbidden,
                    "The password has changed meanwhile. Sign in with the new one.");
    }
    TRY(keep_password(principal_.user, command.password));
    TRY(end_sessions(principal_.user, principal_.session));
    return user_item(principal_.user);
}

Result<std::vector<Item>> Execution::operator()(const EndSession& command) {
    const SignInSession* found = TRY(work_.session({principal_.org, command.id}));
    if (found == nullptr || found->ended || found->user != principal_.user) {
        return fail(ErrorCode::not_found, "You have no such session.");
    }
    TRY(end_session(principal_.user, *found));
    return user_item(principal_.user);
}

Result<std::vector<Item>> Execution::operator()(const Note& command) {
    if (principal_.via.kind != ViaKind::cli) {
        return fail(ErrorCode::forbidden, "Only this program notes what happens beside the books.");
    }
    work_.note(command);
    return std::vector<Item>{};
}

}  // namespace daybook::app
