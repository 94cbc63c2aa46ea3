// Need: the binary. Goal: the first owner comes in by the link that the server printed, others by
// links of the command line; and nothing that lets anybody in is found anywhere afterwards: not in
// what the program says, answers or counts, not in events, not in its files.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "support/browser.h"
#include "support/cli_books.h"

namespace daybook::test {
namespace {

// Writes as the console does.
HttpAnswer as_console(const Serving& server, std::string_view method, std::string_view target,
                      std::string_view body, const std::string& cookie = {}) {
    std::string headers = "Origin: http://localhost\r\nDaybook-Console: 1\r\n";
    if (!body.empty()) headers += "Content-Type: application/json\r\n";
    if (!cookie.empty()) headers += "Cookie: " + cookie + "\r\n";
    HttpClient client = HttpClient::connect_tcp(server.port());
    return client.request(method, target, headers, body).value();
}

std::string cookie_of(const HttpAnswer& answer) {
    const std::string set = answer.header("set-cookie");
    return set.substr(0, set.find(';'));
}

std::string after(const std::string& text, const std::string& mark) {
    const std::size_t at = text.find(mark);
    if (at == std::string::npos) return {};
    const std::size_t begin = at + mark.size();
    return text.substr(begin, text.find_first_of(" \n\"", begin) - begin);
}

std::string accept_body(const std::string& link, const std::string& password) {
    return R"({"token":")" + secret_of_link(link) + R"(","password":")" + password + R"("})";
}

TEST(CliPeople, TheFirstOwnerComesByTheLinkThatWasPrinted) {
    const TemporaryDirectory directory;
    Serving server(directory.path() / "data");
    EXPECT_NE(as_console(server, "GET", "/v1/auth/state", "").body.find(R"("setupNeeded":true)"),
              std::string::npos);
    const auto set_up = [&](const std::string& token, const std::string& password) {
        return as_console(server, "POST", "/v1/auth/setup",
                          R"({"setupToken":")" + token +
                              R"(","name":"Ana","email":"ana@example.com","password":")" +
                              password + R"(","orgName":"Casa Azul"})");
    };
    const std::string token = after(server.said(), "/#/setup/");
    ASSERT_TRUE(token.starts_with("dbi_")) << server.said();
    EXPECT_EQ(set_up("dbi_00000000000000000000000000000000AAAAAA", "blue lamp river").status, 403);
    // A refusal does not use the link up.
    EXPECT_EQ(set_up(token, "short").status, 422);
    const HttpAnswer founded = set_up(token, "blue lamp river");
    EXPECT_EQ(founded.status, 201) << founded.body;
    EXPECT_EQ(set_up(token, "blue lamp river").status, 409);
    const auto me = as_console(server, "GET", "/v1/me", "", cookie_of(founded));
    EXPECT_NE(me.body.find(R"("role":"owner")"), std::string::npos) << me.body;
    EXPECT_NE(me.body.find("Casa Azul"), std::string::npos) << me.body;
    EXPECT_EQ(server.stop(), 0);
    // Another start prints no link.
    const Serving again(directory.path() / "data");
    EXPECT_EQ(again.said().find("/#/setup/"), std::string::npos) << again.said();
}

TEST(CliPeople, OthersComeByLinksOfTheCommandLine) {
    const CliBooks books;
    const Serving server(books.data());
    const std::string link = books.done(
        {"user", "add", "--name", "Ana", "--email", "ana@example.com", "--role", "owner"});
    EXPECT_TRUE(link.starts_with("http://127.0.0.1:" + std::to_string(server.port()))) << link;
    const auto joined =
        as_console(server, "POST", "/v1/auth/accept", accept_body(link, "blue lamp river"));
    EXPECT_EQ(joined.status, 200) << joined.body;
    EXPECT_NE(books.done({"user", "list"}).find("owner  active  ana@example.com  Ana"),
              std::string::npos);
    // The last owner, locked out: the way back is on the machine.
    const std::string reset = books.done({"user", "reset", "ANA@example.com"});
    EXPECT_EQ(
        as_console(server, "POST", "/v1/auth/accept", accept_body(reset, "red door field")).status,
        200);
    EXPECT_EQ(as_console(server, "GET", "/v1/me", "", cookie_of(joined)).status, 401);
    // A token of hers may do what she may do, and dies with her.
    const std::string token =
        books.done({"token", "create", "--role", "admin", "--user", "ana@example.com"});
    EXPECT_EQ(call(server, token, "GET", "/v1/tokens").status, 200);
    const std::string bea_link =
        books.done({"user", "add", "--name", "Bea", "--email", "bea@example.com", "--role",
                    "manager", "--property", "House"});
    EXPECT_NE(bea_link, link);
    const Finished refused =
        books.run({"token", "create", "--role", "manager", "--user", "bea@example.com"});
    EXPECT_EQ(refused.exit_code, 1);
    EXPECT_NE(refused.errors.find("who may do anything now"), std::string::npos) << refused.errors;
    EXPECT_EQ(books.run({"user", "reset", "nobody@example.com"}).exit_code, 1);
}

TEST(CliPeople, AnOrgIsMadeWithItsOwner) {
    const TemporaryDirectory directory;
    const std::string data = (directory.path() / "data").string();
    const Finished made = run_daybook({"org", "create", "--data", data, "--name", "Casa",
                                       "--owner-name", "Ana", "--owner-email", "ana@example.com"});
    ASSERT_EQ(made.exit_code, 0) << made.errors;
    EXPECT_EQ(std::ranges::count(made.output, '\n'), 2) << made.output;
    EXPECT_NE(made.output.find("/#/accept/dbl_"), std::string::npos) << made.output;
    EXPECT_EQ(run_daybook({"org", "create", "--data", data, "--name", "B", "--owner-name", "Ana"})
                  .exit_code,
              1);
}

TEST(CliPeople, StrangersFoundOrgsOnlyWhereThatIsSwitchedOn) {
    const CliBooks books;
    const std::string body =
        R"({"name":"Eve","email":"eve@example.com","password":"blue lamp river","orgName":"Eve"})";
    {
        const Serving server(books.data());
        EXPECT_EQ(as_console(server, "POST", "/v1/auth/sign-up", body).status, 403);
    }
    const Serving server(books.data(), {"--sign-up"});
    const auto founded = as_console(server, "POST", "/v1/auth/sign-up", body);
    EXPECT_EQ(founded.status, 201) << founded.body;
    // An org of one's own: the other one is not there.
    const auto properties = as_console(server, "GET", "/v1/properties", "", cookie_of(founded));
    EXPECT_NE(properties.body.find(R"("data":[])"), std::string::npos) << properties.body;
}

std::string bytes_of(const std::filesystem::path& path) {
    std::ostringstream bytes;
    bytes << std::ifstream(path, std::ios::binary).rdbuf();
    return bytes.str();
}

// Every secret that there is, used rightly and wrongly, and then looked for everywhere.
TEST(CliPeople, SecretsAreNowhereAfterwards) {
    const TemporaryDirectory directory;
    const std::filesystem::path data = directory.path() / "data";
    Serving server(data);
    std::string answers;  // all that was ever answered, but where a secret is meant to be shown
    const std::string password = "PLANTED blue lamp river";
    const std::string next_password = "PLANTED red door field";
    const std::string setup = after(server.said(), "/#/setup/");
    const auto founded = as_console(server, "POST", "/v1/auth/setup",
                                    R"({"setupToken":")" + setup +
                                        R"(","name":"Ana","email":"ana@example.com","password":")" +
                                        password + R"(","orgName":"Casa"})");
    ASSERT_EQ(founded.status, 201) << founded.body;
    answers += founded.body;
    const std::string cookie = cookie_of(founded);
    const auto write = [&](std::string_view method, std::string_view target,
                           const std::string& body) {
        return as_console(server, method, target, body, cookie);
    };
    const auto invited =
        write("POST", "/v1/users", R"({"name":"Bea","email":"bea@example.com","role":"admin"})");
    const std::string link = after(invited.body, "/#/accept/");
    const auto made = write("POST", "/v1/tokens", R"({"name":"Till","role":"owner"})");
    const std::string bare_token = json_member(made.body, "secret");
    ASSERT_TRUE(bare_token.starts_with("dbk_")) << made.body;
    answers += write("POST", "/v1/auth/password",
                     R"({"currentPassword":")" + password + R"(","newPassword":")" + next_password +
                         R"("})")
                   .body;
    // Wrong, malformed and misplaced: errors repeat nothing.
    answers += write("POST", "/v1/auth/sign-in",
                     R"({"email":"ana@example.com","password":")" + password + R"("})")
                   .body;
    answers += write("POST", "/v1/auth/sign-in", R"({"email":")" + password + R"("})").body;
    answers +=
        write("POST", "/v1/auth/accept", R"({"token":")" + link + R"(","password":"PLANTED1"})")
            .body;
    answers += call(server, bare_token + "x", "GET", "/v1/me").body;
    for (const char* target :
         {"/v1/me", "/v1/users", "/v1/tokens", "/v1/auth/sessions", "/v1/finance/events",
          "/v1/exports/events", "/v1/access-log", "/v1/settings", "/metrics", "/readyz"}) {
        answers += call(server, bare_token, "GET", target).body;
    }
    EXPECT_EQ(server.stop(), 0);
    std::vector<std::pair<std::string, std::string>> places{{"log", server.said()},
                                                            {"answers", answers}};
    for (const auto& file : std::filesystem::recursive_directory_iterator(data)) {
        if (file.is_regular_file()) places.emplace_back(file.path(), bytes_of(file.path()));
    }
    const std::string session = cookie.substr(cookie.find('=') + 1);
    for (auto& [place, text] : places) {
        // The setup link is printed on purpose, once.
        if (place == "log") text.erase(text.find(setup), setup.size());
        for (const std::string& secret :
             {std::string("PLANTED"), setup, link, bare_token, session}) {
            EXPECT_EQ(text.find(secret), std::string::npos) << secret << " is in " << place;
        }
    }
    // Hashes of passwords are in their own table and in nothing that anybody reads.
    EXPECT_EQ(answers.find("argon2id"), std::string::npos);
    const Finished events = run_daybook({"export", "--data", data.string(), "--format", "events"});
    EXPECT_GT(events.output.size(), 0U);
    EXPECT_EQ(events.output.find("argon2id"), std::string::npos);
    EXPECT_EQ(events.output.find("PLANTED"), std::string::npos);
}

}  // namespace
}  // namespace daybook::test
