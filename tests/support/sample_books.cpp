// Defaults of the builders.
#include "support/sample_books.h"

#include <algorithm>
#include <utility>

#include "base/check.h"

namespace daybook::test {
namespace {

constexpr Instant kWrittenAt{1'774'000'000'000};  // 2026-03-20T09:46:40Z

}  // namespace

domain::BusinessDate day(std::string_view text) {
    const auto date = domain::BusinessDate::parse(text);
    CHECK(date.has_value());
    return *date;
}

domain::Currency currency(std::string_view code) {
    const auto found = domain::Currency::parse(code);
    CHECK(found.has_value());
    return *found;
}

Uuid numbered_uuid(std::uint8_t number) {
    Uuid uuid;
    uuid.bytes[6] = 0x70;
    uuid.bytes[8] = 0x80;
    uuid.bytes[15] = number;
    return uuid;
}

Books empty_books() {
    Books books;
    books.org.id = OrgId{numbered_uuid(1)};
    books.org.name = "Example";
    int order = 0;
    for (const domain::StarterCategory& each : domain::starter_categories()) {
        domain::Category category;
        category.kind = each.kind;
        category.key = each.key;
        category.name = each.name;
        category.order = ++order;
        books.categories.push_back(category);
    }
    std::ranges::sort(books.categories, {}, [](const domain::Category& each) {
        return std::pair{each.kind, each.order};
    });
    return books;
}

domain::Property add_property(Books& books, std::string_view name, std::string_view currency_code) {
    domain::Property property{
        .id = PropertyId{numbered_uuid(static_cast<std::uint8_t>(16 + books.properties.size()))},
        .name = std::string(name),
        .kind = domain::PropertyKind::hotel,
        .group = "",
        .currency = currency(currency_code),
        .clock = {"Europe/Lisbon", 240, {}},
        .next_clock = {},
        .fiscal_start_month = 1,
        .books_start_on = day("2020-01-01"),
        .opening_minor = {0, 0},
        .active = true,
        .version = 1,
        .created_at = kWrittenAt};
    books.properties.push_back(property);
    return property;
}

domain::Entry& add_entry(Books& books, const domain::Property& property, domain::EntryKind kind,
                         domain::BusinessDate date) {
    domain::Entry entry{.id = {},
                        .property = property.id,
                        .kind = kind,
                        .number = static_cast<std::int64_t>(books.entries.size()) + 1,
                        .content = {.business_date = date,
                                    .amount = {100, property.currency},
                                    .payment_mode = domain::Account::cash,
                                    .key = "other",
                                    .from = domain::TransferEnd::cash,
                                    .to = domain::TransferEnd::bank,
                                    .method = "",
                                    .tax_minor = 0,
                                    .occurred_on = {},
                                    .external_id = "",
                                    .reversal = false,
                                    .reverses = {},
                                    .party = {},
                                    .description = {},
                                    .reference = {}},
                        .status = domain::EntryStatus::approved,
                        .status_before_delete = domain::EntryStatus::pending,
                        .version = 1,
                        .created_by = UserId{numbered_uuid(2)},
                        .created_at = kWrittenAt,
                        .updated_by = UserId{numbered_uuid(2)},
                        .updated_at = kWrittenAt,
                        .decided_by = {},
                        .decided_at = {},
                        .reason = {}};
    if (kind == domain::EntryKind::transfer) entry.content.key.clear();
    entry.id = EntryId{numbered_uuid(static_cast<std::uint8_t>(entry.number))};
    books.entries.push_back(entry);
    return books.entries.back();
}

domain::Count& add_count(Books& books, const domain::Property& property, domain::BusinessDate date,
                         std::int64_t counted_minor) {
    domain::Count count;
    count.property = property.id;
    count.date = date;
    count.counted_minor = counted_minor;
    count.at = kWrittenAt;
    books.counts.push_back(count);
    return books.counts.back();
}

domain::Adjustment& add_adjustment(Books& books, const domain::Property& property,
                                   domain::BusinessDate date, domain::AdjustmentKind kind,
                                   std::int64_t amount_minor) {
    domain::Adjustment adjustment;
    adjustment.property = property.id;
    adjustment.date = date;
    adjustment.kind = kind;
    adjustment.amount_minor = amount_minor;
    adjustment.at = kWrittenAt;
    books.adjustments.push_back(adjustment);
    return books.adjustments.back();
}

}  // namespace daybook::test
