// The bus of a cluster over NATS: core publish and subscribe on one subject.
//
// Operation: it connects in the background, and again whenever the connection is lost, for ever;
// what is published meanwhile is lost, which nobody needs (delivery/bus.h). Threads: any; `heard`
// on a thread of libnats. Source: NATS client protocol, libnats 3.4.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "base/result.h"

namespace daybook::delivery::nats {

struct BusOptions {
    // nats://HOST:PORT or tls://…, separated by commas; without names and passwords.
    std::string servers;
    // A file with a user's credentials (nats creds), or empty.
    std::string credentials;
    // Clusters that share NATS servers have subjects of their own.
    std::string subject = "daybook.commits";
};

class Bus {
 public:
    // Returns at once; not connected yet. Errors: invalid_value (the addresses, the file).
    static Result<std::unique_ptr<Bus>> open(const BusOptions& options,
                                             std::function<void(std::string_view)> heard);
    ~Bus();
    Bus(const Bus&) = delete;
    Bus& operator=(const Bus&) = delete;

    // Does not wait; of no effect while it is not connected.
    void publish(const std::string& message);
    [[nodiscard]] bool is_connected() const;

 private:
    class Connection;
    explicit Bus(std::unique_ptr<Connection> connection);

    std::unique_ptr<Connection> connection_;
};

}  // namespace daybook::delivery::nats
