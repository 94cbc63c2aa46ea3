// Counts, adjustments, properties, categories, tokens and orgs as JSON; entries are rendered by
// reports/render_entry.h.
//
// Each writes one object whose members are all there, null where they do not apply.
#pragma once

#include <optional>

#include "base/json_writer.h"
#include "domain/cash_balance.h"
#include "domain/events.h"
#include "domain/property.h"

namespace daybook::http {

void write_count(JsonWriter& json, const domain::Count& count, domain::Currency currency);
void write_adjustment(JsonWriter& json, const domain::Adjustment& adjustment,
                      domain::Currency currency);
void write_property(JsonWriter& json, const domain::Property& property);
void write_category(JsonWriter& json, const domain::Category& category);
// Without its secret, which only the one answer to its creation has.
void write_token(JsonWriter& json, const domain::Token& token,
                 std::optional<std::string_view> secret = std::nullopt);
// As lists have it: null where it was never used.
void write_token(JsonWriter& json, const domain::Token& token, std::optional<Instant> last_used_at);
// An org is shown as its settings.
void write_org(JsonWriter& json, const domain::Org& org);
void write_import(JsonWriter& json, const domain::ImportCommitted& import);

// As one document.
template <class Write, class... Parts>
std::string json_of(Write&& write, const Parts&... parts) {
    std::string text;
    JsonWriter json(text);
    write(json, parts...);
    return text;
}

}  // namespace daybook::http
