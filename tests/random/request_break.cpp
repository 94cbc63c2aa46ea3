// What people and programs get wrong, and what nobody would send by mistake.
#include <fmt/format.h>

#include <array>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <cstdint>
#include <limits>

#include "random/request.h"

namespace daybook::test {

namespace json = boost::json;

namespace {

constexpr std::size_t kLongBytes = 20'000;         // beyond a head
constexpr std::size_t kTooLargeBytes = 2'200'000;  // beyond a body

json::value deep_value(int depth) {
    json::value value = 1;
    for (int i = 0; i < depth; ++i) value = json::array{value};
    return value;
}

}  // namespace

std::string RequestMaker::nonsense() {
    constexpr std::array<std::string_view, 14> kTexts{
        "",           "null",    "-1",  "9223372036854775808", "%00", "%C0%AF",
        "..%2f..%2f", "'; --",   "1e5", "2026-02-30",          "NaN", "%",
        "+",          "\xff\xfe"};
    if (dice_.one_in(20)) return std::string(1 + dice_.below(3'000), 'a');
    return std::string(dice_.pick(kTexts));
}

json::value RequestMaker::nonsense_value() {
    switch (dice_.below(12)) {
        case 0: return nullptr;
        case 1: return true;
        case 2: return std::numeric_limits<std::int64_t>::max();
        case 3: return std::numeric_limits<std::int64_t>::min();
        case 4: return std::numeric_limits<std::uint64_t>::max();
        case 5: return 1.5;
        case 6: return "";
        case 7: return json::array{};
        case 8: return json::object{};
        case 9: return deep_value(static_cast<int>(dice_.below(30)));
        case 10: return json::value(std::string(1 + dice_.below(3'000), 'b'));
        default: return json::value(values_.text() + std::string("\x01\x7f", 2));
    }
}

// One member somewhere is another, is gone, or is one too many.
void RequestMaker::break_value(json::value& value, int depth) {
    auto* array = value.if_array();
    if (array != nullptr && !array->empty() && !dice_.one_in(4)) {
        return break_value((*array)[dice_.below(array->size())], depth + 1);
    }
    auto* object = value.if_object();
    if (object == nullptr || object->empty() || dice_.one_in(6)) {
        if (object != nullptr && dice_.one_in(2)) {
            (*object)["noSuchMember"] = nonsense_value();
        } else if (depth > 0 || dice_.one_in(4)) {
            value = nonsense_value();
        }
        return;
    }
    auto& member = *(object->begin() + static_cast<std::ptrdiff_t>(dice_.below(object->size())));
    if (dice_.one_in(4)) {
        object->erase(std::string(member.key()));
    } else if (member.value().is_structured() && !dice_.one_in(4)) {
        break_value(member.value(), depth + 1);
    } else {
        member.value() = nonsense_value();
    }
}

void RequestMaker::break_text(std::string& text) {
    const std::size_t at = text.empty() ? 0 : dice_.below(text.size());
    switch (dice_.below(6)) {
        case 0: text.resize(at); break;
        case 1: text.insert(at, 1, static_cast<char>(dice_.below(256))); break;
        case 2: text += text; break;
        case 3: text.insert(0, "\xef\xbb\xbf"); break;
        case 4: text = nonsense(); break;
        default:
            if (!text.empty()) text[at] = static_cast<char>(dice_.below(256));
    }
}

void RequestMaker::break_query(RandomRequest& request) {
    switch (dice_.below(5)) {
        case 0:
            request.query += (request.query.empty() ? "" : "&") + std::string("noSuch=1");
            break;
        case 1: request.query += "&" + request.query; break;
        case 2: request.query += "&"; break;
        case 3:
            request.query = fmt::format("{}={}", dice_.one_in(2) ? "from" : "limit", nonsense());
            break;
        default: {
            const std::size_t value = request.query.rfind('=');
            if (value == std::string::npos) return;
            request.query.replace(value + 1, std::string::npos, nonsense());
        }
    }
    std::erase_if(request.query, [](char c) { return c <= ' '; });
}

void RequestMaker::break_path(RandomRequest& request) {
    constexpr std::array<std::string_view, 7> kMethods{"GET",   "HEAD",   "POST",   "PUT",
                                                       "PATCH", "DELETE", "OPTIONS"};
    const std::size_t slash = request.path.rfind('/');
    switch (dice_.below(6)) {
        case 0: request.method = dice_.pick(kMethods); break;
        case 1: request.path += "/"; break;
        case 2: request.path.replace(slash + 1, std::string::npos, "no-such-thing"); break;
        case 3: request.path = "/" + request.path; break;
        case 4: request.path.replace(slash + 1, std::string::npos, nonsense()); break;
        default: request.method = dice_.one_in(2) ? "TRACE" : "get"; break;
    }
    std::erase_if(request.path, [](char c) { return c <= ' '; });
    request.is_routed = false;
}

void RequestMaker::break_header(RandomRequest& request) {
    const auto set = [&](const char* name, std::string value) {
        std::erase_if(request.headers, [&](const auto& each) { return each.first == name; });
        request.headers.emplace_back(name, std::move(value));
    };
    switch (dice_.below(12)) {
        case 0: set("If-Match", dice_.one_in(2) ? "*" : "\"99\""); break;
        case 1: set("Content-Type", "text/plain"); break;
        case 2: set("Daybook-Min-Position", dice_.one_in(2) ? "999999999" : "x"); break;
        case 3: set("Idempotency-Key", std::string(1 + dice_.below(400), 'k')); break;
        case 4: set("Daybook-Org", "00000000-0000-7000-8000-000000000000"); break;
        case 5: set("Expect", dice_.one_in(2) ? "100-continue" : "200-ok"); break;
        case 6: set("Content-Encoding", "gzip"); break;
        case 7: set("Range", "bytes=0-1"); break;
        case 8: set("Content-Length", "7"); break;
        case 9: set("Transfer-Encoding", "chunked"); break;
        case 10: set("Cookie", "daybook_session=" + nonsense()); break;
        default: set("X-Long", std::string(kLongBytes, 'x')); break;
    }
    std::erase_if(request.headers, [](const auto& each) {
        return each.second.find_first_of(std::string_view("\r\n\0", 3)) != std::string::npos;
    });
}

void RequestMaker::break_request(RandomRequest& request) {
    const bool has_body = !request.body.empty();
    switch (dice_.below(4)) {
        case 0: break_query(request); break;
        case 1: break_path(request); break;
        case 2: break_header(request); break;
        default:
            if (!has_body) return break_query(request);
            if (dice_.one_in(400)) {
                request.body.resize(kTooLargeBytes, ' ');
            } else {
                break_text(request.body);
            }
    }
}

}  // namespace daybook::test
