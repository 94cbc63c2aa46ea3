// What a node keeps in memory beside its reports must be what the database says, once it has looked
// there: how far it has come, which properties there are, and who may do what (I6, I8).
#pragma once

#include <set>
#include <utility>
#include <vector>

#include "simulation/node.h"

namespace daybook::simulation {

class Agreement {
 public:
    // Broken: the node knows something else. It has just heard of everything in these orgs.
    void check(Node& node, const std::vector<OrgId>& orgs, Instant now);

 private:
    // Also of those that have ended.
    std::set<std::pair<OrgId, SessionId>> sessions_;
    std::set<std::pair<OrgId, TokenId>> tokens_;
};

}  // namespace daybook::simulation
