// One event of every type, always the same: what tests/samples/events keeps of them is never
// written anew.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "app/event_codec.h"

namespace daybook::test {

struct EventSample {
    std::string name;  // of its file: the type, and a variant where one type has several
    domain::RecordedEvent event;
};

// All types in their order; dense positions from 1, so that together they are a log.
std::vector<EventSample> event_samples();
// With the salts that the kept bytes have.
app::EncodedEvent encode_sample(const domain::RecordedEvent& event);

}  // namespace daybook::test
