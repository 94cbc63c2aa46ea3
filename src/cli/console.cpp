// Plain stdio, which buffers pipes and knows whether something went wrong.
#include "cli/console.h"

#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <utility>

namespace daybook::cli {
namespace {

constexpr std::int64_t kProgressEveryMs = 200;
constexpr std::string_view kClearLine = "\r\x1B[K";
constexpr std::string_view kRed = "\x1B[31m";
constexpr std::string_view kPlain = "\x1B[0m";

Console::Kind kind_of(int descriptor) {
    return ::isatty(descriptor) == 1 ? Console::Kind::terminal : Console::Kind::pipe;
}

void write(std::FILE* file, std::string_view text) {
    std::fwrite(text.data(), 1, text.size(), file);
}

std::unexpected<Error> cannot_write() {
    return fail(ErrorCode::io_failed,
                std::string("Cannot write to standard output: ") + std::strerror(errno));
}

}  // namespace

std::int64_t steady_ms() {
    return std::chrono::duration_cast<std::chrono::milliseconds>(
               std::chrono::steady_clock::now().time_since_epoch())
        .count();
}

std::string grouped(std::int64_t number) {
    std::string digits = std::to_string(number);
    const std::size_t first = digits.starts_with('-') ? 1 : 0;
    for (std::size_t place = digits.size(); place > first + 3;) {
        place -= 3;
        digits.insert(place, ",");
    }
    return digits;
}

Console Console::standard() {
    return {stdout, stderr, kind_of(STDERR_FILENO)};
}

Console::Console(std::FILE* out, std::FILE* err, Kind words) : out_(out), err_(err), words_(words) {
    const char* no_color = std::getenv("NO_COLOR");
    const bool is_asked_not_to = no_color != nullptr && *no_color != '\0';
    colours_ = words == Kind::terminal && !is_asked_not_to;
}

Status Console::print(std::string_view data) {
    if (std::fwrite(data.data(), 1, data.size(), out_) == data.size()) return {};
    return cannot_write();
}

void Console::say(std::string_view words) {
    progress("");
    std::fflush(out_);
    write(err_, words);
    write(err_, "\n");
    std::fflush(err_);
}

void Console::complain(std::string_view words) {
    const std::string line = "daybook: " + std::string(words);
    say(colours_ ? std::string(kRed) + line + std::string(kPlain) : line);
}

void Console::progress(std::string_view words) {
    if (words_ != Kind::terminal || (words.empty() && !has_progress_)) return;
    write(err_, kClearLine);
    write(err_, words);
    std::fflush(err_);
    has_progress_ = !words.empty();
}

Status Console::finish() {
    progress("");
    if (std::fflush(out_) == 0 && std::ferror(out_) == 0) return {};
    return cannot_write();
}

Progress::Progress(Console& console, std::string noun)
    : console_(console), noun_(std::move(noun)), started_ms_(steady_ms()) {}

Progress::~Progress() {
    console_.progress("");
}

void Progress::show(std::size_t done, std::size_t all) {
    if (done == 0) return;  // "0 entries" tells nothing
    const std::int64_t now = steady_ms();
    if (!console_.shows_progress() || now - shown_ms_ < kProgressEveryMs) return;
    shown_ms_ = now;
    const auto finished = static_cast<std::int64_t>(done);
    std::string words = grouped(finished);
    if (all > 0) words += " of " + grouped(static_cast<std::int64_t>(all));
    words += " " + noun_;
    const std::int64_t rate = now > started_ms_ ? finished * 1'000 / (now - started_ms_) : 0;
    if (rate > 0) words += ", " + grouped(rate) + " a second";
    if (rate > 0 && all > done)
        words += ", " + grouped(static_cast<std::int64_t>(all - done) / rate) + " s left";
    console_.progress(words);
}

}  // namespace daybook::cli
