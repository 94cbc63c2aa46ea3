// Need: the binary. Goal: one owner of a data directory; commands beside a server go through it and
// show at once, others take the lock, and everybody learns who has it.
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <string>

#include "cli/data_directory.h"
#include "support/cli_books.h"

namespace daybook::test {
namespace {

constexpr std::string_view kBookings =
    "hotel,adr,stays_in_weekend_nights,stays_in_week_nights,distribution_channel,deposit_type,"
    "reservation_status,reservation_status_date\n"
    "Inn,100.00,0,2,Direct,No Deposit,Check-Out,3/29/2016\n"
    "Inn,50.00,0,1,TA/TO,No Deposit,Check-Out,3/29/2016\n";

mode_t mode_of(const std::filesystem::path& path) {
    struct stat found{};
    EXPECT_EQ(::stat(path.c_str(), &found), 0) << path;
    return found.st_mode & 0777;
}

TEST(DataDirectory, HasOneOwnerWhoIsNamed) {
    const TemporaryDirectory directory;
    const cli::DataDirectory data(directory.path() / "new" / "books");
    ASSERT_TRUE(data.create());
    EXPECT_EQ(mode_of(data.path()), 0700U);
    EXPECT_FALSE(data.has_books());
    EXPECT_EQ(data.must_exist().error().code, ErrorCode::not_found);
    EXPECT_FALSE(data.owner().value().has_value());
    {
        auto lock = data.lock();
        ASSERT_TRUE(lock.has_value());
        EXPECT_EQ(mode_of(data.lock_file()), 0600U);
        const auto second = data.lock(50);
        ASSERT_FALSE(second.has_value());
        EXPECT_EQ(second.error().code, ErrorCode::busy);
        ASSERT_TRUE(lock->announce("http://127.0.0.1:8080"));
        const auto owner = data.owner().value();
        ASSERT_TRUE(owner.has_value());
        EXPECT_EQ(owner->pid, ::getpid());
        EXPECT_EQ(owner->address, "http://127.0.0.1:8080");
    }
    EXPECT_FALSE(data.owner().value().has_value());
    EXPECT_TRUE(data.lock(50).has_value());
}

TEST(Owner, TakesTheWritesOfCommandsWhichShowAtOnce) {
    const CliBooks books;
    const Serving server(books.data());
    EXPECT_EQ(mode_of(books.data() / "control.sock"), 0600U);
    const std::string token = books.done({"token", "create", "--role", "owner"});
    EXPECT_TRUE(token.starts_with("dbk_") && !token.contains('\n')) << token;
    EXPECT_EQ(call(server, token, "GET", "/v1/properties").status, 200);

    const std::string counts = books.done(
        {"import", "--profile", "hotel-bookings", books.file("bookings.csv", kBookings)});
    EXPECT_TRUE(counts.contains("entries added")) << counts;
    const HttpAnswer report =
        call(server, token, "GET", "/v1/reports/range?from=2016-03-01&to=2016-03-31");
    EXPECT_TRUE(report.body.contains(R"("revenueMinor":25000)")) << report.body;
    const HttpAnswer events =
        call(server, token, "GET", "/v1/finance/events?type=import_committed");
    EXPECT_TRUE(events.body.contains(R"("added":5)")) << events.body;
    EXPECT_TRUE(events.body.contains(R"("via":"cli")")) << events.body;

    const std::string id = json_member(call(server, token, "GET", "/v1/tokens").body, "id");
    const std::string other = books.done({"token", "create", "--role", "auditor"});
    EXPECT_EQ(call(server, other, "GET", "/v1/properties").status, 200);
    (void)books.done({"token", "revoke", id});
    EXPECT_EQ(call(server, token, "GET", "/v1/properties").status, 401);
}

TEST(Owner, AnswersReportsWithTheBytesOfTheApi) {
    const CliBooks books;
    const Serving server(books.data());
    const std::string token = books.done({"token", "create", "--role", "auditor"});
    (void)books.done(
        {"import", "--profile", "hotel-bookings", books.file("bookings.csv", kBookings)});
    for (const std::string format : {"json", "csv", "table"}) {
        const auto same = [&](std::vector<std::string> arguments, const std::string& target) {
            arguments.insert(arguments.begin(), "report");
            arguments.insert(arguments.end(), {"--format", format});
            const Finished printed = books.run(arguments);
            EXPECT_EQ(printed.output, call(server, token, "GET", target + "format=" + format).body);
        };
        same({"daily", "--date", "2016-03-29"}, "/v1/reports/daily?date=2016-03-29&");
        same({"daily"}, "/v1/reports/daily?");
        same(
            {"range", "--from", "2016-03-28", "--to", "2016-03-29", "--property", "House"},
            "/v1/reports/range?from=2016-03-28&to=2016-03-29&propertyId=" + books.property() + "&");
        same({"monthly", "--month", "2016-03", "--property", books.property()},
             "/v1/reports/monthly?year=2016&month=3&propertyId=" + books.property() + "&");
        same({"yearly", "--year", "2016", "--quarter", "1"},
             "/v1/reports/yearly?year=2016&quarter=1&");
        same({"yearly", "--fiscal-year", "2016"}, "/v1/reports/yearly?fiscalYear=2016&");
    }
}

TEST(Owner, KeepsOthersOutAndIsNamed) {
    const CliBooks books;
    Serving server(books.data());
    const std::string owner = "process " + std::to_string(server.pid()) +
                              ", which serves http://127.0.0.1:" + std::to_string(server.port());
    for (const std::vector<std::string>& command :
         {std::vector<std::string>{"serve", "--port", "0"}, {"rebuild"}}) {
        const Finished refused = books.run(command);
        EXPECT_EQ(refused.exit_code, 1);
        EXPECT_TRUE(refused.errors.contains(owner)) << refused.errors;
    }
    for (const std::vector<std::string>& command : std::vector<std::vector<std::string>>{
             {"verify"}, {"rebuild", "--check"}, {"doctor"}, {"property", "list"}}) {
        EXPECT_EQ(books.run(command).exit_code, 0) << command.front();
    }
    EXPECT_TRUE(books.done({"doctor"}).contains(owner));

    const TemporaryDirectory elsewhere;
    const Finished port_taken = run_daybook(
        {"serve", "--data", elsewhere.path().string(), "--port", std::to_string(server.port())});
    EXPECT_EQ(port_taken.exit_code, 1);
    EXPECT_TRUE(port_taken.errors.contains("Address already in use")) << port_taken.errors;

    EXPECT_EQ(server.stop(), 0);
    EXPECT_FALSE(std::filesystem::exists(books.data() / "control.sock"));
    EXPECT_EQ(books.run({"rebuild"}).exit_code, 0);
}

TEST(Owner, WhoWasKilledLeavesNothingInTheWay) {
    const CliBooks books;
    {
        Serving server(books.data());
        server.kill_now();
    }
    EXPECT_TRUE(std::filesystem::exists(books.data() / "control.sock"));
    const std::string token = books.done({"token", "create", "--role", "owner"});
    const Serving server(books.data());
    EXPECT_EQ(call(server, token, "GET", "/v1/properties").status, 200);
}

TEST(Owner, MayLiveUnderALongPath) {
    const TemporaryDirectory directory;
    const auto data = directory.path() / std::string(100, 'd') / std::string(100, 'e');
    (void)daybook({"org", "create", "--data", data.string(), "--name", "Far"});
    const Serving server(data);
    const std::string token =
        daybook({"token", "create", "--data", data.string(), "--role", "owner"});
    EXPECT_EQ(call(server, token, "GET", "/v1/properties").status, 200);
}

TEST(Commands, AskForTheOrgOnlyWhereThereAreSeveral) {
    const CliBooks books;
    (void)books.done({"org", "create", "--name", "Second"});
    const Finished which = books.run({"property", "list"});
    EXPECT_EQ(which.exit_code, 1);
    EXPECT_TRUE(which.errors.contains("Second (")) << which.errors;
    EXPECT_TRUE(books.done({"property", "list", "--org", "Test"}).contains("House"));
    EXPECT_EQ(books.done({"property", "list", "--org", "Second"}), "");
    EXPECT_EQ(books.run({"property", "list", "--org", "Third"}).exit_code, 1);
}

TEST(Commands, MakeNoSecondOrgOfTheSameName) {
    const CliBooks books;
    const auto refused_twice = [&] {
        const Finished twice = books.run({"org", "create", "--name", "Test"});
        EXPECT_EQ(twice.exit_code, 1);
        EXPECT_TRUE(twice.errors.contains("There is an org 'Test' already")) << twice.errors;
        EXPECT_EQ(twice.output, "");
    };
    refused_twice();
    {
        const Serving server(books.data());
        refused_twice();
    }
    const std::string orgs = books.done({"org", "list"});
    EXPECT_EQ(orgs.find("Test"), orgs.rfind("Test")) << orgs;
    (void)books.done({"org", "create", "--name", "test"});
}

}  // namespace
}  // namespace daybook::test
