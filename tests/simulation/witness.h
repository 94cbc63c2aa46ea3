// Watches the kept log of one org: that it is dense, chained and never loses or changes what was
// acknowledged (I2, I3, I4), and what every report read like at each moment since (I6).
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/digest.h"
#include "storage/memory/backend.h"
#include "support/report_history.h"

namespace daybook::simulation {

class Witness {
 public:
    Witness(storage::memory::MemoryBackend& kept, OrgId org);

    // A transaction has become durable.
    void keep();
    // Somebody was told that all of it is.
    void acknowledge() { acknowledged_ = head_; }
    [[nodiscard]] Position acknowledged() const { return acknowledged_; }
    [[nodiscard]] Position head() const { return head_; }

    // Broken: the log has a gap, its chain does not fit, or it has lost something.
    void check();
    // Whether these bytes were right at some moment from `since` on.
    bool was_so(const test::ReportQuestion& question, const std::string& bytes, Position since);
    // Moments before this position, and before the acknowledged one, are of no use to readers to
    // come.
    void forget(Position before);

    // Of each entity, the positions of its events, as far as check() has come.
    [[nodiscard]] const std::map<Uuid, std::vector<Position>>& entries() const { return entries_; }
    // Reads on, for whoever needs entries() up to the head.
    void read_on();
    // Says "org-… " for messages.
    [[nodiscard]] OrgId org() const { return org_; }

 private:
    storage::memory::MemoryBackend& kept_;
    const OrgId org_;
    Position head_ = 0;          // of the last transaction that was kept
    Position acknowledged_ = 0;  // what everybody must find for ever
    Position read_ = 0;
    std::vector<Hash> hashes_;  // of each position that was read; the first is the chain's start
    std::map<Position, std::shared_ptr<app::Snapshot>> moments_;
    std::map<Uuid, std::vector<Position>> entries_;
};

}  // namespace daybook::simulation
