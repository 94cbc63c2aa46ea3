// Events with anything in them that they may have, for properties of the codec. Only inside a
// rapidcheck property.
#pragma once

#include "domain/events.h"

namespace daybook::test {

// Of a type that is drawn too. Its payload is as decide() makes it: texts that an event does not
// set are empty, and who recorded a count stands in the envelope alone.
domain::RecordedEvent any_event();
// Its texts and network address as if they had been erased.
domain::RecordedEvent erased(domain::RecordedEvent event);

}  // namespace daybook::test
