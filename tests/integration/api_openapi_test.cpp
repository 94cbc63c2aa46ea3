// The API document says what the program does: routes, operation ids, parameters in paths, codes.
#include <gtest/gtest.h>

#include <algorithm>
#include <boost/json/serialize.hpp>
#include <set>
#include <string>

#include "http/routes_call.h"
#include "support/openapi_check.h"

namespace daybook::test {
namespace {

namespace json = boost::json;

std::string lower(std::string_view text) {
    std::string result(text);
    for (char& c : result) c = static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
    return result;
}

// "get /v1/properties listProperties", one for each.
std::set<std::string> described(const json::object& document) {
    std::set<std::string> operations;
    for (const auto& [path, methods] : document.at("paths").get_object()) {
        for (const auto& [method, operation] : methods.get_object()) {
            operations.insert(std::string(method) + " " + std::string(path) + " " +
                              std::string(operation.at("operationId").get_string()));
        }
    }
    return operations;
}

TEST(OpenApi, DescribesEveryRouteAndNoOther) {
    std::set<std::string> routes;
    for (const http::RouteRow& row : http::route_table()) {
        routes.insert(lower(http::method_name(row.method)) + " " + row.pattern + " " +
                      row.operation_id);
    }
    EXPECT_EQ(described(OpenApiCheck().document()), routes);
}

TEST(OpenApi, ListsEveryCodeInOrder) {
    const OpenApiCheck check;
    const auto& listed =
        check.document().at("components").at("schemas").at("ErrorCode").at("enum").get_array();
    std::vector<std::string> names;
    for (const json::value& each : listed) names.emplace_back(each.get_string());
    std::vector<std::string> codes;
    for (const ErrorCode code : all_error_codes()) codes.emplace_back(code_name(code));
    EXPECT_EQ(names, codes);
}

TEST(OpenApi, RefersOnlyToWhatIsThere) {
    const OpenApiCheck check;
    const std::string text = json::serialize(check.document());
    const std::string_view kStart = R"("$ref":"#)";
    std::set<std::string> references;
    for (std::size_t at = text.find(kStart); at != std::string::npos; at = text.find(kStart, at)) {
        at += kStart.size();
        references.insert(text.substr(at, text.find('"', at) - at));
    }
    EXPECT_GT(references.size(), 50U);
    for (const std::string& reference : references) {
        json::error_code code;
        const json::value whole(check.document());
        EXPECT_NE(whole.find_pointer(reference, code), nullptr) << reference;
    }
}

TEST(OpenApi, NamesWhatPathsCapture) {
    const OpenApiCheck check;
    const auto& parameters = check.document().at("components").at("parameters").get_object();
    for (const auto& [path, methods] : check.document().at("paths").get_object()) {
        const auto captures = std::ranges::count(std::string(path), '{');
        for (const auto& [method, operation] : methods.get_object()) {
            std::ptrdiff_t in_path = 0;
            const auto* listed = operation.get_object().if_contains("parameters");
            for (const json::value& each : listed ? listed->get_array() : json::array()) {
                const std::string reference(each.at("$ref").get_string());
                const auto& parameter = parameters.at(reference.substr(reference.rfind('/') + 1));
                if (parameter.at("in").get_string() == "path") ++in_path;
            }
            EXPECT_EQ(in_path, captures) << method << " " << path;
        }
    }
}

}  // namespace
}  // namespace daybook::test
