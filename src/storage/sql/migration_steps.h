// The numbered steps of a schema, from the files that are embedded in the program: NNNN_name.up.sql
// and NNNN_name.down.sql, never edited once released.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/check.h"
#include "base/error.h"
#include "base/result.h"

namespace daybook::storage::sql {

struct MigrationStep {
    int number;
    std::string_view name;  // "0001_books"
    std::string_view up;
    std::string_view down;

    // SHA-256 of `up`: what a database remembers of a step that it has had.
    [[nodiscard]] std::string checksum() const;
};

// The number that a file's name begins with.
int migration_number(std::string_view file_name);

// In order, from 1 without a gap. `files` is what daybook_embed() makes: sorted by name, so that
// each way down comes before its way up.
template <class Files>
std::vector<MigrationStep> migration_steps(const Files& files) {
    constexpr std::string_view kUp = ".up.sql";
    std::vector<MigrationStep> steps;
    std::string_view down;
    for (const auto& file : files) {
        if (!file.name.ends_with(kUp)) {
            down = file.text;
            continue;
        }
        const std::string_view name = file.name.substr(0, file.name.size() - kUp.size());
        CHECK(migration_number(name) == static_cast<int>(steps.size()) + 1 && !down.empty());
        steps.push_back({migration_number(name), name, file.text, down});
        down = {};
    }
    CHECK(!steps.empty());
    return steps;
}

// What a program says that must leave a database alone. Errors: newer_schema.
Status check_not_newer(int found, int newest);
// `remembered`: the checksum in the database of a step that it has had. Errors: corrupt.
Status check_earlier(const MigrationStep& step, std::string_view remembered);
Error older_schema();

}  // namespace daybook::storage::sql
