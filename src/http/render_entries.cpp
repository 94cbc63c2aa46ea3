// Item by item.
#include "http/render_entries.h"

#include <variant>

#include "http/problem.h"

namespace daybook::http {
namespace {

// An entry that was there already shows only what never changes, so that a replay reads the same.
enum class Origin : std::uint8_t { written_now, there_already };

void write_entry_in_short(JsonWriter& json, const domain::Entry& entry, Origin origin) {
    json.begin_object();
    json.key("id").string(entry.id.to_string());
    json.key("propertyId").string(entry.property.to_string());
    json.key("kind").string(domain::entry_kind_name(entry.kind));
    json.key("number").integer(entry.number);
    if (origin == Origin::written_now) {
        json.key("businessDate").string(entry.content.business_date.to_string());
        json.key("status").string(domain::status_name(entry.status));
        json.key("version").integer(entry.version);
    }
    json.end_object();
}

void write_closing_in_short(JsonWriter& json, const domain::Closing& closing) {
    json.begin_object();
    json.key("propertyId").string(closing.property.to_string());
    json.key("date").string(closing.date.to_string());
    json.key("number").integer(closing.number);
    json.key("revision").integer(closing.revision);
    json.end_object();
}

// What was only asked for: a return, where another person has to do it.
void write_change_in_short(JsonWriter& json, const domain::ChangeRequest& request) {
    json.begin_object();
    json.key("entryId").string(request.entry.to_string());
    json.key("change").string(domain::change_kind_name(request.change));
    json.key("version").integer(request.version);
    json.end_object();
}

void write_result(JsonWriter& json, const app::Item& item, int status_done) {
    if (!item.result) {
        const ErrorCode code = item.result.error().code;
        json.key("status").integer(http_status(code_kind(code)));
        json.key("code").string(code_name(code));
        json.key("title").string(problem_title(code));
        return;
    }
    const auto* request = std::get_if<domain::ChangeRequest>(&*item.result);
    json.key("status").integer(request != nullptr ? 202 : item.position ? status_done : 200);
    if (request != nullptr) {
        json.key("change");
        return write_change_in_short(json, *request);
    }
    if (const auto* closing = std::get_if<domain::Closing>(&*item.result)) {
        json.key("closing");
        return write_closing_in_short(json, *closing);
    }
    json.key("entry");
    write_entry_in_short(json, std::get<domain::Entry>(*item.result),
                         item.position ? Origin::written_now : Origin::there_already);
}

}  // namespace

std::string entry_path(const domain::Entry& entry) {
    return "/v1/finance/" + std::string(domain::entry_kind_name(entry.kind)) + "s/" +
           entry.id.to_string();
}

std::string results_json(const app::Outcome& outcome, int status_done) {
    std::string body;
    JsonWriter json(body);
    json.begin_object();
    json.key("results").begin_array();
    for (std::size_t i = 0; i < outcome.items.size(); ++i) {
        json.begin_object();
        json.key("index").integer(static_cast<std::int64_t>(i));
        write_result(json, outcome.items[i], status_done);
        json.end_object();
    }
    json.end_array();
    json.end_object();
    return body;
}

}  // namespace daybook::http
