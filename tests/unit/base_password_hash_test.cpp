// Need: some memory. Goal: passwords are argon2id with the cost that was asked for, and comparing
// with the hash of an account that does not exist is the same work.
#include <gtest/gtest.h>

#include "base/password_hash.h"

namespace daybook::test {
namespace {

constexpr PasswordCost kCheap{1, 8'192};

TEST(PasswordHash, KnowsItsPassword) {
    const std::string hash = hash_password("blue lamp river", kCheap).value();
    EXPECT_TRUE(hash.starts_with("$argon2id$"));
    EXPECT_TRUE(is_password_hash(hash, kCheap));
    EXPECT_TRUE(verify_password(hash, "blue lamp river"));
    EXPECT_FALSE(verify_password(hash, "blue lamp rivers"));
    EXPECT_FALSE(verify_password("", "blue lamp river"));
    // A salt of its own.
    EXPECT_NE(hash, hash_password("blue lamp river", kCheap).value());
}

TEST(PasswordHash, OfNobodyIsTheSameWork) {
    for (const PasswordCost cost : {kCheap, PasswordCost{}}) {
        EXPECT_TRUE(is_password_hash(hash_of_nobody(cost), cost));
        EXPECT_FALSE(verify_password(hash_of_nobody(cost), "blue lamp river"));
    }
    EXPECT_FALSE(is_password_hash(hash_of_nobody(kCheap), PasswordCost{}));
    EXPECT_FALSE(is_password_hash("$argon2id$v=19$m=8,t=1,p=1$A$A", kCheap));
}

}  // namespace
}  // namespace daybook::test
