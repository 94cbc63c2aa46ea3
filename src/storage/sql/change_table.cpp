// The statements of change requests.
#include "storage/sql/change_table.h"

#include <algorithm>
#include <limits>
#include <tuple>

#include "storage/sql/entry_table.h"

namespace daybook::storage::sql {
namespace {

constexpr Table kChanges{"change_requests", 2};

constexpr std::string_view kSelectChange =
    "select org, entry, property, kind, change, version, business_date, amount_minor, currency,"
    " payment_mode, key, from_end, to_end, method, tax_minor, occurred_on, external_id, reversal,"
    " reverses, party, description, reference, reason, requested_by, requested_at,"
    " to_property, crc"
    " from change_requests";

constexpr Query kFindChange{"change_find", kSelectChange, " where org = ?1 and entry = ?2",
                            "SEARCH change_requests USING PRIMARY KEY (org=? AND entry=?)"};
constexpr Query kChangePage{"change_page", kSelectChange,
                            " where org = ?1 and property = ?2 and (requested_at, entry) > (?3, ?4)"
                            " order by requested_at, entry limit ?5",
                            "SEARCH change_requests USING INDEX change_requests_by_time"
                            " (org=? AND property=? AND (requested_at,entry)>(?,?))"};
constexpr Query kCountChanges{"change_count", "select count(*) from change_requests",
                              " where org = ?1 and property = ?2",
                              "SEARCH change_requests USING COVERING INDEX change_requests_by_time"
                              " (org=? AND property=?)"};
constexpr Query kPutChange{"change_put", R"(
    insert into change_requests (org, entry, property, kind, change, version, business_date,
        amount_minor, currency, payment_mode, key, from_end, to_end, method, tax_minor,
        occurred_on, external_id, reversal, reverses, party, description, reference, reason,
        requested_by, requested_at, to_property, crc)
        values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18,
            ?19, ?20, ?21, ?22, ?23, ?24, ?25, ?26, ?27))",
                           "", ""};
constexpr Query kDropChange{"change_drop", "delete from change_requests",
                            " where org = ?1 and entry = ?2",
                            "SEARCH change_requests USING PRIMARY KEY (org=? AND entry=?)"};

domain::ChangeRequest read_change(Row& row) {
    domain::ChangeRequest request;
    row.skip();  // org
    request.entry = row.id<EntryId>();
    request.property = row.id<PropertyId>();
    request.kind = row.named(domain::parse_entry_kind);
    request.change = row.named(domain::parse_change_kind);
    request.version = row.integer();
    read_content(row, request.content);
    request.reason = row.erasable();
    request.by = row.id<UserId>();
    request.at = row.instant();
    request.to_property = row.maybe([](Row& each) { return each.id<PropertyId>(); });
    return request;
}

}  // namespace

ChangeTable::ChangeTable(Connection& connection)
    : find_(connection, kFindChange),
      page_(connection, kChangePage),
      count_(connection, kCountChanges),
      put_(connection, kPutChange),
      drop_(connection, kDropChange) {}

Result<std::optional<domain::ChangeRequest>> ChangeTable::find(const app::EntryKey& key) {
    Run run(find_);
    run.with(key.org).with(key.id);
    return run.one(kChanges, read_change);
}

Result<std::vector<domain::ChangeRequest>> ChangeTable::page(OrgId org,
                                                             const app::ChangeFilter& filter) {
    const app::EntryCursor after = filter.after.value_or(
        app::EntryCursor{std::numeric_limits<std::int64_t>::min(), EntryId{}});
    std::vector<domain::ChangeRequest> found;
    for (const PropertyId& property : filter.properties) {
        Run run(page_);
        run.with(org).with(property).with(after.value).with(after.id).with(filter.limit);
        for (auto& each : TRY(run.all(kChanges, read_change))) found.push_back(std::move(each));
    }
    std::ranges::sort(found, {}, [](const domain::ChangeRequest& each) {
        return std::tuple(each.at, each.entry);
    });
    if (found.size() > filter.limit) found.resize(filter.limit);
    return found;
}

Result<std::int64_t> ChangeTable::count(const app::PropertyKey& property) {
    Run run(count_);
    run.with(property.org).with(property.id);
    return TRY(run.number()).value_or(0);
}

Status ChangeTable::put(const app::EntryKey& key, const domain::ChangeRequest& request) {
    {
        Run run(drop_);
        TRY(run.with(key.org).with(key.id).finish());
    }
    if (request.closed) return {};
    Run run(put_);
    run.with(key.org).with(request.entry).with(request.property);
    run.with(domain::entry_kind_name(request.kind)).with(domain::change_kind_name(request.change));
    run.with(request.version);
    bind_content(run, request.content);
    run.with(request.reason).with(request.by).with(request.at).with(request.to_property);
    return run.checksum().finish();
}

void add_change_queries(std::vector<const Query*>& queries) {
    queries.insert(queries.end(),
                   {&kFindChange, &kChangePage, &kCountChanges, &kPutChange, &kDropChange});
}

}  // namespace daybook::storage::sql
