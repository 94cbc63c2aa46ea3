// Where the database is, as `--store postgres://…` names it, and how we come to it.
//
// Why no password in it: a command line is read by everybody on the machine. libpq finds passwords
// in PGPASSFILE or ~/.pgpass, and TLS in the address (sslmode, sslrootcert…) or its environment.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace daybook::storage::postgres {

class Address {
 public:
    // A postgres:// or postgresql:// address, with any of libpq's parameters but secrets.
    // Errors: invalid_value, which never repeats the text.
    static Result<Address> parse(std::string_view text);

    // For PQconnectdbParams: names and values, each ended by a null pointer. Valid as long as this.
    struct Parameters {
        std::vector<const char*> names;
        std::vector<const char*> values;
    };
    [[nodiscard]] Parameters parameters() const;
    [[nodiscard]] const std::string& text() const { return text_; }

 private:
    explicit Address(std::string text) : text_(std::move(text)) {}

    std::string text_;
};

// Whether a store is named that way.
bool is_address(std::string_view text);

}  // namespace daybook::storage::postgres
