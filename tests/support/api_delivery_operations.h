// The operations that tests/integration/api_delivery_test.cpp shows, so that the test which shows
// all others knows.
#pragma once

#include <set>
#include <string>

namespace daybook::test {

inline const std::set<std::string>& delivery_operations() {
    static const std::set<std::string> operations{
        "getEventMetrics",   "listSubscriptions", "pauseSubscription", "resumeSubscription",
        "resetSubscription", "listDeadLetters",   "getDeadLetter",     "redriveDeadLetter",
        "discardDeadLetter", "listAlerts",        "listWebhooks",      "addWebhook",
        "getWebhook",        "updateWebhook",     "deleteWebhook",     "listWebhookDeliveries",
        "replayWebhook"};
    return operations;
}

}  // namespace daybook::test
