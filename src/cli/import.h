// Imports a file: checks all of it first, then sends it in bulks.
//
// Operation: check() reads the file and looks for everything that the books would refuse, so that a
// file with a mistake in line 90,000 writes nothing. send() reads it again and posts bulks in the
// mode skip_existing: entries whose externalId is there already are passed over, so that running an
// import again, or after it broke off, adds what is missing and nothing twice.
// While the books take one bulk, the next is read and put together.
// Limits: kImportEntriesPerRequest, kImportRequestBytes; two bulks are in memory at a time.
// Threads: the caller's, and one of its own, which alone makes a call while it is under way.
#pragma once

#include <array>
#include <boost/json/value.hpp>
#include <cstddef>
#include <deque>
#include <functional>
#include <future>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "app/store.h"
#include "base/limits.h"
#include "cli/api.h"
#include "cli/input_file.h"
#include "cli/row_mapper.h"

namespace daybook::cli {

inline constexpr std::size_t kImportEntriesPerRequest = limits::kBulkEntriesMax;
// A request is sent once it is this long: texts may be.
inline constexpr std::size_t kImportRequestBytes = limits::kHttpBodyBytesMax / 2;
// Problems that are told; the rest is counted.
inline constexpr std::size_t kImportProblemsShownMax = 20;

// What the books have, to check a file against.
struct ImportTarget {
    OrgId org;
    std::vector<domain::Property> properties;
    std::vector<domain::Category> categories;
    Instant now;
};
Result<ImportTarget> read_import_target(app::Store& store, OrgId org, Instant now);

struct ImportCounts {
    std::size_t rows = 0;
    std::array<std::size_t, 3> entries{};        // by domain::EntryKind
    std::map<std::string, std::size_t> skipped;  // rows, by reason
    std::size_t bad_rows = 0;
    std::vector<CellProblem> problems;  // the first of them
    std::size_t added = 0;              // entries
    std::size_t already_there = 0;

    [[nodiscard]] std::size_t skipped_rows() const;
};

struct ImportHooks {
    // A row that is refused; nullptr: rows are refused, and the import with them.
    std::function<Status(const CsvRow& row, const CellProblem& problem)> on_bad_row;
    // The header, before any other row.
    std::function<void(const CsvRow& header)> on_header;
    // After each bulk.
    std::function<void(std::size_t rows_done, std::size_t rows)> on_progress;
};

class Import {
 public:
    // All of it outlives the import.
    Import(const InputFile& file, RowMapper& mapper, ImportTarget target, ImportHooks hooks);

    // The first pass. Errors: invalid_value (rows are bad; counts().problems says which),
    // malformed (no CSV).
    Status check();
    // The second pass, after check(). Errors: of the call; of the API, naming the line. The call is
    // made by another thread, but never by two at once; it outlives the import.
    Status send(const ApiCall& call);

    [[nodiscard]] const ImportCounts& counts() const { return counts_; }

 private:
    struct NewProperty {
        domain::Property property;
        std::optional<domain::BusinessDate> first_on;  // none while all of its rows are bad
    };
    struct Sent {
        std::vector<Place> places;  // of its entries
        std::size_t rows = 0;       // of the file, up to its end
        std::future<Result<boost::json::value>> answer;
    };
    // Calls the function for each row with what it maps to, or with its problem.
    using Visit = std::function<Status(const CsvRow&, const CellResult<MappedRow>&)>;
    Status for_each_row(const Visit& visit);
    [[nodiscard]] Result<std::optional<CsvRow>> next_row(CsvReader& reader) const;
    Status check_row(const CsvRow& row, const CellResult<MappedRow>& mapped);
    Status refuse_row(const CsvRow& row, const CellProblem& problem);
    CellResult<void> check_entry(const ImportEntry& entry);
    CellResult<void> check_date(const ImportEntry& entry, const domain::Property& property);
    CellResult<void> check_key(const ImportEntry& entry) const;
    CellResult<void> check_external_id(const ImportEntry& entry);
    CellResult<const domain::Property*> property_of(const ImportEntry& entry);
    void accept_row(const MappedRow& row);

    Status add_properties(const ApiCall& call);
    Status send_row(const ApiCall& call, const CsvRow& row, const CellResult<MappedRow>& mapped);
    Status flush(const ApiCall& call);
    Status settle();
    Status record(const ApiCall& call) const;
    [[nodiscard]] Error at_line(Error refusal, const std::vector<Place>& places) const;

    const InputFile& file_;
    RowMapper& mapper_;
    ImportTarget target_;
    ImportHooks hooks_;
    ImportCounts counts_;
    std::set<std::size_t> bad_lines_;
    std::map<std::string, NewProperty, std::less<>> new_properties_;
    std::map<PropertyId, domain::BusinessDate> today_;
    std::unordered_map<std::string, std::size_t> line_of_external_id_;
    // Of the request that is being put together.
    std::string body_;
    std::vector<Place> places_;
    std::size_t rows_sent_ = 0;
    std::deque<Sent> under_way_;  // in the order they were sent
};

}  // namespace daybook::cli
