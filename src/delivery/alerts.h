// Alerts: what an admin should do something about, as the console's banner and webhooks say it.
//
// Operation: every limits::kAlertCheckMs it looks at the subscriptions, the store and the disk. An
// alert lasts as long as what it says, is known by its key, and is told when it comes and when it
// goes. Nothing is kept: after a start the same looks find the same things, also on a node that can
// write nothing any more.
// Threads: any; the checks are on the executor's.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "app/delivery_monitor.h"
#include "app/store.h"
#include "base/clock.h"
#include "base/executor.h"
#include "delivery/delivery.h"

namespace daybook::delivery {

// Told of what begins and what ends.
class AlertListener {
 public:
    virtual ~AlertListener() = default;
    virtual void raised(OrgId org, const app::Alert& alert) = 0;
    virtual void cleared(OrgId org, const app::Alert& alert) = 0;
};

struct AlertParts {
    Delivery& delivery;
    app::Store& store;
    AlertListener& listener;
    const Clock& clock;
    Executor& executor;
    std::function<std::int64_t()> free_disk_bytes;  // where the books are
};

class AlertCore;

class Alerts final : public app::AlertBoard {
 public:
    explicit Alerts(AlertParts parts);
    ~Alerts() override;
    Alerts(const Alerts&) = delete;
    Alerts& operator=(const Alerts&) = delete;

    // Looks now, and then again and again.
    void start();

    std::vector<app::Alert> alerts(OrgId org) override;

 private:
    std::shared_ptr<AlertCore> core_;
};

}  // namespace daybook::delivery
