// openapi.json is written by hand; a test compares it with the table of routes and the error codes.
#include "http/openapi.h"

#include "embedded/http.h"

namespace daybook::http {

std::string_view openapi_document() {
    return embedded::http::text("openapi.json");
}

}  // namespace daybook::http
