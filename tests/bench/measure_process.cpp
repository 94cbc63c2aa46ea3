// What an operator sees of the program itself: its size.

#include <filesystem>
#include <stdexcept>

#include "measurements.h"
#include "support/process.h"

namespace daybook::bench {
namespace {

constexpr double kBinaryMibMax = 15;

}  // namespace

std::vector<Figure> measure_binary_size() {
    const test::TemporaryDirectory directory;
    const auto stripped = directory.path() / "daybook";
    const auto finished = test::run_program(
        {"llvm-strip-19", "-o", stripped.string(), test::daybook_binary().string()});
    if (finished.exit_code != 0) throw std::runtime_error("llvm-strip-19: " + finished.errors);
    const double mib = static_cast<double>(std::filesystem::file_size(stripped)) / (1 << 20);
    return {{"binary_mib", "MiB", {mib}, "", {}, "stripped, under 15", mib < kBinaryMibMax}};
}

}  // namespace daybook::bench
