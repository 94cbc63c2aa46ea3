// Of which org a token, session, link or e-mail address is: what is kept in memory of orgs that
// nobody asks about.
//
// Why: a request shows a secret and names no org, and who shows one that is nobody's must not cost
// a read. Operation: the first half of a secret's SHA-256, or of that of an address as it is
// compared, leads to the org, which is then loaded and knows the rest. What has ended may stay: it
// opens nothing, it only costs a load. Threads: none of its own. Limits: 32 bytes a way in, and
// what the table leaves free: 37 to 73 bytes in all.
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "app/half_hash.h"
#include "base/digest.h"
#include "base/ids.h"

namespace daybook::app {

class WayInIndex {
 public:
    void add_secret(const Hash& secret_hash, OrgId org);
    void erase_secret(const Hash& secret_hash);
    void add_email(std::string_view email, OrgId org);

    [[nodiscard]] std::optional<OrgId> org_of_secret(const Hash& secret_hash) const;
    // In ascending order, so the oldest first.
    [[nodiscard]] std::vector<OrgId> orgs_of_email(std::string_view email) const;

 private:
    boost::unordered_flat_map<Hash16, OrgId, FrontOfHash> secrets_;
    boost::unordered_flat_map<Hash16, OrgId, FrontOfHash> emails_;
    // Of addresses that are somebody's in several orgs, all but the first.
    std::unordered_multimap<Hash16, OrgId, FrontOfHash> more_of_emails_;
};

}  // namespace daybook::app
