// What every report read like after each commit: the judge of what readers are told.
//
// A read is linearizable if it gives the bytes of some moment between its beginning and its end; in
// particular it misses no write that was acknowledged before it began.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "app/report_service.h"
#include "app/store.h"
#include "base/mutex.h"

namespace daybook::test {

struct ReportQuestion {
    std::vector<PropertyId> properties;  // none: all
    reports::PeriodAsked period;
    reports::Format format = reports::Format::json;
};

app::ReportAsked asked(const ReportQuestion& question);
// Without any cache.
std::string rendered(app::Snapshot& snapshot, const ReportQuestion& question);

// Keeps a snapshot of each commit: in memory they cost little; of other stores few can be open at a
// time, see forget_before().
class ReportHistory final : public app::CommitListener {
 public:
    // From the org's present state on.
    ReportHistory(app::Store& store, OrgId org);

    void committed(const app::Changes& changes) override EXCLUDES(mutex_);
    // Nobody will ask for what was so earlier than at the position.
    void forget_before(Position position) EXCLUDES(mutex_);

    // Whether `bytes` is how the question was answered at some position from `first` to `last`.
    // One thread at a time.
    bool was_so(const ReportQuestion& question, const std::string& bytes, Position first,
                Position last) EXCLUDES(mutex_);
    [[nodiscard]] Position head() const EXCLUDES(mutex_);

 private:
    struct Moment {
        std::shared_ptr<app::Snapshot> snapshot;
        std::map<std::string, std::string> rendered;  // by the question's words
    };
    void keep(Position position) EXCLUDES(mutex_);

    app::Store& store_;
    const OrgId org_;
    mutable Mutex mutex_;
    std::map<Position, Moment> moments_ GUARDED_BY(mutex_);
};

}  // namespace daybook::test
