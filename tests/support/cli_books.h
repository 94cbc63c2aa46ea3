// Small books made by the command line, and what its tests ask again and again.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "support/http_client.h"
#include "support/process.h"

namespace daybook::test {

// The output of a command without its last line feed. Throws std::runtime_error, with what it said,
// if it does not end with 0.
std::string daybook(std::vector<std::string> arguments);

// An org "Test" with the property "House" (EUR, Lisbon, books from 2026-01-01).
class CliBooks {
 public:
    CliBooks();

    [[nodiscard]] std::filesystem::path data() const { return directory_.path() / "data"; }
    // A file beside the data, with that text.
    [[nodiscard]] std::string file(std::string_view name, std::string_view text) const;
    [[nodiscard]] std::string path(std::string_view name) const;
    // `daybook <words> --data DIR …` to its end.
    [[nodiscard]] Finished run(std::vector<std::string> arguments) const;
    // The same, which must succeed; its output.
    [[nodiscard]] std::string done(std::vector<std::string> arguments) const;
    [[nodiscard]] const std::string& property() const { return property_; }
    // Lines of `daybook export --format events`.
    [[nodiscard]] std::size_t events() const;

 private:
    TemporaryDirectory directory_;
    std::string property_;
};

// One request with a token; throws if there is no answer.
HttpAnswer call(const Serving& server, const std::string& token, std::string_view method,
                std::string_view target, std::string_view body = {},
                std::string_view more_headers = {});

// "\"name\":<value>": the raw value of the first member of that name; empty if there is none.
std::string json_member(std::string_view json, std::string_view name);

}  // namespace daybook::test
