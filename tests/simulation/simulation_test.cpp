// Need: CPU only. Goal: whatever people, clients, readers, subscribers, clocks and the disk do, in
// whatever order, the invariants I1 to I8 hold: after every move, and when all is well again.
// Seed: printed with a failure, with the fewest moves that still break the same;
// DAYBOOK_SIMULATION_SEED repeats it alone, DAYBOOK_SIMULATION_SEEDS plays so many.
#include <gtest/gtest.h>

#include <cstdlib>
#include <iostream>
#include <sstream>
#include <string>

#include "simulation/world.h"

namespace daybook::simulation {
namespace {

constexpr std::uint64_t kSeeds = 60;
constexpr std::size_t kMoves = 120;

std::uint64_t number_from(const char* name, std::uint64_t otherwise) {
    const char* text = std::getenv(name);
    return text == nullptr ? otherwise : std::stoull(text);
}

TEST(Simulation, KeepsItsPromises) {
    const std::uint64_t alone = number_from("DAYBOOK_SIMULATION_SEED", 0);
    const std::uint64_t first = alone == 0 ? 1 : alone;
    const std::uint64_t count = alone == 0 ? number_from("DAYBOOK_SIMULATION_SEEDS", kSeeds) : 1;
    std::size_t moves = 0;
    for (std::uint64_t seed = first; seed < first + count; ++seed) {
        const auto all = moves_of(seed, kMoves);
        const Setting setting = setting_of(seed);
        const Verdict verdict = play(setting, all);
        moves += verdict.moves;
        if (verdict.broken.empty()) continue;
        std::ostringstream words;
        for (const Move& each : shrunk(setting, all)) words << "  " << each << '\n';
        FAIL() << verdict.broken << "\nin move " << verdict.moves << " of seed " << seed
               << ", with " << setting.nodes << " nodes (DAYBOOK_SIMULATION_SEED=" << seed
               << "); these moves alone break it:\n"
               << words.str();
    }
    std::cout << count << " seeds, " << moves << " moves\n";
}

}  // namespace
}  // namespace daybook::simulation
