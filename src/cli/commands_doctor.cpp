// daybook doctor: looks an installation over and says what to do.
#include <sys/stat.h>
#include <sys/statvfs.h>

#include <cstdint>
#include <optional>
#include <vector>

#include "base/hex.h"
#include "base/limits.h"
#include "base/time_zone.h"
#include "cli/commands.h"

namespace daybook::cli {
namespace {

// Below, the disk is as good as full: a backup and a rebuild need room beside the database.
constexpr std::int64_t kFreeBytesMin = std::int64_t{1} << 30;
constexpr std::size_t kHashShown = 12;

std::string mebibytes(std::int64_t bytes) {
    return grouped(bytes >> 20) + " MiB";
}

class Examination {
 public:
    Examination(Session& session, const DataDirectory& data) : session_(session), data_(data) {}

    Result<int> run() {
        TRY(directory());
        TRY(disk());
        TRY(zones());
        if (data_.has_books()) {
            TRY(database());
            TRY(books());
        } else {
            advise("There are no books yet. Begin: daybook org create --data " +
                   data_.path().string() + " --name NAME");
        }
        for (const std::string& each : advice_) session_.console.say("To do: " + each);
        if (advice_.empty()) session_.console.say("All is well.");
        return advice_.empty() ? kExitDone : kExitFailed;
    }

 private:
    Status fact(std::string_view name, const std::string& value) {
        std::string line(name);
        line.resize(std::max<std::size_t>(line.size() + 1, 18), ' ');
        return session_.console.print(line + value + "\n");
    }
    void advise(std::string what) { advice_.push_back(std::move(what)); }

    Status directory() {
        struct stat found{};
        if (::stat(data_.path().c_str(), &found) != 0)
            return fact("directory", data_.path().string() + " (not there)");
        TRY(fact("directory", data_.path().string()));
        constexpr mode_t kOthers = 0077;
        if ((found.st_mode & kOthers) != 0) {
            advise("Others may look into the directory: chmod 700 " + data_.path().string());
        }
        const auto owner = TRY(data_.owner());
        return fact("owner", owner ? describe(*owner) : "nobody");
    }

    Status disk() {
        struct statvfs found{};
        if (::statvfs(data_.path().c_str(), &found) != 0) return {};
        const auto free = static_cast<std::int64_t>(found.f_bavail * found.f_frsize);
        if (free < kFreeBytesMin)
            advise("The disk is nearly full: make room before writes are refused.");
        return fact("free disk", mebibytes(free));
    }

    Status zones() {
        const std::string version = time_zone_version();
        if (version.empty() || !time_zone_exists("Europe/Lisbon"))
            advise("There is no time zone database: install the package tzdata.");
        return fact("time zones", version.empty() ? "unknown" : version);
    }

    Status database() {
        const auto maintenance =
            TRY(session_.machine.open_maintenance(data_, Machine::Access::read));
        const app::DatabaseFacts facts = TRY(maintenance->facts());
        TRY(fact("schema", std::to_string(facts.schema) +
                               " (this program: " + std::to_string(facts.newest_schema) + ")"));
        if (facts.schema < facts.newest_schema)
            advise("The schema is older: start the server once, after a backup.");
        if (facts.schema > facts.newest_schema)
            advise("The schema is of a newer program: install that, or restore a backup.");
        readable_ = facts.schema == facts.newest_schema;
        TRY(fact("database", mebibytes(facts.file_bytes)));
        if (facts.wal_bytes > limits::kWalAlertBytes) {
            advise(
                "The write-ahead log is long: something reads for very long, or the server was "
                "killed. Restart it; if it stays, look for long exports.");
        }
        return fact("write-ahead log", mebibytes(facts.wal_bytes));
    }

    Status books() {
        if (!readable_) return {};
        const auto store = TRY(session_.machine.open_to_read(data_));
        const auto orgs = TRY(store->orgs());
        TRY(fact("orgs", std::to_string(orgs.size())));
        for (const domain::Org& org : orgs) {
            const auto snapshot = TRY(store->snapshot(org.id));
            const Position head = TRY(snapshot->head());
            const auto last =
                head > 0 ? TRY(snapshot->log(head - 1, 1)) : std::vector<domain::StoredEvent>();
            const auto properties = TRY(snapshot->properties());
            std::string line = org.name + ", " + std::to_string(properties.size()) +
                               " properties, head " + grouped(head);
            if (!last.empty()) line += "-" + to_hex(last.back().hash).substr(0, kHashShown);
            TRY(fact("", line));
        }
        return {};
    }

    Session& session_;
    const DataDirectory& data_;
    std::vector<std::string> advice_;
    bool readable_ = false;
};

Result<int> examine(Session& session, const DataOption& options) {
    const DataDirectory data = options.directory();
    return Examination(session, data).run();
}

}  // namespace

void add_doctor_command(CommandLine& line) {
    const auto command = add_command<DataOption>(
        line, line.root, "doctor", "Look an installation over, and say what to do; 1 if there is",
        "daybook doctor --data /var/lib/daybook", examine);
    add_data_option(*command.app, command.options->data);
}

}  // namespace daybook::cli
