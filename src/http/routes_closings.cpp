// Frozen reports, as they were, with the texts that they leave out beside them.
//
// Why beside: the bytes of a report are what its day_closed event has the SHA-256 of, so nothing is
// put into them. A text is shown as it was when the day was closed, or as erased.
#include "app/event_codec.h"
#include "base/limits.h"
#include "domain/apply.h"
#include "http/body_json.h"
#include "http/body_words.h"
#include "http/render_days.h"
#include "http/routes_days.h"

namespace daybook::http {
namespace {

using namespace domain;

// The entry as the log had it at a position.
Result<std::optional<Entry>> entry_at(const ReadCall& call, EntryId id, Position position) {
    app::EventFilter filter;
    filter.principal = call.principal;
    filter.entity_type = EntityType::entry;
    filter.entity = id.value;
    filter.limit = limits::kPageMax;
    std::optional<Entry> entry;
    while (true) {
        const app::EventPage page = TRY(call.snapshot.events(filter));
        for (const StoredEvent& stored : page.events) {
            if (stored.position > position) return entry;
            const RecordedEvent event = TRY(app::decode(stored.bytes, stored.private_json));
            if (const auto* change = std::get_if<EntryChanged>(&event.event.payload)) {
                entry = apply(entry ? &*entry : nullptr, *change, event);
            } else if (const auto* erased = std::get_if<TextErased>(&event.event.payload); entry) {
                entry = apply(*entry, *erased);
            }
        }
        if (!page.next) return entry;
        filter.after = *page.next;
    }
}

void write_text(JsonWriter& json, std::string_view name, const Text& text) {
    if (!text.empty()) json.key(name).string(text.shown());
}

Status write_texts(JsonWriter& json, const ReadCall& call, const JsonValue& entry,
                   Position position) {
    const auto* id_text = entry.member("id") ? entry.member("id")->as<std::string>() : nullptr;
    const auto* version =
        entry.member("version") ? entry.member("version")->as<std::int64_t>() : nullptr;
    const auto id = id_text != nullptr ? EntryId::parse(*id_text) : std::nullopt;
    if (!id || version == nullptr) {
        return fail(ErrorCode::corrupt, "A frozen report is damaged; run daybook verify.");
    }
    auto now = TRY(call.snapshot.entry(*id));
    // Nothing happened to most entries since.
    if (!now || now->version != *version) now = TRY(entry_at(call, *id, position));
    if (!now) return {};
    const EntryContent& content = now->content;
    if (content.party.empty() && content.description.empty() && content.reference.empty() &&
        now->reason.empty()) {
        return {};
    }
    json.key(*id_text).begin_object();
    write_text(json, "party", content.party);
    write_text(json, "description", content.description);
    write_text(json, "reference", content.reference);
    write_text(json, "reason", now->reason);
    json.end_object();
    return {};
}

Status write_frozen(JsonWriter& json, const ReadCall& call, const Closing& closing,
                    Currency currency) {
    const auto bytes = TRY(call.snapshot.frozen_report(closing.report));
    const auto report = bytes ? parse_json(*bytes) : fail(ErrorCode::corrupt, "");
    if (!report) {
        return fail(ErrorCode::corrupt, "A frozen report is missing; run daybook verify.");
    }
    json.begin_object();
    write_closing_members(json, closing, currency);
    json.key("report").raw(*bytes);
    json.key("texts").begin_object();
    const JsonValue* entries = report->member("entries");
    const auto* list = entries != nullptr ? entries->as<JsonValue::Array>() : nullptr;
    if (list != nullptr) {
        for (const JsonValue& entry : *list) {
            TRY(write_texts(json, call, entry, closing.position));
        }
    }
    json.end_object();
    json.end_object();
    return {};
}

}  // namespace

Result<Response> list_closings(const ReadCall& call) {
    TRY(QueryReader(call.request).finish());
    const auto date = BusinessDate::parse(call.request.capture("date"));
    if (!date) {
        return fail_field(ErrorCode::invalid_value, "/date", "Use " + std::string(kDateForm) + ".");
    }
    const auto id = PropertyId::parse(call.request.capture("propertyId")).value_or(PropertyId{});
    const Property property = TRY(visible_property(call.snapshot, call.principal, id));
    const auto revisions = TRY(call.snapshot.revisions(id, *date));
    Status status;
    const auto write = [&](JsonWriter& json) {
        for (const Closing& each : revisions) {
            if (status) status = write_frozen(json, call, each, property.currency);
        }
    };
    std::string body = list_json(write, std::nullopt);
    TRY(Status(status));
    return json_response(200, std::move(body));
}

}  // namespace daybook::http
