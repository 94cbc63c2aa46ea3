// Posts webhooks: HTTP/1.1 over TCP or TLS, one request per connection.
//
// Operation: the host's addresses are looked up once and the connection goes to one of those that
// were checked, so that a name cannot point elsewhere a moment later. TLS is verified against the
// machine's certificates and the host's name. Of the answer the head is read, no redirect is
// followed. Everything but the look-up of the name ends after limits::kWebhookMsMax together.
// Threads: any; each call is on its own.
#pragma once

#include <cstdint>
#include <memory>

#include "base/limits.h"
#include "delivery/webhook_client.h"

namespace daybook::delivery::http {

enum class Reach : std::uint8_t { public_only, also_private };

class Client final : public WebhookClient {
 public:
    explicit Client(Reach reach, std::int64_t time_limit_ms = limits::kWebhookMsMax);
    ~Client() override;
    Client(const Client&) = delete;
    Client& operator=(const Client&) = delete;

    Result<int> post(const WebhookRequest& request) override;

 private:
    class Tls;
    const Reach reach_;
    const std::int64_t time_limit_ms_;
    std::unique_ptr<Tls> tls_;
};

}  // namespace daybook::delivery::http
