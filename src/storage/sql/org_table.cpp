// The statements of orgs, heads, tokens and their secrets.
#include "storage/sql/org_table.h"

#include <string>

#include "storage/sql/user_table.h"

namespace daybook::storage::sql {
namespace {

constexpr Table kOrgs{"orgs", 1};
constexpr Table kHeadTable{"heads", 1};
constexpr Table kTokens{"tokens", 2};
constexpr Table kTokenSecrets{"token_secrets", 1};

constexpr std::string_view kSelectOrg =
    "select id, name, fiscal_start_month, manager_days_back, operator_user, created_at, version,"
    " blind_count, variance_tolerance_minor, daily_gate, four_eyes_above_minor, crc from orgs";

constexpr Query kFindOrg{"org_find", kSelectOrg, " where id = ?1",
                         "SEARCH orgs USING INDEX orgs_by_id (id=?)"};
// Every org of the node: at start, and for the sweep of heads.
constexpr Query kAllOrgs{"org_all", kSelectOrg, " order by id", "SCAN orgs USING INDEX orgs_by_id"};
constexpr Query kPutOrg{"org_put", R"(
    insert into orgs (id, name, fiscal_start_month, manager_days_back, operator_user, created_at,
        version, blind_count, variance_tolerance_minor, daily_gate, four_eyes_above_minor, crc)
        values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)
    on conflict (id) do update set
        name = excluded.name, fiscal_start_month = excluded.fiscal_start_month,
        manager_days_back = excluded.manager_days_back, operator_user = excluded.operator_user,
        created_at = excluded.created_at, version = excluded.version,
        blind_count = excluded.blind_count,
        variance_tolerance_minor = excluded.variance_tolerance_minor,
        daily_gate = excluded.daily_gate,
        four_eyes_above_minor = excluded.four_eyes_above_minor, crc = excluded.crc)",
                        "", ""};

constexpr Query kHead{"head_find", "select org, position, hash, crc from heads", " where org = ?1",
                      "SEARCH heads USING PRIMARY KEY (org=?)"};
// What nodes that share a database compare with what they know; these two are never asked of
// SQLite.
constexpr Query kHeads{"head_all", "select org, position, hash, crc from heads", "", "SCAN heads"};
constexpr Query kPutHead{"head_put", R"(
    insert into heads (org, position, hash, crc)
        values (?1, ?2, ?3, ?4)
    on conflict (org) do update set
        position = excluded.position, hash = excluded.hash, crc = excluded.crc)",
                         "", ""};

constexpr std::string_view kSelectToken =
    "select org, id, name, user, role, flags, scope_properties, expires_at, revoked,"
    " created_at, version, crc from tokens";

constexpr Query kFindToken{"token_find", kSelectToken, " where org = ?1 and id = ?2",
                           "SEARCH tokens USING INDEX tokens_by_id (org=? AND id=?)"};
constexpr Query kAllTokens{"token_all", kSelectToken, " where org = ?1 order by id",
                           "SEARCH tokens USING INDEX tokens_by_id (org=?)"};
constexpr Query kPutToken{"token_put", R"(
    insert into tokens (org, id, name, user, role, flags, scope_properties, expires_at, revoked,
        created_at, version, crc)
        values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)
    on conflict (org, id) do update set
        name = excluded.name, user = excluded.user, role = excluded.role,
        flags = excluded.flags, scope_properties = excluded.scope_properties,
        expires_at = excluded.expires_at, revoked = excluded.revoked,
        created_at = excluded.created_at, version = excluded.version, crc = excluded.crc)",
                          "", ""};

// Every org of the node, at start.
constexpr Query kCredentials{"token_secret_all", "select secret_hash, org, token, crc",
                             " from token_secrets", "SCAN token_secrets"};
constexpr Query kCredentialsOf{"token_secret_of_org", "select secret_hash, org, token, crc",
                               " from token_secrets where org = ?1",
                               "SEARCH token_secrets USING INDEX token_secrets_by_org (org=?)"};
constexpr Query kPutCredential{"token_secret_put", R"(
    insert into token_secrets (secret_hash, org, token, crc)
        values (?1, ?2, ?3, ?4)
    on conflict (secret_hash) do update set
        org = excluded.org, token = excluded.token, crc = excluded.crc)",
                               "", ""};

std::pair<OrgId, app::Head> read_head(Row& row) {
    const auto org = row.id<OrgId>();
    app::Head head;
    head.position = row.integer();
    head.hash = row.hash();
    return {org, head};
}

app::Credential read_credential(Row& row) {
    app::Credential credential;
    credential.secret_hash = row.hash();
    credential.org = row.id<OrgId>();
    credential.token = row.id<TokenId>();
    return credential;
}

domain::Org read_org(Row& row) {
    domain::Org org;
    org.id = row.id<OrgId>();
    org.name = row.text();
    org.fiscal_start_month = row.small();
    org.manager_days_back = row.small();
    org.operator_user = row.id<UserId>();
    org.created_at = row.instant();
    org.version = row.integer();
    org.day_rules.blind_count = row.flag();
    org.day_rules.variance_tolerance_minor = row.maybe([](Row& at) { return at.integer(); });
    org.daily_gate = row.flag();
    org.approvals.four_eyes_above_minor = row.maybe([](Row& at) { return at.integer(); });
    return org;
}

// The column flags of a token.
constexpr std::int64_t kSeesAll = 1;
constexpr std::int64_t kTrusted = 2;

domain::Token read_token(Row& row) {
    domain::Token token;
    row.skip();  // org
    token.id = row.id<TokenId>();
    token.name = row.text();
    token.user = row.id<UserId>();
    token.role = row.named(domain::parse_role);
    const std::int64_t flags = row.integer();
    token.scope.all = (flags & kSeesAll) != 0;
    token.trusted = (flags & kTrusted) != 0;
    token.scope.properties = read_properties(row.blob());
    token.expires_at = row.maybe([](Row& at) { return at.instant(); });
    token.revoked = row.flag();
    token.created_at = row.instant();
    token.version = row.integer();
    return token;
}

}  // namespace

OrgTable::OrgTable(Connection& connection)
    : find_(connection, kFindOrg),
      all_(connection, kAllOrgs),
      put_(connection, kPutOrg),
      head_(connection, kHead),
      heads_(connection, kHeads),
      put_head_(connection, kPutHead) {}

Result<std::optional<domain::Org>> OrgTable::find(OrgId org) {
    Run run(find_);
    run.with(org);
    return run.one(kOrgs, read_org);
}

Result<std::vector<domain::Org>> OrgTable::all() {
    Run run(all_);
    return run.all(kOrgs, read_org);
}

Status OrgTable::put(const domain::Org& org) {
    Run run(put_);
    run.with(org.id).with(org.name).with(org.fiscal_start_month).with(org.manager_days_back);
    run.with(org.operator_user).with(org.created_at).with(org.version);
    run.with(org.day_rules.blind_count).with(org.day_rules.variance_tolerance_minor);
    run.with(org.daily_gate).with(org.approvals.four_eyes_above_minor);
    return run.checksum().finish();
}

Result<std::optional<app::Head>> OrgTable::head(OrgId org) {
    Run run(head_);
    run.with(org);
    return run.one(kHeadTable, [](Row& row) { return read_head(row).second; });
}

Result<std::vector<std::pair<OrgId, app::Head>>> OrgTable::heads() {
    Run run(heads_);
    return run.all(kHeadTable, read_head);
}

Status OrgTable::put_head(OrgId org, const app::Head& head) {
    Run run(put_head_);
    run.with(org).with(head.position).with(head.hash);
    return run.checksum().finish();
}

TokenTable::TokenTable(Connection& connection)
    : find_(connection, kFindToken),
      all_(connection, kAllTokens),
      put_(connection, kPutToken),
      credentials_(connection, kCredentials),
      credentials_of_(connection, kCredentialsOf),
      put_credential_(connection, kPutCredential) {}

Result<std::optional<domain::Token>> TokenTable::find(const app::TokenKey& key) {
    Run run(find_);
    run.with(key.org).with(key.id);
    return run.one(kTokens, read_token);
}

Result<std::vector<domain::Token>> TokenTable::all(OrgId org) {
    Run run(all_);
    run.with(org);
    return run.all(kTokens, read_token);
}

Status TokenTable::put(OrgId org, const domain::Token& token) {
    const std::vector<std::uint8_t> properties = bytes_of(token.scope.properties);
    Run run(put_);
    run.with(org).with(token.id).with(token.name).with(token.user);
    const std::int64_t flags = (token.scope.all ? kSeesAll : 0) | (token.trusted ? kTrusted : 0);
    run.with(domain::role_name(token.role)).with(flags).with(properties);
    run.with(token.expires_at).with(token.revoked).with(token.created_at).with(token.version);
    return run.checksum().finish();
}

Result<std::vector<app::Credential>> TokenTable::credentials() {
    Run run(credentials_);
    return run.all(kTokenSecrets, read_credential);
}

Result<std::vector<app::Credential>> TokenTable::credentials(OrgId org) {
    Run run(credentials_of_);
    run.with(org);
    return run.all(kTokenSecrets, read_credential);
}

Status TokenTable::put_credential(const app::Credential& credential) {
    Run run(put_credential_);
    run.with(credential.secret_hash).with(credential.org).with(credential.token);
    return run.checksum().finish();
}

void add_org_queries(std::vector<const Query*>& queries) {
    queries.insert(queries.end(),
                   {&kFindOrg, &kAllOrgs, &kPutOrg, &kHead, &kHeads, &kPutHead, &kFindToken,
                    &kAllTokens, &kPutToken, &kCredentials, &kCredentialsOf, &kPutCredential});
}

}  // namespace daybook::storage::sql
