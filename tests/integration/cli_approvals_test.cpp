// Need: the binary. Goal: the command line shows the approval policy, and changes it as the API
// does.
#include <gtest/gtest.h>

#include "support/cli_books.h"

namespace daybook::test {
namespace {

TEST(CliApprovals, ShowThePolicyAndChangeItWhileTwoCouldApprove) {
    const CliBooks books;
    EXPECT_EQ(books.done({"org", "policy"}), "four eyes: off");
    const Finished alone = books.run({"org", "policy", "--four-eyes", "always"});
    EXPECT_EQ(alone.exit_code, 1);
    EXPECT_NE(alone.errors.find("two people"), std::string::npos) << alone.errors;
    EXPECT_EQ(books.run({"org", "policy", "--four-eyes", "sometimes"}).exit_code, 2);
    EXPECT_EQ(books.done({"org", "policy"}), "four eyes: off");
}

}  // namespace
}  // namespace daybook::test
