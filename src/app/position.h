// What a client knows to be written, and whether this node knows it too.
#pragma once

#include "base/ids.h"
#include "base/result.h"

namespace daybook::app {

// Error: position_unknown, if what is wanted lies beyond the head.
Status check_position(Position wanted, Position head);

}  // namespace daybook::app
