// The progress line: only on a terminal, and nothing before there is something to tell.
#include <gtest/gtest.h>

#include <cstdio>
#include <string>

#include "cli/console.h"

namespace daybook::cli {
namespace {

// What is on standard error after the calls of one progress line.
template <class Calls>
std::string shown(Console::Kind kind, const Calls& calls) {
    std::FILE* out = std::tmpfile();
    std::FILE* err = std::tmpfile();
    {
        Console console(out, err, kind);
        Progress progress(console, "entries");
        calls(progress);
    }
    std::fclose(out);
    std::string text;
    std::rewind(err);
    for (int c = std::fgetc(err); c != EOF; c = std::fgetc(err)) text += static_cast<char>(c);
    std::fclose(err);
    return text;
}

TEST(Progress, IsShownOnATerminalAndClearedAtTheEnd) {
    const auto some = [](Progress& progress) { progress.show(12'000, 14'937); };
    const std::string text = shown(Console::Kind::terminal, some);
    EXPECT_TRUE(text.contains("12,000 of 14,937 entries")) << text;
    EXPECT_TRUE(text.ends_with("\r\x1B[K")) << text;
    EXPECT_EQ(shown(Console::Kind::pipe, some), "");
}

TEST(Progress, SaysNothingOfNothing) {
    const auto none = [](Progress& progress) {
        progress.show(0, 0);
        progress.show(0, 10);
    };
    EXPECT_EQ(shown(Console::Kind::terminal, none), "");
    // And the first that is something is shown at once.
    const auto one = [](Progress& progress) {
        progress.show(0, 0);
        progress.show(1, 0);
    };
    EXPECT_TRUE(shown(Console::Kind::terminal, one).contains("1 entries"));
}

}  // namespace
}  // namespace daybook::cli
