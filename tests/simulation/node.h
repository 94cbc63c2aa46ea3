// One process of the simulation: the real application over a disk that fails, or beside others over
// one database, wired as main.cpp does it, on virtual time.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "app/authenticator.h"
#include "app/report_service.h"
#include "base/executor.h"
#include "delivery/bus.h"
#include "delivery/delivery.h"
#include "delivery/lease_keeper.h"
#include "realtime/feed.h"
#include "realtime/hub.h"
#include "simulation/disk.h"
#include "support/hooked_store.h"

namespace daybook::simulation {

// Reads from what was kept; writes through a writer of its own.
class NodeStore final : public app::Store {
 public:
    // Where others write to what is kept as well, it finds out what.
    enum class Others : std::uint8_t { none, write };
    NodeStore(storage::memory::MemoryBackend& kept, Disk& disk, const app::Environment& environment,
              Others others)
        : kept_(kept),
          is_shared_(others == Others::write),
          writer_(disk, environment, storage::Writer::Mode::in_line,
                  is_shared_ ? storage::PeerLogs{&disk, &disk} : storage::PeerLogs{}) {}
    void note_heads() {
        if (!is_shared_) return;
        // Who cannot is started again.
        while (!writer_.note_heads()) continue;
    }

    void submit(app::Command command, app::Done done) override {
        writer_.submit(std::move(command), std::move(done));
    }
    Result<std::unique_ptr<app::Snapshot>> snapshot(OrgId org) override {
        return kept_.snapshot(org);
    }
    Result<std::vector<domain::Org>> orgs() override { return kept_.orgs(); }
    Result<std::vector<app::Credential>> credentials() override { return kept_.credentials(); }
    Result<std::vector<std::pair<OrgId, domain::User>>> users() override { return kept_.users(); }
    Result<std::string> webhook_secret(const app::WebhookKey& key) override {
        return kept_.webhook_secret(key);
    }
    Result<app::SignInState> sign_in_state() override { return kept_.sign_in_state(); }
    void listen(app::CommitListener& listener) override { writer_.listen(listener); }
    void load(OrgId org, std::move_only_function<void(Status)> done) override {
        writer_.load(org, std::move(done));
    }
    void forget(std::vector<OrgId> orgs) override { writer_.forget(std::move(orgs)); }
    void follow() override { writer_.follow(); }
    void catch_up(std::optional<OrgId> org, std::move_only_function<void()> done) override {
        writer_.catch_up(org, std::move(done));
    }
    void heard(OrgId org, Position position) override { writer_.heard(org, position); }
    [[nodiscard]] bool is_shared() const override { return is_shared_; }
    void drain() override { writer_.drain(); }
    Health health() override { return writer_.health(); }

 private:
    storage::memory::MemoryBackend& kept_;
    const bool is_shared_;
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
    app::Leases* leases = nullptr;  // of a node among several
    Disk::Claimed claimed;
    std::function<void(const std::string&)> publish;
    std::function<void()> meanwhile;  // what others do while it starts
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
    // Hears what other nodes have committed: of the org, or of all. False: later, it is at work; or
    // it cannot be read now.
    bool catch_up(std::optional<OrgId> org);
    void hear(const std::string& message);
    // As for a request, before it is answered. It may fail, or come later.
    void load(OrgId org);
    // As a process that ends of its own accord.
    void drain();

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
    std::optional<delivery::LeaseKeeper> keeper;
    std::optional<delivery::Announcer> announcer;
    bool is_stalled = false;  // it does nothing for a while, and time passes
    std::int64_t stalled_ms = 0;
    std::vector<realtime::PageRequest> pages;  // asked for and not read yet
    std::int64_t now_ms = 1'000'000;
    realtime::Hub hub;

 private:
    std::int64_t us_ = 0;
};

}  // namespace daybook::simulation
