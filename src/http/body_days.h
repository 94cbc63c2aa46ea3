// Bodies of requests about days and locks.
#pragma once

#include "domain/commands.h"
#include "http/body_reader.h"

namespace daybook::http {

domain::CloseDay read_close(BodyReader& body);
domain::SetLock read_lock(BodyReader& body);
domain::ExceptFromLock read_lock_exception(BodyReader& body);

}  // namespace daybook::http
