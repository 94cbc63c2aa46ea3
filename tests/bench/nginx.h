// nginx with a configuration of our own, as a baseline: on a free loopback port, for as long as the
// object lives.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "peer_process.h"

namespace daybook::bench {

class Nginx {
 public:
    // `server` is what stands inside the server block besides `listen`, `modules` what stands
    // before everything; files go into `folder`. Throws std::runtime_error if it does not come up.
    Nginx(const std::filesystem::path& folder, int workers, std::string_view server,
          std::string_view modules = {});

    [[nodiscard]] int port() const { return port_; }
    // As it was written.
    [[nodiscard]] const std::string& configuration() const { return configuration_; }

 private:
    int port_;
    std::string configuration_;
    std::optional<PeerProcess> process_;
};

}  // namespace daybook::bench
