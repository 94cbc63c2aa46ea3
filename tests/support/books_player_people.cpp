// Steps to what is done about people, and by them.
#include <utility>

#include "base/digest.h"
#include "support/books_player.h"

namespace daybook::test {
namespace {

constexpr int kActOfVisitors = 30;

// What lets somebody in is made from their id, so that every step finds it.
Hash secret_of(UserId user) {
    return sha256({user.value.bytes});
}

}  // namespace

UserId BooksPlayer::person(int index) {
    if (people_.empty()) return org_.new_id<UserId>();
    return people_.at(static_cast<std::size_t>(index) % people_.size());
}

domain::Principal BooksPlayer::actor(const Step& step) {
    if (step.act != kActOfVisitors) return who(step.who);
    domain::Principal visitor = org_.who(domain::Role::auditor, {});
    visitor.user = person(step.target);
    visitor.via.kind = domain::ViaKind::console;
    if (step.variant % 4 > 1) visitor.via.kind = domain::ViaKind::cli;
    return visitor;
}

app::CommandBody BooksPlayer::people_command(const Step& step) {
    switch (step.act) {
        case 27: return invite(step);
        case 28: return change_user(step);
        case 29: {
            const UserId user = person(step.target);
            if (step.variant % 3 == 0) return domain::RemoveUser{user};
            return app::MakeLink{
                user, {org_.new_id<LinkId>(), secret_of(user), Instant{kTestStart.ms + 1'000'000}}};
        }
        default: return visit(step);
    }
}

app::InviteUserWithLink BooksPlayer::invite(const Step& step) {
    app::InviteUserWithLink invite;
    invite.user.id = org_.new_id<UserId>();
    invite.user.name = "Person " + std::to_string(step.target);
    invite.user.email = "person" + std::to_string(step.target) + "@example.com";
    invite.user.grant.role = static_cast<domain::Role>(step.variant % 4);
    const bool is_limited = invite.user.grant.role != domain::Role::owner && step.variant % 8 > 3;
    if (is_limited) invite.user.grant.scope = {false, {place(step.place)}};
    if (step.variant % 11 == 0) invite.user.grant.until = Instant{kTestStart.ms + 5'000};
    invite.link = {org_.new_id<LinkId>(), secret_of(invite.user.id),
                   Instant{kTestStart.ms + 1'000'000}};
    people_.push_back(invite.user.id);
    return invite;
}

domain::ChangeUser BooksPlayer::change_user(const Step& step) {
    domain::ChangeUser change;
    change.id = person(step.target);
    const auto user = org_.snapshot()->user(change.id).value();
    change.version = user ? user->version : 1;
    if (step.variant % 3 != 0) change.role = static_cast<domain::Role>(step.variant % 4);
    if (step.variant % 3 == 1) change.scope = domain::Scope{false, {place(step.place)}};
    if (step.variant % 3 != 1) change.name = "Renamed " + std::to_string(step.variant % 5);
    if (step.variant % 7 == 0) change.until = std::optional<Instant>{};
    return change;
}

// What people do themselves: open their account, sign in and out, and say how they like it.
app::CommandBody BooksPlayer::visit(const Step& step) {
    const UserId user = person(step.target);
    const app::NewSession session{org_.new_id<SessionId>(), sha256({as_bytes("session")}), "test"};
    switch (step.variant % 4) {
        case 0:
            return app::AcceptLink{
                user, secret_of(user), std::nullopt, {user.value, "hash", kTestStart}, session};
        case 1: return app::StartSession{user, user.value, session};
        case 2: {
            const auto sessions = org_.snapshot()->sessions(user).value();
            return app::EndSession{sessions.empty() ? session.id : sessions.front().id};
        }
        default: break;
    }
    domain::ChangeMe change;
    change.language = step.amount % 2 == 0 ? "pt-PT" : "en";
    change.theme = static_cast<domain::Theme>(step.day % 3);
    return change;
}

}  // namespace daybook::test
