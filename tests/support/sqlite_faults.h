// A layer between SQLite and the file system that fails when it is told to.
//
// It passes everything on to SQLite's default layer. Faults hold for all files that were opened
// through it, until they are taken back; so one test at a time uses it.
#pragma once

#include <atomic>
#include <string>

#include "support/synced_files.h"

namespace daybook::test {

class SqliteFaults {
 public:
    // Its name, for StoreOptions::vfs. Registered with SQLite when first asked for.
    static std::string vfs();

    // Every sync of the write-ahead log, or of the database file, fails; as after a lost disk.
    static inline std::atomic<bool> fail_log_sync = false;
    static inline std::atomic<bool> fail_database_sync = false;
    // Every write to the log, or to the database file, finds the disk full.
    static inline std::atomic<bool> full_for_log = false;
    static inline std::atomic<bool> full_for_database = false;
    // Writes to the log and to the database file since the start.
    static inline std::atomic<int> log_writes = 0;
    static inline std::atomic<int> database_writes = 0;

    // Whether `files` learns what is on the disk of each file that is opened from now on.
    static inline std::atomic<bool> keeps_files = false;
    static SyncedFiles& files();
    // So many more writes, new sizes and syncs are done; from then on the power is gone, and each
    // of them fails. Negative: it stays.
    static inline std::atomic<int> power_lasts = -1;

    // Takes every fault back, also at the end of a test that fails.
    SqliteFaults() { heal(); }
    ~SqliteFaults() { heal(); }
    SqliteFaults(const SqliteFaults&) = delete;
    SqliteFaults& operator=(const SqliteFaults&) = delete;
    static void heal();
};

}  // namespace daybook::test
