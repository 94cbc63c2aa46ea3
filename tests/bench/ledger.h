// Large ledgers for the benchmarks: built once by this program, kept in build/bench-data, reused by later runs.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace daybook::bench {

// 14 entries a day at each property, from 2016-01-01 on.
struct LedgerShape {
    int properties;
    int years;
};
inline constexpr int kEntriesPerDay = 14;
inline constexpr LedgerShape kSmallLedger{2, 1};      // 10 thousand entries
inline constexpr LedgerShape kMillionLedger{20, 10};  // 1.02 million
inline constexpr LedgerShape kLargeLedger{200, 10};   // 10.2 million

struct Ledger {
    std::filesystem::path data;
    LedgerShape shape;
    std::string token;
    std::vector<std::string> properties;  // ids
};

// Throws std::runtime_error where it cannot be built, such as for want of disk space.
Ledger ensure_ledger(LedgerShape shape);

}  // namespace daybook::bench
