// People, sessions and reads of the trail as JSON; each one object whose members are all there.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "app/rows.h"
#include "base/json_writer.h"
#include "domain/principal.h"
#include "domain/user.h"

namespace daybook::http {

void write_user(JsonWriter& json, const domain::User& user);
// Who somebody is, for those who only see what that person did.
void write_user_name(JsonWriter& json, const domain::User& user);

// What the caller is: `user` is null for the operator of the machine and for tokens of theirs.
struct Me {
    const domain::Principal& principal;
    const domain::User* user;
    std::string_view org_name;
};
void write_me(JsonWriter& json, const Me& me);

struct SessionView {
    const app::SignInSession& session;
    std::optional<Instant> last_used_at;
    bool is_current = false;
};
void write_session(JsonWriter& json, const SessionView& view);

void write_access(JsonWriter& json, const app::AccessKey& key, const app::Access& access);

}  // namespace daybook::http
