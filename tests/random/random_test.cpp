// Need: the binary. Goal: requests drawn from the API document, right ones and broken ones, by
// everybody, over orgs that know nothing of each other: whatever is asked, no answer is a failure
// of ours, breaks the document, tells of another org or forgets what was acknowledged; memory stays
// within bounds, and in the end the chain and the totals of every org are right.
//
// Each guest has an org and a seed of its own, so that what it asks does not depend on the others.
// DAYBOOK_RANDOM_REQUESTS says how many requests are made in all; the seed is printed, and
// DAYBOOK_RANDOM_SEED repeats it.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <array>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "random/guest.h"
#include "support/api_server.h"
#include "support/browser.h"
#include "support/cli_books.h"

namespace daybook::test {
namespace {

// The orgs, each with a guest. No damage to a byte or two makes one name of another.
constexpr std::array<const char*, 4> kOrgs{"alder", "birch", "cedar", "maple"};
constexpr const char* kStranger = "stranger";
constexpr std::size_t kGuests = kOrgs.size();
constexpr std::uint64_t kRequestsDefault = 4'000;
// With its caches full: reports (limits::kCacheBytesMax) and pages of the database beside code.
constexpr std::size_t kMemoryMax = std::size_t{768} << 20;

std::uint64_t number_from(const char* variable, std::uint64_t otherwise) {
    const char* text = std::getenv(variable);
    return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

// The most memory that a process has had, in bytes.
std::size_t most_memory_of(pid_t pid) {
    std::ifstream status("/proc/" + std::to_string(pid) + "/status");
    for (std::string line; std::getline(status, line);) {
        if (line.starts_with("VmHWM:")) return std::strtoull(line.c_str() + 6, nullptr, 10) << 10;
    }
    return 0;
}

std::string bearer(const std::string& token) {
    return "Authorization: Bearer " + token + "\r\n";
}

struct House {
    std::string org;
    std::string hotel;
    std::string hostel;
    std::string owner;  // its token
    std::string mark;
};

class RandomClient : public testing::Test {
 protected:
    House make_house(const std::string& name) {
        House house;
        house.mark = "#" + name + "#";
        house.org = daybook({"org", "create", "--name", name, "--data", data()});
        const auto property = [&](const std::string& called) {
            return daybook({"property", "add", "--org", house.org, "--name", called, "--currency",
                            "EUR", "--time-zone", "Europe/Lisbon", "--books-start-on", "2020-01-01",
                            "--data", data()});
        };
        house.hotel = property("Hotel " + house.mark);
        house.hostel = property("Hostel " + house.mark);
        house.owner = daybook({"token", "create", "--org", house.org, "--role", "owner", "--name",
                               "owner", "--data", data()});
        return house;
    }

    static std::string new_token(const Serving& server, const House& house, const std::string& name,
                                 const std::string& more) {
        const auto made = call(server, house.owner, "POST", "/v1/tokens",
                               R"({"name":")" + name + R"(",)" + more + "}");
        EXPECT_EQ(made.status, 201) << made.body;
        return json_member(made.body, "secret");
    }

    // Somebody at the console.
    static Person new_person(const Serving& server, const House& house) {
        const std::string email = "ana" + house.org + "@example.com";
        const std::string password(kGoodPassword);
        const auto invited = call(server, house.owner, "POST", "/v1/users",
                                  R"({"name":"Ana","email":")" + email + R"(","role":"admin"})");
        HttpClient client = HttpClient::connect_tcp(server.port());
        const auto joined = client.request(
            "POST", "/v1/auth/accept", console_lines() + "Content-Type: application/json\r\n",
            R"({"token":")" + secret_of_link(json_member(invited.body, "link")) +
                R"(","password":")" + password + R"("})");
        EXPECT_TRUE(joined && joined->status == 200) << invited.body;
        return {"console",  console_lines(*joined),
                house.mark, 8,
                true,       R"({"email":")" + email + R"(","password":")" + password + R"("})"};
    }

    static std::vector<Person> people_of(const Serving& server, const House& house,
                                         const House& stranger) {
        const auto token = [&](const std::string& name, const std::string& more) {
            return bearer(new_token(server, house, name, more));
        };
        const std::string only_hotel = R"(,"properties":[")" + house.hotel + R"("])";
        return {
            {"owner", bearer(house.owner), house.mark, 30},
            {"admin", token("admin", R"("role":"admin")"), house.mark, 14},
            {"manager", token("manager", R"("role":"manager")"), house.mark, 14},
            {"auditor", token("auditor", R"("role":"auditor")"), house.mark, 6},
            {"limited", token("limited", R"("role":"manager")" + only_hotel), house.mark, 6},
            {"limited admin", token("limited2", R"("role":"admin")" + only_hotel), house.mark, 6},
            new_person(server, house),
            {"stranger", bearer(stranger.owner), stranger.mark, 4, false},
            {"nobody", "", "#nobody#", 2, false},
            {"unknown", bearer("dbk_" + std::string(43, 'A')), "#unknown#", 1, false},
        };
    }

    // What a guest knows before it asks; what it must not take away from itself.
    static Known known_of(const Serving& server, const House& house) {
        Known known;
        for (const char* list : {"/v1/tokens", "/v1/users", "/v1/properties"}) {
            const auto answer = call(server, house.owner, "GET", list);
            std::string_view rest = answer.body;
            for (auto at = rest.find("\"id\":\""); at != std::string_view::npos;
                 at = rest.find("\"id\":\"")) {
                rest.remove_prefix(at + 6);
                const std::string id(rest.substr(0, 36));
                if (id == house.hotel || id == house.hostel) {
                    known.add("properties", id);
                } else {
                    known.protect(id);
                }
            }
        }
        return known;
    }

    std::string data() const { return data_.path().string(); }

    TemporaryDirectory data_;
};

TEST_F(RandomClient, FindsNothingThatIsWrong) {
    const std::uint64_t requests = number_from("DAYBOOK_RANDOM_REQUESTS", kRequestsDefault);
    const std::uint64_t seed = number_from("DAYBOOK_RANDOM_SEED", std::random_device{}());
    std::printf("seed %llu, %llu requests\n", static_cast<unsigned long long>(seed),
                static_cast<unsigned long long>(requests));
    const House stranger = make_house(kStranger);
    std::vector<House> houses;
    std::vector<std::string> marks{stranger.mark};
    for (const char* name : kOrgs) {
        houses.push_back(make_house(name));
        marks.push_back(houses.back().mark);
    }

    const OpenApiCheck check;
    Serving server(data_.path());
    std::vector<std::unique_ptr<Guest>> guests;
    for (std::size_t i = 0; i < kGuests; ++i) {
        auto people = people_of(server, houses[i], stranger);
        Known known = known_of(server, houses[i]);
        guests.push_back(std::make_unique<Guest>(check, server.port(), marks, std::move(people),
                                                 std::move(known), seed * kGuests + i));
    }
    std::vector<std::thread> threads;
    for (const auto& guest : guests) {
        threads.emplace_back([&guest, requests] { guest->ask(requests / kGuests); });
    }
    for (std::thread& each : threads) each.join();

    const std::size_t memory = most_memory_of(server.pid());
    EXPECT_EQ(server.stop(), 0) << server.said();
    Tally all;
    for (const auto& guest : guests) {
        all.add(guest->tally());
        for (const std::string& problem : guest->problems()) ADD_FAILURE() << problem;
    }
    for (const char* command : {"verify", "rebuild"}) {
        std::vector<std::string> arguments{command, "--data", data()};
        if (command == std::string_view("rebuild")) arguments.emplace_back("--check");
        const Finished finished = run_daybook(arguments);
        EXPECT_EQ(finished.exit_code, 0) << command << ": " << finished.output << finished.errors;
    }

    std::string statuses;
    std::size_t good = 0;
    for (const auto& [status, count] : all.statuses) {
        statuses += fmt::format(" {}: {}", status, count);
        if (status < 300) good += count;
    }
    std::printf("%zu requests, %zu of them broken, %zu operations done; %zu MiB of memory;%s\n",
                all.asked, all.broken, all.done.size(), memory >> 20, statuses.c_str());
    EXPECT_LE(memory, kMemoryMax);
    EXPECT_GT(memory, 0U);
    // If hardly anything succeeded, hardly anything was tried.
    EXPECT_GT(good * 5, all.asked) << statuses;
    EXPECT_GT(all.done.size(), read_operations(check).size() / 2);
    if (requests < 100'000) return;
    for (const Operation& each : read_operations(check)) {
        if (!all.done.contains(each.id)) std::printf("never done: %s\n", each.id.c_str());
    }
}

}  // namespace
}  // namespace daybook::test
