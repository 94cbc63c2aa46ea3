// The operations of the API document, as somebody reads them who writes requests.
#pragma once

#include <boost/json/object.hpp>
#include <string>
#include <vector>

#include "support/openapi_check.h"

namespace daybook::test {

struct OperationParameter {
    std::string name;
    enum class Where : std::uint8_t { in_path, in_query, in_header } where = Where::in_query;
    bool is_required = false;
    const boost::json::object* schema = nullptr;  // of the document
};

struct Operation {
    std::string id;
    std::string method;  // "GET"
    std::string path;    // "/v1/finance/expenses/{id}"
    // Of what it is about: "expenses".
    std::string noun;
    std::vector<OperationParameter> parameters;
    const boost::json::object* body = nullptr;  // the schema; nullptr: it takes none
    bool requires_body = false;
    // How often it is asked, beside the others.
    std::size_t weight = 1;
};

// All of them but the stream, which does not end. They point into the document.
std::vector<Operation> read_operations(const OpenApiCheck& check);

}  // namespace daybook::test
