// An import from the command line: files in, counts out. Shared by import and demo.
#pragma once

#include <memory>
#include <string>

#include "app/store.h"
#include "cli/api.h"
#include "cli/commands.h"
#include "cli/import.h"
#include "cli/input_file.h"

namespace daybook::cli {

// How rows become entries, and where those go that do not.
struct ImportFiles {
    std::string profile;   // the one that there is, or
    std::string mapping;   // a file
    std::string skip_bad;  // a file for bad rows; empty: a bad row refuses the import
};

// Checks and sends, showing progress; tells problems one a line. Errors: those of Import.
Result<ImportCounts> import_files(Session& session, const InputFile& input,
                                  const ImportFiles& files, app::Store& store, OrgId org,
                                  const ApiCall& call);

// What was imported and skipped, as lines for people and scripts: "revenues 8286".
std::string summary_of(const ImportCounts& counts);

}  // namespace daybook::cli
