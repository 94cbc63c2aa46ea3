// Clients that add entries over a connection that may break, with and without an idempotency key
// or an externalId, and try again.
//
// Each entry has a name of its own in its description, so that at the end the books tell how often
// it is there: once if anybody was told so, never twice by one that can be repeated safely (I1,
// I3).
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>

#include "app/store.h"
#include "support/test_org.h"

namespace daybook::simulation {

class Clients {
 public:
    // The org and the clock outlive them. The property keeps its books in EUR.
    Clients(const test::TestOrg& org, PropertyId property, const Clock& clock)
        : org_(org), property_(property), clock_(clock) {}

    enum class Safety : std::uint8_t { none, key, external_id };
    // An entry, dated so many days back.
    void add(Safety safety, int days_back);
    // Sends one again of which nobody knows what became of it.
    void try_again(std::size_t which);
    // All of those, until each is known.
    void settle();

    // Broken: an entry is missing, or there twice.
    void check();

 private:
    struct Wish {
        std::string name;
        Safety safety = Safety::none;
        int days_back = 0;
        Instant first_sent;
        enum class State : std::uint8_t { unknown, there, refused } state = State::unknown;
        bool was_unknown = false;
    };
    void send(std::size_t index);
    // Whether another try is known to be one; a key is not, once it is forgotten.
    [[nodiscard]] bool may_try_again(const Wish& wish) const;

    const test::TestOrg& org_;
    const PropertyId property_;
    const Clock& clock_;
    SeededRandom random_{3};
    std::deque<Wish> wishes_;  // others may be added while one is sent
};

}  // namespace daybook::simulation
