// One process of the simulation: the real application over a disk that fails, wired as main.cpp
// does it, on virtual time.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "app/authenticator.h"
#include "app/report_service.h"
#include "base/executor.h"
#include "delivery/delivery.h"
#include "realtime/feed.h"
#include "realtime/hub.h"
#include "simulation/disk.h"
#include "support/hooked_store.h"

namespace daybook::simulation {

// Reads from what was kept; writes through a writer of its own.
class NodeStore final : public app::Store {
 public:
    NodeStore(storage::memory::MemoryBackend& kept, Disk& disk, const app::Environment& environment)
        : kept_(kept), writer_(disk, environment, storage::Writer::Mode::in_line) {}

    void submit(app::Command command, app::Done done) override {
        writer_.submit(std::move(command), std::move(done));
    }
    Result<std::unique_ptr<app::Snapshot>> snapshot(OrgId org) override {
        return kept_.snapshot(org);
    }
    Result<std::vector<domain::Org>> orgs() override { return kept_.orgs(); }
    Result<std::vector<app::Credential>> credentials() override { return kept_.credentials(); }
    Result<std::string> webhook_secret(const app::WebhookKey& key) override {
        return kept_.webhook_secret(key);
    }
    Result<app::SignInState> sign_in_state() override { return kept_.sign_in_state(); }
    void listen(app::CommitListener& listener) override { writer_.listen(listener); }
    void drain() override { writer_.drain(); }
    Health health() override { return writer_.health(); }

 private:
    storage::memory::MemoryBackend& kept_;
    storage::Writer writer_;
};

// What stays when a process goes.
struct Surroundings {
    storage::memory::MemoryBackend& kept;
    const ManualClock& clock;
    Random& random;
    Random& jitter;
    std::shared_ptr<delivery::Handler> handler;
    std::function<void()> on_kept;
};

class Node {
 public:
    explicit Node(const Surroundings& around);
    ~Node();
    Node(const Node&) = delete;
    Node& operator=(const Node&) = delete;

    [[nodiscard]] bool is_dead() const { return disk.is_dead(); }
    [[nodiscard]] bool accepts_writes() { return store.health().accepts_writes; }
    // Lets time pass for whoever waits in this process.
    void advance_ms(std::int64_t ms);
    // Everything that is due now.
    void run();

    static constexpr auto kSubscription = "simulated";
    // Small, so that they overflow all the time.
    static constexpr realtime::RingLimits kRing{12, 9'000, 14'000};
    static constexpr std::size_t kInFlight = 4;

    Disk disk;
    NodeStore store;
    test::HookedStore reads;
    app::Authenticator authenticator;
    app::ReportService reports;
    realtime::Feed feed{[] {}, kRing};
    ManualExecutor executor;
    delivery::Delivery delivery;
    std::vector<realtime::PageRequest> pages;  // asked for and not read yet
    std::int64_t now_ms = 1'000'000;
    realtime::Hub hub;

 private:
    std::int64_t us_ = 0;
};

}  // namespace daybook::simulation
