// Names are compared as they are written; a name that looks like an id is an id.
#include "cli/lookup.h"

#include <algorithm>

namespace daybook::cli {
namespace {

template <class Noun>
std::string list_of(const std::vector<Noun>& nouns) {
    constexpr std::size_t kShownMax = 20;
    std::string list;
    for (std::size_t i = 0; i < nouns.size() && i < kShownMax; ++i)
        list += (list.empty() ? "" : ", ") + nouns[i].name + " (" + nouns[i].id.to_string() + ")";
    return nouns.size() > kShownMax ? list + ", …" : list;
}

}  // namespace

Result<domain::Org> find_org(app::Store& store, std::string_view asked) {
    const auto orgs = TRY(store.orgs());
    if (orgs.empty()) {
        return fail(ErrorCode::not_found,
                    "There is no org yet. Make one: daybook org create --data DIR --name NAME");
    }
    std::vector<domain::Org> meant;
    for (const domain::Org& each : orgs)
        if (asked.empty() || each.name == asked || OrgId::parse(asked) == each.id)
            meant.push_back(each);
    if (meant.size() == 1) return meant.front();
    if (meant.empty()) {
        return fail(ErrorCode::not_found,
                    "There is no org '" + std::string(asked) + "'. There are: " + list_of(orgs));
    }
    return fail(ErrorCode::invalid_value,
                "Say which org you mean, with --org ID: " + list_of(meant));
}

Result<domain::User> find_user(app::Store& store, OrgId org, std::string_view asked) {
    const auto snapshot = TRY(store.snapshot(org));
    const std::string email = domain::email_key(asked);
    const auto id = UserId::parse(asked);
    for (domain::User& each : TRY(snapshot->users())) {
        if (each.status == domain::UserStatus::removed) continue;
        const bool is_meant = id ? each.id == *id : domain::email_key(each.email.value) == email;
        if (is_meant) return std::move(each);
    }
    return fail(ErrorCode::not_found, "There is no user '" + std::string(asked) +
                                          "'. List them: daybook user list --data DIR");
}

Result<domain::Property> find_property(const std::vector<domain::Property>& properties,
                                       std::string_view asked) {
    const auto id = PropertyId::parse(asked);
    const auto found = std::ranges::find_if(properties, [&](const domain::Property& each) {
        return id ? each.id == *id : each.name == asked;
    });
    if (found != properties.end()) return *found;
    const std::string there = properties.empty()
                                  ? "There is none yet. Add one: daybook property add"
                                  : "There are: " + list_of(properties);
    return fail(ErrorCode::not_found,
                "There is no property '" + std::string(asked) + "'. " + there);
}

}  // namespace daybook::cli
