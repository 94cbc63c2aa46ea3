// The statements of counts and adjustments.
#include "storage/sql/cash_table.h"

#include <fmt/format.h>

#include <charconv>
#include <map>
#include <string>
#include <utility>

namespace daybook::storage::sql {
namespace {

constexpr Table kCounts{"cash_counts", 2};
constexpr Table kAdjustments{"adjustments", 2};

constexpr Query kCountsBetween{
    "cash_count_between",
    "select org, id, property, account, date, counted_minor, denominations, note, counted_by,"
    " counted_at, basis_minor, crc from cash_counts",
    " where org = ?1 and property = ?2 and date between ?3 and ?4 order by date, counted_at, id",
    "SEARCH cash_counts USING INDEX cash_counts_by_date"
    " (org=? AND property=? AND date>? AND date<?)"};
constexpr Query kPutCount{"cash_count_put", R"(
    insert into cash_counts (org, id, property, account, date, counted_minor, denominations, note,
        counted_by, counted_at, basis_minor, crc)
        values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)
    on conflict (org, id) do update set
        property = excluded.property, account = excluded.account, date = excluded.date,
        counted_minor = excluded.counted_minor, denominations = excluded.denominations,
        note = excluded.note, counted_by = excluded.counted_by,
        counted_at = excluded.counted_at, basis_minor = excluded.basis_minor,
        crc = excluded.crc)",
                          "", ""};

constexpr Query kAdjustmentsBetween{
    "adjustment_between",
    "select org, id, property, account, date, kind, amount_minor, reason, posted_by, posted_at,"
    " crc from adjustments",
    " where org = ?1 and property = ?2 and date between ?3 and ?4 order by date, posted_at, id",
    "SEARCH adjustments USING INDEX adjustments_by_date"
    " (org=? AND property=? AND date>? AND date<?)"};
constexpr Query kPutAdjustment{"adjustment_put", R"(
    insert into adjustments (org, id, property, account, date, kind, amount_minor, reason,
        posted_by, posted_at, crc)
        values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)
    on conflict (org, id) do update set
        property = excluded.property, account = excluded.account, date = excluded.date,
        kind = excluded.kind, amount_minor = excluded.amount_minor, reason = excluded.reason,
        posted_by = excluded.posted_by, posted_at = excluded.posted_at, crc = excluded.crc)",
                               "", ""};

std::string denominations_text(const std::vector<domain::Denomination>& denominations) {
    std::string text;
    for (const domain::Denomination& each : denominations) {
        text += fmt::format("{}{}x{}", text.empty() ? "" : " ", each.value_minor, each.pieces);
    }
    return text;
}

std::optional<std::vector<domain::Denomination>> parse_denominations(std::string_view text) {
    std::vector<domain::Denomination> denominations;
    const char* at = text.data();
    const char* const end = at + text.size();
    while (at != end) {
        domain::Denomination each;
        const auto value = std::from_chars(at, end, each.value_minor);
        if (value.ec != std::errc() || value.ptr == end || *value.ptr != 'x') return std::nullopt;
        const auto pieces = std::from_chars(value.ptr + 1, end, each.pieces);
        if (pieces.ec != std::errc()) return std::nullopt;
        denominations.push_back(each);
        at = pieces.ptr != end && *pieces.ptr == ' ' ? pieces.ptr + 1 : pieces.ptr;
    }
    return denominations;
}

domain::Count read_count(Row& row) {
    domain::Count count;
    row.skip();  // org
    count.id = row.id<CountId>();
    count.property = row.id<PropertyId>();
    count.account = row.named(domain::parse_account);
    count.date = row.date();
    count.counted_minor = row.integer();
    count.denominations = row.named(parse_denominations);
    count.note = row.erasable();
    count.by = row.id<UserId>();
    count.at = row.instant();
    count.basis_minor = row.maybe([](Row& at) { return at.integer(); });
    return count;
}

domain::Adjustment read_adjustment(Row& row) {
    domain::Adjustment adjustment;
    row.skip();  // org
    adjustment.id = row.id<AdjustmentId>();
    adjustment.property = row.id<PropertyId>();
    adjustment.account = row.named(domain::parse_account);
    adjustment.date = row.date();
    adjustment.kind = row.named(domain::parse_adjustment_kind);
    adjustment.amount_minor = row.integer();
    adjustment.reason = row.erasable();
    adjustment.by = row.id<UserId>();
    adjustment.at = row.instant();
    return adjustment;
}

}  // namespace

CashTable::CashTable(Connection& connection)
    : counts_(connection, kCountsBetween),
      put_count_(connection, kPutCount),
      adjustments_(connection, kAdjustmentsBetween),
      put_adjustment_(connection, kPutAdjustment) {}

Result<std::vector<domain::Count>> CashTable::counts(const app::PropertyKey& property,
                                                     domain::DateRange dates) {
    Run run(counts_);
    run.with(property.org).with(property.id).with(dates.from).with(dates.to);
    return run.all(kCounts, read_count);
}

Result<std::vector<domain::Count>> CashTable::last_counts(const app::PropertyKey& property,
                                                          domain::DateRange dates) {
    std::map<std::pair<domain::BusinessDate, domain::Account>, domain::Count> last;
    for (domain::Count& count : TRY(counts(property, dates))) {
        last[{count.date, count.account}] = std::move(count);
    }
    std::vector<domain::Count> rows;
    rows.reserve(last.size());
    for (auto& [key, count] : last) rows.push_back(std::move(count));
    return rows;
}

Status CashTable::put(OrgId org, const domain::Count& count) {
    const std::string denominations = denominations_text(count.denominations);
    Run run(put_count_);
    run.with(org).with(count.id).with(count.property).with(domain::account_name(count.account));
    run.with(count.date).with(count.counted_minor).with(denominations).with(count.note);
    run.with(count.by).with(count.at).with(count.basis_minor);
    return run.checksum().finish();
}

Result<std::vector<domain::Adjustment>> CashTable::adjustments(const app::PropertyKey& property,
                                                               domain::DateRange dates) {
    Run run(adjustments_);
    run.with(property.org).with(property.id).with(dates.from).with(dates.to);
    return run.all(kAdjustments, read_adjustment);
}

Status CashTable::put(OrgId org, const domain::Adjustment& adjustment) {
    Run run(put_adjustment_);
    run.with(org).with(adjustment.id).with(adjustment.property);
    run.with(domain::account_name(adjustment.account)).with(adjustment.date);
    run.with(domain::adjustment_kind_name(adjustment.kind)).with(adjustment.amount_minor);
    run.with(adjustment.reason).with(adjustment.by).with(adjustment.at);
    return run.checksum().finish();
}

void add_cash_queries(std::vector<const Query*>& queries) {
    queries.insert(queries.end(),
                   {&kCountsBetween, &kPutCount, &kAdjustmentsBetween, &kPutAdjustment});
}

}  // namespace daybook::storage::sql
