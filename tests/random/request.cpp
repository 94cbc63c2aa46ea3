// Whole requests.
#include "random/request.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json/serialize.hpp>

namespace daybook::test {

namespace json = boost::json;

namespace {

std::string percent_encoded(std::string_view text) {
    std::string encoded;
    for (const char c : text) {
        const bool is_plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                              (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
        if (is_plain) {
            encoded += c;
        } else {
            encoded += fmt::format("%{:02X}", static_cast<unsigned char>(c));
        }
    }
    return encoded;
}

// Header values are one line of visible characters.
std::string header_value(std::string text) {
    for (char& c : text) {
        if (c < ' ' || c > '~') c = '?';
    }
    return text;
}

bool is_repeated(const OperationParameter& parameter) {
    const json::value* type = parameter.schema->if_contains("type");
    return type != nullptr && *type == "array";
}

}  // namespace

const std::string* RandomRequest::header(std::string_view name) const {
    const auto found = std::ranges::find(
        headers, name, [](const auto& each) { return std::string_view(each.first); });
    return found == headers.end() ? nullptr : &found->second;
}

std::string RandomRequest::bytes(std::string_view more_header_lines) const {
    std::string bytes = method + " " + path + (query.empty() ? "" : "?" + query);
    bytes += " HTTP/1.1\r\nHost: localhost\r\n";
    bytes += more_header_lines;
    for (const auto& [name, value] : headers) bytes += name + ": " + value + "\r\n";
    if (!body.empty()) bytes += fmt::format("Content-Length: {}\r\n", body.size());
    return bytes + "\r\n" + body;
}

RequestMaker::RequestMaker(const OpenApiCheck& check, const Known& known, Dice& dice)
    : check_(check),
      known_(known),
      dice_(dice),
      values_(check, known, dice),
      operations_(read_operations(check)) {
    for (const Operation& each : operations_) weights_ += each.weight;
}

const Operation& RequestMaker::any_operation() {
    std::size_t drawn = dice_.below(weights_);
    for (const Operation& each : operations_) {
        if (drawn < each.weight) return each;
        drawn -= each.weight;
    }
    return operations_.back();
}

RandomRequest RequestMaker::make(const std::string& mark) {
    values_.set_mark(mark);
    RandomRequest request;
    request.operation = &any_operation();
    request.method = request.operation->method;
    request.path = request.operation->path;
    request.is_whole = !dice_.one_in(3);
    add_parameters(request);
    add_headers(request);
    const bool breaks_value =
        !request.is_whole && request.operation->body != nullptr && dice_.one_in(2);
    add_body(request, breaks_value);
    if (!request.is_whole && !breaks_value) break_request(request);
    return request;
}

void RequestMaker::add_parameters(RandomRequest& request) {
    using enum OperationParameter::Where;
    for (const OperationParameter& each : request.operation->parameters) {
        if (each.where == in_path) {
            const bool is_id = each.name == "id";
            std::string value = is_id ? values_.id_of(request.operation->noun)
                                : each.name == "name"
                                    ? values_.make_text(*each.schema, "subscription")
                                    : values_.make_text(*each.schema, each.name);
            const std::string place = "{" + each.name + "}";
            request.path.replace(request.path.find(place), place.size(), percent_encoded(value));
        }
        const bool is_asked =
            each.where == in_query && dice_.one_in(each.name == "cursor" ? 10 : 3);
        if (!is_asked) continue;
        for (std::size_t count = is_repeated(each) ? 1 + dice_.below(2) : 1; count > 0; --count) {
            const json::object& schema =
                is_repeated(each) ? each.schema->at("items").get_object() : *each.schema;
            std::string value = values_.make_text(schema, each.name);
            if (each.name == "cursor") {
                value = known_.any("cursor:" + request.operation->id, dice_).value_or(value);
            }
            request.query += (request.query.empty() ? "" : "&") + each.name + "=";
            request.query += percent_encoded(value);
        }
    }
}

void RequestMaker::add_headers(RandomRequest& request) {
    using enum OperationParameter::Where;
    for (const OperationParameter& each : request.operation->parameters) {
        if (each.where != in_header) continue;
        const bool is_asked = each.is_required || dice_.one_in(6);
        if (!is_asked || (each.name == "Daybook-Min-Position" && !dice_.one_in(6))) continue;
        std::string value = values_.make_text(*each.schema, each.name);
        if (each.name == "If-Match") {
            const std::size_t id = request.path.find_first_of("0123456789", 4);
            const std::string of =
                id == std::string::npos ? request.path : request.path.substr(id, 36);
            value = fmt::format("\"{}\"", known_.version(of));
        }
        if (each.name == "Idempotency-Key") {
            if (!dice_.one_in(8)) ++last_key_;
            value = fmt::format("key-{}", last_key_);
        }
        request.headers.emplace_back(each.name, header_value(std::move(value)));
    }
    if (dice_.one_in(10)) request.headers.emplace_back("Accept-Encoding", "gzip, br");
}

void RequestMaker::add_body(RandomRequest& request, bool is_broken) {
    const Operation& operation = *request.operation;
    if (operation.body == nullptr || (!operation.requires_body && dice_.one_in(2))) return;
    json::value value = values_.make(*operation.body, "");
    if (is_broken) break_value(value, 0);
    request.headers.emplace_back("Content-Type", "application/json");
    request.body = json::serialize(value);
}

}  // namespace daybook::test
