// Copies an org's entry, changes the copy, and puts it in the old one's place.
#include "app/org_directory.h"

#include <algorithm>
#include <map>
#include <utility>

namespace daybook::app {
namespace {

using domain::Property;

void finish(OrgEntry& entry) {
    std::ranges::sort(entry.properties, {}, &Property::name);
    std::vector<PropertyId> ids;
    ids.reserve(entry.properties.size());
    for (const Property& each : entry.properties) ids.push_back(each.id);
    entry.all = reports::make_subject(std::move(ids));
}

void replace(std::vector<Property>& properties, const Property& changed) {
    const auto found = std::ranges::find(properties, changed.id, &Property::id);
    if (found == properties.end()) {
        properties.push_back(changed);
    } else {
        *found = changed;
    }
}

}  // namespace

void OrgDirectory::put(domain::Org org, std::vector<Property> properties) {
    const OrgId id = org.id;
    OrgEntry entry{std::move(org), std::move(properties), {}, false};
    finish(entry);
    const Lock lock(mutex_);
    orgs_.insert_or_assign(id, std::make_shared<const OrgEntry>(std::move(entry)));
}

void OrgDirectory::erase(OrgId org) {
    const Lock lock(mutex_);
    orgs_.erase(org);
}

void OrgDirectory::committed(const Changes& changes) {
    if (changes.orgs.empty() && changes.properties.empty() && changes.found.empty()) return;
    std::map<OrgId, OrgEntry> changed;
    // Null: it is not here, and stays so.
    const auto entry_of = [&](OrgId id) -> OrgEntry* {
        const auto here = changed.find(id);
        if (here != changed.end()) return &here->second;
        const SharedOrgEntry known = find(id);
        if (!known && !founds(changes, id)) return nullptr;
        return &changed.emplace(id, known ? *known : OrgEntry{}).first->second;
    };
    for (const auto& [id, org] : changes.orgs) {
        if (OrgEntry* entry = entry_of(id)) entry->org = org;
    }
    for (const auto& [key, property] : changes.properties) {
        if (OrgEntry* entry = entry_of(key.org)) replace(entry->properties, property);
    }
    for (const auto& [id, found] : changes.found) {
        if (!found.whole && !found.skipped) continue;
        if (OrgEntry* entry = entry_of(id)) entry->may_be_old = !found.whole;
    }
    for (auto& [id, entry] : changed) finish(entry);
    const Lock lock(mutex_);
    for (auto& [id, entry] : changed) {
        orgs_.insert_or_assign(id, std::make_shared<const OrgEntry>(std::move(entry)));
    }
}

SharedOrgEntry OrgDirectory::find(OrgId org) const {
    const Lock lock(mutex_);
    const auto found = orgs_.find(org);
    return found == orgs_.end() ? nullptr : found->second;
}

}  // namespace daybook::app
