// Requests by the grammar of the API document, and what may be broken in them.
#pragma once

#include <boost/json/value.hpp>
#include <string>
#include <utility>
#include <vector>

#include "random/dice.h"
#include "random/known.h"
#include "random/operations.h"
#include "random/values.h"

namespace daybook::test {

struct RandomRequest {
    const Operation* operation = nullptr;
    std::string method;
    std::string path;   // filled in
    std::string query;  // "a=1&b=2", or empty
    std::vector<std::pair<std::string, std::string>> headers;
    std::string body;
    // Whether the answer is one of the operation's: the method and the path are its own.
    bool is_routed = true;
    // Nothing in it was broken on purpose.
    bool is_whole = true;

    [[nodiscard]] const std::string* header(std::string_view name) const;
    // As it is sent, without what says who asks.
    [[nodiscard]] std::string bytes(std::string_view more_header_lines) const;
};

class RequestMaker {
 public:
    RequestMaker(const OpenApiCheck& check, const Known& known, Dice& dice);

    // Texts carry the mark.
    RandomRequest make(const std::string& mark);

 private:
    const Operation& any_operation();
    void add_parameters(RandomRequest& request);
    void add_headers(RandomRequest& request);
    void add_body(RandomRequest& request, bool is_broken);

    void break_request(RandomRequest& request);
    void break_query(RandomRequest& request);
    void break_path(RandomRequest& request);
    void break_header(RandomRequest& request);
    void break_text(std::string& text);
    void break_value(boost::json::value& value, int depth);
    std::string nonsense();
    boost::json::value nonsense_value();

    const OpenApiCheck& check_;
    const Known& known_;
    Dice& dice_;
    Values values_;
    std::vector<Operation> operations_;
    std::size_t weights_ = 0;
    int last_key_ = 0;
};

}  // namespace daybook::test
