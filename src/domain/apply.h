// apply(state, event) -> state: the fold that the books tables are, and what each event adds to the
// totals.
#pragma once

#include <optional>

#include "domain/events.h"

namespace daybook::domain {

// The entry after the event; `before` is null for the event that adds it.
Entry apply(const Entry* before, const EntryChanged& change, const RecordedEvent& event);
// The request that a `change_requested` event makes of the entry before it.
ChangeRequest requested_change(const Entry& before, const EntryChanged& change,
                               const RecordedEvent& event);
// The entry with its texts gone.
Entry apply(const Entry& before, const TextErased& erased);

Count apply(const CountRecorded& recorded, const RecordedEvent& event);
Adjustment apply(const AdjustmentPosted& posted, const RecordedEvent& event);
Property apply(const Property& before, const OpeningDeclared& declared);
Closing apply(const DayClosed& closed, const RecordedEvent& event);
// `before` is the day's latest revision; a day that was sealed has none, and gets one of number 0.
Closing apply(const Closing* before, const DayReopened& reopened, const RecordedEvent& event);
Closing apply_acknowledgement(const Closing& before, const RecordedEvent& event);
PeriodLock apply(const LockChanged& changed, const RecordedEvent& event);
LockException apply(const LockExceptionChanged& changed, const RecordedEvent& event);
DailyApproval apply(const DailyApprovalChanged& changed, const RecordedEvent& event);

}  // namespace daybook::domain
