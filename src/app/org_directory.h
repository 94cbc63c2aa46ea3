// The orgs and their properties in memory: what a request needs to know before it looks into the
// report cache, so that a cached report costs no read of the database.
//
// Operation: an org is put when somebody asks about it, or founds it, and then told of every commit
// before it is acknowledged; what it knows is never older than an acknowledged write. Threads: any;
// what find() gives never changes. Limits: one entry of some 200 bytes per property.
#pragma once

#include <memory>
#include <unordered_map>
#include <vector>

#include "app/store.h"
#include "base/mutex.h"
#include "base/result.h"
#include "domain/property.h"
#include "reports/report_versions.h"

namespace daybook::app {

struct OrgEntry {
    domain::Org org;
    std::vector<domain::Property> properties;  // by name
    reports::SharedSubject all;                // all of them
    bool may_be_old = false;                   // another node's commits are not known yet
};
using SharedOrgEntry = std::shared_ptr<const OrgEntry>;

class OrgDirectory {
 public:
    void put(domain::Org org, std::vector<domain::Property> properties) EXCLUDES(mutex_);
    void erase(OrgId org) EXCLUDES(mutex_);
    // Of orgs that are not here, but for those that it founds, it changes nothing.
    void committed(const Changes& changes) EXCLUDES(mutex_);
    // Null if it is not here.
    [[nodiscard]] SharedOrgEntry find(OrgId org) const EXCLUDES(mutex_);

 private:
    mutable Mutex mutex_;
    std::unordered_map<OrgId, SharedOrgEntry> orgs_ GUARDED_BY(mutex_);
};

}  // namespace daybook::app
