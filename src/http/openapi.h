// The description of the API (OpenAPI 3.1), as it is embedded in the program.
#pragma once

#include <string_view>

namespace daybook::http {

std::string_view openapi_document();

}  // namespace daybook::http
