// The statements of users.
#include "storage/sql/user_table.h"

#include <cstring>
#include <utility>

namespace daybook::storage::sql {
namespace {

constexpr Table kUsers{"users", 2};

constexpr std::string_view kSelectUser =
    "select org, id, name, email, role, scope_all, scope_properties, until, status, language,"
    " theme, created_at, version, crc from users";

constexpr Query kFindUser{"user_find", kSelectUser, " where org = ?1 and id = ?2",
                          "SEARCH users USING INDEX users_by_id (org=? AND id=?)"};
constexpr Query kAllUsers{"user_all", kSelectUser, " where org = ?1 order by id",
                          "SEARCH users USING INDEX users_by_id (org=?)"};
constexpr Query kEverybody{"user_everybody", kSelectUser, "", "SCAN users"};
constexpr Query kPutUser{"user_put", R"(
    insert into users (org, id, name, email, role, scope_all, scope_properties, until, status,
        language, theme, created_at, version, crc)
        values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)
    on conflict (org, id) do update set
        name = excluded.name, email = excluded.email, role = excluded.role,
        scope_all = excluded.scope_all, scope_properties = excluded.scope_properties,
        until = excluded.until, status = excluded.status, language = excluded.language,
        theme = excluded.theme, created_at = excluded.created_at, version = excluded.version,
        crc = excluded.crc)",
                         "", ""};

std::pair<OrgId, domain::User> read_user_of_org(Row& row) {
    const auto org = row.id<OrgId>();
    domain::User user;
    user.id = row.id<UserId>();
    user.name = row.erasable();
    user.email = row.erasable();
    user.grant.role = row.named(domain::parse_role);
    user.grant.scope.all = row.flag();
    user.grant.scope.properties = read_properties(row.blob());
    user.grant.until = row.maybe([](Row& at) { return at.instant(); });
    user.status = row.named(domain::parse_user_status);
    user.language = row.text();
    user.theme = row.named(domain::parse_theme);
    user.created_at = row.instant();
    user.version = row.integer();
    return {org, std::move(user)};
}

domain::User read_user(Row& row) {
    return read_user_of_org(row).second;
}

}  // namespace

std::vector<PropertyId> read_properties(std::span<const std::uint8_t> bytes) {
    std::vector<PropertyId> properties(bytes.size() / sizeof(Uuid));
    for (std::size_t i = 0; i < properties.size(); ++i) {
        std::memcpy(properties[i].value.bytes.data(), bytes.data() + i * sizeof(Uuid),
                    sizeof(Uuid));
    }
    return properties;
}

std::vector<std::uint8_t> bytes_of(const std::vector<PropertyId>& properties) {
    std::vector<std::uint8_t> bytes;
    bytes.reserve(properties.size() * sizeof(Uuid));
    for (const PropertyId& each : properties) {
        bytes.insert(bytes.end(), each.value.bytes.begin(), each.value.bytes.end());
    }
    return bytes;
}

UserTable::UserTable(Connection& connection)
    : find_(connection, kFindUser),
      all_(connection, kAllUsers),
      everybody_(connection, kEverybody),
      put_(connection, kPutUser) {}

Result<std::optional<domain::User>> UserTable::find(const app::UserKey& key) {
    Run run(find_);
    run.with(key.org).with(key.id);
    return run.one(kUsers, read_user);
}

Result<std::vector<domain::User>> UserTable::all(OrgId org) {
    Run run(all_);
    run.with(org);
    return run.all(kUsers, read_user);
}

Result<std::vector<std::pair<OrgId, domain::User>>> UserTable::everybody() {
    Run run(everybody_);
    return run.all(kUsers, read_user_of_org);
}

Status UserTable::put(OrgId org, const domain::User& user) {
    const domain::Grant& grant = user.grant;
    const std::vector<std::uint8_t> properties = bytes_of(grant.scope.properties);
    Run run(put_);
    run.with(org).with(user.id).with(user.name).with(user.email);
    run.with(domain::role_name(grant.role)).with(grant.scope.all).with(properties);
    run.with(grant.until).with(domain::user_status_name(user.status)).with(user.language);
    run.with(domain::theme_name(user.theme)).with(user.created_at).with(user.version);
    return run.checksum().finish();
}

void add_user_queries(std::vector<const Query*>& queries) {
    queries.insert(queries.end(), {&kFindUser, &kAllUsers, &kEverybody, &kPutUser});
}

}  // namespace daybook::storage::sql
