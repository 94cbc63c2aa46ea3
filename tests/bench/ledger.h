// Ledgers of a known size, made once by the program itself and kept: years of a group's books.
//
// Operation: the generator starts `daybook serve` and posts bulks of 1,000 entries, day by day, the
// properties of a day taking turns, as they would arrive. What it made stays in
// build/ledgers/<name> and is used again; a folder that was not finished, or made by another
// version of the generator, is made anew. Limits: a ledger is begun only with kBytesPerEntry of
// free disk for each of its entries.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "domain/business_date.h"

namespace daybook::bench {

struct LedgerShape {
    std::string name;
    int properties = 0;
    std::int32_t days = 0;
};

inline constexpr int kEntriesPerDay = 14;

// 200 properties and ten years, 10.2 million entries.
LedgerShape large_ledger();
// 2 properties and one year, 10 thousand entries.
LedgerShape small_ledger();
// A million entries: 20 properties and ten years.
LedgerShape million_ledger();
// Of about 10³, 10⁴, 10⁵, 10⁶ and 10⁷ entries: the second is the small one, the last the large one.
std::vector<LedgerShape> ledgers_of_every_size();

class Ledger {
 public:
    // Opens the ledger of that shape, making it if need be. Throws std::runtime_error, also if the
    // disk has too little room, saying how much is wanted.
    explicit Ledger(const LedgerShape& shape);

    [[nodiscard]] const std::filesystem::path& data() const { return data_; }
    [[nodiscard]] std::filesystem::path database() const { return data_ / "daybook.db"; }
    [[nodiscard]] const std::string& token() const { return token_; }
    [[nodiscard]] const std::vector<std::string>& properties() const { return properties_; }
    [[nodiscard]] domain::BusinessDate first() const { return first_; }
    [[nodiscard]] std::int32_t days() const { return days_; }
    [[nodiscard]] std::int64_t entries() const {
        return std::ssize(properties_) * days_ * kEntriesPerDay;
    }

 private:
    bool read_note();
    void write_note() const;
    void make(const LedgerShape& shape);
    void add_properties(int port, int count);
    void add_entries(int port, const std::string& name);
    [[nodiscard]] std::string entry_json(std::int64_t i) const;
    [[nodiscard]] std::string bulk_json(std::int64_t from, std::int64_t to) const;

    std::filesystem::path folder_;
    std::filesystem::path data_;
    std::string token_;
    std::vector<std::string> properties_;
    domain::BusinessDate first_;
    std::int32_t days_ = 0;
};

}  // namespace daybook::bench
