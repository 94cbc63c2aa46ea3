// What a disk has of some files while the power may go at any moment: what was synced, and of what
// was written since then, anything.
//
// After a sync that failed, what was written before it is as good as gone: Linux marks such pages
// clean, so that no later sync writes them. The files themselves go on showing it until the power
// is lost. Threads: any.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace daybook::test {

class SyncedFiles {
 public:
    // As it lies there it is on the disk, unless more is known about it already.
    void opened(const std::string& path);
    void written(const std::string& path, std::int64_t offset, std::string_view bytes);
    void truncated(const std::string& path, std::int64_t size);
    void synced(const std::string& path);
    void sync_failed(const std::string& path);

    // The files of a directory are copied, with what is known of them, to another.
    void moved(const std::string& from, const std::string& to);

    // The power goes: makes the files what a disk may have kept, and forgets them. Of each write
    // that was not synced it has all, some sectors, or nothing.
    void lose_power(std::mt19937_64& random);
    void forget();

 private:
    // A write, or a new size.
    struct Change {
        std::int64_t at = 0;
        std::optional<std::string> bytes;
    };
    struct File {
        std::string on_disk;
        std::vector<Change> since;
    };
    static void apply(std::string& content, const Change& change);
    static Change torn(Change change, std::mt19937_64& random);

    std::mutex mutex_;
    std::map<std::string, File> files_;
};

}  // namespace daybook::test
