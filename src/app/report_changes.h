// What a commit means to reports: which of its events they show, and from which date on.
#pragma once

#include <map>
#include <vector>

#include "app/rows.h"
#include "reports/report_versions.h"

namespace daybook::app {

struct ReportChanges {
    std::vector<reports::Raise> raises;
    Position head = 0;    // of the org, after the commit
    bool erased = false;  // texts were: nothing made before may be kept
};

// Whether reports show anything of such events. Those that are not known to be invisible are
// shown: a type that nobody thought of here costs cache misses, never a stale report.
bool shown_in_reports(domain::EventType type);

// By org, for each that the commit changed.
std::map<OrgId, ReportChanges> report_changes(const Changes& changes);

}  // namespace daybook::app
