// Entries by id, by external id and by day, and how much of each its reversals take.
#pragma once

#include <optional>
#include <vector>

#include "app/rows.h"
#include "storage/sql/run.h"

namespace daybook::storage::sql {

inline constexpr Table kEntries{"entries", 2};
// All columns, as read_entry() reads them.
inline constexpr std::string_view kSelectEntry =
    "select org, id, property, kind, number, business_date, amount_minor, currency, payment_mode,"
    " key, from_end, to_end, method, tax_minor, occurred_on, external_id, reversal, reverses, "
    "party,"
    " description, reference, status, status_before_delete, version, created_by, created_at,"
    " updated_by, updated_at, decided_by, decided_at, reason, co_authors, flags, crc from entries";
domain::Entry read_entry(Row& row);
// The columns from business_date to reference, which change requests have, too.
void read_content(Row& row, domain::EntryContent& content);
void bind_content(Run& run, const domain::EntryContent& content);

class EntryTable {
 public:
    explicit EntryTable(Connection& connection);

    Result<std::optional<domain::Entry>> find(const app::EntryKey& key);
    Result<std::optional<domain::Entry>> find_by_external_id(const app::ExternalIdKey& key);
    // In any status but deleted, by number.
    Result<std::vector<domain::Entry>> of_day(const app::PropertyKey& property,
                                              domain::BusinessDate date, std::size_t limit);
    // Of version 1 it must be new.
    Status put(OrgId org, const domain::Entry& entry);

    Result<std::optional<std::int64_t>> reversed_minor(const app::EntryKey& original);
    Status put_reversed_minor(const app::EntryKey& original, std::int64_t minor);

 private:
    Statement find_;
    Statement find_by_external_id_;
    Statement of_day_;
    Statement add_;
    Statement put_;
    Statement reversed_;
    Statement put_reversed_;
};

void add_entry_queries(std::vector<const Query*>& queries);

}  // namespace daybook::storage::sql
