// Which events are news for somebody besides who did them: the one table of notifications.
//
// A notification is nothing but the event, for one person: what the books keep of it is whom it is
// for (app/), and what is read is a side table.
#pragma once

#include <cstdint>

#include "domain/events.h"

namespace daybook::domain {

enum class Notified : std::uint8_t {
    nobody,
    author,     // who added the entry, and who asked for what happened, if somebody did
    requester,  // who asked for the change that was decided, if it was asked for
    subject,    // the person that the event is about
};
Notified notified_of(EventType type);

// Who asked for the change of an entry that the event decides; none for a change that was not asked
// for.
std::optional<UserId> requester_of(const Event& event);
// The person that the event is about; none for types that are about nobody.
std::optional<UserId> subject_of(const Event& event);

}  // namespace daybook::domain
