// Speaks HTTP/1.1 to the process that owns a data directory, over its Unix socket.
//
// A connection for each request: a command makes a few dozen of them, and nothing has to be kept
// alive. Threads: any. Limits: kControlSecondsMax for each wait, kControlAnswerBytesMax.
#pragma once

#include <cstddef>
#include <filesystem>

#include "base/result.h"
#include "cli/api.h"

namespace daybook::cli {

// A bulk of 1,000 entries takes a tenth of a second; a busy disk takes its time.
inline constexpr int kControlSecondsMax = 120;
inline constexpr std::size_t kControlAnswerBytesMax = std::size_t{64} << 20;

// Whether somebody listens there. Errors: io_failed, where it cannot be found out (no permission).
Result<bool> has_listener(const std::filesystem::path& socket);

// Errors of the calls: io_failed.
ApiCall control_client(std::filesystem::path socket);

// The answer in the bytes of a whole response. Error: io_failed (cut short, or no HTTP).
Result<ApiAnswer> parse_response(std::string_view bytes);

}  // namespace daybook::cli
