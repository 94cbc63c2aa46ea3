// What somebody has seen of an org in its answers: ids, versions, keys and cursors for the next
// requests.
#pragma once

#include <boost/json/value.hpp>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "random/dice.h"
#include "random/operations.h"

namespace daybook::test {

class Known {
 public:
    // So many of a kind; a newer one takes the place of the oldest.
    static constexpr std::size_t kValuesMax = 64;

    void add(std::string_view kind, std::string_view value);
    // One of that kind; nullopt if none was seen.
    [[nodiscard]] std::optional<std::string> any(std::string_view kind, Dice& dice) const;
    // The version of an id, or of a path that has one without an id; 1 where it was not seen.
    [[nodiscard]] std::int64_t version(const std::string& of) const;
    // Never learnt: what must not be taken away, such as the tokens in use.
    void protect(std::string id) { protected_.insert(std::move(id)); }

    // All that a good answer shows.
    void learn(const Operation& operation, const std::string& path,
               const boost::json::value& answer);

 private:
    struct Values {
        std::vector<std::string> list;
        std::size_t oldest = 0;
    };
    void learn_from(std::string_view noun, const boost::json::value& value);
    void learn_object(std::string_view noun, const boost::json::object& object);

    std::map<std::string, Values, std::less<>> values_;
    std::map<std::string, std::int64_t> versions_;
    std::set<std::string> protected_;
};

}  // namespace daybook::test
