// Brings events of older versions to the present one: one pure step per version.
#pragma once

#include <boost/json/object.hpp>
#include <span>
#include <string_view>

#include "base/result.h"

namespace daybook::app {

// Rewrites an event of version `from` as one of version `to`.
struct Upcast {
    std::string_view from;
    std::string_view to;
    void (*step)(boost::json::object& event);
};

// The steps of this program, oldest first. There is one version so far, hence none.
std::span<const Upcast> upcasts();

// Applies the steps until the event is of version `present`. Errors: newer_schema where no step
// leads on.
Status upcast(boost::json::object& event, std::string_view present, std::span<const Upcast> steps);

}  // namespace daybook::app
