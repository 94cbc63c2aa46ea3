// Bodies of requests about people and about signing in.
#pragma once

#include <optional>
#include <string>

#include "domain/commands.h"
#include "http/body_reader.h"

namespace daybook::http {

domain::InviteUser read_invitation(BodyReader& body);
domain::ChangeUser read_user_patch(BodyReader& body);
domain::ChangeMe read_me_patch(BodyReader& body);

struct SetupBody {
    std::string setup_token;  // empty for a sign-up
    std::string name;
    std::string email;
    std::string password;
    std::string org_name;
};
SetupBody read_setup(BodyReader& body);
SetupBody read_sign_up(BodyReader& body);

struct SignInBody {
    std::string email;
    std::string password;
    std::optional<OrgId> org;  // for those who have the same e-mail address and password in two
};
SignInBody read_sign_in(BodyReader& body);

struct AcceptBody {
    std::string token;
    std::optional<std::string> name;
    std::string password;
};
AcceptBody read_accept(BodyReader& body);

struct PasswordBody {
    std::string current;
    std::string next;
};
PasswordBody read_password(BodyReader& body);

}  // namespace daybook::http
