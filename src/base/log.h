// Log lines for whoever runs the server: one line each, to standard error, level and words.
#pragma once

#include <string_view>

namespace daybook {

enum class LogLevel { debug, info, warning, error };

// From any thread. Never pass secrets, or texts of the books.
void log(LogLevel level, std::string_view message);
void set_log_level(LogLevel level);

}  // namespace daybook
