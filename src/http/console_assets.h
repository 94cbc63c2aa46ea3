// Serves the console: the page at "/", and under "/assets/" what it loads.
//
// Why before the API: the page is no part of it, needs no caller and no books. Everything else goes
// on to the handler behind. Names under /assets/ carry the hash of their content, so browsers may
// keep them for ever; the page itself is asked for anew each time and answers 304 while it is the
// same. The policy of the page allows scripts, styles and requests from here and nowhere else.
// Threads: built before the server starts, only read afterwards.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "http/message.h"
#include "http/server.h"

namespace daybook::http {

struct ConsoleFile {
    std::string_view
        name;  // "index.html", "index-Bk3x.js"; "….br" and "….gz" are the same, smaller
    std::string_view text;
};

// What this build carries; empty where it was built without the console.
std::span<const ConsoleFile> embedded_console();

class ConsoleAssets final : public Handler {
 public:
    // `next` takes what is not the console's and outlives this.
    ConsoleAssets(Handler& next, std::span<const ConsoleFile> files);

    // GET and HEAD of "/" and "/assets/{name}": 200 or 304; 404 not_found for a name that is not
    // there, and at "/" if the build has no console.
    void handle(Request request, Respond respond) override;

 private:
    // One coding of an asset's bytes.
    struct Coded {
        std::shared_ptr<const std::string> bytes;
        std::string etag;
    };
    struct Asset {
        std::string content_type;
        std::map<std::string, Coded, std::less<>> codings;  // by Content-Encoding; "" is as it is
    };

    [[nodiscard]] Response answer(const Request& request, std::string_view name) const;

    Handler& next_;
    std::map<std::string, Asset, std::less<>> assets_;
};

}  // namespace daybook::http
