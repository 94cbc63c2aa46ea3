// What fills an org with the demo's books. main.cpp gives it, for the API knows no files to import.
#pragma once

#include <cstddef>
#include <functional>

#include "base/result.h"
#include "domain/principal.h"

namespace daybook::http {

struct DemoLoaded {
    std::size_t added = 0;  // entries
    std::size_t already_there = 0;
};
using DemoAnswer = std::move_only_function<void(Result<DemoLoaded>)>;

// Does not block; answers once, from any thread. In the name of the caller, into the caller's org.
// Errors: already_exists (the org has books of its own), queue_full, those of adding entries.
using LoadDemo = std::function<void(const domain::Principal& caller, DemoAnswer answer)>;

}  // namespace daybook::http
