// Keeps the content of each file as it was synced, and what was done to it since.
#include "support/synced_files.h"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <utility>

namespace daybook::test {

namespace {

constexpr std::size_t kSectorBytes = 512;

std::string content_of(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace

void SyncedFiles::opened(const std::string& path) {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (!files_.contains(path)) files_[path].on_disk = content_of(path);
}

void SyncedFiles::written(const std::string& path, std::int64_t offset, std::string_view bytes) {
    const std::lock_guard<std::mutex> lock(mutex_);
    files_[path].since.push_back({offset, std::string(bytes)});
}

void SyncedFiles::truncated(const std::string& path, std::int64_t size) {
    const std::lock_guard<std::mutex> lock(mutex_);
    files_[path].since.push_back({size, std::nullopt});
}

void SyncedFiles::synced(const std::string& path) {
    const std::lock_guard<std::mutex> lock(mutex_);
    File& file = files_[path];
    for (const Change& each : std::exchange(file.since, {})) apply(file.on_disk, each);
}

void SyncedFiles::sync_failed(const std::string& path) {
    const std::lock_guard<std::mutex> lock(mutex_);
    files_[path].since.clear();
}

void SyncedFiles::moved(const std::string& from, const std::string& to) {
    const std::lock_guard<std::mutex> lock(mutex_);
    for (auto& [path, file] : std::exchange(files_, {})) {
        const bool is_there = path.starts_with(from);
        files_[is_there ? to + path.substr(from.size()) : path] = std::move(file);
    }
}

void SyncedFiles::lose_power(std::mt19937_64& random) {
    const std::lock_guard<std::mutex> lock(mutex_);
    for (auto& [path, file] : files_) {
        for (Change& each : file.since) {
            if (random() % 3 == 0) continue;
            const bool is_whole = random() % 3 != 0;
            apply(file.on_disk, is_whole ? each : torn(std::move(each), random));
        }
        std::ofstream(path, std::ios::binary | std::ios::trunc) << file.on_disk;
    }
    files_.clear();
}

void SyncedFiles::forget() {
    const std::lock_guard<std::mutex> lock(mutex_);
    files_.clear();
}

void SyncedFiles::apply(std::string& content, const Change& change) {
    const auto at = static_cast<std::size_t>(change.at);
    if (!change.bytes) {
        content.resize(at);
        return;
    }
    content.resize(std::max(content.size(), at + change.bytes->size()));
    content.replace(at, change.bytes->size(), *change.bytes);
}

SyncedFiles::Change SyncedFiles::torn(Change change, std::mt19937_64& random) {
    if (!change.bytes) return change;
    const std::size_t sectors = change.bytes->size() / kSectorBytes;
    change.bytes->resize(static_cast<std::size_t>(random()) % (sectors + 1) * kSectorBytes);
    return change;
}

}  // namespace daybook::test
