// Log lines for whoever runs the server: one line each, to standard error, level and words.
#pragma once

#include <string_view>

namespace daybook {

enum class LogLevel { debug, info, warning, error };

// From any thread. Never pass secrets, or texts of the books.
void log(LogLevel level, std::string_view message);
// Whether such a line would be written; for lines that cost something to make.
bool would_log(LogLevel level);
void set_log_level(LogLevel level);

}  // namespace daybook
