// The demo: an org with the real bookings of two hotels, on screen within seconds.
#pragma once

#include <string>

#include "cli/commands.h"

namespace daybook::cli {

struct DemoOptions : DataOption {
    int port = kDefaultPort;
    bool once = false;
    std::string examples;  // a folder with bookings; empty: those that the program carries
};

// Makes what is missing (the folder, the org "Demo", the entries), prints what was imported and the
// months of both hotels, and serves unless `once`. Again, it finds everything there.
Result<int> demo(Session& session, const DemoOptions& options);

// Serves under the directory's lock; tells the address on standard error, and after it what
// `more(address)` says. Where there is no org yet, the setup link too.
Result<int> serve_books(Session& session, ServeOptions options,
                        const std::function<std::string(const std::string& url)>& more);

}  // namespace daybook::cli
