// A database of many small orgs, each with one property and an owner's token.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "support/temporary_directory.h"

namespace daybook::bench {

class Town {
 public:
    // Made in this process, by the commands that the API would submit. Throws std::runtime_error.
    explicit Town(int orgs);

    struct House {
        std::string property;
        std::string token;
    };
    [[nodiscard]] const std::vector<House>& houses() const { return houses_; }
    [[nodiscard]] std::filesystem::path data() const { return directory_.path() / "data"; }
    [[nodiscard]] std::filesystem::path database() const { return data() / "daybook.db"; }
    // A file beside the data, for baselines.
    [[nodiscard]] std::filesystem::path beside(const std::string& name) const {
        return directory_.path() / name;
    }

 private:
    test::TemporaryDirectory directory_;
    std::vector<House> houses_;
};

}  // namespace daybook::bench
