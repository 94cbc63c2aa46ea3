// The statements of properties, counters and categories.
#include "storage/sql/property_table.h"

#include <string>

namespace daybook::storage::sql {
namespace {

constexpr Table kProperties{"properties", 2};
constexpr Table kCounters{"counters", 2};
constexpr Table kCategories{"categories", 2};

constexpr std::string_view kSelectProperty =
    "select org, id, name, kind, group_name, currency, zone, cutoff_minutes, clock_from, next_zone,"
    " next_cutoff_minutes, next_clock_from, fiscal_start_month, books_start_on, opening_cash_minor,"
    " opening_bank_minor, active, version, created_at, crc from properties";

constexpr Query kFindProperty{"property_find", kSelectProperty, " where org = ?1 and id = ?2",
                              "SEARCH properties USING INDEX properties_by_id (org=? AND id=?)"};
constexpr Query kFindByName{"property_find_by_name", kSelectProperty,
                            " where org = ?1 and name = ?2",
                            "SEARCH properties USING INDEX properties_by_name (org=? AND name=?)"};
constexpr Query kAllProperties{"property_all", kSelectProperty, " where org = ?1 order by name",
                               "SEARCH properties USING INDEX properties_by_name (org=?)"};
constexpr Query kPutProperty{"property_put", R"(
    insert into properties (org, id, name, kind, group_name, currency, zone, cutoff_minutes,
        clock_from, next_zone, next_cutoff_minutes, next_clock_from, fiscal_start_month,
        books_start_on, opening_cash_minor, opening_bank_minor, active, version, created_at, crc)
        values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18,
            ?19, ?20)
    on conflict (org, id) do update set
        name = excluded.name, kind = excluded.kind, group_name = excluded.group_name,
        currency = excluded.currency, zone = excluded.zone,
        cutoff_minutes = excluded.cutoff_minutes, clock_from = excluded.clock_from,
        next_zone = excluded.next_zone, next_cutoff_minutes = excluded.next_cutoff_minutes,
        next_clock_from = excluded.next_clock_from,
        fiscal_start_month = excluded.fiscal_start_month,
        books_start_on = excluded.books_start_on,
        opening_cash_minor = excluded.opening_cash_minor,
        opening_bank_minor = excluded.opening_bank_minor, active = excluded.active,
        version = excluded.version, created_at = excluded.created_at, crc = excluded.crc)",
                             "", ""};

constexpr Query kFindCounters{
    "counters_find",
    "select org, property, next_number, turnover_minor, first_on, closed_through,"
    " closings, crc",
    " from counters where org = ?1 and property = ?2",
    "SEARCH counters USING PRIMARY KEY (org=? AND property=?)"};
constexpr Query kPutCounters{"counters_put", R"(
    insert into counters (org, property, next_number, turnover_minor, first_on, closed_through,
        closings, crc)
        values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
    on conflict (org, property) do update set
        next_number = excluded.next_number, turnover_minor = excluded.turnover_minor,
        first_on = excluded.first_on, closed_through = excluded.closed_through,
        closings = excluded.closings, crc = excluded.crc)",
                             "", ""};

constexpr std::string_view kSelectCategory =
    "select org, id, kind, key, name, group_name, active, sort_order, merged_into, version, crc"
    " from categories";

constexpr Query kFindCategory{"category_find", kSelectCategory, " where org = ?1 and id = ?2",
                              "SEARCH categories USING INDEX categories_by_id (org=? AND id=?)"};
constexpr Query kFindByKey{
    "category_find_by_key", kSelectCategory, " where org = ?1 and kind = ?2 and key = ?3",
    "SEARCH categories USING INDEX categories_by_key (org=? AND kind=? AND key=?)"};
// At most limits::kCategoriesPerOrgMax rows to sort.
constexpr Query kAllCategories{"category_all", kSelectCategory,
                               " where org = ?1 order by kind, sort_order, key",
                               "SEARCH categories USING INDEX categories_by_key (org=?); "
                               "USE TEMP B-TREE FOR RIGHT PART OF ORDER BY"};
constexpr Query kPutCategory{"category_put", R"(
    insert into categories (org, id, kind, key, name, group_name, active, sort_order, merged_into,
        version, crc)
        values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)
    on conflict (org, id) do update set
        kind = excluded.kind, key = excluded.key, name = excluded.name,
        group_name = excluded.group_name, active = excluded.active,
        sort_order = excluded.sort_order, merged_into = excluded.merged_into,
        version = excluded.version, crc = excluded.crc)",
                             "", ""};

domain::Property read_property(Row& row) {
    domain::Property property;
    row.skip();  // org
    property.id = row.id<PropertyId>();
    property.name = row.text();
    property.kind = row.named(domain::parse_property_kind);
    property.group = row.text();
    property.currency = row.named(domain::Currency::parse);
    property.clock.zone = row.text();
    property.clock.cutoff_minutes = row.small();
    property.clock.from = row.date();
    const auto zone = row.maybe([](Row& at) { return std::string(at.text()); });
    const auto cutoff = row.maybe([](Row& at) { return at.small(); });
    const auto from = row.maybe([](Row& at) { return at.date(); });
    if (zone && cutoff && from) property.next_clock = domain::ClockRule{*zone, *cutoff, *from};
    property.fiscal_start_month = row.small();
    property.books_start_on = row.date();
    property.opening_minor[0] = row.integer();
    property.opening_minor[1] = row.integer();
    property.active = row.flag();
    property.version = row.integer();
    property.created_at = row.instant();
    return property;
}

domain::Category read_category(Row& row) {
    domain::Category category;
    row.skip();  // org
    category.id = row.id<CategoryId>();
    category.kind = row.named(domain::parse_category_kind);
    category.key = row.text();
    category.name = row.text();
    category.group = row.text();
    category.active = row.flag();
    category.order = row.small();
    category.merged_into = row.text();
    category.version = row.integer();
    return category;
}

}  // namespace

PropertyTable::PropertyTable(Connection& connection)
    : find_(connection, kFindProperty),
      find_by_name_(connection, kFindByName),
      all_(connection, kAllProperties),
      put_(connection, kPutProperty),
      counters_(connection, kFindCounters),
      put_counters_(connection, kPutCounters) {}

Result<std::optional<domain::Property>> PropertyTable::find(const app::PropertyKey& key) {
    Run run(find_);
    run.with(key.org).with(key.id);
    return run.one(kProperties, read_property);
}

Result<std::optional<PropertyId>> PropertyTable::find_by_name(const app::PropertyNameKey& key) {
    Run run(find_by_name_);
    run.with(key.org).with(key.name);
    return run.one(kProperties, [](Row& row) { return read_property(row).id; });
}

Result<std::vector<domain::Property>> PropertyTable::all(OrgId org) {
    Run run(all_);
    run.with(org);
    return run.all(kProperties, read_property);
}

Status PropertyTable::put(OrgId org, const domain::Property& property) {
    Run run(put_);
    run.with(org).with(property.id).with(property.name);
    run.with(domain::property_kind_name(property.kind)).with(property.group);
    run.with(property.currency.code()).with(property.clock.zone);
    run.with(property.clock.cutoff_minutes).with(property.clock.from);
    if (property.next_clock) {
        const domain::ClockRule& next = *property.next_clock;
        run.with(next.zone).with(next.cutoff_minutes).with(next.from);
    } else {
        run.with(std::nullopt).with(std::nullopt).with(std::nullopt);
    }
    run.with(property.fiscal_start_month).with(property.books_start_on);
    run.with(property.opening_minor[0]).with(property.opening_minor[1]);
    run.with(property.active).with(property.version).with(property.created_at);
    return run.checksum().finish();
}

Result<std::optional<domain::Counters>> PropertyTable::counters(const app::PropertyKey& key) {
    Run run(counters_);
    run.with(key.org).with(key.id);
    return run.one(kCounters, [](Row& row) {
        row.skip();  // org
        row.skip();  // property
        domain::Counters counters;
        counters.next_number = row.integer();
        counters.turnover_minor = row.integer();
        counters.first_on = row.maybe([](Row& at) { return at.date(); });
        counters.closed_through = row.maybe([](Row& at) { return at.date(); });
        counters.closings = row.integer();
        return counters;
    });
}

Status PropertyTable::put_counters(const app::PropertyKey& key, const domain::Counters& counters) {
    Run run(put_counters_);
    run.with(key.org).with(key.id).with(counters.next_number).with(counters.turnover_minor);
    run.with(counters.first_on).with(counters.closed_through).with(counters.closings);
    return run.checksum().finish();
}

CategoryTable::CategoryTable(Connection& connection)
    : find_(connection, kFindCategory),
      find_by_key_(connection, kFindByKey),
      all_(connection, kAllCategories),
      put_(connection, kPutCategory) {}

Result<std::optional<domain::Category>> CategoryTable::find(const app::CategoryIdKey& key) {
    Run run(find_);
    run.with(key.org).with(key.id);
    return run.one(kCategories, read_category);
}

Result<std::optional<CategoryId>> CategoryTable::find_by_key(const app::CategoryKey& key) {
    Run run(find_by_key_);
    run.with(key.org).with(domain::category_kind_name(key.kind)).with(key.key);
    return run.one(kCategories, [](Row& row) { return read_category(row).id; });
}

Result<std::vector<domain::Category>> CategoryTable::all(OrgId org) {
    Run run(all_);
    run.with(org);
    return run.all(kCategories, read_category);
}

Status CategoryTable::put(OrgId org, const domain::Category& category) {
    Run run(put_);
    run.with(org).with(category.id).with(domain::category_kind_name(category.kind));
    run.with(category.key).with(category.name).with(category.group).with(category.active);
    run.with(category.order).with(category.merged_into).with(category.version);
    return run.checksum().finish();
}

void add_property_queries(std::vector<const Query*>& queries) {
    queries.insert(queries.end(),
                   {&kFindProperty, &kFindByName, &kAllProperties, &kPutProperty, &kFindCounters,
                    &kPutCounters, &kFindCategory, &kFindByKey, &kAllCategories, &kPutCategory});
}

}  // namespace daybook::storage::sql
