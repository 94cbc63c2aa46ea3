// Maxima over staircases.
#include "reports/report_versions.h"

#include <algorithm>
#include <cstring>
#include <span>
#include <utility>

#include "base/digest.h"

namespace daybook::reports {

using domain::BusinessDate;

bool Subject::has(PropertyId property) const {
    return std::ranges::binary_search(properties, property);
}

SharedSubject make_subject(std::vector<PropertyId> properties) {
    std::ranges::sort(properties);
    const auto repeated = std::ranges::unique(properties);
    properties.erase(repeated.begin(), repeated.end());
    Subject subject{std::move(properties), {}};
    if (subject.properties.size() == 1) {
        subject.key = subject.properties.front().value;
    } else {
        static_assert(sizeof(PropertyId) == sizeof(Uuid));
        const auto* first = reinterpret_cast<const std::uint8_t*>(subject.properties.data());
        const Hash hash =
            sha256({std::span(first, subject.properties.size() * sizeof(PropertyId))});
        std::memcpy(subject.key.bytes.data(), hash.data(), subject.key.bytes.size());
    }
    return std::make_shared<const Subject>(std::move(subject));
}

void ReportVersions::begin(OrgId org, Position raised) {
    orgs_.insert_or_assign(org, Staircases{raised,
                                           raised,
                                           Staircase(raised, staircase_max_),
                                           Staircase(raised, staircase_max_),
                                           {}});
}

ReportVersions::Staircases& ReportVersions::staircases(OrgId org) {
    const auto found = orgs_.find(org);
    if (found != orgs_.end()) return found->second;
    begin(org, 0);
    return orgs_.at(org);
}

void ReportVersions::raise(OrgId org, const std::vector<Raise>& raises, Position head) {
    Staircases& of = staircases(org);
    for (const Raise& each : raises) {
        of.of_all.add(each.position, each.earliest);
        if (each.property) {
            of.of_property.try_emplace(*each.property, of.begun, staircase_max_)
                .first->second.add(each.position, each.earliest);
        } else {
            of.of_org.add(each.position, each.earliest);
        }
    }
    of.raised = std::max(of.raised, head);
}

Position ReportVersions::raised(OrgId org) const {
    const auto found = orgs_.find(org);
    return found == orgs_.end() ? 0 : found->second.raised;
}

Position ReportVersions::version_of(const Staircases& of, PropertyId property,
                                    BusinessDate ends_on) {
    const auto found = of.of_property.find(property);
    return found == of.of_property.end() ? of.begun : found->second.version(ends_on);
}

Position ReportVersions::version(OrgId org, const Subject& subject, BusinessDate ends_on) const {
    const auto found = orgs_.find(org);
    if (found == orgs_.end()) return 0;
    Position version = found->second.of_org.version(ends_on);
    for (const PropertyId property : subject.properties) {
        version = std::max(version, version_of(found->second, property, ends_on));
    }
    return version;
}

bool ReportVersions::is_current(OrgId org, const Subject& subject, BusinessDate ends_on,
                                Position stamp) const {
    const auto found = orgs_.find(org);
    if (found == orgs_.end()) return true;
    const Staircases& of = found->second;
    if (stamp >= of.of_all.version(ends_on)) return true;
    if (stamp < of.of_org.version(ends_on)) return false;
    return std::ranges::all_of(subject.properties, [&](PropertyId property) {
        return stamp >= version_of(of, property, ends_on);
    });
}

}  // namespace daybook::reports
