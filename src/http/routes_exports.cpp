// Streams that go on from where the last page ended.
#include "http/routes_exports.h"

#include <map>

#include "app/frozen_report.h"
#include "base/limits.h"
#include "http/body_words.h"
#include "http/render_entries.h"
#include "http/render_event.h"
#include "reports/render_entry.h"

namespace daybook::http {
namespace {

using namespace domain;

enum class ExportFormat : std::uint8_t { csv, json_lines };

std::optional<ExportFormat> parse_format(std::string_view text) {
    if (text == "csv") return ExportFormat::csv;
    if (text == "jsonl") return ExportFormat::json_lines;
    return std::nullopt;
}

Response download(std::string_view type, std::string_view file_name, BodySource stream) {
    Response response;
    response.content_type = type;
    response.headers.push_back(
        {"Content-Disposition", "attachment; filename=\"" + std::string(file_name) + "\""});
    response.stream = std::move(stream);
    return response;
}

// One export of entries, while it goes on.
struct EntryExport {
    app::Store& store;
    OrgId org;
    app::EntryFilter filter;
    ExportFormat format;
    std::map<PropertyId, std::string> names;
    bool has_begun = false;
    bool is_done = false;

    Result<std::optional<std::string>> next() {
        if (is_done) return std::nullopt;
        const auto snapshot = TRY(store.snapshot(org));
        const app::EntryPage page = TRY(snapshot->entries(filter));
        std::string piece;
        if (!has_begun && format == ExportFormat::csv) piece = entries_csv_header();
        has_begun = true;
        for (const Entry& entry : page.entries) append(piece, entry);
        filter.after = page.next;
        is_done = !page.next;
        if (piece.empty()) return std::nullopt;
        return piece;
    }

    void append(std::string& piece, const Entry& entry) {
        if (format == ExportFormat::csv)
            return append_entry_csv(piece, entry, names[entry.property]);
        JsonWriter json(piece);
        reports::write_entry(json, entry);
        piece += '\n';
    }
};

// One export of events, while it goes on.
struct EventExport {
    app::Store& store;
    app::EventFilter filter;
    Position last;  // the head when it began
    bool is_done = false;

    // Pages without a match are passed over: an empty piece would end the transfer.
    Result<std::optional<std::string>> next() {
        std::string piece;
        while (piece.empty() && !is_done) {
            const auto snapshot = TRY(store.snapshot(filter.principal.org));
            const app::EventPage page = TRY(snapshot->events(filter));
            for (const StoredEvent& event : page.events) {
                if (event.position > last) break;
                const auto report = TRY(app::frozen_report_of(*snapshot, event));
                JsonWriter json(piece);
                TRY(write_event(json, event, report));
                piece += '\n';
            }
            is_done = !page.next || *page.next >= last;
            filter.after = page.next.value_or(last);
        }
        if (piece.empty()) return std::nullopt;
        return piece;
    }
};

template <class Export>
BodySource stream_of(Export begun) {
    const auto shared = std::make_shared<Export>(std::move(begun));
    return [shared] { return shared->next(); };
}

}  // namespace

Result<Response> export_entries(const ReadCall& call) {
    QueryReader query(call.request);
    EntryExport begun{call.store, call.principal.org, {}, ExportFormat::csv, {}};
    app::EntryFilter& filter = begun.filter;
    const auto asked = read_property_ids(query);
    filter.kinds = query.parsed_all("kind", parse_entry_kind, kEntryKindForm);
    filter.statuses =
        query.parsed_all("status", parse_status, "pending, approved, rejected or deleted");
    filter.from = query.parsed("from", BusinessDate::parse, kDateForm);
    filter.to = query.parsed("to", BusinessDate::parse, kDateForm);
    filter.sort = app::EntrySort::recorded_at;
    filter.order = app::SortOrder::ascending;
    filter.limit = limits::kPageMax;
    begun.format = query.parsed("format", parse_format, "csv or jsonl").value_or(ExportFormat::csv);
    TRY(query.finish());
    const auto properties = TRY(properties_asked(call, asked));
    filter.properties = ids_of(properties);
    for (const Property& each : properties) begun.names[each.id] = each.name;
    const bool is_csv = begun.format == ExportFormat::csv;
    return download(is_csv ? kCsvType : "application/jsonl",
                    is_csv ? "daybook-entries.csv" : "daybook-entries.jsonl",
                    stream_of(std::move(begun)));
}

Result<Response> export_events(const ReadCall& call) {
    QueryReader query(call.request);
    EventExport begun{call.store, {}, call.head};
    const auto asked = read_property_ids(query);
    const auto after = query.integer("afterPosition", 0, limits::kTurnoverMinorMax);
    TRY(query.finish());
    begun.filter.principal = call.principal;
    begun.filter.after = after.value_or(0);
    begun.filter.limit = limits::kPageMax;
    if (!asked.empty()) begun.filter.properties = ids_of(TRY(properties_asked(call, asked)));
    begun.is_done = begun.filter.after >= begun.last;
    return download("application/jsonl", "daybook-events.jsonl", stream_of(std::move(begun)));
}

}  // namespace daybook::http
