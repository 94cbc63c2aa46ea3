// The folder that holds an installation's books, and who owns it right now.
//
// In it: daybook.db (the database and its log) or store (the address of the PostgreSQL database
// that the books are in), lock (an exclusive flock; pid and address of who holds it), control.sock
// (where the owner takes requests, if it serves), tmp. Whoever writes is
// the owner or asks the owner; whoever only reads need not care.
// The lock file is never removed: a second one beside a held one would be a second owner.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace daybook::cli {

struct Owner {
    pid_t pid = 0;
    std::string address;  // "http://127.0.0.1:8080"; empty: it is a command that will end
};

// "process 123, which serves http://127.0.0.1:8080".
std::string describe(const Owner& owner);

// Held until it is gone.
class DirectoryLock {
 public:
    DirectoryLock(DirectoryLock&& other) noexcept;
    DirectoryLock& operator=(DirectoryLock&&) = delete;
    ~DirectoryLock();

    // Says in the file where we serve.
    Status announce(std::string_view address);

 private:
    friend class DataDirectory;
    explicit DirectoryLock(int descriptor) : descriptor_(descriptor) {}

    int descriptor_;
};

class DataDirectory {
 public:
    explicit DataDirectory(std::filesystem::path path) : path_(std::move(path)) {}

    // Makes the folder (0700) if it is not there. Errors: io_failed, invalid_value (it is a file).
    Status create() const;
    // Errors: not_found, with how to begin; invalid_value (it is a file).
    Status must_exist() const;
    [[nodiscard]] bool has_books() const;

    // Waits up to `patience_ms`, as a look at the owner takes the lock for a moment. Errors: busy
    // (naming the owner), io_failed.
    Result<DirectoryLock> lock(std::int64_t patience_ms = kLockPatienceMs) const;
    // Who holds the lock; nullopt if nobody does.
    [[nodiscard]] Result<std::optional<Owner>> owner() const;

    // Of the database that the books are in; empty where they are in the folder itself.
    // Errors: io_failed.
    [[nodiscard]] Result<std::string> store_address() const;
    // From now on the books are there. `address` holds no secret. Errors: invalid_value (the folder
    // has other books), io_failed.
    Status choose_store(const std::string& address) const;

    [[nodiscard]] const std::filesystem::path& path() const { return path_; }
    [[nodiscard]] std::filesystem::path database() const { return path_ / "daybook.db"; }
    [[nodiscard]] std::filesystem::path store_file() const { return path_ / "store"; }
    [[nodiscard]] std::filesystem::path socket() const { return path_ / "control.sock"; }
    [[nodiscard]] std::filesystem::path lock_file() const { return path_ / "lock"; }

    static constexpr std::int64_t kLockPatienceMs = 1'000;

 private:
    [[nodiscard]] Status check_is_no_file() const;
    [[nodiscard]] Result<int> open_lock_file() const;

    std::filesystem::path path_;
};

}  // namespace daybook::cli
