// PocketBase, a server of records in SQLite over HTTP, with a collection of expenses: a directory
// of its own, on a free loopback port, for as long as the object lives.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

#include "peer_process.h"

namespace daybook::bench {

class PocketBase {
 public:
    // Its files go into the folder. Throws std::runtime_error if it does not come up.
    explicit PocketBase(const std::filesystem::path& folder);

    [[nodiscard]] int port() const { return port_; }
    // A request that adds an expense; its body is what the API of Daybook would get.
    [[nodiscard]] std::string add_request(std::string_view expense_json) const;
    // A request for the entries of a day of a property, all on one page, not counted.
    [[nodiscard]] std::string day_request(std::string_view property, std::string_view date) const;

 private:
    int port_;
    std::unique_ptr<PeerProcess> process_;
    std::string token_;
};

}  // namespace daybook::bench
