// Orgs and properties as people name them: by id or by name.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/store.h"
#include "base/result.h"
#include "domain/property.h"
#include "domain/user.h"

namespace daybook::cli {

// The org of that id or name; the only one there is, if none is asked for. Errors: not_found,
// invalid_value (several are meant: it lists them).
Result<domain::Org> find_org(app::Store& store, std::string_view asked);

// The user of that id or e-mail address who was not removed. Error: not_found.
Result<domain::User> find_user(app::Store& store, OrgId org, std::string_view asked);

// Of these, the one of that id or name. Error: not_found, listing those that there are.
Result<domain::Property> find_property(const std::vector<domain::Property>& properties,
                                       std::string_view asked);

}  // namespace daybook::cli
