// The first pass: everything that the books would refuse, found before anything is written.
#include <algorithm>
#include <utility>

#include "app/business_day.h"
#include "cli/import.h"
#include "cli/left_out_rows.h"
#include "domain/text.h"

namespace daybook::cli {

using domain::CategoryKind;
using domain::EntryKind;

Result<ImportTarget> read_import_target(app::Store& store, OrgId org, Instant now) {
    const auto snapshot = TRY(store.snapshot(org));
    return ImportTarget{org, TRY(snapshot->properties()), TRY(snapshot->categories()), now};
}

std::size_t ImportCounts::skipped_rows() const {
    std::size_t sum = bad_rows;
    for (const auto& [reason, count] : skipped) sum += count;
    return sum;
}

Import::Import(const InputFile& file, RowMapper& mapper, ImportTarget target, ImportHooks hooks)
    : file_(file), mapper_(mapper), target_(std::move(target)), hooks_(std::move(hooks)) {}

// A row is left out as a whole; where the bytes or the quotes are broken, nobody knows its end.
Result<std::optional<CsvRow>> Import::next_row(CsvReader& reader) const {
    auto row = reader.next();
    if (!row && hooks_.on_bad_row) {
        row.error().detail +=
            " --skip-bad cannot leave this out: from here on the file cannot be read.";
    }
    return row;
}

Status Import::for_each_row(const Visit& visit) {
    CsvReader reader(file_.name(), file_.text(), mapper_.delimiter());
    auto header = TRY(next_row(reader));
    if (!header) {
        return fail(ErrorCode::malformed,
                    file_.name() + " is empty. It needs a first line with the columns' names.");
    }
    LeftOutRows left_out;
    left_out.read_header(*header);
    if (const auto columns = mapper_.read_header(*header); !columns)
        return fail(ErrorCode::malformed, message(file_.name(), columns.error()));
    if (hooks_.on_header) hooks_.on_header(*header);
    while (auto row = TRY(next_row(reader))) {
        if (const auto numbered = left_out.read(*row); !numbered)
            return fail(ErrorCode::malformed, message(file_.name(), numbered.error()));
        TRY(visit(*row, mapper_.map(*row)));
    }
    return {};
}

Status Import::check() {
    counts_ = {};
    TRY(for_each_row([&](const CsvRow& row, const CellResult<MappedRow>& mapped) {
        return check_row(row, mapped);
    }));
    line_of_external_id_.clear();
    hooks_.on_header = nullptr;
    if (counts_.bad_rows == 0 || hooks_.on_bad_row) return {};
    return fail(ErrorCode::invalid_value,
                std::to_string(counts_.bad_rows) + " of " + std::to_string(counts_.rows) +
                    " rows of " + file_.name() +
                    " cannot be imported; nothing was written. Mend them, or leave them out with "
                    "--skip-bad FILE.");
}

Status Import::check_row(const CsvRow& row, const CellResult<MappedRow>& mapped) {
    counts_.rows++;
    if (!mapped) return refuse_row(row, mapped.error());
    for (const ImportEntry& entry : mapped->entries) {
        const auto checked = check_entry(entry);
        if (!checked) return refuse_row(row, checked.error());
    }
    accept_row(*mapped);
    return {};
}

Status Import::refuse_row(const CsvRow& row, const CellProblem& problem) {
    counts_.bad_rows++;
    bad_lines_.insert(row.place.line);
    if (counts_.problems.size() < kImportProblemsShownMax) counts_.problems.push_back(problem);
    return hooks_.on_bad_row ? hooks_.on_bad_row(row, problem) : Status();
}

void Import::accept_row(const MappedRow& row) {
    if (row.entries.empty()) counts_.skipped[row.skipped_because]++;
    for (const ImportEntry& entry : row.entries) {
        counts_.entries.at(static_cast<std::size_t>(entry.kind))++;
        const auto added = new_properties_.find(entry.property);
        if (added == new_properties_.end()) continue;
        std::optional<domain::BusinessDate>& first = added->second.first_on;
        first = std::min(first.value_or(entry.content.business_date), entry.content.business_date);
    }
}

CellResult<const domain::Property*> Import::property_of(const ImportEntry& entry) {
    const auto id = PropertyId::parse(entry.property);
    const auto found = std::ranges::find_if(target_.properties, [&](const domain::Property& each) {
        return id ? each.id == *id : each.name == entry.property;
    });
    if (found != target_.properties.end()) return &*found;
    const auto added = new_properties_.find(entry.property);
    if (added != new_properties_.end()) return &added->second.property;
    auto property = mapper_.new_property(entry.property);
    const Status named = domain::check_text(entry.property, limits::kNameBytesMax, "");
    if (property && named) {
        const auto place =
            new_properties_.emplace(entry.property, NewProperty{*std::move(property), {}});
        return &place.first->second.property;
    }
    return cell_problem(entry.property_place, entry.property_column,
                        named ? "There is no property '" + entry.property +
                                    "'. Add it first: daybook property add --name …"
                              : named.error().detail);
}

CellResult<void> Import::check_date(const ImportEntry& entry, const domain::Property& property) {
    const domain::BusinessDate date = entry.content.business_date;
    const auto problem = [&](std::string words) {
        return cell_problem(entry.date_place, entry.date_column, date.to_string() + words);
    };
    // A new property has no id yet; one zone is as good as the other of the same profile.
    auto today = today_.find(property.id);
    if (today == today_.end()) {
        const auto now = app::business_date_now(property, target_.now);
        if (!now) return problem(": " + now.error().detail);
        today = today_.emplace(property.id, *now).first;
    }
    if (date > today->second.plus(limits::kDaysAheadMax)) {
        return problem(" is in the future. Entries lie at most a day ahead of " +
                       today->second.to_string() + ".");
    }
    if (new_properties_.contains(property.name) || date >= property.books_start_on) return {};
    return problem(" is before the books of " + property.name + " start (" +
                   property.books_start_on.to_string() + "). Declare an earlier opening first.");
}

CellResult<void> Import::check_key(const ImportEntry& entry) const {
    if (entry.kind == EntryKind::transfer) return {};
    const CategoryKind kind =
        entry.kind == EntryKind::revenue ? CategoryKind::source : CategoryKind::category;
    std::string keys;
    for (const domain::Category& each : target_.categories) {
        if (each.kind != kind || !each.active || !each.merged_into.empty()) continue;
        if (each.key == entry.content.key) return {};
        keys += (keys.empty() ? "" : ", ") + each.key;
    }
    return cell_problem(entry.key_place, entry.key_column,
                        "There is no active " + std::string(domain::category_kind_name(kind)) +
                            " '" + entry.content.key + "'. There are: " + keys + ".");
}

CellResult<void> Import::check_external_id(const ImportEntry& entry) {
    const std::string& id = entry.content.external_id;
    std::string key(domain::entry_kind_name(entry.kind));
    key += '\n' + entry.property + '\n' + id;
    const auto [first, is_new] = line_of_external_id_.emplace(std::move(key), entry.place.line);
    if (is_new) return {};
    return cell_problem(entry.place, "externalId",
                        "'" + id + "' is that of line " + std::to_string(first->second) +
                            " too. It must be another for each entry.");
}

CellResult<void> Import::check_entry(const ImportEntry& entry) {
    const domain::Property& property = *TRY(property_of(entry));
    if (!property.active) {
        return cell_problem(entry.property_place, entry.property_column,
                            property.name + " is inactive and takes no new entries.");
    }
    if (property.currency != entry.content.amount.currency) {
        return cell_problem(entry.place, "currency",
                            property.name + " keeps its books in " +
                                std::string(property.currency.code()) + ", and this amount is " +
                                std::string(entry.content.amount.currency.code()) + ".");
    }
    TRY(check_key(entry));
    TRY(check_date(entry, property));
    return check_external_id(entry);
}

}  // namespace daybook::cli
