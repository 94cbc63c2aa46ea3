// Filters, field by field.
#include "storage/matching.h"

#include <algorithm>
#include <tuple>

namespace daybook::storage {
namespace {

using app::EntryCursor;
using domain::EntryKind;
using domain::EntryStatus;

char ascii_lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

template <class T>
bool one_of(const std::vector<T>& list, const T& value) {
    return std::ranges::find(list, value) != list.end();
}

template <class T>
bool no_filter_or_one_of(const std::vector<T>& list, const T& value) {
    return list.empty() || one_of(list, value);
}

bool status_matches(const std::vector<EntryStatus>& statuses, EntryStatus status) {
    return statuses.empty() ? status != EntryStatus::deleted : one_of(statuses, status);
}

bool money_matches(const app::EntryFilter& filter, const domain::Entry& entry) {
    const bool is_transfer = entry.kind == EntryKind::transfer;
    if (!filter.key.empty() && (is_transfer || entry.content.key != filter.key)) return false;
    if (!filter.payment_mode) return true;
    return !is_transfer && entry.content.payment_mode == *filter.payment_mode;
}

bool text_matches(std::string_view part, const domain::EntryContent& content) {
    return part.empty() || contains_text(content.description.value, part) ||
           contains_text(content.party.value, part) || contains_text(content.reference.value, part);
}

bool business_matches(const app::EventFilter& filter, const EventColumns& event) {
    if (!filter.business_from && !filter.business_to) return true;
    if (!event.business) return false;
    if (filter.business_from && event.business->to < *filter.business_from) return false;
    return !filter.business_to || event.business->from <= *filter.business_to;
}

}  // namespace

bool contains_text(std::string_view text, std::string_view part) {
    const auto found = std::ranges::search(text, part, {}, ascii_lower, ascii_lower);
    return part.empty() || !found.empty();
}

bool matches(const app::EntryFilter& filter, const domain::Entry& entry) {
    const domain::EntryContent& content = entry.content;
    if (!one_of(filter.properties, entry.property)) return false;
    if (!no_filter_or_one_of(filter.kinds, entry.kind)) return false;
    if (!status_matches(filter.statuses, entry.status)) return false;
    if (!money_matches(filter, entry)) return false;
    if (filter.from && content.business_date < *filter.from) return false;
    if (filter.to && content.business_date > *filter.to) return false;
    if (!filter.external_id.empty() && content.external_id != filter.external_id) return false;
    return text_matches(filter.text, content);
}

EntryCursor cursor_of(app::EntrySort sort, const domain::Entry& entry) {
    switch (sort) {
        case app::EntrySort::business_date: return {entry.content.business_date.days(), entry.id};
        case app::EntrySort::recorded_at: return {entry.created_at.ms, entry.id};
        case app::EntrySort::amount_minor: return {entry.content.amount.minor, entry.id};
    }
    return {};
}

bool before(app::SortOrder order, const EntryCursor& one, const EntryCursor& other) {
    const auto left = std::tie(one.value, one.id);
    const auto right = std::tie(other.value, other.id);
    return order == app::SortOrder::ascending ? left < right : right < left;
}

EventColumns columns_of(const app::EventRow& row) {
    return {row.type, row.property, row.entity, row.user, row.at, row.business};
}

bool matches(const app::EventFilter& filter, const EventColumns& event) {
    if (!domain::may_see(filter.principal, event.type, event.property, event.entity)) return false;
    if (!filter.properties.empty() &&
        (!event.property || !one_of(filter.properties, *event.property))) {
        return false;
    }
    if (filter.entity_type && event.entity.type != *filter.entity_type) return false;
    if (filter.entity && event.entity.id != *filter.entity) return false;
    if (!no_filter_or_one_of(filter.types, event.type)) return false;
    if (filter.user && event.user != *filter.user) return false;
    if (filter.recorded_from && event.at < *filter.recorded_from) return false;
    if (filter.recorded_to && event.at > *filter.recorded_to) return false;
    return business_matches(filter, event);
}

}  // namespace daybook::storage
