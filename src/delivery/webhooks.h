// Webhooks: one durable subscription each, whose handler posts the event to the receiver.
//
// Operation: every webhook that is active has a subscription named after it; commits that add,
// change, switch off or delete one are followed. An event is looked at again when it is sent: what
// the webhook's maker may no longer see is passed over, and a maker who may do nothing any more
// pauses it. 2xx acknowledges; 410 switches the webhook off; everything else is tried again on the
// outside schedule. What was tried is kept in the log of the webhook, saved once a second.
// Limits: Workers (64, 4 for one org), kWebhookLogMax, kAlertSendsMax alerts on their way.
// Threads: any.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "app/delivery_monitor.h"
#include "app/store.h"
#include "base/clock.h"
#include "base/executor.h"
#include "base/mutex.h"
#include "delivery/alerts.h"
#include "delivery/delivery.h"
#include "delivery/webhook_client.h"

namespace daybook::delivery {

// What webhooks work with; all of it outlives them.
struct WebhookParts {
    Delivery& delivery;
    app::Store& store;
    WebhookClient& client;
    const Clock& clock;
    Random& random;
    Executor& senders;     // a thread for each worker
    Executor& background;  // for timers and short work
};

class WebhookCore;

class Webhooks final : public app::CommitListener, public AlertListener {
 public:
    explicit Webhooks(const WebhookParts& parts);
    ~Webhooks() override;
    Webhooks(const Webhooks&) = delete;
    Webhooks& operator=(const Webhooks&) = delete;

    // Subscribes all that are active. Before Delivery::start(). Errors: those of the store.
    Status start();
    void committed(const app::Changes& changes) override;
    // Saves what was tried. After Delivery has drained.
    void flush();

    // Tell the org's webhooks that ask for alerts; tried again like an event, but forgotten with
    // the process.
    void raised(OrgId org, const app::Alert& alert) override;
    void cleared(OrgId org, const app::Alert& alert) override;

 private:
    std::shared_ptr<WebhookCore> core_;
};

}  // namespace daybook::delivery
