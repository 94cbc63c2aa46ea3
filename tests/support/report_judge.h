// Judges what the rule of report changes tells: compares all reports before and after each commit,
// and fails the test where one reads differently that the rule calls current.
#pragma once

#include <map>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "app/report_changes.h"
#include "app/store.h"
#include "base/limits.h"
#include "reports/query.h"

namespace daybook::test {

class ReportJudge final : public app::CommitListener {
 public:
    ReportJudge(app::Store& store, OrgId org);

    void committed(const app::Changes& changes) override;

    // Of all events that were committed.
    [[nodiscard]] const std::set<domain::EventType>& types() const { return types_; }

 private:
    struct Seen {
        reports::SharedSubject subject;
        domain::BusinessDate ends_on;
        std::string bytes;
    };
    using Key = std::tuple<std::size_t, Uuid, std::size_t>;

    void look();
    void look(app::Snapshot& snapshot, const reports::ReportQuery& query,
              std::vector<domain::Property> properties, std::size_t period);

    app::Store& store_;
    const OrgId org_;
    reports::ReportVersions versions_{limits::kStaircaseMax};
    Position position_ = 0;
    std::map<Key, Seen> answers_;
    std::set<domain::EventType> types_;
};

}  // namespace daybook::test
