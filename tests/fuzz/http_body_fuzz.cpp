// Fuzzes the bodies, cursors and seals that strangers send: strict JSON and all that reads it.
//
// Beside crashes it looks for disagreement: what the strict parser accepts, Boost.JSON accepts as
// well; what a reader accepts is in range; a cursor that is accepted is the one we would make.
#include <boost/json/parse.hpp>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/check.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "http/body_books.h"
#include "http/body_days.h"
#include "http/body_entry.h"
#include "http/body_people.h"
#include "http/render_event.h"
#include "http/routes_cursor.h"

namespace daybook::http {
namespace {

void check_strings(const JsonValue& value) {
    if (const auto* text = value.as<std::string>()) {
        CHECK(is_valid_utf8(*text));
    } else if (const auto* array = value.as<JsonValue::Array>()) {
        for (const JsonValue& each : *array) check_strings(each);
    } else if (const auto* object = value.as<JsonValue::Object>()) {
        CHECK(object->size() <= limits::kJsonMembersMax);
        for (const JsonMember& each : *object) check_strings(each.value);
    }
}

template <class Read>
void fuzz_body(const JsonValue::Object& object, Read&& read) {
    BodyErrors errors;
    BodyReader body(object, "", errors);
    (void)read(body);
    body.finish();
    if (errors.empty()) return;
    const Error error = errors.to_error();
    CHECK(!error.detail.empty() && !error.fields.empty());
    CHECK(error.fields.size() <= limits::kFieldErrorsMax);
}

void fuzz_entry_bodies(const JsonValue::Object& object) {
    using enum domain::EntryKind;
    for (const auto kind : {expense, revenue, transfer}) {
        fuzz_body(object, [&](BodyReader& body) { return read_new_entry(body, kind).entry.id; });
        fuzz_body(object, [&](BodyReader& body) { return read_entry_patch(body, kind); });
    }
    fuzz_body(object, read_batch);
    fuzz_body(object, read_decisions);
    fuzz_body(object, read_approval);
    fuzz_body(object, read_reason);
    fuzz_body(object, read_reversal);
    fuzz_body(object, read_move);
    fuzz_body(object, read_close);
    fuzz_body(object, read_lock);
    fuzz_body(object, read_lock_exception);
    fuzz_body(object, read_daily_approval);
}

void fuzz_other_bodies(const JsonValue::Object& object) {
    fuzz_body(object, read_balance);
    fuzz_body(object, read_correction);
    fuzz_body(object, read_category);
    fuzz_body(object, read_category_patch);
    fuzz_body(object, read_property);
    fuzz_body(object, read_property_patch);
    fuzz_body(object, read_settings_patch);
    fuzz_body(object, read_token);
    fuzz_body(object, [](BodyReader& body) { return read_scope(body, Presence::required).all; });
    fuzz_body(object, read_import);
    fuzz_body(object, read_org);
    fuzz_body(object, read_invitation);
    fuzz_body(object, read_user_patch);
    fuzz_body(object, read_me_patch);
    fuzz_body(object, read_setup);
    fuzz_body(object, read_sign_up);
    fuzz_body(object, read_sign_in);
    fuzz_body(object, read_accept);
    fuzz_body(object, read_password);
}

void fuzz_cursors(std::string_view text) {
    if (const auto position = parse_position_cursor(text)) {
        CHECK(*position >= 0);
    }
    using enum app::EntrySort;
    if (const auto cursor = parse_entry_cursor(amount_minor, app::SortOrder::ascending, text)) {
        const auto again =
            parse_entry_cursor(amount_minor, app::SortOrder::ascending,
                               entry_cursor_text(amount_minor, app::SortOrder::ascending, *cursor));
        CHECK(again && again->value == cursor->value && again->id == cursor->id);
    }
    if (const auto bytes = from_base64url(text)) CHECK(to_base64url(*bytes) == text);
}

void fuzz_event(std::string_view text) {
    const std::size_t half = text.size() / 2;
    std::string shown;
    JsonWriter json(shown);
    const domain::StoredEvent event{
        1, std::string(text.substr(0, half)), std::string(text.substr(half)), {}, {}};
    if (write_event(json, event)) CHECK(parse_json(event.bytes).has_value());
}

}  // namespace
}  // namespace daybook::http

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace daybook::http;
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    if (const auto parsed = parse_json(text)) {
        check_strings(*parsed);
        boost::json::error_code code;
        boost::json::parse({text.data(), text.size()}, code);
        CHECK(!code);
        if (const auto* object = parsed->as<JsonValue::Object>()) {
            fuzz_entry_bodies(*object);
            fuzz_other_bodies(*object);
        }
    }
    fuzz_cursors(text);
    fuzz_event(text);
    return 0;
}
