// A ledger with a server on it, and the requests that are measured there.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "http_load.h"
#include "ledger.h"
#include "support/http_client.h"
#include "support/process.h"

namespace daybook::bench {

class ServedLedger {
 public:
    // On a copy, what is written is gone afterwards.
    enum class Data : std::uint8_t { itself, copy };

    // Throws std::runtime_error, as all of it does.
    explicit ServedLedger(const LedgerShape& shape, Data data = Data::itself);

    [[nodiscard]] const Ledger& ledger() const { return ledger_; }
    [[nodiscard]] int port() const { return serving_->port(); }

    // A day of a property that was not asked for before.
    struct Day {
        std::string property;
        std::string date;
    };
    Day next_day();

    // Its daily report.
    std::string report_request(const Day& day);
    // One minor unit more or less for its first expense, as that stands now.
    std::string edit_request(const Day& day);

    using MakeRequest = std::string (ServedLedger::*)(const Day&);
    // Requests for days whose pages are in memory, none of them in the cache of reports.
    std::vector<std::string> requests_for(std::size_t count, MakeRequest make);

    void clear_reports();
    // Lets the system forget the pages of the database.
    void forget_pages() const;

    // Sends them one after the other and adds how long each took, in milliseconds.
    void send(std::span<const std::string> requests, std::vector<double>& took_ms) const;

 private:
    // Made where it is needed: the server ends one that waits while another ledger is made.
    [[nodiscard]] test::HttpClient connect() const {
        return test::HttpClient::connect_tcp(serving_->port());
    }

    Ledger ledger_;
    std::optional<test::TemporaryDirectory> copy_;
    std::optional<test::Serving> serving_;
    std::int64_t used_ = 0;
};

}  // namespace daybook::bench
