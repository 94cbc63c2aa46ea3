// Where a command's output goes: data to standard output, words to standard error.
//
// Colour only on a terminal and without NO_COLOR (https://no-color.org); progress only on a
// terminal, so that a log gets lines and no redrawn ones.
#pragma once

#include <cstdint>
#include <cstdio>
#include <string>
#include <string_view>

#include "base/result.h"

namespace daybook::cli {

class Console {
 public:
    enum class Kind : std::uint8_t { pipe, terminal };

    // The process's own.
    static Console standard();
    // `words` says what standard error is.
    Console(std::FILE* out, std::FILE* err, Kind words);

    // Data. Error: io_failed (nobody reads any more, the disk is full).
    Status print(std::string_view data);
    // Words: one line.
    void say(std::string_view words);
    // "daybook: …", red on a terminal.
    void complain(std::string_view words);
    // Replaces the progress line; clears it when empty.
    void progress(std::string_view words);
    [[nodiscard]] bool shows_progress() const { return words_ == Kind::terminal; }
    // Writes out what is buffered. Error: io_failed.
    Status finish();

 private:
    std::FILE* out_;
    std::FILE* err_;
    Kind words_;
    bool colours_;
    bool has_progress_ = false;
};

// "12,000 of 14,937 rows, 35,000 a second, 2 s left", at most five times a second.
class Progress {
 public:
    Progress(Console& console, std::string noun);
    ~Progress();
    Progress(const Progress&) = delete;
    Progress& operator=(const Progress&) = delete;

    void show(std::size_t done, std::size_t all);

 private:
    Console& console_;
    std::string noun_;
    std::int64_t started_ms_;
    std::int64_t shown_ms_ = 0;
};

// 14937 as "14,937".
std::string grouped(std::int64_t number);
// Milliseconds of a clock that never goes back.
std::int64_t steady_ms();

}  // namespace daybook::cli
