// The second pass: bulks to the API. The first is in import_check.cpp.
#include "cli/import.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <charconv>
#include <chrono>
#include <future>
#include <thread>
#include <utility>

#include "base/json_writer.h"

namespace daybook::cli {
namespace {

constexpr std::size_t kBulksUnderWayMax = 2;
constexpr int kTriesMax = 20;
constexpr auto kTryAgainAfter = std::chrono::milliseconds(500);

// Whether the same request may simply be sent again: nothing of it was done.
bool is_passing(const Error& refusal) {
    return refusal.code == ErrorCode::queue_full || refusal.code == ErrorCode::rate_limited ||
           refusal.code == ErrorCode::busy;
}

Result<boost::json::value> call_patiently(const ApiCall& call, const ApiRequest& request) {
    for (int tries = 1;; ++tries) {
        auto answer = call_json(call, request);
        if (answer || tries == kTriesMax || !is_passing(answer.error())) return answer;
        std::this_thread::sleep_for(kTryAgainAfter);
    }
}

}  // namespace

Status Import::send(const ApiCall& call) {
    TRY(add_properties(call));
    body_.clear();
    places_.clear();
    rows_sent_ = 0;
    TRY(for_each_row([&](const CsvRow& row, const CellResult<MappedRow>& mapped) {
        return send_row(call, row, mapped);
    }));
    TRY(flush(call));
    while (!under_way_.empty()) TRY(settle());
    if (counts_.added == 0) return {};  // nothing happened that the books should remember
    return record(call);
}

Status Import::add_properties(const ApiCall& call) {
    for (auto& [name, add] : new_properties_) {
        if (!add.first_on) continue;
        const domain::Property& property = add.property;
        ApiRequest request{"POST", "/v1/properties", target_.org, {}};
        JsonWriter json(request.body);
        json.begin_object();
        json.key("name").string(name);
        json.key("kind").string(domain::property_kind_name(property.kind));
        json.key("currency").string(property.currency.code());
        json.key("timeZone").string(property.clock.zone);
        json.key("booksStartOn").string(add.first_on->to_string());
        json.end_object();
        const std::string id = TRY(string_member(TRY(call_patiently(call, request)), "id"));
        const auto parsed = PropertyId::parse(id);
        if (!parsed) return fail(ErrorCode::internal, "The new property has no id.");
        add.property.id = *parsed;
        target_.properties.push_back(add.property);
    }
    new_properties_.clear();
    return {};
}

Status Import::send_row(const ApiCall& call, const CsvRow& row,
                        const CellResult<MappedRow>& mapped) {
    rows_sent_++;
    if (!mapped || bad_lines_.contains(row.place.line)) return {};
    for (const ImportEntry& entry : mapped->entries) {
        const auto property = property_of(entry);
        if (!property) return fail(ErrorCode::not_found, message(file_.name(), property.error()));
        const bool is_first = places_.empty();
        body_ += is_first ? R"({"mode":"skip_existing","entries":[)" : ",";
        JsonWriter json(body_);
        write_import_entry(json, entry, (*property)->id);
        places_.push_back(entry.place);
        const bool is_full =
            places_.size() == kImportEntriesPerRequest || body_.size() >= kImportRequestBytes;
        if (is_full) TRY(flush(call));
    }
    return {};
}

// Sends the bulk that was put together. While the writer works on one, the next one is parsed and
// waits in its queue.
Status Import::flush(const ApiCall& call) {
    if (places_.empty()) return {};
    while (under_way_.size() >= kBulksUnderWayMax) TRY(settle());
    ApiRequest request{"POST", "/v1/finance/entries:batch", target_.org,
                       std::exchange(body_, {}) + "]}"};
    const auto ask = [&call, asked = std::move(request)] { return call_patiently(call, asked); };
    under_way_.push_back(
        {std::exchange(places_, {}), rows_sent_, std::async(std::launch::async, ask)});
    return {};
}

// Waits for the oldest bulk that is under way and counts what came of it.
Status Import::settle() {
    Sent sent = std::move(under_way_.front());
    under_way_.pop_front();
    const auto answer = sent.answer.get();
    if (!answer) return std::unexpected(at_line(answer.error(), sent.places));
    const boost::json::value* results =
        answer->is_object() ? answer->get_object().if_contains("results") : nullptr;
    if (results == nullptr || !results->is_array() ||
        results->get_array().size() != sent.places.size()) {
        return fail(ErrorCode::internal, "The answer to a bulk has not a result for each entry.");
    }
    for (const boost::json::value& each : results->get_array()) {
        const boost::json::value* status =
            each.is_object() ? each.get_object().if_contains("status") : nullptr;
        const bool is_new = status != nullptr && status->is_int64() && status->get_int64() == 201;
        (is_new ? counts_.added : counts_.already_there)++;
    }
    if (hooks_.on_progress) hooks_.on_progress(sent.rows, counts_.rows);
    return {};
}

// "/entries/12/amountMinor" points into the request; people look into their file.
Error Import::at_line(Error refusal, const std::vector<Place>& places) const {
    constexpr std::string_view kPrefix = "/entries/";
    for (const FieldError& field : refusal.fields) {
        if (!field.pointer.starts_with(kPrefix)) continue;
        const char* begin = field.pointer.data() + kPrefix.size();
        const char* end = field.pointer.data() + field.pointer.size();
        std::size_t index = 0;
        const auto parsed = std::from_chars(begin, end, index);
        if (parsed.ec != std::errc() || index >= places.size()) continue;
        const std::string name = parsed.ptr == end ? "" : std::string(parsed.ptr + 1, end);
        refusal.detail = message(file_.name(), {places[index], name, field.detail}) +
                         " What was sent before is kept: mend it and run the import again.";
        return refusal;
    }
    if (!places.empty()) {
        refusal.detail = file_.name() + ", lines " + std::to_string(places.front().line) + " to " +
                         std::to_string(places.back().line) + ": " + refusal.detail;
    }
    return refusal;
}

Status Import::record(const ApiCall& call) const {
    ApiRequest request{"POST", "/v1/imports", target_.org, {}};
    JsonWriter json(request.body);
    json.begin_object();
    json.key("profile").string(mapper_.profile());
    json.key("fileSha256").string(file_.sha256());
    json.key("added").integer(static_cast<std::int64_t>(counts_.added));
    json.key("alreadyThere").integer(static_cast<std::int64_t>(counts_.already_there));
    json.key("skipped").integer(static_cast<std::int64_t>(counts_.skipped_rows()));
    json.end_object();
    TRY(call_patiently(call, request));
    return {};
}

}  // namespace daybook::cli
