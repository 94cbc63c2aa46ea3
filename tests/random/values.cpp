// By name where a name says more than its schema, by type everywhere else.
#include "random/values.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/json/array.hpp>
#include <functional>
#include <map>

namespace daybook::test {

namespace json = boost::json;
using namespace std::chrono;

namespace {

constexpr std::array<std::string_view, 6> kTimeZones{
    "Europe/Lisbon", "Asia/Tokyo", "America/New_York", "UTC", "Australia/Lord_Howe", "Nowhere/At"};
constexpr std::array<std::string_view, 6> kEventTypes{
    "expense_added", "revenue_added", "day_closed", "org_created", "expense_updated", "no_such"};
constexpr std::array<std::string_view, 10> kWords{
    "towels", "café", "🏨", "a \"quoted\" word", "back\\slash", "=1+1", "-5", "<b>", "a\nb", "Ω"};

bool takes(const json::object& schema, std::string_view type) {
    const json::value* types = schema.if_contains("type");
    if (types == nullptr) return false;
    if (types->is_string()) return types->get_string() == type;
    return std::ranges::any_of(types->get_array(),
                               [&](const json::value& each) { return each.get_string() == type; });
}

// What refuses most requests that say it, or ends what others go on with.
bool is_exception(std::string_view name) {
    constexpr std::array<std::string_view, 9> kNames{"reversal",  "reversesId", "toPropertyId",
                                                     "mergeInto", "active",     "trusted",
                                                     "until",     "expiresAt",  "currency"};
    return std::ranges::find(kNames, name) != kNames.end();
}

std::int64_t number_in(const json::object& schema, std::string_view name, std::int64_t otherwise) {
    const json::value* member = schema.if_contains(name);
    return member == nullptr ? otherwise : member->to_number<std::int64_t>();
}

}  // namespace

json::value Values::make(const json::object& given, std::string_view name) {
    const json::object& schema = check_.resolved(given);
    if (const auto* choices = schema.if_contains("oneOf")) {
        return make(dice_.pick(choices->get_array()).get_object(), name);
    }
    if (takes(schema, "null") && dice_.one_in(4)) return nullptr;
    if (takes(schema, "object")) return object(schema);
    if (takes(schema, "array")) return array(schema, name);
    if (takes(schema, "boolean")) return dice_.one_in(2);
    if (takes(schema, "integer")) return integer(schema, name);
    return string(schema, name);
}

std::string Values::make_text(const json::object& schema, std::string_view name) {
    const json::value value = make(schema, name);
    if (const auto* text = value.if_string()) return std::string(*text);
    if (value.is_int64()) return std::to_string(value.get_int64());
    if (value.is_bool()) return value.get_bool() ? "true" : "false";
    return {};
}

std::string Values::text() {
    std::string text = mark_;
    for (std::size_t words = dice_.below(4); words > 0; --words) {
        text += " ";
        text += dice_.pick(kWords);
    }
    return text;
}

std::string Values::id_of(std::string_view noun) {
    const auto known = dice_.one_in(30) ? std::nullopt : known_.any(noun, dice_);
    if (known) return *known;
    return fmt::format("01900000-0000-7000-8000-{:012}", dice_.below(1'000));
}

std::string Values::key_of(std::string_view kind) {
    return known_.any(kind, dice_).value_or("other");
}

std::string Values::any_entry() {
    constexpr std::array<std::string_view, 4> kNouns{"expenses", "revenues", "transfers",
                                                     "changes"};
    return id_of(dice_.pick(kNouns));
}

std::optional<std::string> Values::by_name(std::string_view name) {
    using Make = std::function<std::string(Values&)>;
    static const std::map<std::string_view, Make> kMakers{
        {"propertyId", [](Values& of) { return of.id_of("properties"); }},
        {"toPropertyId", [](Values& of) { return of.id_of("properties"); }},
        {"properties", [](Values& of) { return of.id_of("properties"); }},
        {"userId", [](Values& of) { return of.id_of("users"); }},
        {"entityId", [](Values& of) { return of.any_entry(); }},
        {"id", [](Values& of) { return of.any_entry(); }},
        {"reversesId", [](Values& of) { return of.any_entry(); }},
        {"category", [](Values& of) { return of.key_of("category"); }},
        {"source", [](Values& of) { return of.key_of("source"); }},
        {"mergeInto", [](Values& of) { return of.key_of("category"); }},
        {"currency", [](Values& of) { return of.dice_.one_in(20) ? "USD" : "EUR"; }},
        {"timeZone", [](Values& of) { return std::string(of.dice_.pick(kTimeZones)); }},
        {"type", [](Values& of) { return std::string(of.dice_.pick(kEventTypes)); }},
        {"types", [](Values& of) { return std::string(of.dice_.pick(kEventTypes)); }},
        {"dayCutoff", [](Values& of) { return fmt::format("{:02}:30", of.dice_.below(13)); }},
        {"key", [](Values& of) { return fmt::format("k{}", of.dice_.below(500)); }},
        {"fileSha256", [](Values& of) { return std::string(of.dice_.one_in(2) ? 64 : 0, 'a'); }},
        {"email", [](Values& of) { return fmt::format("p{}@example.com", of.dice_.below(900)); }},
        {"externalId", [](Values& of) { return fmt::format("x{}", of.dice_.below(5'000)); }},
        {"url", [](Values& of) { return fmt::format("http://127.0.0.1:9/{}", of.dice_.below(9)); }},
        {"language", [](Values& of) { return of.dice_.one_in(2) ? "pt" : "en"; }},
        {"subscription",
         [](Values& of) { return of.known_.any("subscription", of.dice_).value_or("alerts"); }},
        {"after", [](Values& of) { return of.known_.any("after", of.dice_).value_or("0"); }},
        {"Last-Event-ID", [](Values& of) { return of.known_.any("after", of.dice_).value_or(""); }},
        {"If-None-Match", [](Values& of) { return of.known_.any("etag", of.dice_).value_or("*"); }},
    };
    const auto found = kMakers.find(name);
    if (found == kMakers.end()) return std::nullopt;
    return found->second(*this);
}

std::string Values::date() {
    constexpr int kDaysBack = 12;
    auto days = today_ - std::chrono::days(dice_.below(kDaysBack));
    if (dice_.one_in(20)) days = today_ + std::chrono::days(dice_.between(-400, 2));
    const year_month_day date(days);
    return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(date.year()),
                       static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
}

std::string Values::instant() {
    return date() +
           fmt::format("T{:02}:00:00{}", dice_.below(24), dice_.one_in(2) ? "Z" : "+02:00");
}

std::int64_t Values::integer(const json::object& schema, std::string_view name) {
    if (name == "waitSeconds") return 0;
    if (name == "limit") return dice_.one_in(20) ? 1'000 : dice_.between(1, 30);
    if (name == "year" || name == "fiscalYear") {
        return static_cast<int>(year_month_day(today_).year()) - dice_.between(0, 2);
    }
    constexpr std::int64_t kFar = 2'000;
    const std::int64_t least = number_in(schema, "minimum", dice_.one_in(8) ? -kFar : 0);
    const std::int64_t most = number_in(schema, "maximum", least + kFar);
    if (dice_.one_in(40)) return dice_.one_in(2) ? least : most;
    return dice_.between(least, std::min(most, least + kFar));
}

json::value Values::string(const json::object& schema, std::string_view name) {
    if (const auto* values = schema.if_contains("enum")) {
        const json::value picked = dice_.pick(values->get_array());
        return picked;
    }
    if (auto value = by_name(name)) return json::value(*value);
    const json::value* format = schema.if_contains("format");
    if (format != nullptr && *format == "date") return json::value(date());
    if (format != nullptr && *format == "date-time") return json::value(instant());
    std::string value = text();
    const auto bytes_max = static_cast<std::size_t>(number_in(schema, "maxLength", 200));
    if (dice_.one_in(50)) value.resize(bytes_max, 'x');
    while (value.size() > bytes_max || (!value.empty() && (value.back() & 0x80) != 0)) {
        value.pop_back();
    }
    return json::value(value);
}

json::value Values::array(const json::object& schema, std::string_view name) {
    json::array array;
    const json::object& items = schema.at("items").get_object();
    for (std::size_t count = 1 + dice_.below(3); count > 0; --count) {
        array.push_back(make(items, name));
    }
    return array;
}

json::value Values::object(const json::object& schema) {
    json::object object;
    const json::value* required = schema.if_contains("required");
    const json::value* properties = schema.if_contains("properties");
    if (properties == nullptr) return object;
    for (const auto& [name, member] : properties->get_object()) {
        const bool is_needed =
            required != nullptr && std::ranges::find(required->get_array(), json::value(name)) !=
                                       required->get_array().end();
        const std::size_t seldom = is_exception(name) ? 25 : 4;
        if (is_needed || dice_.one_in(seldom)) object[name] = make(member.get_object(), name);
    }
    const json::value* id = object.if_contains("id");
    if (id != nullptr && object.contains("version")) {
        object["version"] = known_.version(std::string(id->get_string()));
    }
    return object;
}

}  // namespace daybook::test
