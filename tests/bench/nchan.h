// nginx with its module nchan, as a server of event streams to compare with: one channel, one
// worker, messages in memory.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "peer_process.h"
#include "support/http_client.h"
#include "support/temporary_directory.h"

namespace daybook::bench {

class Nchan {
 public:
    // Throws std::runtime_error if it does not come up.
    Nchan();

    [[nodiscard]] int port() const { return port_; }
    // The process that serves.
    [[nodiscard]] pid_t pid() const { return worker_; }
    [[nodiscard]] std::string subscribe_request() const;
    static void publish(test::HttpClient& client, std::string_view message);

 private:
    test::TemporaryDirectory directory_;
    int port_ = 0;
    std::optional<PeerProcess> master_;
    pid_t worker_ = -1;
};

}  // namespace daybook::bench
