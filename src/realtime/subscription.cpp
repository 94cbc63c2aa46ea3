// One event, one filter.
#include "realtime/subscription.h"

#include <algorithm>

namespace daybook::realtime {
namespace {

template <class T>
bool no_filter_or_one_of(const std::vector<T>& list, const T& value) {
    return list.empty() || std::ranges::find(list, value) != list.end();
}

}  // namespace

bool Subscription::wants(const EventFacts& event) const {
    if (!domain::may_see(principal, event.type, event.property, event.entity)) return false;
    if (!properties.empty() && !event.property) return false;
    return no_filter_or_one_of(types, event.type) &&
           (properties.empty() || no_filter_or_one_of(properties, *event.property));
}

app::EventFilter Subscription::filter(Position after, std::size_t limit) const {
    app::EventFilter filter;
    filter.principal = principal;
    filter.properties = properties;
    filter.types = types;
    filter.after = after;
    filter.limit = limit;
    return filter;
}

bool same_access(const domain::Principal& one, const domain::Principal& other) {
    return one.org == other.org && one.user == other.user && one.role == other.role &&
           one.scope == other.scope && one.trusted == other.trusted;
}

}  // namespace daybook::realtime
