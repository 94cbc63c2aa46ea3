// Need: the binary, sqlite3. Goal: what is damaged is found and named, what can be made again is,
// row for row, and a backup is proved before it is put in place.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "support/cli_books.h"

namespace daybook::test {
namespace {

// Books with a past: every kind of entry and event that the API can make.
class LivelyBooks : public testing::Test {
 protected:
    void SetUp() override {
        Serving server(books.data());
        token_ = books.done({"token", "create", "--role", "owner"});
        const std::string expense = add(server, "expenses", R"("category":"supplies",)");
        const std::string other = add(server, "expenses", R"("category":"utilities",)");
        const std::string revenue = add(server, "revenues", R"("source":"room",)");
        add(server, "transfers", R"("from":"cash","to":"bank",)");
        act(server, "PATCH", "/v1/finance/expenses/" + expense,
            R"({"amountMinor":777,"businessDate":"2026-02-03"})", "1");
        act(server, "POST", "/v1/finance/expenses/" + expense + "/erase-text",
            R"({"reason":"asked"})", "2");
        act(server, "DELETE", "/v1/finance/expenses/" + other, {}, "1");
        act(server, "POST", "/v1/finance/revenues/" + revenue + "/reverse",
            R"({"amountMinor":100,"businessDate":"2026-01-04"})", "1");
        act(server, "POST", "/v1/finance/adjustments",
            R"({"propertyId":")" + books.property() +
                R"(","date":"2026-01-05","amountMinor":-5,"reason":"counted"})",
            "");
        act(server, "PUT", "/v1/finance/cash-balances/" + books.property() + "/2026-01-05",
            R"({"countedMinor":5,"note":"drawer"})", "");
        const std::string day = "/v1/finance/days/" + books.property() + "/2026-01-01/";
        act(server, "POST", day + "close", R"({"countedMinor":7})", "");
        act(server, "POST", day + "reopen", R"({"reason":"a mistake"})", "");
        act(server, "POST", day + "close", R"({"countedMinor":9})", "");
        act(server, "PUT", "/v1/locks", R"({"through":"2025-12-31","reason":"audited"})", "");
        EXPECT_EQ(server.stop(), 0);
    }

    std::string add(const Serving& server, const std::string& path, const std::string& members) {
        const std::string mode = path == "transfers" ? "" : R"("paymentMode":"cash",)";
        const HttpAnswer answer =
            call(server, token_, "POST", "/v1/finance/" + path,
                 R"({"propertyId":")" + books.property() + R"(",)" + members + mode +
                     R"("businessDate":"2026-01-02","amountMinor":1250,"currency":"EUR",)"
                     R"("description":"Text of the )" +
                     path + R"("})");
        EXPECT_EQ(answer.status, 201) << answer.body;
        return json_member(answer.body, "id");
    }

    void act(const Serving& server, std::string_view method, const std::string& target,
             std::string_view body, const std::string& version) {
        const std::string match = version.empty() ? "" : "If-Match: \"" + version + "\"\r\n";
        const HttpAnswer answer = call(server, token_, method, target, body, match);
        EXPECT_LT(answer.status, 300) << target << ": " << answer.body;
    }

    std::string sql(const std::string& text) const {
        const Finished done =
            run_program({"sqlite3", (books.data() / "daybook.db").string(), text});
        EXPECT_EQ(done.exit_code, 0) << text << done.errors;
        return done.output;
    }

    // All rows of the books, in the order of their keys.
    std::string rows() const {
        std::string text;
        for (const std::string table :
             {"orgs", "heads", "properties", "counters", "categories", "tokens", "entries",
              "entry_reversals", "cash_counts", "adjustments", "day_totals", "day_categories",
              "day_pending", "closings", "locks", "lock_exceptions", "frozen_reports"}) {
            text +=
                table + "\n" + sql("select quote(crc), * from " + table + " order by 2, 3, 4, 5");
        }
        return text + sql("select name, sql from sqlite_schema order by name");
    }

    CliBooks books;
    std::string token_;
};

TEST_F(LivelyBooks, AreMadeAgainFromTheLogRowForRow) {
    const std::string before = rows();
    EXPECT_EQ(books.run({"rebuild", "--check"}).exit_code, 0);
    EXPECT_EQ(books.run({"rebuild"}).exit_code, 0);
    EXPECT_EQ(rows(), before);
    EXPECT_EQ(books.run({"verify"}).exit_code, 0);

    const struct {
        std::string damage;
        std::string_view words;
    } cases[] = {
        {"update day_totals set in_minor = in_minor + 1 where period = 202601 and account = 'cash'",
         "day_totals (org "},
        {"delete from entries where number = 1", "this row is missing"},
        {"update counters set next_number = 99", "next_number is 99, the log gives "},
        {"update heads set position = position - 1", "heads (org "},
        {"insert into day_pending select org, id, 20260101, 'expense', 1, 1, 1, 1, 1 from "
         "properties",
         "the log does not give this row"},
    };
    for (const auto& each : cases) {
        sql(each.damage);
        const Finished found = books.run({"rebuild", "--check"});
        EXPECT_EQ(found.exit_code, 1);
        EXPECT_TRUE(found.errors.contains(each.words)) << each.damage << found.errors;
        EXPECT_EQ(books.run({"rebuild"}).exit_code, 0);
        EXPECT_EQ(rows(), before) << each.damage;
    }
}

TEST_F(LivelyBooks, VerifyNamesTheFirstThatIsWrong) {
    const Finished good = books.run({"verify"});
    EXPECT_TRUE(good.output.contains("Test: chain verified, positions 1 to ")) << good.output;
    EXPECT_TRUE(good.output.contains("texts erased in ")) << good.output;
    EXPECT_TRUE(good.output.contains("2 frozen reports")) << good.output;
    EXPECT_TRUE(good.output.contains("Test: totals verified, ")) << good.output;
    const auto copy = books.path("copy.db");
    std::filesystem::copy_file(books.data() / "daybook.db", copy);
    const struct {
        std::string damage;
        std::string_view words;
    } cases[] = {
        {"update finance_event_store set bytes = replace(bytes, '1250', '1251') where position = "
         "(select min(position) from finance_event_store where bytes like '%1250%')",
         "damaged"},
        {"update finance_event_store set property = null where type = 'revenue_added'", "damaged"},
        {"delete from finance_event_store where position = 5",
         "Position 5: the event is missing; the next is 6."},
        {"delete from finance_event_store where position = (select max(position) from "
         "finance_event_store)",
         "the log ends before its head"},
        {"update entries set amount_minor = 1 where kind = 'revenue'", "damaged"},
        {"update frozen_reports set bytes = '{}'", "damaged"},
        {"delete from frozen_reports", "the frozen report that it names is missing."},
    };
    for (const auto& each : cases) {
        sql(each.damage);
        const Finished found = books.run({"verify"});
        EXPECT_EQ(found.exit_code, 1) << each.damage;
        EXPECT_TRUE(found.errors.contains(each.words)) << each.damage << ": " << found.errors;
        std::filesystem::copy_file(copy, books.data() / "daybook.db",
                                   std::filesystem::copy_options::overwrite_existing);
        std::filesystem::remove(books.data() / "daybook.db-wal");
        std::filesystem::remove(books.data() / "daybook.db-shm");
    }
    EXPECT_EQ(books.run({"verify"}).exit_code, 0);
}

TEST_F(LivelyBooks, AreBackedUpBesideAServerAndRestored) {
    const std::string backup = books.path("backup.db");
    {
        const Serving server(books.data());
        EXPECT_EQ(books.run({"backup", "--to", backup}).exit_code, 0);
        add(server, "expenses", R"("category":"supplies",)");
    }
    const Finished again = books.run({"backup", "--to", backup});
    EXPECT_EQ(again.exit_code, 1);
    EXPECT_TRUE(again.errors.contains("exists already")) << again.errors;

    const std::string target = books.path("restored");
    const Finished restored = run_daybook({"restore", "--from", backup, "--data", target});
    EXPECT_EQ(restored.exit_code, 0) << restored.errors;
    const std::string events = daybook({"export", "--data", target, "--format", "events"});
    EXPECT_TRUE(books.done({"export", "--format", "events"}).starts_with(events));
    EXPECT_EQ(std::distance(std::filesystem::directory_iterator(target), {}), 2) << "db, lock";
    const Serving server(target);
    EXPECT_EQ(call(server, token_, "GET", "/v1/properties").status, 200);
    const Finished twice = run_daybook({"restore", "--from", backup, "--data", target});
    EXPECT_EQ(twice.exit_code, 1);
}

TEST_F(LivelyBooks, DamagedBackupsAreRefused) {
    const std::string backup = books.path("backup.db");
    EXPECT_EQ(books.run({"backup", "--to", backup}).exit_code, 0);
    EXPECT_EQ(run_daybook({"restore", "--check", "--from", backup}).exit_code, 0);
    const auto whole = std::filesystem::file_size(backup);

    // A total that is wrong, with a checksum that is right, can only be told from the log: here a
    // row that is simply gone.
    const std::string altered = books.path("altered.db");
    std::filesystem::copy_file(backup, altered);
    run_program({"sqlite3", altered, "delete from day_totals where period = 2026"});
    const std::string cut = books.path("cut.db");
    std::filesystem::copy_file(backup, cut);
    std::filesystem::resize_file(cut, whole / 2);
    const std::string flipped = books.path("flipped.db");
    std::filesystem::copy_file(backup, flipped);
    run_program(
        {"sqlite3", flipped, "update finance_event_store set hash = prev_hash where position = 7"});
    const std::string nothing = books.file("nothing.db", "not a database at all");

    for (const std::string& file : {altered, cut, flipped, nothing}) {
        for (const bool check : {true, false}) {
            const std::string target = books.path("refused");
            std::vector<std::string> arguments{"restore", "--from", file, "--data", target};
            if (check) arguments.emplace_back("--check");
            const Finished refused = run_daybook(arguments);
            EXPECT_EQ(refused.exit_code, 1) << file;
            EXPECT_TRUE(refused.errors.contains(file + " is refused.")) << refused.errors;
            EXPECT_FALSE(refused.errors.contains("estore a backup"))
                << "a circle: " << refused.errors;
            EXPECT_FALSE(std::filesystem::exists(target)) << file;
        }
    }
    // Nor is a database of another program, or an empty one.
    const std::string other = books.path("other.db");
    run_program({"sqlite3", other, "create table notes(text)"});
    for (const std::string& file : {nothing, other, books.file("empty.db", "")}) {
        const Finished no_backup = run_daybook({"restore", "--check", "--from", file});
        EXPECT_TRUE(no_backup.errors.contains("is refused. It is no backup of daybook,"))
            << no_backup.errors;
    }
    // A directory that was there before stays.
    const auto there = books.path("there");
    std::filesystem::create_directory(there);
    EXPECT_EQ(run_daybook({"restore", "--from", cut, "--data", there}).exit_code, 1);
    EXPECT_TRUE(std::filesystem::is_directory(there));
}

}  // namespace
}  // namespace daybook::test
