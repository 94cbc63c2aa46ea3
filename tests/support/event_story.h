// A small hotel's story, which event_samples() tells: each of its parts adds events.
#pragma once

#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "support/event_samples.h"
#include "support/sample_books.h"

namespace daybook::test {

class Story {
 public:
    std::vector<EventSample> take() { return std::move(samples_); }

    void org_and_names();
    void categories();
    void tokens();
    void people();
    void balances();
    void entries(domain::EntryKind kind);
    void import_and_erasure();
    void webhooks_and_delivery();

    // In event_story_controls.cpp.
    void changes(domain::EntryKind kind);
    void policy();
    void days();
    void locks();
    void daily_gate();
    void rules_of_days();
    void moves();

 private:
    static constexpr Instant kStart{1'774'764'000'000};  // 2026-03-29T06:00:00Z

    void trusted_token();
    [[nodiscard]] domain::Property property() const;
    static domain::EntryContent content(domain::EntryKind kind);
    // The event after `last` that leaves the content alone.
    static domain::EntryChanged step(const domain::EntryChanged& last, domain::EntryStatus before,
                                     domain::EntryStatus after, std::string_view reason);
    void entry(domain::EntryKind kind, domain::EntryVerb verb, const domain::EntryChanged& change,
               std::string_view variant = "");
    void add(domain::EventType type, std::string_view variant, std::optional<PropertyId> property,
             domain::EntityRef entity, domain::Payload payload,
             std::vector<domain::BusinessDate> dates = {});

    OrgId org_{numbered_uuid(1)};
    PropertyId property_{numbered_uuid(2)};
    UserId user_{numbered_uuid(3)};
    std::vector<EventSample> samples_;
};

}  // namespace daybook::test
