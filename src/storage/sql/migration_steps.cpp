// Numbers, checksums and words.
#include "storage/sql/migration_steps.h"

#include <fmt/format.h>

#include <charconv>

#include "base/digest.h"
#include "base/hex.h"

namespace daybook::storage::sql {

std::string MigrationStep::checksum() const {
    return to_hex(sha256({as_bytes(up)}));
}

int migration_number(std::string_view file_name) {
    int number = 0;
    std::from_chars(file_name.data(), file_name.data() + file_name.size(), number);
    return number;
}

Status check_not_newer(int found, int newest) {
    if (found <= newest) return {};
    return fail(ErrorCode::newer_schema,
                fmt::format("This data was written by a newer Daybook (its schema is {}, this "
                            "program knows {}); install it or restore a backup.",
                            found, newest));
}

Status check_earlier(const MigrationStep& step, std::string_view remembered) {
    if (remembered == step.checksum()) return {};
    return fail(ErrorCode::corrupt,
                fmt::format("This data was made by another version of the migration {}; install "
                            "the Daybook that wrote it.",
                            step.name));
}

Error older_schema() {
    return error(
        ErrorCode::read_only,
        "This data was written by an older Daybook: start the server once to bring it up.");
}

}  // namespace daybook::storage::sql
