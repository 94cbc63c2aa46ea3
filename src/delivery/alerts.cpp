// The looks, and what changed between two of them.
#include "delivery/alerts.h"

#include <map>
#include <string>
#include <utility>

#include "base/limits.h"
#include "base/log.h"
#include "base/mutex.h"

namespace daybook::delivery {
namespace {

constexpr std::int64_t kMsPerMinute = 60'000;
constexpr int kMiB = 20;

using Key = std::pair<OrgId, std::string>;
using Details = std::map<Key, std::string>;

void look_at(const app::SubscriptionStatus& status, Details& found) {
    const std::string& name = status.subscription;
    const auto add = [&](const std::string& kind, std::string detail) {
        found[{status.org, kind + ":" + name}] = std::move(detail);
    };
    if (status.dead_letters > 0) {
        add("dead_letters",
            std::to_string(status.dead_letters) + " events could not be delivered to " + name +
                " and hold later ones of the same thing. See GET /v1/finance/dead-letters for the "
                "reason; then redrive or discard them.");
    }
    if (status.stuck) {
        add("stuck", "Every attempt of " + name +
                         " is past its deadline, so nothing is delivered. Restart the server; if "
                         "it comes back, look at what receives.");
    }
    if (status.paused) {
        add("paused", name + " is paused: " + status.reason +
                          " Resume it by POST /v1/finance/subscriptions/" + name + "/resume.");
    } else if (status.lag_ms >= limits::kAlertLagMs) {
        add("lag", name + " is " + std::to_string(status.lag_ms / kMsPerMinute) +
                       " minutes behind. Look at its receiver, and at its retries in GET "
                       "/v1/finance/events/metrics.");
    }
}

void look_at(const app::Store::Health& health, Details& found) {
    if (health.reason.empty() || health.reason == "draining") return;
    const std::string key = health.accepts_writes ? "write_ahead_log" : "failed_sync";
    found[{OrgId{}, key}] =
        health.accepts_writes
            ? "Reads hold up the tidying of the disk: " + health.reason +
                  ". Look for a report or an export that does not end."
            : "This node takes no writes: " + health.reason +
                  ". Check the disk, then restart the server; what was acknowledged is safe.";
}

}  // namespace

class AlertCore final : public std::enable_shared_from_this<AlertCore> {
 public:
    explicit AlertCore(AlertParts parts) : parts_(std::move(parts)) {}

    void stop() {
        const Lock lock(mutex_);
        stopped_ = true;
    }

    void run() {
        {
            const Lock lock(mutex_);
            if (stopped_) return;
        }
        check();
        parts_.executor.post_after(limits::kAlertCheckMs,
                                   [core = shared_from_this()] { core->run(); });
    }

    std::vector<app::Alert> alerts(OrgId org) {
        std::vector<app::Alert> list;
        const Lock lock(mutex_);
        for (const auto& [key, alert] : alerts_) {
            if (key.first == org || key.first == OrgId{}) list.push_back(alert);
        }
        return list;
    }

 private:
    void check() {
        if (const Status swept = parts_.delivery.sweep(); !swept)
            log(LogLevel::warning, "alerts: " + swept.error().detail);
        Details found;
        for (const auto& each : parts_.delivery.all_subscriptions()) look_at(each, found);
        look_at(parts_.store.health(), found);
        const std::int64_t free_bytes = parts_.free_disk_bytes();
        if (free_bytes < limits::kAlertDiskBytes) {
            found[{OrgId{}, "low_disk"}] =
                "Only " + std::to_string(free_bytes >> kMiB) +
                " MiB are free where the books are. Make room: without it nothing can be written.";
        }
        compare(std::move(found));
    }

    void compare(Details found) {
        std::vector<std::pair<OrgId, app::Alert>> raised;
        std::vector<std::pair<OrgId, app::Alert>> cleared;
        {
            const Lock lock(mutex_);
            for (const auto& [key, alert] : alerts_) {
                if (!found.contains(key)) cleared.emplace_back(key.first, alert);
            }
            for (const auto& [org, alert] : cleared) alerts_.erase({org, alert.key});
            for (auto& [key, detail] : found) {
                const auto known = alerts_.find(key);
                if (known != alerts_.end()) {
                    known->second.detail = std::move(detail);
                    continue;
                }
                app::Alert alert{key.second, parts_.clock.now(), std::move(detail)};
                raised.emplace_back(key.first, alert);
                alerts_.emplace(key, std::move(alert));
            }
        }
        for (const auto& [org, alert] : raised) {
            log(LogLevel::warning, "alert " + alert.key + ": " + alert.detail);
            each_org(org, [&](OrgId to) { parts_.listener.raised(to, alert); });
        }
        for (const auto& [org, alert] : cleared)
            each_org(org, [&](OrgId to) { parts_.listener.cleared(to, alert); });
    }

    // What is wrong with the node concerns every org.
    template <class Tell>
    void each_org(OrgId org, Tell tell) {
        if (org != OrgId{}) return tell(org);
        const auto orgs = parts_.store.orgs();
        if (!orgs) return;
        for (const domain::Org& each : *orgs) tell(each.id);
    }

    const AlertParts parts_;
    Mutex mutex_;
    std::map<Key, app::Alert> alerts_ GUARDED_BY(mutex_);
    bool stopped_ GUARDED_BY(mutex_) = false;
};

Alerts::Alerts(AlertParts parts) : core_(std::make_shared<AlertCore>(std::move(parts))) {}

Alerts::~Alerts() {
    core_->stop();
}

void Alerts::start() {
    core_->run();
}

std::vector<app::Alert> Alerts::alerts(OrgId org) {
    return core_->alerts(org);
}

}  // namespace daybook::delivery
