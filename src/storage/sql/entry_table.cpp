// The statements of single entries.
#include "storage/sql/entry_table.h"

#include <cstring>
#include <span>

namespace daybook::storage::sql {
namespace {

constexpr Table kReversals{"entry_reversals", 2};

constexpr Query kFindEntry{"entry_find", kSelectEntry, " where org = ?1 and id = ?2",
                           "SEARCH entries USING INDEX entries_by_id (org=? AND id=?)"};
constexpr Query kFindByExternalId{
    "entry_find_by_external_id", kSelectEntry,
    " where org = ?1 and property = ?2 and kind = ?3 and external_id = ?4 and external_id <> ''",
    "SEARCH entries USING INDEX entries_by_external_id"
    " (org=? AND property=? AND kind=? AND external_id=?)",
    // PostgreSQL takes a property's org for chance, expects few rows of it, and reads all of them
    // by their dates; the next one in the order of the right index is had only by that.
    R"( where org = ?1 and id = (
        select id from (
            select id, property, kind, external_id from entries
            where org = ?1 and (property, kind, external_id) >= (?2, ?3, ?4) and external_id <> ''
            order by property, kind, external_id limit 1) next
        where property = ?2 and kind = ?3 and external_id = ?4))"};
constexpr Query kEntriesOfDay{
    "entry_of_day", kSelectEntry,
    " where org = ?1 and property = ?2 and business_date = ?3 and status <> 'deleted'"
    " order by number limit ?4",
    "SEARCH entries USING INDEX entries_by_date (org=? AND property=? AND business_date=?)"};
constexpr std::string_view kInsertEntry =
    "insert into entries (org, id, property, kind, number, business_date, amount_minor, currency,"
    " payment_mode, key, from_end, to_end, method, tax_minor, occurred_on, external_id, reversal,"
    " reverses, party, description, reference, status, status_before_delete, version, created_by,"
    " created_at, updated_by, updated_at, decided_by, decided_at, reason, co_authors, flags, crc)"
    " values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18,"
    " ?19, ?20, ?21, ?22, ?23, ?24, ?25, ?26, ?27, ?28, ?29, ?30, ?31, ?32, ?33, ?34)";

// A new entry, without the statement journal that an update of a foreign key would need.
constexpr Query kAddEntry{"entry_add", kInsertEntry, "", ""};
constexpr Query kPutEntry{"entry_put", kInsertEntry, R"(
    on conflict (org, id) do update set
        property = excluded.property, kind = excluded.kind, number = excluded.number,
        business_date = excluded.business_date, amount_minor = excluded.amount_minor,
        currency = excluded.currency, payment_mode = excluded.payment_mode, key = excluded.key,
        from_end = excluded.from_end, to_end = excluded.to_end, method = excluded.method,
        tax_minor = excluded.tax_minor, occurred_on = excluded.occurred_on,
        external_id = excluded.external_id, reversal = excluded.reversal,
        reverses = excluded.reverses, party = excluded.party,
        description = excluded.description, reference = excluded.reference,
        status = excluded.status, status_before_delete = excluded.status_before_delete,
        version = excluded.version, created_by = excluded.created_by,
        created_at = excluded.created_at, updated_by = excluded.updated_by,
        updated_at = excluded.updated_at, decided_by = excluded.decided_by,
        decided_at = excluded.decided_at, reason = excluded.reason,
        co_authors = excluded.co_authors, flags = excluded.flags, crc = excluded.crc)",
                          "SEARCH entry_reversals USING PRIMARY KEY (org=? AND entry=?)"};

constexpr Query kReversedMinor{"entry_reversal_find", "select org, entry, reversed_minor, crc",
                               " from entry_reversals where org = ?1 and entry = ?2",
                               "SEARCH entry_reversals USING PRIMARY KEY (org=? AND entry=?)"};
constexpr Query kPutReversedMinor{"entry_reversal_put", R"(
    insert into entry_reversals (org, entry, reversed_minor, crc)
        values (?1, ?2, ?3, ?4)
    on conflict (org, entry) do update set
        reversed_minor = excluded.reversed_minor, crc = excluded.crc)",
                                  "", ""};

// The column flags.
constexpr std::int64_t kFourEyes = 1;
constexpr std::int64_t kChangeRequested = 2;

std::vector<UserId> read_users(std::span<const std::uint8_t> bytes) {
    std::vector<UserId> users(bytes.size() / sizeof(Uuid));
    for (std::size_t i = 0; i < users.size(); ++i) {
        std::memcpy(users[i].value.bytes.data(), bytes.data() + i * sizeof(Uuid), sizeof(Uuid));
    }
    return users;
}

std::vector<std::uint8_t> bytes_of(const std::vector<UserId>& users) {
    std::vector<std::uint8_t> bytes;
    for (const UserId& each : users) {
        bytes.insert(bytes.end(), each.value.bytes.begin(), each.value.bytes.end());
    }
    return bytes;
}

}  // namespace

void read_content(Row& row, domain::EntryContent& content) {
    content.business_date = row.date();
    content.amount.minor = row.integer();
    content.amount.currency = row.named(domain::Currency::parse);
    content.payment_mode = row.named(domain::parse_account);
    content.key = row.text();
    content.from = row.named(domain::parse_transfer_end);
    content.to = row.named(domain::parse_transfer_end);
    content.method = row.text();
    content.tax_minor = row.integer();
    content.occurred_on = row.maybe([](Row& at) { return at.date(); });
    content.external_id = row.text();
    content.reversal = row.flag();
    content.reverses = row.maybe([](Row& at) { return at.id<EntryId>(); });
    content.party = row.erasable();
    content.description = row.erasable();
    content.reference = row.erasable();
}

void bind_content(Run& run, const domain::EntryContent& content) {
    run.with(content.business_date).with(content.amount.minor);
    run.with(content.amount.currency.code()).with(domain::account_name(content.payment_mode));
    run.with(content.key).with(domain::transfer_end_name(content.from));
    run.with(domain::transfer_end_name(content.to)).with(content.method).with(content.tax_minor);
    run.with(content.occurred_on).with(content.external_id).with(content.reversal);
    run.with(content.reverses).with(content.party).with(content.description);
    run.with(content.reference);
}

domain::Entry read_entry(Row& row) {
    domain::Entry entry;
    row.skip();  // org
    entry.id = row.id<EntryId>();
    entry.property = row.id<PropertyId>();
    entry.kind = row.named(domain::parse_entry_kind);
    entry.number = row.integer();
    read_content(row, entry.content);
    entry.status = row.named(domain::parse_status);
    entry.status_before_delete = row.named(domain::parse_status);
    entry.version = row.integer();
    entry.created_by = row.id<UserId>();
    entry.created_at = row.instant();
    entry.updated_by = row.id<UserId>();
    entry.updated_at = row.instant();
    entry.decided_by = row.maybe([](Row& at) { return at.id<UserId>(); });
    entry.decided_at = row.maybe([](Row& at) { return at.instant(); });
    entry.reason = row.erasable();
    entry.co_authors = read_users(row.blob());
    const std::int64_t flags = row.integer();
    entry.four_eyes = (flags & kFourEyes) != 0;
    entry.change_requested = (flags & kChangeRequested) != 0;
    return entry;
}

EntryTable::EntryTable(Connection& connection)
    : find_(connection, kFindEntry),
      find_by_external_id_(connection, kFindByExternalId),
      of_day_(connection, kEntriesOfDay),
      add_(connection, kAddEntry),
      put_(connection, kPutEntry),
      reversed_(connection, kReversedMinor),
      put_reversed_(connection, kPutReversedMinor) {}

Result<std::optional<domain::Entry>> EntryTable::find(const app::EntryKey& key) {
    Run run(find_);
    run.with(key.org).with(key.id);
    return run.one(kEntries, read_entry);
}

Result<std::optional<domain::Entry>> EntryTable::find_by_external_id(
    const app::ExternalIdKey& key) {
    Run run(find_by_external_id_);
    run.with(key.org).with(key.property).with(domain::entry_kind_name(key.kind));
    run.with(key.external_id);
    return run.one(kEntries, read_entry);
}

Result<std::vector<domain::Entry>> EntryTable::of_day(const app::PropertyKey& property,
                                                      domain::BusinessDate date,
                                                      std::size_t limit) {
    Run run(of_day_);
    run.with(property.org).with(property.id).with(date).with(limit);
    return run.all(kEntries, read_entry);
}

Status EntryTable::put(OrgId org, const domain::Entry& entry) {
    const std::vector<std::uint8_t> co_authors = bytes_of(entry.co_authors);
    const std::int64_t flags =
        (entry.four_eyes ? kFourEyes : 0) | (entry.change_requested ? kChangeRequested : 0);
    Run run(entry.version == 1 ? add_ : put_);
    run.with(org).with(entry.id).with(entry.property).with(domain::entry_kind_name(entry.kind));
    run.with(entry.number);
    bind_content(run, entry.content);
    run.with(domain::status_name(entry.status));
    run.with(domain::status_name(entry.status_before_delete)).with(entry.version);
    run.with(entry.created_by).with(entry.created_at).with(entry.updated_by);
    run.with(entry.updated_at).with(entry.decided_by).with(entry.decided_at).with(entry.reason);
    run.with(co_authors).with(flags);
    return run.checksum().finish();
}

Result<std::optional<std::int64_t>> EntryTable::reversed_minor(const app::EntryKey& original) {
    Run run(reversed_);
    run.with(original.org).with(original.id);
    return run.one(kReversals, [](Row& row) {
        row.skip();  // org
        row.skip();  // entry
        return row.integer();
    });
}

Status EntryTable::put_reversed_minor(const app::EntryKey& original, std::int64_t minor) {
    Run run(put_reversed_);
    run.with(original.org).with(original.id).with(minor);
    return run.checksum().finish();
}

void add_entry_queries(std::vector<const Query*>& queries) {
    queries.insert(queries.end(), {&kFindEntry, &kFindByExternalId, &kEntriesOfDay, &kAddEntry,
                                   &kPutEntry, &kReversedMinor, &kPutReversedMinor});
}

}  // namespace daybook::storage::sql
