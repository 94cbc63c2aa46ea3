// Bodies about everything but entries: counts, openings, corrections, categories, properties,
// settings, tokens, imports, orgs.
//
// As in body_entry.h: the form is judged here, the rules by domain; ids of new things and versions
// are left for the caller.
#pragma once

#include <optional>
#include <string_view>
#include <variant>
#include <vector>

#include "domain/commands.h"
#include "domain/events.h"
#include "http/body_reader.h"

namespace daybook::http {

// A count {account?, countedMinor | denominations, note?} or an opening {account?, openingMinor};
// property and date are left for the caller. Never both: invalid_value.
using BalanceBody = std::variant<domain::RecordCount, domain::DeclareOpening>;
BalanceBody read_balance(BodyReader& body);

// The member `denominations`; empty where it is missing.
std::vector<domain::Denomination> read_denominations(BodyReader& body);

domain::PostCorrection read_correction(BodyReader& body);
domain::AddCategory read_category(BodyReader& body);
domain::UpdateCategory read_category_patch(BodyReader& body);
domain::AddProperty read_property(BodyReader& body);
domain::UpdateProperty read_property_patch(BodyReader& body);
domain::ChangeSettings read_settings_patch(BodyReader& body);
domain::CreateToken read_token(BodyReader& body);
// {"properties": [id…]}, or null for all of them.
domain::Scope read_scope(BodyReader& body, Presence presence);
domain::ImportCommitted read_import(BodyReader& body);
domain::CreateOrg read_org(BodyReader& body);

// "04:30" is 270. Only the form is judged, 00:00 to 23:59.
std::optional<int> parse_time_of_day(std::string_view text);

}  // namespace daybook::http
