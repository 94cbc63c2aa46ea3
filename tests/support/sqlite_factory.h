// The embedded store, opened for a test.
#pragma once

#include <memory>

#include "app/command_service.h"
#include "app/store.h"
#include "support/temporary_directory.h"

namespace daybook::test {

// In the directory; it must not fail.
std::unique_ptr<app::Store> open_sqlite(const app::Environment& environment,
                                        const TemporaryDirectory& directory);

}  // namespace daybook::test
