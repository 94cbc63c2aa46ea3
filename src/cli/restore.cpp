// A backup that was never proved is a hope: it is proved before it is put in place.
#include "cli/restore.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <optional>
#include <utility>

#include "base/hex.h"
#include "cli/verify.h"

namespace daybook::cli {
namespace {

constexpr std::size_t kHashShown = 12;  // hexadecimal digits, as in stream ids

std::string took(std::int64_t began_ms) {
    return "  (" + grouped(steady_ms() - began_ms) + " ms)\n";
}

std::unexpected<Error> failed(const std::string& what, const std::filesystem::path& path) {
    return fail(ErrorCode::io_failed, what + " " + path.string() + ": " + std::strerror(errno));
}

Status sync_path(const std::filesystem::path& path) {
    const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor < 0) return failed("Cannot open", path);
    const bool is_synced = ::fsync(descriptor) == 0;
    ::close(descriptor);
    return is_synced ? Status() : failed("Cannot sync", path);
}

// A folder that only we can read, and that goes with everything in it.
class PrivateFolder {
 public:
    static Result<PrivateFolder> make(const std::filesystem::path& parent) {
        std::string pattern = (parent / "daybook-restore-XXXXXX").string();
        if (::mkdtemp(pattern.data()) == nullptr) return failed("Cannot make a folder in", parent);
        return PrivateFolder(pattern);
    }
    PrivateFolder(PrivateFolder&& other) noexcept : path_(std::exchange(other.path_, {})) {}
    PrivateFolder& operator=(PrivateFolder&&) = delete;
    ~PrivateFolder() {
        std::error_code ignored;
        if (!path_.empty()) std::filesystem::remove_all(path_, ignored);
    }
    [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
    explicit PrivateFolder(std::filesystem::path path) : path_(std::move(path)) {}

    std::filesystem::path path_;
};

// The directory that is restored into. If it was made for that, it goes again with a backup that is
// refused.
class Target {
 public:
    explicit Target(const DataDirectory& directory) : directory_(directory) {}
    ~Target() {
        if (!is_ours_) return;
        std::error_code ignored;
        std::filesystem::remove(directory_.lock_file(), ignored);
        std::filesystem::remove(directory_.path(), ignored);
    }
    Target(const Target&) = delete;
    Target& operator=(const Target&) = delete;

    Status create() {
        std::error_code ignored;
        const bool is_new = !std::filesystem::exists(directory_.path(), ignored);
        TRY(directory_.create());
        is_ours_ = is_new;
        return {};
    }
    void keep() { is_ours_ = false; }

 private:
    const DataDirectory& directory_;
    bool is_ours_ = false;
};

Status copy_backup(const std::filesystem::path& backup, const DataDirectory& to) {
    std::error_code failure;
    std::filesystem::copy_file(backup, to.database(), failure);
    if (failure) {
        return fail(ErrorCode::io_failed,
                    "Cannot copy " + backup.string() + ": " + failure.message() + ".");
    }
    constexpr mode_t kOnlyOurs = 0600;
    if (::chmod(to.database().c_str(), kOnlyOurs) != 0) return failed("Cannot chmod", to.path());
    return {};
}

// Error: corrupt, also for a file of another program, which may have no mistake in it.
Status check_is_books(Session& session, const DataDirectory& copy) {
    const auto maintenance = session.machine.open_maintenance(copy, Machine::Access::read);
    if (!maintenance && maintenance.error().code != ErrorCode::corrupt)
        return std::unexpected(maintenance.error());
    if (maintenance && TRY((*maintenance)->facts()).schema > 0) return {};
    return fail(ErrorCode::corrupt,
                "It is no backup of daybook, or damaged from its beginning on.");
}

Status prove(Session& session, const DataDirectory& copy) {
    TRY(check_is_books(session, copy));
    {
        const auto maintenance = TRY(session.machine.open_maintenance(copy, Machine::Access::read));
        TRY(verify_rows(session.console, *maintenance));
    }
    {
        const auto store = TRY(session.machine.open_to_read(copy));
        for (const domain::Org& org : TRY(store->orgs()))
            TRY(verify_org(session.console, *store, org));
    }
    const auto maintenance = TRY(session.machine.open_maintenance(copy, Machine::Access::read));
    return rebuild_books(session.console, *maintenance, app::RebuildMode::check);
}

}  // namespace

Status verify_org(Console& console, app::Store& store, const domain::Org& org) {
    std::int64_t began_ms = steady_ms();
    std::optional<ChainVerdict> chain;
    {
        Progress progress(console, "events");
        const auto show = [&](std::size_t done, std::size_t all) { progress.show(done, all); };
        chain = TRY(verify_chain(store, org.id, show));
    }
    std::string line = org.name + ": chain verified, positions 1 to " + grouped(chain->head) +
                       ", head " + to_hex(chain->head_hash).substr(0, kHashShown);
    if (chain->erased_texts > 0)
        line += ", texts erased in " + grouped(chain->erased_texts) + " events";
    if (chain->frozen_reports > 0)
        line += ", " + grouped(chain->frozen_reports) + " frozen reports";
    if (chain->unknown_events > 0)
        line += ", " + grouped(chain->unknown_events) + " events of a newer program";
    TRY(console.print(line + took(began_ms)));

    began_ms = steady_ms();
    Progress progress(console, "entries");
    const auto show = [&](std::size_t done, std::size_t all) { progress.show(done, all); };
    const TotalsVerdict totals = TRY(verify_totals(store, org.id, show));
    return console.print(org.name + ": totals verified, " + grouped(totals.entries) + " entries, " +
                         grouped(totals.properties) + " properties, " + grouped(totals.months) +
                         " months" + took(began_ms));
}

Status verify_rows(Console& console, app::Maintenance& maintenance) {
    const std::int64_t began_ms = steady_ms();
    Progress progress(console, "rows");
    TRY(maintenance.check_rows([&](std::int64_t done, std::int64_t all) {
        progress.show(static_cast<std::size_t>(done), static_cast<std::size_t>(all));
    }));
    return console.print("database: pages, checksums of rows and columns beside events verified" +
                         took(began_ms));
}

Status rebuild_books(Console& console, app::Maintenance& maintenance, app::RebuildMode mode) {
    const std::int64_t began_ms = steady_ms();
    std::optional<app::RebuildReport> report;
    {
        Progress progress(console, "events");
        report = TRY(maintenance.rebuild(mode, [&](std::int64_t done, std::int64_t all) {
            progress.show(static_cast<std::size_t>(done), static_cast<std::size_t>(all));
        }));
    }
    for (const std::string& each : report->differences) console.say(each);
    const bool is_check = mode == app::RebuildMode::check;
    if (is_check && report->differences_count > 0) {
        return fail(ErrorCode::corrupt,
                    grouped(report->differences_count) +
                        " rows of the tables differ from the log. Make them again: daybook rebuild "
                        "--data DIR");
    }
    return console.print("books: " + grouped(report->rows) + " rows " +
                         (is_check ? "agree with" : "made again from") + " " +
                         grouped(report->events) + " events" + took(began_ms));
}

Status restore_backup(Session& session, const std::filesystem::path& backup,
                      const DataDirectory* into) {
    std::optional<Target> target;
    std::optional<DirectoryLock> lock;
    if (into != nullptr) {
        TRY(target.emplace(*into).create());
        lock.emplace(TRY(into->lock()));
        if (into->has_books()) {
            return fail(
                ErrorCode::already_exists,
                into->path().string() + " has books already. Restore into a new directory.");
        }
    }
    const auto parent = into != nullptr ? into->path() : std::filesystem::temp_directory_path();
    const PrivateFolder folder = TRY(PrivateFolder::make(parent));
    const DataDirectory copy(folder.path());
    TRY(copy_backup(backup, copy));
    if (const Status proved = prove(session, copy); !proved) {
        Error why = proved.error();
        why.detail = backup.string() + " is refused. " + why.detail;
        return std::unexpected(std::move(why));
    }
    if (into == nullptr) return {};
    TRY(sync_path(copy.database()));
    std::error_code failure;
    std::filesystem::rename(copy.database(), into->database(), failure);
    if (failure)
        return fail(ErrorCode::io_failed, "Cannot put the database in place: " + failure.message());
    target->keep();
    return sync_path(into->path());
}

}  // namespace daybook::cli
