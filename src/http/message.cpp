// Names of methods, and look-ups in a request.
#include "http/message.h"

#include <array>

namespace daybook::http {
namespace {

constexpr std::array<std::string_view, kMethodCount> kMethodNames{
    "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"};

}  // namespace

std::string_view method_name(Method method) {
    return kMethodNames.at(static_cast<std::size_t>(method));
}

std::optional<Method> method_of(std::string_view name) {
    for (std::size_t i = 0; i < kMethodNames.size(); ++i) {
        if (kMethodNames.at(i) == name) return static_cast<Method>(i);
    }
    return std::nullopt;
}

std::optional<std::string_view> Request::header(std::string_view name) const {
    for (const Header& each : headers) {
        if (each.name == name) return each.value;
    }
    return std::nullopt;
}

std::string_view Request::capture(std::string_view name) const {
    for (const Parameter& each : path_captures) {
        if (each.name == name) return each.value;
    }
    return {};
}

}  // namespace daybook::http
