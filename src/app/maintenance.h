// What is done to a whole database, apart from requests: rebuilding, backing up, looking it over.
//
// Owned by app/ and implemented by stores that keep files. None of it needs the writer of a serving
// process, but a rebuild that replaces: that needs the data directory to itself.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "base/ids.h"
#include "base/result.h"

namespace daybook::app {

// check: the tables are compared with the log and left alone. replace: they are made again from it.
enum class RebuildMode : std::uint8_t { check, replace };

struct RebuildReport {
    std::int64_t events = 0;
    std::int64_t rows = 0;  // of the books tables, as the log gives them
    // Where the tables differed from the log: table, key and column. At most
    // kRebuildDifferencesMax.
    std::vector<std::string> differences;
    std::int64_t differences_count = 0;
};
inline constexpr std::size_t kRebuildDifferencesMax = 20;

struct DatabaseFacts {
    int schema = 0;         // of the file
    int newest_schema = 0;  // that this program knows
    std::int64_t file_bytes = 0;
    std::int64_t wal_bytes = 0;
};

// Events done and events in all.
using MaintenanceProgress = std::function<void(std::int64_t done, std::int64_t all)>;

class Maintenance {
 public:
    virtual ~Maintenance() = default;

    // Errors: corrupt (an event that cannot be read, or does not fit those before it),
    // newer_schema, disk_full, io_failed; read_only where it was opened to read and is to replace.
    virtual Result<RebuildReport> rebuild(RebuildMode mode,
                                          const MaintenanceProgress& progress) = 0;
    // One file with everything as it stands in one moment; beside a serving process. Errors:
    // already_exists, disk_full, io_failed.
    virtual Status backup(const std::string& file) = 0;
    // The pages of the file, the checksums of all rows, and the columns beside each event against
    // its bytes. Error: corrupt, naming the first that is wrong.
    virtual Status check_rows(const MaintenanceProgress& progress) = 0;
    virtual Result<DatabaseFacts> facts() = 0;
};

}  // namespace daybook::app
