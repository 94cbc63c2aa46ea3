// Need: the binary. Goal: whatever is done to the database, its write-ahead log or a backup, no
// damage is served as good: the program refuses the file, `verify` names what is wrong, or the
// books are those that they were. A log that ends early cannot be told from one that always did;
// there whoever knows a later position is told so.
//
// Prints the table fault × file. The seed is printed; DAYBOOK_FAULT_SEED repeats it.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <map>
#include <random>
#include <string>

#include "support/cli_books.h"

namespace daybook::test {
namespace {

namespace files = std::filesystem;

constexpr std::size_t kPageBytes = 8'192;
constexpr int kFlips = 5;

std::string content_of(const files::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

void write_file(const files::path& path, const std::string& content) {
    std::ofstream(path, std::ios::binary | std::ios::trunc) << content;
}

std::string first_line(const std::string& text) {
    return text.substr(0, text.find('\n'));
}

// Only its files: a killed server leaves its socket.
void copy_data(const files::path& from, const files::path& to) {
    files::remove_all(to);
    files::create_directory(to);
    for (const char* each : {"daybook.db", "daybook.db-wal"}) {
        files::copy_file(from / each, to / each);
    }
}

using Damage = std::function<void(std::string& content)>;

struct Case {
    std::string name;
    Damage damage;
    int times = 1;
};

class DamagedFiles : public testing::Test {
 protected:
    DamagedFiles() {
        std::printf("seed %llu\n", static_cast<unsigned long long>(seed_));
        token_ = books_.done({"token", "create", "--role", "owner", "--name", "t"});
        Serving server(books_.data());
        add(server, 150);
        EXPECT_EQ(books_.run({"backup", "--to", backup()}).exit_code, 0);
        add(server, 40);
        const auto last = call(server, token_, "GET", "/v1/properties");
        position_ = last.header("daybook-position");
        events_ = call(server, token_, "GET", "/v1/exports/events").body;
        server.kill_now();
        copy_data(books_.data(), whole());
        // The last writes are in it alone.
        EXPECT_GT(files::file_size(whole() / kLog), 0U);
    }

    void add(const Serving& server, int entries) {
        for (int i = 0; i < entries; ++i) {
            const auto answer = call(
                server, token_, "POST", "/v1/finance/expenses",
                R"({"propertyId":")" + books_.property() +
                    R"(","amountMinor":1250,"currency":"EUR","category":"supplies",)"
                    R"("paymentMode":"cash","businessDate":"2026-03-15","description":"Towels"})");
            ASSERT_EQ(answer.status, 201) << answer.body;
        }
    }

    [[nodiscard]] files::path whole() const { return books_.path("whole"); }
    [[nodiscard]] std::string backup() const { return books_.path("backup.db"); }

    // What happens with these data: first to whoever verifies them, then to whoever is served.
    std::string what_happens(const files::path& data) {
        const Finished verified = run_daybook({"verify", "--data", data.string()});
        if (verified.exit_code != 0) return "named: " + first_line(verified.errors);
        std::string served;
        try {
            const Serving server(data);
            const auto events = call(server, token_, "GET", "/v1/exports/events");
            if (events.status != 200) return fmt::format("refused: status {}", events.status);
            if (events.body == events_) return "no effect";
            const auto later = call(server, token_, "GET", "/v1/properties", "",
                                    "Daybook-Min-Position: " + position_ + "\r\n");
            const bool is_earlier = events_.starts_with(events.body);
            if (is_earlier && later.body.contains("position_unknown")) {
                return "an earlier state; later positions are refused";
            }
            served = "SERVED AS GOOD";
        } catch (const std::runtime_error& refused) {
            return "does not start: " + first_line(refused.what());
        }
        return served;
    }

    std::string happens_after(const std::string& file, const Damage& damage) {
        const files::path data = books_.path("damaged");
        copy_data(whole(), data);
        std::string content = content_of(data / file);
        damage(content);
        if (content.empty() && is_removal_) {
            files::remove(data / file);
        } else {
            write_file(data / file, content);
        }
        return what_happens(data);
    }

    std::string happens_to_backup(const Damage& damage) {
        const std::string file = books_.path("damaged.db");
        std::string content = content_of(backup());
        damage(content);
        write_file(file, content);
        const Finished checked = run_daybook({"restore", "--check", "--from", file});
        if (checked.exit_code != 0) return "named: " + first_line(checked.errors);
        return restored(file) == restored(backup()) ? "no effect" : "SERVED AS GOOD";
    }

    // The log of what is restored from it.
    std::string restored(const std::string& file) {
        const files::path data = books_.path("restored");
        files::remove_all(data);
        EXPECT_EQ(run_daybook({"restore", "--from", file, "--data", data.string()}).exit_code, 0);
        return daybook({"export", "--data", data.string(), "--format", "events"});
    }

    std::vector<Case> cases() {
        const auto at_random = [this](std::size_t size) {
            return static_cast<std::size_t>(random_()) % size;
        };
        return {
            {"cut in the middle", [](std::string& of) { of.resize(of.size() / 2); }},
            {"cut by a page", [](std::string& of) { of.resize(of.size() - kPageBytes); }},
            {"emptied", [](std::string& of) { of.clear(); }},
            {"a bit flipped",
             [=](std::string& of) { of[at_random(of.size())] ^= static_cast<char>(4); }, kFlips},
            {"a page of zeros",
             [=](std::string& of) {
                 const std::size_t page = at_random(of.size() / kPageBytes) * kPageBytes;
                 of.replace(page, kPageBytes, kPageBytes, '\0');
             },
             2},
            {"replaced by other bytes",
             [this](std::string& of) {
                 for (char& c : of) c = static_cast<char>(random_());
             }},
            {"replaced by an older one", [this](std::string& of) { of = content_of(backup()); }},
        };
    }

    // One row of the table for each result.
    void expect_nothing_served(const std::string& file, const std::string& fault, int times,
                               const std::function<std::string()>& result) {
        std::map<std::string, int> results;
        for (int i = 0; i < times; ++i) ++results[result()];
        for (const auto& [what, count] : results) {
            std::printf("| %s | %s | %d | %s |\n", file.c_str(), fault.c_str(), count,
                        what.substr(0, 160).c_str());
            EXPECT_FALSE(what.contains("SERVED AS GOOD")) << file << ", " << fault;
        }
    }

    static constexpr auto kDatabase = "daybook.db";
    static constexpr auto kLog = "daybook.db-wal";
    const std::uint64_t seed_ = [] {
        const char* text = std::getenv("DAYBOOK_FAULT_SEED");
        return text == nullptr ? std::random_device{}() : std::strtoull(text, nullptr, 10);
    }();
    std::mt19937_64 random_{seed_};
    CliBooks books_;
    std::string token_;
    std::string position_;  // of the last write
    std::string events_;    // the whole log
    bool is_removal_ = false;
};

TEST_F(DamagedFiles, AreNeverServedAsGood) {
    EXPECT_EQ(happens_after(kDatabase, [](std::string&) {}), "no effect");
    std::printf("| file | fault | times | what happens |\n|---|---|---|---|\n");
    for (const char* file : {kDatabase, kLog}) {
        for (const Case& each : cases()) {
            expect_nothing_served(file, each.name, each.times,
                                  [&] { return happens_after(file, each.damage); });
        }
        is_removal_ = true;
        expect_nothing_served(file, "removed", 1, [&] {
            return happens_after(file, [](std::string& of) { of.clear(); });
        });
        is_removal_ = false;
    }
    for (const Case& each : cases()) {
        if (each.name == "replaced by an older one") continue;
        expect_nothing_served("a backup", each.name, each.times,
                              [&] { return happens_to_backup(each.damage); });
    }
}

// SQLite would begin anew and throw away the log, which has what was written last.
TEST_F(DamagedFiles, ADatabaseThatIsGoneIsNotBegunAnewBesideItsLog) {
    for (const bool is_removed : {true, false}) {
        const files::path data = books_.path("lost");
        copy_data(whole(), data);
        files::resize_file(data / kDatabase, 0);
        if (is_removed) files::remove(data / kDatabase);
        const Finished refused = run_daybook({"serve", "--port", "0", "--data", data.string()});
        EXPECT_EQ(refused.exit_code, 1);
        EXPECT_TRUE(refused.errors.contains("is gone or empty")) << refused.errors;
        EXPECT_EQ(content_of(data / kLog), content_of(whole() / kLog));
    }
}

}  // namespace
}  // namespace daybook::test
