// What every report must include at least: the staircases of each org and of its properties.
//
// Operation: raised by the writer for each commit, before the commit is acknowledged; asked when a
// request arrives, when a cached answer is found, and before one is kept. Invariant: everything up
// to raised(org) is in the staircases, or below their floor. Threads: none of its own; the report
// cache guards it with its mutex. Limits: limits::kStaircaseMax elements of 16 bytes a property.
#pragma once

#include <memory>
#include <optional>
#include <unordered_map>
#include <vector>

#include "base/ids.h"
#include "domain/business_date.h"
#include "reports/staircase.h"

namespace daybook::reports {

// One event that reports show.
struct Raise {
    Position position = 0;
    std::optional<PropertyId> property;  // none: every property of the org
    domain::BusinessDate earliest = kEveryDate;
};

// Whose reports an answer is made of; sorted, unique, shared by all who ask for the same.
struct Subject {
    std::vector<PropertyId> properties;
    Uuid key;  // the property's id, or the first half of SHA-256 of all ids

    [[nodiscard]] bool has(PropertyId property) const;
};
using SharedSubject = std::shared_ptr<const Subject>;

SharedSubject make_subject(std::vector<PropertyId> properties);

class ReportVersions {
 public:
    explicit ReportVersions(std::size_t staircase_max) : staircase_max_(staircase_max) {}

    // An org whose events are known from here on only; one that is not begun begins before its
    // first event.
    void begin(OrgId org, Position raised);
    // As if it had never begun.
    void forget(OrgId org) { orgs_.erase(org); }
    // All of a commit, with the org's head after it.
    void raise(OrgId org, const std::vector<Raise>& raises, Position head);

    [[nodiscard]] Position raised(OrgId org) const;
    // The greatest position that a report over the subject, for a period with that end, must
    // include.
    [[nodiscard]] Position version(OrgId org, const Subject& subject,
                                   domain::BusinessDate ends_on) const;
    // stamp ≥ version(), and mostly cheaper.
    [[nodiscard]] bool is_current(OrgId org, const Subject& subject, domain::BusinessDate ends_on,
                                  Position stamp) const;

 private:
    struct Staircases {
        Position begun;
        Position raised;
        Staircase of_org;  // events without a property
        Staircase of_all;  // every event: whoever is current for these is current for each
        std::unordered_map<PropertyId, Staircase> of_property;
    };

    Staircases& staircases(OrgId org);
    [[nodiscard]] static Position version_of(const Staircases& of, PropertyId property,
                                             domain::BusinessDate ends_on);

    std::size_t staircase_max_;
    std::unordered_map<OrgId, Staircases> orgs_;
};

}  // namespace daybook::reports
