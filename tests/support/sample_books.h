// Books to test with: small builders with everything filled in that a test does not care about.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "support/naive_reports.h"

namespace daybook::test {

// "2026-03-29"; must be a date.
domain::BusinessDate day(std::string_view text);
domain::Currency currency(std::string_view code);
// Ids that are recognised in a failure: 00000000-0000-7000-8000-0000000000NN.
Uuid numbered_uuid(std::uint8_t number);

// An org with the starter categories and no properties.
Books empty_books();
// Adds a property in the currency whose books start on 2020-01-01 with nothing, and returns a copy
// of it.
domain::Property add_property(Books& books, std::string_view name, std::string_view currency_code);

// An approved cash entry of 1.00, to be changed as the test likes. Numbers count up over all
// properties.
domain::Entry& add_entry(Books& books, const domain::Property& property, domain::EntryKind kind,
                         domain::BusinessDate date);
domain::Count& add_count(Books& books, const domain::Property& property, domain::BusinessDate date,
                         std::int64_t counted_minor);
domain::Adjustment& add_adjustment(Books& books, const domain::Property& property,
                                   domain::BusinessDate date, domain::AdjustmentKind kind,
                                   std::int64_t amount_minor);

}  // namespace daybook::test
