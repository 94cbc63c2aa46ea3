// Writes {type, title, status, detail, instance, code, requestId, errors[], facts…}.
#include "http/problem.h"

#include <optional>
#include <string>
#include <utility>

#include "base/check.h"
#include "base/json_writer.h"

namespace daybook::http {
namespace {

std::optional<std::string> fact(const Error& error, std::string_view name) {
    for (const auto& [each, text] : error.facts) {
        if (each == name) return text;
    }
    return std::nullopt;
}

// How long to stay away, in seconds, where the error does not say: a full queue empties at once, a
// full disk needs a person.
std::string_view default_retry_seconds(ErrorCode code) {
    switch (code) {
        case ErrorCode::draining: return "5";
        case ErrorCode::rate_limited: return "10";
        case ErrorCode::read_only:
        case ErrorCode::disk_full: return "60";
        default: return "1";
    }
}

void add_headers(Response& response, const Error& error) {
    if (response.status == 401) response.headers.push_back({"WWW-Authenticate", "Bearer"});
    if (response.status == 405) {
        response.headers.push_back({"Allow", fact(error, "allow").value_or("")});
    }
    if (response.status == 429 || response.status == 503) {
        std::string seconds(default_retry_seconds(error.code));
        response.headers.push_back(
            {"Retry-After", fact(error, "retryAfterSeconds").value_or(std::move(seconds))});
    }
}

void write_field_errors(JsonWriter& json, const Error& error) {
    json.key("errors").begin_array();
    for (const FieldError& field : error.fields) {
        json.begin_object();
        json.key("pointer").string(field.pointer);
        json.key("code").string(code_name(field.code));
        json.key("detail").string(field.detail);
        json.end_object();
    }
    json.end_array();
}

}  // namespace

int http_status(ErrorKind kind) {
    switch (kind) {
        case ErrorKind::malformed: return 400;
        case ErrorKind::unauthenticated: return 401;
        case ErrorKind::forbidden: return 403;
        case ErrorKind::not_found: return 404;
        case ErrorKind::method_not_allowed: return 405;
        case ErrorKind::conflict: return 409;
        case ErrorKind::stale: return 412;
        case ErrorKind::too_large: return 413;
        case ErrorKind::unsupported: return 415;
        case ErrorKind::rule: return 422;
        case ErrorKind::precondition_required: return 428;
        case ErrorKind::rate_limited: return 429;
        case ErrorKind::unavailable: return 503;
        case ErrorKind::internal: return 500;
    }
    CHECK(false);
    std::unreachable();
}

std::string problem_title(ErrorCode code) {
    std::string title(code_name(code));
    for (char& c : title) {
        if (c == '_') c = ' ';
    }
    title.front() = static_cast<char>(title.front() - 'a' + 'A');
    return title;
}

Response problem(Error error) {
    Response response;
    response.status = http_status(error.kind());
    response.error = std::move(error);
    return response;
}

Response problem(Refusal refusal) {
    Response response = problem(std::move(refusal.error));
    response.status = refusal.status;
    return response;
}

void render_problem(Response& response, ProblemSubject subject) {
    CHECK(response.error.has_value());
    const Error error = *std::exchange(response.error, std::nullopt);
    const std::string_view code = code_name(error.code);
    response.content_type = "application/problem+json";
    response.body.clear();
    response.shared_body.reset();
    JsonWriter json(response.body);
    json.begin_object();
    json.key("type").string("urn:daybook:problem:" + std::string(code));
    json.key("title").string(problem_title(error.code));
    json.key("status").integer(response.status);
    json.key("detail").string(error.detail);
    if (!subject.instance.empty()) json.key("instance").string(subject.instance);
    json.key("code").string(code);
    json.key("requestId").string(subject.request_id);
    write_field_errors(json, error);
    for (const auto& [name, text] : error.facts) json.key(name).string(text);
    json.end_object();
    add_headers(response, error);
}

}  // namespace daybook::http
