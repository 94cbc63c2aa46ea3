// Reads of entries: one, and a list by filters.
#include <algorithm>
#include <array>
#include <map>

#include "base/limits.h"
#include "http/body_words.h"
#include "http/render_entity.h"
#include "http/render_entries.h"
#include "http/routes_cursor.h"
#include "http/routes_entries.h"
#include "reports/render_entry.h"

namespace daybook::http {
namespace {

using namespace domain;

enum class ListFormat : std::uint8_t { json, csv };

struct EntryQuery {
    app::EntryFilter filter;
    std::vector<PropertyId> asked;
    ListFormat format = ListFormat::json;
};

std::optional<ListFormat> parse_format(std::string_view text) {
    if (text == "json") return ListFormat::json;
    if (text == "csv") return ListFormat::csv;
    return std::nullopt;
}

std::optional<app::EntrySort> parse_sort(std::string_view text) {
    if (text == "businessDate") return app::EntrySort::business_date;
    if (text == "recordedAt") return app::EntrySort::recorded_at;
    if (text == "amountMinor") return app::EntrySort::amount_minor;
    return std::nullopt;
}

std::optional<app::SortOrder> parse_order(std::string_view text) {
    if (text == "asc") return app::SortOrder::ascending;
    if (text == "desc") return app::SortOrder::descending;
    return std::nullopt;
}

// A key belongs to one kind, so it leaves the other kinds out.
void read_key(QueryReader& query, std::string_view name, EntryKind kind, app::EntryFilter& filter) {
    const auto key = query.text(name);
    if (!key) return;
    const bool fits =
        filter.kinds.empty() || std::ranges::find(filter.kinds, kind) != filter.kinds.end();
    if (key->empty() || !fits || !filter.key.empty()) {
        query.wrong(name, "one key of one kind of entries");
        return;
    }
    filter.key = *key;
    filter.kinds = {kind};
}

void read_what(QueryReader& query, std::optional<EntryKind> kind, app::EntryFilter& filter) {
    if (kind) {
        filter.kinds = {*kind};
    } else {
        filter.kinds = query.parsed_all("kind", parse_entry_kind, kEntryKindForm);
    }
    if (kind.value_or(EntryKind::expense) == EntryKind::expense) {
        read_key(query, "category", EntryKind::expense, filter);
    }
    if (kind.value_or(EntryKind::revenue) == EntryKind::revenue) {
        read_key(query, "source", EntryKind::revenue, filter);
    }
    if (kind != EntryKind::transfer) {
        filter.payment_mode = query.parsed("paymentMode", parse_account, kAccountForm);
    }
    filter.statuses =
        query.parsed_all("status", parse_status, "pending, approved, rejected or deleted");
}

void read_texts(QueryReader& query, app::EntryFilter& filter) {
    filter.external_id = query.text("externalId").value_or("");
    if (filter.external_id.size() > limits::kExternalIdBytesMax) {
        query.wrong("externalId", "at most 200 bytes");
    }
    filter.text = query.text("q").value_or("");
    if (filter.text.size() > limits::kReferenceBytesMax) query.wrong("q", "at most 200 bytes");
}

Status read_dates(QueryReader& query, app::EntryFilter& filter) {
    filter.from = query.parsed("from", BusinessDate::parse, kDateForm);
    filter.to = query.parsed("to", BusinessDate::parse, kDateForm);
    if (filter.from && filter.to) TRY(date_range(*filter.from, *filter.to));
    return {};
}

void read_page(QueryReader& query, app::EntryFilter& filter) {
    filter.limit = query.limit();
    const auto cursor = query.text("cursor");
    if (!cursor) return;
    filter.after = parse_entry_cursor(filter.sort, filter.order, *cursor);
    if (!filter.after) query.wrong("cursor", "the nextCursor of a page with the same sort");
}

Result<EntryQuery> read_query(const Request& request, std::optional<EntryKind> kind) {
    QueryReader query(request);
    EntryQuery read;
    read.asked = read_property_ids(query);
    read_what(query, kind, read.filter);
    read_texts(query, read.filter);
    const Status dates = read_dates(query, read.filter);
    read.filter.sort = query.parsed("sort", parse_sort, "businessDate, recordedAt or amountMinor")
                           .value_or(app::EntrySort::business_date);
    read.filter.order =
        query.parsed("order", parse_order, "asc or desc").value_or(app::SortOrder::descending);
    read_page(query, read.filter);
    read.format = query.parsed("format", parse_format, "json or csv").value_or(ListFormat::json);
    TRY(query.finish());
    TRY(Status(dates));
    return read;
}

std::optional<std::string> next_cursor(const app::EntryFilter& filter, const app::EntryPage& page) {
    if (!page.next) return std::nullopt;
    return entry_cursor_text(filter.sort, filter.order, *page.next);
}

Response csv_page(const app::EntryPage& page, const std::vector<Property>& properties,
                  const std::optional<std::string>& next) {
    std::map<PropertyId, std::string_view> names;
    for (const Property& each : properties) names[each.id] = each.name;
    Response response;
    response.content_type = kCsvType;
    response.body = entries_csv_header();
    for (const Entry& entry : page.entries) {
        append_entry_csv(response.body, entry, names[entry.property]);
    }
    if (next) response.headers.push_back({"Daybook-Next-Cursor", *next});
    return response;
}

}  // namespace

Read get_entry(EntryKind kind) {
    return [kind](const ReadCall& call) -> Result<Response> {
        TRY(QueryReader(call.request).finish());
        const EntryId id = TRY(path_id<EntryId>(call.request, kNoSuchEntry));
        const auto entry = TRY(call.snapshot.entry(id));
        if (!entry || entry->kind != kind || !call.principal.scope.covers(entry->property)) {
            return fail(ErrorCode::not_found, std::string(kNoSuchEntry));
        }
        return versioned(json_response(200, json_of(reports::write_entry, *entry)), entry->version);
    };
}

Read list_entries(std::optional<EntryKind> kind) {
    return [kind](const ReadCall& call) -> Result<Response> {
        EntryQuery read = TRY(read_query(call.request, kind));
        const auto properties = TRY(properties_asked(call, read.asked));
        read.filter.properties = ids_of(properties);
        const app::EntryPage page = TRY(call.snapshot.entries(read.filter));
        const auto next = next_cursor(read.filter, page);
        if (read.format == ListFormat::csv) return csv_page(page, properties, next);
        const auto write = [&](JsonWriter& json) {
            for (const Entry& entry : page.entries) reports::write_entry(json, entry);
        };
        return json_response(200, list_json(write, next));
    };
}

}  // namespace daybook::http
