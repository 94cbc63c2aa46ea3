// Need: nothing. Goal: secrets and addresses lead to their orgs, and to no other.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "app/way_in_index.h"
#include "base/clock.h"

namespace daybook::app {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class WayInIndexTest : public testing::Test {
 protected:
    OrgId new_org() { return new_id<OrgId>(Instant{++ms_}, random_); }
    static Hash hash_of(const std::string& secret) { return sha256({as_bytes(secret)}); }

    SeededRandom random_{1};
    std::int64_t ms_ = 0;
    WayInIndex index_;
};

TEST_F(WayInIndexTest, LeadsFromASecretToItsOrgUntilItEnds) {
    const OrgId one = new_org();
    const OrgId other = new_org();
    index_.add_secret(hash_of("one"), one);
    index_.add_secret(hash_of("other"), other);
    EXPECT_EQ(index_.org_of_secret(hash_of("one")), one);
    EXPECT_EQ(index_.org_of_secret(hash_of("other")), other);
    EXPECT_EQ(index_.org_of_secret(hash_of("nobody's")), std::nullopt);
    index_.erase_secret(hash_of("one"));
    EXPECT_EQ(index_.org_of_secret(hash_of("one")), std::nullopt);
}

TEST_F(WayInIndexTest, KeepsThousandsApart) {
    std::vector<OrgId> orgs;
    for (int i = 0; i < 5'000; ++i) {
        orgs.push_back(new_org());
        index_.add_secret(hash_of(std::to_string(i)), orgs.back());
        index_.add_email("owner" + std::to_string(i) + "@example.com", orgs.back());
    }
    for (std::size_t i = 0; i < orgs.size(); ++i) {
        ASSERT_EQ(index_.org_of_secret(hash_of(std::to_string(i))), orgs[i]);
        ASSERT_THAT(index_.orgs_of_email("owner" + std::to_string(i) + "@example.com"),
                    ElementsAre(orgs[i]));
    }
}

TEST_F(WayInIndexTest, KnowsEveryOrgOfAnAddressOnceAndTheOldestFirst) {
    const OrgId oldest = new_org();
    const OrgId middle = new_org();
    const OrgId newest = new_org();
    for (const OrgId org : {middle, newest, oldest, newest, middle}) {
        index_.add_email("Anna@Example.com", org);
    }
    EXPECT_THAT(index_.orgs_of_email("anna@example.COM"), ElementsAre(oldest, middle, newest));
    EXPECT_THAT(index_.orgs_of_email("ana@example.com"), IsEmpty());
}

}  // namespace
}  // namespace daybook::app
