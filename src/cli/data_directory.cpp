// flock(2): the kernel lets go when the process ends, however it ends.
#include "cli/data_directory.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <cstring>
#include <fstream>
#include <thread>
#include <utility>

namespace daybook::cli {
namespace {

constexpr auto kLockRetry = std::chrono::milliseconds(20);

std::unexpected<Error> failed(std::string what, const std::filesystem::path& path) {
    return fail(ErrorCode::io_failed, what + " " + path.string() + ": " + std::strerror(errno));
}

Owner read_owner(int descriptor) {
    std::array<char, 256> text{};
    const ssize_t count = ::pread(descriptor, text.data(), text.size(), 0);
    const std::string_view line(text.data(), count > 0 ? static_cast<std::size_t>(count) : 0);
    const std::string_view words = line.substr(0, line.find('\n'));
    const std::size_t space = words.find(' ');
    Owner owner;
    std::from_chars(words.data(), words.data() + words.size(), owner.pid);
    if (space != std::string_view::npos) owner.address = words.substr(space + 1);
    return owner;
}

}  // namespace

std::string describe(const Owner& owner) {
    std::string words = owner.pid > 0 ? "process " + std::to_string(owner.pid) : "another process";
    if (!owner.address.empty()) words += ", which serves " + owner.address;
    return words;
}

DirectoryLock::DirectoryLock(DirectoryLock&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)) {}

DirectoryLock::~DirectoryLock() {
    if (descriptor_ < 0) return;
    // What is left in the file would only mislead; that it stays does no harm.
    [[maybe_unused]] const int emptied = ::ftruncate(descriptor_, 0);
    ::close(descriptor_);
}

Status DirectoryLock::announce(std::string_view address) {
    std::string line = std::to_string(::getpid());
    if (!address.empty()) line += ' ' + std::string(address);
    line += '\n';
    const bool is_written =
        ::ftruncate(descriptor_, 0) == 0 &&
        ::pwrite(descriptor_, line.data(), line.size(), 0) == static_cast<ssize_t>(line.size());
    if (is_written) return {};
    return fail(ErrorCode::io_failed,
                std::string("Cannot write the lock file: ") + std::strerror(errno));
}

Status DataDirectory::check_is_no_file() const {
    std::error_code failure;
    if (!std::filesystem::exists(path_, failure) || std::filesystem::is_directory(path_, failure))
        return {};
    return fail(ErrorCode::invalid_value,
                path_.string() + " is a file. Name the directory of the books.");
}

Status DataDirectory::create() const {
    TRY(check_is_no_file());
    constexpr mode_t kOnlyOurs = 0700;
    std::error_code failure;
    if (path_.has_parent_path()) std::filesystem::create_directories(path_.parent_path(), failure);
    if (::mkdir(path_.c_str(), kOnlyOurs) == 0) return {};
    if (errno == EEXIST && std::filesystem::is_directory(path_, failure)) return {};
    return failed("Cannot make the data directory", path_);
}

Status DataDirectory::must_exist() const {
    if (has_books()) return {};
    TRY(check_is_no_file());
    return fail(ErrorCode::not_found, "There are no books in " + path_.string() +
                                          " yet. Begin with: daybook org create --data " +
                                          path_.string() + " --name NAME");
}

bool DataDirectory::has_books() const {
    std::error_code failure;
    return std::filesystem::exists(database(), failure) ||
           std::filesystem::exists(store_file(), failure);
}

Result<std::string> DataDirectory::store_address() const {
    std::error_code failure;
    if (!std::filesystem::exists(store_file(), failure)) return std::string();
    std::ifstream file(store_file());
    std::string address;
    if (!std::getline(file, address)) return failed("Cannot read", store_file());
    return address;
}

Status DataDirectory::choose_store(const std::string& address) const {
    std::error_code failure;
    const std::string chosen = TRY(store_address());
    if (chosen == address) return {};
    if (!chosen.empty() || std::filesystem::exists(database(), failure)) {
        return fail(ErrorCode::invalid_value,
                    path_.string() + " belongs to other books: those " +
                        (chosen.empty() ? "that are in it" : "in " + chosen) +
                        ". Name another directory with --data.");
    }
    std::ofstream file(store_file());
    file << address << '\n';
    file.close();
    if (!file) return failed("Cannot write", store_file());
    return {};
}

Result<int> DataDirectory::open_lock_file() const {
    constexpr mode_t kOnlyOurs = 0600;
    const int descriptor = ::open(lock_file().c_str(), O_RDWR | O_CREAT | O_CLOEXEC, kOnlyOurs);
    if (descriptor < 0) return failed("Cannot open", lock_file());
    return descriptor;
}

Result<DirectoryLock> DataDirectory::lock(std::int64_t patience_ms) const {
    const int descriptor = TRY(open_lock_file());
    const auto end = std::chrono::steady_clock::now() + std::chrono::milliseconds(patience_ms);
    while (::flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
        if (errno == EINTR) continue;
        if (errno != EWOULDBLOCK || std::chrono::steady_clock::now() >= end) {
            const bool is_held = errno == EWOULDBLOCK;
            const Owner owner = read_owner(descriptor);
            ::close(descriptor);
            if (!is_held) return failed("Cannot lock", lock_file());
            return fail(ErrorCode::busy, path_.string() + " is in use by " + describe(owner) +
                                             ". Stop it first, then run this again.");
        }
        std::this_thread::sleep_for(kLockRetry);
    }
    DirectoryLock lock(descriptor);
    TRY(lock.announce(""));
    return lock;
}

Result<std::optional<Owner>> DataDirectory::owner() const {
    const int descriptor = ::open(lock_file().c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor < 0) {
        if (errno == ENOENT) return std::nullopt;
        return failed("Cannot open", lock_file());
    }
    std::optional<Owner> owner;
    if (::flock(descriptor, LOCK_SH | LOCK_NB) != 0) owner = read_owner(descriptor);
    ::close(descriptor);
    return owner;
}

}  // namespace daybook::cli
