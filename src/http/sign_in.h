// Signing in, and what comes before it: setup, sign-up, invitations, resets, another password.
//
// Operation: the body is read where it arrives; passwords are hashed and compared by the hashers;
// what comes of it is a command like any other, which brings its proof (app/command.h). Unknown
// accounts take as long as known ones; where an address and password open several, the answer is
// 300 with their orgs, one of which is then named. Limits: the hashers' threads and queue
// (limits::kPasswordHashes…; above: 429), failed sign-ins (app/sign_in_guard.h).
// Threads: calls from any thread; they do not block.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/authenticator.h"
#include "app/setup_gate.h"
#include "app/sign_in_guard.h"
#include "app/store.h"
#include "base/clock.h"
#include "base/password_hash.h"
#include "http/body_people.h"
#include "http/message.h"
#include "http/worker_pool.h"

namespace daybook::http {

enum class SignUp : std::uint8_t { off, on };

struct SignInParts {
    app::Store& store;
    app::Authenticator& authenticator;
    app::SignInGuard& guard;
    app::SetupGate& gate;
    WorkerPool& hashers;
    const Clock& clock;
    Random& random;
    PasswordCost cost{};
    SignUp sign_up = SignUp::off;
    std::string version{};
};

// Shared, because hashers and the writer may answer several times.
using SharedRespond = std::shared_ptr<Respond>;

struct AuthCall {
    std::shared_ptr<const Request> request;
    std::optional<domain::Principal> principal;  // of those who are signed in
    SharedRespond respond;
};

class SignIn : public std::enable_shared_from_this<SignIn> {
 public:
    explicit SignIn(SignInParts parts) : parts_(std::move(parts)) {}

    void state(const AuthCall& call);
    void set_up(const AuthCall& call);
    void sign_up(const AuthCall& call);
    void sign_in(const AuthCall& call);
    void accept(const AuthCall& call);
    void change_password(const AuthCall& call);

 private:
    // A session to be, and its cookie's text.
    struct Begun {
        app::NewSession session;
        std::string text;
    };
    struct Founding;
    struct Attempt;
    struct Opening;
    struct Proven;

    Begun begin_session(const Request& request);
    // Runs the task on a hasher; its error is answered. If too many wait, the attempt costs
    // nothing: it is undone, and answered with rate_limited.
    void on_hasher(const AuthCall& call, std::function<Status()> task, std::function<void()> undo);
    [[nodiscard]] std::function<void()> forgiving(app::SignInGuard::Slot slot);
    // Runs the task once the orgs are loaded, at once or on the writer's thread. If one cannot be,
    // the attempt is undone, and the error answered.
    void once_loaded(const AuthCall& call, std::vector<OrgId> orgs, std::function<void()> task,
                     std::function<void()> undo);
    void open_link(const AuthCall& call, const AcceptBody& body);
    Status found(const AuthCall& call, Founding founding);
    void start_founding(const AuthCall& call, Founding founding, std::function<void()> undo);
    Status verify_and_start(const AuthCall& call, const Attempt& attempt);
    void offer_choice(const AuthCall& call, const std::vector<Proven>& proven);
    Status verify_and_change(const AuthCall& call, const Attempt& attempt, const std::string& next);
    Status accept_link(const AuthCall& call, const Opening& opening);
    Status refuse_attempt(const Attempt& attempt);
    Result<app::Password> new_password(std::string_view password);
    // Submits the command of somebody who is not signed in yet, and answers with their session.
    void submit_visit(const AuthCall& call, const app::UserKey& user, app::CommandBody body,
                      Begun begun, int status, std::function<void(const Error&)> refused);

    const SignInParts parts_;
};

}  // namespace daybook::http
