// Compares JSON with the schemas of the API document: the part of JSON Schema that it uses.
#pragma once

#include <boost/json/value.hpp>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace daybook::test {

class OpenApiCheck {
 public:
    // Of the document that the program carries.
    OpenApiCheck();

    [[nodiscard]] const boost::json::object& document() const { return document_.get_object(); }
    // What a schema that is a reference refers to.
    [[nodiscard]] const boost::json::object& resolved(const boost::json::object& schema) const;

    // What is wrong with an answer to the operation, or with a body sent to it; empty if nothing
    // is. A member that the schema does not know is wrong, too.
    [[nodiscard]] std::string answer_problem(std::string_view operation_id, int status,
                                             const std::string& body) const;
    [[nodiscard]] std::string request_problem(std::string_view operation_id,
                                              const std::string& body) const;

 private:
    [[nodiscard]] const boost::json::object* operation(std::string_view operation_id) const;
    [[nodiscard]] std::string problem(const boost::json::object& schema,
                                      const boost::json::value& value,
                                      const std::string& where) const;
    [[nodiscard]] static std::string bounds_problem(const boost::json::object& schema,
                                                    const boost::json::value& value,
                                                    const std::string& where);
    [[nodiscard]] std::string object_problem(const boost::json::object& schema,
                                             const boost::json::object& value,
                                             const std::string& where) const;
    [[nodiscard]] std::string choice_problem(const boost::json::array& choices,
                                             const boost::json::value& value,
                                             const std::string& where) const;

    boost::json::value document_;
    std::map<std::string, const boost::json::object*, std::less<>> operations_;  // by their ids
};

}  // namespace daybook::test
