// Checks and restores of whole databases: what verify, rebuild --check and restore share.
#pragma once

#include <filesystem>
#include <string>

#include "app/maintenance.h"
#include "cli/commands.h"
#include "domain/property.h"

namespace daybook::cli {

// Chain, then totals, of one org; prints a line for each, with its time. Error: corrupt.
Status verify_org(Console& console, app::Store& store, const domain::Org& org);
// Checksums of rows, and columns beside events. Error: corrupt.
Status verify_rows(Console& console, app::Maintenance& maintenance);
// Folds the log and compares, or replaces; tells every difference. Error: corrupt, if the tables
// differ and were only to be compared.
Status rebuild_books(Console& console, app::Maintenance& maintenance, app::RebuildMode mode);

// Copies the backup to a private folder and proves it there, all of the above. `into` is where it
// is then put; without, it was only a check. Errors: corrupt (it is refused), already_exists (there
// are books already), io_failed.
Status restore_backup(Session& session, const std::filesystem::path& backup,
                      const DataDirectory* into);

}  // namespace daybook::cli
