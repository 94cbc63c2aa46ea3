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

Error newer_schema(int found, int newest) {
    return error(ErrorCode::newer_schema,
                 fmt::format("This data was written by a newer Daybook (its schema is {}, this "
                             "program knows {}); install it or restore a backup.",
                             found, newest));
}

Error older_schema() {
    return error(
        ErrorCode::read_only,
        "This data was written by an older Daybook: start the server once to bring it up.");
}

Error other_step(std::string_view name) {
    return error(ErrorCode::corrupt,
                 fmt::format("This data was made by another version of the migration {}; install "
                             "the Daybook that wrote it.",
                             name));
}

}  // namespace daybook::storage::sql
