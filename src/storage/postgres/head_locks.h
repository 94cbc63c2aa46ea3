// The ends of the orgs' logs, locked for one transaction: whoever holds an org's may append to it.
//
// Threads: the connection's.
#pragma once

#include <string>
#include <vector>

#include "storage/sql/run.h"

namespace daybook::storage::postgres {

class HeadLocks {
 public:
    explicit HeadLocks(sql::Connection& connection);

    // Locks those that nobody else has, in the order of the orgs, and says which.
    Result<std::vector<OrgId>> take_free(const std::vector<OrgId>& orgs);
    // Locks all, waiting for whoever has them.
    Result<std::vector<OrgId>> take(const std::vector<OrgId>& orgs);
    // Those of the orgs that have a log, locked or not.
    Result<std::vector<OrgId>> known(const std::vector<OrgId>& orgs);
    // What the server calls the transaction that is open.
    Result<std::string> transaction();

 private:
    Result<std::vector<OrgId>> orgs_of(sql::Statement& statement, const std::vector<OrgId>& orgs);

    sql::Statement take_free_;
    sql::Statement take_;
    sql::Statement known_;
    sql::Statement transaction_;
};

}  // namespace daybook::storage::postgres
