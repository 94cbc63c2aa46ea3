// Turns answers into values, and problem documents (RFC 9457) back into errors.
#include "cli/api.h"

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/system/error_code.hpp>

namespace daybook::cli {
namespace {

namespace json = boost::json;

ErrorCode code_named(std::string_view name) {
    for (const ErrorCode code : all_error_codes())
        if (code_name(code) == name) return code;
    return ErrorCode::internal;
}

std::string text_of(const json::object& object, std::string_view name) {
    const json::value* value = object.if_contains(name);
    if (value == nullptr || !value->is_string()) return {};
    return std::string(value->get_string());
}

Error problem_of(const ApiAnswer& answer) {
    boost::system::error_code failure;
    const json::value value = json::parse(answer.body, failure);
    if (failure || !value.is_object()) {
        return error(ErrorCode::internal,
                     "The server answered " + std::to_string(answer.status) + " without a reason.");
    }
    const json::object& problem = value.get_object();
    Error refused = error(code_named(text_of(problem, "code")), text_of(problem, "detail"));
    if (refused.detail.empty()) refused.detail = text_of(problem, "title");
    const json::value* fields = problem.if_contains("errors");
    if (fields == nullptr || !fields->is_array()) return refused;
    for (const json::value& each : fields->get_array()) {
        if (!each.is_object()) continue;
        const json::object& field = each.get_object();
        refused.fields.push_back({text_of(field, "pointer"), code_named(text_of(field, "code")),
                                  text_of(field, "detail")});
    }
    return refused;
}

}  // namespace

Result<json::value> call_json(const ApiCall& call, const ApiRequest& request) {
    const ApiAnswer answer = TRY(call(request));
    if (answer.status < 200 || answer.status >= 300) return std::unexpected(problem_of(answer));
    if (answer.body.empty()) return json::value();
    boost::system::error_code failure;
    json::value value = json::parse(answer.body, failure);
    if (failure) return fail(ErrorCode::internal, "The server's answer is no JSON.");
    return value;
}

Result<std::string> string_member(const json::value& answer, std::string_view name) {
    if (answer.is_object()) {
        const json::value* value = answer.get_object().if_contains(name);
        if (value != nullptr && value->is_string()) return std::string(value->get_string());
    }
    return fail(ErrorCode::internal, "The answer has no member " + std::string(name) + ".");
}

}  // namespace daybook::cli
