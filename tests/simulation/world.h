// The simulation: the whole application with everybody around it, one move after the other, and
// after each move what must hold.
//
// A move is four small numbers, so that a failing run is a list that can be played again and made
// shorter. Nothing is random but what the moves say: the same moves make the same world.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <ostream>
#include <string>
#include <vector>

#include "simulation/agreement.h"
#include "simulation/bus.h"
#include "simulation/clients.h"
#include "simulation/node.h"
#include "simulation/receiver.h"
#include "simulation/watchers.h"
#include "simulation/witness.h"
#include "support/books_player.h"

namespace daybook::simulation {

struct Move {
    std::uint32_t act = 0;
    std::uint32_t which = 0;
    std::uint32_t how = 0;
    std::uint32_t more = 0;
};
std::ostream& operator<<(std::ostream& out, const Move& move);
// Another number from a few: so that what happens within a move is the move's, too.
std::uint32_t mixed(const Move& move, std::uint32_t salt);

// The moves of a seed.
std::vector<Move> moves_of(std::uint64_t seed, std::size_t count);

// How many nodes share the books, and whether they hear of each other at once.
struct Setting {
    std::size_t nodes = 1;
    bool has_bus = false;
};
Setting setting_of(std::uint64_t seed);

// What broke, after how many moves; empty if nothing did.
struct Verdict {
    std::string broken;
    std::size_t moves = 0;
};
Verdict play(const Setting& setting, const std::vector<Move>& moves);
// The same verdict from fewer moves.
std::vector<Move> shrunk(const Setting& setting, std::vector<Move> moves);

class World {
 public:
    explicit World(const Setting& setting);
    ~World();
    World(const World&) = delete;
    World& operator=(const World&) = delete;

    // Broken: an invariant does not hold any more.
    void play(const Move& move);
    // All is well from now on: everything arrives, and all of it is compared.
    void finish();

 private:
    // The store of whichever node a request gets to; it hears which answers people get.
    class Front final : public app::Store {
     public:
        explicit Front(World& world) : world_(world) {}
        void submit(app::Command command, app::Done done) override;
        Result<std::unique_ptr<app::Snapshot>> snapshot(OrgId org) override;
        Result<std::vector<domain::Org>> orgs() override;
        Result<std::vector<app::Credential>> credentials() override;
        Result<std::vector<std::pair<OrgId, domain::User>>> users() override;
        Result<std::string> webhook_secret(const app::WebhookKey& key) override;
        Result<app::SignInState> sign_in_state() override;
        void listen(app::CommitListener& listener) override;
        void load(OrgId org, std::move_only_function<void(Status)> done) override;
        void forget(std::vector<OrgId> orgs) override;
        void drain() override;
        Health health() override;

     private:
        World& world_;
    };
    enum class Ending : std::uint8_t { drained, killed };

    [[nodiscard]] bool is_alone() const { return setting_.nodes == 1; }
    // The node that requests get to now, or another if that one does not answer.
    Node& routed();
    [[nodiscard]] bool answers(std::size_t index) const;
    void start(std::size_t index);
    void stop(std::size_t index, Ending ending);
    void restart(std::size_t index, Ending ending);
    // After a move: starts and ends nodes.
    void tend(std::size_t index, const Move& move);
    void act(const Move& move);
    void act_on_routed(const Move& move);
    void play_books(const Move& move);
    void add_wish(const Move& move);
    void write_elsewhere(const Move& move);
    // What others do while a report is read: anything, or nothing, where they would wait for the
    // reader.
    enum class Others : std::uint8_t { act, wait };
    void ask(const Move& move, Others others = Others::act);
    void ask_when_answered();
    void stream(const Move& move);
    void deliver(const Move& move);
    void let_time_pass(const Move& move);
    // On both clocks, as it does where nobody turns one.
    void pass(std::int64_t ms);
    void break_something(const Move& move);
    void break_commit(const Move& move);
    void check();
    void heal_delivery();

    // What happens between several nodes.
    void trouble_nodes(const Move& move);
    void stall_or_wake(std::size_t index);
    std::vector<OrgId> claimed_elsewhere(std::size_t index, const std::vector<OrgId>& orgs);
    void write_on_another(std::size_t index);
    void publish(std::size_t index, const std::string& message);
    void pass_on_nodes(std::int64_t ms);
    void take_turns(std::size_t first, std::int64_t ms);
    void look(std::size_t index);
    void check_nodes();
    [[nodiscard]] std::uint32_t chance();
    std::vector<Node*> nodes();
    [[nodiscard]] Witness& witness(OrgId org) { return *witnesses_.at(org); }

    const Setting setting_;
    ManualClock clock_{test::kTestStart};
    ManualClock database_clock_{test::kTestStart};
    SeededRandom random_{1};
    SeededRandom jitter_{2};
    storage::memory::MemoryBackend kept_;
    std::map<OrgId, std::unique_ptr<Witness>> witnesses_;
    std::shared_ptr<Receiver> receiver_ = std::make_shared<Receiver>();
    std::optional<storage::memory::MemoryLeases> leases_;  // of several nodes
    std::vector<std::unique_ptr<Node>> nodes_;             // null while one is down
    std::size_t route_ = 0;
    Bus bus_;
    Agreement agreement_;
    std::uint32_t chances_ = 0;  // that were taken within the move
    std::uint32_t claims_ = 0;   // so many next ones find an org taken
    bool claims_now_ = false;
    std::map<OrgId, Position> watermarks_;
    Front front_{*this};
    // These exist once a first process runs.
    std::optional<test::BooksPlayer> player_;
    std::optional<test::TestOrg> elsewhere_;  // somebody else's books
    PropertyId elsewhere_property_;
    std::optional<Clients> clients_;
    Watchers watchers_;
    int depth_ = 0;  // of reads within which others act
    std::optional<Move> playing_;
    std::string mistake_;  // thrown in a callback it would be caught
};

}  // namespace daybook::simulation
