// Opens the files of an import and runs its two passes.
#include "cli/import_files.h"

#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "base/check.h"
#include "cli/hotel_bookings.h"
#include "cli/left_out_rows.h"
#include "cli/mapped_rows.h"
#include "reports/csv.h"

namespace daybook::cli {
namespace {

Result<std::unique_ptr<RowMapper>> mapper_of(const ImportFiles& files) {
    if (!files.mapping.empty()) {
        const InputFile file = TRY(InputFile::read(files.mapping));
        const PieceSource text = file.text();
        std::string json;
        for (std::string_view piece = TRY(text()); !piece.empty(); piece = TRY(text()))
            json += piece;
        return std::make_unique<MappedRows>(TRY(parse_mapping(files.mapping, json)));
    }
    CHECK(files.profile == kHotelBookingsProfile);
    return std::make_unique<HotelBookings>();
}

// The bad rows as they stand, each with its line and what is wrong: mended, it can be imported. It
// is made for the first of them, never over a file that is there (it may be the input itself), and
// goes again with an import that is refused.
class BadRowFile {
 public:
    BadRowFile(std::string path, char delimiter) : path_(std::move(path)), delimiter_(delimiter) {}
    ~BadRowFile() {
        if (file_ == nullptr) return;
        std::fclose(file_);
        if (!is_kept_) ::unlink(path_.c_str());
    }
    BadRowFile(const BadRowFile&) = delete;
    BadRowFile& operator=(const BadRowFile&) = delete;

    void set_header(const CsvRow& header) { header_ = header; }
    Status add(const CsvRow& row, const CellProblem& problem) {
        if (file_ == nullptr) {
            TRY(open());
            TRY(write(header_, kLeftOutLine, kLeftOutReason));
        }
        const std::string name = problem.name.empty() ? "" : problem.name + ": ";
        return write(row, std::to_string(row.number), name + problem.words);
    }
    void keep() { is_kept_ = true; }

 private:
    Status open() {
        file_ = std::fopen(path_.c_str(), "wxe");
        if (file_ != nullptr) return {};
        if (errno != EEXIST) return failed();
        return fail(ErrorCode::already_exists,
                    path_ +
                        " exists already. Name a new file for --skip-bad; nothing is "
                        "overwritten, and nothing was imported.");
    }
    Status write(const CsvRow& row, std::string_view line, std::string_view reason) {
        std::string text = row.raw + delimiter_ + std::string(line) + delimiter_;
        reports::append_csv_text(text, reason);
        text += '\n';
        if (std::fwrite(text.data(), 1, text.size(), file_) != text.size()) return failed();
        return std::fflush(file_) == 0 ? Status() : failed();
    }
    [[nodiscard]] std::unexpected<Error> failed() const {
        return fail(ErrorCode::io_failed, "Cannot write " + path_ + ": " + std::strerror(errno));
    }

    std::string path_;
    char delimiter_;
    CsvRow header_;
    std::FILE* file_ = nullptr;
    bool is_kept_ = false;
};

void tell_problems(Console& console, const InputFile& file, const ImportCounts& counts) {
    for (const CellProblem& each : counts.problems) console.say(message(file.name(), each));
    const std::size_t untold = counts.bad_rows - counts.problems.size();
    if (untold > 0)
        console.say("… and " + grouped(static_cast<std::int64_t>(untold)) + " rows more");
}

ImportHooks hooks_of(BadRowFile* bad_rows, Progress& progress) {
    ImportHooks hooks;
    hooks.on_progress = [&progress](std::size_t done, std::size_t all) {
        progress.show(done, all);
    };
    if (bad_rows == nullptr) return hooks;
    hooks.on_header = [bad_rows](const CsvRow& header) { bad_rows->set_header(header); };
    hooks.on_bad_row = [bad_rows](const CsvRow& row, const CellProblem& problem) {
        return bad_rows->add(row, problem);
    };
    return hooks;
}

}  // namespace

Result<ImportCounts> import_files(Session& session, const InputFile& input,
                                  const ImportFiles& files, app::Store& store, OrgId org,
                                  const ApiCall& call) {
    const auto mapper = TRY(mapper_of(files));
    ImportTarget target = TRY(read_import_target(store, org, session.machine.clock.now()));
    BadRowFile bad_rows(files.skip_bad, mapper->delimiter());
    Progress progress(session.console, "rows");
    Import import(input, *mapper, std::move(target),
                  hooks_of(files.skip_bad.empty() ? nullptr : &bad_rows, progress));
    const Status checked = import.check();
    tell_problems(session.console, input, import.counts());
    if (!checked) return std::unexpected(checked.error());
    TRY(import.send(call));
    bad_rows.keep();
    return import.counts();
}

std::string summary_of(const ImportCounts& counts) {
    std::string text;
    const auto line = [&](std::string_view label, std::size_t number) {
        std::string digits = std::to_string(number);
        text += label;
        text.append(label.size() + digits.size() < 60 ? 60 - label.size() - digits.size() : 1, ' ');
        text += digits + "\n";
    };
    line("rows", counts.rows);
    for (const domain::EntryKind kind :
         {domain::EntryKind::revenue, domain::EntryKind::expense, domain::EntryKind::transfer}) {
        const std::size_t count = counts.entries.at(static_cast<std::size_t>(kind));
        if (count > 0) line(std::string(domain::entry_kind_name(kind)) + "s", count);
    }
    line("entries added", counts.added);
    line("entries already there", counts.already_there);
    line("rows skipped", counts.skipped_rows());
    for (const auto& [reason, count] : counts.skipped) line("  " + reason, count);
    if (counts.bad_rows > 0) line("  bad", counts.bad_rows);
    return text;
}

}  // namespace daybook::cli
