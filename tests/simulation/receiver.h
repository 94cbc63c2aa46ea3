// A subscriber of the simulation: it fails, throws, falls asleep and answers late, and remembers
// across crashes what it has handled, as a service elsewhere would.
//
// It checks on the way that no event of an entry comes before all earlier ones were acknowledged
// (I5).
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <set>
#include <string>
#include <utility>

#include "delivery/subscription.h"
#include "simulation/witness.h"

namespace daybook::simulation {

enum class Mood : std::uint8_t { acknowledges, fails, throws, holds, is_silent, changes };

class Receiver final : public delivery::Handler {
 public:
    // The witness outlives it.
    void know(Witness& witness) { witnesses_[witness.org()] = &witness; }
    void handle(const delivery::Message& message, delivery::Attempt&& attempt) override;

    void set_mood(Mood mood) { mood_ = mood; }
    // Answers one of those that it holds.
    void answer_one(std::size_t which);
    // A process that is gone has nobody to answer to.
    void let_go() { held_.clear(); }

    // An admin gave up on it.
    void discard(OrgId org, Position position) { done_.insert({org, position}); }

    // Broken: an event of an entry came too early.
    void check() const;
    // Broken: not every event of every entry was handled.
    void check_all_handled() const;

 private:
    struct Held {
        std::pair<OrgId, Position> event;
        delivery::Attempt attempt;
    };

    std::map<OrgId, Witness*> witnesses_;
    std::set<std::pair<OrgId, Position>> done_;
    std::deque<Held> held_;
    Mood mood_ = Mood::acknowledges;
    std::string mistake_;  // thrown in a handler it would only be a failed attempt
};

}  // namespace daybook::simulation
