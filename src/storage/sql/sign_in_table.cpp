// The statements of credentials, their uses and their failures, and of reads of the trail.
#include "storage/sql/sign_in_table.h"

#include <algorithm>
#include <limits>

#include "base/limits.h"

namespace daybook::storage::sql {
namespace {

constexpr Table kPasswords{"passwords", 2};
constexpr Table kSessions{"sign_in_sessions", 2};
constexpr Table kLinks{"sign_in_links", 2};
constexpr Table kLastUses{"last_uses", 2};
constexpr Table kFailed{"failed_sign_ins", 1};
constexpr Table kAccesses{"access_log", 4};

constexpr Query kPassword{"password_find", "select org, user, id, hash, set_at, crc from passwords",
                          " where org = ?1 and user = ?2",
                          "SEARCH passwords USING PRIMARY KEY (org=? AND user=?)"};
constexpr Query kPutPassword{"password_put", R"(
    insert into passwords (org, user, id, hash, set_at, crc)
        values (?1, ?2, ?3, ?4, ?5, ?6)
    on conflict (org, user) do update set
        id = excluded.id, hash = excluded.hash, set_at = excluded.set_at, crc = excluded.crc)",
                             "", ""};
constexpr Query kDropPassword{"password_drop", "delete from passwords",
                              " where org = ?1 and user = ?2",
                              "SEARCH passwords USING PRIMARY KEY (org=? AND user=?)"};

constexpr std::string_view kSelectSession =
    "select org, id, user, secret_hash, created_at, address, agent, crc from sign_in_sessions";
constexpr Query kSession{"session_find", kSelectSession, " where org = ?1 and id = ?2",
                         "SEARCH sign_in_sessions USING PRIMARY KEY (org=? AND id=?)"};
// By itself SQLite would read all sessions of the org, in the order of its key.
constexpr Query kSessionsOf{
    "session_of_user",
    "select org, id, user, secret_hash, created_at, address, agent, crc from sign_in_sessions"
    " indexed by sign_in_sessions_by_user",
    " where org = ?1 and user = ?2 order by id",
    "SEARCH sign_in_sessions USING INDEX sign_in_sessions_by_user (org=? AND user=?)"};
// Of one org: where another node has changed something.
constexpr Query kOrgSessions{"session_of_org", kSelectSession, " where org = ?1",
                             "SEARCH sign_in_sessions USING PRIMARY KEY (org=?)"};
// Every org of the node, at start; so are the other lists below.
constexpr Query kAllSessions{"session_all", kSelectSession, "", "SCAN sign_in_sessions"};
constexpr Query kPutSession{"session_put", R"(
    insert into sign_in_sessions (org, id, user, secret_hash, created_at, address, agent, crc)
        values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
    on conflict (org, id) do update set
        user = excluded.user, secret_hash = excluded.secret_hash,
        created_at = excluded.created_at, address = excluded.address, agent = excluded.agent,
        crc = excluded.crc)",
                            "", ""};
constexpr Query kDropSession{"session_drop", "delete from sign_in_sessions",
                             " where org = ?1 and id = ?2",
                             "SEARCH sign_in_sessions USING PRIMARY KEY (org=? AND id=?)"};

constexpr std::string_view kSelectLink =
    "select org, user, id, kind, secret_hash, expires_at, crc from sign_in_links";
constexpr Query kLink{"link_find", kSelectLink, " where org = ?1 and user = ?2",
                      "SEARCH sign_in_links USING PRIMARY KEY (org=? AND user=?)"};
constexpr Query kOrgLinks{"link_of_org", kSelectLink, " where org = ?1",
                          "SEARCH sign_in_links USING PRIMARY KEY (org=?)"};
constexpr Query kAllLinks{"link_all", kSelectLink, "", "SCAN sign_in_links"};
constexpr Query kPutLink{"link_put", R"(
    insert into sign_in_links (org, user, id, kind, secret_hash, expires_at, crc)
        values (?1, ?2, ?3, ?4, ?5, ?6, ?7)
    on conflict (org, user) do update set
        id = excluded.id, kind = excluded.kind, secret_hash = excluded.secret_hash,
        expires_at = excluded.expires_at, crc = excluded.crc)",
                         "", ""};
constexpr Query kDropLink{"link_drop", "delete from sign_in_links", " where org = ?1 and user = ?2",
                          "SEARCH sign_in_links USING PRIMARY KEY (org=? AND user=?)"};

constexpr std::string_view kSelectUse = "select org, credential, used_at, crc from last_uses";
constexpr Query kLastUsesOf{"last_use_of_org", kSelectUse, " where org = ?1",
                            "SEARCH last_uses USING PRIMARY KEY (org=?)"};
constexpr Query kAllLastUses{"last_use_all", kSelectUse, "", "SCAN last_uses"};
constexpr Query kPutLastUse{"last_use_put", R"(
    insert into last_uses (org, credential, used_at, crc)
        values (?1, ?2, ?3, ?4)
    on conflict (org, credential) do update set used_at = excluded.used_at, crc = excluded.crc)",
                            "", ""};
constexpr Query kDropLastUse{"last_use_drop", "delete from last_uses",
                             " where org = ?1 and credential = ?2",
                             "SEARCH last_uses USING PRIMARY KEY (org=? AND credential=?)"};

constexpr Query kAllFailed{"failed_sign_in_all",
                           "select slot, account, address, failed_at, crc from failed_sign_ins", "",
                           "SCAN failed_sign_ins"};
constexpr Query kPutFailed{"failed_sign_in_put", R"(
    insert into failed_sign_ins (slot, account, address, failed_at, crc)
        values (?1, ?2, ?3, ?4, ?5)
    on conflict (slot) do update set
        account = excluded.account, address = excluded.address, failed_at = excluded.failed_at,
        crc = excluded.crc)",
                           "", ""};

constexpr Query kAccessList{
    "access_list",
    "select org, hour, user, filter_hash, read_at, via, filter, address, crc from access_log",
    " where org = ?1 and (hour, user, filter_hash) < (?2, ?3, ?4)"
    " order by hour desc, user desc, filter_hash desc limit ?5",
    "SEARCH access_log USING PRIMARY KEY (org=? AND (hour,user,filter_hash)<(?,?,?))"};
constexpr Query kPutAccess{"access_put", R"(
    insert into access_log (org, hour, user, filter_hash, read_at, via, filter, address, crc)
        values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
    on conflict (org, hour, user, filter_hash) do nothing)",
                           "", ""};
constexpr Query kPruneAccess{"access_prune", "delete from access_log",
                             " where org = ?1 and hour < ?2",
                             "SEARCH access_log USING PRIMARY KEY (org=? AND hour<?)"};

constexpr std::int64_t kHourMs = 3'600'000;

app::Hash16 read_half_hash(Row& row) {
    app::Hash16 hash{};
    const auto bytes = row.blob();
    if (bytes.size() == hash.size()) std::ranges::copy(bytes, hash.begin());
    return hash;
}

std::pair<OrgId, app::SignInSession> read_session(Row& row) {
    const auto org = row.id<OrgId>();
    app::SignInSession session;
    session.id = row.id<SessionId>();
    session.user = row.id<UserId>();
    session.secret_hash = row.hash();
    session.created_at = row.instant();
    session.address = row.text();
    session.agent = row.text();
    return {org, std::move(session)};
}

app::SignInSession read_own_session(Row& row) {
    return read_session(row).second;
}

std::pair<app::UserKey, app::SignInLink> read_link(Row& row) {
    app::UserKey key;
    key.org = row.id<OrgId>();
    key.id = row.id<UserId>();
    app::SignInLink link;
    link.id = row.id<LinkId>();
    link.kind = row.named(domain::parse_credential_kind);
    link.secret_hash = row.hash();
    link.expires_at = row.instant();
    return {key, link};
}

std::pair<app::LastUseKey, Instant> read_last_use(Row& row) {
    app::LastUseKey key;
    key.org = row.id<OrgId>();
    key.credential = row.uuid();
    return {key, row.instant()};
}

}  // namespace

SignInTable::SignInTable(Connection& connection)
    : password_(connection, kPassword),
      put_password_(connection, kPutPassword),
      drop_password_(connection, kDropPassword),
      session_(connection, kSession),
      sessions_(connection, kSessionsOf),
      all_sessions_(connection, kAllSessions),
      org_sessions_(connection, kOrgSessions),
      put_session_(connection, kPutSession),
      drop_session_(connection, kDropSession),
      link_(connection, kLink),
      all_links_(connection, kAllLinks),
      org_links_(connection, kOrgLinks),
      put_link_(connection, kPutLink),
      drop_link_(connection, kDropLink),
      last_uses_(connection, kLastUsesOf),
      all_last_uses_(connection, kAllLastUses),
      put_last_use_(connection, kPutLastUse),
      drop_last_use_(connection, kDropLastUse),
      failed_(connection, kAllFailed),
      put_failed_(connection, kPutFailed) {}

Result<std::optional<app::Password>> SignInTable::password(const app::UserKey& key) {
    Run run(password_);
    run.with(key.org).with(key.id);
    return run.one(kPasswords, [](Row& row) {
        row.skip();  // org
        row.skip();  // user
        app::Password password;
        password.id = row.uuid();
        password.hash = row.text();
        password.set_at = row.instant();
        return password;
    });
}

Status SignInTable::put(const app::UserKey& key, const app::Password& password) {
    if (password.hash.empty()) {
        Run run(drop_password_);
        return run.with(key.org).with(key.id).finish();
    }
    Run run(put_password_);
    run.with(key.org).with(key.id).with(password.id).with(password.hash).with(password.set_at);
    return run.checksum().finish();
}

Result<std::optional<app::SignInSession>> SignInTable::session(const app::SessionKey& key) {
    Run run(session_);
    run.with(key.org).with(key.id);
    return run.one(kSessions, read_own_session);
}

Result<std::vector<app::SignInSession>> SignInTable::sessions(const app::UserKey& key) {
    Run run(sessions_);
    run.with(key.org).with(key.id);
    return run.all(kSessions, read_own_session);
}

Status SignInTable::put(const app::SessionKey& key, const app::SignInSession& session) {
    if (session.ended) {
        Run use(drop_last_use_);
        TRY(use.with(key.org).with(key.id.value).finish());
        Run run(drop_session_);
        return run.with(key.org).with(key.id).finish();
    }
    Run run(put_session_);
    run.with(key.org).with(key.id).with(session.user).with(session.secret_hash);
    run.with(session.created_at).with(session.address).with(session.agent);
    return run.checksum().finish();
}

Result<std::optional<app::SignInLink>> SignInTable::link(const app::UserKey& key) {
    Run run(link_);
    run.with(key.org).with(key.id);
    return run.one(kLinks, [](Row& row) { return read_link(row).second; });
}

Status SignInTable::put(const app::UserKey& key, const app::SignInLink& link) {
    if (link.used) {
        Run run(drop_link_);
        return run.with(key.org).with(key.id).finish();
    }
    Run run(put_link_);
    run.with(key.org).with(key.id).with(link.id).with(domain::credential_kind_name(link.kind));
    run.with(link.secret_hash).with(link.expires_at);
    return run.checksum().finish();
}

Result<std::map<Uuid, Instant>> SignInTable::last_uses(OrgId org) {
    Run run(last_uses_);
    run.with(org);
    std::map<Uuid, Instant> uses;
    for (const auto& [key, at] : TRY(run.all(kLastUses, read_last_use))) {
        uses.emplace(key.credential, at);
    }
    return uses;
}

Status SignInTable::put(const app::LastUseKey& key, Instant used_at) {
    Run run(put_last_use_);
    run.with(key.org).with(key.credential).with(used_at);
    return run.checksum().finish();
}

Status SignInTable::put(std::int64_t slot, const app::FailedSignIn& failed) {
    Run run(put_failed_);
    run.with(slot).with(std::span<const std::uint8_t>(failed.account)).with(failed.address);
    run.with(failed.at);
    return run.checksum().finish();
}

Result<app::SignInState> SignInTable::state() {
    app::SignInState state;
    {
        Run run(all_sessions_);
        state.sessions = TRY(run.all(kSessions, read_session));
    }
    {
        Run run(all_links_);
        state.links = TRY(run.all(kLinks, read_link));
    }
    {
        Run run(all_last_uses_);
        state.last_uses = TRY(run.all(kLastUses, read_last_use));
    }
    Run run(failed_);
    state.failed_sign_ins = TRY(run.all(kFailed, [](Row& row) {
        const std::int64_t slot = row.integer();
        app::FailedSignIn failed;
        failed.account = read_half_hash(row);
        failed.address = row.text();
        failed.at = row.instant();
        return std::pair(slot, std::move(failed));
    }));
    return state;
}

Result<app::SignInState> SignInTable::state(OrgId org) {
    app::SignInState state;
    {
        Run run(org_sessions_);
        run.with(org);
        state.sessions = TRY(run.all(kSessions, read_session));
    }
    {
        Run run(org_links_);
        run.with(org);
        state.links = TRY(run.all(kLinks, read_link));
    }
    Run run(last_uses_);
    run.with(org);
    state.last_uses = TRY(run.all(kLastUses, read_last_use));
    return state;
}

AccessTable::AccessTable(Connection& connection)
    : list_(connection, kAccessList),
      put_(connection, kPutAccess),
      prune_(connection, kPruneAccess) {}

Result<std::vector<std::pair<app::AccessKey, app::Access>>> AccessTable::list(
    OrgId org, const std::optional<app::AccessKey>& before, std::size_t limit) {
    const app::AccessKey after_all{org, std::numeric_limits<std::int64_t>::max(), {}, {}};
    const app::AccessKey& from = before ? *before : after_all;
    Run run(list_);
    run.with(org).with(from.hour).with(from.user);
    run.with(std::span<const std::uint8_t>(from.filter_hash)).with(limit);
    return run.all(kAccesses, [](Row& row) {
        app::AccessKey key;
        key.org = row.id<OrgId>();
        key.hour = row.integer();
        key.user = row.id<UserId>();
        key.filter_hash = read_half_hash(row);
        app::Access access;
        access.at = row.instant();
        access.via = row.text();
        access.filter = row.text();
        access.address = row.text();
        return std::pair(key, std::move(access));
    });
}

Status AccessTable::put(const app::AccessKey& key, const app::Access& access) {
    {
        Run run(prune_);
        TRY(run.with(key.org).with(key.hour - limits::kAccessKeptMs / kHourMs).finish());
    }
    Run run(put_);
    run.with(key.org).with(key.hour).with(key.user);
    run.with(std::span<const std::uint8_t>(key.filter_hash)).with(access.at);
    run.with(access.via).with(access.filter).with(access.address);
    return run.checksum().finish();
}

void add_sign_in_queries(std::vector<const Query*>& queries) {
    queries.insert(
        queries.end(),
        {&kPassword,    &kPutPassword, &kDropPassword, &kSession,     &kSessionsOf, &kAllSessions,
         &kOrgSessions, &kPutSession,  &kDropSession,  &kLink,        &kAllLinks,   &kOrgLinks,
         &kPutLink,     &kDropLink,    &kLastUsesOf,   &kAllLastUses, &kPutLastUse, &kDropLastUse,
         &kAllFailed,   &kPutFailed,   &kAccessList,   &kPutAccess,   &kPruneAccess});
}

}  // namespace daybook::storage::sql
