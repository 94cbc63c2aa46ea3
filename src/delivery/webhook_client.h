// What webhooks need of HTTP: post one request and say what was answered.
//
// Owned here, implemented by delivery/http and, in tests, by a script.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"

namespace daybook::delivery {

struct WebhookRequest {
    std::string url;
    std::vector<std::pair<std::string, std::string>> headers;  // besides Host, type and length
    std::string body;                                          // application/cloudevents+json
};

class WebhookClient {
 public:
    virtual ~WebhookClient() = default;
    // The status of the answer; redirects are not followed. Blocks, for at most
    // limits::kWebhookMsMax and what a name server takes. From any thread. Errors:
    // address_refused, io_failed, busy (the time was over), each in words for whoever runs the
    // receiver.
    virtual Result<int> post(const WebhookRequest& request) = 0;
};

// The headers of Standard Webhooks (https://www.standardwebhooks.com): webhook-id,
// webhook-timestamp in seconds, webhook-signature: "v1," and the base64 of HMAC-SHA256 over
// "id.timestamp.body".
std::vector<std::pair<std::string, std::string>> signed_headers(const std::string& id,
                                                                std::int64_t timestamp_s,
                                                                const std::string& secret,
                                                                const std::string& body);

}  // namespace daybook::delivery
