// One property and the people around it, as values: to ask decide() what it says.
//
// The property keeps EUR, its books start on 2026-01-01, its business date is 2026-03-15, and
// managers may date entries 31 days back.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "domain/apply.h"
#include "domain/decide.h"
#include "support/sample_books.h"

namespace daybook::test {

inline constexpr std::string_view kDeskToday = "2026-03-15";

// "ok", or the name of the code: reads well in a failure.
template <class T>
std::string outcome_of(const Result<T>& result) {
    return result ? "ok" : std::string(code_name(result.error().code));
}
// The pointer of the first field that an error names; empty if none.
template <class T>
std::string pointer_of(const Result<T>& result) {
    if (result || result.error().fields.empty()) return {};
    return result.error().fields.front().pointer;
}
// The fact of that name; empty if none.
template <class T>
std::string fact_of(const Result<T>& result, std::string_view name) {
    if (result) return {};
    for (const auto& [key, value] : result.error().facts) {
        if (key == name) return value;
    }
    return {};
}

class Desk {
 public:
    Desk();

    domain::Org org;
    domain::Property property;
    domain::Property other_property;
    domain::Counters counters;
    domain::Category supplies;  // a category in use
    domain::Category old_key;   // one that is not
    domain::Principal owner;
    domain::Principal admin;
    domain::Principal limited_admin;  // of `property` alone
    domain::Principal manager;
    domain::Principal auditor;
    Instant now{1'773'576'000'000};  // 2026-03-15T12:00:00Z

    [[nodiscard]] domain::Context by(const domain::Principal& who) const { return {who, org, now}; }
    [[nodiscard]] domain::PropertyState at() const { return {property, counters, day(kDeskToday)}; }

    // An addition that nothing is wrong with: 100.00 in cash, for `supplies`.
    [[nodiscard]] domain::AddEntry add(domain::EntryKind kind = domain::EntryKind::expense) const;
    [[nodiscard]] domain::AddEntryState add_state() const;
    [[nodiscard]] domain::EntryState state(const domain::Entry& entry) const;
    // The entry that the event makes of `before`.
    [[nodiscard]] domain::Entry applied(const domain::Entry* before, const domain::Event& event,
                                        const domain::Principal& who) const;
    // What add() gives, in the status.
    [[nodiscard]] domain::Entry entry(
        domain::EntryStatus status = domain::EntryStatus::approved) const;
    // A reversal of `original` over so much, in the status.
    [[nodiscard]] domain::Entry reversal(const domain::Entry& original, std::int64_t minor,
                                         domain::EntryStatus status) const;
};

}  // namespace daybook::test
