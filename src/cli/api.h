// Requests to the API of Daybook, whoever answers them: the serving process or this one.
//
// Why: the command line has no way of its own into the books (docs/decisions/0004).
#pragma once

#include <boost/json/value.hpp>
#include <functional>
#include <optional>
#include <string>

#include "base/ids.h"
#include "base/result.h"

namespace daybook::cli {

struct ApiRequest {
    std::string method;
    std::string target;               // "/v1/properties"
    std::optional<OrgId> org;         // none for what is above the orgs
    std::string body;                 // JSON, or empty
    std::string if_match = {};        // a version, or empty
    std::optional<UserId> user = {};  // in whose name; none: the operator
};

struct ApiAnswer {
    int status = 0;
    std::string body;
};

// Errors: of the way there (io_failed, busy); a refusal is an answer.
using ApiCall = std::function<Result<ApiAnswer>(const ApiRequest&)>;

// The JSON of a success (null where it has no body). Errors: the problem document of a refusal as
// the error that it was made of; internal if the answer is none of the API.
Result<boost::json::value> call_json(const ApiCall& call, const ApiRequest& request);

// The string member of an answer's object. Error: internal.
Result<std::string> string_member(const boost::json::value& answer, std::string_view name);

}  // namespace daybook::cli
