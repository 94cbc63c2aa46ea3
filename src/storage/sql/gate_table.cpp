// The statements of the daily gate.
#include "storage/sql/gate_table.h"

namespace daybook::storage::sql {
namespace {

constexpr Table kUndecided{"undecided", 4};
constexpr Table kApprovals{"daily_approvals", 4};

constexpr std::string_view kSelectUndecided =
    "select org, property, user, date, count, crc from undecided";
constexpr Query kFindUndecided{
    "undecided_find", kSelectUndecided,
    " where org = ?1 and property = ?2 and user = ?3 and date = ?4",
    "SEARCH undecided USING PRIMARY KEY (org=? AND property=? AND user=? AND date=?)"};
constexpr Query kUndecidedBefore{
    "undecided_before", kSelectUndecided,
    " where org = ?1 and property = ?2 and user = ?3 and date < ?4 order by date",
    "SEARCH undecided USING PRIMARY KEY (org=? AND property=? AND user=? AND date<?)"};
constexpr Query kUndecidedOf{"undecided_of_property", kSelectUndecided,
                             " where org = ?1 and property = ?2 order by user, date",
                             "SEARCH undecided USING PRIMARY KEY (org=? AND property=?)"};
constexpr Query kPutUndecided{"undecided_put", R"(
    insert into undecided (org, property, user, date, count, crc)
        values (?1, ?2, ?3, ?4, ?5, ?6)
    on conflict (org, property, user, date) do update set
        count = excluded.count, crc = excluded.crc)",
                              "", ""};
constexpr Query kDropUndecided{
    "undecided_drop", "delete from undecided",
    " where org = ?1 and property = ?2 and user = ?3 and date = ?4",
    "SEARCH undecided USING PRIMARY KEY (org=? AND property=? AND user=? AND date=?)"};

constexpr std::string_view kSelectApproval =
    "select org, property, date, user, reason, granted_by, granted_at, revoked, crc"
    " from daily_approvals";
constexpr Query kFindApproval{
    "daily_approval_find", kSelectApproval,
    " where org = ?1 and property = ?2 and date = ?3 and user = ?4",
    "SEARCH daily_approvals USING PRIMARY KEY (org=? AND property=? AND date=? AND user=?)"};
constexpr Query kApprovalsOfDay{
    "daily_approval_of_day", kSelectApproval,
    " where org = ?1 and property = ?2 and date = ?3 order by user",
    "SEARCH daily_approvals USING PRIMARY KEY (org=? AND property=? AND date=?)"};
constexpr Query kPutApproval{"daily_approval_put", R"(
    insert into daily_approvals (org, property, date, user, reason, granted_by, granted_at,
        revoked, crc)
        values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
    on conflict (org, property, date, user) do update set
        reason = excluded.reason, granted_by = excluded.granted_by,
        granted_at = excluded.granted_at, revoked = excluded.revoked, crc = excluded.crc)",
                             "", ""};

app::Undecided read_undecided(Row& row) {
    app::Undecided undecided;
    row.skip();  // org
    row.skip();  // property
    undecided.user = row.id<UserId>();
    undecided.date = row.date();
    undecided.count = row.integer();
    return undecided;
}

domain::DailyApproval read_approval(Row& row) {
    domain::DailyApproval approval;
    row.skip();  // org
    approval.property = row.id<PropertyId>();
    approval.date = row.date();
    approval.user = row.id<UserId>();
    approval.reason = row.erasable();
    approval.by = row.id<UserId>();
    approval.at = row.instant();
    approval.revoked = row.flag();
    return approval;
}

}  // namespace

GateTable::GateTable(Connection& connection)
    : undecided_(connection, kFindUndecided),
      undecided_before_(connection, kUndecidedBefore),
      undecided_of_(connection, kUndecidedOf),
      put_undecided_(connection, kPutUndecided),
      drop_undecided_(connection, kDropUndecided),
      approval_(connection, kFindApproval),
      approvals_(connection, kApprovalsOfDay),
      put_approval_(connection, kPutApproval) {}

Result<std::optional<std::int64_t>> GateTable::undecided(const app::UndecidedKey& key) {
    Run run(undecided_);
    run.with(key.org).with(key.property).with(key.user).with(key.date);
    const auto found = TRY(run.one(kUndecided, read_undecided));
    if (!found) return std::nullopt;
    return found->count;
}

Result<std::vector<std::pair<domain::BusinessDate, std::int64_t>>> GateTable::undecided_before(
    const app::UndecidedKey& key) {
    Run run(undecided_before_);
    run.with(key.org).with(key.property).with(key.user).with(key.date);
    return run.all(kUndecided, [](Row& row) {
        const app::Undecided undecided = read_undecided(row);
        return std::pair(undecided.date, undecided.count);
    });
}

Result<std::vector<app::Undecided>> GateTable::undecided_of(const app::PropertyKey& property) {
    Run run(undecided_of_);
    run.with(property.org).with(property.id);
    return run.all(kUndecided, read_undecided);
}

Status GateTable::put(const app::UndecidedKey& key, std::int64_t count) {
    Run run(count == 0 ? drop_undecided_ : put_undecided_);
    run.with(key.org).with(key.property).with(key.user).with(key.date);
    if (count == 0) return run.finish();
    return run.with(count).checksum().finish();
}

Result<std::optional<domain::DailyApproval>> GateTable::approval(const app::DailyApprovalKey& key) {
    Run run(approval_);
    run.with(key.org).with(key.property).with(key.date).with(key.user);
    return run.one(kApprovals, read_approval);
}

Result<std::vector<domain::DailyApproval>> GateTable::approvals(const app::PropertyKey& property,
                                                                domain::BusinessDate date) {
    Run run(approvals_);
    run.with(property.org).with(property.id).with(date);
    return run.all(kApprovals, read_approval);
}

Status GateTable::put(OrgId org, const domain::DailyApproval& approval) {
    Run run(put_approval_);
    run.with(org).with(approval.property).with(approval.date).with(approval.user);
    run.with(approval.reason).with(approval.by).with(approval.at).with(approval.revoked);
    return run.checksum().finish();
}

void add_gate_queries(std::vector<const Query*>& queries) {
    queries.insert(queries.end(),
                   {&kFindUndecided, &kUndecidedBefore, &kUndecidedOf, &kPutUndecided,
                    &kDropUndecided, &kFindApproval, &kApprovalsOfDay, &kPutApproval});
}

}  // namespace daybook::storage::sql
