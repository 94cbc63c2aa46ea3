// The shared store, opened for a test.
#pragma once

#include <memory>

#include "app/command_service.h"
#include "app/store.h"
#include "support/temporary_directory.h"

namespace daybook::test {

// On a database of its own, which is given back with the store; it must not fail.
std::unique_ptr<app::Store> open_postgres(const app::Environment& environment,
                                          const TemporaryDirectory& directory);

}  // namespace daybook::test
