// Appends to the PostgreSQL store from within the process: what POSTs of as many connections make
// of it, without HTTP.
//
// Each is the expense of Workplace::expense_json() by a token, with an Idempotency-Key and an
// externalId of its own. As many wait as there would be connections, the next is submitted with the
// answer to one: so each batch has that many commands, of as many orgs as there are.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "app/store.h"
#include "base/clock.h"
#include "support/test_org.h"

namespace daybook::bench {

class PostgresLoad {
 public:
    // Opens the database and makes the orgs, one property each. Throws std::runtime_error.
    PostgresLoad(std::string address, int orgs);

    // Appends a second, with so many waiting. Throws std::runtime_error if one is refused.
    double run(std::int64_t count);
    static constexpr int kWaiting = 64;
    // To which an org's entries are dated, in turns.
    static constexpr std::int64_t kDays = 30;

    // Without a connection in between.
    void close() { store_.reset(); }
    void open();

 private:
    struct Place {
        domain::Principal principal;
        PropertyId property;
    };
    std::vector<app::Command> commands(std::int64_t count);
    void make_org(int number);

    const std::string address_;
    SystemClock clock_;
    SystemRandom random_;
    std::unique_ptr<app::Store> store_;
    std::vector<Place> places_;
    std::int64_t made_ = 0;
};

}  // namespace daybook::bench
