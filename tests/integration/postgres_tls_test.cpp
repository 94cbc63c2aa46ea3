// Need: the binary, PostgreSQL, openssl, sockets. Goal: `daybook serve` speaks TLS with a database
// whose certificate it can prove, and with no other, saying why; it finds its password in
// PGPASSFILE, and neither its command line, nor what it says, nor its directory holds it. Seed:
// none.
#include <gtest/gtest.h>
#include <stdlib.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "support/cli_books.h"
#include "support/loopback_port.h"
#include "support/postgres_server.h"

namespace daybook::test {
namespace {

namespace files = std::filesystem;

constexpr auto kSecret = "correct-horse-battery-staple";

std::string contents_of(const files::path& path) {
    std::ifstream file(path);
    return {std::istreambuf_iterator<char>(file), {}};
}

// A directory that the server's user may look into.
class OpenDirectory {
 public:
    OpenDirectory() {
        files::permissions(directory_.path(), files::perms::group_exec | files::perms::others_exec,
                           files::perm_options::add);
    }
    [[nodiscard]] std::string path(const std::string& name) const {
        return (directory_.path() / name).string();
    }
    // NAME.pem and NAME.key, signed by itself.
    void make_certificate(const std::string& name) const {
        const Finished made =
            run_program({"openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
                         "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj",
                         "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-keyout",
                         path(name + ".key"), "-out", path(name + ".pem")});
        EXPECT_EQ(made.exit_code, 0) << made.errors;
        files::permissions(path(name + ".pem"), files::perms(0644));
        files::permissions(path(name + ".key"), files::perms(0600));
        if (::geteuid() == 0) run_program({"chown", "postgres", path(name + ".key")});
    }
    // A file with what hba_file or PGPASSFILE wants.
    std::string write(const std::string& name, const std::string& text, unsigned mode) const {
        std::ofstream(path(name)) << text;
        files::permissions(path(name), files::perms(mode));
        return path(name);
    }

 private:
    TemporaryDirectory directory_;
};

class PostgresTls : public testing::Test {
 protected:
    PostgresTls() {
        run_postgres_at(server_.address("postgres"),
                        std::string("alter user daybook password '") + kSecret + "'");
        ::setenv("PGPASSFILE", pass_file(kSecret).c_str(), 1);
    }
    ~PostgresTls() override { ::unsetenv("PGPASSFILE"); }
    PostgresTls(const PostgresTls&) = delete;
    PostgresTls& operator=(const PostgresTls&) = delete;

    [[nodiscard]] std::string pass_file(const std::string& secret) const {
        return directory_.write("pass", "*:*:*:daybook:" + secret + "\n", 0600);
    }
    [[nodiscard]] std::string address(const std::string& host, const std::string& ca) const {
        return "postgres://daybook@" + host + ":" + std::to_string(port_) +
               "/postgres?hostaddr=127.0.0.1&sslmode=verify-full&sslrootcert=" +
               directory_.path(ca);
    }
    // What serve says when it does not come up.
    [[nodiscard]] static std::string refusal(const std::string& address) {
        const TemporaryDirectory data;
        const Finished served = run_daybook({"serve", "--port", "0", "--data",
                                             (data.path() / "node").string(), "--store", address});
        EXPECT_EQ(served.exit_code, 1);
        EXPECT_EQ((served.output + served.errors).find(kSecret), std::string::npos);
        return served.errors;
    }

    OpenDirectory directory_;
    const bool has_certificates_ = [this] {
        directory_.make_certificate("server");
        directory_.make_certificate("other");
        return true;
    }();
    const int port_ = free_port();
    PostgresServer server_{
        {"listen_addresses=127.0.0.1", "ssl=on", "ssl_cert_file=" + directory_.path("server.pem"),
         "ssl_key_file=" + directory_.path("server.key"),
         "hba_file=" + directory_.write("hba",
                                        "local all all trust\n"
                                        "hostssl all all 127.0.0.1/32 scram-sha-256\n",
                                        0644)},
        port_};
};

TEST_F(PostgresTls, ServesWithAPasswordThatNobodySees) {
    const std::string data = directory_.path("node");
    Serving server(data, {"--log-level", "debug", "--store", address("localhost", "server.pem")});
    EXPECT_EQ(daybook({"org", "create", "--name", "Aurora", "--data", data}).empty(), false);
    const auto ask = [&](const std::string& sql) {
        return run_postgres_at(server_.address("postgres"), sql);
    };
    EXPECT_EQ(ask("select name from orgs"), "Aurora");
    EXPECT_EQ(ask("select bool_and(ssl) from pg_stat_ssl join pg_stat_activity using (pid)"
                  " where application_name = 'daybook'"),
              "t");
    const std::string command_line =
        contents_of("/proc/" + std::to_string(server.pid()) + "/cmdline");
    EXPECT_NE(command_line.find("verify-full"), std::string::npos);
    EXPECT_EQ(command_line.find(kSecret), std::string::npos);
    EXPECT_EQ(server.stop(), 0);
    EXPECT_EQ(server.said().find(kSecret), std::string::npos);
    for (const auto& each : files::recursive_directory_iterator(data)) {
        if (!each.is_regular_file()) continue;
        EXPECT_EQ(contents_of(each.path()).find(kSecret), std::string::npos) << each.path();
    }
}

TEST_F(PostgresTls, TrustsNobodyElseAndSaysWhy) {
    const auto expect_refusal = [&](const std::string& host, const std::string& ca,
                                    const std::string& why) {
        const std::string said = refusal(address(host, ca));
        EXPECT_NE(said.find(why), std::string::npos) << said;
    };
    expect_refusal("localhost", "other.pem", "certificate verify failed");
    expect_refusal("db.example", "server.pem", "does not match host name");
    ::setenv("PGPASSFILE", pass_file("something else").c_str(), 1);
    expect_refusal("localhost", "server.pem", "password authentication failed");
    ::setenv("PGPASSFILE", directory_.path("none").c_str(), 1);
    expect_refusal("localhost", "server.pem", "no password supplied");
}

}  // namespace
}  // namespace daybook::test
