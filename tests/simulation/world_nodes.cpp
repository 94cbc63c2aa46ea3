// What happens between several nodes over one database.
#include <algorithm>
#include <array>
#include <utility>

#include "simulation/broken.h"
#include "simulation/world.h"

namespace daybook::simulation {
namespace {

constexpr std::int64_t kSecondMs = 1'000;

}  // namespace

// Within a move another one each time.
std::uint32_t World::chance() {
    return mixed(playing_.value_or(Move{}), 6'000 + chances_++);
}

std::vector<Node*> World::nodes() {
    std::vector<Node*> there;
    for (const auto& each : nodes_) {
        if (each) there.push_back(each.get());
    }
    return there;
}

void World::trouble_nodes(const Move& move) {
    const std::size_t index = move.how % nodes_.size();
    switch (move.which % 8) {
        case 0:
        case 1: return stall_or_wake(index);
        case 2: return bus_.cut_off(index, move.more % 20 * kSecondMs);
        case 3: claims_ = 1 + move.more % 5; return;
        case 4:
            kept_.fail_later(storage::memory::Operation::follow,
                             1 + static_cast<int>(move.more % 2), ErrorCode::busy);
            return;
        case 5: database_clock_.advance_ms(move.more % 20 * kSecondMs); return;
        case 6:
            return bus_.hurry_one(move.how, [this](std::size_t node, const std::string& message) {
                if (answers(node)) nodes_[node]->hear(message);
            });
        default:
            if (depth_ == 0) pass(move.more % 5 * kSecondMs / 2);
    }
}

void World::stall_or_wake(std::size_t index) {
    if (depth_ > 0 || !nodes_.at(index)) return;
    Node& node = *nodes_[index];
    if (!node.is_stalled) {
        node.is_stalled = true;
        const bool somebody_answers =
            std::ranges::any_of(nodes_, [](const auto& each) { return each && !each->is_stalled; });
        if (somebody_answers) return;
    }
    node.is_stalled = false;
    node.advance_ms(std::exchange(node.stalled_ms, 0));
}

// Whoever has the org writes to it meanwhile, or to another.
std::vector<OrgId> World::claimed_elsewhere(std::size_t index, const std::vector<OrgId>& orgs) {
    constexpr std::int64_t kAWhileMs = 20;
    if (is_alone() || claims_now_ || claims_ == 0 || orgs.empty()) return {};
    --claims_;
    claims_now_ = true;
    write_on_another(index);
    claims_now_ = false;
    clock_.advance_ms(kAWhileMs);
    return {orgs[chance() % orgs.size()]};
}

void World::write_on_another(std::size_t index) {
    if (is_alone()) return;
    const std::size_t other = (index + 1 + chance() % (nodes_.size() - 1)) % nodes_.size();
    if (!clients_ || !answers(other) || chance() % 3 == 0) return;
    const std::size_t before = std::exchange(route_, other);
    if (chance() % 3 == 0) {
        write_elsewhere({0, chance(), 0, 0});
    } else {
        clients_->add(Clients::Safety::key, static_cast<int>(chance() % 20));
    }
    route_ = before;
}

// The node's other listeners have been told by now, and nobody has been answered: whoever reads at
// this moment finds what they know.
void World::publish(std::size_t index, const std::string& message) {
    if (setting_.has_bus) bus_.publish(index, nodes_.size(), message, chance());
    if (!playing_ || !player_ || chance() % 3 != 0) return;
    const std::size_t before = std::exchange(route_, index);
    ask({0, chance(), chance(), chance()}, Others::wait);
    route_ = before;
}

// In pieces, after each of which the nodes look at what the others have done; within one they take
// turns.
void World::pass_on_nodes(std::int64_t ms) {
    constexpr std::int64_t kPieces = 20;
    constexpr std::int64_t kTurnMs = 2 * kSecondMs;
    const std::int64_t piece_ms = std::max(kSecondMs, ms / kPieces);
    while (ms > 0) {
        const std::int64_t now_ms = std::min(ms, piece_ms);
        ms -= now_ms;
        const std::size_t first = chance();
        for (std::int64_t left_ms = now_ms; left_ms > 0; left_ms -= kTurnMs) {
            take_turns(first, std::min(left_ms, kTurnMs));
        }
        if (now_ms < kSecondMs) continue;
        for (std::size_t i = 0; i < nodes_.size(); ++i) look((first + i) % nodes_.size());
    }
}

void World::take_turns(std::size_t first, std::int64_t ms) {
    clock_.advance_ms(ms);
    database_clock_.advance_ms(ms);
    bus_.advance_ms(ms, [this](std::size_t node, const std::string& message) {
        if (answers(node)) nodes_[node]->hear(message);
    });
    for (std::size_t i = 0; i < nodes_.size(); ++i) {
        Node* const node = nodes_[(first + i) % nodes_.size()].get();
        if (node == nullptr) continue;
        if (node->is_stalled) {
            node->stalled_ms += ms;
        } else {
            node->advance_ms(ms);
        }
    }
}

// A node that has looked agrees with the database, as long as nobody else does anything.
void World::look(std::size_t index) {
    if (!answers(index)) return;
    Node& node = *nodes_[index];
    if (!node.catch_up(std::nullopt)) return;
    std::vector<OrgId> orgs;
    for (const auto& [org, each] : witnesses_) orgs.push_back(org);
    if (mistake_.empty()) agreement_.check(node, orgs, clock_.now());
}

// Where a subscription is goes back for nobody who no longer delivers.
void World::check_nodes() {
    for (const auto& [org, each] : witnesses_) {
        for (const app::DeliveryEntry& row : kept_.snapshot(org)->deliveries().value()) {
            if (row.key.subscription != Node::kSubscription) continue;
            Position& before = watermarks_[org];
            require(row.row.watermark >= before, "I5: where a subscription is went back");
            before = row.row.watermark;
        }
    }
}

}  // namespace daybook::simulation
