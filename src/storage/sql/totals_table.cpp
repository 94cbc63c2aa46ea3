// The statements of the three tables of totals. The sums are made by the unit of work and by the
// reports, never here: a row has a checksum.
#include "storage/sql/totals_table.h"

#include <algorithm>
#include <tuple>

namespace daybook::storage::sql {
namespace {

constexpr Table kDayTotals{"day_totals", 4};
constexpr Table kDayCategories{"day_categories", 5};
constexpr Table kDayPending{"day_pending", 4};

constexpr std::string_view kSelectAccount =
    "select org, property, period, account, in_minor, out_minor, transfer_in_minor,"
    " transfer_out_minor, correction_minor, over_short_minor, crc from day_totals";

constexpr Query kFindAccount{
    "day_totals_find", kSelectAccount,
    " where org = ?1 and property = ?2 and period = ?3 and account = ?4",
    "SEARCH day_totals USING PRIMARY KEY (org=? AND property=? AND period=? AND account=?)"};
constexpr Query kAccounts{
    "day_totals_between", kSelectAccount,
    " where org = ?1 and property = ?2 and period between ?3 and ?4 order by period",
    "SEARCH day_totals USING PRIMARY KEY (org=? AND property=? AND period>? AND period<?)"};
constexpr Query kPutAccount{"day_totals_put", R"(
    insert into day_totals (org, property, period, account, in_minor, out_minor, transfer_in_minor,
        transfer_out_minor, correction_minor, over_short_minor, crc)
        values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)
    on conflict (org, property, period, account) do update set
        in_minor = excluded.in_minor, out_minor = excluded.out_minor,
        transfer_in_minor = excluded.transfer_in_minor,
        transfer_out_minor = excluded.transfer_out_minor,
        correction_minor = excluded.correction_minor,
        over_short_minor = excluded.over_short_minor, crc = excluded.crc)",
                            "", ""};

constexpr std::string_view kSelectCategory =
    "select org, property, period, kind, key, amount_minor, entry_count, crc from day_categories";

constexpr Query kFindCategory{
    "day_categories_find", kSelectCategory,
    " where org = ?1 and property = ?2 and period = ?3 and kind = ?4 and key = ?5",
    "SEARCH day_categories USING PRIMARY KEY"
    " (org=? AND property=? AND period=? AND kind=? AND key=?)"};
constexpr Query kCategories{
    "day_categories_between", kSelectCategory,
    " where org = ?1 and property = ?2 and period between ?3 and ?4 order by period",
    "SEARCH day_categories USING PRIMARY KEY (org=? AND property=? AND period>? AND period<?)"};
constexpr Query kPutCategory{"day_categories_put", R"(
    insert into day_categories (org, property, period, kind, key, amount_minor, entry_count, crc)
        values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
    on conflict (org, property, period, kind, key) do update set
        amount_minor = excluded.amount_minor, entry_count = excluded.entry_count,
        crc = excluded.crc)",
                             "", ""};

constexpr std::string_view kSelectPending =
    "select org, property, period, kind, amount_minor, entry_count, cash_net_minor,"
    " bank_net_minor, crc from day_pending";

constexpr Query kFindPending{
    "day_pending_find", kSelectPending,
    " where org = ?1 and property = ?2 and period = ?3 and kind = ?4",
    "SEARCH day_pending USING PRIMARY KEY (org=? AND property=? AND period=? AND kind=?)"};
constexpr Query kPending{
    "day_pending_between", kSelectPending,
    " where org = ?1 and property = ?2 and period between ?3 and ?4 order by period",
    "SEARCH day_pending USING PRIMARY KEY (org=? AND property=? AND period>? AND period<?)"};
constexpr Query kPutPending{"day_pending_put", R"(
    insert into day_pending (org, property, period, kind, amount_minor, entry_count,
        cash_net_minor, bank_net_minor, crc)
        values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
    on conflict (org, property, period, kind) do update set
        amount_minor = excluded.amount_minor, entry_count = excluded.entry_count,
        cash_net_minor = excluded.cash_net_minor, bank_net_minor = excluded.bank_net_minor,
        crc = excluded.crc)",
                            "", ""};

std::int32_t read_period(Row& row) {
    row.skip();  // org
    row.skip();  // property
    return row.small();
}

reports::AccountRow read_account(Row& row) {
    reports::AccountRow account{};
    account.period = read_period(row);
    account.account = row.named(domain::parse_account);
    account.totals.in = row.integer();
    account.totals.out = row.integer();
    account.totals.transfer_in = row.integer();
    account.totals.transfer_out = row.integer();
    account.totals.correction = row.integer();
    account.totals.over_short = row.integer();
    return account;
}

reports::CategoryRow read_category(Row& row) {
    reports::CategoryRow category{};
    category.period = read_period(row);
    category.kind = row.named(domain::parse_entry_kind);
    category.key = row.text();
    category.totals.amount = row.integer();
    category.totals.count = row.integer();
    return category;
}

reports::PendingRow read_pending(Row& row) {
    reports::PendingRow pending{};
    pending.period = read_period(row);
    pending.kind = row.named(domain::parse_entry_kind);
    pending.totals.amount = row.integer();
    pending.totals.count = row.integer();
    pending.totals.cash_net = row.integer();
    pending.totals.bank_net = row.integer();
    return pending;
}

}  // namespace

TotalsTable::TotalsTable(Connection& connection)
    : find_account_(connection, kFindAccount),
      find_category_(connection, kFindCategory),
      find_pending_(connection, kFindPending),
      put_account_(connection, kPutAccount),
      put_category_(connection, kPutCategory),
      put_pending_(connection, kPutPending),
      accounts_(connection, kAccounts),
      categories_(connection, kCategories),
      pending_(connection, kPending) {}

Result<std::optional<domain::AccountTotals>> TotalsTable::find(const app::AccountTotalsKey& key) {
    Run run(find_account_);
    run.with(key.org).with(key.property).with(key.period);
    run.with(domain::account_name(key.account));
    return run.one(kDayTotals, [](Row& row) { return read_account(row).totals; });
}

Result<std::optional<domain::CategoryTotals>> TotalsTable::find(const app::CategoryTotalsKey& key) {
    Run run(find_category_);
    run.with(key.org).with(key.property).with(key.period);
    run.with(domain::entry_kind_name(key.kind)).with(key.key);
    return run.one(kDayCategories, [](Row& row) { return read_category(row).totals; });
}

Result<std::optional<domain::PendingTotals>> TotalsTable::find(const app::PendingTotalsKey& key) {
    Run run(find_pending_);
    run.with(key.org).with(key.property).with(key.period).with(domain::entry_kind_name(key.kind));
    return run.one(kDayPending, [](Row& row) { return read_pending(row).totals; });
}

Status TotalsTable::put(const app::AccountTotalsKey& key, const domain::AccountTotals& totals) {
    Run run(put_account_);
    run.with(key.org).with(key.property).with(key.period);
    run.with(domain::account_name(key.account)).with(totals.in).with(totals.out);
    run.with(totals.transfer_in).with(totals.transfer_out).with(totals.correction);
    run.with(totals.over_short);
    return run.checksum().finish();
}

Status TotalsTable::put(const app::CategoryTotalsKey& key, const domain::CategoryTotals& totals) {
    Run run(put_category_);
    run.with(key.org).with(key.property).with(key.period);
    run.with(domain::entry_kind_name(key.kind)).with(key.key).with(totals.amount);
    run.with(totals.count);
    return run.checksum().finish();
}

Status TotalsTable::put(const app::PendingTotalsKey& key, const domain::PendingTotals& totals) {
    Run run(put_pending_);
    run.with(key.org).with(key.property).with(key.period).with(domain::entry_kind_name(key.kind));
    run.with(totals.amount).with(totals.count).with(totals.cash_net).with(totals.bank_net);
    return run.checksum().finish();
}

Result<std::vector<reports::AccountRow>> TotalsTable::accounts(const app::PropertyKey& property,
                                                               reports::PeriodRange range) {
    Run run(accounts_);
    run.with(property.org).with(property.id).with(range.from).with(range.to);
    auto rows = TRY(run.all(kDayTotals, read_account));
    std::ranges::sort(rows, {}, [](const reports::AccountRow& row) {
        return std::tuple(row.period, row.account);
    });
    return rows;
}

Result<std::vector<reports::CategoryRow>> TotalsTable::categories(const app::PropertyKey& property,
                                                                  reports::PeriodRange range) {
    Run run(categories_);
    run.with(property.org).with(property.id).with(range.from).with(range.to);
    return run.all(kDayCategories, read_category);
}

Result<std::vector<reports::PendingRow>> TotalsTable::pending(const app::PropertyKey& property,
                                                              reports::PeriodRange range) {
    Run run(pending_);
    run.with(property.org).with(property.id).with(range.from).with(range.to);
    return run.all(kDayPending, read_pending);
}

void add_totals_queries(std::vector<const Query*>& queries) {
    queries.insert(queries.end(),
                   {&kFindAccount, &kAccounts, &kPutAccount, &kFindCategory, &kCategories,
                    &kPutCategory, &kFindPending, &kPending, &kPutPending});
}

}  // namespace daybook::storage::sql
