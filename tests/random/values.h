// Values that fit a schema of the API document: most of them meant, with ids and keys that are
// there; some of them at the ends of what is allowed.
#pragma once

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "random/dice.h"
#include "random/known.h"
#include "support/openapi_check.h"

namespace daybook::test {

class Values {
 public:
    Values(const OpenApiCheck& check, const Known& known, Dice& dice)
        : check_(check), known_(known), dice_(dice) {}

    // Texts carry it, so that whoever must not see them can be told.
    void set_mark(std::string mark) { mark_ = std::move(mark); }

    boost::json::value make(const boost::json::object& schema, std::string_view name);
    // The same as it stands in a path, a query or a header.
    std::string make_text(const boost::json::object& schema, std::string_view name);
    std::string text();
    // An id of that noun, or one that is nowhere.
    std::string id_of(std::string_view noun);

 private:
    std::optional<std::string> by_name(std::string_view name);
    std::string key_of(std::string_view kind);
    std::string any_entry();
    std::string date();
    std::string instant();
    std::int64_t integer(const boost::json::object& schema, std::string_view name);
    boost::json::value string(const boost::json::object& schema, std::string_view name);
    boost::json::value array(const boost::json::object& schema, std::string_view name);
    boost::json::value object(const boost::json::object& schema);

    const OpenApiCheck& check_;
    const Known& known_;
    Dice& dice_;
    std::string mark_;
    const std::chrono::sys_days today_ =
        std::chrono::floor<std::chrono::days>(std::chrono::system_clock::now());
};

}  // namespace daybook::test
