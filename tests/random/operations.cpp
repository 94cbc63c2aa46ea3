// Walks the paths of the document.
#include "random/operations.h"

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/value.hpp>
#include <map>
#include <string_view>

namespace daybook::test {
namespace {

namespace json = boost::json;

constexpr std::size_t kUsualWeight = 24;

// What costs much is asked seldom: passwords are hashed, exports read everything, and webhooks go
// on working. Entries are what the books are about.
std::size_t weight_of(std::string_view id) {
    static const std::map<std::string_view, std::size_t> kWeights{
        {"addExpense", 120},  {"addRevenue", 120},  {"addTransfer", 80},
        {"addEntries", 40},   {"getExpense", 60},   {"listEntries", 60},
        {"exportEntries", 2}, {"exportEvents", 1},  {"addWebhook", 1},
        {"updateWebhook", 2}, {"replayWebhook", 1}, {"resetSubscription", 1},
        {"signIn", 1},        {"acceptLink", 1},    {"changePassword", 1},
        {"setUp", 1},         {"signUp", 1},        {"setLock", 6},
        {"addProperty", 4},   {"addToken", 6},      {"updateProperty", 12},
        {"inviteUser", 6},    {"getOpenApi", 4}};
    const auto found = kWeights.find(id);
    return found == kWeights.end() ? kUsualWeight : found->second;
}

std::string upper_case(std::string_view text) {
    std::string upper(text);
    for (char& c : upper) c = static_cast<char>(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
    return upper;
}

std::string noun_of(std::string_view path) {
    const std::size_t capture = path.find("/{");
    path = path.substr(0, std::min(capture, path.find(':')));
    return std::string(path.substr(path.rfind('/') + 1));
}

OperationParameter read_parameter(const OpenApiCheck& check, const json::value& reference) {
    const std::string_view path = reference.at("$ref").get_string();
    const json::object& found = check.document()
                                    .at("components")
                                    .at("parameters")
                                    .at(path.substr(path.rfind('/') + 1))
                                    .get_object();
    using enum OperationParameter::Where;
    const std::string_view where = found.at("in").get_string();
    const auto* required = found.if_contains("required");
    return {std::string(found.at("name").get_string()),
            where == "path"    ? in_path
            : where == "query" ? in_query
                               : in_header,
            required != nullptr && required->get_bool(), &found.at("schema").get_object()};
}

Operation read_operation(const OpenApiCheck& check, std::string_view path, std::string_view method,
                         const json::object& described) {
    Operation operation;
    operation.id = described.at("operationId").get_string();
    operation.method = upper_case(method);
    operation.path = path;
    operation.noun = noun_of(path);
    operation.weight = weight_of(operation.id);
    if (const auto* parameters = described.if_contains("parameters")) {
        for (const json::value& each : parameters->get_array()) {
            operation.parameters.push_back(read_parameter(check, each));
        }
    }
    if (const auto* body = described.if_contains("requestBody")) {
        operation.body = &body->at("content").at("application/json").at("schema").get_object();
        const auto* required = body->get_object().if_contains("required");
        operation.requires_body = required != nullptr && required->get_bool();
    }
    return operation;
}

}  // namespace

std::vector<Operation> read_operations(const OpenApiCheck& check) {
    std::vector<Operation> operations;
    for (const auto& [path, methods] : check.document().at("paths").get_object()) {
        for (const auto& [method, described] : methods.get_object()) {
            operations.push_back(read_operation(check, path, method, described.get_object()));
            if (operations.back().id == "streamRealtimeUpdates") operations.pop_back();
        }
    }
    return operations;
}

}  // namespace daybook::test
