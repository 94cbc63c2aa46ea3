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
        {{"import", "--data", "d", "--profile", "hotel-bookings", "--mapping", "m", "f.csv"},
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

TEST(Arguments, AValueThatCannotBeEndsWith2AndSaysWhatCould) {
    const std::vector<const char*> property{
        "property", "add",        "--data", "d",           "--name",
        "n",        "--currency", "EUR",    "--time-zone", "Europe/Lisbon"};
    const auto with = [](std::vector<const char*> command, std::vector<const char*> more) {
        command.insert(command.end(), more.begin(), more.end());
        return command;
    };
    const struct {
        std::vector<const char*> arguments;
        std::string_view words;
    } cases[] = {
        {{"report", "daily", "--data", "d", "--format", "xml"},
         "--format: 'xml' is no format. Use table, json or csv. (see "},
        {{"export", "--data", "d", "--format", "xml"},
         "--format: 'xml' is no format. Use events, entries or hledger. (see "},
        {{"report", "daily", "--data", "d", "--date", "2026-02-30"},
         "--date: '2026-02-30' is no date. Write it as YYYY-MM-DD, from 1970 to 2199. (see "},
        {{"report", "daily", "--data", "d", "--date", ""}, "--date: '' is no date."},
        {{"report", "monthly", "--data", "d", "--month", "2026-13"},
         "--month: '2026-13' is no month. Write it as YYYY-MM, from 1970 to 2199. (see "},
        {{"report", "range", "--data", "d", "--from", "2026-01-01", "--to", "x"},
         "--to: 'x' is no"},
        {{"report", "range", "--data", "d", "--from", "2026-01-02", "--to", "2026-01-01"},
         "--to is before --from"},
        {{"report", "yearly", "--data", "d", "--year", "1969"},
         "--year: '1969' is no year. Use 1970 to 2199. (see "},
        {{"report", "yearly", "--data", "d", "--quarter", "5"},
         "--quarter: '5' is no quarter. Use 1 to 4. (see "},
        {{"export", "--data", "d", "--format", "events", "--from", "2026-13-01"},
         "--from: '2026-13-01' is no date."},
        {{"export", "--data", "d", "--format", "events", "--from", "2026-01-02", "--to",
          "2026-01-01"},
         "--to is before --from"},
        {{"serve", "--data", "d", "--port", "65536"},
         "--port: '65536' is no port. Use 0 to 65535."},
        {{"demo", "--data", "d", "--port", "80x"}, "--port: '80x' is no port. Use 0 to 65535."},
        {{"token", "create", "--data", "d", "--role", "king"},
         "--role: 'king' is no role. Use owner, admin, manager or auditor. (see "},
        {{"token", "create", "--data", "d", "--role", "owner", "--expires", "2027-01-01"},
         "--expires: '2027-01-01' is no moment. Write it as 2027-01-01T00:00:00Z. (see "},
        {{"token", "scope", "--data", "d", "x"}, "--property NAME-OR-ID, once or more, or --all-"},
        {{"token", "scope", "--data", "d", "x", "--property", "p", "--all-properties"},
         "--property NAME-OR-ID, once or more, or --all-"},
        {with(property, {"--kind", "castle"}),
         "--kind: 'castle' is no kind of property. Use hotel, hostel, resort, apartment or other."},
        {with(property, {"--fiscal-start", "13"}),
         "--fiscal-start: '13' is no month. Use 1 to 12. (see "},
        {{"property", "add", "--data", "d", "--name", "n", "--time-zone", "Europe/Lisbon",
          "--currency", "QQQ"},
         "--currency: 'QQQ' is no currency of ISO 4217. Use one in capital letters, such as EUR."},
        {{"property", "add", "--data", "d", "--name", "n", "--currency", "EUR", "--time-zone",
          "Mars/Base"},
         "--time-zone: 'Mars/Base' is no time zone of IANA. Use one such as Europe/Lisbon. (see "},
        {with(property, {"--cutoff", "12:01"}),
         "--cutoff: '12:01' is no cutoff. Use 00:00 to 12:00, as HH:MM. (see "},
        {with(property, {"--cutoff", "4:00"}), "--cutoff: '4:00' is no"},
        {with(property, {"--books-start-on", "2026-1-1"}), "--books-start-on: '2026-1-1' is no"},
        {with(property, {"--opening-cash", "1.005"}), "--opening-cash: '1.005' has a fraction"},
        {with(property, {"--opening-bank", "much"}), "--opening-bank: 'much' is not a decimal"},
        {{"org", "create", "--data", "d", "--name", ""}, "--name: This is empty. Say it in words."},
        {{"restore", "--from", "README.md"}, "Say where to: --data DIR; or only prove"},
        {{"import", "--data", "d", "--profile", "motels", "f.csv"},
         "--profile: 'motels' is no profile. Use hotel-bookings, or write a mapping. (see "},
        {{"dead-letters", "show", "--data", "d", "x"},
         "id: 'x' is no id of a dead letter. daybook dead-letters list shows them. (see "},
        {{"dead-letters", "discard", "--data", "d", "0190f2a4-0000-7000-8000-000000000000",
          "--reason", " "},
         "--reason: This is empty. Say it in words. (see "},
    };
    for (const auto& each : cases) {
        const Ended ended = run_with(each.arguments);
        EXPECT_EQ(ended.code, kExitUsage) << ended.errors;
        EXPECT_TRUE(ended.errors.contains(each.words)) << ended.errors;
        EXPECT_EQ(ended.output, "");
    }
}

TEST(Arguments, AValueThatCanBeReachesItsCommand) {
    for (const std::vector<const char*>& arguments : std::vector<std::vector<const char*>>{
             {"token", "create", "--data", "src", "--role", "owner", "--expires",
              "2027-01-01T00:00:00Z"},
             {"report", "daily", "--data", "src", "--date", "2026-02-28", "--format", "csv"},
             {"report", "yearly", "--data", "src", "--year", "2199", "--quarter", "4"},
             {"property", "add", "--data", "src", "--name", "n", "--currency", "EUR", "--time-zone",
              "Europe/Lisbon", "--cutoff", "12:00", "--opening-cash", "-2.50", "--fiscal-start",
              "12", "--kind", "resort"}}) {
        const Ended ended = run_with(arguments);
        EXPECT_EQ(ended.code, kExitFailed) << ended.errors;
        EXPECT_FALSE(ended.errors.contains("--help")) << ended.errors;
    }
}

TEST(Arguments, HelpOfACommandThatIsNotThereIsAMistake) {
    for (const char* help : {"--help", "-h"}) {
        const Ended ended = run_with({"nosuch", help});
        EXPECT_EQ(ended.code, kExitUsage) << ended.errors;
        EXPECT_TRUE(ended.errors.contains("there is no command 'nosuch' (see daybook --help)"))
            << ended.errors;
        EXPECT_EQ(ended.output, "");
        EXPECT_EQ(run_with({"report", "hourly", help}).code, kExitUsage);
    }
    EXPECT_EQ(run_with({"report", "--help"}).code, kExitDone);
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
                                                         {"dead-letters", "list"},
                                                         {"dead-letters", "show"},
                                                         {"dead-letters", "redrive"},
                                                         {"dead-letters", "discard"},
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

TEST(Arguments, AFileIsNoDirectoryOfBooks) {
    for (const std::vector<const char*>& arguments : std::vector<std::vector<const char*>>{
             {"report", "daily", "--data", "README.md"},
             {"verify", "--data", "README.md"},
             {"org", "create", "--data", "README.md", "--name", "n"},
             {"serve", "--data", "README.md"}}) {
        const Ended ended = run_with(arguments);
        EXPECT_EQ(ended.code, kExitFailed);
        EXPECT_TRUE(ended.errors.contains("README.md is a file. Name the directory of the books."))
            << ended.errors;
    }
}

}  // namespace
}  // namespace daybook::cli
