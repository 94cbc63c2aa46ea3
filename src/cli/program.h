// The command line of Daybook: what a person types, to what is done.
//
// Commands that read open the database read-only and run beside a serving process. Commands that
// write ask the process that owns the data directory, over its socket; where there is none, they
// take the lock and let the same API answer in this process (write_access.h). Nothing here knows a
// store or a server: main.cpp hands in a Machine.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "app/maintenance.h"
#include "app/store.h"
#include "base/clock.h"
#include "base/result.h"
#include "cli/api.h"
#include "cli/console.h"
#include "cli/data_directory.h"

namespace daybook::cli {

inline constexpr int kExitDone = 0;
inline constexpr int kExitFailed = 1;
inline constexpr int kExitUsage = 2;
inline constexpr int kExitSyncFailed = 3;  // the server had to stop writing (design, section 13)

inline constexpr std::uint16_t kDefaultPort = 8080;

enum class WebhookReach : std::uint8_t { public_only, also_private };

struct ServeOptions {
    DataDirectory data;
    std::string store{};            // address of a database; empty: what the directory says
    std::string bus{};              // NATS servers; empty: none
    std::string bus_credentials{};  // a file
    std::string address = "127.0.0.1";
    std::uint16_t port = kDefaultPort;  // 0: any that is free
    WebhookReach webhooks = WebhookReach::public_only;
    // Proxies whose X-Forwarded-For and -Proto are believed.
    std::vector<std::string> trusted_proxies{};
    bool sign_up = false;  // whoever comes may found an org
    bool rates = true;     // requests a second are limited
    struct Listening {
        std::uint16_t port = 0;
        std::string setup_token;  // of the first owner, while there is no org
    };
    // Told once requests are taken; gives the address that links begin with.
    std::function<Result<std::string>(const Listening&)> on_listening{};
};

// Where books are moved: a directory, or the address of a database.
using MovePlace = std::variant<DataDirectory, std::string>;
struct Moved {
    std::int64_t rows = 0;
    std::unique_ptr<app::Store> store;  // there, to be read
};

// What main.cpp knows how to make. Whoever asks for writing holds the lock.
struct Machine {
    std::function<Result<std::unique_ptr<app::Store>>(const DataDirectory&)> open_to_read;
    // The API over a store in this process, until the last copy of the call is gone.
    std::function<Result<ApiCall>(const DataDirectory&)> open_api;
    enum class Access : std::uint8_t { read, write };
    std::function<Result<std::unique_ptr<app::Maintenance>>(const DataDirectory&, Access)>
        open_maintenance;
    // Copies everything, or what an earlier try did not; `progress` is told the rows of each page.
    std::function<Result<Moved>(const MovePlace& from, const MovePlace& to,
                                const std::function<void(std::int64_t)>& progress)>
        move{};
    // Until a signal stops it. Returns the exit code.
    std::function<Result<int>(const ServeOptions&)> serve;
    const Clock& clock;
    std::string_view version;
};

// Returns the exit code.
int run(int argc, const char* const* argv, const Machine& machine, Console& console);

}  // namespace daybook::cli
