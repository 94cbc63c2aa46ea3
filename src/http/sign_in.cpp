// The steps of each way in.
#include "http/sign_in.h"

#include <utility>

#include "base/limits.h"
#include "domain/decide.h"
#include "domain/password.h"
#include "domain/rules.h"
#include "http/body_people.h"
#include "http/cookies.h"
#include "http/problem.h"
#include "http/render_entity.h"
#include "http/render_people.h"
#include "http/routes_call.h"

namespace daybook::http {
namespace {

using domain::Principal;
using domain::Role;
using domain::Scope;
using domain::User;
using domain::Via;
using domain::ViaKind;

constexpr std::size_t kAgentBytesMax = 200;

// Somebody who is not signed in yet, and brings a proof.
Principal visitor(const app::UserKey& user, const std::string& address) {
    return {user.org, user.id, Role::auditor, Scope{false, {}}, Via{ViaKind::console, {}}, address};
}

std::unexpected<Error> wrong_password() {
    return fail(ErrorCode::unauthenticated, "The e-mail address or the password is wrong.");
}

Error hashers_busy() {
    Error busy = error(ErrorCode::rate_limited,
                       "Too many are signing in at this moment. Try again in a few seconds.");
    busy.facts.emplace_back("retryAfterSeconds", "2");
    return busy;
}

std::string agent_of(const Request& request) {
    std::string agent(request.header("user-agent").value_or(""));
    agent.resize(std::min(agent.size(), kAgentBytesMax));
    const bool is_text = domain::check_text(agent, kAgentBytesMax, "").has_value();
    return is_text ? agent : std::string();
}

void refuse(const AuthCall& call, Error why) {
    (*call.respond)(problem_of(std::move(why), call.request->request_id));
}

// Reads the body, or answers what is wrong with it.
template <class Read>
auto body_of(const AuthCall& call, Read&& read) {
    auto body = read_body(*call.request, BodyNeed::required, read);
    if (!body) refuse(call, body.error());
    return body;
}

}  // namespace

struct SignIn::Founding {
    SetupBody body;
    std::optional<Hash> taken;  // of the setup's gate
};

struct SignIn::Attempt {
    app::SignInGuard::Slot slot = 0;
    std::vector<app::UserKey> accounts;
    std::string password;
};

// An account whose password was right, and which password that was.
struct SignIn::Proven {
    app::UserKey user;
    Uuid password;
};

struct SignIn::Opening {
    app::SignInGuard::Slot slot = 0;
    app::UserKey user;
    Hash secret{};
    std::optional<std::string> name;
    std::string password;
};

void SignIn::state(const AuthCall& call) {
    std::string body;
    JsonWriter json(body);
    json.begin_object();
    json.key("setupNeeded").boolean(!parts_.authenticator.has_orgs());
    json.key("signUp").boolean(parts_.sign_up == SignUp::on);
    json.key("version").string(parts_.version);
    json.end_object();
    (*call.respond)(json_response(200, std::move(body)));
}

SignIn::Begun SignIn::begin_session(const Request& request) {
    Begun begun;
    begun.text = app::new_secret(parts_.random, app::kSessionPrefix);
    begun.session.id = new_id<SessionId>(parts_.clock.now(), parts_.random);
    begun.session.secret_hash = app::token_hash(begun.text);
    begun.session.agent = agent_of(request);
    return begun;
}

std::function<void()> SignIn::forgiving(app::SignInGuard::Slot slot) {
    return [self = shared_from_this(), slot] { self->parts_.guard.forgive(slot); };
}

void SignIn::on_hasher(const AuthCall& call, std::function<Status()> task,
                       std::function<void()> undo) {
    const Status queued = parts_.hashers.submit([call, task = std::move(task)] {
        if (const Status done = task(); !done) refuse(call, done.error());
    });
    if (queued) return;
    undo();
    refuse(call, hashers_busy());
}

void SignIn::once_loaded(const AuthCall& call, std::vector<OrgId> orgs, std::function<void()> task,
                         std::function<void()> undo) {
    if (orgs.empty()) return task();
    const OrgId next = orgs.back();
    orgs.pop_back();
    parts_.store.load(
        next, [self = shared_from_this(), call, orgs = std::move(orgs), task = std::move(task),
               undo = std::move(undo)](Status loaded) mutable {
            if (loaded) {
                return self->once_loaded(call, std::move(orgs), std::move(task), std::move(undo));
            }
            undo();
            refuse(call, std::move(loaded).error());
        });
}

Result<app::Password> SignIn::new_password(std::string_view password) {
    const Instant now = parts_.clock.now();
    std::string hash = TRY(hash_password(password, parts_.cost));
    return app::Password{new_uuid(now, parts_.random), std::move(hash), now};
}

void SignIn::set_up(const AuthCall& call) {
    auto body = body_of(call, read_setup);
    if (!body) return;
    if (parts_.authenticator.has_orgs()) {
        return refuse(call, error(ErrorCode::already_created, "This was set up. Sign in instead."));
    }
    auto taken = parts_.gate.take(body->setup_token);
    if (!taken) return refuse(call, taken.error());
    start_founding(call, {*std::move(body), *taken}, [self = shared_from_this(), taken = *taken] {
        self->parts_.gate.give_back(taken);
    });
}

void SignIn::sign_up(const AuthCall& call) {
    if (parts_.sign_up == SignUp::off) {
        return refuse(call, error(ErrorCode::forbidden,
                                  "Nobody signs up here by themselves. Ask whoever runs this."));
    }
    auto body = body_of(call, read_sign_up);
    if (!body) return;
    // Each counts, whether it succeeds or not, but not against whoever has the address.
    const auto slot = parts_.guard.begin("sign-up:" + body->email, call.request->peer_address,
                                         parts_.clock.now());
    if (!slot) return refuse(call, slot.error());
    start_founding(call, {*std::move(body), std::nullopt}, forgiving(*slot));
}

void SignIn::start_founding(const AuthCall& call, Founding founding, std::function<void()> undo) {
    const auto taken = founding.taken;
    const auto task = [self = shared_from_this(), call, taken, founding = std::move(founding)] {
        Status done = self->found(call, founding);
        if (!done && taken) self->parts_.gate.give_back(*taken);
        return done;
    };
    on_hasher(call, task, std::move(undo));
}

Status SignIn::found(const AuthCall& call, Founding founding) {
    // What can be wrong is found before a hash is made of it.
    const SetupBody& body = founding.body;
    TRY(domain::check_name(body.org_name, "/orgName"));
    TRY(domain::check_password(body.password, {body.name, body.email, body.org_name}, "/password"));
    const Instant now = parts_.clock.now();
    app::FoundOrg found;
    found.org.id = new_id<OrgId>(now, parts_.random);
    found.org.name = body.org_name;
    found.org.operator_user = new_id<UserId>(now, parts_.random);
    for (std::size_t i = 0; i < domain::starter_categories().size(); ++i) {
        found.org.starter_ids.push_back(new_id<CategoryId>(now, parts_.random));
    }
    found.owner.id = new_id<UserId>(now, parts_.random);
    found.owner.name = body.name;
    found.owner.email = body.email;
    TRY(domain::found(found.owner, now));
    found.password = TRY(new_password(body.password));
    Begun begun = begin_session(*call.request);
    found.session = begun.session;
    const app::UserKey owner{found.org.id, found.owner.id};
    const auto refused = [self = shared_from_this(), taken = founding.taken](const Error&) {
        if (taken) self->parts_.gate.give_back(*taken);
    };
    submit_visit(call, owner, std::move(found), std::move(begun), 201, refused);
    return {};
}

void SignIn::sign_in(const AuthCall& call) {
    const auto body = body_of(call, read_sign_in);
    if (!body) return;
    const Instant now = parts_.clock.now();
    const auto slot = parts_.guard.begin(body->email, call.request->peer_address, now);
    if (!slot) return refuse(call, slot.error());
    const auto verify = [self = shared_from_this(), call, body = *body, slot = *slot, now] {
        Attempt attempt{slot, self->parts_.authenticator.accounts_of(body.email, body.org, now),
                        body.password};
        const auto task = [self, call, attempt = std::move(attempt)] {
            return self->verify_and_start(call, attempt);
        };
        self->on_hasher(call, task, self->forgiving(slot));
    };
    once_loaded(call, parts_.authenticator.unloaded_accounts(body->email, body->org), verify,
                forgiving(*slot));
}

Status SignIn::verify_and_start(const AuthCall& call, const Attempt& attempt) {
    bool has_compared = false;
    std::vector<Proven> proven;
    for (const app::UserKey& user : attempt.accounts) {
        const auto password = TRY(TRY(parts_.store.snapshot(user.org))->password(user.id));
        if (!password) continue;
        has_compared = true;
        if (verify_password(password->hash, attempt.password)) {
            proven.push_back({user, password->id});
        }
    }
    if (!has_compared) (void)verify_password(hash_of_nobody(parts_.cost), attempt.password);
    if (proven.empty()) return refuse_attempt(attempt);
    parts_.guard.forgive(attempt.slot);
    if (proven.size() > 1) {
        offer_choice(call, proven);
        return {};
    }
    const auto& [user, password] = proven.front();
    Begun begun = begin_session(*call.request);
    const app::StartSession start{user.id, password, begun.session};
    submit_visit(call, user, start, std::move(begun), 200, {});
    return {};
}

// Nobody but who has the password of each is told where there are accounts.
void SignIn::offer_choice(const AuthCall& call, const std::vector<Proven>& proven) {
    std::string body;
    JsonWriter json(body);
    json.begin_object().key("accounts").begin_array();
    for (const Proven& each : proven) {
        json.begin_object();
        json.key("orgId").string(each.user.org.to_string());
        json.key("orgName").string(parts_.authenticator.org_name(each.user.org));
        json.end_object();
    }
    json.end_array().end_object();
    constexpr int kMultipleChoices = 300;  // RFC 9110, 15.4.1
    (*call.respond)(json_response(kMultipleChoices, std::move(body)));
}

// Noted in the table of failures, in no org's log.
Status SignIn::refuse_attempt(const Attempt& attempt) {
    app::Note note;
    note.failed_sign_ins.emplace_back(attempt.slot, parts_.guard.failure(attempt.slot));
    Principal program;
    program.via.kind = ViaKind::cli;
    parts_.store.submit(app::Command{std::move(program), {}, std::nullopt, std::move(note)},
                        [](const Result<app::Outcome>&) {});
    return wrong_password();
}

void SignIn::accept(const AuthCall& call) {
    auto body = body_of(call, read_accept);
    if (!body) return;
    std::vector<OrgId> unloaded;
    if (const auto org = parts_.authenticator.unloaded_by(body->token)) unloaded.push_back(*org);
    const auto open = [self = shared_from_this(), call, body = *std::move(body)] {
        self->open_link(call, body);
    };
    once_loaded(call, std::move(unloaded), open, [] {});
}

void SignIn::open_link(const AuthCall& call, const AcceptBody& body) {
    const Instant now = parts_.clock.now();
    const auto user = parts_.authenticator.owner_of_link(body.token, now);
    if (!user) {
        return refuse(call, error(ErrorCode::not_found,
                                  "This link was used, replaced or has expired. Ask for a new "
                                  "one."));
    }
    const auto slot = parts_.guard.begin(user->id.to_string(), call.request->peer_address, now);
    if (!slot) return refuse(call, slot.error());
    const Opening opening{*slot, *user, app::token_hash(body.token), body.name, body.password};
    const auto task = [self = shared_from_this(), call, opening] {
        return self->accept_link(call, opening);
    };
    on_hasher(call, task, forgiving(*slot));
}

Status SignIn::accept_link(const AuthCall& call, const Opening& opening) {
    const app::UserKey& user = opening.user;
    const std::string& password = opening.password;
    {
        const auto snapshot = TRY(parts_.store.snapshot(user.org));
        const domain::Org org = TRY(snapshot->org());
        const auto known = TRY(snapshot->user(user.id));
        const User of = known.value_or(User{});
        TRY(domain::check_opening(of, opening.name));
        const std::string name = opening.name.value_or(of.name.value);
        TRY(domain::check_password(password, {name, of.email.value, org.name}, "/password"));
    }
    Begun begun = begin_session(*call.request);
    app::AcceptLink accept{user.id, opening.secret, opening.name, TRY(new_password(password)),
                           begun.session};
    parts_.guard.forgive(opening.slot);
    submit_visit(call, user, std::move(accept), std::move(begun), 200, {});
    return {};
}

void SignIn::change_password(const AuthCall& call) {
    const auto body = body_of(call, read_password);
    if (!body) return;
    const Principal& principal = call.principal.value();
    if (principal.via.kind != ViaKind::console) {
        return refuse(
            call, error(ErrorCode::forbidden, "A token has no password; sign in to change yours."));
    }
    const auto slot = parts_.guard.begin(principal.user.to_string(), call.request->peer_address,
                                         parts_.clock.now());
    if (!slot) return refuse(call, slot.error());
    const Attempt attempt{*slot, {{principal.org, principal.user}}, body->current};
    const auto task = [self = shared_from_this(), call, attempt, next = body->next] {
        return self->verify_and_change(call, attempt, next);
    };
    on_hasher(call, task, forgiving(*slot));
}

Status SignIn::verify_and_change(const AuthCall& call, const Attempt& attempt,
                                 const std::string& next) {
    const app::UserKey& user = attempt.accounts.front();
    app::ChangePassword change;
    {
        const auto snapshot = TRY(parts_.store.snapshot(user.org));
        const auto password = TRY(snapshot->password(user.id));
        if (!password || !verify_password(password->hash, attempt.password)) {
            return fail_field(ErrorCode::forbidden, "/currentPassword",
                              "This is not your present password.");
        }
        parts_.guard.forgive(attempt.slot);
        const auto known = TRY(snapshot->user(user.id));
        const domain::Org org = TRY(snapshot->org());
        const User of = known.value_or(User{});
        TRY(domain::check_password(next, {of.name.value, of.email.value, org.name},
                                   "/newPassword"));
        change.verified = password->id;
    }
    change.password = TRY(new_password(next));
    app::Command command{*call.principal, call.request->request_id, std::nullopt,
                         std::move(change)};
    parts_.store.submit(std::move(command), [call](Result<app::Outcome> outcome) {
        if (!outcome) return refuse(call, std::move(outcome).error());
        (*call.respond)(Response{.status = 204});
    });
    return {};
}

void SignIn::submit_visit(const AuthCall& call, const app::UserKey& user, app::CommandBody body,
                          Begun begun, int status, std::function<void(const Error&)> refused) {
    app::Command command{visitor(user, call.request->peer_address), call.request->request_id,
                         std::nullopt, std::move(body)};
    auto done = [self = shared_from_this(), call, user, begun = std::move(begun), status,
                 refused = std::move(refused)](Result<app::Outcome> outcome) {
        if (!outcome) {
            if (refused) refused(outcome.error());
            return refuse(call, std::move(outcome).error());
        }
        const auto& signed_in = std::get<User>(outcome->items.at(0).result.value());
        Principal principal{user.org,
                            user.id,
                            signed_in.grant.role,
                            signed_in.grant.scope,
                            Via{ViaKind::console, {}},
                            call.request->peer_address};
        principal.session = begun.session.id;
        const std::string org_name = self->parts_.authenticator.org_name(user.org);
        const auto write = [&](JsonWriter& json) {
            write_me(json, {principal, &signed_in, org_name});
        };
        Response response = json_response(status, json_of(write));
        response.headers.push_back({"Set-Cookie", session_cookie_set(begun.text, *call.request)});
        response.headers.push_back({"Daybook-Position", std::to_string(outcome->position)});
        (*call.respond)(std::move(response));
    };
    parts_.store.submit(std::move(command), std::move(done));
}

}  // namespace daybook::http
