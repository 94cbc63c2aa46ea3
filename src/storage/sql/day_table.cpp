// The statements of closed days, frozen reports and locks.
#include "storage/sql/day_table.h"

#include <cstring>
#include <span>

namespace daybook::storage::sql {
namespace {

constexpr Table kClosings{"closings", 4};
constexpr Table kFrozenReports{"frozen_reports", 2};
constexpr Table kLocks{"locks", 2};
constexpr Table kLockExceptions{"lock_exceptions", 3};

constexpr std::string_view kSelectClosing =
    "select org, property, date, revision, number, cash_counted_minor, cash_variance_minor,"
    " bank_counted_minor, bank_variance_minor, expected_minor, pending_cash_minor, counted_by,"
    " needs_acknowledgement, report_hash, closed_by, closed_at, position, reopened_by, reopened_at,"
    " acknowledged_by, acknowledged_at, crc from closings";

constexpr Query kLatestClosing{
    "closing_latest", kSelectClosing,
    " where org = ?1 and property = ?2 and date = ?3 order by revision desc limit 1",
    "SEARCH closings USING PRIMARY KEY (org=? AND property=? AND date=?)"};
constexpr Query kClosingsBetween{
    "closing_between", kSelectClosing,
    " where org = ?1 and property = ?2 and date between ?3 and ?4 order by date, revision",
    "SEARCH closings USING PRIMARY KEY (org=? AND property=? AND date>? AND date<?)"};
constexpr Query kUnacknowledged{
    "closing_unacknowledged", kSelectClosing,
    " indexed by closings_unacknowledged where org = ?1 and needs_acknowledgement = 1"
    " and reopened_at is null and acknowledged_at is null order by property, date",
    "SEARCH closings USING INDEX closings_unacknowledged (org=?)"};
constexpr Query kPutClosing{"closing_put", R"(
    insert into closings (org, property, date, revision, number, cash_counted_minor,
        cash_variance_minor, bank_counted_minor, bank_variance_minor, expected_minor,
        pending_cash_minor, counted_by, needs_acknowledgement, report_hash, closed_by, closed_at,
        position, reopened_by, reopened_at, acknowledged_by, acknowledged_at, crc)
        values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18,
            ?19, ?20, ?21, ?22)
    on conflict (org, property, date, revision) do update set
        reopened_by = excluded.reopened_by, reopened_at = excluded.reopened_at,
        acknowledged_by = excluded.acknowledged_by, acknowledged_at = excluded.acknowledged_at,
        crc = excluded.crc)",
                            "", ""};

constexpr Query kFindReport{
    "frozen_report_find", "select org, hash, bytes, crc from frozen_reports",
    " where org = ?1 and hash = ?2",
    "SEARCH frozen_reports USING INDEX frozen_reports_by_hash (org=? AND hash=?)"};
constexpr Query kKeepReport{"frozen_report_keep", R"(
    insert into frozen_reports (org, hash, bytes, crc)
        values (?1, ?2, ?3, ?4)
    on conflict (org, hash) do nothing)",
                            "", ""};

constexpr std::string_view kSelectLock =
    "select org, property, through, reason, set_by, set_at, lifted, version, crc from locks";
constexpr Query kFindLock{"lock_find", kSelectLock, " where org = ?1 and property = ?2",
                          "SEARCH locks USING PRIMARY KEY (org=? AND property=?)"};
constexpr Query kAllLocks{"lock_all", kSelectLock, " where org = ?1 order by property",
                          "SEARCH locks USING PRIMARY KEY (org=?)"};
constexpr Query kPutLock{"lock_put", R"(
    insert into locks (org, property, through, reason, set_by, set_at, lifted, version, crc)
        values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
    on conflict (org, property) do update set
        through = excluded.through, reason = excluded.reason, set_by = excluded.set_by,
        set_at = excluded.set_at, lifted = excluded.lifted, version = excluded.version,
        crc = excluded.crc)",
                         "", ""};

constexpr std::string_view kSelectException =
    "select org, property, user, until, reason, granted_by, granted_at, revoked, crc"
    " from lock_exceptions";
constexpr Query kFindException{
    "lock_exception_find", kSelectException, " where org = ?1 and property = ?2 and user = ?3",
    "SEARCH lock_exceptions USING PRIMARY KEY (org=? AND property=? AND user=?)"};
constexpr Query kAllExceptions{"lock_exception_all", kSelectException,
                               " where org = ?1 order by property, user",
                               "SEARCH lock_exceptions USING PRIMARY KEY (org=?)"};
constexpr Query kPutException{"lock_exception_put", R"(
    insert into lock_exceptions (org, property, user, until, reason, granted_by, granted_at,
        revoked, crc)
        values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
    on conflict (org, property, user) do update set
        until = excluded.until, reason = excluded.reason, granted_by = excluded.granted_by,
        granted_at = excluded.granted_at, revoked = excluded.revoked, crc = excluded.crc)",
                              "", ""};

std::optional<domain::CountedAccount> read_counted(Row& row) {
    const auto counted = row.maybe([](Row& at) { return at.integer(); });
    const auto variance = row.maybe([](Row& at) { return at.integer(); });
    if (!counted || !variance) return std::nullopt;
    return domain::CountedAccount{*counted, *variance};
}

std::optional<UserId> read_user(Row& row) {
    return row.maybe([](Row& at) { return at.id<UserId>(); });
}

std::optional<Instant> read_instant(Row& row) {
    return row.maybe([](Row& at) { return at.instant(); });
}

domain::Closing read_closing(Row& row) {
    domain::Closing closing;
    row.skip();  // org
    closing.property = row.id<PropertyId>();
    closing.date = row.date();
    closing.revision = row.integer();
    closing.number = row.integer();
    closing.counted[0] = read_counted(row);
    closing.counted[1] = read_counted(row);
    closing.expected_minor = row.integer();
    closing.pending_cash_minor = row.integer();
    closing.counted_by = read_user(row);
    closing.needs_acknowledgement = row.flag();
    closing.report = row.hash();
    closing.by = row.id<UserId>();
    closing.at = row.instant();
    closing.position = row.integer();
    closing.reopened_by = read_user(row);
    closing.reopened_at = read_instant(row);
    closing.acknowledged_by = read_user(row);
    closing.acknowledged_at = read_instant(row);
    return closing;
}

// The column of the property: empty for the whole org.
std::span<const std::uint8_t> place_of(const std::optional<PropertyId>& property) {
    if (!property) return {};
    return property->value.bytes;
}

std::optional<PropertyId> read_place(Row& row) {
    const auto bytes = row.blob();
    PropertyId property;
    if (bytes.size() != property.value.bytes.size()) return std::nullopt;
    std::memcpy(property.value.bytes.data(), bytes.data(), bytes.size());
    return property;
}

domain::PeriodLock read_lock(Row& row) {
    domain::PeriodLock lock;
    row.skip();  // org
    lock.property = read_place(row);
    lock.through = row.date();
    lock.reason = row.erasable();
    lock.by = row.id<UserId>();
    lock.at = row.instant();
    lock.lifted = row.flag();
    lock.version = row.integer();
    return lock;
}

domain::LockException read_exception(Row& row) {
    domain::LockException exception;
    row.skip();  // org
    exception.property = read_place(row);
    exception.user = row.id<UserId>();
    exception.until = row.instant();
    exception.reason = row.erasable();
    exception.by = row.id<UserId>();
    exception.at = row.instant();
    exception.revoked = row.flag();
    return exception;
}

void with_counted(Run& run, const std::optional<domain::CountedAccount>& counted) {
    if (counted) {
        run.with(counted->counted_minor).with(counted->variance_minor);
    } else {
        run.with(std::nullopt).with(std::nullopt);
    }
}

}  // namespace

DayTable::DayTable(Connection& connection)
    : latest_(connection, kLatestClosing),
      between_(connection, kClosingsBetween),
      unacknowledged_(connection, kUnacknowledged),
      put_closing_(connection, kPutClosing),
      report_(connection, kFindReport),
      keep_report_(connection, kKeepReport),
      lock_(connection, kFindLock),
      locks_(connection, kAllLocks),
      put_lock_(connection, kPutLock),
      exception_(connection, kFindException),
      exceptions_(connection, kAllExceptions),
      put_exception_(connection, kPutException) {}

Result<std::optional<domain::Closing>> DayTable::latest(const app::PropertyKey& property,
                                                        domain::BusinessDate date) {
    Run run(latest_);
    run.with(property.org).with(property.id).with(date);
    return run.one(kClosings, read_closing);
}

Result<std::vector<domain::Closing>> DayTable::latest_between(const app::PropertyKey& property,
                                                              domain::DateRange dates) {
    Run run(between_);
    run.with(property.org).with(property.id).with(dates.from).with(dates.to);
    std::vector<domain::Closing> latest;
    for (domain::Closing& each : TRY(run.all(kClosings, read_closing))) {
        if (!latest.empty() && latest.back().date == each.date) latest.pop_back();
        latest.push_back(std::move(each));
    }
    return latest;
}

Result<std::vector<domain::Closing>> DayTable::revisions(const app::PropertyKey& property,
                                                         domain::BusinessDate date) {
    Run run(between_);
    run.with(property.org).with(property.id).with(date).with(date);
    return run.all(kClosings, read_closing);
}

Result<std::vector<domain::Closing>> DayTable::unacknowledged(OrgId org) {
    Run run(unacknowledged_);
    run.with(org);
    return run.all(kClosings, read_closing);
}

Status DayTable::put(OrgId org, const domain::Closing& closing) {
    Run run(put_closing_);
    run.with(org).with(closing.property).with(closing.date).with(closing.revision);
    run.with(closing.number);
    with_counted(run, closing.counted[0]);
    with_counted(run, closing.counted[1]);
    run.with(closing.expected_minor).with(closing.pending_cash_minor).with(closing.counted_by);
    run.with(closing.needs_acknowledgement).with(closing.report).with(closing.by);
    run.with(closing.at).with(closing.position);
    run.with(closing.reopened_by).with(closing.reopened_at);
    run.with(closing.acknowledged_by).with(closing.acknowledged_at);
    return run.checksum().finish();
}

Result<std::optional<std::string>> DayTable::frozen_report(OrgId org, const Hash& hash) {
    Run run(report_);
    run.with(org).with(hash);
    return run.one(kFrozenReports, [](Row& row) {
        row.skip();  // org
        row.skip();  // hash
        return std::string(row.text());
    });
}

Status DayTable::keep(const app::FrozenReport& report) {
    Run run(keep_report_);
    run.with(report.org).with(report.hash).with(std::string_view(report.bytes));
    return run.checksum().finish();
}

Result<std::optional<domain::PeriodLock>> DayTable::lock(const app::LockKey& key) {
    Run run(lock_);
    run.with(key.org).with(place_of(key.property));
    return run.one(kLocks, read_lock);
}

Result<std::vector<domain::PeriodLock>> DayTable::locks(OrgId org) {
    Run run(locks_);
    run.with(org);
    return run.all(kLocks, read_lock);
}

Status DayTable::put(OrgId org, const domain::PeriodLock& lock) {
    Run run(put_lock_);
    run.with(org).with(place_of(lock.property)).with(lock.through).with(lock.reason);
    run.with(lock.by).with(lock.at).with(lock.lifted).with(lock.version);
    return run.checksum().finish();
}

Result<std::optional<domain::LockException>> DayTable::lock_exception(
    const app::LockExceptionKey& key) {
    Run run(exception_);
    run.with(key.org).with(place_of(key.property)).with(key.user);
    return run.one(kLockExceptions, read_exception);
}

Result<std::vector<domain::LockException>> DayTable::lock_exceptions(OrgId org) {
    Run run(exceptions_);
    run.with(org);
    return run.all(kLockExceptions, read_exception);
}

Status DayTable::put(OrgId org, const domain::LockException& exception) {
    Run run(put_exception_);
    run.with(org).with(place_of(exception.property)).with(exception.user);
    run.with(exception.until).with(exception.reason).with(exception.by).with(exception.at);
    run.with(exception.revoked);
    return run.checksum().finish();
}

void add_day_queries(std::vector<const Query*>& queries) {
    queries.insert(queries.end(), {&kLatestClosing, &kClosingsBetween, &kUnacknowledged,
                                   &kPutClosing, &kFindReport, &kKeepReport, &kFindLock, &kAllLocks,
                                   &kPutLock, &kFindException, &kAllExceptions, &kPutException});
}

}  // namespace daybook::storage::sql
