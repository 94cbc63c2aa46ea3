// Need: files, PostgreSQL. Goal: whatever a handler, an admin and the power supply do, in whatever
// order, every event is acknowledged or discarded in the end, none of an entity starts before all
// earlier ones were, and no more are in flight than allowed (I5).
// Seed: rapidcheck prints it with each property; RC_PARAMS="seed=..." repeats a run.
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <deque>
#include <map>
#include <set>
#include <stdexcept>

#include "property/store_property.h"
#include "support/delivery_desk.h"
#include "support/generate.h"

namespace daybook::test {

struct Move {
    int act = 0;
    int target = 0;
    int mood = 0;  // what the handler does from now on
};

void showValue(const Move& move, std::ostream& out) {
    out << move.act << '/' << move.target << '/' << move.mood;
}

namespace {

using delivery::Attempt;
using domain::DeliveryAct;
using Call = ScriptedHandler::Call;

constexpr std::int64_t kMinuteMs = 60'000;
constexpr int kMoves = 12;

rc::Gen<Move> any_move() {
    return rc::gen::build<Move>(rc::gen::set(&Move::act, below(kMoves)),
                                rc::gen::set(&Move::target, below(100)),
                                rc::gen::set(&Move::mood, below(6)));
}

// Plays moves, and knows what was acknowledged.
class Model {
 public:
    explicit Model(const StoreKind& kind) : desk_(kind) {
        for (int i = 0; i < 3; ++i) entities_.push_back(desk_.new_entry());
        desk_.handler->play(
            [this](const Call& call, Attempt&& attempt) { handle(call, std::move(attempt)); });
        auto subscription = desk_.subscription();
        subscription.filter.entity_types = {"entry"};
        subscription.policy.in_flight = 4;
        subscription_ = subscription;
        desk_.start(subscription);
    }

    void play(const Move& move) {
        mood_ = move.mood;
        switch (move.act) {
            case 0:
            case 1:
            case 2: change(move); break;
            case 3: entities_.push_back(desk_.new_entry()); break;
            case 4: answer_one(move); break;
            case 5: desk_.advance_ms(move.target * 200); break;
            case 6: desk_.advance_ms(move.target * kMinuteMs); break;
            case 7: kill(); break;
            case 8: act(move); break;
            case 9: letter(move); break;
            case 10: desk_.clock.advance_ms((move.target - 50) * 2 * kMinuteMs); break;
            default: desk_.handler->held.clear(); held_.clear();
        }
        desk_.run();
        RC_ASSERT(desk_.status().in_flight <= 4U);
        RC_ASSERT(out_of_order_ == 0);
    }

    // All is well from now on: everything must arrive.
    void heal() {
        mood_ = 0;
        for (int round = 0; round < 4; ++round) {
            for (const app::DeadLetter& each : desk_.dead_letters())
                (void)desk_.act_on(each.id, DeliveryAct::redriven);
            if (desk_.status().paused) desk_.act(DeliveryAct::resumed);
            desk_.handler->held.clear();
            held_.clear();
            desk_.advance_ms(30 * kMinuteMs);
        }
        desk_.advance_ms(2'000);
        RC_ASSERT(out_of_order_ == 0);
        RC_ASSERT(desk_.dead_letters().empty());
        RC_ASSERT(desk_.status().lag_events == 0);
        RC_ASSERT(desk_.saved().watermark == desk_.head());
        for (const auto& [entity, positions] : events()) {
            for (const Position each : positions) RC_ASSERT(is_done(each));
        }
    }

 private:
    [[nodiscard]] std::map<Uuid, std::vector<Position>> events() {
        std::map<Uuid, std::vector<Position>> events;
        Position after = 0;
        for (;;) {
            const auto page = desk_.org.snapshot()->log(after, 200).value();
            for (const auto& each : page) {
                const app::EventFacts facts = app::facts_of(each).value();
                if (facts.entity_type == "entry") events[facts.entity].push_back(each.position);
                after = each.position;
            }
            if (page.empty()) return events;
        }
    }
    [[nodiscard]] bool is_done(Position position) const {
        return acknowledged_.contains(position) || discarded_.contains(position) ||
               position <= passed_over_;
    }
    void handle(const Call& call, Attempt&& attempt) {
        const auto all = events();
        for (const Position earlier : all.at(call.entity)) {
            if (earlier < call.position && !is_done(earlier)) ++out_of_order_;
        }
        const int mood = mood_ == 5 ? static_cast<int>(call.position % 5) : mood_;
        switch (mood) {
            case 0:
                if (attempt.acknowledge()) acknowledged_.insert(call.position);
                return;
            case 1: attempt.fail("No luck."); return;
            case 2: throw std::runtime_error("Thrown.");
            case 3: {
                held_.push_back(call.position);
                desk_.handler->hold(std::move(attempt));
                return;
            }
            default: return;  // no answer at all
        }
    }
    void change(const Move& move) {
        desk_.change_entry(entities_[static_cast<std::size_t>(move.target) % entities_.size()]);
    }
    void answer_one(const Move& move) {
        auto& held = desk_.handler->held;
        if (held.empty() || held.size() != held_.size()) return;
        const std::size_t index = static_cast<std::size_t>(move.target) % held.size();
        Attempt attempt = std::move(held[index]);
        const Position position = held_[index];
        std::deque<Attempt> others;
        for (std::size_t i = 0; i < held.size(); ++i)
            if (i != index) others.push_back(std::move(held[i]));
        std::swap(held, others);
        held_.erase(held_.begin() + static_cast<std::ptrdiff_t>(index));
        if (attempt.acknowledge()) acknowledged_.insert(position);
    }
    void kill() {
        desk_.kill();
        held_.clear();
        desk_.start(subscription_);
    }
    void act(const Move& move) {
        if (desk_.saved().saved_at == Instant{}) return;  // it has no row yet
        const bool is_paused = desk_.saved().paused;
        if (move.target % 3 == 0) {
            const Position to = desk_.head() * (move.target % 10) / 10;
            if (to > desk_.saved().watermark) passed_over_ = std::max(passed_over_, to);
            desk_.act(DeliveryAct::reset, to);
        } else {
            desk_.act(is_paused ? DeliveryAct::resumed : DeliveryAct::paused);
        }
    }
    void letter(const Move& move) {
        const auto letters = desk_.dead_letters();
        if (letters.empty()) return;
        const auto& letter = letters[static_cast<std::size_t>(move.target) % letters.size()];
        const bool discards = move.target % 4 == 0;
        const auto outcome =
            desk_.act_on(letter.id, discards ? DeliveryAct::discarded : DeliveryAct::redriven);
        if (outcome && discards) discarded_.insert(letter.position);
    }

    DeliveryDesk desk_;
    delivery::Subscription subscription_;
    std::vector<EntryId> entities_;
    std::vector<Position> held_;  // as the handler holds them
    std::set<Position> acknowledged_;
    std::set<Position> discarded_;
    Position passed_over_ = 0;  // by a reset
    int out_of_order_ = 0;      // an assertion in a handler would only be a failed attempt
    int mood_ = 0;
};

class DeliveryModel : public StoreProperty {};

TEST_P(DeliveryModel, EveryEventArrivesInTheOrderOfItsEntity) {
    check([] {
        const auto moves = *rc::gen::container<std::vector<Move>>(any_move());
        Model model(GetParam());
        for (const Move& each : moves) model.play(each);
        model.heal();
    });
}

DAYBOOK_PROPERTY_ON_ALL_STORES(DeliveryModel);

}  // namespace
}  // namespace daybook::test
