// Arguments: mistakes end with 2 and say where to look, help is data and has an example.
#include <gtest/gtest.h>

#include <cstdio>
#include <string>
#include <vector>

#include "cli/program.h"

namespace daybook::cli {
namespace {

struct Ended {
    int code;
    std::string output;
    std::string errors;
};

std::string text_of(std::FILE* file) {
    std::string text;
    std::rewind(file);
    for (int c = std::fgetc(file); c != EOF; c = std::fgetc(file)) text += static_cast<char>(c);
    std::fclose(file);
    return text;
}

// Whatever is opened fails: no argument here gets that far.
Ended run_with(std::vector<const char*> arguments) {
    static const ManualClock clock(Instant{0});
    const auto nothing = [] { return fail(ErrorCode::internal, "nothing here"); };
    const Machine machine{
        .open_to_read = [&](const DataDirectory&) -> Result<std::unique_ptr<app::Store>> {
            return nothing();
        },
        .open_api = [&](const DataDirectory&) -> Result<ApiCall> { return nothing(); },
        .open_maintenance = [&](const DataDirectory&, Machine::Access)
            -> Result<std::unique_ptr<app::Maintenance>> { return nothing(); },
        .serve = [&](const ServeOptions&) -> Result<int> { return nothing(); },
        .clock = clock,
        .version = "1.2.3",
    };
    std::FILE* out = std::tmpfile();
    std::FILE* err = std::tmpfile();
    Console console(out, err, Console::Kind::pipe);
    arguments.insert(arguments.begin(), "daybook");
    const int code = run(static_cast<int>(arguments.size()), arguments.data(), machine, console);
    return {code, text_of(out), text_of(err)};
}

TEST(Arguments, AMistakeEndsWith2AndSaysWhereToLook) {
    const struct {
        std::vector<const char*> arguments;
        std::string_view words;
        std::string_view help;
    } cases[] = {
        {{}, "A subcommand is required", "daybook --help"},
        {{"sevre"}, "there is no command 'sevre'", "daybook --help"},
        {{"report", "hourly"}, "there is no command 'hourly'", "daybook report --help"},
        {{"serve"}, "--data is required", "daybook serve --help"},
        {{"serve", "--data", "d", "--port", "65536"}, "--port", "daybook serve --help"},
        {{"serve", "--data", "d", "--prot", "1"}, "--prot", "daybook serve --help"},
        {{"report", "daily", "--data", "d", "--format", "xml"},
         "xml",
         "daybook report daily --help"},
        {{"report", "range", "--data", "d", "--from", "2026-01-01"},
         "--to is required",
         "daybook report range --help"},
        {{"report", "yearly", "--data", "d", "--year", "2026", "--fiscal-year", "2026"},
         "excludes",
         "daybook report yearly --help"},
        {{"report", "yearly", "--data", "d", "--quarter", "5"}, "5", "daybook report yearly"},
        {{"import", "--data", "d", "f.csv"},
         "[--profile,--mapping] is required",
         "daybook import --help"},
        {{"import", "--data", "d", "--profile", "p", "--mapping", "m", "f.csv"},
         "[--profile,--mapping] is required",
         "daybook import --help"},
        {{"token", "create", "--data", "d"}, "--role is required", "daybook token create --help"},
        {{"export", "--data", "d"}, "--format is required", "daybook export --help"},
        {{"backup", "--data", "d"}, "--to is required", "daybook backup --help"},
        {{"restore", "--data", "d", "--from", "no/such/file"}, "no/such/file", "daybook restore"},
    };
    for (const auto& each : cases) {
        const Ended ended = run_with(each.arguments);
        EXPECT_EQ(ended.code, kExitUsage) << ended.errors;
        EXPECT_TRUE(ended.errors.contains(each.words)) << ended.errors;
        EXPECT_TRUE(ended.errors.contains(each.help)) << ended.errors;
        EXPECT_EQ(ended.output, "");
    }
}

TEST(Arguments, EveryCommandExplainsItselfWithAnExample) {
    const std::vector<std::vector<const char*>> commands{{"serve"},
                                                         {"demo"},
                                                         {"version"},
                                                         {"org", "create"},
                                                         {"org", "list"},
                                                         {"property", "add"},
                                                         {"property", "list"},
                                                         {"token", "create"},
                                                         {"token", "list"},
                                                         {"token", "revoke"},
                                                         {"token", "scope"},
                                                         {"import"},
                                                         {"report", "daily"},
                                                         {"report", "range"},
                                                         {"report", "monthly"},
                                                         {"report", "yearly"},
                                                         {"export"},
                                                         {"verify"},
                                                         {"rebuild"},
                                                         {"backup"},
                                                         {"restore"},
                                                         {"doctor"}};
    for (auto command : commands) {
        command.push_back("--help");
        const Ended ended = run_with(command);
        EXPECT_EQ(ended.code, kExitDone) << command.front();
        EXPECT_TRUE(ended.output.contains("Example:\n  ")) << ended.output;
        EXPECT_TRUE(ended.output.contains("daybook ")) << ended.output;
        EXPECT_EQ(ended.errors, "");
    }
    EXPECT_EQ(run_with({"--help"}).code, kExitDone);
    EXPECT_EQ(run_with({"version"}).output, "daybook 1.2.3\n");
}

TEST(Arguments, WhatFailsEndsWith1AndSaysHowToBegin) {
    const Ended ended = run_with({"report", "daily", "--data", "no/such/directory"});
    EXPECT_EQ(ended.code, kExitFailed);
    EXPECT_EQ(ended.output, "");
    EXPECT_TRUE(ended.errors.contains("daybook org create --data no/such/directory"))
        << ended.errors;
    // No colour in a pipe.
    EXPECT_FALSE(ended.errors.contains("\x1B")) << ended.errors;
}

}  // namespace
}  // namespace daybook::cli
