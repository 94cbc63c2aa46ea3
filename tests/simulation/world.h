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

// The moves of a seed.
std::vector<Move> moves_of(std::uint64_t seed, std::size_t count);

// What broke, after how many moves; empty if nothing did.
struct Verdict {
    std::string broken;
    std::size_t moves = 0;
};
Verdict play(const std::vector<Move>& moves);
// The same verdict from fewer moves.
std::vector<Move> shrunk(std::vector<Move> moves);

class World {
 public:
    World();
    ~World();
    World(const World&) = delete;
    World& operator=(const World&) = delete;

    // Broken: an invariant does not hold any more.
    void play(const Move& move);
    // All is well from now on: everything arrives, and all of it is compared.
    void finish();

 private:
    // The store of whichever process runs, for ever; it hears which answers people get.
    class Front final : public app::Store {
     public:
        explicit Front(World& world) : world_(world) {}
        void submit(app::Command command, app::Done done) override;
        Result<std::unique_ptr<app::Snapshot>> snapshot(OrgId org) override;
        Result<std::vector<domain::Org>> orgs() override;
        Result<std::vector<app::Credential>> credentials() override;
        Result<std::string> webhook_secret(const app::WebhookKey& key) override;
        Result<app::SignInState> sign_in_state() override;
        void listen(app::CommitListener& listener) override;
        void drain() override;
        Health health() override;

     private:
        World& world_;
    };
    enum class Ending : std::uint8_t { drained, killed };

    void start();
    void restart(Ending ending);
    void act(const Move& move);
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
    [[nodiscard]] Witness& witness(OrgId org) { return *witnesses_.at(org); }

    ManualClock clock_{test::kTestStart};
    SeededRandom random_{1};
    SeededRandom jitter_{2};
    storage::memory::MemoryBackend kept_;
    std::map<OrgId, std::unique_ptr<Witness>> witnesses_;
    std::shared_ptr<Receiver> receiver_ = std::make_shared<Receiver>();
    std::unique_ptr<Node> node_;
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
