// Stands between a store and its PostgreSQL server: cuts the connection at a commit, or lets
// nothing through for a while, as a network does that has come apart.
//
// Threads: any; it has one for each connection.
#pragma once

#include <atomic>
#include <list>
#include <string>
#include <thread>

#include "base/descriptor.h"
#include "support/temporary_directory.h"

namespace daybook::test {

class PostgresProxy {
 public:
    enum class Cut : std::uint8_t {
        nothing,
        before_commit,  // the server never hears of it
        after_commit,   // it has committed, but its answer is lost
    };

    // Before the server whose socket is in that folder; that of the test run, if none is named.
    // Throws std::runtime_error.
    explicit PostgresProxy(std::string server = {});
    ~PostgresProxy();
    PostgresProxy(const PostgresProxy&) = delete;
    PostgresProxy& operator=(const PostgresProxy&) = delete;

    [[nodiscard]] std::string address(const std::string& database) const;
    // Of the connection that commits next; once.
    void cut_next(Cut cut) { cut_ = cut; }
    [[nodiscard]] bool has_cut() const { return cut_ == Cut::nothing; }
    // While it holds, what is sent arrives later, in both directions.
    void hold(bool holds) { holds_ = holds; }

 private:
    void accept_all();
    void pass_on(const Descriptor& client);
    // False where both ends are to be closed.
    bool pass(int from, int to, std::string_view sign, Cut cut);

    const std::string server_;
    TemporaryDirectory directory_;
    Descriptor listener_;
    std::atomic<bool> holds_ = false;
    std::atomic<Cut> cut_ = Cut::nothing;
    std::atomic<bool> ending_ = false;
    std::list<std::thread> connections_;
    std::thread acceptor_;
};

}  // namespace daybook::test
