// Moods.
#include "simulation/receiver.h"

#include <stdexcept>

#include "simulation/broken.h"

namespace daybook::simulation {

void Receiver::handle(const delivery::Message& message, delivery::Attempt&& attempt) {
    const std::pair event(message.org, message.facts.position);
    Witness& witness = *witnesses_.at(message.org);
    witness.read_on();
    for (const Position earlier : witness.entries().at(message.facts.entity)) {
        if (earlier < event.second && !done_.contains({event.first, earlier})) {
            mistake_ = "I5: event " + std::to_string(event.second) + " came before " +
                       std::to_string(earlier) + " of the same entry";
        }
    }
    const Mood mood = mood_ == Mood::changes ? static_cast<Mood>(event.second % 5) : mood_;
    switch (mood) {
        case Mood::fails: attempt.fail("No luck."); return;
        case Mood::throws: throw std::runtime_error("Thrown.");
        case Mood::holds: held_.push_back({event, std::move(attempt)}); return;
        case Mood::is_silent: return;
        default:
            if (attempt.acknowledge()) done_.insert(event);
    }
}

void Receiver::answer_one(std::size_t which) {
    if (held_.empty()) return;
    const std::size_t index = which % held_.size();
    std::deque<Held> others;
    for (std::size_t i = 0; i < held_.size(); ++i) {
        if (i != index) {
            others.push_back(std::move(held_[i]));
        } else if (held_[i].attempt.acknowledge()) {
            done_.insert(held_[i].event);
        }
    }
    std::swap(held_, others);
}

void Receiver::check() const {
    require(mistake_.empty(), mistake_);
}

void Receiver::check_all_handled() const {
    for (const auto& [org, witness] : witnesses_) {
        for (const auto& [entity, positions] : witness->entries()) {
            for (const Position each : positions) {
                require(done_.contains({org, each}),
                        "I5: event " + std::to_string(each) + " was never handled");
            }
        }
    }
}

}  // namespace daybook::simulation
