// Need: sockets, two seconds. Goal: a node that cannot find out what other nodes have committed
// makes nobody wait for long: it reads the database itself.
#include <gtest/gtest.h>

#include <functional>
#include <optional>
#include <vector>

#include "app/token_secret.h"
#include "storage/memory/store.h"
#include "support/api_server.h"
#include "support/forwarding_store.h"

namespace daybook::test {
namespace {

struct KeptStore {
    explicit KeptStore(const app::Environment& environment) : kept(environment) {}
    storage::memory::MemoryStore kept;
};

// Others may write to it, and it never hears of them.
class DeafStore final : private KeptStore, public ForwardingStore {
 public:
    explicit DeafStore(const app::Environment& environment)
        : KeptStore(environment), ForwardingStore(kept) {}
    [[nodiscard]] bool is_shared() const override { return true; }
    void catch_up(std::optional<OrgId>, std::move_only_function<void()> done) override {
        const Lock lock(mutex_);
        never_called_.push_back(std::move(done));
    }

 private:
    Mutex mutex_;
    std::vector<std::move_only_function<void()>> never_called_ GUARDED_BY(mutex_);
};

std::unique_ptr<app::Store> open_deaf(const app::Environment& environment,
                                      const TemporaryDirectory&) {
    return std::make_unique<DeafStore>(environment);
}

TEST(ApiPositions, NobodyWaitsForeverForOtherNodes) {
    ApiServer server{StoreKind{"deaf", open_deaf}};
    constexpr auto kReport = "/v1/reports/daily?date=2026-03-14";
    EXPECT_EQ(server.send({.target = kReport}).status, 200);
    const std::string newer = std::to_string(server.head() + 1);
    const HttpAnswer unknown =
        server.send({.target = kReport, .headers = "Daybook-Min-Position: " + newer + "\r\n"});
    EXPECT_EQ(member(unknown.body, "code"), "position_unknown") << unknown.body;
    EXPECT_EQ(unknown.header("daybook-position"), std::to_string(server.head()));
    SystemRandom random;
    const HttpAnswer nobody =
        server.send({.target = kReport,
                     .headers = "Authorization: Bearer " + app::new_token_text(random) + "\r\n",
                     .as = "nobody"});
    EXPECT_EQ(nobody.status, 401);
}

}  // namespace
}  // namespace daybook::test
